"""Lessons: every run sheet adds up, every name leads somewhere, and what is wrong is named with file, line and mend."""

from __future__ import annotations

import copy
import subprocess
import sys

import pytest
import yaml
from course import classroom
from course.chapters import ChapterError, chapters
from course.classroom.lesson_plans import FILE, LEAST, lesson, lessons, load, shares
from course.display import render
from course.evidence import DataError
from course.files import ROOT
from course.publish.slides import build as building
from course.publish.slides.lesson import named, taught
from course.publish.slides.plan import Slide
from course.quiz import bank
from hypothesis import given
from hypothesis import strategies as st

RAW = yaml.safe_load(FILE.read_text(encoding="utf-8"))


def test_four_lengths_for_each_subject():
    assert len(RAW["subjects"]) >= 3
    for subject in RAW["subjects"]:
        found = [one for one in RAW["lessons"] if one["subject"] == subject["id"]]
        assert {(one["minutes"], "before" in one) for one in found} >= {
            (50, False),
            (90, False),
            (210, False),
            (60, True),
        }


@pytest.mark.parametrize("name", list(lessons()))
def test_slots_add_up_without_a_gap_and_five_polls_stand_on_slides(name):
    found = lesson(name)
    clock = 0
    for slot in found.slots:
        assert slot.start == clock and slot.minutes >= LEAST
        clock = slot.end
    assert clock == found.minutes
    assert len(found.polls) == 5
    assert {bank.item(item).id for item in found.polls} == set(found.polls)
    assert set(found.polls) <= {slide.split()[2] for slide in found.slides if " question " in slide}
    assert len(found.discussions) >= 2 and len(found.expected) >= 3 and found.skip and found.prints
    for wrong in found.expected:
        options = bank.item(wrong.item).options
        assert [option.right for option in options if option.text == wrong.text] in ([False], [])


@given(st.integers(2, 300), st.lists(st.floats(0.1, 90), min_size=1, max_size=14))
def test_shares_are_whole_and_add_up(minutes, weights):
    if minutes >= LEAST * len(weights):
        found = shares(minutes, weights)
        assert sum(found) == minutes and min(found) >= LEAST
        assert all(
            a >= b
            for (a, x) in zip(found, weights, strict=True)
            for (b, y) in zip(found, weights, strict=True)
            if x > y
        )


def test_a_changed_time_box_changes_the_run_sheet_and_it_still_adds_up(monkeypatch):
    from course.chapters import notebook

    before = load(FILE)["risks-90"]
    box = {"core": {"read": 60, "do": 0, "discuss": 0}, "deeper": {"read": 1, "do": 0, "discuss": 0}}
    monkeypatch.setattr(notebook.Chapter, "box", box)
    after = load(FILE)["risks-90"]
    assert sum(slot.minutes for slot in after.slots) == 90
    assert [slot.minutes for slot in after.slots] != [slot.minutes for slot in before.slots]


def spoiled(tmp_path, change):
    value = copy.deepcopy(RAW)
    change(value)
    path = tmp_path / "lessons.yaml"
    path.write_text(yaml.safe_dump(value, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def risks(value):
    return next(one for one in value["subjects"] if one["id"] == "risks")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda v: v["lessons"][0].update(polls=["Q0203"]),
            r"lessons.0.polls has too few entries",
        ),
        (
            lambda v: v["lessons"][0].update(polls=["Q0999", "Q0209", "Q0304", "Q0307", "Q0309"]),
            r"the poll Q0999 is on no",
        ),
        (lambda v: v["lessons"][0].update(minutes=20), r"do not fit into 20 minutes. Take a part"),
        (lambda v: v["lessons"][0].update(subject="risk"), r"there is no subject 'risk'. Did you mean 'risks'"),
        (lambda v: v["lessons"][4]["parts"].append("nalox"), r"'risks' has no part 'nalox'. Did you mean 'naloxone'"),
        (lambda v: v["lessons"][0].update(idd="x"), r"has the unknown part 'idd'. Did you mean 'id'"),
        (
            lambda v: v["lessons"].append(
                {**v["lessons"][0], "polls": [*v["lessons"][0]["polls"]], "parts": [*v["lessons"][0]["parts"]]}
            ),
            r"the id 'mechanism-50' is used twice.",
        ),
        (
            lambda v: risks(v)["parts"][2]["slides"].append("06 explorer ventilaton"),
            r"no slide 'explorer ventilaton'",
        ),
        (
            lambda v: risks(v)["parts"][2]["slides"].append("06 question Q0999"),
            r"chapter 06 has no slide 'question Q0999'",
        ),
        (lambda v: risks(v)["parts"][2]["slides"].append("66 title"), r"there is no chapter '66'. Known: 00, 01"),
        (lambda v: risks(v)["parts"][2]["slides"].append("breathing"), r"is 'breathing', which does not have"),
        (
            lambda v: risks(v)["parts"][2].update(minutes=3),
            r"'breathing' states its time in no way, or in two",
        ),
        (lambda v: risks(v)["parts"][2].pop("weight"), r"'breathing' states its time in no way, or in two"),
        (lambda v: risks(v)["parts"][2].update(chapter="06-risk"), r"no chapter '06-risk'. Did you mean '06-risks'"),
        (
            lambda v: risks(v)["expect"][0].update(option="Nobody says this"),
            r"is not one of its options",
        ),
        (
            lambda v: risks(v)["expect"][0].update(option="It slows breathing, above all"),
            r"of Q0604 is right",
        ),
        (lambda v: risks(v)["expect"][0].update(item="Q0699"), r"There is no question 'Q0699'. Did you mean 'Q06"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_mend(tmp_path, change, said):
    with pytest.raises(DataError, match=r"^data/lessons.yaml, line \d+: .*" + said):
        load(spoiled(tmp_path, change))


def test_the_file_itself_may_be_broken(tmp_path):
    path = tmp_path / "lessons.yaml"
    for text, said in [("", "the file is empty"), ("a: [", "the YAML cannot be read"), ("a: 1", "has no 'common'")]:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=said):
            load(path)
    path.unlink()
    with pytest.raises(DataError, match="cannot be read"):
        load(path)


def test_an_unknown_lesson_is_named_with_the_nearest():
    with pytest.raises(KeyError, match="no lesson 'risk-50'. Did you mean 'risks-50'"):
        lesson("risk-50")
    said: list[str] = []
    assert building.build_lesson("risk-50", ROOT / "build", False, said.append) == 1
    assert said == ["There is no lesson 'risk-50'. Did you mean 'risks-50'?"]


def slide(kind, name, title="", deeper=False):
    return Slide(kind, title or name, id=name, deeper=deeper)


def test_slides_are_found_by_name_with_all_their_pages():
    plan = [
        slide("text", "A", "A (1 of 2)"),
        slide("text", "A", "A (2 of 2)"),
        slide("explorer", "x"),
        slide("explorer", "x", "again"),
        slide("chart", "c", "C (1 of 2)"),
        slide("chart", "c", "C (2 of 2)"),
        slide("chart", "c", "C (1 of 2)"),
    ]
    plans = {"06": plan}
    assert named("06 text A", plans, "l") == plan[:2]
    assert named("06 explorer x 2", plans, "l") == [plan[3]]
    assert named("06 chart c", plans, "l") == plan[4:6]
    assert named("06 chart c 2", plans, "l") == plan[6:]
    with pytest.raises(ChapterError, match="the lesson 'l' names the slide '06 text B', which is not there"):
        named("06 text B", plans, "l")


def test_a_lessons_notes_say_when_what_to_do_and_how_to_respond():
    found = lesson("risks-50")
    plan = []
    for name in found.slides:
        kind, *which = name[3:].split()
        plan.append(slide(kind, which[0] if which else "", deeper=which == ["Q0605"]))
    first, *rest = taught(found, {"06": plan})
    assert first.title == "Risks and breathing" and "| 0 to 4 | open |" in first.notes[0]
    notes = "\n".join(note for one in rest for note in one.notes)
    for slot in found.slots:
        assert f"**Minutes {slot.start} to {slot.end}. Do:** {slot.do}" in notes and slot.say in notes
    wrong = found.expected[0]
    assert f"**Expect** “{wrong.text}”. {wrong.respond}" in next(one for one in rest if one.id == wrong.item).notes[0]
    assert found.discussions[0][1] in rest[-1].notes[-1]
    assert len(taught(found, {"06": plan}, core=True)) == len(rest)


def test_the_guide_shows_all_lessons():
    shown = classroom.lessons()
    assert [one["id"] for one in shown.spec["lessons"]] == list(lessons())
    for form in ("stored", "offline"):
        html = render(shown.spec, form, "u")
        assert "<caption>risks-50: 50 minutes</caption>" in html
    with pytest.raises(Exception, match="There is no classroom.lesson"):
        classroom.lesson  # noqa: B018


def test_no_learners_notebook_needs_the_classroom():
    assert not [chapter.slug for chapter in chapters() if "classroom" in chapter.text]
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'notebooks')!r}); from course import start, quiz, charts, learning"
    )
    check = f"{code}; assert not [name for name in sys.modules if 'classroom' in name]"
    assert subprocess.run([sys.executable, "-c", check]).returncode == 0
