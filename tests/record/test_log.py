"""The learner's log: nothing acknowledged is lost, nothing is changed, and a bad file is left alone."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from course import log as logging
from course.log import Event, Log
from hypothesis import given
from hypothesis import strategies as st

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

        def rollback(self):
            self.database.rollback()

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


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


V1 = """
CREATE TABLE events (
    place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at TEXT NOT NULL, kind TEXT NOT NULL,
    subject TEXT NOT NULL, value TEXT NOT NULL
);
CREATE INDEX of_subject ON events (kind, subject, place);
CREATE TRIGGER never_changed BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER never_removed BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
PRAGMA user_version = 1;
INSERT INTO events (id, at, kind, subject, value)
    VALUES ('0a', '2026-11-01T08:00:00.000+00:00', 'answer', 'Q0301', '{"answer": 2}');
"""


def version_one(path: Path) -> list[Event]:
    """A file as the first version of the course wrote it, with its one event."""
    with sqlite3.connect(path) as database:
        database.executescript(V1)
    database.close()
    return [Event("0a", "2026-11-01T08:00:00.000+00:00", "answer", "Q0301", {"answer": 2}, "")]


def version_of(path: Path) -> int:
    with sqlite3.connect(path) as database:
        return database.execute("PRAGMA user_version").fetchone()[0]


def test_a_file_of_version_one_is_taken_over_in_place(tmp_path):
    path = tmp_path / "learner.sqlite3"
    old = version_one(path)
    log = Log(path)
    new = log.write("answer", "Q0302", 1, "03-how-much-binds")
    assert log.trouble == "" and Log(path).events() == [*old, new]
    assert version_of(path) == logging.VERSION == 2
    test_events_cannot_be_changed_or_removed(tmp_path)


def test_a_take_over_that_fails_half_way_leaves_version_one(tmp_path, monkeypatch):
    path = tmp_path / "learner.sqlite3"
    old = version_one(path)
    before = path.read_bytes()
    monkeypatch.setitem(logging.TAKEN_OVER, 1, logging.TAKEN_OVER[1] + "CREATE TABLE events (full TEXT);")
    log = Log(path)
    assert log.trouble and path.read_bytes() == before
    monkeypatch.undo()
    assert Log(path).events() == old


def test_a_file_of_version_one_that_may_not_be_written_is_still_read(tmp_path, monkeypatch):
    path = tmp_path / "learner.sqlite3"
    old = version_one(path)
    monkeypatch.setattr(
        Log, "_connected", lambda log: sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    )
    log = Log(path)
    assert "cannot be written" in log.trouble
    new = log.write("answer", "Q0302", 1)
    assert log.events() == [*old, new] and version_of(path) == 1


def test_many_are_written_at_one_moment_all_or_none(tmp_path):
    log = Log(tmp_path / "learner.sqlite3")
    written = log.write_many(
        [("answer", "Q0001", 1), ("answer", "Q0002", 2, "00-start-here"), ["section", "a#b", True]]
    )
    assert len({event.at for event in written}) == 1 and log.events() == written
    assert [event.chapter for event in written] == ["", "00-start-here", ""]
    for bad in (math.nan, math.inf, {1, 2}, object()):
        with pytest.raises(ValueError, match="plain data"):
            log.write_many([("answer", "Q0003", 1), ("answer", "Q0004", bad)])
    with pytest.raises(ValueError, match="are text"):
        log.write_many([("answer", "Q0003", 1), ("answer", 7, 1)])
    with pytest.raises(ValueError):
        log.write_many([("answer", "Q0003", 1), ("answer", "\ud800", 1)])
    assert log.events() == written and log.trouble == ""
    assert log.write_many([]) == []


def test_events_bear_the_chapter_that_was_entered(tmp_path):
    log = Log(tmp_path / "learner.sqlite3")
    log.write("answer", "Q0301", 1)
    logging.enter("03-how-much-binds")
    log.write("answer", "Q0301", 1)
    log.write("answer", "Q0301", 1, "10-final-check")
    assert [event.chapter for event in log.events()] == ["", "03-how-much-binds", "10-final-check"]


def test_what_was_reset_no_longer_counts_and_stays_in_the_file(tmp_path):
    log = Log(tmp_path / "learner.sqlite3")
    log.write("answer", "Q0301", 1)
    log.write("rating", "Q0301", {"rating": "hard"})
    other = log.write("answer", "Q0302", 1)
    resets = log.reset(["Q0301", "Q0305", "Q0301"])
    assert [event.subject for event in resets] == ["Q0301", "Q0305"]
    assert log.latest("answer", ["Q0301", "Q0302"]) == {"Q0302": other}
    assert log.latest("rating", ["Q0301"]) == {} and log.latest("reset", ["Q0301"]) == {}
    again = log.write("answer", "Q0301", 2)
    assert log.latest("answer", ["Q0301"]) == {"Q0301": again}
    assert log.latest("rating", ["Q0301"]) == {}
    assert log.counted() == [other, again]
    assert len(log.events()) == 6
    assert Log(log.path).counted() == [other, again]


@pytest.mark.parametrize("ahead", [dt.timedelta(hours=3), dt.timedelta(days=1200)])
def test_a_clock_that_is_put_back_does_not_undo_a_reset(tmp_path, ahead):
    log = Log(tmp_path / "learner.sqlite3")
    at = (dt.datetime.now(dt.UTC) + ahead).isoformat(timespec="milliseconds")
    log.merge([Event("f" * 32, at, "answer", "Q0301", 1)])
    log.reset(["Q0301"])
    assert log.counted() == [] and log.latest("answer", ["Q0301"]) == {}
    new = log.write("answer", "Q0301", 3)
    assert log.counted() == [new] and log.latest("answer", ["Q0301"]) == {"Q0301": new}
    # A clock that was years ahead does not stamp what is written after it was mended.
    assert (new.at == at) is (ahead < dt.timedelta(days=1)) and new.at <= at


@pytest.mark.parametrize("damage", ["value", "at", "kind"])
def test_one_damaged_entry_is_reported_and_the_file_is_kept(tmp_path, monkeypatch, damage):
    """A flipped bit inside an entry, which SQLite itself does not notice."""
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    log = logging.log()
    for number in range(3):
        log.write("answer", f"Q030{number + 1}", {"answer": number, "verdict": "right"})
    broken = {"value": '{"answer": 0, "verdict"; "right"}', "at": "2026-1!-01T08:00:00", "kind": b"\xff"}[damage]
    with closing(sqlite3.connect(log.path)) as database:
        database.execute("DROP TRIGGER never_changed")
        database.execute(f"UPDATE events SET {damage} = ? WHERE subject = 'Q0302'", (broken,))
        database.commit()
    before = log.path.read_bytes()
    assert log.events() == [] and "damaged" in log.trouble and "left as it is" in log.trouble
    went_on = log.write("answer", "Q0304", 1)
    assert log.events() == [went_on] == log.counted() and log.latest("answer", ["Q0304"]) == {"Q0304": went_on}
    assert log.path.read_bytes() == before
    kept = logging.set_aside()
    assert kept.read_bytes() == before and logging.log().events() == [went_on] and not logging.log().trouble


def test_a_damaged_record_is_set_aside_before_it_was_read(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    path = logging.log().path
    logging.log().write("answer", "Q0301", 1)
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TRIGGER never_changed")
        database.execute("UPDATE events SET value = 'x'")
        database.commit()
    assert logging.set_aside() and logging.log().events() == []


def test_a_disk_that_takes_no_more_is_named_and_what_is_there_can_still_be_read(tmp_path, monkeypatch):
    log = Log(tmp_path / "learner.sqlite3")
    first = log.write("answer", "Q0301", 1)

    def refuse(*_):
        problem = sqlite3.OperationalError("disk I/O error")
        problem.sqlite_errorname = "SQLITE_IOERR_WRITE"
        raise problem

    monkeypatch.setattr(log, "_added", refuse)
    second = log.write("answer", "Q0302", 1)
    assert "cannot be written" in log.trouble and "Make room" in log.trouble
    assert log.events() == [first, second]


MOMENTS = st.integers(0, 5).map(lambda second: f"2026-11-01T08:00:0{second}.000+00:00")
EVENTS = st.builds(
    Event,
    st.uuids(version=4).map(lambda found: found.hex),
    MOMENTS,
    st.sampled_from(["answer", "reset"]),
    st.sampled_from(["Q0301", "Q0302"]),
    st.integers(0, 3),
    st.sampled_from(["", "03-how-much-binds"]),
)


def as_set(log: Log) -> set[str]:
    return {repr(event) for event in log.events()}


@given(st.lists(EVENTS, max_size=6), st.lists(EVENTS, max_size=6), st.lists(EVENTS, max_size=3))
def test_two_records_put_together_are_the_same_whichever_comes_first(tmp_path_factory, ours, theirs, both):
    folder = tmp_path_factory.mktemp("merged")
    one, two = Log(folder / "one.sqlite3"), Log(folder / "two.sqlite3")
    for log, own in ((one, ours), (two, theirs)):
        log.merge(own + both)
    before = one.events()
    assert one.merge(two.events()) == len(theirs)
    assert two.merge(before) == len(ours)
    assert as_set(one) == as_set(two) == {repr(event) for event in ours + theirs + both}
    assert one.merge(two.events()) == 0 == two.merge(one.events()), "again changes nothing"


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


def test_an_event_of_the_same_id_that_says_something_else_is_refused(tmp_path):
    log = Log(tmp_path / "learner.sqlite3")
    event = log.write("answer", "Q0301", 1)
    other = Event("a" * 32, event.at, "answer", "Q0302", 1)
    with pytest.raises(ValueError, match="changed by hand. Nothing was taken in"):
        log.merge([other, Event(event.id, event.at, "answer", "Q0301", 2)])
    assert log.events() == [event]


HOSTILE = [
    "../../x",
    "CON",
    "a/b\\c",
    "con.txt",
    "\U0001f9e0\U0001f9ea",
    "\u200fשלום\u200f",
    "Ännchen",
    "=1+1",
    "<b>x</b>",
    ".",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_pseudonym_is_only_ever_text(home, name):
    made = logging.begin(name)
    assert made.name == name and made.path.parent == home
    assert made.path.name.isascii() and made.path.name.startswith("record-") and "/" not in made.path.name
    assert logging._FILE.fullmatch(made.path.name)
    logging.log().write("answer", "Q0301", 1)
    assert [(record.name, record.in_use) for record in logging.records()] == [("", False), (name, True)]
    logging.use("")
    assert logging.log().events() == []
    assert len(logging.use(name) and logging.log().events()) == 1
    assert {path.parent for path in home.parent.rglob("*.sqlite3")} == {home}


@pytest.mark.parametrize(
    "name",
    ["", "   ", "x" * 41, "x" * 1_000_000, "a\x00b", "a\nb", "\u202e", "\u200b", "\ud800", "a\u2028b", None, 7, ["x"]],
    ids=lambda name: repr(name)[:12],
)
def test_a_pseudonym_that_cannot_be_shown_is_refused_in_words(home, name):
    with pytest.raises(ValueError, match=r"A pseudonym|This pseudonym"):
        logging.begin(name)
    assert not list(home.glob("record-*"))


def test_marks_that_turn_the_text_around_are_dropped(home):
    assert logging.begin("\u202eevil\u2069 name").name == "evil name"


@given(st.text())
def test_any_text_gives_a_safe_file_name_or_is_refused(text):
    try:
        name = logging.pseudonym(text)
    except ValueError:
        return
    assert 1 <= len(name) <= 40
    assert logging._FILE.fullmatch(f"record-{logging.slug(name, always=True)}.sqlite3")
    assert logging.pseudonym(name) == name


def test_records_of_one_computer_are_kept_apart(home):
    logging.log().write("answer", "Q0301", 1)
    logging.begin("Anna")
    logging.log().write("answer", "Q0301", 2)
    logging.begin("anna")
    assert logging.log().events() == []
    assert [record.name for record in logging.records()] in (["", "Anna", "anna"], ["", "anna", "Anna"])
    for name in ("Anna", "anna"):
        with pytest.raises(ValueError, match="already"):
            logging.begin(name)
    with pytest.raises(ValueError, match="There is no record .*Anna"):
        logging.use("Berta")
    logging.use("Anna")
    assert logging.log().events()[0].value == 2


OPEN_NOTEBOOK = """
import sys
from course.log import log
log()
for line in sys.stdin:
    print(log().write("answer", line.strip(), 1).id, log().path.name, flush=True)
"""


def test_a_notebook_that_is_open_goes_over_at_its_next_answer(home):
    process = subprocess.Popen(
        [sys.executable, "-c", OPEN_NOTEBOOK], cwd=NOTEBOOKS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def answer(subject: str) -> str:
        process.stdin.write(f"{subject}\n")
        process.stdin.flush()
        return process.stdout.readline().split()[1]

    try:
        assert answer("Q0301") == "learner.sqlite3"
        made = logging.begin("Anna")
        assert answer("Q0302") == made.path.name
        logging.set_aside()
        assert answer("Q0303") == made.path.name
        logging.erase("Anna")
        assert answer("Q0304") == "learner.sqlite3"
        logging.erase("")
        assert answer("Q0305") == "learner.sqlite3"
    finally:
        process.communicate(timeout=20)
    assert [event.subject for event in logging.log().events()] == ["Q0305"]
    assert not list(home.glob("record-*")), "what is erased is gone"
    (kept,) = home.glob("kept-*")
    assert [event.subject for event in Log(kept).events()] == ["Q0302"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"../../../etc/passwd",
        b"/etc/passwd\n",
        b"x" * 10_000_000,
        b"learner.sqlite3\x00",
        b"",
        b"record-gone.sqlite3\n",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_a_note_of_the_record_in_use_that_makes_no_sense_loses_nothing(home, content):
    first = logging.log().write("answer", "Q0301", 1)
    logging.begin("Anna")
    second = logging.log().write("answer", "Q0301", 2)
    (home / "in-use.txt").write_bytes(content)
    path, said = logging.in_use()
    assert path == home / "learner.sqlite3" and "No record was changed" in said and "chapter 00" in said
    assert logging.log().events() == [first] and (home / "in-use.txt").read_bytes() == content
    logging.use("Anna")
    assert logging.log().events() == [second] and logging.in_use()[1] == ""


def test_a_folder_in_place_of_the_note_is_told(home):
    (home / "in-use.txt").mkdir(parents=True)
    assert "cannot be understood" in logging.in_use()[1]
    with pytest.raises(ValueError, match="cannot be written"):
        logging.use("")


def test_starting_afresh_keeps_the_old_file(home):
    logging.begin("Anna")
    assert logging.set_aside() is None, "nothing to set aside"
    event = logging.log().write("answer", "Q0301", 1)
    kept = [logging.set_aside() for _ in range(2)]
    assert kept[1] is None and Log(kept[0]).events() == [event]
    assert logging.log().events() == [] and logging.records()[1].name == "Anna"
    logging.log().write("answer", "Q0302", 1)
    assert logging.set_aside().name != kept[0].name, "a second one of the same day"


def test_starting_afresh_mends_a_damaged_record_and_loses_nothing(home):
    home.mkdir()
    damaged(home / "learner.sqlite3")
    rubbish = (home / "learner.sqlite3").read_bytes()
    assert "Start afresh" in logging.log().trouble
    event = logging.log().write("answer", "Q0301", 1)
    kept = logging.set_aside()
    assert kept.read_bytes() == rubbish
    assert logging.log().trouble == "" and logging.log().events() == [event]


def test_a_record_that_is_set_aside_in_the_midst_of_a_write_loses_nothing(home, monkeypatch):
    log = logging.log()
    log.write("answer", "Q0301", 1)
    begun = log._begun

    def moved_first():
        monkeypatch.setattr(log, "_begun", begun)
        database = log._connected()
        database.execute("SELECT count(*) FROM events").fetchone()
        logging.set_aside()
        database.execute("BEGIN IMMEDIATE")
        return database

    monkeypatch.setattr(log, "_begun", moved_first)
    log.write("answer", "Q0302", 2)
    assert log.trouble == ""
    assert [event.subject for event in logging.log().events()] == ["Q0302"]


def test_only_the_record_that_is_named_is_erased(home):
    logging.log().write("answer", "Q0301", 1)
    anna = logging.begin("Anna")
    logging.begin("Berta")
    logging.erase("Anna")
    assert not anna.path.exists() and logging.file().name.startswith("record-berta")
    with pytest.raises(ValueError, match="no record"):
        logging.erase("Anna")
    assert len(logging.use("") and logging.log().events()) == 1


NETWORK = {
    "socket",
    "ssl",
    "http",
    "urllib",
    "urllib3",
    "requests",
    "httpx",
    "aiohttp",
    "ftplib",
    "smtplib",
    "tornado",
    "websockets",
}


def test_nothing_of_the_record_can_reach_the_network():
    """Neither these files nor what they import of the course."""
    import ast

    files = [NOTEBOOKS / "course" / "log.py", NOTEBOOKS / "course" / "start.py"]
    files += (NOTEBOOKS / "course" / "learning").glob("*.py")
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
                if node.module == "urllib.parse":  # quotes text, opens nothing
                    continue
            assert not {name.split(".")[0] for name in names} & NETWORK, path.name
    for name in ("start", "record"):
        script = (NOTEBOOKS.parent / "assets" / "scripts" / f"{name}.js").read_text(encoding="utf-8")
        assert not [word for word in ("fetch(", "XMLHttpRequest", "sendBeacon", "WebSocket", "http") if word in script]
