"""How sure a trial can be, and how the kind of control goes with what both groups report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...display import Axes, Chart, ChartView, Dots, Label, Line, Mark, Span, Table, row_axes, row_height
from ...evidence import table
from ...evidence.records import Trial
from ...models import trials as model
from .rows import (
    CONTROLLED,
    COUNTING,
    DEPRESSION_SCALE,
    NBSP,
    REVIEW,
    benefit,
    by_control,
    chosen,
    compared,
    effect_verified,
    interval_text,
    parameter,
    people,
    shares,
    short,
    source_label,
    sources,
    unverified,
    verified,
)

CURVE_PEOPLE = np.unique(np.round(np.geomspace(6, 500, 60)))
PEOPLE_TICKS = {6: "6", 10: "10", 20: "20", 50: "50", 100: "100", 200: "200", 500: "500"}
FEW_PEOPLE = 12
WIDEST = 32
# Where a name has room beside its dot (pixels right, pixels up, alignment); the others say theirs when reached.
NAME_PLACES = {
    "EV19": (11, 6, "left"),
    "EV20": (-11, -9, "right"),
    "EV03": (4, 24, "left"),
    "EV18": (11, 4, "left"),
}


def interval_width(ids: Sequence[str] | None = None) -> ChartView:
    """Expected width of the 95 % interval by number of people, with the real trials' widths as dots."""
    default = [trial for trial in table(Trial) if trial.effect_measure == DEPRESSION_SCALE and trial.n]
    trials = [trial for trial in chosen(ids, default) if trial.low is not None and trial.n and _on_scale(trial)]
    if not trials:
        raise ValueError("None of these trials has an interval in MADRS points. Leave ids out for those that have.")
    sd, correlation = parameter("sd_of_change"), parameter("correlation_between_visits")
    curves = {
        design: model.width_of_interval(CURVE_PEOPLE, sd.value, design, correlation.value)
        for design in ("parallel", "crossover")
    }
    widths = {trial.id: trial.high - trial.low for trial in trials}
    few, many = FEW_PEOPLE, 4 * FEW_PEOPLE
    narrow = [model.width_of_interval(n, sd.value, "parallel") for n in (few, many)]
    return ChartView(
        Chart(
            "interval-width",
            "Four times as many people halve the width of a trial’s interval",
            Axes(
                "People in the trial (log scale)",
                (6, 620),
                PEOPLE_TICKS,
                "Width of the 95 % interval (MADRS points)",
                (0, 34),
                [0, 10, 20, 30],
                x_scale="log",
                right=20,
            ),
            [
                *(
                    Line(name, colour, CURVE_PEOPLE[width <= WIDEST], width[width <= WIDEST], dash)
                    for name, colour, width, dash in (
                        ("two-groups", "ink", curves["parallel"], "solid"),
                        ("crossover", "muted", curves["crossover"], "dashed"),
                    )
                ),
                Label("two-groups-name", "ink", 13, 30, "expected, two groups", -20),
                Label("crossover-name", "muted", 6.3, 3.6, "expected, each person has both", 0),
                *(mark for trial in trials for mark in _width_marks(trial, widths[trial.id])),
            ],
            f"By the model, {few} people in two groups give an interval {narrow[0]:.0f} points wide and {many} people "
            f"one {narrow[1]:.0f} points wide: four times as many people, half the width or less. "
            + "; ".join(f"{trial.name} ({people(trial)}): {widths[trial.id]:.1f} points" for trial in trials)
            + ".",
            Table(
                "Width of the 95 % interval",
                ("Trial", "People", "Interval", "Width", "How we know it", "Source", "Row"),
                [
                    (
                        trial.name,
                        people(trial),
                        interval_text(benefit(trial)),
                        f"{widths[trial.id]:.1f}{NBSP}points",
                        trial.effect_check,
                        source_label(trial),
                        trial.id,
                    )
                    for trial in trials
                ],
            ),
            [*sources(trials), sd.source],
            height=400,
            caveat=f"The curves assume a standard deviation of {sd.value:g} points (our arithmetic from one trial) "
            f"and, where each person has both treatments, a correlation of {correlation.value:g} (our choice). "
            "A narrow interval is not a true one: bias does not shrink with numbers. Hollow: from memory.",
        )
    )


def _on_scale(trial) -> bool:
    return trial.effect_measure == DEPRESSION_SCALE


def _width_marks(trial, width: float) -> list[Mark]:
    text = f"{trial.name}, {people(trial)}: {width:.1f} points{unverified(trial)}"
    marks: list[Mark] = [Dots(f"dot-{trial.id}", "blue", [trial.n], [width], "D", 11, effect_verified(trial), [text])]
    if trial.id in NAME_PLACES:
        dx, dy, align = NAME_PLACES[trial.id]
        marks.append(Label(f"name-{trial.id}", "blue", trial.n, width, trial.name, dx, dy, align))
    return marks


def response_by_control(ids: Sequence[str] | None = None) -> ChartView:
    """Share that got better with ketamine and with its control, grouped by the kind of control."""
    default = [
        trial
        for trial in table(Trial)
        if trial.percent_control is not None
        and trial.question in ("efficacy", "comparison")
        and trial.design in CONTROLLED
        and trial.design != REVIEW
    ]
    trials = [
        trial
        for trial in chosen(ids, sorted(default, key=by_control))
        if trial.percent_control is not None and trial.percent_ketamine is not None
    ]
    if not trials:
        raise ValueError("None of these trials has percentages for both groups. Leave ids out for those that have.")
    heights = {trial.id: len(trials) - place for place, trial in enumerate(trials)}
    ranges: dict[Any, Any] = {}
    for trial in trials:
        ranges.setdefault(trial.control, []).append(trial.percent_control)
    said = "; ".join(
        f"{control} {min(values):.0f}{NBSP}%" + (f" to {max(values):.0f}{NBSP}%" if len(values) > 1 else "")
        for control, values in ranges.items()
    )
    return ChartView(
        Chart(
            "response-by-control",
            _control_title(ranges),
            row_axes(
                "Share that got better, by the trial's own rule (%)",
                (-2, 122),
                [0, 25, 50, 75, 100],
                [f"{trial.name}, {compared(trial)}\n{short(trial.control)}" for trial in trials],
                head=0.4,
            ),
            [
                *(mark for trial in trials for mark in _share_marks(trial, heights[trial.id])),
                Dots("key-control", "muted", [0], [len(trials) + 1.1], "D", 11),
                Label("key-control-name", "muted", 0, len(trials) + 1.1, "control group", 10, bold=True),
                Dots("key-ketamine", "blue", [40], [len(trials) + 1.1], "o", 11),
                Label("key-ketamine-name", "blue", 40, len(trials) + 1.1, "ketamine or esketamine", 10, bold=True),
            ],
            f"In the control groups this share got better: {said}. Ketamine's share ranged from "
            f"{min(trial.percent_ketamine for trial in trials):.0f}{NBSP}% to "
            f"{max(trial.percent_ketamine for trial in trials):.0f}{NBSP}%. The trials differ in conditions, people, "
            "doses, times and rules, so this is a pattern to question, not a proof.",
            Table(
                "Share that got better, by kind of control",
                (
                    "Trial",
                    "Condition",
                    "Control",
                    "What was counted",
                    "Ketamine",
                    "Control group",
                    "Difference (95 % interval)",
                    "Source",
                    "Row",
                ),
                [
                    (
                        trial.name,
                        trial.indication,
                        trial.control,
                        trial.percent_of,
                        f"{trial.percent_ketamine:g}{NBSP}%",
                        f"{trial.percent_control:g}{NBSP}%",
                        interval_text(shares(trial)) + " points",
                        source_label(trial),
                        trial.id,
                    )
                    for trial in trials
                ],
            ),
            sources(trials),
            height=row_height(len(trials) + 0.4, 44),
            subtitle="People with depression or another condition; trial, people in each group, and its control. "
            "Numbers: ketamine minus control.",
            caveat="Each trial counts by a rule of its own: response, remission, or feeling better; the table says "
            "which, and in which condition. Two numbers of people are the two groups, ketamine first. "
            "Intervals are as published, or worked out here from group sizes, where "
            f"these are known. AD: an antidepressant, which both groups took. {COUNTING}",
        )
    )


def _control_title(ranges: dict[Any, list[float]]) -> str:
    """Whether people in control groups got better, from the smallest to the largest share."""
    shares = [share for values in ranges.values() for share in values]
    if len(shares) < 2:
        return f"With {next(iter(ranges))} as control, {shares[0]:.0f}{NBSP}% got better"
    return (
        f"In control groups, {min(shares):.0f} to {max(shares):.0f}{NBSP}% of people got better, "
        "depending on the control and on what is counted"
    )


def _share_marks(trial, y: float) -> list[Mark]:
    label = f"{trial.name}, {trial.percent_of}"
    gap = trial.percent_ketamine - trial.percent_control
    rule = trial.percent_of if trial.percent_of in ("response", "remission") else "own rule"
    return [
        Span(f"gap-{trial.id}", "edge", trial.percent_control, y, trial.percent_ketamine, y, 3, opacity=0.6),
        Dots(
            f"control-{trial.id}",
            "muted",
            [trial.percent_control],
            [y],
            "D",
            11,
            verified(trial),
            [f"{label}, control {trial.percent_control:g}{NBSP}%"],
        ),
        Dots(
            f"ketamine-{trial.id}",
            "blue",
            [trial.percent_ketamine],
            [y],
            "o",
            11,
            verified(trial),
            [f"{label}, ketamine {trial.percent_ketamine:g}{NBSP}%"],
        ),
        Label(
            f"gap-text-{trial.id}",
            "muted",
            max(trial.percent_ketamine, trial.percent_control),
            y,
            f"{gap:+.0f}, {rule}".replace("-", "−"),
            12,
        ),
    ]
