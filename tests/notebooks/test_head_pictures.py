"""The picture at each chapter's head: one of a family, described, and inside the pages that need no network."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from course.chapters import Chapter, ChapterError, chapters
from course.chapters.prose import Prose
from course.chapters.short import short
from course.chapters.times import counted
from course.display.palette import palette
from course.files import ROOT
from course.publish.handouts.page import chapter_page, index_page
from course.publish.slides.plan import slides
from nbconvert.filters import markdown2html

FOLDER = ROOT / "assets" / "pictures"
CHAPTERS = chapters()
PICTURES = sorted(FOLDER.iterdir())
COLORS = {"k": "blue", "o": "orange", "n": "edge"}
SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
SHAPES = {"svg", "style", "g", "path", "circle", "ellipse", "rect"}


@pytest.fixture(params=CHAPTERS, ids=lambda chapter: chapter.slug)
def chapter(request) -> Chapter:
    return request.param


@pytest.fixture(params=PICTURES, ids=lambda path: path.name)
def picture(request):
    return request.param


def luminance(color: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_chapter_opens_with_its_picture_after_the_promise(chapter):
    shown = SHOWN.findall("\n".join(cell["source"] for cell in chapter.cells if cell["cell_type"] == "markdown"))
    assert [address for _, address in shown] == [f"../assets/pictures/{chapter.number}.svg"]
    title, promise, picture = chapter.cells[0]["source"].split("\n\n")[:3]
    assert title.startswith("# ") and re.fullmatch(r"\*[^*]+\*", promise) and SHOWN.fullmatch(picture)
    assert (chapter.path.parent / shown[0][1]).is_file()


def test_a_picture_is_described_in_a_sentence_of_its_own(chapter):
    words = SHOWN.search(chapter.cells[0]["source"])[1]
    assert re.fullmatch(r"[A-Z].{40,240}\.", words), words
    assert not re.search(r"(?i)\b(picture|image|drawing|illustration)\b", words), "a screen reader says that already"
    others = [other for other in CHAPTERS if other.slug != chapter.slug]
    assert all(words not in other.cells[0]["source"] for other in others)
    drawn = (FOLDER / f"{chapter.number}.svg").read_text(encoding="utf-8")
    for name, color in (("k", "blue"), ("o", "orange")):
        assert (f'class="{name}"' in drawn) == (color in words.casefold()), f"{color}: drawn, or said, but not both"


def test_a_description_takes_a_reader_no_time():
    cell = {"cell_type": "markdown", "metadata": {}, "source": f"![{'word ' * 900}](../assets/pictures/01.svg)"}
    assert counted([cell])["core"]["read"] == 0


def test_every_picture_has_a_chapter():
    assert [path.name for path in PICTURES] == [f"{chapter.number}.svg" for chapter in CHAPTERS]


def test_a_picture_is_flat_small_and_sends_for_nothing(picture):
    text = picture.read_text(encoding="utf-8")
    assert len(text.encode()) < 3000
    root = ET.fromstring(text)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= SHAPES
    assert not re.search(r"href|url\(|@import|\bon[a-z]+=|<!", text)
    assert [element.tag for element in root.iter() if (element.text or "").strip()] == [
        "{http://www.w3.org/2000/svg}style"
    ], "no words in a picture"
    assert (root.get("viewBox"), root.get("width"), root.get("height")) == ("0 0 720 108", "720", "108")
    assert (root.get("stroke-width"), root.get("stroke"), root.get("fill")) == ("3", "currentColor", "none")


def test_its_colors_are_the_palettes_in_light_and_dark(picture):
    text = picture.read_text(encoding="utf-8")
    groups = re.findall(r'<g class="(\w)" color="(#[0-9a-f]{6})">', text)
    assert groups and text.count("<g") == len(groups)
    dark = dict(re.findall(r"\.(\w) { color: (#[0-9a-f]{6}) }", re.search(r"<style>@media \(p.*</style>", text)[0]))
    assert set(dark) == set(COLORS) and "prefers-color-scheme: dark" in text
    for name, color in groups:
        tint = palette()[COLORS[name]]
        assert (color, dark[name]) == (tint["light"], tint["dark"])
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', text)) <= {"none", "currentColor"}
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", text)) <= {color for _, color in groups} | set(dark.values())


@pytest.mark.parametrize("name", COLORS.values())
def test_its_lines_are_seen_on_either_theme_of_jupyterlab(name):
    """A dark theme may run on a light system, and a light one on a dark system."""
    tint = palette()[name]
    assert contrast(tint["light"], "#ffffff") > 4.5 and contrast(tint["dark"], "#111111") > 4.5
    assert contrast(tint["light"], "#111111") > 2.9 and contrast(tint["dark"], "#ffffff") > 2.9


def test_a_handout_holds_its_picture_right_after_the_promise(chapter):
    page = chapter_page(chapter, [cell for cell in chapter.cells if cell["cell_type"] == "markdown"], "student")
    soup = BeautifulSoup(page, "html.parser")
    paragraphs = soup.h1.find_next_siblings(True, limit=2)
    picture = paragraphs[1].find("img")
    assert paragraphs[0].get_text() == chapter.promise
    assert picture["alt"] == SHOWN.search(chapter.cells[0]["source"])[1]
    kind, _, content = picture["src"].partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(content) == (FOLDER / f"{chapter.number}.svg").read_bytes()
    assert "../assets" not in page and "img-src data:" in page
    # What is folded stays folded: the list of what one can do afterwards is inside its fold.
    for fold in soup.select("main > details"):
        assert fold.find(["ul", "ol", "p", "div"]), fold


def test_pictures_stay_out_of_slides_and_notes(chapter):
    cells = [cell for cell in chapter.cells if cell["cell_type"] == "markdown"]
    made = slides(chapter, cells)
    said = "".join(text for each in made for text in (each.text, *each.notes))
    assert made[0].kind == "title" and "assets" not in said
    assert short("![A blue disc.](../assets/pictures/01.svg)\n\nKetamine blocks a channel.") == (
        "Ketamine blocks a channel.",
        [],
    )


def test_a_picture_that_is_missing_is_named(tmp_path):
    page = Prose({}, (), (), tmp_path / "01-two.ipynb")
    with pytest.raises(ChapterError) as error:
        page.clean(markdown2html("![A disc.](../assets/pictures/99.svg)"))
    assert str(error.value) == (
        "01-two.ipynb shows the picture ../assets/pictures/99.svg, which is not there. "
        "Put the file there, or mend the address."
    )


def test_the_readme_opens_with_the_front_picture():
    shown = SHOWN.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert shown[2] == "assets/pictures/00.svg"
    assert shown[1] == SHOWN.search(CHAPTERS[0].cells[0]["source"])[1]


def test_the_list_of_chapters_opens_with_the_front_picture():
    soup = BeautifulSoup(index_page(CHAPTERS), "html.parser")
    picture = soup.h1.find_next_siblings("p", limit=2)[1].img
    assert picture["alt"] == SHOWN.search(CHAPTERS[0].picture)[1]
    assert base64.b64decode(picture["src"].partition(",")[2]) == (FOLDER / "00.svg").read_bytes()
