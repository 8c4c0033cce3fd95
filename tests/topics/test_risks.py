"""Risks: every cell has its grade or says not checked, numbers are those of the rows, safety words are there."""

from __future__ import annotations

import csv
import re
import shutil

import pytest
from course import charts, evidence
from course.evidence import read_table
from course.evidence.references import references
from course.files import DATA
from course.topics.risks import charts as risks
from course.topics.risks import rows as risks_data

TOPICS = (
    "breathing",
    "dependence and addiction",
    "withdrawal",
    "euphoria",
    "common side effects",
    "sedation and dissociation",
    "bladder",
    "liver",
    "heart and blood pressure",
    "memory and thinking",
    "pregnancy",
    "under 18",
    "overdose deaths",
    "recovery from opioid use disorder",
    "the label says: do not use",
)


def rows():
    return evidence.table("risks")


def texts(chart) -> list[str]:
    return [mark.text for mark in chart.marks if hasattr(mark, "text")]


@pytest.fixture
def other_data(tmp_path, monkeypatch):
    """A function that shows the charts a copy of the data folder in which rows were added or taken away."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)

    def change(name, edit):
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
        changed = edit(found)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(found[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(changed)
        references.cache_clear()
        monkeypatch.setattr(risks_data, "table", lambda table: read_table(table, folder))

    yield change
    monkeypatch.undo()
    references.cache_clear()


def test_all_topics_are_there_for_all_three_situations():
    assert set(TOPICS) <= set(risks_data.chosen_risks(None))
    for risk in risks_data.chosen_risks(None):
        for family in risks_data.FAMILIES:
            assert risks_data.cell(risk, family), (risk, family)


def test_one_row_stands_in_each_cell():
    keys = [(row.risk, row.family) for row in rows() if row.place == "cell"]
    assert len(keys) == len(set(keys))
    assert {(row.risk, row.family) for row in rows()} == set(keys)


def test_a_grade_stands_in_every_cell():
    chart = charts.risk_matrix().chart
    grades = [mark.text for mark in chart.marks if mark.name.startswith("grade-")]
    assert len(grades) == 3 * len(risks_data.chosen_risks(None))
    assert all(re.match(r"[A-D], ", grade) for grade in grades)
    assert "grades the evidence, not the danger" in chart.caveat
    assert all(f"{grade}: {words}" in chart.caveat for grade, words in risks_data.GRADES.items())


MOLECULES = "ketamine|opioid|morphine|methadone|codeine|heroin"
ROUTES = "spray|injection|injected|into a vein|by mouth|any route|several routes|routes? not read"


def test_every_line_names_molecule_and_route():
    """A finding of the esketamine spray is not one of infusions of ketamine, and the reader must see which it is."""
    for row in rows():
        assert re.search(MOLECULES, row.drug) and re.search(ROUTES, row.drug), (row.id, row.drug)
    chart = charts.risk_matrix().chart
    said = {mark.name: " ".join(mark.text.split()) for mark in chart.marks if mark.name.startswith(("who-", "words-"))}
    assert len(said) == 2 * 3 * len(risks_data.chosen_risks(None))
    for risk in risks_data.chosen_risks(None):
        for place, family in enumerate(risks_data.FAMILIES):
            name = f"{risk.replace(' ', '-').replace('?', '').replace(':', '')}-{place}"
            both = f"{said[f'who-{name}']}: {said[f'words-{name}']}".replace("\u00a0", " ")
            row = risks_data.cell(risk, family)
            assert row.drug in both and row.short in both, both


def test_a_bar_is_the_share_of_people_of_its_row():
    chart = charts.risk_matrix().chart
    bars = {mark.name.removeprefix("share-"): mark for mark in chart.marks if mark.name.startswith("share-")}
    found = 0
    for risk in risks_data.chosen_risks(None):
        for place, family in enumerate(risks_data.FAMILIES):
            name = f"{risk.replace(' ', '-').replace('?', '').replace(':', '')}-{place}"
            row = risks_data.cell(risk, family)
            if row.unit.split(" (")[0] == "%":
                found += 1
                assert (bars[name].x2 - bars[name].x) / risks.FULL * 100 == pytest.approx(row.value)
            else:
                assert name not in bars, "only a share of people has a bar"
    assert found > 5


def test_the_titles_say_what_the_rows_say():
    deaths = {family: risks_data.cell("overdose deaths", family).short for family in risks_data.FAMILIES}
    title = charts.risk_matrix("breathing and overdose").chart.title
    assert deaths["opioids"] in title and deaths["non-medical ketamine"].split(";")[0] in title
    title = charts.risk_matrix("same day").chart.title.replace("\u00a0", " ")
    assert "48 to 61 % of people" in title and "14 % drowsy" in title
    title = charts.risk_matrix("months and years").chart.title.replace("\u00a0", " ")
    assert "8 to 12 % of people on opioids" in title and "17 % of people who used ketamine, in one survey" in title
    assert risks_data.cell("pregnancy", "supervised ketamine").short == "label: not recommended"
    assert risks_data.cell("under 18", "supervised ketamine").short == "not approved under 18"


def test_a_regulators_label_stands_in_the_cell_before_a_makers_page():
    for risk in risks_data.chosen_risks(None):
        for family in risks_data.FAMILIES:
            found = risks_data.rows_of(risk, family)
            if any(row.setting == "label" and row.finding in ("shown", "label rule") for row in found):
                assert not risks_data.cell(risk, family).source.startswith("jnj"), (risk, family)


def test_deaths_are_compared_like_with_like():
    """Both cells count deaths in which the drug was involved; ketamine alone is said beside it."""
    ketamine, opioids = (risks_data.cell("overdose deaths", family) for family in ("non-medical ketamine", "opioids"))
    assert ketamine.short.startswith("involved in 440 of 228,668") and "alone in 24" in ketamine.short
    assert opioids.short.startswith("involved in")


def test_an_empty_cell_says_that_it_was_not_checked(other_data):
    other_data(
        "risks", lambda found: [row for row in found if not (row["risk"] == "liver" and row["family"] == "opioids")]
    )
    assert risks_data.NOT_CHECKED in texts(charts.risk_matrix(["liver"]).chart)


def test_a_new_risk_reaches_the_chart(other_data):
    other_data(
        "risks",
        lambda found: [*found, found[0] | {"id": "RK990", "risk": "hearing", "short": "a made-up finding"}],
    )
    chart = charts.risk_matrix("same day").chart
    assert "Hearing" in texts(chart)
    assert any("RK990" in line for line in chart.table.rows)


def test_not_known_is_grade_d_and_nothing_else_is():
    assert all((row.finding == "not known") == (row.grade == "D") for row in rows())


def test_grade_a_is_never_a_single_study_and_is_never_from_memory():
    for row in rows():
        if row.grade == "A":
            assert row.verification in ("primary", "secondary")
            assert re.search(r"label|regulator|trials|studies|review|warning", f"{row.setting} {row.statement}"), row.id


@pytest.mark.parametrize("row", [row for row in rows() if row.value is not None], ids=lambda row: row.id)
def test_the_number_of_a_row_stands_in_its_words(row):
    """The value, as written, is in the sentence or in how often."""
    said = f"{row.statement} {row.frequency} {row.setting}".replace(",", "")
    numbers = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", said)}
    words = {"none": 0, "no": 0, "one": 1, "three": 3, "nine": 9}
    numbers |= {value for word, value in words.items() if re.search(rf"\b{word}\b", said.lower())}
    assert any(abs(number - row.value) <= 0.01 * abs(row.value) for number in numbers), (row.value, sorted(numbers))


def test_the_table_shows_every_row_with_its_source():
    chart = charts.risk_matrix().chart
    assert {line[-1] for line in chart.table.rows} == {row.id for row in rows()}
    for line in chart.table.rows:
        assert line[-2] == "none found" or line[-2]
    unsourced = [row for row in rows() if not row.source]
    assert unsourced and all(row.finding == "not known" for row in unsourced)


@pytest.mark.parametrize("group", sorted({row.group for row in rows()}))
def test_words_stay_in_their_column(group):
    """About 9 pixels a letter: no line of a cell may reach the next column or the edge."""
    chart = charts.risk_matrix(group).chart
    for mark in chart.marks:
        if mark.name.startswith("words-"):
            room = risks.WIDTH - risks.INDENT
            assert all(risks.wrap(line, room) == line for line in mark.text.split("\n")), mark.text
            assert 0 < mark.y < chart.height


def test_colour_is_never_the_only_sign():
    looks = [(marker, filled) for _, _, marker, filled in risks_data.FAMILIES.values()]
    assert len(looks) == len(set(looks))


def test_side_effects_show_both_groups_and_the_largest_difference_first():
    for study in risks_data.studies():
        chart = charts.side_effects(study).chart
        found = risks_data.side_effect_rows(study)
        assert [risks_data.excess(row) for row in found] == sorted(map(risks_data.excess, found), reverse=True)
        assert f"{risks_data.excess(found[0]):.0f} more in 100" in chart.title
        assert len(chart.table.rows) == len(found)
        assert {mark.name.split("-")[0] for mark in chart.marks} == {"gap", "control", "drug", "says"}


@pytest.mark.parametrize("row", evidence.table("side_effects"), ids=lambda row: row.id)
def test_published_percentages_agree_with_the_counts(row):
    assert abs(100 * row.count_drug / row.people_drug - row.percent_drug) < 0.6
    assert abs(100 * row.count_control / row.people_control - row.percent_control) < 0.6


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(ValueError, match="bladder"):
        charts.risk_matrix("bladdr")
    with pytest.raises(ValueError, match="breathing and overdose"):
        charts.risk_matrix("breathing and overdos")
    with pytest.raises(ValueError, match="aspire"):
        charts.side_effects("aspir")
    with pytest.raises(ValueError, match="at least one"):
        charts.risk_matrix([])


def test_no_dose_is_shown_and_words_are_respectful():
    said = " ".join(
        f"{row.short} {row.statement} {row.frequency} {row.setting} {row.note}".lower() for row in rows()
    ) + " ".join(f"{row.study_name} {row.drug} {row.event}" for row in evidence.table("side_effects"))
    assert not re.search(r"\d\s*(mg|µg|mcg|ml)\b", said)
    assert not re.search(r"\b(addicts?|abusers?|junkies?|clean)\b", said)


def test_naloxone_is_said_as_it_is():
    cells = {family: risks_data.cell("does naloxone help?", family) for family in risks_data.FAMILIES}
    assert cells["opioids"].finding == "lowers risk"
    assert cells["supervised ketamine"].finding == "no help"
    assert "give it if an opioid is possible" in cells["non-medical ketamine"].short
