"""Minutes: counted from what stands open in a chapter, by hand-worked examples, and as the chapters claim them."""

from __future__ import annotations

import copy

import pytest
from course.chapters import chapters, times
from course.upkeep import generated


def cell(kind: str, source: str, *tags: str) -> dict:
    return {"cell_type": kind, "metadata": {"tags": list(tags)}, "source": source}


MADE = [
    cell(
        "markdown",
        "# Title\n\n" + "word " * 599 + "\n\n<details><summary>More</summary>\n\n" + "x " * 900 + "</details>",
    ),
    cell("code", "explorers.predict_occupancy()"),
    cell("code", "explorers.occupancy()"),
    cell("code", 'charts.levels("falling")'),
    cell("code", 'quiz.show("Q0101", "Q0102")'),
    cell("markdown", "note " * 800, "instructor"),
    cell("markdown", "## More\n\n**Deeper.** " + "word " * 398),
    cell("code", "charts.levels()\ncharts.range()"),
    cell("markdown", "## More practice\n\n" + "word " * 300),
    cell("code", 'quiz.more("Q0103", "Q0104")'),
    cell("markdown", "## Words\n\n" + "word " * 3000),
]


def test_minutes_are_counted():
    # Core: 600 words at 200 a minute; a prediction 0.5, an explorer 2, a chart 0.5, two questions 1.5: 4.5, so 4.
    # Deeper: 400 words; two charts, 1.
    assert times.counted(MADE) == {"core": {"read": 3, "do": 4}, "deeper": {"read": 2, "do": 1}}


def test_minutes_are_written_where_the_chapter_claims_them():
    claim = cell(
        "markdown", "# T\n\n**Time.** Core: read 90, do 90, discuss 2 minutes. Deeper: read 90, do 90, discuss 4 more."
    )
    stated = {layer: {"read": 90, "do": 90, "discuss": 2} for layer in ("core", "deeper")}
    made = {"metadata": {"course": {"minutes": stated}}, "cells": [claim, *copy.deepcopy(MADE[1:])]}
    times.state(made)
    assert "Core: read 0, do 4, discuss 2 minutes. Deeper: read 2, do 1, discuss 4 more." in claim["source"]
    assert stated["core"] == {"read": 0, "do": 4, "discuss": 2}


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.slug)
def test_a_chapter_claims_the_minutes_that_it_takes(chapter):
    claimed = {layer: {key: chapter.box[layer][key] for key in ("read", "do")} for layer in ("core", "deeper")}
    assert claimed == times.counted(chapter.cells, generated.sentences_to_write())


def test_a_sentence_to_write_takes_longer_than_a_choice():
    assert times.counted(MADE, ["Q0101"])["core"]["do"] == 5  # 1.5 minutes in place of 0.75: 5.25 in all
