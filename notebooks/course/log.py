"""The learner's record: what she answered and guessed, as events in one SQLite file that is only ever added to.

It lies outside the course's folder, where the platform keeps a user's data, or where `COURSE_HOME` says. Nothing is
sent anywhere. An event is on the disk before `write` returns: a kernel killed at any moment loses nothing of it, and
several notebooks may write at once. If the file cannot be used, the course goes on in memory, says so in plain words
(`trouble`), and leaves the file as it is.

Learners who share a computer have a file each, under a pseudonym. A small text file beside them names the one in use;
it is read at every call of `log`, so a notebook that is already open goes over to another record at its next answer.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import os
import re
import sqlite3
import unicodedata
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs

__all__ = [
    "Event",
    "Log",
    "Record",
    "begin",
    "chapter",
    "enter",
    "erase",
    "file",
    "in_use",
    "log",
    "pseudonym",
    "records",
    "set_aside",
    "slug",
    "use",
]

NAME = "learner.sqlite3"
VERSION = 2
SECONDS_TO_WAIT = 10  # for another notebook that is writing
SECONDS_IN_TROUBLE = 0.2  # for a file that could not be used before: every display asks anew
AHEAD = dt.timedelta(days=1)  # what is stamped further in the future was stamped by a clock that was wrong
LONGEST_PSEUDONYM = 40
SCHEMA = """
CREATE TABLE events (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    value TEXT NOT NULL,
    chapter TEXT NOT NULL DEFAULT ''
);
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE INDEX of_subject ON events (kind, subject, place);
CREATE TRIGGER never_changed BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER never_removed BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
"""
# What brings a file of an older version to the next one.
TAKEN_OVER = {
    1: """
ALTER TABLE events ADD COLUMN chapter TEXT NOT NULL DEFAULT '';
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
""",
}
# What SQLite calls a write that the disk refuses for want of room, as at the end of a quota.
_NOT_WRITTEN = {"SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_DIR_FSYNC"}
INSERT = "INSERT INTO events (id, at, kind, subject, value, chapter) VALUES (?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a learner did. `at` is UTC in ISO 8601; `value` is plain data; None means that she took it back.

    chapter: the notebook in which she did it, or '' where that is not known.
    """

    id: str
    at: str
    kind: str
    subject: str
    value: Any
    chapter: str = ""


class Log:
    """Events in the file at `path`, or in memory when there is `trouble` with it. name: whose, in a new file."""

    def __init__(self, path: Path, name: str = ""):
        self.path = path
        self.name = name
        self.trouble = ""
        self._readable = True
        self._memory: list[Event] = []
        try:
            self._prepare()
        except (OSError, sqlite3.Error, _NewerError) as problem:
            self._give_up(problem)

    def write(self, kind: str, subject: str, value: Any, chapter: str = "", event_id: str = "") -> Event:
        """Adds an event and returns it once it is on the disk (or in memory, if `trouble` says so).

        chapter: without one, the chapter that this notebook has entered. event_id: of an answer that may arrive twice;
        the second time nothing is added, and the first event is returned. Raises `ValueError` for a value that is not
        plain data.
        """
        return self.write_many([(kind, subject, value, chapter, event_id)])[0]

    def write_many(self, entries: Iterable[Sequence[Any]]) -> list[Event]:
        """Adds events at the same moment, all or none. entries: (kind, subject, value[, chapter[, event id]]) of each.

        Entries that all bear ids which are in the record were added before: those events are returned.
        """
        entries = [(*entry, "", "")[:5] if len(entry) < 5 else tuple(entry) for entry in entries]
        known = self._known([entry[4] for entry in entries])
        if known:
            return known
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        events, texts = [], []
        for kind, subject, value, where, event_id in entries:
            if not all(isinstance(text, str) for text in (kind, subject, where, event_id)):
                raise ValueError("Kind, subject and chapter of an event are text.")
            texts.append(_as_text(value))
            events.append(
                Event(event_id or uuid.uuid4().hex, now, kind, subject, json.loads(texts[-1]), where or chapter())
            )
        for again in (True, False):
            if self.trouble or not events:
                break
            try:
                return self._added(events, texts)
            except (OSError, sqlite3.Error, _NewerError) as problem:
                if not (again and _was_taken_away(problem)):
                    self._give_up(problem)
        self._memory += events
        return events

    def _known(self, ids: list[str]) -> list[Event]:
        """The events with these ids, in their order, if all are in the record; otherwise none."""
        if not ids or not all(ids):
            return []
        marks = ", ".join("?" * len(ids))
        found = {event.id: event for event in self._read(f"WHERE id IN ({marks})", tuple(ids), lambda e: e.id in ids)}
        return [found[event_id] for event_id in ids] if len(found) == len(set(ids)) else []

    def reset(self, subjects: Iterable[str]) -> list[Event]:
        """What was done before under these subjects no longer counts; it stays in the file. All or none."""
        return self.write_many([("reset", subject, None) for subject in dict.fromkeys(subjects)])

    def merge(self, events: Iterable[Event]) -> int:
        """Adds another record's events under their own ids, all or none; returns how many were new.

        Raises `ValueError` if this record cannot be written, or has an event of the same id that says something else.
        """
        wanted = {event.id: event for event in events}
        if self.trouble:
            raise ValueError(self.trouble)
        try:
            with self._writing() as database:
                known = {event.id: event for event in _rows(database, "")}
                for event in wanted.values():
                    if known.get(event.id, event) != event:
                        raise ValueError(
                            f"The event {event.id} is in your record already and says something else there. One of "
                            "the two was changed by hand. Nothing was taken in."
                        )
                new = [event for event in wanted.values() if event.id not in known]
                for event in new:
                    database.execute(INSERT, _row(event, _as_text(event.value)))
            return len(new)
        except (OSError, sqlite3.Error, _NewerError) as problem:
            raise ValueError(_in_plain_words(problem, self.path)[0] + " Nothing was taken in.") from None

    def events(self) -> list[Event]:
        """All events, oldest first, resets and what they hide among them."""
        return self._read("")

    def counted(self) -> list[Event]:
        """The events that count, oldest first: those that no later reset of their subject hides."""
        found = self._read("")
        last = {event.subject: place for place, event in enumerate(found) if event.kind == "reset"}
        return [event for place, event in enumerate(found) if place > last.get(event.subject, -1)]

    def latest(self, kind: str, subjects: Iterable[str]) -> dict[str, Event]:
        """The newest event of each subject; a subject that was taken back or reset, or has none, is left out."""
        wanted = list(subjects)
        marks = ", ".join("?" * len(wanted))
        found = self._read(
            f"WHERE kind IN (?, 'reset') AND subject IN ({marks})",
            (kind, *wanted),
            lambda event: event.kind in (kind, "reset") and event.subject in wanted,
        )
        newest = {event.subject: event for event in found}
        return {
            subject: event
            for subject, event in newest.items()
            if event.kind == kind and event.value is not None and kind != "reset"
        }

    def _read(self, where: str, values: tuple = (), fits: Any = lambda event: True) -> list[Event]:
        found = []
        if self._readable:
            try:
                with closing(self._connected()) as database:
                    found = _rows(database, where, values)
            except (OSError, sqlite3.Error) as problem:
                if not _was_taken_away(problem):
                    self._give_up(problem)
        return [*found, *filter(fits, self._memory)]

    def _added(self, events: list[Event], texts: list[str]) -> list[Event]:
        with self._writing() as database:
            # A clock that was put back must not bring what is new before what is old.
            (newest,) = database.execute("SELECT max(at) FROM events WHERE at <= ?", (_latest(),)).fetchone()
            if newest and newest > events[0].at:
                events = [replace(event, at=newest) for event in events]
            for event, text in zip(events, texts, strict=True):
                # Two kernels may be handed the same answer, at the very moment when one follows the other.
                database.execute(f"{INSERT} ON CONFLICT (id) DO NOTHING", _row(event, text))
        return events

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on the disk when it ends without an error, and undone otherwise."""
        with closing(self._begun()) as database:
            try:
                yield database
            except BaseException:
                database.rollback()
                raise
            database.execute("COMMIT")

    def _begun(self) -> sqlite3.Connection:
        """A connection that alone may write, to a file that has our tables.

        Another notebook may have set this record aside or erased it in the meantime; then a new one begins here.
        """
        database = self._connected()
        try:
            database.execute("BEGIN IMMEDIATE")
            if not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                database.rollback()
                self._prepare()
                database.execute("BEGIN IMMEDIATE")
            return database
        except BaseException:
            database.close()
            raise

    def _prepare(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connected()) as database:
            database.execute("BEGIN IMMEDIATE")
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise _NewerError
            if version == 0:
                if database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    raise sqlite3.DatabaseError("it holds something else")
                _execute_all(database, SCHEMA)
                if self.name:
                    database.execute("INSERT INTO about VALUES ('pseudonym', ?)", (self.name,))
            elif database.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("it is damaged")
            for older in range(version or VERSION, VERSION):
                _execute_all(database, TAKEN_OVER[older])
            if version != VERSION:
                database.execute(f"PRAGMA user_version = {VERSION}")
            database.execute("COMMIT")

    def _connected(self) -> sqlite3.Connection:
        patience = SECONDS_IN_TROUBLE if self.trouble else SECONDS_TO_WAIT
        database = sqlite3.connect(self.path, timeout=patience, isolation_level=None)
        # The plain journal also works on the network disks of a hub; FULL waits for the disk at each event.
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA synchronous = FULL")
        return database

    def _give_up(self, problem: Exception) -> None:
        self.trouble, self._readable = _in_plain_words(problem, self.path)


class _NewerError(Exception):
    """The file was written by a newer course."""


def _rows(database: sqlite3.Connection, where: str, values: tuple = ()) -> list[Event]:
    """Events of a file of this version, or of an older one that could not be taken over, oldest first.

    Their time puts them in order: after two machines' records were put together, the order of arrival means nothing.
    Only an event that bears a time still to come keeps its place among those that were written before it.
    """
    (version,) = database.execute("PRAGMA user_version").fetchone()
    chapter_column = "chapter" if version >= 2 else "''"
    rows = database.execute(
        f"SELECT id, at, kind, subject, value, {chapter_column} FROM events {where} ORDER BY place", values
    ).fetchall()
    latest, before, found = _latest(), "", []
    for row in rows:
        before = row[1] if isinstance(row[1], str) and row[1] <= latest else before
        found.append((before, _event(row)))
    return [event for _, event in sorted(found, key=lambda one: one[0])]


def _event(row: tuple[Any, ...]) -> Event:
    """A row of the file as an event. Raises `sqlite3.DatabaseError` for one that this course did not write."""
    try:
        if not all(isinstance(part, str) for part in row):
            raise ValueError("no text")
        dt.datetime.fromisoformat(row[1])
        return Event(*row[:4], json.loads(row[4]), row[5])
    except (ValueError, RecursionError):
        raise sqlite3.DatabaseError("an entry in it is damaged") from None


def _latest() -> str:
    """The last moment that a clock that is right can have stamped, with a day to spare."""
    return (dt.datetime.now(dt.UTC) + AHEAD).isoformat(timespec="milliseconds")


def _row(event: Event, text: str) -> tuple[str, ...]:
    return (event.id, event.at, event.kind, event.subject, text, event.chapter)


def _as_text(value: Any) -> str:
    try:
        # Half of a pair of surrogates is no text that a file or a store takes.
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace").decode()
    except (TypeError, ValueError, RecursionError):
        raise ValueError("Only plain data can be kept: text, finite numbers, yes or no, lists, mappings.") from None


def _was_taken_away(problem: Exception) -> bool:
    """Whether another notebook set the file aside, or erased it, while this one was about to use it."""
    return "no such table" in str(problem) or getattr(problem, "sqlite_errorname", "") == "SQLITE_READONLY_DBMOVED"


def _execute_all(database: sqlite3.Connection, script: str) -> None:
    for statement in _statements(script):
        database.execute(statement)


def _in_plain_words(problem: Exception, path: Path) -> tuple[str, bool]:
    """What to tell the learner, and whether the file can still be read."""
    text = str(problem).lower()
    keeps = "Your answers are kept only until this notebook is closed or its kernel restarted."
    if isinstance(problem, _NewerError):
        return (
            f"The record of your answers, {path}, was made by a newer version of this course. It is left as it is. "
            f"{keeps} To use it, take the newer course (make update).",
            False,
        )
    if "full" in text or getattr(problem, "errno", None) == errno.ENOSPC:
        return (f"There is no room left on the disk for {path}. {keeps} Make room, then restart the kernel.", True)
    if getattr(problem, "sqlite_errorname", "") in _NOT_WRITTEN:
        return (
            f"{path} cannot be written: the disk may be full, or your share of it used up. {keeps} Make room, then "
            "restart the kernel.",
            True,
        )
    if isinstance(problem, PermissionError) or "readonly" in text or "unable to open" in text:
        return (
            f"{path} cannot be written. {keeps} Give your account the right to write there, or set COURSE_HOME to "
            "another folder, then restart the kernel.",
            True,
        )
    if "locked" in text:
        return (
            f"Another program has held {path} for more than {SECONDS_TO_WAIT} seconds. {keeps} Close it, then restart "
            "the kernel.",
            True,
        )
    return (
        f"The record of your answers, {path}, cannot be read ({problem}). It is left as it is. {keeps} To begin a new "
        "record, choose “Start afresh” in chapter 00, or move that file away and restart the kernel.",
        False,
    )


def _statements(script: str) -> list[str]:
    found, statement = [], ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            found.append(statement)
            statement = ""
    return found


# The chapter that this kernel runs. A kernel belongs to one notebook.
_entered = ""


def enter(name: str) -> None:
    """Notes which chapter this notebook is, for the events that it writes."""
    global _entered
    _entered = name


def chapter() -> str:
    """The chapter that this notebook has entered, or ''."""
    return _entered


# The records of a computer that learners share.

IN_USE = "in-use.txt"
_FILE = re.compile(r"learner\.sqlite3|record-[a-z0-9-]{1,60}\.sqlite3")
# Marks that turn the direction of text that follows them.
_TURNS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


@dataclass(frozen=True, slots=True)
class Record:
    """One learner's file. name: her pseudonym, '' for the record that needs none, or the file's name if unreadable."""

    name: str
    path: Path
    in_use: bool


def folder() -> Path:
    """Where records lie: in `COURSE_HOME`, or in the platform's folder for a user's data."""
    home = os.environ.get("COURSE_HOME")
    return Path(home).expanduser() if home else platformdirs.user_data_path("is-ketamine-an-opioid", appauthor=False)


def in_use() -> tuple[Path, str]:
    """The file of the record in use, and what to tell the learner if another one was meant to be."""
    first = folder() / NAME
    note = folder() / IN_USE
    try:
        with note.open("rb") as opened:
            chosen = opened.read(200).decode("utf-8").strip()
    except FileNotFoundError:
        return first, ""
    except (OSError, UnicodeDecodeError):
        chosen = "?"
    instead = (
        f"The course uses the record without a pseudonym, {first}. No record was changed. To use another one, choose "
        "it in chapter 00, “Start here”."
    )
    if not _FILE.fullmatch(chosen):
        return first, f"{note}, which names the record in use, cannot be understood. {instead}"
    if chosen != NAME and not (folder() / chosen).is_file():
        return first, f"The record that was in use, {folder() / chosen}, is no longer there. {instead}"
    return folder() / chosen, ""


def file() -> Path:
    """The file of the record in use."""
    return in_use()[0]


def log() -> Log:
    """The learner's record in use now."""
    return _opened(file())


@cache
def _opened(path: Path) -> Log:
    return Log(path)


def pseudonym(text: Any) -> str:
    """A name that a learner chose, made fit to be shown. Raises `ValueError` if it cannot be."""
    if not isinstance(text, str):
        raise ValueError("A pseudonym is text.")
    tidy = unicodedata.normalize("NFC", text[: 10 * LONGEST_PSEUDONYM].translate(_TURNS)).strip()
    if not 1 <= len(tidy) <= LONGEST_PSEUDONYM or len(text) > 10 * LONGEST_PSEUDONYM:
        raise ValueError(f"A pseudonym has 1 to {LONGEST_PSEUDONYM} characters. Choose another one.")
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in tidy):
        raise ValueError("This pseudonym holds a character that cannot be shown. Choose another one.")
    # Newer signs than this Python knows are Cn.
    if not any(unicodedata.category(sign)[0] in "LNPS" or unicodedata.category(sign) == "Cn" for sign in tidy):
        raise ValueError("This pseudonym shows nothing. Choose one with a letter, a digit or a sign.")
    return tidy


def slug(name: str, always: bool = False) -> str:
    """A name as part of a file name: small letters, digits and hyphens; and a check of the name, if that lost any.

    always: with the check in any case.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30].strip("-")
    if plain == name and not always:
        return plain
    check = hashlib.sha256(name.encode()).hexdigest()[:10]
    return f"{plain}-{check}" if plain else check


def records() -> list[Record]:
    """All records of this folder: first the one without a pseudonym, then the others by name."""
    used = file()
    first = folder() / NAME
    others = [path for path in folder().glob("record-*.sqlite3") if _FILE.fullmatch(path.name)]
    found = sorted((Record(_name_in(path), path, path == used) for path in others), key=lambda one: one.name.lower())
    return [Record("", first, first == used), *found]


def use(name: str) -> Record:
    """Goes over to a record, by its pseudonym ('' for the one without). Raises `ValueError` if there is none."""
    found = _record(name)
    _note(found.path)
    return Record(found.name, found.path, True)


def begin(name: str) -> Record:
    """Begins a record under a pseudonym and goes over to it. Raises `ValueError` if that cannot be done."""
    name = pseudonym(name)
    path = folder() / f"record-{slug(name, always=True)}.sqlite3"
    if path.exists():
        raise ValueError(f"There is a record for {name} already. Choose it, or take another pseudonym.")
    made = Log(path, name)
    if made.trouble:
        raise ValueError(made.trouble)
    _opened.cache_clear()
    _note(path)
    return Record(name, path, True)


def erase(name: str) -> None:
    """Deletes a record's file for good; one that was in use gives way to the record without a pseudonym."""
    found = _record(name)
    unsaved = _opened(found.path) if found.in_use else None
    _take_away(found.path, None)
    if found.in_use:
        _note(folder() / NAME)
        unsaved._memory.clear()
    _opened.cache_clear()


def set_aside() -> Path | None:
    """Starts the record in use afresh. The old file is kept beside it under a dated name, which is returned.

    What was kept in memory only, because the old file could not be used, goes into the new one.
    """
    path = file()
    before = _opened(path)
    day = dt.datetime.now().strftime("%Y-%m-%d")
    kept = next(
        one for number in range(1, 1000) if not (one := path.with_name(f"kept-{day}-{number}-{path.name}")).exists()
    )
    empty = not before.events()  # a damaged file is found out by reading it
    if empty and not before.trouble:
        return None
    there = path.exists()
    name = _name_in(path) if path.name != NAME and before._readable else ""
    _take_away(path, kept)
    _opened.cache_clear()
    fresh = Log(path, name)
    if not fresh.trouble:
        fresh.merge(before._memory)
        before._memory.clear()
    return kept if there else None


def _record(name: str) -> Record:
    every = records()
    found = next((record for record in every if record.name == name), None)
    if not found:
        names = ", ".join(record.name or "(without a pseudonym)" for record in every)
        raise ValueError(f"There is no record under this pseudonym. There are: {names}.")
    return found


def _name_in(path: Path) -> str:
    """The pseudonym that a file bears, or the file's name if it cannot be told."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as database:
            return pseudonym(database.execute("SELECT value FROM about WHERE name = 'pseudonym'").fetchone()[0])
    except (OSError, sqlite3.Error, ValueError, TypeError):
        return path.stem


def _note(path: Path) -> None:
    """Remembers which record is in use, in one step."""
    note = folder() / IN_USE
    try:
        folder().mkdir(parents=True, exist_ok=True)
        new = note.with_name(f"{IN_USE}.{uuid.uuid4().hex}")
        new.write_text(path.name + "\n", encoding="utf-8")
        os.replace(new, note)
    except OSError as problem:
        raise ValueError(f"{note} cannot be written ({problem.strerror}). The record in use stays the same.") from None


def _take_away(path: Path, kept: Path | None) -> None:
    """Moves a record's file to another name, or deletes it, while nobody writes to it."""

    def go() -> None:
        for end in ("-journal", ""):  # in this order: without its file, a journal would pass for that of the next one
            old = path.with_name(path.name + end)
            if kept and old.exists():
                os.replace(old, kept.with_name(kept.name + end))
            old.unlink(missing_ok=True)

    try:
        if path.is_dir():
            raise ValueError(f"{path} is a folder, not a record. Move it away yourself, then restart the kernel.")
        with closing(sqlite3.connect(path, timeout=SECONDS_TO_WAIT, isolation_level=None)) as database:
            try:
                database.execute("BEGIN EXCLUSIVE")
            except sqlite3.DatabaseError as problem:
                if "locked" in str(problem):
                    raise ValueError(f"Another program holds {path}. Close it, then try again.") from None
                # Nobody writes to what is no database, or may not be written.
            if os.name != "nt":
                go()
        if os.name == "nt":  # where an open file can be neither moved nor deleted
            go()
    except (OSError, sqlite3.Error) as problem:
        raise ValueError(f"{path} cannot be moved or deleted ({problem}). It is left as it is.") from None
