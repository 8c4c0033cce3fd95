"""From a filled receptor to an effect: the operational model of agonism.

Occupancy says how many receptors are taken; *efficacy* says what a taken receptor does. The model has one
number for it, the transducer ratio tau: an antagonist has 0, a partial agonist a small one, a full agonist a
large one. Tau belongs to a drug *in a tissue*, because a tissue with more receptors, or with a longer chain
behind them, needs fewer of them filled.

Source: Black and Leff 1983, Proc R Soc Lond B 220:141-162, doi:10.1098/rspb.1983.0093, PMID 6141562.

Every function takes numbers or numpy arrays, broadcasts them, and returns a float or an array. Effects are
shares, 0 to 1. Negative or non-finite input raises `ValueError` and names the argument. The model is of one
receptor at equilibrium: it holds no desensitisation, no second target and no body.
"""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from .binding import occupancy
from .checks import Array, numbers, plain

__all__ = [
    "largest_effect",
    "relative_effect",
    "effect",
    "effect_at_occupancy",
]


@overload
def effect_at_occupancy(filled: float, tau: float, slope: float = ..., receptors_left: float = ...) -> float: ...
@overload
def effect_at_occupancy(
    filled: ArrayLike, tau: ArrayLike, slope: ArrayLike = ..., receptors_left: ArrayLike = ...
) -> Array: ...
def effect_at_occupancy(
    filled: ArrayLike, tau: ArrayLike, slope: ArrayLike = 1, receptors_left: ArrayLike = 1
) -> Array | float:
    """Effect, as a share of the most the tissue can give, of a drug that fills a share of the receptors.

    (q tau f)^n / (1 + (q tau f)^n). filled: f, 0 to 1. tau: transducer ratio, 0 for an antagonist. slope: n, of
    the tissue. receptors_left: q, the share that is left after an irreversible loss; `filled` is of those.
    """
    stimulus = _stimulus(numbers(filled, "filled", at_most=1), tau, receptors_left)
    return _transduced(stimulus, slope)


@overload
def effect(free_nM: float, ki_nM: float, tau: float, slope: float = ..., receptors_left: float = ...) -> float: ...
@overload
def effect(
    free_nM: ArrayLike, ki_nM: ArrayLike, tau: ArrayLike, slope: ArrayLike = ..., receptors_left: ArrayLike = ...
) -> Array: ...
def effect(
    free_nM: ArrayLike, ki_nM: ArrayLike, tau: ArrayLike, slope: ArrayLike = 1, receptors_left: ArrayLike = 1
) -> Array | float:
    """Effect of one drug at a free concentration (nmol/L) with this Ki (nmol/L): `effect_at_occupancy` of both."""
    return effect_at_occupancy(occupancy(free_nM, ki_nM), tau, slope, receptors_left)


@overload
def largest_effect(tau: float, slope: float = ...) -> float: ...
@overload
def largest_effect(tau: ArrayLike, slope: ArrayLike = ...) -> Array: ...
def largest_effect(tau: ArrayLike, slope: ArrayLike = 1) -> Array | float:
    """Effect with every receptor filled, as a share of the most the tissue can give: tau^n / (1 + tau^n)."""
    return effect_at_occupancy(1, tau, slope)


@overload
def relative_effect(stimulus: float, reference_tau: float = ...) -> float: ...
@overload
def relative_effect(stimulus: ArrayLike, reference_tau: ArrayLike = ...) -> Array: ...
def relative_effect(stimulus: ArrayLike, reference_tau: ArrayLike = 0) -> Array | float:
    """Effect as a share of what a reference full agonist gives when it fills every receptor (slope 1).

    stimulus: the sum, over the drugs at the receptor, of relative efficacy (tau of the drug divided by tau of the
    reference) times share filled; 0 to 1 for drugs no stronger than the reference. reference_tau: 0 for a tissue
    without spare receptors, where effect keeps step with stimulus; larger for more spare receptors.
    """
    given = numbers(stimulus, "stimulus")
    ratio = numbers(reference_tau, "reference_tau")
    return plain(given * (1 + ratio) / (1 + ratio * given))


def _stimulus(filled: ArrayLike, tau: ArrayLike, receptors_left: ArrayLike, name: str = "tau") -> Array:
    return np.asarray(filled) * numbers(tau, name) * numbers(receptors_left, "receptors_left", at_most=1)


def _transduced(stimulus: Array, slope: ArrayLike) -> Array | float:
    n = numbers(slope, "slope", positive=True)
    # As 1 / (1 + s^-n), because s^n alone may be too large for a number.
    with np.errstate(divide="ignore", over="ignore"):
        return plain(1 / (1 + np.asarray(stimulus, dtype=float) ** -n))
