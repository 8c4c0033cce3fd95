"""The folder of the records: where it is, that only its owner can look into it, and that nothing in it is a trap."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

import platformdirs

# Files of ours in the folder: records, their journals, what was kept, what was exported.
OURS = re.compile(r"(learner|record|kept|in-use|certificate)[^/]*\.(sqlite3(-\w+)?|txt|json|csv|html)")
_CURE = "Set COURSE_HOME to a folder that you can write, then open the notebook anew."


class Unusable(Exception):
    """A folder or a file that cannot be used, in words for the learner."""


def folder() -> Path:
    """Where records lie: in `COURSE_HOME`, or in the platform's folder for a user's data."""
    named = os.environ.get("COURSE_HOME", "").strip()
    path = Path(named) if named else platformdirs.user_data_path("is-ketamine-an-opioid", appauthor=False)
    try:
        path = path.expanduser()
    except (RuntimeError, ValueError):
        return path  # with its ~, which `make_ready` refuses
    if str(path).startswith("~"):
        return path
    try:
        return _fixed.setdefault((str(path), os.getpid()), path.absolute())
    except (OSError, ValueError):
        return path


# A relative folder stays the one that it was, wherever the kernel goes later.
_fixed: dict[tuple[str, int], Path] = {}


def make_ready(home: Path) -> None:
    """Makes the folder, and closes it and our files in it to others. Raises `Unusable` in words."""
    if str(home).startswith("~"):
        raise Unusable(f"{shown(home)}: there is no account with this home folder on this computer. {_CURE}")
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise Unusable(f"{shown(home)}, where your record should lie, is no folder. {_CURE}") from None
    except ValueError:
        raise Unusable(f"{shown(home)} cannot be the name of a folder. {_CURE}") from None
    except OSError as problem:
        why = problem.strerror or problem
        raise Unusable(f"The folder for your record, {shown(home)}, cannot be made ({why}). {_CURE}") from None
    key = (str(home), os.getpid())
    if key not in _closed:
        _closed.add(key)
        close(home)


_closed: set[tuple[str, int]] = set()


def close(home: Path) -> None:
    """Takes from others the right to look into the folder and our files in it, as far as that is ours to do."""
    if os.name == "nt":
        return
    try:
        about = home.stat()
        mine = about.st_uid == os.getuid() and not about.st_mode & stat.S_ISVTX and home != Path.home()
        if mine and about.st_mode & 0o077:
            home.chmod(0o700)
        for entry in os.scandir(home):
            if OURS.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                close_file(Path(entry.path))
    except (OSError, RuntimeError):
        pass  # a disk without such rights, or somebody else's folder


def close_file(path: Path) -> None:
    """Takes from others the right to read a file."""
    try:
        if os.name != "nt" and path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError:
        pass


def irregular(path: Path) -> str:
    """What stands in the way of a record at `path`: a pipe, a device, a folder, which would stop every notebook."""
    for ending in ("", "-journal", "-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        try:
            mode = beside.stat().st_mode
        except FileNotFoundError:
            if beside.is_symlink():
                return f"{shown(beside)} is a link that leads nowhere"
            continue
        except (OSError, ValueError) as problem:
            if getattr(problem, "errno", None) == errno.ELOOP:
                return f"{shown(beside)} is a link that leads nowhere"
            continue  # told by whoever opens it
        if not stat.S_ISREG(mode):
            what = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
            return f"{shown(beside)} is {what.get(stat.S_IFMT(mode), 'a device')}, not a file"
    return ""


def read_small(path: Path, most: int) -> bytes:
    """The first bytes of a plain file; never waits. Raises `OSError`; `ValueError` for what is no plain file."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError("no plain file")
        return os.read(handle, most)
    finally:
        os.close(handle)


def create(path: Path) -> int:
    """A handle to a new file that only its owner can read."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600)


def shown(path: Path | str) -> str:
    """A path as text that every page can show."""
    return str(path).encode("utf-8", "replace").decode().replace("\x00", "�")
