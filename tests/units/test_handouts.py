"""The parts of the handouts that need no browser."""

import json
import re

import pytest
from course.display import WIDGET_MIME
from course.handouts import build as building
from course.handouts import page as paging
from course.handouts.build import build, write
from course.handouts.chapter import Chapter, HandoutError, chapters, plain
from course.handouts.page import Page, chapter_page, policy, script_json
from course.handouts.prose import Prose, heading_id, same_address


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
    assert heading_id(text) == anchor
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


def test_what_the_policy_would_block_is_taken_out():
    html = prose().clean(
        '<p onclick="x()" style="color:red">a<script>x()</script></p>'
        '<table><thead><tr><th style="text-align:right">n</th></tr></thead></table>'
    )
    assert "style=" not in html and "onclick" not in html and "script" not in html
    assert '<th class="right" scope="col">' in html and 'class="scroll"' in html


# Pages


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
    with pytest.raises(HandoutError, match="03-sample.ipynb has 2 first-level headings"):
        sample(tmp_path, TITLE, ("markdown", "# Another")).title  # noqa: B018


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
        code("hidden = 1"),
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
    assert "hidden" not in re.sub(r"<(style|script)>.*?</\1>", "", student, flags=re.DOTALL)
    assert "shown = &#39;&lt;1&gt;&#39;" in student and "The code behind this" in student
    assert "VBox" not in student and "warned" not in student
    assert 'alt="Dots &amp; &quot;more&quot;"' in student
    assert "<p>A note</p>" in student and "12 &lt; 13" in student


def test_a_picture_needs_a_description(tmp_path):
    cells = [prose_cell(TITLE[1]), code("plot()", output(**{"image/png": "aGk="}))]
    with pytest.raises(HandoutError, match="'plot\\(\\)' shows a picture with no description"):
        chapter_page(sample(tmp_path, TITLE), cells, "student")


def test_answers_to_predictions_are_in_the_instructors_key_only(tmp_path):
    from course import explorers
    from course.display import SPEC_MIME

    spec = explorers.predict_occupancy().spec
    cells = [prose_cell(TITLE[1]), code("p", output(**{SPEC_MIME: spec}))]
    chapter = sample(tmp_path, TITLE)
    student, instructor = (chapter_page(chapter, cells, edition) for edition in ("student", "instructor"))
    assert 'id="answer-key"' in instructor and 'id="answer-key"' not in student
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
    assert "unchanged" in lines[1]
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

    monkeypatch.setattr(building.os, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        write(target, "new")
    assert target.read_text() == "old" and [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_pages_that_were_deleted_or_changed_come_back_without_executing(place, monkeypatch):
    from course.handouts import run

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
    assert sorted(path.name for path in (place / "out" / "student").iterdir()) == ["05-other.html"]


def test_only_chapters_are_found(tmp_path):
    for name in ("03-a.ipynb", "scratch.ipynb", "04-b.txt"):
        notebook(tmp_path / "n", TITLE, name=name)
    assert [chapter.slug for chapter in chapters(tmp_path / "n")] == ["03-a"]
