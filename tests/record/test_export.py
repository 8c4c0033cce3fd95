"""A record taken along and taken in again: sound statements, harmless tables, nothing counted twice or hostile."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import uuid
from pathlib import Path

import pytest
from course import record as records
from course.learning import export_record, import_record
from course.learning.export import COLUMNS, cell, contents
from course.learning.imports import read_events
from course.learning.statements import EVENT, HOME, statement, statement_id
from course.quiz import bank
from course.quiz.grading import grade
from course.quiz.items import Item, Number, Option, Slot
from course.quiz.kinds import KINDS as KINDS_OF_COURSE
from course.record import Event
from everything_answered import answer_everything
from hypothesis import given, settings
from hypothesis import strategies as st

ADL = re.compile(r"http://adlnet\.gov/expapi/verbs/(answered|completed|responded|interacted|experienced)")
INTERACTIONS = {"long-fill-in", "choice", "true-false", "matching", "sequencing", "numeric", "fill-in", "other"}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty record of its own."""
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def full(home):
    """A record with every kind of event."""
    answer_everything()
    return home


def statements(folder: Path, **options) -> list[dict]:
    return json.loads(
        export_record(folder=folder, **{"pseudonym": "learner", **options}).files[0].read_text(encoding="utf-8")
    )


def empties(value: object) -> list[object]:
    """What a statement may not hold outside of extensions: null, and empty text, lists and objects."""
    if isinstance(value, dict):
        return [found for name, part in value.items() if name != "extensions" for found in empties(part)] + (
            [] if value else [value]
        )
    if isinstance(value, list):
        return [found for part in value for found in empties(part)] + ([] if value else [value])
    return [value] if value is None or value == "" else []


def test_every_statement_keeps_the_musts_of_the_specification(full, tmp_path):
    """xAPI 1.0.3, Data, sections 2.3.2, 2.4.1 to 2.4.7, 4.1 and 4.5."""
    found = statements(tmp_path)
    assert len(found) == len(records.log().events()) > 150
    assert len({one["id"] for one in found}) == len(found)
    for one in found:
        assert set(one) <= {"id", "actor", "verb", "object", "result", "context", "timestamp"}
        assert str(uuid.UUID(one["id"])) == one["id"]
        assert one["actor"] == {"objectType": "Agent", "account": {"homePage": HOME, "name": "learner"}}
        assert ADL.fullmatch(one["verb"]["id"]) and one["verb"]["display"]["en"] == one["verb"]["id"].rpartition("/")[2]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", one["timestamp"])
        activities = [one["object"], *one["context"]["contextActivities"]["parent"]]
        for activity in activities:
            assert activity["objectType"] == "Activity" and re.fullmatch(r"https://[!-~]+", activity["id"])
            assert re.fullmatch(r"https?://[!-~]+", activity["definition"]["type"])
        definition = one["object"]["definition"]
        assert definition.get("interactionType", "other") in INTERACTIONS
        for part in ("choices", "source", "target"):
            ids = [component["id"] for component in definition.get(part, [])]
            assert len(set(ids)) == len(ids)
        result = one.get("result", {})
        assert set(result) <= {"success", "score", "response", "completion", "extensions"}
        assert isinstance(result.get("response", "text"), str) and isinstance(result.get("success", True), bool)
        if "score" in result:
            score = result["score"]
            assert -1 <= score["scaled"] <= 1 and score["min"] <= score["raw"] <= score["max"]
        for extensions in (result.get("extensions", {}), one["context"]["extensions"]):
            assert all(re.fullmatch(r"https://[!-~]+", iri) for iri in extensions)
        assert empties(one) == []
    assert "mbox" not in json.dumps(found)


def test_what_was_answered_stands_in_the_statement(home):
    value = {"answer": 2, "verdict": "right", "try": 2, "sure": 75, "hints": 1, "mode": "practice", "shown": False}
    event = Event("0" * 32, "2026-11-01T08:00:00.000+00:00", "answer", "Q0301", value, "10-final-check")
    made = statement(event, "Anna")
    assert made["result"] == {
        "success": True,
        "score": {"scaled": 1, "raw": 1, "min": 0, "max": 1},
        "response": "2",
        "extensions": {
            f"{HOME}/xapi/sureness-percent": 75,
            f"{HOME}/xapi/hints": 1,
            f"{HOME}/xapi/try": 2,
            f"{HOME}/xapi/mode": "practice",
            f"{HOME}/xapi/shown": False,
        },
    }
    assert made["object"]["definition"]["interactionType"] == "choice"
    assert [one["id"] for one in made["object"]["definition"]["choices"]] == ["0", "1", "2", "3"]
    assert made["context"]["contextActivities"]["parent"][0]["id"].endswith("/chapter/03"), "also in a review"
    partly = statement(Event("1" * 32, event.at, "answer", "Q0303", {"answer": [0, 1], "verdict": "partly"}), "Anna")
    assert partly["result"]["success"] is False and partly["result"]["score"]["scaled"] == 0.5
    assert partly["result"]["response"] == "0[,]1"
    poll = statement(Event("2" * 32, event.at, "poll", "Q0301", {"answer": 0, "mode": "poll"}), "Anna")
    assert not {"success", "score"} & set(poll["result"]), "a poll has no right or wrong"


def made_up(kind: str, options: list[str] = (), slots: list[tuple[str, list[str]]] = ()) -> Item:
    """A question of a kind, with nothing to it but its parts."""
    parts = {name: "" for name in Item.__dataclass_fields__} | {"id": "Q0301", "kind": kind, "stem": "?"}
    parts["options"] = tuple(Option(text, place == 0, "") for place, text in enumerate(options))
    parts["slots"] = tuple(
        Slot(label, tuple(Option(text, place == 0, "") for place, text in enumerate(texts))) for label, texts in slots
    )
    parts["answer"] = Number(0.41, "µM", 0.01, "")
    return Item(**parts)


KINDS = {
    "truth": (
        made_up("truth", slots=[("", ["True", "False"]), ("", ["as one", "as two"])]),
        [1, 0],
        "true-false",
        "false",
        "False; as one",
    ),
    "matching": (
        made_up("matching", slots=[("NMDA", ["gate", "switch"]), ("mu", ["switch", "gate"])]),
        [0, 1],
        "matching",
        "s0[.]t0[,]s1[.]t0",
        "gate; gate",
    ),
    "half matched": (
        made_up("matching", slots=[("NMDA", ["gate", "switch"]), ("mu", ["switch", "gate"])]),
        [None, 0],
        "matching",
        "s1[.]t1",
        "; switch",
    ),
    "ordering": (
        made_up("ordering", options=["first", "second", "third"]),
        [2, 0, 1],
        "sequencing",
        "2[,]0[,]1",
        "third; first; second",
    ),
    "cloze": (
        made_up("cloze", slots=[("1", ["*weak*", "tight"]), ("2", ["gate", "switch"])]),
        [0, 1],
        "fill-in",
        "weak[,]switch",
        "weak; switch",
    ),
    "number": (made_up("number"), "410 nM", "numeric", "0.41", "410 nM"),
    "several": (made_up("several", options=["one", "two"]), [1], "choice", "1", "two"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_has_its_notation(home, monkeypatch, kind):
    item, answer, interaction, response, words = KINDS[kind]
    monkeypatch.setattr("course.quiz.bank.item", lambda item_id: item)
    event = records.log().write("answer", "Q0301", {"answer": answer, "verdict": "right"})
    made = statement(event, "Anna")
    assert made["object"]["definition"]["interactionType"] == interaction
    assert made["result"]["response"] == response
    if kind == "truth":
        assert made["result"]["extensions"] == {f"{HOME}/xapi/reason": "as one"}
    line = next(csv.DictReader(io.StringIO(contents("x")[0]["record-x.csv"].removeprefix("\ufeff"))))
    assert line["answer"] == words


@pytest.mark.parametrize("answer", [99, -1, "text", [99], [None], {"a": 1}, [], 1.5, True, [[1]]])
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_of_another_course_s_shape_is_no_trouble(home, monkeypatch, kind, answer):
    monkeypatch.setattr("course.quiz.bank.item", lambda item_id: KINDS[kind][0])
    records.log().write("answer", "Q0301", {"answer": answer, "verdict": "wrong"})
    assert contents("x")[1] == 1


def test_exporting_twice_gives_the_same_files(full, tmp_path):
    first = {path.name: path.read_bytes() for path in export_record("Anna", tmp_path / "one").files}
    again = {path.name: path.read_bytes() for path in export_record("Anna", tmp_path / "two").files}
    assert first == again
    ids = [one["id"] for one in statements(tmp_path, pseudonym="Anna")]
    others = [one["id"] for one in statements(tmp_path, pseudonym="Berta")]
    assert not set(ids) & set(others), "under another pseudonym they are other statements"
    assert ids == [statement_id(event.id, "Anna") for event in records.log().events()]


def test_the_export_says_which_files_and_leaves_no_others(full, tmp_path):
    export = export_record("Änne =1", tmp_path / "deep")
    assert repr(export) == f"Export({export.files[0].name}, {export.files[1].name})"
    assert sorted(path.name for path in (tmp_path / "deep").iterdir()) == sorted(path.name for path in export.files)
    assert re.fullmatch(r"record-anne-1-[0-9a-f]{10}\.xapi\.json", export.files[0].name)
    assert [path.name for path in export_record("learner", tmp_path).files] == [
        "record-learner.xapi.json",
        "record-learner.csv",
    ]


def test_downloads_or_the_record_s_own_folder(home, tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_downloads_path", lambda: tmp_path / "Downloads")
    assert export_record("Anna").files[0].parent == home
    (tmp_path / "Downloads").mkdir()
    assert export_record().files[0].parent == tmp_path / "Downloads"


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_half_there(full, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ValueError, match="cannot be written.*folder="):
        export_record("x", tmp_path / "file")
    before = [path.read_bytes() for path in export_record("x", tmp_path).files]
    records.log().write("answer", "Q0301", 1)

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full_disk)
    with pytest.raises(ValueError, match="No space left"):
        export_record("x", tmp_path)
    assert [(tmp_path / name).read_bytes() for name in ("record-x.xapi.json", "record-x.csv")] == before
    assert not list(tmp_path.glob(".record-*"))


@pytest.mark.parametrize("name", ["", "x" * 1_000_000, "a\x00", None])
def test_a_pseudonym_that_cannot_be_shown_is_refused(home, tmp_path, name):
    with pytest.raises(ValueError, match="pseudonym"):
        export_record(name, tmp_path)
    assert list(tmp_path.glob("record-*")) == []


def test_the_table_can_be_read_by_a_person(full, tmp_path):
    text = export_record("Anna", tmp_path).files[1].read_bytes().decode("utf-8")
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert text.startswith("\ufeff") and tuple(lines[0]) == COLUMNS
    assert len(lines) == len(records.log().events())
    by_subject = {(line["subject"], line["what"]): line for line in lines}
    question = by_subject["Q0302", "answer"]
    assert question["verdict"] in ("right", "partly", "wrong") and question["counts"] == "yes"
    assert by_subject["Q0303", "answer"]["counts"] == "no" == by_subject["Q0303", "reset"]["counts"]
    assert by_subject["Q0304", "answer, taken back"]["answer"] == ""
    assert by_subject["occupancy", "prediction"]["answer"] == "51; 3"


@given(
    st.text(max_size=20)
    | st.builds(str.__add__, st.sampled_from(["=", "+", "-", "@", "\t=", "＝", " =", "\r@"]), st.text())
)
def test_no_cell_is_taken_for_a_formula(text):
    made = cell(text)
    assert not re.match(r"\s*[=+\-@＝＋－＠]", made) and not re.search(r"[\x00-\x1f\x7f]", made)


@pytest.mark.parametrize("sign", list("=+-@\u2212") + ["\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe62", "\u207a"])
@pytest.mark.parametrize(
    "before", ["", "p;", "p, ", "p|", "p\t", "\u200b", "\ufeff", "\u2060\u00ad", "\u3164", "p;\u200e", 'p;"']
)
def test_no_sign_begins_a_cell_after_what_ends_a_cell_or_shows_nothing(sign, before):
    made = cell(f"{before}{sign}1+1")
    assert f"'{sign}1+1" in made or re.search(r"'[^0-9A-Za-z]*" + re.escape(sign), made), made
    assert cell("2026-11-01T08:00:00.000+00:00") == "2026-11-01T08:00:00.000+00:00" and cell("a+b = c") == "a+b = c"


def test_another_machine_s_record_is_merged_and_counted_once(home, tmp_path, monkeypatch):
    answer_everything()
    theirs = set(map(repr, records.log().events()))
    export = export_record("Anna", tmp_path / "out")
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "other"))
    own = records.log().write("answer", "Q0301", 1)
    with pytest.raises(ValueError, match="is the record of “Anna”, and the record in use is without a pseudonym"):
        import_record(export.files[0])
    assert records.log().events() == [own], "nothing was taken in"
    assert repr(import_record(export.files[0], anyone=True)) == f"Import({len(theirs)} new, 0 known)"
    assert set(map(repr, records.log().events())) == theirs | {repr(own)}
    again = import_record(str(export.files[0]))
    assert (again.new, again.known) == (0, len(theirs))
    database = import_record(home / "learner.sqlite3")
    assert (database.new, database.known) == (0, len(theirs)), "the file itself holds the same"
    back = export_record("Berta", tmp_path / "back").files[0]
    monkeypatch.setenv("COURSE_HOME", str(home))
    assert import_record(back).new == 1
    assert set(map(repr, records.log().events())) == theirs | {repr(own)}, "the other way round gives the same"


def test_one_person_s_record_refuses_another_s_export_unless_told(home, tmp_path, monkeypatch):
    """Each with the same question answered, as five people of a class are."""
    files = {}
    for name in ("Anna", "Berta", "Chris"):
        monkeypatch.setenv("COURSE_HOME", str(tmp_path / name))
        records.log().write("answer", "Q0301", {"answer": 0, "verdict": "wrong"})
        files[name] = export_record(name, tmp_path).files[0]
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "new machine"))
    assert import_record(files["Anna"]).new == 1, "an empty record takes anybody's"
    assert records.log().known_as == "Anna"
    whose = (
        "record-berta-.* is the record of “Berta”, and the record in use is that of “Anna”. For another person, begin "
        r"a record of that name first \(chapter 00, “Share this computer”\). To put it into this record all the same: "
        r'learning.import_record\("path of the file", anyone=True\)\.'
    )
    with pytest.raises(ValueError, match=whose):
        import_record(files["Berta"])
    assert len(records.log().events()) == 1
    records.begin("Berta")
    assert import_record(files["Berta"]).new == 1
    with pytest.raises(ValueError, match="that of “Berta”"):
        import_record(files["Anna"])
    both = json.loads(files["Anna"].read_text()) + json.loads(files["Chris"].read_text())
    (tmp_path / "both.json").write_text(json.dumps(both))
    records.begin("nobody yet")
    with pytest.raises(ValueError, match="both.json holds the work of 2 people: “Anna”, “Chris”. To put it"):
        import_record(tmp_path / "both.json")
    assert import_record(tmp_path / "both.json", anyone=True).new == 2


def test_a_record_goes_on_under_its_name_and_takes_its_own_back(home, tmp_path, monkeypatch):
    records.log().write("answer", "Q0301", {"answer": 0, "verdict": "wrong"})
    with pytest.raises(ValueError, match="Under which pseudonym"):
        export_record(folder=tmp_path)
    first = export_record("blue heron", tmp_path).files[0]
    assert [path.name for path in export_record(folder=tmp_path).files] == [
        path.name for path in export_record("blue heron", tmp_path).files
    ]
    other = export_record("red fox", tmp_path).files[0]
    assert import_record(first).known == import_record(other).known == 1, "her own, whatever she was called"
    assert records.log().known_as == "red fox"
    assert import_record(home / "learner.sqlite3").known == 1


def test_an_export_of_an_earlier_version_is_taken_in(home, tmp_path):
    event = Event("a" * 32, "2026-11-01T08:00:00.000+00:00", "answer", "Q0301", {"answer": 0, "verdict": "wrong"})
    old = {**statement(event, "Anna"), "id": statement_id(event.id)}
    (tmp_path / "old.json").write_text(json.dumps([old]))
    assert import_record(tmp_path / "old.json").new == 1
    (tmp_path / "odd.json").write_text(json.dumps([{**old, "id": statement_id(event.id, "Berta")}]))
    with pytest.raises(ValueError, match="its id does not belong to its event"):
        import_record(tmp_path / "odd.json")


def test_form_points_and_the_right_answer_are_carried(full, tmp_path):
    export = export_record("Anna", tmp_path)
    every = {
        one["context"]["extensions"][EVENT]["id"]: one
        for one in json.loads(export.files[0].read_text(encoding="utf-8"))
    }
    table = export.files[1].read_text(encoding="utf-8-sig")
    lines = {line["event"]: line for line in csv.DictReader(io.StringIO(table, newline=""))}
    seen = set()
    for found in bank.banks():
        for item in found.items:
            made = [one for one in every.values() if one["object"]["id"].endswith(f"/item/{item.id}")]
            event = next(one for one in made if one["context"]["extensions"][EVENT]["kind"] == "answer")
            line = lines[event["context"]["extensions"][EVENT]["id"]]
            assert event["context"]["extensions"].get(f"{HOME}/xapi/form", "") == found.form == line["form"]
            definition = event["object"]["definition"]
            kind = KINDS_OF_COURSE[item.kind]
            if kind.right_answer(item) is None:
                assert "correctResponsesPattern" not in definition
                continue
            (pattern,) = definition["correctResponsesPattern"]
            assert grade(item, kind.right_answer(item)).right, item.id
            if item.kind == "number":
                low, high = map(float, pattern.split("[:]"))
                assert low <= item.quantity.value <= high
            else:
                assert pattern == kind.response(item, kind.right_answer(item))
                ids = {one["id"] for name in ("choices", "source", "target") for one in definition.get(name, [])}
                assert not ids or set(re.split(r"\[[,.]\]", pattern)) <= ids
            assert line["points"] in ("0", "0.5", "1") and line["right_answer"] == cell(kind.key(item))
            assert float(line["points"]) == event["result"]["score"]["raw"] and event["result"]["score"]["max"] == 1
            seen.add(item.kind)
    assert len(seen) >= 7


def test_a_database_of_version_one_is_taken_in(home, tmp_path):
    path = tmp_path / "old.sqlite3"
    with sqlite3.connect(path) as database:
        database.executescript(
            "CREATE TABLE events (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT, at TEXT, kind TEXT, subject TEXT,"
            "value TEXT); PRAGMA user_version = 1; INSERT INTO events (id, at, kind, subject, value) VALUES"
            "('0123456789abcdef0123456789abcdef', '2026-11-01T08:00:00.000+00:00', 'guess', 'occupancy', '[51]')"
        )
    assert import_record(path).new == 1
    assert records.log().events()[0].value == [51]


def test_an_export_of_any_size_is_taken_in_again(home, tmp_path, monkeypatch):
    """Read in pieces that are smaller than one statement; neither size nor number is limited."""
    records.log().write_many([("answer", f"Q{place:04}", {"answer": "ä" * (place % 50)}) for place in range(3000)])
    export = export_record("Anna", tmp_path)
    events = records.log().events()
    monkeypatch.setattr("course.learning.imports.PIECE", 997)
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "other"))
    assert repr(import_record(export.files[0])) == "Import(3000 new, 0 known)"
    assert records.log().events() == events


def test_a_record_that_no_page_can_carry_is_written_and_told(home, tmp_path, monkeypatch):
    from course.learning import my_record

    monkeypatch.setattr("course.learning.record.LARGEST_IN_PAGE", 10_000)
    monkeypatch.setattr("platformdirs.user_downloads_path", lambda: tmp_path)
    records.log().write_many([("answer", f"Q{place:04}", 1) for place in range(50)])
    found = my_record().respond({"do": "export", "pseudonym": "Anna"})
    assert found["files"] == [] and "The record is too large for a page: take the files from there" in found["said"]
    assert (tmp_path / "record-anna-bf4fccd616.csv").exists()


def test_a_value_that_is_too_long_is_left_out_and_said(home, tmp_path):
    records.log().write("answer", "Q0301", {"answer": "x" * 1_000_000})
    kept = records.log().write("answer", "Q0301", {"answer": "short"})
    export = export_record("Anna", tmp_path)
    assert (export.events, export.left_out) == (1, 1)
    assert [event.id for event in read_events("x", export.files[0].read_bytes())] == [kept.id]


# Hostile files

GOOD = Event("0" * 32, "2026-11-01T08:00:00.000+00:00", "answer", "Q0301", {"answer": 1}, "03-how-much-binds")


def with_event(**changes) -> dict:
    """A statement whose event has other parts."""
    made = json.loads(json.dumps(statement(GOOD, "Anna")))
    parts = made["context"]["extensions"][EVENT]
    parts.update(changes)
    if isinstance(parts["id"], str):
        made["id"] = statement_id(parts["id"].encode("utf-8", "replace").decode())
    return made


def deep(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


FIRST = statement(Event("1" * 32, GOOD.at, "answer", "Q0302", 1), "Anna")
BAD_EVENTS = {
    "id is a number": with_event(id=7),
    "id is a path": with_event(id="../../etc/passwd"),
    "id is long": with_event(id="0" * 1_000_000),
    "no date": with_event(at=None),
    "other date": with_event(at="2026-11-01"),
    "13th month": with_event(at="2026-13-01T08:00:00.000+00:00"),
    "id of half characters": with_event(id="\ud800" * 32),
    "date in markup": with_event(at="<b>2026</b>"),
    "kind is a list": with_event(kind=["answer"]),
    "kind in capitals": with_event(kind="ANSWER; DROP TABLE events"),
    "subject of 1 MB": with_event(subject="Q" * 1_000_000),
    "subject with nulls": with_event(subject="Q\x000301"),
    "subject with a lone surrogate": with_event(subject="\ud800"),
    "no subject": with_event(subject=""),
    "subject is a mapping": with_event(subject={}),
    "value of 1 MB": with_event(value="x" * 1_000_000),
    "value too deep": with_event(value=deep(50)),
    "value with broken text": with_event(value=["\udfff"]),
    "value is huge": with_event(value=10**400),
    "chapter is a number": with_event(chapter=3),
    "another part": with_event(extra=1),
    "no event": {"id": statement_id(GOOD.id)},
    "id of another": {**with_event(), "id": statement_id("1" * 32)},
    "twice": FIRST,
    "text": "statement",
    "null": None,
    "list": [],
    "extensions is a list": {"context": {"extensions": [EVENT]}},
}


@pytest.mark.parametrize("name", BAD_EVENTS)
def test_a_bad_statement_is_named_and_nothing_is_taken_in(home, tmp_path, name):
    path = tmp_path / "from elsewhere.xapi.json"
    path.write_text(json.dumps([FIRST, BAD_EVENTS[name]]))
    refused(path, r"from elsewhere\.xapi\.json, statement 2: .*(Export the record again|Set the clock)")


def refused(path: Path, pattern: str) -> None:
    """The file is refused in words without a trace of Python, and the record stays as it was."""
    own = records.log().write("answer", "Q0301", 1)
    before = records.log().path.read_bytes()
    with pytest.raises(ValueError, match=pattern) as problem:
        import_record(path)
    said = str(problem.value)
    assert len(said) < 500 and "Traceback" not in said and not re.search(r"[\x00-\x08<>]", said)
    assert records.log().path.read_bytes() == before and own in records.log().events()


BAD_FILES = {
    "empty": b"",
    "text": b"hello",
    "page": b"<html><script>alert(1)</script></html>",
    "truncated": json.dumps([FIRST]).encode()[:-40],
    "not UTF-8": b"[\xff\xfe]",
    "UTF-16": json.dumps([FIRST]).encode("utf-16"),
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "not a number": json.dumps([with_event(value="?")]).replace('"?"', "NaN").encode(),
    "infinity": json.dumps([with_event(value="?")]).replace('"?"', "-Infinity").encode(),
    "one statement": json.dumps(FIRST).encode(),
    "a number": b"7",
    "many digits": b"[" + b"9" * 1_000_000 + b"]",
    "half a database": b"SQLite format 3\x00" + b"\x00" * 50,
    "rubbish after the name": b"SQLite format 3\x00" + bytes(range(256)) * 40,
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_record_is_refused_in_words(home, tmp_path, name):
    path = tmp_path / "from elsewhere.json"
    path.write_bytes(BAD_FILES[name])
    refused(path, r"from elsewhere\.json.*Export the record again")


def test_an_infinite_number_is_refused(home, tmp_path):
    path = tmp_path / "x.json"
    path.write_text(json.dumps([with_event(value="?")]).replace('"?"', "1e999"))
    refused(path, "statement 1: its value")


def database(path: Path, script: str) -> Path:
    with sqlite3.connect(path) as opened:
        opened.executescript(script)
    opened.close()
    return path


TABLE = (
    "CREATE TABLE events (place INTEGER PRIMARY KEY, id, at, kind, subject, value, chapter); PRAGMA user_version = 2;"
)
ROW = "INSERT INTO events VALUES (1, '{id}', '2026-11-01T08:00:00.000+00:00', 'answer', 'Q0301', {value}, '');"
BAD_DATABASES = {
    "another one": ("CREATE TABLE recipes (name TEXT)", "no record of this course"),
    "events of others": ("CREATE TABLE events (a, b); PRAGMA user_version = 2", "no record of this course"),
    "another table beside": (TABLE + "CREATE TABLE more (x)", "no record of this course"),
    "a view": ("CREATE VIEW events AS SELECT 1 AS place; PRAGMA user_version = 2", "no record of this course"),
    "worked-out columns": (
        "CREATE TABLE events (place INTEGER PRIMARY KEY, id, at, kind, subject, chapter,"
        "value AS (hex(zeroblob(900000000)))); PRAGMA user_version = 2",
        "no record of this course",
    ),
    "newer": (TABLE + "PRAGMA user_version = 99", "newer version"),
    "a blob": (TABLE + ROW.format(id="0" * 32, value="x'00ff'"), "event 1: its value"),
    "1 MB": (TABLE + ROW.format(id="0" * 32, value="'\"' || hex(zeroblob(400000)) || '\"'"), "event 1: its value"),
    "no JSON": (TABLE + ROW.format(id="0" * 32, value="'{'"), "event 1: its value"),
    "wrong id": (TABLE + ROW.format(id="x", value="'1'"), "event 1: its id"),
    "endless": (TABLE + ROW.format(id="0" * 32, value="NULL"), "event 1: its value"),
}


@pytest.mark.parametrize("name", BAD_DATABASES)
def test_a_database_that_is_no_record_is_refused_in_words(home, tmp_path, name):
    script, pattern = BAD_DATABASES[name]
    refused(database(tmp_path / "other.sqlite3", script), pattern)


def test_what_is_no_file_is_refused(home, tmp_path):
    good = export_record("Anna", tmp_path).files
    (tmp_path / "link.json").symlink_to(good[0])
    refused(tmp_path / "link.json", "is a link")
    refused(tmp_path, "is a folder")
    refused(tmp_path / "missing.json", "There is no file missing.json")
    refused(good[1], "Take the .xapi.json file beside it")
    os.mkfifo(tmp_path / "pipe")
    refused(tmp_path / "pipe", "is a folder or a device")
    (tmp_path / "busy.sqlite3-journal").touch()
    (tmp_path / "busy.sqlite3").touch()
    refused(tmp_path / "busy.sqlite3", "being written just now")


def test_a_record_that_cannot_be_written_takes_nothing_in(home, tmp_path):
    export = export_record("Anna", tmp_path)
    with sqlite3.connect(records.file()) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(ValueError, match=r"made by a newer version .* Nothing was taken in\.$"):
        import_record(export.files[0])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PARTS = st.sampled_from(["id", "at", "kind", "subject", "value", "chapter"])


@settings(max_examples=120)
@given(st.dictionaries(PARTS, JSON, max_size=3), st.sampled_from(["x.json", "\x00<b>.json", "../../x"]))
def test_whatever_the_parts_are_they_are_read_or_refused_in_words(changes, name):
    try:
        (event,) = read_events(name, json.dumps([with_event(**changes)]).encode())
    except ValueError as problem:
        assert type(problem) is ValueError and len(str(problem)) < 500
    else:
        assert event.subject and re.fullmatch("[0-9a-f]{32}", event.id)


@settings(max_examples=120)
@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(data):
    try:
        assert read_events("x", data) == [] == json.loads(data)
    except ValueError as problem:
        assert type(problem) is ValueError and "x" in str(problem)


@settings(max_examples=300)
@given(st.integers(0, 5000), st.integers(0, 255), st.integers(0, 5000))
def test_a_damaged_database_is_read_or_refused_in_words(tmp_path_factory, at, byte, end):
    path = tmp_path_factory.getbasetemp() / "sound.sqlite3"
    if not path.exists():
        records.Log(path).merge([GOOD])
    data = bytearray(path.read_bytes())
    data[at % len(data)] = byte
    try:
        assert len(read_events("x", bytes(data[: len(data) - (end if end % 3 == 0 else 0)]))) <= 1
    except ValueError as problem:
        assert type(problem) is ValueError and "x" in str(problem)
