"""Several notebooks at one record at the same time: writers, and others that start afresh, erase, import or switch.

Each is a process of its own. A writer tells when each answer was begun and acknowledged; so does who erases. What was
acknowledged before an erasure must not come back, and what was begun after it must be in a file.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from course import record as records
from course.record import profiles

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"

WRITER = """
import signal, sys, time
from course import record
stop = []
signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
number = 0
while not stop:
    begun = time.monotonic_ns()
    if number % 7 == 6:  # a form that is handed in: several at once
        entries = [("answer", f"{sys.argv[1]}-{number}-{part}", {"answer": part}) for part in range(3)]
        events = record.log().write_many(entries)
    else:
        events = [record.log().write("answer", f"{sys.argv[1]}-{number}", {"answer": number})]
    done = time.monotonic_ns()
    print(*(f"{event.id} {begun} {done}" for event in events), sep="\\n", flush=True)
    number += 1
for log in list(record.store._logs):
    for _ in range(300):
        if not log._waiting:
            break
        time.sleep(0.1)
        log.try_again()
"""
READER = """
import signal
from course import record
stop = []
signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
print("ready", flush=True)
while not stop:
    record.log().counted()
"""
# Does one thing again and again: sys.argv is the name of the thing and how often.
ACTOR = """
import json, random, sys, time
from pathlib import Path
from course import learning, record
what, times, file = sys.argv[1], int(sys.argv[2]), sys.argv[3]
dice = random.Random(what)
done = 0
print("ready", flush=True)
sys.stdin.readline()
while done < times:
    begun, told = time.monotonic_ns(), ""
    try:
        if what == "afresh":
            told = str(record.set_aside() or "empty")
        elif what == "erase":
            record.erase(next(one for one in record.records() if one.in_use).name)
        elif what == "import":
            told = str(learning.import_record(file, anyone=True).new)
        elif what == "switch":
            names = [one.name for one in record.records()]
            record.use(dice.choice(names))
        done += 1
        print(json.dumps([what, begun, time.monotonic_ns(), told]), flush=True)
    except ValueError as problem:  # told in words, and nothing was changed
        print(json.dumps(["refused", begun, time.monotonic_ns(), str(problem)]), flush=True)
    time.sleep(dice.random() / 20)
"""


@dataclass(frozen=True)
class Result:
    """tries: how often it was done, in words. lost: acknowledged answers that were in no file, or came back, or both.

    wrong: what else went wrong (a traceback, a change that nobody was told of, a notebook that hangs). told: the first
    words that the learner reads.
    """

    fault: str
    tries: str
    lost: int
    wrong: int
    told: str


@dataclass
class Race:
    """What came of one. written: (id, begun, acknowledged); done: (what, begun, ended, told); problems: tracebacks."""

    written: list[tuple[str, int, int]] = field(default_factory=list)
    done: list[tuple[str, int, int, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    came_back: set[str] = field(default_factory=set)
    twice: set[str] = field(default_factory=set)

    @property
    def wrong(self) -> int:
        """Answers that are lost, came back, or stand in two files."""
        return len(self.lost) + len(self.came_back) + len(self.twice)


def notebook(home: Path, code: str, *arguments: str) -> subprocess.Popen:
    """Another notebook's kernel, as a process of its own. What it says goes into files, which never block it."""
    name = home.parent / f"{home.name}-{uuid.uuid4().hex}"
    with name.with_suffix(".said").open("w") as said, name.with_suffix(".problems").open("w") as problems:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            cwd=NOTEBOOKS,
            env={**os.environ, "COURSE_HOME": str(home)},
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=problems,
            text=True,
        )
    process.files = name.with_suffix(".said"), name.with_suffix(".problems")
    return process


def lines_of(process: subprocess.Popen) -> list[str]:
    """What a notebook has said until now, in whole lines."""
    return process.files[0].read_text().split("\n")[:-1]


def wait_for(process: subprocess.Popen, lines: int) -> None:
    """Until it has said so many lines, or has ended."""
    while len(lines_of(process)) < lines and process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.01)


def ids_of(path: Path) -> list[str]:
    """Ids in a file, read by SQLite alone; none of one that is damaged."""
    with closing(sqlite3.connect(path)) as database, suppress(sqlite3.DatabaseError):
        return [own for (own,) in database.execute("SELECT id FROM events")]
    return []


def use(home: Path) -> None:
    """This process goes over to another folder, as a fresh kernel would."""
    os.environ["COURSE_HOME"] = str(home)
    profiles._opened.cache_clear()


def run(home: Path, actors: dict[str, int], *, writers: int = 2, copies: int = 1, reader: bool = False, file: str = ""):
    """A race. actors: what is done -> how often; copies: by how many notebooks each."""
    home.mkdir(parents=True, exist_ok=True)
    writing = [notebook(home, WRITER, f"w{number}") for number in range(writers)]
    reading = [notebook(home, READER)] if reader else []
    acting = [notebook(home, ACTOR, what, str(times), file) for what, times in actors.items() for _ in range(copies)]
    for process in (*writing, *reading, *acting):
        wait_for(process, 3 if process in writing else 1)
    for process in acting:
        process.stdin.write("go\n")
        process.stdin.flush()
    race = Race()
    for process in acting:
        process.wait(600)
    counts = [len(lines_of(process)) for process in writing]
    for process, count in zip(writing, counts, strict=True):
        wait_for(process, count + 10)  # and some answers later
    for process in (*writing, *reading):
        process.send_signal(signal.SIGTERM)
    for process in (*writing, *reading, *acting):
        process.wait(600)
        process.stdin.close()
        if process.returncode:
            race.problems.append(process.files[1].read_text())
    for process in writing:
        race.written += [(own, int(a), int(b)) for own, a, b in map(str.split, lines_of(process))]
    for process in acting:
        race.done += [tuple(json.loads(line)) for line in lines_of(process) if line.startswith("[")]
    judge(race, home)
    for process in (*writing, *reading, *acting):
        for path in process.files:
            path.unlink()
    return race


def judge(race: Race, home: Path) -> None:
    """What is lost, what came back after it was erased, and what stands in two files."""
    kept: set[str] = set()
    live: set[str] = set()
    written = {own for own, *_ in race.written}
    for path in home.glob("*.sqlite3"):
        ids = written.intersection(ids_of(path))
        into = kept if path.name.startswith("kept-") else live
        race.twice |= ids & into if into is kept else set()
        into |= ids
    race.twice |= kept & live
    erased = [(begun, ended) for what, begun, ended, _ in race.done if what == "erase"]
    for own, begun, ended in race.written:
        if own not in kept | live and all(end < begun for _, end in erased):
            race.lost.add(own)
        if own in live and any(ended < start for start, _ in erased):
            race.came_back.add(own)


def raced(folder: Path, scale: int, fault: str, told: str, begin: Callable[[int], str], **how) -> Result:
    """The same race in several fresh folders. begin: prepares a folder, and returns the file to import, if any."""
    answers = acts = refused = wrong = problems = 0
    for number in range(scale):
        home = folder / f"race-{uuid.uuid4().hex}"
        home.mkdir()
        use(home)
        file = begin(number)
        race = run(home, file=file, **how)
        answers += len(race.written)
        acts += sum(what != "refused" for what, *_ in race.done)
        refused += sum(what == "refused" for what, *_ in race.done)
        wrong += race.wrong
        problems += len(race.problems)
        shutil.rmtree(home)
    words = f", {refused} refused in words" if refused else ""
    return Result(fault, f"{acts} times, {answers:,} answers{words}", wrong, problems, told)


def nothing(number: int) -> str:
    """An empty folder."""
    return ""


def by_turns_anna(number: int) -> str:
    """Every other time a record under a pseudonym is in use."""
    if number % 2:
        records.begin("Anna")
    return ""


def hurt(number: int) -> str:
    """A record that is damaged, and goes on in another file as soon as it is used."""
    log = records.Log(records.file())
    log.write_many([("answer", f"before-{place}", "x" * 40) for place in range(300)])
    data = bytearray(log.path.read_bytes())
    places = range(0, 60) if number % 2 else range(4096, 12288)
    for place in places:
        data[place] = 0xA5
    log.path.write_bytes(data)
    return ""


def elsewhere(number: int) -> str:
    """A record that comes from another computer."""
    folder = records.folder()
    path = folder.with_name(f"{folder.name}-elsewhere.sqlite3")
    records.Log(path).write_many([("answer", f"elsewhere-{place}", place) for place in range(500)])
    return str(path)


def two_records(number: int) -> str:
    """A computer that is shared."""
    records.begin("Anna")
    records.begin("Berta")
    return ""


AFRESH = "“A new, empty record has begun. The old one is kept as …”"
ERASED = "“Erased for good: the record of … Nothing of it is left in its file, which stays, empty …”"
WRITERS = "beside 2 notebooks that write"


def started_afresh(folder: Path, scale: int) -> Result:
    """By two notebooks at once."""
    fault = f"*Start afresh* in two tabs at once, {WRITERS} and 1 that reads"
    return raced(folder, scale, fault, AFRESH, nothing, actors={"afresh": 3}, copies=2, reader=True)


def damaged_afresh(folder: Path, scale: int) -> Result:
    """Of a record that was found damaged, by two notebooks at once."""
    fault = f"*Start afresh* of a damaged record in two tabs at once, {WRITERS}"
    return raced(folder, scale, fault, AFRESH, hurt, actors={"afresh": 2}, copies=2)


def erased(folder: Path, scale: int) -> Result:
    """Nothing comes back, nothing that comes later is lost."""
    fault = f"*Erase* {WRITERS}: what comes back, and what is lost of later answers"
    return raced(folder, 2 * scale, fault, ERASED, by_turns_anna, actors={"erase": 1})


def erased_and_afresh(folder: Path, scale: int) -> Result:
    """Both at once."""
    fault = f"*Erase* and *Start afresh* at once, {WRITERS}"
    return raced(folder, scale, fault, ERASED, by_turns_anna, actors={"erase": 2, "afresh": 2})


def imported(folder: Path, scale: int) -> Result:
    """Another computer's record is taken in, while the record is erased or begun afresh."""
    fault = f"*Import*, *Erase* and *Start afresh* at once, {WRITERS}"
    told = "“Taken in: 500 new, 0 that your record had already.”"
    return raced(folder, scale, fault, told, elsewhere, actors={"import": 2, "erase": 1, "afresh": 1})


def switched(folder: Path, scale: int) -> Result:
    """The records of a shared computer are put to use in turn."""
    fault = f"Another record is put to use again and again, {WRITERS}"
    told = "“Now in use: the record of … Open notebooks write to it from their next answer on.”"
    return raced(folder, scale, fault, told, two_records, actors={"switch": 6, "afresh": 2})


RACES = [started_afresh, damaged_afresh, erased, erased_and_afresh, imported, switched]
