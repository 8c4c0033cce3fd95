"""Risks side by side, with a grade of the evidence in every cell, and side effects against placebo."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...display import Axes, Chart, ChartView, Dots, Label, Mark, Span, Table
from ..formats.rows import LINE_PX, wrap
from .rows import (
    FAMILIES,
    GRADES,
    NBSP,
    NOT_CHECKED,
    SCALE,
    cell,
    chosen_risks,
    excess,
    how_likely,
    rows_of,
    share,
    side_effect_rows,
    source_label,
)

WIDTH = 520
MOST_LETTERS = 27  # of a molecule and its route, which have room beside the name of the situation
INDENT = 22  # pixels from the edge to the words of a line, behind its marker
TOP, HEADING, GAP, BAR = 4.0, 30.0, 9.0, 11.0
FULL = 400  # pixels of a bar of 100 %
COLUMNS = ("Risk", "Where", "What was found", "Grade", "Source", "Row")


def risk_matrix(risks: str | Sequence[str] | None = None) -> ChartView:
    """Each risk in three situations: what happens, how likely where a share of people was read, and how sure.

    risks: a group of `data/risks.csv` ("breathing and overdose"), or names of risks; all if not given.
    Raises `ValueError` with the nearest name for an unknown one.
    """
    chosen = chosen_risks(risks)
    slug = f"-{risks.replace(' ', '-')}" if isinstance(risks, str) else ""
    cells = {(risk, family): cell(risk, family) for risk in chosen for family in FAMILIES}
    words = {key: _wrapped(_found(row)) for key, row in cells.items()}
    heights = {risk: HEADING + sum(_line_px(cells[risk, family], words[risk, family]) for family in FAMILIES)
               for risk in chosen}  # fmt: skip
    height = math.ceil(TOP + sum(heights.values()) + 4)
    marks: list[Mark] = []
    top = TOP
    for risk in chosen:
        name = risk.replace(" ", "-").replace("?", "").replace(":", "")
        if top > TOP:
            marks.append(Span(f"rule-{name}", "edge", 0, height - top, WIDTH, height - top, 1))
        marks.append(Label(f"risk-{name}", "ink", 2, height - top - 16, _heading(risk), bold=True, size=17))
        line = top + HEADING
        for place, family in enumerate(FAMILIES):
            row, said = cells[risk, family], words[risk, family]
            marks += _line_marks(f"{name}-{place}", family, height - line, row, said)
            line += _line_px(row, said)
        top += heights[risk]
    rows = [row for risk in chosen for family in FAMILIES for row in rows_of(risk, family)]
    return ChartView(
        Chart(
            f"risk-matrix{slug}",
            group_title(str(risks)) if slug and risks in GROUP_TITLES else _counted_title(list(chosen), cells),
            Axes("", (0, WIDTH), [], "", (0, height), [], left=0, right=0, top=0, bottom=0, grid=""),
            marks,
            _description(list(chosen), cells),
            Table(
                "What is known, row by row",
                COLUMNS,
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
            caveat=f"The lines hold different people and amounts. Common is not the same as dangerous. {SCALE}",
            height=height,
            subtitle="Each line: who, the molecule and its route, what was found, and how sure that is (A to D). "
            "Bars: percent of the people in that study.",
        )
    )


def _wrapped(words: str) -> list[str]:
    """The lines of a finding; a percent sign stays with its number."""
    return wrap(words.replace(" %", f"{NBSP}%"), WIDTH - INDENT - 8).split("\n")


def _found(row) -> str:
    """The finding; molecule and route stand before it where they have no room in the line above."""
    if row is None:
        return NOT_CHECKED
    return row.short if len(row.drug) <= MOST_LETTERS else f"{row.drug}: {row.short}"


def _line_px(row, words: Sequence[str]) -> float:
    """Height of one situation: its name, its words, and a bar where there is a share of people."""
    return LINE_PX * (1 + len(words)) + (BAR if row and how_likely(row) is not None else 0) + GAP


def _line_marks(name: str, family: str, y: float, row, words: Sequence[str]) -> list[Mark]:
    """Marker and name with molecule and route, how sure at the right, the words, and the bar."""
    who, colour, marker, filled = FAMILIES[family]
    first, below = y - LINE_PX / 2, y - LINE_PX * (1 + len(words) / 2)
    said = f"{row.drug}. {row.statement} How often: {row.frequency}. Grade {row.grade}." if row else NOT_CHECKED
    molecule = f"{who}: {row.drug}" if row and len(row.drug) <= MOST_LETTERS else who
    marks: list[Mark] = [
        Dots(f"mark-{name}", colour, [9], [first], marker, 11, filled, [said]),
        Label(f"who-{name}", colour, INDENT, first, molecule, bold=True),
        Label(f"words-{name}", "ink", INDENT, below, "\n".join(words)),
    ]
    if row:
        marks.append(Label(f"grade-{name}", "muted", WIDTH - 4, first, f"{row.grade}, {row.finding}", align="right"))
    if row and (share := how_likely(row)) is not None:
        bar = y - LINE_PX * (1 + len(words)) - BAR / 2
        marks += [
            Span(f"whole-{name}", "line", INDENT, bar, INDENT + FULL, bar, 6),
            Span(f"share-{name}", colour, INDENT, bar, INDENT + FULL * share / 100, bar, 6),
        ]
    return marks


def _heading(risk: str) -> str:
    return risk[0].upper() + risk[1:]


def _counted_title(risks: list[str], cells: dict) -> str:
    """For how many risks a harm was shown, with ketamine under supervision and with opioids."""
    shown = {
        family: sum(bool(row := cells[risk, family]) and row.finding == "shown" for risk in risks)
        for family in FAMILIES
    }
    of = f"{len(risks)} risks" if len(risks) > 1 else risks[0].rstrip("?")
    return (
        f"Of {of}, {shown['supervised ketamine']} were shown with supervised ketamine "
        f"and {shown['opioids']} with opioids"
        if len(risks) > 1
        else f"{_heading(of)} is graded for ketamine and for opioids, in the words of each source"
    )


# Group -> its finding in one sentence, whose numbers are the rows'.
GROUP_TITLES = {
    "breathing and overdose": lambda: (
        f"Opioids were {_short('overdose deaths', 'opioids')}; "
        f"ketamine was {_short('overdose deaths', 'non-medical ketamine').split(';')[0]}"
    ),
    "same day": lambda: (
        f"The esketamine spray sedated {_often('sedation and dissociation', 'supervised ketamine')} of people; "
        f"opioids by mouth made {_often('sedation and dissociation', 'opioids')} drowsy"
    ),
    "months and years": lambda: (
        f"Both can lead to dependence: {_often('dependence and addiction', 'opioids')} of people on opioids for pain, "
        f"{_often('dependence and addiction', 'non-medical ketamine')} of people who used ketamine, in one survey"
    ),
    "for whom": lambda: "US labels advise against ketamine in pregnancy and do not approve the spray under 18",
}


def group_title(group: str) -> str:
    """The finding of a group of risks."""
    return GROUP_TITLES[group]().replace(" %", f"{NBSP}%")


def _short(risk: str, family: str) -> str:
    return cell(risk, family).short


def _often(risk: str, family: str) -> str:
    """How often, without what placebo did."""
    return cell(risk, family).frequency.split(",")[0]


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
            f"{excess(first):.0f} more in 100 people had {first.event} with {first.drug} than with placebo",
            Axes(
                "People with the side effect (%)",
                (-1, end * 1.9),
                list(range(0, end + 1, 10)),
                "",
                (0.4, len(rows) + 0.6),
                {heights[row.id]: row.event for row in rows},
                left=174,
                right=4,
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
            height=76 + 34 * len(rows),
            subtitle=f"{first.study_name}: {first.drug} against {first.control}.",
        )
    )
