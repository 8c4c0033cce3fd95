"""The handouts as people meet them: opened from a file, with and without scripts, and on paper."""

import gzip
import html
import io
import json
import random
import re
import unicodedata
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import answering
import prepare
import pytest
from axe_playwright_python.sync_playwright import Axe
from course import explorers, quiz
from course import files as writing
from course.chapters import chapters, guides, notebooks, plain, tags
from course.chapters import run as running
from course.chapters.prose import same_address
from course.display import SPEC_MIME, Picture
from course.display.explorer import Explorer, chart_parts
from course.evidence import references
from course.publish.handouts import build as building
from course.publish.handouts import page as paging
from course.publish.prints import print_page
from course.quiz import bank
from course.quiz.grading import grade
from course.quiz.views import item_spec
from filelock import FileLock
from markupsafe import escape
from pypdf import PdfReader
from sampling import some
from valid import complaints

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
def handouts(pytestconfig) -> Path:
    """Built once: whoever comes second, another process or a later run, finds what has not changed unchanged."""
    together = pytestconfig.cache.mkdir("handouts")
    with FileLock(together / "handouts.lock"):
        build(together / "handouts")
    return together / "handouts"


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
    return next(chapter for chapter in notebooks(NOTEBOOKS) if chapter.slug == slug)


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
    for summary in page.locator("summary:visible").element_handles():
        if summary.evaluate("node => getComputedStyle(node).pointerEvents") == "none":
            # Beside a wide picture its settings are open: there it is their heading.
            assert summary.evaluate("node => node.parentElement.open && node.matches('.beside *')")
        else:
            summary.click()
    guess(page)
    answer_first(page)
    page.wait_for_timeout(600)


def unfold(page) -> None:
    """Opens all that is folded, such as more questions to practice."""
    page.evaluate("() => document.querySelectorAll('details').forEach((node) => { node.open = true; })")


def guess(page) -> None:
    """Commits a guess in every prediction: the first option, or where the slider stands."""
    for prediction in page.locator("[data-prediction]").all():
        for pick in prediction.locator("fieldset").all():
            pick.locator("input").first.check()
        prediction.locator('[data-action="commit"]').click()


def answer_first(page) -> list[str]:
    """Answers every question with its first option, or a number; returns what is said about it."""
    unfold(page)
    return [answering.something(item) for item in page.locator("[data-quiz-item]").all()]


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


@pytest.mark.parametrize("slug", some(SLUGS, 0, 6))
def test_explorers_move_by_keyboard(browser, handouts, slug):
    """Every control that has somewhere to go changes what is shown, and the change is announced."""
    with opened(browser, address(handouts, slug)) as page:
        for explorer in page.locator("[data-explorer]").all():
            status, says = explorer.locator('p[role="status"]'), explorer.locator('[data-part="description"]')
            more = explorer.locator(".more-settings")
            if more.count():  # open already where there is room beside the picture
                more.evaluate("node => { node.open = true }")
            for box in explorer.locator("[data-control]").all():
                explorer.get_by_role("button", name="Start over").click()
                before, moved = explorer.evaluate(PIECES), False
                control = box.locator("input:checked, input[type=range], select").first
                if control.is_disabled():
                    continue
                control.focus()
                for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
                    page.keyboard.press(key)
                    page.wait_for_timeout(60)
                    moved = moved or explorer.evaluate(PIECES) != before
                    page.keyboard.press("Tab")
                    page.keyboard.press("Shift+Tab")
                assert moved, f"{explorer.get_attribute('data-explorer')}: {box.get_attribute('data-control')}"
            page.wait_for_function(
                "([said, text]) => said.textContent === text.textContent",
                arg=[status.element_handle(), says.element_handle()],
            )


@pytest.mark.parametrize("slug", some(SLUGS, 1, 6))
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
            says = own.locator(".says").text_content()
            explorer.locator('[data-preset][aria-pressed="false"]').last.click()
            page.wait_for_function("([node, text]) => node.innerText !== text", arg=[own.element_handle(), ""])
            assert kept.locator("figcaption").inner_text() == title, "the kept view stays"
            assert kept.locator(".says").text_content() == says
            assert kept.locator("tbody tr").count() >= 1
            assert "All settings" not in kept.inner_text()
            explorer.get_by_role("button", name="Swap the two").click()
            page.wait_for_function(
                "([node, text]) => node.textContent === text", arg=[own.locator(".says").element_handle(), says]
            )
            assert kept.locator(".says").text_content() != says
            ids = page.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)")
            assert len(ids) == len(set(ids))
            compare.click()
            assert not kept.is_visible()
        if page.locator("[data-explorer]").count():
            page.get_by_role("button", name="Compare two").first.click()
            assert violations(page) == []


@pytest.mark.parametrize("slug", some(SLUGS, 2, 11))
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


# What a view consists of, the controls aside.
PIECES = "root => [...root.querySelectorAll('.view:not(.kept) [data-part]')].map(node => node.innerHTML).join()"
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


@pytest.mark.parametrize("slug", some(SLUGS, 0, 6))
def test_questions_answer_at_once_and_are_remembered(browser, handouts, slug):
    with opened(browser, address(handouts, slug)) as page:
        said = answer_first(page)
        assert all(said)
        guess(page)
        guesses = page.locator("[data-prediction] [role=status]").all_inner_texts()
        assert all(guesses)
        page.reload()
        assert page.locator("[data-prediction] [role=status]").all_inner_texts() == guesses
        forget(page)
        assert not any(page.locator("[data-prediction] [role=status]").all_inner_texts())
        assert page.evaluate("Object.keys(localStorage)") == ["is-ketamine-an-opioid:order"], "no answer is left"


def test_on_paper_a_drawing_in_steps_shows_every_step(browser, handouts):
    with opened(browser, address(handouts, "02-receptors-and-mechanisms")) as page:
        steps = page.locator(".every-step > div")
        assert steps.count() == 0
        page.emulate_media(media="print")
        page.wait_for_function("() => document.querySelectorAll('.every-step > div').length")
        for explorer in page.locator("[data-explorer]").all():
            own, last = (
                explorer.locator(".every-step > div"),
                explorer.locator("input[type=range]").get_attribute("max"),
            )
            assert own.count() == int(last) + 1 and not explorer.locator(".view .picture").first.is_visible()
            told = own.locator("p:first-child").all_inner_texts()
            assert [text.rpartition("step ")[2] for text in told] == [
                f"{n} of {len(told)}" for n in range(1, len(told) + 1)
            ]
            assert len(set(own.locator("svg").evaluate_all("all => all.map(svg => svg.innerHTML)"))) == own.count()
        page.emulate_media(media="screen")
        page.wait_for_function("() => !document.querySelectorAll('.every-step > div').length")
        assert page.locator("[data-explorer] .view .picture").first.is_visible()


SAID = '[data-role="answers-status"]'


def forget(page) -> None:
    page.get_by_role("button", name="Forget my answers").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Yes, forget them").click()


def stored(page) -> dict[str, str]:
    """What the browser keeps of answers: without when they were given, the reader's name and the order of options."""
    every = page.evaluate("Object.fromEntries(Object.entries(localStorage))")
    own = ("opioid:name", "opioid:order")
    return {name: value for name, value in every.items() if ":@" not in name and not name.endswith(own)}


def answered(page) -> list[str]:
    return page.locator("main [role=status]").all_inner_texts()


def saved(page, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my answers to a file").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def load(page, content: str | bytes, name: str = "answers.json") -> str:
    """Loads a file of answers; returns what is said about it."""
    data = content.encode() if isinstance(content, str) else content
    file = page.get_by_label("Load answers from a file")
    file.set_input_files({"name": name, "mimeType": "application/json", "buffer": data})
    page.wait_for_function("said => document.querySelector(said)?.textContent", arg=SAID)
    return page.locator(SAID).inner_text()


@pytest.mark.parametrize("slug", some(SLUGS, 6, 11))
def test_answers_go_to_a_file_and_come_back(browser, handouts, tmp_path, slug):
    url = address(handouts, slug)
    with opened(browser, url) as page:
        answer_first(page)
        guess(page)
        if not stored(page):
            page.get_by_role("button", name="Save my answers to a file").click()
            assert "nothing to save" in page.locator(SAID).inner_text()
            return
        file = saved(page, tmp_path)
        assert file.name == f"is-ketamine-an-opioid-student-{slug}-answers.json"
        assert f"Saved {len(stored(page))} answers" in page.locator(SAID).inner_text()
        held = json.loads(file.read_text())
        assert held["page"] == f"student/{slug}" and held["version"] and held["format"] == 1
        assert {f"is-ketamine-an-opioid:student/{slug}:{name}" for name in held["answers"]} == set(stored(page))
        page.reload()
        kept, shown = stored(page), answered(page)
    with opened(browser, url) as page:
        assert stored(page) == {} and answered(page) != shown
        assert load(page, file.read_text()) == f"Loaded {len(kept)} answers from the file."
        assert stored(page) == kept and answered(page) == shown
        assert page.evaluate("document.activeElement.id") == "answers-file"
    with opened(browser, address(handouts, slug, "instructor")) as page:
        said = load(page, file.read_text())
        assert f"Its answers belong to another page: student/{slug}." in said and stored(page) == {}


FILLED = "03-how-much-binds"


def test_a_file_bears_the_name_the_times_and_the_verdicts(browser, handouts, tmp_path):
    with opened(browser, address(handouts, FILLED)) as page:
        assert answer_first(page)
        assert saved(page, tmp_path).name.endswith("-answers.json")
        assert "It bears no name: to hand it in, write yours above" in page.locator(SAID).inner_text()
        page.get_by_label("Your name or pseudonym").fill(" Blue Heron ")
        file = saved(page, tmp_path)
        assert file.name == f"is-ketamine-an-opioid-student-{FILLED}-answers-blue-heron.json"
        assert "bears no name" not in page.locator(SAID).inner_text()
        held = json.loads(file.read_text())
        assert held["name"] == "Blue Heron" and held["saved"].startswith("20")
        assert set(held["given"]) == set(held["answers"])
        judged = 0
        for name, one in held["given"].items():
            assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+Z", one["at"]) and one["at"] <= held["saved"]
            subject = name.partition(":")[2]
            if re.fullmatch(r"Q\d{4}", subject):
                wanted = grade(bank.item(subject), held["answers"][name]["answer"]).verdict
                assert one["verdict"] == (wanted if wanted in ("right", "partly", "wrong", "self") else None)
                judged += 1
        assert judged > 5
    with opened(browser, address(handouts, FILLED)) as page:
        load(page, file.read_text())
        again = json.loads(saved(page, tmp_path).read_text())
        assert again["given"] == held["given"], "when it was given, not when it was loaded"
    with opened(browser, address(handouts, "10-final-check")) as page:
        assert answer_first(page)
        held = json.loads(saved(page, tmp_path).read_text())
        form = {one["verdict"] for name, one in held["given"].items() if re.search(r":Q[01]0", name)}
        assert form == {None}, "the page has no key to a test"


def test_a_file_of_another_version_gives_what_still_fits(browser, handouts, tmp_path):
    with opened(browser, address(handouts, FILLED)) as page:
        guess(page)
        held = json.loads(saved(page, tmp_path).read_text())
        number = len(held["answers"])
        held["version"] = "0.0.1"
        held["answers"]["prediction-gone:gone"] = [1]
        assert load(page, json.dumps(held)) == (
            f"Loaded {number} answers from the file. {number} answers given here before were replaced. "
            "1 answer belongs to another version of this page and was left out."
        )


def file_of(page_id: str, **changes) -> str:
    usual = {"course": "is-ketamine-an-opioid", "format": 1, "page": page_id, "version": paging.__version__}
    return json.dumps({**usual, "answers": {}, **changes})


HERE = f"student/{FILLED}"
INJECTED = "<img src=x onerror=document.body.remove()>"
HOSTILE = {
    "not JSON": ("hello", "not a file of answers"),
    "a list": ("[1, 2]", "not a file of answers"),
    "nothing": ("null", "not a file of answers"),
    "of something else": (file_of(HERE, course="other"), "not a file of answers"),
    "of a later format": (file_of(HERE, format=2), "not a file of answers"),
    "answers in a list": (file_of(HERE, answers=["prediction-occupancy"]), "not a file of answers"),
    "of another page": (file_of(INJECTED, answers={"prediction-x:x": [1]}), INJECTED),
    "without answers": (file_of(HERE), "no answer to anything on this page"),
    "with keys of another page": (
        file_of(HERE, answers={"prediction-occupancy:x": 1, "../student/04:x": 1, "__proto__:x": 1}),
        "“prediction-occupancy:x” is nothing that this page saves",
    ),
    "with an endless answer": (file_of(HERE, answers={"prediction-occupancy:x": "x" * 30_000}), "changed or damaged"),
    "with a damaged answer": (file_of(HERE, answers={"prediction-occupancy:occupancy": ["high"]}), "load that file"),
    "of another version, damaged": (
        file_of(HERE, version="0.0.1", answers={"prediction-occupancy:occupancy": [1e9]}),
        "no answer to anything on this page",
    ),
    "nested without end": ("[" * 100_000, "not a file of answers"),
    "far too large": (" " * 1_000_001, "far larger"),
    "bytes": (bytes(range(256)), "not a file of answers"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_wrong_file_is_refused_in_words_and_changes_nothing(browser, handouts, what):
    content, words = HOSTILE[what]
    with opened(browser, address(handouts, FILLED)) as page:
        assert page.locator('[data-course="prediction-occupancy"]').count() == 1
        guess(page)
        before, nodes = stored(page), page.locator("body *").count()
        assert before
        said = load(page, content, name=f"{INJECTED}.json")
        assert said.startswith("Not loaded: “<img") and words in said and said.endswith("Nothing was changed.")
        assert stored(page) == before and page.locator("body *").count() == nodes


NONSENSE = (0, "x", [], [None], {}, {"answer": {"x": 1}, "verdict": 3}, {"answer": None}, True, [[[]]], -1e308)
# One of the same shape that no page could have saved, for a value that one did.
SPOILT = """value => {
    const { answer } = value ?? {};
    if (value === true) return 1;
    if (typeof value === 'string') return 'perhaps';
    if (Array.isArray(value)) return value.map(() => 1e6);
    return { ...value, answer: typeof answer === 'string' ? 7 : Array.isArray(answer) ? [...answer, 99] : 99 };
}"""


@pytest.mark.parametrize("slug", [FILLED, "07-treatment-formats", "09-claim-check", "10-final-check"])
def test_no_value_of_another_shape_is_taken(browser, handouts, slug):
    """Every answer of a page, turned one by one into what the page never stored, by the check that loading makes."""
    with opened(browser, address(handouts, slug)) as page:
        guess(page)
        answer_first(page)
        for box in page.locator(".sections input").all():
            box.check()
        answers = page.evaluate("courseStore.all()")
        assert answers and page.evaluate(
            "all => all.every(([name, value]) => courseFile.fits(name, value))", [*answers.items()]
        )
        for name, value in answers.items():
            wrong = [*NONSENSE, page.evaluate(SPOILT, value)]
            taken = page.evaluate("([name, all]) => all.filter(value => courseFile.fits(name, value))", [name, wrong])
            assert [found for found in taken if found != value] == [], name


def test_nonsense_in_the_store_leaves_the_page_alive(browser, handouts):
    """Put there by hand: a file with such values is refused."""
    with opened(browser, address(handouts, FILLED)) as page:
        guess(page)
        answer_first(page)
        names = list(stored(page))
        for value in NONSENSE[1::4]:
            page.evaluate(
                "([names, value]) => names.forEach(name => localStorage.setItem(name, value))",
                [names, json.dumps(value)],
            )
            page.reload()
            assert page.locator("main [data-needs-script]").count() == 0, value
            assert page.locator("[data-prediction] [data-action=commit]").count() == len(guesses_on(page))


def guesses_on(page) -> list:
    return page.locator("[data-prediction]").all()


def test_forgetting_asks_first(browser, handouts):
    with opened(browser, address(handouts, FILLED)) as page:
        button = page.get_by_role("button", name="Forget my answers")
        button.click()
        assert "nothing to forget" in page.locator(SAID).inner_text()
        guess(page)
        before = stored(page)
        button.focus()
        page.keyboard.press("Enter")
        assert page.locator(":focus").inner_text() == "Keep them"
        assert f"Forget {len(before)} answers on this page?" in page.locator("#forget-sure").inner_text()
        assert Axe().run(page, context="footer.bottom", options=AXE).response["violations"] == []
        page.keyboard.press("Escape")
        assert (
            not page.locator("#forget-sure").is_visible() and page.locator(":focus").inner_text() == "Forget my answers"
        )
        assert page.locator(SAID).inner_text() == "Kept. Nothing was forgotten." and stored(page) == before
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.wait_for_function("said => document.querySelector(said)?.textContent", arg=SAID)
        assert page.locator(SAID).inner_text() == f"Forgotten: {len(before)} answers on this page."
        assert stored(page) == {} and page.locator(":focus").inner_text() == "Forget my answers"
        for control in page.locator("footer button:visible, footer input").all():
            assert control.bounding_box()["height"] >= 24


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
AT_THE_FOOT = "This browser keeps no answers of this page: its storage is full, or not allowed here."
AT_THE_QUESTION = "Not kept by this browser: this answer lasts until the page is closed or loaded again."


@pytest.mark.parametrize("trouble", [BLOCKED, FULL])
def test_without_storage_answers_stay_on_the_page_and_it_says_so(browser, handouts, tmp_path, trouble):
    with opened(browser, address(handouts, FILLED)) as page:
        page.add_init_script(trouble)
        page.reload()
        assert page.locator('[data-role="storage"]').inner_text().startswith(AT_THE_FOOT)
        guess(page)
        answer_first(page)
        answer_first(page)
        given = page.locator("main [data-verdict]:not([data-verdict=ask])").count()
        assert given > 5
        told = page.locator("[data-quiz-item] > .unkept")
        assert told.count() == given, "said once at each question, however often it is answered"
        assert all(text.startswith(AT_THE_QUESTION) for text in told.all_inner_texts())
        assert page.locator("[data-prediction] > .unkept").count() == len(guesses_on(page))
        before = answered(page)
        content = saved(page, tmp_path).read_text()
        assert len(json.loads(content)["answers"]) >= given + len(guesses_on(page))
        page.reload()
        assert answered(page) != before, "nothing outlives the page"
        with page.expect_navigation():
            page.get_by_label("Load answers from a file").set_input_files(
                {"name": "a.json", "mimeType": "application/json", "buffer": content.encode()}
            )
        page.wait_for_function("said => document.querySelector(said)?.textContent", arg=SAID)
        assert re.match(r"Loaded \d+ answers from the file\.$", page.locator(SAID).inner_text())
        assert json.loads(saved(page, tmp_path).read_text())["answers"] == json.loads(content)["answers"]
        assert page.locator("[data-prediction] .answer p").count() > 0
        forget(page)
        page.wait_for_function("said => document.querySelector(said)?.textContent", arg=SAID)
        assert page.evaluate("courseStore.all()") == {}


def test_a_passing_trouble_of_the_storage_passes(browser, handouts):
    with opened(browser, address(handouts, FILLED)) as page:
        page.evaluate(f"() => {{ window.take = Storage.prototype.setItem; {FULL} }}")
        items = page.locator("[data-quiz-item]:has(input[type=radio])").all()[:3]
        for item in items[:2]:
            answering.something(item)
        assert stored(page) == {} and page.locator("[data-quiz-item] > .unkept").count() == 2
        page.evaluate("() => { Storage.prototype.setItem = window.take; }")
        answering.something(items[2])
        assert len(stored(page)) == 3, "what waited went in with the next answer"
        page.reload()
        assert all(item.locator('.feedback[role="status"]').inner_text() for item in items)


def test_pages_that_share_one_storage_keep_apart(browser, handouts):
    """Opened from a disk, every local page of a Chromium may read and write the same storage."""
    with opened(browser, address(handouts, FILLED)) as page:
        foreign = {f"course:student/{FILLED}s:x": "1", "student": "2", f"other:student/{FILLED}:Q0301": "{}"}
        page.evaluate(
            "(all) => Object.entries(all).forEach(([key, value]) => localStorage.setItem(key, value))", foreign
        )
        item = page.locator("[data-quiz-item]").first
        said = answering.something(item)
        own = {key: value for key, value in stored(page).items() if key not in foreign}
        assert all(key.startswith(f"is-ketamine-an-opioid:student/{FILLED}:") for key in own) and len(own) == 1
        # As an earlier version of this page kept it.
        ((key, value),) = own.items()
        page.evaluate(
            "([now, then, value]) => { localStorage.removeItem(now); localStorage.setItem(then, value); }",
            [key, key.replace("is-ketamine-an-opioid", "course"), value],
        )
        page.reload()
        assert item.locator('[role="status"]').first.inner_text() == said
        assert stored(page) == {**foreign, **own}
        forget(page)
        assert stored(page) == foreign


# By keyboard alone

REACHED = """() => {
    const node = document.activeElement;
    const known = window.reached ??= new Set();
    if (node === document.body || node === document.documentElement) return null;
    const again = known.has(node);
    known.add(node);
    const shown = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    const dot = node.closest('.dot');
    const stroke = dot && getComputedStyle(dot.querySelector('path')).strokeWidth;
    const ring = dot ? stroke === '3px' : shown.outlineStyle !== 'none' && parseFloat(shown.outlineWidth) >= 2;
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return { again, ring, inside, what: node.outerHTML.slice(0, 160) };
}"""
MISSED = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
    .filter(node => node.checkVisibility({ visibilityProperty: true }) && !node.disabled && !window.reached.has(node))
    .filter(node => !(node.type === 'radio' && [...window.reached].some(other => other.name === node.name)))
    .map(node => node.outerHTML.slice(0, 160))"""


@pytest.mark.parametrize("slug", some(SLUGS, 3, 11))
def test_the_whole_chapter_by_keyboard(browser, handouts, slug):
    """From the top to the end with Tab: nothing is missed, nothing holds the focus, and it always shows."""
    with opened(browser, address(handouts, slug), reduced_motion="reduce") as page:
        poor = []
        for _ in range(1500):
            page.keyboard.press("Tab")
            now = page.evaluate(REACHED)
            if now is None or now["again"]:
                break
            if not (now["ring"] and now["inside"]):
                poor.append(now)
        assert now is None or now["what"].startswith('<a class="skip"'), "the focus went round before the end"
        assert page.evaluate(MISSED) == []
        assert poor == []


def test_the_skip_link(browser, handouts):
    with opened(browser, address(handouts, FILLED), reduced_motion="reduce") as page:
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        assert skip.inner_text() == "Skip to the chapter" and skip.bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_chapter_is_worked_through_by_keyboard(browser, handouts):
    with opened(browser, address(handouts, FILLED), reduced_motion="reduce") as page:
        prediction = page.locator("[data-prediction]").first
        prediction.locator("input[type=range]").first.focus()
        page.keyboard.press("Home")
        for _ in range(5):
            page.keyboard.press("ArrowRight")
        go_to(page, '[data-action="commit"]')
        page.keyboard.press("Enter")
        assert "you said" in prediction.locator("[role=status]").inner_text()
        explorer = page.locator("[data-explorer]").first
        slider = explorer.locator("input[type=range]").first
        slider.focus()
        before = explorer.locator(".says").first.text_content()
        page.keyboard.press("End")
        says = explorer.locator(".says").first
        page.wait_for_function("([node, text]) => node.textContent !== text", arg=[says.element_handle(), before])
        go_to(page, '[data-action="preset"]')
        page.keyboard.press("Space")
        assert page.locator(":focus").get_attribute("aria-pressed") == "true"
        go_to(page, '[data-action="reset"]')
        page.keyboard.press("Enter")
        assert explorer.locator(".says").first.text_content()
        dots = page.locator(".chart:has(.dot)").first
        dots.locator('.dot[tabindex="0"]').focus()
        tip = dots.locator(".tip").inner_text()
        page.keyboard.press("ArrowRight")
        assert dots.locator(".tip").inner_text() not in ("", tip)
        page.keyboard.press("Escape")
        assert not dots.locator(".tip").is_visible() or not dots.locator(".tip").inner_text()
        item = page.locator("[data-quiz-item]:has(input[type=radio])").first
        item.locator("input[type=radio]").first.focus()
        page.keyboard.press("ArrowDown")
        assert item.locator("input[type=radio]").nth(1).is_checked()
        go_to(page, '[data-action="check"]')
        page.keyboard.press("Enter")
        assert item.locator("[role=status]").first.inner_text()


def go_to(page, selector: str) -> None:
    """Tab until the focus is on such a control."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no {selector} within 40 stops")


# Other ways of seeing


def test_forced_colours(browser, handouts):
    """Text, lines and marks take the reader's own colors; what color said is still said by shape or words."""
    with opened(browser, address(handouts, FILLED, "instructor"), forced_colors="active") as page:
        own = page.evaluate("""() => {
            const probe = document.body.appendChild(document.createElement('p'));
            probe.style.color = 'CanvasText'; probe.style.backgroundColor = 'Canvas';
            const { color, backgroundColor } = getComputedStyle(probe);
            probe.remove();
            return [color, backgroundColor]; }""")
        fills = page.locator(".plot svg text").evaluate_all("all => all.map(node => getComputedStyle(node).fill)")
        assert len(fills) > 50 and own[0] in fills
        assert own[1] not in fills, "text in the color of the ground"
        preset = page.locator('[data-action="preset"]').first
        preset.click()
        pressed, other = (
            page.locator(f'[data-action="preset"][aria-pressed="{state}"]').first.evaluate(
                "node => parseFloat(getComputedStyle(node).borderTopWidth)"
            )
            for state in ("true", "false")
        )
        assert pressed > other
        page.keyboard.press("Tab")
        assert page.locator(":focus").evaluate("node => getComputedStyle(node).outlineStyle") != "none"


@pytest.mark.parametrize(("motion", "scrolls"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_reduced_motion(browser, handouts, motion, scrolls):
    with opened(browser, address(handouts, FILLED), reduced_motion=motion) as page:
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == scrolls
        if motion == "reduce":
            page.locator("[data-action=preset]").last.click()
            page.locator(".dot").first.hover()
            assert page.evaluate("document.getAnimations().length") == 0
            timed = page.evaluate("""[...document.querySelectorAll('*')].filter(node => {
                const { transitionDuration, animationDuration } = getComputedStyle(node);
                return parseFloat(transitionDuration) || parseFloat(animationDuration);
            }).map(node => node.outerHTML.slice(0, 80))""")
            assert timed == []


# Links

OUTSIDE = re.compile(r'href=\\?"(https?:[^"\\]+)')
INSIDE = re.compile(r'href=\\?"(?!https?:|mailto:)([^"\\]*)')
IDS = re.compile(r'\sid=\\?"([^"\\]+)')


def test_every_link_leads_somewhere(handouts):
    """Also those in frames that are not shown yet. Outside: https only, and only what sources or prose name."""
    prose = "".join(chapter.text for chapter in notebooks(NOTEBOOKS))
    known = {same_address(source.url) for source in references().values()}
    known |= {same_address(found) for found in re.findall(r"https://[^\s\"\\)>\]]+", prose)}
    texts = {path: path.read_text() for path in handouts.rglob("*.html")}
    ids = {path: {html.unescape(name) for name in IDS.findall(text)} for path, text in texts.items()}
    assert len(texts) == 2 * len(SLUGS) + len(guides(NOTEBOOKS)) + 3
    for path, text in texts.items():
        for found in set(INSIDE.findall(text)):
            place, _, anchor = html.unescape(found).partition("#")
            target = (path.parent / unquote(place)).resolve() if place else path
            assert target in texts, f"{path.name}: {found}"
            assert not anchor or unquote(anchor) in ids[target], f"{path.name}: {found}"
        for found in set(OUTSIDE.findall(text)):
            assert found.startswith("https://"), f"{path.name}: {found}"
            assert same_address(html.unescape(found)) in known, f"{path.name}: {found}"


# Axe takes long on a long page: every fourteenth here, each chapter in both editions and themes in `make proof`.
LOOKS = (("student", "dark"), ("instructor", "light"))
AXED = some([(slug, *look) for slug in SLUGS for look in LOOKS], 0, 14)


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


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("index.html", "light"),
        ("index.html", "dark"),
        ("student/index.html", "dark"),
        ("instructor/index.html", "light"),
    ],
)
def test_index(browser, handouts, name, scheme):
    with opened(browser, (handouts / name).as_uri(), color_scheme=scheme) as page:
        assert violations(page) == []
        headings = page.get_by_role("navigation", name="Chapters").locator("h3 a")
        links = headings.evaluate_all("all => all.map(link => link.getAttribute('href'))")
        folder = "student/" if name == "index.html" else ""
        slugs = [*SLUGS, *(guide.slug for guide in guides())] if name.startswith("instructor") else list(SLUGS)
        assert links == [f"{folder}{slug}.html" for slug in slugs]
        assert page.locator(".editions").count() == 0, "no PDF was printed"
        instructor = name.startswith("instructor")
        assert page.locator(".edition").inner_text() == ("Instructor’s copies" if instructor else "Reading copies")
        assert ("These pages hold the answer keys" in page.content()) == instructor
        assert "instructor/" not in page.content()
        names = page.get_by_role("navigation", name="Chapters").get_by_role("heading", level=3).all_inner_texts()
        assert names == [f"{slug[:2]} {chapter_of(slug).title}" for slug in slugs]
        assert max(page.evaluate(LINES)) <= 75
        edges = page.evaluate(
            "['h1', '.bottom p', '.course-name'].map(what => document.querySelector(what).getBoundingClientRect().x)"
        )
        assert len(set(edges)) == 1
        assert all((handouts / name).parent.joinpath(link).exists() for link in links)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("slug", some(SLUGS, 2, 6))
def test_without_scripts_nothing_is_dead_or_missing(browser, handouts, specs, slug):
    with opened(browser, address(handouts, slug), java_script_enabled=False) as page:
        assert page.locator(CONTROLS).count() == 0
        charts = page.locator("[data-chart]")
        examples = [block for spec in specs[slug] for block in spec.get("example", ()) if block["shape"] == "chart"]
        own = sum(("chart" in spec) + bool(spec.get("kept")) for spec in specs[slug])
        assert charts.count() == own + len(examples)
        for chart in charts.all():
            assert chart.locator("svg").is_visible() and chart.locator("figcaption").is_visible()
            chart.locator("details.describe summary").click()
            assert chart.locator(".says").is_visible()
            chart.locator("details.numbers summary").click()
            assert chart.locator("table").is_visible()
        for prediction in page.locator("[data-prediction]").all():
            prediction.locator("summary").click()
            assert prediction.locator("details li").first.is_visible()
        # A test that is handed in is a worksheet: its key is not on the page.
        for item in page.locator('.quiz:not([data-mode="check"]) [data-quiz-item]').all():
            item.locator("summary:visible").last.click()
            assert item.locator("details[open]").inner_text().strip()


# The narrow page, where things hang over, for every chapter; the wider ones in turn.
@pytest.mark.parametrize(
    ("slug", "width"),
    [(slug, 320) for slug in SLUGS]
    + some([(slug, (760, 1200)[place % 2]) for place, slug in enumerate(SLUGS)], 1)
    + [pytest.param(slug, (1200, 760)[place % 2], marks=pytest.mark.proof) for place, slug in enumerate(SLUGS)],
)
def test_reflows_and_lines_stay_short(browser, handouts, slug, width):
    with opened(browser, address(handouts, slug), viewport={"width": width, "height": 900}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(BEYOND, width) == []
        assert max(page.evaluate(LINES)) <= 75
        guess(page)
        assert page.evaluate(BROKEN) == []


# Dates on two lines, and dates that nothing keeps on one.
BROKEN = """() => {
    const days = /\\b[12][0-9]{3}-[01][0-9]-[0-3][0-9]\\b/;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [...document.querySelectorAll('.day')]
        .filter(node => node.getClientRects().length > 1).map(node => node.textContent);
    while (walk.nextNode()) {
        const text = walk.currentNode, inside = text.parentElement.closest('.day, script, style, svg, option, pre');
        if (!inside && days.test(text.data)) found.push(text.data);
    }
    for (const text of document.querySelectorAll('.strip text')) {
        const [label, strip] = [text, text.closest('svg')].map((node) => node.getBoundingClientRect());
        if (label.left < strip.left - 1 || label.right > strip.right + 1) found.push(text.textContent);
    }
    return found;
}"""


@pytest.mark.parametrize("scripts", [True, False])
def test_a_phone_shows_the_answer_first_and_the_contents_folded(browser, handouts, scripts):
    phone = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": scripts}
    with opened(browser, address(handouts, "00-start-here"), **phone) as page:
        contents = page.get_by_role("navigation", name="Contents")
        assert contents.count() == 1
        tops = [page.locator(what).bounding_box()["y"] for what in ("h1", "h1 + p", ".folded", "#The-short-answer + p")]
        assert tops == sorted(tops) and tops[0] < 250 and tops[-1] + 60 < 844
        assert contents.locator("a:visible").count() == 0
        contents.get_by_text("On this page").click()
        assert contents.locator("a:visible").count() == page.locator("main h2:visible").count()
        page.set_viewport_size({"width": 1200, "height": 844})
        assert contents.count() == 1
        assert contents.locator("a:visible").count() == page.locator("main h2:visible").count()
        assert contents.bounding_box()["x"] < page.locator("h1").bounding_box()["x"] - 100
        page.evaluate("scrollTo({ top: 2000, behavior: 'instant' })")
        assert contents.bounding_box()["y"] == 0


@pytest.mark.parametrize(("width", "whole"), [(390, True), (360, False)])
def test_a_phone_shows_whole_charts_or_says_how_to_see_them(browser, handouts, width, whole):
    with opened(browser, address(handouts, FILLED), viewport={"width": width, "height": 844}) as page:
        compare = page.get_by_role("button", name="Compare two").first
        compare.click()
        page.wait_for_timeout(200)
        plots = page.locator(".plot:visible")
        assert plots.count() > 5 and page.locator('[data-role="kept-figure"] .plot').first.is_visible()
        for plot in plots.all():
            wide, room, hint = plot.evaluate(
                "plot => [plot.scrollWidth, plot.clientWidth, plot.nextElementSibling.checkVisibility()]"
            )
            narrow = plot.locator("svg").get_attribute("viewBox").split()[2] == "520"
            assert hint == (wide > room + 1) == (not (whole and narrow))
            assert plot.locator("svg").evaluate(SMALLEST) >= 10.95


SMALLEST = """svg => {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const sizes = [...svg.querySelectorAll('text')].map(text => parseFloat(getComputedStyle(text).fontSize));
    return scale * Math.min(...sizes);
}"""


def test_a_worksheet_says_what_it_keeps_and_what_needs_the_course(browser, handouts):
    with opened(browser, address(handouts, "10-final-check")) as page:
        item = page.locator("[data-quiz-item]:has(input[type=radio])").first
        item.locator("input").first.check()
        kept = "Kept in this browser. Your instructor has the key."
        item.locator('[data-action="check"]').click()
        assert item.locator("[role=status]").inner_text() == kept
        page.reload()
        assert item.locator("[role=status]").inner_text() == kept
        assert page.locator("[role=status]", has_text="Kept").count() == 1
        assert "need the running course" in page.locator(".hand-in").inner_text()


@each_chapter
def test_questions_are_numbered_in_the_order_of_the_page(handouts, specs, slug):
    text = (handouts / "instructor" / f"{slug}.html").read_text()
    shown, key = text.split('id="answer-key"') if 'id="answer-key"' in text else (text, "")
    numbers = re.findall(r'class="number">Question ([\d.]+)', shown)
    prefix = "" if slug.startswith("00") else f"{int(slug[:2])}."
    assert numbers == [f"{prefix}{place}" for place in range(1, len(numbers) + 1)]
    if key:
        keyed = key[key.find("<h3>Questions</h3>") :]
        assert re.findall(r'<p class="stem">([\d.]+) ', keyed) == numbers


BEYOND = """(width) => [...document.querySelectorAll('body *')]
    .filter(node => !node.closest('.plot, .scroll, pre, .unseen, .skip, noscript'))
    .filter(node => node.getClientRects().length)
    .filter(node => node.getBoundingClientRect().right > width + 1)
    .map(node => node.outerHTML.slice(0, 120))"""
LINES = """() => [...document.querySelectorAll('main p, main li, legend, .top p, .bottom p')]
    .filter(node => node.offsetParent && !node.closest('.unseen')).flatMap(node => {
    const lines = new Map();
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode;
        if (text.parentElement.closest('p, li, option') !== node) continue;
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


# Boxes to tick whose words stand on another line.
PARTED = """() => [...document.querySelectorAll('.tick')].filter(tick => tick.getClientRects().length).filter(tick => {
    const range = document.createRange();
    range.setStartAfter(tick);
    range.setEndAfter(tick.parentElement.lastChild);
    const words = [...range.getClientRects()].filter(box => box.width > 1);
    return !words.length || words[0].top > tick.getBoundingClientRect().bottom;
}).map(tick => tick.parentElement.textContent)"""
# Text of less than 8 points, but in pictures.
SMALL = """() => [...new Set([...document.querySelectorAll('main *')]
    .filter(node => !node.closest('svg, noscript, .unseen') && node.getClientRects().length)
    .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()))
    .filter(node => parseFloat(getComputedStyle(node).fontSize) * 0.75 < 7.99)
    .map(node => `${node.tagName} ${node.className} ${getComputedStyle(node).fontSize}`))]"""
CUT = """() => [...document.querySelectorAll('.word')].map(word => {
    const entry = word.parentElement;
    const { breakBefore } = getComputedStyle(entry.lastElementChild);
    return entry.matches('.entry') && entry.textContent.trim().length > word.textContent.trim().length
        && getComputedStyle(entry).breakInside === 'avoid' && breakBefore === 'auto';
})"""


def letters(text: str) -> str:
    """Without spaces, and with the ligatures of a PDF taken apart."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


# Of a region that scrolls only on a narrow page, tabindex comes and goes.
WHOLE = """document.querySelector('main').innerHTML.replace(/ tabindex="0"/g, '')"""
# Each chapter on two of the four kinds of paper, so that all are met and none is printed twice as often as needed.
PAPERS = [
    (("student", "A4", True), ("instructor", "Letter", False)),
    (("student", "Letter", False), ("instructor", "A4", True)),
]


@pytest.mark.parametrize(
    ("slug", "edition", "sheet", "scripts"),
    some([(slug, *paper) for place, slug in enumerate(SLUGS) for paper in PAPERS[place % 2]], 0),
)
def test_on_paper(browser, handouts, specs, slug, edition, sheet, scripts):
    with opened(
        browser,
        address(handouts, slug, edition),
        java_script_enabled=scripts,
        viewport={"width": int(SHEETS[sheet]), "height": 1000},
    ) as page:
        total, before = page.locator(".chart:visible table").count(), page.evaluate(WHOLE)
        page.emulate_media(media="print")
        width = int(SHEETS[sheet])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(BEYOND.replace(".plot, .scroll, pre, ", ""), width) == []
        assert page.locator(CONTROLS + ", nav:visible, .sideways:visible, [data-role=count]:visible").count() == 0
        assert page.evaluate(PARTED) == []
        assert page.evaluate(SMALL) == []
        assert all(page.evaluate(CUT)), "a word and its meaning may be parted"
        tables = page.locator(".chart table, .appendix table")
        assert tables.count() == total
        assert page.locator(".chart table:visible, .appendix table:visible").count() == total
        if scripts:
            assert page.locator(".chart tbody:has(tr:nth-child(13))").count() == 0
            assert page.locator(".numbers-at").count() == page.locator(".appendix table").count()
            assert page.evaluate(BROKEN_LINKS) == []
        explorers_shown = page.locator("[data-explorer]:not(:has(.every-step > div))").count()
        assert page.locator("[data-explorer] .settings:visible").count() == explorers_shown
        printed = PdfReader(io.BytesIO(page.pdf(format=sheet, tagged=True, outline=True)))
        sheets = [one.extract_text() for one in printed.pages]
        page.emulate_media(media="screen")
        assert page.evaluate(WHOLE) == before, "after printing everything is where it was"
    title = chapter_of(slug).title
    for number, text in enumerate(sheets, 1):
        assert f"Page {number} of {len(sheets)}" in text and title in text
        assert ("Instructor: " in text) == (edition == "instructor"), "a stray page of the key says what it is"
    predictions = [spec for spec in specs[slug] if spec["kind"] == "prediction"]
    items = [item for spec in specs[slug] if spec["kind"] == "quiz" for item in spec["items"]]
    # What the chapter itself says as well, such as whom to call in an emergency, is no secret.
    prose = letters(plain("".join(chapter_of(slug).prose)))
    secrets = [secret for thing in (*predictions, *items) if (secret := letters(thing["why"])[:60]) not in prose]
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
    running_foot = f"Page {with_key[0] + 1} of {len(sheets)}Instructor: {title} · {paging.COURSE}"
    assert letters(sheets[with_key[0]]).replace(letters(running_foot), "").startswith("Answerkey")


def outline(entries) -> list[str]:
    return [name for entry in entries for name in (outline(entry) if isinstance(entry, list) else [entry.title])]


@pytest.mark.parametrize(
    ("slug", "edition", "paper", "size"),
    some([("03-how-much-binds", "student", "A4", (595, 842)), ("06-risks", "instructor", "Letter", (612, 792))], 0, 2),
)
def test_a_pdf_is_tagged_and_the_same_twice(handouts, tmp_path, specs, slug, edition, paper, size):
    source = handouts / edition / f"{slug}.html"
    for name in ("one.pdf", "two.pdf"):
        print_page(prepare.find_browser(), source, tmp_path / name, paper)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    assert b"file://" not in (tmp_path / "one.pdf").read_bytes()
    pdf = PdfReader(tmp_path / "one.pdf")
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root and root["/Lang"] == "en"
    name = "Instructor: " if edition == "instructor" else ""
    assert pdf.metadata.title == f"{name}{chapter_of(slug).title} · {paging.COURSE}"
    assert tuple(round(float(side)) for side in pdf.pages[0].mediabox[2:]) == size
    text = source.read_text()
    headings = re.findall(r"<h2 id=[^>]*>(.*?)</h2>", text.split("<footer")[0])
    assert [name for name in headings if "<" not in name and html.unescape(name) not in outline(pdf.outline)] == []
    secrets = [letters(thing["why"])[:60] for spec in specs[slug] if spec["kind"] == "prediction" for thing in [spec]]
    printed = letters("".join(page.extract_text() for page in pdf.pages))
    assert secrets
    assert all((secret in printed) == (edition == "instructor") for secret in secrets)


@pytest.mark.proof
def test_html_is_valid(handouts, tmp_path):
    assert complaints(sorted(handouts.rglob("*.html")), tmp_path) == []


@each_chapter
def test_notes_are_for_instructors_only(handouts, slug):
    student, instructor = ((handouts / edition / f"{slug}.html").read_text() for edition in EDITIONS)
    notes = any("instructor" in tags(cell) for cell in chapter_of(slug).notebook["cells"])
    assert ('aria-label="For the instructor"' in instructor) == notes
    assert 'aria-label="For the instructor"' not in student
    calls = " ".join(cell["source"] for cell in chapter_of(slug).notebook["cells"] if cell["cell_type"] == "code")
    questions = "predict_" in calls or "quiz." in calls
    assert ('id="answer-key"' in instructor) == questions and 'id="answer-key"' not in student
    assert (notes and questions) or slug.startswith("00-")


@pytest.mark.parametrize(("letter", "slug"), [("A", "00-start-here"), ("B", "10-final-check")])
def test_the_key_of_a_form_is_in_the_instructor_s_file_only(handouts, letter, slug):
    student, instructor = ((handouts / edition / f"{slug}.html").read_text() for edition in EDITIONS)
    for item in quiz.bank.form(letter).items:
        spec = item_spec(item)
        assert f'data-quiz-item="{item.id}"' in student
        why = str(escape(spec["why"]))
        assert why in instructor and why not in student and spec["why"] not in student
        for option in (*item.options, *(option for slot in item.slots for option in slot.options)):
            assert str(escape(option.feedback))[:40] not in student


@each_chapter
@each_edition
def test_weighs_little(handouts, slug, edition):
    assert len(gzip.compress((handouts / edition / f"{slug}.html").read_bytes())) <= 300_000


@pytest.mark.proof
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
    monkeypatch.setattr(writing, "write", refuse)
    assert [line.split(": ")[1] for line in build(handouts)] == ["unchanged"] * len(notebooks(NOTEBOOKS))


@pytest.mark.parametrize("width", [390, 1280])
def test_further_practice_opens_at_any_width(browser, handouts, width):
    with opened(browser, address(handouts, FILLED), viewport={"width": width, "height": 800}) as page:
        more = page.locator(".quiz details.folded > summary").first
        more.click()
        assert page.locator(".quiz details.folded [data-quiz-item]").first.is_visible()
