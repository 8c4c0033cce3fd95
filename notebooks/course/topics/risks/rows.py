"""What the charts of risk read from the tables, and the words and marks for findings and grades."""

from __future__ import annotations

from collections.abc import Sequence

from ...evidence import nearest, reference, table
from ...evidence.records import Risk, SideEffect

# Family -> (name over its line, colour, marker, filled), in the order of the lines.
FAMILIES = {
    "supervised ketamine": ("Supervised ketamine", "blue", "o", True),
    "non-medical ketamine": ("Non-medical ketamine", "blue", "o", False),
    "opioids": ("Opioids", "orange", "D", True),
}
# What a finding is called, with its grade, at the end of a line.
FINDINGS = ("shown", "mixed", "not shown", "not known", "lowers risk", "no help", "label rule")
GRADES = {
    "A": "label, regulator’s rule or several controlled studies",
    "B": "one controlled study, large cohort, registry or survey",
    "C": "cases, a small survey, animals or guidance",
    "D": "not known",
}
NOT_CHECKED = "not checked"
SCALE = (
    "The letter grades the evidence, not the danger. "
    + "; ".join(f"{grade}: {words}" for grade, words in GRADES.items())
    + "."
)
NBSP = "\u00a0"


def chosen_risks(which: str | Sequence[str] | None) -> dict[str, str]:
    """Risk -> group, in file order: all, those of one group, or those named.

    Raises `ValueError` with the nearest name for an unknown one.
    """
    known = {row.risk: row.group for row in table(Risk)}
    if which is None:
        return known
    groups = dict.fromkeys(known.values())
    if isinstance(which, str) and which in groups:
        return {risk: group for risk, group in known.items() if group == which}
    names = [which] if isinstance(which, str) else list(which)
    for name in names:
        if name not in known:
            raise ValueError(f"{name!r} is no risk and no group of data/risks.csv. {nearest(name, [*known, *groups])}")
    if not names:
        raise ValueError("No risk was named. Leave the argument out for all of them.")
    return {name: known[name] for name in names}


def cell(risk: str, family: str):
    """The row whose words stand in the cell, or None where nothing was checked."""
    return next((row for row in rows_of(risk, family) if row.place == "cell"), None)


def how_likely(row) -> float | None:
    """Percent of the people in that row's study, or None where the row counts something else."""
    return row.value if row.value is not None and row.unit.split(" (")[0] == "%" else None


def rows_of(risk: str, family: str) -> list:
    """All rows on one risk of one family, in file order."""
    return [row for row in table(Risk) if row.risk == risk and row.family == family]


def source_label(row) -> str:
    """Short name of the source; rows that say that nothing is known have none."""
    return reference(row.source).label if row.source else "none found"


def studies() -> dict[str, str]:
    """Slug -> name of the trials whose side effects are in `data/side_effects.csv`."""
    return {row.study: row.study_name for row in table(SideEffect)}


def excess(row) -> float:
    """How many more people in a hundred had the side effect than in the control group."""
    return row.percent_drug - row.percent_control


def side_effect_rows(study: str) -> list:
    """Rows of one trial, the largest excess first. Raises `ValueError` with the nearest slug."""
    if study not in studies():
        raise ValueError(f"There is no trial {study!r} in data/side_effects.csv. {nearest(study, studies())}")
    return sorted((row for row in table(SideEffect) if row.study == study), key=excess, reverse=True)


def share(percent: float) -> str:
    """'38 %', or one decimal below 10."""
    digits = 0 if percent >= 10 or percent == 0 else 1
    return f"{percent:.{digits}f}".removesuffix(".0") + f"{NBSP}%"
