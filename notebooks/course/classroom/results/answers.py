"""One answer of a class: whose, to which question, how many points, and what it chose."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from ...learning.answers import moment
from ...learning.subjects import CREDIT
from ...quiz import bank
from ...quiz.grading import SURENESS, grade
from ...quiz.items import Item
from ...quiz.kinds import kind_of
from ...record.parts import number_of_try

EARLIEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(slots=True)
class Answer:
    """id: of the event. points: 0, 0.5 or 1, None for what no machine judges. sure: percent, None if not said.

    chosen: what was chosen, in words, as far as it can be told. beliefs: the misconceptions behind it. text: what was
    written, of a sentence to mend.
    """

    id: str
    item: str
    at: dt.datetime
    number: int
    points: float | None
    sure: int | None
    shown: bool = False
    chosen: tuple[str, ...] = ()
    beliefs: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the course, as far as it matters here. form: A or B for a test's, else ''."""

    item: Item
    chapter: str
    form: str


@cache
def asked() -> dict[str, Asked]:
    """Every question of the course by id, in order."""
    return {item.id: Asked(item, one.chapter, one.form) for one in bank.banks() for item in one.items}


def judged(event_id: str, item_id: str, at: Any, value: Any) -> Answer | None:
    """An answer as an export or a handout holds it, judged anew by the course's key; None for what is no answer.

    What a file says about right or wrong is not believed, because whoever has the file can change that.
    """
    known = asked().get(item_id)
    if known is None or not isinstance(value, dict):
        return None
    item, answer = known.item, value.get("answer")
    try:
        verdict = grade(item, answer)
    except (ValueError, TypeError, AttributeError, IndexError):
        return None  # of another version of the course
    sure = value.get("sure")
    made = Answer(
        event_id,
        item_id,
        moment(at) or EARLIEST,
        number_of_try(value),
        CREDIT.get("wrong" if verdict.malformed else verdict.verdict),
        sure if type(sure) is int and sure in SURENESS else None,
        value.get("shown") is True,
    )
    if answer is not None and not verdict.malformed:
        made.chosen, made.beliefs = _chosen(item, answer), _beliefs(item, answer)
        made.text = str(answer["text"]) if isinstance(answer, dict) and "text" in answer else ""
    elif made.points is None:
        return None  # an empty sentence
    return made


def of_table(event_id: str, item_id: str, at: str, verdict: str, words: str, row: dict[str, str]) -> Answer | None:
    """An answer as a row of a table has it: its verdict is believed, for the answer itself stands there in words."""
    known = asked().get(item_id)
    if known is None or verdict not in (*CREDIT, "self"):
        return None
    sure, number = (
        int(row.get(name, "")) if row.get(name, "").isdigit() else 0 for name in ("sureness_percent", "try")
    )
    shown = row.get("answer_seen_before") == "yes"
    made = Answer(event_id, item_id, moment(at) or EARLIEST, number or 1, CREDIT.get(verdict), None, shown)
    made.sure = sure if sure in SURENESS else None
    if verdict == "self":
        made.text = words
    else:
        given = {words.strip(), *(part.strip() for part in words.split(";"))}
        options = [(said, option) for said, option in kind_of(known.item).offered(known.item) if said in given]
        made.chosen = tuple(said for said, _ in options)
        made.beliefs = tuple(option.misconception for _, option in options if option.misconception)
    return made


def _chosen(item: Item, answer: Any) -> tuple[str, ...]:
    return tuple(words for words, _ in kind_of(item).picked(item, answer))


def _beliefs(item: Item, answer: Any) -> tuple[str, ...]:
    """The misconceptions behind all that was chosen; where nothing is, behind the slip that was met."""
    kind = kind_of(item)
    if kind.offered(item):
        found = [option.misconception for _, option in kind.picked(item, answer)]
        return tuple(dict.fromkeys(belief for belief in found if belief))
    return tuple(kind.grade(item, answer, False).beliefs)
