"""What a section says in a few words: for a slide, offline and in JupyterLab alike. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .notebook import plain, unseen

LEAD = 180
POINTS = 5
POINT_LENGTH = 110
SENTENCE_LENGTH = 150
WORDS = 3  # fewer than these say nothing on a slide: then a point's first sentence does
MOST_WORDS = 50  # of prose on one slide: 60 with its title
WHOLE = ("Key points",)
LEFT_OUT = ("More practice", "Sources", "Words")
SHOWN = re.compile(r"(?:charts|explorers|quiz|claims)\.(?!check\(|more\(|warm_up\(|audit\()")
ADDRESS = r"\[[^\]]+\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)"
CITED = re.compile(rf"\s*\((?:(?:see|in|also)\s+)?((?:{ADDRESS}(?:[,;]?\s*(?:and\s+)?)?)+)\)")
LINK = re.compile(ADDRESS.replace(r"\[[^\]]+\]", r"\[([^\]]+)\]", 1))
SENTENCE = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][”\"*])|(?<=[.!?]\*\*))\s+(?=[“\"*A-Z0-9])")
POINT = re.compile(r"^\s*(?:[-*]|[0-9]+\.)\s+", re.MULTILINE)
BOLD = re.compile(r"\*\*(.+?)\*\*")
DEEPER = re.compile(r"^\*\*Deeper\.\*\*\s*(?:Skip to \[[^\]]*\]\([^)]*\) if you like\.)?\s*")


def sections(markdown: str) -> Iterator[tuple[str, str]]:
    """(heading line or '', what follows) for each first- or second-level heading of a cell."""
    pieces = re.split(r"^(#{1,2} .+)$", markdown, flags=re.MULTILINE)
    if pieces[0].strip():
        yield "", pieces[0]
    yield from zip(pieces[1::2], pieces[2::2], strict=True)


def short(markdown: str) -> tuple[str, list[str]]:
    """The text that a section gives to its slide, and the labels of the sources that it cites there."""
    blocks = [block for block in re.split(r"\n\s*\n", DEEPER.sub("", markdown.strip())) if block.strip()]
    lead = next((block for block in blocks if _is_prose(block)), "")
    points = next((block for block in blocks if re.match(r"\s*(?:[-*]|1\.) ", block)), "")
    kept: list[str] = []
    for sentence in SENTENCE.split(" ".join(lead.split())):
        if len(bare(" ".join([*kept, sentence]))) > LEAD:
            break
        kept.append(sentence)
    used = " ".join(kept)
    if used.endswith(":") and not points:
        used = " ".join(kept[:-1])
    items = [uncited(" ".join(item.split())) for item in POINT.split(points)[1:]]
    leads = [_lead_of(item) for item in items]
    if all(len(lead.split()) < WORDS for lead in leads):
        leads = [_sentence_of(item) or lead for item, lead in zip(items, leads, strict=True)]
    leads = [text for text in leads if text]
    text = uncited(used)
    if 1 < len(leads) <= POINTS:
        text = "\n\n".join(filter(None, [text, "\n".join(f"- {point}" for point in leads)]))
    return text, _labels(used)


def _is_prose(block: str) -> bool:
    return not re.match(r"\s*(?:[-*|>#]\s|\||[0-9]+\. |```| {4}|<|!\[)", block)


def _lead_of(item: str) -> str:
    """A point's bold beginning; all of a short one without."""
    bold = BOLD.match(item)
    if bold:
        return bold[1].rstrip(".:")
    return item if len(bare(item)) <= POINT_LENGTH else ""


def _sentence_of(item: str) -> str:
    """A point's first sentence, with the bold words that name it; nothing if it is long."""
    bold = BOLD.match(item)
    named, rest = (f"{bold[0]} ", item[bold.end() :].strip()) if bold and bold[1].endswith((".", ":")) else ("", item)
    sentence = f"{named}{SENTENCE.split(rest)[0]}"
    return sentence if len(bare(sentence)) <= SENTENCE_LENGTH else ""


def pages(markdown: str, most: int = MOST_WORDS) -> list[str]:
    """A text cut into slides of at most so many words: between paragraphs and points, else between sentences."""
    made: list[list[str]] = [[]]
    for piece in _pieces(markdown, most):
        words = len(bare(" ".join([*made[-1], piece])).split())
        if made[-1] and words > most:
            made.append([])
        made[-1].append(piece)
    between = re.compile(r"(?m)^(\s*(?:[-*]|[0-9]+\.) .*)\n\n(?=\s*(?:[-*]|[0-9]+\.) )")  # the points of one list
    return [between.sub(r"\1\n", "\n\n".join(page)) for page in made]


def _pieces(markdown: str, most: int) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", markdown.strip()):
        points = re.split(r"(?m)^(?=(?:[-*]|[0-9]+\.) )", block)
        for piece in [piece.rstrip("\n") for piece in points if piece.strip()]:
            if len(bare(piece).split()) <= most or re.match(r"\s*\||```", piece):
                yield piece
                continue
            kept: list[str] = []
            for sentence in SENTENCE.split(" ".join(piece.split())):
                if kept and len(bare(" ".join([*kept, sentence])).split()) > most:
                    yield " ".join(kept)
                    kept = []
                kept.append(sentence)
            yield " ".join(kept)


def uncited(markdown: str) -> str:
    """Markdown without its citations; other links leave their words."""
    return LINK.sub(r"\1", CITED.sub("", markdown)).strip()


def bare(markdown: str) -> str:
    """The words alone."""
    return plain(uncited(markdown))


def _labels(markdown: str) -> list[str]:
    """The words of links that stand in brackets, as citations do."""
    return list(dict.fromkeys(label for group in CITED.finditer(markdown) for label in LINK.findall(group[0])))


def said(cell: Mapping[str, Any], name: str) -> str | None:
    """The short text that a cell's metadata gives for the section of this name; None if it gives none."""
    text = cell.get("metadata", {}).get("course", {}).get("slide")
    return text.get(name) if isinstance(text, Mapping) else text


def texts(cells: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Heading -> short text of every section of a chapter."""
    found = {}
    for cell in cells:
        if cell["cell_type"] != "markdown" or unseen(cell):
            continue
        for heading, body in sections("".join(cell["source"])):
            name = plain(heading.lstrip("# "))
            own = said(cell, name)
            if heading and name not in LEFT_OUT:
                whole = uncited(body) if name in WHOLE else short(body)[0]
                found[name] = own if own is not None else whole
    return found


def slide_type(cell: Mapping[str, Any]) -> str:
    """What JupyterLab's slides make of a cell: `slide`, or `skip` for what only a reader or the notes need.

    Never `notes`: a deck that starts while such a cell is active shows a blank page.
    """
    if unseen(cell):
        return "skip"
    source = "".join(cell["source"])
    if cell["cell_type"] != "markdown":
        return "slide" if SHOWN.match(source) else "skip"
    names = [plain(heading.lstrip("# ")) for heading, _ in sections(source) if heading]
    shown = any(name not in LEFT_OUT and said(cell, name) != "" for name in names)
    return "slide" if shown or (not names and said(cell, "")) else "skip"
