"""A trouble that passes must pass; a wrong clock hides nothing; the folder is private; nothing there is a dead end."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from course import record as records
from course.record import Event, Log, store
from course.record.parts import fault

VERSION_2 = Path(__file__).parent / "version-2.sqlite3"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_what_waits_goes_into_the_file_by_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "SECONDS_TO_NEXT_TRY", 0.01)
    monkeypatch.setattr("course.record.transactions.SECONDS_TO_WAIT", 0.1)
    log = Log(tmp_path / "learner.sqlite3")
    with closing(sqlite3.connect(log.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        event = log.write("answer", "Q0301", 1)
        assert "1 answer waits in this notebook’s memory and will go into the file" in log.trouble
        assert "do not close this notebook or restart its kernel" in log.trouble
        other.execute("ROLLBACK")
    while log._waiting:
        threading.Event().wait(0.01)
    assert Log(log.path).events() == [event] and log.trouble == ""


def test_an_event_whose_write_only_seemed_to_fail_is_kept_once(tmp_path, monkeypatch):
    log = Log(tmp_path / "learner.sqlite3")
    put = log._put

    def fails_after(database, events):
        put(database, events)
        database.execute("COMMIT")
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(log, "_put", fails_after)
    event = log.write("answer", "Q0301", 1)
    assert "The disk reports an error at" in log.trouble
    monkeypatch.undo()
    later = log.write("answer", "Q0302", 1)
    assert Log(log.path).events() == [event, later] == log.events()


def test_no_message_advises_to_restart_while_something_waits(tmp_path):
    for problem in (OSError(28, "No space"), OSError(24, "Too many"), PermissionError(13, "denied"), OSError(5, "EIO")):
        said, cure = records.faults.in_words(problem, tmp_path)
        assert "restart" not in said + cure


def stamped(monkeypatch, now: str) -> None:
    class Clock(dt.datetime):
        @classmethod
        def now(cls, zone=None):
            return dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)

    monkeypatch.setattr(store.dt, "datetime", Clock)


@pytest.mark.parametrize("wrong", ["2026-11-04", "2031-01-01", "1970-01-01"])
def test_within_a_file_the_later_answer_counts_whatever_the_clock_said(tmp_path, monkeypatch, wrong):
    log = Log(tmp_path / "learner.sqlite3")
    for day, value in (("2026-11-01", 1), (wrong, 2), ("2026-11-02", 3)):
        stamped(monkeypatch, f"{day}T08:00:00")
        log.write("answer", "Q0301", value)
        if value == 2:
            log.reset(["Q0302"])
    new = log.write("answer", "Q0302", 4)
    monkeypatch.undo()
    for one in (log, Log(log.path)):
        assert [event.value for event in one.events() if event.subject == "Q0301"] == [1, 2, 3]
        assert one.latest("answer", ["Q0301", "Q0302"])["Q0301"].value == 3
        assert one.latest("answer", ["Q0302"]) == {"Q0302": new}
        when = [event.when for event in one.events()]
        assert when == sorted(when), "the moments that count never go back"


def test_an_own_reset_hides_what_was_brought_in_before_it(tmp_path):
    log = Log(tmp_path / "learner.sqlite3")
    at = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=3)).isoformat(timespec="milliseconds")
    log.merge([Event("f" * 32, at, "answer", "Q0301", 1)])
    log.reset(["Q0301"])
    assert log.counted() == [] and log.latest("answer", ["Q0301"]) == {}
    new = log.write("answer", "Q0301", 3)
    assert log.counted() == [new] and Log(log.path).counted() == [new]


def test_a_reset_on_one_machine_does_not_hide_what_was_done_later_on_another(tmp_path):
    early, reset, late = (
        Event(letter * 32, f"2026-11-0{day}T08:00:00.000+00:00", kind, "Q0301", day)
        for letter, day, kind in (("a", 1, "answer"), ("b", 2, "reset"), ("c", 3, "answer"))
    )
    for order in ([early, reset], [late]), ([late], [early, reset]):
        log = Log(tmp_path / f"{len(order[0])}.sqlite3")
        for part in order:
            log.merge(part)
        assert log.counted() == [late] and log.latest("answer", ["Q0301"]) == {"Q0301": late}
        assert log.events() == [early, reset, late]


def test_the_order_of_another_file_is_kept_when_it_is_brought_in(tmp_path, monkeypatch):
    other = Log(tmp_path / "other.sqlite3")
    for day, value in (("2026-11-05", 1), ("2026-11-02", 2), ("2026-11-03", 3)):
        stamped(monkeypatch, f"{day}T08:00:00")
        other.write("answer", "Q0301", value)
    monkeypatch.undo()
    log = Log(tmp_path / "learner.sqlite3")
    log.merge(other.events())
    assert [event.value for event in log.events()] == [1, 2, 3]
    assert log.latest("answer", ["Q0301"])["Q0301"].value == 3


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(os.name == "nt", reason="rights of a Unix")
def test_folder_and_files_are_private_also_those_that_were_there(home, tmp_path):
    from course.learning import export_record

    home.mkdir(mode=0o755)
    old = Log(tmp_path / "old.sqlite3")
    old.write("answer", "Q0301", 1)
    for name in ("learner.sqlite3", "record-anna-bf4fccd616.sqlite3", "kept-2026-11-01-1-learner.sqlite3"):
        (home / name).write_bytes(old.path.read_bytes())
    (home / "in-use.txt").write_text("learner.sqlite3\n")
    for path in home.iterdir():
        path.chmod(0o644)
    records.log().write("answer", "Q0302", 1)
    export_record("Anna", home)
    records.set_aside()
    records.begin("Berta")
    assert mode(home) == 0o700
    assert {path.name: mode(path) for path in home.iterdir() if mode(path) != 0o600} == {}
    assert len(list(home.iterdir())) == 8


@pytest.mark.parametrize(
    "named",
    ["~nosuchaccount/x", "~nobody/x", "file", "file/x", "/dev/null", "/dev/null/x", "/proc/x", "loop", "a\0b"]
    + ["x" * 300],
    ids=lambda named: repr(named[:20]),
)
def test_a_home_that_cannot_be_used_is_told_and_stops_nothing(tmp_path, monkeypatch, named):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    monkeypatch.chdir(tmp_path)
    environ = dict(os.environ) | {"COURSE_HOME": named}
    monkeypatch.setattr(os, "environ", environ)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    if named == "~nobody/x" and os.geteuid() == 0:
        pytest.skip("root may make that folder")
    log = records.log()
    event = log.write("answer", "Q0301", 1)
    assert log.events() == [event] and "COURSE_HOME" in log.trouble and "1 answer waits" in log.trouble
    assert records.records()[0].name == "" and records.in_use()[1] == ""


def test_a_relative_home_stays_where_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_HOME", " records ")
    first = records.file()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert records.file() == first == tmp_path / "records" / "learner.sqlite3"
    monkeypatch.setenv("COURSE_HOME", "  ")
    assert "is-ketamine-an-opioid" in str(records.file())


def test_a_record_of_the_version_before_is_taken_over_whole(tmp_path):
    """A file that the course wrote before events bore a check: 6 events, a reset and an import among them."""
    path = tmp_path / "record-anna-bf4fccd616.sqlite3"
    path.write_bytes(VERSION_2.read_bytes())
    with closing(sqlite3.connect(VERSION_2)) as database:
        rows = database.execute("SELECT id, at, kind, subject, chapter FROM events ORDER BY at, place").fetchall()
    log = Log(path)
    found = [(event.id, event.at, event.kind, event.subject, event.chapter) for event in log.events()]
    assert found == rows and len(rows) == 6 and log.trouble == log.notice == ""
    assert log.latest("answer", ["Q0301", "Q0302"])["Q0302"].value == {"answer": 2, "verdict": "right", "try": 2}
    assert Log(path).write("answer", "Q0303", 1) == log.events()[-1]
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT value FROM about WHERE name = 'pseudonym'").fetchone() == ("Anna",)
        assert database.execute("SELECT count(*) FROM events WHERE seal IS NULL").fetchone() == (0,)


def test_what_an_open_notebook_of_the_version_before_still_writes_is_kept(tmp_path):
    log = Log(tmp_path / "learner.sqlite3")
    first = log.write("answer", "Q0301", 1)
    with closing(sqlite3.connect(log.path, isolation_level=None)) as old:
        old.execute(
            "INSERT INTO events (id, at, kind, subject, value, chapter) VALUES (?, ?, 'answer', 'Q0302', '2', '')",
            ("a" * 32, first.at),
        )
    later = log.write("answer", "Q0303", 3)
    assert [event.value for event in log.events()] == [1, 2, 3] and Log(log.path).events()[-1] == later
    with closing(sqlite3.connect(log.path)) as database:
        assert database.execute("SELECT count(*) FROM events WHERE seal IS NULL").fetchone() == (0,)


BAD = {"try": ["x", 0, -1, 1.5, True, 10**9, [1]], "verdict": ["good", ["right"], {}], "sure": [50.0, "50", True, 51]}
BAD |= {"hints": [-1, "0", 10], "mode": ["", 7, "quick"], "shown": ["yes", 1, None]}


@pytest.mark.parametrize(("part", "value"), [(part, value) for part, values in BAD.items() for value in values])
def test_a_known_part_that_is_not_sound_is_refused_in_words_and_stops_no_question(home, part, value):
    import json

    from course.learning.imports import import_bytes
    from course.learning.statements import statement
    from course.quiz import bank
    from course.quiz.views import answer_value

    given = {"answer": 0, "verdict": "right", "try": 1} | {part: value}
    event = Event("a" * 32, "2026-11-01T08:00:00.000+00:00", "answer", "Q0301", given)
    assert fault("answer", given).startswith(f"its {part} is not ")
    with pytest.raises(ValueError, match=rf"^x\.json, statement 1: its {part} is not .*Export the record again"):
        import_bytes("x.json", json.dumps([statement(event, "Anna")]).encode())
    records.log().write("answer", "Q0301", given)
    assert answer_value(bank.item("Q0301"), {"answer": 0}, "practice")["try"] in (1, 2)
    assert bank.item("Q0301") and __import__("course").quiz.show("Q0301").answers == {}
