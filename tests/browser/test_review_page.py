"""Reports from the record, and the certificate, as a learner meets them: by keyboard, in both themes, on paper."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from course.display import render, styles
from course.display.base import live_script
from course.learning import answers, certificates, gains, reviewing
from course.learning.answers import Question
from course.learning.calibrating import CalibrationView
from course.learning.certificates import CertificateView
from course.learning.gains import GainView
from course.learning.reviewing import DueView, ReviewView
from course.record import Log

pytestmark = pytest.mark.browser
FORMS = {"A": ("Q00", "00-start-here"), "B": ("Q10", "10-final-check")}
CHAPTER = [f"Q03{n:02d}" for n in range(1, 14)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def tomorrow() -> dt.datetime:
    return dt.datetime.now().astimezone() + dt.timedelta(days=1)


@pytest.fixture
def record(tmp_path, monkeypatch) -> Log:
    """An empty record, and a bank with both forms: the course's own questions, and made-up forms over them."""
    own = {item: one for item, one in answers.catalogue().items() if not one.form}
    taught = [own[item] for item in CHAPTER[:10]] * 2
    made = {
        f"{start}{n:02d}": Question(f"{start}{n:02d}", one.objective, one.level, one.kind, chapter, "", form)
        for form, (start, chapter) in FORMS.items()
        for n, one in enumerate(taught, 1)
    }
    for room in (answers, certificates, gains, reviewing):
        monkeypatch.setattr(room, "catalogue", lambda: {**own, **made})
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    return Log(tmp_path / "learner.sqlite3")


def study(record: Log) -> None:
    """A learner who missed some, was sure of some, and handed in both forms."""
    sure = (95, 75, 95, 50, 25, 95, 75, None, 95, 50, 75, 95, 95)
    verdicts = "rwrrwrrrwrpww"
    words = {"r": "right", "p": "partly", "w": "wrong"}
    entries = [
        ("answer", item, {"answer": 0, "verdict": words[sign], "try": 1, "sure": how, "mode": "practice"})
        for item, sign, how in zip(CHAPTER, verdicts, sure, strict=True)
    ]
    record.write_many(entries)
    for form, signs, how in (("A", "rwwwrpwrwwrwwwrwwprw", 50), ("B", "rrrwrrwrrrrrwrrrrprw", 75)):
        start, _ = FORMS[form]
        record.write_many(
            (
                "answer",
                f"{start}{n:02d}",
                {"answer": 0, "verdict": words[sign], "try": 1, "sure": how, "mode": "check"},
            )
            for n, sign in enumerate(signs, 1)
        )


def live(page, *views) -> None:
    """These displays as JupyterLab shows them; what they ask is answered by Python."""
    by_id = {view.spec["id"]: view for view in views}
    sent: list = []

    def kernel(which: str, content: dict) -> str:
        view = by_id[which]
        view.send = sent.append
        view._receive(view, content, [])
        return json.dumps(sent.pop() if sent else None)

    page.expose_function("kernel", kernel)
    page.course_body = (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Live</title>"
        "<meta name='viewport' content='width=device-width'>"
        f"<style>{styles('live')} body {{ font: 14px sans-serif; background: #fff }}"
        "body[data-jp-theme-light='false'] { background: #16181d; color: #fff }</style></head>"
        "<body data-jp-theme-light='true'><main><h1>Chapter</h1></main></body></html>"
    )
    page.goto("http://course.test/")
    for which, view in by_id.items():
        page.evaluate(
            """async ([which, esm, markup, data]) => {
                const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
                const listeners = [];
                const model = {
                    get: (name) => ({ markup, data, answers: {} })[name],
                    on: (name, listen) => { if (name === "msg:custom") listeners.push(listen); },
                    off() {},
                    send(content) {
                        if (window.dead) throw Error("no kernel");
                        window.kernel(which, content).then(JSON.parse)
                            .then((reply) => { if (reply) listeners.forEach((listen) => listen(reply)); });
                    },
                };
                const el = document.querySelector("main").appendChild(document.createElement("div"));
                module.default.render({ model, el });
            }""",
            [which, live_script(view.kind), view.markup, view.data],
        )


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 760, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.route("http://course.test/", lambda route: route.fulfill(body=opened.course_body, content_type="text/html"))
    yield opened
    context.close()
    assert not problems


def violations(page) -> list[str]:
    found = Axe().run(page, options={"runOnly": TAGS})
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found.response["violations"] for node in rule["nodes"]]


def report(page, which: str):
    return page.locator(f'[data-report="{which}"]')


@pytest.mark.parametrize("studied", [False, True], ids=["empty", "studied"])
@pytest.mark.parametrize("width", [760, 320])
def test_every_report_is_accessible_in_both_themes(page, record, studied, width):
    if studied:
        study(record)
    page.set_viewport_size({"width": width, "height": 900})
    live(page, ReviewView(tomorrow), DueView(tomorrow), CalibrationView(), GainView(), CertificateView())
    assert page.locator("svg").count() == (2 if studied else 0)
    page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
    for light in ("true", "false"):
        page.evaluate("(light) => document.body.setAttribute('data-jp-theme-light', light)", light)
        assert violations(page) == []
    small = page.evaluate(
        """[...document.querySelectorAll("button, input, summary")].map((node) => [node, node.getBoundingClientRect()])
            .filter(([, box]) => Math.min(box.width, box.height) < 24).map(([node]) => node.outerHTML)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids))


def test_the_button_reads_the_record_again_and_keeps_the_focus(page, record):
    live(page, GainView(), CalibrationView())
    assert "Neither form A nor form B" in report(page, "gain").inner_text()
    study(record)
    for which in ("gain", "calibration"):
        button = report(page, which).locator('[data-action="update"]')
        assert button.inner_text() == "Update"
        button.focus()
        page.keyboard.press("Enter")
        report(page, which).locator("svg").wait_for()
        assert button.evaluate("(node) => node === document.activeElement")
        assert re.match(r"Updated at \d\d:\d\d:\d\d\. \S", report(page, which).get_by_role("status").inner_text())
    assert "points before" in report(page, "gain").inner_text()
    # The dots of the new picture can be walked through, as in every chart.
    first = report(page, "gain").locator('.dot[tabindex="0"]')
    first.focus()
    page.keyboard.press("ArrowRight")
    assert "All, after" in report(page, "gain").locator(".tip").inner_text()
    assert violations(page) == []


def test_without_a_kernel_it_says_so(page, record):
    live(page, CalibrationView(), CertificateView())
    page.evaluate("window.dead = true")
    report(page, "calibration").locator("button").click()
    page.get_by_label("Name on the record").fill("Ada")
    page.keyboard.press("Enter")
    for status in page.get_by_role("status").all():
        page.wait_for_function(
            "(node) => node.textContent.startsWith('There is no kernel')", arg=status.element_handle()
        )
    assert report(page, "calibration").locator("button").is_enabled(), "and she may try again"


def test_the_certificate_by_keyboard_alone(page, record, tmp_path):
    live(page, CertificateView())
    box = page.locator("[data-certificate]")
    status = box.get_by_role("status")
    page.get_by_label("Name on the record").focus()
    page.keyboard.type("Ada Example")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('[role=status]').textContent")
    assert "form B was not handed in" in status.inner_text() and violations(page) == []
    study(record)
    page.get_by_label("Name on the record").fill("x" * 150)
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('[role=status]').textContent.includes('too long')")
    assert page.get_by_label("Name on the record").evaluate("(node) => node === document.activeElement")
    page.get_by_label("Name on the record").fill("<b>Ada</b> نور")
    with page.expect_download() as download:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "record-of-work-is-ketamine-an-opioid.html"
    path = tmp_path / "kept.html"
    download.value.save_as(path)
    assert "&lt;b&gt;Ada&lt;/b&gt; نور" in path.read_text(encoding="utf-8")
    page.wait_for_function("document.querySelector('[role=status]').textContent.startsWith('Made')")


@pytest.mark.parametrize("sheet", ["A4", "Letter"])
def test_the_certificate_is_one_sheet_and_asks_for_nothing(browser, record, tmp_path, sheet):
    study(record)
    path = certificates.write(
        "Wilhelmina Alexandra Maximiliana von und zu Longname-Example the Third, PharmD", tmp_path
    )
    context = browser.new_context(java_script_enabled=True)
    opened = context.new_page()
    asked, problems = [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: problems.append(message.text))
    opened.goto(path.as_uri())
    assert opened.evaluate("getComputedStyle(document.body).fontSize") != "16px", "the policy lets its own style in"
    pdf = opened.pdf(format=sheet, prefer_css_page_size=False)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    opened.set_viewport_size({"width": 360, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360
    assert asked == [path.as_uri()] and not problems
    context.close()


def test_the_certificate_has_no_violations(page, record):
    study(record)
    page.course_body = CertificateView().respond({"name": "Ada"})["html"]
    page.goto("http://course.test/")
    page.evaluate("document.querySelector('meta[http-equiv]').remove()")
    assert violations(page) == []


def test_offline_there_is_an_example_and_no_dead_button(page, record):
    study(record)
    views = [ReviewView(), DueView(), CalibrationView(), GainView(), CertificateView()]
    parts = [render(view.offline_spec(), "offline", f"r{n}") for n, view in enumerate(views)]
    page.course_body = (
        f"<!doctype html><html lang='en'><title>Handout</title><style>{styles('offline')}</style>"
        f"<main><h1>Chapter</h1>{''.join(parts)}</main></html>"
    )
    page.goto("http://course.test/")
    assert not page.locator("button, input").count()
    assert page.locator("figure").count() == 2 and page.get_by_text("made-up example").first.is_visible()
    assert violations(page) == []
