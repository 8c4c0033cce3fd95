"""The affinity ladder: every published value, one row per drug and target."""

from __future__ import annotations

from collections.abc import Sequence

from ...display import Axes, Chart, ChartView, Dots, Label, Mark, Span, Table
from ...evidence import reference
from .rows import (
    MARKERS,
    MOLAR_TICKS,
    SHORT_NAMES,
    TARGET_COLOURS,
    TARGET_NAMES,
    drug,
    in_order,
    molar,
    published,
)

# What the ladder begins with; every other drug with a value follows.
FIRST = (
    "ketamine",
    "esketamine",
    "tramadol",
    "o-desmethyltramadol",
    "morphine",
    "methadone",
    "naltrexone",
    "fentanyl",
    "buprenorphine",
)
COLUMNS = ("Drug", "Target", "Value", "Measure", "How we know it", "Source", "Row")


def affinity_ladder(drugs: Sequence[str] | None = None) -> ChartView:
    """Every published affinity as a dot on a log axis, one row per drug and target.

    drugs: slugs of `data/drugs.csv`, all that have a value if not given. Raises `ValueError` with the nearest name
    for an unknown one.
    """
    if drugs is None:
        drugs = in_order(FIRST, lambda slug: any(published(slug, target) for target in TARGET_NAMES))
    rows = [(slug, target) for slug in drugs for target in TARGET_NAMES if published(slug, target)]
    if not rows:
        raise ValueError("None of these drugs has a published affinity here. Try drugs=['ketamine', 'morphine'].")
    heights = {row: len(rows) - place for place, row in enumerate(rows)}
    names = {heights[slug, target]: f"{drug(slug).name} · {SHORT_NAMES[target]}" for slug, target in rows}
    return ChartView(
        Chart(
            "affinity-ladder",
            "How tightly each drug binds spans a factor of millions",
            Axes(
                "Ki: the level that fills half of the sites (log scale)",
                (0.003, 3e6),
                MOLAR_TICKS,
                "",
                (0.4, len(rows) + 1.4),
                names,
                x_scale="log",
                left=max(214, 9.2 * max(map(len, names.values())) + 16),
                top=6,
                right=22,
                grid="x",
            ),
            [
                *(mark for row in rows for mark in _row_marks(*row, heights[row])),
                Label("tight", "muted", 0.004, len(rows) + 0.95, "← binds tightly"),
                Label("weak", "muted", 2.5e6, len(rows) + 0.95, "binds weakly →", align="right"),
            ],
            _description(rows),
            Table(
                "Published affinities; a smaller value is tighter binding",
                COLUMNS,
                [cells for row in rows for cells in _table_rows(*row)],
            ),
            [value.source for row in rows for value in published(*row)],
            caveat="Dots of one row differ because tissue, salt and method differ. "
            "Tight binding is not a strong effect.",
            width=640,
            height=84 + 32 * len(rows),
        )
    )


def _row_marks(slug: str, target: str, height: float) -> list[Mark]:
    """A thin bar over the spread, filled shapes for values read in a source, hollow ones for the rest."""
    found, colour = published(slug, target), TARGET_COLOURS[target]
    marks: list[Mark] = [
        Span(f"row-{slug}-{target}", colour, found[0].ki_nM, height, found[-1].ki_nM, height, width=2, opacity=0.5)
    ]
    for verified in (True, False):
        some = [value for value in found if value.verified == verified]
        if some:
            marks.append(
                Dots(
                    f"dots-{slug}-{target}-{'read' if verified else 'unread'}",
                    colour,
                    [value.ki_nM for value in some],
                    [height] * len(some),
                    MARKERS[target],
                    10,
                    verified,
                    [f"{drug(slug).name} at {SHORT_NAMES[target]}. {value.label}" for value in some],
                )
            )
    return marks


def _table_rows(slug: str, target: str) -> list[tuple[str, ...]]:
    return [
        (
            drug(slug).name,
            TARGET_NAMES[target],
            molar(value.ki_nM),
            value.measure,
            value.status,
            reference(value.source).label,
            value.row_id,
        )
        for value in published(slug, target)
    ]


def _description(rows: Sequence[tuple[str, str]]) -> str:
    count = sum(len(published(*row)) for row in rows)
    said = [f"{count} values for {len({slug for slug, _ in rows})} drugs."]
    if ("ketamine", "MOR") in rows:
        nmda, mu = published("ketamine", "NMDA"), published("ketamine", "MOR")
        said.append(
            f"Ketamine: {molar(nmda[0].ki_nM)} to {molar(nmda[-1].ki_nM)} at the NMDA channel site, "
            f"{molar(mu[0].ki_nM)} to {molar(mu[-1].ki_nM)} at mu."
        )
    at_mu = [(published(slug, "MOR")[0].ki_nM, drug(slug).name) for slug, target in rows if target == "MOR"]
    if at_mu:
        tightest, name = min(at_mu)
        said.append(f"The tightest value at mu is {molar(tightest)} ({name}).")
    said.append("Circles are NMDA, diamonds are mu; a hollow shape was not read in a source.")
    return " ".join(said)
