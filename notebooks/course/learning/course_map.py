"""The map of the course: chapters as their notebooks describe themselves, and the questions answered so far."""

from __future__ import annotations

from typing import Any

from ..chapters import Chapter, chapters, minutes_of, times
from ..display import Display
from ..quiz import bank
from ..record import log
from .reviewing import due_line


class CourseMap(Display):
    """A table of the chapters. How far the learner is, and what is due for review, stands in the live form only."""

    kind = "map"

    def __init__(self) -> None:
        ids = {found.chapter: list(found.raw_items) for found in bank.chapters()}
        found = chapters()
        super().__init__(
            {
                "id": "course-map",
                # The first shows this map.
                "chapters": [_described(chapter, ids.get(chapter.slug, [])) for chapter in found[1:]],
                "troubles": [chapter.trouble for chapter in found if chapter.trouble],
                "takes": times.sentence(chapter.box for chapter in found),
                "due": due_line(),
            }
        )

    def offline_spec(self) -> dict[str, Any]:
        """Without anything from the record."""
        chapters = [{**chapter, "answered": 0} for chapter in self.spec["chapters"]]
        return {**self.spec, "chapters": chapters, "due": ""}


def _described(chapter: Chapter, ids: list[str]) -> dict[str, Any]:
    """Number, title, promise and minutes of a chapter, and its questions (`ids`): how many, and how many answered."""
    return {
        "file": chapter.path.name,
        "slug": chapter.slug,
        "number": chapter.number,
        "title": chapter.title,
        "promise": chapter.promise,
        "minutes": minutes_of([chapter.box]),
        "questions": len(ids),
        "answered": len(log().latest("answer", ids)),
    }
