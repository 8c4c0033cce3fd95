"""How soon an effect shows and how it goes on: shares after one dose, and differences while doses go on."""

from __future__ import annotations

from collections.abc import Sequence

from ...display import Area, Axes, Chart, ChartView, Dots, Label, Line, Mark, Span, Table
from ...evidence import nearest, reference, table
from ...evidence.records import TimeCourse
from ...models.trials import Estimate
from .rows import DEPRESSION_SCALE, NBSP, interval_text, parameter, people, sources

DAY = 24
HOUR_TICKS = {2: "2 h", 4: "4 h", 24: "1 d", 168: "7 d", 576: "24 d"}
DODGE = 1.06  # series stand side by side where they share a time
COLOURS = ("blue",)
MARKERS = ("o", "s", "D", "^")
DASHES = ("solid", "dashed", "dotted", "solid")


def one_dose_fades(series: str | None = None) -> ChartView:
    """Share of the people given ketamine who were responders on the days after one dose.

    series: a value of that column of `data/time_courses.csv`; the first with shares if not given.
    """
    rows = _one(series, [row for row in table(TimeCourse) if row.measure == "response"])
    name, days = rows[0].series, [row.hours / DAY for row in rows]
    shares = [row.percent_ketamine for row in rows]
    said = [f"{_when(row.hours)}: {row.percent_ketamine:g}{NBSP}%" for row in rows]
    return ChartView(
        Chart(
            "one-dose-fades",
            "Of people given one dose, fewer are responders a week later",
            Axes(
                "Days after the dose",
                (0, 9.4),
                {day: f"{day:g}" for day in days},
                "People who responded (%)",
                (0, 65),
                [0, 20, 40, 60],
            ),
            [
                Line("line-ketamine", "blue", days, shares),
                Dots("dots-ketamine", "blue", days, shares, "o", 12, True, [f"ketamine, {text}" for text in said]),
                Label("name-ketamine", "blue", days[-1], shares[-1], "ketamine", 14, 0, "left", True),
                *(
                    Label(
                        f"share-{row.id}", "ink", day, row.percent_ketamine, f"{row.percent_ketamine:.0f}{NBSP}%", 2, 18
                    )
                    for row, day in zip(rows, days, strict=True)
                ),
            ],
            f"{name}, {people(rows[0])}. Of those who had one dose of ketamine these shares were responders on "
            + "; ".join(said)
            + ". The share falls with each look.",
            Table(
                f"Responders after one dose of ketamine: {name.lower()}",
                ("Time", "Ketamine", "Source", "Row"),
                [
                    (_when(row.hours), f"{row.percent_ketamine:g}{NBSP}%", reference(row.source).label, row.id)
                    for row in rows
                ],
            ),
            sources(rows),
            height=330,
            caveat="Ketamine groups only; the review's abstract gives no share for placebo. So the chart does not show "
            "how much was due to the drug. Nobody was measured between the dots.",
        )
    )


def onset_curves(series: Sequence[str] | None = None) -> ChartView:
    """Difference from control at each time that was read, for trials measured at several times.

    series: values of that column of `data/time_courses.csv`; all with a difference in points if not given.
    """
    rows = [row for row in table(TimeCourse) if row.measure == DEPRESSION_SCALE]
    known = list(dict.fromkeys(row.series for row in rows))
    names = list(series) if series is not None else known
    for name in names:
        if name not in known:
            raise ValueError(f"There is no series {name!r} in points. {nearest(name, known)}")
    if not names:
        raise ValueError("series is empty. Leave it out for all of them.")
    low, high = parameter("important_difference_low"), parameter("important_difference_high")
    found = {name: [row for row in rows if row.series == name] for name in names}
    span = (1.5, 800)
    marks: list[Mark] = [
        Area("matters", "muted", span, [low.value] * 2, [high.value] * 2, 0.14),
        Label("matters-name", "muted", span[0], low.value, "band: a difference that matters", 6, -10),
        Span("none", "ink", span[0], 0, span[1], 0, 1.5),
    ]
    for place, name in enumerate(names):
        marks += _series_marks(found[name], place, DODGE ** (2 * place - len(names) + 1))
    return ChartView(
        Chart(
            "onset-curves",
            "The effect shows within hours; how large it is differs between trials",
            Axes(
                "Time after the first dose (log scale)",
                span,
                HOUR_TICKS,
                "MADRS points in favor of esketamine",
                (-1.5, 18.5),
                [0, 5, 10, 15],
                x_scale="log",
                right=140,
            ),
            marks,
            " ".join(
                f"{name} ({people(found[name][0])}, repeated doses): "
                + "; ".join(f"{_when(row.hours)}, {-row.effect:.1f} points" for row in found[name])
                + "."
                for name in names
            )
            + f" Estimates of the smallest difference that matters run from {low.value:g} to {high.value:g} points.",
            Table(
                "Difference from control; above zero favors esketamine",
                ("Series", "Time", "Difference (95 % interval)", "Control", "How we know it", "Source", "Row"),
                [
                    (
                        row.series,
                        _when(row.hours),
                        f"{interval_text(_benefit(row))} points",
                        row.control,
                        row.effect_check,
                        reference(row.source).label,
                        row.id,
                    )
                    for name in names
                    for row in found[name]
                ],
            ),
            [*sources([row for name in names for row in found[name]]), low.source, high.source],
            height=400,
            subtitle="People with depression on the esketamine spray and an antidepressant, against a placebo spray.",
            caveat="People in these trials went on having doses, so a line that stays up does not show that one dose "
            "lasts. The small trial compared 12 people with 33; small trials tend to show larger effects.",
        )
    )


def _one(series: str | None, rows: list) -> list:
    known = list(dict.fromkeys(row.series for row in rows))
    name = known[0] if series is None else series
    if name not in known:
        raise ValueError(f"There is no series {name!r} of shares. {nearest(name, known)}")
    return [row for row in rows if row.series == name]


def _benefit(row):
    """The effect turned so that above zero favors ketamine."""
    return Estimate(-row.effect, -row.high, -row.low)


def _series_marks(rows, place: int, factor: float) -> list[Mark]:
    colour, marker, dash = (kinds[place % len(kinds)] for kinds in (COLOURS, MARKERS, DASHES))
    name = rows[0].series
    x, y = [row.hours * factor for row in rows], [-row.effect for row in rows]
    labels = [
        f"{name}, {_when(row.hours)}: {interval_text(_benefit(row))} points in favor of esketamine" for row in rows
    ]
    return [
        Line(f"line-{name}", colour, x, y, dash),
        *(
            Span(f"interval-{row.id}", colour, at, -row.high, at, -row.low, 2, "solid", True)
            for row, at in zip(rows, x, strict=True)
        ),
        Dots(f"dots-{name}", colour, x, y, marker, 12, True, labels),
        Label(f"name-{name}", colour, x[-1], y[-1], f"{name},\n{people(rows[0])}", 14, 0, "left", True),
    ]


def _when(hours: float) -> str:
    return f"{hours:g}{NBSP}h" if hours < DAY else f"day{NBSP}{hours / DAY:g}"
