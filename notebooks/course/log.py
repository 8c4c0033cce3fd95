"""The learner's log: what she answered and guessed, as events in one SQLite file that is only ever added to.

It lies outside the course's folder, where the platform keeps a user's data, or where `COURSE_HOME` says. Nothing is
sent anywhere. An event is on the disk before `write` returns: a kernel killed at any moment loses nothing of it, and
several notebooks may write at once. If the file cannot be used, the course goes on in memory, says so in plain words
(`trouble`), and leaves the file as it is.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import uuid
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs

__all__ = ["Event", "Log", "file", "log"]

NAME = "learner.sqlite3"
VERSION = 1
SECONDS_TO_WAIT = 10  # for another notebook that is writing
SCHEMA = """
CREATE TABLE events (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    value TEXT NOT NULL
);
CREATE INDEX of_subject ON events (kind, subject, place);
CREATE TRIGGER never_changed BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER never_removed BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
"""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a learner did. `at` is UTC in ISO 8601; `value` is plain data; None means that she took it back."""

    id: str
    at: str
    kind: str
    subject: str
    value: Any


class Log:
    """Events in the file at `path`, or in memory when there is `trouble` with it."""

    def __init__(self, path: Path):
        self.path = path
        self.trouble = ""
        self._readable = True
        self._memory: list[Event] = []
        try:
            self._prepare()
        except (OSError, sqlite3.Error, _NewerError) as problem:
            self._give_up(problem)

    def write(self, kind: str, subject: str, value: Any) -> Event:
        """Adds an event and returns it once it is on the disk (or in memory, if `trouble` says so)."""
        at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        event = Event(uuid.uuid4().hex, at, kind, subject, value)
        if not self.trouble:
            try:
                with closing(self._connected()) as database, database:
                    database.execute(
                        "INSERT INTO events (id, at, kind, subject, value) VALUES (?, ?, ?, ?, ?)",
                        (event.id, event.at, kind, subject, json.dumps(value, ensure_ascii=False)),
                    )
                return event
            except (OSError, sqlite3.Error) as problem:
                self._give_up(problem)
        self._memory.append(event)
        return event

    def events(self) -> list[Event]:
        """All events, oldest first: those of the file, then those of memory."""
        return [*self._read("SELECT id, at, kind, subject, value FROM events ORDER BY place"), *self._memory]

    def latest(self, kind: str, subjects: Iterable[str]) -> dict[str, Event]:
        """The newest event of each subject; a subject that was taken back, or has none, is left out."""
        wanted = list(subjects)
        marks = ", ".join("?" * len(wanted))
        found = {
            event.subject: event
            for event in [
                *self._read(
                    f"SELECT id, at, kind, subject, value FROM events WHERE kind = ? AND subject IN ({marks}) "
                    "ORDER BY place",
                    (kind, *wanted),
                ),
                *(event for event in self._memory if event.kind == kind and event.subject in wanted),
            ]
        }
        return {subject: event for subject, event in found.items() if event.value is not None}

    def _read(self, query: str, values: tuple = ()) -> list[Event]:
        if not self._readable:
            return []
        try:
            with closing(self._connected()) as database:
                rows = database.execute(query, values).fetchall()
        except (OSError, sqlite3.Error) as problem:
            self._give_up(problem)
            return []
        return [Event(*row[:4], json.loads(row[4])) for row in rows]

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
                for statement in _statements(SCHEMA):
                    database.execute(statement)
                database.execute(f"PRAGMA user_version = {VERSION}")
            elif database.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("it is damaged")
            database.execute("COMMIT")

    def _connected(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.path, timeout=SECONDS_TO_WAIT, isolation_level=None)
        # The plain journal also works on the network disks of a hub; FULL waits for the disk at each event.
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA synchronous = FULL")
        return database

    def _give_up(self, problem: Exception) -> None:
        self.trouble, self._readable = _in_plain_words(problem, self.path)


class _NewerError(Exception):
    """The file was written by a newer course."""


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
    if "full" in text or getattr(problem, "errno", None) == 28:
        return (f"There is no room left on the disk for {path}. {keeps} Make room, then restart the kernel.", True)
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
        "record, move that file away and restart the kernel.",
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


def file() -> Path:
    """Where the log lies: in `COURSE_HOME`, or in the platform's folder for a user's data."""
    home = os.environ.get("COURSE_HOME")
    folder = Path(home).expanduser() if home else platformdirs.user_data_path("is-ketamine-an-opioid", appauthor=False)
    return folder / NAME


def log() -> Log:
    """The learner's log of this session."""
    return _opened(file())


@cache
def _opened(path: Path) -> Log:
    return Log(path)
