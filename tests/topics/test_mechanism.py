"""Drawings of mechanisms and the charts beside them: every step is drawn, sourced and says how settled it is."""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
import time
import xml.etree.ElementTree as ET

import pytest
from course import charts, explorers
from course.display import Drawing, ExplorerView, Label, render
from course.display.diagrams import diagram, diagram_names, read_diagram
from course.display.files import ASSETS
from course.display.palette import palette
from course.evidence import reference, table
from course.topics.mechanism.charts import action_of
from crowding import crowded

STEPS = table("mechanism_steps")
STATES = [(row.diagram, int(row.step)) for row in STEPS]
STEPPED = list(dict.fromkeys(row.diagram for row in STEPS))
LAYER = '<g data-layer="{name}" data-steps="1">{inside}</g>'


def svg(inside: str = '<rect width="9"/>', name: str = "one", head: str = "<title>T</title><desc>D</desc>") -> str:
    layers = LAYER.format(name=name, inside=inside)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400">{head}{layers}</svg>'


def drawn(name: str, step: int):
    return explorers.mechanism_steps.draw(name, step)


def test_every_drawing_has_rows_and_every_row_a_drawing():
    stills = {name for name in diagram_names() if diagram(name).steps == 1}
    assert stills == {"skeletons"} and set(STEPPED) == set(diagram_names()) - stills
    for name in STEPPED:
        rows = [row for row in STEPS if row.diagram == name]
        assert [row.step for row in rows] == list(range(1, diagram(name).steps + 1))
        assert 4 <= len(rows) <= 7


@pytest.mark.parametrize("name", diagram_names())
def test_files_hold_only_shapes_words_and_palette_colours(name):
    text = (ASSETS / "diagrams" / f"{name}.svg").read_text(encoding="utf-8")
    ET.fromstring(text)
    for forbidden in (" id=", "style", "<script", "href", "url(", "<image", "foreignObject"):
        assert forbidden not in text
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert set(re.findall(r"var\(--c-(\w+),", text)) <= set(palette())
    assert not re.search(r'(?:fill|stroke)="#', text)
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', text)]
    assert sizes and min(sizes) >= 15
    assert len(sizes) == text.count("<text"), "every text says its size"


@pytest.mark.parametrize("name", diagram_names())
def test_drawings_have_a_title_and_a_description(name):
    shown = diagram(name)
    assert shown.width == 640 and shown.height == 400
    assert len(shown.title) > 10 and len(shown.description) > 80


@pytest.mark.parametrize("name, step", STATES)
def test_every_step_has_a_layer_of_its_own_with_its_number(name, step):
    own = next(layer for layer in diagram(name).layers if layer.name == f"step-{step}")
    assert own.steps == {step} and own.svg
    assert f">{step}</text>" in own.svg, "the number that marks what happens now"


@pytest.mark.parametrize("name, step", STATES)
def test_every_step_says_how_settled_it_is(name, step):
    row = next(row for row in STEPS if (row.diagram, row.step) == (name, step))
    chart = drawn(name, step)
    marks = {mark.name: mark for mark in chart.marks}
    assert marks["status"].text == row.status
    assert [mark.x for key, mark in marks.items() if key.startswith("status-") and len(mark.x)]
    assert chart.description.startswith(f"{row.status.capitalize()}, from {row.basis}. {row.text}")
    assert row.title in marks["step-title"].text
    assert chart.sources[0] == row.source and reference(row.source).url.startswith("https://")
    assert f"step {step} of" in chart.subtitle and chart.title in row.text
    assert row.title.endswith("?") == (row.status in ("hypothesis", "disputed"))


def test_a_hypothesis_shows_what_speaks_for_and_against_it():
    for row in STEPS:
        found = [finding for finding in table("mechanism_evidence") if finding.step_id == row.id]
        if row.diagram == "cascade":
            assert row.status != "established"
            assert {finding.side for finding in found} == {"supports", "disputes"}
        words = " ".join(cell for cells in drawn(row.diagram, int(row.step)).table.rows for cell in cells)
        for finding in found:
            assert finding.text in words and finding.source in drawn(row.diagram, int(row.step)).sources
    ids = {row.id for row in STEPS}
    assert all(finding.step_id in ids for finding in table("mechanism_evidence"))


def test_the_opioid_question_is_disputed_and_the_emergency_advice_is_whole():
    last = [row for row in STEPS if row.diagram == "cascade"][-1]
    assert last.status == "disputed" and "disagree" in last.text
    urgent = next(row for row in STEPS if "emergency services" in row.text)
    for words in ("not breathing normally", "give naloxone", "even when unsure", "does not reverse ketamine"):
        assert words in urgent.text
    shown = " ".join(layer.svg for layer in diagram(urgent.diagram).layers if urgent.step in layer.steps)
    assert "Call emergency services" in shown and "does not reverse ketamine" in shown


def test_marks_keep_their_names_and_order():
    names = {state: [mark.name for mark in drawn(*state).marks] for state in STATES}
    first = names[STATES[0]]
    assert all(here == first for here in names.values())
    for name, step in STATES:
        shown = {mark.name for mark in drawn(name, step).marks if isinstance(mark, Drawing) and mark.svg}
        assert shown and all(layer.startswith(f"{name}:") for layer in shown)


@pytest.mark.parametrize("name, step", STATES)
def test_a_step_shows_its_own_layers_and_no_other(name, step):
    shown = {mark.name: mark.svg for mark in drawn(name, step).marks if isinstance(mark, Drawing) and mark.svg}
    assert shown == {f"{name}:{layer.name}": layer.svg for layer in diagram(name).layers if step in layer.steps}
    assert len(shown) < len(diagram(name).layers), "each step leaves something out"


@pytest.mark.parametrize("name, step", STATES)
def test_words_in_a_drawing_stay_inside_and_apart(name, step):
    assert not crowded(drawn(name, step))


def metabolite_map():
    return charts.target_map(drugs=["ketamine", "norketamine", "hydroxynorketamine"], targets=["NMDA", "MOR"])


@pytest.mark.parametrize("make", [charts.target_map, metabolite_map, charts.four_questions, charts.four_definitions])
def test_words_in_a_chart_stay_inside_and_apart(make):
    assert not crowded(make().chart)


def test_crowding_is_seen():
    chart = drawn(*STATES[0])
    first = next(mark for mark in chart.marks if isinstance(mark, Label))
    again = dataclasses.replace(first, name="again", dx=first.dx + 4)
    away = dataclasses.replace(first, name="away", x=600)
    assert len(crowded(dataclasses.replace(chart, marks=[*chart.marks, again]))) == 1
    assert crowded(dataclasses.replace(chart, marks=[*chart.marks, away]))


def test_an_explorer_is_named_after_the_drawing_it_opens_with():
    names = {row.diagram: explorers.mechanism_steps(drawing=row.diagram).spec["name"] for row in STEPS}
    assert len(set(names.values())) == len(names)
    assert all(diagram(name).title in said for name, said in names.items())


def test_the_reference_list_gets_the_sources_of_every_step():
    cited = {row.source for rows in (STEPS, table("mechanism_evidence")) for row in rows}
    assert set(explorers.mechanism_steps.sources()) == cited


def test_frames_are_small_and_quick():
    view = explorers.mechanism_steps()
    assert isinstance(view, ExplorerView)
    started = time.perf_counter()
    script = view.offline_spec()["script"]
    assert time.perf_counter() - started < 3
    frames = json.dumps({key: script[key] for key in ("names", "pool", "frames")})
    assert len(gzip.compress(frames.encode())) < 60_000
    assert len(script["frames"]) == len(STATES)


def test_the_page_gets_no_ids_and_no_scripts_from_a_drawing():
    markup = "".join(layer.svg for name in diagram_names() for layer in diagram(name).layers)
    assert not re.search(r"\s(?:id|class|style|on\w+)=", markup)
    assert "<g data-layer" not in markup and "xmlns" not in markup
    assert "<svg" not in render(explorers.mechanism_steps().spec, "stored", "uid")


@pytest.mark.parametrize(
    "text, word",
    [
        (svg()[:-3], "well-formed"),
        (svg(head=""), "title"),
        (svg('<rect id="a"/>'), "'id'"),
        (svg("<script>1</script>"), "<script>"),
        (svg('<rect onload="x"/>'), "'onload'"),
        (svg('<rect fill="#123456"/>'), "palette"),
        (svg('<rect fill="var(--c-blue,#123456)"/>'), "palette"),
        (svg('<rect fill="url(https://example.org)"/>'), "palette"),
        (svg().replace('data-layer="one"', ""), "outside a layer"),
        (svg().replace("</svg>", LAYER.format(name="one", inside="") + "</svg>"), "twice"),
    ],
)
def test_a_drawing_that_is_not_ours_to_show_is_refused(text, word):
    with pytest.raises(ValueError, match=re.escape(word)) as caught:
        read_diagram("made", text)
    assert "assets/diagrams/made.svg" in str(caught.value)


def test_an_unknown_drawing_gets_the_nearest_name():
    with pytest.raises(ValueError, match="nmda-block"):
        diagram("nmda-blok")


def test_the_prediction_takes_its_answer_from_the_tightest_value():
    (pick,) = explorers.predict_mechanism().spec["guesses"]
    assert pick["answer"] == "inside the open NMDA channel" and len(pick["texts"]) == 3
    tightest = min(
        (row for row in table("affinities") if row.drug == "ketamine" and row.measure == "Ki" and row.value_nM),
        key=lambda row: row.value_nM,
    )
    assert tightest.site == "PCP site" and tightest.source in explorers.predict_mechanism().spec["cites"]


def test_the_other_predictions_follow_the_rows():
    answers = {
        make: make().spec["guesses"][0]["answer"]
        for make in (explorers.predict_agonism, explorers.predict_own_opioids, explorers.predict_naloxone)
    }
    assert answers[explorers.predict_agonism] == "a partner protein inside the cell is switched on"
    assert answers[explorers.predict_own_opioids] == "for opioids that the body makes itself"
    assert answers[explorers.predict_naloxone].startswith("what the opioid does, but not")
    (guess,) = explorers.predict_cascade().spec["guesses"]
    cascade = [row for row in STEPS if row.diagram == "cascade"]
    assert guess["maximum"] == len(cascade)
    assert guess["low"] == guess["high"] == sum(row.status == "established" for row in cascade)


def test_a_map_of_metabolites_shades_what_laboratories_dispute():
    chart = metabolite_map().chart
    assert {"hydroxynorketamine-NMDA-shade", "hydroxynorketamine-MOR-shade"} <= {mark.name for mark in chart.marks}
    assert {cells[1] for cells in chart.table.rows} == {"NMDA", "mu"}
    assert chart.title != charts.target_map().chart.title, "nothing here is switched on"
    shown = [row.split("; ") for *_, row in chart.table.rows]
    assert len(shown) < sum(map(len, shown)), "one row per action, with all its sources"


def test_every_recorded_action_has_its_place_on_the_map():
    for row in table("affinities"):
        assert action_of(row.action) or row.action == "not established"
    assert action_of("antagonist") == "blocks" and action_of("agonist") == "activates"
    assert action_of("partial agonist") == "partly on" and action_of("none detected") == "not found"
    with pytest.raises(ValueError, match="'sings'"):
        action_of("sings")


def test_the_map_shows_both_sides_of_a_contradiction():
    chart = charts.target_map().chart
    names = {mark.name for mark in chart.marks}
    assert {"methadone-NMDA-blocks", "methadone-NMDA-not found", "methadone-NMDA-shade"} <= names
    assert "Methadone at NMDA" in chart.description
    assert "ketamine-MOR-binds weakly" in names and "ketamine-MOR-activates" not in names


def test_four_questions_keep_binding_and_class_apart():
    rows = {(row.drug, row.question): row for row in table("mechanism_questions")}
    assert rows["naltrexone", "binding"].answer == "yes" and rows["naltrexone", "activation"].answer == "no"
    assert rows["tramadol", "binding"].answer == "partly" and rows["tramadol", "class"].answer == "yes"
    assert rows["ketamine", "class"].answer == "no" and rows["ketamine", "requirement"].status == "disputed"
    marks = {mark.name: mark for mark in charts.four_questions().chart.marks}
    for (slug, asked), row in rows.items():
        assert marks[f"{slug}-{asked}-says"].text == row.words + "?" * (row.status == "disputed")
        assert (f"{slug}-{asked}-shade" in marks) == (row.status == "disputed")


def test_definitions_cover_every_drug_four_times_and_mark_what_is_disputed():
    rows = table("definitions")
    drugs = {row.drug for row in rows}
    assert len(drugs) >= 12
    assert {"ketamine", "esketamine", "morphine", "fentanyl", "methadone", "buprenorphine", "tramadol"} <= drugs
    assert {"naloxone", "loperamide", "dextromethorphan", "pcp", "nalbuphine", "tianeptine", "salvinorin-a"} <= drugs
    for slug in drugs:
        said = [row.definition for row in rows if row.drug == slug]
        assert said[:4] == ["structure", "receptor", "effect", "law"] and said[4:] in ([], ["binding"])
    rows = [row for row in rows if row.definition != "binding"]
    chart = charts.four_definitions().chart
    marks = {mark.name: mark for mark in chart.marks}
    for row in rows:
        words = marks[f"{row.drug}-{row.definition}-says"].text
        assert words.startswith(row.words)
        assert ("?" in words) == (row.disputed == "yes") == (f"{row.drug}-{row.definition}-shade" in marks)
        assert ("†" in words) == (row.verification == "recalled")
    split = {s for s in drugs if len({row.answer for row in rows if row.drug == s}) > 1}
    assert f"{len(split)} of {len(drugs)}" in chart.title


def test_no_answer_calls_ketamine_an_opioid():
    for row in table("definitions"):
        if row.drug in ("ketamine", "esketamine"):  # by the loosest rule, binding alone, it would be one
            assert row.answer == ("yes" if row.definition == "binding" else "no")


@pytest.mark.parametrize(
    "mistake, word",
    [
        (lambda: charts.target_map(drugs=["morphin"]), "'morphine'"),
        (lambda: charts.target_map(drugs=[]), "drugs="),
        (lambda: charts.target_map(targets=["MOP"]), "'MOR'"),
        (lambda: charts.target_map(targets=[]), "targets="),
        (lambda: charts.four_definitions(drugs=["ketamin"]), "'ketamine'"),
        (lambda: charts.four_questions(drugs=["fentanyl"]), "no row"),
        (lambda: charts.four_questions(drugs=["morphin"]), "'morphine'"),
        (lambda: explorers.mechanism_steps(drawing="cascad"), "'cascade'"),
        (lambda: explorers.mechanism_steps(drawing="naloxone", step=9), "5"),
    ],
)
def test_a_learner_s_slip_is_answered(mistake, word):
    with pytest.raises(ValueError, match=re.escape(word)):
        mistake()
