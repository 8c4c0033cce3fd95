"""The slides as a class meets them: offline from a file, and live in JupyterLab."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import lab
import pytest
from course.chapters import chapters
from course.chapters.short import slide_type
from course.files import ROOT
from course.publish.slides import build as building
from filelock import FileLock
from pypdf import PdfReader
from sampling import some
from test_handout import opened, violations
from valid import complaints

pytestmark = pytest.mark.browser

NOTEBOOKS = ROOT / "notebooks"
CHAPTERS = chapters(NOTEBOOKS)
SLUGS = [chapter.slug for chapter in CHAPTERS]
PROJECTOR = {"width": 1280, "height": 720}
# The smallest letters on a slide, and in its picture, in CSS pixels at that size.
SMALLEST = [20, 16]
each_chapter = pytest.mark.parametrize("slug", SLUGS)

# Text smaller than a projector needs, text cut off or hidden by other text, and a slide larger than its sheet. A
# picture has to be whole: its frame and all that is drawn in it lies on the sheet, apart from title, caveat and bar.
FAULTS = """([smallest, drawn]) => {
    const slide = courseDeck.now, stage = slide.querySelector('.stage'), found = [];
    const larger = stage.scrollWidth > stage.clientWidth + 1 || stage.scrollHeight > stage.clientHeight + 1;
    if (larger) found.push('larger than the sheet');
    if (document.documentElement.scrollWidth > innerWidth) found.push('wider than the window');
    if (courseDeck.over(slide)) found.push('runs over');
    const box = stage.getBoundingClientRect(), walk = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT);
    const beyond = (rect) => rect.right > box.right + 1 || rect.left < box.left - 1
        || rect.bottom > box.bottom + 1 || rect.top < box.top - 1;
    const meet = (a, b) => a.left < b.right - 1 && a.right > b.left + 1 && a.top < b.bottom - 1 && a.bottom > b.top + 1;
    let words = 0;
    while (walk.nextNode()) {
        const text = walk.currentNode, node = text.parentElement;
        if (!text.data.trim() || node.closest('.unseen, noscript, script, option, title, [hidden]')) continue;
        // What is folded has boxes, and is not seen.
        if (!node.checkVisibility({ visibilityProperty: true })) continue;
        const style = getComputedStyle(node);
        words += 1;
        const svg = node.closest('svg');
        const zoom = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
        const size = parseFloat(style.fontSize) * zoom;
        if (size < (node.closest('.plot') ? drawn : smallest)) {
            found.push(`${size.toFixed(1)} px: ${text.data.trim().slice(0, 40)}`);
        }
        const range = document.createRange();
        range.selectNodeContents(text);
        if (beyond(range.getBoundingClientRect())) found.push(`cut: ${text.data.trim().slice(0, 40)}`);
    }
    const picture = slide.querySelector('.view:not(.kept) .plot svg, .chart .plot svg');
    if (picture) {
        const frame = picture.getBoundingClientRect();
        // What an explorer does not show now is parked outside its frame.
        const pieces = [...picture.querySelectorAll('path, text, rect, circle')]
            .filter((node) => meet(node.getBoundingClientRect(), frame));
        const out = [picture, ...pieces].filter((node) => beyond(node.getBoundingClientRect()));
        if (out.length) found.push(`picture: ${out.length} pieces beyond the sheet`);
        const leaves = (rect) => rect.left < frame.left - 2 || rect.top < frame.top - 2
            || rect.right > frame.right + 2 || rect.bottom > frame.bottom + 2;
        const clipped = pieces.filter((node) => node.matches('text') && leaves(node.getBoundingClientRect()));
        clipped.forEach((node) => found.push(`out of its frame: ${node.textContent}`));
        const others = [...slide.querySelectorAll('.title, .caveat, .limits, .controls > *, .part')];
        for (const node of [...others, document.querySelector('.bar')]) {
            const rect = node.getBoundingClientRect();
            if (!rect.height || node.closest('.kept') || !meet(rect, frame)) continue;
            found.push(`on the picture: ${node.className}`);
        }
        const plot = picture.closest('.plot');
        if (plot.scrollHeight > plot.clientHeight + 1) found.push('the picture scrolls');
    }
    for (const text of slide.querySelectorAll('.strip text')) {
        const [label, strip] = [text, text.closest('svg')].map((node) => node.getBoundingClientRect());
        const inside = label.left >= strip.left - 1 && label.right <= strip.right + 1
            && label.bottom <= strip.bottom + 1;
        if (strip.height && !inside) found.push(`cut by its strip: ${text.textContent}`);
    }
    for (const node of slide.querySelectorAll('.mark, .day')) {
        if (node.getClientRects().length > 1) found.push(`broken: ${node.textContent}`);
    }
    for (const node of slide.querySelectorAll('.caveat, .limits, .text, .answer-shown')) {
        if (node.scrollHeight > node.clientHeight + 2) found.push(`clamped: ${node.textContent.trim().slice(0, 40)}`);
    }
    if (!words) found.push('blank');
    return found;
}"""
# What an instructor does on a slide: reveals, or commits a guess.
ACT = """() => {
    const slide = courseDeck.now;
    slide.querySelectorAll('[data-prediction] fieldset').forEach((pick) => pick.querySelector('input').click());
    courseDeck.reveal();
    return slide.matches('.question, .claim, .prediction');
}"""


# The ready-made settings of an explorer, one after the other: how many there are, and one of them.
PRESETS = "() => courseDeck.now.querySelectorAll('[data-action=preset]').length"
PRESET = "index => courseDeck.now.querySelectorAll('[data-action=preset]')[index].click()"


@pytest.fixture(scope="session")
def slides(pytestconfig) -> Path:
    """Built once, beside the handouts: whoever comes second, or later, finds what has not changed unchanged."""
    together = pytestconfig.cache.mkdir("handouts")
    lines: list[str] = []
    with FileLock(together / "handouts.lock"):
        assert building.build(NOTEBOOKS, together / "slides", lines.append) == 0, lines
    return together / "slides"


def address(slides: Path, slug: str) -> str:
    return (slides / f"{slug}.html").as_uri()


def count(page) -> int:
    return page.evaluate("courseDeck.slides.length")


@pytest.mark.parametrize("slug", some(SLUGS, 0, 6))
def test_every_slide_is_legible_and_whole(browser, slides, slug):
    """At 1280 x 720, before and after the answer is shown, and with every ready-made setting of an explorer."""
    with opened(browser, address(slides, slug), viewport=PROJECTOR, reduced_motion="reduce") as page:
        faults = {}
        for index in range(count(page)):
            page.evaluate("index => courseDeck.show(index)", index)
            for when in ("", " after the answer", *(f" with setting {n}" for n in range(page.evaluate(PRESETS)))):
                if when == " after the answer" and not page.evaluate(ACT):
                    continue
                if when.startswith(" with"):
                    page.evaluate(PRESET, int(when.split()[-1]))
                page.wait_for_timeout(30)
                found = page.evaluate(FAULTS, SMALLEST)
                if found:
                    faults[f"{index + 1}{when}: {page.evaluate('courseDeck.now.dataset.title')}"] = found
        assert faults == {}


@pytest.mark.parametrize("slug", SLUGS[3:4] + SLUGS[7:8])
def test_slides_fill_a_larger_screen(browser, slides, slug):
    with opened(browser, address(slides, slug), viewport={"width": 1920, "height": 1080}) as page:
        for index in range(count(page)):
            page.evaluate("index => courseDeck.show(index)", index)
            assert page.evaluate(FAULTS, [1.5 * size - 0.1 for size in SMALLEST]) == []


@pytest.mark.parametrize("slug", some(SLUGS, 3, 5))
def test_keys_go_through_all_slides_and_back(browser, slides, slug):
    with opened(browser, address(slides, slug), viewport=PROJECTOR, reduced_motion="reduce") as page:
        seen = []
        for _ in range(400):
            at = page.evaluate("courseDeck.at")
            seen += [at] if at not in seen else []
            if at == count(page) - 1:
                break
            page.keyboard.press("ArrowRight")
        assert seen == list(range(count(page)))
        assert page.locator("[data-role=place]").inner_text() == f"{count(page)} of {count(page)}"
        page.keyboard.press("Home")
        assert page.url.endswith("#1")
        page.keyboard.press("Space")
        page.keyboard.press("PageDown")
        page.keyboard.press("Shift+Space")
        assert page.evaluate("courseDeck.at") == 1
        page.keyboard.press("End")
        page.keyboard.press("Escape")
        page.get_by_role("dialog").get_by_role("link").nth(2).click()
        assert page.evaluate("courseDeck.at") == 2
        page.goto(address(slides, slug) + "#2")
        assert page.evaluate("courseDeck.at") == 1


def test_controls_keep_their_keys_and_explorers_move(browser, slides):
    with opened(browser, address(slides, SLUGS[3]), viewport=PROJECTOR) as page:
        at = page.evaluate(
            "courseDeck.slides.findIndex(slide => slide.querySelector('[data-explorer] input[type=range]'))"
        )
        page.evaluate("index => courseDeck.show(index)", at)
        explorer = page.locator(".deck-slide:not([hidden]) [data-explorer]")
        before = explorer.locator(".plot").inner_html()
        slider = explorer.locator("input[type=range]").first
        slider.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("before => courseDeck.now.querySelector('.plot').innerHTML !== before", arg=before)
        assert page.evaluate("courseDeck.at") == at
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement === courseDeck.now")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("courseDeck.at") == at + 1


def test_a_question_says_nothing_until_it_is_revealed(browser, slides):
    with opened(browser, address(slides, SLUGS[3]), viewport=PROJECTOR) as page:
        page.evaluate("courseDeck.show(courseDeck.slides.findIndex(slide => slide.matches('.question')))")
        slide = page.locator(".deck-slide:not([hidden])")
        slide.get_by_role("radio").first.check()
        assert slide.get_by_role("button", name="Check").count() == 0
        assert not slide.locator(".answer-shown").is_visible()
        slide.focus()
        page.keyboard.press("r")
        assert slide.locator(".answer-shown .key").is_visible()
        page.keyboard.press("r")
        assert not slide.locator(".answer-shown").is_visible()
        page.reload()
        assert page.locator(".question input:checked").count() == 0


def test_the_notes_window_follows_and_leads(browser, slides):
    url = address(slides, SLUGS[3])
    page = browser.new_context(viewport=PROJECTOR).new_page()
    page.goto(url)
    with page.expect_popup() as popup:
        page.keyboard.press("n")
    notes = popup.value
    notes.get_by_text(f"Slide 1 of {count(page)}").wait_for()
    assert "For the instructor" in notes.locator("[data-role=notes-body]").inner_text()
    page.bring_to_front()
    page.keyboard.press("ArrowRight")
    notes.get_by_text("Slide 2 of").wait_for()
    notes.bring_to_front()
    notes.get_by_role("button", name="Next").click()
    page.wait_for_function("() => courseDeck.at === 2")
    notes.keyboard.press("ArrowLeft")
    notes.get_by_text("Slide 2 of").wait_for()
    page.reload()  # the notes still know who opened them
    notes.get_by_text("Slide 2 of").wait_for()
    assert violations(notes) == []
    page.context.close()


@pytest.mark.parametrize(
    ("slug", "scheme"), some([(slug, ("light", "dark")[n % 2]) for n, slug in enumerate(SLUGS)], 2, 6)
)
def test_no_accessibility_violations(browser, slides, slug, scheme):
    """On the first slide of each kind, in one theme; with the answer shown."""
    url = address(slides, slug)
    with opened(browser, url, viewport=PROJECTOR, color_scheme=scheme, reduced_motion="reduce") as page:
        kinds = page.evaluate("courseDeck.slides.map(slide => slide.classList[1])")
        for index in sorted(kinds.index(kind) for kind in set(kinds)):
            page.evaluate("index => courseDeck.show(index)", index)
            page.evaluate(ACT)
            assert violations(page) == []
        page.keyboard.press("Escape")
        assert violations(page) == []


@pytest.mark.proof
def test_html_is_valid(slides, tmp_path):
    assert complaints(sorted(slides.glob("*.html")), tmp_path) == []


def test_what_is_right_is_marked_where_it_stands_and_nothing_is_taken_away(browser, slides):
    with opened(browser, address(slides, SLUGS[3]), viewport=PROJECTOR) as page:
        for index in page.evaluate(
            "courseDeck.slides.flatMap((slide, n) => slide.matches('.question, .claim') ? [n] : [])"
        ):
            page.evaluate("index => courseDeck.show(index)", index)
            slide = page.locator(".deck-slide:not([hidden])")
            shown = slide.locator(".option:visible").count()
            page.evaluate("courseDeck.reveal()")
            assert slide.locator(".mark:visible").count() > 0
            assert all("✓" in text for text in slide.locator(".mark").all_inner_texts())
            kind = slide.locator("[data-kind]").get_attribute("data-kind")
            if kind in ("single", "several", "truth"):
                assert slide.locator(".option:visible").count() == shown
                key = slide.locator(".answer-shown .key").text_content()
                right = slide.locator(".option.is-right .letter").all_inner_texts()
                assert kind == "truth" or right == re.findall(r"(?:^|; )([A-Z])\.", key)
            page.evaluate("courseDeck.reveal()")
            assert slide.locator(".mark").count() == 0


@each_chapter
def test_weighs_little_and_holds_itself(slides, slug):
    text = (slides / f"{slug}.html").read_text(encoding="utf-8")
    assert len(gzip.compress(text.encode())) <= 400_000
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    assert policy.startswith("default-src") and "unsafe" not in policy and "http" not in policy


def test_on_paper_each_slide_has_its_sheet(browser, slides, tmp_path):
    with opened(browser, address(slides, SLUGS[3]), viewport=PROJECTOR) as page:
        page.evaluate("courseDeck.fitAll()")
        printed = tmp_path / "slides.pdf"
        page.pdf(path=printed, prefer_css_page_size=True, print_background=True)
        assert len(PdfReader(printed).pages) == count(page)
        assert "Reveal the answer" not in "".join(sheet.extract_text() for sheet in PdfReader(printed).pages)
        page.evaluate("document.documentElement.classList.add('with-notes')")
        page.pdf(path=printed, prefer_css_page_size=True)
        assert len(PdfReader(printed).pages) > count(page)


def test_without_scripts_all_slides_stand_one_after_the_other(browser, slides):
    with opened(browser, address(slides, SLUGS[3]), java_script_enabled=False, viewport=PROJECTOR) as page:
        assert page.locator(".deck-slide:visible").count() == page.locator(".deck-slide").count()
        assert page.locator("button:visible, input[type=range]:visible").count() == 0
        for stage in page.locator(".stage").all():
            box = stage.bounding_box()
            for part in stage.locator(".title, .caveat, .plot svg, .part").all():
                inner = part.bounding_box()
                assert inner["y"] >= box["y"] and inner["y"] + inner["height"] <= box["y"] + box["height"] + 1


# Live

ON_SCREEN = ".jp-Cell.jp-deck-mod-onscreen.jp-deck-mod-visible"


@pytest.mark.proof
@pytest.mark.xdist_group("lab")
def test_live_slides_in_jupyterlab(browser, tmp_path_factory):
    """A whole chapter by the arrow key: no blank slide, explorers and questions alive, notes in their window."""
    course = lab.copy_course(tmp_path_factory.mktemp("course"))
    chapter = next(one for one in CHAPTERS if one.slug == lab.CHAPTER)
    shown = [index for index, cell in enumerate(chapter.notebook["cells"]) if slide_type(cell) == "slide"]
    with lab.server(course, tmp_path_factory.mktemp("home")) as running:
        page = browser.new_page(viewport=PROJECTOR)
        complaints = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        lab.open_chapter(page, running)
        lab.run_all(page)
        page.get_by_role("button", name="Show this chapter as slides").click()
        page.wait_for_selector(ON_SCREEN)
        assert page.locator(".jp-menu-panel, #jp-menu-panel").first.is_hidden()
        with page.expect_popup() as popup:
            page.evaluate("document.querySelector('[data-action=notes]').click()")
        notes = popup.value
        page.bring_to_front()
        seen, moved, answered = [], False, False
        for _ in range(len(chapter.notebook["cells"])):
            cell = page.locator(ON_SCREEN)
            at = page.evaluate(
                "which => [...document.querySelectorAll('.jp-Cell')].indexOf(document.querySelector(which))", ON_SCREEN
            )
            if at in seen:
                break
            seen.append(at)
            assert cell.count() == 1 and len(cell.inner_text().strip()) > 3, f"blank at cell {at}"
            assert cell.bounding_box()["height"] > 60
            assert cell.locator(".jp-InputArea:visible .cm-editor:visible").count() == 0
            notes.wait_for_function(
                "text => document.getElementById('place').textContent === text",
                arg=f"Slide {shown.index(at) + 1} of {len(shown)}",
            )
            slider = cell.locator("[data-explorer] input[type=range]:enabled")
            if not moved and slider.count():
                before = cell.locator(".plot svg").first.inner_html()
                slider.first.focus()
                page.keyboard.press("ArrowRight")
                page.wait_for_function(
                    "([which, before]) => document.querySelector(which + ' .plot svg').innerHTML !== before",
                    arg=[ON_SCREEN, before],
                )
                moved = True
            item = cell.locator("[data-quiz-item]")
            if not answered and item.count():
                assert not item.first.locator("[data-verdict]").count()
                item.first.get_by_role("radio").first.check()
                item.first.locator('[data-action="check"]').click()
                item.first.locator("[data-verdict]").first.wait_for()
                answered = True
            page.evaluate("which => document.querySelector(which).focus()", ON_SCREEN)
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(250)
        assert seen == shown
        assert moved and answered
        assert complaints == []
        page.close()
