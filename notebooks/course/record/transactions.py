"""How a record's file is used: in transactions, by several notebooks at once, whatever has happened to it.

A damaged file stays as it is: its sound rows go on in a new file beside it, `learner.2.sqlite3`. No file that another
notebook may have open is ever moved or deleted: SQLite would take the journal of its successor for its own.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from . import faults, private, schema
from .faults import SECONDS_TO_WAIT, Damaged, NoLocks
from .salvage import Salvage, salvage

SECONDS_IN_TROUBLE = 0.2  # for a file that could not be used before: every display asks anew
SMALLEST = 512  # bytes of a database with anything in it
GONE_ON = "The record goes on in the file"


_ALL = (*faults.PROBLEMS, faults.Newer, Damaged, private.Unusable, NoLocks)


class Trouble(Exception):
    """The file cannot be used now. Its arguments: what to tell the learner, and the cure."""


def newest(base: Path) -> Path:
    """The file in which a record goes on: its own, or the last one that was begun beside it because that was hurt."""
    return files_of(base)[-1]


def files_of(base: Path) -> list[Path]:
    """All files of a record, the newest last."""
    found, number = [base], 2
    while os.path.lexists(following := _beside(base, number)):
        found.append(following)
        number += 1
    return found


def following(base: Path, path: Path) -> Path:
    """The file in which a record goes on after `path`: the same for every notebook that looks for it."""
    number = 1 if path == base else int(path.stem.rpartition(".")[2])
    return _beside(base, number + 1)


def _beside(base: Path, number: int) -> Path:
    return base.with_name(f"{base.stem}.{number}{base.suffix}")


class RecordFile:
    """The file of one record. bears: whether a pseudonym found in a damaged file is the one of this record."""

    def __init__(self, base: Path, name: str, bears: Callable[[str], bool]):
        self.base, self.name, self._bears = base, name, bears
        self.patient = True  # whether to wait for another program that holds the file
        self._checked = ""  # the file whose structure was looked at

    @property
    def path(self) -> Path:
        """Where the record is now."""
        return newest(self.base)

    def attempt(self, action: Callable[[sqlite3.Connection], Any], *, write: bool) -> Any:
        """Does something in a transaction. Raises `Trouble` in words if that cannot be done now."""
        problem: BaseException = FileNotFoundError("it is moved all the time")
        for _ in range(6):
            path = self.path
            try:
                with self._transaction(path, write=write) as database:
                    return action(database)
            except FileNotFoundError:
                continue  # it was taken away by hand, or it goes on elsewhere
            except _ALL as found:
                # Without its frames: they hold statements that keep the file locked.
                problem = found.with_traceback(None)
            if faults.was_taken_away(problem) or not os.path.lexists(path) and isinstance(problem, sqlite3.Error):
                continue
            if not faults.is_damage(problem, path):
                break
            try:
                self._go_on_beside(path)
            except _ALL as other:
                problem = other.with_traceback(None)
                break
        if faults.is_locked(problem) and faults.locks_are_refused(self.path):
            problem = NoLocks()
        raise Trouble(*faults.in_words(problem, self.path))

    @contextmanager
    def _transaction(self, path: Path, *, write: bool) -> Iterator[sqlite3.Connection]:
        """A transaction that is on the disk when it ends without an error, and undone otherwise."""
        private.make_ready(path.parent)
        notice = ""
        if not os.path.lexists(path):
            schema.make(path, **schema._named(self.name))
        odd = private.irregular(path)
        if odd:
            raise Damaged(odd)
        size = path.stat().st_size
        if size < SMALLEST:
            notice = (
                f"The file of your record, {private.shown(path)}, was cut to {size} bytes, by a fault of the disk or "
                "by another program. What it held is lost. A new record has begun in it."
            )
        private.close_file(path)
        with closing(self._connected(path)) as database:
            self._begin(database, path, write)
            try:
                if newest(self.base) != path:
                    raise FileNotFoundError
                if schema.shape(database) != schema.VERSION or self._version_is_hurt(database):
                    if not write:
                        database.execute("ROLLBACK")
                        self._begin(database, path, True)
                    schema.make_ready(database, self.name, notice)
                    write = True
                schema.refuse_erased(database)
                if self._checked != str(path):
                    schema.check_is_sound(database)
                    self._checked = str(path)
                yield database
            except BaseException:
                if database.in_transaction:
                    database.rollback()
                raise
            database.execute("COMMIT" if write else "ROLLBACK")

    @staticmethod
    def _version_is_hurt(database: sqlite3.Connection) -> bool:
        return database.execute("PRAGMA user_version").fetchone()[0] != schema.VERSION

    def _connected(self, path: Path) -> sqlite3.Connection:
        return schema.connect(path, patience=SECONDS_IN_TROUBLE)

    def _begin(self, database: sqlite3.Connection, path: Path, write: bool) -> None:
        """Begins a transaction, and waits for another notebook that is writing; not for a disk without locks."""
        for patient in (False, True):
            try:
                schema.begin(database, write)
                database.execute("SELECT count(*) FROM sqlite_master").fetchone()
                return
            except sqlite3.OperationalError as problem:
                if database.in_transaction:
                    database.rollback()
                if not faults.is_locked(problem):
                    raise
                if faults.locks_are_refused(path):
                    raise NoLocks from None
                if patient or not self.patient:
                    raise
                database.execute(f"PRAGMA busy_timeout = {SECONDS_TO_WAIT * 1000}")

    def _go_on_beside(self, path: Path) -> None:
        """Begins a new file beside a damaged one, with all that is sound in that. The damaged file is left as it is."""
        with self._held(path) as data:
            target = following(self.base, path)
            if newest(self.base) != path:
                return  # another notebook did it
            found = salvage(data)
            names = [name for name in found.names if self._bears(name)]
            notice = _what_was_lost(path, target, found, bool(data), private.irregular(path))
            # If another notebook makes it in the meantime, that one holds.
            schema.make(target, found.rows, notice=notice, **schema._named(self.name or (names[0] if names else "")))
            self._checked = ""

    @contextmanager
    def _held(self, path: Path) -> Iterator[bytes]:
        """The bytes of a damaged file while, if that can be had, nobody writes to it."""
        if private.irregular(path):
            yield b""
            return
        # Closing any handle to a file gives up this program's locks on it: it is closed after the lock.
        with path.open("rb") as opened, closing(schema.connect(path, patience=SECONDS_TO_WAIT)) as database:
            try:
                database.execute("BEGIN EXCLUSIVE")
            except (sqlite3.Error, UnicodeDecodeError) as problem:
                if faults.is_locked(problem):
                    raise
                # Nobody can write to what SQLite does not take for a database, or what may not be written.
            yield opened.read()


def _what_was_lost(path: Path, target: Path, found: Salvage, had_bytes: bool, odd: str) -> str:
    if odd:
        return f"{odd}. It is left as it is. {GONE_ON} {private.shown(target)}, which begins empty."
    kept, said = len(found.rows), private.shown(path)
    sound = "1 entry is sound and was" if kept == 1 else f"{kept:,} entries are sound and were"
    lost = "1 is lost" if found.lost == 1 else f"{found.lost:,} are lost" if found.lost else "none is lost"
    if found.total is not None:
        of = f"{kept:,} of {found.total:,} entries " + ("is sound and was" if kept == 1 else "are sound and were")
        share = f"{of} taken over; {lost}"
    elif kept:
        share = f"{sound} taken over; " + (f"at least {lost}" if found.lost else "how many are lost cannot be told")
    else:
        share = "Nothing in it can be read as an answer of this course"
    return (
        f"The file of your record, {said}, is damaged or was changed by another program. {share}. {GONE_ON} "
        f"{private.shown(target)}; the damaged file is left as it is."
    )
