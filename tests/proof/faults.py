"""Faults that a learner's record must survive, tried for real, and the table of what came of them.

`make faults` (python tests/proof/faults.py --write) tries each many times and writes the table into tests/README.md.
`make test` tries each a few times (tests/record/test_faults.py), `make proof` as often as the table says.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
sys.path[:0] = [folder for folder in (str(NOTEBOOKS), str(ROOT / "tests" / "proof")) if folder not in sys.path]

from course import record as records  # noqa: E402
from course.record import Log, transactions  # noqa: E402
from races import RACES, Result, use  # noqa: E402

# What dies here is a program, not the machine: a folder in memory is as good as a disk, and much faster.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"


WRITER = """
import sys
from course import record
number = 0
while True:
    event = record.log().write("answer", f"{sys.argv[1]}-{number}", {"answer": number})
    print(event.id, flush=True)
    number += 1
"""


def notebook(home: Path, code: str, *arguments: str, **environ: str) -> subprocess.Popen:
    """Another notebook's kernel, as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=NOTEBOOKS,
        env={**os.environ, "COURSE_HOME": str(home), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stopped(process: subprocess.Popen) -> tuple[list[str], str]:
    """Ends a notebook; what it acknowledged, and its last words."""
    process.send_signal(signal.SIGKILL)
    said, problems = process.communicate(timeout=60)
    return said.split("\n")[:-1], problems


def in_any_file(home: Path) -> set[str]:
    """Ids in all files of a folder, read by SQLite alone."""
    found: set[str] = set()
    for path in home.glob("*.sqlite3"):
        with closing(sqlite3.connect(path)) as database:
            found |= {own for (own,) in database.execute("SELECT id FROM events")}
    return found


def killed(folder: Path, scale: int) -> Result:
    """kill -9 while a notebook writes."""
    lost = 0
    kills = 5 * scale
    for number in range(kills):
        home = folder / f"killed-{number}"
        process = notebook(home, WRITER, "killed")
        first = [process.stdout.readline().strip() for _ in range(3 + number % 17)]
        rest, _ = stopped(process)
        use(home)
        lost += len({*filter(None, [*first, *rest])} - {event.id for event in records.log().events()})
    return Result("A kernel is killed (kill -9) while it writes", f"{kills} kills", lost, 0, "—")


def locked(folder: Path, scale: int) -> Result:
    """Another program holds the file longer than a notebook waits, then lets go."""
    patience, transactions.SECONDS_TO_WAIT = transactions.SECONDS_TO_WAIT, 0.3
    lost = 0
    told = ""
    try:
        for number in range(scale):
            log = Log(folder / f"locked-{number}.sqlite3")
            with closing(sqlite3.connect(log.path, isolation_level=None)) as other:
                other.execute("BEGIN EXCLUSIVE")
                written = [log.write("answer", f"Q{place}", place) for place in range(3)]
                told = log.trouble
                other.execute("ROLLBACK")
            written.append(log.write("answer", "last", 1))
            lost += len({event.id for event in written} - in_any(log.path)) + bool(log.trouble)
    finally:
        transactions.SECONDS_TO_WAIT = patience
    return Result("Locked for longer than a notebook waits, then free", f"{scale} × 4 answers", lost, 0, told)


def in_any(path: Path) -> set[str]:
    """Ids in one file, read by SQLite alone."""
    with closing(sqlite3.connect(path)) as database:
        return {own for (own,) in database.execute("SELECT id FROM events")}


LIMITED = """
import os, resource, sys
from course import record
what = getattr(resource, sys.argv[1])
log = record.log()
log.write("answer", "before", 1)
soft, hard = resource.getrlimit(what)
if what == resource.RLIMIT_NOFILE:
    resource.setrlimit(what, (64, hard))
    held = []
    try:
        while True:
            held.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        pass
else:
    resource.setrlimit(what, (log.path.stat().st_size // 2, hard))
events = [record.log().write("answer", f"Q{n}", n) for n in range(4)]
told = record.log().trouble
resource.setrlimit(what, (soft, hard))
if what == resource.RLIMIT_NOFILE:
    for one in held:
        os.close(one)
events.append(record.log().write("answer", "last", 1))
print(told)
print(len(events), bool(record.log().trouble))
for event in events:
    print(event.id)
"""


def limited(folder: Path, scale: int, what: str, fault: str) -> Result:
    """The system refuses for a while."""
    lost = wrong = 0
    told = ""
    for number in range(scale):
        home = folder / f"{what}-{number}"
        process = notebook(home, LIMITED, what)
        said, problems = process.communicate(timeout=120)
        wrong += "Traceback" in problems
        told, _, *ids = said.strip().split("\n") or [""]
        lost += 5 - len(set(ids) & in_any_file(home))
    return Result(fault, f"{scale} × 5 answers", lost, wrong, told)


def disk_full(folder: Path, scale: int) -> Result:
    """No room, then room."""
    return limited(folder, scale, "RLIMIT_FSIZE", "The disk takes no more, then it does")


def no_handles(folder: Path, scale: int) -> Result:
    """No file handle left, then some."""
    return limited(folder, scale, "RLIMIT_NOFILE", "File handles used up, then free again")


NO_LOCKS = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
static int refuse(int fd, int cmd, void *arg, const char *name) {
  static int (*real)(int, int, void *);
  if (!real) real = (int (*)(int, int, void *))dlsym(RTLD_NEXT, name);
  if (cmd == F_SETLK || cmd == F_SETLKW || cmd == F_GETLK) { errno = atoi(getenv("LOCK_ERRNO")); return -1; }
  return real(fd, cmd, arg);
}
int fcntl(int fd, int cmd, ...) { va_list a; va_start(a, cmd); void *p = va_arg(a, void *); va_end(a);
  return refuse(fd, cmd, p, "fcntl"); }
int fcntl64(int fd, int cmd, ...) { va_list a; va_start(a, cmd); void *p = va_arg(a, void *); va_end(a);
  return refuse(fd, cmd, p, "fcntl64"); }
"""
WITHOUT_LOCKS = """
import time
from course import record
start = time.monotonic()
record.log().write("answer", "Q0301", 1)
print(record.log().trouble)
print(time.monotonic() - start)
"""


def no_locks(folder: Path, scale: int) -> Result | None:
    """A disk whose locks fail in every way that such disks have; None where no compiler can make one."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler or not sys.platform.startswith("linux"):
        return None
    (folder / "nolocks.c").write_text(NO_LOCKS)
    made = folder / "nolocks.so"
    command = [compiler, "-shared", "-fPIC", "-o", made, folder / "nolocks.c", "-ldl"]
    if subprocess.run(command, capture_output=True).returncode:
        return None
    wrong, told = 0, ""
    import errno

    kinds = [errno.ENOLCK, errno.EIO, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL]
    for number, kind in enumerate(kinds):
        for there in (False, True):
            home = folder / f"nolocks-{number}-{there}"
            if there:
                Log(home / "learner.sqlite3").write("answer", "before", 1)
            process = notebook(home, WITHOUT_LOCKS, LD_PRELOAD=str(made), LOCK_ERRNO=str(kind))
            said, problems = process.communicate(timeout=120)
            lines = said.strip().split("\n")
            good = "does not offer file locks" in said and "COURSE_HOME" in said and float(lines[-1]) < 5
            wrong += "Traceback" in problems or not good
            told = lines[0]
    return Result("A disk without file locks (five errors)", f"{2 * len(kinds)} starts", 0, wrong, told)


def sample(folder: Path, events: int = 24) -> Path:
    """A record with text of every length."""
    log = Log(folder / "sound.sqlite3")
    log.write_many(
        [("answer", f"Q{place:04}", {"answer": "x" * (place * place * 17 % 6000)}, "a") for place in range(events)]
    )
    return log.path


def flipped(folder: Path, scale: int) -> Result:
    """One bit flipped anywhere: no traceback, no change that nobody is told of, the loss counted."""
    sound = sample(folder)
    data = sound.read_bytes()
    true = [(event.id, event.subject, str(event.value)) for event in Log(sound).events()]
    dice = random.Random(7)
    unnoticed = wrong = told_of = rows = 0
    said = ""
    tries = 60 * scale
    for number in range(tries):
        # Half of them where it hurts most: in the header and the tables' own text.
        bit = dice.randrange(8 * (4096 if number % 2 else len(data)))
        path = folder / f"flip-{number}" / "learner.sqlite3"
        path.parent.mkdir()
        hurt = bytearray(data)
        hurt[bit // 8] ^= 1 << bit % 8
        path.write_bytes(hurt)
        try:
            log = Log(path)
            new = log.write("answer", "later", 1)
            found = [(event.id, event.subject, str(event.value)) for event in log.events()]
            notice = log.notice
            good = found[-1][0] == new.id and set(found[:-1]) <= set(true) and len(set(found)) == len(found)
            missing = len(true) + 1 - len(found)
            good = good and [one for one in true if one in set(found)] == found[:-1]
            if missing or not good or log.trouble:
                counted = re.search(rf"\b{len(found) - 1} of {len(true)} entries", notice) or missing == 0
                unnoticed += not notice or not good or not counted
            told_of += bool(notice)
            rows += missing
            said = notice if missing else said
            wrong += bool(notice) and path.read_bytes() != bytes(hurt)
        except Exception:
            wrong += 1
        shutil.rmtree(path.parent)
    tries_said = f"{tries:,} flips; {told_of:,} told, {rows} entries hurt by the flip itself"
    return Result("One bit flipped, anywhere in the file", tries_said, unnoticed, wrong, said)


def cut(folder: Path, scale: int) -> Result:
    """The file is cut to some length."""
    sound = sample(folder)
    data = sound.read_bytes()
    true = {event.id for event in Log(sound).events()}
    dice = random.Random(8)
    silent = wrong = 0
    said = ""
    for number, length in enumerate([0, 1, 99, 100, 511, *(dice.randrange(len(data)) for _ in range(5 * scale))]):
        path = folder / f"cut-{number}" / "learner.sqlite3"
        path.parent.mkdir()
        path.write_bytes(data[:length])
        try:
            log = Log(path)
            new = log.write("answer", "later", 1)
            found = {event.id for event in log.events()}
            silent += not log.notice or new.id not in found or not found - {new.id} <= true
            said = log.notice if not length else said
        except Exception:
            wrong += 1
    return Result("The file is cut, to 0 bytes and to any length", f"{5 + 5 * scale} cuts", silent, wrong, said)


def in_the_way(folder: Path, scale: int) -> Result:
    """A pipe, a socket, a device, a folder, a loop of links in the place of the record, its journal or the note."""
    wrong = tries = 0
    said = ""
    for name in ("in-use.txt", "learner.sqlite3", "learner.sqlite3-journal", "learner.sqlite3-wal"):
        for kind in ("pipe", "socket", "device", "folder", "loop", "nowhere"):
            home = Path(tempfile.mkdtemp(dir=folder, prefix="w"))
            place(home / name, kind)
            process = notebook(home, WITHOUT_LOCKS)
            try:
                said_now, problems = process.communicate(timeout=60)
                wrong += "Traceback" in problems
            except subprocess.TimeoutExpired:
                stopped(process)
                wrong += 1
                continue
            use(home)
            kept = [event.subject for event in records.log().events()]
            told = records.log().trouble or records.in_use()[1] or records.log().notice
            wrong += kept != ["Q0301"] or not told
            said, tries = told if name == "learner.sqlite3" and kind == "pipe" else said, tries + 1
    return Result("A pipe, socket, device, folder or bad link in a file’s place", f"{tries} starts", 0, wrong, said)


def place(path: Path, kind: str) -> None:
    """Something that is no file."""
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            here = os.getcwd()
            os.chdir(path.parent)  # a socket's path is short
            made.bind(path.name)
            os.chdir(here)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(path if kind == "loop" else path.parent / "nothing here")


def clock(folder: Path, scale: int) -> Result:
    """A clock that was wrong: the newest answer counts, and a reset hides what was before it only."""
    import datetime as dt
    from unittest import mock

    from course.record import store

    true, lost = dt.datetime.now(dt.UTC), 0
    offsets = [3, -3, 400, -20_000, 0.5, -0.5]
    for number in range(scale):
        days = offsets[number % len(offsets)]
        log = Log(folder / f"clock-{number}.sqlite3")

        class Wrong(dt.datetime):
            ahead = dt.timedelta(days=days)

            @classmethod
            def now(cls, zone=None):
                return true + cls.ahead

        with mock.patch.object(store.dt, "datetime", Wrong):
            log.write("answer", "Q1", "old")
            log.reset(["Q2"])
        log.write("answer", "Q1", "new")
        log.write("answer", "Q2", "new")
        for later in (log, Log(log.path)):
            lost += sum(later.latest("answer", [one])[one].value != "new" for one in ("Q1", "Q2"))
    return Result("A clock that was wrong, ahead or behind, then right", f"{scale} times", lost, 0, "—")


def newer(folder: Path, scale: int) -> Result:
    """A newer course takes the file over beneath a notebook that runs."""
    wrong, told = 0, ""
    for number in range(scale):
        log = Log(folder / f"newer-{number}.sqlite3")
        log.write("answer", "Q1", 1)
        with closing(sqlite3.connect(log.path)) as database:
            database.execute(f"PRAGMA user_version = {records.VERSION + 1 + 95 * (number % 2)}")
            database.commit()
        before = log.path.read_bytes()
        log.write("answer", "Q2", 2)
        told = log.trouble
        wrong += log.path.read_bytes() != before or "Q2" not in log.latest("answer", ["Q1", "Q2"])
    return Result("A newer course takes the file over beneath an open notebook", f"{scale} times", 0, wrong, told)


FAULTS: list[Callable[[Path, int], Result | None]] = [
    killed,
    *RACES,
    locked,
    disk_full,
    no_handles,
    no_locks,
    flipped,
    cut,
    clock,
    newer,
    in_the_way,
]
# How often, for the table and in `make proof`.
OFTEN = {killed: 8, locked: 5, disk_full: 3, no_handles: 3, no_locks: 1, flipped: 25}
OFTEN |= dict.fromkeys(RACES, 10)
OFTEN |= {cut: 40, clock: 12, newer: 6, in_the_way: 1}


def table(results: list[Result]) -> str:
    """The results as Markdown."""
    lines = ["| fault | tries | answers lost | else wrong | what the learner is told |", "|---|---|---|---|---|"]
    for one in results:
        told = re.sub(r"/\S*/", "…/", one.told).replace("|", "\\|")
        lines.append(f"| {one.fault} | {one.tries} | {one.lost} | {one.wrong} | {told} |")
    return "\n".join(lines)


def write(results: list[Result], path: Path = ROOT / "tests" / "README.md") -> None:
    """Puts the table between its marks."""
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    path.write_text(f"{before}{BEGIN}\n{table(results)}\n{END}{after}", encoding="utf-8")


def main() -> int:
    """Tries every fault and prints or writes the table; 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help="into tests/README.md")
    parser.add_argument("--only", default="", help="names of faults, with commas between them")
    chosen = parser.parse_args()
    results = []
    for fault in FAULTS:
        if chosen.only and fault.__name__ not in chosen.only.split(","):
            continue
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            found = fault(Path(folder), OFTEN[fault])
        if found:
            print(f"{found.fault}: {found.tries}; lost {found.lost}, else wrong {found.wrong}", flush=True)
            print(f"    {found.told}", flush=True)
            results.append(found)
            if chosen.write and not chosen.only:
                write(results)
    return int(any(one.lost or one.wrong for one in results))


if __name__ == "__main__":
    sys.exit(main())
