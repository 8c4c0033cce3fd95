"""A real JupyterLab in trouble: stopped kernels and servers, faults, reloads, second views; nothing is lost."""

from __future__ import annotations

import lab
import pytest
from liveness import other_setting
from playwright.sync_api import TimeoutError

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("lab")]

IMPORTS = "from course import explorers, quiz, start"


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.on("dialog", lambda dialog: dialog.accept())
    # JupyterLab says in a dialog that a kernel died or a server is away; a person presses its button.
    opened.add_locator_handler(opened.locator(".jp-Dialog .jp-mod-accept").first, lambda button: button.click())
    yield opened
    opened.close()


def opened(page, address, course, name: str, *lines: str) -> None:
    """A notebook with these cells, opened and run."""
    lab.notebook(course, name, IMPORTS, *lines)
    lab.open_chapter(page, address, name)
    run(page)


def run(page) -> None:
    lab.press_run_all(page)
    page.wait_for_selector(".jp-Notebook .course [data-action], .jp-Notebook .course form", timeout=60_000)
    page.wait_for_selector(lab.IDLE, timeout=60_000, state="attached")


def answer(page, option: int) -> None:
    """A dialog of JupyterLab may come between; the page's handler presses it away when an action begins."""
    place = page.locator(".jp-Notebook .course.quiz")
    for press in (place.get_by_role("radio").nth(option).check, place.locator('[data-action="check"]').click):
        for last in (False, False, True):
            try:
                press(timeout=15_000)
                break
            except TimeoutError:
                if last:
                    raise


def of(events: list, *subjects: str) -> list:
    return [event for event in events if event[2] in subjects]


def runs_until_saved(page) -> None:
    """Without a kernel JupyterLab first asks for one, and forgets what was to run: a person presses again."""
    for _ in range(6):
        lab.press_run_all(page)
        try:
            page.locator(".course.quiz .saved", has_text="Saved at").first.wait_for(timeout=15_000)
            return
        except TimeoutError:
            continue
    raise AssertionError("the answer that waited was not saved")


@pytest.mark.proof
def test_answers_to_a_kernel_that_was_restarted_are_kept_and_saved_once(page, address, course, home):
    # The tests of this JupyterLab share one record.
    before = len(of(lab.events(home), "Q0304")) if (home / "course" / "learner.sqlite3").exists() else 0
    opened(page, address, course, "restarted", 'quiz.show("Q0304")', "explorers.occupancy()")
    kernel = lab.kernel_of(page, "restarted")
    assert lab.order(page, "POST", f"/api/kernels/{kernel}/restart") == 200
    answer(page, 1)
    line = page.locator(".course.quiz .saved")
    line.get_by_text("Not saved:").wait_for(timeout=20_000)
    assert "Your answer is kept in this page" in line.inner_text()
    other_setting(page.locator(".jp-Notebook [data-explorer]"))
    said = page.locator('[data-role="trouble"]')
    said.get_by_text("Choose Run ▸ Run All Cells").wait_for(timeout=20_000)
    assert "Cannot send" not in said.inner_text()
    assert len(of(lab.events(home), "Q0304")) == before
    run(page)
    page.locator(".course.quiz .saved", has_text="Saved at").wait_for(timeout=30_000)
    assert page.locator(".course.quiz").get_by_role("radio").nth(1).is_checked()
    page.wait_for_timeout(6000)  # long enough for a second sending
    (event,) = of(lab.events(home), "Q0304")[before:]
    assert event[3]["answer"] == 1


@pytest.mark.proof
def test_a_reload_with_a_living_kernel_brings_the_displays_back_to_life(page, address, course, home):
    opened(page, address, course, "reloaded", 'quiz.show("Q0305")', "explorers.occupancy()")
    kernel = lab.kernel_of(page, "reloaded")
    lab.save(page)
    assert "widget-view" not in (course / "notebooks" / "reloaded.ipynb").read_text(encoding="utf-8")
    page.reload()
    explorer = page.locator('.course[data-explorer="occupancy"], .course [data-explorer="occupancy"]').first
    explorer.wait_for(timeout=60_000)
    assert lab.kernel_of(page, "reloaded") == kernel
    answer(page, 1)
    page.locator(".course.quiz .saved", has_text="Saved at").wait_for(timeout=30_000)
    words = page.locator(".says").first.text_content()
    page.locator('[data-explorer] input[type="range"]').first.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('.says').textContent !== before", arg=words)
    # Restarted, nothing of it may come back: a view without its model is an error message.
    lab.save(page)
    assert lab.order(page, "POST", f"/api/kernels/{kernel}/restart") == 200
    page.reload()
    page.wait_for_selector(".jp-Notebook .jp-MarkdownOutput h1", timeout=60_000)
    page.get_by_text("Saved question: choose Run ▸ Run All Cells").wait_for(timeout=30_000)
    page.wait_for_timeout(3000)
    text = page.locator(".jp-Notebook").text_content()
    assert "Error displaying widget" not in text and "model not found" not in text


@pytest.mark.proof
def test_a_fault_in_a_chart_is_told_at_once(page, address, course):
    """Without JupyterLab, test_outbox.py tries it each time."""
    opened(
        page,
        address,
        course,
        "faulty",
        "import dataclasses, functools\nbroken = []\n@functools.wraps(explorers.occupancy.draw)\n"
        "def draw(**state):\n    if broken:\n        raise ZeroDivisionError('division by zero')\n"
        "    return explorers.occupancy.draw(**state)",
        "dataclasses.replace(explorers.occupancy, draw=draw)()",
        "broken.append(1)",
    )
    page.locator('[data-explorer] input[type="range"]').first.press("ArrowRight")
    said = page.locator('[data-role="trouble"]')
    said.get_by_text("ZeroDivisionError: division by zero").wait_for(timeout=8000)
    assert said.inner_text().startswith("This did not work, by a fault of the course")


@pytest.mark.proof
def test_a_new_view_for_output_shows_what_is_answered_and_says_where_slides_are(page, address, course):
    """Without JupyterLab, test_outbox.py tries it each time."""
    opened(
        page, address, course, "views", 'start.here("03-how-much-binds")', 'quiz.show("Q0308")', "explorers.occupancy()"
    )
    lab.new_view(page, page.locator(".jp-Notebook .course.quiz"))
    answer(page, 1)
    copies = page.locator(".jp-LinkedOutputView .course.quiz")
    copies.get_by_text("Saved at").wait_for(timeout=15_000)
    assert copies.get_by_role("radio").nth(1).is_checked()
    first = page.locator('.jp-Notebook .course.quiz .feedback[role="status"]').inner_text()
    assert copies.locator('.feedback[role="status"]').inner_text() == first
    lab.new_view(page, page.locator(".jp-Notebook .course.start"))
    page.locator('.jp-LinkedOutputView .course.start [data-action="slides"]').click()
    page.get_by_text("This is a copy of the line at the top of the chapter.").wait_for(timeout=5000)


@pytest.mark.proof
@pytest.mark.parametrize("method", ["culled", "killed"])
def test_a_kernel_that_is_gone(page, address, course, home, method):
    opened(page, address, course, method, 'quiz.show("Q0307")' if method == "culled" else 'quiz.show("Q0309")')
    subject = "Q0307" if method == "culled" else "Q0309"
    kernel = lab.kernel_of(page, method)
    if method == "culled":
        assert lab.order(page, "DELETE", f"/api/kernels/{kernel}") == 204
    else:
        lab.kill(kernel)
    answer(page, 1)
    page.locator(".course.quiz .saved", has_text="Not saved").wait_for(timeout=20_000)
    assert of(lab.events(home), subject) == []
    runs_until_saved(page)
    assert len(of(lab.events(home), subject)) == 1


@pytest.mark.proof
def test_a_server_that_stops_and_comes_back(page, browser, tmp_path):
    course, home = tmp_path / "course", tmp_path / "home"
    course.mkdir()
    lab.copy_course(course)
    with lab.server(course, home) as address:
        opened(page, address, course, "away", 'quiz.show("Q0301")')
    answer(page, 1)
    page.locator(".course.quiz .saved", has_text="Not saved: there is no connection").wait_for(timeout=20_000)
    port = int(address.rpartition(":")[2])
    with lab.server(course, home, port=port):
        page.reload()
        page.wait_for_selector(".jp-Notebook .jp-MarkdownOutput h1", timeout=60_000)
        page.wait_for_selector(lab.IDLE, timeout=60_000, state="attached")
        run(page)
        page.locator(".course.quiz .saved", has_text="Saved at").wait_for(timeout=30_000)
        (event,) = lab.events(home)
        assert event[3]["answer"] == 1
