"""The sections of a chapter, to be ticked when they are finished."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ..chapters import chapter
from ..display import Display
from ..quiz import bank
from ..record import log


class SectionsView(Display):
    """A tick for each section of a chapter; each tick, and each tick taken back, is an event in the record."""

    kind = "sections"
    keeps = "section"

    def __init__(self, slug: str):
        read = chapter(slug)
        self.chapter = slug
        found = [_spec(slug, anchor, title) for anchor, title in read.sections.items()]
        script = {"subjects": [section["subject"] for section in found]}
        super().__init__({"id": f"sections-{slug}", "sections": found, "trouble": read.trouble, "script": script})

    def subjects(self) -> list[str]:
        """chapter#anchor of each section."""
        return [section["subject"] for section in self.spec["sections"]]

    def entry(self, subject: str, value: Any) -> tuple[str, Any]:
        """Finished, or not."""
        return "section", True if value is True else None


def subjects(slug: str) -> list[str]:
    """The subject in the record of each section of a chapter. Raises `ValueError` for an unknown chapter."""
    return [f"{slug}#{anchor}" for anchor in chapter(slug).sections]


def finished(slug: str) -> list[str]:
    """Those of them that the learner has ticked."""
    return list(log().latest("section", subjects(slug)))


def _spec(slug: str, anchor: str, title: str) -> dict[str, Any]:
    questions = [item for found in bank.chapters() if found.chapter == slug for item in found.items]
    return {
        "subject": f"{slug}#{anchor}",
        "anchor": quote(anchor, safe=",?"),
        "title": title,
        "questions": sum(item.section == anchor for item in questions),
    }
