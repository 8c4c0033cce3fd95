"""quiz.js judges as grading.py does, and a reader can answer, be corrected and go on, by keyboard alone."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import answering
import pytest
from axe_playwright_python.sync_playwright import Axe
from course.display import render, styles
from course.display.base import live_script
from course.display.files import asset
from course.quiz import bank, show
from course.quiz.bank import FOLDER, load
from course.quiz.grading import grade
from course.quiz.views import QuizView, TestView, script_spec, shown
from judgements import CASES, ITEMS
from sampling import some

pytestmark = pytest.mark.browser
SINGLE, SEVERAL, NUMBER = "Q0304", "Q0303", "Q0312"
EVERY = load(Path(__file__).parents[1] / "every_kind" / "05-scheduling.yaml")
# A form holds no sentence to mend: nobody could judge it.
FORM = dataclasses.replace(EVERY, raw_items={k: raw for k, raw in EVERY.raw_items.items() if raw["kind"] != "mend"})
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
        sections |= {item.section.rpartition("#")[2]: None for item in view.items}
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
    return box(page, item_id).locator('.feedback[role="status"]').inner_text().replace("\u00a0", " ")


def violations(page) -> list[str]:
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found.response["violations"] for node in rule["nodes"]]


def test_the_script_judges_as_python_does(page):
    open_page(page, show(SINGLE))
    specs = {name: script_spec(item) for name, item in ITEMS.items()}
    judged = page.evaluate(
        "([specs, cases]) => cases.map(([name, given, first]) => course.quiz.judge(specs[name], given, first))",
        [specs, [[name, answer, first] for name, answer, first, *_ in CASES]],
    )
    for (name, answer, first, *_), script in zip(CASES, judged, strict=True):
        python = grade(ITEMS[name], answer, first=first)
        assert script == {
            "verdict": python.verdict,
            "says": python.says,
            "feedback": [shown(text) for text in python.feedback],
            "beliefs": [shown(text) for text in python.beliefs],
        }, (name, answer)


def answers_of(item) -> list:
    """Right and wrong answers to an item."""
    if item.kind == "number":
        values = [item.answer.value, *(trap.value for trap in item.traps)]
        return [f"{value:.5g} {item.answer.unit}" for value in values]
    if item.kind == "single":
        return list(range(len(item.options)))
    if item.kind == "several":
        return [[index] for index in range(len(item.options))]
    if item.kind == "ordering":
        places = list(range(len(item.options)))
        return [places, places[::-1], [*places[1:], places[0]]]
    if item.kind == "mend":
        return [{"text": "Mine.", "ticked": list(range(count))} for count in range(len(item.checks) + 1)]
    most = max(len(slot.options) for slot in item.slots)
    return [[(slot.right + turn) % len(slot.options) for slot in item.slots] for turn in range(most)]


def test_every_item_of_the_course_is_judged_alike(page):
    open_page(page, show(SINGLE))
    for item in (item for found in bank.banks() for item in found.items):
        answers = answers_of(item)
        judged = page.evaluate(
            "([spec, answers]) => answers.map((answer) => course.quiz.judge(spec, answer, false))",
            [script_spec(item), answers],
        )
        for answer, script in zip(answers, judged, strict=True):
            python = grade(item, answer)
            assert (script["verdict"], script["says"]) == (python.verdict, python.says), (item.id, answer)
            assert script["feedback"] == [shown(text) for text in python.feedback]
            assert script["beliefs"] == [shown(text) for text in python.beliefs]


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


def test_several_choices_explain_the_first_that_is_wrong_and_then_all(page):
    open_page(page, show(SEVERAL))
    item = show(SEVERAL).items[0]
    question = box(page, SEVERAL)
    check = question.locator('[data-action="check"]')
    question.locator("input").nth(0).check()
    question.locator("input").nth(1).check()
    check.click()
    assert said(page, SEVERAL).startswith("Not yet. 1 of your choices does not fit. 1 that fits is still missing.")
    assert f"“{item.options[1].text}” does not fit. {item.options[1].feedback}" in said(page, SEVERAL)
    assert "fits too" not in said(page, SEVERAL), "a second try is worth making"
    assert not question.locator('[data-action="reveal"]').is_visible()
    check.click()
    assert item.options[1].feedback in said(page, SEVERAL)
    assert f"“{item.options[3].text}” fits too. {item.options[3].feedback}" in said(page, SEVERAL)
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


@pytest.mark.parametrize(("width", "scheme"), some([(760, "light"), (320, "light"), (760, "dark"), (320, "dark")], 0))
def test_no_accessibility_violations_in_any_state(page, scheme, width):
    """320 pixels are a window of 1280 at 400 % zoom."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    open_page(page, QuizView(EVERY.items), QuizView(EVERY.items[:3], "poll"))
    items = [(item, box(page, item.id).first) for item in EVERY.items]
    assert violations(page) == []
    for _, question in items:  # empty answers
        question.locator('[data-action="check"]').click()
    assert page.locator('[data-verdict="ask"]').count() == len(items)
    assert violations(page) == []
    for item, question in items:
        for _ in range(len(item.hints) + 1):
            question.locator('[data-action="hint"]').click()
        if item.kind != "mend":
            question.locator('[data-role="sure"]').select_option("95")
        answering.check(question, item, right=False)
    assert page.locator('.strong[data-verdict="wrong"], .strong[data-verdict="partly"]').count() == len(items) - 1
    assert page.locator('[data-verdict="self"]').count() == 1, "nobody judges what was written"
    assert violations(page) == []
    for item, question in items:
        if item.kind == "mend":
            continue
        question.locator('[data-action="check"]').click()
        question.locator('[data-action="reveal"]').click()
    assert page.locator('[data-verdict="shown"]').count() == len(items) - 1
    assert violations(page) == []
    for item, question in items:
        assert answering.check(question, item, right=True).startswith(answering.good(item)), item.kind
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs over"
    small = page.evaluate("""[...document.querySelectorAll(
        '.question :is(button, label.option, summary, input[type=text], select)')]
        .filter((n) => n.offsetParent).map((n) => [n.getBoundingClientRect(), n.outerHTML])
        .filter(([r]) => r.height < 24 || r.width < 24).map(([, html]) => html)""")
    assert small == []


def test_somebody_who_was_sure_and_wrong_gets_a_stronger_word(page):
    open_page(page, QuizView(EVERY.items))
    item, question = EVERY.item("Q0501"), box(page, "Q0501")
    weak = answering.check(question, item, right=False)
    assert "You were sure" not in weak and "Read again: Five lists, three questions" in weak
    question.locator('[data-role="sure"]').select_option("75")
    assert said(page, "Q0501") == weak, "how sure one is changes no answer"
    question.locator('[data-action="check"]').click()
    strong = said(page, "Q0501")
    assert "You were sure, so this is worth a second look." in strong
    assert "A higher number means less use" in strong, "the misconception is named"
    assert question.locator('[role="status"] a').get_attribute("href") == "#Five-lists,-three-questions"
    question.locator('[data-role="sure"]').select_option("50")
    assert "You were sure" not in answering.check(question, item, right=False)


def test_hints_come_step_by_step_and_lead_to_the_section(page):
    open_page(page, QuizView(EVERY.items))
    question = box(page, "Q0501")
    button, hints = question.locator('[data-action="hint"]'), question.locator('[data-role="hints"] li')
    assert button.inner_text().startswith("Hint (1 of 3)") and not hints.first.is_visible()
    button.focus()
    for opened in (1, 2, 3):
        page.keyboard.press("Enter")
        assert sum(hint.is_visible() for hint in hints.all()) == opened
        assert page.evaluate("document.activeElement.dataset.action") == "hint", "focus stays"
    assert "All hints are shown" in button.inner_text() and hints.last.locator("a").count() == 1
    answering.check(question, EVERY.item("Q0501"), right=True)
    assert json.loads(page.evaluate("localStorage.getItem('course:Q0501')"))["hints"] == 3


def test_steps_move_by_keyboard_and_say_where_they_are(page):
    open_page(page, QuizView(EVERY.items))
    question = box(page, "Q0505")
    question.locator('[data-action="check"]').press("Enter")
    assert "Put the steps in order first." in said(page, "Q0505")
    assert page.evaluate("document.activeElement.dataset.move") == "down"
    row = question.locator(".steps li").nth(2)
    name = row.locator(".text").inner_text()
    row.locator('[data-move="up"]').focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # already at the top
    assert question.locator(".steps li .text").first.inner_text() == name
    assert question.locator('[data-role="moved"]').text_content() == f"{name}: now place 1 of 4."
    assert page.evaluate("document.activeElement.closest('li').querySelector('.text').textContent") == name
    answering.order(question, [0, 1, 2, 3])
    question.locator('[data-action="check"]').click()
    page.reload()
    assert said(page, "Q0505").startswith("Right.")
    assert question.locator(".steps li").evaluate_all("all => all.map((n) => n.dataset.step)") == list("0123")


def test_every_kind_is_there_again_on_reopening(page):
    open_page(page, QuizView(EVERY.items))
    before = {}
    for item in EVERY.items:
        if item.kind != "mend":
            box(page, item.id).locator('[data-role="sure"]').select_option("75")
        before[item.id] = answering.check(box(page, item.id), item, right=False)
    page.reload()
    assert {item.id: said(page, item.id) for item in EVERY.items} == before


@pytest.mark.parametrize("kept", ['{"answer":[9,9],"tries":1}', '{"answer":{"a":1},"tries":2}', "[]", '"x"', "3", "{"])
def test_a_spoilt_memory_does_no_harm(page, kept):
    open_page(page, QuizView(EVERY.items))
    page.evaluate(
        "([ids, kept]) => ids.forEach((id) => localStorage.setItem('course:' + id, kept))",
        [[item.id for item in EVERY.items], kept if kept != "{" else "null"],
    )
    page.reload()
    for item in EVERY.items:
        assert answering.check(box(page, item.id), item, right=True).startswith(answering.good(item)), item.kind


def test_a_whole_chapter_is_answered_by_keyboard_alone(page):
    """From the first question to the last with Tab, arrows, Space, Enter and letters; the focus is never lost."""
    items = load(FOLDER / "05-scheduling.yaml").items
    open_page(page, show(*(item.id for item in items)))
    page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    done, places = set(), []
    for _ in range(1500):
        page.keyboard.press("Tab")
        at = page.evaluate("""(() => { const n = document.activeElement, box = n.closest('[data-quiz-item]');
            const slot = n.closest('[data-slot]');
            return { id: box?.dataset.quizItem, tag: n.tagName, type: n.type ?? '', action: n.dataset.action ?? '',
                role: n.dataset.role ?? '', move: n.dataset.move ?? '', value: n.value ?? '',
                slot: slot ? Number(slot.dataset.slot) : -1,
                step: Number(n.closest('[data-step]')?.dataset.step ?? -1), body: n === document.body }; })()""")
        if at["body"]:
            break
        item = next(item for item in items if item.id == at["id"]) if at["id"] else None
        places.append(at["id"])
        if item is None or item.id in done:
            continue
        if at["action"] == "check":
            for _ in range(2 if item.kind == "mend" else 1):  # to compare, and to keep what was ticked
                page.keyboard.press("Enter")
            assert said(page, item.id).startswith(answering.good(item)), (item.id, said(page, item.id))
            assert page.evaluate("document.activeElement.dataset.action") == "check"
            done.add(item.id)
        elif at["type"] == "radio":
            options = item.slots[at["slot"]].options if at["slot"] >= 0 else item.options
            page.keyboard.press("Space")
            for _ in range(next(place for place, option in enumerate(options) if option.right) - int(at["value"])):
                page.keyboard.press("ArrowDown")
        elif at["type"] == "checkbox" and item.options[int(at["value"])].right:
            page.keyboard.press("Space")
        elif at["tag"] == "TEXTAREA":
            page.keyboard.type("A sentence of my own.")
        elif at["type"] == "text":
            page.keyboard.type(f"{item.answer.value:.5g} {item.answer.unit}")
        elif at["tag"] == "SELECT" and at["role"] != "sure":
            for _ in range(item.slots[at["slot"]].right + 1):
                page.keyboard.press("ArrowDown")
        elif at["move"] == "up":
            rows = "[...document.activeElement.closest('ol').children]"
            while page.evaluate(f"{rows}.indexOf(document.activeElement.closest('li'))") > at["step"]:
                page.keyboard.press("Enter")
    assert done == {item.id for item in items}


def test_a_worksheet_keeps_answers_and_knows_no_key(page, monkeypatch):
    monkeypatch.setattr(bank, "form", lambda _: FORM)
    open_page(page, TestView("A"))
    assert violations(page) == []
    for item in FORM.items[:3]:
        assert answering.check(box(page, item.id), item, right=item.id != "Q0501").startswith("Kept in this browser.")
    assert "3 of 7 answered." in page.locator(".hand-in").inner_text()
    assert page.locator('[data-action="hand-in"]:visible').count() == 0, "there is nobody to judge it"
    page.reload()
    assert "3 of 7 answered." in page.locator(".hand-in").inner_text()
    assert not re.search(r"Right\.|Not yet", page.locator("main").inner_text())
    page.emulate_media(media="print")
    assert page.locator("button:visible, select:visible").count() == 0


def test_a_form_is_handed_in_together(page, monkeypatch):
    """The live module, with a model that passes its messages to the view in Python."""
    monkeypatch.setattr(bank, "form", lambda _: FORM)
    view = TestView("A")
    sent = []
    view.send = lambda message, buffers=None: sent.append(message)
    page.expose_function(
        "kernel", lambda message: (view._handle_custom_msg(message, None), sent.pop() if sent else None)[1]
    )
    page.course_body = "<!doctype html><html lang='en'><title>Live</title><main><h1>Test</h1><div></div></main></html>"
    page.goto("http://course.test/")
    page.evaluate(
        """async ([esm, markup, data]) => {
            const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
            let heard = () => {};
            const model = { get: (name) => ({ markup, data, answers: {} })[name], off() {},
                on(name, listener) { if (name === "msg:custom") heard = listener; },
                async send(message) { const reply = await kernel(message); if (reply) heard(reply); } };
            module.default.render({ model, el: document.querySelector("main div") });
        }""",
        [live_script("quiz"), view.markup, view.data],
    )
    for item in FORM.items[:-1]:
        answering.check(box(page, item.id), item, right=item.id != "Q0501")
    box(page, "Q0501").locator('[data-role="sure"]').select_option("95")
    page.get_by_text("Saved at").wait_for()
    hand = page.get_by_role("button", name="Hand in all answers")
    number = next(item.id for item in FORM.items if item.kind == "number")
    box(page, number).get_by_label("Your answer").fill("1,234 %")
    hand.press("Enter")
    assert said(page, number) == "“1,234” can be read in two ways. Write 1234 or 1.234, without a comma."
    result = page.locator(".hand-in").get_by_role("status")
    place = box(page, number).locator(".number").inner_text().split()[1]
    assert f"1 question is still open: question {place}. It would count as not known." in result.inner_text()
    assert not re.search(r"Right\.|Not yet", page.locator("main").inner_text())
    hand.press("Enter")
    result.get_by_text("5 of 7 right").wait_for()
    assert page.evaluate("document.activeElement.dataset.action") == "again"
    assert said(page, "Q0501").startswith("Not yet.") and "You were sure" in said(page, "Q0501")
    mend = box(page, "Q0501").locator(".again a")
    assert "Mend it here: chapter 05" in said(page, "Q0501")
    assert mend.get_attribute("href") == "05-scheduling.ipynb#Five-lists,-three-questions"
    assert mend.get_attribute("data-notebook") == "05-scheduling.ipynb"
    assert said(page, "Q0507").startswith("No answer.") and "50 %" in said(page, "Q0507")
    assert violations(page) == []
    page.keyboard.press("Enter")
    assert "0 of 7 answered." in page.locator(".hand-in").inner_text()


def test_a_poll_says_neither_right_nor_wrong_until_the_answer_is_asked_for(page):
    open_page(page, QuizView(EVERY.items[:1], "poll", reveal=True), QuizView(EVERY.items[1:3], "poll"))
    for item in EVERY.items[:3]:
        assert answering.check(box(page, item.id), item, right=False) == "Your choice is noted."
    assert page.get_by_role("button", name="Show the answer").count() == 1
    page.get_by_role("button", name="Show the answer").click()
    assert "Here is the answer." in said(page, "Q0501") and "A. Schedule I" in said(page, "Q0501")


def test_without_scripts_the_answer_is_one_click_away_and_no_button_is_dead(browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(page_of(QuizView(EVERY.items), scripts=False))
    assert not page.locator("button:visible, select:visible").count()
    answers, hints = page.locator("noscript .solution summary"), page.locator("noscript .help summary")
    assert (answers.count(), hints.count()) == (8, sum(bool(item.hints) for item in EVERY.items))
    for number, spec in enumerate(QuizView(EVERY.items).spec["items"]):
        answers.nth(number).click()
        told = spec["model"] if spec["kind"] == "mend" else spec["key"]
        assert told in page.locator("noscript .solution").nth(number).inner_text().replace("\u00a0", " ")
    assert page.locator(".write ol:visible").count() >= 1 and page.get_by_text("Number the steps").is_visible()
    context.close()


def test_paper_has_boxes_and_lines_and_no_answer(page):
    open_page(page, QuizView(EVERY.items))
    for item in EVERY.items:
        answering.check(box(page, item.id), item, right=True)
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
    html = render(QuizView(EVERY.items).spec, "stored", "")
    assert html.count("data-quiz-item=") == 7 and html.count("<details>") == 7
    assert not re.search(r"<(button|input|select|script|style|form)|\bid=", html)
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
    assert box(page, SINGLE).first.get_by_role("status").inner_text() == question.get_by_role("status").inner_text()
    unheld = "button, input, summary, a".split(", ")
    kept = ":not([data-lm-suppress-shortcuts])"
    page.wait_for_function(f"!document.querySelector('{', '.join(tag + kept for tag in unheld)}')")
