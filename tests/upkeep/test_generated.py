"""What `make refresh` writes into README.md and data/README.md is what the data say."""

from __future__ import annotations

import re

import pytest
from course import evidence
from course.chapters import slugs
from course.files import DATA
from course.upkeep import dictionary
from course.upkeep import generated as written

README = written.README.read_text(encoding="utf-8")


def test_the_readme_is_up_to_date():
    assert written.readme(README) == README, "run make refresh"


def test_the_data_dictionary_is_up_to_date():
    assert (DATA / "README.md").read_text(encoding="utf-8") == dictionary.text(), "run make refresh"


def test_the_table_of_chapters_has_every_notebook_and_adds_its_minutes_up():
    lines = [line for line in written.chapters_table().splitlines() if ".ipynb" in line]
    assert len(lines) == len(slugs())
    table = [line for line in written.chapters_table().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.split("|")] for line in table[2:]]
    for column in (3, 4):
        minutes = [int(row[column]) for row in cells if row[column].isdigit()]
        assert sum(minutes[:-1]) == minutes[-1]


def test_the_table_of_schedules_shows_both_kinds_on_one_list():
    rows = {line.split(" | ")[0].strip("| "): line for line in written.schedules_table().splitlines() if "|" in line}
    assert "Buprenorphine" in rows["III"] and "Ketamine" in rows["III"]
    assert "Nalbuphine" in rows["not controlled"]
    recalled = [
        found
        for found in evidence.table("schedules")
        if found.jurisdiction == "us" and found.verification == "recalled" and not found.ended
    ]
    assert recalled, "else this test says nothing"
    listed = re.split(r" \| |, ", " | ".join(rows.values()))
    assert not {found.name for found in recalled} & set(listed), "what nobody read is not in the table"


def test_lost_marks_are_named():
    with pytest.raises(ValueError, match="chapters: written by make refresh"):
        written.readme("# Title")
