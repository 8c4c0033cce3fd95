"""Questions a notebook calls by id, judged at once."""

from __future__ import annotations

from . import bank
from .views import QuizView

__all__ = ["show"]


def show(*ids: str) -> QuizView:
    """Shows one question or several, in this order: `quiz.show("Q0301", "Q0302")`.

    Raises `KeyError` with the nearest id for an unknown one.
    """
    if not ids:
        raise ValueError('Which question? Give its id, for example quiz.show("Q0301").')
    return QuizView([bank.item(item_id) for item_id in dict.fromkeys(ids)])
