"""The prose: every figure has its source, every link is a known source, and the anatomy is whole."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from course import quiz
from course.chapters import taught
from course.evidence import references, row
from course.files import NOTEBOOKS as FOLDER

NOTEBOOKS = [chapter.path for chapter in taught()]
LINK = re.compile(r"\[[^\]]*\]\((?:[^()\s]|\([^()\s]*\))+\)")
ADDRESS = re.compile(r"\]\(((?:[^()\s]|\([^()\s]*\))+)\)")
UNITS = (
    r"%|percent|[nµum]M\b|[nµmkµ]?g\b|[nµm]?g/m?[lL]|mg/kg|g/mol|m?L\b|hours?|minutes?|days?|weeks?|months?|years?|"
    r"people|adults|patients|persons|participants|volunteers|women|men|"
    r"studies|trials|medicines|times|-?fold|points|in \d"
)
FIGURE = re.compile(
    rf"\d[\d,.]*\s?(?:{UNITS})"  # a number with a unit
    r"|\bn\s?=\s?\d"  # a sample
    r"|\b(?:19|20)\d\d\b"  # a year
    r"|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b",
    re.I,
)


def paragraphs(markdown: str) -> list[str]:
    """Paragraphs and list items; headings, code blocks and table rows (worked arithmetic) are left out."""
    markdown = re.sub(r"(?ms)^```.*?^```", "", markdown)
    found = []
    for block in re.split(r"\n\s*\n", markdown):
        lines = [line for line in block.splitlines() if line.strip() and not line.startswith(("#", "|", "    "))]
        for line in lines:
            if re.match(r"\s*(?:[-*]|\d+\.)\s", line) or not found or line is lines[0]:
                found.append(re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", line))
            else:
                found[-1] += " " + line
    return found


def without_source(markdown: str) -> list[str]:
    """Paragraphs that state a figure and link to no source."""
    return [
        text
        for text in paragraphs(markdown)
        if not text.startswith("**Time.**") and FIGURE.search(LINK.sub("", text)) and not known_links(text)
    ]


def known_links(text: str) -> list[str]:
    urls = {source.url for source in references().values()}
    return [address for address in ADDRESS.findall(text) if address in urls]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def chapter(request) -> dict:
    return json.loads(request.param.read_text(encoding="utf-8")) | {"name": request.param.stem}


def markdown_of(chapter: dict, *, instructor: bool = True) -> str:
    return "\n\n".join(
        "".join(cell["source"])
        for cell in chapter["cells"]
        if cell["cell_type"] == "markdown" and (instructor or "instructor" not in cell["metadata"].get("tags", []))
    )


def test_every_figure_has_a_source(chapter):
    assert without_source(markdown_of(chapter)) == []


@pytest.mark.parametrize(
    "text",
    [
        "About 42 % of the sites are filled.",
        "The level was 185 ng/mL.",
        "It had n = 12.",
        "It was approved in 2019.",
        "- a list item with 50 mg in it",
        "Twelve of 26 people answered.",
        "On 12 August it became law.",
        "See [a page](https://example.org/x): 12 % did.",
        "A 26-fold spread.",
        "Ki is 41.7 µM.",
    ],
)
def test_a_figure_without_a_source_is_found(text):
    assert without_source("# Title\n\nA paragraph.\n\n" + text)


@pytest.mark.parametrize(
    "text",
    [
        "## 12 % of what?",
        "**Time.** Core: read 7 minutes.",
        "A drug has two targets.",
        "| 412 nM | 38 % |",
        "    C = 412 nM",
        "Chapter 04 follows.",
        "O3.1 and the first 2 steps",
    ],
)
def test_what_needs_no_source_passes(text):
    assert not without_source(text)


def test_a_known_source_satisfies():
    source = next(iter(references().values()))
    assert not without_source(f"About 42 % ([{source.label}]({source.url})).")


def headings(path: Path) -> set[str]:
    """Anchors of the headings of a notebook."""
    text = markdown_of(json.loads(path.read_text(encoding="utf-8")))
    return {heading.replace(" ", "-") for heading in re.findall(r"(?m)^#+ (.*)$", text)}


def test_every_link_is_a_source_a_heading_or_a_chapter(chapter):
    text = markdown_of(chapter)
    urls = {source.url for source in references().values()}
    anchors = headings(FOLDER / f"{chapter['name']}.ipynb")
    for address in ADDRESS.findall(text):
        if address.startswith("#"):
            assert address[1:] in anchors, address
        elif address.startswith("http"):
            assert address in urls, f"{address} is not in data/references.bib"
        else:
            name, _, section = address.partition("#")
            assert (FOLDER / name).exists(), address
            if section:
                assert section in headings(FOLDER / name), address


def test_the_anatomy_is_whole(chapter):
    text = markdown_of(chapter, instructor=False)
    first = text.split("\n## ")[0]
    assert len(re.findall(r"(?m)^# ", text)) == 1
    assert re.search(r"(?m)^\*[A-Z].*\*$", first), "a promise in one sentence"
    assert "**Time.**" in first and "medical advice" in first
    minutes = chapter["metadata"]["course"]["minutes"]
    for layer in ("core", "deeper"):
        times = minutes[layer]
        assert f"read {times['read']}, do {times['do']}, discuss {times['discuss']}" in first
    assert len(re.findall(r"\*\*Worked example[.:]", text)) == 1
    headings = re.findall(r"(?m)^## (.*)$", text)
    for needed in ("What would change our mind", "Key points", "Sources", "Next"):
        assert needed in headings
    calls = ["".join(cell["source"]) for cell in chapter["cells"] if cell["cell_type"] == "code"]
    explorer = next(index for index, call in enumerate(calls) if re.match(r"explorers\.(?!predict)", call))
    assert any("explorers.predict" in call for call in calls[:explorer]), "a prediction opens the explorer"
    assert sum(call.startswith("charts.") for call in calls) >= 2
    assert f'references.show("{chapter["name"]}")' in calls


def test_objectives_key_points_and_questions_agree(chapter):
    bank = quiz.bank.load(quiz.bank.FOLDER / f"{chapter['name']}.yaml")
    text = markdown_of(chapter, instructor=False)
    objectives = re.findall(r"(?m)^- (.*) \*\((Core|Deeper)\)\*$", text)
    assert len(objectives) == len(bank.objectives)
    for (said, level), objective in zip(objectives, bank.objectives, strict=True):
        assert level.lower() == objective.level
        assert objective.text.casefold().startswith(said.casefold()[:40])
    points = re.search(r"(?ms)^## Key points\n(.*?)(?=^## |\Z)", text)[1]
    assert len(re.findall(r"(?m)^- ", points)) == len(objectives)
    shown = re.findall(
        r"Q\d{4}",
        " ".join("".join(cell["source"]) for cell in chapter["cells"] if cell["cell_type"] == "code"),
    )
    assert sorted(shown) == sorted(item.id for item in bank.items), "every question stands once in the chapter"
    assert len(shown) >= 10


def test_rows_that_the_questions_cite_exist(chapter):
    for item in quiz.bank.load(quiz.bank.FOLDER / f"{chapter['name']}.yaml").items:
        assert all(row(row_id) for row_id in item.facts)
