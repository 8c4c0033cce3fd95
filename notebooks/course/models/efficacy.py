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

import numpy as np
from numpy.typing import ArrayLike

from .binding import occupancy, shares_of_two
from .checks import numbers, plain

__all__ = [
    "ec50_nM",
    "largest_effect",
    "occupancy_for_effect",
    "relative_effect",
    "effect",
    "effect_at_occupancy",
    "effect_of_two",
]


def effect_at_occupancy(
    filled: ArrayLike, tau: ArrayLike, slope: ArrayLike = 1, receptors_left: ArrayLike = 1
) -> np.ndarray | float:
    """Effect, as a share of the most the tissue can give, of a drug that fills a share of the receptors.

    (q tau f)^n / (1 + (q tau f)^n). filled: f, 0 to 1. tau: transducer ratio, 0 for an antagonist. slope: n, of
    the tissue. receptors_left: q, the share that is left after an irreversible loss; `filled` is of those.
    """
    stimulus = _stimulus(numbers(filled, "filled", at_most=1), tau, receptors_left)
    return _transduced(stimulus, slope)


def effect(
    free_nM: ArrayLike, ki_nM: ArrayLike, tau: ArrayLike, slope: ArrayLike = 1, receptors_left: ArrayLike = 1
) -> np.ndarray | float:
    """Effect of one drug at a free concentration (nmol/L) with this Ki (nmol/L): `effect_at_occupancy` of both."""
    return effect_at_occupancy(occupancy(free_nM, ki_nM), tau, slope, receptors_left)


def effect_of_two(
    free_nM: ArrayLike,
    ki_nM: ArrayLike,
    tau: ArrayLike,
    other_free_nM: ArrayLike,
    other_ki_nM: ArrayLike,
    other_tau: ArrayLike,
    slope: ArrayLike = 1,
    receptors_left: ArrayLike = 1,
) -> np.ndarray | float:
    """Effect of two drugs that compete for one receptor, each with its own efficacy. Concentrations in nmol/L.

    What both set off adds up before the tissue answers: n-th power of (tau_A f_A + tau_B f_B), with the shares
    f of `binding.shares_of_two`. With other_tau = 0 it is Gaddum's antagonist; with a small one the second drug
    is a partial agonist, which lowers the effect of a full agonist towards its own. This follows from the model
    above by mass action; it is the equation that Leff, Dougall and Harper 1993 (Br J Pharmacol 110:239) fit, a
    citation from memory.
    """
    shares = shares_of_two(free_nM, ki_nM, other_free_nM, other_ki_nM)
    both = _stimulus(shares.first, tau, receptors_left) + _stimulus(shares.second, other_tau, 1, "other_tau") * (
        numbers(receptors_left, "receptors_left", at_most=1)
    )
    return _transduced(both, slope)


def largest_effect(tau: ArrayLike, slope: ArrayLike = 1) -> np.ndarray | float:
    """Effect with every receptor filled, as a share of the most the tissue can give: tau^n / (1 + tau^n)."""
    return effect_at_occupancy(1, tau, slope)


def ec50_nM(ki_nM: ArrayLike, tau: ArrayLike, slope: ArrayLike = 1) -> np.ndarray | float:
    """Concentration (nmol/L) for half of the drug's own largest effect: Ki / ((2 + tau^n)^(1/n) - 1).

    Below Ki whenever tau is above 0 at n = 1: that is receptor reserve.
    """
    ki, ratio, n = (
        numbers(ki_nM, "ki_nM", positive=True),
        numbers(tau, "tau"),
        numbers(slope, "slope", positive=True),
    )
    return plain(ki / ((2 + ratio**n) ** (1 / n) - 1))


def occupancy_for_effect(wanted: ArrayLike, tau: ArrayLike, slope: ArrayLike = 1) -> np.ndarray | float:
    """Share of the receptors that must be filled for an effect (a share of the most the tissue can give).

    Raises `ValueError` where even every receptor would not give that effect.
    """
    effect_wanted = numbers(wanted, "wanted")
    ratio, n = numbers(tau, "tau"), numbers(slope, "slope", positive=True)
    if np.any(effect_wanted > largest_effect(ratio, n)):
        raise ValueError("wanted is more than the drug can give in this tissue: its largest effect is tau^n/(1+tau^n)")
    needed = (effect_wanted / (1 - effect_wanted)) ** (1 / n)
    return plain(np.divide(needed, ratio, out=np.zeros(np.broadcast(needed, ratio).shape), where=ratio > 0))


def relative_effect(stimulus: ArrayLike, reference_tau: ArrayLike = 0) -> np.ndarray | float:
    """Effect as a share of what a reference full agonist gives when it fills every receptor (slope 1).

    stimulus: the sum, over the drugs at the receptor, of relative efficacy (tau of the drug divided by tau of the
    reference) times share filled; 0 to 1 for drugs no stronger than the reference. reference_tau: 0 for a tissue
    without spare receptors, where effect keeps step with stimulus; larger for more spare receptors.
    """
    given = numbers(stimulus, "stimulus")
    ratio = numbers(reference_tau, "reference_tau")
    return plain(given * (1 + ratio) / (1 + ratio * given))


def _stimulus(filled: ArrayLike, tau: ArrayLike, receptors_left: ArrayLike, name: str = "tau") -> np.ndarray:
    return np.asarray(filled) * numbers(tau, name) * numbers(receptors_left, "receptors_left", at_most=1)


def _transduced(stimulus: np.ndarray, slope: ArrayLike) -> np.ndarray | float:
    n = numbers(slope, "slope", positive=True)
    # As 1 / (1 + s^-n), because s^n alone may be too large for a number.
    with np.errstate(divide="ignore", over="ignore"):
        return plain(1 / (1 + np.asarray(stimulus, dtype=float) ** -n))
