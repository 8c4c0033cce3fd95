"""Equilibrium binding: how much of a receptor a drug occupies at a concentration.

Every function takes numbers or numpy arrays, broadcasts them, and returns a float or an array.
Negative or non-finite input raises `ValueError` and names the argument.

These functions predict equilibrium occupancy of one site that obeys the law of mass action
(Hill slope 1). They say nothing about effect: an antagonist occupies without activating. Ketamine's
block of the NMDA channel depends on use, so for that site the equation is approximate.
"""

from __future__ import annotations

from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike

from .checks import Array, numbers, plain

__all__ = [
    "Interval",
    "Shares",
    "concentration_nM_for_occupancy",
    "dose_ratio",
    "free_concentration_nM",
    "occupancy",
    "occupancy_interval",
    "occupancy_with_competitor",
    "racemate_ki_nM",
    "shares_of_two",
    "total_ng_per_ml_from_free_nM",
]


class Interval(NamedTuple):
    """The lowest and highest of a set of predictions (not a statistical interval)."""

    low: float
    high: float


class Shares(NamedTuple):
    """How one site is shared: by the first ligand, by the second, and by none. They add up to 1."""

    first: Any  # a float, or an array: as the input was
    second: Any
    free: Any


@overload
def free_concentration_nM(total_ng_per_ml: float, molar_mass_g_per_mol: float, fraction_unbound: float) -> float: ...
@overload
def free_concentration_nM(
    total_ng_per_ml: ArrayLike, molar_mass_g_per_mol: ArrayLike, fraction_unbound: ArrayLike
) -> Array: ...
def free_concentration_nM(
    total_ng_per_ml: ArrayLike, molar_mass_g_per_mol: ArrayLike, fraction_unbound: ArrayLike
) -> Array | float:
    """Unbound molar concentration from a total mass concentration in plasma.

    total_ng_per_ml: total (bound and unbound) level. molar_mass_g_per_mol: of the free base.
    fraction_unbound: 0 to 1. Returns nmol/L.
    """
    total = numbers(total_ng_per_ml, "total_ng_per_ml")
    molar_mass = numbers(molar_mass_g_per_mol, "molar_mass_g_per_mol", positive=True)
    unbound = numbers(fraction_unbound, "fraction_unbound", at_most=1)
    return plain(total / molar_mass * 1000 * unbound)


@overload
def total_ng_per_ml_from_free_nM(free_nM: float, molar_mass_g_per_mol: float, fraction_unbound: float) -> float: ...
@overload
def total_ng_per_ml_from_free_nM(
    free_nM: ArrayLike, molar_mass_g_per_mol: ArrayLike, fraction_unbound: ArrayLike
) -> Array: ...
def total_ng_per_ml_from_free_nM(
    free_nM: ArrayLike, molar_mass_g_per_mol: ArrayLike, fraction_unbound: ArrayLike
) -> Array | float:
    """The total plasma level (ng/mL) whose unbound part is `free_nM`: the inverse of the above."""
    free = numbers(free_nM, "free_nM")
    molar_mass = numbers(molar_mass_g_per_mol, "molar_mass_g_per_mol", positive=True)
    unbound = numbers(fraction_unbound, "fraction_unbound", positive=True, at_most=1)
    return plain(free * molar_mass / 1000 / unbound)


@overload
def occupancy(free_nM: float, ki_nM: float) -> float: ...
@overload
def occupancy(free_nM: ArrayLike, ki_nM: ArrayLike) -> Array: ...
def occupancy(free_nM: ArrayLike, ki_nM: ArrayLike) -> Array | float:
    """Fraction of sites occupied by one ligand: C / (C + Ki).

    free_nM, ki_nM: nmol/L. Returns 0 to 1. Law of mass action; C = Ki gives exactly one half.
    """
    free = numbers(free_nM, "free_nM")
    ki = numbers(ki_nM, "ki_nM", positive=True)
    return plain(free / (free + ki))


@overload
def occupancy_with_competitor(
    free_nM: float, ki_nM: float, competitor_free_nM: float, competitor_ki_nM: float
) -> float: ...
@overload
def occupancy_with_competitor(
    free_nM: ArrayLike, ki_nM: ArrayLike, competitor_free_nM: ArrayLike, competitor_ki_nM: ArrayLike
) -> Array: ...
def occupancy_with_competitor(
    free_nM: ArrayLike, ki_nM: ArrayLike, competitor_free_nM: ArrayLike, competitor_ki_nM: ArrayLike
) -> Array | float:
    """Fraction of sites occupied by a ligand while a second one competes for the same site.

    With a = C/Ki of the ligand and b = C/Ki of the competitor: a / (1 + a + b). All in nmol/L.
    """
    own = numbers(free_nM, "free_nM") / numbers(ki_nM, "ki_nM", positive=True)
    other = numbers(competitor_free_nM, "competitor_free_nM") / numbers(
        competitor_ki_nM, "competitor_ki_nM", positive=True
    )
    return plain(own / (1 + own + other))


def shares_of_two(free_nM: ArrayLike, ki_nM: ArrayLike, other_free_nM: ArrayLike, other_ki_nM: ArrayLike) -> Shares:
    """How two ligands that compete for one site share it, and what stays free. All in nmol/L.

    With a = C/Ki of each: a / (1 + a + b), b / (1 + a + b) and 1 / (1 + a + b); Gaddum's equation for both.
    """
    first = occupancy_with_competitor(free_nM, ki_nM, other_free_nM, other_ki_nM)
    second = occupancy_with_competitor(other_free_nM, other_ki_nM, free_nM, ki_nM)
    one = np.asarray(free_nM, dtype=float) / np.asarray(ki_nM, dtype=float)
    other = np.asarray(other_free_nM, dtype=float) / np.asarray(other_ki_nM, dtype=float)
    return Shares(first, second, plain(1 / (1 + one + other)))


@overload
def dose_ratio(competitor_free_nM: float, competitor_ki_nM: float) -> float: ...
@overload
def dose_ratio(competitor_free_nM: ArrayLike, competitor_ki_nM: ArrayLike) -> Array: ...
def dose_ratio(competitor_free_nM: ArrayLike, competitor_ki_nM: ArrayLike) -> Array | float:
    """How many times more ligand gives the same occupancy once a competitor is there: 1 + B / Ki(B).

    Both in nmol/L. The equation of Gaddum and of Schild's plot, in which dose ratio - 1 = B / Ki(B).
    """
    other = numbers(competitor_free_nM, "competitor_free_nM")
    return plain(1 + other / numbers(competitor_ki_nM, "competitor_ki_nM", positive=True))


@overload
def racemate_ki_nM(s_ki_nM: float, r_ki_nM: float) -> float: ...
@overload
def racemate_ki_nM(s_ki_nM: ArrayLike, r_ki_nM: ArrayLike) -> Array: ...
def racemate_ki_nM(s_ki_nM: ArrayLike, r_ki_nM: ArrayLike) -> Array | float:
    """Apparent Ki (nmol/L) of a 1:1 mixture of enantiomers that compete for one site.

    1/Ki = 0.5/Ki(S) + 0.5/Ki(R).
    """
    s_ki = numbers(s_ki_nM, "s_ki_nM", positive=True)
    r_ki = numbers(r_ki_nM, "r_ki_nM", positive=True)
    return plain(1 / (0.5 / s_ki + 0.5 / r_ki))


@overload
def concentration_nM_for_occupancy(
    fraction: float, ki_nM: float, competitor_free_nM: float = ..., competitor_ki_nM: float = ...
) -> float: ...
@overload
def concentration_nM_for_occupancy(
    fraction: ArrayLike, ki_nM: ArrayLike, competitor_free_nM: ArrayLike = ..., competitor_ki_nM: ArrayLike = ...
) -> Array: ...
def concentration_nM_for_occupancy(
    fraction: ArrayLike, ki_nM: ArrayLike, competitor_free_nM: ArrayLike = 0, competitor_ki_nM: ArrayLike = 1
) -> Array | float:
    """Unbound concentration (nmol/L) that occupies `fraction` of the sites: Ki * f / (1 - f).

    fraction: 0 or more and below 1, because full occupancy is never reached. With a competitor at a free
    concentration (nmol/L) of Ki `competitor_ki_nM`, the dose ratio times as much is needed.
    """
    wanted = numbers(fraction, "fraction")
    if np.any(wanted >= 1):
        raise ValueError("fraction must be below 1: no finite concentration occupies every site")
    alone = numbers(ki_nM, "ki_nM", positive=True) * wanted / (1 - wanted)
    return plain(alone * dose_ratio(competitor_free_nM, competitor_ki_nM))


def occupancy_interval(
    total_ng_per_ml: ArrayLike,
    molar_mass_g_per_mol: float,
    fractions_unbound: ArrayLike,
    kis_nM: ArrayLike,
    competitor_free_nM: ArrayLike = 0,
    competitor_kis_nM: ArrayLike = 1,
) -> Interval:
    """Lowest and highest occupancy over every combination of level, unbound fraction and Ki.

    Each argument may hold several published values, those of a competitor (free concentration and Ki, nmol/L)
    too. The result is the spread between sources, not a confidence interval. Raises `ValueError` if any list
    is empty.
    """
    levels, fractions, kis, others, other_kis = (
        np.ravel(values)
        for values in (total_ng_per_ml, fractions_unbound, kis_nM, competitor_free_nM, competitor_kis_nM)
    )
    if not (levels.size and fractions.size and kis.size):
        raise ValueError("occupancy_interval needs at least one level, one unbound fraction and one Ki")
    if not (others.size and other_kis.size):
        raise ValueError("occupancy_interval needs at least one concentration and one Ki of the competitor")
    every_free = np.ravel(free_concentration_nM(levels[:, None], molar_mass_g_per_mol, fractions))
    values = occupancy_with_competitor(every_free[:, None, None, None], kis[:, None, None], others[:, None], other_kis)
    return Interval(float(np.min(values)), float(np.max(values)))
