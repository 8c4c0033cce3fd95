"""Six readings of one result, held against what was found."""

from __future__ import annotations

from collections.abc import Sequence

from ...display import Axes, Chart, ChartView, Dots, Label, Mark, Table
from ..trials.rows import source_label
from .rows import SILENT, chosen, findings, fit_of, fits, mark_of, sources, two_lines

ROW_PX = 50


def readings(names: Sequence[str] | None = None) -> ChartView:
    """Every finding against every reading of "naltrexone reduced the effect": fits, against or silent.

    names: values of the column `reading` of `data/readings.csv`; all if not given. Raises `ValueError` for others.
    """
    columns, rows = chosen(names), findings()
    heights = {found.id: len(rows) - place for place, found in enumerate(rows)}
    marks: list[Mark] = [
        Label(
            f"head-{reading.reading}",
            "ink",
            place,
            len(rows) + 0.5,
            f"{place + 1}\n{reading.name}",
            0,
            18,
            "center",
            True,
        )
        for place, reading in enumerate(columns)
    ]
    for found in rows:
        for place, reading in enumerate(columns):
            fit, y = fit_of(reading, found), heights[found.id]
            words, marker, filled, colour = mark_of(fit)
            name = f"{found.id}-{reading.reading}"
            said = f"{reading.name}: {fit}. {fits()[reading.id, found.id].reason}" if fit != SILENT else ""
            marks += [
                Dots(name, colour, [place], [y + 0.2], marker, 12 if said else 8, filled, [said] if said else []),
                Label(f"{name}-says", colour, place, y, words, 0, -11, "center", bold=bool(said)),
            ]
    main = rows[0]
    agreeing = sum(fit_of(reading, main) == "fits" for reading in columns)
    return ChartView(
        Chart(
            "readings",
            f"The main result fits {agreeing} of {len(columns)} readings, so it cannot choose between them",
            Axes(
                "",
                (-0.5, len(columns) - 0.5),
                [],
                "",
                (0.4, len(rows) + 0.5),
                {heights[found.id]: two_lines(found) for found in rows},
                left=188,
                right=6,
                top=50,
                bottom=12,
                grid="x",
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
            width=640,
            height=70 + ROW_PX * len(rows),
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
