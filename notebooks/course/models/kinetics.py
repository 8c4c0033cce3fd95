"""Linear compartment kinetics: the level of a drug over time, solved exactly.

A model is a set of well-stirred compartments between which drug moves at rates proportional to its amount,
dA/dt = K A + input(t). The solution is a sum of exponentials, one for each eigenvalue of K, and each kind of
dose has a closed form in them; nothing is stepped through time. Doses add up (superposition).

How it is computed. With the volumes as weights, K of compartments that exchange by flows is symmetric, so its
eigenvectors are orthogonal and equal rate constants do no harm. Differences such as
(e^-at - e^-bt)/(b - a) are evaluated as divided differences, which pass smoothly into t e^-at for a = b.
Where eigenvectors are nearly parallel all the same (an effect site whose ke0 equals a rate of the body to five
digits, a matrix of your own), the model is refused.

Units are in the names: mg, L, h; concentrations are ng/mL (mg/L times 1000). Negative or non-finite input raises
`ValueError` and names the argument.

A curve from published mean parameters is a prediction for an average of the people studied, not for a person.

Source: C. Moler and C. Van Loan, SIAM Review 2003;45(1), for linear systems.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .checks import Array, number, numbers

__all__ = [
    "Bolus",
    "FirstOrder",
    "Infusion",
    "Model",
    "Peak",
    "ZeroThenFirstOrder",
    "amounts_mg",
    "auc_ng_h_per_ml",
    "band",
    "concentration_ng_per_ml",
    "from_rate_constants",
    "half_lives_h",
    "lognormal_variance",
    "mammillary",
    "peak",
    "repeat",
    "with_effect_site",
    "with_first_pass_liver",
]

NG_PER_ML = 1000.0  # in 1 mg/L
# Beyond this condition number of the eigenvectors, rounding would show: 1e5 costs 5 of about 16 digits.
WORST_CONDITION = 1e5
TOO_ALIKE = (
    "rates_per_h must have phases that can be told apart: a rate, such as ke0, equals another one of the body to five "
    "digits, or the rates belong to no flows between volumes. Change one rate by a thousandth"
)


# Models


@dataclass(frozen=True)
class Model:
    """Compartments and the rates between them: dA/dt = rates_per_h @ A.

    names: of the compartments, "central" first. rates_per_h: row by row; entry [to][from] is the rate constant of
    a transfer, the diagonal holds minus the sum of all rates out. volumes_l: amount / volume = concentration.
    elimination_per_h: the part of each diagonal that leaves the body. followers: how many of the last compartments
    only follow the body and take no drug from it. Build models with the functions below.
    """

    names: tuple[str, ...]
    rates_per_h: tuple[tuple[float, ...], ...]
    volumes_l: tuple[float, ...]
    elimination_per_h: tuple[float, ...]
    followers: int = 0

    def __post_init__(self) -> None:
        n = len(self.names)
        if n == 0 or len(set(self.names)) != n:
            raise ValueError(f"names must be different names of at least one compartment, not {self.names!r}")
        shapes = (len(self.rates_per_h), *(len(row) for row in self.rates_per_h))
        if set(shapes) != {n} or len(self.volumes_l) != n or len(self.elimination_per_h) != n:
            raise ValueError(f"rates_per_h, volumes_l and elimination_per_h must fit the {n} names")
        if not all(math.isfinite(rate) for row in self.rates_per_h for rate in row):
            raise ValueError(f"rates_per_h must be finite, not {self.rates_per_h!r}")

    def index(self, compartment: str, argument: str = "compartment") -> int:
        """The place of a compartment. Raises `ValueError` with the nearest name."""
        try:
            return self.names.index(compartment)
        except ValueError:
            near = difflib.get_close_matches(str(compartment), self.names, 1) or self.names[:1]
            raise ValueError(
                f"{argument} must be one of {', '.join(self.names)}, not {compartment!r}. Did you mean {near[0]!r}?"
            ) from None

    @cached_property
    def matrix(self) -> Array:
        """`rates_per_h` as an array."""
        return np.array(self.rates_per_h)

    @cached_property
    def _modes(self) -> _Modes:
        """Eigenvalues and eigenvectors. Raises `ValueError` where they are too ill-conditioned to be used."""
        body = len(self.names) - self.followers
        within = self.matrix[:body, :body]
        root = np.sqrt(self.volumes_l[:body])
        alike = within * (root / root[:, None])
        if np.abs(alike - alike.T).max() <= 1e-13 * np.abs(alike).max():
            values, rotation = np.linalg.eigh(alike)
            vectors, inverse = rotation * root[:, None], rotation.T / root
        else:
            values, vectors = np.linalg.eig(within)
            if np.iscomplexobj(values) or np.linalg.cond(vectors) > WORST_CONDITION:
                raise ValueError(TOO_ALIKE)
            inverse = np.linalg.inv(vectors)
        if self.followers:
            # A follower's own decay joins the eigenvalues; its row of each eigenvector is known.
            decay = self.matrix.diagonal()[body:]
            gap = values - decay[:, None]
            with np.errstate(divide="ignore", invalid="ignore"):
                share = (self.matrix[body:, :body] @ vectors) / gap
            if not np.abs(share * np.abs(inverse).max(axis=1)).max() <= WORST_CONDITION:
                raise ValueError(TOO_ALIKE)
            whole, back = np.eye(len(self.names)), np.eye(len(self.names))
            whole[:body, :body], whole[body:, :body] = vectors, share
            back[:body, :body], back[body:, :body] = inverse, -share @ inverse
            values, vectors, inverse = np.concatenate([values, decay]), whole, back
        return _Modes(np.minimum(values, 0), vectors, inverse)


class _Modes(NamedTuple):
    values: Array
    vectors: Array
    inverse: Array


def mammillary(
    volumes_l: Sequence[float], clearance_l_per_h: float, intercompartmental_l_per_h: Sequence[float] = ()
) -> Model:
    """A central compartment with any number of peripheral ones around it.

    volumes_l: the central volume first. clearance_l_per_h: from the central compartment; 0 is allowed, for a model
    that eliminates elsewhere. intercompartmental_l_per_h: one flow for each peripheral volume.
    Compartments are named central, peripheral_1, peripheral_2, ...
    """
    volumes = tuple(number(volume, "volumes_l", positive=True) for volume in np.atleast_1d(volumes_l))
    flows = tuple(
        number(flow, "intercompartmental_l_per_h") for flow in np.atleast_1d(intercompartmental_l_per_h).tolist()
    )
    clearance = number(clearance_l_per_h, "clearance_l_per_h")
    if len(flows) != len(volumes) - 1:
        raise ValueError(
            f"intercompartmental_l_per_h must have one flow for each of the {len(volumes) - 1} peripheral volumes, "
            f"not {len(flows)}"
        )
    links = [(0, place, flow) for place, flow in enumerate(flows, start=1)]
    names = ("central", *(f"peripheral_{place}" for place in range(1, len(volumes))))
    return _by_flows(names, volumes, (clearance / volumes[0], *(0.0 for _ in flows)), links)


def from_rate_constants(
    volume_l: float,
    k10_per_h: float,
    k12_per_h: float | None = None,
    k21_per_h: float | None = None,
    k13_per_h: float | None = None,
    k31_per_h: float | None = None,
) -> Model:
    """The same model from its rate constants: one, two or three compartments.

    volume_l: of the central compartment. k12 and k21 (likewise k13 and k31) belong together and are above zero.
    """
    central = number(volume_l, "volume_l", positive=True)
    clearance = number(k10_per_h, "k10_per_h") * central
    volumes, flows = [central], []
    for out, back, names in (
        (k12_per_h, k21_per_h, ("k12_per_h", "k21_per_h")),
        (k13_per_h, k31_per_h, ("k13_per_h", "k31_per_h")),
    ):
        if out is None and back is None:
            continue
        if out is None or back is None:
            raise ValueError(f"{names[0]} and {names[1]} belong together: give both or none")
        flows.append(number(out, names[0], positive=True) * central)
        volumes.append(flows[-1] / number(back, names[1], positive=True))
    return mammillary(volumes, clearance, flows)


def with_first_pass_liver(
    model: Model, hepatic_flow_l_per_h: float, liver_volume_l: float, liver_elimination_per_h: float
) -> Model:
    """The model with a compartment "liver" between gut and blood, so that swallowed drug meets it first.

    Blood flow hepatic_flow_l_per_h carries drug from central to liver and back; the liver eliminates at the rate
    constant liver_elimination_per_h. Give swallowed doses `into="liver"`.
    """
    flow = number(hepatic_flow_l_per_h, "hepatic_flow_l_per_h")
    volume = number(liver_volume_l, "liver_volume_l", positive=True)
    elimination = number(liver_elimination_per_h, "liver_elimination_per_h")
    _refuse_second(model, "liver")
    if model.followers:
        raise ValueError("model must get its liver before its effect site")
    n = len(model.names)
    rates = np.zeros((n + 1, n + 1))
    rates[:n, :n] = model.matrix
    out, back = flow / model.volumes_l[0], flow / volume
    rates[0, 0] -= out
    rates[n, 0] += out
    rates[0, n] += back
    rates[n, n] -= back + elimination
    return Model(
        (*model.names, "liver"),
        tuple(map(tuple, rates.tolist())),
        (*model.volumes_l, volume),
        (*model.elimination_per_h, elimination),
    )


def with_effect_site(model: Model, ke0_per_h: float) -> Model:
    """The model with a compartment "effect_site" that follows the central level with rate constant ke0.

    dCe/dt = ke0 (C - Ce). It holds no drug: the other compartments are not changed by it.
    """
    ke0 = number(ke0_per_h, "ke0_per_h", positive=True)
    _refuse_second(model, "effect_site")
    return _with_follower(model, "effect_site", [ke0], ke0, model.volumes_l[0])


def half_lives_h(model: Model) -> Array:
    """Half-lives (h) of the body's exponential phases, shortest first; infinite where nothing is eliminated."""
    body = len(model.names) - model.followers
    rates = np.sort(-np.linalg.eigvals(model.matrix[:body, :body]).real)[::-1]
    with np.errstate(divide="ignore"):
        return np.log(2) / np.maximum(rates, 0)


def _by_flows(
    names: tuple[str, ...],
    volumes: tuple[float, ...],
    elimination: tuple[float, ...],
    links: Iterable[tuple[int, int, float]],
) -> Model:
    rates = [[0.0] * len(names) for _ in names]
    for place, rate in enumerate(elimination):
        rates[place][place] = -rate
    for one, other, flow in links:
        there, back = flow / volumes[one], flow / volumes[other]
        rates[one][one] -= there
        rates[other][one] += there
        rates[other][other] -= back
        rates[one][other] += back
    return Model(names, tuple(map(tuple, rates)), volumes, elimination)


def _with_follower(model: Model, name: str, inflow: Sequence[float], decay: float, volume: float) -> Model:
    """A last compartment that is fed at `inflow` (per h) by the first compartments, and takes nothing from them."""
    n = len(model.names)
    rows = [(*row, 0.0) for row in model.rates_per_h]
    rows.append((*inflow, *(0.0 for _ in range(n - len(inflow))), -decay))
    return Model(
        (*model.names, name),
        tuple(rows),
        (*model.volumes_l, volume),
        (*model.elimination_per_h, 0.0),
        model.followers + 1,
    )


def _refuse_second(model: Model, name: str) -> None:
    if name in model.names:
        raise ValueError(f"model already has a compartment {name!r}")


# Doses


@dataclass(frozen=True)
class _Dose:
    """What all doses have. `fraction` of `amount_mg` reaches the compartment `into`; the clock starts at `time_h`."""

    if TYPE_CHECKING:  # each dose declares these itself, in the order in which it takes them

        @property
        def amount_mg(self) -> float: ...
        @property
        def time_h(self) -> float: ...
        @property
        def into(self) -> str: ...
        @property
        def fraction(self) -> float: ...

    def __post_init__(self) -> None:
        number(self.amount_mg, "amount_mg")
        number(self.time_h, "time_h")
        number(self.fraction, "fraction", at_most=1)
        for name, positive in (("duration_h", True), ("ka_per_h", True), ("lag_h", False)):
            if hasattr(self, name):
                number(getattr(self, name), name, positive=positive)

    @property
    def effective_mg(self) -> float:
        """The part of the amount that reaches the compartment in the end."""
        return self.amount_mg * self.fraction

    @property
    def start_h(self) -> float:
        """When input begins: the dose's time plus its lag."""
        return self.time_h + getattr(self, "lag_h", 0.0)

    @property
    def shape(self) -> tuple[str, float, float]:
        """Into where; how long the zero-order part lasts (0: at once); ka (infinite: no absorption phase)."""
        return self.into, float(getattr(self, "duration_h", 0.0)), float(getattr(self, "ka_per_h", math.inf))


@dataclass(frozen=True)
class Bolus(_Dose):
    """All at once. At its very moment the level already counts it."""

    amount_mg: float
    time_h: float = 0.0
    into: str = "central"
    fraction: float = 1.0


@dataclass(frozen=True)
class Infusion(_Dose):
    """At a constant rate over `duration_h`."""

    amount_mg: float
    duration_h: float
    time_h: float = 0.0
    into: str = "central"
    fraction: float = 1.0


@dataclass(frozen=True)
class FirstOrder(_Dose):
    """Absorbed from a depot with rate constant `ka_per_h`, after `lag_h`."""

    amount_mg: float
    ka_per_h: float
    time_h: float = 0.0
    lag_h: float = 0.0
    into: str = "central"
    fraction: float = 1.0


@dataclass(frozen=True)
class ZeroThenFirstOrder(_Dose):
    """Into a depot at a constant rate over `duration_h`, and absorbed from there with rate constant `ka_per_h`."""

    amount_mg: float
    duration_h: float
    ka_per_h: float
    time_h: float = 0.0
    lag_h: float = 0.0
    into: str = "central"
    fraction: float = 1.0


Dose = Bolus | Infusion | FirstOrder | ZeroThenFirstOrder


def repeat(dose: Dose, every_h: float, times: int) -> tuple[Dose, ...]:
    """The dose given `times` times, `every_h` apart, the first at its own time."""
    every = number(every_h, "every_h", positive=True)
    count = number(times, "times", positive=True)
    if count != int(count):
        raise ValueError(f"times must be a whole number, not {times!r}")
    return tuple(replace(dose, time_h=dose.time_h + every * place) for place in range(int(count)))


# Levels and amounts


def concentration_ng_per_ml(
    model: Model, doses: Dose | Iterable[Dose], times_h: ArrayLike, compartment: str = "central"
) -> Array:
    """The level (ng/mL) in a compartment at each of `times_h`, all doses together."""
    place = model.index(compartment)
    times = _times(times_h)
    return _solve(model, doses, times, place) * (NG_PER_ML / model.volumes_l[place])


def amounts_mg(model: Model, doses: Dose | Iterable[Dose], times_h: ArrayLike) -> Array:
    """The amount (mg) in every compartment: one row for each time, one column for each name.

    The column of an effect site holds level times central volume; it is no drug in the body.
    """
    return _solve(model, doses, _times(times_h), None)


def auc_ng_h_per_ml(
    model: Model, doses: Dose | Iterable[Dose], until_h: float | None = None, compartment: str = "central"
) -> float:
    """Area under the level from 0 to `until_h`, or to infinity if that is None (ng h/mL).

    Raises `ValueError` for the area to infinity of a model that eliminates nothing.
    """
    place = model.index(compartment)
    if until_h is not None:
        until = number(until_h, "until_h")
        inflow = [0.0] * place + [1.0]
        body = len(model.names) - model.followers
        if place >= body:
            # The area of a follower F of the body, from F' = inflow - decay F: (area of inflow - F) / decay.
            row = model.rates_per_h[place]
            whole = _with_follower(model, "area", row[:body], 0.0, 1.0)
            entered, now = _solve(whole, doses, np.array([until]), None)[0][[len(model.names), place]]
            return float((entered - now) / -row[place] * NG_PER_ML / model.volumes_l[place])
        whole = _with_follower(model, "area", inflow, 0.0, 1.0)
        area = _solve(whole, doses, np.array([until]), len(model.names))[0]
    else:
        entered = np.zeros(len(model.names))
        for dose in _listed(doses):
            entered[_into(model, dose)] += dose.effective_mg
        area = -_without_input(model, entered)[place]
    return float(area * NG_PER_ML / model.volumes_l[place])


class Peak(NamedTuple):
    """The highest level and when it is reached."""

    tmax_h: float
    cmax_ng_per_ml: float


def peak(model: Model, doses: Dose | Iterable[Dose], until_h: float, compartment: str = "central") -> Peak:
    """The highest level between 0 and `until_h`.

    Looked for on a grid that is dense after each start and stop of an input, then narrowed until the level no longer
    changes in its last digits; `tmax_h` is then good to about 1e-7 of the bracket, because a peak is flat.
    """
    until = number(until_h, "until_h", positive=True)
    given = _listed(doses)
    events = {0.0, until}
    for dose in given:
        events |= {dose.start_h, dose.start_h + dose.shape[1]}
    edges = np.array(sorted(event for event in events if event <= until))
    steps = np.union1d(np.linspace(0, 1, 65), np.geomspace(1e-7, 1, 57))
    grid = np.unique(edges[:-1, None] + np.diff(edges)[:, None] * steps)
    levels = concentration_ng_per_ml(model, given, grid, compartment)
    beside = np.concatenate([[-1.0], levels, [-1.0]])
    tops = np.flatnonzero((levels >= beside[:-2]) & (levels >= beside[2:]))
    best = Peak(float(grid[levels.argmax()]), float(levels.max()))
    for top in tops[np.argsort(levels[tops])[::-1][:4]]:
        low, high = grid[max(top - 1, 0)], grid[min(top + 1, grid.size - 1)]
        for _ in range(7):
            fine = np.linspace(low, high, 33)
            found = concentration_ng_per_ml(model, given, fine, compartment)
            at = int(found.argmax())
            if found[at] > best.cmax_ng_per_ml:
                best = Peak(float(fine[at]), float(found[at]))
            low, high = fine[max(at - 1, 0)], fine[min(at + 1, 32)]
    return best


# Differences between people


def lognormal_variance(cv_percent: float) -> float:
    """omega^2, the variance of the logarithm, from a published between-person %CV: ln(1 + CV^2)."""
    return math.log1p((number(cv_percent, "cv_percent") / 100) ** 2)


def band(
    curve: Callable[..., Array],
    typical: Mapping[str, float],
    variances: Mapping[str, float],
    *,
    seed: int,
    people: int = 500,
    percentiles: Sequence[float] = (5, 50, 95),
) -> Array:
    """Percentiles of a curve over simulated people: one row for each percentile.

    curve: called with every name of `typical` as a keyword, returns an array. typical: the published typical
    values. variances: published log-normal between-person variances (omega^2) of some of them; a parameter that is
    not named here is held at its typical value. The same seed draws the same people. Raises `ValueError` if no
    variance is given: where none was published there is no band to draw.
    """
    if not variances:
        raise ValueError("variances must name at least one parameter: without a published variance there is no band")
    for name in variances:
        if name not in typical:
            near = difflib.get_close_matches(name, typical, 1)
            raise ValueError(
                f"variances names {name!r}, which is not in typical. Did you mean {near or list(typical)}?"
            )
    levels = numbers(percentiles, "percentiles", at_most=100)
    count = int(number(people, "people", positive=True))
    spread = np.sqrt([number(value, f"variances[{name!r}]") for name, value in variances.items()])
    centre = [number(typical[name], f"typical[{name!r}]") for name in variances]
    drawn = np.array(centre) * np.exp(np.random.default_rng(seed).standard_normal((count, spread.size)) * spread)
    people_drawn: list[list[float]] = drawn.tolist()
    curves = [curve(**{**typical, **dict(zip(variances, person, strict=True))}) for person in people_drawn]
    return np.percentile(np.array(curves), levels, axis=0)


# The solution


def _times(times_h: ArrayLike) -> Array:
    times = np.atleast_1d(numbers(times_h, "times_h"))
    if times.ndim != 1 or times.size == 0:
        raise ValueError("times_h must be a list of at least one time")
    return times


def _listed(doses: Dose | Iterable[Dose]) -> tuple[Dose, ...]:
    found = (doses,) if isinstance(doses, _Dose) else tuple(doses)
    for dose in found:
        if not isinstance(dose, _Dose):
            raise ValueError(f"doses must be Bolus, Infusion, FirstOrder or ZeroThenFirstOrder, not {dose!r}")
    return found


def _into(model: Model, dose: Dose) -> int:
    place = model.index(dose.into, "into")
    if place >= len(model.names) - model.followers:
        raise ValueError(f"into must be a compartment that holds drug, not {dose.into!r}")
    return place


def _without_input(model: Model, entered: Array) -> Array:
    """K^-1 x: minus the areas that amounts x leave behind. Raises `ValueError` if drug never leaves."""
    body = len(model.names) - model.followers
    leaving = model.matrix[:body, :body]
    if not any(model.elimination_per_h) or np.linalg.cond(leaving) > 1e15:
        raise ValueError("model must eliminate drug: with a clearance of zero its level never falls to nothing")
    return np.asarray(np.linalg.solve(model.matrix, entered))


def _solve(model: Model, doses: Dose | Iterable[Dose], times: Array, place: int | None) -> Array:
    """Amounts (mg) in one compartment (times,) or in all of them (times, compartments)."""
    alike: dict[tuple[str, float, float], list[Dose]] = {}
    for dose in _listed(doses):
        alike.setdefault(dose.shape, []).append(dose)
    total = np.zeros(times.size if place is not None else (times.size, len(model.names)))
    for (_, duration, ka), group in alike.items():
        into = _into(model, group[0])
        since = np.subtract.outer(times, [dose.start_h for dose in group])
        given = np.array([dose.effective_mg for dose in group])
        modes = model._modes
        response = _response(modes.values[:, None], since.ravel(), duration, ka)
        share = (modes.vectors if place is None else modes.vectors[place]) * modes.inverse[:, into]
        if given.size > 1:
            response = response.reshape(-1, *since.shape) @ given
        else:
            share = share * given
        total += (share @ response).T
    return total


def _response(rate: Array, since: Array, duration: float, ka: float) -> Array:
    """How much of a unit dose each mode holds (modes, times), `since` the start of its input.

    rate: the modes' rate constants, negative or zero, as a column.
    """
    s = np.maximum(since, 0)
    if duration == 0:
        return np.exp(rate * s) * (since >= 0) if ka == math.inf else ka * _between(rate, -ka, s)
    if ka == math.inf:
        run = np.minimum(s, duration)
        return np.exp(rate * (s - run)) * _over(rate, run) / duration
    # While the input runs, and after it: what the compartments hold then, and what the depot still gives.
    run = np.minimum(s, duration)
    rest = s - run
    still = -math.expm1(-ka * duration) / duration
    decay = np.exp(rate * rest)
    if _apart(rate, -ka) and rate.all() and -ka * duration < -0.01:
        during = (np.expm1(rate * run) / rate + np.expm1(-ka * run) / ka) * (ka / duration)
        return (decay * during + still * (decay - np.exp(-ka * rest))) / (rate + ka)
    return decay * _between_three(rate, -ka, run) * (ka / duration) + still * _between(rate, -ka, rest)


def _over(rate: Array | float, s: Array | float) -> Array:
    """The integral of e^(rate u) over u from 0 to s."""
    moving = np.asarray(rate) != 0
    if moving.all():
        return np.expm1(rate * s) / rate
    return np.where(moving, np.expm1(rate * s) / np.where(moving, rate, 1), s)


def _between(one: Array, other: float, s: Array) -> Array:
    """(e^(one s) - e^(other s)) / (one - other), which is s e^(one s) where they are equal."""
    gap = one - other
    if _apart(one, other) and s.size and min(one.min(), other) * s.max() < -1:
        return (np.exp(one * s) - np.exp(other * s)) / gap
    return np.exp(np.maximum(one, other) * s) * _over(-np.abs(gap), s)


def _between_three(one: Array, other: float, s: Array) -> Array:
    """The integral of `_between` from 0 to s: the second divided difference of e^(x s) at 0, one and other."""
    if _apart(one, other) and np.abs(one - other).min() * s.max() > 0.003:
        return (_over(one, s) - _over(other, s)) / (one - other)
    high, low = np.maximum(one, other), np.minimum(one, other)
    found = (_over(high, s) - _between(one, other, s)) / -low
    near = -low * s < 0.02
    if near.any():
        # The difference above cancels there, and the power series needs few terms.
        x, y, span = (np.broadcast_to(value, near.shape)[near] for value in (high * s, low * s, s))
        power = sums = np.ones_like(x)
        series = np.full_like(x, 0.5)
        for order in range(1, 8):
            power = power * y
            sums = sums * x + power
            series = series + sums / math.factorial(order + 2)
        found[near] = series * span**2
    return found


def _apart(one: Array, other: float) -> bool:
    """Whether the plain difference of two exponentials loses fewer than three of its digits."""
    return all(abs(rate - other) > 0.002 * max(-rate, -other) for rate in one[:, 0].tolist())
