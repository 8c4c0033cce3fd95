"""The parts of the handouts that need no browser."""

import functools
import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
import textwrap
import time

import pytest
from course import files as writing
from course.chapters import Chapter, ChapterError, chapters, plain
from course.chapters import anchor as anchor_of
from course.chapters.html import released, whole_dates
from course.chapters.progress import Progress
from course.chapters.prose import Prose, same_address
from course.display import WIDGET_MIME
from course.publish.handouts import build as building
from course.publish.handouts import page as paging
from course.publish.handouts.build import build, write
from course.publish.handouts.page import Page, chapter_page, policy, script_json
from course.publish.prints import dated, for_paper, print_page


def prose(**changes) -> Prose:
    usual = {"sources": {"doi.org/10.1/a": "smith1999"}, "listed": {"smith1999"}, "chapters": {"04-next"}}
    return Prose(**(usual | changes))


def notebook(folder, *cells, name="03-sample.ipynb"):
    """A notebook file of (kind, source, tags…) cells."""
    content = [
        {
            "id": f"c{index}",
            "cell_type": kind,
            "source": source,
            "metadata": {"tags": list(tags)},
            **({"outputs": [], "execution_count": None} if kind == "code" else {}),
        }
        for index, (kind, source, *tags) in enumerate(cells)
    ]
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": content}))
    return path


TITLE = ("markdown", "# A title\n\nIts promise.\n\n**Time.** read 5, do 5 minutes.\n\n## Work one out")


# Prose


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("Work one out", "Work-one-out"),
        ("What would change our mind?", "What-would-change-our-mind?"),
        ("Ki, and why", "Ki,-and-why"),
        ("µ and κ", "µ-and-κ"),
    ],
)
def test_heading_ids_are_jupyterlabs_anchors(text, anchor):
    assert anchor_of(text) == anchor
    page = prose()
    assert f'<h2 id="{anchor}">' in page.clean(f"<h2>{text}</h2>")


def test_headings_are_unique_and_listed():
    page = prose()
    html = page.clean("<h1>T</h1><h2>Same <em>one</em></h2><h3>Under</h3><h2>Same one</h2>")
    assert re.findall(r'id="([^"]+)"', html) == ["T", "Same-one", "Under", "Same-one-2"]
    assert page.contents() == [("#Same-one", "Same one"), ("#Same-one-2", "Same one")]


@pytest.mark.parametrize(
    ("address", "html"),
    [
        ("https://doi.org/10.1/a", '<a class="cite" href="#ref-smith1999">x</a>'),
        ("https://DX.doi.org/10.1/A", '<a class="cite" href="#ref-smith1999">x</a>'),
        (
            "https://www.fda.gov/y",
            '<a class="out" href="https://www.fda.gov/y">x<span class="goes"> (fda.gov)</span></a>',
        ),
        ("04-next.ipynb#Work-one-out", '<a href="04-next.html#Work-one-out">x</a>'),
        ("05-unwritten.ipynb", "x"),
        ("../README.md", "x"),
        ("#Work-one-out", '<a href="#Work-one-out">x</a>'),
    ],
)
def test_links(address, html):
    def pieces(markup):  # attributes in any order
        return sorted(re.findall(r'[a-z]+="[^"]*"|>[^<]*<|^x$', markup))

    assert pieces(prose().clean(f'<a href="{address}">x</a>')) == pieces(html)


def test_a_source_that_the_page_does_not_list_stays_an_outside_link():
    assert 'href="https://doi.org/10.1/a"' in prose(listed=set()).clean('<a href="https://doi.org/10.1/a">x</a>')


def test_addresses_of_one_page_are_one():
    assert same_address("https://pubmed.ncbi.nlm.nih.gov/1/") == same_address("https://pubmed.ncbi.nlm.nih.gov/1")
    assert same_address("https://doi.org/10.1016/S0-1%282%29") == same_address("https://doi.org/10.1016/s0-1(2)")
    assert same_address("https://example.org/A") != same_address("https://example.org/a")


def test_a_word_and_its_meaning_are_one_block():
    first, second = "<h5>agonist</h5>\n<p>One.</p><p>Two.</p>", "<h5>dose</h5><p>Three.</p>"
    html = prose().clean(f"<h2>Words</h2><p>Why.</p>{first}{second}")
    entries = re.findall(r'<div class="entry">(.*?)</div>', html, re.DOTALL)
    words = [re.sub(r"<[^>]+>", " ", entry).split() for entry in entries]
    assert words == [["agonist", "One.", "Two."], ["dose", "Three."]]
    assert html.startswith('<h2 id="Words">Words</h2><p>Why.</p><div')


def test_what_the_policy_would_block_is_taken_out():
    html = prose().clean(
        '<p onclick="x()" style="color:red">a<script>x()</script></p>'
        '<table><thead><tr><th style="text-align:right">n</th></tr></thead></table>'
    )
    assert "style=" not in html and "onclick" not in html and "script" not in html
    assert '<th class="right" scope="col">' in html and 'class="scroll"' in html


# Pages


@pytest.mark.parametrize(
    ("html", "whole"),
    [
        ("<p>on 2026-11-29, too</p>", '<p>on <span class="day">2026-11-29</span>, too</p>'),
        ("29 November 2026", '<span class="day">29 November 2026</span>'),
        ("March 5, 2019 and 3 May", '<span class="day">March 5, 2019</span> and <span class="day">3 May</span>'),
        ("since\nJune 2021.", 'since\n<span class="day">June 2021</span>.'),
        ("People may march. 12026-11-29 2026-11-291 PMC-2026", "People may march. 12026-11-29 2026-11-291 PMC-2026"),
        (
            '<a title="2026-11-29" href="x">2026-11-29</a>',
            '<a title="2026-11-29" href="x"><span class="day">2026-11-29</span></a>',
        ),
        (
            "<script>a = '2026-11-29'</script><option>2026-11-29</option>",
            "<script>a = '2026-11-29'</script><option>2026-11-29</option>",
        ),
        (
            '<svg viewBox="0 0 1 1"><text>2026-11-29</text></svg>',
            '<svg viewBox="0 0 1 1"><text>2026-11-29</text></svg>',
        ),
        (
            "<b>2026-11-29</b> 1 2026-11-28",
            '<b><span class="day">2026-11-29</span></b> 1 <span class="day">2026-11-28</span>',
        ),
    ],
)
def test_a_date_stays_on_one_line(html, whole):
    assert whole_dates(html) == whole
    assert whole_dates(whole) == whole, "once is enough"


def test_json_cannot_leave_its_script_element():
    data = {"a": "</script><!-- <b>", "b": "naïve"}
    text = script_json(data)
    assert "</" not in text and "<!--" not in text and "naïve" in text
    assert json.loads(text) == data


def test_policy_names_hashes_only():
    assert "script-src 'sha256-" in policy("", "x()") and "unsafe" not in policy("a", "b")


def sample(tmp_path, *cells) -> Chapter:
    return Chapter(path := notebook(tmp_path / "notebooks", *cells), path.read_text())


def test_what_the_chapter_says_of_itself(tmp_path):
    chapter = sample(tmp_path, TITLE, ("markdown", "# Not for students", "instructor"))
    assert (chapter.title, chapter.promise) == ("A title", "Its promise.")
    assert chapter.minutes == "read 5, do 5 minutes."
    assert plain("*a* **b** `c_d` [e](f) 2 * 3 _g_") == "a b c_d e 2 * 3 g"


def test_one_title_only(tmp_path):
    with pytest.raises(ChapterError, match="03-sample.ipynb has 2 first-level headings"):
        sample(tmp_path, TITLE, ("markdown", "# Another")).check()


def test_displays_shown_twice_get_ids_of_their_own(tmp_path):
    from course import charts

    page = Page(sample(tmp_path, TITLE), "student", set())
    spec = charts.affinity_ladder().spec
    html = page.display(spec) + page.display(spec)
    assert re.findall(r'data-course="([^"]+)"', html) == ["chart-affinity-ladder", "chart-affinity-ladder-2"]
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def output(**data):
    return {"output_type": "display_data", "data": data, "metadata": {}}


def code(source, *outputs, tags=(), **metadata):
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {"tags": list(tags), **metadata},
        "execution_count": None,
        "outputs": list(outputs),
    }


def prose_cell(source, *tags):
    return {"cell_type": "markdown", "source": source, "metadata": {"tags": list(tags)}}


def test_what_is_shown_of_cells(tmp_path):
    chapter = sample(tmp_path, TITLE)
    cells = [
        prose_cell(TITLE[1]),
        prose_cell("For teachers.", "instructor"),
        prose_cell("Left out.", "skip-handout"),
        code("secret = 1"),
        code("shown = '<1>'", tags=["show-code"]),
        code("w", output(**{"text/plain": "VBox()", WIDGET_MIME: {"model_id": "m"}})),
        code("p", output(**{"image/png": "aGk="}), alt='Dots & "more"'),
        code("h", output(**{"text/html": "<p style='x'>A note</p>", "text/plain": "note"})),
        code(
            "s",
            {"output_type": "stream", "name": "stdout", "text": "12 < 13"},
            {"output_type": "stream", "name": "stderr", "text": "warned"},
        ),
    ]
    student, instructor = (chapter_page(chapter, cells, edition) for edition in ("student", "instructor"))
    assert "For teachers." in instructor and "For teachers." not in student
    assert "Left out." not in instructor + student
    assert "secret" not in re.sub(r"<(style|script)>.*?</\1>", "", student, flags=re.DOTALL)
    assert "shown = &#39;&lt;1&gt;&#39;" in student and "The code behind this" in student
    assert "VBox" not in student and "warned" not in student
    assert 'alt="Dots &amp; &quot;more&quot;"' in student
    assert "<p>A note</p>" in student and "12 &lt; 13" in student


def test_a_picture_needs_a_description(tmp_path):
    cells = [prose_cell(TITLE[1]), code("plot()", output(**{"image/png": "aGk="}))]
    with pytest.raises(ChapterError, match="'plot\\(\\)' shows a picture with no description"):
        chapter_page(sample(tmp_path, TITLE), cells, "student")


def test_answers_to_predictions_are_in_the_instructors_key_only(tmp_path):
    from course import explorers
    from course.display import SPEC_MIME

    spec = explorers.predict_occupancy().spec
    cells = [prose_cell(TITLE[1]), code("p", output(**{SPEC_MIME: spec}))]
    chapter = sample(tmp_path, TITLE)
    student, instructor = (chapter_page(chapter, cells, edition) for edition in ("student", "instructor"))
    assert 'id="answer-key"' in instructor and 'id="answer-key"' not in student
    assert "<title>Instructor: A title" in instructor and 'content: "Instructor: A title' in instructor
    assert "Instructor" not in re.sub(r"<style>.*?</style>", "", student, flags=re.DOTALL)
    key = instructor[instructor.index('id="answer-key"') :]
    assert all(guess["answer"] in key for guess in spec["guesses"])


# Building


@pytest.fixture
def place(tmp_path):
    notebook(tmp_path / "notebooks", TITLE, ("code", "1 + 1"))
    assert build(tmp_path / "notebooks", tmp_path / "out", print) == 0
    return tmp_path


def pages(place):
    return {path.name + path.parent.name: path.read_bytes() for path in (place / "out").rglob("*.html")}


def test_a_raising_cell_is_named_and_old_pages_stay(place):
    before, lines = pages(place), []
    wrong = ("code", "# why\nraise ValueError('no such drug')")
    notebook(place / "notebooks", TITLE, ("code", "fine = 1"), wrong)
    assert build(place / "notebooks", place / "out", lines.append) == 1
    assert "03-sample.ipynb, cell 3 (# why)" in lines[0] and "ValueError: no such drug" in lines[0]
    assert pages(place) == before


def test_one_bad_chapter_does_not_hold_up_the_others(place):
    notebook(place / "notebooks", ("markdown", "no title"), name="02-bad.ipynb")
    notebook(place / "notebooks", TITLE, ("code", "2"), name="04-good.ipynb")
    lines = []
    assert build(place / "notebooks", place / "out", lines.append) == 1
    assert [line.split()[1] for line in lines] == ["02-bad:", "03-sample:", "04-good:"]
    assert "03-sample: built from the last execution" in lines[1]
    index = (place / "out" / "index.html").read_text()
    assert "student/04-good.html" in index and "02-bad" not in index


def test_an_interrupted_build_leaves_the_old_pages(place, monkeypatch):
    before = pages(place)
    notebook(place / "notebooks", TITLE, ("code", "3 + 3"))

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(paging, "chapter_page", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build(place / "notebooks", place / "out", print)
    assert pages(place) == before


def test_a_page_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    target = tmp_path / "page.html"
    write(target, "old")

    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(writing.os, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        write(target, "new")
    assert target.read_text() == "old" and [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_pages_that_were_deleted_or_changed_come_back_without_executing(place, monkeypatch):
    from course.chapters import run

    before = pages(place)
    (place / "out" / "student" / "03-sample.html").write_text("cut")
    (place / "out" / "instructor" / "03-sample.html").unlink()
    monkeypatch.setattr(run, "run", lambda *_: pytest.fail("executed again"))
    assert build(place / "notebooks", place / "out", print) == 0
    assert pages(place) == before


def test_a_removed_chapter_takes_its_pages_with_it(place):
    (place / "notebooks" / "03-sample.ipynb").unlink()
    notebook(place / "notebooks", TITLE, ("code", "1"), name="05-other.ipynb")
    assert build(place / "notebooks", place / "out", print) == 0
    assert sorted(path.name for path in (place / "out" / "student").iterdir()) == ["05-other.html", "index.html"]


def test_only_chapters_are_found(tmp_path):
    for name in ("03-a.ipynb", "scratch.ipynb", "04-b.txt"):
        notebook(tmp_path / "n", TITLE, name=name)
    assert [chapter.slug for chapter in chapters(tmp_path / "n")] == ["03-a"]


def test_two_folders_can_be_published_apart(place, tmp_path):
    """Each has an index of its own, and no page of the learners' folder leads, or points, to the instructors'."""
    first, student, instructor = ((place / "out" / name).read_text() for name in building.INDEXES)
    assert re.findall(r'<h3><a href="([^"]+)"', first) == ["student/03-sample.html"]
    assert re.findall(r'<h3><a href="([^"]+)"', student) == ["03-sample.html"]
    assert re.findall(r'<h3><a href="([^"]+)"', instructor) == ["03-sample.html"]
    assert "These pages hold the answer keys" in instructor and '<meta name="robots" content="noindex">' in instructor
    for edition, pages_in in (("student", student), ("instructor", instructor)):
        for path in (place / "out" / edition).glob("*.html"):
            inside = [link for link in re.findall(r'href="([^"#:]+)', path.read_text()) if not link.startswith("#")]
            assert all("/" not in link for link in inside), f"{path.name} leaves its folder"
        assert "../" not in pages_in
    for text in (first, student, (place / "out" / "student" / "03-sample.html").read_text()):
        assert not re.search(
            "instructor/|nstructor’s handout|nswer key", re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
        )


def test_the_command_says_which_folder_to_publish(place, capsys):
    assert building.main(["--notebooks", str(place / "notebooks"), "--out", str(place / "out")]) == 0
    said = capsys.readouterr().out
    assert "take the folder student alone: the folder instructor holds the answer keys." in said


SLOW = [("code", f"import time; time.sleep(0.3)  # {index}") for index in range(40)]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to another process")
def test_ctrl_c_ends_soon_and_leaves_whole_pages(place):
    """One chapter is new, one has changed and is still running when the signal comes."""
    before = pages(place)
    notebook(place / "notebooks", TITLE, ("code", "5"), name="02-new.ipynb")
    notebook(place / "notebooks", TITLE, *SLOW)
    command = [sys.executable, "-m", "course.publish.handouts"]
    command += ["--notebooks", str(place / "notebooks"), "--out", str(place / "out")]
    environment = os.environ | {"PYTHONPATH": str(building.ROOT / "notebooks")}
    # Where the tests themselves run in the background, their children would be deaf to the signal.
    hearing = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, preexec_fn=hearing
    )
    assert "02-new: built" in running.stdout.readline()
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130 and "Stopped. Pages that were not finished are as they were." in said
    assert time.monotonic() - began < 10, "the slow notebook would have taken 12 seconds more"
    after = pages(place)
    assert {name: text for name, text in after.items() if name in before and "index" not in name} == {
        name: text for name, text in before.items() if "index" not in name
    }
    assert after["02-new.htmlstudent"].endswith(b"</html>\n")
    assert [path for path in (place / "out").rglob(".*")] == []
    lines = []
    notebook(place / "notebooks", TITLE, ("code", "6"))
    assert build(place / "notebooks", place / "out", lines.append) == 0
    assert "unchanged" in lines[0] and "built" in lines[1]


# Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def progress_on(stream) -> str:
    progress = Progress(stream)
    progress.expect(2)
    progress.step("03-sample executed")
    progress.say("[1/1] 03-sample: built")
    progress.step("03-sample written")
    progress.close()
    return stream.getvalue()


def test_a_terminal_gets_a_bar(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    shown = progress_on(Terminal())
    assert "1 of 2 steps" in shown and "[1/1] 03-sample: built\n" in shown


def test_anything_else_gets_plain_lines(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    assert progress_on(io.StringIO()) == "[1/1] 03-sample: built\n"
    monkeypatch.setenv("CI", "true")
    assert progress_on(Terminal()) == "[1/1] 03-sample: built\n"


# Paper


def test_a_fold_in_the_prose_keeps_what_it_folds(tmp_path):
    fold = "<details><summary>More</summary>\n\n- one\n- two\n\n</details>\n\nAfter."
    page = chapter_page(sample(tmp_path, TITLE), [prose_cell(TITLE[1]), prose_cell(fold)], "student")
    inside = page[page.index("<summary>More</summary>") : page.index("After.")]
    assert inside.index("<li>one</li>") < inside.index("<li>two</li>") < inside.index("</details>")


def test_a_page_leads_home_back_and_on_and_folds_its_lists(tmp_path):
    notebook(tmp_path / "notebooks", TITLE, name="01-first.ipynb")
    notebook(tmp_path / "notebooks", TITLE, name="04-b.ipynb")
    words = "## Words\n\nWhat they mean.\n\n##### mu\n\nA receptor.\n\n##### Ki\n\nA concentration."
    page = chapter_page(sample(tmp_path, TITLE), [prose_cell(TITLE[1]), prose_cell(words)], "student")
    assert "Reading copy" in page and "handout" not in re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.S).lower()
    way = page[page.index('<nav class="way"') : page.index("</nav>", page.index('<nav class="way"'))]
    assert re.findall(r'href="([^"]+)"', way) == ["01-first.html", "index.html", "04-b.html"]
    folded = page[page.index('<details class="fold">') :]
    assert folded.startswith('<details class="fold"><summary>Show the 2 words</summary>')
    assert folded.index("A concentration.") < folded.index("</details>")


def test_the_sheet_is_allowed_by_the_policy_and_links_to_no_file(tmp_path):
    cells = [
        prose_cell(TITLE[1]),
        prose_cell("[next](04-b.ipynb) [here](#Work-one-out) [out](https://example.org/a.html)"),
    ]
    notebook(tmp_path / "notebooks", TITLE, name="04-b.ipynb")
    page = chapter_page(sample(tmp_path, TITLE), cells, "student")
    assert 'href="04-b.html"' in page
    sheet = for_paper(page, "Letter")
    assert "04-b.html" not in sheet and "<a>next</a>" in sheet
    assert 'href="#Work-one-out"' in sheet and 'href="https://example.org/a.html"' in sheet
    style, script = (re.search(f"<{tag}>(.*?)</{tag}>", sheet, re.DOTALL)[1] for tag in ("style", "script"))
    assert "size: Letter" in style and f'content="{policy(style, script)}"' in sheet


def test_dates_of_a_pdf_are_those_of_the_release():
    pdf = b"%PDF /CreationDate (D:20301231235959+00'00')\n/ModDate (D:20301231235959+00'00')>> (D:2) %%EOF"
    made = dated(pdf, "2026-11-21")
    assert len(made) == len(pdf) and made.count(b"D:20261121000000+00'00'") == 2 and b"2030" not in made


# Stands in for a browser: writes the page that it was given, wrapped as a PDF, and counts its calls.
BROWSER = """\
    #!/bin/sh
    "exec" "{python}" "$0" "$@"
    import pathlib, sys, urllib.request
    target = next(word.split("=", 1)[1] for word in sys.argv if word.startswith("--print-to-pdf="))
    calls = pathlib.Path(__file__).with_suffix(".calls")
    calls.open("a").write("x")
    page = urllib.request.urlopen(sys.argv[-1]).read()
    pathlib.Path(target).write_bytes(b"%PDF-1.4 " + page + b"%%EOF")
    {end}
"""


def stand_in(folder, end="") -> str:
    path = folder / "browser.py"
    path.write_text(textwrap.dedent(BROWSER.format(python=sys.executable, end=end)))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def calls(browser) -> int:
    return len((building.Path(browser).with_suffix(".calls")).read_text())


posix = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script with #!")


@posix
def test_pdfs_are_made_once_for_each_page_and_paper(place):
    browser = stand_in(place)

    def build_pdfs(paper="A4"):
        lines = []
        assert build(place / "notebooks", place / "out", lines.append, browser, paper) == 0
        return lines

    assert build_pdfs()[-1].startswith("03-sample: printed for A4")
    assert calls(browser) == 2
    index, own, other = ((place / "out" / name).read_text() for name in building.INDEXES)
    assert 'href="student/03-sample.pdf"' in index and "instructor/" not in index
    assert 'href="03-sample.pdf"' in own and 'href="03-sample.pdf"' in other
    assert build_pdfs() == ["[1/1] 03-sample: unchanged"] and calls(browser) == 2
    assert build_pdfs("Letter")[-1].startswith("03-sample: printed for Letter") and calls(browser) == 4
    (place / "out" / "student" / "03-sample.pdf").write_bytes(b"cut")
    build_pdfs("Letter")
    assert calls(browser) == 6
    # Without a browser they stay as long as they belong to the page, and no longer.
    assert build(place / "notebooks", place / "out", print) == 0
    assert (place / "out" / "student" / "03-sample.pdf").exists()
    notebook(place / "notebooks", TITLE, ("code", "2 + 2"))
    assert build(place / "notebooks", place / "out", print) == 0
    assert list((place / "out").rglob("*.pdf")) == []
    assert "03-sample.pdf" not in (place / "out" / "index.html").read_text()


@posix
@pytest.mark.parametrize(
    "end", ["sys.exit(3)", "pathlib.Path(target).unlink()", "pathlib.Path(target).write_text('%PDF')"]
)
def test_what_a_browser_did_not_finish_is_not_kept(place, end):
    page = place / "out" / "student" / "03-sample.html"
    pdf = page.with_suffix(".pdf")
    pdf.write_bytes(b"the old one")
    with pytest.raises(ChapterError, match="03-sample.pdf could not be printed by .*BROWSER_PATH"):
        print_page(stand_in(place, end), page, pdf, "A4")
    assert pdf.read_bytes() == b"the old one" and not list(page.parent.glob(".*"))
    lines = []
    assert build(place / "notebooks", place / "out", lines.append, stand_in(place, end)) == 1
    assert "03-sample.pdf could not be printed" in lines[-1]
    assert "03-sample.pdf" not in (place / "out" / "index.html").read_text()


def test_a_browser_that_is_not_there(place):
    page = place / "out" / "student" / "03-sample.html"
    with pytest.raises(ChapterError, match="/nowhere/chrome does not start"):
        print_page("/nowhere/chrome", page, page.with_suffix(".pdf"), "A4")


@posix
def test_a_pdf_bears_the_date_of_the_release(place):
    page = place / "out" / "student" / "03-sample.html"
    page.write_text(page.read_text() + "/CreationDate (D:20301231235959+00'00')")
    print_page(stand_in(place), page, page.with_suffix(".pdf"), "A4")
    assert f"D:{released().replace('-', '')}000000".encode() in page.with_suffix(".pdf").read_bytes()


def test_where_errors_are_reported(place, monkeypatch):
    page = (place / "out" / "student" / "03-sample.html").read_text()
    report = page[page.index('id="report-an-error"') :]
    assert "A title" in report and "student/03-sample" in report and "released" in report and released() in report
    assert 'href="#report-an-error"' in page
    monkeypatch.setattr(paging, "repository", lambda: "https://example.org/course")
    page = chapter_page(chapters(place / "notebooks")[0], [prose_cell(TITLE[1])], "student")
    assert '<a class="out" href="https://example.org/course">' in page and "(example.org)" in page
