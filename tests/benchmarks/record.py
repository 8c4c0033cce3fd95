"""A record of 100,000 events: how long each page takes that reads it, and what export and import cost.

Alone: python tests/benchmarks/record.py. Each page is made in a kernel of its own that has imported the course and has
read nothing yet.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("notebooks", "tests")]

from course.quiz import bank  # noqa: E402
from course.record import schema  # noqa: E402
from course.record.event import as_text  # noqa: E402
from everything_answered import an_answer  # noqa: E402

Row = tuple[str, float, str, float]
EVENTS = 100_000
SECONDS_AT_MOST = 2.0
MEGABYTES_AT_MOST = 300.0
IMPORT = "from course import charts, explorers, learning, quiz, record, references, start; from pathlib import Path"
# What runs when a cell runs, and what the page asks for then. Each in a fresh kernel.
PAGES = {
    "start of a chapter": "start.here('03-how-much-binds')",
    "course map (chapter 00)": "learning.course_map()",
    "record page": "view = learning.my_record(); view.respond({'do': 'look'})",
    "reset of a chapter on the record page": (
        "learning.my_record().respond({'do': 'reset', 'what': 'chapter', 'which': '03', 'path': str(record.file())})"
    ),
    "review": "learning.review().respond({'update': True})",
    "what is due today": "learning.due_today()",
    "report: calibration": "learning.calibration().respond({'update': True})",
    "report: gain": "learning.gain().respond({'update': True})",
    "record of work": "learning.certificate().respond({'name': 'Anna'})",
    "sections of a chapter": "learning.sections('03-how-much-binds')",
    "a question of a chapter": "quiz.show('Q0301')",
    "test form A": "quiz.check('A')",
    "prediction with an explorer": "explorers.occupancy()",
    "an answer that is written": "record.log().write('answer', 'Q0301', {'answer': 0, 'verdict': 'right', 'try': 1})",
    "all of chapter 00 in one kernel": (
        "start.here('00-start-here'); learning.course_map(); learning.due_today(); "
        "quiz.check('A'); learning.my_record().respond({'do': 'look'})"
    ),
    "all of chapter 10 in one kernel": (
        "start.here('10-audit'); quiz.check('B'); learning.review().respond({'update': True}); learning.gain(); "
        "learning.calibration(); learning.certificate().respond({'name': 'Anna'})"
    ),
}
# Peak memory in bytes: that of the kernel before it, and after.
TRANSFER = """
import json, sys, time, threading, psutil
{imports}
me = psutil.Process()
record.log()  # what every kernel has in memory after its first cell
base = peak = me.memory_info().rss
stop = threading.Event()
def watch():
    global peak
    while not stop.wait(0.01):
        peak = max(peak, me.memory_info().rss)
watcher = threading.Thread(target=watch); watcher.start()
begun = time.process_time()
done = {code}
seconds = time.process_time() - begun
stop.set(); watcher.join()
print(json.dumps([seconds, peak / 2**20, base / 2**20, repr(done)]))
"""
PAGE = """
import time
{imports}
begun, of_the_processor = time.perf_counter(), time.process_time()
{code}
print(time.perf_counter() - begun, time.process_time() - of_the_processor)
"""


def fill(path: Path, events: int = EVENTS) -> None:
    """A record of three years: every question answered and reviewed again and again, guesses, drafts, resets, forms."""
    dice = random.Random(11)
    items = [(item, bool(found.form)) for found in bank.banks() for item in found.items]
    moment = dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC)
    step = (dt.datetime.now(dt.UTC) - moment) / (events + 1)
    rows = []
    for number in range(events):
        moment += step
        item, of_a_test = items[number % len(items)]
        kind, subject, value = (
            "answer",
            item.id,
            {
                "answer": an_answer(item),
                "verdict": dice.choice(("right", "right", "partly", "wrong")),
                "try": 1 + number % 3,
                "sure": dice.choice((None, 25, 50, 75, 95)),
                "hints": number % 2,
                "mode": "check" if of_a_test else dice.choice(("practice", "review")),
                "shown": False,
            },
        )
        if number % 10 == 7:
            kind, value = "draft", {"answer": an_answer(item), "sure": 50}
        elif number % 50 == 3:
            kind, subject, value = "guess", dice.choice(("occupancy", "trial", "ladder")), [dice.random() * 100]
        elif number % 100 == 5:
            kind, subject, value = "claim", f"CL{number % 60:03}", dice.choice(("holds", "misleads"))
        elif number % 997 == 11:
            kind, value = "reset", None
        at = moment.isoformat(timespec="milliseconds")
        own = uuid.UUID(int=dice.getrandbits(128)).hex
        rows.append((own, at, kind, subject, as_text(value), f"{subject[1:3]}-a-chapter"))
    schema.make(path, rows)


def in_kernel(program: str, home: Path) -> str:
    """What a fresh kernel prints last."""
    environ = {**os.environ, "COURSE_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT / "notebooks", env=environ, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{program}\n{done.stderr}")
    return done.stdout.strip().splitlines()[-1]


def measure(events: int = EVENTS, times: int = 3) -> Iterator[Row]:
    """(what, measured, unit, at most), one after the other; of each page the fastest of some times."""
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        home = Path(folder, "home")
        home.mkdir(mode=0o700)
        fill(home / "learner.sqlite3", events)
        for name, code in PAGES.items():
            program = PAGE.format(imports=IMPORT, code=code)
            tries = [tuple(map(float, in_kernel(program, home).split())) for _ in range(times)]
            # What else runs on the machine lengthens the one, and hardly the other.
            yield f"{events:,} events, {name}, against the aim", min(tries)[0], "s", SECONDS_AT_MOST
            of_the_processor = min(spent for _, spent in tries)
            yield (
                f"{events:,} events, {name}, of the processor, against the aim",
                of_the_processor,
                "s",
                SECONDS_AT_MOST,
            )
            if "'reset'" in code:  # there is nothing to reset in an empty one
                continue
            empty = min(float(in_kernel(program, Path(folder, "empty")).split()[1]) for _ in range(times))
            yield f"an empty record, {name}, of the processor, against the aim", empty, "s", SECONDS_AT_MOST
        export = TRANSFER.format(imports=IMPORT, code=f"learning.export_record('learner', {folder!r})")
        seconds, peak, _, _ = json.loads(in_kernel(export, home))
        yield f"{events:,} events, export, of the processor, against a minute", seconds, "s", 60.0
        yield f"{events:,} events, most memory of a kernel that exports, against the aim", peak, "MB", MEGABYTES_AT_MOST
        path = Path(folder, "record-learner.xapi.json")
        taken = TRANSFER.format(imports=IMPORT, code=f"learning.import_record({str(path)!r})")
        seconds, peak, _, said = json.loads(in_kernel(taken, Path(folder, "other home")))
        # Resets, answers that were written by the pages above: all of them are events.
        if int(said.removeprefix("Import(").split()[0]) < events:
            raise RuntimeError(f"not all was taken in again: {said}")
        size = path.stat().st_size / 1e6
        yield f"{events:,} events, import of the export ({size:.0f} MB), of the processor, a minute", seconds, "s", 60.0
        yield f"{events:,} events, most memory of a kernel that takes them in", peak, "MB", MEGABYTES_AT_MOST


if __name__ == "__main__":
    for what, value, unit, most in measure(times=int(sys.argv[1]) if len(sys.argv) > 1 else 1):
        print(f"{value:9.2f} {unit:3} at most {most:g}  {what}", flush=True)
