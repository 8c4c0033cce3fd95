"""What can go wrong with the file, told apart: damage, a trouble that may pass, a newer course; each in plain words."""

from __future__ import annotations

import errno
import os
import sqlite3
import uuid
from pathlib import Path

from .private import Unusable, shown

SECONDS_TO_WAIT = 10  # for another notebook that is writing
# What SQLite calls a write that the disk refuses for want of room, as at the end of a quota.
_NOT_WRITTEN = {"SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_DIR_FSYNC"}
_NOT_LOCKED = {"SQLITE_IOERR_LOCK", "SQLITE_IOERR_RDLOCK", "SQLITE_IOERR_UNLOCK", "SQLITE_IOERR_CHECKRESERVEDLOCK"}
_NOT_LOCKED |= {"SQLITE_PROTOCOL", "SQLITE_NOLFS"}
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT", "SQLITE_CONSTRAINT", "SQLITE_MISMATCH")
_DAMAGE += ("SQLITE_IOERR_SHORT_READ", "SQLITE_TOOBIG", "SQLITE_RANGE")
_TOO_MANY = (errno.EMFILE, errno.ENFILE)
PROBLEMS = (OSError, sqlite3.Error, UnicodeDecodeError, MemoryError)


class Damaged(Exception):
    """The file is no record, or not any more the one that was written."""


class Newer(Exception):
    """The file was written by a newer course."""


class Erased(Exception):
    """The record was erased by another notebook."""


class NoLocks(Exception):
    """The disk cannot keep two programs from writing at once."""


def is_damage(problem: BaseException, path: Path) -> bool:
    """Whether the file itself is hurt, so that its sound rows have to be taken out of it."""
    if isinstance(problem, (Damaged, UnicodeDecodeError)):
        return True
    if not isinstance(problem, sqlite3.Error):
        return False
    name, text = getattr(problem, "sqlite_errorname", "") or "", str(problem)
    if name.startswith(_DAMAGE) or name == "SQLITE_ERROR" or "decode" in text:
        return True
    if name.startswith("SQLITE_READONLY"):  # a flipped bit in the header also makes a file read-only
        try:
            with path.open("rb") as opened:
                return opened.read(20)[18:19] not in (b"\x01", b"\x02")
        except OSError:
            return False
    return False


def was_taken_away(problem: BaseException) -> bool:
    """Whether the file was moved or deleted by hand while it was about to be used."""
    return getattr(problem, "sqlite_errorname", "") == "SQLITE_READONLY_DBMOVED"


def is_locked(problem: BaseException) -> bool:
    """Whether another program holds the file."""
    return (getattr(problem, "sqlite_errorname", "") or "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def locks_are_refused(path: Path) -> bool:
    """Whether the disk refuses any lock at all: SQLite cannot tell that from another program's lock."""
    try:
        import fcntl
    except ImportError:
        return False
    probe = path.with_name(f".{path.name}.probe-{uuid.uuid4().hex}")
    try:
        handle = os.open(probe, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        return False
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        return problem.errno not in (errno.EACCES, errno.EAGAIN)
    finally:
        os.close(handle)
        probe.unlink(missing_ok=True)
    return False


def in_words(problem: BaseException, path: Path) -> tuple[str, str]:
    """What to tell the learner, and the cure. Between the two stands what becomes of her answers."""
    name, text, file = getattr(problem, "sqlite_errorname", "") or "", str(problem).lower(), shown(path)
    number = _errno(problem, path)
    if isinstance(problem, Newer):
        return (
            f"The record of your answers, {file}, was made by a newer version of this course. It is left as it is.",
            "To use it, take the newer course (make update). To begin another record, choose “Start afresh” in "
            "chapter 00.",
        )
    if isinstance(problem, Unusable):
        return str(problem), ""
    if isinstance(problem, NoLocks) or name in _NOT_LOCKED:
        return (
            f"The disk that holds {file} does not offer file locks, as some network disks do not. Without them, two "
            "notebooks could spoil each other’s answers, so nothing is written there.",
            "Set COURSE_HOME to a folder on a local disk.",
        )
    if number in _TOO_MANY:
        return f"{file} cannot be opened now: too many files are open on this computer.", "Close other notebooks."
    if "full" in text or number in (errno.ENOSPC, errno.EDQUOT):
        return f"There is no room left on the disk for {file}.", "Make room."
    if name in _NOT_WRITTEN:
        return (
            f"{file} cannot be written: the disk may be full, or your share of it used up.",
            "Make room.",
        )
    if is_locked(problem) or "locked" in text:
        return f"Another program has held {file} for more than {SECONDS_TO_WAIT} seconds.", "Close that program."
    if isinstance(problem, PermissionError) or number in (errno.EROFS, errno.EACCES, errno.EPERM) or "readonly" in text:
        return (
            f"{file} cannot be written.",
            "Give your account the right to write there, or set COURSE_HOME to another folder.",
        )
    if name.startswith("SQLITE_CANTOPEN"):
        return f"{file} cannot be opened, nor written.", "Look at the folder, or set COURSE_HOME to another one."
    said = getattr(problem, "strerror", None) or problem
    return (
        f"The disk reports an error at {file} ({said}). The file is left as it is.",
        "If this goes on, set COURSE_HOME to a folder on another disk.",
    )


def _errno(problem: BaseException, path: Path) -> int | None:
    """The system's reason. SQLite does not tell why a file cannot be opened: ask the system again."""
    if isinstance(problem, OSError):
        return problem.errno
    if (getattr(problem, "sqlite_errorname", "") or "").startswith("SQLITE_CANTOPEN"):
        for flags, place in ((os.O_RDWR, path), (os.O_RDONLY, path.parent)):
            try:
                os.close(os.open(place, flags | getattr(os, "O_NONBLOCK", 0)))
            except OSError as why:
                return why.errno
        return None if os.access(path.parent, os.W_OK) else errno.EACCES
    return None
