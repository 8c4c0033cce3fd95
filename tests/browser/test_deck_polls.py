"""Slides as a class is polled with them: counts of hands, the keys after each click, words and letters."""

from __future__ import annotations

import lab
import pytest
from course.chapters import chapters
from sampling import some
from test_handout import opened, violations
from test_slide_pages import NOTEBOOKS, PROJECTOR, address, count, slides  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser

SLUGS = [chapter.slug for chapter in chapters(NOTEBOOKS)]
# Pictures of these explorers are too tall for letters of 20 pixels; theirs have 16 or more.
TALL = ("timeline", "reading", "small-trial", "scheduling", "trial-evidence", "competition")
# Words of prose on the slide that is shown, without controls, options, a case's story and the picture; and the
# smallest letters, in CSS pixels.
MEASURE = """() => {
    const walk = document.createTreeWalker(courseDeck.now.querySelector('.stage'), NodeFilter.SHOW_TEXT);
    const away = '.unseen, noscript, script, option, [hidden], title';
    const notProse = 'svg, .control, .option, button, select, .pairs, .steps, .tag, .case, .asked, .colophon, .part';
    let words = 0, smallest = 99;
    while (walk.nextNode()) {
        const text = walk.currentNode, node = text.parentElement;
        if (!text.data.trim() || node.closest(away) || !node.getClientRects().length) continue;
        if (getComputedStyle(node).visibility === 'hidden') continue;
        const svg = node.closest('svg');
        const zoom = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
        smallest = Math.min(smallest, parseFloat(getComputedStyle(node).fontSize) * zoom);
        if (!node.closest(notProse)) words += text.data.trim().split(/\\s+/).length;
    }
    return [words, Math.round(10 * smallest) / 10];
}"""
FIND = "id => courseDeck.slides.findIndex(slide => slide.querySelector(`[data-quiz-item='${id}']`))"
HAS_KEYS = "document.activeElement === courseDeck.now"


@pytest.mark.parametrize("slug", some(SLUGS, 1, 11))
def test_every_slide_has_few_words_and_large_letters(browser, slides, slug):  # noqa: F811
    with opened(browser, address(slides, slug), viewport=PROJECTOR, reduced_motion="reduce") as page:
        faults = {}
        for index in range(count(page)):
            page.evaluate("index => courseDeck.show(index)", index)
            words, smallest = page.evaluate(MEASURE)
            tall = page.evaluate("courseDeck.now.querySelector('[data-explorer]')?.dataset.explorer ?? ''")
            least = 16 if tall.startswith(TALL) else 19.5
            if words > 60 or smallest < least - 0.05:
                faults[f"{index + 1}: {page.evaluate('courseDeck.now.dataset.title')}"] = (words, smallest)
        assert faults == {}


def shown(page, item):
    page.evaluate("index => courseDeck.show(index)", page.evaluate(FIND, item))
    return page.locator(".deck-slide:not([hidden])")


def first_of(page, kind):
    return page.evaluate(f"document.querySelector('[data-kind={kind}]').closest('[data-quiz-item]').dataset.quizItem")


@pytest.mark.parametrize(
    ("slug", "kind"),
    [
        ("02-receptors-and-mechanisms", "single"),
        ("02-receptors-and-mechanisms", "several"),
        ("02-receptors-and-mechanisms", "truth"),
        ("02-receptors-and-mechanisms", "ordering"),
        ("03-how-much-binds", "number"),
        ("06-risks", "matching"),
        ("01-two-drug-families", "cloze"),
    ],
)
def test_hands_are_counted_before_and_after_discussion(browser, slides, slug, kind):  # noqa: F811
    """Every kind is one choice for hands; nothing is counted, or shown to be right, until it is asked for."""
    with opened(browser, address(slides, slug), viewport=PROJECTOR, reduced_motion="reduce") as page:
        slide = shown(page, first_of(page, kind))
        show = slide.get_by_role("button", name="Show the answer")
        assert show.is_visible()
        assert slide.get_by_role("spinbutton").count() == slide.locator(".mark").count() == 0
        slide.get_by_role("button", name="Count hands").click()
        fields = slide.get_by_role("spinbutton")
        options = fields.count()
        assert options >= 2 and page.evaluate(HAS_KEYS)
        more = slide.get_by_role("button", name="One more for")
        for _ in range(3):
            more.first.click()
            assert page.evaluate(HAS_KEYS)
        fields.nth(1).fill("9")
        fields.nth(1).press("Enter")
        assert page.evaluate(HAS_KEYS)
        assert slide.locator(".counter:visible .percent").all_inner_texts()[:2] == ["25 %", "75 %"]
        bars = slide.locator(".counter:visible").evaluate_all(
            "all => all.map(one => one.style.getPropertyValue('--share'))"
        )
        assert bars[:2] == ["0.25", "0.75"]
        slide.get_by_role("button", name="Count again after discussion").click()
        assert fields.count() == 2 * options
        assert slide.locator(".rounds").inner_text().split("\n") == ["Hands:", "before discussion", "after discussion"]
        names = [field.get_attribute("aria-label") for field in fields.all()[:2]]
        assert names[0].endswith("before discussion") and names[1].endswith("after discussion")
        assert page.evaluate("courseDeck.over(courseDeck.now)") is False
        assert violations(page) == []
        assert slide.locator(".mark").count() == 0
        show.click()
        assert page.evaluate(HAS_KEYS)
        assert slide.locator(".mark:visible").count() >= 1
        right = slide.locator(".is-right").count()
        assert 1 <= right < options or kind in ("several", "truth")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        assert slide.locator(".counter input").first.input_value() == "3", "the counts wait on their slide"


def test_the_keys_come_back_after_every_click_and_escape_leads_to_the_slide(browser, slides):  # noqa: F811
    with opened(browser, address(slides, "06-risks"), viewport=PROJECTOR, reduced_motion="reduce") as page:
        slide = shown(page, "Q0604")
        slide.get_by_role("radio").first.click()
        assert page.evaluate(HAS_KEYS)
        page.keyboard.press("c")
        field = slide.get_by_role("spinbutton").first
        field.focus()
        page.keyboard.press("ArrowUp")
        assert field.input_value() == "1"
        page.keyboard.press("Escape")
        assert page.evaluate(HAS_KEYS)
        slide.get_by_role("button", name="Hide the counts").focus()
        page.keyboard.press("Enter")  # by keyboard the focus stays where it is
        assert slide.get_by_role("button", name="Count hands").evaluate("node => node === document.activeElement")
        page.keyboard.press("Escape")
        assert page.evaluate(HAS_KEYS)
        at = page.evaluate("courseDeck.at")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("courseDeck.at") == at + 1
        explorer = page.evaluate("courseDeck.slides.findIndex(slide => slide.querySelector('[data-explorer] input'))")
        page.evaluate("index => courseDeck.show(index)", explorer)
        page.locator(".deck-slide:not([hidden]) input[type=range]").first.click()
        page.wait_for_function(HAS_KEYS)
        page.keyboard.press("ArrowRight")
        assert page.evaluate("courseDeck.at") == explorer + 1


def test_a_story_stands_on_the_slide_of_each_of_its_questions(browser, slides):  # noqa: F811
    with opened(browser, address(slides, "06-risks"), viewport=PROJECTOR, reduced_motion="reduce") as page:
        cased = page.locator("[data-quiz-item][data-case]").evaluate_all("all => all.map(one => one.dataset.quizItem)")
        assert len(cased) >= 2
        for item in cased:
            slide = shown(page, item)
            assert slide.locator(".case").inner_text().strip().startswith("Jonas")


ON_SCREEN = ".jp-Cell.jp-deck-mod-onscreen.jp-deck-mod-visible"
KEYS_LIVE = f"document.activeElement === document.querySelector('{ON_SCREEN}')"


@pytest.mark.proof
@pytest.mark.xdist_group("lab")
def test_live_slides_ask_one_question_at_a_time_and_are_off_at_the_next_opening(browser, tmp_path_factory):
    """Options may stand in an order of their own: what is marked is what the key says, by letter and words."""
    course = lab.copy_course(tmp_path_factory.mktemp("course"))
    with lab.server(course, tmp_path_factory.mktemp("home")) as running:
        page = browser.new_page(viewport=PROJECTOR)
        lab.open_chapter(page, running, "06-risks")
        lab.run_all(page)
        page.get_by_role("button", name="Show this chapter as slides").click()
        page.wait_for_selector(ON_SCREEN)
        asked = []
        for _ in range(14):
            cell = page.locator(ON_SCREEN)
            questions = cell.locator(".question:visible")
            if questions.count():
                assert questions.count() == 1
                asked.append(questions.get_attribute("data-quiz-item"))
                cell.get_by_role("button", name="Count hands").click()
                page.wait_for_function(KEYS_LIVE)
                cell.get_by_role("button", name="One more for").first.click()
                page.wait_for_function(KEYS_LIVE)
                cell.get_by_role("button", name="Show the answer").click()
                if questions.get_attribute("data-kind") == "single":
                    marked = cell.locator(".is-right").inner_text().split("✓")[0].split()
                    key = cell.locator(".answer-shown .key").inner_text().replace(".", "", 1).split()
                    assert marked == key
                cell.get_by_role("spinbutton").first.focus()
                page.keyboard.press("Escape")
                page.wait_for_function(KEYS_LIVE)
            elif not page.evaluate(KEYS_LIVE):
                cell.focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(300)
        assert len(asked) == len(set(asked)) >= 4
        page.wait_for_timeout(2000)
        page.reload()
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_timeout(3000)
        assert page.evaluate("document.body.dataset.jpDeckMode") in (None, "")
        page.close()
