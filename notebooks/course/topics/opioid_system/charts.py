"""Six readings of one result, held against what was found."""

from __future__ import annotations

from collections.abc import Sequence

from ...display import Axes, Chart, ChartView, Dots, Label, Mark, Span, Table
from ...models.trials import wilson_interval
from ..trials.rows import NBSP, in_people, people, source_label
from .rows import SILENT, chosen, findings, fit_of, fits, mark_of, sources, two_lines

ROW_PX = 44


def readings(names: Sequence[str] | None = None) -> ChartView:
    """Every finding against every reading of "naltrexone reduced the effect": fits, against or silent.

    names: values of the column `reading` of `data/readings.csv`; all if not given. Raises `ValueError` for others.
    """
    columns, rows = chosen(names), findings()
    heights = {found.id: len(rows) - place for place, found in enumerate(rows)}
    marks: list[Mark] = [
        Label(
            f"head-{reading.reading}", "ink", place, len(rows) + 0.9, f"{place + 1}\n{reading.name}", -7, 20, bold=True
        )
        for place, reading in enumerate(columns)
    ]
    for found in rows:
        for place, reading in enumerate(columns):
            fit, y = fit_of(reading, found), heights[found.id]
            words, marker, filled, colour = mark_of(fit)
            name = f"{found.id}-{reading.reading}"
            said = f"{reading.name}: {fit}. {fits()[reading.id, found.id].reason}" if fit != SILENT else ""
            marks.append(Dots(name, colour, [place], [y], marker, 11 if said else 7, filled, [said] if said else []))
            if said:
                marks.append(Label(f"{name}-says", colour, place, y, words, 9, bold=True))
    for place in range(1, len(rows)):
        marks.append(Span(f"rule-{place}", "line", -0.1, place + 0.8, len(columns) - 0.1, place + 0.8, 1))
    main = rows[0]
    agreeing = sum(fit_of(reading, main) == "fits" for reading in columns)
    return ChartView(
        Chart(
            "readings",
            f"The main result fits {agreeing} of {len(columns)} readings, so it cannot choose between them",
            Axes(
                "",
                (-0.1, len(columns) - 0.1),
                [],
                "",
                (0.6, len(rows) + 0.9),
                {heights[found.id]: two_lines(found).replace("\n", " ") for found in rows},
                left=2,
                right=2,
                top=44,
                bottom=6,
                grid="",
                names="above",
            ),
            marks,
            " ".join(_said(reading, place + 1) for place, reading in enumerate(columns))
            + " All other pairs are silent.",
            Table(
                "Findings, and the readings that they fit or speak against",
                ("Finding", "What was found", "Fits", "Speaks against", "Source", "Row"),
                [
                    (
                        two_lines(found).replace("\n", " "),
                        found.statement,
                        _why(columns, found, "fits"),
                        _why(columns, found, "against"),
                        source_label(found),
                        found.id,
                    )
                    for found in rows
                ],
            ),
            sources([*rows, *columns]),
            height=50 + ROW_PX * len(rows),
            subtitle="Each finding in people or animals, beside six explanations. An empty square: silent.",
            caveat="What was found is from the sources. What fits what is reasoned by this course, and another reader "
            "may mark a cell otherwise. Silent means that the finding does not bear on the reading. Do not add up "
            "cells: they do not weigh the same, and two readings can hold together.",
        )
    )


def _said(reading, number: int) -> str:
    """'1 Switch (direct agonism): 2 fit, 3 against.'"""
    kinds = [fit_of(reading, found) for found in findings()]
    fitting, against = kinds.count("fits"), kinds.count("against")
    return f"{number} {reading.name} ({reading.term}): {fitting} fit, {against} against."


def _why(columns, found, fit: str) -> str:
    said = [
        f"{reading.name}: {fits()[reading.id, found.id].reason}" for reading in columns if fit_of(reading, found) == fit
    ]
    return " ".join(said) or "none"


MOOD_ROWS = ("EV21", "EV25", "EV27")
MEASURES = {"percentage points": "points of 100 people", "standard deviations": "standard deviations"}


def naltrexone_effects() -> ChartView:
    """How much naltrexone took away, where a source gives or allows a size: shares with intervals, and differences."""
    trials = [found for found in in_people() if found.id in MOOD_ROWS]
    shared = [found for found in trials if found.percent_ketamine is not None and found.percent_control is not None]
    lines = [
        (found, words, percent, found.n)
        for found in shared
        for words, percent in (("after placebo", found.percent_ketamine), ("after naltrexone", found.percent_control))
    ]
    others = [found for found in trials if found not in shared]
    height = {place: len(lines) + len(others) - place for place in range(len(lines) + len(others))}
    marks: list[Mark] = []
    names: dict[float, str] = {}
    cells = []
    for place, (found, words, percent, n) in enumerate(lines):
        y, blocked = height[place], words == "after naltrexone"
        colour, marker = ("ink", "D") if blocked else ("blue", "o")
        events = round(percent * n / 100)
        low, high = (100 * end for end in wilson_interval(events, n)[1:])
        said = f"{events} of {n:.0f}: {100 * events / n:.0f}{NBSP}% ({low:.0f} to {high:.0f}{NBSP}%)"
        names[y] = f"{found.name}\n{words}"
        marks += [
            Span(f"interval-{place}", colour, low, y, high, y, 4, "dashed" if blocked else "solid", caps=True),
            Dots(f"share-{place}", colour, [100 * events / n], [y], marker, 12, not blocked, [f"{found.name}, {said}"]),
            Label(f"says-{place}", colour, max(high, 1), y, said.replace(": ", "\n"), 10, bold=True),
        ]
        cells.append((found.name, words, said, "Wilson's interval, ours", source_label(found), found.id))
    for place, found in enumerate(others, len(lines)):
        y = height[place]
        said = _difference(found)
        names[y] = f"{found.name}\n{people(found)}"
        marks.append(Label(f"says-{place}", "ink", 0, y, said, 4))
        cells.append((found.name, "difference", said, found.result, source_label(found), found.id))
    return ChartView(
        Chart(
            "naltrexone-effects",
            "; ".join(
                f"In {first[0]}, {first[2].split(':')[0]} responded after placebo and {second[2].split(':')[0]} after "
                "naltrexone"
                for first, second in zip(cells[: len(lines) : 2], cells[1 : len(lines) : 2], strict=True)
            ),
            Axes(
                "People who responded to ketamine (%)",
                (-2, 160),
                (0, 25, 50, 75, 100),
                "",
                (0.4, len(height) + 0.6),
                names,
                left=186,
                right=8,
                top=6,
                grid="x",
            ),
            marks,
            "; ".join(f"{name}, {words}: {said}" for name, words, said, *_ in cells) + ".",
            Table(
                "How much naltrexone took away",
                ("Trial", "What is compared", "Size (95 % interval)", "How it is known", "Source", "Row"),
                cells,
            ),
            [found.source for found in trials],
            height=64 + 50 * len(height),
            caveat="Twelve people met both days, so both shares at Stanford are of the same people, and the trial was "
            "stopped at an early look: expect a later one to find less. Standard deviations at London are our "
            "arithmetic from its F value. Never stop naltrexone, buprenorphine or methadone because of this course.",
        )
    )


def _difference(found) -> str:
    """The size of a difference in words, or that no size was read."""
    if found.effect is None:
        return "no difference between groups;\nno size was read"
    low, high = sorted((abs(found.low), abs(found.high)))
    return (
        f"gained {abs(found.effect):.2f} {MEASURES[found.effect_measure]} less\n"
        f"({low:.2f} to {high:.2f}, our arithmetic)"
    )
