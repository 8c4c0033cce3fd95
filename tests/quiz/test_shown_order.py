"""What a learner saw is kept with what she chose: the options in their order, her letters, and ids that stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from course import quiz
from course.quiz import bank, lint
from course.quiz.forms import OTHER, first_form
from course.quiz.grading import grade
from course.quiz.views import QuizView, TestView, answer_value, as_shown
from course.quiz.warm_up import WarmUpView, chosen
from course.quiz.words import option_id
from course.record import log

EVERY = bank.load(Path(__file__).parents[1] / "every_kind" / "05-scheduling.yaml")


@pytest.fixture(autouse=True)
def own_record(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))


def test_letters_are_those_that_were_shown_and_ids_those_of_the_bank():
    item = bank.item("Q0103")
    value = answer_value(item, {"answer": 2, "order": [3, 2, 0, 1]}, "practice")
    assert value["letters"] == ["B"] and value["order"] == [3, 2, 0, 1]
    assert value["options"] == [option_id(item.options[2].text)]


@pytest.mark.parametrize("order", [None, "BA", [0, 1], [0, 1, 2, 2], [0, 1, 2, True], [3, 2, 1, 9], [[0], 1, 2, 3]])
def test_an_order_that_no_page_sends_is_taken_for_that_of_the_bank(order):
    assert as_shown(bank.item("Q0103"), {"order": order}, 2)["order"] == [0, 1, 2, 3]


def test_kinds_without_letters_have_none():
    assert as_shown(bank.item("Q0312"), {"order": [0]}, "1 µM") == {}


def test_a_truth_has_letters_for_its_reasons():
    item = bank.item("Q0116")
    assert as_shown(item, {"order": [2, 1, 0]}, [0, 0])["letters"] == ["C"]


def test_each_record_has_a_seed_of_its_own_that_no_stored_form_holds():
    view = quiz.show("Q0103")
    assert view.data["seed"] == log().seed != ""
    assert "seed" not in view.spec["script"] and log().seed not in view._repr_mimebundle_()["text/html"]
    assert "seed" not in quiz.poll("Q0103").data, "a class sees one order"


def test_scales_keep_their_order():
    view = quiz.show("Q0502")
    assert view.spec["script"]["items"][0]["order"] == "fixed"
    assert "order" not in quiz.show("Q0103").spec["script"]["items"][0]


def test_nobody_but_the_learner_judges_what_she_wrote():
    item = EVERY.item("Q0508")
    assert grade(item, {"text": "  ", "ticked": [0, 1, 2]}).malformed
    judged = grade(item, {"text": "Schedule III means less than I and II.", "ticked": [0]})
    assert judged.verdict == "self"
    assert judged.says == "By your own assessment: 1 of 3. No machine has judged your sentence."
    assert judged.feedback == (item.checks[1].feedback, item.checks[2].feedback)
    value = answer_value(item, {"answer": {"text": "Less than I and II.", "ticked": [0, 2]}}, "practice")
    assert value["verdict"] == "self" and "score" not in value


@pytest.mark.parametrize(
    "answer",
    [3, "text", {"text": 3}, {"text": "a", "ticked": [9]}, {"text": "a", "ticked": [0, 0]}, {"text": "a" * 1001}],
)
def test_a_sentence_that_no_page_sends_is_refused(answer):
    with pytest.raises(ValueError, match="does not fit"):
        grade(EVERY.item("Q0508"), answer)


def test_every_chapter_asks_to_mend_at_least_twice():
    for of_chapter in bank.chapters():
        assert sum(item.kind == "mend" for item in of_chapter.items) >= 2, of_chapter.chapter


def test_the_warm_up_asks_what_was_missed_the_longest_ago_first():
    usual = list(bank.chapter_bank("05-scheduling").warm_up)
    assert [item.id for item in WarmUpView("05-scheduling").items] == usual
    for item_id, verdict in (("Q0302", "wrong"), ("Q0103", "wrong"), ("Q0302", "right"), ("Q0104", "partly")):
        log().write("answer", item_id, {"answer": 0, "verdict": verdict, "try": 1, "mode": "practice"})
    view = WarmUpView("05-scheduling")
    assert [item.id for item in view.items] == ["Q0103", "Q0104"]
    assert "Q0103" in view.markup and "Q0103" not in view._repr_mimebundle_()["text/html"]
    assert [item["id"] for item in view.offline_spec()["items"]] == usual
    assert repr(view) == "<quiz warm-up 05>"


def test_the_warm_up_never_asks_what_comes_later_or_takes_long():
    for item_id in ("Q0502", "Q0312", "Q0421"):
        log().write("answer", item_id, {"answer": 0, "verdict": "wrong", "try": 1, "mode": "practice"})
    usual = [bank.item(item_id) for item_id in bank.chapter_bank("05-scheduling").warm_up]
    assert chosen("05-scheduling", usual) == usual


def test_every_chapter_from_02_on_opens_with_two_questions_from_before():
    for of_bank in bank.banks():
        assert len(of_bank.warm_up) == (2 if of_bank.chapter[:2] > "01" else 0), of_bank.chapter


def test_one_half_begins_with_a_and_the_other_with_b():
    begun = [first_form([], f"{number:032x}") for number in range(400)]
    assert 170 < begun.count("A") < 230 and first_form([], "") == "A"


def test_the_form_handed_in_first_stays_the_first():
    for letter in "AB":
        items = bank.form(letter).items
        if letter == "B":
            log().write("answer", items[0].id, {"answer": 0, "verdict": "wrong", "try": 1, "mode": "check"})
    assert first_form() == "B"
    assert quiz.check("before").form == "B" and quiz.check("after").form == "A"
    assert "Q0001" in quiz.check("before")._repr_mimebundle_()["text/html"], "what is stored is the same for everybody"
    assert TestView("A").form == "A" and OTHER == {"A": "B", "B": "A"}


def test_the_forms_ask_for_every_objective():
    """One form or the other asks for each, as what an item is about or beside it."""
    asked = {
        one
        for letter in "AB"
        for item in bank.form(letter).items
        for one in (item.objective, *item.raw.get("also", ()))
    }
    assert sorted(set(bank.objectives()) - asked) == []


def test_a_poll_keeps_letters_but_no_verdict():
    view = QuizView([bank.item("Q0103")], "poll")
    kind, value = view.entry("Q0103", {"answer": 1})
    assert kind == "poll" and value["letters"] == ["B"] and "verdict" not in value


def test_style_rules_go_red():
    class Fake:
        def __init__(self, number, texts, right):
            self.id, self.kind = f"Q01{number:02}", "single"
            self.options = [type("O", (), {"text": text, "right": at == right})() for at, text in enumerate(texts)]

    items = [Fake(at, ["One thing and another", "One", "Two", "Three"], 0) for at in range(6)]
    assert any("joins two clauses" in said for said in lint._alone_styled(items))
    items = [Fake(at, ["One, because it is", "One", "Two", "Three"], 1) for at in range(24)]
    assert any("gives a reason" in said for said in lint._alone_styled(items))
