"""Calibration: how often the learner was right when she said that she was sure.

First tries only, with a stated sureness, and not after the answer had been shown. Partly right counts as not right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..display import Axes, Chart, Dots, Label, Line, Mark, Span, Table
from ..models.trials import wilson_interval
from ..quiz import bank, places
from ..quiz.grading import SURENESS
from ..quiz.words import plain
from ..record import Event, log
from .answers import Question, Try, catalogue, first_tries
from .report import Link, Report, picture, table, words

NEEDED = 5  # answers with a stated sureness, before anything is drawn
ENOUGH = 3  # answers at one sureness, before the title speaks of it
CONFIDENT = 75  # from here on, a miss is a confident error
LONGEST = 110  # characters of a question in the list of confident errors
SOURCES = ("wilson1927",)
# What the stored and offline forms show: sureness -> (right, answers). Nobody's answers.
MADE_UP = {25: (2, 6), 50: (5, 9), 75: (8, 12), 95: (7, 10)}
NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Level:
    """Answers given with one sureness. sure, and the Wilson 95 % interval of the share right: percent."""

    sure: int
    right: int
    answers: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Percent that were right."""
        return 100 * self.right / self.answers


def levels(counts: Mapping[int, tuple[int, int]]) -> list[Level]:
    """From sureness -> (right, answers); what nobody said is left out."""
    found = []
    for sure in SURENESS:
        right, answers = counts.get(sure, (0, 0))
        if answers:
            _, low, high = wilson_interval(right, answers)
            found.append(Level(sure, right, answers, 100 * low, 100 * high))
    return found


def stated(events: Iterable[Event] | None = None) -> list[Try]:
    """First tries for which the learner said how sure she was."""
    return [each for each in first_tries(events).values() if each.sure is not None and not each.shown]


def counts_of(said: Iterable[Try]) -> dict[int, tuple[int, int]]:
    """Sureness -> (right, answers)."""
    found: dict[int, tuple[int, int]] = {}
    for each in said:
        right, answers = found.get(each.sure, (0, 0))
        found[each.sure] = (right + (each.verdict == "right"), answers + 1)
    return found


def confident_errors(events: Iterable[Event] | None = None) -> list[Try]:
    """Missed at the first try with a sureness of at least 75 %; the surest first, then the newest."""
    found = [each for each in stated(events) if each.verdict != "right" and each.sure >= CONFIDENT]
    return sorted(found, key=lambda each: (-each.sure, -each.at.timestamp(), each.item))


def axes(sureness: str) -> Axes:
    """Share right, in percent, over the stated sureness. sureness: the title of that axis."""
    ticks = {sure: f"{name}\n{sure} %" for sure, name in SURENESS.items()}
    return Axes(sureness, (0, 104), ticks, "Share right (%)", (0, 110), [0, 25, 50, 75, 100], bottom=72, left=48)


def chart(found: list[Level], *, made_up: bool = False) -> Chart:
    """Said sureness against the share right. Raises `ValueError` without any answers."""
    if not found:
        raise ValueError("There are no answers with a stated sureness yet.")
    marks: list[Mark] = [
        Line("diagonal", "muted", [0, 100], [0, 100], "dashed", 2),
        Label("diagonal-name", "muted", 1, 34, "right as often\nas you said"),
    ]
    for level in found:
        n = f"{level.right} of {level.answers}"
        text = (
            f"“{SURENESS[level.sure]}”, {level.sure} %: {n} right, {level.share:.0f} % "
            f"(95 % interval {level.low:.0f} to {level.high:.0f} %)"
        )
        marks += [
            Span(f"interval-{level.sure}", "blue", level.sure, level.low, level.sure, level.high, 2.5, caps=True),
            Dots(f"dot-{level.sure}", "blue", [level.sure], [level.share], "o", 12, True, [text]),
            Label(f"n-{level.sure}", "blue", level.sure, level.high, n, 0, 12, "center", bold=True),
        ]
    if made_up:
        marks.append(Label("made-up", "orange", 98, 5, "made-up example", align="right", bold=True))
    return Chart(
        "calibration-example" if made_up else "calibration",
        ("Made-up example: " if made_up else "") + _message(found, "this learner" if made_up else "you"),
        axes("How sure you said you were"),
        marks,
        _description(found),
        Table(
            "Made-up example: answers by sureness" if made_up else "Your first tries by sureness",
            ("Said", "Answers", "Right", "Share right", "95 % interval"),
            [
                (
                    f"{SURENESS[level.sure]} ({level.sure}{NBSP}%)",
                    str(level.answers),
                    str(level.right),
                    f"{level.share:.0f}{NBSP}%",
                    f"{level.low:.0f} to {level.high:.0f}{NBSP}%",
                )
                for level in found
            ],
        ),
        SOURCES,
        caveat=("A made-up example, nobody’s answers. " if made_up else "")
        + "Few answers make wide intervals. Where the interval crosses the dashed line, the gap may be chance.",
        height=400,
    )


class CalibrationView(Report):
    """The learner's calibration, live; a made-up example elsewhere."""

    def __init__(self) -> None:
        super().__init__(
            "calibration",
            "How sure were you?",
            "While the course runs, your own answers are drawn here. This is a made-up example.",
            offline="The running course draws your own answers here. This is a made-up example.",
            example=[picture(chart(levels(MADE_UP), made_up=True))],
            cites=SOURCES,
        )

    def blocks(self) -> list[dict[str, Any]]:
        """The chart and the confident errors, or how many answers are missing."""
        events = log().counted()
        said = stated(events)
        if len(said) < NEEDED:
            missing = NEEDED - len(said)
            return [
                words(f"{missing} more answer{'s are' if missing > 1 else ' is'} needed for this chart.", strong=True),
                words(
                    "Before you check an answer, say how sure you are. Only the first try of a question counts here. "
                    f"So far you said it {len(said)} time{'' if len(said) == 1 else 's'}."
                ),
            ]
        found = [picture(chart(levels(counts_of(said))))]
        missed = confident_errors(events)
        if missed:
            known = catalogue()
            rows = [(_question(each), SURENESS[each.sure], where(each.item, known)) for each in missed]
            found.append(words(f"Sure, and missed: {len(missed)}. These are worth most of your time.", strong=True))
            found.append(table("Questions that you missed while sure", ("Question", "You said", "Read again"), rows))
        return found


def where(item: str, known: Mapping[str, Question]) -> str | Link:
    """Where to read again: chapter and section. For a question of a form, where its objective is taught."""
    asked = known.get(item)
    if asked is None:
        return ""
    taught = next((one for one in known.values() if one.objective == asked.objective and not one.form), asked)
    place = taught if asked.form else asked
    anchor = place.section.split("#")[-1]
    if not anchor:
        return f"chapter {place.chapter[:2]}"
    return Link(f"chapter {place.chapter[:2]}, “{places.title(place.chapter, anchor)}”", place.chapter, anchor)


def _question(each: Try) -> str:
    try:
        text = plain(bank.item(each.item).stem)
    except KeyError:
        return each.item  # from a record of another version of the course
    return text if len(text) <= LONGEST else text[: text.rfind(" ", 0, LONGEST)] + " …"


def _message(found: list[Level], who: str) -> str:
    """About the highest sureness that was said often enough, else the one that was said most."""
    often = [level for level in found if level.answers >= ENOUGH]
    level = often[-1] if often else max(found, key=lambda each: each.answers)
    name, n = SURENESS[level.sure], f"{level.right} of {level.answers}"
    if level.sure == 25:
        return f"When {who} said “a guess”, {n} answers were right"
    return f"When {who} said “{name}”, {n} answers were right"


def _description(found: list[Level]) -> str:
    answers = sum(level.answers for level in found)
    said = sum(level.sure * level.answers for level in found) / answers
    right = 100 * sum(level.right for level in found) / answers
    parts = [
        f"“{SURENESS[level.sure].capitalize()}” ({level.sure}{NBSP}%): {level.right} of {level.answers} right, "
        f"95{NBSP}% interval {level.low:.0f} to {level.high:.0f}{NBSP}%{_reading(level)}."
        for level in found
    ]
    whole = (
        f"Over all {answers} answers: {said:.0f}{NBSP}% sure on average, {right:.0f}{NBSP}% right. "
        "A dot under the dashed line: right less often than said. A dot above it: right more often."
    )
    return " ".join([*parts, whole])


def _reading(level: Level) -> str:
    if level.high < level.sure:
        return ", right less often than said, by more than chance would often give"
    if level.low > level.sure:
        return ", right more often than said, by more than chance would often give"
    return ""
