"""Booklets whose keys belong to them, and one-page handouts whose numbers have sources."""

import random
import re

import pytest
from course.chapters import chapters
from course.evidence import DataError
from course.publish.papers.booklet import VARIANTS, booklet, question
from course.publish.papers.build import booklets, page
from course.publish.papers.sheet import FILE, answers, sheets
from course.quiz import bank


@pytest.mark.parametrize("form", ["A", "B"])
def test_a_variant_asks_the_same_in_another_order_and_its_key_follows(form):
    first, second = (booklet(form, variant)["questions"] for variant in VARIANTS)
    assert booklet(form, 2)["questions"] == second, "the same each time"
    assert [one["stem"] for one in first] == [one["stem"] for one in second]
    assert [one["lists"] for one in first] != [one["lists"] for one in second]
    for one, other in zip(first, second, strict=True):
        if one["kind"] in ("single", "several"):
            both = (one, other)
            texts = [{o["letter"]: o["html"] for o in shown["lists"][0]["options"]} for shown in both]
            right = [
                {texts[at][letter] for letter in shown["key"].split(", ")} for at, shown in enumerate((one, other))
            ]
            assert right[0] == right[1]


def test_the_key_of_every_question_of_the_course_is_right_in_any_order():
    """Of all kinds: the letters of the key name the options that the bank has as right."""
    kinds = set()
    for item in [item for found in bank.banks() for item in found.items]:
        made = question(item, 1, random.Random(item.id))
        kinds.add(item.kind)
        if item.kind in ("single", "several"):
            letters = [option["letter"] for option in made["lists"][0]["options"]]
            assert letters == sorted(letters) and len(letters) == len(item.options)
            assert len(made["key"].split(", ")) == sum(option.right for option in item.options)
        elif item.kind == "truth":
            assert re.fullmatch(r"(True|False), [A-H]", made["key"])
        elif item.kind == "ordering":
            places = [int(place) for place in made["key"].split(", ")]
            assert sorted(places) == list(range(1, len(made["lines"]) + 1))
        elif item.kind in ("matching", "cloze"):
            assert len(made["key"].split(", ")) == made["cells"] == len(made["lines"] or made["lists"])
        assert made["cells"] >= 1
    assert len(kinds) == 8


def test_a_booklet_holds_no_key_and_a_grid_with_a_row_for_each_question():
    pages = dict(booklets())
    assert len(pages) == 8 and sum(name.startswith("keys/") for name in pages) == 4
    for name, text in pages.items():
        assert text.startswith("<!doctype html>") and "<script" not in text
        if name.startswith("keys/"):
            assert "For instructors" in text
            continue
        assert "arrow buttons" not in text
        made = booklet(name[5], int(name[15]))
        assert text.count('<tr><th scope="row">') == len(made["questions"])
        assert "Name or pseudonym" in text
        for one in made["questions"]:
            assert one["why"] not in text


def test_each_chapter_that_teaches_has_one_page_with_three_numbers():
    found = sheets()
    assert list(found) == [chapter.slug for chapter in chapters() if chapter.number != "10"]
    for chapter in chapters():
        if chapter.slug in found:
            assert len(answers(chapter)) >= 1 and "](" not in "".join(answers(chapter))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("FA10, FA16, FA18", "FA10, FA16", "00-start-here has not three facts. Name three rows."),
        ("FA418", "FA4181", "there is no fact 'FA4181'. Did you mean 'FA418'"),
        ("06-risks", "06-risk", "no chapter '06-risk'. Did you mean '06-risks'"),
        ("picture: definitions, ", "", "a sheet has other parts. Give it chapter, picture and facts."),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, old, new, said):
    path = tmp_path / "sheets.yaml"
    path.write_text(FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=rf"^data/sheets.yaml, line \d+: .*{re.escape(said)}"):
        sheets(path)


def test_a_page_keeps_to_itself():
    text = page("booklet-key", "t", booklet("A", 1))
    assert "http-equiv" in text and "default-src &#39;none&#39;" in text
    assert "<script" not in text and "<link" not in text and ' src="http' not in text
