"""The words of the course: what each means, and the links that lead to it from its first use in a chapter.

`make refresh` writes the section *Words* of every chapter from `data/glossary.csv` and links the first use
of each word. A word is a small heading there, because a heading is what JupyterLab, a handout and a stored
notebook can all be led to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from ..chapters import anchor as heading_anchor
from ..chapters import unseen
from ..evidence import nearest, reference, table
from ..evidence.records import Word
from .safety import CELL as NOTE

CELL = "words"  # the id of the cell that holds the words
HEADING_CELL = "words-heading"  # and of the one before it, which folds them
HEADING = "## Words"
START = "00-start-here"
INTRODUCTION = "What the technical words of this chapter mean. The first use of each above leads here."
# What no word is linked in: headings, sums, links, code, and the words that open a section that can be skipped.
PLAIN_LINK = r"\[(?:[^\[\]]|\[[^\]]*\])*\]\((?:[^()\s]|\([^()\s]*\))+\)"
NOT_PROSE = re.compile(
    rf"(?m)^#+ .*$|^ {{4}}.*$|^\|.*\|\n(?=\|[-| :]+\|$)|```[\s\S]*?```|`[^`\n]*`|{PLAIN_LINK}|https?://\S+"
)
END_OF_PROSE = re.compile(r"(?m)^## (?:Words|Sources|Next)$")


def words() -> tuple[Word, ...]:
    """All words, in alphabetical order."""
    return tuple(sorted(table(Word), key=lambda found: found.term.casefold()))


def word(term: str) -> Word:
    """The word with this name or other form. Raises `KeyError` with the nearest."""
    known = _by_form()
    if term.casefold() not in known:
        raise KeyError(f"There is no word {term!r} in the glossary. {nearest(term.casefold(), known)}")
    return known[term.casefold()]


def anchor(found: Word) -> str:
    """Where a link to the word leads, as JupyterLab names its heading."""
    return heading_anchor(found.term)


def prose(cells: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The Markdown cells of a chapter that learners read, its list of words and its note on content aside."""
    return [
        cell
        for cell in cells
        if cell["cell_type"] == "markdown" and cell.get("id") not in (CELL, NOTE) and not unseen(cell)
    ]


def unlinked(markdown: str) -> str:
    """The same text without links to words."""
    return _word_link().sub(lambda found: found[1], markdown)


def linked(texts: list[str]) -> tuple[list[str], list[Word]]:
    """A chapter's Markdown with the first use of each word linked, and the words, in order of appearance.

    What stands before the first section, and after the heading of the words, the sources or the next
    chapter, is left alone. Links to words that were there before are set anew.
    """
    seen: list[Word] = []
    begun, done = False, []
    for text in map(unlinked, texts):
        start = 0
        if not begun:
            first = re.search(r"(?m)^## ", text)
            begun, start = bool(first), first.start() if first else len(text)
        end = next((found.start() for found in END_OF_PROSE.finditer(text, start)), len(text))
        done.append(text[:start] + _link(text[start:end], seen) + text[end:])
    return done, seen


def of_chapter(cells: list[dict[str, Any]], chapter: str) -> list[Word]:
    """The words that a chapter uses, and those that it explains, in alphabetical order."""
    used = linked(["".join(cell["source"]) for cell in prose(cells)])[1]
    return [found for found in words() if found in used or found.chapter == chapter]


def markdown(chosen: Iterable[Word], *, index: bool = False) -> str:
    """What the section *Words* holds. index: also the list of all words with the chapters that explain them."""
    parts = [INTRODUCTION]
    for found in chosen:
        says = f"{found.definition} {found.more}".strip()
        if found.source:
            source = reference(found.source)
            says = f"{says.removesuffix('.')} ([{source.label}]({source.url}))."
        parts += [f"##### {found.term}", says]
    if index:
        links = ", ".join(f"[{found.term}]({found.chapter}.ipynb#{anchor(found)})" for found in words())
        parts += ["##### All words of the course", f"Each leads to the chapter that explains it: {links}."]
    return "\n\n".join(parts)


def written(notebook: dict[str, Any], chapter: str) -> dict[str, str]:
    """What the Markdown cells of a chapter should hold, by cell id: its prose with links, and its words.

    A notebook without a cell for the words is left alone.
    """
    if all(cell.get("id") != CELL for cell in notebook["cells"]):
        return {}
    cells = prose(notebook["cells"])
    texts, _ = linked(["".join(cell["source"]) for cell in cells])
    made = dict(zip((cell["id"] for cell in cells), texts, strict=True))
    return {**made, CELL: markdown(of_chapter(notebook["cells"], chapter), index=chapter == START)}


def _link(text: str, seen: list[Word]) -> str:
    """Links the words of one text that are not yet among `seen`, and adds them there."""
    closed = [found.span() for found in NOT_PROSE.finditer(text)]
    parts, at = [], 0
    for found in _forms().finditer(text):
        if any(start < found.end() and found.start() < end for start, end in closed):
            continue
        meant = _meant(found[0])
        if meant is None or meant in seen:
            continue
        seen.append(meant)
        parts += [text[at : found.start()], f"[{found[0]}](#{anchor(meant)})"]
        at = found.end()
    return "".join(parts) + text[at:]


def _meant(form: str) -> Word | None:
    """The word that a form stands for. Forms with a capital inside, such as PET, are kept apart from words like pet."""
    meant = _by_form()[form.casefold()]
    exact = [own for own in _forms_of(meant) if own.casefold() == form.casefold()]
    capitals = [own for own in exact if re.search(r"[A-Z]", own)]
    return meant if not capitals or form in capitals else None


def _forms_of(found: Word) -> list[str]:
    return [found.term, *(form for form in found.also.split(" | ") if form)]


@cache
def _by_form() -> dict[str, Word]:
    return {form.casefold(): found for found in words() for form in _forms_of(found)}


@cache
def _forms() -> re.Pattern:
    """Any form of any word, the longest first, with the end of a plural."""
    longest = sorted((form for found in words() for form in _forms_of(found)), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(form) for form in longest)})(?![\w-])", re.I)


@cache
def _word_link() -> re.Pattern:
    anchors = "|".join(re.escape(anchor(found)) for found in words())
    return re.compile(rf"\[([^\[\]]*)\]\(#(?:{anchors})\)")
