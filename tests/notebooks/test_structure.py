"""The build of the course: questions right after their idea, explorers opened by a guess, time boxes that add up."""

from __future__ import annotations

import json
import re

import pytest
from course import quiz
from course.chapters import chapters, taught, times
from course.evidence import references

CHAPTERS = [chapter.path for chapter in taught()]
CORE_MINUTES, ALL_MINUTES = (130, 170), (300, 420)


def sections(notebook: dict) -> list[tuple[str, str]]:
    """(anchor of the section, call) of every code cell, in order."""
    found, here = [], ""
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            headings = re.findall(r"(?m)^## (.*)$", text)
            here = headings[-1].replace(" ", "-") if headings else here
        else:
            found.append((here, text))
    return found


def order(notebook: dict) -> list[str]:
    text = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    return [heading.replace(" ", "-") for heading in re.findall(r"(?m)^## (.*)$", text)]


def misplaced(notebook: dict, item_sections: dict[str, str], in_cases: set[str] = frozenset()) -> list[str]:
    """Questions that stand neither in the section that they name nor in the one after it; more practice aside.

    A case asks for ideas of several sections, so its questions may stand anywhere after these.
    """
    anchors, found = order(notebook), []
    for here, call in sections(notebook):
        for item in re.findall(r"Q\d{4}", call if call.startswith("quiz.show") else ""):
            named = item_sections[item]
            furthest = len(anchors) if item in in_cases else 1
            if named not in anchors or not 0 <= anchors.index(here) - anchors.index(named) <= furthest:
                found.append(f"{item} names {named} and stands in {here}")
    return found


def not_opened(notebook: dict) -> list[str]:
    """The first explorer of a chapter, if no prediction stands before it."""
    names = [found[1] for _, call in sections(notebook) if (found := re.match(r"explorers\.(\w+)", call))]
    return [] if names and names[0].startswith("predict_") else names[:1] or ["no explorer"]


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request) -> dict:
    return json.loads(request.param.read_text(encoding="utf-8")) | {"name": request.param.stem}


def test_questions_stand_right_after_their_idea(chapter):
    items = quiz.bank.load(quiz.bank.FOLDER / f"{chapter['name']}.yaml").items
    in_cases = {item.id for item in items if item.case}
    assert misplaced(chapter, {item.id: item.section for item in items}, in_cases) == []


def test_a_case_and_its_questions_stand_in_one_place(chapter):
    """Its story is told once, and its questions follow."""
    items = {item.id: item for item in quiz.bank.load(quiz.bank.FOLDER / f"{chapter['name']}.yaml").items}
    calls = [re.findall(r"Q\d{4}", call) for _, call in sections(chapter) if call.startswith("quiz.show")]
    calls += [re.findall(r"Q\d{4}", call) for _, call in sections(chapter) if call.startswith("quiz.more")]
    told = [{items[item].case.id for item in call if items[item].case} for call in calls]
    assert len([case for cases in told for case in cases]) == len({case for cases in told for case in cases})


def test_a_prediction_opens_the_first_explorer(chapter):
    assert not_opened(chapter) == []


def test_questions_are_spread_over_the_chapter(chapter):
    """No more than six in a row, and none left for the end alone."""
    shown = [re.findall(r"Q\d{4}", call) for _, call in sections(chapter) if call.startswith("quiz.show")]
    assert len(shown) >= 5 and max(map(len, shown)) <= 6


def made(*cells: str) -> dict:
    kinds = [("code" if re.match(r"quiz|explorers", text) else "markdown") for text in cells]
    return {"cells": [{"cell_type": kind, "source": [text]} for kind, text in zip(kinds, cells, strict=True)]}


def test_a_misplaced_question_and_an_unopened_explorer_are_found():
    notebook = made("## One", "## Two", "## Three", 'quiz.show("Q0101")', "explorers.occupancy()")
    assert misplaced(notebook, {"Q0101": "One"}) and misplaced(notebook, {"Q0101": "Four"})
    assert not misplaced(notebook, {"Q0101": "One"}, {"Q0101"})
    assert not misplaced(notebook, {"Q0101": "Two"}) and not misplaced(notebook, {"Q0101": "Three"})
    assert not_opened(notebook) == ["occupancy"]
    assert not not_opened(made("## One", "explorers.predict_occupancy()", "explorers.occupancy()"))


def test_time_boxes_add_up():
    """For somebody who learns alone Core takes under three hours; everything, with talk, about six."""
    found = chapters()
    boxes = [chapter.box for chapter in found]
    core, deeper = (sum(sum(box[layer].values()) for box in boxes) for layer in ("core", "deeper"))
    assert CORE_MINUTES[0] <= times.alone(boxes)["core"] <= CORE_MINUTES[1]
    tests = [box["test"]["do"] for box in boxes if "test" in box]
    assert len(tests) == 2
    assert ALL_MINUTES[0] <= core + deeper + sum(tests) <= ALL_MINUTES[1]
    for chapter in taught():
        assert set(chapter.box) == {"core", "deeper"} and 10 <= sum(chapter.box["core"].values()) <= 25


def test_the_first_screen_answers_the_question():
    """The first cell of chapter 00 has the answer, what is open, and sources, before anything runs."""
    cells = chapters()[0].cells
    assert cells[0]["cell_type"] == "markdown" and cells[1]["cell_type"] == "code"
    first = "".join(cells[0]["source"])
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", first).replace("*", "")
    assert "## The short answer" in first and "dissociative anesthetic, not an opioid" in plain
    cited = [source for source in references().values() if f"]({source.url})" in first]
    assert cited
    assert len(re.sub(r"\(\[.*?\)\)", "", plain).split()) < 150, "one screen, with something to move on it"
    calls = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert calls[1] == "explorers.answer_by_rule()"
    opened = "".join(cells[3]["source"])
    assert "What is open" in opened and "needs" in opened and "neuroplasticity" in opened
