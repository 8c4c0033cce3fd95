"""The affinity ladder: every published value, one row per drug and target."""

from __future__ import annotations

from collections.abc import Sequence

from ...display import Chart, ChartView, Dots, Label, Mark, Span, Table, row_axes, row_height, row_heights
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
    range_nM,
    ratio_range,
)

# The ladder of Core: ten drugs that the course speaks of; any other with a value is a call away.
FIRST = (
    "ketamine",
    "esketamine",
    "tramadol",
    "morphine",
    "methadone",
    "naltrexone",
    "naloxone",
    "fentanyl",
    "buprenorphine",
    "oxycodone",
)
COLUMNS = ("Drug", "Target", "Value", "Measure", "How we know it", "Source", "Row")


def affinity_ladder(drugs: Sequence[str] | None = None) -> ChartView:
    """Every published affinity as a dot on a log axis, one row per drug, the tightest at mu on top.

    drugs: slugs of `data/drugs.csv`, or "all" for every drug with a value; ten of them if not given. Raises
    `ValueError` with the nearest name for an unknown one.
    """
    if drugs is None:
        drugs = FIRST
    elif list(drugs) == ["all"]:
        drugs = in_order(FIRST, lambda slug: any(published(slug, target) for target in TARGET_NAMES))
    slugs = sorted((slug for slug in drugs if _targets(slug)), key=_tightest)
    if not slugs:
        raise ValueError("None of these drugs has a published affinity here. Try drugs=['ketamine', 'morphine'].")
    heights = row_heights(slugs)
    rows = [(slug, target) for slug in slugs for target in _targets(slug)]
    return ChartView(
        Chart(
            "affinity-ladder",
            _message(slugs),
            row_axes(
                "Ki: the level that fills half of the sites (log scale)",
                (0.003, 3e6),
                MOLAR_TICKS,
                [f"{drug(slug).name}\n{_in_words(slug)}" for slug in slugs],
                "log",
                head=0.35,
                side=22,
            ),
            [
                *(mark for row in rows for mark in _row_marks(*row, heights[row[0]])),
                Label("tight", "muted", 0.003, len(slugs) + 1.07, "← binds tightly", -18),
                Label("weak", "muted", 3e6, len(slugs) + 1.07, "binds weakly →", 18, align="right"),
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
            height=row_height(len(slugs) + 0.35, 42),
            subtitle="Binding in the laboratory, one dot a report. Diamonds: mu receptor; circles: NMDA channel site.",
        )
    )


def _targets(slug: str) -> list[str]:
    """Targets at which this drug has a published value, mu first."""
    return [target for target in ("MOR", "NMDA") if published(slug, target)]


def _tightest(slug: str) -> tuple[bool, float]:
    """Sorts by the tightest value at mu; drugs without one come last, by their value at NMDA."""
    target = _targets(slug)[0]
    return target != "MOR", published(slug, target)[0].ki_nM


def _in_words(slug: str) -> str:
    """The range at each target: the direct label of the row."""
    said = []
    for target in _targets(slug):
        low, high = molar(published(slug, target)[0].ki_nM), molar(published(slug, target)[-1].ki_nM)
        said.append(f"{SHORT_NAMES[target]} {low}" + (f" to {high}" if high != low else ""))
    return " · ".join(said)


def _message(slugs: Sequence[str]) -> str:
    """What the ladder shows of ketamine beside morphine, or of its two ends."""
    if {"ketamine", "morphine"} <= set(slugs) and all(range_nM(slug, "MOR") for slug in ("ketamine", "morphine")):
        least, _ = ratio_range("ketamine", "morphine", "MOR")
        return f"Ketamine binds mu at least {round(least, -2):,.0f} times more weakly than morphine"
    tightest, weakest = drug(slugs[0]).name, drug(slugs[-1]).name
    if len(slugs) == 1:
        return f"{tightest} binds {' and '.join(SHORT_NAMES[target] for target in _targets(slugs[0]))}"
    return f"{tightest} binds tightest of these drugs, {weakest} least tightly"


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
