"""Every chart, with every argument that it accepts, is a clean picture whose title says something."""

from __future__ import annotations

import crowding
import pytest
from course import charts
from course.evidence import table
from course.evidence.records import Drug
from course.topics.binding import occupancy

DRUGS = [row.drug for row in table(Drug)]
# A title that only names what is drawn says nothing.
NAMES_ONLY = ("Predicted ", "Occupancy of", "Levels of", "The levels", "Comparison of")


@pytest.mark.parametrize("name", charts.__all__)
def test_the_picture_of_a_notebook_is_clean(name):
    assert crowding.crowded(getattr(charts, name)().chart) == []


@pytest.mark.proof  # some ten thousand calls
@pytest.mark.parametrize("name", charts.__all__)
def test_every_accepted_argument_gives_a_clean_picture(name):
    seen = 0
    for call in crowding.calls_of(name):
        chart = crowding.accepts(name, **call)
        if chart is None:
            continue
        seen += 1
        assert crowding.crowded(chart) == [], (name, call)
        assert len(chart.title) > 15 and not chart.title.startswith(NAMES_ONLY), (name, call)
    assert seen


@pytest.mark.parametrize("slug", DRUGS)
@pytest.mark.parametrize("name", ["occupancy_curves", "selectivity"])
def test_what_works_is_drawn_and_all_else_is_told_what_does(name, slug):
    works = {"occupancy_curves": occupancy._drawn, "selectivity": occupancy._compared}[name]()
    assert "ketamine" in works and len(works) < len(DRUGS)
    said = " ".join(getattr(charts, name).__doc__.split())
    assert f"{', '.join(works[:-1])} or {works[-1]}" in said, "the docstring lists what works"
    if slug in works:
        assert getattr(charts, name)(slug).chart.title
    else:
        with pytest.raises(ValueError, match=rf"These have all.*: {', '.join(works)}\.$"):
            getattr(charts, name)(slug)


def test_the_message_of_a_title_is_that_of_the_drug():
    title = charts.selectivity("methadone").chart.title
    assert title == "At every level shown, the same free drug fills more mu sites than NMDA sites"
    title = charts.selectivity("esketamine").chart.title
    assert title == "At every level shown, the same free drug fills more NMDA sites than mu sites"
    assert charts.occupancy_curves("morphine").chart.title == (
        "At 80.8\u00a0ng/mL, morphine is predicted to fill 96 to 99\u00a0% of mu sites"
    )


def test_crowded_and_cut_words_are_seen():
    import dataclasses

    from course.display import Label

    chart = charts.selectivity().chart
    first = next(mark for mark in chart.marks if isinstance(mark, Label))
    again = dataclasses.replace(first, name="again", dx=first.dx + 4)
    away = dataclasses.replace(first, name="away", dx=900)
    assert len(crowding.crowded(dataclasses.replace(chart, marks=[*chart.marks, again]))) == 1
    assert crowding.crowded(dataclasses.replace(chart, marks=[*chart.marks, away])) == [first.text]
