"""The operational model: limits, exact identities, properties, and the rows that it reads."""

from __future__ import annotations

import math

import numpy as np
import pytest
from course import charts
from course.evidence import row, table
from course.models import efficacy
from course.topics.efficacy import rows as efficacy_data
from hypothesis import given
from hypothesis import strategies as st

nanomolar = st.floats(1e-3, 1e6)
ratio = st.floats(1e-3, 1e3)
slope = st.floats(0.5, 3)
share = st.floats(0, 1)
ROUNDING = 1 + 1e-12


def test_worked_by_hand():
    """tau 3, slope 1: with half of the receptors filled 1.5 / 2.5; with all of them 3 / 4; half of that at K / 4."""
    assert efficacy.effect(10, 10, 3) == pytest.approx(0.6)
    assert efficacy.largest_effect(3) == pytest.approx(0.75)
    assert efficacy.effect(2.5, 10, 3) == pytest.approx(0.375)


@given(nanomolar, nanomolar, ratio, slope)
def test_the_equation_of_black_and_leff(free, ki, tau, n):
    """E = (tau A)^n / ((K + A)^n + (tau A)^n), written as in the paper."""
    expected = (tau * free) ** n / ((ki + free) ** n + (tau * free) ** n)
    assert efficacy.effect(free, ki, tau, n) == pytest.approx(expected, rel=1e-9)


@given(nanomolar, nanomolar, slope)
def test_without_efficacy_a_drug_is_an_antagonist(free, ki, n):
    assert efficacy.effect(free, ki, 0, n) == 0
    assert efficacy.largest_effect(0, n) == 0


@given(nanomolar, nanomolar)
def test_with_boundless_efficacy_any_binding_is_a_full_effect(free, ki):
    assert efficacy.effect(free, ki, 1e15) > 0.99


@given(share, ratio, ratio, slope)
def test_more_efficacy_and_more_filled_give_more(filled, tau, factor, n):
    here = efficacy.effect_at_occupancy(filled, tau, n)
    assert 0 <= here <= 1
    assert efficacy.effect_at_occupancy(filled, tau * (1 + factor), n) * ROUNDING >= here
    assert efficacy.effect_at_occupancy(filled / (1 + factor), tau, n) <= here * ROUNDING
    assert here <= efficacy.largest_effect(tau, n) * ROUNDING


def test_spare_receptors_soften_a_loss_of_receptors():
    """With tau 99 a loss of nine in ten leaves 91 % of the effect; with tau 1 it leaves 18 %."""
    assert efficacy.effect_at_occupancy(1, 99, receptors_left=0.1) == pytest.approx(9.9 / 10.9)
    kept = [efficacy.effect_at_occupancy(1, tau, receptors_left=0.1) / efficacy.largest_effect(tau) for tau in (1, 99)]
    assert kept == pytest.approx([0.1818, 0.9174], abs=1e-4)


@given(share, st.floats(0, 1), st.floats(0, 100))
def test_effect_next_to_a_reference(filled, relative, reference_tau):
    """The model with tau = relative efficacy x tau of the reference, divided by the reference's largest effect."""
    found = efficacy.relative_effect(relative * filled, reference_tau)
    assert 0 <= found <= ROUNDING
    if reference_tau > 1e-3:
        expected = efficacy.effect_at_occupancy(filled, relative * reference_tau) / efficacy.largest_effect(
            reference_tau
        )
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-12)
    assert efficacy.relative_effect(relative * filled) == relative * filled


def test_arrays_broadcast():
    assert efficacy.effect(np.array([[1.0], [10.0]]), 10, np.array([0.0, 1.0, 3.0])).shape == (2, 3)


@pytest.mark.parametrize("bad", [-1, math.nan, math.inf, "much", [1, -1], None])
@pytest.mark.parametrize(
    "call, name",
    [
        (lambda bad: efficacy.effect(bad, 1, 1), "free_nM"),
        (lambda bad: efficacy.effect(1, 1, bad), "tau"),
        (lambda bad: efficacy.effect_at_occupancy(bad, 1), "filled"),
        (lambda bad: efficacy.relative_effect(1, bad), "reference_tau"),
        (lambda bad: efficacy.effect_at_occupancy(1, 1, 1, bad), "receptors_left"),
    ],
)
def test_bad_input_is_refused_by_name(call, name, bad):
    with pytest.raises(ValueError, match=name):
        call(bad)


@pytest.mark.parametrize(
    "call",
    [
        lambda: efficacy.effect_at_occupancy(1.01, 1),
        lambda: efficacy.effect_at_occupancy(1, 1, 0),
        lambda: efficacy.effect_at_occupancy(1, 1, 1, 1.01),
    ],
)
def test_the_impossible_is_refused(call):
    with pytest.raises(ValueError):
        call()


def test_the_rows_say_agonist_partial_agonist_and_antagonist():
    found = {
        slug: efficacy_data.relative_efficacy(slug) for slug in ("fentanyl", "buprenorphine", "naloxone", "naltrexone")
    }
    assert found["naloxone"].high == found["naltrexone"].high == 0
    assert found["naltrexone"].high < found["buprenorphine"].high < found["fentanyl"].low
    assert found["buprenorphine"].low == 0, "one laboratory saw no activation at all"
    assert efficacy_data.relative_efficacy("tramadol") is None


def test_only_the_g_protein_enters_the_model():
    amplified = {row.id for row in table("efficacies") if row.readout == "cAMP"}
    used = {
        one for slug in ("fentanyl", "morphine", "naltrexone") for one in efficacy_data.relative_efficacy(slug).row_ids
    }
    assert amplified and not amplified & used


def test_derived_rows_are_their_sources_arithmetic():
    assert row("EF06").value == round(180 / 192, 2)
    assert row("EF16").value == round(81.3 / 82.0, 2)
    assert (row("EF17").value, row("EF18").value) == (round(71.7 / 82.0, 2), round(58.0 / 82.0, 2))
    assert (row("EF09").low, row("EF09").high) == (row("EF03").value, row("EF01").value)


def test_at_equal_occupancy_every_published_drug_has_a_row():
    chart = charts.equal_occupancy(0.5).chart
    shown = {
        name.removeprefix("bar-").rsplit("-", 1)[0]
        for name in (mark.name for mark in chart.marks)
        if name.startswith("bar-")
    }
    expected = {
        found.drug
        for found in table("efficacies")
        if found.source
        and found.readout == "G protein"
        and found.measure != "reference tau"
        and (found.value is not None or found.low is not None)
    }
    assert shown == expected and "ketamine" not in shown, "nobody published an efficacy for ketamine at mu"
    cells = {line[-1] for line in chart.table.rows}
    assert {found.id for found in table("efficacies") if found.measure != "reference tau" and found.source} == cells


def test_naloxone_leaves_ketamine_at_nmda_as_it_was():
    chart = charts.after_naloxone().chart
    for line in chart.table.rows:
        alone, after = line[4:6]
        assert (alone == after) == (line[3] == "NMDA"), line
    assert "Naloxone does not reverse ketamine" in chart.caveat and "even when unsure" in chart.caveat


@pytest.mark.parametrize(
    "mistake, word",
    [
        (lambda: charts.equal_occupancy(0), "filled"),
        (lambda: charts.equal_occupancy(50), "filled"),
        (lambda: charts.receptor_reserve((2,)), "between 0 and 1"),
        (lambda: charts.after_naloxone(["CC99"]), "CC99"),
        (lambda: charts.after_naloxone(rival="naloxon"), "naloxone"),
        (lambda: charts.after_naloxone(rival="pcp"), "naltrexone"),
    ],
)
def test_a_slip_is_named(mistake, word):
    with pytest.raises(ValueError, match=word):
        mistake()
