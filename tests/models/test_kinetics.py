"""Exact kinetics against an ODE solver that knows nothing of it, against textbook formulas, and by its properties."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from course.models import kinetics
from course.models.kinetics import Bolus, FirstOrder, Infusion, ZeroThenFirstOrder
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

# Every run looks at the same examples: a red run must be one that can be repeated.
steady = settings(max_examples=40, derandomize=True, deadline=None)

volumes = st.floats(5, 300)
flows = st.floats(1, 150)
rates = st.floats(0.05, 20)
amounts = st.floats(1, 200)


def moments(low, high):
    """Hours in steps of 1/64: exact in binary, and never so close together that a solver cannot start."""
    return st.integers(math.ceil(low * 64), math.floor(high * 64)).map(lambda n: n / 64)


times = st.lists(moments(0, 24), min_size=1, max_size=4)


@st.composite
def bodies(draw):
    """Plain numbers of a body: what both the engine and the right-hand side below are built from."""
    peripheral = draw(st.integers(0, 3))
    with_liver = draw(st.booleans())
    return {
        "volumes": [draw(volumes) for _ in range(1 + peripheral)],
        "flows": [draw(flows) for _ in range(peripheral)],
        "clearance": draw(st.just(0.0) | flows) if with_liver else draw(flows),
        "liver": (draw(flows), draw(volumes), draw(rates)) if with_liver else None,
        "ke0": draw(st.none() | rates),
    }


def delivered_mg(doses, at):
    """What has entered the compartments by each time (mg): the textbook formula of each kind of dose."""
    total = np.zeros(len(at))
    for dose in doses if isinstance(doses, list) else [doses]:
        since = np.asarray(at) - dose.time_h - getattr(dose, "lag_h", 0.0)
        s = np.maximum(since, 0)
        part = (since >= 0) * 1.0
        if hasattr(dose, "duration_h"):
            run = np.minimum(s, dose.duration_h)
            part = run / dose.duration_h
            if hasattr(dose, "ka_per_h"):
                waiting = -np.expm1(-dose.ka_per_h * run) / dose.ka_per_h / dose.duration_h
                part = part - waiting * np.exp(-dose.ka_per_h * (s - run))
        elif hasattr(dose, "ka_per_h"):
            part = -np.expm1(-dose.ka_per_h * s)
        total += dose.amount_mg * dose.fraction * part
    return total


def eliminated_mg(model, doses, at):
    """What has left the body by each time (mg): rate of elimination times the area of what it acts on."""
    gone = np.zeros(len(at))
    for name, rate, volume in zip(model.names, model.elimination_per_h, model.volumes_l, strict=True):
        if rate:
            areas = [kinetics.auc_ng_h_per_ml(model, doses, until, name) for until in at]
            gone += rate * volume / 1000 * np.array(areas)
    return gone


def model_of(body, effect_site=True):
    model = kinetics.mammillary(body["volumes"], body["clearance"], body["flows"])
    if body["liver"]:
        model = kinetics.with_first_pass_liver(model, *body["liver"])
    if body["ke0"] and effect_site:
        model = kinetics.with_effect_site(model, body["ke0"])
        rates = -np.linalg.eigvals(model_of(body, False).matrix).real
        assume((np.abs(rates / body["ke0"] - 1) > 1e-3).all())
    return model


@st.composite
def doses_for(draw, body, count=3):
    places = ["central", *(["liver"] if body["liver"] else []), *(["peripheral_1"] if body["flows"] else [])]
    found = []
    for _ in range(draw(st.integers(1, count))):
        start, into, fraction = draw(moments(0, 8)), draw(st.sampled_from(places)), draw(st.floats(0.1, 1))
        lag, ka, duration = draw(moments(0, 1)), draw(rates), draw(moments(0.02, 6))
        amount = draw(amounts)
        found.append(
            draw(
                st.sampled_from(
                    [
                        Bolus(amount, start, into, fraction),
                        Infusion(amount, duration, start, into, fraction),
                        FirstOrder(amount, ka, start, lag, into, fraction),
                        ZeroThenFirstOrder(amount, duration, ka, start, lag, into, fraction),
                    ]
                )
            )
        )
    return found


@st.composite
def cases(draw):
    body = draw(bodies())
    return body, draw(doses_for(body)), sorted(draw(times))


def by_solver(body, doses, at):
    """Amounts at each time by stepping dA/dt = ..., written out as mass balances.

    The state is the body's compartments (central, peripherals, liver), the effect site's level, and one depot a dose.
    """
    n = len(body["volumes"])
    liver = n if body["liver"] else None
    effect = n + (1 if body["liver"] else 0)
    first_depot = effect + (1 if body["ke0"] else 0)
    place = {"central": 0, "peripheral_1": 1, "liver": liver}
    state = np.zeros(first_depot + len(doses))

    def change(t, a, running):
        rate = np.zeros_like(a)
        level = [a[i] / body["volumes"][i] for i in range(n)]
        rate[0] -= body["clearance"] * level[0]
        for i, flow in enumerate(body["flows"], start=1):
            net = flow * (level[0] - level[i])
            rate[0] -= net
            rate[i] += net
        if liver:
            flow, volume, elimination = body["liver"]
            net = flow * (level[0] - a[liver] / volume)
            rate[0] -= net
            rate[liver] += net - elimination * a[liver]
        if body["ke0"]:
            rate[effect] = body["ke0"] * (level[0] - a[effect])
        for i, dose in enumerate(doses):
            depot, into = first_depot + i, place[dose.into]
            zero_order = dose.amount_mg * dose.fraction / dose.duration_h if i in running else 0.0
            if hasattr(dose, "ka_per_h"):
                rate[depot] += zero_order - dose.ka_per_h * a[depot]
                rate[into] += dose.ka_per_h * a[depot]
            else:
                rate[into] += zero_order
        return rate

    def begin(dose):
        return dose.time_h + getattr(dose, "lag_h", 0.0)

    def end(dose):
        return begin(dose) + getattr(dose, "duration_h", 0.0)

    stops = sorted({0.0, *at, *map(begin, doses), *map(end, doses)})
    found = {}
    for low, high in zip(stops, [*stops[1:], None], strict=True):
        for i, dose in enumerate(doses):
            if begin(dose) == low and not hasattr(dose, "duration_h"):
                depot = first_depot + i if hasattr(dose, "ka_per_h") else place[dose.into]
                state[depot] += dose.amount_mg * dose.fraction
        found[low] = state.copy()
        if high is None or low >= max(at):
            break
        running = {i for i, d in enumerate(doses) if hasattr(d, "duration_h") and begin(d) <= low < end(d)}
        constant = change(low, np.zeros_like(state), running)
        slopes = np.array([change(low, unit, running) - constant for unit in np.eye(state.size)]).T
        done = solve_ivp(
            lambda t, a, slopes=slopes, constant=constant: slopes @ a + constant,
            (low, high),
            state,
            method="LSODA",
            jac=lambda t, a, slopes=slopes: slopes,
            rtol=1e-9,
            atol=1e-11,
        )
        assert done.success
        state = done.y[:, -1]
    return np.array([found[t] for t in at])[:, : effect + (1 if body["ke0"] else 0)]


@given(cases())
@settings(steady, max_examples=80)
def test_an_ode_solver_agrees(case):
    body, doses, at = case
    model = model_of(body)
    expected = by_solver(body, doses, at)
    found = kinetics.amounts_mg(model, doses, at)
    if body["ke0"]:
        expected[:, -1] *= body["volumes"][0]  # the solver's last column is a level
    # One part in a million, and for what is nearly nothing a ten-millionth of a thousandth of the doses given.
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-10 * sum(dose.amount_mg for dose in doses))
    for column, (name, volume) in enumerate(zip(model.names, model.volumes_l, strict=True)):
        levels = kinetics.concentration_ng_per_ml(model, doses, at, name)
        np.testing.assert_allclose(levels, found[:, column] / volume * 1000, rtol=1e-9, atol=1e-9)


@given(cases())
@steady
def test_what_was_given_is_in_the_body_or_has_left_it(case):
    body, doses, at = case
    model = model_of(body)
    in_body = kinetics.amounts_mg(model, doses, at)[:, : len(model.names) - model.followers].sum(axis=1)
    gone = eliminated_mg(model, doses, at)
    given_so_far = delivered_mg(doses, at)
    total = sum(dose.amount_mg for dose in doses)
    np.testing.assert_allclose(in_body + gone, given_so_far, rtol=1e-9, atol=1e-10 * total)
    assert (in_body >= -1e-12 * total).all() and (gone >= -1e-12 * total).all()
    assert (np.diff(gone) >= -1e-10 * total).all(), "what has left does not come back"
    assert (given_so_far <= sum(dose.effective_mg for dose in doses) * (1 + 1e-12)).all()


@given(cases(), st.floats(0.1, 10))
@steady
def test_doses_add_up_and_the_level_follows_the_dose(case, factor):
    body, doses, at = case
    model = model_of(body)
    together = kinetics.concentration_ng_per_ml(model, doses, at)
    one_by_one = sum(kinetics.concentration_ng_per_ml(model, dose, at) for dose in doses)
    backwards = kinetics.concentration_ng_per_ml(model, doses[::-1], at)
    more = kinetics.concentration_ng_per_ml(model, [replace(d, amount_mg=d.amount_mg * factor) for d in doses], at)
    floor = 1e-12 * sum(d.amount_mg for d in doses) / model.volumes_l[0] * 1000
    np.testing.assert_allclose(together, one_by_one, rtol=1e-10, atol=floor)
    np.testing.assert_allclose(together, backwards, rtol=1e-10, atol=floor)
    np.testing.assert_allclose(more, together * factor, rtol=1e-10, atol=floor * factor)


@given(cases(), st.sampled_from([0.25, 1.0, 7.5, 24.0]))
@steady
def test_only_time_since_the_dose_counts(case, shift):
    body, doses, at = case
    model = model_of(body)
    at = np.array(at)
    later = [replace(dose, time_h=dose.time_h + shift) for dose in doses]
    floor = 1e-10 * sum(dose.amount_mg for dose in doses)
    np.testing.assert_allclose(
        kinetics.amounts_mg(model, later, at + shift), kinetics.amounts_mg(model, doses, at), rtol=1e-8, atol=floor
    )
    before = at[at < shift]
    if before.size:
        early = [replace(dose, time_h=dose.time_h + shift) for dose in doses]
        assert not kinetics.amounts_mg(model, early, before).any(), "nothing before the dose"


@given(cases())
@steady
def test_the_order_of_the_times_does_not_matter(case):
    body, doses, at = case
    model = model_of(body)
    shuffled = np.array(at)[::-1]
    floor = 1e-12 * sum(d.amount_mg for d in doses) / model.volumes_l[0] * 1000
    np.testing.assert_allclose(
        kinetics.concentration_ng_per_ml(model, doses, shuffled)[::-1],
        kinetics.concentration_ng_per_ml(model, doses, at),
        rtol=1e-9,
        atol=floor,
    )


@given(st.lists(volumes, min_size=1, max_size=4), flows, flows, amounts, rates, st.floats(0.02, 6))
@steady
def test_area_is_dose_over_clearance_and_a_long_infusion_ends_at_rate_over_clearance(
    sizes, clearance, flow, amount, ka, duration
):
    model = kinetics.mammillary(sizes, clearance, [flow] * (len(sizes) - 1))
    for dose in (
        Bolus(amount),
        Infusion(amount, duration),
        FirstOrder(amount, ka, lag_h=0.5),
        ZeroThenFirstOrder(amount, duration, ka),
    ):
        assert kinetics.auc_ng_h_per_ml(model, dose) == pytest.approx(amount / clearance * 1000, rel=1e-9)
    longest = kinetics.half_lives_h(model).max()
    long = Infusion(amount * 60 * longest, 60 * longest)
    assert kinetics.concentration_ng_per_ml(model, long, [60 * longest])[0] == pytest.approx(
        amount / clearance * 1000, rel=1e-9
    )


@given(cases(), st.floats(0.1, 30))
@steady
def test_area_until_a_time_is_the_integral_of_the_level(case, until):
    body, doses, _ = case
    model = model_of(body)
    edges = {0.0, until}
    for dose in doses:
        edges |= {min(max(edge, 0), until) for edge in (dose.start_h, dose.start_h + dose.shape[1])}
    nodes, weights = np.polynomial.legendre.leggauss(150)
    for place in ("central", *(["effect_site"] if body["ke0"] else [])):
        expected = 0.0
        for low, high in zip(sorted(edges), sorted(edges)[1:], strict=False):
            # Denser at the start, where the level turns fastest: t = low + (high - low) x^3.
            x = (nodes + 1) / 2
            levels = kinetics.concentration_ng_per_ml(model, doses, low + (high - low) * x**3, place)
            expected += (levels * weights / 2 * 3 * x**2).sum() * (high - low)
        found = kinetics.auc_ng_h_per_ml(model, doses, until, place)
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-7 * sum(d.amount_mg for d in doses))
    whole = kinetics.auc_ng_h_per_ml(model, doses)
    assert kinetics.auc_ng_h_per_ml(model, doses, until) <= whole * (1 + 1e-9)
    long = 100 * kinetics.half_lives_h(model).max() + 20
    assert kinetics.auc_ng_h_per_ml(model, doses, long) == pytest.approx(whole, rel=1e-8)


@given(bodies(), amounts, st.floats(0.5, 24))
@steady
def test_ever_faster_absorption_is_a_bolus(body, amount, at):
    model = model_of(body)
    bolus = kinetics.amounts_mg(model, Bolus(amount), [at])
    previous = math.inf
    for ka in (1e3, 1e6, 1e9, 1e12):
        gap = np.abs(kinetics.amounts_mg(model, FirstOrder(amount, ka), [at]) - bolus).max()
        assert gap <= max(200 / ka, 1e-12) * 10 * amount
        assert gap <= previous or gap < 1e-10 * amount
        previous = gap
    quick = kinetics.amounts_mg(model, ZeroThenFirstOrder(amount, 1e-9, 1e12), [at])
    np.testing.assert_allclose(quick, bolus, rtol=1e-6, atol=1e-6 * amount)


def test_equal_rate_constants_give_the_textbook_limit():
    """One compartment, ka = k: C = ka F D t e^(-kt) / V."""
    model = kinetics.mammillary([10], 20)
    t = np.linspace(0, 12, 50)
    found = kinetics.concentration_ng_per_ml(model, FirstOrder(5, 2), t)
    np.testing.assert_allclose(found, 2 * 5 * t * np.exp(-2 * t) / 10 * 1000, rtol=1e-12)


def test_phases_that_cannot_be_told_apart_are_refused():
    """An effect site whose ke0 is a rate of the body, and rates that no flows between volumes can give."""
    cycle = ((-1.1, 0.0, 1.0), (1.0, -1.0, 0.0), (0.0, 1.0, -1.0))
    for model in (
        kinetics.with_effect_site(kinetics.mammillary([10], 20), 2),
        kinetics.Model(("central", "b", "c"), cycle, (1.0, 1.0, 1.0), (0.1, 0.0, 0.0)),
    ):
        with pytest.raises(
            ValueError, match="rates_per_h must have phases that can be told apart: a rate, such as ke0"
        ):
            kinetics.amounts_mg(model, Bolus(1), [1])
    near = kinetics.with_effect_site(kinetics.mammillary([10], 20), 2.002)
    found = kinetics.concentration_ng_per_ml(near, FirstOrder(5, 2), [1.0], "effect_site")
    assert found == pytest.approx(2 * 2 * 5 / 2 * math.exp(-2) / 10 * 1000, rel=1e-3)


@given(bodies(), st.integers(-16, -1), st.sampled_from([-1, 0, 1]), amounts)
@example({"volumes": [10.0, 20.0], "flows": [20.0], "clearance": 30.0, "liver": None, "ke0": None}, -5, 1, 1.0)
@steady
def test_nearly_equal_rates_do_no_harm(body, closeness, side, amount):
    """ka close to a rate of the body, down to the last digit: the level changes as little as the rate."""
    body = {**body, "ke0": None}
    own = -np.linalg.eigvals(model_of(body).matrix).real.max()
    near = float(own * (1 + side * 10.0**closeness))
    at = np.linspace(0.1, 3, 7) / own
    for dose in (FirstOrder, lambda d, ka: ZeroThenFirstOrder(d, 0.7 / own, ka)):
        # ka
        exact, close = (kinetics.amounts_mg(model_of(body), dose(amount, ka), at) for ka in (own, near))
        np.testing.assert_allclose(close, exact, rtol=10 * 10.0**closeness + 1e-10, atol=1e-12 * amount)


@given(
    st.lists(st.floats(-6, 6), min_size=3, max_size=3),
    st.lists(st.floats(-6, 6), min_size=3, max_size=3),
    st.floats(-6, 6),
)
@steady
def test_rates_a_million_million_times_apart(log_volumes, log_flows, log_ka):
    """No overflow, no negative level beyond rounding, and never more drug than was given."""
    sizes, (clearance, *between) = [10**v for v in log_volumes], [10**v for v in log_flows]
    model = kinetics.mammillary(sizes, clearance, between)
    t = np.geomspace(1e-6, 1e6, 40)
    for dose in (Bolus(1), Infusion(1, 0.5), FirstOrder(1, 10**log_ka), ZeroThenFirstOrder(1, 0.5, 10**log_ka)):
        found = kinetics.amounts_mg(model, dose, t)
        assert np.isfinite(found).all()
        assert found.min() > -1e-12 and found.sum(axis=1).max() < 1 + 1e-12


@given(bodies(), amounts, st.floats(0.05, 3))
@steady
def test_an_effect_site_lags_and_takes_nothing(body, amount, duration):
    body = {**body, "ke0": 1.5}
    with_site, without = model_of(body), model_of(body, effect_site=False)
    at = np.linspace(0, 24, 25)
    dose = Infusion(amount, duration)
    np.testing.assert_allclose(
        kinetics.amounts_mg(with_site, dose, at)[:, :-1], kinetics.amounts_mg(without, dose, at), atol=1e-12 * amount
    )
    plasma = kinetics.peak(with_site, dose, 24)
    effect = kinetics.peak(with_site, dose, 24, "effect_site")
    assert effect.tmax_h >= plasma.tmax_h and effect.cmax_ng_per_ml <= plasma.cmax_ng_per_ml
    slow = kinetics.with_effect_site(without, 0.3)
    assert kinetics.peak(slow, dose, 24, "effect_site").tmax_h >= effect.tmax_h - 1e-6


def test_an_effect_site_meets_the_constant_level():
    model = kinetics.with_effect_site(kinetics.mammillary([20, 30], 15, [10]), 0.7)
    assert kinetics.auc_ng_h_per_ml(model, Bolus(3), compartment="effect_site") == pytest.approx(3 / 15 * 1000)


@given(cases())
@steady
def test_the_peak_is_the_highest_level(case):
    body, doses, _ = case
    model = model_of(body)
    found = kinetics.peak(model, doses, 30)
    grid = np.linspace(0, 30, 4001)
    assert found.cmax_ng_per_ml >= kinetics.concentration_ng_per_ml(model, doses, grid).max() * (1 - 1e-12)
    at_peak = kinetics.concentration_ng_per_ml(model, doses, [found.tmax_h])[0]
    assert at_peak == pytest.approx(found.cmax_ng_per_ml, rel=1e-12)


@given(volumes, flows, st.floats(0.05, 20), amounts)
@steady
def test_the_peak_of_one_compartment(volume, clearance, ka, amount):
    """tmax = ln(ka/k)/(ka - k), the textbook formula."""
    k = clearance / volume
    assume(abs(ka / k - 1) > 1e-3)
    tmax = math.log(ka / k) / (ka - k)
    found = kinetics.peak(kinetics.mammillary([volume], clearance), FirstOrder(amount, ka), 3 * tmax)
    assert found.tmax_h == pytest.approx(tmax, rel=1e-6)
    assert found.cmax_ng_per_ml == pytest.approx(amount / volume * (k / ka) ** (k / (ka - k)) * 1000, rel=1e-9)


@given(volumes, st.floats(0.01, 5), st.floats(0.01, 5), st.floats(0.01, 5), st.floats(0.01, 5), st.floats(0.01, 5))
@steady
def test_rate_constants_and_clearances_are_the_same_model(volume, k10, k12, k21, k13, k31):
    model = kinetics.from_rate_constants(volume, k10, k12, k21, k13, k31)
    expected = [[-(k10 + k12 + k13), k21, k31], [k12, -k21, 0], [k13, 0, -k31]]
    np.testing.assert_allclose(model.matrix, expected, rtol=1e-12)
    assert kinetics.auc_ng_h_per_ml(model, Bolus(1)) == pytest.approx(1000 / (volume * k10))


def test_a_swallowed_dose_loses_its_first_pass():
    """Well-stirred liver: of what the gut delivers, flow / (flow + kV) reaches the blood."""
    flow, volume, elimination = 90, 1.5, 40
    model = kinetics.with_first_pass_liver(kinetics.mammillary([20, 50], 0, [30]), flow, volume, elimination)
    swallowed = kinetics.auc_ng_h_per_ml(model, FirstOrder(10, 1.2, into="liver"))
    injected = kinetics.auc_ng_h_per_ml(model, Bolus(10))
    assert swallowed / injected == pytest.approx(flow / (flow + elimination * volume))
    assert injected == pytest.approx(10_000 * (flow + elimination * volume) / (flow * elimination * volume))


def test_a_bolus_counts_from_its_own_moment():
    model = kinetics.mammillary([10], 5)
    assert kinetics.concentration_ng_per_ml(model, Bolus(1, 2), [1.999, 2, 3]).tolist() == pytest.approx(
        [0, 100, 100 * math.exp(-0.5)]
    )
    assert kinetics.concentration_ng_per_ml(model, [], [0, 1]).tolist() == [0, 0]


def test_models_and_doses_can_be_keys():
    build = [kinetics.with_effect_site(kinetics.mammillary([10, 20], 5, [3]), 1) for _ in range(2)]
    assert build[0] == build[1] and len({*build, Bolus(1), Bolus(1.0)}) == 2


# Differences between people


def test_a_band_follows_its_seed_and_the_published_variance():
    def area(clearance):
        return np.array([1000 / clearance])

    variance = kinetics.lognormal_variance(30)
    assert variance == pytest.approx(math.log(1.09))
    same = [kinetics.band(area, {"clearance": 50}, {"clearance": variance}, seed=4, people=4000) for _ in range(2)]
    np.testing.assert_array_equal(*same)
    low, middle, high = same[0][:, 0]
    # Of a log-normal parameter, the 5th and 95th percentile lie at exp(-+1.645 omega).
    spread = math.exp(1.6449 * math.sqrt(variance))
    assert middle == pytest.approx(20, rel=0.03)
    assert (low, high) == (pytest.approx(20 / spread, rel=0.04), pytest.approx(20 * spread, rel=0.04))
    other = kinetics.band(area, {"clearance": 50}, {"clearance": variance}, seed=5, people=4000)
    assert (other != same[0]).all()


def test_a_band_moves_only_what_has_a_variance():
    def curve(volume, clearance):
        assert clearance == 7
        model = kinetics.mammillary([volume], clearance)
        return kinetics.concentration_ng_per_ml(model, Bolus(1), [0, 1, 2])

    found = kinetics.band(curve, {"volume": 10, "clearance": 7}, {"volume": 0.1}, seed=1, people=50)
    assert found.shape == (3, 3) and (np.diff(found[:, 0]) > 0).all()


def test_without_a_variance_there_is_no_band():
    with pytest.raises(ValueError, match="published variance"):
        kinetics.band(lambda a: np.array([a]), {"a": 1}, {}, seed=1)
    with pytest.raises(ValueError, match="Did you mean"):
        kinetics.band(lambda clearance: np.array([1]), {"clearance": 1}, {"clearence": 0.1}, seed=1)


# What is refused

ONE = kinetics.mammillary([10], 5)


@pytest.mark.parametrize("bad", [-1, math.nan, math.inf, "much", None])
@pytest.mark.parametrize(
    "call, name",
    [
        (lambda bad: kinetics.mammillary([bad], 1), "volumes_l"),
        (lambda bad: kinetics.mammillary([1], bad), "clearance_l_per_h"),
        (lambda bad: kinetics.mammillary([1, 1], 1, [bad]), "intercompartmental_l_per_h"),
        (lambda bad: kinetics.from_rate_constants(bad, 1), "volume_l"),
        (lambda bad: kinetics.from_rate_constants(1, bad), "k10_per_h"),
        (
            lambda bad: kinetics.from_rate_constants(1, 1, 1 if bad is None else bad, 1 if bad is not None else None),
            "k12",
        ),
        (lambda bad: kinetics.with_first_pass_liver(ONE, bad, 1, 1), "hepatic_flow_l_per_h"),
        (lambda bad: kinetics.with_first_pass_liver(ONE, 1, bad, 1), "liver_volume_l"),
        (lambda bad: kinetics.with_first_pass_liver(ONE, 1, 1, bad), "liver_elimination_per_h"),
        (lambda bad: kinetics.with_effect_site(ONE, bad), "ke0_per_h"),
        (lambda bad: Bolus(bad), "amount_mg"),
        (lambda bad: Bolus(1, time_h=bad), "time_h"),
        (lambda bad: Bolus(1, fraction=bad), "fraction"),
        (lambda bad: Infusion(1, bad), "duration_h"),
        (lambda bad: FirstOrder(1, bad), "ka_per_h"),
        (lambda bad: FirstOrder(1, 1, lag_h=bad), "lag_h"),
        (lambda bad: ZeroThenFirstOrder(1, bad, 1), "duration_h"),
        (lambda bad: kinetics.repeat(Bolus(1), bad, 2), "every_h"),
        (lambda bad: kinetics.concentration_ng_per_ml(ONE, Bolus(1), bad), "times_h"),
        (lambda bad: kinetics.concentration_ng_per_ml(ONE, Bolus(1), [1, bad]), "times_h"),
        (lambda bad: kinetics.peak(ONE, Bolus(1), bad), "until_h"),
        (lambda bad: kinetics.lognormal_variance(bad), "cv_percent"),
    ],
)
def test_bad_input_is_refused_by_name(call, name, bad):
    with pytest.raises(ValueError, match=name):
        call(bad)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: kinetics.mammillary([10, 0], 1, [1]), "volumes_l"),
        (lambda: kinetics.mammillary([10, 10], 1), "one flow for each of the 1"),
        (lambda: kinetics.mammillary([], 1), "compartment|volumes_l"),
        (lambda: kinetics.from_rate_constants(1, 1, 1), "belong together"),
        (lambda: kinetics.from_rate_constants(1, 1, 1, 0), "k21_per_h must be above zero"),
        (lambda: kinetics.with_effect_site(ONE, 0), "ke0_per_h must be above zero"),
        (lambda: kinetics.with_effect_site(kinetics.with_effect_site(ONE, 1), 1), "already has"),
        (lambda: kinetics.with_first_pass_liver(kinetics.with_effect_site(ONE, 1), 1, 1, 1), "liver before"),
        (lambda: Bolus(1, fraction=1.01), "fraction must be at most 1"),
        (lambda: Infusion(1, 0), "duration_h must be above zero"),
        (lambda: FirstOrder(1, 0), "ka_per_h must be above zero"),
        (lambda: kinetics.repeat(Bolus(1), 1, 2.5), "times must be a whole number"),
        (lambda: kinetics.concentration_ng_per_ml(ONE, Bolus(1), []), "times_h must be a list of at least one"),
        (lambda: kinetics.concentration_ng_per_ml(ONE, Bolus(1), [[1]]), "times_h"),
        (lambda: kinetics.concentration_ng_per_ml(ONE, Bolus(1), [1], "centre"), "Did you mean 'central'"),
        (lambda: kinetics.concentration_ng_per_ml(ONE, Bolus(1, into="livr"), [1]), "into must be one of"),
        (
            lambda: kinetics.amounts_mg(kinetics.with_effect_site(ONE, 1), Bolus(1, into="effect_site"), [1]),
            "holds drug",
        ),
        (lambda: kinetics.concentration_ng_per_ml(ONE, [5], [1]), "doses must be"),
        (lambda: kinetics.auc_ng_h_per_ml(kinetics.mammillary([10, 20], 0, [5]), Bolus(1)), "must eliminate"),
    ],
)
def test_the_impossible_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_closed_body_keeps_what_it_was_given():
    model = kinetics.mammillary([10, 30], 0, [5])
    assert kinetics.amounts_mg(model, Bolus(4), [1000])[0] == pytest.approx([1, 3])
