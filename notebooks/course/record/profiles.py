"""The records of a computer that learners share: a file each, under a pseudonym, and a note of the one in use.

The note is read at every call of `log`, so a notebook that is already open goes over to another record at its next
answer. Pseudonyms keep records apart; they lock nothing.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from . import faults, moments, private, schema
from .names import pseudonym, slug
from .private import folder, shown
from .store import Log
from .transactions import files_of, following, newest

NAME = "learner.sqlite3"
IN_USE = "in-use.txt"
_FILE = re.compile(r"learner\.sqlite3|record-[a-z0-9-]{1,60}\.sqlite3")


@dataclass(frozen=True, slots=True)
class Record:
    """One learner's file. name: her pseudonym, '' for the record that needs none, or the file's name if unreadable."""

    name: str
    path: Path
    in_use: bool


def in_use() -> tuple[Path, str]:
    """The file of the record in use, and what to tell the learner if another one was meant to be."""
    base, said = _base_in_use()
    return newest(base), said


def _base_in_use() -> tuple[Path, str]:
    home = folder()
    first, note = home / NAME, home / IN_USE
    if not os.path.isdir(home):
        return first, ""  # not made yet, or the folder itself is the trouble, and told as such
    try:
        chosen = private.read_small(note, 200).decode("utf-8").strip()
    except FileNotFoundError:
        if not note.is_symlink():
            return first, ""
        chosen = "?"
    except OSError as problem:
        if problem.errno in _PASSING and home in _known:  # a passing trouble: the record stays the same
            return _known[home], ""
        chosen = "?"
    except (UnicodeDecodeError, ValueError):
        chosen = "?"
    instead = (
        f"The course uses the record without a pseudonym, {shown(first)}. No record was changed. To use another one, "
        "choose it in chapter 00, “Start here”."
    )
    if not _FILE.fullmatch(chosen):
        return first, f"{shown(note)}, which names the record in use, cannot be understood. {instead}"
    if chosen != NAME and not os.path.lexists(newest(home / chosen)):
        return first, f"The record that was in use, {shown(home / chosen)}, is no longer there. {instead}"
    _known[home] = home / chosen
    return home / chosen, ""


# What has nothing to do with the note itself.
_PASSING = (errno.EMFILE, errno.ENFILE, errno.EIO, errno.ESTALE, errno.EINTR, errno.ENOMEM, errno.ETIMEDOUT)
_known: dict[Path, Path] = {}


def file() -> Path:
    """The file of the record in use."""
    return in_use()[0]


def log() -> Log:
    """The learner's record in use now."""
    return _opened(_base_in_use()[0])


@cache
def _opened(base: Path) -> Log:
    return Log(base, go_on=log)


def records() -> list[Record]:
    """All records of this folder: first the one without a pseudonym, then the others by name."""
    home, used = folder(), _base_in_use()[0]
    first = home / NAME
    try:
        others = [path for path in home.glob("record-*.sqlite3") if _FILE.fullmatch(path.name)]
    except (OSError, ValueError):
        others = []
    named = [(_name_in(path), path) for path in others]
    found = [Record(name, newest(path), path == used) for name, path in named if name is not None]
    return [Record("", newest(first), first == used), *sorted(found, key=lambda one: one.name.lower())]


def use(name: str) -> Record:
    """Goes over to a record, by its pseudonym ('' for the one without). Raises `ValueError` if there is none."""
    base, found = _record(name)
    _note(base)
    return Record(found.name, found.path, True)


def begin(name: str) -> Record:
    """Begins a record under a pseudonym and goes over to it. Raises `ValueError` if that cannot be done."""
    name = pseudonym(name)
    base = folder() / f"record-{slug(name, always=True)}.sqlite3"
    if os.path.lexists(newest(base)):
        if _name_in(base) is not None:
            raise _taken(name)
        _revive(base, name)
    made = Log(base, name)
    if made.trouble:
        raise ValueError(made.trouble)
    _note(base)
    return Record(name, made.path, True)


def _revive(base: Path, name: str) -> None:
    """An erased record's empty file becomes the file of the new record. Raises `ValueError` if it is that already."""

    def revive(database: sqlite3.Connection, path: Path) -> None:
        if "erased" not in schema.about(database):
            raise _taken(name)
        schema.empty(database, pseudonym=name)

    _change(base, revive)


def _taken(name: str) -> ValueError:
    return ValueError(f"There is a record for {name} already. Choose it, or take another pseudonym.")


def erase(name: str) -> Record:
    """Empties a record for good; one that was in use gives way to the record without a pseudonym.

    Its file stays, empty: another notebook may have it open. Returns the record that was erased.
    """
    base, found = _record(name)
    record = _opened(base)
    record.events()  # a damage is found out, and the record goes on in another file, before that is emptied
    named = base.name != NAME

    def take_out(database: sqlite3.Connection, path: Path) -> None:
        erased = {"erased": "yes"} if named else {}
        schema.empty(database, **erased, **{schema.ERASED_AT: moments.now()})

    if named and found.in_use:
        _note(folder() / NAME)
    try:
        if named or os.path.lexists(newest(base)):
            _change(base, take_out)
    except BaseException:
        if named and found.in_use:
            _note(base)
        raise
    record.forget_waiting()
    for path in files_of(base)[:-1]:
        _wipe(path)
    return found


def _wipe(path: Path) -> None:
    """Empties a damaged file after which the record went on in another one; not one that a newer course made."""
    if private.irregular(path) or not os.path.lexists(path):
        return
    try:
        with closing(schema.connect(path, "ro", 1)) as database:
            schema.shape(database)
    except faults.Newer:
        return
    except (*faults.PROBLEMS, faults.Damaged):
        pass
    for ending in ("", "-journal", "-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        if os.path.lexists(beside):
            try:
                os.truncate(beside, 0)
            except OSError as problem:
                said = f"{shown(beside)}, an older file of this record, cannot be emptied ({problem.strerror})."
                raise ValueError(f"{said} Delete it yourself.") from None


def set_aside() -> Path | None:
    """Starts the record in use afresh. What it held is kept beside it in a file of a dated name, which is returned.

    What waits in memory goes into the new one.
    """
    base = _base_in_use()[0]
    log = _opened(base)
    path = log.path
    try:
        return _copied_out(log, base)
    except faults.Newer:  # which this course must not change; it goes on beside it
        schema.make(following(base, path), **schema._named(_name_in(base) if base.name != NAME else ""))
        return path
    finally:
        log.try_again()  # what waited goes into the new one


def _copied_out(log: Log, base: Path) -> Path | None:
    before, path = log.events(), log.path
    if os.path.lexists(path) and log._trouble:
        with closing(schema.connect(path, "ro")) as database:
            schema.shape(database)  # raises `Newer`
    if log.trouble:
        raise ValueError(log.trouble)
    if not before:
        return None
    made: list[Path] = []

    def copy_out(database: sqlite3.Connection, path: Path) -> None:
        count = database.execute("SELECT count(*) FROM events").fetchone()
        if count == (0,):  # another notebook was faster
            return
        kept = _made_to_keep(path)
        made.append(kept)
        with closing(schema.connect(path, "ro", 5)) as reader, closing(schema.connect(kept)) as copy:
            reader.backup(copy)
            if copy.execute("SELECT count(*) FROM events").fetchone() != count:
                raise ValueError(f"The copy {shown(kept)} is not whole. Nothing was changed.")
        name = schema.about(database).get("pseudonym", "")
        schema.empty(database, **schema._named(name))

    try:
        _change(base, copy_out)
    except BaseException:
        for kept in made:
            kept.unlink(missing_ok=True)
        raise
    return made[-1] if made else None


def _made_to_keep(path: Path) -> Path:
    """A new, empty file of a dated name, that nobody else has taken."""
    day = dt.datetime.now().strftime("%Y-%m-%d")
    for number in range(1, 100_000):
        kept = path.with_name(f"kept-{day}-{number}-{path.name}")
        try:
            os.close(private.create(kept))
        except FileExistsError:
            continue
        return kept
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _change(base: Path, action: Callable[[sqlite3.Connection, Path], None]) -> None:
    """Changes a record as a whole, under its write lock. Raises `ValueError` in words if that cannot be done."""
    for _ in range(6):
        path = newest(base)
        try:
            if _changed(base, path, action):
                return
        except faults.Newer:
            raise ValueError(" ".join(faults.in_words(faults.Newer(), path))) from None
        except (*faults.PROBLEMS, faults.Damaged) as problem:
            if faults.is_locked(problem):
                raise ValueError(f"Another program holds {shown(path)}. Close it, then try again.") from None
            said = " ".join(faults.in_words(problem, path))
            raise ValueError(f"{said} Nothing was changed.") from None
    raise ValueError(f"{shown(base)} is moved all the time. Nothing was changed.")


def _changed(base: Path, path: Path, action: Callable[[sqlite3.Connection, Path], None]) -> bool:
    """Changes one file; False if the record goes on in another one since."""
    odd = private.irregular(path)
    if odd:
        raise ValueError(f"{odd}. Move it away yourself.")
    with closing(schema.connect(path, patience=faults.SECONDS_TO_WAIT)) as database:
        database.execute("PRAGMA secure_delete = ON")  # what is taken out is not left in the file's free pages
        schema.begin(database)
        try:
            if newest(base) != path:
                database.rollback()
                return False
            if schema.shape(database) != schema.VERSION:
                schema.make_ready(database, "", "")
            action(database, path)
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.rollback()
            raise
        try:
            database.execute("PRAGMA busy_timeout = 0")
            database.execute("VACUUM")  # gives the room back; not needed, and not waited for
        except sqlite3.Error:
            pass
    return True


def _record(name: str) -> tuple[Path, Record]:
    every = records()
    found = next((record for record in every if record.name == name), None)
    if not found:
        names = ", ".join(record.name or "(without a pseudonym)" for record in every)
        raise ValueError(f"There is no record under this pseudonym. There are: {names}.")
    return _base_of(found.path), found


def _base_of(path: Path) -> Path:
    """The first file of a record that goes on in `path`."""
    return path.with_name(re.sub(r"\.\d+(?=\.sqlite3$)", "", path.name))


def _name_in(base: Path) -> str | None:
    """The pseudonym that a record bears, its file's name if that cannot be told, or None if it was erased."""
    path = newest(base)
    try:
        if private.irregular(path):
            return base.stem
        with closing(schema.connect(path, "ro", 1)) as database:
            about = schema.about(database)
        if "erased" in about:
            return None
        return pseudonym(about["pseudonym"])
    except (*faults.PROBLEMS, ValueError, TypeError, KeyError):
        return base.stem


def _note(base: Path) -> None:
    """Remembers which record is in use, in one step."""
    note = folder() / IN_USE
    try:
        private.make_ready(folder())
        new = note.with_name(f"{IN_USE}.{uuid.uuid4().hex}")
        with os.fdopen(private.create(new), "w", encoding="utf-8") as opened:
            opened.write(base.name + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        try:
            os.replace(new, note)
        finally:
            new.unlink(missing_ok=True)
    except private.Unusable as problem:
        raise ValueError(str(problem)) from None
    except OSError as problem:
        said = f"{shown(note)} cannot be written ({problem.strerror})."
        raise ValueError(f"{said} The record in use stays the same.") from None
    _known[folder()] = base
