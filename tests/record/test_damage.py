"""A damaged record: every sound entry goes on in a new file, the loss is counted in words, the old file stays."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from course import record as records
from course.record import Log


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def damaged(path: Path) -> None:
    Log(path).write_many([("answer", f"Q{number}", "x" * 50) for number in range(300)])
    data = bytearray(path.read_bytes())
    data[4096:12288] = os.urandom(8192)
    path.write_bytes(data)


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
        database.commit()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda path: path.write_bytes(b"not a database at all, but long enough to be read as one" * 40),
            "Nothing in it can be read as an answer of this course. ",
        ),
        (foreign, "Nothing in it can be read as an answer of this course. "),
        (damaged, " of 300 entries are sound and were taken over; "),
        (lambda path: path.mkdir(), "learner.sqlite3 is a folder, not a file. It is left as it is. "),
    ],
    ids=["rubbish", "foreign", "damaged", "folder"],
)
def test_a_bad_file_is_told_and_left_alone_and_the_record_goes_on_beside_it(tmp_path, spoil, said):
    path = tmp_path / "learner.sqlite3"
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    log = Log(path)
    new = log.write("answer", "Q0301", 1)
    assert log.trouble == "" and log.path == tmp_path / "learner.2.sqlite3"
    assert said in log.notice and f"The record goes on in the file {log.path}" in log.notice
    assert log.events()[-1] == new == Log(path).events()[-1], "it is in the new file"
    assert (path.read_bytes() if path.is_file() else None) == before
    assert log.tell() == log.notice and log.tell() == "", "with an answer it is told once"


@pytest.mark.parametrize("part", ["value", "at", "kind", "subject", "id", "chapter", "seal"])
def test_one_changed_entry_is_left_out_and_counted(home, part):
    log = records.log()
    events = log.write_many([("answer", f"Q030{number}", {"answer": number}) for number in range(5)])
    with closing(sqlite3.connect(log.path)) as database:
        database.execute("DROP TRIGGER never_changed")
        database.execute(f"UPDATE events SET {part} = {part} + 1 WHERE subject = 'Q0302'")
        text = "CREATE TRIGGER never_changed BEFORE UPDATE ON events WHEN OLD.seal IS NOT NULL\n"
        database.execute(f"{text}BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END")
        database.commit()
    records.profiles._opened.cache_clear()
    log = records.log()
    assert log.events() == [event for event in events if event.subject != "Q0302"]
    assert "4 of 5 entries are sound and were taken over; 1 is lost." in log.notice


def test_a_pseudonym_survives_damage(home):
    records.begin("Änne")
    events = records.log().write_many([("answer", f"Q{number}", "y" * 99) for number in range(100)])
    path = records.file()
    data = bytearray(path.read_bytes())
    data[0] ^= 255
    path.write_bytes(data)
    records.profiles._opened.cache_clear()
    kept = records.log().events()
    assert 50 < len(kept) <= 100 and all(event in events for event in kept)
    assert [record.name for record in records.records()] == ["", "Änne"]
    assert records.use("Änne").path == records.file() != path


def test_an_entry_as_long_as_many_pages_is_taken_over(tmp_path):
    log = Log(tmp_path / "learner.sqlite3")
    events = log.write_many([("answer", "Q1", "ä" * 100_000), ("answer", "Q2", 2)])
    data = bytearray(log.path.read_bytes())
    data[:16] = b"no longer a file"
    log.path.write_bytes(data)
    again = Log(log.path)
    assert again.events() == events and "2 of 2 entries are sound and were taken over; none is lost." in again.notice


def test_what_was_emptied_does_not_come_back_from_a_damaged_file(home):
    records.log().write_many([("answer", f"Q{number}", "secret" * 9) for number in range(50)])
    assert records.set_aside()
    new = records.log().write("answer", "Q0301", 1)
    path = records.file()
    assert b"secret" not in path.read_bytes()
    path.write_bytes(b"x" + path.read_bytes()[1:])
    records.profiles._opened.cache_clear()
    assert records.log().events() == [new]


def test_start_afresh_on_a_newer_course_s_record_leaves_it_and_begins_beside_it(home):
    path = records.log().path
    records.log().write("answer", "Q0301", 1)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    waits = records.log().write("answer", "Q0302", 2)
    assert "made by a newer version of this course. It is left as it is. 1 answer waits" in records.log().trouble
    assert records.set_aside() == path and path.read_bytes() == before
    assert records.log().trouble == "" and waits in records.log().events()
    assert records.file() == home / "learner.2.sqlite3"
