"""Cards and structures: every drug has its four answers, the piles hold every card once, the drawing is right."""

from __future__ import annotations

import gzip
import json
import time

import pytest
from course import charts, explorers
from course.display import Drawing
from course.evidence import reference, table
from course.topics.families.definitions import DEFINITIONS, cells, drugs_in_order
from test_mechanism import crowded

CARDS = list(drugs_in_order())
SORTS = ["all", *DEFINITIONS]
STATES = [(card, by) for card in CARDS for by in SORTS]


def drawn(card: str, by: str):
    return explorers.card_sort.draw(card, by)


def test_there_are_twenty_cards_with_a_source_or_an_open_doubt():
    assert len(CARDS) >= 20
    for row in table("definitions"):
        assert reference(row.source).url.startswith("https://")
        assert row.reason.endswith(".") and len(row.reason.split()) <= 22
        assert row.verification != "recalled" or row.confidence == "low"
    recalled = [row for row in table("definitions") if row.verification == "recalled"]
    assert len(recalled) <= 1


def test_drugs_stand_from_all_four_to_none():
    counts = [sum(cells()[slug, by].answer == "yes" for by in DEFINITIONS) for slug in CARDS]
    assert counts[0] == 4 and counts[-1] == 0 and CARDS[0] == "morphine"
    assert CARDS.index("ketamine") > CARDS.index("naloxone") > CARDS.index("fentanyl")


@pytest.mark.parametrize("by", DEFINITIONS)
def test_each_card_lies_in_the_pile_of_its_answer(by):
    marks = {mark.name: mark for mark in drawn("ketamine", by).marks}
    columns = {answer: marks[f"head-{answer}"].x + 8 for answer in ("yes", "partly", "no")}
    for card in CARDS:
        assert marks[card].x == [columns[cells()[card, by].answer]]
        assert marks[f"{card}-name"].text.endswith("?") == (cells()[card, by].disputed == "yes")
        assert marks[f"{card}-name"].bold == (card == "ketamine")
    for answer in columns:
        count = sum(cells()[card, by].answer == answer for card in CARDS)
        assert marks[f"head-{answer}"].text.endswith(f": {count}")


@pytest.mark.parametrize("card", CARDS)
def test_one_card_shows_its_four_answers_and_reasons(card):
    chart = drawn(card, "all")
    marks = {mark.name: mark for mark in chart.marks}
    for by in DEFINITIONS:
        row = cells()[card, by]
        assert row.reason == marks[f"block-{by}-why"].text.replace("\n", " ")
        assert row.words.casefold() in marks[f"block-{by}-says"].text.casefold()
        shade = marks[f"block-{by}-shade"]
        assert (shade.x2 > shade.x) == (row.disputed == "yes")
        assert row.source in chart.sources
    assert len(chart.description.split()) <= 60 and "?." not in chart.description


@pytest.mark.parametrize("by", SORTS)
@pytest.mark.parametrize("card", CARDS)
def test_words_stay_inside_and_apart(card, by):
    assert not crowded(drawn(card, by))


def test_marks_keep_their_names_and_frames_are_small_and_quick():
    first = [mark.name for mark in drawn(*STATES[0]).marks]
    assert all([mark.name for mark in drawn(*state).marks] == first for state in STATES)
    view = explorers.card_sort()
    started = time.process_time()
    script = view.offline_spec()["script"]
    assert time.process_time() - started < 3
    frames = json.dumps({key: script[key] for key in ("names", "pool", "frames")})
    assert len(script["frames"]) == len(STATES) and len(gzip.compress(frames.encode())) < 60_000


def test_the_guess_takes_its_answers_from_the_rows():
    for card in ("loperamide", "tramadol"):
        spec = explorers.predict_card_sort(card).spec
        picked = [pick["texts"][pick["right"]] for pick in spec["guesses"]]
        said = {"yes": "Yes", "partly": "In part", "no": "No"}
        assert picked == [said[cells()[card, by].answer] for by in DEFINITIONS]
        assert spec["id"] == f"card-sort-{card}" and len(spec["cites"]) == 4
    with pytest.raises(ValueError, match="'loperamide'"):
        explorers.predict_card_sort("loperamid")


def test_the_skeletons_are_drawn_and_said():
    chart = charts.skeletons().chart
    svg = "".join(mark.svg for mark in chart.marks if isinstance(mark, Drawing))
    for words in ("S-ketamine", "R-ketamine", "Morphine", "Fentanyl", "mirror"):
        assert words in svg
    assert svg.count(">Cl<") == 2 and svg.count(">HO<") == 2
    assert not crowded(chart) and "mirror image" in chart.description
    assert {cells[0] for cells in chart.table.rows} == {"Esketamine", "Arketamine", "Morphine", "Fentanyl"}
    assert all("g/mol" in cells[2] for cells in chart.table.rows)
