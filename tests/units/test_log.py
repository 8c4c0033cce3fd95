"""The learner's log: nothing acknowledged is lost, nothing is changed, and a bad file is left alone."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from course import log as logging
from course.log import Log

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"

WRITER = """
import sys
from pathlib import Path
from course.log import Log
log = Log(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    event = log.write("answer", f"{sys.argv[2]}-{number}", {"answer": number})
    print(event.subject, flush=True)
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count)], cwd=NOTEBOOKS, stdout=subprocess.PIPE, text=True
    )


def test_what_was_written_is_there_again(tmp_path):
    path = tmp_path / "deep" / "learner.sqlite3"
    first = Log(path)
    first.write("answer", "Q0301", {"answer": 2, "tries": 1})
    first.write("answer", "Q0301", {"answer": 0, "tries": 2})
    first.write("guess", "occupancy", [51, 3])
    again = Log(path)
    assert again.trouble == ""
    assert [event.value for event in again.events()] == [{"answer": 2, "tries": 1}, {"answer": 0, "tries": 2}, [51, 3]]
    assert again.latest("answer", ["Q0301", "Q0302"])["Q0301"].value == {"answer": 0, "tries": 2}
    again.write("answer", "Q0301", None)
    assert again.latest("answer", ["Q0301"]) == {}, "taken back"
    assert len(again.events()) == 4, "but still on record"


def test_a_killed_kernel_loses_nothing_that_was_acknowledged(tmp_path):
    path = tmp_path / "learner.sqlite3"
    process = writer(path, "killed", 10_000)
    acknowledged = [process.stdout.readline().strip() for _ in range(40)]
    os.kill(process.pid, signal.SIGKILL)
    acknowledged += process.stdout.read().split("\n")[:-1]
    process.wait()
    kept = [event.subject for event in Log(path).events()]
    assert len(acknowledged) >= 40
    assert kept[: len(acknowledged)] == acknowledged


def test_two_notebooks_at_once_lose_nothing(tmp_path):
    path = tmp_path / "learner.sqlite3"
    both = [writer(path, name, 60) for name in ("one", "two")]
    for process in both:
        process.communicate(timeout=60)
    subjects = {event.subject for event in Log(path).events()}
    assert subjects == {f"{name}-{number}" for name in ("one", "two") for number in range(60)}


def test_events_cannot_be_changed_or_removed(tmp_path):
    log = Log(tmp_path / "learner.sqlite3")
    log.write("answer", "Q0301", 1)
    with sqlite3.connect(log.path) as database:
        for statement in ("UPDATE events SET value = '2'", "DELETE FROM events"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                database.execute(statement)


def newer(path: Path) -> None:
    Log(path)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")


def damaged(path: Path) -> None:
    log = Log(path)
    for number in range(300):
        log.write("answer", f"Q{number}", "x" * 50)
    data = bytearray(path.read_bytes())
    data[4096:12288] = os.urandom(8192)
    path.write_bytes(data)


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (
            lambda path: path.write_bytes(b"not a database at all, but long enough to be read as one" * 40),
            "cannot be read",
        ),
        (damaged, "cannot be read"),
        (foreign, "something else"),
        (newer, "newer version"),
        (folder, "cannot be written"),
    ],
    ids=["rubbish", "damaged", "foreign", "newer", "folder"],
)
def test_a_bad_file_is_reported_left_alone_and_the_course_goes_on(tmp_path, spoil, word):
    path = tmp_path / "learner.sqlite3"
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    log = Log(path)
    assert word in log.trouble and str(path) in log.trouble
    log.write("answer", "Q0301", 1)
    assert log.latest("answer", ["Q0301"])["Q0301"].value == 1, "it goes on in memory"
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_full_disk_is_said_and_loses_nothing(tmp_path, monkeypatch):
    log = Log(tmp_path / "learner.sqlite3")
    log.write("answer", "Q0301", 1)

    class Full:
        def __init__(self, database):
            self.database = database

        def execute(self, query, values=()):
            if query.startswith("INSERT"):
                raise sqlite3.OperationalError("database or disk is full")
            return self.database.execute(query, values)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return False

        def close(self):
            self.database.close()

    connected = log._connected
    monkeypatch.setattr(log, "_connected", lambda: Full(connected()))
    log.write("answer", "Q0302", 2)
    assert "no room left" in log.trouble
    assert {subject: event.value for subject, event in log.latest("answer", ["Q0301", "Q0302"]).items()} == {
        "Q0301": 1,
        "Q0302": 2,
    }
    log.write("answer", "Q0301", 3)
    assert log.latest("answer", ["Q0301"])["Q0301"].value == 3


@pytest.mark.parametrize(
    "refusal",
    [PermissionError(13, "Permission denied"), sqlite3.OperationalError("attempt to write a readonly database")],
)
def test_a_place_that_may_not_be_written_is_said(tmp_path, monkeypatch, refusal):
    path = tmp_path / "learner.sqlite3"
    Log(path).write("answer", "Q0301", 1)

    def refuse(log):
        raise refusal

    monkeypatch.setattr(Log, "_prepare", refuse)
    log = Log(path)
    assert "cannot be written" in log.trouble and "COURSE_HOME" in log.trouble
    log.write("answer", "Q0302", 2)
    assert set(log.latest("answer", ["Q0301", "Q0302"])) == {"Q0301", "Q0302"}, "what is on the disk can still be read"


def test_hostile_and_large_values_come_back_as_they_were(tmp_path):
    path = tmp_path / "learner.sqlite3"
    values = ["<script>alert(1)</script>", "\u202eabc\x00\x07", "x" * 1_000_000, {"'; DROP TABLE events;--": [1, None]}]
    log = Log(path)
    for number, value in enumerate(values):
        log.write("answer", f"'\"; DROP {number}", value)
    assert [event.value for event in Log(path).events()] == values
    assert json.dumps(values)


def test_the_log_lies_where_course_home_says(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "own"))
    assert logging.file() == tmp_path / "own" / "learner.sqlite3"
    monkeypatch.delenv("COURSE_HOME")
    assert "is-ketamine-an-opioid" in str(logging.file())
    assert NOTEBOOKS.parent not in logging.file().parents
