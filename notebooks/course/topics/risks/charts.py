"""Risks side by side, with a grade of the evidence in every cell, and side effects against placebo."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...display import Axes, Chart, ChartView, Dots, Label, Mark, Span, Table
from ..formats.rows import LINE_PX, wrap
from .rows import (
    FAMILIES,
    FINDINGS,
    GRADES,
    NBSP,
    NOT_CHECKED,
    SCALE,
    cell,
    chosen_risks,
    excess,
    in_cell,
    rows_of,
    share,
    side_effect_rows,
    source_label,
    weakest,
)

WIDTH = 640
COLUMN = WIDTH / len(FAMILIES)
TEXT_AT = 22  # pixels from the edge of a column to its words
TOP, HEADING, GAP = 46.0, 24.0, 14.0
COLUMNS = ("Risk", "Situation", "Drug", "What was found", "How often", "Seen in", "Grade", "Note", "Source", "Row")


def risk_matrix(risks: str | Sequence[str] | None = None) -> ChartView:
    """What is known of each risk in three situations, in words and marks, with a grade of the evidence in every cell.

    risks: a group of `data/risks.csv` ("breathing and overdose"), or names of risks; all if not given.
    Raises `ValueError` with the nearest name for an unknown one.
    """
    chosen = chosen_risks(risks)
    slug = f"-{risks.replace(' ', '-')}" if isinstance(risks, str) else ""
    cells = {(risk, family): cell(risk, family) for risk in chosen for family in FAMILIES}
    words = {key: _wrapped(in_cell(row) if row else NOT_CHECKED) for key, row in cells.items()}
    heights = {risk: HEADING + LINE_PX * (1 + max(len(words[risk, family]) for family in FAMILIES)) for risk in chosen}
    height = math.ceil(TOP + sum(heights.values()) + GAP * len(chosen))
    marks: list[Mark] = [
        Label(f"column-{place}", "ink", place * COLUMN + TEXT_AT, height - 19, heading, bold=True)
        for place, heading in enumerate(FAMILIES.values())
    ]
    top = TOP
    for risk in chosen:
        name = risk.replace(" ", "-").replace("?", "").replace(":", "")
        marks.append(Span(f"rule-{name}", "line", 0, height - top, WIDTH, height - top, 1))
        marks.append(Label(f"risk-{name}", "muted", 4, height - top - 14, _heading(risk), bold=True, size=16))
        for place, family in enumerate(FAMILIES):
            first = height - top - HEADING - LINE_PX * 0.6
            marks += _cell_marks(f"{name}-{place}", place, first, cells[risk, family], words[risk, family])
        top += heights[risk] + GAP
    rows = [row for risk in chosen for family in FAMILIES for row in rows_of(risk, family)]
    return ChartView(
        Chart(
            f"risk-matrix{slug}",
            _title(str(risks) if slug else "", list(chosen)),
            Axes("", (0, WIDTH), [], "", (0, height), [], left=0, right=0, top=0, bottom=1, grid=""),
            marks,
            _description(list(chosen), cells),
            Table(
                "What is known, row by row",
                ("Risk", "Where", "What was found", "Grade", "Source", "Row"),
                [
                    (
                        _heading(row.risk),
                        f"{row.family}: {row.drug}" + (f"; {row.setting}" if row.setting else ""),
                        f"{row.statement} {row.note}".strip(),
                        f"{row.grade}, {row.finding}",
                        source_label(row),
                        row.id,
                    )
                    for row in rows
                ],
            ),
            [row.source for row in rows if row.source],
            caveat=f"{SCALE} The columns hold different people and amounts. Common is not the same as dangerous.",
            width=640,
            height=height,
        )
    )


def _wrapped(words: str) -> list[str]:
    """The lines of a cell; a percent sign stays with its number."""
    return wrap(words.replace(" %", f"{NBSP}%"), COLUMN - TEXT_AT - 8).split("\n")


def _heading(risk: str) -> str:
    return risk[0].upper() + risk[1:]


def _title(group: str, risks: list[str]) -> str:
    lead = _heading(group) if group else "Risks side by side"
    family = weakest(risks)
    return f"{lead}: the evidence is weakest for {family}" if family else f"{lead}, with the evidence graded"


def _description(risks: list[str], cells: dict) -> str:
    """How many cells have which grade, and where nothing is known; the words of the cells are in the table."""
    parts = []
    for family in FAMILIES:
        grades = [row.grade for risk in risks if (row := cells[risk, family])]
        unknown = [risk for risk in risks if not (row := cells[risk, family]) or row.finding == "not known"]
        counted = ", ".join(f"{grades.count(grade)} with grade {grade}" for grade in GRADES if grade in grades)
        parts.append(
            f"{_heading(family)}: {counted or NOT_CHECKED}"
            + (f"; not known: {', '.join(name.rstrip('?') for name in unknown)}" if unknown else "")
        )
    return f"{len(risks)} risks in {len(FAMILIES)} situations. {'. '.join(parts)}."


def _cell_marks(name: str, place: int, y: float, row, words: list[str]) -> list[Mark]:
    """The marker with grade and finding, and the words below them."""
    x = place * COLUMN
    if row is None:
        return [Label(f"words-{name}", "muted", x + TEXT_AT, y, words[0])]
    marker, filled, colour = FINDINGS[row.finding]
    said = f"Grade {row.grade}. {row.statement} How often: {row.frequency}."
    lower = y - LINE_PX * (1 + (len(words) - 1) / 2) - 1
    return [
        Dots(f"mark-{name}", colour, [x + 11], [y], marker, 12, filled, [said]),
        Label(f"grade-{name}", colour, x + TEXT_AT, y, f"{row.grade}, {row.finding}", bold=True),
        Label(f"words-{name}", "ink", x + TEXT_AT, lower, "\n".join(words)),
    ]


def side_effects(study: str = "aspire") -> ChartView:
    """Side effects of a drug beside those of its control group, the largest difference on top.

    study: slug in `data/side_effects.csv`. Raises `ValueError` with the nearest slug.
    """
    rows = side_effect_rows(study)
    first = rows[0]
    heights = {row.id: len(rows) - place for place, row in enumerate(rows)}
    most = max(max(row.percent_drug, row.percent_control) for row in rows)
    end = 10 * math.ceil(most / 10)
    colour, marker = ("orange", "D") if first.family == "opioids" else ("blue", "o")
    marks: list[Mark] = []
    for row in rows:
        y, label = heights[row.id], f"{share(row.percent_drug)}, placebo {share(row.percent_control)}"
        marks += [
            Span(f"gap-{row.id}", colour, row.percent_control, y, row.percent_drug, y, 3),
            Dots(f"control-{row.id}", "muted", [row.percent_control], [y], "s", 9, False, [f"{row.event}, placebo"]),
            Dots(f"drug-{row.id}", colour, [row.percent_drug], [y], marker, 11, True, [f"{row.event}: {label}"]),
            Label(f"says-{row.id}", "ink", max(row.percent_drug, row.percent_control), y, label, 12),
        ]
    return ChartView(
        Chart(
            f"side-effects-{study}",
            f"{_heading(first.event)}: {excess(first):.0f} more in 100 people with {first.drug} than with placebo",
            Axes(
                "People with the side effect (%)",
                (-1, end * 1.75),
                list(range(0, end + 1, 10)),
                "",
                (0.4, len(rows) + 0.6),
                {heights[row.id]: row.event for row in rows},
                left=180,
                right=8,
                top=6,
                grid="x",
            ),
            marks,
            f"{first.study_name}. The largest differences: "
            + "; ".join(
                f"{row.event} {share(row.percent_drug)} with {row.drug}, {share(row.percent_control)} with placebo"
                for row in rows[:3]
            )
            + f". The smallest: {rows[-1].event}, {share(rows[-1].percent_drug)} and "
            f"{share(rows[-1].percent_control)}.",
            Table(
                first.study_name,
                ("Side effect", "With the drug", "With placebo", "More in 100", "Followed for", "Source", "Row"),
                [
                    (
                        row.event,
                        f"{row.count_drug:.0f} of {row.people_drug:,.0f} ({share(row.percent_drug)})",
                        f"{row.count_control:.0f} of {row.people_control:,.0f} ({share(row.percent_control)})",
                        f"{excess(row):.1f}".replace("-", "\u2212"),
                        row.period,
                        source_label(row),
                        row.id,
                    )
                    for row in rows
                ],
            ),
            [row.source for row in rows],
            caveat=f"Filled: {first.drug}. Hollow square: {first.control}. The difference, not the height, belongs to "
            f"the drug. Followed: {first.period}. Another trial asks other people in other ways, so heights of two "
            "charts do not compare.",
            width=640,
            height=76 + 34 * len(rows),
        )
    )
