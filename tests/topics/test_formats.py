"""Treatment formats: hours follow from the rows, a new row reaches the charts, and no dose reaches the screen."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from course import charts, evidence, explorers
from course.evidence import read_table
from course.evidence.references import references
from course.files import DATA
from course.topics.formats import explorer as sessions
from course.topics.formats import rows as formats_data

CHARTS = ("clinic_hours", "format_status", "nasal_sprays", "supervision", "treatment_day", "where_and_who")
EXPLORERS = ("session_day", "ten_weeks")
AMOUNT = re.compile(r"\d[\s\u00a0]*(?:mg|µg|μg|mcg|microgram|milligram|mL|ml)\b")
UNSUPERVISED = ("compounded", "oral", "sublingual")


def rows(name):
    return {row.id: row for row in evidence.table(name)}


def every_chart():
    """Every chart, and every state of both explorers, as (name, chart)."""
    found = [(name, getattr(charts, name)().chart) for name in CHARTS]
    for name in EXPLORERS:
        explorer = getattr(explorers, name)
        found += [(f"{name} {state}", explorer.draw(**state)) for _, state in explorer.states(offline=True)]
    return found


def words(chart):
    """All that a reader sees of a chart but its list of sources."""
    texts = [chart.title, chart.description, chart.caveat, chart.table.caption, *chart.table.columns]
    texts += [cell for line in chart.table.rows for cell in line]
    if chart.axes:
        texts += [chart.axes.x_label, *(str(text) for text in dict(chart.axes.y_ticks or {}).values())]
    for mark in chart.marks:
        texts += [getattr(mark, "text", ""), *getattr(mark, "labels", ())]
    return "\n".join(texts)


def test_hours_of_a_visit_are_the_steps_of_the_day():
    """The label's least stay: the rests between two or three devices, and the floor of the watching."""
    day = {row.step: row for row in formats_data.plan("session_steps", "esketamine-us")}
    for row in formats_data.plan("visit_plans", "esketamine-us"):
        least = day["treatment"].low_minutes + day["watched"].low_minutes
        most = day["treatment"].high_minutes + day["watched"].low_minutes
        assert 60 * row.low_hours_per_visit == pytest.approx(least, abs=0.1)
        assert 60 * row.high_hours_per_visit == pytest.approx(most, abs=0.1)
    assert day["watched"].high_minutes is None, "at least two hours has no upper limit"


def test_hours_in_ten_weeks_worked_by_hand():
    """8 visits in weeks 1 to 4, 4 in weeks 5 to 8, then 1 or 2; each of 125 or 130 minutes at least."""
    total = formats_data.Total.of(formats_data.plan("visit_plans", "esketamine-us"))
    assert (total.low_visits, total.high_visits) == (13, 14)
    assert total.low_hours == pytest.approx(13 * 125 / 60, abs=0.01)
    assert total.high_hours == pytest.approx(14 * 130 / 60, abs=0.01)
    assert total.hours_text() == "at least 27 to 30 hours"


def test_every_calendar_is_that_of_one_source_not_a_sum_of_two():
    assert {row.verification for row in evidence.table("visit_plans")} <= {"primary", "secondary", "recalled"}


def test_visits_less_than_weekly_begin_with_the_phase():
    label = formats_data.plan("visit_plans", "esketamine-us")
    assert formats_data.visits_by_week(label, most=False) == [2, 2, 2, 2, 1, 1, 1, 1, 1, 0]
    assert formats_data.visits_by_week(label, most=True) == [2, 2, 2, 2, 1, 1, 1, 1, 1, 1]
    depot = formats_data.plan("visit_plans", "bup-depot")
    assert formats_data.visits_by_week(depot, most=True) == [1, 0, 0, 0, 1, 0, 0, 0, 1, 0]


@pytest.mark.parametrize("slug", list(formats_data.plans("visit_plans")))
def test_hours_grow_and_end_at_the_total(slug):
    plan = formats_data.plan("visit_plans", slug)
    total = formats_data.Total.of(plan)
    assert total.low_visits <= total.high_visits
    assert (total.low_hours is None) == (total.basis in ("not checked", "not fixed"))
    if total.low_hours is not None:
        so_far = sessions._cumulated(formats_data.hours_by_week(plan, most=False))
        assert so_far[-1][0] == pytest.approx(total.low_hours)
        assert all(one[0] <= other[0] for one, other in zip(so_far, so_far[1:], strict=False))
    else:
        text = words(explorers.ten_weeks.draw(slug, "most"))
        assert "hours not checked" in text or "no fixed time" in text


def test_two_hours_are_a_floor_and_driving_waits_for_the_next_day():
    chart = explorers.session_day.draw("esketamine-us")
    assert "at least 120" in chart.title and "no driving until the next day" in chart.title
    ends = {mark.name: getattr(mark, "x2", None) for mark in chart.marks}
    assert ends["bar-driving"] == sessions.NEXT_DAY > ends["more-watched"] > ends["bar-watched"]
    assert words(charts.treatment_day().chart).count("not until the next day, after a restful sleep") >= 2


def test_the_answers_of_the_predictions_come_from_the_rows():
    day, weeks = explorers.predict_session_day().spec, explorers.predict_ten_weeks().spec
    watched, driving = day["guesses"]
    assert watched["low"] == watched["high"] == rows("session_steps")["SS04"].low_minutes == 120
    assert driving["texts"][driving["right"]] == driving["answer"] == rows("session_steps")["SS06"].until
    visits, hours = weeks["guesses"]
    assert (visits["low"], visits["high"]) == (13, 14)
    assert (round(hours["low"], 1), round(hours["high"], 1)) == (27.1, 30.3)


def test_off_label_and_unapproved_compounded_stand_apart():
    formats = rows("formats")
    assert {row.status_us for row in formats.values()} <= set(formats_data.STATUS)
    assert {row.route for row in formats.values() if row.status_us == "off-label"} == {
        "intravenous",
        "intramuscular",
        "subcutaneous",
    }
    compounded = [row for row in formats.values() if "ompounded" in row.format_name]
    assert compounded and all(row.status_us == "unapproved compounded" for row in compounded)
    marks = [mark.name for mark in charts.format_status().chart.marks]
    heads = [marks.index(f"head-{status}") for status in ("approved", "off-label", "unapproved-compounded")]
    assert heads == sorted(heads)
    assert heads[1] < marks.index("cell-FM01-0") < heads[2] < marks.index("cell-FM04-0")


def test_every_rule_source_is_known_and_a_fact_that_ends_says_which():
    known = references()
    for row in rows("formats").values():
        assert row.rule_source in known, row.id
        assert bool(row.expires_on) == bool(row.expires_what), row.id
    ended = rows("formats")["FM06"]
    assert str(ended.expires_on) == "2026-12-31"
    assert "2026-12-31" in words(charts.where_and_who().chart)


def test_plans_point_at_formats():
    for name in ("session_steps", "visit_plans"):
        for row in evidence.table(name):
            assert row.format_id in rows("formats"), row.id


def test_no_dose_reaches_the_screen():
    for name, chart in every_chart():
        assert not AMOUNT.search(words(chart)), (name, AMOUNT.search(words(chart)))
    for prediction in (explorers.predict_session_day(), explorers.predict_ten_weeks()):
        assert not AMOUNT.search(json.dumps(prediction.spec, ensure_ascii=False))


@pytest.mark.parametrize("name", ["formats", "session_steps", "visit_plans"])
def test_no_row_of_an_unsupervised_format_holds_a_dose(name):
    for row in evidence.table(name):
        text = "\n".join(str(getattr(row, field)) for field in row.__dataclass_fields__ if field != "source")
        if any(word in text.lower() for word in UNSUPERVISED):
            assert not AMOUNT.search(text), row.id


def test_marks_keep_their_names_and_order():
    for name in EXPLORERS:
        explorer = getattr(explorers, name)
        names = {
            tuple(mark.name for mark in explorer.draw(**state).marks) for _, state in explorer.states(offline=True)
        }
        assert len(names) == 1, name
        explorer().offline_spec()


def test_what_was_not_read_is_not_drawn_as_a_rule():
    for row in evidence.table("session_steps"):
        if row.basis in ("not checked", "no rule found"):
            assert row.low_minutes is None and row.high_minutes is None, row.id
            assert formats_data.BASIS[row.basis][0] == "dotted"
    trial = explorers.session_day.draw("sc-trial")
    assert {mark.opacity for mark in trial.marks if mark.name in ("bar-watched", "bar-driving")} == {0}


@pytest.fixture
def added(tmp_path, monkeypatch):
    """The tables of a copied folder to which one made-up nasal format, with a day and a calendar, was added."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)

    def append(name, like, **changes):
        path = folder / f"{name}.csv"
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        import csv

        cells = dict(
            zip(header.split(","), next(csv.reader([line for line in lines if line.startswith(like)])), strict=True)
        )
        with path.open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, list(cells), lineterminator="\n").writerow(cells | changes)

    append("formats", "FM05", id="FM98", short_name="Made-up spray", active_substance="made-up", family="opioid")
    append("formats", "FM04", id="FM99", short_name="Another spray")
    append("session_steps", "SS04", id="SS98", plan="made-up", plan_name="Made-up day")
    append("visit_plans", "VP01", id="VP98", plan="made-up", plan_name="Made-up weeks")
    monkeypatch.setattr(formats_data, "table", lambda name: read_table(name, folder))
    return folder


def test_a_new_row_is_on_the_charts(added):
    for name, text in (
        ("format_status", "Another spray"),
        ("where_and_who", "Another spray"),
        ("nasal_sprays", "Made-up spray"),
        ("supervision", "Made-up spray"),
        ("treatment_day", "Made-up day"),
        ("clinic_hours", "Made-up weeks"),
    ):
        chart = getattr(charts, name)().chart
        assert text.replace("\n", " ") in words(chart).replace("\n", " "), name
    assert "5 nasal sprays" not in charts.nasal_sprays().chart.title
    assert "6 nasal sprays" in charts.nasal_sprays().chart.title


@pytest.mark.parametrize(
    "mistake, word",
    [
        (lambda: charts.format_status(families=["ketamin family"]), "ketamine family"),
        (lambda: charts.where_and_who(uses=["depresion"]), "depression"),
        (lambda: charts.treatment_day(["esketamine-usa"]), "esketamine-us"),
        (lambda: charts.clinic_hours(["sc-kad"]), "sc-kads"),
        (lambda: explorers.session_day(plan_slug="iv-nhz"), "iv-nhs"),
        (lambda: explorers.ten_weeks(visits="more"), "most"),
    ],
)
def test_a_mistake_names_the_nearest(mistake, word):
    with pytest.raises(ValueError, match=word):
        mistake()
