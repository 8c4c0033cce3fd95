"""The board of readings: its rows refer to each other, its cells say what the rows say, and its message holds."""

from __future__ import annotations

import math

import pytest
from course import charts, evidence, explorers
from course.evidence.records import ReadingFit
from course.models import trials as model
from course.topics.opioid_system import rows as readings_data
from course.topics.opioid_system.explorer import draw_reading
from course.topics.trials.explorer import long_run
from test_trials import boxes

READINGS = [reading.reading for reading in evidence.table("readings")]


def marks(chart) -> dict:
    return {mark.name: mark for mark in chart.marks}


def test_rows_refer_to_readings_and_findings_once_each():
    known = {row.id for name in ("readings", "reading_findings") for row in evidence.table(name)}
    pairs = [(row.reading_id, row.finding_id) for row in evidence.table("reading_fits")]
    assert {row_id for pair in pairs for row_id in pair} <= known
    assert len(pairs) == len(set(pairs)) == len(readings_data.fits())


def test_a_row_that_names_nothing_is_refused(monkeypatch):
    real = readings_data.table

    class Lost:
        id, reading_id, finding_id, fit, reason = "RT99", "RD99", "RF01", "fits", "nothing"

    monkeypatch.setattr(readings_data, "table", lambda record: (Lost,) if record is ReadingFit else real(record))
    readings_data.fits.cache_clear()
    with pytest.raises(ValueError, match="RT99.*RD99"):
        readings_data.fits()
    monkeypatch.undo()
    readings_data.fits.cache_clear()


def test_six_readings_and_the_main_result_fits_each():
    """What the chapter says in words: the first finding cannot choose, and every other one leaves some reading out."""
    readings, (main, *others) = readings_data.chosen(None), readings_data.findings()
    assert len(readings) >= 6
    assert {readings_data.fit_of(reading, main) for reading in readings} == {"fits"}
    for found in others:
        kinds = {readings_data.fit_of(reading, found) for reading in readings}
        assert len(kinds) > 1, f"{found.id} bears alike on every reading"
    guess = explorers.predict_reading().spec["guesses"][0]
    assert guess["answer"] == f"{len(readings)} of {len(readings)}"


def test_the_board_says_what_the_rows_say():
    chart = charts.readings().chart
    drawn = marks(chart)
    for reading in readings_data.chosen(None):
        for found in readings_data.findings():
            row = readings_data.fits().get((reading.id, found.id))
            said = drawn.get(f"{found.id}-{reading.reading}-says")
            assert (said.text if said else "silent") == (row.fit if row else "silent")
            marker = {"fits": "o", "against": "x"}.get(said.text if said else "", "s")
            assert drawn[f"{found.id}-{reading.reading}"].marker == marker
    assert "6 of 6" in chart.title and len(chart.table.rows) == len(readings_data.findings())


def test_some_readings_can_be_chosen_and_a_misspelt_one_is_named():
    chart = charts.readings(["tone", "switch"]).chart
    assert [mark.text for mark in chart.marks if mark.name.startswith("head-")] == ["1\nTone", "2\nSwitch"]
    with pytest.raises(ValueError, match="swich.*switch"):
        charts.readings(["swich"])
    with pytest.raises(ValueError, match="at least one"):
        charts.readings([])


@pytest.mark.parametrize("reading", READINGS)
def test_one_reading_shows_its_reasons_whole(reading):
    chart = draw_reading(reading)
    drawn = marks(chart)
    (held,) = readings_data.chosen([reading])
    assert list(drawn) == list(marks(draw_reading(READINGS[0]))), "marks keep their names and order"
    for found in readings_data.findings():
        row = readings_data.fits().get((held.id, found.id))
        said = drawn[f"says-{found.id}"].text.replace("\n", " ")
        assert said == (f"{row.fit}: {row.reason}" if row else "silent")
    assert held.would_support in chart.description and held.speaks_against in chart.caveat
    assert len(chart.description.split()) < 80


def test_no_text_leaves_its_picture_or_lies_on_another():
    for chart in (charts.readings().chart, *map(draw_reading, READINGS)):
        placed = list(boxes(chart))
        for name, left, right, top, bottom in placed:
            assert left >= -1 and right <= chart.width + 1 and top >= 0 and bottom <= chart.height, (chart.title, name)
        for place, one in enumerate(placed):
            for other in placed[place + 1 :]:
                apart = one[2] < other[1] or other[2] < one[1] or one[4] < other[3] or other[4] < one[3]
                assert apart, (chart.title, one[0], other[0])


def test_what_the_chapter_says_of_small_trials():
    """7 of 12 is 58 % (32 to 81 %); 12 people find 4 points in 23 of 100 trials, and then put them near 8."""
    low, high = model.wilson_interval(7, 12)[1:]
    assert (round(100 * 7 / 12), round(100 * low), round(100 * high)) == (58, 32, 81)
    n, truth = int(evidence.row("EV21").n), abs(evidence.row("EV08").effect)
    assert (n, truth) == (12, 4)
    assert round(100 * long_run(n, truth).found) == 23
    none = long_run(n, 0.0)
    assert none.found + none.found_wrong_way == pytest.approx(1 / 20, abs=0.005)
    spread = evidence.row("TP01").value
    simulated = model.simulate_trials(n, truth, spread, 20_000, 3, "crossover", evidence.row("TP02").value)
    assert simulated.estimate[simulated.low > 0].mean() == pytest.approx(2 * truth, abs=0.5)


def test_the_size_of_the_core_finding_is_drawn_with_its_interval():
    """7 of 12 after placebo (32 to 81 %), 0 of 12 after naltrexone (0 to 24 %), and London's size by our arithmetic."""
    chart = charts.naltrexone_effects().chart
    said = " ".join(chart.description.replace("\u00a0", " ").split())
    assert "7 of 12: 58 % (32 to 81 %)" in said and "0 of 12: 0 % (0 to 24 %)" in said
    spans = {mark.name for mark in chart.marks if mark.name.startswith("interval-")}
    assert len(spans) == 2
    london = evidence.row("EV25")
    t = math.sqrt(5.39)
    effect = t / math.sqrt(london.n)
    half = 1.96 * math.sqrt(1 / london.n + effect**2 / (2 * london.n))
    assert london.effect_check == "derived" and abs(london.effect) == pytest.approx(effect, abs=0.01)
    assert (abs(london.high), abs(london.low)) == pytest.approx((effect - half, effect + half), abs=0.01)
    assert "our arithmetic" in said and "F(1, 74) = 5.39" in london.result
    stanford = evidence.row("EV21")
    low, high = (100 * end for end in model.wilson_interval(7, 12)[1:])
    none = 100 * model.wilson_interval(0, 12)[2]
    share = 100 * 7 / 12
    assert stanford.low == pytest.approx(share - math.hypot(share - low, none), abs=0.3)
    assert stanford.high == pytest.approx(share + (high - share), abs=0.3)


def test_nothing_that_nobody_read_stands_among_the_core_studies():
    shown = {row[-1] for row in charts.opioid_system_trials().chart.table.rows}
    assert all(evidence.row(key).verification in ("primary", "secondary") for key in shown)
