"""What the charts of risk read from the tables, and the words and marks for findings and grades."""

from __future__ import annotations

from collections.abc import Sequence

from ...evidence import nearest, reference, table
from ...evidence.records import Risk, SideEffect

# Family -> heading over its column, in the order of the columns.
FAMILIES = {
    "supervised ketamine": "Ketamine in\nsupervised treatment",
    "non-medical ketamine": "Ketamine in long or\nheavy non-medical use",
    "opioids": "Opioids\n",
}
# Finding -> (marker, filled, colour). The word stands beside the marker.
FINDINGS = {
    "shown": ("^", True, "orange"),
    "mixed": ("D", True, "purple"),
    "not shown": ("o", False, "blue"),
    "not known": ("x", True, "muted"),
    "lowers risk": ("s", True, "green"),
    "no help": ("s", False, "ink"),
    "label rule": ("D", False, "ink"),
}
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


def in_cell(row) -> str:
    """What a cell says: molecule and route, then the finding, because a finding of one is not one of the other."""
    return f"{row.drug}: {row.short}"


def rows_of(risk: str, family: str) -> list:
    """All rows on one risk of one family, in file order."""
    return [row for row in table(Risk) if row.risk == risk and row.family == family]


def weakest(risks: Sequence[str]) -> str:
    """The family whose cells have the weakest evidence, or '' where two are alike. A missing cell counts as D."""
    order = list(GRADES)
    scores = {
        family: sum(order.index(row.grade) if (row := cell(risk, family)) else len(order) - 1 for risk in risks)
        for family in FAMILIES
    }
    worst = max(scores.values())
    found = [family for family, score in scores.items() if score == worst]
    return found[0] if len(found) == 1 else ""


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
