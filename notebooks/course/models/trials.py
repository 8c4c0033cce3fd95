"""Trials: how large an effect looks, how sure a trial can be of it, and what chance does to a small one.

Intervals are at 95 % unless `level` says otherwise. Counts and numbers of people may be arrays where the
function says so. Simulations take an integer seed; the same seed gives the same trials. Input that cannot
be (a standard deviation below zero, more events than people) raises `ValueError` and names the argument.

A simulated trial knows only chance. Real trials also lose people, break their blind, choose their
outcomes and are published or not; none of that is here.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike

from .checks import Array

__all__ = [
    "Estimate",
    "Record",
    "Simulated",
    "interval_from_standard_error",
    "odds_ratio",
    "paired_sd",
    "record",
    "risk_difference",
    "simulate_trials",
    "t_cdf",
    "t_quantile",
    "width_of_interval",
    "wilson_interval",
]

DESIGNS = ("crossover", "parallel")


class Estimate(NamedTuple):
    """An estimate and the ends of its confidence interval."""

    value: float
    low: float
    high: float


class Simulated(NamedTuple):
    """Many trials of one size. Each row of `people` is one trial, each column one person.

    people: a person's own difference between the two treatments (crossover), or a person's change
    (parallel; the first columns had the treatment). estimate, low, high: one per trial.
    """

    people: Array
    estimate: Array
    low: Array
    high: Array


class Record(NamedTuple):
    """How often trials were right: shares of all trials, 0 to 1.

    found: the interval lies wholly above zero. wrong_way: the estimate lies below zero.
    found_wrong_way: the interval lies wholly below zero. missed: the interval does not hold the truth.
    """

    found: float
    wrong_way: float
    found_wrong_way: float
    missed: float


def t_cdf(t: float, degrees_of_freedom: float) -> float:
    """Probability that Student's t with these degrees of freedom is at most `t`.

    By the regularised incomplete beta function (Abramowitz & Stegun 1964, 26.7.1).
    """
    t, df = _number(t, "t"), _number(degrees_of_freedom, "degrees_of_freedom", above=0)
    tail = 0.5 * _incomplete_beta(df / 2, 0.5, df / (df + t * t))
    return 1 - tail if t > 0 else tail


@lru_cache(maxsize=4096)
def t_quantile(probability: float, degrees_of_freedom: float) -> float:
    """The t below which a share `probability` of Student's distribution lies (0 < probability < 1).

    Bisection on `t_cdf`; agrees with tables to better than 1e-8 of the value.
    """
    p = _number(probability, "probability", above=0, below=1)
    df = _number(degrees_of_freedom, "degrees_of_freedom", above=0)
    if p < 0.5:
        return -t_quantile(1 - p, df)
    low, high = 0.0, 2.0
    while t_cdf(high, df) < p:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if t_cdf(middle, df) < p else (low, middle)
        if high - low <= 1e-13 * high:
            break
    return (low + high) / 2


def paired_sd(sd_1: float, sd_2: float, correlation: float) -> float:
    """Standard deviation of the difference between two measurements of the same person."""
    first, second = _number(sd_1, "sd_1", at_least=0), _number(sd_2, "sd_2", at_least=0)
    r = _number(correlation, "correlation", at_least=-1, at_most=1)
    return math.sqrt(max(0.0, first**2 + second**2 - 2 * r * first * second))


def interval_from_standard_error(
    value: float, standard_error: float, degrees_of_freedom: float | None = None, level: float = 0.95
) -> Estimate:
    """Value plus and minus a quantile times its standard error: Student's with degrees of freedom, else normal."""
    value, error = _number(value, "value"), _number(standard_error, "standard_error", at_least=0)
    upper = 0.5 + _number(level, "level", above=0, below=1) / 2
    q = NormalDist().inv_cdf(upper) if degrees_of_freedom is None else t_quantile(upper, degrees_of_freedom)
    return Estimate(value, value - q * error, value + q * error)


def wilson_interval(events: ArrayLike, people: ArrayLike, level: float = 0.95) -> Estimate:
    """A share and its score interval (Wilson 1927). Scalars or arrays; shares are 0 to 1."""
    x, n = _events(events, people, "events", "people")
    z = NormalDist().inv_cdf(0.5 + _number(level, "level", above=0, below=1) / 2)
    share = x / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # At no events and at all, the score interval ends exactly at 0 and 1; rounding must not pass them.
    low = np.where(x == 0, 0.0, np.maximum(middle - half, 0.0))
    high = np.where(x == n, 1.0, np.minimum(middle + half, 1.0))
    return Estimate(_plain(share), _plain(low), _plain(high))


def risk_difference(
    events_1: ArrayLike, n_1: ArrayLike, events_2: ArrayLike, n_2: ArrayLike, level: float = 0.95
) -> Estimate:
    """Share 1 minus share 2 of two separate groups, -1 to 1.

    Interval: squares of the two Wilson intervals added (Newcombe 1998, method 10). Scalars or arrays.
    """
    _events(events_1, n_1, "events_1", "n_1")
    _events(events_2, n_2, "events_2", "n_2")
    one, other = wilson_interval(events_1, n_1, level), wilson_interval(events_2, n_2, level)
    value = np.asarray(one.value) - other.value
    low = value - np.hypot(np.asarray(one.value) - one.low, np.asarray(other.high) - other.value)
    high = value + np.hypot(np.asarray(one.high) - one.value, np.asarray(other.value) - other.low)
    return Estimate(_plain(value), _plain(low), _plain(high))


def odds_ratio(events_1: float, n_1: float, events_2: float, n_2: float, level: float = 0.95) -> Estimate:
    """Odds 1 divided by odds 2, with an interval on the log scale (Woolf 1955).

    Where a cell is empty, one half is added to every cell (Haldane 1956, Anscombe 1956).
    """
    a, b, c, d = _cells(events_1, n_1, events_2, n_2)
    return _ratio(a * d / (b * c), 1 / a + 1 / b + 1 / c + 1 / d, level)


def simulate_trials(
    people: int,
    difference: float,
    sd: float,
    trials: int,
    seed: int,
    design: str = "crossover",
    correlation: float = 0.5,
    level: float = 0.95,
    treated: int | None = None,
) -> Simulated:
    """Draws many trials from a stated truth: normal changes with the same spread under both treatments.

    people: in the whole trial; in two groups, half and an odd person are treated, or `treated` of them.
    difference: the true mean benefit. sd: of one person's change. design: crossover (everybody has both, and
    the two changes of a person are correlated) or parallel (two groups; correlation has no part). No
    carry-over, nobody drops out.
    """
    n = int(_people(people, "people"))
    count = int(_number(trials, "trials", at_least=1))
    truth, spread = _number(difference, "difference"), _number(sd, "sd", at_least=0)
    upper = 0.5 + _number(level, "level", above=0, below=1) / 2
    if design not in DESIGNS:
        raise ValueError(f"design must be one of {', '.join(DESIGNS)}, not {design!r}")
    noise = np.random.default_rng(seed).standard_normal((count, n))
    if design == "crossover":
        values = truth + paired_sd(spread, spread, correlation) * noise
        estimate, df = values.mean(axis=1), n - 1
        error = values.std(axis=1, ddof=1) / math.sqrt(n)
    else:
        if n < 4:
            raise ValueError("people must be at least 4 in two groups")
        treated = n - n // 2 if treated is None else int(_people(treated, "treated"))
        if not 2 <= treated <= n - 2:
            raise ValueError(f"treated must leave at least 2 people in each group of {n}")
        values = spread * noise
        values[:, :treated] += truth
        groups, df = (values[:, :treated], values[:, treated:]), n - 2
        estimate = groups[0].mean(axis=1) - groups[1].mean(axis=1)
        pooled = sum(group.var(axis=1, ddof=1) * (group.shape[1] - 1) for group in groups) / df
        error = np.sqrt(pooled * sum(1 / group.shape[1] for group in groups))
    half = t_quantile(upper, df) * error
    return Simulated(values, estimate, estimate - half, estimate + half)


def record(simulated: Simulated, difference: float) -> Record:
    """How often simulated trials were right about a true difference."""
    truth = _number(difference, "difference")
    return Record(
        float(np.mean(simulated.low > 0)),
        float(np.mean(simulated.estimate < 0)),
        float(np.mean(simulated.high < 0)),
        float(np.mean((simulated.low > truth) | (simulated.high < truth))),
    )


@overload
def width_of_interval(
    people: float, sd: float, design: str = ..., correlation: float = ..., level: float = ...
) -> float: ...
@overload
def width_of_interval(
    people: ArrayLike, sd: float, design: str = ..., correlation: float = ..., level: float = ...
) -> Array: ...
def width_of_interval(
    people: ArrayLike, sd: float, design: str = "parallel", correlation: float = 0.5, level: float = 0.95
) -> Array | float:
    """Expected width of the interval for a difference of means, in the unit of the scale.

    people: in the whole trial (in two equal groups), scalar or array. Halving it takes four times as many.
    """
    n = _array(people, "people")
    least = 4 if design == "parallel" else 2
    if design not in DESIGNS:
        raise ValueError(f"design must be one of {', '.join(DESIGNS)}, not {design!r}")
    if np.any(n < least):
        raise ValueError(f"people must be at least {least} in a {design} trial")
    spread = _number(sd, "sd", at_least=0)
    upper = 0.5 + _number(level, "level", above=0, below=1) / 2
    if design == "crossover":
        error, df = paired_sd(spread, spread, correlation) / np.sqrt(n), n - 1
    else:
        error, df = spread * np.sqrt(4 / n), n - 2
    q = np.vectorize(lambda freedom: t_quantile(upper, float(freedom)), otypes=[float])(df)
    return _plain(2 * q * error)


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function, by Lentz's continued fraction (Lentz 1976)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, 1 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    tiny = 1e-300
    c, d = 1.0, 1 / max(1 - (a + b) * x / (a + 1), tiny)
    fraction = d
    for m in range(1, 10_000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + term * d
            d = 1 / (d if abs(d) > tiny else tiny)
            c = 1 + term / c
            c = c if abs(c) > tiny else tiny
            fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * fraction / a


def _ratio(value: float, variance_of_log: float, level: float) -> Estimate:
    log = interval_from_standard_error(math.log(value), math.sqrt(variance_of_log), level=level)
    return Estimate(math.exp(log.value), math.exp(log.low), math.exp(log.high))


def _cells(events_1: float, n_1: float, events_2: float, n_2: float) -> tuple[float, float, float, float]:
    """Events and no events of both groups; one half more in each where one of the four is zero."""
    (x_1, people_1), (x_2, people_2) = (
        _events(events_1, n_1, "events_1", "n_1"),
        _events(events_2, n_2, "events_2", "n_2"),
    )
    a, b, c, d = (float(cell) for cell in (x_1, people_1 - x_1, x_2, people_2 - x_2))
    half = 0.5 if 0 in (a, b, c, d) else 0.0
    return a + half, b + half, c + half, d + half


def _events(events: ArrayLike, people: ArrayLike, events_name: str, people_name: str) -> tuple[Array, Array]:
    x, n = _array(events, events_name), _array(people, people_name)
    if np.any(n <= 0):
        raise ValueError(f"{people_name} must be above zero, not {people!r}")
    if np.any(x < 0) or np.any(x > n):
        raise ValueError(f"{events_name} must lie between zero and {people_name}, not {events!r}")
    return x, n


def _people(n: float, name: str) -> float:
    return _number(n, name, at_least=2)


def _number(
    value: float,
    name: str,
    *,
    above: float = -math.inf,
    at_least: float = -math.inf,
    below: float = math.inf,
    at_most: float = math.inf,
) -> float:
    array = _array(value, name)
    if array.ndim:
        raise ValueError(f"{name} must be one number, not {value!r}")
    number = float(array)
    if number <= above or number < at_least or number >= below or number > at_most:
        limits = {"above": above, "at least": at_least, "below": below, "at most": at_most}
        said = " and ".join(f"{word} {limit:g}" for word, limit in limits.items() if math.isfinite(limit))
        raise ValueError(f"{name} must be {said}, not {value!r}")
    return number


def _array(values: ArrayLike, name: str) -> Array:
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number or an array of numbers, not {values!r}") from None
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{name} must be finite, not {values!r}")
    return array


def _plain(result: Any) -> Any:
    """A float for a single value, an array otherwise: as the input was."""
    return float(result) if np.ndim(result) == 0 else np.asarray(result)
