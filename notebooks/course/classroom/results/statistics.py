"""Classical test theory on a matrix of points: learners down, questions across, NaN for no answer. numpy alone.

The learner's kernel has numpy and nothing heavier, and this notebook is built there too. Checked against published
worked examples and pingouin (`tests/classroom/`, `tests/proof/`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
LEAST_LEARNERS = 5  # with fewer, a correlation says nothing
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Reliability:
    """Cronbach's alpha of learners who answered all. name: KR-20 where all points are 0 or 1. low, high: 95 %."""

    name: str
    alpha: float
    low: float
    high: float
    learners: int
    items: int


def difficulty(points: Matrix) -> Matrix:
    """The share of the points that a question gave, 0 to 1: a small one is a hard question. NaN for no answer."""
    answers = np.sum(~np.isnan(points), axis=0)
    with np.errstate(invalid="ignore"):
        return np.where(answers > 0, np.nansum(points, axis=0) / answers, np.nan)


def item_rest(points: Matrix) -> Matrix:
    """Each question's correlation with the mean points of the others: NaN where all are alike, or too few answered."""
    found = np.full(points.shape[1], np.nan)
    answered = ~np.isnan(points)
    total, count = np.nansum(points, axis=1), answered.sum(axis=1)
    for at in range(points.shape[1]):
        others = count - answered[:, at]
        use = answered[:, at] & (others > 0)
        if use.sum() < LEAST_LEARNERS:
            continue
        rest = (total - np.nan_to_num(points[:, at]))[use] / others[use]
        own = points[use, at]
        if own.std() > 0 and rest.std() > 0:
            found[at] = np.corrcoef(own, rest)[0, 1]
    return found


def alpha(points: Matrix) -> float:
    """Cronbach's alpha (KR-20 where points are 0 or 1) of a matrix without gaps; NaN where nothing varies.

    k / (k - 1) * (1 - sum of the questions' variances / variance of the totals). Cronbach 1951.
    """
    items = points.shape[1]
    total = points.sum(axis=1).var(ddof=1) if len(points) > 1 else 0.0
    if items < 2 or total <= 0:
        return float("nan")
    return float(items / (items - 1) * (1 - points.var(axis=0, ddof=1).sum() / total))


def reliability(points: Matrix, seed: int = 20) -> Reliability | None:
    """Alpha with a 95 % interval: of classes drawn again from this one, the same every time. None for too few."""
    whole = points[~np.isnan(points).any(axis=1)]
    if len(whole) < LEAST_LEARNERS or np.isnan(found := alpha(whole)):
        return None
    dice = np.random.default_rng(seed)
    draws = [alpha(whole[dice.integers(0, len(whole), len(whole))]) for _ in range(DRAWS)]
    low, high = np.nanpercentile(draws, [2.5, 97.5])
    name = "KR-20" if np.isin(whole, (0, 1)).all() else "Cronbach’s alpha"
    return Reliability(name, found, float(low), float(high), *whole.shape)


def hardness(points: Matrix) -> Matrix:
    """A question's difficulty on the scale of an item response model: the log odds of not being right, kept finite.

    Partly right is not right here: such a model knows right and wrong alone.
    """
    answers = np.sum(~np.isnan(points), axis=0)
    missed = answers - np.sum(points == 1, axis=0)
    return np.log((missed + 0.5) / (answers - missed + 0.5))
