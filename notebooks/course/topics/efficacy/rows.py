"""What the efficacy charts and the competition explorer read from the tables: efficacies at mu, and pairs of drugs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from ...evidence import row, table
from ...evidence.records import Concentration, Efficacy
from ...models import binding, efficacy
from ..binding.rows import Value, drug, fractions, free_nM, levels, percent_range, range_nM, simple_values, unbound_ends

# Where several values were read, the one from which the occupancy explorer starts too.
PREFERRED = {("ketamine", "NMDA"): "AF04", ("ketamine", "MOR"): "AF10"}
SAFETY = (
    "Naloxone does not reverse ketamine. If someone is unresponsive or not breathing normally, call emergency "
    "services and give naloxone if an opioid is possible, even when unsure. Never stop or skip naltrexone, "
    "buprenorphine or methadone because of this course."
)


@dataclass(frozen=True)
class Spread:
    """Lowest and highest relative efficacy at mu over all usable rows; 1 is a full agonist."""

    low: float
    high: float
    row_ids: tuple[str, ...]
    sources: tuple[str, ...]


@cache
def relative_efficacy(slug: str) -> Spread | None:
    """From the rows measured at the G protein; further down the chain, amplification hides differences. Or None."""
    rows = [
        row
        for row in table(Efficacy)
        if row.drug == slug and row.readout == "G protein" and row.measure != "reference tau"
    ]
    ends = [(row, end) for row in rows for end in (row.low, row.value, row.high) if end is not None]
    if not ends:
        return None
    used = dict.fromkeys(row for row, _ in ends)
    return Spread(
        min(end for _, end in ends),
        max(end for _, end in ends),
        tuple(row.id for row in used),
        tuple(row.source for row in used if row.source),
    )


@cache
def tissues() -> tuple:
    """Rows of tissues, from no spare receptors for the reference agonist to many."""
    rows = [row for row in table(Efficacy) if row.measure == "reference tau" and row.value is not None]
    return tuple(sorted(rows, key=lambda row: row.value))


def effects(low_stimulus: float, high_stimulus: float, tissue: str) -> binding.Interval:
    """Lowest and highest effect in a tissue (the id of its row), as a share of a full agonist's."""
    tau = row(tissue, Efficacy).value
    return binding.Interval(*(efficacy.relative_effect(end, tau) for end in (low_stimulus, high_stimulus)))


def share_range(span: binding.Interval) -> str:
    """'0 to 49 %': like `percent_range`, but nothing is 0, not 0.0."""
    return "0" if span.high == 0 else percent_range(*span).replace("0.0 to", "0 to")


@cache
def chosen(slug: str, target: str) -> Value | None:
    """One value for the bars: the preferred, else the tightest that was read in a source, else the tightest."""
    values = sorted(simple_values(slug, target), key=lambda value: not value.verified)
    preferred = [value for value in values if value.row_id == PREFERRED.get((slug, target))]
    return (preferred or values or [None])[0]


@dataclass(frozen=True)
class Dose:
    """A drug at one published level, with every published share unbound."""

    row_id: str

    @cached_property
    def level(self):
        return row(self.row_id, Concentration)

    @property
    def slug(self) -> str:
        return self.level.drug

    @property
    def name(self) -> str:
        return drug(self.slug).name.lower()

    @cached_property
    def free_nM(self) -> float:
        """With the smallest main value of the unbound share, as the occupancy explorer starts."""
        return free_nM(self.slug, self.level.value_ng_per_ml, self.unbound.value)

    @cached_property
    def unbound(self):
        return fractions(self.slug)[0]

    @cached_property
    def free_ends_nM(self) -> list[float]:
        ends = unbound_ends(self.slug)
        return [free_nM(self.slug, self.level.value_ng_per_ml, end) for end in (min(ends), max(ends))]


@cache
def dose(row_id: str) -> Dose:
    """The level with this id of `data/clinical_concentrations.csv`."""
    return Dose(row_id)


@dataclass(frozen=True)
class Pair:
    """Two drugs, or one, at a receptor, by mass action. `second` may be None."""

    first: Dose
    second: Dose | None = None

    @cached_property
    def mu(self) -> binding.Shares:
        """How mu is shared, with the chosen values."""
        rival = self.second.free_nM if self.second else 0.0
        rival_ki = chosen(self.second.slug, "MOR").ki_nM if self.second else 1.0
        return binding.shares_of_two(self.first.free_nM, chosen(self.first.slug, "MOR").ki_nM, rival, rival_ki)

    def held(self, target: str = "MOR") -> binding.Interval | None:
        """The first drug's share over the values that were read. A second drug without a value does not compete."""
        return _held(self.first, self.second, target)

    def held_by_second(self) -> binding.Interval | None:
        """The second drug's share of mu over the values that were read."""
        return _held(self.second, self.first, "MOR") if self.second else None

    @cached_property
    def stimulus(self) -> binding.Interval:
        """What both drugs set off at mu, over the efficacies, Ki and unbound shares here; 1 is a full agonist."""
        one, other = relative_efficacy(self.first.slug), relative_efficacy(self.second.slug) if self.second else None
        kis, rival_kis = range_nM(self.first.slug, "MOR"), range_nM(self.second.slug, "MOR") if other else (1.0,)
        free, ki, mine, rival, rival_ki, theirs = np.ix_(
            self.first.free_ends_nM,
            kis,
            (one.low, one.high),
            self.second.free_ends_nM if other else [0.0],
            rival_kis,
            (other.low, other.high) if other else (0.0,),
        )
        shares = binding.shares_of_two(free, ki, rival, rival_ki)
        stimuli = mine * shares.first + theirs * shares.second
        return binding.Interval(float(np.min(stimuli)), float(np.max(stimuli)))

    def switched_on(self, tissue: str) -> binding.Interval:
        """Activation of mu in a tissue, as a share of a full agonist's."""
        return effects(*self.stimulus, tissue)


@cache
def _held(first: Dose, second: Dose | None, target: str) -> binding.Interval | None:
    return _over(
        first.slug,
        target,
        first.level.value_ng_per_ml,
        second.slug if second else "",
        second.free_ends_nM if second else [0],
    )


@cache
def held_at_level(row_id: str, target: str, rival: str = "") -> binding.Interval | None:
    """Share that a drug holds at one of its levels, beside a rival at any of its own ("" for none)."""
    first = dose(row_id)
    rival_free = [0.0]
    if rival:
        rival_free = [
            free_nM(rival, level.value_ng_per_ml, end) for level in levels(rival) for end in unbound_ends(rival)
        ]
    return _over(first.slug, target, first.level.value_ng_per_ml, rival, rival_free)


def _over(slug: str, target: str, levels_ng_per_ml, rival: str, rival_free_nM) -> binding.Interval | None:
    kis = range_nM(slug, target)
    if not kis:
        return None
    rival_kis = range_nM(rival, target) if rival else None
    return binding.occupancy_interval(
        levels_ng_per_ml,
        drug(slug).molar_mass_g_per_mol,
        [min(unbound_ends(slug)), max(unbound_ends(slug))],
        kis,
        rival_free_nM if rival_kis else 0,
        rival_kis or 1,
    )


@cache
def pair(first_id: str, second_id: str = "") -> Pair:
    """The pair at these levels (ids of `data/clinical_concentrations.csv`); "" for no second drug."""
    return Pair(dose(first_id), dose(second_id) if second_id else None)
