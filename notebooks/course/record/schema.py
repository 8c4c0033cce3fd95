"""The tables of a record's file: how they are made, recognized, brought up from older versions, and emptied."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from .event import Event, seal
from .faults import Damaged, Erased, Newer
from .private import create as create_file

VERSION = 3
ERASED_AT = "erased_at"  # the moment, as `moments` tells it
KNOWN_AS = "known_as"  # the pseudonym of the last export
SCHEMA = """
CREATE TABLE events (
    place INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    value TEXT NOT NULL,
    chapter TEXT NOT NULL DEFAULT '',
    origin TEXT NOT NULL DEFAULT '',
    seal INTEGER
);
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE INDEX unsealed ON events (place) WHERE seal IS NULL;
CREATE TRIGGER counted AFTER INSERT ON events BEGIN UPDATE about SET value = value + 1 WHERE name = 'events'; END;
CREATE TRIGGER never_changed BEFORE UPDATE ON events WHEN OLD.seal IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER never_removed BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
"""
# Columns of each version, by which a file is recognised: a flipped bit may have changed its number.
COLUMNS = {
    1: ["place", "id", "at", "kind", "subject", "value"],
    2: ["place", "id", "at", "kind", "subject", "value", "chapter"],
    3: ["place", "id", "at", "kind", "subject", "value", "chapter", "origin", "seal"],
}
_INSERT = "INSERT INTO events (place, id, at, kind, subject, value, chapter, origin, seal) VALUES (?,?,?,?,?,?,?,?,?)"
_SELECT = "SELECT place, id, at, kind, subject, value, chapter, origin, seal FROM events"
_OWN = "name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"


def statements(script: str) -> list[str]:
    """The statements of a script, one by one: `executescript` would end the transaction."""
    found, statement = [], ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            found.append(statement.strip().rstrip(";"))
            statement = ""
    return found


def connect(path: Path, mode: str = "rw", patience: float = 0.0) -> sqlite3.Connection:
    """A connection to a file that is there. It has read nothing yet."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None)


def begin(database: sqlite3.Connection, write: bool = True) -> None:
    """Begins a transaction; one that may write, may do so alone."""
    # EXTRA waits for the disk at each event, and for the folder too: what was said to be kept survives a power cut.
    database.execute("PRAGMA synchronous = EXTRA")
    database.execute("BEGIN IMMEDIATE" if write else "BEGIN")


def make(path: Path, rows: Iterable[Sequence[str]] = (), **about: str) -> bool:
    """Makes a record's file in one step; False if there is one already. rows: (id, at, kind, subject, value, ...)."""
    new = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        os.close(create_file(new))
        with closing(connect(new)) as database:
            database.execute("PRAGMA page_size = 4096")
            begin(database)
            lay_out(database, **about)
            for row in rows:
                add(database, *row)
            database.execute("COMMIT")
        try:
            os.link(new, path)
        except FileExistsError:
            return False
        except OSError:  # a disk without links
            if os.path.lexists(path):
                return False
            os.rename(new, path)
        return True
    finally:
        for ending in ("", "-journal"):  # nobody else knows this name
            new.with_name(new.name + ending).unlink(missing_ok=True)


def lay_out(database: sqlite3.Connection, **about: str) -> None:
    """Makes the tables, empty. about: what else to note of the record."""
    for statement in statements(SCHEMA):
        database.execute(statement)
    database.execute(f"PRAGMA user_version = {VERSION}")
    note(database, {"record": uuid.uuid4().hex, "events": "0", **about})


def note(database: sqlite3.Connection, about: Mapping[str, str]) -> None:
    """Notes something of the record."""
    database.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", list(about.items()))


def about(database: sqlite3.Connection) -> dict[str, str]:
    """What is noted of the record: its id, how many events it has, whose it is."""
    return dict(database.execute("SELECT name, value FROM about"))


def add(
    database: sqlite3.Connection, id: str, at: str, kind: str, subject: str, value: str, chapter: str, origin: str = ""
) -> None:
    """Adds a row at the end."""
    (last,) = database.execute("SELECT max(place) FROM events").fetchone()
    row = (id, at, kind, subject, value, chapter, origin)
    place = (last or 0) + 1
    database.execute(_INSERT, (place, *row, seal(place, *row)))


def seal_the_rest(database: sqlite3.Connection) -> None:
    """Seals rows that a notebook of an older course wrote into this file."""
    rows = database.execute(f"{_SELECT} WHERE seal IS NULL").fetchall()
    for place, *row, _ in rows:
        database.execute("UPDATE events SET seal = ? WHERE place = ?", (seal(place, *row), place))


def rows_after(database: sqlite3.Connection, place: int) -> list[tuple[Any, ...]]:
    """Rows that came after a place, in the order in which they came."""
    return database.execute(f"{_SELECT} NOT INDEXED WHERE place > ? ORDER BY place", (place,)).fetchall()


def row_at(database: sqlite3.Connection, place: int) -> tuple[Any, ...] | None:
    """One row."""
    return database.execute(f"{_SELECT} WHERE place = ?", (place,)).fetchone()


def events_of(rows: Sequence[Sequence[Any]], record: str) -> list[tuple[Event, bool]]:
    """Rows of `rows_after` as (event, whether it was written in this file). Raises `Damaged` for one that is not sound.

    Values are read many at a time, which is faster and keeps the names of their parts once.
    """
    try:
        # As `seal` does it, in one go.
        if any(row[8] != crc32("\x1f".join((str(row[0]), *row[1:8])).encode()) for row in rows if row[8] is not None):
            raise Damaged
        values: list[Any] = []
        for start in range(0, len(rows), 500):
            texts = [row[5] for row in rows[start : start + 500]]
            values += json.loads(f"[{','.join(texts)}]")
        if len(values) != len(rows):
            raise Damaged
        return [
            (Event(*row[1:5], value, row[6], row[7] or f"{record}:{row[0]}"), not row[7])
            for row, value in zip(rows, values, strict=True)
        ]
    except (ValueError, TypeError, RecursionError):
        raise Damaged("an entry in it is damaged") from None


def shape(database: sqlite3.Connection) -> int:
    """Which version's tables a file has; 0 for none. Raises `Damaged` or `Newer` for what this course cannot use.

    It has to be asked within the transaction: a newer course may have taken the file over a moment ago.
    """
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version == VERSION and _is_ours(database):
        return VERSION
    tables = {name for (name,) in database.execute(f"SELECT name FROM sqlite_master WHERE type = 'table' AND {_OWN}")}
    if not tables and version in (0, VERSION):
        return 0
    columns = [row[1] for row in database.execute("PRAGMA table_info(events)")]
    found = next((number for number, names in COLUMNS.items() if names == columns), None)
    if version > VERSION and (found is None or (version ^ found).bit_count() != 1):
        raise Newer
    if found is None or tables - {"events", "about"}:
        raise Damaged("it holds something else")
    if found == VERSION and not _is_ours(database):
        raise Damaged("its tables were changed")
    return found


@cache
def _expected() -> str:
    with closing(sqlite3.connect(":memory:")) as database:
        lay_out(database)
        return _text(database)


def _text(database: sqlite3.Connection) -> str:
    rows = database.execute(f"SELECT type || name || tbl_name || sql FROM sqlite_master WHERE {_OWN} ORDER BY name")
    return "\n".join(text for (text,) in rows)


def _is_ours(database: sqlite3.Connection) -> bool:
    return _text(database) == _expected()


def make_ready(database: sqlite3.Connection, name: str, notice: str) -> None:
    """Within a transaction that may write: brings the file to this version. notice: for a file that lost all."""
    found = shape(database)
    if found == 0:
        lay_out(database, **_named(name), **({"notice": notice} if notice else {}))
    elif found < VERSION:
        _take_over(database, found)
    else:
        database.execute(f"PRAGMA user_version = {VERSION}")


def _named(name: str) -> dict[str, str]:
    return {"pseudonym": name} if name else {}


def _take_over(database: sqlite3.Connection, version: int) -> None:
    """Brings a file of an older version to this one. Its events keep the order in which that version showed them."""
    rows = old_rows(database, version)
    kept = dict(database.execute("SELECT name, value FROM about")) if version > 1 else {}
    for table in ("events", "about"):
        database.execute(f"DROP TABLE IF EXISTS {table}")
    lay_out(database, **_named(kept.get("pseudonym", "")))
    for row in rows:
        add(database, *row)


def old_rows(database: sqlite3.Connection, version: int) -> list[tuple[str, ...]]:
    """Rows of a file of version 1 or 2, oldest first: by time, but for stamps that lie in the future."""
    chapter = "chapter" if version >= 2 else "''"
    rows = database.execute(f"SELECT id, at, kind, subject, value, {chapter} FROM events ORDER BY place").fetchall()
    latest = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).isoformat(timespec="milliseconds")
    before, found = "", []
    for row in rows:
        sound(row)
        before = row[1] if row[1] <= latest else before
        found.append((before, row))
    return [row for _, row in sorted(found, key=lambda one: one[0])]


def sound(row: Sequence[Any]) -> None:
    """Raises `Damaged` for a row without a seal that this course cannot have written."""
    try:
        if not all(isinstance(part, str) for part in row):
            raise ValueError("no text")
        dt.datetime.fromisoformat(row[1])
        json.loads(row[4])
    except (ValueError, RecursionError):
        raise Damaged("an entry in it is damaged") from None


def check_is_sound(database: sqlite3.Connection) -> None:
    """Raises `Damaged` if the file's structure is hurt: what is written next could fall on what is there."""
    if database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise Damaged("it is damaged")


def empty(database: sqlite3.Connection, **kept: str) -> None:
    """Within a transaction: takes out all events and notes, for good. kept: what is noted of the record from then on.

    The file itself stays: another notebook may have it open. When it was erased stays noted: an answer from before
    may still wait in another notebook's memory.
    """
    before = about(database)
    if ERASED_AT in before:
        kept = {ERASED_AT: before[ERASED_AT], **kept}
    database.execute("DROP TRIGGER never_removed")
    database.execute("DELETE FROM events")
    database.execute("DELETE FROM about")
    database.execute(next(text for text in statements(SCHEMA) if "never_removed" in text))
    note(database, {"record": uuid.uuid4().hex, "events": "0", **kept})


def refuse_erased(database: sqlite3.Connection) -> None:
    """Raises `Erased`, with the moment, if this record was erased for good."""
    noted = about(database)
    if "erased" in noted:
        raise Erased(noted.get(ERASED_AT, ""))
