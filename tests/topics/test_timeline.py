"""The timeline: dates in order and within sense, dots that do not cover each other, the same marks in every state."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import shutil

import pytest
from course import charts, explorers
from course.evidence import read_table, table
from course.evidence.references import references
from course.files import DATA
from course.topics.families import history as drawing
from course.topics.families import timeline as history
from course.topics.scheduling.rows import day_text, year_of
from hypothesis import given
from hypothesis import strategies as st

STATES = [state for _, state in history.timeline.states(offline=True)]


def labels(chart) -> list[str]:
    return [label for mark in chart.marks for label in getattr(mark, "labels", ())]


def test_dates_are_possible_and_events_in_order():
    today = year_of(dt.date.today().isoformat())
    years = [year_of(event.date) for event in drawing.events()]
    assert years == sorted(years)
    assert 1800 < years[0] and years[-1] <= today
    # What is over must not stand as current: a text that names a later year says so itself.
    assert {event.id for event in table("timeline")} == {event.id for event in drawing.events()}


def test_dates_of_the_timeline_and_of_the_schedules_agree():
    dates = {row.id: row for row in table("schedules")}
    events = {row.id: row for row in table("timeline")}
    for event, schedule in (
        ("TL25", "SC24"), ("TL28", "SC01"), ("TL30", "SC22"), ("TL34", "SC55"), ("TL35", "SC53"), ("TL40", "SC46"),
        ("TL42", "SC15"), ("TL66", "SC51"), ("TL73", "SC50"), ("TL74", "SC52"), ("TL76", "SC54"), ("TL78", "SC06"),
    ):  # fmt: skip
        assert events[event].date == dates[schedule].effective_date, event


@pytest.mark.parametrize("text, year", [("1804", 1804), ("2015-12", 2015.91), ("1999-08-12", 1999.61)])
def test_a_date_as_a_year(text, year):
    assert year_of(text) == pytest.approx(year, abs=0.01)


def test_a_date_in_words():
    assert [day_text(text) for text in ("1962", "2015-12", "1999-08-02")] == ["1962", "December 2015", "2 August 1999"]


@given(st.lists(st.floats(0, 600), max_size=80))
def test_stacked_dots_do_not_cover_each_other(places):
    places = sorted(places)
    levels = drawing.stacked(places)
    for level in set(levels):
        row = [x for x, other in zip(places, levels, strict=True) if other == level]
        assert all(later - earlier >= drawing.STEP for earlier, later in zip(row, row[1:], strict=False))


@given(st.floats(1800, 2030), st.floats(1800, 2030))
def test_years_keep_their_order_on_the_line(one, other):
    first, second = (drawing.x_of(year, 1800, 2030) for year in (one, other))
    assert drawing.LEFT - 1e-6 <= first <= drawing.RIGHT + 1e-6
    assert (one <= other) == (first <= second) or abs(first - second) < 1e-6


@pytest.mark.parametrize("state", STATES, ids=lambda state: "-".join(state.values()))
def test_every_selected_event_is_a_dot_and_a_line_of_the_table(state):
    chart = history.draw_timeline(**state)
    first, last = history.PERIODS[state["period"]]
    rows = [
        event
        for event in drawing.events()
        if first <= year_of(event.date) < last
        and (
            state["track"] in ("all", event.kind)
            or (state["track"] in ("opioid", "ketamine") and event.family in (state["track"], "both"))
        )
    ]
    assert len(labels(chart)) == len(chart.table.rows) == len(rows)
    assert [row[-1] for row in chart.table.rows] == [event.id for event in rows]
    assert all(any(event.event in label for label in labels(chart)) for event in rows)
    assert str(len(rows)) in chart.description or not rows


@pytest.mark.parametrize("state", STATES, ids=lambda state: "-".join(state.values()))
def test_direct_labels_neither_cover_each_other_nor_leave_the_picture(state):
    chart = history.draw_timeline(**state)
    texts = [mark for mark in chart.marks if mark.name.startswith("label-") and mark.text]
    for index, one in enumerate(texts):
        half = len(one.text) * 8.4 / 2
        assert 0 <= one.x - half and one.x + half <= chart.width, one.text
        for other in texts[index + 1 :]:
            if one.y == other.y:
                assert abs(one.x - other.x) >= half + len(other.text) * 8.4 / 2, (one.text, other.text)


def test_dots_stay_in_their_lanes_and_no_lane_is_empty():
    for state in STATES:
        marks = {mark.name: mark for mark in history.draw_timeline(**state).marks}
        shown = [lane for lane in drawing.LANES if marks[f"lane-{lane}"].text]
        for lane in drawing.LANES:
            dots = [y for name, mark in marks.items() if name.startswith(f"{lane}-") for y in mark.y]
            assert bool(dots) == (lane in shown), (state, lane)
            assert all(y <= marks[f"lane-{lane}"].y - 10 for y in dots), (state, lane)
        tops = [marks[f"lane-{lane}"].y for lane in shown]
        assert tops == sorted(tops, reverse=True) and (not shown or min(tops) > drawing.HEIGHT / (3 * len(shown) + 1))


def test_marks_keep_their_names_and_order_in_every_state():
    names = [[mark.name for mark in history.draw_timeline(**state).marks] for state in STATES]
    assert all(one == names[0] for one in names)
    script = explorers.timeline().offline_spec()["script"]
    assert len(script["frames"]) == len(STATES)
    assert len(gzip.compress(json.dumps(script).encode())) < 60_000


def test_what_is_from_memory_is_hollow_and_says_so():
    recalled = [event for event in drawing.events() if event.verification == "recalled"]
    chart = history.draw_timeline("all", "all")
    hollow = [label for mark in chart.marks if not getattr(mark, "filled", True) for label in mark.labels]
    assert len(hollow) == len(recalled)
    assert all("unverified" in label for label in hollow)


def test_the_change_of_scale_is_hard_to_overlook():
    for state in STATES:
        chart = history.draw_timeline(**state)
        bent = state["period"] == "all"
        (after,) = [mark for mark in chart.marks if mark.name == "bend-after"]
        (wide,) = [mark for mark in chart.marks if mark.name == "bend-wide"]
        assert ("times wider" in after.text and after.bold) == bent
        assert bool(len(wide.x)) == bent and ("The scale changes in 1990" in chart.caveat) == bent
    before, later = (drawing.x_of(year + 1, 1800, 2030) - drawing.x_of(year, 1800, 2030) for year in (1900, 2000))
    assert drawing.widening(2030) == round(later / before) > 3


def test_descriptions_are_short_enough_to_be_read_aloud():
    assert all(len(history.draw_timeline(**state).description.split()) <= 60 for state in STATES)


def test_a_new_event_comes_into_the_picture(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    with (folder / "timeline.csv").open("a", encoding="utf-8") as file:
        file.write("TL990,1950-05,A made-up event,made up,1,opioid,law,prt2012,made up,secondary,2026-11-21,low,\n")
    references.cache_clear()
    drawing.events.cache_clear()
    monkeypatch.setattr(drawing, "table", lambda name: read_table(name, folder))
    try:
        chart = charts.two_histories().chart
        assert any("May 1950: A made-up event" in label for label in labels(chart))
        assert ("May 1950", "A made-up event") in [row[:2] for row in chart.table.rows]
    finally:
        monkeypatch.undo()
        references.cache_clear()
        drawing.events.cache_clear()


def test_a_span_without_events_is_refused():
    with pytest.raises(ValueError, match="1700"):
        charts.two_histories(1700, 1750)


def test_the_prediction_counts_from_the_rows():
    rows = {row.id: row for row in table("timeline")}
    listed, trial = explorers.predict_timeline().spec["guesses"]
    assert listed["low"] == listed["high"] == int(rows["TL28"].date[:4]) - int(rows["TL19"].date[:4]) == 28
    assert trial["low"] == int(rows["TL29"].date[:4]) - int(rows["TL14"].date[:4]) == 36
