"""One reading of the naltrexone trials at a time, held against what was found; with a guess before it."""

from __future__ import annotations

import textwrap

from ...display import Axes, Chart, Control, Dots, Explorer, Label, Mark, Pick, PredictionView, Table
from ...evidence import sources_of
from ..trials.rows import source_label
from .rows import (
    SILENT,
    chosen,
    findings,
    fit_of,
    fits,
    mark_of,
    readings_by_id,
    sources,
    two_lines,
)

WRAP = 58  # letters of a reason that fit on a line
ROW_PX = 50


def draw_reading(reading: str) -> Chart:
    """Every finding beside one reading, with the reason why it fits or speaks against it.

    reading: a value of the column `reading` of `data/readings.csv`.
    """
    (held,) = chosen([reading])
    rows = findings()
    heights = {found.id: len(rows) - place for place, found in enumerate(rows)}
    marks: list[Mark] = []
    for found in rows:
        fit = fit_of(held, found)
        words, marker, filled, colour = mark_of(fit)
        y = heights[found.id]
        said = words if fit == SILENT else "\n".join(textwrap.wrap(f"{words}: {_why(held, found)}", WRAP))
        marks += [
            Dots(f"dot-{found.id}", colour, [0], [y], marker, 12 if fit != SILENT else 8, filled),
            Label(f"says-{found.id}", "muted" if fit == SILENT else "ink", 0, y, said, 12, -6 * said.count("\n")),
        ]
    counts = {kind: [found for found in rows if fit_of(held, found) == kind] for kind in ("fits", "against", SILENT)}
    return Chart(
        "reading",
        f"{held.name}: {len(counts['fits'])} of {len(rows)} findings fit it and {len(counts['against'])} "
        f"speak{'s' * (len(counts['against']) == 1)} against it",
        Axes(
            "",
            (-0.25, 10),
            [],
            "",
            (0.5, len(rows) + 0.85),
            {heights[found.id]: two_lines(found).replace("\n", " ") for found in rows},
            left=2,
            right=2,
            top=4,
            bottom=4,
            grid="",
            names="above",
        ),
        marks,
        f"{held.name}, in the field's words {held.term}. {len(counts['fits'])} of {len(rows)} findings fit, "
        f"{len(counts['against'])} speak against it, {len(counts[SILENT])} are silent. "
        f"It predicts: {held.predicts} It would be supported by: {held.would_support}",
        Table(
            f"{held.name} ({held.term}) and what was found",
            ("Finding", "What was found", "Fit", "Why", "Source", "Row"),
            [
                (
                    two_lines(found).replace("\n", " "),
                    found.statement,
                    fit_of(held, found),
                    fits()[held.id, found.id].reason if fit_of(held, found) != SILENT else "",
                    source_label(found),
                    found.id,
                )
                for found in rows
            ],
        ),
        sources([*rows, held]),
        height=12 + ROW_PX * len(rows),
        subtitle="Held against what was found in people and animals; a square means that the finding is silent.",
        caveat=f"Against it so far: {held.speaks_against} "
        "What fits what is reasoned by this course, and another reader may mark it otherwise.",
    )


def _why(held, found) -> str:
    if fit_of(held, found) == SILENT:
        return "silent"
    return fits()[held.id, found.id].reason


def _options() -> dict[str, str]:
    return {found.reading: f"{place + 1} {found.name}: {found.term}" for place, found in enumerate(chosen(None))}


reading = Explorer(
    id="reading",
    name="Try one reading on every finding",
    draw=draw_reading,
    main="reading",
    controls=[Control("reading", "Reading", _options(), "switch")],
    presets={
        "Ketamine itself does it": {"reading": "switch"},
        "The background does it": {"reading": "tone"},
        "The blocker does it": {"reading": "blocker"},
    },
    leaves_out={
        "weights": "Every finding takes one row, whether it comes from 12 people, from rats or from a dish.",
        "mixtures": "Two readings can be true at once. Nothing here tells how large a share each would have.",
        "other readings": "Six are named. There may be a seventh that nobody has thought of.",
    },
    simulates=False,
    sources=lambda: sources_of("readings", "reading_findings", "reading_fits"),
)


def predict_reading() -> PredictionView:
    """Guess how many of the readings fit the main result."""
    readings, main = list(readings_by_id().values()), findings()[0]
    fitting = sum(fit_of(held, main) == "fits" for held in readings)
    options = {str(number): f"{number} of {len(readings)}" for number in range(1, len(readings) + 1)}
    return PredictionView(
        "reading",
        f"{main.statement} You have read {len(readings)} ways to explain that. How many of them fit this result?",
        [Pick("fitting", "Readings that fit", options, str(fitting))],
        "A result that every reading predicts cannot choose between them. What chooses is another finding, on which "
        "they differ.",
        [main.source],
    )
