"""Levels over time: the sets in the tables, the charts, the explorer, and what they must never show."""

from __future__ import annotations

import gzip
import inspect
import json
import re

import numpy as np
import pytest
from course import charts, evidence, explorers
from course.display import render
from course.models import kinetics
from course.topics.kinetics import charts as kinetics_charts
from course.topics.kinetics import explorer
from course.topics.kinetics import rows as data
from crowding import boxes

REGIMENS = [row.id for row in evidence.table("regimens")]
STATES = [state for _, state in explorers.concentration.states(offline=True)]
ALL_STATES = [state for _, state in explorers.concentration.states(offline=False)]
PEREZ = "esketamine-perezruixo2021"
CHARTS = [
    charts.models_disagree,
    charts.nasal_levels,
    charts.bioavailability,
    charts.time_to_peak,
    charts.half_lives,
    charts.falling_levels,
]
MORPHINE_G_PER_MOL = 285.34


# The sets against values worked out once, outside this course, with another solver.


@pytest.mark.parametrize(
    "slug, end_of_infusion, later",
    [
        ("ketamine-kamp2020", 253, (73.7, 54.3, 26.7)),
        ("ketamine-clements1981", 177, (84.7, 63.1, 35.9)),
        ("ketamine-domino1982", 240, (45.8, 38.1, 18.4)),
        ("esketamine-simons2022", 289, None),
        ("esketamine-noppers2011", 277, None),
    ],
)
def test_the_infusion_for_depression(slug, end_of_infusion, later):
    assert data.peak("RG01", slug).cmax_ng_per_ml == pytest.approx(end_of_infusion, abs=0.5)
    assert data.peak("RG01", slug).tmax_h == pytest.approx(40 / 60, abs=1e-3)
    for minutes, level in zip((80, 110, 230), later or (), strict=False):
        assert data.level_at("RG01", slug, minutes / 60) == pytest.approx(level, abs=0.06)


@pytest.mark.parametrize(
    "slug, levels",
    [
        ("ketamine-kamp2020", (112, 256, 532, 182, 125)),
        ("ketamine-clements1981", (86, 208, 442, 219, 162)),
        ("ketamine-domino1982", (101, 223, 462, 128, 89)),
    ],
)
def test_the_infusion_in_three_steps(slug, levels):
    found = [data.level_at("RG02", slug, hour) for hour in range(1, 6)]
    assert found == pytest.approx(levels, abs=0.6)


def test_a_fast_injection_where_no_set_matches_everything():
    """10 mg pushed: 296 ng/mL were measured at about 2 min. 140 mg over a minute: 1,200 to 2,400 in anesthesia."""
    push, fast = kinetics.Bolus(10), kinetics.Infusion(140, 1 / 60)
    sets = ("ketamine-kamp2020", "ketamine-clements1981", "ketamine-domino1982")
    early = [kinetics.concentration_ng_per_ml(data.model(slug), push, [2 / 60])[0] for slug in sets]
    assert early == pytest.approx([263, 77, 182], abs=1)
    late = [kinetics.concentration_ng_per_ml(data.model(slug), fast, [5 / 60, 10 / 60]) for slug in sets]
    assert np.ravel(late) == pytest.approx([2282, 1074, 1002, 873, 1187, 678], abs=3)


@pytest.mark.parametrize(
    "regimen_id, printed_peak, printed_auc", [("RG05", 43.8, 147.3), ("RG06", 72.5, 254.7), ("RG07", 101.0, 362.2)]
)
def test_the_spray_gives_what_its_own_paper_prints(regimen_id, printed_peak, printed_auc):
    assert data.peak(regimen_id, PEREZ).cmax_ng_per_ml == pytest.approx(printed_peak, rel=0.01)
    area = kinetics.auc_ng_h_per_ml(data.model(PEREZ), data.doses(regimen_id, PEREZ), 24)
    assert area == pytest.approx(printed_auc, rel=0.01)
    assert data.printed_peak(regimen_id).value == printed_peak


def test_the_spray_s_share_volume_and_clearance_are_those_of_its_abstract():
    """54 and 51 % of 56 and 84 mg, 18.6 % of what is swallowed; 114 L/h; 752 L without the liver."""
    model = data.model(PEREZ)
    whole = kinetics.auc_ng_h_per_ml(model, kinetics.Bolus(1))
    shares = {
        regimen_id: kinetics.auc_ng_h_per_ml(model, data.doses(regimen_id, PEREZ)) / whole / given
        for regimen_id, given in (("RG06", 56), ("RG07", 84), ("RG08", 84))
    }
    assert shares == pytest.approx({"RG06": 0.54, "RG07": 0.51, "RG08": 0.186}, abs=0.009)
    assert 1000 / whole == pytest.approx(114, rel=0.05)
    body = len(model.names) - model.followers
    assert sum(model.volumes_l[:body]) == pytest.approx(853, abs=1)
    last = max(step.start_h for step in data.steps("RG07"))
    assert 20 / 60 <= data.peak("RG07", PEREZ).tmax_h - last <= 40 / 60, (
        "the label says 20 to 40 min after the last spray"
    )


def test_crude_ways_in_have_the_height_and_miss_the_time():
    for regimen_id, height in (("RG09", 69), ("RG10", 27.7), ("RG11", 19.9)):
        (slug,), measured = data.sets(regimen_id), data.seen(regimen_id)[0]
        found = data.peak(regimen_id, slug)
        assert found.cmax_ng_per_ml == pytest.approx(height, abs=0.2)
        assert measured.low <= found.cmax_ng_per_ml <= measured.high
        assert found.tmax_h < 0.6 * measured.time_h
        assert data.regimen(regimen_id).standing == "illustrative"


def test_into_a_muscle_is_too_high_where_a_label_states_a_level():
    stated = data.seen("RG04")[0]
    assert data.peak("RG03", "ketamine-kamp2020").cmax_ng_per_ml == pytest.approx(326, abs=0.5)
    assert data.level_at("RG04", "ketamine-kamp2020", stated.time_h) > 1.3 * stated.high
    assert stated.low < data.level_at("RG04", "ketamine-clements1981", stated.time_h) < stated.high
    assert "1.4 to 1.9 times too high" in explorer.draw_concentration("RG03", 6, "linear", "all").caveat


def test_morphine():
    """309 nmol/L at 5 min, 283 ± 74 were measured; the set that is kept as a failure gives 720."""
    found = {slug: data.level_at("RG14", slug, 5 / 60) * 1000 / MORPHINE_G_PER_MOL for slug in data.sets("RG14")}
    assert found == pytest.approx({"morphine-sarton2000": 309, "morphine-lotsch": 720}, abs=1)
    measured = data.seen("RG14")[0]
    assert measured.low < data.level_at("RG14", "morphine-sarton2000", 5 / 60) < measured.high
    assert data.usable("RG14") == ("morphine-sarton2000",)
    clearance = data.values("morphine-sarton2000", "disposition")
    assert clearance["central_volume"] * clearance["k10"] / 60 * 1000 == pytest.approx(1575, abs=1)


@pytest.mark.parametrize(
    "slug, levels, area",
    [
        ("fentanyl-algera2021", (2.99, 0.36, 0.10), 0.66),
        ("fentanyl-scott1987", (2.50, 0.33, 0.14), 1.45),
        ("fentanyl-shafer1990", (4.29, 0.50, 0.16), 1.65),
    ],
)
def test_fentanyl_and_its_missed_first_minutes(slug, levels, area):
    assert [data.level_at("RG15", slug, minute / 60) for minute in (2, 10, 60)] == pytest.approx(levels, abs=0.006)
    found = kinetics.auc_ng_h_per_ml(data.model(slug), data.doses("RG15", slug))
    assert found == pytest.approx(area, abs=0.006)


# The tables


def test_every_set_is_complete_and_consistent():
    for row in evidence.table("pk_models"):
        rows = data.parameters(row.model).values()
        for name in ("drug", "form", "sampling", "standing", "route"):
            assert len({getattr(other, name) for other in rows}) == 1, (row.model, name)
        assert row.unit in data.FACTORS
    slugs = {row.model for row in evidence.table("pk_models") if row.part == "disposition"}
    assert {slug for drug in ("ketamine", "esketamine", "morphine", "fentanyl") for slug in data.models(drug)} == slugs
    for slug in slugs:
        assert kinetics.half_lives_h(data.model(slug))[-1] < 24


def test_regimens_name_sets_and_findings_that_exist():
    for row in evidence.table("regimens"):
        assert data.steps(row.id) and row.weight_kg == data.WEIGHT_KG
        assert bool(row.absorption) == (row.route != "IV"), row.id
        for slug in data.sets(row.id):
            assert data.doses(row.id, slug)
            data.model(slug)
        if row.absorption:
            assert data.values(row.absorption, "absorption")
            crude = any(part.verification == "assumption" for part in data.parameters(row.absorption).values())
            assert crude == (row.standing == "illustrative"), row.id
        assert len(data.sets(row.id)) <= explorer.CURVES and len(data.seen(row.id)) <= explorer.POINTS
    known = {row.id for row in evidence.table("regimens")}
    assert {row.regimen for row in evidence.table("pk_observations")} - {""} <= known


def test_a_band_of_people_only_where_every_variance_was_read():
    assert not data.varies_between_people("RG07", PEREZ), "the paper leaves one variance blank"
    assert not data.varies_between_people("RG12", "esketamine-simons2022")
    assert not data.varies_between_people("RG01", "ketamine-kamp2020")
    assert data.between_people("RG07", PEREZ, 6) is None
    low, high = data.between_people("RG15", "fentanyl-algera2021", 6)
    middle = data.levels_ng_per_ml("RG15", "fentanyl-algera2021", 6)
    assert np.all(low < middle) and np.all(middle < high)
    assert np.all(data.between_people("RG15", "fentanyl-algera2021", 6)[0] == low), "the same people every time"


@pytest.mark.parametrize(
    "mistake, word",
    [
        (lambda: data.model("ketamine-kamp2002"), "'ketamine-kamp2020'"),
        (lambda: data.model("absorption-im-label"), "how the drug gets in"),
        (lambda: data.models("fentanil"), "'fentanyl'"),
        (lambda: data.regimen("RG1"), "RG"),
        (lambda: data.doses("RG99", PEREZ), "There is no regimen"),
        (lambda: charts.models_disagree("RG07"), "RG01"),
        (lambda: charts.nasal_levels(["RG08"]), "RG07"),
        (lambda: charts.bioavailability(drugs=["ketamin"]), "'ketamine'"),
        (lambda: charts.bioavailability(routes=["orally"]), "'oral'"),
        (lambda: charts.time_to_peak(drugs=["fentanyl"]), "ketamine"),
        (lambda: charts.half_lives(drugs=[]), "at least one"),
        (lambda: charts.falling_levels(["RG01"]), "RG14"),
        (lambda: explorers.concentration(regimen_id="RG16"), "RG1"),
        (lambda: explorers.concentration(regimen_id="RG07", parameter_set="ketamine-kamp2020"), PEREZ),
    ],
)
def test_a_learner_s_slip_gets_the_nearest_name(mistake, word):
    with pytest.raises(ValueError, match=re.escape(word)):
        mistake()


# The charts


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
def test_a_chart_speaks_in_numbers_and_names_its_sources(chart):
    spec = chart().spec["chart"]
    assert re.search(r"\d", spec["description"]) and len(spec["description"]) > 80
    assert spec["sources"] and spec["table"]["rows"]
    assert all(len(row) == len(spec["table"]["columns"]) for row in spec["table"]["rows"])
    assert spec["caveat"]
    for form in ("live", "offline", "stored"):
        assert render(chart().spec, form, "uid")


def test_a_chart_shows_every_finding_of_its_table():
    """A new row must reach the picture by itself."""
    shown = {mark.name for view in (charts.time_to_peak(), charts.half_lives()) for mark in view.chart.marks}
    shown |= {mark.name for mark in charts.bioavailability(routes=list(kinetics_charts.ROUTE_WORDS)[1:]).chart.marks}
    for row in evidence.table("pk_observations"):
        if row.measure in ("bioavailability", "tmax", "half_life"):
            assert f"dot-{row.id}" in shown, row.id


def test_how_far_the_models_of_one_infusion_disagree():
    chart = charts.models_disagree().chart
    assert "177" in chart.description and "289" in chart.description and "1.6 times" in chart.description
    assert "185" in chart.description and "100 to 250" in chart.description
    assert "between models, not between people" in chart.caveat
    assert len([mark for mark in chart.marks if mark.name.startswith("curve-")]) == 5


def test_nothing_hollow_is_called_measured():
    for mark in charts.bioavailability().chart.marks:
        if mark.name.startswith("dot-"):
            assert mark.filled == (evidence.row(mark.name.removeprefix("dot-")).basis == "measured")


# The explorer


@pytest.mark.parametrize("regimen_id", REGIMENS)
def test_every_regimen_draws_with_every_set(regimen_id):
    for state in ALL_STATES:
        if state["regimen_id"] != regimen_id:
            continue
        chart = explorer.draw_concentration(**state)
        lines = [mark for mark in chart.marks if mark.name.startswith("curve-") and len(mark.x)]
        assert lines and re.search(r"\d", chart.title) and len(chart.description) > 80
        for mark in chart.marks:
            x, y = (np.atleast_1d(getattr(mark, name, ())) for name in ("x", "y"))
            assert np.all((x >= 0) & (x <= 1)), (state, mark.name)
            assert np.all((y >= explorer.FLOOR) & (y <= 1)), (state, mark.name)
        assert all(len(row) == len(chart.table.columns) for row in chart.table.rows)
        assert "Not a dose to use" in chart.caveat


def test_every_word_stays_inside_the_picture():
    for state in ALL_STATES[::3]:
        chart = explorers.concentration.draw(**state)
        out = [words for left, _, right, _, words in boxes(chart) if words and (left < 0 or right > chart.width)]
        assert out == [], state


def test_marks_keep_their_names_and_order_and_the_frame_stays():
    first = explorer.draw_concentration(**STATES[0])
    for state in ALL_STATES:
        chart = explorer.draw_concentration(**state)
        assert [mark.name for mark in chart.marks] == [mark.name for mark in first.marks], state
        assert chart.axes == first.axes


def test_the_handout_s_pictures_are_small():
    script = explorers.concentration().offline_spec()["script"]
    assert len(script["frames"]) == len(STATES)
    held = json.dumps([script["names"], script["pool"], script["frames"]]).encode()
    assert len(gzip.compress(held)) < 60_000


def test_fentanyl_is_never_drawn_before_five_minutes():
    assert data.regimen("RG15").drawn_from_min == 5
    for state in ALL_STATES:
        row = data.regimen(state["regimen_id"])
        if row.drug != "fentanyl":
            continue
        chart = explorer.draw_concentration(**state)
        first = 5 / 60 / state["window_h"]
        for mark in chart.marks:
            if mark.name.split("-")[0] in ("curve", "band", "point", "range"):
                assert np.all(np.atleast_1d(mark.x) >= first - 1e-9), (state, mark.name)
        assert "2.7 to 4.6 times" in chart.caveat and "2.7 to 4.6 times" in chart.description
    falling = charts.falling_levels().chart
    for mark in falling.marks:
        if mark.name.startswith("share-"):
            assert mark.x.min() >= 5 / 60 - 1e-9
    assert "2.7 to 4.6 times" in falling.caveat


def test_no_control_is_a_dose():
    """Regimens are fixed rows; nothing is typed or slid, and no state holds an amount."""
    for control in explorers.concentration.controls:
        assert control.shape in ("select", "radio")
        assert not re.search(r"dose|amount|\bmg\b", control.label, re.I)
    for function in (*CHARTS, explorer.draw_concentration):
        assert not re.search(r"dose|amount|mg", " ".join(inspect.signature(function).parameters))
    hint = explorers.concentration.controls[0].hint
    assert "supervised" in hint and "None of them is a dose to use" in hint
    for row in evidence.table("regimens"):
        assert not re.search(r"\bhome\b", row.name + row.setting, re.I)
        if row.route in ("oral", "sublingual", "IM") or (row.route == "nasal" and row.drug == "ketamine"):
            assert row.standing == "illustrative" or row.verification == "primary", row.id


def test_what_is_crude_says_so_in_the_picture():
    for state in STATES:
        row = data.regimen(state["regimen_id"])
        kind = next(mark for mark in explorer.draw_concentration(**state).marks if mark.name == "kind")
        assert ("Illustrative only" in kind.text) == (row.standing == "illustrative")
    spread = next(mark for mark in explorer.draw_concentration("RG01", 6, "linear", "all").marks if mark.name == "kind")
    assert "between models, not people" in spread.text


def test_what_the_explorer_leaves_out():
    said = " ".join(explorers.concentration.leaves_out.values())
    for word in ("brain", "70 kg", "medicines", "artery", "vein", "not an effect"):
        assert word in said
    assert len(explorers.concentration.presets) >= 4


def test_the_prediction_takes_its_answers_from_the_tables():
    guesses = {guess["name"]: guess for guess in explorers.predict_concentration().spec["guesses"]}
    low, high = (data.peak("RG01", slug).cmax_ng_per_ml for slug in data.peak_range("RG01"))
    assert guesses["spread"]["low"] == pytest.approx(100 * (high / low - 1)) == pytest.approx(62.8, abs=0.3)
    assert (guesses["swallowed"]["low"], guesses["swallowed"]["high"]) == (15, 24)
    for guess in guesses.values():
        assert guess["minimum"] <= guess["low"] <= guess["high"] <= guess["maximum"]
