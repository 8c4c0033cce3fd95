"""Every kind of question: made, linted, shown in every mode and form, kept in the record as Python judges it."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest
import yaml
from course import quiz
from course.chapters import course
from course.display import render
from course.quiz import bank, lint, places
from course.quiz.grading import grade
from course.quiz.kinds import KINDS
from course.quiz.kinds.ordering import shown_order
from course.quiz.views import QuizView, TestView, answer_value
from course.quiz.words import option_id
from course.record import Log, log
from judgements import ITEMS, MISSHAPEN

FILE = Path(__file__).parents[1] / "every_kind" / "05-scheduling.yaml"
RAW = yaml.safe_load(FILE.read_text(encoding="utf-8"))
EVERY = bank.load(FILE)
RIGHT = {
    "Q0501": 0,
    "Q0502": [0, 2],
    "Q0503": [1, 0],
    "Q0504": [0, 2, 1],
    "Q0505": [0, 1, 2, 3],
    "Q0506": [1, 0],
    "Q0507": "50 %",
    "Q0508": {"text": "Schedule III means less potential for misuse than I and II.", "ticked": [0, 1, 2]},
}


@pytest.fixture(autouse=True)
def own_record(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))


def entry(content, item_id):
    return next(item for item in content["items"] if item["id"] == item_id)


def changed(tmp_path, change) -> bank.Bank:
    content = copy.deepcopy(RAW)
    change(content)
    path = tmp_path / "05-scheduling.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return bank.load(path)


def test_there_is_one_question_of_each_kind_and_the_right_answers_are_right():
    assert {item.kind for item in EVERY.items} == set(KINDS)
    assert [found for found in lint.problems(EVERY) if "O5.5" not in found] == []
    for item in EVERY.items:
        verdict = "self" if item.kind == "mend" else "right"
        assert grade(item, RIGHT[item.id], first=True).verdict == verdict, item.id
        assert grade(item, None).malformed, item.id


def test_the_course_uses_every_kind_and_cases_in_several_chapters():
    chapters = bank.chapters()
    for kind in KINDS:
        assert sum(any(item.kind == kind for item in found.items) for found in chapters) >= 3, kind
    assert sum(bool(found.raw_cases) for found in chapters) >= 3
    assert sum(len(found.raw_items) for found in chapters) >= 180


def test_the_course_has_no_problem_between_its_banks():
    assert lint.course_problems() == []


def test_each_form_has_25_items_with_level_and_place_and_the_chapters_covered():
    for letter, chapter in (("A", "00"), ("B", "10")):
        items = bank.form(letter).items
        assert len({item.id for item in items}) == 25 and all(item.id.startswith(f"Q{chapter}") for item in items)
        assert {item.objective[1] for item in items} == set("123456789")
        assert sum(item.level == "deeper" for item in items) >= 12
    with pytest.raises(KeyError, match="no form 'C'"):
        bank.form("C")


# Each rule for the new kinds can go red


def _set(item_id, *path, value):
    def change(content):
        part = entry(content, item_id)
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = value

    return change


def _swap_pairs(content):
    entry(content, "Q0504")["pairs"].sort(key=lambda pair: pair["choice"])


def _one_alone(content):
    del entry(content, "Q0505")["case"]


def _apart(content):
    content["items"].append(content["items"].pop(3))


RED = [
    (_set("Q0503", "options", 1, "text", value="A list follows findings about use and harm!"), "repeats option 1"),
    (_set("Q0504", "pairs", 1, "text", value="No accepted medical use"), "pair 2 repeats pair 1"),
    (_set("Q0505", "steps", 1, "text", value="Schedule I."), "step 2 repeats step 1"),
    (_set("Q0506", "gaps", 1, "options", 1, "text", value="Medical"), "option 2 repeats option 1"),
    (_set("Q0503", "truth", "feedback", value="No."), "has no real feedback"),
    (_set("Q0504", "pairs", 0, "feedback", value="No."), "pair 1 has no real feedback"),
    (_set("Q0505", "steps", 0, "feedback", value="No."), "step 1 has no real feedback"),
    (_set("Q0506", "gaps", 0, "options", 0, "feedback", value="No."), "has no real feedback"),
    (_set("Q0504", "pairs", 0, "misconception", value=" x "), None),
    (_set("Q0504", "choices", 3, value="None of the above"), "“None of the above”"),
    (_set("Q0503", "stem", value="Two drugs in one schedule never belong to one family."), "hides a negative"),
    (_set("Q0504", "pairs", 0, "feedback", value="It filled 42 % of the sites there."), "writes out “42 %”"),
    (_swap_pairs, "in the order of the choices"),
    (_one_alone, "C0501 has 1 questions"),
    (_apart, "stand apart"),
]


@pytest.mark.parametrize(("change", "said"), RED, ids=range(len(RED)))
def test_each_rule_goes_red(tmp_path, change, said):
    found = [problem for problem in lint.problems(changed(tmp_path, change)) if "O5.5" not in problem]
    assert any(said in problem for problem in found) if said else not found, found


REFUSED = [
    (_set("Q0504", "pairs", 0, "choice", value="Schedule X"), "is not one of the choices"),
    (_set("Q0506", "passage", value="The law asks about [2] and [1]."), "marks the gaps 2, 1"),
    (_set("Q0506", "passage", value="The law asks about [1]."), "but there are 2"),
    (_set("Q0504", "case", value="C0509"), "there is no case C0509"),
    (_set("Q0503", "truth", "right", value="no"), "not true or false"),
    (_set("Q0505", "steps", 0, "right", value=True), "unknown part 'right'"),
    (_set("Q0501", "pairs", value=[]), "Q0501"),
    (_set("Q0506", "gaps", 0, "options", 0, "right", value=True), "Q0506"),
    (lambda content: content.__setitem__("form", "A"), "quizzes/05-scheduling.yaml"),
    (lambda content: content["cases"].append(dict(content["cases"][0])), "'C0501' is listed twice"),
]


@pytest.mark.parametrize(("change", "said"), REFUSED, ids=range(len(REFUSED)))
def test_a_broken_item_is_refused_with_file_line_and_mend(tmp_path, change, said):
    from course.evidence import DataError

    with pytest.raises(DataError) as caught:
        _ = changed(tmp_path, change).items
    assert said in str(caught.value) and caught.value.mend and caught.value.row


# Shown in every mode


def test_steps_are_shown_out_of_order_and_always_the_same():
    item = EVERY.item("Q0505")
    assert shown_order(item) == shown_order(item) != sorted(shown_order(item))


@pytest.mark.parametrize("mode", ["check", "poll"])
@pytest.mark.parametrize("form", ["live", "offline", "stored"])
def test_a_test_and_a_poll_hold_no_key(monkeypatch, mode, form):
    if mode == "check":
        monkeypatch.setattr(bank, "form", lambda _: EVERY)
        view = TestView("A")
    else:
        view = QuizView(EVERY.items, "poll")
    page = render(view.spec, form, "u") + json.dumps(view.data) + json.dumps(view.spec["script"])
    for item in EVERY.items:
        assert item.why[:40] not in page and item.raw["section"] not in page
        for option in (*item.options, *(option for slot in item.slots for option in slot.options)):
            assert option.feedback[:30] not in page
        for source in item.sources:
            assert source not in page
    assert '"right"' not in page


def test_questions_are_numbered_in_the_order_of_the_notebook(monkeypatch, tmp_path):
    cells = [
        {"cell_type": "markdown", "source": ["## Off-label, *not* unapproved\n", 'quiz.show("Q0509")']},
        {"cell_type": "code", "source": ['quiz.show("Q0503", "Q0501")']},
        {"cell_type": "code", "source": ['quiz.show("Q0508")'], "metadata": {"tags": ["instructor"]}},
        {"cell_type": "code", "source": ['quiz.show("Q0501", "Q0502")']},
    ]
    (tmp_path / "05-made.ipynb").write_text(json.dumps({"cells": cells}))
    monkeypatch.setattr(course, "NOTEBOOKS", tmp_path)
    places._chapter.cache_clear()
    assert places.asked("05-made") == ("Q0503", "Q0501", "Q0502")
    assert [places.number(item_id, "05-made") for item_id in ("Q0503", "Q0501", "Q0502")] == ["5.1", "5.2", "5.3"]
    assert [places.number("Q0007", "00-no-such"), places.number("Q1007", "10-no-such")] == ["7", "10.7"]
    # A heading keeps its own hyphens.
    assert places.title("05-made", "Off-label,-not-unapproved") == "Off-label, not unapproved"
    assert places.title("05-made", "No-such-heading") == "No such heading"


def test_a_case_opens_its_questions_once():
    html = render(QuizView(EVERY.items).spec, "offline", "u")
    assert html.count("Case: One cupboard") == 1
    assert render(QuizView([EVERY.item("Q0505")]).spec, "stored", "").count("Case: One cupboard") == 1


def test_unknown_modes_and_empty_calls_are_refused_in_words():
    with pytest.raises(ValueError, match="practice, review or poll"):
        QuizView(EVERY.items, "exam")
    with pytest.raises(ValueError, match="Which question"):
        quiz.poll()


# Kept in the record


@pytest.mark.parametrize(("name", "answer"), MISSHAPEN)
def test_an_answer_of_another_shape_is_refused_in_words(name, answer):
    with pytest.raises(ValueError, match="does not fit question"):
        grade(ITEMS[name], answer)


def test_the_verdict_and_the_try_are_python_s():
    item = EVERY.item("Q0501")
    first = answer_value(item, {"answer": 1, "sure": 95, "hints": 1, "verdict": "right", "try": 7}, "practice")
    assert first == {
        "answer": 1,
        "verdict": "wrong",
        "try": 1,
        "sure": 95,
        "hints": 1,
        "mode": "practice",
        "shown": False,
        "order": [0, 1, 2],
        "letters": ["B"],
        "options": [option_id(item.options[1].text)],
    }
    log().write("answer", item.id, first)
    second = answer_value(item, {"answer": 0, "sure": "sure", "hints": "<b>", "shown": True}, "practice")
    assert (second["verdict"], second["try"], second["sure"], second["hints"], second["shown"]) == (
        "right",
        2,
        None,
        0,
        True,
    )


def _tell(view, **content):
    sent = []
    view.send = lambda message, buffers=None: sent.append(message)
    view._handle_custom_msg({"turn": "t1", **content}, None)
    return sent


def test_an_answer_is_on_the_disk_before_the_page_is_told():
    view = QuizView(EVERY.items)
    sent = _tell(view, keep="Q0503", value={"answer": [0, 0], "sure": 75})
    kept = Log(log().path).latest("answer", ["Q0503"])["Q0503"]
    assert kept.value["verdict"] == "wrong" and sent[0]["kept"] == kept.at
    assert QuizView(EVERY.items).answers["Q0503"]["value"]["answer"] == [0, 0]
    assert QuizView(EVERY.items, "review").answers == {}


@pytest.mark.parametrize("value", [None, 3, "x", {}, {"answer": 9}, {"answer": [[]]}, {"answer": {"a": 1}}])
def test_a_message_that_no_page_sends_is_answered_in_words_and_not_kept(value):
    sent = _tell(QuizView(EVERY.items), keep="Q0501", value=value)
    assert sent[0].get("kept") is None and sent[0]["trouble"]
    assert log().latest("answer", ["Q0501"]) == {}
    assert not any(one.get("kept") for one in _tell(QuizView(EVERY.items), keep="Q9999", value=value))


def test_a_poll_is_kept_without_a_verdict():
    _tell(QuizView(EVERY.items, "poll"), keep="Q0501", value={"answer": 2})
    assert log().latest("poll", ["Q0501"])["Q0501"].value.items() >= {"answer": 2, "mode": "poll"}.items()
    assert log().latest("answer", ["Q0501"]) == {}


def test_a_form_is_judged_by_the_kernel_all_at_once(monkeypatch):
    monkeypatch.setattr(bank, "form", lambda _: EVERY)
    view = TestView("A")
    assert view.data["handed"] is None
    _tell(view, keep="Q0501", value={"answer": 1, "sure": 50})
    assert TestView("A").answers["Q0501"]["value"].items() >= {"answer": 1, "sure": 50}.items(), "drafts come back"
    given = {item_id: {"answer": answer, "sure": 75} for item_id, answer in RIGHT.items() if item_id != "Q0504"}
    (reply,) = _tell(view, request={"hand_in": {**given, "Q0501": {"answer": 2}}})
    items = reply["handed"]["items"]
    assert [items[item.id]["verdict"] for item in EVERY.items] == [
        "wrong",
        "right",
        "right",
        "wrong",
        "right",
        "right",
        "right",
        "self",
    ]
    assert items["Q0504"]["says"] == "No answer." and items["Q0501"]["why"]
    values = log().latest("answer", RIGHT)
    assert {event.value["mode"] for event in values.values()} == {"check"}
    assert all(event.value["try"] == 1 for event in values.values())
    assert TestView("A").data["handed"]["items"]["Q0502"]["verdict"] == "right", "and is back on reopening"
    _tell(view, request={"hand_in": given})
    assert log().latest("answer", RIGHT)["Q0501"].value["try"] == 2


@pytest.mark.parametrize("request_", [{}, {"hand_in": 3}, {"hand_in": {"Q0501": {"answer": "<b>"}}}])
def test_a_hand_in_that_no_page_sends_changes_nothing(monkeypatch, request_):
    monkeypatch.setattr(bank, "form", lambda _: EVERY)
    (reply,) = _tell(TestView("A"), request=request_)
    assert reply["trouble"] and log().latest("answer", RIGHT) == {}


def test_a_kind_is_a_class_and_nobody_else_asks_which_it_is():
    """What differs between kinds stands in quiz/kinds/ alone: no other module compares their names."""
    package = Path(quiz.__file__).parents[1]
    names = "|".join(KINDS)
    rooms = ("quiz/*.py", "learning/*.py", "publish/**/*.py", "classroom/**/*.py")
    for path in [path for room in rooms for path in package.glob(room)]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(rf"item\.kind (==|!=|in|not in)|raw\[\"kind\"\] ==|kind == \"({names})\"", text), path.name
    assert list(KINDS) == ["single", "several", "truth", "number", "matching", "ordering", "cloze", "mend"]
    for name, kind in KINDS.items():
        assert kind.name == name and kind.ask and kind.how and kind.interaction
