"""The binding model against published values, exact identities and properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from course.models import binding
from hypothesis import given
from hypothesis import strategies as st

KETAMINE_G_PER_MOL = 237.73
positive = st.floats(1e-3, 1e9)
share = st.floats(0, 0.999)
ROUNDING = 1 + 1e-12  # the last binary digit may differ

# (total ng/mL, unbound fraction low, high, Ki nM, published occupancy low, high in percent): the course's
# evidence, worked by hand from the published Ki, level and binding.
WORKED = [
    ("NMDA, Salat 2015", 185, 0.53, 0.57, 119, "77.6", "78.8"),
    ("NMDA, Roth 2013", 185, 0.53, 0.57, 659, "38.5", "40.2"),
    ("NMDA, low end of Morris 2017", 185, 0.53, 0.57, 250, "62", "64"),
    ("mu, Hirota 1999", 185, 0.53, 0.57, 41687, "0.98", "1.05"),
    ("kappa, Hirota 1999", 185, 0.53, 0.57, 28184, "1.44", "1.55"),
    ("delta, Hirota 1999", 185, 0.53, 0.57, 269153, "0.15", "0.16"),
    ("mu, a deliberately tight bound", 185, 0.53, 0.57, 10000, "4.0", "4.2"),
    ("NMDA, Seeman 2005", 185, 0.53, 0.57, 3100, "11.7", "12.5"),
]


@pytest.mark.parametrize("name, total, low_fu, high_fu, ki, low, high", WORKED, ids=[row[0] for row in WORKED])
def test_occupancy_at_the_peak_of_an_infusion(name, total, low_fu, high_fu, ki, low, high):
    found = binding.occupancy_interval(total, KETAMINE_G_PER_MOL, [low_fu, high_fu], [ki])
    assert f"{100 * found.low:.{decimals(low)}f}" == low
    assert f"{100 * found.high:.{decimals(high)}f}" == high


def decimals(text):
    return len(text.partition(".")[2])


def test_free_concentration_of_185_ng_per_ml():
    assert binding.free_concentration_nM(185, KETAMINE_G_PER_MOL, 0.53) == pytest.approx(412.4, abs=0.1)
    assert binding.free_concentration_nM(185, KETAMINE_G_PER_MOL, 0.57) == pytest.approx(443.6, abs=0.1)


def test_racemate_from_the_enantiomers_of_ebert_1997():
    assert binding.racemate_ki_nM(300, 1400) == pytest.approx(494.1, abs=0.1)
    assert 100 * binding.occupancy(412.4, binding.racemate_ki_nM(300, 1400)) == pytest.approx(45.5, abs=0.1)


def test_half_of_mu_needs_a_level_far_above_anesthesia():
    free = binding.concentration_nM_for_occupancy(0.5, 41687)
    assert free == 41687
    assert binding.total_ng_per_ml_from_free_nM(free, KETAMINE_G_PER_MOL, 0.53) == pytest.approx(18_699, abs=1)


def test_naltrexone_prediction_meets_the_scan():
    """50 mg by mouth: 13.3 ng/mL, 79 % unbound; scans showed 92 and 98 % of mu blocked (Trostheim 2022)."""
    found = binding.occupancy_interval(13.3, 341.41, [0.79], [1.0, 2.71])
    assert 0.90 < found.low < found.high < 0.98


@given(positive)
def test_half_full_at_ki(ki):
    assert binding.occupancy(ki, ki) == 0.5


@given(positive, positive, positive)
def test_more_drug_fills_more_and_a_looser_fit_fills_less(free, ki, factor):
    assert 0 <= binding.occupancy(free, ki) <= 1
    assert binding.occupancy(free * (1 + factor), ki) * ROUNDING >= binding.occupancy(free, ki)
    assert binding.occupancy(free, ki * (1 + factor)) <= binding.occupancy(free, ki) * ROUNDING


@given(share, positive)
def test_concentration_for_occupancy_is_the_inverse(fraction, ki):
    back = binding.occupancy(binding.concentration_nM_for_occupancy(fraction, ki), ki)
    assert back == pytest.approx(fraction, rel=1e-9, abs=1e-12)


@given(positive, positive, positive, positive)
def test_competition(free, ki, other_free, other_ki):
    alone = binding.occupancy(free, ki)
    shared = binding.occupancy_with_competitor(free, ki, other_free, other_ki)
    other = binding.occupancy_with_competitor(other_free, other_ki, free, ki)
    assert shared <= alone * ROUNDING
    assert shared + other <= ROUNDING
    assert binding.occupancy_with_competitor(free, ki, 0, other_ki) == pytest.approx(alone)
    # Gaddum: a competitor at concentration B multiplies the apparent Ki by 1 + B/Ki(B).
    assert shared == pytest.approx(binding.occupancy(free, ki * (1 + other_free / other_ki)), rel=1e-9)


@given(positive, positive, positive, positive)
def test_the_shares_of_two_add_up(free, ki, other_free, other_ki):
    shares = binding.shares_of_two(free, ki, other_free, other_ki)
    assert sum(shares) == pytest.approx(1, rel=1e-9)
    assert 0 <= shares.first + shares.second <= ROUNDING
    swapped = binding.shares_of_two(other_free, other_ki, free, ki)
    assert (shares.first, shares.second, shares.free) == pytest.approx((swapped.second, swapped.first, swapped.free))


@given(positive, positive, positive, positive)
def test_schild(free, ki, other_free, other_ki):
    """The dose ratio times as much ligand makes up for the competitor exactly, and dose ratio - 1 is B / Ki."""
    shift = binding.dose_ratio(other_free, other_ki)
    assert shift - 1 == pytest.approx(other_free / other_ki, rel=1e-6, abs=1e-12)
    shifted = binding.occupancy_with_competitor(free * shift, ki, other_free, other_ki)
    assert shifted == pytest.approx(binding.occupancy(free, ki), rel=1e-6)


@given(share, positive, positive, positive)
def test_concentration_for_occupancy_beside_a_competitor(fraction, ki, other_free, other_ki):
    needed = binding.concentration_nM_for_occupancy(fraction, ki, other_free, other_ki)
    back = binding.occupancy_with_competitor(needed, ki, other_free, other_ki)
    assert back == pytest.approx(fraction, rel=1e-6, abs=1e-9)


def test_interval_beside_a_competitor_by_hand():
    """1000 ng/mL of 100 g/mol, 10 to 50 % unbound: 1 or 5 µM; Ki 1 or 5 µM; competitor 1 or 3 µM with Ki 1 µM."""
    found = binding.occupancy_interval(1000, 100, [0.1, 0.5], [1000, 5000], [1000, 3000], [1000])
    assert found.low == pytest.approx(0.2 / (1 + 0.2 + 3))
    assert found.high == pytest.approx(5 / (1 + 5 + 1))
    alone = binding.occupancy_interval(1000, 100, [0.1, 0.5], [1000, 5000])
    assert (alone.low, alone.high) == pytest.approx((1 / 6, 5 / 6))


@given(positive, positive, positive)
def test_racemate_is_two_competing_halves(free, s_ki, r_ki):
    s = binding.occupancy_with_competitor(free / 2, s_ki, free / 2, r_ki)
    r = binding.occupancy_with_competitor(free / 2, r_ki, free / 2, s_ki)
    assert binding.occupancy(free, binding.racemate_ki_nM(s_ki, r_ki)) == pytest.approx(s + r, rel=1e-9)
    assert min(s_ki, r_ki) * (1 - 1e-9) <= binding.racemate_ki_nM(s_ki, r_ki) <= max(s_ki, r_ki) * (1 + 1e-9)


@given(positive, st.floats(10, 1000), st.floats(0.01, 1))
def test_total_and_free_are_inverse(total, molar_mass, fraction):
    free = binding.free_concentration_nM(total, molar_mass, fraction)
    assert binding.total_ng_per_ml_from_free_nM(free, molar_mass, fraction) == pytest.approx(total, rel=1e-9)


def test_arrays_broadcast():
    found = binding.occupancy(np.array([[1.0], [10.0]]), np.array([1.0, 10.0, 100.0]))
    assert found.shape == (2, 3)
    assert found[1, 1] == 0.5


@pytest.mark.parametrize("bad", [-1, math.nan, math.inf, "much", [1, -1], None])
@pytest.mark.parametrize(
    "call, name",
    [
        (lambda bad: binding.occupancy(bad, 1), "free_nM"),
        (lambda bad: binding.occupancy(1, bad), "ki_nM"),
        (lambda bad: binding.free_concentration_nM(bad, 237, 0.5), "total_ng_per_ml"),
        (lambda bad: binding.free_concentration_nM(1, 237, bad), "fraction_unbound"),
        (lambda bad: binding.occupancy_with_competitor(1, 1, bad, 1), "competitor_free_nM"),
        (lambda bad: binding.racemate_ki_nM(bad, 1), "s_ki_nM"),
        (lambda bad: binding.shares_of_two(1, 1, bad, 1), "competitor_free_nM"),
        (lambda bad: binding.dose_ratio(bad, 1), "competitor_free_nM"),
        (lambda bad: binding.concentration_nM_for_occupancy(0.5, 1, bad, 1), "competitor_free_nM"),
    ],
)
def test_bad_input_is_refused_by_name(call, name, bad):
    with pytest.raises(ValueError, match=name):
        call(bad)


@pytest.mark.parametrize(
    "call",
    [
        lambda: binding.occupancy(1, 0),
        lambda: binding.concentration_nM_for_occupancy(1, 5),
        lambda: binding.free_concentration_nM(1, 237, 1.01),
        lambda: binding.occupancy_interval(1, 237, [], [1]),
        lambda: binding.occupancy_interval(1, 237, [1], [1], [], [1]),
        lambda: binding.dose_ratio(1, 0),
    ],
)
def test_the_impossible_is_refused(call):
    with pytest.raises(ValueError):
        call()
