"""What the chart and the explorer of readings share: which finding fits which reading, and how that is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from ...evidence import nearest, table
from ...evidence.records import Reading, ReadingFinding, ReadingFit

SILENT = "silent"
# Words, marker, whether it is filled, colour.
MARKS = {
    "fits": ("fits", "o", True, "ink"),
    "against": ("against", "x", True, "ink"),
    SILENT: ("silent", "s", False, "muted"),
}


@cache
def fits() -> dict[tuple[str, str], ReadingFit]:
    """(reading, finding) -> row of `data/reading_fits.csv`. A pair without a row is silent.

    Raises `ValueError` for a row that names a reading or a finding that does not exist.
    """
    rows = {(found.reading_id, found.finding_id): found for found in table(ReadingFit)}
    for known, place in ((readings_by_id(), 0), ({found.id: found for found in findings()}, 1)):
        for pair, found in rows.items():
            if pair[place] not in known:
                raise ValueError(
                    f"{found.id} of data/reading_fits.csv names {pair[place]}. {nearest(pair[place], known)}"
                )
    return rows


@cache
def findings() -> tuple:
    """Findings in the order of their table; the first is the main result."""
    return table(ReadingFinding)


@cache
def readings_by_id() -> dict[str, Reading]:
    """Readings by id, in the order of their table."""
    return {found.id: found for found in table(Reading)}


def chosen(names: Sequence[str] | None) -> list:
    """The readings with these slugs, or all. Raises `ValueError` with the nearest slug."""
    known = {found.reading: found for found in readings_by_id().values()}
    if names is None:
        return list(known.values())
    for name in names:
        if name not in known:
            raise ValueError(f"There is no reading {name!r} in data/readings.csv. {nearest(name, known)}")
    if not names:
        raise ValueError("names is empty. Leave it out for all readings.")
    return [known[name] for name in dict.fromkeys(names)]


def fit_of(reading, found) -> str:
    """fits, against or silent."""
    row = fits().get((reading.id, found.id))
    return row.fit if row else SILENT


def mark_of(fit: str) -> tuple[str, str, bool, str]:
    """Words, marker, whether it is filled, and color."""
    return MARKS[fit]


def two_lines(found) -> str:
    """A finding's name on two lines."""
    return found.finding.replace(" | ", "\n")


def sources(rows: Iterable) -> list[str]:
    """Keys behind rows, each once."""
    return list(dict.fromkeys(found.source for found in rows if found.source))
