"""All lessons on one page, for whoever teaches: run sheet, what to say, polls, answers, what to skip."""

from __future__ import annotations

from typing import Any

from ..display import Display
from . import lesson_plans
from .lesson_plans import Lesson


class LessonsView(Display):
    """The lessons as tables, each folded. The same in a notebook, on a page and on paper."""

    kind = "lessons"

    def __init__(self) -> None:
        described = [_described(one) for one in lesson_plans.lessons().values()]
        super().__init__({"id": "lessons", "lessons": described, "cites": []})


def _described(lesson: Lesson) -> dict[str, Any]:
    return {
        "id": lesson.id,
        "title": lesson.title,
        "length": lesson.length,
        "minutes": lesson.minutes,
        "chapters": list(lesson.chapters),
        "before": lesson.before,
        "slots": [
            {
                "when": f"{slot.start} to {slot.end}",
                "id": slot.id,
                "do": slot.do,
                "say": slot.say,
                "slides": len(slot.slides),
            }
            for slot in lesson.slots
        ],
        "polls": list(lesson.polls),
        "discussions": [{"prompt": prompt, "answer": answer} for prompt, answer in lesson.discussions],
        "expected": [
            {"item": one.item, "letter": one.letter, "text": one.text, "respond": one.respond}
            for one in lesson.expected
        ],
        "prints": lesson.prints,
        "skip": lesson.skip,
    }


def lessons() -> LessonsView:
    """The lessons of `data/lessons.yaml`, ready to teach."""
    return LessonsView()
