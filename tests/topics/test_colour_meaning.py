"""Color means one thing in the whole course: blue is ketamine and its forms, orange is opioids and mu.

Verdicts, grades and states are neutral, told by shape and words. Our drawings are looked at by eye.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
from course.display import Axes, Chart, Dots, Label, Span, Table
from course.display.answer_table import ANSWERS
from course.evidence import table
from course.evidence.records import Drug
from course.topics.claims.rows import VERDICTS
from course.topics.formats.rows import STATUS
from course.topics.risks.rows import FINDINGS
from course.topics.trials.rows import DIRECTIONS
from everything import chart_names, drawn

ROLES = {"blue", "orange"}
NEUTRAL = {"ink", "muted", "edge", "line", "paper", "raised"}
BLOCKERS = ("opioid antagonist",)
# What is said of no drug. A finding that names ketamine may bear its color.
STATES = {
    *VERDICTS,
    *ANSWERS,
    *STATUS,
    *FINDINGS,
    *(name for name in DIRECTIONS if "ketamine" not in name),
    "fits",
    "against",
    "silent",
    "established",
    "hypothesis",
    "disputed",
    "guidance",
}


@cache
def families() -> dict[str, re.Pattern]:
    """Color -> the words that belong to it."""
    drugs = table(Drug)
    opioids = [row.name for row in drugs if row.opioid_class not in ("not an opioid", *BLOCKERS)]
    return {
        "blue": re.compile(r"\b(?:(?:(?:es|ar|hydroxynor|nor)?ketamine)|NMDA|R-107)\b", re.I),
        "orange": re.compile(rf"\b(?:{'|'.join(map(re.escape, opioids))}|opioids?|mu)\b", re.I),
    }


def words_of(chart: Chart, mark) -> str:
    """What a mark says, or, where it says nothing, the name of its row."""
    said = " ".join([getattr(mark, "text", ""), *getattr(mark, "labels", ())]).strip()
    if said or chart.axes is None or not isinstance(chart.axes.y_ticks, dict):
        return said
    if isinstance(mark, Span) and mark.y == mark.y2:
        nearest = min(chart.axes.y_ticks, key=lambda tick: abs(tick - mark.y), default=None)
        return chart.axes.y_ticks[nearest] if nearest is not None and abs(nearest - mark.y) < 0.5 else ""
    return ""


def strays(chart: Chart) -> list[str]:
    """Marks whose color means something else than they show, each with why."""
    found = []
    for mark in chart.marks:
        if not hasattr(mark, "colour") or type(mark).__name__ == "Drawing":
            continue
        if mark.colour not in ROLES | NEUTRAL:
            found.append(f"{mark.name} is {mark.colour}, which means nothing here")
        if mark.colour not in ROLES:
            continue
        words = words_of(chart, mark).replace("not an opioid", "")
        own = families()[mark.colour]
        other = families()["orange" if mark.colour == "blue" else "blue"]
        if other.search(words) and not own.search(words):
            found.append(f"{mark.name} is {mark.colour}, and says {words!r}")
        if words.strip(" ?†").lower() in STATES:
            found.append(f"{mark.name} is {mark.colour}, and says only {words!r}, which is no drug")
    return found


@pytest.mark.parametrize("name", chart_names())
def test_a_colour_means_its_drug_family(name):
    shown = drawn(name)
    if not shown:
        pytest.skip("no chart with marks behind this name")
    found = {what: some for what, chart in shown.items() if (some := strays(chart))}
    assert not found, "\n".join(f"{what}: {some[:4]}" for what, some in list(found.items())[:3])


def made(*marks) -> Chart:
    axes = Axes("x", (0, 1), [0, 1], "y", (0, 3), {1: "Ketamine", 2: "Morphine"})
    return Chart("made", "Made", axes, marks, "Made.", Table("t", ("a",), [("1",)]), [])


@pytest.mark.parametrize(
    "mark",
    [
        Label("a", "blue", 0, 1, "morphine, measured"),
        Label("a", "orange", 0, 1, "esketamine spray"),
        Dots("a", "orange", [0], [1], labels=["Ketamine, 0.5 mg/kg"]),
        Span("a", "blue", 0, 2, 1, 2),
        Span("a", "orange", 0, 1, 1, 1),
        Label("a", "blue", 0, 1, "holds"),
        Label("a", "orange", 0, 1, "unsettled?"),
        Label("a", "green", 0, 1, "naloxone"),
        Dots("a", "purple", [0], [1]),
    ],
)
def test_a_wrong_colour_is_seen(mark):
    assert strays(made(mark))


def test_right_colours_pass():
    right = [
        Label("a", "blue", 0, 1, "esketamine on remifentanil"),
        Label("b", "orange", 0, 1, "ketamine at mu"),
        Span("c", "orange", 0, 2, 1, 2),
        Label("d", "ink", 0, 1, "holds"),
    ]
    assert strays(made(*right)) == []
