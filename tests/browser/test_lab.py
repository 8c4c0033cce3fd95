"""The live notebook in JupyterLab, on every day: before it runs, while it runs, and the day after."""

from __future__ import annotations

import json
import shutil

import lab
import nbformat
import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from course import quiz
from sampling import some

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("lab")]

ERRORS = ("Error displaying widget", "model not found", "Loading widget", "Javascript Error", "Traceback")


@pytest.fixture(scope="module")
def live(address, browser):
    """The chapter after Run All Cells, with all that the console and the page complained of."""
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    lab.open_chapter(page, address)
    lab.run_all(page)
    yield page
    page.close()


def shown_without_scripts(page) -> None:
    """What must hold wherever the stored outputs are shown."""
    # JupyterLab draws what is far down a little later.
    image = '.jp-OutputArea-output img[src^="data:image/svg+xml"]'
    page.wait_for_function(
        "([image, count]) => document.querySelectorAll(image).length === count", arg=[image, stored_count("<figure")]
    )
    stems = [
        " ".join(item.stem.replace("*", "").split())
        for item in quiz.bank.load(quiz.bank.FOLDER / f"{lab.CHAPTER}.yaml").items
    ]
    page.wait_for_function(
        """stems => {
            const text = document.querySelector(".jp-Notebook").textContent.replace(/\\s+/g, " ");
            return stems.every(stem => text.includes(stem));
        }""",
        arg=stems,
    )
    text = " ".join(page.locator(".jp-Notebook").text_content().split())
    assert not [error for error in ERRORS if error in text]
    outputs = page.locator(".jp-OutputArea-output")
    assert outputs.locator("button").count() == 0
    assert outputs.locator("input, select").count() == 0
    images = outputs.locator('img[src^="data:image/svg+xml"]')
    for index in range(images.count()):
        image = images.nth(index)
        image.scroll_into_view_if_needed()
        assert image.evaluate("image => image.complete && image.naturalWidth") > 300
        assert len(image.get_attribute("alt")) > 60
    assert page.get_by_text("Run ▸ Run All Cells").count() >= 2
    assert "Predict first." in text


def stored_outputs() -> list[str]:
    notebook = json.loads((lab.ROOT / "notebooks" / f"{lab.CHAPTER}.ipynb").read_text())
    return [
        "".join(output.get("data", {}).get("text/html", ""))
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
    ]


def stored_count(markup: str) -> int:
    return sum(output.count(markup) for output in stored_outputs())


def test_before_anything_runs_all_is_visible_and_nothing_is_dead(browser, address):
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    lab.open_chapter(page, address)
    shown_without_scripts(page)
    assert page.get_by_text("official Jupyter news").count() == 0
    assert page.locator(".jp-toast-message, .Toastify__toast").count() == 0
    page.close()


def test_after_running_all_is_live_and_silent(live):
    assert live.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    assert live.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0
    assert live.complaints == []
    for what in ("figure[data-chart]", "[data-explorer]", "[data-prediction]", "[data-quiz-item]"):
        assert live.locator(f".course {what}, .course{what}").count() >= 1, what
    assert live.locator("[data-needs-script]").count() == 0
    ids = live.evaluate("[...document.querySelectorAll('.course [id], .course[id]')].map(node => node.id)")
    assert len(ids) == len(set(ids))


def test_a_slider_moves_by_keyboard_and_says_what_changed(live):
    explorer = live.locator('[data-explorer="occupancy"]')
    slider = explorer.locator('input[type="range"]').first
    dot = explorer.locator('[data-part="mark:dot-NMDA"]')
    explorer.get_by_role("button", name="Ketamine infusion, peak").click()
    live.wait_for_timeout(800)
    picture, words = dot.inner_html(), explorer.locator(".says").text_content()
    frame = explorer.locator('[data-part="frame"]').evaluate(
        "node => { window.courseFrame = node.firstChild; return true; }"
    )
    slider.focus()
    for _ in range(6):
        live.keyboard.press("ArrowRight")
    live.wait_for_function(
        "before => document.querySelector('[data-explorer] .says').textContent.trim() !== before", arg=words
    )
    live.wait_for_function(
        "() => document.querySelector('[data-explorer] [role=status]').textContent === "
        "document.querySelector('[data-explorer] .says').textContent"
    )
    assert dot.inner_html() != picture
    live.keyboard.press("Escape")
    assert slider.evaluate("node => node === document.activeElement"), "JupyterLab took a key"
    live.keyboard.press("Tab")
    assert live.evaluate("document.activeElement.dataset.preset") == "0", "Tab goes on to the ready-made settings"
    assert slider.get_attribute("aria-valuetext") in explorer.locator("figcaption").inner_text()
    assert frame and live.evaluate(
        "document.querySelector('[data-explorer] [data-part=frame]').firstChild === window.courseFrame"
    ), "only what changed is drawn again"
    explorer.get_by_role("button", name="Start over").focus()
    live.keyboard.press("Enter")
    live.wait_for_function("() => /185\\sng/.test(document.querySelector('[data-explorer] .says').textContent.trim())")


@pytest.mark.proof
def test_controls_that_depend_on_another_follow_it(live):
    explorer = live.locator('[data-explorer="occupancy"]')
    more = explorer.locator(".more-settings")
    if more.get_attribute("open") is None:
        more.locator("summary").click()
    explorer.get_by_label("Drug", exact=True).select_option(label="Fentanyl")
    live.wait_for_function(
        "() => document.querySelector('[data-explorer] .says').textContent.trim().startsWith('Fentanyl')"
    )
    assert explorer.get_by_label("Value at NMDA").is_disabled()
    assert "Mann 2022" in explorer.get_by_label("Value at mu").inner_text()
    explorer.get_by_role("button", name="Start over").click()
    live.wait_for_function(
        "() => document.querySelector('[data-explorer] .says').textContent.trim().startsWith('Ketamine')"
    )


@pytest.mark.proof
def test_a_prediction_shows_the_gap_only_after_the_guess(live):
    prediction = live.locator('[data-prediction="occupancy"]')
    assert not prediction.locator(".gap").is_visible()
    prediction.get_by_role("slider", name="Mu-opioid sites filled").focus()
    live.keyboard.press("ArrowRight")
    live.keyboard.press("Tab")
    live.keyboard.press("Enter")
    assert "you said 51 %" in prediction.get_by_role("status").inner_text()
    assert prediction.locator(".gap").is_visible()
    assert prediction.get_by_role("slider", name="Mu-opioid sites filled").is_disabled()


def test_a_question_is_answered_by_keyboard_and_keeps_the_focus(live):
    item = live.locator("[data-quiz-item]", has=live.locator('input[type="radio"]')).first
    item.locator('input[type="radio"]').first.focus()
    live.keyboard.press("Space")
    live.keyboard.press("ArrowDown")
    assert item.locator('input[type="radio"]').nth(1).is_checked()
    assert item.locator("input:focus").count() == 1, "JupyterLab took the arrow key"
    item.locator('[data-action="check"]').focus()
    live.keyboard.press("Enter")
    assert len(item.get_by_role("status").inner_text()) > 20


@pytest.mark.proof
def test_a_link_of_a_display_opens_another_chapter_at_its_section(browser, address):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    lab.open_chapter(page, address, "00-start-here")
    lab.run_all(page)
    link = page.locator('.course.map a[data-notebook="05-scheduling.ipynb"]')
    link.evaluate("node => { node.dataset.section = 'Two-sentences-to-mend'; }")
    link.press("Enter")
    heading = page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) [data-jupyter-id="Two-sentences-to-mend"]')
    heading.wait_for(timeout=30_000)
    page.wait_for_function(
        "node => node.getBoundingClientRect().top < innerHeight", arg=heading.element_handle(), timeout=30_000
    )
    assert page.locator(".lm-TabBar-tabLabel", has_text="05-scheduling").count() == 1
    page.close()


@pytest.mark.proof
def test_feedback_needs_no_kernel(browser, address, course):
    """A question is judged at once while the kernel is busy, and is in the record when the kernel is free again."""
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Busy"),
            nbformat.v4.new_code_cell("from course import quiz"),
            nbformat.v4.new_code_cell('quiz.show("Q0301")'),
            nbformat.v4.new_code_cell("import time; time.sleep(15)"),
        ]
    )
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(notebook, course / "notebooks" / "busy.ipynb")
    page = browser.new_page()
    lab.open_chapter(page, address, "busy")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    item = page.locator('.course [data-quiz-item="Q0301"], .course[data-quiz-item="Q0301"]')
    item.wait_for(timeout=60_000)
    page.wait_for_selector('[data-status="busy"].jp-Notebook-ExecutionIndicator', state="attached")
    item.get_by_role("radio").first.check()
    item.locator('[data-action="check"]').click()
    assert len(item.get_by_role("status").inner_text()) > 20
    assert page.locator('[data-status="busy"].jp-Notebook-ExecutionIndicator').count() == 1
    page.get_by_text("Not saved yet: the kernel is busy.").wait_for(timeout=10_000)
    page.get_by_text("Saved at").wait_for(timeout=30_000)
    page.close()


def test_answers_come_back_after_the_kernel_was_killed(browser, address, course):
    """Answered and guessed, said to be saved, the kernel killed; opened and run again, all is there."""
    lines = ("from course import explorers, quiz", 'quiz.show("Q0318")', "explorers.predict_competition()")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Kept"), *map(nbformat.v4.new_code_cell, lines)]
    )
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(notebook, course / "notebooks" / "kept.ipynb")

    def run():
        page = browser.new_page()
        lab.open_chapter(page, address, "kept")
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_selector(".course.prediction", timeout=30_000)
        return page

    page = run()
    item, prediction = page.locator(".course.quiz"), page.locator(".course.prediction")
    item.get_by_role("radio").nth(1).check()
    item.locator('[data-action="check"]').click()
    item.get_by_text("Saved at").wait_for(timeout=10_000)
    said = item.get_by_role("status").inner_text()
    prediction.get_by_role("slider").first.press("ArrowRight")
    prediction.locator('[data-action="commit"]').click()
    prediction.get_by_text("Saved at").wait_for(timeout=10_000)
    sessions = json.loads(page.evaluate("async () => (await fetch('/api/sessions')).text()"))
    kernel = next(one["kernel"]["id"] for one in sessions if one["path"].endswith("kept.ipynb"))
    for process in psutil.process_iter(["cmdline"]):
        if kernel in " ".join(process.info["cmdline"] or ()):
            process.kill()
    page.close()
    page = run()
    assert page.locator(".course.quiz").get_by_role("status").inner_text() == said
    assert page.locator(".course.quiz").get_by_role("radio").nth(1).is_checked()
    assert "you said 51 %" in page.locator(".course.prediction").get_by_role("status").inner_text()
    assert page.get_by_text("is back").count() == 2
    page.close()


@pytest.mark.proof
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_course_s_own_elements_pass_axe(live, theme):
    live.evaluate("theme => document.body.setAttribute('data-jp-theme-light', String(theme === 'light'))", theme)
    live.evaluate(
        "theme => document.documentElement.style.setProperty('background', theme === 'light' ? '#fff' : '#111')",
        theme,
    )
    found = Axe().run(
        live,
        context={"include": [[".course"]]},
        options={
            "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
            # Colours need JupyterLab's own theme behind them; the handout's tests check them in both schemes.
            "rules": {"region": {"enabled": False}, "color-contrast": {"enabled": theme == "light"}},
        },
    )
    assert found.response["violations"] == []
    live.evaluate("document.body.setAttribute('data-jp-theme-light', 'true')")


def make_lab(course, home):
    return lab.server(course, home)


def conda_and_pip(course, home):
    """The README's line for conda and pip."""
    return lab.server(course, home, "--config=jupyter_server_config.py", told=False)


def hub(course, home):
    """Started in the home folder; the settings were copied to where such a server looks."""
    (home / ".jupyter").mkdir(parents=True, exist_ok=True)
    shutil.copy(course / "jupyter_server_config.py", home / ".jupyter")
    return lab.server(course, home, started_in=home, told=False)


@pytest.mark.proof
@pytest.mark.parametrize("start", some([make_lab, conda_and_pip, hub], 0), ids=lambda start: start.__name__)
def test_the_day_after_every_display_shows_and_says_how_to_go_on(browser, tmp_path, start):
    """Run, saved, server stopped, opened again."""
    course, home = tmp_path / "course", tmp_path / "home"
    course.mkdir()
    lab.copy_course(course)
    with start(course, home) as address:
        page = browser.new_page(viewport={"width": 1200, "height": 1000})
        lab.open_chapter(page, address)
        assert page.get_by_text("official Jupyter news").count() == 0
        lab.run_all(page)
        assert "does not use the course" not in page.locator(".course.start").text_content()
        page.locator('[data-explorer] input[type="range"]').first.focus()
        lab.save(page)  # with the focus in a control, which keeps its keys from JupyterLab
        page.close()
    assert "widget-view" not in (course / "notebooks" / f"{lab.CHAPTER}.ipynb").read_text(encoding="utf-8")
    with start(course, home) as address:
        page = browser.new_page(viewport={"width": 1200, "height": 1000})
        lab.open_chapter(page, address)
        page.wait_for_timeout(2000)  # long enough for an error about a missing model to appear
        shown_without_scripts(page)
        page.close()


@pytest.mark.proof
def test_a_server_without_the_settings_is_told_how_to_get_them(browser, tmp_path):
    course = tmp_path / "course"
    course.mkdir()
    lab.copy_course(course)
    with lab.server(course, tmp_path / "home", told=False) as address:
        page = browser.new_page()
        lab.open_chapter(page, address)
        lab.run_all(page)
        assert "jupyter_server_config.py" in page.locator(".course.start").text_content()
        page.close()
