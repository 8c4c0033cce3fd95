"""Every answer of the table gets its judgment from Python; the browser test runs it against quiz.js."""

from __future__ import annotations

import pytest
from course.quiz.bank import banks
from course.quiz.grading import grade
from course.quiz.quantities import UNITS, Malformed, factors, parse_quantity
from course.quiz.views import plain, replies
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


@pytest.mark.parametrize("item", [item for found in banks() for item in found.items], ids=lambda item: item.id)
def test_whoever_is_not_right_is_told_what_is_wrong_and_why_at_the_first_try(item):
    """Every wrong and half right answer, of every question of the course, gets a reason with its place or its name."""
    for answer in wrong_answers(item):
        judged = grade(item, answer, first=True)
        assert judged.verdict in ("partly", "wrong"), answer
        assert judged.feedback and all(len(text.split()) > 4 for text in judged.feedback), (answer, judged)


def wrong_answers(item):
    if item.kind == "number":
        return [f"{trap.value:.6g} {item.answer.unit}" for trap in item.traps]
    if item.kind == "single":
        return [place for place, option in enumerate(item.options) if not option.right]
    places = range(len(item.options))
    if item.kind == "several":
        right = {place for place in places if item.options[place].right}
        return [sorted(right ^ {place}) for place in places if right ^ {place}]
    if item.kind == "ordering":
        return [[*places[1:], 0], [1, 0, *places[2:]], [*places][::-1]]
    right = [slot.right for slot in item.slots]
    return [
        [*right[:at], other, *right[at + 1 :]]
        for at, slot in enumerate(item.slots)
        for other in range(len(slot.options))
        if other != right[at]
    ]


def test_a_key_on_paper_holds_the_reply_to_every_answer_that_does_not_fit():
    for item in (item for found in banks() for item in found.items):
        said = [reply["says"] for reply in replies(item)]
        for answer in wrong_answers(item):
            for text in grade(item, answer).feedback:
                assert "” fits too. " in text or any(reply in plain(text) for reply in said), (item.id, answer, text)
    assert replies(ITEMS["SEVERAL"]) == [{"to": "b", "says": "No, b."}, {"to": "d", "says": "No, d."}]
    assert replies(ITEMS["MATCHING"])[0] == {"to": "p", "says": "p is y."}
    assert replies(ITEMS["ORDERING"])[2] == {"to": "Place 3", "says": "three comes here."}
    assert replies(ITEMS["SHARE"]) == [{"to": "22.4 %", "says": "That is the empty share."}]


# One quantity, written by hand in every unit: 1 µmol/L, and 1 µg/mL.
ONE_MICROMOLAR = {"p": "1,000,000", "n": "1000", "µ": "1", "u": "1", "m": "0.001", "": "0.000001"}
ONE_PER_ML = {"ng/mL": "1000", "µg/L": "1000", "ug/L": "1000", "µg/mL": "1", "ug/mL": "1", "mg/L": "1"}
WORDS = {"picomolar": "p", "nanomolar": "n", "micromolar": "µ", "millimolar": "m", "molar": ""}


@pytest.mark.parametrize("spelling", UNITS["concentration"])
def test_every_unit_of_concentration_has_the_size_that_its_prefix_says(spelling):
    prefix = WORDS.get(spelling, spelling[: -len("mol/L")] if "mol/" in spelling.lower() else spelling[:-1])
    assert parse_quantity(f"{ONE_MICROMOLAR[prefix]} {spelling}", "µM") == pytest.approx(1)


@pytest.mark.parametrize("spelling", UNITS["level"])
def test_every_unit_of_level_has_the_size_that_its_name_says(spelling):
    assert parse_quantity(f"{ONE_PER_ML[spelling.replace('/l', '/L').replace('/ml', '/mL')]} {spelling}", "ug/mL") == (
        pytest.approx(1)
    )
