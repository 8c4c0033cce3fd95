"""Spaced review: what the learner missed, or was unsure of, comes back when it is about to be forgotten.

The schedule is that of the `fsrs` library with its default parameters and no chance in it, replayed from the record:
nothing but events is kept, so two machines' records merged give one deck, and the same record gives the same dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ipywidgets

from ..display import WIDGET_MIME, cited
from ..quiz import bank
from ..quiz.forms import first_form
from ..quiz.views import QuizView
from ..record import Event, log
from .answers import UNSURE, Question, Try, catalogue, clock, first_try, moment, tries
from .report import Report, table, words

AT_ONCE = 10  # questions in one sitting
# Reviews of one question that are replayed, the latest ones: what lies further back no longer moves the next date by
# much, and a record of 100,000 events is read in time.
REPLAYED = 25


@dataclass(frozen=True, slots=True)
class Card:
    """A question of the deck. due: UTC. reviews: how many tries it was scheduled by."""

    item: str
    due: dt.datetime
    reviews: int


def rating(each: Try) -> str:
    """How well it was known: again, hard, good or easy, from the verdict and from how sure the learner was."""
    if not each.knew:
        return "again"
    if each.sure is None:
        return "good"
    return "hard" if each.sure <= UNSURE else "good" if each.sure <= 75 else "easy"


def deck(
    events: Iterable[Event] | None = None,
    now: dt.datetime | None = None,
    questions: Mapping[str, Question] | None = None,
) -> list[Card]:
    """Every question that is to come back, the soonest first.

    In the deck is what was ever missed, or right with a sureness of at most 50 %; and, for an objective missed in a
    form, one question of its chapter (never the form's own). Every try counts as a review. events: those that count
    now; now: this moment; questions: those of the bank, if not given. A try stamped later than now (a clock ran ahead)
    schedules nothing; what has no other try is due at once.
    """
    events = log().counted() if events is None else events if isinstance(events, list) else list(events)
    now = (now or clock()).astimezone(dt.UTC)
    known = catalogue() if questions is None else questions
    found = tries(events)
    missed = _missed_in_forms(events, found, known)
    cards = []
    for item, question in known.items():
        own = found.get(item, [])
        if question.form or not (own or item in missed):
            continue
        opening = first_try(own) if own else None
        # A miss in a form says nothing more once the question itself has been tried; then that try speaks.
        misses = [at for at in missed.get(item, ()) if opening is None or opening.at <= at]
        if not misses and all(_sure(each) for each in own):
            continue
        later = [(each.at, rating(each)) for each in own if each is not opening]
        reviews = sorted([*later, *((at, "again") for at in misses)])
        if opening:
            reviews.insert(0, (opening.at, rating(opening)))
        past = [review for review in reviews if review[0] <= now]
        cards.append(Card(item, _next(past) if past else now, len(past)))
    return sorted(cards, key=lambda card: (card.due, card.item))


def due(
    now: dt.datetime | None = None,
    events: Iterable[Event] | None = None,
    questions: Mapping[str, Question] | None = None,
) -> list[str]:
    """Ids of the questions that are due now, most overdue first."""
    now = now or clock()
    return [card.item for card in deck(events, now, questions) if card.due <= now]


def coming(cards: Iterable[Card], now: dt.datetime) -> dict[int, int]:
    """How many come back when: days from today (0 is later today) -> questions that are not due yet."""
    found: dict[int, int] = {}
    for card in cards:
        if card.due > now:
            days = (card.due.astimezone(now.tzinfo).date() - now.date()).days
            found[days] = found.get(days, 0) + 1
    return found


def due_line(
    now: dt.datetime | None = None,
    events: Iterable[Event] | None = None,
    questions: Mapping[str, Question] | None = None,
) -> str:
    """The line for the front page, such as "3 questions are due today." """
    now = now or clock()
    cards = deck(events, now, questions)
    ready, later = sum(card.due <= now for card in cards), coming(cards, now)
    today = ready + later.get(0, 0)
    if not cards:
        return "Nothing to review yet: questions that you answer come back here when they are due."
    if not today:
        return f"Nothing to review today. The next questions come back {_when(min(later))}."
    said = f"{today} question{'s are' if today > 1 else ' is'} due today"
    if today > ready:
        said += f", {ready or 'none'} of them now" if today > 1 else ", a little later"
    return f"{said}. Chapter 10 asks {'them' if today > 1 else 'it'}."


class ReviewView(Report):
    """What is due now, when the rest comes back, and, below it, the questions themselves."""

    def __init__(self, now: Callable[[], dt.datetime] = clock):
        self._now = now
        self._ids: list[str] = []
        super().__init__(
            "review",
            "Review",
            "Questions that you missed, or were unsure of, come back here when you are about to forget them. "
            "This needs the running course: choose Run ▸ Run All Cells.",
            offline="In the running course, questions that you missed, or were unsure of, come back here when you are "
            "about to forget them. On paper: mark them, and try them again tomorrow, in three days and in two weeks.",
            button="Update the list",
        )
        self.box = ipywidgets.VBox([self])
        self._ask()

    def blocks(self) -> list[dict[str, Any]]:
        """In words what is due, and a table of when the rest comes back."""
        now = self._now()
        cards = deck(now=now)
        self._ids = [card.item for card in cards if card.due <= now]
        later = coming(cards, now)
        if not cards:
            return [
                words("No question is waiting for review.", strong=True),
                words(
                    "A question comes here when you miss it at the first try, or when you are right but not sure. "
                    "Answer the questions of a chapter and say how sure you are; then press the button."
                ),
            ]
        count = len(self._ids)
        if count > AT_ONCE:
            said = f"{count} questions are due now. Here are {AT_ONCE} of them, the longest overdue first."
        elif count:
            said = f"{count} question{'s are' if count > 1 else ' is'} due now."
        else:
            said = f"Nothing is due now. Next: {_when(min(later))}."
        found = [words(said, strong=True)]
        if count:
            found.append(
                words(
                    "Answer from memory, say how sure you are, then press the button. What you know well comes back "
                    "later and later; what you miss comes back soon."
                )
            )
        if later:
            rows = [(_when(days).capitalize(), str(later[days])) for days in sorted(later)]
            found.append(table("What comes back when", ("When", "Questions"), rows))
        return found

    def respond(self, request: dict[str, Any]) -> dict[str, Any]:
        """Reads the record again and puts the questions of this moment below."""
        reply = super().respond(request)
        self._ask()
        return reply

    def _ask(self) -> None:
        """The questions that are due, as a quiz. Its sources stand with it, not in the chapter's list of sources."""
        before = dict(cited)
        asked = [bank.item(item_id) for item_id in self._ids[:AT_ONCE]]
        self.box.children = (self, QuizView(asked, mode="review")) if asked else (self,)
        cited.clear()
        cited.update(before)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]  # a bundle alone is enough
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle[WIDGET_MIME] = {**bundle[WIDGET_MIME], "model_id": self.box.model_id}
        return bundle


class DueView(Report):
    """One line: how many questions are due today."""

    def __init__(self, now: Callable[[], dt.datetime] = clock):
        self._now = now
        super().__init__(
            "due-today",
            "Due today",
            "While the course runs, a line here says how many questions are due for review today.",
            offline="The running course says here how many questions are due for review today.",
        )

    def blocks(self) -> list[dict[str, Any]]:
        """The line."""
        return [words(due_line(self._now()), strong=True)]


def _next(reviews: list[tuple[dt.datetime, str]]) -> dt.datetime:
    """When the library lets a question come back after these reviews, of which there is at least one."""
    import fsrs  # only who has something to review waits for it

    scheduler = fsrs.Scheduler(enable_fuzzing=False)
    reviews = reviews[-REPLAYED:]
    card = fsrs.Card(card_id=1, due=reviews[0][0])
    for at, said in reviews:
        card, _ = scheduler.review_card(card, fsrs.Rating[said.capitalize()], at)
    return card.due


def _sure(each: Try) -> bool:
    """Known, and not by luck."""
    return each.knew and (each.sure is None or each.sure > UNSURE)


def _missed_in_forms(
    events: list[Event], found: Mapping[str, list[Try]], known: Mapping[str, Question]
) -> dict[str, list[dt.datetime]]:
    """Chapter questions that stand for what was missed in a form, with the times of the misses.

    One question stands for an objective: the first of the same level and kind. What was missed before the course
    waits until the learner has worked in the chapter that teaches it.
    """
    missed: dict[str, list[dt.datetime]] = {}
    first = first_form(events)
    last_work = _last_work(events, known)
    for item, each in found.items():
        asked = known.get(item)
        if asked is None or not asked.form:
            continue
        taught = [one for one in known.values() if one.objective == asked.objective and not one.form]
        times = [one.at for one in each if one.verdict != "right" and one.mode == "check"]
        if not taught or not times:
            continue
        stands = min(taught, key=lambda one: (one.level != asked.level, one.kind != asked.kind))
        worked = last_work.get(stands.chapter)
        times = [at for at in times if asked.form != first or (worked and worked > at)]
        if times:
            missed.setdefault(stands.id, []).extend(times)
    return missed


def _last_work(events: Iterable[Event], known: Mapping[str, Question]) -> dict[str, dt.datetime]:
    """When the learner last did something in each chapter."""
    by_place: dict[tuple[str, str], str] = {}
    for event in events:
        key, when = (event.chapter, event.subject), event.when or str(event.at)
        if when > by_place.get(key, ""):
            by_place[key] = when
    latest: dict[str, dt.datetime] = {}
    for (chapter, subject), when in by_place.items():
        at, asked = moment(when), known.get(subject)
        for place in {chapter, str(subject).partition("#")[0], asked.chapter if asked else ""}:
            if place and at and at > latest.get(place, dt.datetime.min.replace(tzinfo=dt.UTC)):
                latest[place] = at
    return latest


def _when(days: int) -> str:
    return {0: "later today", 1: "tomorrow"}.get(days, f"in {days} days")
