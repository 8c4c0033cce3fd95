"""What the known parts of an event may be: asked when a record is taken in, and again when it is used.

A record that comes from elsewhere may hold anything. An answer whose number of the try is a word would stop a
question for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MOST_TRIES = 1_000_000


def _whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _one_of(*known: Any) -> Callable[[Any], bool]:
    kinds = {type(one) for one in known}  # True is no 1
    return lambda value: type(value) in kinds and value in known


# Each part, whether it is sound, and what it must be.
_ANSWER: dict[str, tuple[Callable[[Any], bool], str]] = {
    "verdict": (_one_of("right", "partly", "wrong", "self"), "right, partly, wrong or self"),
    "try": (_whole(1, MOST_TRIES), f"a whole number from 1 to {MOST_TRIES:,}"),
    "sure": (_one_of(None, 25, 50, 75, 95), "25, 50, 75 or 95"),
    "hints": (_whole(0, 9), "a whole number from 0 to 9"),
    "mode": (_one_of("practice", "review", "check", "poll"), "practice, review, check or poll"),
    "shown": (_one_of(True, False), "true or false"),
}
_OF_KIND = {"answer": tuple(_ANSWER), "draft": ("sure",), "poll": ("mode",)}
VERDICTS_OF_CLAIMS = 100  # characters, at most


def fault(kind: str, value: Any) -> str:
    """What is wrong with an event's value, in words such as "its try is not a whole number"; '' if nothing is.

    Of kinds and parts that this course does not know, nothing is asked: a later course may have them. Nor of the
    answer itself: whether it fits the question is asked of the question, when it is shown.
    """
    if value is None:
        return ""
    if kind in _OF_KIND and isinstance(value, dict):
        for name in _OF_KIND[kind]:
            sound, what = _ANSWER[name]
            if name in value and not sound(value[name]):
                return f"its {name} is not {what}"
    if kind == "guess" and isinstance(value, list) and not _is_guess(value):
        return "its value is not a list of numbers"
    if kind == "claim" and not (isinstance(value, str) and len(value) <= VERDICTS_OF_CLAIMS):
        return "its value is not a verdict"
    if kind == "section" and value is not True:
        return "its value is not true"
    return ""


def _is_guess(numbers: list[Any]) -> bool:
    return len(numbers) <= 100 and all(one is None or type(one) in (int, float) and abs(one) < 1e15 for one in numbers)


def number_of_try(value: Any) -> int:
    """The number of the try in an answer's value; 1 if it does not tell."""
    found = value.get("try") if isinstance(value, dict) else None
    return found if _ANSWER["try"][0](found) else 1
