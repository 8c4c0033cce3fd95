"""The voice: no phrase that reads as if translated, American spelling, and sentences as long as their thought."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator

import pytest
import yaml
from course.chapters import chapters
from course.files import DATA, NOTEBOOKS, ROOT

# Phrases that were met in the course and that nobody says.
BANNED = re.compile(
    r"akin to|plugs? the (?:NMDA|same|channel)|opioid that is no painkiller|built on the frame|the frame and the hand|"
    r"handed parts|cut the sentence to size|(?:have|has) dealings|sends? word to|what sticks|taken seats|the sitter|"
    r"as a radio needs|seat at the table|put down to|FDA told|feels bad|ways a part is lost|a like improvement|"
    r"who floats|keeps it up|all near the top|quoted line|not read for this course|Did you see it\?|"
    r"not classed as an opioid|More exactly:",
    re.I,
)
BRITISH = re.compile(
    r"\b(?:an?aesth\w+|randomis\w+|behaviou\w+|colour\w*|tumour\w*|organis\w+|recogni[s]\w+|labelled|centres?|"
    r"diarrhoea|oestr\w+|paediatr\w+|apnoea|analys(?:e|ed|ing)|licence\w*|(?<!tests/)judgement\w*|favour\w*|lit(?:re|res)|"
    r"millilit(?:re|res)|programmes?|whilst|practis\w+|defence|grey|haem\w+)\b",
    re.I,
)
SHORT = 6  # words; a sentence of that many or fewer is a stub
STUBS = 0.12
ENDS = re.compile(r"(?<=[.?!])[\"”*)]*\s+(?=[\"“(*A-Z])")
# Fields of a row that are no prose: names in their own spelling, keys, and notes for editors.
NO_PROSE = {"source", "id", "note", "locator", "title", "also", "quantity", "url", "term_id"}


def prose() -> Iterator[tuple[str, str]]:
    """(where, text) of all that a learner reads: notebooks, rows, questions, and what displays say."""
    for chapter in chapters():
        for number, text in enumerate(chapter.prose):
            yield f"{chapter.slug} {number}", re.sub(r"\]\([^)]*\)", "]", text)
    for path in sorted(DATA.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                yield from (
                    (f"{path.name} {number} {name}", text) for name, text in row.items() if name not in NO_PROSE
                )
    for path in sorted((DATA / "quizzes").glob("*.yaml")):
        yield from ((path.name, text) for text in strings(yaml.safe_load(path.read_text(encoding="utf-8"))))
    for path in sorted((NOTEBOOKS / "course").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        yield from ((path.name, text) for text in said if " " in text)
    yield "README.md", (ROOT / "README.md").read_text(encoding="utf-8")


def strings(found: object) -> Iterator[str]:
    """The texts with a blank in them, anywhere in a bank: one word is a key."""
    if isinstance(found, str) and " " in found:
        yield found
    for inner in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from strings(inner)


@pytest.mark.parametrize("rule", [BANNED, BRITISH], ids=["phrases", "spelling"])
def test_the_voice_is_kept(rule):
    found = {f"{where}: {hit[0]}" for where, text in prose() for hit in rule.finditer(text)}
    assert found == set()


@pytest.mark.parametrize(
    "text", ["It is akin to morphine.", "Science has a seat at the table.", "It plugs the channel."]
)
def test_a_banned_phrase_is_found(text):
    assert BANNED.search(text)


def stubs(texts: list[str]) -> float:
    """The share of sentences with six words or fewer; labels that open a paragraph are none."""
    plain = " ".join(
        re.sub(r"\*\*[^*]{1,60}[.:]\*\*|[*_`#]|\[([^\]]*)\]\([^)]*\)|\(\[[^)]*\)", r"\1", text) for text in texts
    )
    sentences = [found for found in ENDS.split(plain) if re.search(r"[a-z]", found)]
    return sum(len(found.split()) <= SHORT for found in sentences) / len(sentences)


def test_sentences_are_as_long_as_their_thought():
    texts = []
    for chapter in chapters():
        for cell in chapter.cells:
            if cell["cell_type"] == "markdown" and "instructor" not in cell["metadata"].get("tags", []):
                parts = re.split(r"\n\s*\n|\n(?=[-*\d])", cell["source"])
                texts += [part.strip() for part in parts if not part.startswith(("#", "|", "<", "    "))]
    assert any("glutamate" in text for text in texts)
    assert stubs([text if text.endswith((".", "?", "!", ":", "*")) else f"{text}." for text in texts]) <= STUBS


def test_stubs_are_counted():
    assert stubs(["**In whom:** It binds. It is a drug that binds a receptor, and nothing else is known."]) == 0.5
