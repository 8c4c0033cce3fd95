"""Questions a notebook calls by id: to practice, to hand in together, or as a poll of a class."""

from __future__ import annotations

from ..arguments import forgiving, only
from . import bank
from .audit import AuditView
from .items import Item
from .views import QuizView, TestView
from .warm_up import WarmUpView

__all__ = ["audit", "check", "more", "poll", "show", "warm_up"]
__getattr__ = only("quiz", __all__)


@forgiving
def show(*ids: str) -> QuizView:
    """Shows one question or several, in this order, with feedback at once: `quiz.show("Q0301", "Q0302")`.

    Raises `KeyError` with the nearest id for an unknown one.
    """
    return QuizView(_items(ids, "show"))


@forgiving
def more(*ids: str) -> QuizView:
    """Shows questions as `show` does, folded: more practice for whoever wants it, at the end of a chapter.

    Raises `KeyError` with the nearest id for an unknown one.
    """
    return QuizView(_items(ids, "more"), folded=True)


@forgiving
def check(form: str) -> TestView:
    """Shows the test "before" the course or "after" it, 25 questions handed in together; or a form by its letter.

    Two forms, A and B, are equally hard; the record decides which of them comes first.

    Raises `KeyError` for any other form.
    """
    return TestView(form)


@forgiving
def poll(*ids: str, reveal: bool = False) -> QuizView:
    """Shows questions to a class without saying right or wrong. reveal: with a button that shows the answer later."""
    return QuizView(_items(ids, "poll"), "poll", reveal=reveal)


@forgiving
def audit() -> AuditView:
    """Shows a page that was written for this course, to be audited sentence by sentence and handed in together."""
    return AuditView()


@forgiving
def warm_up(chapter: str) -> WarmUpView:
    """Shows two questions from earlier chapters, such as you missed: `quiz.warm_up("03-how-much-binds")`.

    Raises `KeyError` with the nearest name for an unknown chapter.
    """
    return WarmUpView(chapter)


def _items(ids: tuple[str, ...], call: str) -> list[Item]:
    if not ids:
        raise ValueError(f'Which question? Give its id, for example quiz.{call}("Q0301").')
    each = [one for given in ids for one in (given if isinstance(given, (list, tuple)) else [given])]
    return [bank.item(item_id) for item_id in dict.fromkeys(map(str, each))]
