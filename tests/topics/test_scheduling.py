"""Scheduling: every cell is a row or says so, charts follow the table, and what a list cannot tell stays visible."""

from __future__ import annotations

import csv
import datetime as dt
import shutil

import pytest
from course import charts, explorers
from course.evidence import read_table, table
from course.evidence.records import Schedule
from course.evidence.references import references
from course.files import DATA
from course.topics.scheduling import charts as schedules
from course.topics.scheduling import explorer as law
from course.topics.scheduling import rows as scheduling_data

CACHED = (
    scheduling_data.current,
    scheduling_data.drugs,
    scheduling_data.jurisdictions,
    scheduling_data.family,
    scheduling_data.cell,
    law._by_place,
    law._by_drug,
    law._slots,
    law._height,
)


@pytest.fixture
def added(tmp_path, monkeypatch):
    """A function that adds a row to a copy of the data folder and shows the copy to the charts."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)

    def add(like, **values):
        path = folder / "schedules.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        model = next(row for row in rows if row["id"] == like)
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, list(model), lineterminator="\n").writerow(model | values)
        references.cache_clear()
        for function in CACHED:
            function.cache_clear()
        copy = lambda name: read_table(name, folder)  # noqa: E731
        monkeypatch.setattr(scheduling_data, "table", copy)
        monkeypatch.setattr(schedules, "table", copy)

    yield add
    monkeypatch.undo()
    references.cache_clear()
    for function in CACHED:
        function.cache_clear()


def words(chart) -> set[str]:
    return {mark.text for mark in chart.marks if hasattr(mark, "text")}


def dots(chart) -> list[str]:
    return [label for mark in chart.marks for label in getattr(mark, "labels", ())]


def test_enough_was_checked():
    us = {row.drug for row in scheduling_data.current() if row.jurisdiction == "us"}
    ketamine = {row.jurisdiction for row in scheduling_data.current() if row.drug == "ketamine"}
    assert len(us) >= 20
    assert len(ketamine - {"us", "un"}) >= 8
    assert {"us", "un"} <= ketamine


def test_ketamine_and_buprenorphine_share_a_us_schedule():
    rows = {drug: scheduling_data.cell(drug, "us") for drug in ("ketamine", "buprenorphine")}
    assert [row.schedule for row in rows["ketamine"]] == [row.schedule for row in rows["buprenorphine"]]
    assert {row.listed_as for row in rows["ketamine"]} != {row.listed_as for row in rows["buprenorphine"]}


def test_no_us_list_tells_whether_a_drug_is_an_opioid():
    for word, rows in scheduling_data.lists_of("us").items():
        kinds = {row.family for row in rows}
        assert {"opioid", "not an opioid"} <= kinds, f"{word} holds only {kinds}"


def test_one_drug_is_in_three_us_schedules_by_product():
    assert [row.short for row in sorted(scheduling_data.cell("codeine", "us"), key=scheduling_data.order)] == [
        "II",
        "III",
        "V",
    ]
    assert scheduling_data.short_text("codeine", "us") == "II, III, V"


def test_every_cell_is_a_row_or_says_not_checked():
    for drug in scheduling_data.drugs():
        for place in scheduling_data.jurisdictions():
            text = scheduling_data.short_text(drug, place)
            rows = scheduling_data.cell(drug, place)
            assert text and (text == "not checked") == (not rows)
            assert all(row.short in text for row in rows)


def test_the_matrix_fills_every_cell():
    chart = charts.schedule_matrix(["ketamine", "loperamide"]).chart
    cells = {mark.name: mark.text for mark in chart.marks if mark.name.startswith("cell-")}
    assert len(cells) == 2 * len(scheduling_data.jurisdictions())
    assert all(cells.values())
    assert cells["cell-loperamide-japan"] == "not checked"
    assert cells["cell-loperamide-us"].endswith("†"), "what is from memory must say so"
    (unread,) = [row for row in chart.table.rows if row[2] == "not checked"]
    assert unread[0] == "Loperamide" and "Japan" in unread[1] and "United States" not in unread[1]


def test_the_view_by_drug_names_every_place():
    for drug in scheduling_data.drugs():
        chart = law.draw_scheduling("drug", drug)
        assert set(scheduling_data.jurisdictions().values()) == {row[0] for row in chart.table.rows}
        unchecked = [place for place in scheduling_data.jurisdictions() if not scheduling_data.cell(drug, place)]
        assert sum(mark.text == "not checked" for mark in chart.marks if hasattr(mark, "text")) == len(unchecked)
        assert len(dots(chart)) == len(scheduling_data.jurisdictions()) - len(unchecked)


def test_the_view_by_place_names_every_drug_and_says_which_were_not_checked():
    for place in scheduling_data.jurisdictions():
        chart = law.draw_scheduling("place", place)
        rows = [row for row in scheduling_data.current() if row.jurisdiction == place]
        missing = {name for drug, name in scheduling_data.drugs().items() if not scheduling_data.cell(drug, place)}
        assert {row.name for row in rows} | missing <= words(chart)
        assert {row[1] for row in chart.table.rows if row[0] == "not checked"} == missing
        assert any(mark.text == "not checked" for mark in chart.marks if hasattr(mark, "text")) == bool(missing)
        assert len(dots(chart)) == len(rows), "what was not checked has no dot"
        muted = {mark.text for mark in chart.marks if mark.colour == "muted" and getattr(mark, "text", "")}
        assert muted == missing


def test_every_view_fills_the_picture():
    """No empty rows at the bottom: the lowest name stands within a row of the edge."""
    for _, state in law.scheduling.states(offline=True):
        chart = law.draw_scheduling(**state)
        lowest = min(mark.y for mark in chart.marks if getattr(mark, "text", "") and mark.name.startswith("word-"))
        assert 0 < lowest < 70, state


def test_descriptions_are_short_and_say_counts_and_the_day():
    for _, state in law.scheduling.states(offline=True):
        chart = law.draw_scheduling(**state)
        assert len(chart.description.split()) <= 65, chart.description
        assert "Last checked on" in chart.description and "looked up" in chart.description
    said = law.draw_scheduling("drug", "ketamine").description
    listed = {row.jurisdiction: row.controlled for row in scheduling_data.current() if row.drug == "ketamine"}
    assert f"looked up in {len(listed)} of {len(scheduling_data.jurisdictions())} places" in said
    assert f"Listed in {list(listed.values()).count('yes')}, not listed in {list(listed.values()).count('no')}." in said
    for view in (
        charts.schedule_lists(),
        charts.schedule_matrix(),
        charts.schedule_findings(),
        charts.ketamine_control(),
    ):
        assert len(view.chart.description.split()) <= 110, view.chart.description


def test_tables_say_sections_and_days():
    rows = law.draw_scheduling("drug", "ketamine").table.rows
    for row in scheduling_data.current():
        if row.drug == "ketamine":
            (line,) = [cells for cells in rows if cells[-1] == row.id]
            assert line[:2] == (row.jurisdiction_name, row.schedule)
            assert row.date_checked.isoformat() in line and (row.section or "not checked") in line


def test_marks_keep_their_names_and_order_in_every_state():
    states = [state for _, state in law.scheduling.states(offline=True)]
    names = [[mark.name for mark in law.draw_scheduling(**state).marks] for state in states]
    assert len(states) == len(scheduling_data.jurisdictions()) + len(scheduling_data.drugs())
    assert all(one == names[0] for one in names)
    sizes = {(chart.width, chart.height) for chart in (law.draw_scheduling(**state) for state in states)}
    assert len(sizes) == 1


def test_frames_are_few_and_small():
    import gzip
    import json

    script = explorers.scheduling().offline_spec()["script"]
    assert len(gzip.compress(json.dumps(script).encode())) < 60_000


def test_what_ended_is_history_and_nowhere_else():
    ended = [row for row in table("schedules") if row.ended]
    assert ended
    now = {row.id for row in scheduling_data.current()}
    assert not now & {row.id for row in ended}
    chart = charts.ketamine_control().chart
    flags = {row[-1]: row[3] for row in chart.table.rows}
    for row in table("schedules"):
        if row.drug == "ketamine":
            assert flags[row.id].startswith("ended") == bool(row.ended)
    assert not any(
        "Class C" in row[1] for row in law.draw_scheduling("drug", "ketamine").table.rows if row[0] == "United Kingdom"
    )


def test_the_dates_chart_shows_each_step_and_each_place_without_control():
    chart = charts.ketamine_control().chart
    rows = [row for row in table("schedules") if row.drug == "ketamine"]
    assert len(dots(chart)) == sum(bool(row.effective_date and row.controlled == "yes") for row in rows)
    assert set(chart.axes.y_ticks.values()) == {row.jurisdiction_name for row in rows}
    for row in rows:
        if row.controlled == "no":
            assert row.jurisdiction_name in chart.description.split("Not listed where checked:")[1]


def test_dates_are_possible():
    for row in table("schedules"):
        assert bool(row.effective_date) == bool(row.date_status), row.id
        for date in (row.effective_date, row.ended):
            if date:
                assert 1900 < scheduling_data.year_of(date) < scheduling_data.year_of(dt.date.today().isoformat()), (
                    row.id
                )
        if row.effective_date and row.ended:
            assert scheduling_data.year_of(row.effective_date) < scheduling_data.year_of(row.ended), row.id
        if row.verification == "recalled":
            assert row.confidence == "low", row.id


def test_one_drug_has_one_family_and_fits_the_drug_table():
    families: dict[str, set] = {}
    for row in table("schedules"):
        families.setdefault(row.drug, set()).add((row.family, row.action))
    assert all(len(kinds) == 1 for kinds in families.values())
    known = {row.drug: row for row in table("drugs")}
    for drug, ((family, _),) in families.items():
        if drug in known:
            theirs = known[drug].opioid_class
            assert (family == "not an opioid") == (theirs == "not an opioid"), drug
            assert (family == "opioid blocker") == (theirs == "opioid antagonist"), drug


def test_a_new_row_comes_into_the_charts_and_the_explorer(added):
    before = law.draw_scheduling("place", "us")
    added(
        like="SC23",
        id="SC990",
        drug="madeupine",
        name="Madeupine",
        family="opioid",
        schedule="Schedule III",
        short="III",
    )
    chart = charts.schedule_lists("us").chart
    assert "Madeupine" in words(chart) and "Madeupine" not in words(before)
    assert ("Schedule III", "Madeupine") in [row[:2] for row in chart.table.rows]
    assert "Madeupine" in words(law.draw_scheduling("place", "us"))
    assert "III" in words(charts.schedule_matrix(["madeupine"]).chart)


def test_a_new_place_comes_into_the_charts(added):
    added(
        like="SC55",
        id="SC991",
        jurisdiction="japan",
        drug="tramadol",
        name="Tramadol",
        family="opioid",
        short="made up",
        schedule="made up",
    )
    assert scheduling_data.short_text("tramadol", "japan") == "made up"
    assert "made up" in words(charts.schedule_matrix(["tramadol"]).chart)


def test_findings_have_examples_of_both_kinds():
    chart = charts.schedule_findings().chart
    assert [row[0] for row in chart.table.rows] == ["I", "II", "III", "IV", "V"]
    for row in chart.table.rows:
        assert all(row[1:4]), "three findings"
        assert row[4] and row[5], f"Schedule {row[0]} needs an opioid and another drug"
    third = chart.table.rows[2]
    assert "Buprenorphine" in third[4] and "Ketamine" in third[5]


def test_unknown_names_suggest_the_nearest():
    with pytest.raises(ValueError, match="'ketamine'"):
        charts.schedule_matrix(["ketamin"])
    with pytest.raises(ValueError, match="'canada'"):
        charts.schedule_lists("canda")
    with pytest.raises(ValueError, match="1 to 4|at least one"):
        charts.schedule_matrix([])
    with pytest.raises(ValueError, match="No date"):
        charts.ketamine_control("memantine")


def test_the_prediction_takes_its_answers_from_the_rows():
    spec = explorers.predict_scheduling().spec
    same, unlisted = spec["guesses"]
    rows = {row.id: row for row in table("schedules")}
    assert "Buprenorphine" in same["answer"] and rows["SC22"].schedule == rows["SC01"].schedule
    assert unlisted["answer"] == "Nalbuphine" and rows["SC29"].controlled == "no"
    others = [rows[row_id] for row_id in ("SC12", "SC23", "SC11")]
    assert all(row.schedule != rows["SC01"].schedule for row in others), "only one option may be right"


def test_records_are_typed():
    assert isinstance(table("schedules")[0], Schedule)
    assert {row.schedule for row in table("csa_findings") if row.schedule} == {"I", "II", "III", "IV", "V"}


def test_labels_stay_within_the_picture():
    """Texts are measured by their letters: an entry must end before the next column or the edge."""
    for place in scheduling_data.jurisdictions():
        chart = law.draw_scheduling("place", place)
        for mark in chart.marks:
            if mark.name.startswith("word-") and mark.text:
                room = 640 - mark.x if mark.x > 470 else 168
                assert len(mark.text) * 8.6 < room + 16, mark.text
