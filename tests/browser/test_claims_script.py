"""claims.js gives credit as credit.py does, shows no verdict before it is judged, and works by keyboard alone."""

from __future__ import annotations

import itertools
import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from course import claims
from course.display import render, styles
from course.display.base import live_script
from course.display.files import asset
from course.topics.claims.credit import CLOSE, ORDER, SAYS, close, credit

pytestmark = pytest.mark.browser
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
HOST = """
document.querySelectorAll("script[data-course]").forEach((script) => {
  const root = script.previousElementSibling, data = JSON.parse(script.textContent);
  course.common(root);
  course.kinds[data.kind](root, { data, uid: script.dataset.course,
    remember: (key, value) => { localStorage.setItem(key, JSON.stringify(value)); },
    recall: (key) => JSON.parse(localStorage.getItem(key)) });
});
document.documentElement.classList.remove("no-script");
"""


def page_of(view, *, scripts: bool = True) -> str:
    data = json.dumps({"kind": view.kind, **view.spec["script"]}).replace("</", "<\\/")
    script = f"<script>{asset('scripts/base.js')}\n{asset('scripts/claims.js')}\n{HOST}</script>" if scripts else ""
    return (
        '<!doctype html><html lang="en" class="no-script"><head><meta charset="utf-8"><title>Claims</title>'
        f'<meta name="viewport" content="width=device-width"><style>'
        f"{styles('offline')} body {{ background: var(--c-paper); color: var(--c-ink) }}</style></head>"
        "<body><main><h1>Claims</h1><h2>Judge</h2>"
        f'{render(view.spec, "offline", "c0")}<script type="application/json" data-course="c0">{data}</script>'
        f"</main>{script}</body></html>"
    )


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 760, "height": 900})
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.route("http://course.test/", lambda route: route.fulfill(body=opened.body, content_type="text/html"))
    opened.body = page_of(claims.judge())
    opened.goto("http://course.test/")
    yield opened
    opened.close()
    assert not problems


def box(page, claim_id: str):
    return page.locator(f'[data-quiz-item="{claim_id}"]')


def judge(page, claim_id: str, verdict: str) -> str:
    box(page, claim_id).get_by_label(verdict.capitalize()).check()
    box(page, claim_id).locator('[data-action="check"]').click()
    return box(page, claim_id).get_by_role("status").inner_text()


def violations(page) -> list[str]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def test_the_script_gives_credit_as_python_does(page):
    pairs = list(itertools.product(ORDER, ORDER))
    halves = page.evaluate(
        "(pairs) => pairs.map(([a, b]) => course.claims.halves(a, b))",
        [[ORDER.index(given), ORDER.index(verdict)] for given, verdict in pairs],
    )
    assert [half / 2 for half in halves] == [credit(given, verdict) for given, verdict in pairs]
    points = page.evaluate("[0, 1, 2, 3, 31, 32].map((halves) => course.claims.points(halves))")
    assert points == ["0", "½", "1", "1½", "15½", "16"]


def test_every_verdict_gets_its_words(page):
    for found, given in zip(claims.judge().spec["claims"], itertools.cycle(ORDER), strict=False):
        said = judge(page, found["id"], given)
        assert SAYS[credit(given, found["verdict"])] in said and found["reason"] in said
        assert f"The evidence: {found['verdict']}." in said
        assert (close(given, found["verdict"]) or found["teaches"]) in said
        assert not close(given, found["verdict"]) == "" or not any(words in said for words in CLOSE.values())


def test_nothing_is_shown_before_it_is_judged(page):
    shown = page.locator("main").inner_text()
    for found in claims.judge().spec["claims"]:
        assert found["reason"] not in shown and found["teaches"] not in shown
    assert not page.locator(".sources:visible, table:visible").count()
    first = claims.judge().spec["claims"][0]["id"]
    box(page, first).locator('[data-action="check"]').click()
    assert box(page, first).get_by_role("status").inner_text() == "Choose a verdict first."
    assert not box(page, first).locator(".sources").is_visible()


def test_the_comparison_comes_after_the_last_claim(page):
    specs = claims.judge().spec["claims"]
    for found in specs[:-1]:
        judge(page, found["id"], found["verdict"])
    assert not page.locator(".verdict-chart table").is_visible()
    assert "15 of 16 judged" in page.locator(".score").inner_text()
    last = specs[-1]
    neighbour = ORDER[ORDER.index(last["verdict"]) - 1]
    assert "below the last" in judge(page, last["id"], neighbour)
    assert page.locator(".score").inner_text().startswith("15½ of 16 points: 15 as the evidence has it, 1 next to it")
    rows = page.locator(".verdict-chart tbody tr")
    assert rows.count() == 16 and rows.first.locator("th[scope=row]").count() == 1
    assert rows.last.locator("td.you").inner_text().endswith("you")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []


def test_by_keyboard_and_judged_again(page):
    first, second = (found["id"] for found in claims.judge().spec["claims"][:2])
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert box(page, first).locator("input:checked").get_attribute("value") == "1"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    again = box(page, first).locator('[data-action="retry"]')
    assert again.evaluate("(node) => node === document.activeElement")
    assert box(page, first).locator("input:disabled").count() == 4
    page.keyboard.press("Enter")
    assert box(page, first).get_by_role("status").inner_text() == ""
    assert box(page, first).locator("input:disabled, input:checked").count() == 0
    assert box(page, second).locator("input:checked").count() == 0
    small = page.evaluate("""[...document.querySelectorAll('.claims button, .claims label')].filter((node) => {
        const { width, height } = node.getBoundingClientRect();
        return node.offsetParent && (width < 24 || height < 24); }).length""")
    assert small == 0


def test_a_judgement_comes_back(page):
    first = claims.judge().spec["claims"][0]
    judge(page, first["id"], "does not hold")
    page.reload()
    assert "You: does not hold." in box(page, first["id"]).get_by_role("status").inner_text()
    page.evaluate("(key) => localStorage.setItem(key, JSON.stringify('<b>nonsense</b>'))", first["id"])
    page.reload()
    assert box(page, first["id"]).get_by_role("status").inner_text() == ""


def test_text_stays_text(page):
    view = claims.judge("CL010", "CL072")
    evil = '<img src=x onerror="document.title=1">'
    for found in view.spec["script"]["claims"]:
        found |= {"reason": evil, "teaches": evil, "claim": evil}
    page.body = page_of(view)
    page.goto("http://course.test/")
    for claim_id in ("CL010", "CL072"):
        assert evil in judge(page, claim_id, "holds")
    assert evil in page.locator(".verdict-chart").inner_text()
    assert page.locator("main img").count() == 0


def test_paper_has_boxes_and_no_verdict(page):
    for found in claims.judge().spec["claims"]:
        judge(page, found["id"], found["verdict"])
    page.emulate_media(media="print")
    assert not page.locator("button:visible, [role=status]:visible, .sources:visible, .verdict-chart:visible").count()
    assert page.locator(".write:visible").count() == 16
    looks = page.evaluate("""[...document.querySelectorAll('.verdicts .option')].map((option) => {
        const [box, input] = [option, option.querySelector('input')].map((node) => getComputedStyle(node));
        return box.outlineStyle + box.backgroundColor + input.appearance + input.backgroundColor; })""")
    assert len(set(looks)) == 1, "a chosen verdict prints as empty as the others"


def test_the_live_module_judges_without_its_kernel(page):
    """Two views of one display: no id twice, each judged by itself, keys kept from JupyterLab."""
    page.body = "<!doctype html><html lang='en'><title>Live</title><main></main></html>"
    page.goto("http://course.test/")
    view = claims.judge("CL010", "CL072")
    page.evaluate(
        """async ([esm, markup, data]) => {
            const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
            const model = { get: (name) => ({ markup, data, answers: {} })[name], on() {}, off() {}, send() {} };
            for (let views = 0; views < 2; views += 1) {
                const el = document.querySelector("main").appendChild(document.createElement("div"));
                module.default.render({ model, el });
            }
        }""",
        [live_script("claims"), view.markup, view.data],
    )
    question = box(page, "CL010").last
    question.get_by_label("Does not hold").check()
    question.locator('[data-action="check"]').click()
    assert question.get_by_role("status").inner_text().startswith(SAYS[1.0])
    assert box(page, "CL010").first.get_by_role("status").inner_text() == question.get_by_role("status").inner_text()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids)) and ids
    unheld = "button, input, summary, a".split(", ")
    kept = ":not([data-lm-suppress-shortcuts])"
    page.wait_for_function(f"!document.querySelector('{', '.join(tag + kept for tag in unheld)}')")


def test_with_no_script_the_evidence_opens(browser):
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.set_content(page_of(claims.judge(), scripts=False))
    for item in opened.locator("[data-quiz-item]").all():
        item.locator("summary:visible").last.click()
        assert "Sources:" in item.locator("details[open]").inner_text()
    context.close()
