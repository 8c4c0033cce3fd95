"""Two drugs at one receptor: the explorer says what the model says, and says no dose."""

from __future__ import annotations

import re
import time

import pytest
from course import explorers
from course.display import Area, Label
from course.models import binding
from course.topics.binding.rows import range_nM
from course.topics.efficacy.explorer import FIRST, draw_competition
from course.topics.efficacy.rows import chosen, dose, pair, relative_efficacy

competition = explorers.competition
STATES = [state for _, state in competition.states(offline=True)]


def marks(state) -> dict:
    return {mark.name: mark for mark in draw_competition(**state).marks}


def test_fentanyl_and_naloxone_by_hand():
    """Free fentanyl 0.63 / 336.48 x 1000 x 0.125; free naloxone 2.36 / 327.38 x 1000 x 0.54; Ki 0.351 and 0.578."""
    a, b = 0.63 / 336.48 * 1000 * 0.125 / 0.351, 2.36 / 327.38 * 1000 * 0.54 / 0.578
    found = pair("CC12", "CC40").mu
    assert found == pytest.approx((a / (1 + a + b), b / (1 + a + b), 1 / (1 + a + b)), rel=1e-9)
    assert 100 * found.first == pytest.approx(7.9, abs=0.1)


@pytest.mark.parametrize("state", STATES, ids=lambda state: "-".join(state.values()))
def test_the_bars_are_the_model(state):
    drawn, shown = marks(state), pair(state["first_level"], state["second"])
    alone = pair(state["first_level"])
    assert drawn["first-alone"].x[1] == pytest.approx(100 * alone.mu.first)
    if state["second"]:
        assert drawn["first-both"].x[1] == pytest.approx(100 * shown.mu.first)
        assert drawn["second-both"].x[1] == pytest.approx(100 * (1 - shown.mu.free))
        assert shown.mu.first < alone.mu.first and shown.held().high <= alone.held().high
    else:
        assert len(drawn["first-both"].x) == 0
    assert sum(shown.mu) == pytest.approx(1)
    low, high = shown.held()
    assert low * (1 - 1e-9) <= shown.mu.first <= high * (1 + 1e-9)
    low, high = shown.switched_on(state["tissue"])
    assert 0 <= low <= high <= 1 + 1e-9


def test_every_state_fits_its_frame_and_keeps_its_marks():
    names = [mark.name for mark in draw_competition(**competition.state()).marks]
    for state in STATES:
        drawn = draw_competition(**state)
        assert [mark.name for mark in drawn.marks] == names
        for mark in drawn.marks:
            if isinstance(mark, Area) and len(mark.x):
                assert 0 <= min(mark.x) <= max(mark.x) <= 100.001, mark
            if isinstance(mark, Label):
                assert len(mark.text) <= 74, f"too long to fit: {mark.text}"


def test_no_opioid_blocker_moves_ketamine_at_nmda():
    alone = marks(competition.state(first="ketamine", second=""))["first-nmda"].x
    for second in ("CC40", "CC42", "CC22", "CC21"):
        assert marks(competition.state(first="ketamine", second=second))["first-nmda"].x == alone
    kept = pair("CC01", "CC40").held("NMDA")
    assert kept == pair("CC01").held("NMDA")
    assert range_nM("naloxone", "NMDA") is None and range_nM("naltrexone", "NMDA") is None


def test_buprenorphine_is_harder_to_displace_than_fentanyl():
    def left(level):
        return pair(level, "CC40").mu.first / pair(level).mu.first

    assert left("CC20") > 2 * left("CC12")


def test_a_partial_agonist_beside_a_full_one():
    """Buprenorphine takes most of mu from fentanyl, and what it holds it switches on in part; naloxone never does."""
    shown = pair("CC12", "CC20")
    assert shown.mu.second > 0.7
    assert shown.stimulus.high > pair("CC12", "CC40").stimulus.high > 0
    corners = [
        mine * shares.first + theirs * shares.second
        for free in dose("CC12").free_ends_nM
        for ki in range_nM("fentanyl", "MOR")
        for rival in dose("CC20").free_ends_nM
        for rival_ki in range_nM("buprenorphine", "MOR")
        for mine in (relative_efficacy("fentanyl").low, relative_efficacy("fentanyl").high)
        for theirs in (relative_efficacy("buprenorphine").low, relative_efficacy("buprenorphine").high)
        for shares in [binding.shares_of_two(free, ki, rival, rival_ki)]
    ]
    assert shown.stimulus == pytest.approx((min(corners), max(corners)))


def test_where_laboratories_dispute_there_is_no_bar():
    drawn = marks(competition.state(first="methadone"))
    assert len(drawn["first-nmda"].x) == 0 and "disputed" in drawn["words-nmda"].text
    assert chosen("ketamine", "MOR").row_id == "AF10"


def test_it_offers_published_levels_and_no_dose():
    for control in competition.controls:
        for first in FIRST:
            for text in control.choices(first).values():
                assert not re.search(r"\d\s*(mg|µg|mcg|microgram|spray)", text.replace("ng/mL", "")), text
    for state in STATES:
        chart = draw_competition(**state)
        for word in (
            "Naloxone does not reverse ketamine",
            "even when unsure",
            "Never stop or skip",
            "None of these levels",
        ):
            assert word in chart.caveat
        assert all(chart.sources) and len(chart.sources) > 5
        assert "ng/ml" not in chart.description


def test_presets_and_what_is_left_out():
    assert len(competition.presets) >= 5
    said = " ".join(competition.leaves_out.values())
    for word in ("not effect", "slowly", "outlast", "not brain"):
        assert word in said


def test_the_prediction_is_the_models_answer():
    spec = explorers.predict_competition().spec
    mu, nmda = spec["guesses"]
    low, high = pair("CC12", "CC40").held()
    assert (mu["low"], mu["high"]) == pytest.approx((100 * low, 100 * high))
    assert (nmda["low"], nmda["high"], nmda["answer"]) == (100, 100, "all of it")
    assert "even when unsure" in spec["why"]


def test_the_prediction_rests_on_values_that_were_read():
    """37 to 53 % alone and 6 to 37 % with naloxone: the recalled value of fentanyl has no part in it."""
    alone, both = pair("CC12"), pair("CC12", "CC40")
    said = [round(100 * end) for span in (alone.held(), both.held()) for end in span]
    assert said == [37, 53, 6, 37]
    spec = explorers.predict_competition().spec
    assert "37 to 53" in spec["question"] and "volpe2011" not in str(spec["cites"])


def test_it_draws_fast():
    for state in STATES[:20]:
        draw_competition(**state)
    begun = time.perf_counter()
    for state in STATES[:20]:
        draw_competition(**state)
    assert (time.perf_counter() - begun) / 20 < 0.02
