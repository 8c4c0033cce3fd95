"""The learner's log: nothing acknowledged is lost, nothing is changed, and a bad file is left alone."""

from __future__ import annotations

import json
import math
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from course import record as logging
from course.record import Event, Log, profiles
from hypothesis import given
from hypothesis import strategies as st

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"

WRITER = """
import sys
from pathlib import Path
from course.record import Log
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
    assert version_of(path) == logging.VERSION
    test_events_cannot_be_changed_or_removed(tmp_path)


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
    assert profiles._FILE.fullmatch(made.path.name)
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
    assert profiles._FILE.fullmatch(f"record-{logging.slug(name, always=True)}.sqlite3")
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
from course.record import log
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
    (shell,) = home.glob("record-*")
    assert b"Q03" not in shell.read_bytes() and b"Anna" not in shell.read_bytes(), "what is erased is gone"
    assert [record.name for record in logging.records()] == [""]
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


def test_only_the_record_that_is_named_is_erased(home):
    logging.log().write("answer", "Q0301", 1)
    anna = logging.begin("Anna")
    logging.begin("Berta")
    logging.erase("Anna")
    assert [record.name for record in logging.records()] == ["", "Berta"] and b"Anna" not in anna.path.read_bytes()
    assert logging.file().name.startswith("record-berta")
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

    files = [NOTEBOOKS / "course" / "start.py", *(NOTEBOOKS / "course" / "record").glob("*.py")]
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
