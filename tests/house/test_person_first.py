"""Words for people: a person comes first, and a condition is something that she has.

A check of words cannot read: it finds the words that are always wrong here, and leaves to people what a
sentence does with the right ones. After the words of the American Medical Association and the US National
Institute on Drug Abuse for substance use, and of guidance on how to write about suicide.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from course.chapters import chapters

ROOT = Path(__file__).resolve().parents[2]
# What not to write -> what to write. Each is a pattern for whole words.
INSTEAD = {
    r"addicts?(?!\w)": "a person with opioid use disorder, or with addiction",
    r"(?:drug|substance|opioid|ketamine|heroin|alcohol) abusers?|abusers?": "people who use the drug",
    r"(?:drug|substance|opioid|ketamine|heroin|recreational|illicit) users?": "people who use the drug",
    r"junkies?|druggies?|alcoholics?|stoners?": "a person with a use disorder",
    r"(?:drug|substance|opioid|ketamine|alcohol|heroin) abuse": "misuse, or use disorder",
    r"(?:is|are|was|were|got|gets|get|stay|stays|stayed|being|been|now) clean(?! split)": "not using",
    r"clean (?:urine|time)": "a negative test; time without the drug",
    r"dirty (?:urine|needles?|tests?)": "a positive test",
    r"suffer(?:s|ed|ing)? from|sufferers?": "has, or lives with",
    r"victims? of": "a person who had, or who died of",
    r"afflicted (?:with|by)|stricken (?:with|by)": "has",
    r"commit(?:s|ted|ting)? suicide": "died by suicide",
    r"(?:successful|failed|unsuccessful) (?:suicide|suicide attempts?)|failed attempts?": "died by suicide; attempted",
    r"(?:a|an|the|two|many|most|some) (?:schizophrenics?|psychotics?|depressives?)(?! \w)": "a person with the illness",
    r"(?:a|an|the|two|many|most|some) (?:epileptics?|diabetics?)(?! \w)": "a person with the illness",
    r"the (?:mentally ill|elderly|disabled|depressed)(?! \w)": "people with the illness, older people",
    r"wheelchair-bound|mental patients?|crazy|lunatics?|insane": "plain words for what is meant",
}
BAD = [(re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.I), better) for words, better in INSTEAD.items()]
ABUSE = re.compile(r"(?<![\w-])abus(?:e|es|ed|ing|ive)(?![\w-])", re.I)
# "Abuse" is a word of laws and labels. It may stand where they are quoted; elsewhere the word is misuse.
OF_THE_LAW = re.compile(
    r"potential for abuse|abuse[_ ]potential|abuse liability|diversion or abuse|abuse (?:or|and) misuse|abuse, misuse|"
    r"abuse may lead|actual abuse|risk of abuse|calls it abuse|.Abuse. is the law.s (?:own )?word|"
    r"National Institute on Drug Abuse|Substance Abuse",
    re.I,
)
LINK = re.compile(r"\[[^\]]*\]\((?:[^()\s]|\([^()\s]*\))+\)|https?://\S+")
# Columns that nobody reads as prose of ours: where something stands, and keys.
NOT_OURS = {"source", "locator", "id"}


def complaints(text: str) -> list[str]:
    """What is wrong in a text, with the mend."""
    text = LINK.sub(" ", re.sub(r"\[([^\]]*)\]\(#[^)]*\)", r"\1", text))
    found = [f"{hit[0]!r}: write {better}" for pattern, better in BAD for hit in pattern.finditer(text)]
    legal = [hit.span() for hit in OF_THE_LAW.finditer(text)]
    return found + [
        f"{hit[0]!r}: write misuse, unless a law or a label is quoted"
        for hit in ABUSE.finditer(text)
        if not any(start <= hit.start() and hit.end() <= end for start, end in legal)
    ]


def of_tables():
    for path in sorted((ROOT / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for number, cells in enumerate(csv.DictReader(file), 2):
                for column, cell in cells.items():
                    if column not in NOT_OURS and cell:
                        yield f"data/{path.name}, row {number}, column {column}", cell


def of_notebooks():
    for path in [chapter.path for chapter in chapters()] + sorted((ROOT / "assets").rglob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for number, line in enumerate("".join(cell["source"]).splitlines(), 1):
                yield f"{path.name}, cell {cell['id']}, line {number}", line


def of_files():
    places = ["*.md", "data/quizzes/*.yaml", "data/README.md", "assets/template/*.*"]
    places += ["assets/templates/*.html", "assets/diagrams/*.svg"]
    places += ["assets/scripts/*.js", "notebooks/course/**/*.py"]
    for place in places:
        for path in sorted(ROOT.glob(place)):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield f"{path.relative_to(ROOT)}, line {number}", line


@pytest.mark.parametrize("texts", [of_tables, of_notebooks, of_files])
def test_people_come_first(texts):
    wrong = [f"{place}: {complaint}" for place, text in texts() for complaint in complaints(text)]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "He was an addict for years.",
        "Ketamine abusers had bladder trouble.",
        "Recreational users had symptoms.",
        "She has been clean since May.",
        "People who suffer from depression.",
        "Victims of overdose.",
        "He committed suicide.",
        "A failed suicide attempt.",
        "Many schizophrenics, they said, did so.",
        "Drug abuse is common.",
        "Abuse of ketamine harms the bladder.",
        "The mentally ill.",
    ],
)
def test_a_label_for_a_person_is_found(text):
    assert complaints(text)


@pytest.mark.parametrize(
    "text",
    [
        "A person with opioid use disorder.",
        "How high is its potential for abuse?",
        "210 reports of abuse or misuse came in.",
        "Addiction and dependence differ.",
        "A clean split between the two lists.",
        "She died by suicide.",
        "[Ketamine abusers survey](https://example.org/abusers)",
        "people with a history of psychosis",
        "addictive, addiction",
    ],
)
def test_plain_words_pass(text):
    assert complaints(text) == []
