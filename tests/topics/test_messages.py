"""What a page sends is always answered: every kind of message, every kind of display, and nonsense too."""

from __future__ import annotations

import json

import pytest
from course import charts, claims, explorers, learning, quiz
from course.classroom.guide import lessons
from course.display import Display
from course.display.explorer import Explorer, ExplorerView
from course.quiz.views import QuizView, TestView
from course.record import Log
from course.references import ReferencesView
from course.start import StartView

MAKERS = {
    "chart": charts.affinity_ladder,
    "explorer": explorers.occupancy,
    "prediction": explorers.predict_occupancy,
    "quiz": lambda: quiz.show("Q0301"),
    "review": lambda: QuizView([quiz.bank.item("Q0301")], mode="review"),
    "poll": lambda: QuizView([quiz.bank.item("Q0301")], mode="poll"),
    "form": lambda: TestView("A"),
    "claims": claims.judge,
    "sections": lambda: learning.sections("03-how-much-binds"),
    "record": learning.my_record,
    "certificate": learning.certificate,
    "map": learning.course_map,
    "report": learning.gain,
    "review page": learning.review,
    "references": lambda: ReferencesView("03-how-much-binds", []),
    "start": lambda: StartView("03-how-much-binds"),
    "lessons": lessons,
}
NONSENSE = [
    None,
    7,
    "keep",
    [],
    {},
    {"other": 1},
    {"keep": None},
    {"keep": []},
    {"keep": {"a": 1}, "value": 1},
    {"keep": "Q9999", "value": 1},
    {"keep": "Q0301", "id": 7},
    {"keep": "Q0301", "id": "../../x", "value": {"answer": 0}},
    {"keep": "Q0301"},
    {"request": None},
    {"request": "look"},
    {"request": []},
    {"request": {}},
    {"request": {"do": None}},
    {"request": {"do": {"deep": [1]}}},
    {"request": {"hand_in": 3}},
    {"request": {"hand_in": {"QA01": "x"}, "id": 3}},
    {"request": {"name": ["x"]}},
    {"positions": None},
    {"positions": []},
    {"positions": {"drug": True}},
    {"positions": {"drug": 10**9}},
    {"positions": {"drug": "1"}},
    {"ask": None},
]


@pytest.fixture(scope="module")
def displays(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_HOME", str(tmp_path_factory.mktemp("home")))
        yield {name: make() for name, make in MAKERS.items()}


def replies(view: Display, content) -> list:
    """What the page is sent in reply, as the messages arrive there."""
    sent: list = []
    view.send = lambda reply: sent.append(json.loads(json.dumps(reply)))
    view._handle_custom_msg(content, [])
    return sent


def test_every_kind_of_display_is_tried(displays):
    def kinds(cls):
        return {cls.kind for cls in (cls, *cls.__subclasses__()) if cls.kind}.union(*map(kinds, cls.__subclasses__()))

    ours = {kind for kind in kinds(Display) if kind}
    assert {view.kind for view in displays.values() if isinstance(view, Display)} == ours


@pytest.mark.parametrize("content", NONSENSE, ids=str)
def test_every_display_answers_every_message_once_and_in_words(displays, content):
    for name, view in displays.items():
        if isinstance(content, dict):
            content = {**content, "turn": "t7"}
        (reply,) = replies(view, content)
        assert reply["turn"] == ("t7" if isinstance(content, dict) else None), name
        done = {"parts", "html", "handed", "state", "files", "kept"} & set(reply)
        if not done or reply.get("kept", 1) is None:
            assert reply["trouble"].endswith((".", "?")) and len(reply["trouble"]) > 20, (name, reply)
            assert "Traceback" not in reply["trouble"]


def fault(problem):
    def draw(*_, **__):
        raise problem

    return draw


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (ZeroDivisionError("division by zero"), "by a fault of the course (ZeroDivisionError: division by zero)"),
        (ValueError("No value of this kind is known."), "No value of this kind is known."),
        (KeyError("nalbuphine"), "by a fault of the course (KeyError"),
        (KeyboardInterrupt(), "The kernel was interrupted before it was done. Try again."),
        (RecursionError("too deep"), "by a fault of the course (RecursionError"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_chart_that_cannot_be_drawn_is_told_and_the_explorer_stays_as_it_was(problem, says):
    view = explorers.occupancy()
    before, sent = dict(view.state), dict(view._sent)
    positions = view.spec["positions"]
    good = view.explorer
    view.explorer = Explorer.__new__(Explorer)
    for field, value in vars(good).items():
        object.__setattr__(view.explorer, field, fault(problem) if field == "draw" else value)
    (reply,) = replies(view, {"positions": positions, "turn": "1"})
    assert says in reply["trouble"] and reply["turn"] == "1"
    assert (view.state, view._sent) == (before, sent)
    view.explorer = good
    (reply,) = replies(view, {"positions": positions, "turn": "2"})
    assert "parts" in reply and "trouble" not in reply


@pytest.mark.parametrize("name", ["respond", "entry", "subjects"])
def test_a_fault_in_any_part_of_a_display_is_told(monkeypatch, name):
    view = MAKERS["form"]()
    monkeypatch.setattr(view, name, fault(OSError("no such thing")))
    content = {"request": {"hand_in": {}}} if name == "respond" else {"keep": view.items[0].id, "value": {}}
    (reply,) = replies(view, {**content, "turn": "1"})
    assert "by a fault of the course (OSError: no such thing)" in reply["trouble"]


def test_a_reply_that_cannot_be_sent_is_told(monkeypatch):
    view = MAKERS["certificate"]()
    monkeypatch.setattr(view, "respond", lambda request: {"html": {1, 2}})
    (reply,) = replies(view, {"request": {"name": "A"}, "turn": "1"})
    assert "TypeError" in reply["trouble"] and reply["turn"] == "1"


def test_an_answer_that_is_sent_again_is_kept_once(tmp_path, monkeypatch):
    """The page does not know whether a kernel that was restarted had kept it."""
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    one, other = "0" * 31 + "1", "0" * 31 + "2"
    message = {"keep": "Q0301", "value": {"answer": 0}, "id": one}
    (first,) = replies(quiz.show("Q0301"), message)
    (again,) = replies(quiz.show("Q0301"), message)
    replies(quiz.show("Q0301"), {**message, "id": other})
    replies(quiz.show("Q0301"), {**message, "id": ""})
    events = Log(tmp_path / "learner.sqlite3").events()
    assert [event.value["try"] for event in events] == [1, 2, 3]
    assert [event.id for event in events[:2]] == [one, other]
    assert again["kept"] == first["kept"] == events[0].at


def test_a_form_that_is_handed_in_again_with_the_same_id_is_written_once(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    view = TestView("A")
    message = {"request": {"hand_in": {}, "id": "0123456789abcdef0123456789abcdef"}}
    replies(view, message)
    (reply,) = replies(TestView("A"), message)
    assert len(reply["handed"]["items"]) == len(view.items)
    assert len(Log(tmp_path / "learner.sqlite3").events()) == len(view.items)
    replies(view, {"request": {**message["request"], "id": "f" * 32}})
    assert len(Log(tmp_path / "learner.sqlite3").events()) == 2 * len(view.items)


def test_every_explorer_answers_a_new_view_with_all_of_itself():
    for name in explorers.__all__:
        made = getattr(explorers, name)
        if not isinstance(made, Explorer):
            continue
        view = made()
        assert isinstance(view, ExplorerView)
        (reply,) = replies(view, {"ask": "all", "turn": ""})
        assert reply["positions"] == view.spec["positions"] and set(view.spec["chart"]["parts"]) <= set(reply["parts"])
