"""What the record says about the learner's answers: one `Try` for each answer to a question, its first and its latest.

The first try is kept apart from later ones: feedback has been read by then. Everything here is worked out from
events alone. What cannot be read (an imported record may hold anything) is passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..log import Event, log
from ..quiz import bank
from ..quiz.grading import SURENESS

VERDICTS = ("right", "partly", "wrong")
UNSURE = 50  # at most this sure, and a right answer was partly luck


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, as far as it matters here. chapter: its notebook; form: A or B for a test, else empty."""

    id: str
    objective: str
    level: str
    kind: str
    chapter: str
    section: str
    form: str = ""


@dataclass(frozen=True, slots=True)
class Try:
    """One judged answer. at: UTC. sure: 25, 50, 75 or 95 %, None if not said. shown: the answer had been seen."""

    item: str
    at: dt.datetime
    number: int
    verdict: str
    sure: int | None
    shown: bool
    mode: str
    event: str

    @property
    def knew(self) -> bool:
        """Right, and not because the answer had been shown."""
        return self.verdict == "right" and not self.shown


def tries(events: Iterable[Event] | None = None) -> dict[str, list[Try]]:
    """Every judged answer of each question, oldest first. events: those that count now, if not given.

    The order of the events does not matter, nor an event that is there twice: two machines' records may be merged.
    """
    found: dict[str, dict[str, Try]] = {}
    for event in log().counted() if events is None else events:
        if event.kind == "answer":
            made = _try(event)
            if made:
                found.setdefault(made.item, {})[made.event] = made
    return {item: sorted(each.values(), key=_when) for item, each in found.items()}


def first_try(of_one: Iterable[Try]) -> Try:
    """The first of one question's tries: by its number, and by the clock where two machines have one each."""
    return min(of_one, key=lambda each: (each.number, *_when(each)))


def first_tries(events: Iterable[Event] | None = None) -> dict[str, Try]:
    """The first try of each question."""
    return {item: first_try(each) for item, each in tries(events).items()}


def latest_tries(events: Iterable[Event] | None = None) -> dict[str, Try]:
    """The latest try of each question."""
    return {item: each[-1] for item, each in tries(events).items()}


def hand_in(
    form: str, events: Iterable[Event] | None = None, questions: Mapping[str, Question] | None = None
) -> dict[str, Try]:
    """The first hand-in of form A or B: its answers by question; empty if it was not handed in."""
    known = catalogue() if questions is None else questions
    return {
        item: first
        for item, first in first_tries(events).items()
        if item in known and known[item].form == form and first.mode == "check"
    }


def catalogue() -> dict[str, Question]:
    """Every question of the course by id, in order of chapters. Does not work out the numbers in them."""
    return {
        item_id: Question(
            item_id,
            raw["objective"],
            raw["level"],
            raw["kind"],
            found.chapter,
            raw.get("section", ""),
            found.form,
        )
        for found in bank.banks()
        for item_id, raw in found.raw_items.items()
    }


def moment(text: Any) -> dt.datetime | None:
    """A time of the record as UTC; None for what is no time. Without a zone it is taken as UTC."""
    try:
        at = dt.datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def clock() -> dt.datetime:
    """Now, in the learner's own time zone."""
    return dt.datetime.now().astimezone()


def _when(each: Try) -> tuple[dt.datetime, int, str]:
    return each.at, each.number, each.event


def _try(event: Event) -> Try | None:
    value, at = event.value, moment(event.at)
    if at is None or not isinstance(value, dict) or value.get("verdict") not in VERDICTS:
        return None
    number, sure = value.get("try"), value.get("sure")
    return Try(
        str(event.subject),
        at,
        number if _whole(number) and number > 0 else 1,
        value["verdict"],
        sure if _whole(sure) and sure in SURENESS else None,
        value.get("shown") is True,
        str(value.get("mode", "")),
        str(event.id),
    )


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
