"""The handouts as people meet them: opened from a file, with and without scripts, and on paper."""

import gzip
import io
import json
import os
import random
import re
import unicodedata
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from course import explorers
from course.display import SPEC_MIME, Picture
from course.display.explorer import Explorer, chart_parts
from course.handouts import build as building
from course.handouts import page as paging
from course.handouts import run as running
from course.handouts.chapter import chapters, tags
from filelock import FileLock
from pypdf import PdfReader

pytestmark = pytest.mark.browser

NOTEBOOKS = building.ROOT / "notebooks"
SLUGS = [chapter.slug for chapter in chapters(NOTEBOOKS)]
EDITIONS = ("student", "instructor")
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# What is left of a sheet between the margins of page.css, in CSS pixels.
SHEETS = {"A4": (210 - 32) / 25.4 * 96, "Letter": 8.5 * 96 - 32 / 25.4 * 96}
CONTROLS = "button:visible, input[type=range]:visible, select:visible"
BROKEN_LINKS = """[...document.querySelectorAll('a[href^="#"]')].map(link => link.getAttribute('href'))
    .filter(href => !document.getElementById(decodeURIComponent(href.slice(1))))"""
each_chapter = pytest.mark.parametrize("slug", SLUGS)
each_edition = pytest.mark.parametrize("edition", EDITIONS)


def build(out: Path) -> list[str]:
    lines: list[str] = []
    assert building.build(NOTEBOOKS, out, lines.append) == 0, lines
    return lines


@pytest.fixture(scope="session")
def handouts(tmp_path_factory) -> Path:
    """Built once, also where several processes share the tests: who comes second finds all of it unchanged."""
    together = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        together = together.parent
    with FileLock(together / "handouts.lock"):
        build(together / "first" / "handouts")
    return together / "first" / "handouts"


@pytest.fixture(scope="session")
def specs(handouts) -> dict[str, list[dict]]:
    """Every display of each chapter, from the execution that made the pages."""
    found = {}
    for slug in SLUGS:
        kept = handouts.parent / ".cache" / "handouts" / f"{slug}.run.json"
        cells = json.loads(kept.read_text())["cells"]
        found[slug] = [
            output["data"][SPEC_MIME]
            for cell in cells
            for output in cell.get("outputs", ())
            if SPEC_MIME in output.get("data", {})
        ]
    return found


def chapter_of(slug: str):
    return next(chapter for chapter in chapters(NOTEBOOKS) if chapter.slug == slug)


def address(handouts: Path, slug: str, edition: str = "student") -> str:
    return (handouts / edition / f"{slug}.html").as_uri()


@contextmanager
def opened(browser, url: str, **context):
    """A page whose every request and complaint is kept; at the end there must be none."""
    surroundings = browser.new_context(**context)
    page = surroundings.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    surroundings.route(lambda other: other != url, lambda route: route.abort())
    page.goto(url)
    yield page
    assert [other for other in asked if other != url and not other.startswith("data:")] == []
    assert said == []
    surroundings.close()


def violations(page, only: list[str] | None = None) -> list[str]:
    options = {**AXE, "runOnly": only} if only else AXE
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def interact(page) -> None:
    """Uses one of everything that a page has."""
    for slider in page.locator(".explorer input[type=range]").all():
        slider.press("ArrowRight")
    for summary in page.locator("summary:visible").all():
        summary.click()
    guess(page)
    answer_first(page)
    page.wait_for_timeout(600)


def guess(page) -> None:
    """Commits a guess in every prediction: the first option, or where the slider stands."""
    for prediction in page.locator("[data-prediction]").all():
        for pick in prediction.locator("fieldset").all():
            pick.locator("input").first.check()
        prediction.locator('[data-action="commit"]').click()


def answer_first(page) -> list[str]:
    """Answers every question with its first option, or a number; returns what is said about it."""
    said = []
    for item in page.locator("[data-quiz-item]").all():
        choice = item.locator("input[type=radio], input[type=checkbox]")
        if choice.count():
            choice.first.check()
        else:
            item.locator("input:not([type=radio]):not([type=checkbox])").first.fill("1")
        item.locator('[data-action="check"]').first.click()
        said.append(item.locator('[role="status"]').first.inner_text())
    return said


@each_chapter
@each_edition
def test_opens_quietly_and_is_whole(browser, handouts, slug, edition):
    with opened(browser, address(handouts, slug, edition)) as page:
        assert page.locator("h1").count() == 1
        assert page.locator("html").get_attribute("class") == ""
        assert page.title().endswith("Is Ketamine an Opioid?")
        assert "Education, not medical advice" in page.locator("footer").inner_text()
        assert page.evaluate(BROKEN_LINKS) == []
        twice = page.evaluate("""(() => {
            const all = [...document.querySelectorAll('[id]')].map(node => node.id);
            return all.filter((id, index) => all.indexOf(id) !== index); })()""")
        assert twice == []


@each_chapter
def test_page_lets_in_nothing_but_its_own_style_and_script(handouts, slug):
    text = (handouts / "student" / f"{slug}.html").read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    outside_scripts = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r'<[^>]+\sstyle="', outside_scripts)
    assert not re.search(r'<[^>]+\son[a-z]+="', outside_scripts)


@each_chapter
def test_explorers_move_by_keyboard(browser, handouts, slug):
    """Every control that has somewhere to go changes what is shown, and the change is announced."""
    with opened(browser, address(handouts, slug)) as page:
        for explorer in page.locator("[data-explorer]").all():
            status, says = explorer.locator('p[role="status"]'), explorer.locator('[data-part="description"]')
            for box in explorer.locator("[data-control]").all():
                explorer.get_by_role("button", name="Start over").click()
                figure = explorer.locator("figure.chart").first
                before, moved = figure.inner_html(), False
                control = box.locator("input:checked, input[type=range], select").first
                if control.is_disabled():
                    continue
                control.focus()
                for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
                    page.keyboard.press(key)
                    page.wait_for_timeout(60)
                    moved = moved or figure.inner_html() != before
                    page.keyboard.press("Tab")
                    page.keyboard.press("Shift+Tab")
                assert moved, f"{explorer.get_attribute('data-explorer')}: {box.get_attribute('data-control')}"
            page.wait_for_function(
                "([said, text]) => said.textContent === text.textContent",
                arg=[status.element_handle(), says.element_handle()],
            )


@each_chapter
def test_two_views_can_be_compared_and_swapped(browser, handouts, slug):
    with opened(browser, address(handouts, slug)) as page:
        for explorer in page.locator("[data-explorer]").all():
            kept = explorer.locator('[data-role="kept"]')
            compare = explorer.get_by_role("button", name="Compare two")
            if kept.is_visible():  # the notebook asked for two
                compare.click()
            assert not kept.is_visible()
            compare.focus()
            page.keyboard.press("Enter")
            assert kept.is_visible() and "All settings" in kept.inner_text()
            own = explorer.locator(".view").first
            title = own.locator("figcaption").inner_text()
            says = own.locator(".says").inner_text()
            explorer.locator('[data-preset][aria-pressed="false"]').last.click()
            page.wait_for_function("([node, text]) => node.innerText !== text", arg=[own.element_handle(), ""])
            assert kept.locator("figcaption").inner_text() == title, "the kept view stays"
            assert kept.locator(".says").inner_text() == says
            assert kept.locator("tbody tr").count() >= 1
            assert "All settings" not in kept.inner_text()
            explorer.get_by_role("button", name="Swap the two").click()
            page.wait_for_function(
                "([node, text]) => node.innerText === text", arg=[own.locator(".says").element_handle(), says]
            )
            assert kept.locator(".says").inner_text() != says
            ids = page.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)")
            assert len(ids) == len(set(ids))
            compare.click()
            assert not kept.is_visible()
        if page.locator("[data-explorer]").count():
            page.get_by_role("button", name="Compare two").first.click()
            assert violations(page) == []


@each_chapter
def test_every_control_gives_what_python_gives(browser, handouts, slug):
    every = (getattr(explorers, name) for name in explorers.__all__)
    declared = {value.id: value for value in every if isinstance(value, Explorer)}
    choose = random.Random(3)
    with opened(browser, address(handouts, slug)) as page:
        for root in page.locator("[data-explorer]").all():
            explorer = declared[root.get_attribute("data-explorer")]
            states = explorer.states(offline=True)
            for positions, state in choose.sample(states, min(16, len(states))):
                names = [control.name for control in explorer.controls]
                root.evaluate(MOVE, [list(move) for move in zip(names, positions, strict=True)])
                chart = explorer.draw(**state)
                parts = chart_parts(chart, Picture(chart.width, chart.height))
                assert "description" in parts and "table" in parts
                assert root.evaluate(DIFFERENT, parts) == [], f"{explorer.id} {state}"
                chosen = [
                    control.choices(state.get(control.by), offline=True)[state[control.name]]
                    for control in explorer.controls
                ]
                settings = root.locator("[data-setting]")
                assert settings.evaluate_all("all => all.map(node => node.textContent)") == chosen
            assert page.evaluate(BROKEN_LINKS) == []
            assert root.locator('[data-part="sources"] a:not([href^="#ref-"])').count() == 0


MOVE = """async (root, moves) => {
    for (const [name, position] of moves) {
        const box = root.querySelector(`[data-control="${name}"]`);
        const radios = box.querySelectorAll('input[type=radio]');
        const input = radios.length ? radios[position] : box.querySelector('input, select');
        if (radios.length) input.checked = true; else input.value = position;
        input.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((done) => setTimeout(done));
    }
}"""
# Markup is compared as the browser reads it. Sources lead to the page's own list, so of them only the words.
DIFFERENT = """(root, parts) => Object.entries(parts).filter(([name, markup]) => {
    const node = root.querySelector(`[data-part="${CSS.escape(name)}"]`);
    const wanted = node.cloneNode(false);
    wanted.innerHTML = markup;
    if (name === 'sources') return wanted.textContent.trim() !== node.textContent.trim();
    const shown = node.innerHTML.replace(/ (tabindex|data-lm-suppress-shortcuts)="[^"]*"/g, '');
    return wanted.innerHTML.trim() !== shown.trim();
}).map(([name]) => name)"""


@each_chapter
def test_questions_answer_at_once_and_are_remembered(browser, handouts, slug):
    with opened(browser, address(handouts, slug)) as page:
        said = answer_first(page)
        assert all(said)
        guess(page)
        guesses = page.locator("[data-prediction] [role=status]").all_inner_texts()
        assert all(guesses)
        page.reload()
        assert page.locator("[data-prediction] [role=status]").all_inner_texts() == guesses
        page.get_by_role("button", name="Forget my answers on this page").click()
        page.wait_for_load_state()
        assert not any(page.locator("[data-prediction] [role=status]").all_inner_texts())
        assert page.evaluate("localStorage.length") == 0


# Axe takes long on a long page: each chapter in one edition and theme here, and in the other in `make proof`.
AXED = [
    pytest.param(slug, edition, scheme, marks=[] if place % 2 == turn else [pytest.mark.proof])
    for place, slug in enumerate(SLUGS)
    for turn, (edition, scheme) in enumerate((("student", "dark"), ("instructor", "light")))
]


@pytest.mark.parametrize(("slug", "edition", "scheme"), AXED)
def test_no_accessibility_violations(browser, handouts, slug, edition, scheme):
    url = address(handouts, slug, edition)
    with opened(browser, url, color_scheme=scheme, reduced_motion="reduce") as page:
        if edition == "student":
            assert violations(page) == []
        interact(page)
        assert violations(page) == []
        # What only a narrow page can get wrong.
        page.set_viewport_size({"width": 320, "height": 800})
        assert violations(page, ["target-size", "scrollable-region-focusable", "label", "aria-hidden-focus"]) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_index(browser, handouts, scheme):
    with opened(browser, (handouts / "index.html").as_uri(), color_scheme=scheme) as page:
        assert violations(page) == []
        links = page.locator("main a").evaluate_all("all => all.map(link => link.getAttribute('href'))")
        assert links == [f"{edition}/{slug}.html" for slug in SLUGS for edition in EDITIONS]
        assert all((handouts / link).exists() for link in links)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@each_chapter
def test_without_scripts_nothing_is_dead_or_missing(browser, handouts, specs, slug):
    with opened(browser, address(handouts, slug), java_script_enabled=False) as page:
        assert page.locator(CONTROLS).count() == 0
        charts = page.locator("[data-chart]")
        assert charts.count() == sum("chart" in spec for spec in specs[slug]) + sum(
            bool(spec.get("kept")) for spec in specs[slug]
        )
        for chart in charts.all():
            assert chart.locator("svg").is_visible() and chart.locator(".says").is_visible()
            chart.locator("details.numbers summary").click()
            assert chart.locator("table").is_visible()
        for prediction in page.locator("[data-prediction]").all():
            prediction.locator("summary").click()
            assert prediction.locator("details li").first.is_visible()
        for item in page.locator("[data-quiz-item]").all():
            item.locator("summary:visible").last.click()
            assert item.locator("details[open]").inner_text().strip()


@each_chapter
@pytest.mark.parametrize("width", [320, 760, 1200])
def test_reflows_and_lines_stay_short(browser, handouts, slug, width):
    with opened(browser, address(handouts, slug), viewport={"width": width, "height": 900}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(BEYOND, width) == []
        assert max(page.evaluate(LINES)) <= 75


BEYOND = """(width) => [...document.querySelectorAll('body *')]
    .filter(node => !node.closest('.plot, .scroll, pre, .unseen, .skip, noscript'))
    .filter(node => node.getClientRects().length)
    .filter(node => node.getBoundingClientRect().right > width + 1)
    .map(node => node.outerHTML.slice(0, 120))"""
LINES = """() => [...document.querySelectorAll('main p, main li')]
    .filter(node => node.offsetParent && !node.closest('.unseen')).flatMap(node => {
    const lines = new Map();
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode;
        if (text.parentElement.closest('p, li') !== node) continue;
        for (const word of text.data.matchAll(/[^\\s-]+[-\\s]*|[-\\s]+/g)) {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + (word[0].trimEnd().length || 1));
            const line = Math.round(range.getBoundingClientRect().bottom / 8);
            lines.set(line, (lines.get(line) ?? "") + word[0].replace(/\\s+/g, " "));
        }
    }
    return [...lines.values()].map(text => text.trim().length);
})"""


def letters(text: str) -> str:
    """Without spaces, and with the ligatures of a PDF taken apart."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


# Each chapter on two of the four kinds of paper, so that all are met and none is printed twice as often as needed.
PAPERS = [
    (("student", "A4", True), ("instructor", "Letter", False)),
    (("student", "Letter", False), ("instructor", "A4", True)),
]


@pytest.mark.parametrize(
    ("slug", "edition", "sheet", "scripts"),
    [(slug, *paper) for place, slug in enumerate(SLUGS) for paper in PAPERS[place % 2]],
)
def test_on_paper(browser, handouts, specs, slug, edition, sheet, scripts):
    with opened(
        browser,
        address(handouts, slug, edition),
        java_script_enabled=scripts,
        viewport={"width": int(SHEETS[sheet]), "height": 1000},
    ) as page:
        page.emulate_media(media="print")
        width = int(SHEETS[sheet])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(BEYOND.replace(".plot, .scroll, pre, ", ""), width) == []
        assert page.locator(CONTROLS + ", nav:visible").count() == 0
        assert page.locator(".chart table:visible").count() == page.locator(".chart table").count()
        explorers_shown = page.locator("[data-explorer]").count()
        assert page.locator("[data-explorer] .settings:visible").count() == explorers_shown
        printed = PdfReader(io.BytesIO(page.pdf(format=sheet, tagged=True, outline=True)))
        sheets = [one.extract_text() for one in printed.pages]
    title = chapter_of(slug).title
    for number, text in enumerate(sheets, 1):
        assert f"Page {number} of {len(sheets)}" in text and title in text
    predictions = [spec for spec in specs[slug] if spec["kind"] == "prediction"]
    items = [item for spec in specs[slug] if spec["kind"] == "quiz" for item in spec["items"]]
    secrets = [letters(thing["why"])[:60] for thing in (*predictions, *items)]
    with_key = [index for index, text in enumerate(sheets) if "Answer key" in text]
    if edition == "student":
        assert with_key == []
        assert not [secret for secret in secrets if secret in letters("".join(sheets))]
        return
    assert len(with_key) == bool(secrets)
    if not secrets:
        return
    before, key = letters("".join(sheets[: with_key[0]])), letters("".join(sheets[with_key[0] :]))
    assert not [secret for secret in secrets if secret in before]
    assert [secret for secret in secrets if secret not in key] == []
    running_foot = f"Page {with_key[0] + 1} of {len(sheets)}{title} · {paging.COURSE}"
    assert letters(sheets[with_key[0]]).replace(letters(running_foot), "").startswith("Answerkey")


@each_chapter
def test_notes_are_for_instructors_only(handouts, slug):
    student, instructor = ((handouts / edition / f"{slug}.html").read_text() for edition in EDITIONS)
    notes = any("instructor" in tags(cell) for cell in chapter_of(slug).notebook["cells"])
    assert ('aria-label="For the instructor"' in instructor) == notes
    assert 'aria-label="For the instructor"' not in student
    calls = " ".join(cell["source"] for cell in chapter_of(slug).notebook["cells"] if cell["cell_type"] == "code")
    questions = "predict_" in calls or "quiz.show" in calls
    assert ('id="answer-key"' in instructor) == questions and 'id="answer-key"' not in student
    assert (notes and questions) or slug.startswith("00-")


@each_chapter
@each_edition
def test_weighs_little(handouts, slug, edition):
    assert len(gzip.compress((handouts / edition / f"{slug}.html").read_bytes())) <= 300_000


def test_same_input_same_bytes(handouts, tmp_path):
    build(tmp_path / "handouts")
    for path in sorted(handouts.rglob("*.html")):
        again = tmp_path / "handouts" / path.relative_to(handouts)
        assert again.read_bytes() == path.read_bytes(), path.name


def test_nothing_changed_nothing_done(handouts, monkeypatch):
    def refuse(*_):
        raise AssertionError("executed or written again")

    monkeypatch.setattr(running, "run", refuse)
    monkeypatch.setattr(paging, "chapter_page", refuse)
    monkeypatch.setattr(building, "write", refuse)
    assert [line.split(": ")[1] for line in build(handouts)] == ["unchanged"] * len(SLUGS)
