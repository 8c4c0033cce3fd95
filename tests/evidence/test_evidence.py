"""The tables load, fit Frictionless, and refuse what is broken with file, row, column and mend."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil

import frictionless
import pytest
from course import evidence
from course.chapters import chapters
from course.evidence import DataError, read_table
from course.evidence.records import RECORDS, Affinity, Drug
from course.evidence.references import references
from course.files import DATA, PACKAGE


@pytest.mark.parametrize("name", RECORDS)
def test_every_table_loads_and_records_match_the_schema(name):
    rows = evidence.table(name)
    assert rows
    package = json.loads((DATA / "datapackage.json").read_text())
    schema = next(resource["schema"] for resource in package["resources"] if resource["name"] == name)
    assert {field["name"] for field in schema["fields"]} == {field.name for field in dataclasses.fields(RECORDS[name])}
    # By number, not by letter: SC100 comes after SC99.
    ids = [row.id for row in rows]
    assert ids == sorted(set(ids), key=lambda row_id: (row_id[:2], int(row_id[2:])))


def test_the_data_package_is_valid_to_frictionless():
    report = frictionless.validate(str(DATA / "datapackage.json"))
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])


def test_ids_are_unique_over_all_tables():
    ids = [row.id for name in RECORDS for row in evidence.table(name)]
    assert len(ids) == len(set(ids))


def test_every_source_is_used_and_every_link_is_https():
    used = {row.source for name in RECORDS for row in evidence.table(name)}
    # A method has no row of its own: it is cited where it is used, in prose or in the code that shows a result.
    code = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    used |= {key for key in references() if f'"{key}"' in code}
    prose = "".join(chapter.text for chapter in chapters())
    used |= {source.key for source in references().values() if f"]({source.url})" in prose}
    assert used - {""} == set(references())
    assert all(source.url.startswith("https://") for source in references().values())
    labels = [source.label for source in references().values()]
    assert len(labels) == len(set(labels)), "two sources would look the same in a chart"


def test_a_range_of_pages_has_a_dash():
    citations = [source.citation for source in references().values()]
    assert [text for text in citations if re.search(r"[0-9]-{2,}[0-9]", text)] == []


@pytest.mark.parametrize(
    "written",
    [
        "https://doi.org/10.1016/0024-3205(91)90150-a",
        "https://doi.org/10.1016/0024-3205%2891%2990150-A",
        "https://dx.doi.org/10.1016/0024-3205(91)90150-a",
    ],
)
def test_an_address_is_known_however_it_is_written(monkeypatch, tmp_path, written):
    from course import references as lists
    from course.chapters import course

    monkeypatch.setattr(course, "NOTEBOOKS", tmp_path)
    cell = {"cell_type": "markdown", "source": [f"Said ([Chen 1991]({written}), [other](https://example.org/))."]}
    (tmp_path / "01-made.ipynb").write_text(json.dumps({"cells": [cell]}))
    assert lists.prose_keys("01-made") == ["chen1991"]


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(KeyError, match="hirota1999"):
        evidence.reference("hirota1998")
    with pytest.raises(KeyError, match="affinities"):
        evidence.table("afinities")
    with pytest.raises(KeyError, match="'AF"):
        evidence.row("AF011")


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(DATA, tmp_path / "data")
    references.cache_clear()
    yield tmp_path / "data"
    references.cache_clear()


def edit(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# (what is broken, old text, new text, line, column, a word of the mend)
BROKEN = [
    ("a word for a number", "=,119,", "=,about 119,", 2, "value_nM", "digits"),
    ("a comma as decimal point", "=,119,", '=,"119,5",', 2, "value_nM", "decimal point"),
    ("no number at all", "=,119,", "=,nan,", 2, "value_nM", "empty"),
    ("a negative Ki", "=,119,", "=,-119,", 2, "value_nM", "unit"),
    ("a Ki of zero", "=,119,", "=,0,", 2, "value_nM", "unit"),
    ("a range that excludes its value", ",119,109,129,", ",119,120,129,", 2, "value_nM", "three numbers"),
    ("low above high", ",119,109,129,", ",,139,129,", 2, "low_nM", "Swap"),
    ("an unknown target", "ketamine,racemic,NMDA", "ketamine,racemic,NDMA", 2, "target", "'NMDA'"),
    ("an unknown source", ",salat2015,", ",salat2051,", 2, "source", "'salat2015'"),
    ("no source", ",salat2015,", ",,", 2, "source", "assumption"),
    (
        "an unknown confidence",
        ",primary,2026-11-21,high,",
        ",primary,2026-11-21,hihg,",
        2,
        "confidence",
        "'high'",
    ),
    (
        "a date that is none",
        ",primary,2026-11-21,high,",
        ",primary,21.11.2026,high,",
        2,
        "date_checked",
        "2026-11-21",
    ),
    ("an id used twice", "\nAF02,", "\nAF01,", 3, "id", "own"),
    ("an id of another form", "\nAF02,", "\nX2,", 3, "id", "form"),
    ("a missing cell", "\nAF02,ketamine,", "\nAF02,", 3, None, "double quotes"),
    ("an empty required cell", "\nAF02,ketamine,", "\nAF02,,", 3, "drug", "needs a value"),
    ("a stray space", "\nAF02,ketamine,", "\nAF02,ketamine ,", 3, "drug", "Remove"),
    ("a hidden control character", "\nAF02,ketamine,", "\nAF02,ket\u202eamine,", 3, "drug", "Remove"),
    ("a renamed column", "value_nM", "value", 1, None, "in this order"),
]


@pytest.mark.parametrize("what, old, new, line, column, mend", BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_row_is_refused_with_its_place_and_mend(copy, what, old, new, line, column, mend):
    edit(copy, "affinities.csv", old, new)
    with pytest.raises(DataError) as caught:
        read_table("affinities", copy)
    assert (caught.value.file, caught.value.row, caught.value.column) == ("affinities.csv", line, column)
    assert mend in str(caught.value)
    assert "data/affinities.csv" in str(caught.value)


def test_files_that_cannot_be_read(copy):
    (copy / "drugs.csv").write_bytes("Dröge".encode("latin-1"))
    with pytest.raises(DataError, match="UTF-8"):
        read_table("drugs", copy)
    (copy / "facts.csv").unlink()
    with pytest.raises(DataError, match="missing"):
        read_table("facts", copy)
    edit(copy, "datapackage.json", "{", "{{")
    with pytest.raises(DataError, match="datapackage.json, line 1"):
        read_table("affinities", copy)


@pytest.mark.parametrize(
    "old, new, word",
    [
        ("@article{ebert1997,", "@article{salat2015,", "once"),
        ("doi = {10.1016/j.neuropharm.2015.07.037},\n  pmid = {26240948},", "", "no doi"),
        (
            "  title = {Norketamine, the main metabolite",
            "  titel = {Norketamine, the main metabolite",
            "no title",
        ),
    ],
)
def test_a_broken_reference_is_refused(copy, old, new, word):
    edit(copy, "references.bib", old, new)
    with pytest.raises(DataError, match=word) as caught:
        references(copy)
    assert caught.value.row > 1


def test_a_table_is_asked_for_by_its_record_type_or_by_its_name():
    assert evidence.table(Affinity) == evidence.table("affinities")
    assert all(isinstance(found, Affinity) for found in evidence.table(Affinity))
    assert len({record for record in RECORDS.values()}) == len(RECORDS), "each table has a record type of its own"


def test_a_row_is_asked_for_with_its_type_and_a_row_of_another_table_is_refused():
    assert evidence.row("AF10", Affinity) is evidence.row("AF10")
    with pytest.raises(KeyError, match="Row AF10 is of the table 'affinities', not of 'drugs'"):
        evidence.row("AF10", Drug)
    with pytest.raises(KeyError, match="There is no data row 'AF010'. Did you mean 'AF0?10'"):
        evidence.row("AF010")
