"""The panel of the learner's record: its three forms, and what the kernel does when the page asks."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import time
from pathlib import Path

import pytest
from course import record as records
from course import start
from course.display import render
from course.learning import my_record
from course.learning.record import state
from everything_answered import answer_everything
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("platformdirs.user_downloads_path", lambda: tmp_path / "Downloads")
    return tmp_path / "home"


def ask(do: str, **more) -> dict:
    return my_record().respond({"do": do, **more})


def here() -> str:
    return str(records.file())


def test_what_is_stored_is_words_and_the_same_for_every_learner(monkeypatch):
    def bundle() -> dict:
        found = my_record()._repr_mimebundle_()
        return {mime: found[mime] for mime in ("text/plain", "text/html")}

    before, live = bundle(), my_record().markup
    answer_everything()
    records.begin("Anna")
    monkeypatch.setattr(time, "time", lambda: 4e9)
    assert bundle() == before and my_record().markup == live
    assert not re.search(r"<(button|input|select|details|script|form)|\bid=|\bclass=", before["text/html"])
    assert "Run ▸ Run All Cells" in before["text/html"] and before["text/plain"] == "<record my-record>"
    assert str(records.folder()) not in before["text/html"] + live


def test_a_handout_says_where_answers_stay_and_has_no_controls():
    html = render(my_record().spec, "offline", "u1")
    assert "stays in this browser" in html and not re.search(r"<(button|input|select|details)", html)


def test_an_imported_answer_of_no_known_shape_stops_nothing(home):
    """What another machine's file may hold: a verdict that is a list, a value that is text."""
    for number, value in enumerate(({"answer": 0, "verdict": ["right"]}, {"verdict": {}}, "x", [[]], 7), 1):
        records.log().write("answer", f"Q030{number}", value)
    assert "Written:" in ask("export", pseudonym="Anna")["said"]
    assert ask("look")["state"]["holds"].startswith("It holds 5 answered questions")


def test_a_fault_of_the_course_is_told_to_a_page_that_waits(home, monkeypatch):
    view, sent = my_record(), []
    view.send = lambda message, buffers=None: sent.append(message)
    monkeypatch.setattr("course.learning.record.state", lambda: 1 / 0)
    view._receive(view, {"turn": "7", "request": {"do": "look"}}, None)
    assert sent[0]["turn"] == "7" and "by a fault of the course (ZeroDivisionError" in sent[0]["trouble"]


def test_an_empty_record_is_told_in_words(home):
    found = ask("look")["state"]
    assert found["holds"] == "It is empty: nothing was answered yet."
    assert found["path"] == str(home / "learner.sqlite3") and found["whose"] == "" and found["trouble_with_it"] == ""
    assert found["items"] == found["chapters"] == []


def test_what_it_holds_is_told_in_words():
    log = records.log()
    log.merge([records.Event("0" * 32, "2026-11-01T12:00:00.000+00:00", "answer", "Q0301", 1)])
    log.write("answer", "Q0302", 1)
    log.write("answer", "Q0302", 2)
    log.write("guess", "occupancy", [1], "03-how-much-binds")
    log.write("section", "03-how-much-binds#Full-or-empty", True)
    log.write("claim", "CL001", "holds")
    log.write("claim", "CL001", None)
    found = ask("look")["state"]
    assert found["holds"] == (
        "It holds 2 answered questions, 1 prediction and 1 finished section, since 1 November 2026."
    )
    assert [chapter["text"] for chapter in found["chapters"]] == ["03 How much binds (4)", "09 Claim check (1)"]
    assert {item["value"] for item in found["items"]} == {
        "Q0301",
        "Q0302",
        "occupancy",
        "CL001",
        "03-how-much-binds#Full-or-empty",
    }


@pytest.mark.parametrize(
    ("what", "which", "left"),
    [
        ("item", "Q0301", {"Q0401", "occupancy"}),
        ("chapter", "03", {"Q0401"}),
        ("chapter", "04", {"Q0301", "occupancy"}),
        ("all", "", set()),
    ],
)
def test_reset_by_item_by_chapter_and_all(what, which, left):
    log = records.log()
    log.write("answer", "Q0301", 1, "10-final-check")
    log.write("draft", "Q0301", 1, "10-final-check")
    log.write("answer", "Q0401", 1)
    log.write("guess", "occupancy", [1], "03-how-much-binds")
    said = ask("reset", what=what, which=which, path=here())
    assert {event.subject for event in log.counted() if event.kind != "reset"} == left
    assert said["said"].startswith("Reset: ") and {item["value"] for item in said["state"]["items"]} == left
    assert len([event for event in log.events() if event.kind != "reset"]) == 4, "it stays in the file"
    with pytest.raises(ValueError, match="nothing to reset"):
        ask("reset", what=what, which=which, path=here())


def test_records_are_begun_used_started_afresh_and_erased(home):
    records.log().write("answer", "Q0301", 1)
    begun = ask("begin", name="  Anna\u202e ")
    assert begun["state"]["whose"] == "Anna" and "the record of Anna" in begun["said"]
    assert begun["state"]["holds"].startswith("It is empty")
    records.log().write("answer", "Q0301", 1)
    assert "is kept as" in ask("afresh", path=here())["said"]
    assert "empty already" in ask("afresh", path=here())["said"]
    assert ask("use", name="")["state"]["holds"].startswith("It holds 1 answered question, since")
    assert [record["text"] for record in ask("use", name="Anna")["state"]["records"]] == ["Without a pseudonym", "Anna"]
    erased = ask("erase", path=here())
    assert "Erased for good: the record of Anna" in erased["said"] and erased["state"]["whose"] == ""
    assert [record["text"] for record in erased["state"]["records"]] == ["Without a pseudonym"]
    with pytest.raises(ValueError, match="no record"):
        ask("use", name="Anna")


@pytest.mark.parametrize("do", ["erase", "afresh", "reset"])
def test_what_was_confirmed_for_one_record_is_not_done_to_another(do):
    records.log().write("answer", "Q0301", 1)
    shown = here()
    records.begin("Anna")
    records.log().write("answer", "Q0301", 1)
    with pytest.raises(ValueError, match="Another record"):
        ask(do, path=shown, what="all", which="")
    assert len(records.log().counted()) == 1


def test_export_writes_the_files_and_offers_the_same_ones(tmp_path):
    answer_everything()
    found = ask("export", pseudonym="Anna")
    for file in found["files"]:
        written = next(path for path in tmp_path.rglob(file["name"]))
        assert written.read_bytes().decode("utf-8") == file["text"] and str(written) in found["said"]
    assert [file["type"] for file in found["files"]] == ["application/json", "text/csv"]


def test_export_without_a_disk_still_offers_the_files(monkeypatch):
    def refuse(*_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("course.learning.export._written", refuse)
    found = ask("export", pseudonym="Anna")
    assert found["said"].startswith("Not written here.") and len(found["files"]) == 2


def test_import_takes_a_file_of_the_page(tmp_path, monkeypatch):
    records.log().write("answer", "Q0301", 1)
    text = ask("export", pseudonym="Anna")["files"][0]["text"]
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "other"))
    data = base64.b64encode(text.encode()).decode()
    assert "1 new, 0 that" in ask("import", name="a.json", data=data)["said"]
    assert "0 new, 1 that" in ask("import", name="a.json", data=data)["said"]
    for bad in (None, 7, "no base64!", [], "x"):
        with pytest.raises(ValueError, match="did not arrive whole"):
            ask("import", name="a.json", data=bad)
    with pytest.raises(ValueError, match=r"^<b>a\.json"):
        ask("import", name="\x00<b>a.json", data=base64.b64encode(b"{").decode())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
ACTIONS = st.sampled_from(["look", "use", "begin", "reset", "export", "import", "erase", "afresh"])


@given(
    st.fixed_dictionaries(
        {"do": ACTIONS | JSON},
        optional=dict.fromkeys(["name", "what", "which", "path", "pseudonym", "data"], JSON),
    )
)
def test_whatever_a_page_asks_the_reply_is_plain_or_refused_in_words(request):
    try:
        json.dumps(my_record().respond(request))
    except ValueError as problem:
        assert str(problem)


def test_a_record_in_trouble_is_told(home):
    home.mkdir()
    (home / "learner.sqlite3").write_bytes(b"rubbish " * 200)
    said = "Nothing in it can be read as an answer of this course. The record goes on in the file "
    said += f"{home}/learner.2.sqlite3"
    assert said in state()["trouble_with_it"] and said in start.here("00-start-here").markup
    with sqlite3.connect(records.file()) as database:
        database.execute("PRAGMA user_version = 99")
    assert "made by a newer version" in state()["trouble_with_it"]
    assert "is kept as" in ask("afresh", path=here())["said"] and state()["trouble_with_it"] == ""
    (home / "in-use.txt").write_text("../x")
    assert "cannot be understood" in state()["trouble_with_it"]
    assert "cannot be understood" in start.here("00-start-here").markup


def test_beginning_a_chapter_names_it_in_what_follows():
    start.here("03-how-much-binds")
    assert records.log().write("answer", "Q0301", 1).chapter == "03-how-much-binds"


def test_a_server_that_forgets_says_so_and_offers_the_record(monkeypatch):
    assert 'data-action="take"' not in start.here("00-start-here").markup
    monkeypatch.setenv("BINDER_SERVICE_HOST", "10.0.0.1")
    view = start.here("00-start-here")
    assert "forgets your answers" in view.markup and 'data-action="take"' in view.markup
    records.log().write("answer", "Q0301", 1)
    found = view.respond({"do": "export"})
    assert found["events"] == 1 and [Path(file["name"]).suffix for file in found["files"]] == [".json", ".csv"]
    with pytest.raises(ValueError, match="Run the cell again"):
        view.respond({"do": "anything"})
    assert "button" not in view._repr_mimebundle_()["text/html"]


def test_on_a_hub_the_first_line_says_whose_server_holds_the_answers(monkeypatch):
    assert "stay on this computer" in start.here("00-start-here").markup
    monkeypatch.setenv("JUPYTERHUB_USER", "anna<b>\u202e")
    view = start.here("00-start-here")
    assert "This is the server of <bdi>anna&lt;b&gt;</bdi> on a JupyterHub. It holds your answers" in view.markup
    assert "stay on this computer" not in view.markup
    assert "anna" not in view._repr_mimebundle_()["text/html"], "what is stored is the same for everybody"


def test_that_pseudonyms_lock_nothing_is_said():
    assert "a pseudonym is no password, and anybody who uses this account" in my_record().markup
