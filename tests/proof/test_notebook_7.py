"""One chapter in Jupyter Notebook 7, beside JupyterLab: alive, saved, and its links lead somewhere."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

import hub  # noqa: E402
import lab  # noqa: E402

pytestmark = [pytest.mark.proof, pytest.mark.browser, pytest.mark.timeout(1800)]

CHAPTER = "01-two-drug-families"
IDLE = '.jp-NotebookKernelStatus, .jp-Notebook-ExecutionIndicator[data-status="idle"]'


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    """The Python of an environment with Notebook 7. NOTEBOOK_PYTHON names one that is there already."""
    if "NOTEBOOK_PYTHON" in os.environ:
        return Path(os.environ["NOTEBOOK_PYTHON"])
    return hub.environment(tmp_path_factory.mktemp("notebook"), "notebook>=7.5,<8")


def test_a_chapter_is_alive_in_notebook_7_and_its_links_lead_to_other_chapters(browser, python, tmp_path):
    course, home = tmp_path / "course", tmp_path / "home"
    course.mkdir()
    lab.copy_course(course)
    with lab.server(
        course, home, "--config=jupyter_server_config.py", told=False, python=python, program="notebook"
    ) as at:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{at}/notebooks/notebooks/{CHAPTER}.ipynb")
        page.wait_for_selector(".jp-Notebook .jp-MarkdownOutput h1", timeout=60_000)
        page.wait_for_selector(lab.IDLE, timeout=60_000, state="attached")
        lab.run_all(page)
        assert "does not use the course" not in page.locator(".course.start").first.text_content()
        question = page.locator(
            "[data-quiz-item]", has=page.locator('.course input[type="radio"], input[type="radio"]')
        ).first
        question.get_by_role("radio").first.check()
        question.locator('[data-action="check"]').first.click()
        page.locator(".saved", has_text="Saved at").first.wait_for(timeout=30_000)
        slider = page.locator("[data-explorer] input, [data-explorer] select").first
        slider.scroll_into_view_if_needed()
        page.locator('.course.start [data-action="slides"]').first.evaluate("node => node.click()")
        # Slides begin, or the line says why not: with jupyterlab-slideshow in Notebook 7, and without it.
        page.wait_for_function(
            "document.body.dataset.jpDeckMode === 'presenting' || "
            "document.querySelector('[data-role=present-status]').textContent.length > 20",
            timeout=20_000,
        )
        if page.evaluate("document.body.dataset.jpDeckMode") == "presenting":
            page.keyboard.press("Escape")
            page.wait_for_function("document.body.dataset.jpDeckMode !== 'presenting'", timeout=20_000)
        # A link of a display to a section of another chapter.
        page.evaluate(
            """() => {
                const link = Object.assign(document.createElement("a"), {
                    href: "05-scheduling.ipynb#Key-points", textContent: "a section of chapter 05" });
                Object.assign(link.dataset, { notebook: "05-scheduling.ipynb", section: "Key-points" });
                document.querySelector(".course.start").append(link);
            }"""
        )
        with page.context.expect_page(timeout=30_000) as opened:
            page.get_by_role("link", name="a section of chapter 05").evaluate("node => node.click()")
        other = opened.value
        other.wait_for_selector(".jp-Notebook .jp-MarkdownOutput h1", timeout=60_000)
        assert other.url.endswith("/notebooks/notebooks/05-scheduling.ipynb#Key-points")
        other.close()
        assert not [complaint for complaint in complaints if "handle-local-link" in complaint]
        page.keyboard.press("Control+s")
        page.wait_for_timeout(3000)
        page.reload()
        page.locator('.course [data-action="check"]').first.wait_for(state="attached", timeout=60_000)
        page.context.close()
    assert "widget-view" not in (course / "notebooks" / f"{CHAPTER}.ipynb").read_text(encoding="utf-8")
