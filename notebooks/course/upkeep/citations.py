"""One source a sentence: what prose cites beyond that goes into a folded line, *More sources*, below its section.

A writer cites freely in the sentence. `make refresh` keeps the first source of the brackets that end a sentence (two
in a paragraph of Core) and folds the others away, each once, in the order in which the text names them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from ..chapters.short import CITED, SENTENCE
from ..evidence import references, same_address
from .glossary import prose

IN_A_PARAGRAPH = 2  # of Core; Deeper has no limit but the sentence's
LINK = re.compile(r"\[([^\]]*)\]\((https://[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
OPENING = '<details class="more-sources"><summary>More sources</summary>'
FOLDED = re.compile(rf"\n*{re.escape(OPENING)}\n\n(.*?)\n\n</details>\n*", re.S)
SECTION = re.compile(r"(?m)^(?=#{1,6} )")
# What is no paragraph: a heading, a table, a sum, code, a fold of its own.
NO_PROSE = re.compile(r"\s*(?:#{1,6} |\||```|</?[a-z]| {4}\S)")
ITEM = re.compile(r"(?m)^(?=\s*(?:[-*]|\d+\.)\s)")
DEEPER = re.compile(r"^## .*\n+\*\*Deeper\.\*\*")


def addresses() -> set[str]:
    """The addresses of all sources, in the form of `same_address`."""
    return {same_address(source.url) for source in references().values()}


def folded(markdown: str, known: Collection[str]) -> str:
    """The same text with the sources beyond the limits in a folded line at the end of their section.

    known: addresses of sources (see `addresses`); other links are left alone. Folding twice changes nothing, and no
    link is lost: what a folded line held stays in it unless the text of the section now shows it.
    """
    return "".join(_section(section, known) for section in SECTION.split(markdown) if section)


def over(markdown: str, known: Collection[str]) -> list[str]:
    """Sentences and paragraphs that cite more than they may."""
    found = []
    for section in SECTION.split(markdown):
        most = None if DEEPER.match(section) else IN_A_PARAGRAPH
        for paragraph in _paragraphs(FOLDED.sub("\n\n", section)):
            found += [sentence for sentence in SENTENCE.split(paragraph) if len(_sources(sentence, known)) > 1]
            if most and len(_sources(paragraph, known)) > most:
                found.append(paragraph)
    return found


def write_into(notebook: dict[str, Any]) -> None:
    """Folds the sources of a chapter; its list of words and its note on content are left alone."""
    known = addresses()
    for cell in prose(notebook["cells"]):
        cell["source"] = folded("".join(cell["source"]), known)


def _section(section: str, known: Collection[str]) -> str:
    kept = [link for fold in FOLDED.findall(section) for link in LINK.findall(fold)]
    end = section[len(section.rstrip("\n")) :]
    body = FOLDED.sub("\n\n", section).rstrip("\n")
    most = None if DEEPER.match(section) else IN_A_PARAGRAPH
    moved: list[tuple[str, str]] = []
    pieces = []
    for block in re.split(r"(\n\s*\n)", body):
        prose_block = block.strip() and not NO_PROSE.match(block)
        items = ITEM.split(block) if prose_block else [block]
        pieces.append("".join(_paragraph(item, known, most, moved) for item in items) if prose_block else block)
    text = "".join(pieces)
    shown = {same_address(url) for _, url in LINK.findall(text)}
    links = {same_address(url): (label, url) for label, url in [*moved, *kept] if same_address(url) not in shown}
    if not links:
        return text + end
    line = ", ".join(f"[{label}]({url})" for label, url in links.values())
    return f"{text}\n\n{OPENING}\n\n{line}\n\n</details>" + end


def _paragraph(text: str, known: Collection[str], most: int | None, moved: list[tuple[str, str]]) -> str:
    """The paragraph with one source a sentence; what goes is added to `moved`."""
    count, pieces, at = 0, [], 0
    for gap in [*SENTENCE.finditer(text), None]:
        sentence = text[at : gap.start() if gap else len(text)]
        room = most is None or count < most
        made = _sentence(sentence, known, room, moved)
        count += len(_sources(made, known))
        pieces += [made, gap[0] if gap else ""]
        at = gap.end() if gap else at
    return "".join(pieces)


def _sentence(text: str, known: Collection[str], room: bool, moved: list[tuple[str, str]]) -> str:
    groups = [group for group in CITED.finditer(text) if _sources(group[0], known)]
    for group in reversed(groups):
        links = LINK.findall(group[0])
        named = len(_sources(text, known)) > len([link for one in groups for link in _sources(one[0], known)])
        keep = links[:1] if group is groups[-1] and room and not named else []
        moved[0:0] = [link for link in links if link not in keep]
        said = f" ([{keep[0][0]}]({keep[0][1]}))" if keep else ""
        text = text[: group.start()] + said + text[group.end() :]
    return text


def _sources(text: str, known: Collection[str]) -> list[str]:
    return [url for _, url in LINK.findall(text) if same_address(url) in known]


def _paragraphs(section: str) -> list[str]:
    blocks = [block for block in re.split(r"\n\s*\n", section) if block.strip() and not NO_PROSE.match(block)]
    return [item for block in blocks for item in ITEM.split(block) if item.strip()]
