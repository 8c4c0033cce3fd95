"""Two notebooks at one record, step by step: what each answers stays, what was erased does not come back."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager

import pytest
from course import learning
from course import record as records
from course.learning.imports import read_events
from course.record import Log, moments, profiles, schema, transactions


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(transactions, "SECONDS_TO_WAIT", 0.1)
    monkeypatch.setattr(transactions, "SECONDS_IN_TROUBLE", 0.05)
    return tmp_path / "home"


def another(name: str = "") -> Log:
    """The record in use as another notebook that runs already has it."""
    log = Log(profiles._base_in_use()[0], go_on=records.log)
    log.events()
    return log


@contextmanager
def held(path):
    """Another program holds the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def subjects(log: Log | None = None) -> list[str]:
    return [event.subject for event in (log or records.log()).events()]


def test_a_form_handed_in_after_an_erasure_is_kept_whole(home):
    records.log().write("answer", "before", 1)
    other = another()
    records.erase("")
    other.write_many([("answer", f"Q{number}", 1) for number in range(12)])
    other.reset(["Q3", "Q4"])
    assert subjects(Log(other.path)) == [*(f"Q{number}" for number in range(12)), "Q3", "Q4"]


@pytest.mark.parametrize("name", ["", "Anna"])
def test_what_waited_before_an_erasure_never_comes_back_and_what_waits_after_it_is_kept(home, name):
    if name:
        records.begin(name)
    records.log().write("answer", "before", 1)
    other = another()
    with held(other.path):
        other.write_many([("answer", "waits", 1), ("answer", "waits too", 2)])
        assert other.trouble
    records.erase(name)
    with held(other.path):
        other.write("answer", "later", 1)
        other.write_many([("answer", "form", 1), ("answer", "form 2", 1)])
        assert "waits in this notebook’s memory" in other.trouble or "wait in this notebook’s memory" in other.trouble
    other.write("answer", "last", 1)
    assert subjects() == ["later", "form", "form 2", "last"]
    assert records.log().path.name == "learner.sqlite3" and not other._waiting


def test_what_waited_before_an_erasure_does_not_come_back_into_a_new_record_of_the_same_name_or_one_set_aside(home):
    records.begin("Anna")
    records.log().write("answer", "before", 1)
    other = another()
    with held(other.path):
        other.write("answer", "waits", 1)
    records.erase("Anna")
    records.begin("Anna")
    records.log().write("answer", "new", 1)
    kept = records.set_aside()
    records.log().write("answer", "newer", 1)
    other.write("answer", "last", 1)
    assert subjects() == ["newer", "last"] and subjects(Log(kept)) == ["new"]


def test_a_wrong_clock_changes_nothing_about_what_was_before_an_erasure(monkeypatch):
    before, after = "boot:10:999", "boot:20:5"
    assert moments.is_before(before, after) and not moments.is_before(after, before)
    assert moments.is_before("boot:90:5", "another boot:10:6"), "after a restart the clock has to do"
    assert moments.is_before(":90:5", ":10:6"), "and where the system does not tell"
    one, other = moments.now(), moments.now()
    assert moments.is_before(one, other)


def test_what_waits_is_erased_with_a_record_that_has_no_file_yet(home):
    log = records.log()
    log.path.unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "make", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        log.write("answer", "waits", 1)
        assert "There is no room left" in log.trouble
        records.erase("")
    log.try_again()
    assert subjects() == []


def test_start_afresh_in_two_tabs_never_takes_the_other_ones_kept_file(home, monkeypatch):
    records.log().write("answer", "Q1", 1)
    create, taken = profiles.private.create, []

    def taken_just_now(path):
        if path.name.startswith("kept-") and not taken:
            taken.append(path)
            path.write_text("what the other tab kept")
        return create(path)

    monkeypatch.setattr(profiles.private, "create", taken_just_now)
    kept = records.set_aside()
    assert taken[0].read_text() == "what the other tab kept" and kept != taken[0]
    assert subjects(Log(kept)) == ["Q1"] and subjects() == []


def test_start_afresh_a_moment_after_another_tab_did_keeps_no_empty_file(home, monkeypatch):
    records.log().write("answer", "Q1", 1)
    change = profiles._change

    def after_the_other(base, action):
        monkeypatch.undo()
        os.environ["COURSE_HOME"] = str(home)
        records.set_aside()
        change(base, action)

    monkeypatch.setattr(profiles, "_change", after_the_other)
    assert records.set_aside() is None
    assert len(list(home.glob("kept-*"))) == 1
    del os.environ["COURSE_HOME"]


def hurt(path) -> None:
    """No SQLite opens it any more."""
    data = bytearray(path.read_bytes())
    data[:40] = os.urandom(40)
    path.write_bytes(data)


def test_two_notebooks_that_find_a_damage_at_once_go_on_in_one_file(home, monkeypatch):
    log = records.log()
    log.write("answer", "sound", 1)
    hurt(log.path)
    found, other = transactions.salvage, []

    def slowly(data):
        if not other:
            other.append(None)
            other[0] = another()
            other[0].write("answer", "by the other", 1)
        return found(data)

    monkeypatch.setattr(transactions, "salvage", slowly)
    log.write("answer", "by this one", 1)
    assert subjects(log) == subjects(other[0]) == ["sound", "by the other", "by this one"]
    assert sorted(path.name for path in home.glob("*.sqlite3")) == ["learner.2.sqlite3", "learner.sqlite3"]


@pytest.mark.parametrize("what", ["afresh", "erase"])
def test_a_record_whose_damage_another_notebook_finds_out_at_that_moment_is_changed_where_it_goes_on(
    home, monkeypatch, what
):
    log = records.log()
    log.write("answer", "Q1", 1)
    begin, done = schema.begin, []

    def damaged_just_now(database, write=True):
        begin(database, write)
        if not done and write:
            done.append(1)
            schema.make(log.path.with_name("learner.2.sqlite3"), [("0" * 32, "2026-12-01", "answer", "Q1", "1", "")])

    change = profiles._change

    def changed(base, action):
        monkeypatch.setattr(profiles.schema, "begin", damaged_just_now)
        change(base, action)

    monkeypatch.setattr(profiles, "_change", changed)
    if what == "afresh":
        kept = records.set_aside()
        assert kept.name.endswith("-learner.2.sqlite3") and subjects(Log(kept)) == ["Q1"]
    else:
        records.erase("")
    assert done and records.log().path.name == "learner.2.sqlite3" and subjects() == []


@pytest.mark.parametrize("name", ["", "Anna"])
def test_an_erasure_empties_the_damaged_files_from_before_too(home, name):
    if name:
        records.begin(name)
    log = records.log()
    log.write_many([("answer", f"secret {number}", "secret") for number in range(40)])
    hurt(log.path)
    base = log.path
    assert len(subjects()) == 40 and log.path != base, "it went on beside"
    hurt(log.path)
    records.erase(next(one.name for one in records.records() if one.in_use))  # its name cannot be read any more
    assert all(b"secret" not in path.read_bytes() for path in home.iterdir())
    assert subjects() == []
    again = records.begin("Anna") if name else None
    records.log().write("answer", "new", 1)
    assert subjects() == ["new"] and (not again or again.name == "Anna")


def test_an_erasure_leaves_the_record_of_a_newer_course_beside_which_this_one_began(home):
    log = records.log()
    log.write("answer", "of the newer course", 1)
    with closing(sqlite3.connect(log.path)) as database:
        database.execute("PRAGMA user_version = 100")
        database.commit()
    newer = records.set_aside()
    records.log().write("answer", "new", 1)
    before = newer.read_bytes()
    records.erase("")
    assert newer.read_bytes() == before and subjects() == []


def test_two_people_who_choose_one_pseudonym_after_it_was_erased_do_not_empty_each_others_record(home):
    base = profiles._base_of(records.begin("Anna").path)
    records.erase("Anna")
    records.begin("Anna")
    records.log().write("answer", "of the first", 1)
    with pytest.raises(ValueError, match="^There is a record for Anna already. Choose it, or take another pseudonym.$"):
        profiles._revive(base, "Anna")
    assert subjects() == ["of the first"]


def test_an_import_beside_an_erasure_is_there_whole_or_not_at_all(home, tmp_path):
    mine = records.log()
    mine.write_many([("answer", f"Q{number}", 1) for number in range(5)])
    export = learning.export_record("learner", tmp_path).files[0]
    other = another()
    records.erase("")
    other.merge(read_events(export.name, export.read_bytes()))
    assert len(subjects()) == 5, "who imports after an erasure means to"
    records.begin("Anna")
    other = another()
    records.erase("Anna")
    with pytest.raises(ValueError, match="^This record was erased by another notebook. Nothing was taken in.$"):
        other.merge(read_events(export.name, export.read_bytes()))


def test_the_page_says_that_the_name_of_the_empty_file_still_tells_the_pseudonym(home):
    view = learning.my_record()
    made = records.begin("Anna")
    said = view.respond({"do": "erase", "path": str(made.path)})["said"]
    assert (
        f" The file’s name, {made.path.name}, still tells the pseudonym: delete the file yourself once no notebook is "
        "open. Copies that you exported or kept are still there." in said
    )
    said = view.respond({"do": "erase", "path": str(records.file())})["said"]
    assert "pseudonym:" not in said
