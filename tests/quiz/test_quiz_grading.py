"""Every answer of the table gets its judgement from Python; the browser test runs it against quiz.js."""

from __future__ import annotations

import pytest
from course.quiz.grading import UNITS, Malformed, factors, grade, parse_quantity
from hypothesis import given
from hypothesis import strategies as st
from judgements import CASES, ITEMS


@pytest.mark.parametrize(("name", "answer", "first", "verdict", "says", "feedback"), CASES)
def test_every_answer_gets_its_judgement(name, answer, first, verdict, says, feedback):
    found = grade(ITEMS[name], answer, first=first)
    assert (found.verdict, found.feedback) == (verdict, feedback)
    assert found.says.startswith(says), found.says
    assert found.right == (verdict == "right")
    assert found.malformed == (verdict == "ask")


@given(st.text(max_size=60), st.sampled_from(sorted(name for name in ITEMS if ITEMS[name].kind == "number")))
def test_any_text_is_judged_or_refused_in_words(text, name):
    found = grade(ITEMS[name], text)
    assert found.verdict in ("right", "wrong", "ask")
    assert 3 < len(found.says) < 200


@given(
    st.floats(1e-3, 1e6),
    st.sampled_from([(unit, spelling) for sizes in UNITS.values() for unit in sizes for spelling in sizes]),
)
def test_a_quantity_means_the_same_in_any_unit_of_its_kind(value, pair):
    unit, spelling = pair
    text = f"{value:.6g}"
    assert parse_quantity(f"{text} {spelling}", unit) == pytest.approx(float(text) * factors(unit)[spelling])


def test_a_quantity_without_its_unit_is_not_guessed():
    with pytest.raises(Malformed, match="Add the unit"):
        parse_quantity("0.41", "µM")
