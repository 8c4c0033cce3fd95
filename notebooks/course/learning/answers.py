"""What the record says about the learner's answers: one `Try` for each answer to a question, its first and its latest.

The first try is kept apart from later ones: feedback has been read by then. Everything here is worked out from
events alone. What cannot be read (an imported record may hold anything) is passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..quiz import bank
from ..quiz.grading import SURENESS
from ..record import Event, log
from ..record.event import many_at_once
from ..record.parts import number_of_try

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


# Not frozen: there may be 100,000 of them.
@dataclass(slots=True)
class Try:
    """One judged answer. at: UTC. sure: 25, 50, 75 or 95 %, None if not said. shown: the answer had been seen.

    place: in the record, for answers of one moment; 0 where there is no record.
    """

    item: str
    at: dt.datetime
    number: int
    verdict: str
    sure: int | None
    shown: bool
    mode: str
    event: str
    place: int = 0

    @property
    def knew(self) -> bool:
        """Right, and not because the answer had been shown."""
        return self.verdict == "right" and not self.shown


def tries(events: Iterable[Event] | None = None) -> dict[str, list[Try]]:
    """Every judged answer of each question, oldest first. events: those that count now, if not given.

    The order of the events does not matter, nor an event that is there twice: two machines' records may be merged.
    Events of a record bear the moment to which their order belongs, whatever the clock said (`Event.when`).
    """
    events = log().counted() if events is None else events
    return worked_out("tries", events if isinstance(events, list) else list(events), _tries)


def _tries(events: Iterable[Event]) -> dict[str, list[Try]]:
    found: dict[str, dict[str, Try]] = {}
    for place, event in enumerate(events):
        if event.kind == "answer":
            made = _try(event, place)
            if made:
                found.setdefault(made.item, {})[made.event] = made
    if all(event.when for event in events):  # of a record: in order
        return {item: list(each.values()) for item, each in found.items()}
    return {item: sorted(each.values(), key=_when) for item, each in found.items()}


_kept: dict[str, tuple[Any, Any]] = {}


def worked_out(what: str, events: Iterable[Event], how: Callable[[Any], Any]) -> Any:
    """Something that is worked out from the record's events; not again as long as the record is the same."""
    if not isinstance(events, list) or events is not log().counted():
        return how(events)
    if what not in _kept or _kept[what][0] is not events:
        with many_at_once():
            _kept[what] = events, how(events)
    return _kept[what][1]


def first_try(of_one: Iterable[Try]) -> Try:
    """The first of one question's tries: by its number, and by the clock where two machines have one each."""
    return min(of_one, key=lambda each: (each.number, *_when(each)))


def first_tries(events: Iterable[Event] | None = None) -> dict[str, Try]:
    """The first try of each question."""
    events = log().counted() if events is None else events
    return worked_out("first tries", events, lambda them: {item: first_try(each) for item, each in tries(them).items()})


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
        if at.tzinfo is dt.UTC:
            return at
        return (at if at.tzinfo else at.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def clock() -> dt.datetime:
    """Now, in the learner's own time zone."""
    return dt.datetime.now().astimezone()


def _when(each: Try) -> tuple[dt.datetime, int, int, str]:
    return each.at, each.place, each.number, each.event


def _try(event: Event, place: int = 0) -> Try | None:
    value = event.value
    at = moment(event.when or event.at)
    if at is None or not isinstance(value, dict) or value.get("verdict") not in VERDICTS:
        return None
    sure = value.get("sure")
    return Try(
        str(event.subject),
        at,
        number_of_try(value),
        value["verdict"],
        sure if _whole(sure) and sure in SURENESS else None,
        value.get("shown") is True,
        str(value.get("mode", "")),
        str(event.id),
        place if event.when else 0,
    )


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
