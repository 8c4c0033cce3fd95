"""The report of stale rows: what it finds on a given day, and that it never fails."""

from __future__ import annotations

import datetime as dt

import pytest
from course import evidence
from course.evidence.records import RECORDS
from course.upkeep import staleness

CHECKED = max(row.date_checked for name in RECORDS for row in evidence.table(name))
FIRST = min(row.date_checked for name in RECORDS for row in evidence.table(name))


@pytest.mark.parametrize(
    "day, months, later",
    [
        ("2026-11-21", 18, "2028-05-21"),
        ("2026-11-21", 1, "2026-12-21"),
        ("2026-08-31", 18, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-31", 12, "2027-12-31"),
    ],
)
def test_months_are_months_of_the_calendar(day, months, later):
    assert staleness.months_later(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(later)


def test_nothing_is_stale_on_the_day_on_which_all_was_checked():
    assert [one for one in staleness.stale(CHECKED) if one.why.startswith("checked")] == []


def test_a_row_is_stale_after_18_months_and_not_a_day_before():
    found = evidence.row("AF10")
    due = staleness.months_later(found.date_checked, 18)
    assert "AF10" not in {one.row.id for one in staleness.stale(due)}
    assert "AF10" in {one.row.id for one in staleness.stale(due + dt.timedelta(days=1))}


def test_a_stated_end_comes_before_the_18_months():
    found = evidence.row("FM04")
    assert "FM04" not in {one.row.id for one in staleness.stale(found.expires_on)}
    over = {one.row.id: one for one in staleness.stale(found.expires_on + dt.timedelta(days=1))}
    assert over["FM04"].why == f"held until {found.expires_on}"
    assert "FA74" in over, "an end that stands in datapackage.json"
    assert {"FM04", "FA74"} <= {row.id for _, row, _ in staleness.coming(found.expires_on - dt.timedelta(days=30))}


def test_tables_can_state_fewer_months():
    stated = {
        one["name"]: one["staleAfterMonths"] for one in staleness._package()["resources"] if "staleAfterMonths" in one
    }
    assert stated
    for name, months in stated.items():
        first = evidence.table(name)[0]
        late = staleness.months_later(first.date_checked, months) + dt.timedelta(days=1)
        assert late < staleness.months_later(first.date_checked, staleness.MONTHS)
        assert name in {one.table for one in staleness.stale(late)}


def test_the_report_lists_the_oldest_first_and_what_rests_on_it():
    found = staleness.stale(dt.date(2040, 1, 1))
    assert len(found) == sum(len(evidence.table(name)) for name in RECORDS)
    for name in RECORDS:
        days = [one.since for one in found if one.table == name]
        assert days == sorted(days)
    hirota = next(one for one in found if one.row.id == "AF10")
    assert hirota.items and any(place.startswith("03-how-much-binds#") for place in hirota.places)
    assert "FQ01" in hirota.places
    text = staleness.report(dt.date(2040, 1, 1))
    line = next(line for line in text.splitlines() if line.startswith("  AF10 "))
    assert "hirota1999" in line and hirota.items[0] in line


def test_the_command_takes_a_day_and_never_fails(capsys):
    assert staleness.main(["--today", FIRST.isoformat()]) == 0
    assert f"on {FIRST}: 0" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        staleness.main(["--today", "soon"])


def test_ends_are_stated_for_rows_that_exist():
    for resource in staleness._package()["resources"]:
        for row_id, day in resource.get("expires", {}).items():
            assert row_id in {row.id for row in evidence.table(resource["name"])}
            assert dt.date.fromisoformat(day)
