"""Learning gain: published examples, sums done by hand, and what must always hold."""

from __future__ import annotations

import time

import numpy as np
import pytest
from course.display import render
from course.learning import gains
from course.learning.answers import Question
from course.learning.gains import GainView, by_level, chart, gain_of, pairs, ratio_of_paired
from course.record import Log
from hypothesis import given
from hypothesis import strategies as st

POINTS = st.sampled_from((0.0, 0.5, 1.0))
PAIRS = st.lists(st.tuples(POINTS, POINTS), min_size=1, max_size=40)
LEVELS = ("core", "core", "deeper", "deeper")
FORMS = {"A": ("Q00", "00-start-here"), "B": ("Q10", "10-final-check")}
KNOWN = {
    f"{start}{n:02d}": Question(f"{start}{n:02d}", f"O3.{n}", level, "single", chapter, "", form)
    for form, (start, chapter) in FORMS.items()
    for n, level in enumerate(LEVELS, 1)
}
KNOWN["Q0301"] = Question("Q0301", "O3.1", "core", "single", "03-how-much-binds", "Full-or-empty")


def cells(both: int, first: int, second: int, neither: int) -> list[tuple[float, float]]:
    """Pairs from a table of counts: right both times, before only, after only, never."""
    return [(1, 1)] * both + [(1, 0)] * first + [(0, 1)] * second + [(0, 0)] * neither


def test_a_published_example_of_a_ratio():
    """R package statpsych, ci.ratio.prop.ps(.05, 12, 4, 26, 6): 3.2, 1.766544 to 5.796628."""
    assert ratio_of_paired(32, 10, 6) == pytest.approx((3.2, 1.766544, 5.796628), abs=1e-6)


def test_a_published_example_of_a_difference():
    """The same package, ci.prop.ps(.05, 12, 4, 26, 6): 0.2548067 to 0.6251933."""
    found = gain_of(cells(6, 4, 26, 12)).difference
    assert (found.low, found.high) == pytest.approx((0.2548067, 0.6251933), abs=1e-7)
    assert found.value == pytest.approx(22 / 48)


def test_a_gain_worked_by_hand():
    """20 pairs: 9 points before, 15 after. (15 - 9) / (20 - 9) = 6/11."""
    found = gain_of(cells(8, 1, 7, 4))
    assert (found.before, found.after, found.questions) == (9, 15, 20)
    assert found.normalised.value == pytest.approx(6 / 11)
    assert found.difference.value == pytest.approx(6 / 20)
    assert found.normalised.low < 6 / 11 < found.normalised.high < 1


def test_partly_right_is_half_a_point():
    found = gain_of([(0.5, 1), (0, 0.5), (1, 1), (0.5, 0)])
    assert (found.before, found.after) == (2, 2.5)
    assert found.normalised.value == pytest.approx(0.5 / 2)


@given(PAIRS)
def test_what_must_always_hold(points):
    found = gain_of(points)
    assert -1 <= found.difference.low <= found.difference.high <= 1
    if found.before == found.questions:
        assert found.normalised is None
        return
    assert found.normalised.value <= 1 and found.normalised.low <= found.normalised.value + 1e-12
    assert found.normalised.value <= found.normalised.high + 1e-12 and found.normalised.high <= 1 + 1e-12
    assert (found.normalised.value > 0) == (found.after > found.before)
    assert np.isfinite(found.normalised).all()


@given(PAIRS)
def test_swapping_the_forms_turns_the_difference_round(points):
    one, other = gain_of(points), gain_of([(after, before) for before, after in points])
    assert tuple(one.difference) == pytest.approx(
        (-other.difference.value, -other.difference.high, -other.difference.low), abs=1e-12
    )
    assert (one.before, one.after) == (other.after, other.before)


@given(PAIRS, st.data())
def test_one_more_right_answer_after_never_lowers_the_gain(points, data):
    place = data.draw(st.integers(0, len(points) - 1))
    better = [(before, 1.0) if at == place else (before, after) for at, (before, after) in enumerate(points)]
    one, other = gain_of(points), gain_of(better)
    assert other.difference.value >= one.difference.value
    if one.normalised:
        assert other.normalised.value >= one.normalised.value - 1e-12


def test_all_right_before_leaves_nothing_to_gain_and_all_right_after_still_has_an_interval():
    assert gain_of(cells(20, 0, 0, 0)).normalised is None
    whole = gain_of(cells(10, 0, 10, 0)).normalised
    assert whole.value == whole.high == 1 and 0.5 < whole.low < 0.95, "20 questions do not prove perfection"
    none = gain_of(cells(0, 0, 0, 20))
    assert none.normalised.value == 0 and none.normalised.low < -0.05 and none.difference.low < 0 < none.difference.high


@pytest.mark.parametrize("points", [[], [(0, 2)], [(-0.5, 1)]])
def test_points_that_cannot_be(points):
    with pytest.raises(ValueError, match="points"):
        gain_of(points)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    """Learners of known ability, 20 questions: the intervals must hold the truth in 92 to 99 of 100."""
    draw = np.random.default_rng(4)
    for kept, won in ((0.9, 0.6), (0.8, 0.3), (0.95, 0.9)):
        for start in (0.3, 0.5, 0.7):
            truth_after = start * kept + (1 - start) * won
            truth = ((truth_after - start) / (1 - start), truth_after - start)
            held = np.zeros(2)
            for _ in range(800):
                before = draw.random(20) < start
                after = np.where(before, draw.random(20) < kept, draw.random(20) < won)
                found = gain_of(list(zip(before * 1.0, after * 1.0, strict=True)))
                if found.normalised is not None:
                    held += [found.normalised.low <= truth[0] <= found.normalised.high,
                             found.difference.low <= truth[1] <= found.difference.high]  # fmt: skip
            assert (0.92 * 800 <= held).all() and (held <= 0.995 * 800).all(), (start, kept, won, held / 800)


# From the record


@pytest.fixture
def record(tmp_path, monkeypatch) -> Log:
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    monkeypatch.setattr(gains, "catalogue", lambda: KNOWN)
    return Log(tmp_path / "learner.sqlite3")


def hand_in(record: Log, form: str, verdicts: str, number: int = 1, sure: int | None = None) -> None:
    words = {"r": "right", "p": "partly", "w": "wrong"}
    start, _ = FORMS[form]
    record.write_many(
        (
            "answer",
            f"{start}{n:02d}",
            {"answer": 0, "verdict": words[sign], "try": number, "sure": sure, "mode": "check"},
        )
        for n, sign in enumerate(verdicts, 1)
    )


def html(view) -> str:
    return render(view.spec, "live", "u").replace("\u00a0", " ")


def test_pairs_are_matched_and_only_the_first_hand_in_counts(record):
    hand_in(record, "A", "wrpw", sure=50)
    hand_in(record, "B", "rrrw", sure=95)
    hand_in(record, "B", "rrrr", number=2)
    hand_in(record, "A", "rrrr", number=2)
    found = pairs(record.events(), KNOWN)
    assert [pair.points for pair in found] == [(0, 1), (1, 1), (0.5, 1), (0, 0)]
    assert [(pair.objective, pair.level) for pair in found][2:] == [("O3.3", "deeper"), ("O3.4", "deeper")]
    said = html(GainView())
    assert "1½ of 4 points before, 3 of 4 after" in said
    assert "0.60" in said and "50 % on average before" in said and "95 % after" in said
    assert "▲ better" in said and "4 questions are few" in said


def test_a_reset_form_does_not_count(record):
    hand_in(record, "A", "wwww")
    hand_in(record, "B", "rrrr")
    record.write_many(("reset", f"Q10{n:02d}", None) for n in range(1, 5))
    assert "One of the two tests was handed in" in html(GainView())


@pytest.mark.parametrize(
    "forms, words",
    [
        ("", "Neither of the two tests was handed in yet"),
        ("A", "One of the two tests was handed in"),
        ("B", "One of the two tests was handed in"),
    ],
)
def test_what_is_missing_is_said(record, forms, words):
    for form in forms:
        hand_in(record, form, "rwrw")
        time.sleep(0.01)
    said = html(GainView())
    assert words in said and "<svg" not in said


def test_the_form_handed_in_first_is_the_one_before(record):
    hand_in(record, "B", "wrpw")
    time.sleep(0.01)
    hand_in(record, "A", "rrrw")
    assert [pair.points for pair in pairs(record.events(), KNOWN)] == [(0, 1), (1, 1), (0.5, 1), (0, 0)]
    said = html(GainView())
    assert "1½ of 4 points before, 3 of 4 after" in said and "Blind guessing would give about" in said


def test_all_right_before_is_said_in_words(record):
    hand_in(record, "A", "rrrr")
    hand_in(record, "B", "rrrw")
    said = html(GainView())
    assert "not defined" in said and "nothing left to gain" in said and "None" not in said


def test_the_stored_form_is_a_made_up_example(record):
    before = GainView()._repr_mimebundle_()["text/html"]
    hand_in(record, "A", "wwww")
    hand_in(record, "B", "rrrr")
    assert GainView()._repr_mimebundle_()["text/html"] == before
    assert before.count("ade-up example") >= 3 and len(gains.MADE_UP) == 20


def test_the_chart_names_every_row_and_number():
    rows = by_level([("core", (0, 1)), ("core", (1, 1)), ("deeper", (0.5, 0))])
    drawn = chart(rows)
    assert list(rows) == ["All", "Core", "Deeper"] and len(drawn.table.rows) == 3
    texts = [mark.text for mark in drawn.marks if hasattr(mark, "text")]
    assert texts.count("before 1½") == 1 and "after ½" not in texts and "after 0" in texts
    assert "\u2212" in drawn.table.rows[2][3], "a loss has a real minus sign"
