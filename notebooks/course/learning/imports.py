"""Another machine's record taken in: nothing is counted twice, and a file that is not sound changes nothing."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import re
import sqlite3
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import log as records
from ..log import Event
from .export import LONGEST_VALUE
from .statements import EVENT, statement_id

LARGEST_FILE = 20_000_000
MOST_EVENTS = 50_000
DEEPEST_VALUE = 10
LONGEST_NAME = 200
AGAIN = "Export the record again on the other machine, and take that file as it is."
_ID = re.compile(r"[0-9a-f]{32}")
_AT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")
_KIND = re.compile(r"[a-z]{1,20}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_FORMAT = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Import:
    """What was taken in: how many events were new, and how many the record had already."""

    new: int
    known: int

    def __repr__(self) -> str:
        return f"Import({self.new} new, {self.known} known)"


def import_record(path: str | os.PathLike[str]) -> Import:
    """Puts another machine's record into the one in use: an exported `.xapi.json`, or a `.sqlite3` file itself.

    Taking the same file in again changes nothing. Raises `ValueError` that names file, statement and mend for a file
    that is not sound; then nothing is taken in.
    """
    path = Path(path).expanduser()
    return import_bytes(path.name, _read(path))


def import_bytes(name: str, data: bytes) -> Import:
    """The same for a file's contents. name: what to call it in messages."""
    events = read_events(name, data)
    new = records.log().merge(events)
    return Import(new, len(events) - new)


def read_events(name: str, data: bytes) -> list[Event]:
    """The events of an exported file. Raises `ValueError` that names file, statement and mend."""
    name = _CONTROL.sub("", name)[:80] or "The file"
    if len(data) > LARGEST_FILE:
        raise ValueError(_too_large(name))
    raw = _of_database(name, data) if data.startswith(_FORMAT) else _of_statements(name, data)
    found: dict[str, Event] = {}
    for place, parts in raw:
        event = _event(place, parts)
        if event.id in found:
            raise ValueError(f"{place}: the same event stands in the file twice. {AGAIN}")
        found[event.id] = event
        if len(found) > MOST_EVENTS:
            raise ValueError(f"{name} holds more than {MOST_EVENTS:,} events. That is no record of this course.")
    return list(found.values())


def _read(path: Path) -> bytes:
    name = _CONTROL.sub("", path.name)[:80] or "The file"
    try:
        if path.is_symlink():
            raise ValueError(f"{name} is a link to another file. Name that file itself.")
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise ValueError(f"{name} is a folder or a device. Name an exported file.")
        if about.st_size > LARGEST_FILE:
            raise ValueError(_too_large(name))
        if path.with_name(path.name + "-journal").exists():
            raise ValueError(f"{name} is being written just now. Close the notebooks that use it, then try again.")
        with path.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise ValueError(f"There is no file {name} in {path.parent}. Check its name.") from None
    except OSError as problem:
        raise ValueError(f"{name} cannot be read ({problem.strerror}). Check the file and your right to it.") from None


def _too_large(name: str) -> str:
    return f"{name} is larger than {LARGEST_FILE // 1_000_000} MB. That is no record of this course."


def _of_statements(name: str, data: bytes) -> Iterator[tuple[str, Any]]:
    if name.lower().endswith(".csv"):
        raise ValueError(f"{name} is the table to read, and does not hold all. Take the .xapi.json file beside it.")

    def refuse(constant: str) -> Any:
        raise ValueError(constant)

    try:
        statements = json.loads(data.decode("utf-8-sig"), parse_constant=refuse)
    except (ValueError, RecursionError):
        raise ValueError(f"{name} is not whole, or no exported record: it cannot be read as JSON. {AGAIN}") from None
    if not isinstance(statements, list):
        raise ValueError(f"{name} is no exported record: it holds no list of statements. {AGAIN}")
    for number, found in enumerate(statements, 1):
        place = f"{name}, statement {number}"
        parts = found
        for step in ("context", "extensions", EVENT):
            parts = parts.get(step) if isinstance(parts, dict) else None
        if not isinstance(parts, dict):
            raise ValueError(f"{place}: it holds no event of this course. {AGAIN}")
        own = parts.get("id")
        if not isinstance(own, str) or not _ID.fullmatch(own) or found.get("id") != statement_id(own):
            raise ValueError(f"{place}: its id does not belong to its event. {AGAIN}")
        yield place, parts


def _of_database(name: str, data: bytes) -> Iterable[tuple[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "other.sqlite3"
        copy.write_bytes(data)
        try:
            with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
                return _rows(name, database)
        except (sqlite3.Error, UnicodeDecodeError):
            raise ValueError(f"{name} is damaged, or no record of this course. {AGAIN}") from None


def _rows(name: str, database: sqlite3.Connection) -> list[tuple[str, Any]]:
    # A file of a stranger: it may not run anything of its own, nor grow in memory, nor take for ever.
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10 * LONGEST_VALUE)
    steps = iter(range(20_000))
    database.set_progress_handler(lambda: next(steps, None) is None, 10_000)
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > records.VERSION:
        raise ValueError(f"{name} was made by a newer version of this course. Take the newer course (make update).")
    kinds = {
        row[:2] for row in database.execute("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')")
    }
    columns = database.execute("SELECT name, hidden FROM pragma_table_xinfo('events')").fetchall()
    names = ["id", "at", "kind", "subject", "value", *(["chapter"] if version >= 2 else [])]
    known = {("table", table) for table in ("events", "about", "sqlite_sequence")}
    if version < 1 or kinds - known or columns != [(column, 0) for column in ["place", *names]]:
        raise ValueError(f"{name} is a database, but no record of this course. {AGAIN}")
    if database.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise ValueError(f"{name} is damaged. {AGAIN}")
    found = []
    for number, row in enumerate(database.execute(f"SELECT {', '.join(names)} FROM events ORDER BY place"), 1):
        place, parts = f"{name}, event {number}", dict(zip(names, row, strict=True))
        if number > MOST_EVENTS:
            break  # said by the one who counts
        if not isinstance(parts["value"], str) or len(parts["value"]) > 2 * LONGEST_VALUE:
            raise ValueError(f"{place}: its value cannot be read. {AGAIN}")
        try:
            parts["value"] = json.loads(parts["value"])
        except (ValueError, RecursionError):
            raise ValueError(f"{place}: its value cannot be read. {AGAIN}") from None
        found.append((place, {"chapter": "", **parts}))
    return found


def _event(place: str, parts: dict[str, Any]) -> Event:
    def text(name: str, pattern: re.Pattern[str] | None = None, least: int = 1) -> str:
        value = parts.get(name)
        if not isinstance(value, str) or not least <= len(value) <= LONGEST_NAME or _CONTROL.search(value):
            raise ValueError(f"{place}: its {name} is missing, too long or no text. {AGAIN}")
        if pattern and not pattern.fullmatch(value):
            raise ValueError(f"{place}: its {name} is not written as this course writes it. {AGAIN}")
        return value

    if set(parts) != {"id", "at", "kind", "subject", "value", "chapter"}:
        raise ValueError(f"{place}: its event has other parts than those of this course. {AGAIN}")
    event = Event(
        text("id", _ID), text("at", _AT), text("kind", _KIND), text("subject"), parts["value"], text("chapter", least=0)
    )
    try:
        dt.datetime.fromisoformat(event.at)
    except ValueError:
        raise ValueError(f"{place}: its date does not exist. {AGAIN}") from None
    try:
        sound = _is_plain(event.value) and len(json.dumps(event.value, ensure_ascii=False).encode()) <= LONGEST_VALUE
    except UnicodeEncodeError:
        sound = False
    if not sound:
        raise ValueError(f"{place}: its value is too long, too deep, broken text or no finite number. {AGAIN}")
    return event


def _is_plain(value: Any) -> bool:
    """Whether a value is no deeper than ours are, and every number finite."""
    level = [value]
    for _ in range(DEEPEST_VALUE):
        deeper = []
        for one in level:
            if isinstance(one, dict):
                deeper += one.values()
            elif isinstance(one, list):
                deeper += one
            elif isinstance(one, float) and not math.isfinite(one):
                return False
            elif isinstance(one, int) and abs(one) > 10**300:
                return False
        if not deeper:
            return True
        level = deeper
    return False
