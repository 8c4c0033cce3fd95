"""What the binding charts and the occupancy explorer read from the tables: one place for each choice.

A *value* of a drug at a target is a published Ki, IC50 or K50 in nmol/L at the site where ketamine and
opioids compete with the usual radioligands; functional and allosteric rows are left to the table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from ...evidence import nearest, reference, table
from ...evidence.records import Affinity, Concentration, Drug, UnboundFraction
from ...models import binding

TARGET_NAMES = {"NMDA": "NMDA channel site", "MOR": "mu-opioid receptor"}
SHORT_NAMES = {"NMDA": "NMDA", "MOR": "mu"}
TARGET_COLOURS = {"NMDA": "blue", "MOR": "orange"}
MARKERS = {"NMDA": "o", "MOR": "D"}
MOLAR_TICKS = {1e-2: "0.01 nM", 1: "1 nM", 1e2: "100 nM", 1e4: "10 µM", 1e6: "1 mM"}
PREDICTION = "Predicted from binding in the laboratory, not measured in people."
NBSP = "\u00a0"  # keeps a number on the line of its unit
STATUS = {"derived": "our arithmetic", "recalled": "unverified", "assumption": "not published"}
SITES = {"NMDA": "PCP site", "MOR": "orthosteric"}


@dataclass(frozen=True)
class Value:
    """One usable affinity. `ki_nM` is the published value, or the middle of a published range."""

    row_id: str
    label: str
    ki_nM: float
    source: str
    verified: bool
    measure: str
    simple: bool
    status: str


@cache
def drug(slug: str):
    """The drug's row. Raises `ValueError` with the nearest name for an unknown one."""
    rows = {row.drug: row for row in table(Drug)}
    if slug not in rows:
        raise ValueError(f"There is no drug {slug!r} in data/drugs.csv. {nearest(slug, rows)}")
    return rows[slug]


def in_order(first: Sequence[str], fits: Callable[[str], bool]) -> tuple[str, ...]:
    """Slugs of all drugs of `data/drugs.csv` that fit: those of `first` in that order, then the rest in the table's.

    So that a drug that is added to the tables is added to the charts.
    """
    known = [row.drug for row in table(Drug)]
    return tuple(slug for slug in dict.fromkeys((*first, *known)) if slug in known and fits(slug))


@cache
def values(slug: str, target: str) -> tuple[Value, ...]:
    """Published affinities of a drug at a target, tightest first. Empty if none was published."""
    drug(slug)
    found = []
    for row in table(Affinity):
        wide_class = row.relation == "range" and row.high_nM and row.low_nM and row.high_nM / row.low_nM > 5
        if (row.drug, row.target, row.site) != (slug, target, SITES[target]) or wide_class:
            continue
        if row.value_nM is not None and row.relation in ("=", "~"):
            ki = row.value_nM
        elif row.relation == "range" and row.low_nM and row.high_nM:
            ki = (row.low_nM * row.high_nM) ** 0.5
        else:
            continue
        if row.verification == "assumption":
            label = f"a deliberately tight {molar(ki)}, not published"
        else:
            form = f" {row.form}" if row.form not in ("racemic", "single", "S", "R") else ""
            remarks = [row.measure] * (row.measure != "Ki") + [
                STATUS[status] for status in (row.verification,) if status in STATUS
            ]
            label = f"{reference(row.source).label}{form}, {molar(ki)}" + (
                f" ({', '.join(remarks)})" if remarks else ""
            )
        found.append(
            Value(
                row.id,
                label,
                ki,
                row.source,
                row.verification in ("primary", "secondary"),
                row.measure,
                row.form in ("racemic", "single", "S", "R") and (row.hill_slope or 1) >= 0.8,
                STATUS.get(row.verification, "read in a source"),
            )
        )
    return tuple(sorted(found, key=lambda value: value.ki_nM))


def published(slug: str, target: str) -> tuple[Value, ...]:
    """The values that rest on a source, tightest first."""
    return tuple(value for value in values(slug, target) if value.source)


def simple_values(slug: str, target: str) -> tuple[Value, ...]:
    """The values that the simple equation may use: of the whole drug, with a slope of 1 or near it."""
    return tuple(value for value in values(slug, target) if value.simple)


def range_values(slug: str, target: str) -> tuple[Value, ...]:
    """The values over which a range is given: those that somebody read; only where there is none, the others."""
    found = simple_values(slug, target)
    return tuple(value for value in found if value.verified) or found


def range_nM(slug: str, target: str) -> tuple[float, float] | None:
    """Tightest and weakest of `range_values` in nmol/L, or None."""
    kis = [value.ki_nM for value in range_values(slug, target)]
    return (min(kis), max(kis)) if kis else None


def ratio_range(slug: str, other: str, target: str) -> tuple[float, float]:
    """How many times looser one drug binds than another: lowest and highest over all pairs of rows with a source."""
    these, those = ([value.ki_nM for value in published(name, target) if value.simple] for name in (slug, other))
    return min(these) / max(those), max(these) / min(those)


@cache
def fractions(slug: str) -> tuple:
    """Rows of the unbound fraction in plasma or serum, smallest first."""
    rows = [row for row in table(UnboundFraction) if row.drug == slug and row.matrix in ("plasma", "serum")]
    return tuple(sorted(rows, key=lambda row: row.value))


@cache
def levels(slug: str) -> tuple:
    """Rows of levels in people that have a value, lowest first."""
    rows = [row for row in table(Concentration) if row.drug == slug and row.value_ng_per_ml]
    return tuple(sorted(rows, key=lambda row: row.value_ng_per_ml))


def unbound_ends(slug: str) -> list[float]:
    """Unbound fractions of a drug with the ends of their ranges; one with a weak source counts only if all are so."""
    rows = [row for row in fractions(slug) if row.confidence != "low"] or fractions(slug)
    return [end for row in rows for end in (row.low, row.value, row.high) if end]


def free_nM(slug: str, total_ng_per_ml, fraction_unbound):
    """Unbound concentration (nmol/L) of a drug of the table at a total level (ng/mL)."""
    return binding.free_concentration_nM(total_ng_per_ml, drug(slug).molar_mass_g_per_mol, fraction_unbound)


def occupancy_range(slug: str, target: str, total_ng_per_ml) -> binding.Interval | None:
    """Lowest and highest occupancy over `range_values` and `unbound_ends`, or None.

    total_ng_per_ml: one level or several.
    """
    kis = range_nM(slug, target)
    ends = unbound_ends(slug)
    if not kis or not ends:
        return None
    return binding.occupancy_interval(total_ng_per_ml, drug(slug).molar_mass_g_per_mol, ends, kis)


def molar(nM: float) -> str:
    """A molar concentration in the unit that reads best: 0.35 nM, 412 nM, 41.7 µM, 3.1 mM."""
    for limit, unit, factor in ((1e3, "nM", 1), (1e6, "µM", 1e3), (float("inf"), "mM", 1e6)):
        if nM < limit * 0.9995:
            return f"{_three_digits(nM / factor)}{NBSP}{unit}"
    raise AssertionError


def percent(share: float) -> str:
    """A share as a percentage with no more digits than it can bear: 39 %, 1.0 %, below 0.1 %."""
    if 0 < share < 0.001:
        return f"below 0.1{NBSP}%"
    if share > 0.995:
        return f"over 99{NBSP}%"
    return f"{share * 100:.{1 if share < 0.0995 else 0}f}{NBSP}%"


def percent_range(low: float, high: float) -> str:
    """'39 to 83 %'; one figure where both ends read the same."""
    first, last = percent(low), percent(high)
    return last if first == last else f"{first.removesuffix(f'{NBSP}%')} to {last}"


def level_text(ng_per_ml: float) -> str:
    """A plasma level: 0.63 ng/mL, 185 ng/mL, 18,000 ng/mL."""
    return f"{_three_digits(ng_per_ml)}{NBSP}ng/mL"


def _three_digits(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
