"""What the events of a record are about, in words: a question, a prediction, a claim, a section."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ..quiz import bank
from ..quiz.audit import audit_item
from ..quiz.grading import SURENESS
from ..quiz.items import Item
from ..quiz.kinds import kind_of
from ..quiz.words import plain
from ..record import Event

_ITEM = re.compile(r"Q(\d\d)\d\d")
_CLAIM = re.compile(r"CL\d+")
_CHAPTER = re.compile(r"(\d\d)-[a-z0-9-]+")
CLAIMS_CHAPTER = "09"


def sort_of(subject: str) -> str:
    """item, claim, section or prediction."""
    if _ITEM.fullmatch(subject):
        return "item"
    if _CLAIM.fullmatch(subject):
        return "claim"
    return "section" if _CHAPTER.match(subject) and "#" in subject else "prediction"


def chapter_of(event: Event) -> str:
    """Two digits of the chapter that a subject belongs to; '' if neither subject nor event tells.

    A question keeps its chapter wherever it was answered, as in a review.
    """
    for found in (_ITEM.fullmatch(event.subject), _CHAPTER.match(event.subject)):
        if found:
            return found[1]
    if _CLAIM.fullmatch(event.subject):
        return CLAIMS_CHAPTER
    found = _CHAPTER.fullmatch(event.chapter)
    return found[1] if found else ""


def item_of(subject: str) -> Item | None:
    """The question with this id; None if this course has none, or cannot read it."""
    key = (bank.item, subject)
    if key not in _items:
        if len(_items) > 5000:
            _items.clear()
        _items[key] = _item_of(subject)
    return _items[key]


# Questions by id, for an export that asks for each of them many times; forgotten when the next one begins.
_items: dict[tuple[Any, str], Item | None] = {}


def look_anew() -> None:
    """The bank may have changed since."""
    _items.clear()


def _item_of(subject: str) -> Item | None:
    if sort_of(subject) != "item":
        return None
    try:
        return audit_item(subject) or bank.item(subject)
    except (KeyError, ValueError):
        return None


def form_of(subject: str) -> str:
    """A or B for a question of a test, else ''."""
    item = item_of(subject)
    return _forms().get(item.file, "") if item else ""


@cache
def _forms() -> dict[str, str]:
    return {one.file: one.form for one in bank.banks() if one.form}


# Points for an answer: of one that was judged.
CREDIT = {"right": 1, "partly": 0.5, "wrong": 0}


def credit_of(event: Event) -> float | None:
    """Its points, of 1; None for what is no judged answer."""
    verdict = part(event, "verdict")
    return CREDIT.get(verdict) if event.kind == "answer" and isinstance(verdict, str) else None


def title(subject: str) -> str:
    """What a subject asks or is, in words."""
    sort = sort_of(subject)
    if sort == "item":
        try:
            return plain(bank.stem(subject))
        except (KeyError, ValueError):
            return f"Question {subject}"
    if sort == "section":
        return f"Section “{subject.partition('#')[2].replace('-', ' ')}”"
    return f"{sort.capitalize()} {subject}"


def part(event: Event, name: str) -> Any:
    """One part of an event's value; None where it has none."""
    return event.value.get(name) if isinstance(event.value, dict) else None


def given(event: Event) -> Any:
    """What was answered: the answer itself, however the event wraps it."""
    return part(event, "answer") if isinstance(event.value, dict) else event.value


def in_words(event: Event) -> str:
    """What was answered, as a person would say it."""
    if event.value is None or event.kind == "reset":
        return ""
    answer, item = given(event), item_of(event.subject)
    try:
        if item and answer is not None:
            return kind_of(item).in_words(item, answer)
    except (TypeError, IndexError, ValueError):
        pass  # of an older course: as it stands
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, list):
        return "; ".join(map(str, answer))
    return "" if answer is None else str(answer)


def sureness(event: Event) -> str:
    """How sure the learner said she was, in words; '' if she did not."""
    sure = part(event, "sure")
    return SURENESS.get(sure, "") if type(sure) is int else ""
