"""Every notebook in JupyterLab: run from top to bottom, every explorer used, one question of each kind answered.

One chapter is walked each time. The same walk through the other chapters, and axe on every page, take several minutes
more: `make proof`.
"""

from __future__ import annotations

import answering
import lab
import pytest
from axe_playwright_python.sync_playwright import Axe
from course import quiz
from course.chapters import notebooks

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("every notebook")]

SLUGS = [notebook.slug for notebook in notebooks()]
WALKED = {"06-risks": False}  # whether axe looks as well
AXED = [slug for slug in SLUGS if not WALKED.get(slug)]
WALKS = [*WALKED.items(), *(pytest.param(slug, True, marks=pytest.mark.proof) for slug in AXED)]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    course = lab.copy_course(tmp_path_factory.mktemp("course"))
    with lab.server(course, tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.mark.parametrize(("slug", "axed"), WALKS)
def test_a_notebook_is_alive_from_top_to_bottom(browser, address, slug, axed):
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    lab.open_chapter(page, address, slug)
    lab.run_all(page)
    assert page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    assert page.locator("[data-needs-script]").count() == 0, "something did not come to life"
    use_explorers(page)
    use_predictions(page)
    answer_one_of_each_kind(page)
    assert page.locator(".jp-Notebook").evaluate("node => node.classList.contains('jp-mod-editMode')") is False
    assert complaints == []
    if axed:
        assert violations(page) == []
    page.close()


def violations(page) -> list[str]:
    found = (
        Axe()
        .run(
            page,
            context={"include": [[".course"]]},
            options={
                "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
                "resultTypes": ["violations"],
                "rules": {"region": {"enabled": False}},
            },
        )
        .response["violations"]
    )
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def use_explorers(page) -> None:
    """A preset that is not shown yet, then two views to compare, by keyboard."""
    for explorer in page.locator(".course.explorer").all():
        explorer.scroll_into_view_if_needed()
        view = explorer.locator(".view").first
        before = view.inner_html()
        explorer.locator('[data-preset][aria-pressed="false"]').last.press("Enter")
        page.wait_for_function("([node, text]) => node.innerHTML !== text", arg=[view.element_handle(), before])
        kept = explorer.locator('[data-role="kept"]')
        shown = kept.is_visible()
        explorer.get_by_role("button", name="Compare two").press("Enter")
        assert kept.is_visible() is not shown


def use_predictions(page) -> None:
    for prediction in page.locator(".course.prediction").all():
        for pick in prediction.locator("fieldset").all():
            pick.locator("input").first.check()
        prediction.locator('[data-action="commit"]').press("Enter")
        assert prediction.get_by_role("status").inner_text()


def answer_one_of_each_kind(page) -> None:
    """First wrong and sure of it, then right; the page says that it is saved."""
    seen = set()
    for fold in page.locator(".course.quiz details.folded > summary").all():
        fold.click()
    for question in page.locator('.course.quiz[data-mode="practice"] .question').all():
        item = quiz.bank.item(question.get_attribute("data-quiz-item"))
        if item.kind in seen:
            continue
        seen.add(item.kind)
        if item.kind == "mend":
            assert "No machine has judged" in answering.check(question, item, right=False), item.id
        else:
            question.locator('[data-role="sure"]').select_option("95")
            assert "You were sure" in answering.check(question, item, right=False), item.id
        question.locator('[data-action="hint"]').press("Enter")
        assert answering.check(question, item, right=True).startswith(answering.good(item)), item.id
        box = question.locator("xpath=ancestor::*[contains(@class, 'quiz')]")
        box.get_by_text("Saved at").wait_for(timeout=20_000)
