"""Every chart states one finding in its title, and every number of the title stands in the chart."""

from __future__ import annotations

import re

import pytest
from course import charts
from everything import chart_names, drawn

# Verbs that titles use. A title with another verb adds it here; a title without one says nothing.
VERBS = """
is are was were has have had do does did can cannot may takes take
binds bind blocks block activates activate fills fill leaves leave reaches reach slowed lowered moved gave happened
hold holds spans showed shows fits fit speak speaks disagree disagrees contradict contradicts means tested favor favors
relapsed responded entered use uses concern concerns comes run runs lists list allows
count counts finds find acts act agree set sets ties involved sedated made lead advise watched work works changed sits
store switch make get got gives hides halve matches
""".split()
VERB = re.compile(rf"\b(?:{'|'.join(VERBS)})\b", re.I)
# What only names its parts: "Drugs by target", "Occupancy, levels and doses", "A versus B".
NOUNS_ONLY = re.compile(r"^[\w\s,’'-]+ by [\w\s]+$|\bversus\b|\bcompared\b|, side by side$|^Comparison\b", re.I)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
GROUPS = ("breathing and overdose", "same day", "months and years", "for whom")
SPELLED = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def says_something(title: str) -> bool:
    """Whether a title has a verb, and is more than a list of what is drawn."""
    return bool(VERB.search(title)) and not (NOUNS_ONLY.search(title) and not VERB.search(title.split(" by ")[0]))


def numbers_missing(chart) -> list[str]:
    """Numbers of a title that neither the picture, the description nor the table holds, and that are no count of it."""
    said = " ".join(
        [
            chart.description,
            chart.subtitle,
            chart.caveat,
            *(getattr(mark, "text", "") for mark in chart.marks),
            *(label for mark in chart.marks for label in getattr(mark, "labels", ())),
            *(cell for row in chart.table.rows for cell in row),
        ]
    )
    held = {float(found.replace(",", "")) for found in NUMBER.findall(said)}
    words = set(re.findall(r"[a-z]+", said.lower()))
    held |= {float(value) for value, word in enumerate(SPELLED) if word in words}
    return [found for found in NUMBER.findall(chart.title) if float(found.replace(",", "")) not in held]


@pytest.mark.parametrize("name", chart_names())
def test_a_title_states_a_finding(name):
    shown = drawn(name)
    if not shown:
        pytest.skip("no chart with marks behind this name")
    silent = {chart.title for chart in shown.values() if not says_something(chart.title)}
    assert not silent, silent


@pytest.mark.parametrize("group", GROUPS)
def test_the_four_charts_of_risk_have_findings_of_their_own(group):
    assert len({charts.risk_matrix(key).chart.title for key in GROUPS}) == 4
    chart = charts.risk_matrix(group).chart
    assert says_something(chart.title) and not numbers_missing(chart), (chart.title, numbers_missing(chart))
    assert re.search(r"ketamine|spray", chart.title, re.I)


def test_a_title_that_only_names_is_seen():
    for title in (
        "Drugs by target",
        "Trials in depression: results for ketamine and null results, side by side",
        "4 nasal sprays, 4 substances",
        "Visits and hours of each calendar",
        "Occupancy, selectivity and levels by drug",
    ):
        assert not says_something(title), title
    assert says_something("9 of 16 controlled trials in depression favor ketamine; the others do not")
