"""One record type per table. A field is a column of the same name; units are in the names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What every row has: an id, its source, and how far to trust it."""

    id: str
    source: str
    verification: str
    date_checked: dt.date
    confidence: str


@dataclass(frozen=True, slots=True)
class Finding(Row):
    """A row that was read at one place of its source."""

    locator: str
    note: str


@dataclass(frozen=True, slots=True)
class Drug(Row):
    """A drug of the course, with the class that its action gives it."""

    drug: str
    name: str
    molar_mass_g_per_mol: float
    opioid_class: str
    primary_target: str
    summary: str


@dataclass(frozen=True, slots=True)
class Affinity(Finding):
    """One published affinity: how tightly a drug binds a target, in nmol/L (smaller is tighter)."""

    drug: str
    form: str
    target: str
    site: str
    measure: str
    relation: str
    value_nM: float | None
    low_nM: float | None
    high_nM: float | None
    hill_slope: float | None
    species: str
    assay: str
    action: str


@dataclass(frozen=True, slots=True)
class Concentration(Finding):
    """A level measured or modelled in people, in a study or from a label; total drug, in ng/mL."""

    drug: str
    context: str
    regimen: str
    matrix: str
    value_ng_per_ml: float | None
    low_ng_per_ml: float | None
    high_ng_per_ml: float | None


@dataclass(frozen=True, slots=True)
class UnboundFraction(Finding):
    """The part of the drug in plasma that is not held by proteins, 0 to 1."""

    drug: str
    matrix: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Fact(Finding):
    """A statement that the prose or a question rests on."""

    statement: str
    value: float | None
    unit: str


RECORDS: dict[str, type[Row]] = {
    "drugs": Drug,
    "affinities": Affinity,
    "clinical_concentrations": Concentration,
    "unbound_fractions": UnboundFraction,
    "facts": Fact,
}
