"""The panel of the learner's record: by keyboard alone, in a bare page and in JupyterLab."""

from __future__ import annotations

import json
import re
from pathlib import Path

import lab
import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from course import record as records
from course import start
from course.display import Display, styles
from course.display.base import live_script
from course.learning import export_record, my_record
from everything_answered import answer_everything

pytestmark = pytest.mark.browser

# anywidget's part, with the kernel in this process.
RENDER = """async ([esm, markup, data]) => {
    const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
    let listener;
    const model = {
        get: (name) => ({ markup, data, answers: {} })[name], off() {},
        on(name, found) { if (name === "msg:custom") listener = found; },
        send(content) { kernel(content.request).then((reply) => listener({ turn: content.turn, ...reply })); } };
    const el = document.querySelector("main").appendChild(document.createElement("div"));
    module.default.render({ model, el });
}"""
HOSTILE = '<img src=x onerror="fail()">'


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("platformdirs.user_downloads_path", lambda: tmp_path / "Downloads")
    return tmp_path / "home"


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 900, "height": 900})
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    yield opened
    opened.close()
    assert not problems


def show(page, view: Display, theme: str = "light") -> None:
    def kernel(request: dict) -> dict:
        try:
            return view.respond(request)
        except ValueError as problem:
            return {"trouble": str(problem)}

    page.expose_function("kernel", kernel)
    paper, ink = ("#fff", "#000") if theme == "light" else ("#111", "#fff")
    page.set_content(
        f'<!doctype html><html lang="en"><head><title>Record</title><style>{styles("live")} '
        f"body {{ background: {paper}; color: {ink}; font-family: sans-serif }}</style></head>"
        f'<body data-jp-theme-light="{str(theme == "light").lower()}"><main><h1>Record</h1></main></body></html>'
    )
    page.evaluate(RENDER, [live_script(view.kind), view.markup, view.data])


def said(page, part: str):
    return page.locator(f'[data-said="{part}"]')


def focused(page) -> str:
    return page.evaluate("document.activeElement.textContent || document.activeElement.id")


def test_by_keyboard_alone_a_chapter_is_reset_after_a_question(page):
    log = records.log()
    log.write_many([("answer", "Q0301", 1), ("answer", "Q0302", 1), ("answer", "Q0401", 1)])
    show(page, my_record())
    page.get_by_text("It holds 3 answered questions").wait_for()
    page.locator("summary", has_text="Reset some of it").focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("03")
    assert page.get_by_label("A whole chapter").input_value() == "03"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    question = page.locator('[data-confirm="reset"]')
    assert "“03 How much binds (2)”" in question.inner_text() and focused(page) == "Cancel"
    page.keyboard.press("Escape")
    assert not question.is_visible() and focused(page) == "Reset this chapter"
    assert said(page, "reset").inner_text() == "Canceled. Nothing was changed." and len(log.counted()) == 3
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert not question.is_visible() and len(log.counted()) == 3, "Enter twice by mistake cancels"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "Yes, reset"
    page.keyboard.press("Space")
    page.get_by_text("It holds 1 answered question,").wait_for()
    assert said(page, "reset").inner_text().startswith("Reset: 2 things") and focused(page) == "Reset this chapter"
    assert [event.subject for event in log.counted() if event.kind != "reset"] == ["Q0401"]
    assert page.get_by_label("One thing you did").locator("option").count() == 1


def test_records_of_a_shared_computer_are_told_apart_as_text(page, home):
    show(page, my_record())
    page.locator("summary", has_text="Share this computer").click()
    name = page.get_by_label("New pseudonym")
    name.fill(HOSTILE)
    name.press("Enter")
    page.get_by_text("Begun and now in use").wait_for()
    assert page.locator("bdi").inner_text() == HOSTILE and not page.locator("img").count()
    assert name.input_value() == ""
    picked = page.get_by_label("Records on this computer")
    assert picked.locator("option").all_inner_texts() == ["Without a pseudonym", HOSTILE]
    name.fill(HOSTILE)
    page.get_by_role("button", name="Begin a record").click()
    page.get_by_text("There is a record for").wait_for()
    picked.select_option(label="Without a pseudonym")
    page.get_by_role("button", name="Use this record").click()
    page.get_by_text("In use: the record without a pseudonym.", exact=True).wait_for()
    records.use(HOSTILE)
    page.locator("summary", has_text="Start afresh, or erase").click()
    page.get_by_role("button", name="Erase this record").click()
    assert "cannot be undone" in page.locator('[data-confirm="end"]').inner_text()
    page.locator('[data-confirm="end"]').get_by_role("button", name="Yes").click()
    said(page, "end").get_by_text("Another record has been put to use").wait_for()
    assert len(list(home.glob("record-*.sqlite3"))) == 1, "what was confirmed is not done to another record"


def test_files_go_out_and_come_in_through_the_browser(page, tmp_path, monkeypatch):
    answer_everything()
    count = len(records.log().events())
    show(page, my_record())
    page.locator("summary", has_text="Take a copy").click()
    field = page.get_by_label("Pseudonym in the files")
    assert field.input_value() == "", "a pseudonym is asked for"
    field.fill("\u202e ")
    field.press("Enter")
    said(page, "export").get_by_text("A pseudonym has 1 to 40 characters").wait_for()
    field.fill("Anna")
    page.get_by_role("button", name="Export", exact=True).click()
    page.get_by_text("The links below save").wait_for()
    saved = []
    for kind in ("xapi.json", "csv"):
        with page.expect_download() as download:
            page.get_by_role("link", name=kind).click()
        saved.append(tmp_path / download.value.suggested_filename)
        download.value.save_as(saved[-1])
    written = {path.name: path.read_bytes() for path in export_record("Anna", tmp_path / "again").files}
    assert {path.name: path.read_bytes() for path in saved} == written

    records.begin("Berta")
    page.locator("summary", has_text="Bring in a record").click()
    take = page.get_by_role("button", name="Import")
    take.click()
    assert said(page, "import").inner_text() == "Choose a file first."
    page.get_by_label("File", exact=True).set_input_files(saved[0])
    take.click()
    asked = page.locator('[data-confirm="import"]')
    asked.get_by_text("is the record of “Anna”, and the record in use is that of “Berta”").wait_for()
    asked.get_by_role("button", name="Cancel").click()
    assert said(page, "import").inner_text() == "Canceled. Nothing was changed." and not records.log().events()
    take.click()
    asked.get_by_role("button", name="Yes, put it in").click()
    said(page, "import").get_by_text(f"Taken in: {count} new, 0 that").wait_for()
    take.click()
    said(page, "import").get_by_text(f"Taken in: 0 new, {count} that").wait_for()
    (tmp_path / f"{HOSTILE.replace('/', '')}.json").write_text("[7]")
    page.get_by_label("File", exact=True).set_input_files(tmp_path / f"{HOSTILE}.json")
    take.click()
    said(page, "import").get_by_text(f"{HOSTILE}.json, statement 1: it holds no event of this course").wait_for()
    (tmp_path / "big.json").write_bytes(b" " * 5_000_001)
    page.get_by_label("File", exact=True).set_input_files(tmp_path / "big.json")
    take.click()
    said(page, "import").get_by_text("larger than 5 MB").wait_for()
    assert len(records.log().events()) == count


def violations(page) -> list[str]:
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules})
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found.response["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_violations_in_any_state_nor_anything_too_small_or_hanging_over(page, theme):
    answer_everything()
    page.set_viewport_size({"width": 320, "height": 900})
    show(page, my_record(), theme)
    page.locator("p", has_text="It holds").first.wait_for()
    assert violations(page) == []
    for summary in page.locator("summary").all():
        summary.click()
    assert violations(page) == []
    page.get_by_label("Pseudonym in the files").fill("Anna")
    page.get_by_role("button", name="Export", exact=True).click()
    page.get_by_text("The links below save").wait_for()
    page.get_by_role("button", name="Reset everything").click()
    page.get_by_role("button", name="Start afresh").click()
    page.get_by_role("button", name="Import").click()
    assert page.locator(".confirm:visible").count() == 2
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs over"
    small = page.evaluate("""[...document.querySelectorAll('.course :is(button, a, summary, input, select)')]
        .filter((node) => node.checkVisibility()).filter((node) => {
            const { width, height } = node.getBoundingClientRect(); return width < 24 || height < 24; })
        .map((node) => node.outerHTML)""")
    assert small == []
    kept = ":is(a, button, input, select, summary):not([data-lm-suppress-shortcuts])"
    page.wait_for_function(f"!document.querySelector('.course {kept}')")


def test_without_a_kernel_it_says_so(page):
    page.set_content("<!doctype html><html lang='en'><main></main></html>")
    page.evaluate("() => { window.kernel = () => { throw Error('none'); }; }")
    view = my_record()
    page.evaluate(RENDER, [live_script("record"), view.markup, view.data])
    page.get_by_text("There is no kernel. Choose Run").wait_for()


def test_a_server_on_loan_offers_the_record_at_the_top_of_a_chapter(page, monkeypatch, tmp_path):
    monkeypatch.setenv("BINDER_SERVICE_HOST", "10.0.0.1")
    event = records.log().write("answer", "Q0301", 1)
    show(page, start.here("03-how-much-binds"))
    assert "forgets your answers" in page.locator(".start").inner_text()
    page.get_by_role("button", name="Take my record with me").press("Enter")
    page.get_by_text("Your record is ready: 1 event.").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"record-learner-[0-9a-f]{6}\.xapi\.json")).click()
    assert event.id in Path(download.value.path()).read_text(encoding="utf-8")
    assert violations(page) == []


@pytest.mark.proof
@pytest.mark.xdist_group("lab")
def test_in_jupyterlab_no_key_is_lost_and_every_notebook_goes_over(browser, tmp_path):
    course = tmp_path / "course"
    course.mkdir()
    lab.copy_course(course)
    cells = ("from course import learning, quiz, start", 'start.here("00-start-here")', "learning.my_record()")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Record"), *map(nbformat.v4.new_code_cell, cells)]
    )
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(notebook, course / "notebooks" / "record.ipynb")
    with lab.server(course, tmp_path / "lab") as address:
        page = browser.new_page(viewport={"width": 1200, "height": 1000})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        lab.open_chapter(page, address, "record")
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.get_by_text("It is empty: nothing was answered yet.").wait_for(timeout=60_000)
        cells_before = page.locator(".jp-Notebook .jp-Cell").count()
        page.locator("summary", has_text="Share this computer").focus()
        page.keyboard.press("Enter")
        page.get_by_label("New pseudonym").focus()
        page.keyboard.type("Abba dd xx 00 m y")  # each of them a command of JupyterLab
        page.keyboard.press("Enter")
        page.get_by_text("In use: the record of Abba dd xx 00 m y.", exact=True).wait_for(timeout=20_000)
        picked = page.get_by_label("Records on this computer")
        picked.focus()
        page.keyboard.press("ArrowUp")
        assert picked.evaluate("node => node === document.activeElement && node.value") == ""
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("In use: the record without a pseudonym.", exact=True).wait_for(timeout=20_000)
        assert page.locator(".jp-Notebook .jp-Cell").count() == cells_before
        page.get_by_label("File", exact=True).evaluate("node => node.closest('details').open = true")
        page.get_by_label("File", exact=True).set_input_files(foreign_export(tmp_path))
        page.get_by_role("button", name="Import", exact=True).press("Enter")
        page.get_by_text("Taken in: 2 new").wait_for(timeout=20_000)
        page.get_by_text("It holds 2 answered questions").wait_for()
        assert complaints == []
        lab.save(page)
        page.close()
    stored = json.loads((course / "notebooks" / "record.ipynb").read_text(encoding="utf-8"))
    assert "Abba" not in json.dumps(stored) and "answered question" not in json.dumps(stored)
    names = sorted(path.name for path in (tmp_path / "lab" / "course").iterdir())
    assert (
        names[0] == "in-use.txt" and names[1] == "learner.sqlite3" and names[2].startswith("record-abba-dd-xx-00-m-y-")
    )


def foreign_export(folder: Path) -> Path:
    records.log().write_many([("answer", "Q0301", 1), ("answer", "Q0302", 1)])
    return export_record("elsewhere", folder).files[0]
