"""Judges an answer. Pure: no files, no screen. `assets/scripts/quiz.js` judges in the page by the same rules.

One table of answers and expected judgments runs against both (`tests/judgements.py`). The rules of each kind are in
`kinds/`.
"""

from __future__ import annotations

from typing import Any

from .items import Item
from .kinds import Judgement, kind_of

# How sure a learner may say she is: the share that she expects to be right, in percent, and the words for it.
SURENESS = {25: "a guess", 50: "unsure", 75: "fairly sure", 95: "sure"}
CONFIDENT = 75


def grade(item: Item, answer: Any, *, first: bool = False) -> Judgement:
    """Judges an answer to an item.

    answer: the place of the chosen option (single); places (several); one place or None for each slot (truth,
    matching, cloze); every step's place in the order that was given (ordering); text (number). None: no answer yet.
    first: whether this is the first try; for several choices and matching it then explains the first part that is
    wrong, so that a second try is worth making; after it, every part. Raises `ValueError` for an answer of another
    shape.
    """
    kind = kind_of(item)
    if answer is not None and not kind.fits(item, answer):
        # Refuses what no page of ours sends.
        raise ValueError(f"This answer does not fit question {item.id}. Reload the page and answer again.")
    return kind.grade(item, answer, first)


def confident_error(verdict: str, sure: int | None) -> bool:
    """Whether somebody was sure of an answer that does not hold: worth a stronger word."""
    return verdict in ("wrong", "partly") and (sure or 0) >= CONFIDENT
