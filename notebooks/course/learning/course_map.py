"""The map of the course: chapters as their notebooks describe themselves, and the questions answered so far."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ..chapters import times
from ..display import Display
from ..log import log
from ..quiz import bank
from .reviewing import due_line

NOTEBOOKS = Path(__file__).resolve().parents[2]


class CourseMap(Display):
    """A table of the chapters. How far the learner is, and what is due for review, stands in the live form only."""

    kind = "map"

    def __init__(self) -> None:
        questions = {found.chapter: list(found.raw_items) for found in bank.chapters()}
        paths = [*sorted(NOTEBOOKS.glob("0[1-9]-*.ipynb")), *NOTEBOOKS.glob("10-*.ipynb")]
        chapters = [_described(path, questions.get(path.stem, [])) for path in paths]
        takes = times.sentence(_box(path) for path in [*NOTEBOOKS.glob("00-*.ipynb"), *paths])
        super().__init__({"id": "course-map", "chapters": chapters, "takes": takes, "due": due_line()})

    def offline_spec(self) -> dict[str, Any]:
        """Without anything from the record."""
        chapters = [{**chapter, "answered": 0} for chapter in self.spec["chapters"]]
        return {**self.spec, "chapters": chapters, "due": ""}


def _described(path: Path, ids: list[str]) -> dict[str, Any]:
    """Number, title, promise and minutes of a chapter, and its questions (`ids`): how many, and how many answered."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    first = "".join(next(cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"))
    title = re.search(r"(?m)^# (.+)$", first)
    promise = re.search(r"(?m)^\*(.+)\*$", first)
    minutes = _box(path)
    return {
        "file": path.name,
        "slug": path.stem,
        "number": path.stem[:2],
        "title": title[1] if title else path.stem,
        "promise": promise[1] if promise else "",
        "minutes": {layer: sum(minutes[layer].values()) for layer in times.LAYERS},
        "questions": len(ids),
        "answered": len(log().latest("answer", ids)),
    }


def _box(path: Path) -> dict[str, dict[str, int]]:
    """The time box of a chapter, as its metadata has it."""
    return json.loads(path.read_text(encoding="utf-8"))["metadata"]["course"]["minutes"]
