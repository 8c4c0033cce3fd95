"""Learning gain: one form before the course against the other after it, question by question.

Each question of A has a parallel one in B: same level and kind, and but for hard ones the same objective. Which form
was handed in first is the one before, for one half of the learners A and for the other B. One rule for points: right
1, partly right 1/2, wrong 0. Only the first hand-in of each form counts.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from ..display import Axes, Chart, Dots, Label, Mark, Span, Table
from ..models.trials import Estimate
from ..quiz import bank
from ..quiz.kinds import kind_of
from ..record import Event, log
from .answers import Question, Try, catalogue, hand_in
from .report import Report, picture, table, words

POINTS = {"right": 1.0, "partly": 0.5, "wrong": 0.0}
SOURCES = ("hake1998", "bonett2006", "bonett2012")
TOP = 0.8  # share of all points before, from which a gain can no longer be told
_LATE = dt.datetime.max.replace(tzinfo=dt.UTC)
NBSP = "\u00a0"
# What the stored and offline forms show: level, points before, points after. Nobody's answers.
MADE_UP = [("core", before, after) for before, after in ((0, 1),) * 5 + ((0, 0),) * 2 + ((1, 1),) * 5 + ((0.5, 1),) * 2]
MADE_UP += [("deeper", before, after) for before, after in ((0, 1), (0, 0), (0, 0.5), (1, 1), (1, 0), (0, 1))]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question before and its parallel one after."""

    objective: str
    level: str
    before: Try
    after: Try

    @property
    def points(self) -> tuple[float, float]:
        """Before and after, 0 to 1."""
        return POINTS[self.before.verdict], POINTS[self.after.verdict]


@dataclass(frozen=True, slots=True)
class Gain:
    """Points before and after of `questions` pairs. difference: after minus before, as a share of all points, -1 to 1.

    normalized: the share of the points missing before that was won, net of those lost; at most 1. None if nothing
    was missing before.
    """

    questions: int
    before: float
    after: float
    difference: Estimate
    normalised: Estimate | None

    @property
    def near_the_top(self) -> bool:
        """So few points were missing before that the interval of a normalized gain says nothing."""
        return self.normalised is not None and self.questions >= 10 and self.before >= TOP * self.questions


def gain_of(points: Sequence[tuple[float, float]], level: float = 0.95) -> Gain:
    """The gain over pairs of points (before, after), each 0 to 1. Raises `ValueError` for none, or others.

    difference: interval of Bonett & Price (2012) for paired proportions. normalized: Hake's (1998) gain, which is
    1 minus the ratio of what is missed after to what was missed before; interval from that of Bonett & Price (2006)
    for a ratio of paired proportions. Half a point enters as half a question.

    With 20 pairs of simulated learners these intervals held the truth in 94 to 100 of 100. Resampling the pairs
    (a percentile bootstrap) held it in 69 to 94: too few to be shown.
    """
    if not points:
        raise ValueError("points must hold at least one pair")
    if any(not 0 <= each <= 1 for pair in points for each in pair):
        raise ValueError("points must lie between 0 and 1")
    n = len(points)
    before, after = (sum(pair[side] for pair in points) for side in (0, 1))
    won = sum(max(second - first, 0) for first, second in points)
    lost = sum(max(first - second, 0) for first, second in points)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    up, down = (won + 1) / (n + 2), (lost + 1) / (n + 2)
    half = z * math.sqrt((up + down - (up - down) ** 2) / (n + 2))
    difference = Estimate((won - lost) / n, max(up - down - half, -1.0), min(up - down + half, 1.0))
    if before >= n:
        return Gain(n, before, after, difference, None)
    ratio = ratio_of_paired(n - after, n - before, sum(min(1 - first, 1 - second) for first, second in points), level)
    return Gain(n, before, after, difference, Estimate(1 - ratio.value, 1 - ratio.high, 1 - ratio.low))


def ratio_of_paired(first: float, second: float, both: float, level: float = 0.95) -> Estimate:
    """How often the first happened for each time the second did, in pairs in which either, or both, may happen.

    first, second, both: counts of pairs; second above zero. Hybrid Wilson score interval (Bonett & Price 2006).
    """
    if second <= 0:
        raise ValueError("second must be above zero")
    n = first + second - both
    z = NormalDist().inv_cdf(0.5 + level / 2)
    apart = math.sqrt((first + second - 2 * both + 2) / ((first + 1) * (second + 1)))
    alone = [math.sqrt((1 - (count + 1) / (n + 2)) / (count + 1)) for count in (first, second)]
    z *= apart / sum(alone)

    def ends(count: float) -> tuple[float, float]:
        middle, half = 2 * count + z * z, z * math.sqrt(max(z * z + 4 * count * (1 - count / n), 0.0))
        return max((middle - half) / (2 * (n + z * z)), 0.0), (middle + half) / (2 * (n + z * z))

    (first_low, first_high), (second_low, second_high) = ends(first), ends(second)
    return Estimate(first / second, first_low / second_high, first_high / second_low)


def pairs(events: Iterable[Event] | None = None, questions: Mapping[str, Question] | None = None) -> list[Pair]:
    """The matched pairs of the first hand-ins of both forms; none while a form is missing."""
    events = log().counted() if events is None else events if isinstance(events, list) else list(events)
    known = catalogue() if questions is None else questions
    handed = {form: hand_in(form, events, known) for form in "AB"}
    order = {form: [item for item, one in known.items() if one.form == form] for form in "AB"}
    before, after = sorted("AB", key=lambda form: min((one.at for one in handed[form].values()), default=_LATE))
    return [
        Pair(known[first].objective, known[first].level, handed[before][first], handed[after][second])
        for first, second in zip(order[before], order[after], strict=False)
        if first in handed[before] and second in handed[after]
    ]


def luck(items: Iterable[str]) -> float:
    """The points that blind guessing would give on these questions, on average."""
    return sum(kind_of(item).luck(item) for item in map(bank.item, items))


def known_of(points: float, by_luck: float, questions: int) -> float:
    """Points corrected for chance: how many questions were known, if the others were guessed; at least none.

    points = known + (questions - known) * by_luck / questions.
    """
    return max((points - by_luck) / (1 - by_luck / questions), 0.0)


def chart(rows: Mapping[str, Gain], *, made_up: bool = False) -> Chart:
    """Points before and after, overall and by level, as shares of all points."""
    whole = next(iter(rows.values()))
    heights = {name: len(rows) - place for place, name in enumerate(rows)}
    marks: list[Mark] = []
    for name, found in rows.items():
        y = heights[name]
        ends = [100 * found.before / found.questions, 100 * found.after / found.questions]
        below = -20 if abs(ends[1] - ends[0]) < 24 else 20  # where the two names would meet, one goes under its dot
        marks.append(Span(f"way-{name}", "muted", ends[0], y, ends[1], y, 3))
        for when, points, share, colour, marker, dy in (
            ("before", found.before, ends[0], "orange", "o", 20),
            ("after", found.after, ends[1], "blue", "D", below),
        ):
            said, text = [f"{name}, {when}: {_of(points, found)}"], f"{when} {_points(points)}"
            marks.append(Dots(f"{when}-{name}", colour, [share], [y], marker, 12, when == "after", said))
            marks.append(Label(f"{when}-name-{name}", colour, share, y, text, 0, dy, _side(share), bold=True))
    if made_up:
        marks.append(Label("made-up", "orange", 100, 0.55, "made-up example", align="right", bold=True))
    title = f"{_of(whole.before, whole)} points before, {_of(whole.after, whole)} after"
    return Chart(
        "learning-gain-example" if made_up else "learning-gain",
        f"Made-up example: {title}" if made_up else title,
        Axes(
            "Share of all points (%)",
            (-4, 104),
            [0, 25, 50, 75, 100],
            "Questions",
            (0.4, len(rows) + 0.6),
            {heights[name]: f"{name} ({found.questions})" for name, found in rows.items()},
            left=112,
            right=16,
            grid="x",
        ),
        marks,
        " ".join(_in_words(name, found) for name, found in rows.items()),
        Table(
            "Made-up example: points before and after" if made_up else "Points before and after",
            ("Questions", "Before", "After", "Difference (95 % interval)", "Normalized gain (95 % interval)"),
            [
                (
                    f"{name} ({found.questions})",
                    _points(found.before),
                    _points(found.after),
                    f"{_signed(100 * found.difference.value)} ({_signed(100 * found.difference.low)} to "
                    f"{_signed(100 * found.difference.high)}) percentage points",
                    _normalised(found),
                )
                for name, found in rows.items()
            ],
        ),
        SOURCES,
        caveat=("A made-up example, nobody’s answers. " if made_up else "")
        + f"{whole.questions} questions are few: with other questions of the same kind, the result could lie anywhere "
        "in the interval, or now and then outside it. Some of a difference can be lucky guesses, or practice with the "
        "kind of question. It says nothing about how long you will remember.",
        height=110 + 84 * len(rows),
    )


def by_level(levels_and_points: Iterable[tuple[str, tuple[float, float]]]) -> dict[str, Gain]:
    """All, Core and Deeper, as far as there are questions."""
    found = list(levels_and_points)
    rows = {"All": [points for _, points in found]}
    for level in ("core", "deeper"):
        rows[level.capitalize()] = [points for each, points in found if each == level]
    return {name: gain_of(points) for name, points in rows.items() if points}


class GainView(Report):
    """The learner's gain, live; a made-up example elsewhere."""

    def __init__(self) -> None:
        example = by_level((level, (before, after)) for level, before, after in MADE_UP)
        super().__init__(
            "gain",
            "What did you gain?",
            "While the course runs, your two tests are compared here. This is a made-up example.",
            offline="The running course compares your two tests here. This is a made-up example.",
            example=[picture(chart(example, made_up=True))],
            cites=SOURCES,
        )

    def blocks(self) -> list[dict[str, Any]]:
        """The comparison, or which form is missing."""
        events = log().counted()
        known = catalogue()
        found = pairs(events, known)
        if not found:
            return _missing(events, known)
        rows = by_level((pair.level, pair.points) for pair in found)
        blocks = [picture(chart(rows)), words(_explained(rows["All"]))]
        blocks.append(words(_corrected(found, rows["All"])))
        sure = _sureness(found)
        if sure:
            blocks.append(words(sure))
        texts = {one.id: one.text for home in bank.banks() for one in home.objectives}
        blocks.append(
            table("Chapter by chapter", ("Chapter", "Before", "After", "Normalised gain"), _by_chapter(found))
        )
        blocks.append(
            words(
                f"Each form asks for {len(found)} of the course's {len(texts)} objectives, each by one question. One "
                "question cannot have an interval of its own, and the few of a chapter have wide ones."
            )
        )
        blocks.append(
            table(
                "Objective by objective",
                ("Objective", "Before", "After", "Change"),
                [
                    (
                        f"{pair.objective}: {texts.get(pair.objective, '')}".rstrip(": "),
                        _verdict(pair.before),
                        _verdict(pair.after),
                        _change(pair),
                    )
                    for pair in found
                ],
                fold=True,
            )
        )
        return blocks


def _by_chapter(found: Sequence[Pair]) -> list[tuple[str, ...]]:
    """Points before and after, and the gain with its interval, for the objectives of each chapter."""
    chapters: dict[str, list[tuple[float, float]]] = {}
    for pair in found:
        chapters.setdefault(pair.objective[1:].split(".")[0].zfill(2), []).append(pair.points)
    rows = []
    for chapter, points in sorted(chapters.items()):
        gain = gain_of(points)
        rows.append((chapter, _of(gain.before, gain), _of(gain.after, gain), _normalised(gain)))
    return rows


def _missing(events: list[Event], known: Mapping[str, Question]) -> list[dict[str, Any]]:
    if not any(hand_in(form, events, known) for form in "AB"):
        said = "Neither of the two tests was handed in yet."
        todo = "The test before the course is in chapter 00. The test after it is above."
    else:
        said = "One of the two tests was handed in, so there is nothing to compare yet."
        todo = "When you are through with the chapters, hand in the test above, then press the button."
    return [words(said, strong=True), words(todo)]


def _explained(found: Gain) -> str:
    if found.normalised is None:
        return (
            "Normalized gain is not defined here: you had every point before the course, so there was nothing left to "
            "gain on these questions."
        )
    if found.near_the_top:
        return (
            f"You had {_of(found.before, found)} points before the course: too near the top to tell how much you "
            "gained. The few points that were missing could come or go by luck."
        )
    missing = found.questions - found.before
    value, low, high = found.normalised
    won = found.after - found.before
    if won > 0:
        said = f"Of the {_points(missing)} points that you were missing before, you won {_points(won)}, net of losses"
    elif won < 0:
        said = f"You had {_points(-won)} points fewer than before"
    else:
        said = "You had as many points as before"
    verdict = (
        "The interval lies above zero, so chance in the choice of questions alone would seldom give such a gain."
        if low > 0
        else "The interval lies below zero."
        if high < 0
        else "The interval holds zero, so these questions cannot tell a gain from none."
    )
    interval = f"95{NBSP}% interval {_two(low)} to {_two(high)}"
    return f"{said}. That is a normalized gain of {_two(value)} ({interval}). {verdict}"


def _corrected(found: Sequence[Pair], whole: Gain) -> str:
    """Points before and after, without what luck gives."""
    by_luck = [luck(getattr(pair, side).item for pair in found) for side in ("before", "after")]
    knew = [
        known_of(points, chance, whole.questions)
        for points, chance in zip((whole.before, whole.after), by_luck, strict=True)
    ]
    return (
        f"Blind guessing would give about {by_luck[0]:.0f} points before and {by_luck[1]:.0f} after. Corrected for it, "
        f"you knew about {knew[0]:.0f} of {whole.questions} answers before and {knew[1]:.0f} after. The "
        "normalized gain stays the same: what luck adds, it adds on both sides of the ratio."
    )


def _sureness(found: Sequence[Pair]) -> str:
    """Sureness before and after, over the pairs where it was said both times."""
    both = [pair for pair in found if pair.before.sure is not None and pair.after.sure is not None]
    if not both:
        return ""
    means = [sum(getattr(pair, side).sure for pair in both) / len(both) for side in ("before", "after")]
    right = [100 * sum(pair.points[side] for pair in both) / len(both) for side in (0, 1)]
    return (
        f"Sureness: in the {len(both)} question{'s' if len(both) > 1 else ''} where you said it both times, it was "
        f"{means[0]:.0f}{NBSP}% on average before (points won: {right[0]:.0f}{NBSP}%) and {means[1]:.0f}{NBSP}% after "
        f"(points won: {right[1]:.0f}{NBSP}%)."
    )


def _verdict(each: Try) -> str:
    sure = f", {each.sure}{NBSP}% sure" if each.sure is not None else ""
    return {"right": "right", "partly": "partly right", "wrong": "not right"}[each.verdict] + sure


def _change(pair: Pair) -> str:
    before, after = pair.points
    return "▲ better" if after > before else "▼ worse" if after < before else "same"


def _in_words(name: str, found: Gain) -> str:
    said = f"{name}: {_of(found.before, found)} points before, {_of(found.after, found)} after; normalized gain "
    return f"{said}{_normalised(found, f'95{NBSP}% interval ')}."


def _normalised(found: Gain, lead: str = "") -> str:
    if found.normalised is None:
        return "not defined (nothing was missing before)"
    if found.near_the_top:
        return "too near the top to tell"
    value, low, high = found.normalised
    return f"{_two(value)} ({lead}{_two(low)} to {_two(high)})"


def _side(percent: float) -> str:
    return "left" if percent < 14 else "right" if percent > 86 else "center"


def _of(points: float, found: Gain) -> str:
    return f"{_points(points)} of {found.questions}"


def _points(points: float) -> str:
    """9, or 9½."""
    whole = int(points)
    return f"{whole or ''}½" if points - whole >= 0.25 else str(whole)


def _two(value: float) -> str:
    return f"{value:.2f}".replace("-", "\u2212")


def _signed(value: float) -> str:
    return f"{value:+.0f}".replace("-", "\u2212")
