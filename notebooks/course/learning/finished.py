"""The sections of a chapter, to be ticked when they are finished."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..display import Display
from ..evidence import nearest
from ..log import log
from ..quiz import bank

NOTEBOOKS = Path(__file__).resolve().parents[2]
# Headings that end a chapter: nothing in them has to be worked through.
CLOSING = ("Key points", "Words", "Sources", "Next")


class SectionsView(Display):
    """A tick for each section of a chapter; each tick, and each tick taken back, is an event in the record."""

    kind = "sections"
    keeps = "section"

    def __init__(self, chapter: str):
        self.chapter = chapter
        found = [_spec(chapter, title) for title in titles(chapter)]
        script = {"subjects": [section["subject"] for section in found]}
        super().__init__({"id": f"sections-{chapter}", "sections": found, "script": script})

    def subjects(self) -> list[str]:
        """chapter#anchor of each section."""
        return [section["subject"] for section in self.spec["sections"]]

    def entry(self, subject: str, value: Any) -> tuple[str, Any]:
        """Finished, or not."""
        return "section", True if value is True else None


def titles(chapter: str) -> list[str]:
    """The second-level headings of a chapter, without those that close it. Raises `KeyError` for an unknown chapter."""
    path = NOTEBOOKS / f"{chapter}.ipynb"
    if not path.exists():
        known = [other.stem for other in sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))]
        raise KeyError(f"There is no chapter {chapter!r}. {nearest(str(chapter), known)}")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    found = [title.strip() for text in texts for title in re.findall(r"(?m)^## (.+)$", text)]
    return [title for title in found if title not in CLOSING]


def subjects(chapter: str) -> list[str]:
    """The subject in the record of each section of a chapter."""
    return [f"{chapter}#{title.replace(' ', '-')}" for title in titles(chapter)]


def finished(chapter: str) -> list[str]:
    """Those of them that the learner has ticked."""
    return list(log().latest("section", subjects(chapter)))


def _spec(chapter: str, title: str) -> dict[str, Any]:
    anchor = title.replace(" ", "-")
    questions = [item for found in bank.chapters() if found.chapter == chapter for item in found.items]
    return {
        "subject": f"{chapter}#{anchor}",
        "anchor": quote(anchor, safe=",?"),
        "title": title,
        "questions": sum(item.section == anchor for item in questions),
    }
