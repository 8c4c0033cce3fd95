"""No answer is lost between page and kernel, none is kept twice, and every view of a question shows it."""

from __future__ import annotations

import re
from pathlib import Path

import answering
import pytest
from course import charts, claims, explorers, learning, quiz
from course.chapters import chapter
from course.quiz.bank import load
from course.quiz.views import QuizView, TestView
from course.record import Log, log
from course.start import StartView, alive
from liveness import Front, other_setting

pytestmark = pytest.mark.browser
EVERY = load(Path(__file__).parents[1] / "every_kind" / "05-scheduling.yaml")
# What the kernel replies does not arrive.
NO_REPLY = (
    "window.kernel_ = window.kernel;window.kernel = (...all) => { kernel_(...all); return new Promise(() => {}); }; 0"
)
KEPT = "Your answer is kept in this page"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def front(browser):
    made = Front(browser)
    made.page.clock.install()
    yield made
    made.page.close()
    assert not made.faults


def written(home) -> list:
    return Log(home / "learner.sqlite3").events()


def answer(place, option: int = 1) -> None:
    place.locator(f"input[type=radio][value='{option}']").check()
    place.locator('[data-action="check"]').click()


STATES = {
    "stopped": ({"gone": True}, 0, "Not saved: the kernel was stopped or restarted."),
    "dead": ({"status": "dead"}, 0, "Not saved: the kernel was stopped or restarted."),
    "restarting": ({"status": "restarting"}, 0, "Not saved: the kernel was stopped or restarted."),
    "another kernel": ({"id": "two"}, 0, "Not saved: the kernel was stopped or restarted."),
    "unreachable": ({"connectionStatus": "connecting", "deaf": True}, 3, "Not saved: there is no connection"),
    "cut off": ({"connectionStatus": "disconnected", "deaf": True}, 3, "Not saved: there is no connection"),
    "silent": ({"deaf": True}, 13, "Not saved: the kernel does not answer."),
    "busy": ({"status": "busy", "deaf": True}, 3, "Not saved yet: the kernel is busy."),
}


@pytest.mark.parametrize("state", STATES)
def test_what_is_not_saved_is_said_kept_and_saved_once_when_the_cell_runs_again(front, home, state):
    change, seconds, says = STATES[state]
    place = front.show("before", quiz.show("Q0301"))
    front.set("before", **change)
    answer(place)
    assert len(place.locator('.feedback[role="status"]').inner_text()) > 20, "it is judged all the same"
    front.page.clock.run_for(1000 * seconds)
    line = place.locator(".saved")
    assert line.inner_text().startswith(says) and KEPT in line.inner_text()
    assert written(home) == []
    again = front.show("after", quiz.show("Q0301"))
    again.get_by_text("Saved at").wait_for()
    assert again.locator("input[type=radio][value='1']").is_checked(), "the new view shows the answer"
    assert line.inner_text().startswith("Saved at"), "the old one says so too"
    front.set("before", deaf=False, gone=False, status="idle", connectionStatus="connected", id="one")
    front.page.clock.run_for(30_000)
    (event,) = written(home)
    assert (event.subject, event.value["answer"], event.value["try"]) == ("Q0301", 1, 1)


@pytest.mark.parametrize("state", ["unreachable", "cut off", "silent", "busy"])
def test_what_is_not_saved_is_saved_once_when_the_same_kernel_is_back(front, home, state):
    change, seconds, _ = STATES[state]
    place = front.show("one", quiz.show("Q0301"))
    front.set("one", **change)
    answer(place)
    front.page.clock.run_for(1000 * seconds)
    front.set("one", deaf=False, status="idle", connectionStatus="connected")
    front.page.clock.run_for(8000)
    place.get_by_text("Saved at").wait_for()
    front.page.clock.run_for(30_000)
    assert len(written(home)) == 1


def test_a_reply_that_got_lost_makes_no_second_answer(front, home):
    """The kernel had kept it; the page did not hear so and sends it again, after a reload as well."""
    place = front.show("one", quiz.show("Q0301"))
    front.page.evaluate(NO_REPLY)
    answer(place)
    front.page.wait_for_timeout(300)
    assert len(written(home)) == 1
    front.page.evaluate("window.kernel = window.kernel_; 0")
    front.begin()
    front.show("two", quiz.show("Q0301")).get_by_text("Saved at").wait_for()
    assert len(written(home)) == 1


def test_several_answers_wait_in_their_order_through_a_reload(front, home):
    quiz_place = front.show("quiz", quiz.show("Q0301"))
    guess = front.show("guess", explorers.predict_occupancy())
    front.set("quiz", gone=True)
    front.set("guess", gone=True)
    answer(quiz_place, 1)
    answer(quiz_place, 2)
    guess.locator('[data-action="commit"]').click()
    assert guess.locator(".saved").inner_text().startswith("Not saved")
    front.begin()
    assert written(home) == []
    front.show("guess again", explorers.predict_occupancy()).get_by_text("Saved at").wait_for()
    place = front.show("quiz again", quiz.show("Q0301"))
    place.get_by_text("Saved at").wait_for()
    front.page.clock.run_for(2000)
    assert place.locator("input[type=radio][value='2']").is_checked(), "the newest is shown"
    answers = [event.value["answer"] for event in written(home) if event.kind == "answer"]
    assert answers == [1, 2] and len(written(home)) == 3
    assert front.page.evaluate("sessionStorage.length") == 0


def test_an_answer_waits_for_its_own_question_mode_and_notebook(front, home):
    item = quiz.bank.item("Q0301")
    place = front.show("practice", quiz.show("Q0301"))
    front.set("practice", gone=True)
    answer(place)
    front.show("review", QuizView([item], mode="review"))
    front.show("another", quiz.show("Q0304"))
    front.page.clock.run_for(10_000)
    assert written(home) == []
    assert not re.search("Saved at", front.page.locator("main").inner_text())


def test_an_explorer_without_a_kernel_moves_as_far_as_it_has_views_then_says_so_and_keeps_its_picture(front):
    place = front.show("one", explorers.occupancy())
    place.scroll_into_view_if_needed()
    front.fetched("one")
    front.set("one", gone=True)
    picture, said = place.locator("figure svg").first, place.locator('[data-role="trouble"]')
    before, words = picture.inner_html(), place.locator(".says").first.text_content()
    place.locator('input[type="range"]').first.press("ArrowRight")
    assert picture.inner_html() != before, "what was fetched ahead needs no kernel"
    assert place.locator(".says").first.text_content() != words and said.is_hidden()
    moved = picture.inner_html()
    other_setting(place)
    assert said.inner_text() == "There is no kernel. Choose Run ▸ Run All Cells, then try again."
    assert picture.inner_html() == moved
    other = front.show("one")
    assert other.locator("figure svg").count() >= 1, "a new view of it is not blank"
    front.set("one", gone=False)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"deaf": True}, "The kernel does not answer. Choose Run ▸ Run All Cells, then try again."),
        ({"deaf": True, "connectionStatus": "connecting"}, "There is no connection to the kernel. Wait until"),
        ({"status": "dead"}, "There is no kernel. Choose Run ▸ Run All Cells, then try again."),
    ],
    ids=["silent", "unreachable", "dead"],
)
def test_whatever_asks_a_kernel_is_told_that_none_answers(front, change, says):
    explorer = front.show("explorer", explorers.occupancy())
    report = front.show("report", learning.calibration())
    form = front.show("form", TestView("A"))
    front.page.wait_for_timeout(300)
    for name in ("explorer", "report", "form"):
        front.set(name, **change)
    other_setting(explorer)
    report.locator('[data-action="update"]').click()
    form.locator('[data-action="hand-in"]').click()
    form.locator('[data-action="hand-in"]').click()
    front.page.clock.run_for(12_000)
    assert explorer.locator('[data-role="trouble"]').inner_text().startswith(says)
    assert report.get_by_role("status").first.inner_text().startswith(says)
    assert f"Not handed in yet. Your answers are kept.\n\n{says}" in form.locator(".hand-in").inner_text()


def test_a_form_whose_hand_in_got_no_reply_is_handed_in_once(front, home):
    form = front.show("form", TestView("A"))
    front.page.evaluate(NO_REPLY)
    for _ in range(2):
        form.locator('[data-action="hand-in"]').click()
    front.page.wait_for_timeout(500)
    front.page.clock.run_for(12_000)
    count = len(written(home))
    assert count == len(TestView("A").items) and "Not handed in yet" in form.inner_text()
    front.page.evaluate("window.kernel = window.kernel_; 0")
    form.locator('[data-action="hand-in"]').click()
    form.get_by_text("Handed in on").wait_for()
    assert len(written(home)) == count


def test_the_line_at_the_top_says_that_the_chapter_is_no_longer_live(front):
    place = front.show("start", StartView("03-how-much-binds"))
    live = f"This chapter is live: {alive(chapter('03-how-much-binds'))}."
    assert live in place.inner_text() and "pictures to move" in live and "questions to answer" in live
    front.set("start", connectionStatus="connecting")
    front.page.clock.run_for(3000)
    assert "There is no connection to the kernel now." in place.inner_text()
    front.set("start", connectionStatus="connected")
    front.page.clock.run_for(3000)
    assert "There is no connection" not in place.inner_text() and live in place.inner_text()
    front.set("start", status="restarting")
    front.page.clock.run_for(3000)
    assert "This chapter is no longer live" in place.inner_text() and "This chapter is live" not in place.inner_text()


def test_a_fault_in_a_chart_is_told_at_once(front, monkeypatch):
    view = explorers.occupancy()
    place = front.show("one", view)
    monkeypatch.setattr(view, "_parts", lambda state: 1 / 0)
    place.locator('input[type="range"]').first.press("ArrowRight")
    said = place.locator('[data-role="trouble"]')
    said.get_by_text("ZeroDivisionError: division by zero").wait_for(timeout=3000)
    assert said.inner_text().startswith("This did not work, by a fault of the course")
    monkeypatch.undo()
    place.locator('input[type="range"]').first.press("ArrowLeft")
    said.wait_for(state="hidden")


# -- two views of one thing -------------------------------------------------------------------------------------


def state_of(place) -> tuple:
    """What the controls of a view hold, and what is said."""
    controls = place.locator("input, select").evaluate_all(
        "nodes => nodes.map(node => node.type === 'radio' || node.type === 'checkbox' ? node.checked : node.value)"
    )
    order = place.locator("[data-step]").evaluate_all("nodes => nodes.map(node => node.dataset.step)")
    return controls, order, [text for text in place.locator('[role="status"]').all_inner_texts() if text]


# Right and wrong in practice, one of them in each other mode; the rest in `make proof`.
@pytest.mark.parametrize(
    ("mode", "right"),
    [
        ("practice", True),
        ("practice", False),
        ("review", True),
        ("poll", False),
        pytest.param("review", False, marks=pytest.mark.proof),
        pytest.param("poll", True, marks=pytest.mark.proof),
    ],
)
def test_an_answer_of_any_kind_appears_in_every_view_of_the_question(front, mode, right):
    view = QuizView(EVERY.items, mode=mode)
    first, second = front.show("one", view), front.show("one")
    other = front.show("a second cell", QuizView(EVERY.items, mode=mode))
    for item in EVERY.items:
        answering.check(first.locator(f'[data-quiz-item="{item.id}"]'), item, right=right)
    front.page.wait_for_timeout(300)
    late = front.show("one")
    for place in (second, other, late):
        assert state_of(place) == state_of(first)
    assert len(state_of(first)[2]) >= len(EVERY.items)


def test_a_form_s_drafts_and_its_hand_in_appear_in_every_view(front):
    view = TestView("A")
    first, second = front.show("one", view), front.show("one")
    first.get_by_role("radio").first.check()
    assert second.get_by_role("radio").first.is_checked()
    assert "1 of" in second.locator('[data-role="count"]').inner_text()
    for _ in range(2):
        first.locator('[data-action="hand-in"]').click()
    for place in (first, second):
        place.get_by_text("Handed in on").wait_for()
    assert second.locator('[data-action="hand-in"]').is_hidden()


@pytest.mark.parametrize("make", [explorers.predict_occupancy, explorers.predict_competition], ids=["numbers", "other"])
def test_a_guess_appears_in_every_view(front, make):
    first, second = front.show("one", make()), front.show("one")
    for slider in first.get_by_role("slider").all():
        slider.press("ArrowRight")
    for group in first.locator("[data-guess]").all():
        if group.get_by_role("radio").count():
            group.get_by_role("radio").first.check()
    first.locator('[data-action="commit"]').click()
    assert state_of(second) == state_of(first) and "you said" in second.get_by_role("status").first.inner_text()


def test_a_judgement_and_its_taking_back_appear_in_every_view(front):
    first, second = front.show("one", claims.judge()), front.show("one")
    box = first.locator("[data-quiz-item]").first
    box.get_by_role("radio").nth(1).check()
    box.locator('[data-action="check"]').click()
    assert state_of(second) == state_of(first) and "You:" in second.inner_text()
    box.locator('[data-action="retry"]').click()
    assert state_of(second) == state_of(first) and "You:" not in second.inner_text()


def test_a_finished_section_appears_in_every_view(front):
    first, second = front.show("one", learning.sections("03-how-much-binds")), front.show("one")
    first.get_by_role("checkbox").nth(1).check()
    assert second.get_by_role("checkbox").nth(1).is_checked()
    first.get_by_role("checkbox").nth(1).uncheck()
    assert not second.get_by_role("checkbox").nth(1).is_checked()


def test_views_of_an_explorer_go_in_step(front):
    first = front.show("one", explorers.occupancy())
    second = front.show("one")
    front.page.wait_for_timeout(300)
    first.locator('input[type="range"]').first.press("ArrowRight")
    front.page.wait_for_timeout(500)
    parts = "nodes => Object.fromEntries(nodes.map(node => [node.dataset.part, node.innerHTML]))"
    pictures = [place.locator("figure [data-part]").evaluate_all(parts) for place in (first, second, front.show("one"))]
    front.page.wait_for_timeout(300)
    pictures[2] = front.page.locator('[data-view="one"]').last.locator("figure [data-part]").evaluate_all(parts)
    assert pictures[0] == pictures[1] == pictures[2] and pictures[0]
    assert (
        first.locator('input[type="range"]').first.input_value()
        == second.locator('input[type="range"]').first.input_value()
    )


@pytest.mark.parametrize("action", ["slides", "notes"])
def test_a_copy_of_the_top_line_says_where_slides_begin(front, action):
    """New View for Output stands outside the notebook."""
    view = StartView("03-how-much-binds")
    view.data = {**view.data, "slides": {"texts": {}, "types": []}}
    place = front.show("start", view)
    place.locator(f'[data-action="{action}"]').click()
    assert place.locator('[data-role="present-status"]').inner_text() == (
        "This is a copy of the line at the top of the chapter. Press the button in the notebook itself."
    )


def test_a_chart_has_nothing_to_lose(front):
    front.show("one", charts.affinity_ladder())
    assert front.page.evaluate("sessionStorage.length") == 0
    assert log().trouble == ""
