"""quiz.js judges as grading.py does, and a reader can answer, be corrected and go on, by keyboard alone."""

from __future__ import annotations

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from course.display import render, styles
from course.display.base import live_script
from course.display.files import asset
from course.quiz import show
from course.quiz.bank import FOLDER, load
from course.quiz.bank import item as bank_item
from course.quiz.grading import grade
from course.quiz.views import QuizView, _script_spec, rich
from judgements import CASES, ITEMS

pytestmark = pytest.mark.browser
SINGLE, SEVERAL, NUMBER = "Q0304", "Q0303", "Q0312"
# A page as a handout has it: the same markup, styles, base script and recall; its own reading of the data.
HOST = """
window.hostFor = (data, uid) => ({ data, uid,
  remember: (key, value) => { localStorage.setItem("course:" + key, JSON.stringify(value)); },
  recall: (key) => JSON.parse(localStorage.getItem("course:" + key)) });
document.querySelectorAll("script[data-course]").forEach((script) => {
  const root = script.previousElementSibling, data = JSON.parse(script.textContent);
  course.common(root); course.kinds[data.kind](root, hostFor(data, script.dataset.course));
});
document.documentElement.classList.remove("no-script");
"""


def page_of(*views: QuizView, scripts: bool = True) -> str:
    """A whole page with these displays; sections to go back to stand below."""
    parts, sections = [], {}
    for number, view in enumerate(views):
        data = json.dumps({"kind": "quiz", **view.spec["script"]}).replace("</", "<\\/")
        parts.append(
            render(view.spec, "offline", f"q{number}")
            + f'<script type="application/json" data-course="q{number}">{data}</script>'
        )
        sections |= {item.section: None for item in view.items}
    headings = "".join(f'<h2 id="{section}">{section.replace("-", " ")}</h2>' for section in sections)
    script = f"<script>{asset('scripts/base.js')}\n{asset('scripts/quiz.js')}\n{HOST}</script>" if scripts else ""
    return (
        f'<!doctype html><html lang="en" class="no-script"><head><title>Questions</title>'
        f'<meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><style>:root {{ color-scheme: light dark }} '
        "body { background: var(--c-paper); color: var(--c-ink); font-family: sans-serif } "
        f"{styles('offline')}</style></head>"
        f"<body><main><h1>Questions</h1>{''.join(parts)}{headings}</main>{script}</body></html>"
    )


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 760, "height": 900})
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.route("http://course.test/", lambda route: route.fulfill(body=opened.course_body, content_type="text/html"))
    yield opened
    opened.close()
    assert not problems


def open_page(page, *views: QuizView, **options) -> None:
    page.course_body = page_of(*views, **options)
    page.goto("http://course.test/")


def box(page, item_id: str):
    return page.locator(f'[data-quiz-item="{item_id}"]')


def said(page, item_id: str) -> str:
    return box(page, item_id).get_by_role("status").inner_text().replace("\u00a0", " ")


def violations(page) -> list[str]:
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found.response["violations"] for node in rule["nodes"]]


def test_the_script_judges_as_python_does(page):
    open_page(page, show(SINGLE))
    specs = {name: _script_spec(item) for name, item in ITEMS.items()}
    judged = page.evaluate(
        "([specs, cases]) => cases.map(([name, given, first]) => course.quiz.judge(specs[name], given, first))",
        [specs, [[name, answer, first] for name, answer, first, *_ in CASES]],
    )
    for (name, answer, first, *_), script in zip(CASES, judged, strict=True):
        python = grade(ITEMS[name], answer, first=first)
        assert script == {
            "verdict": python.verdict,
            "says": python.says,
            "feedback": [rich(text) for text in python.feedback],
        }, (name, answer)


def test_every_item_of_the_bank_is_judged_alike(page):
    open_page(page, show(SINGLE))
    for item in load(FOLDER / "03-how-much-binds.yaml").items:
        if item.kind == "number":
            values = [item.answer.value, *(trap.value for trap in item.traps)]
            answers = [f"{value:.5g} {item.answer.unit}" for value in values]
        else:
            answers = (
                list(range(len(item.options)))
                if item.kind == "single"
                else [[index] for index in range(len(item.options))]
            )
        for answer in answers:
            script = page.evaluate(
                "([spec, answer]) => course.quiz.judge(spec, answer, false)", [_script_spec(item), answer]
            )
            python = grade(item, answer)
            assert (script["verdict"], script["says"]) == (python.verdict, python.says), (item.id, answer)
            assert script["feedback"] == [rich(text) for text in python.feedback]


def test_one_choice_by_keyboard(page):
    open_page(page, show(SINGLE))
    item = show(SINGLE).items[0]
    question = box(page, SINGLE)
    check = question.locator('[data-action="check"]')
    check.focus()
    page.keyboard.press("Enter")
    assert "Choose an answer first." in said(page, SINGLE)
    assert page.evaluate("document.activeElement.type") == "radio", "the empty answer leads back to the choices"
    page.keyboard.press("ArrowDown")
    assert said(page, SINGLE) == ""
    check.focus()
    page.keyboard.press("Enter")
    assert said(page, SINGLE).startswith("Not yet.")
    assert item.options[1].feedback[:30].replace("\u00a0", " ") in said(page, SINGLE)
    assert question.locator('[role="status"] a').get_attribute("href") == "#What-ketamine-fills"
    retry = question.locator('[data-action="retry"]')
    retry.focus()
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.value") == "0" and not question.locator("input:checked").count()
    page.keyboard.press("Space")
    check.focus()
    page.keyboard.press("Enter")
    assert said(page, SINGLE).startswith("Right.")
    assert item.why[:20].replace("\u00a0", " ") in said(page, SINGLE)
    assert page.evaluate("document.activeElement.dataset.action") == "check", "focus stays"


def test_several_choices_count_first_and_tell_later(page):
    open_page(page, show(SEVERAL))
    item = show(SEVERAL).items[0]
    question = box(page, SEVERAL)
    check = question.locator('[data-action="check"]')
    question.locator("input").nth(0).check()
    question.locator("input").nth(1).check()
    check.click()
    assert said(page, SEVERAL).startswith("Partly. 1 of your choices does not fit. 1 that fits is still missing.")
    assert item.options[1].feedback not in said(page, SEVERAL)
    assert not question.locator('[data-action="reveal"]').is_visible()
    check.click()
    assert item.options[1].feedback in said(page, SEVERAL)
    question.locator('[data-action="reveal"]').click()
    assert "Here is the answer." in said(page, SEVERAL) and "A. A smaller Ki; D. A larger unbound share" in said(
        page, SEVERAL
    )
    assert page.evaluate("document.activeElement.dataset.action") == "check"
    question.locator("input").nth(1).uncheck()
    question.locator("input").nth(3).check()
    check.click()
    assert said(page, SEVERAL).startswith("Right.")


def test_a_number_with_enter_and_what_was_typed_stays_text(page):
    open_page(page, show(NUMBER))
    question = box(page, NUMBER)
    field = question.get_by_label("Your answer")
    field.fill('1 <img src=x onerror="fail()">')
    field.press("Enter")
    assert "<img" in said(page, NUMBER) and not question.locator('[role="status"]').locator("img").count()
    field.fill("778 nM")
    field.press("Enter")
    assert "Only the unbound share" in said(page, NUMBER)
    field.fill("410 nM")
    field.press("Enter")
    assert said(page, NUMBER).startswith("Right.")


def test_an_answer_is_there_again_on_reopening(page):
    open_page(page, show(SINGLE, NUMBER))
    box(page, SINGLE).locator("input").nth(2).check()
    box(page, SINGLE).locator('[data-action="check"]').click()
    box(page, NUMBER).get_by_label("Your answer").fill("0.41 µM")
    box(page, NUMBER).get_by_label("Your answer").press("Enter")
    page.reload()
    assert box(page, SINGLE).locator("input").nth(2).is_checked()
    assert said(page, SINGLE).startswith("Not yet.")
    assert said(page, NUMBER).startswith("Right.")


def test_the_same_question_twice_has_its_own_ids_and_choices(page):
    open_page(page, show(SINGLE), show(SINGLE))
    assert page.evaluate(
        "[...document.querySelectorAll('[id]')].map((n) => n.id).every((id, at, ids) => ids.indexOf(id) === at)"
    )
    radios = page.locator('input[type="radio"][value="0"]')
    radios.nth(0).check()
    radios.nth(1).check()
    assert radios.nth(0).is_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [760, 320])
def test_no_accessibility_violations_in_any_state(page, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    items = [item.id for item in load(FOLDER / "03-how-much-binds.yaml").items]
    open_page(page, show(*items))
    assert violations(page) == []
    for item_id in items:  # empty answers
        box(page, item_id).locator('[data-action="check"]').click()
    assert violations(page) == []
    for item_id in items:
        answer(page, item_id, right=False)
    for hint in page.locator("details.help summary").all():
        hint.click()
    assert page.locator('[data-verdict="wrong"], [data-verdict="partly"]').count() == len(items)
    assert violations(page) == []
    for item_id in items:
        answer(page, item_id, right=True)
    assert page.locator('[data-verdict="right"]').count() == len(items)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs over"
    small = page.evaluate("""[...document.querySelectorAll(
        '.question :is(button, label.option, summary, input[type=text])')]
        .filter((n) => n.offsetParent && n.getBoundingClientRect().height < 24).map((n) => n.outerHTML)""")
    assert small == []


def answer(page, item_id: str, *, right: bool) -> None:
    item, question = bank_item(item_id), box(page, item_id)
    if item.kind == "number":
        value = item.answer.value if right else item.answer.value * 1.5
        question.get_by_label("Your answer").fill(f"{value:.5g} {item.answer.unit}")
    else:
        for index, option in enumerate(item.options):
            if item.kind == "several":
                question.locator("input").nth(index).set_checked(option.right == right)
            elif option.right == right:
                question.locator("input").nth(index).check()
    question.locator('[data-action="check"]').click()


def test_without_scripts_the_answer_is_one_click_away_and_no_button_is_dead(browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(page_of(show(SINGLE, SEVERAL, NUMBER), scripts=False))
    assert not page.get_by_role("button").count()
    summaries = page.locator("noscript summary")
    assert summaries.count() == 3
    summaries.first.click()
    assert show(SINGLE).spec["items"][0]["key"] in page.locator("noscript details[open]").inner_text()
    context.close()


def test_paper_has_boxes_and_lines_and_no_answer(page):
    open_page(page, show(SINGLE, SEVERAL, NUMBER))
    for item_id in (SINGLE, SEVERAL, NUMBER):
        answer(page, item_id, right=True)
    page.emulate_media(media="print")
    assert not page.locator("button:visible, [role=status]:visible, summary:visible, .sources:visible").count()
    shown = page.locator("body").inner_text()
    assert not re.search(r"Right\.|Not yet|Read again", shown)
    looks = page.evaluate("""[...document.querySelectorAll('.option input')].map((n) => getComputedStyle(n))
        .map((s) => s.appearance + s.borderTopWidth + s.backgroundColor)""")
    assert len(set(looks)) == 1 and looks[0].startswith("none"), "a chosen box prints as empty as the others"
    field = page.locator("input[type=text]")
    assert field.evaluate("(n) => getComputedStyle(n).color") == "rgba(0, 0, 0, 0)"


def test_the_stored_form_needs_no_script():
    html = render(show(SINGLE, SEVERAL, NUMBER).spec, "stored", "")
    assert html.count("data-quiz-item=") == 3 and html.count("<details>") == 3
    assert not re.search(r"<(button|input|script|style|form)|\bid=|\bclass=", html)
    assert "Run ▸ Run All Cells" in html


def test_the_live_module_answers_without_its_kernel(page):
    """The module that anywidget loads, with a model that never answers."""
    page.course_body = "<!doctype html><html lang='en'><title>Live</title><main></main></html>"
    page.goto("http://course.test/")
    view = show(SEVERAL, SINGLE)
    page.evaluate(
        """async ([esm, markup, data]) => {
            const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
            const model = { get: (name) => ({ markup, data, answers: {} })[name], on() {}, off() {},
                send() { throw Error("no kernel"); } };
            for (let views = 0; views < 2; views += 1) {
                const el = document.querySelector("main").appendChild(document.createElement("div"));
                module.default.render({ model, el });
            }
        }""",
        [live_script("quiz"), view.markup, view.data],
    )
    question = box(page, SINGLE).last
    question.locator("input").first.check()
    question.locator('[data-action="check"]').click()
    assert question.get_by_role("status").inner_text().startswith("Right.")
    assert box(page, SINGLE).first.get_by_role("status").inner_text() == ""
    unheld = "button, input, summary, a".split(", ")
    kept = ":not([data-lm-suppress-shortcuts])"
    page.wait_for_function(f"!document.querySelector('{', '.join(tag + kept for tag in unheld)}')")
