"""The pictures of a class: how hard its questions were, how sure it was, what it gained."""

from __future__ import annotations

from ...display import Axes, Chart, Dots, Label, Line, Mark, Span, Table
from ...learning.calibrating import Level, axes
from ...quiz.grading import SURENESS
from .analysis import Gain, Question

NBSP = "\u00a0"
HARD, ODD = 0.4, 0.1  # share of points below which a question is hard; correlation below which it tells nobody apart
MOST_ROWS = 40
MADE_UP = "A simulated class, nobody’s answers. "


def questions_chart(found: list[Question], simulated: bool) -> Chart:
    """Each question by the share of points it gave and by how well it tells people apart."""
    known = [one for one in found if one.item_rest is not None]
    hard = [one for one in found if one.difficulty < HARD]
    odd = [one for one in known if one.item_rest is not None and one.item_rest < ODD]
    marks: list[Mark] = [
        Line("none", "muted", [0, 100], [0, 0], "dashed", 1.5),
        Label("none-name", "muted", 100, 0, "tells nobody apart", 0, -18, "right"),
    ]
    for form, marker, colour in (("A", "o", "blue"), ("B", "D", "orange"), ("", "s", "muted")):
        of_it = [one for one in known if one.form == form]
        if of_it:
            texts = [
                f"{one.id}: {100 * one.difficulty:.0f} % of the points, item-rest {one.item_rest:.2f}, "
                f"{one.answers} answers"
                for one in of_it
            ]
            x, y = [100 * one.difficulty for one in of_it], [float(one.item_rest or 0) for one in of_it]
            marks.append(Dots(f"form-{form or 'none'}", colour, x, y, marker, 9, True, texts))
    who = "the simulated class" if simulated else "this class"
    rows = [
        (
            one.id,
            one.form or "practice",
            str(one.answers),
            f"{100 * one.difficulty:.0f}{NBSP}%",
            "too few" if one.item_rest is None else f"{one.item_rest:.2f}",
        )
        for one in sorted(found, key=lambda one: one.difficulty)
    ]
    return Chart(
        "class-questions",
        f"{len(hard)} of {len(found)} questions gave {who} less than {100 * HARD:.0f} % of their points",
        Axes(
            "Share of the points (%)",
            (0, 102),
            [0, 25, 50, 75, 100],
            "Item-rest correlation",
            (-0.4, 1),
            [-0.25, 0, 0.25, 0.5, 0.75, 1],
            left=64,
        ),
        marks,
        f"{len(known)} questions with enough answers: circles are form A, diamonds form B, squares practice. "
        f"Left is hard, right is easy; high tells those who know more from those who know less. "
        f"{len(odd)} lie below {ODD}: {', '.join(one.id for one in odd[:8]) or 'none'}.",
        Table("Questions, the hardest first", ("Question", "Form", "Answers", "Points", "Item-rest"), rows[:MOST_ROWS]),
        (),
        caveat=(MADE_UP if simulated else "")
        + "With fewer than 30 people a correlation may be off by 0.3 or more.\nPoints are those of first answers; half "
        "a point is given for what is partly right. The item-rest correlation is that of a question with the mean "
        "points of the other questions of its form.",
    )


def calibration_chart(found: list[Level], simulated: bool) -> Chart:
    """Said sureness against the share right, over the whole class."""
    marks: list[Mark] = [
        Line("diagonal", "muted", [0, 100], [0, 100], "dashed", 2),
        Label("diagonal-name", "muted", 1, 34, "right as often\nas they said"),
    ]
    for level in found:
        text = f"“{SURENESS[level.sure]}”, {level.sure} %: {level.right} of {level.answers} right"
        marks += [
            Span(f"interval-{level.sure}", "blue", level.sure, level.low, level.sure, level.high, 2.5, caps=True),
            Dots(f"dot-{level.sure}", "blue", [level.sure], [level.share], "o", 12, True, [text]),
            Label(
                f"n-{level.sure}", "blue", level.sure, level.high, f"{level.share:.0f} %", 0, 12, "center", bold=True
            ),
        ]
    top = found[-1]
    return Chart(
        "class-calibration",
        f"When they said “{SURENESS[top.sure]}”, {top.share:.0f} % of the answers were right",
        axes("How sure they said they were"),
        marks,
        " ".join(
            f"“{SURENESS[one.sure].capitalize()}” ({one.sure}{NBSP}%): {one.right:,} of {one.answers:,} right, "
            f"95{NBSP}% interval {one.low:.0f} to {one.high:.0f}{NBSP}%."
            for one in found
        ),
        Table(
            "First answers by sureness",
            ("Said", "Answers", "Right", "Share right"),
            [(SURENESS[one.sure], f"{one.answers:,}", f"{one.right:,}", f"{one.share:.0f}{NBSP}%") for one in found],
        ),
        ("wilson1927",),
        caveat=(MADE_UP if simulated else "") + "Answers of one person go together, so the intervals are too narrow.",
        height=400,
    )


def gain_chart(found: list[Gain], simulated: bool) -> Chart:
    """Each objective before and after."""
    rows = sorted(found, key=lambda one: one.after - one.before)
    height = 90 + 26 * len(rows)
    marks: list[Mark] = []
    for at, one in enumerate(rows):
        says = f"{one.objective}: {one.before:.0f} % before, {one.after:.0f} % after"
        marks += [
            Span(f"span-{one.objective}", "muted", one.before, at, one.after, at, 2.5),
            Dots(f"before-{one.objective}", "muted", [one.before], [at], "o", 9, False, [says]),
            Dots(f"after-{one.objective}", "blue", [one.after], [at], "o", 10, True, [says]),
        ]
    up = sum(one.after > one.before for one in rows)
    return Chart(
        "class-gain",
        f"After the course {up} of {len(rows)} objectives gave more points than before",
        Axes(
            "Points (%): open circle before, filled after",
            (-3, 103),
            [0, 25, 50, 75, 100],
            "",
            (-0.7, len(rows) - 0.3),
            {at: one.objective for at, one in enumerate(rows)},
            left=64,
            grid="x",
        ),
        marks,
        f"{rows[0].people} people handed in both forms. The largest gain: {rows[-1].text} ({rows[-1].before:.0f} to "
        f"{rows[-1].after:.0f}{NBSP}%). The smallest: {rows[0].text} ({rows[0].before:.0f} to "
        f"{rows[0].after:.0f}{NBSP}%).",
        Table(
            "Objectives, the largest gain first",
            ("Objective", "What it asks", "Level", "Before", "After"),
            [
                (one.objective, one.text, one.level, f"{one.before:.0f}{NBSP}%", f"{one.after:.0f}{NBSP}%")
                for one in reversed(rows)
            ],
        ),
        (),
        caveat=(MADE_UP if simulated else "")
        + "One or two questions of a form ask for an objective: read a single line with care.\nBefore is the form that "
        "somebody handed in first, after the other one: both forms stand on both sides.",
        height=height,
    )
