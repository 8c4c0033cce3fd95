"""`make stale`: rows that nobody has checked for long, or whose stated time is over, and what rests on them.

A report to read, never a failing test: the world moves whether or not anybody commits. A row is stale 18 months
after `date_checked`, or after what `staleAfterMonths` says for its table in `data/datapackage.json`; it is over
once the day in its column `expires_on`, or under its id in `expires` of its table, has passed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from dataclasses import dataclass
from functools import cache

from ..evidence import table
from ..evidence.records import Claim, Question, Row
from ..files import DATA
from ..quiz import bank, lint
from ..quiz.views import section
from . import faq

MONTHS = 18


@dataclass(frozen=True, slots=True)
class Stale:
    """A row to check again: since when, why, and what rests on it."""

    table: str
    row: Row
    since: dt.date
    why: str
    items: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def stale(today: dt.date) -> list[Stale]:
    """Rows to check again on this day: by table, the oldest first."""
    found = []
    for resource in _package()["resources"]:
        name, rows = resource["name"], []
        months = resource.get("staleAfterMonths", MONTHS)
        for row in table(name):
            due = months_later(row.date_checked, months)
            over = _expires(resource, row)
            if over is not None and over < today:
                rows.append(_with_what_rests_on(name, row, over, f"held until {over}"))
            elif due < today:
                rows.append(_with_what_rests_on(name, row, due, f"checked on {row.date_checked}"))
        found += sorted(rows, key=lambda one: (one.since, one.row.id))
    return found


def coming(today: dt.date, days: int = 90) -> list[tuple[str, Row, dt.date]]:
    """Rows whose stated time ends within so many days, the first first."""
    found = []
    for resource in _package()["resources"]:
        for row in table(resource["name"]):
            over = _expires(resource, row)
            if over is not None and today <= over <= today + dt.timedelta(days=days):
                found.append((resource["name"], row, over))
    return sorted(found, key=lambda one: (one[2], one[1].id))


def report(today: dt.date) -> str:
    """The report as text."""
    rows = stale(today)
    lines = [f"Rows to check again on {today}: {len(rows)}"]
    for name in dict.fromkeys(one.table for one in rows):
        here = [one for one in rows if one.table == name]
        lines += ["", f"{name} ({len(here)})"]
        for one in here:
            rests = [f"questions {', '.join(one.items)}"] if one.items else []
            rests += [f"in {', '.join(one.places)}"] if one.places else []
            lines.append(
                f"  {one.row.id}  {one.why}, {one.row.source or 'no source'}" + "".join(f"; {r}" for r in rests)
            )
    soon = coming(today)
    if soon:
        lines += ["", "Ends within 90 days"]
        lines += [f"  {row.id}  {name}, holds until {over}, {row.source or 'no source'}" for name, row, over in soon]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Prints the report. Returns 0 always."""
    parser = argparse.ArgumentParser(
        prog="python -m course.upkeep.staleness", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--today", type=dt.date.fromisoformat, default=dt.date.today(), metavar="YYYY-MM-DD")
    print(report(parser.parse_args(arguments).today))
    return 0


def _with_what_rests_on(name: str, row: Row, since: dt.date, why: str) -> Stale:
    items = lint.affected(row.id)
    found = [item for one in bank.banks() for item in one.items if item.id in items]
    places = ["{chapter}#{anchor}".format(**section(item)) for item in found]
    places += [f"{claim.id}" for claim in table(Claim) if row.id in claim.rows.split()]
    places += [asked.id for asked in table(Question) if row.id in faq.rows_of(asked)]
    if name == "glossary":
        places.append(f"{row.chapter}#{row.section}")
    return Stale(name, row, since, why, tuple(items), tuple(dict.fromkeys(places)))


def _expires(resource: dict, row: Row) -> dt.date | None:
    stated = getattr(row, "expires_on", None) or resource.get("expires", {}).get(row.id)
    return dt.date.fromisoformat(stated) if isinstance(stated, str) else stated


@cache
def _package() -> dict:
    return json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
