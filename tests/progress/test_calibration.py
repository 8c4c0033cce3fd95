"""Calibration: said sureness against what was right, from first tries alone."""

from __future__ import annotations

import datetime as dt

import pytest
from course.display import render
from course.learning import calibrating
from course.learning.answers import Question
from course.learning.calibrating import CalibrationView, chart, confident_errors, counts_of, levels, stated, where
from course.record import Event, Log
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

START = dt.datetime(2026, 3, 1, 9, 0, tzinfo=dt.UTC)
_count = iter(range(10**9))


def said(item, verdict, sure, number=1, *, shown=False, minutes=0) -> Event:
    at = (START + dt.timedelta(minutes=minutes + number)).isoformat()
    value = {"verdict": verdict, "try": number, "sure": sure, "mode": "practice", "shown": shown}
    return Event(f"{next(_count):032x}", at, "answer", item, value)


def test_only_first_tries_with_a_stated_sureness_count():
    events = [
        said("Q0101", "wrong", 95),
        said("Q0101", "right", 95, 2),  # feedback had been read
        said("Q0102", "right", None),
        said("Q0103", "partly", 75),
        said("Q0104", "right", 75),
        said("Q0105", "right", 95, shown=True),
        said("Q0106", "right", 60),  # no such sureness
    ]
    assert counts_of(stated(events)) == {95: (0, 1), 75: (1, 2)}
    assert [each.item for each in confident_errors(events)] == ["Q0101", "Q0103"], "the surest first"


COUNT = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))  # right, answers


@given(st.dictionaries(st.sampled_from((25, 50, 75, 95)), COUNT, min_size=1))
def test_intervals_are_wilson_s(counts):
    for level in levels(counts):
        right, answers = counts[level.sure]
        oracle = binomtest(right, answers).proportion_ci(method="wilson")
        assert (level.low, level.high) == pytest.approx((100 * oracle.low, 100 * oracle.high), abs=1e-6)
        assert 0 <= level.low <= level.share <= level.high <= 100 and level.share == 100 * right / answers
    drawn = chart(levels(counts))
    assert {mark.name for mark in drawn.marks if mark.name.startswith("dot-")} == {f"dot-{sure}" for sure in counts}
    assert len(drawn.table.rows) == len(counts)


@pytest.mark.parametrize(
    "counts, title",
    [
        ({95: (7, 10), 50: (1, 2)}, "When you said “sure”, 7 of 10 answers were right"),
        ({95: (1, 1), 75: (2, 4)}, "When you said “fairly sure”, 2 of 4 answers were right"),
        ({95: (1, 1), 25: (0, 2)}, "When you said “a guess”, 0 of 2 answers were right"),
    ],
)
def test_the_title_says_what_was_found(counts, title):
    assert chart(levels(counts)).title == title


def test_the_words_compare_and_do_not_claim_what_chance_can_give():
    described = chart(levels({95: (3, 10), 75: (6, 9)})).description
    assert "3 of 10 right" in described and "right less often than said, by more than chance" in described
    assert described.count("more than chance") == 1, "6 of 9 is no evidence against 75 %"
    with pytest.raises(ValueError, match="no answers"):
        chart([])


def test_where_to_read_again():
    known = {
        "Q0001": Question("Q0001", "O3.1", "core", "single", "00-start-here", "", "A"),
        "Q0301": Question("Q0301", "O3.1", "core", "single", "03-how-much-binds", "Full-or-empty"),
    }
    link = where("Q0301", known)
    assert link == where("Q0001", known) and link.text == "chapter 03, “Full or empty”"
    assert (link.chapter, link.anchor) == ("03-how-much-binds", "Full-or-empty")
    assert where("Q7777", known) == ""


@pytest.fixture
def record(tmp_path, monkeypatch) -> Log:
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    return Log(tmp_path / "learner.sqlite3")


def write(record: Log, count: int, verdict: str = "wrong") -> None:
    for number in range(1, count + 1):
        record.write("answer", f"Q03{number:02d}", {"verdict": verdict, "try": 1, "sure": 95, "mode": "practice"})


@pytest.mark.parametrize("count, words", [(0, "5 more answers are needed"), (4, "1 more answer is needed")])
def test_too_few_answers_are_not_drawn(record, count, words):
    write(record, count)
    view = CalibrationView()
    html = render(view.spec, "live", "u")
    assert words in html and "<svg" not in html


def test_enough_are_drawn_and_confident_errors_are_listed(record):
    view = CalibrationView()
    write(record, 5)
    html = view.respond({"update": True})["html"]
    assert "<svg" in html and "0 of 5 answers were right" in html and "made-up" not in html.casefold()
    assert html.count("chapter 03, “") == 5 and "Sure, and missed: 5" in html
    stored = view._repr_mimebundle_()["text/html"]
    assert "Made-up example" in stored and "<img" in stored and "0 of 5" not in stored


def test_a_question_that_is_gone_or_hostile_is_shown_as_text(record):
    evil = "<img src=x onerror=alert(1)>\u202e"
    for number in range(6):
        record.write("answer", f"{evil}{number}", {"verdict": "wrong", "try": 1, "sure": 95})
    html = render(CalibrationView().spec, "live", "u")
    assert "<img" not in html and "&lt;img" in html


def test_the_example_is_labelled_as_made_up():
    drawn = chart(levels(calibrating.MADE_UP), made_up=True)
    assert drawn.title.startswith("Made-up example") and drawn.caveat.startswith("A made-up example")
    assert any(getattr(mark, "text", "") == "made-up example" for mark in drawn.marks)
