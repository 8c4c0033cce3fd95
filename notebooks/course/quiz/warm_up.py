"""Two questions from earlier chapters at the start of a chapter: what was missed comes back, spread over the course."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..display import cited, render
from ..record import Event, log
from . import bank
from .items import Item
from .views import QuizView

HOW_MANY = 2
QUICK = ("single", "truth")  # kinds that are answered in half a minute


class WarmUpView(QuizView):
    """Two questions of earlier chapters: live those that the learner's record asks for, else the chapter's own choice.

    What is stored, and a handout, hold the chapter's choice: neither depends on anybody's record.
    """

    def __init__(self, chapter: str):
        self.chapter = chapter
        before = dict(cited)  # its sources stand with it, not in the list of this chapter
        usual = [bank.item(item_id) for item_id in bank.chapter_bank(chapter).warm_up]
        super().__init__(chosen(chapter, usual), mode="review")
        kept = self.spec if self.items == tuple(usual) else QuizView(usual, mode="review").spec
        self.usual = {**kept, **_named(chapter)}
        self.spec = {**self.spec, **_named(chapter)}
        self.markup = render(self.spec, "live", "__uid__")
        cited.clear()
        cited.update(before)

    def __repr__(self) -> str:
        return f"<quiz warm-up {self.chapter[:2]}>"

    def offline_spec(self) -> dict[str, Any]:
        """Without anything from the record."""
        return self.usual

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]  # a bundle alone is enough
        return {**super()._repr_mimebundle_(**kwargs), "text/html": render(self.usual, "stored", "")}


def _named(chapter: str) -> dict[str, Any]:
    return {
        "id": f"warm-up-{chapter[:2]}",
        "title": "Before you go on: two from earlier chapters, one minute",
        "cites": [],
    }


def chosen(chapter: str, usual: Iterable[Item], events: Iterable[Event] | None = None) -> list[Item]:
    """The questions for this learner: quick ones of earlier chapters that she missed last time, the oldest miss first.

    The rest is the chapter's own choice, of which what she has not answered comes first.
    events: those that count now, if not given; a review that she got right is no miss any more.
    """
    earlier = [one for one in bank.chapters() if one.chapter[:2] < chapter[:2]]
    quick = {item_id for one in earlier for item_id, raw in one.raw_items.items() if _is_quick(raw)}
    latest: dict[str, Any] = {}
    for event in log().counted() if events is None else events:
        if event.kind == "answer" and event.subject in quick and isinstance(event.value, dict):
            latest.pop(event.subject, None)  # its place is that of its latest answer
            latest[event.subject] = event.value.get("verdict")
    missed = [item_id for item_id, verdict in latest.items() if verdict in ("wrong", "partly")]
    own = sorted((item.id for item in usual), key=lambda item_id: item_id in latest)
    ids = list(dict.fromkeys([*missed, *own]))[:HOW_MANY]
    return [bank.item(item_id) for item_id in ids]


def _is_quick(raw: Any) -> bool:
    # A question of a case needs its story.
    return raw["kind"] in QUICK and raw["level"] == "core" and "case" not in raw
