"""Equilibrium binding: how much of a receptor a drug occupies at a concentration.

Every function takes numbers or numpy arrays, broadcasts them, and returns a float or an array.
Negative or non-finite input raises `ValueError` and names the argument.

These functions predict equilibrium occupancy of one site that obeys the law of mass action
(Hill slope 1). They say nothing about effect: an antagonist occupies without activating. Ketamine's
block of the NMDA channel depends on use, so for that site the equation is approximate.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

__all__ = [
    "Interval",
    "concentration_nM_for_occupancy",
    "free_concentration_nM",
    "ki_nM_from_pki",
    "occupancy",
    "occupancy_interval",
    "occupancy_of_racemate",
    "occupancy_with_competitor",
    "racemate_ki_nM",
    "total_ng_per_ml_from_free_nM",
]


class Interval(NamedTuple):
    """The lowest and highest of a set of predictions (not a statistical interval)."""

    low: float
    high: float


def free_concentration_nM(
    total_ng_per_ml: ArrayLike, molar_mass_g_per_mol: ArrayLike, fraction_unbound: ArrayLike
) -> np.ndarray | float:
    """Unbound molar concentration from a total mass concentration in plasma.

    total_ng_per_ml: total (bound and unbound) level. molar_mass_g_per_mol: of the free base.
    fraction_unbound: 0 to 1. Returns nmol/L.
    """
    total = _checked(total_ng_per_ml, "total_ng_per_ml")
    molar_mass = _checked(molar_mass_g_per_mol, "molar_mass_g_per_mol", positive=True)
    unbound = _checked(fraction_unbound, "fraction_unbound", at_most=1)
    return _plain(total / molar_mass * 1000 * unbound)


def total_ng_per_ml_from_free_nM(
    free_nM: ArrayLike, molar_mass_g_per_mol: ArrayLike, fraction_unbound: ArrayLike
) -> np.ndarray | float:
    """The total plasma level (ng/mL) whose unbound part is `free_nM`: the inverse of the above."""
    free = _checked(free_nM, "free_nM")
    molar_mass = _checked(molar_mass_g_per_mol, "molar_mass_g_per_mol", positive=True)
    unbound = _checked(fraction_unbound, "fraction_unbound", positive=True, at_most=1)
    return _plain(free * molar_mass / 1000 / unbound)


def ki_nM_from_pki(pki: ArrayLike) -> np.ndarray | float:
    """Ki in nmol/L from pKi, the negative decimal logarithm of Ki in mol/L."""
    return _plain(10.0 ** (9 - _checked(pki, "pki")))


def occupancy(free_nM: ArrayLike, ki_nM: ArrayLike) -> np.ndarray | float:
    """Fraction of sites occupied by one ligand: C / (C + Ki).

    free_nM, ki_nM: nmol/L. Returns 0 to 1. Law of mass action; C = Ki gives exactly one half.
    """
    free = _checked(free_nM, "free_nM")
    ki = _checked(ki_nM, "ki_nM", positive=True)
    return _plain(free / (free + ki))


def occupancy_with_competitor(
    free_nM: ArrayLike, ki_nM: ArrayLike, competitor_free_nM: ArrayLike, competitor_ki_nM: ArrayLike
) -> np.ndarray | float:
    """Fraction of sites occupied by a ligand while a second one competes for the same site.

    With a = C/Ki of the ligand and b = C/Ki of the competitor: a / (1 + a + b). All in nmol/L.
    """
    own = _checked(free_nM, "free_nM") / _checked(ki_nM, "ki_nM", positive=True)
    other = _checked(competitor_free_nM, "competitor_free_nM") / _checked(
        competitor_ki_nM, "competitor_ki_nM", positive=True
    )
    return _plain(own / (1 + own + other))


def racemate_ki_nM(s_ki_nM: ArrayLike, r_ki_nM: ArrayLike) -> np.ndarray | float:
    """Apparent Ki (nmol/L) of a 1:1 mixture of enantiomers that compete for one site.

    1/Ki = 0.5/Ki(S) + 0.5/Ki(R).
    """
    s_ki = _checked(s_ki_nM, "s_ki_nM", positive=True)
    r_ki = _checked(r_ki_nM, "r_ki_nM", positive=True)
    return _plain(1 / (0.5 / s_ki + 0.5 / r_ki))


def occupancy_of_racemate(free_nM: ArrayLike, s_ki_nM: ArrayLike, r_ki_nM: ArrayLike) -> np.ndarray | float:
    """Fraction of sites occupied by either enantiomer; `free_nM` is the sum of both (nmol/L)."""
    return occupancy(free_nM, racemate_ki_nM(s_ki_nM, r_ki_nM))


def concentration_nM_for_occupancy(fraction: ArrayLike, ki_nM: ArrayLike) -> np.ndarray | float:
    """Unbound concentration (nmol/L) that occupies `fraction` of the sites: Ki * f / (1 - f).

    fraction: 0 or more and below 1, because full occupancy is never reached.
    """
    wanted = _checked(fraction, "fraction")
    if np.any(wanted >= 1):
        raise ValueError("fraction must be below 1: no finite concentration occupies every site")
    return _plain(_checked(ki_nM, "ki_nM", positive=True) * wanted / (1 - wanted))


def occupancy_interval(
    total_ng_per_ml: ArrayLike,
    molar_mass_g_per_mol: float,
    fractions_unbound: ArrayLike,
    kis_nM: ArrayLike,
) -> Interval:
    """Lowest and highest occupancy over every combination of level, unbound fraction and Ki.

    Each argument may hold several published values. The result is the spread between sources, not
    a confidence interval. Raises `ValueError` if any list is empty.
    """
    levels, fractions, kis = (np.atleast_1d(values) for values in (total_ng_per_ml, fractions_unbound, kis_nM))
    if not (levels.size and fractions.size and kis.size):
        raise ValueError("occupancy_interval needs at least one level, one unbound fraction and one Ki")
    values = [
        occupancy(free_concentration_nM(level, molar_mass_g_per_mol, fraction), ki)
        for level, fraction, ki in product(levels, fractions, kis)
    ]
    return Interval(float(min(values)), float(max(values)))


def _checked(values: ArrayLike, name: str, *, positive: bool = False, at_most: float = np.inf) -> np.ndarray:
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number or an array of numbers, not {values!r}") from None
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{name} must be finite, not {values!r}")
    if np.any(array < 0) or (positive and np.any(array == 0)):
        raise ValueError(f"{name} must be {'above' if positive else 'at least'} zero, not {values!r}")
    if np.any(array > at_most):
        raise ValueError(f"{name} must be at most {at_most}, not {values!r}")
    return array


def _plain(result: np.ndarray) -> np.ndarray | float:
    return float(result) if np.ndim(result) == 0 else result
