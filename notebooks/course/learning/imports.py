"""Another machine's record taken in: nothing is counted twice, and a file that is not sound changes nothing."""

from __future__ import annotations

import codecs
import datetime as dt
import io
import json
import math
import os
import re
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from .. import record as records
from ..record import Event, schema
from ..record.event import seal
from ..record.parts import fault
from ..record.private import shown
from ..record.schema import COLUMNS
from .export import LONGEST_VALUE
from .statements import EVENT, ORIGIN, statement_id

LONGEST_STATEMENT = 8 * LONGEST_VALUE  # characters, with all that stands around a value
PIECE = 1 << 20
DEEPEST_VALUE = 10
LONGEST_NAME = 200
TAKE_ALL = 'To put it into this record all the same: learning.import_record("path of the file", anyone=True).'
AGAIN = "Export the record again on the other machine, and take that file as it is."
_ID = re.compile(r"[0-9a-f]{32}")
_AT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")
_ORIGIN = re.compile(r"[0-9a-f]{32}:[0-9]{1,12}")
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


class AnotherPerson(ValueError):
    """The file is somebody else's record, or the work of several people."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What an exported file holds. names: the pseudonyms that it bears; none if its record had none."""

    events: list[Event]
    names: tuple[str, ...]


def import_record(path: str | os.PathLike[str], anyone: bool = False) -> Import:
    """Puts another machine's record into the one in use: an exported `.xapi.json`, or a `.sqlite3` file itself.

    anyone: also what bears another person's pseudonym. A file of any size is read, piece by piece. Taking the same
    file in again changes nothing. Raises `AnotherPerson` for somebody else's record, and `ValueError` that names file,
    statement and mend for a file that is not sound; then nothing is taken in.
    """
    try:
        path = Path(path).expanduser()
    except (RuntimeError, TypeError):
        raise ValueError(f"{path!r} is no file. Name an exported file.") from None
    name = _named(path.name)
    with _opened(name, path) as source:
        return _taken_in(name, _contents(name, source), anyone)


def import_bytes(name: str, data: bytes, anyone: bool = False) -> Import:
    """The same for a file's contents. name: what to call it in messages."""
    return _taken_in(_named(name), _contents(_named(name), io.BytesIO(data)), anyone)


def read_events(name: str, data: bytes) -> list[Event]:
    """The events of an exported file. Raises `ValueError` that names file, statement and mend."""
    return read(name, io.BytesIO(data)).events


def read(name: str, source: BinaryIO) -> Contents:
    """The events of an exported file, and whose they are. Raises `ValueError` that names file, statement and mend."""
    return _contents(_named(name), source)


def _taken_in(name: str, found: Contents, anyone: bool) -> Import:
    record = records.log()
    if not anyone:
        _refuse_others(name, found)
    new = record.merge(found.events)
    if len(found.names) == 1 and not anyone and not record.known_as:
        record.be_known_as(found.names[0])
    return Import(new, len(found.events) - new)


def _refuse_others(name: str, found: Contents) -> None:
    """Raises `AnotherPerson` unless all of it is by the person of the record in use, as far as is known."""
    record = records.log()
    if len(found.names) > 1:
        people = ", ".join(f"“{one}”" for one in found.names)
        raise AnotherPerson(f"{name} holds the work of {len(found.names)} people: {people}. {TAKE_ALL}")
    theirs, mine = "".join(found.names), record.known_as
    if not theirs or theirs == mine or not (mine or record.events()):
        return
    if record.sources & {event.origin.partition(":")[0] for event in found.events}:
        return  # it began in this record, or more of it came from there before
    whose = f"that of “{mine}”" if mine else "without a pseudonym, and not empty"
    raise AnotherPerson(
        f"{name} is the record of “{theirs}”, and the record in use is {whose}. For another person, begin a record of "
        f"that name first (chapter 00, “Share this computer”). {TAKE_ALL}"
    )


def _contents(name: str, source: BinaryIO) -> Contents:
    names: dict[str, None] = {}
    return Contents(_events(name, source, names), tuple(names))


def _events(name: str, source: BinaryIO, names: dict[str, None]) -> list[Event]:
    start = source.read(len(_FORMAT))
    source.seek(0)
    raw = _of_database(name, source, names) if start == _FORMAT else _of_statements(name, source, names)
    found: dict[str, Event] = {}
    for place, parts, origin in raw:
        event = _event(place, parts, origin)
        if event.id in found:
            raise ValueError(f"{place}: the same event stands in the file twice. {AGAIN}")
        found[event.id] = event
    return list(found.values())


def _named(name: str) -> str:
    return _CONTROL.sub("", name)[:80] or "The file"


@contextmanager
def _opened(name: str, path: Path) -> Iterator[BinaryIO]:
    try:
        if path.is_symlink():
            raise ValueError(f"{name} is a link to another file. Name that file itself.")
        if not stat.S_ISREG(path.stat().st_mode):
            raise ValueError(f"{name} is a folder or a device. Name an exported file.")
        if path.with_name(path.name + "-journal").exists():
            raise ValueError(f"{name} is being written just now. Close the notebooks that use it, then try again.")
        opened = path.open("rb")
    except FileNotFoundError:
        raise ValueError(f"There is no file {name} in {shown(path.parent)}. Check its name.") from None
    except OSError as problem:
        raise _unreadable(name, problem) from None
    with opened:
        try:
            yield opened
        except OSError as problem:
            raise _unreadable(name, problem) from None


def _unreadable(name: str, problem: OSError) -> ValueError:
    return ValueError(f"{name} cannot be read ({problem.strerror}). Check the file and your right to it.")


def _of_statements(name: str, source: BinaryIO, names: dict[str, None]) -> Iterator[tuple[str, Any, str]]:
    if name.lower().endswith(".csv"):
        raise ValueError(f"{name} is the table to read, and does not hold all. Take the .xapi.json file beside it.")
    for number, found in enumerate(_list_of(name, source), 1):
        place = f"{name}, statement {number}"
        extensions = found
        for step in ("context", "extensions"):
            extensions = extensions.get(step) if isinstance(extensions, dict) else None
        parts = extensions.get(EVENT) if isinstance(extensions, dict) else None
        if not isinstance(parts, dict):
            raise ValueError(f"{place}: it holds no event of this course. {AGAIN}")
        own = parts.get("id")
        whose = _pseudonym(found)
        # Earlier versions gave a statement one id under all pseudonyms.
        known = isinstance(own, str) and _ID.fullmatch(own) and (statement_id(own, whose), statement_id(own))
        if not known or found.get("id") not in known:
            raise ValueError(f"{place}: its id does not belong to its event. {AGAIN}")
        names.update({whose: None} if whose else {})
        yield place, parts, extensions.get(ORIGIN, "")


def _list_of(name: str, source: BinaryIO) -> Iterator[Any]:
    """The members of a JSON list, one by one: the list itself may be larger than the memory."""
    broken = ValueError(f"{name} is not whole, or no exported record: it cannot be read as JSON. {AGAIN}")

    def refuse(constant: str) -> Any:
        raise OverflowError(constant)

    reader = json.JSONDecoder(parse_constant=refuse)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    text, at, ended = "", 0, False

    def more() -> None:
        nonlocal text, at, ended
        piece = source.read(PIECE)
        try:
            text, at, ended = text[at:] + decoder.decode(piece, final=not piece), 0, not piece
        except UnicodeDecodeError:
            raise broken from None

    def sign() -> str:
        """The next sign that is no space; '' at the end."""
        nonlocal at
        while True:
            at = _SPACE.match(text, at).end()
            if at < len(text) or ended:
                return text[at : at + 1]
            more()

    if sign() != "[":
        if text[at : at + 1] == "{":
            raise ValueError(f"{name} is no exported record: it holds no list of statements. {AGAIN}")
        raise ValueError(f"{name} is no exported record: it cannot be read as a list of statements. {AGAIN}")

    def member() -> Any:
        nonlocal at
        while True:
            try:
                found, end = reader.raw_decode(text, at)
                if end < len(text) or ended or text[at] in '{["':
                    at = end
                    return found
                more()  # a number may go on in the next piece
            except json.JSONDecodeError:
                if ended or len(text) - at > LONGEST_STATEMENT:
                    raise broken from None
                more()
            except (OverflowError, ValueError, RecursionError):
                raise broken from None

    at += 1
    next_sign = sign()
    at += next_sign == "]"
    while next_sign != "]":
        yield member()
        next_sign = sign()
        if next_sign not in (",", "]"):
            raise broken
        at += 1
        sign()
    if sign():
        raise broken


def _pseudonym(statement: dict[str, Any]) -> str:
    """The pseudonym of who is said to have done it; '' for none that can be shown."""
    found: Any = statement
    for step in ("actor", "account", "name"):
        found = found.get(step) if isinstance(found, dict) else None
    return next(iter(_as_names(found)), "")


_SPACE = re.compile(r"[ \t\n\r]*")


def _of_database(name: str, source: BinaryIO, names: dict[str, None]) -> Iterator[tuple[str, Any, str]]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "other.sqlite3"
        with copy.open("wb") as opened:
            shutil.copyfileobj(source, opened)
        try:
            with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
                yield from _rows(name, database, copy.stat().st_size, names)
        except (sqlite3.Error, UnicodeDecodeError, MemoryError):
            raise ValueError(f"{name} is damaged, or no record of this course. {AGAIN}") from None


def _rows(name: str, database: sqlite3.Connection, size: int, names: dict[str, None]) -> Iterator[tuple[str, Any, str]]:
    # A file of a stranger: it may not run anything of its own, nor grow in memory, nor take for ever.
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10 * LONGEST_VALUE)
    steps = iter(range(20_000 + size // 1000))
    database.set_progress_handler(lambda: next(steps, None) is None, 10_000)
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > records.VERSION:
        raise ValueError(f"{name} was made by a newer version of this course. Take the newer course (make update).")
    kinds = {
        row[:2] for row in database.execute("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')")
    }
    columns = database.execute("SELECT name, hidden FROM pragma_table_xinfo('events')").fetchall()
    columns_known = COLUMNS.get(version, [])
    known = {("table", table) for table in ("events", "about", "sqlite_sequence")}
    if kinds - known or not columns_known or columns != [(column, 0) for column in columns_known]:
        raise ValueError(f"{name} is a database, but no record of this course. {AGAIN}")
    if database.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise ValueError(f"{name} is damaged. {AGAIN}")
    record = ""
    if version >= 3:
        about = schema.about(database)
        record = str(about.get("record", ""))
        names.update(_as_names(about.get("pseudonym") or about.get(schema.KNOWN_AS, "")))
        (count,) = database.execute("SELECT count(*) FROM events NOT INDEXED").fetchone()
        if about.get("events") != str(count):
            raise ValueError(f"{name} is damaged: entries are missing in it. {AGAIN}")
    rows = database.execute(f"SELECT {', '.join(columns_known)} FROM events ORDER BY place")
    for number, row in enumerate(rows, 1):
        place, parts = f"{name}, event {number}", dict(zip(columns_known, row, strict=True))
        at, check, origin = parts.pop("place"), parts.pop("seal", None), parts.pop("origin", "")
        if not isinstance(parts["value"], str) or len(parts["value"]) > 2 * LONGEST_VALUE:
            raise ValueError(f"{place}: its value cannot be read. {AGAIN}")
        if check is not None and (not all(isinstance(one, str) for one in row[1:8]) or seal(*row[:8]) != check):
            raise ValueError(f"{place}: it is damaged. {AGAIN}")
        try:
            parts["value"] = json.loads(parts["value"])
        except (ValueError, RecursionError):
            raise ValueError(f"{place}: its value cannot be read. {AGAIN}") from None
        yield place, {"chapter": "", **parts}, origin or (f"{record}:{at}" if record else "")


def _as_names(text: Any) -> dict[str, None]:
    try:
        return {records.pseudonym(text): None}
    except ValueError:
        return {}


def _event(place: str, parts: dict[str, Any], origin: Any) -> Event:
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
    wrong = fault(event.kind, event.value)
    if wrong:
        raise ValueError(f"{place}: {wrong}. {AGAIN}")
    if isinstance(origin, str) and _ORIGIN.fullmatch(origin):
        event.origin = origin
    return event


def _is_plain(value: Any) -> bool:
    """Whether a value is no deeper than ours are, and every number finite."""
    level = [value]
    for _ in range(DEEPEST_VALUE):
        deeper: list[Any] = []
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
