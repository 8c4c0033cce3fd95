"""What the answers of a class say: about people, questions, choices, beliefs, sureness and gain. First answers only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from ...learning.calibrating import Level, levels
from ...quiz import bank
from ...quiz.kinds import kind_of
from ...quiz.words import plain
from .answers import Answer, asked
from .reading import Class, SetAside
from .statistics import Matrix, Reliability, difficulty, hardness, item_rest, reliability

FORMS = ("A", "B")


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the grade list. form_a, form_b: percent of its points, None if not handed in. first: the form before.

    answered: questions; right: percent of the points of all that a machine judges; sections: finished ones.
    """

    name: str
    answered: int
    right: float | None
    form_a: float | None
    form_b: float | None
    first: str
    sections: int
    files: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that was chosen at a question, and by how many. right: whether it is part of the key."""

    text: str
    people: int
    right: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the class answered it. difficulty: share of the points, 0 to 1. item_rest: None if unknown."""

    id: str
    chapter: str
    form: str
    kind: str
    stem: str
    objective: str
    answers: int
    difficulty: float
    item_rest: float | None
    hardness: float
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Belief:
    """A misconception, and how many people chose an answer that shows it, at which questions. met: who could have."""

    text: str
    people: int
    met: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """An objective before and after: percent of its points in the form handed in first and in the other one."""

    objective: str
    text: str
    level: str
    before: float
    after: float
    people: int


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence to mend, as somebody wrote it."""

    item: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Results:
    """All that is known of a class."""

    people: tuple[Person, ...]
    questions: tuple[Question, ...]
    reliability: dict[str, Reliability]
    beliefs: tuple[Belief, ...]
    calibration: tuple[Level, ...]
    gains: tuple[Gain, ...]
    sentences: tuple[Written, ...]
    chapters: dict[str, int]
    aside: tuple[SetAside, ...] = ()
    read: int = 0
    handed_in: dict[str, int] = field(default_factory=dict)


def analyze(found: Class) -> Results:
    """What a class has done."""
    firsts = {name: learner.first() for name, learner in found.learners.items()}
    known = asked()
    items = [item_id for item_id in known if any(item_id in first for first in firsts.values())]
    points = _matrix(firsts.values(), items)
    forms = {form: [at for at, item_id in enumerate(items) if known[item_id].form == form] for form in FORMS}
    shares = {form: _of_form(points[:, places], form) for form, places in forms.items()}
    people = tuple(
        Person(
            name,
            len(firsts[name]),
            _percent(points[row]),
            shares["A"][row],
            shares["B"][row],
            _first_form(firsts[name]),
            len(learner.sections),
            len(learner.files),
        )
        for row, (name, learner) in enumerate(found.learners.items())
    )
    rated = {form: reliability(points[:, places]) for form, places in forms.items() if places}
    return Results(
        people,
        tuple(_questions(items, points, list(firsts.values()))),
        {form: one for form, one in rated.items() if one},
        tuple(_beliefs(firsts)),
        tuple(_calibration(firsts.values())),
        tuple(_gains(list(firsts.values()), shares)),
        tuple(_sentences(firsts)),
        _chapters(firsts.values()),
        tuple(found.aside),
        found.read,
        {form: sum(share is not None for share in shares[form]) for form in FORMS},
    )


def _matrix(firsts: Iterable[dict[str, Answer]], items: list[str]) -> Matrix:
    rows = [
        [float("nan") if (one := first.get(item)) is None or one.points is None else one.points for item in items]
        for first in firsts
    ]
    return np.array(rows, dtype=float).reshape(len(rows), len(items))


def _percent(points: Matrix) -> float | None:
    given = points[~np.isnan(points)]
    return float(100 * given.mean()) if len(given) else None


def _of_form(points: Matrix, form: str) -> list[float | None]:
    """Each learner's percent of a form; a form that was begun counts whole: what was left open gives no points."""
    length = len(bank.form(form).raw_items)
    begun = [not np.isnan(row).all() for row in points]
    return [float(100 * np.nansum(row) / length) if yes else None for row, yes in zip(points, begun, strict=True)]


def _questions(items: list[str], points: Matrix, firsts: list[dict[str, Answer]]) -> Iterable[Question]:
    known = asked()
    # A question's rest is that of its own form, or of all practice.
    rest = np.full(len(items), np.nan)
    for form in ("", *FORMS):
        places = [at for at, item_id in enumerate(items) if known[item_id].form == form]
        if places:
            rest[places] = item_rest(points[:, places])
    shares, hard = difficulty(points), hardness(points)
    for at, item_id in enumerate(items):
        item = known[item_id].item
        count = int((~np.isnan(points[:, at])).sum())
        if count:
            yield Question(
                item_id,
                known[item_id].chapter,
                known[item_id].form,
                item.kind,
                plain(item.stem),
                item.objective,
                count,
                float(shares[at]),
                None if np.isnan(rest[at]) else float(rest[at]),
                float(hard[at]),
                tuple(_choices(item_id, firsts)),
            )


def _choices(item_id: str, firsts: list[dict[str, Answer]]) -> Iterable[Choice]:
    """How many chose each option: those of the bank that nobody chose, too."""
    item = asked()[item_id].item
    counts = Counter(words for first in firsts if item_id in first for words in first[item_id].chosen)
    for words, option in kind_of(item).offered(item):
        yield Choice(words, counts.get(words, 0), option.right)


def _beliefs(firsts: dict[str, dict[str, Answer]]) -> list[Belief]:
    """Misconceptions, the most widespread first: each person counts once for each."""
    who: dict[str, set[str]] = {}
    where: dict[str, set[str]] = {}
    for name, first in firsts.items():
        for one in first.values():
            for belief in one.beliefs:
                who.setdefault(belief, set()).add(name)
                where.setdefault(belief, set()).add(one.item)
    met = {belief: sum(bool(items & set(first)) for first in firsts.values()) for belief, items in where.items()}
    found = [Belief(plain(one), len(who[one]), met[one], tuple(sorted(where[one]))) for one in who]
    return sorted(found, key=lambda one: (-one.people, one.text))


def _calibration(firsts: Iterable[dict[str, Answer]]) -> list[Level]:
    counts: dict[int, tuple[int, int]] = {}
    for first in firsts:
        for one in first.values():
            if one.sure is not None and one.points is not None and not one.shown:
                right, answers = counts.get(one.sure, (0, 0))
                counts[one.sure] = right + (one.points == 1), answers + 1
    return levels(counts)


def _first_form(first: dict[str, Answer]) -> str:
    """The form that somebody handed in first; '' for none."""
    moments = {
        asked()[item].form: one.at for item, one in sorted(first.items(), key=lambda entry: entry[1].at, reverse=True)
    }
    return min((form for form in moments if form), key=lambda form: moments[form], default="")


def _gains(firsts: list[dict[str, Answer]], shares: dict[str, list[float | None]]) -> Iterable[Gain]:
    """By objective, in order of the chapters; of those alone who handed in both forms, one half of them B first."""
    both = [first for first, *done in zip(firsts, shares["A"], shares["B"], strict=True) if None not in done]
    items: dict[tuple[str, str], list[str]] = {}
    for item_id, one in asked().items():
        items.setdefault((one.item.objective, one.form), []).append(item_id)
    for objective in bank.objectives().values() if both else ():
        of_form = {form: items.get((objective.id, form), []) for form in FORMS}
        if not all(of_form.values()):
            continue
        sums = {"before": 0.0, "after": 0.0}
        for first in both:
            began = _first_form(first)
            for form, of_it in of_form.items():
                points = sum(first[item].points or 0 for item in of_it if item in first) / len(of_it)
                sums["before" if form == began else "after"] += 100 * points / len(both)
        yield Gain(objective.id, objective.text, objective.level, sums["before"], sums["after"], len(both))


def _sentences(firsts: dict[str, dict[str, Answer]]) -> list[Written]:
    found = [Written(one.item, name, one.text) for name, first in firsts.items() for one in first.values() if one.text]
    return sorted(found, key=lambda one: (one.item, one.name))


def _chapters(firsts: Iterable[dict[str, Answer]]) -> dict[str, int]:
    """Chapter -> how many people answered anything of it; every chapter of the course."""
    counts = {one.chapter: 0 for one in bank.banks()}
    for first in firsts:
        for chapter in {asked()[item_id].chapter for item_id in first}:
            counts[chapter] += 1
    return counts
