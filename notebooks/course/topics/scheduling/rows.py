"""What the charts and the explorer on scheduling read from `data/schedules.csv`: one place for each choice.

A *cell* is one drug in one place: the rows that hold today, or none, which reads "not checked". Rows with an end
are history: they stand in the chart on dates and nowhere else.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ...display import Dots, Label, Mark
from ...evidence import nearest, reference, table
from ...evidence.records import Schedule

NOT_CHECKED = "not checked"
UNVERIFIED = "unverified"
GAP = "\u00a0" * 4  # plain spaces would collapse in a picture
FAMILIES = ("opioid", "opioid blocker", "not an opioid")
FAMILY_COLOURS = {"opioid": "orange", "opioid blocker": "ink", "not an opioid": "ink", "ketamine": "blue"}
KETAMINE_FORMS = ("ketamine", "esketamine", "arketamine")
MARKERS = {"opioid": "D", "opioid blocker": "^", "not an opioid": "o", "ketamine": "s"}
SIGNS = {"opioid": "◆", "opioid blocker": "▲", "not an opioid": "●", "ketamine": "■"}
CAVEAT = "A schedule is a legal list. It weighs harm, but is no measured ranking of it, and it names no mechanism."
HOW_KNOWN = {
    "primary": "source itself",
    "secondary": "quoted elsewhere",
    "derived": "our arithmetic",
    "recalled": "memory, unverified",
    "assumption": "assumed",
}
COLUMNS = ("Section", "Since", "How we know it", "Source", "Checked on", "Row")


@cache
def current() -> tuple:
    """Every row that still holds, in file order."""
    return tuple(row for row in table(Schedule) if not row.ended)


@cache
def drugs() -> dict[str, str]:
    """Drug slug -> name without its product, in file order."""
    names: dict[str, str] = {}
    for row in current():
        if not names.get(row.drug) or not row.product:
            names[row.drug] = row.name.split(" (")[0]
    return names


@cache
def jurisdictions() -> dict[str, str]:
    """Place slug -> name, the one with most drugs checked first."""
    names = {row.jurisdiction: row.jurisdiction_name for row in current()}
    counts = {place: len({row.drug for row in current() if row.jurisdiction == place}) for place in names}
    return {place: names[place] for place in sorted(names, key=lambda place: (-counts[place], names[place]))}


@cache
def family(drug: str) -> str:
    """opioid, opioid blocker or not an opioid. Raises `ValueError` with the nearest name for an unknown drug."""
    check("drug", drug, drugs())
    return next(row.family for row in current() if row.drug == drug)


@cache
def cell(drug: str, jurisdiction: str) -> tuple:
    """The rows of one drug in one place that hold today; empty if it was not checked."""
    return tuple(row for row in current() if (row.drug, row.jurisdiction) == (drug, jurisdiction))


def short_text(drug: str, jurisdiction: str) -> str:
    """What a small cell says: 'III', 'II, III, V', or 'not checked'; a dagger marks what is unverified."""
    rows = sorted(cell(drug, jurisdiction), key=order)
    words = list(dict.fromkeys(row.short for row in rows))
    if not words:
        return NOT_CHECKED
    joined = ", ".join(words)
    return (joined if len(joined) <= 14 else "\n".join(words)) + ("" if all(read(row) for row in rows) else " †")


def head_text(word: str) -> str:
    """A heading for a list: a bare numeral gets its noun."""
    return f"Schedule {word}" if word and set(word) <= set("IVX") else word


def fitting(names: Sequence[str], width: float) -> str:
    """As many of the names as fit into `width` pixels at the size of a label, at least one."""
    kept = list(names[:1])
    for name in names[1:]:
        if text_width(", ".join([*kept, name])) > width:
            break
        kept.append(name)
    return ", ".join(kept)


def text_width(text: str) -> float:
    """Roughly how wide a label is, in pixels; a little too wide rather than too narrow."""
    return 8.8 * len(text)


def check(what: str, name: str, known: Iterable[str]) -> str:
    """The name, if it is known. Raises `ValueError` that suggests the nearest."""
    known = list(known)
    if name not in known:
        raise ValueError(f"There is no {what} {name!r} in data/schedules.csv. {nearest(name, known)}")
    return name


def order(row) -> tuple:
    """The order in which a law names its lists, what is not listed last; opioids before others."""
    return (row.controlled == "no", row.short, FAMILIES.index(row.family), row.name)


def read(row) -> bool:
    """Whether the row was read in a source, not recalled from memory."""
    return row.verification in ("primary", "secondary", "derived")


def since(row) -> str:
    """'12 August 1999'; 'not checked' without a date; a recalled date says so."""
    if not row.effective_date:
        return NOT_CHECKED
    return day_text(row.effective_date) + (f" ({UNVERIFIED})" if row.date_status == "recalled" else "")


def day_text(date: str) -> str:
    """'2015-12' as 'December 2015', '1999-08-12' as '12 August 1999', '1962' as it is."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = calendar.month_name[int(rest[0])]
    return f"{month} {year}" if len(rest) == 1 else f"{int(rest[1])} {month} {year}"


def year_of(date: str) -> float:
    """A date as a decimal year; a bare year or month counts from its first day."""
    parts = [int(part) for part in date.split("-")] + [1, 1]
    day = dt.date(*parts[:3])
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


def latest_check(rows: Iterable) -> str:
    """The last day on which one of the rows was checked."""
    return day_text(max(row.date_checked for row in rows).isoformat())


def source_cells(row) -> tuple[str, ...]:
    """The cells of `COLUMNS` for one row."""
    return (
        row.section or NOT_CHECKED,
        since(row),
        HOW_KNOWN[row.verification],
        reference(row.source).label,
        row.date_checked.isoformat(),
        row.id,
    )


@dataclass(frozen=True)
class Unchecked:
    """A drug that has no row in one place."""

    drug: str
    name: str
    family: str


def unchecked(jurisdiction: str) -> list[Unchecked]:
    """The drugs of the table that were not looked up in one place, in order of name."""
    found = [Unchecked(drug, name, family(drug)) for drug, name in drugs().items() if not cell(drug, jurisdiction)]
    return sorted(found, key=lambda entry: (FAMILIES.index(entry.family), entry.name))


def lists_of(jurisdiction: str) -> dict[str, list]:
    """List word -> its rows, in the order of `order`."""
    found: dict[str, list] = {}
    for row in sorted((row for row in current() if row.jurisdiction == jurisdiction), key=order):
        found.setdefault(row.short, []).append(row)
    return found


def summary(jurisdiction: str) -> str:
    """Counts, the first and the last list, and the day; each drug by name is in the table."""
    name, bands, missing = jurisdictions()[jurisdiction], lists_of(jurisdiction), unchecked(jurisdiction)
    lists = {word: some for word, some in bands.items() if some[0].controlled == "yes"}
    mixed = [word for word, some in lists.items() if len({found.family == "not an opioid" for found in some}) == 2]
    rows = [found for some in bands.values() for found in some]
    outside = [found for found in rows if found.controlled == "no"]
    drugs = {found.drug for found in rows}
    said = [
        f"{name}: {len(drugs)} of {len(drugs) + len(missing)} drugs were looked up, {len(missing)} {NOT_CHECKED}.",
        f"{len(mixed)} of {len(lists)} lists hold opioids and other drugs side by side."
        if len(lists) > 1 and len(drugs) > 1
        else "",
        *(f"{head_text(word)}: {_names(lists[word])}." for word in list(lists)[:1]),
        f"On no list: {_names(outside)}." if outside else "",
        f"Last checked on {latest_check(rows)}.",
    ]
    return " ".join(text for text in said if text)


def _names(rows: Sequence) -> str:
    """The first opioid and the first other drug, what was read before what is from memory, and how many more."""
    known = sorted(rows, key=lambda found: not read(found))
    first = [
        next((found for found in known if (found.family == "not an opioid") == other), None) for other in (False, True)
    ]
    named = [f"{found.name} ({found.family})" for found in first if found]
    more = len(rows) - len(named)
    return " and ".join(named) if not more else f"{', '.join(named)} and {more} more"


# How the lists of one place are set on the page: a heading over its band, two columns for opioids and opioid
# blockers, one for other drugs. All in pixels of a picture whose axes count pixels.
WIDTH, LINE, TOP, BAND_GAP = 520, 20, 52, 3
HEAD_X, CELL_X, OTHERS_X = 2, (14, 190, 362), 296
OPIOID_COLUMNS, OTHER_COLUMNS = CELL_X[:2], CELL_X[2:]


def placed(bands: Mapping[str, Sequence[Any]]) -> tuple[list[tuple[float, str]], list[tuple[float, float, Any]], float]:
    """Headings (y, text), entries (x, y, row) and the height used, y counted downwards from the top."""
    heads, entries, y = [], [], float(TOP)
    for word, rows in bands.items():
        acting = [row for row in rows if row.family != "not an opioid"]
        others = [row for row in rows if row.family == "not an opioid"]
        heads.append((y, word))
        y += LINE
        lines = 0
        parts = ((OPIOID_COLUMNS, acting), (OTHER_COLUMNS, others))
        for columns, part in ((CELL_X, rows),) if word == NOT_CHECKED else parts:
            for index, row in enumerate(part):
                line, column = divmod(index, len(columns))
                entries.append((columns[column], y + line * LINE, row))
                lines = max(lines, line + 1)
        y += lines * LINE + BAND_GAP
    return heads, entries, y


def dots(entries: Sequence[tuple[float, float, str, bool, str]]) -> list[Mark]:
    """Eight marks, one per family and way of knowing, from (x, y, family, read, label). Always the same names."""
    marks: list[Mark] = []
    for kind in FAMILY_COLOURS:
        for was_read in (True, False):
            some = [entry for entry in entries if entry[2:4] == (kind, was_read)]
            marks.append(
                Dots(
                    f"{kind.replace(' ', '-')}-{'read' if was_read else 'unread'}",
                    FAMILY_COLOURS[kind],
                    [entry[0] for entry in some],
                    [entry[1] for entry in some],
                    MARKERS[kind],
                    10,
                    was_read,
                    [entry[4] for entry in some],
                )
            )
    return marks


def kind_of(drug: str) -> str:
    """Opioid, opioid blocker or not an opioid; ketamine and its forms, which are none, by their own name."""
    return "ketamine" if drug in KETAMINE_FORMS else family(drug)


def says(row) -> str:
    """What a dot says to pointer and keyboard."""
    product = f" ({row.product})" if row.product else ""
    unread = "" if read(row) else f", {UNVERIFIED}"
    dated = f", since {since(row)}" if row.effective_date else ""
    return f"{drugs()[row.drug]}{product}, {row.family}: {row.schedule} in {the(row.jurisdiction_name)}{dated}{unread}"


def the(place: str) -> str:
    """'the United States', but 'Canada'."""
    return f"the {place}" if re.match(r"United|European", place) else place


def legend(y: float) -> list[Mark]:
    """Headings over the columns, which say in words what the shapes mean."""
    return [
        Label(
            "acting",
            "ink",
            OPIOID_COLUMNS[0] - 8,
            y,
            f"{SIGNS['opioid']} opioid{GAP}{SIGNS['opioid blocker']} opioid blocker",
            bold=True,
        ),
        Label(
            "others",
            "ink",
            OTHERS_X,
            y,
            f"{SIGNS['not an opioid']} neither{GAP}{SIGNS['ketamine']} ketamine",
            bold=True,
        ),
    ]


def heading(name: str, y: float, word: str, bold: bool = True) -> Label:
    """The name of a list over its band, or of a place at the left of its line."""
    return Label(name, "ink", HEAD_X, y, head_text(word), bold=bold)
