"""Breathing under opioids, ketamine and both, as tested with carbon dioxide held high.

Opioids: a sigmoid curve from the level at the effect site. Ketamine: a line against the logarithm of the dose.
Esketamine on top of remifentanil: a partial recovery. Functions take numbers or numpy arrays, broadcast them, and
return a float or an array. Negative or non-finite input raises `ValueError` and names the argument.

These equations describe resting volunteers at a fixed carbon dioxide pressure. That pressure would rise in anybody
who breathes too little, and drive breathing up: nothing here predicts what happens to a person outside such a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike

from .checks import Array, Flags, numbers, plain

__all__ = [
    "Change",
    "DoseLine",
    "apnoea_likely",
    "fall",
    "ventilation_with_esketamine_l_per_min",
]


class Change(NamedTuple):
    """A change in ventilation in L/min (negative: less breathing) and the range that goes with it.

    distinguishable: whether the study could tell it from no change.
    """

    change_l_per_min: Any  # a float, or an array: as the dose was
    low_l_per_min: Any
    high_l_per_min: Any
    distinguishable: Any


@overload
def fall(effect_site: float, c50: float, hill: float = ..., emax: float = ...) -> float: ...
@overload
def fall(effect_site: ArrayLike, c50: ArrayLike, hill: ArrayLike = ..., emax: ArrayLike = ...) -> Array: ...
def fall(effect_site: ArrayLike, c50: ArrayLike, hill: ArrayLike = 1, emax: ArrayLike = 1) -> Array | float:
    """The part of ventilation that is lost, 0 to emax: emax * C^hill / (C50^hill + C^hill).

    effect_site, c50: in one and the same unit, such as ng/mL. c50 is the level with half of the largest fall.
    emax: the largest fall; 1 for a full agonist, 0.5 for buprenorphine, whose effect levels off. The curve approaches
    emax and never reaches it, so it cannot show that breathing stops.
    """
    level = numbers(effect_site, "effect_site")
    half = numbers(c50, "c50", positive=True)
    slope = numbers(hill, "hill", positive=True)
    largest = numbers(emax, "emax", at_most=1)
    with np.errstate(over="ignore"):
        relative = (level / half) ** slope
    # Written so that a very high level gives emax and not infinity divided by infinity.
    return plain(largest * (1 - 1 / (1 + relative)))


@overload
def apnoea_likely(lost: float, threshold: float) -> bool: ...
@overload
def apnoea_likely(lost: ArrayLike, threshold: ArrayLike) -> Flags: ...
def apnoea_likely(lost: ArrayLike, threshold: ArrayLike) -> Flags | bool:
    """Whether to write "apnea likely": a rule of display, because the curve itself never reaches apnea.

    lost: the part of ventilation lost, 0 to 1. threshold: chosen to agree with the dose at which a study saw apnea,
    so agreement with that study is no test of the model.
    """
    found = numbers(lost, "lost", at_most=1) >= numbers(threshold, "threshold", positive=True, at_most=1)
    return bool(found) if np.ndim(found) == 0 else found


@dataclass(frozen=True)
class DoseLine:
    """A fall in ventilation that grows by the same amount with each doubling of the dose, as in Bourke 1987.

    anchor_mg_per_kg: the first dose whose fall could be told from none. fall_l_per_min: the fall there.
    per_doubling_l_per_min: what each doubling adds. The spreads are those of the study. lowest_mg_per_kg,
    highest_mg_per_kg: the doses that were given; the line holds between them only. Joining a published point and a
    published slope into one line is ours.
    """

    anchor_mg_per_kg: float
    fall_l_per_min: float
    fall_spread_l_per_min: float
    per_doubling_l_per_min: float
    per_doubling_spread_l_per_min: float
    lowest_mg_per_kg: float
    highest_mg_per_kg: float

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            numbers(value, name, positive=True)
        if not self.lowest_mg_per_kg <= self.anchor_mg_per_kg <= self.highest_mg_per_kg:
            raise ValueError("anchor_mg_per_kg must lie between lowest_mg_per_kg and highest_mg_per_kg")
        if self._doublings(self.lowest_mg_per_kg) * self.per_doubling_l_per_min <= -self.fall_l_per_min:
            raise ValueError("lowest_mg_per_kg is so low that the line would show no fall or a rise")

    def _doublings(self, dose_mg_per_kg: ArrayLike) -> Array:
        return np.log2(np.asarray(dose_mg_per_kg, dtype=float) / self.anchor_mg_per_kg)

    def change(self, dose_mg_per_kg: ArrayLike) -> Change:
        """The change after a cumulative dose: -(fall + per doubling * log2(dose / anchor)). Never zero.

        From the anchor upwards the range is the two spreads combined. Below it the study could not tell the fall from
        none, so the range runs from no change to the deepest fall at the anchor. Raises `ValueError` for a dose
        that the study did not give.
        """
        dose = numbers(dose_mg_per_kg, "dose_mg_per_kg", positive=True)
        if np.any((dose < self.lowest_mg_per_kg) | (dose > self.highest_mg_per_kg)):
            raise ValueError(
                f"dose_mg_per_kg must be {self.lowest_mg_per_kg:g} to {self.highest_mg_per_kg:g}, the doses that were "
                f"given, not {dose_mg_per_kg!r}"
            )
        doublings = self._doublings(dose)
        change = -(self.fall_l_per_min + self.per_doubling_l_per_min * doublings)
        spread = np.hypot(self.fall_spread_l_per_min, self.per_doubling_spread_l_per_min * doublings)
        known = dose >= self.anchor_mg_per_kg
        low = np.where(known, change - spread, -(self.fall_l_per_min + self.fall_spread_l_per_min))
        high = np.where(known, change + spread, 0.0)
        return Change(plain(change), plain(low), plain(high), bool(known) if np.ndim(known) == 0 else np.asarray(known))


@overload
def ventilation_with_esketamine_l_per_min(
    esketamine_ng_per_ml: float,
    opioid_ratio: float,
    doubling_ng_per_ml: float,
    baseline_l_per_min: float,
    depressed_l_per_min: float,
    co2_share: float,
) -> float: ...
@overload
def ventilation_with_esketamine_l_per_min(
    esketamine_ng_per_ml: ArrayLike,
    opioid_ratio: ArrayLike,
    doubling_ng_per_ml: ArrayLike,
    baseline_l_per_min: ArrayLike,
    depressed_l_per_min: ArrayLike,
    co2_share: ArrayLike,
) -> Array: ...
def ventilation_with_esketamine_l_per_min(
    esketamine_ng_per_ml: ArrayLike,
    opioid_ratio: ArrayLike,
    doubling_ng_per_ml: ArrayLike,
    baseline_l_per_min: ArrayLike,
    depressed_l_per_min: ArrayLike,
    co2_share: ArrayLike,
) -> Array | float:
    """Ventilation under remifentanil while esketamine raises the C50 of a part of its effect, after Jonkman 2018.

    Esketamine multiplies the C50 by 1 + C/doubling, but only for `co2_share` of the loss, the part that remifentanil
    causes through sensitivity to carbon dioxide; the rest stays lost, so ventilation never returns to the baseline.
    opioid_ratio: the level of remifentanil over its C50; not published, so show a range. How the two parts add up is
    our reading of an abstract.
    """
    esketamine = numbers(esketamine_ng_per_ml, "esketamine_ng_per_ml")
    ratio = numbers(opioid_ratio, "opioid_ratio", positive=True)
    doubling = numbers(doubling_ng_per_ml, "doubling_ng_per_ml", positive=True)
    baseline = numbers(baseline_l_per_min, "baseline_l_per_min", positive=True)
    depressed = numbers(depressed_l_per_min, "depressed_l_per_min")
    share = numbers(co2_share, "co2_share", at_most=1)
    if np.any(depressed > baseline):
        raise ValueError("depressed_l_per_min must be at most baseline_l_per_min")
    left = (1 + ratio) / (1 + esketamine / doubling + ratio)
    return plain(baseline - (baseline - depressed) * (1 - share + share * left))
