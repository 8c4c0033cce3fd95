"""Which slides a chapter has and what they say; the parts that need no browser."""

import json
import re
from html.parser import HTMLParser

import pytest
from course.chapters import Chapter, ChapterError, chapters
from course.chapters import short as shortening
from course.chapters.cache import shared_digest
from course.chapters.short import said, short, slide_type, texts, uncited
from course.display import SPEC_MIME
from course.files import ROOT
from course.publish.slides import build as building
from course.publish.slides import page as paging
from course.publish.slides.page import deck
from course.publish.slides.plan import LONGEST, slides
from course.publish.slides.split_charts import TALLEST, halves

NOTEBOOKS = ROOT / "notebooks"
CHAPTERS = chapters(NOTEBOOKS)


def markdown(source, tags=(), **metadata):
    return {"cell_type": "markdown", "source": source, "metadata": {"tags": list(tags), **metadata}}


def display(spec, source="charts.some()"):
    outputs = [{"output_type": "display_data", "data": {SPEC_MIME: spec}, "metadata": {}}]
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": outputs}


def chapter(tmp_path, cells):
    path = tmp_path / "03-sample.ipynb"
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    path.write_text(text, encoding="utf-8")
    return Chapter(path, text)


TITLE = markdown(
    "# A title\n\n*Its promise.*\n\n**Time.** read 5 minutes.\n\n**Afterwards you can**\n\n- do one thing *(Core)*\n"
    "- do another ([Smith 1999](https://doi.org/10.1/a)) *(Deeper)*\n"
)


def plan(tmp_path, *cells):
    cells = [TITLE, *cells]
    return slides(chapter(tmp_path, cells), cells)


def test_title_and_what_one_can_do_afterwards(tmp_path):
    title, able = plan(tmp_path)
    assert (title.kind, title.title, title.text) == ("title", "A title", "Its promise.")
    assert (able.title, able.text) == ("Afterwards you can", "- do one thing\n- do another")


def test_prose_is_for_the_notes_and_its_first_words_for_the_slide(tmp_path):
    long = "It goes on and on, " * 20 + "to the end."
    *_, slide = plan(
        tmp_path,
        markdown(
            f"## A part\n\nShort ([Smith 1999](https://doi.org/10.1/a)). {long}\n\nMore.\n\n"
            "- **What comes first.** x\n- **Two:** y"
        ),
    )
    assert slide.text == "Short.\n\n- What comes first\n- Two"
    assert slide.sources == ["Smith 1999"]
    assert long in slide.notes[0] and "More." in slide.notes[0]


@pytest.mark.parametrize(
    ("prose", "text"),
    [
        ('He says: "It is not an opioid." The rest follows.', 'He says: "It is not an opioid." The rest follows.'),
        ("**Deeper.** Skip to [What](#What) if you like.\n\nIt begins here.", "It begins here."),
        ("It follows from this:\n\n    C = 1", ""),
        ("A [word](#word) with an entry.", "A word with an entry."),
        ("| a | b |\n|---|---|", ""),
        ("x" * (shortening.LEAD + 1) + ".", ""),
        ("- **One.** Not [this](#x). More.\n- **Two** is that. More.", "- **One.** Not this.\n- **Two** is that."),
        (f"- **One.** {'so ' * 60}long.\n- **Two**: that.", "- One\n- **Two**: that."),
        ("Seen ([A 1](https://x.org/a(1)b), [B 2](https://y.org)).", "Seen."),
    ],
)
def test_short_texts(prose, text):
    assert short(prose)[0] == text


def test_metadata_says_it_better(tmp_path):
    own = {"course": {"slide": "Two words."}}
    *_, slide = plan(tmp_path, markdown("## A part\n\nMany words.", **own))
    assert (slide.text, slide.notes) == ("Two words.", ["Many words."])
    by_heading = {"course": {"slide": {"Second": "Mine.", "First": ""}}}
    *_, able, second = plan(tmp_path, markdown("## First\n\nOne.\n\n## Second\n\nTwo.", **by_heading))
    assert (able.title, second.title, second.text) == ("Afterwards you can", "Second", "Mine.")
    assert able.notes[-1] == "One.", "prose without a slide goes to the slide before it"
    *_, last = plan(tmp_path, markdown("Here it ends.", course={"slide": "Here it ends."}))
    assert (last.title, last.text) == ("Here it ends.", "")
    *_, extra = plan(tmp_path, markdown("No heading.", course={"slide": "## Stop\n\nThink."}))
    assert (extra.title, extra.text) == ("Stop", "Think.")
    *_, slow = plan(tmp_path, markdown("## A part\n\nMany words.", slideshow={"slide_type": "fragment"}))
    assert slow.one_by_one


def test_no_slide_has_more_than_sixty_words_of_prose(tmp_path):
    points = "\n".join(f"- **Point {n}.** " + "word " * 22 for n in range(5))
    *_, one, two, three = plan(tmp_path, markdown(f"## Key points\n\n{points}"))
    assert [slide.title for slide in (one, two, three)] == [f"Key points ({n} of 3)" for n in (1, 2, 3)]
    assert all(len(shortening.bare(slide.text).split()) <= 60 for slide in (one, two, three))
    assert "\n\n- " not in one.text and one.text.count("\n- ") == 1, "one list, close together"
    assert shortening.pages("Short.") == ["Short."] and shortening.pages("") == [""]
    long = " ".join(f"Sentence {n} has {'very ' * 15}many words." for n in range(6))
    assert [len(page.split()) <= 60 for page in shortening.pages(long)] == [True] * 3


def test_core_leaves_out_all_that_is_deeper(tmp_path):
    items = [{"id": f"Q030{n}", "number": f"3.{n}", "level": level} for n, level in ((1, "core"), (2, "deeper"))]
    spec = {"kind": "quiz", "id": "q", "items": items, "script": {"items": [{"id": i["id"]} for i in items]}}
    found = plan(
        tmp_path,
        markdown("## One\n\nShort."),
        display(spec),
        markdown("## Two\n\n**Deeper.** Skip to [x](#x) if you like.\n\nMore."),
        markdown("## Key points\n\n- One.\n- *Deeper:* two.\n"),
    )
    kept = [(slide.title, slide.text) for slide in found if not slide.deeper][2:]
    assert kept == [("One", "Short."), ("Question 3.1", ""), ("Key points", "- One.")]


def test_a_story_stands_with_each_of_its_questions_and_with_no_other(tmp_path):
    case = {"id": "C0301", "title": "A story", "html": "Once."}
    items = [{"id": f"Q030{n}", "number": f"3.{n}", "of_case": "C0301" * (n < 3), "case": None} for n in (1, 2, 3)]
    items[0]["case"] = case
    spec = {"kind": "quiz", "id": "q", "items": items, "script": {"items": [{"id": i["id"]} for i in items]}}
    *_, one, two, three = plan(tmp_path, display(spec))
    assert [slide.spec["items"][0]["case"] for slide in (one, two, three)] == [case, case, None]


def test_a_text_that_is_too_long_is_refused_with_the_mend(tmp_path):
    with pytest.raises(ChapterError, match=rf"03-sample.ipynb.*## A part.*{LONGEST}.*Shorten course.slide"):
        plan(tmp_path, markdown("## A part", course={"slide": "word " * 100}))


def test_sections_for_readers_only_have_no_slide_and_instructors_words_are_notes_of_the_title(tmp_path):
    title, able = plan(
        tmp_path,
        markdown("## Sources"),
        markdown("## Words\n\nmu: a receptor."),
        markdown("**For the instructor.** Wait.", ["instructor"]),
        markdown("## Build your own\n\nx", ["skip-handout"]),
        display({"kind": "start", "id": "03"}),
        display({"kind": "quiz", "id": "A", "mode": "check", "items": [], "script": {"items": []}}),
    )
    assert title.notes[-1] == "**For the instructor.** Wait."
    assert able.title == "Afterwards you can"


def test_each_question_is_a_slide_and_brings_no_other_answer(tmp_path):
    items = [{"id": f"Q030{n}", "number": f"3.{n}"} for n in (1, 2)]
    spec = {"kind": "quiz", "id": "Q0301-Q0302", "items": items, "script": {"items": [{"id": i["id"]} for i in items]}}
    *_, one, two = plan(tmp_path, display(spec))
    assert [slide.spec["script"]["items"] for slide in (one, two)] == [[{"id": "Q0301"}], [{"id": "Q0302"}]]
    assert one.spec["mode"] == "poll" and one.spec["folded"] is False


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (markdown("# T"), "slide"),
        (markdown("Did you see it?"), "skip"),
        (markdown("Stop.", course={"slide": "## Stop\n\nThink."}), "slide"),
        (markdown("## Sources"), "skip"),
        (markdown("## Next\n\nx"), "slide"),
        (markdown("**For the instructor.** x", ["instructor"]), "skip"),
        ({"cell_type": "code", "source": "charts.affinity_ladder()", "metadata": {}}, "slide"),
        ({"cell_type": "code", "source": 'quiz.check("A")', "metadata": {}}, "skip"),
        ({"cell_type": "code", "source": 'quiz.warm_up("03")', "metadata": {}}, "skip"),
        ({"cell_type": "code", "source": 'references.show("03")', "metadata": {}}, "skip"),
    ],
)
def test_what_jupyterlab_makes_of_a_cell(cell, kind):
    assert slide_type(cell) == kind


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_notebooks_store_the_slide_types_that_follow_from_them(chapter):
    """And the last cell is a slide: a deck started on a skipped last cell would show a blank page."""
    cells = chapter.notebook["cells"]
    stored = [cell["metadata"].get("slideshow", {}).get("slide_type") for cell in cells]
    assert [kind if kind != "fragment" else slide_type(cell) for kind, cell in zip(stored, cells, strict=True)] == [
        slide_type(cell) for cell in cells
    ], "run make refresh"
    assert stored[0] == stored[-1] == "slide"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_texts_given_in_the_metadata_belong_to_sections_and_fit(chapter):
    for cell in chapter.notebook["cells"]:
        own = cell["metadata"].get("course", {}).get("slide")
        for text in own.values() if isinstance(own, dict) else [own] if own else []:
            assert len(shortening.bare(text)) <= LONGEST
        if isinstance(own, dict):
            names = {name for name, _ in ((k, v) for k, v in texts([cell]).items())}
            assert set(own) <= names, "a heading that the cell does not have"


class Tags(HTMLParser):
    """Counts what a page must not have."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "style" or name.startswith("on") or (name == "src" and not value.startswith("data:")):
                self.found.append((tag, name))


def test_a_deck_lets_nothing_in_and_is_the_same_twice(tmp_path):
    cells = [TITLE, markdown("## A part\n\nA [link](https://x.org) & <b onclick='x()'>more</b>.")]
    made = chapter(tmp_path, cells)
    text = deck(made, cells)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    assert policy.startswith("default-src") and "unsafe" not in policy and "*" not in policy
    looked = Tags()
    looked.feed(text)
    assert looked.found == []
    assert deck(made, cells) == text
    assert "https://x.org" in text, "in the notes"


def test_a_change_of_the_slides_runs_no_notebook_again(monkeypatch):
    """Neither handouts nor slides are part of what an execution depends on, and neither of the other's pages."""
    before = {rooms: shared_digest(rooms) for rooms in ((), ("handouts",), ("slides",))}
    assert len(set(before.values())) == 3
    from course import files

    real = files.Path.read_bytes
    monkeypatch.setattr(
        files.Path, "read_bytes", lambda path: real(path) + (b" " if path.name == "slides.css" else b"")
    )
    after = {rooms: shared_digest(rooms) for rooms in before}
    assert [rooms for rooms in before if before[rooms] != after[rooms]] == [("slides",)]


def test_an_old_deck_stays_when_its_chapter_fails(tmp_path, monkeypatch):
    folder, out = tmp_path / "notebooks", tmp_path / "build" / "slides"
    folder.mkdir()
    cells = [{**TITLE, "id": "a"}]
    chapter(folder, cells)
    lines = []
    assert building.build(folder, out, lines.append) == 0 and "built in" in lines[-1]
    old = (out / "03-sample.html").read_bytes()
    lines.clear()
    assert building.build(folder, out, lines.append) == 0 and lines == ["[1/1] 03-sample: unchanged"]

    def fail(*_):
        raise ChapterError("no")

    chapter(folder, [{**TITLE, "id": "b"}])
    with monkeypatch.context() as patched:
        patched.setattr(paging, "deck", fail)
        assert building.build(folder, out, lines.append) == 1
    assert (out / "03-sample.html").read_bytes() == old
    (folder / "03-sample.ipynb").unlink()
    chapter(folder, cells)
    (folder / "03-sample.ipynb").rename(folder / "04-other.ipynb")
    assert building.build(folder, out, lines.append) == 0
    assert [path.name for path in out.glob("*.html")] == ["04-other.html"]


def tall(rows, head="", height=900):
    """A chart's spec with a row every 80 pixels, as marks write them: an axis below, a grid line through all."""
    frame = f'<path d="M9 {height - 60}L9 6" fill="none"/><text x="9" y="{height - 20}">axis</text>'
    frame += f'<path d="M0 {height - 60}L640 {height - 60}" fill="none" stroke="var(--c-edge,#6b7580)"/>'
    parts = {"frame": frame, "mark:head": f'<text x="1" y="20">{head}</text>' if head else ""}
    for row in range(rows):
        y = 60 + 80 * row
        parts["frame"] += f'<text x="1" y="{y}">row {row}<tspan x="1" dy="18">more</tspan></text>'
        dot = f'<path d="M40 {y}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0Z"/>'
        parts[f"mark:{row}"] = f'<g class="dot" role="img" aria-label="dot {row}"><title>dot {row}</title>{dot}</g>'
    return {"id": "tall", "title": "Tall", "width": 640, "height": height, "parts": parts}


@pytest.mark.parametrize("head", ["", "head"])
def test_a_tall_chart_is_shared_between_two_slides_with_its_head_and_axis_on_both(head):
    chart = tall(10, head)
    first, second = halves(chart)
    assert [one["title"] for one in (first, second)] == ["Tall (1 of 2)", "Tall (2 of 2)"]
    texts = ["".join(one["parts"].values()) for one in (first, second)]
    for row in range(10):
        assert [f">row {row}<" in text for text in texts] == [f'"dot {row}"' in text for text in texts]
        assert sum(f">row {row}<" in text for text in texts) == 1
    assert all(">axis<" in text and text.count(">head<") == bool(head) for text in texts)
    assert all(one["height"] <= TALLEST for one in (first, second))
    for one, text in zip((first, second), texts, strict=True):
        shifts = [float(shift) for shift in re.findall(r"translate\(0 ([-\d.]+)\)", text)]
        assert all(shift <= 0 for shift in shifts) and one["height"] == pytest.approx(900 + min(shifts), abs=1)


def test_a_chart_that_fits_stays_whole_and_one_of_another_make_is_refused(tmp_path):
    assert halves(tall(3, height=TALLEST)) == [tall(3, height=TALLEST)]
    odd = tall(10, height=TALLEST + 20)
    odd["parts"]["mark:odd"] = '<rect x="1" y="1"/>'
    assert halves(odd) == [odd], "legible, if small"
    chart = tall(10)
    chart["parts"]["mark:odd"] = '<rect x="1" y="1"/>'
    with pytest.raises(ChapterError, match="'tall' is too tall for a slide and cannot be divided: unknown markup"):
        plan(tmp_path, display({"kind": "chart", "id": "tall", "chart": chart}))
    chart = tall(10)
    chart["parts"]["frame"] = ""
    with pytest.raises(ValueError, match="no axis"):
        halves(chart)


def test_a_guess_points_to_no_place_of_the_page(tmp_path):
    why = "Move the explorer below to see both."
    *_, slide = plan(tmp_path, display({"kind": "prediction", "id": "p", "question": "Q?", "guesses": [], "why": why}))
    assert slide.spec["why"] == "Move the explorer on a later slide to see both."


def test_helpers():
    assert uncited("It is so ([A](https://a.org)), and [this](#x).") == "It is so, and this."
    assert said({"metadata": {}}, "x") is None
