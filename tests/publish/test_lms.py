"""The questions for learning management systems: whole, the same every time, and honest about what they lose."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import pytest
from course.chapters.progress import Progress
from course.publish.lms import build as building
from course.publish.lms import gift, moodle, qti12, qti21, table
from course.publish.lms.entries import Category, Entry, NotExpressible, entries
from course.quiz import bank
from course.quiz.items import Option
from course.quiz.kinds import KINDS
from course.quiz.words import plain

EVERY_KIND = Path(__file__).parents[1] / "every_kind" / "05-scheduling.yaml"
FILES = {"moodle.xml", "questions.gift", "canvas-qti-1.2.zip", "qti-2.1.zip", "questions.csv", "report.md"}
Q2 = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
Q1 = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"


class Heard(Progress):
    """Keeps what is said, and counts the steps."""

    def __init__(self):
        super().__init__(io.StringIO())
        self.lines, self.expected, self.done = [], 0, 0

    def expect(self, steps):
        self.expected += steps

    def step(self, what):
        self.done += 1

    def say(self, line):
        self.lines.append(line)


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """The course's own bank in every format, and what was said."""
    folder, heard = tmp_path_factory.mktemp("export"), Heard()
    assert building.build(folder, heard) == 0
    return folder, heard


@pytest.fixture(scope="module")
def of_kind():
    """One question of every kind."""
    items = bank.load(EVERY_KIND).items
    found = {item.kind: Entry(item, Category("05-scheduling", "05 Scheduling", item.level, "")) for item in items}
    assert set(found) <= set(KINDS) and len(found) >= 7
    return found


def changed(entry: Entry, **parts) -> Entry:
    return dataclasses.replace(entry, item=dataclasses.replace(entry.item, **parts))


def inside(folder: Path, name: str) -> dict[str, str]:
    with zipfile.ZipFile(folder / name) as archive:
        assert archive.testzip() is None
        return {path: archive.read(path).decode("utf-8") for path in archive.namelist()}


def test_every_question_is_in_every_format_or_named_as_left_out(out):
    folder, heard = out
    assert {path.name for path in folder.iterdir()} == FILES
    known = {item_id for one in bank.banks() for item_id in one.raw_items}
    texts = {
        "Moodle XML": (folder / "moodle.xml").read_text(encoding="utf-8"),
        "GIFT": (folder / "questions.gift").read_text(encoding="utf-8"),
        "QTI 1.2 (Canvas)": "".join(inside(folder, "canvas-qti-1.2.zip").values()),
        "QTI 2.1": "".join(inside(folder, "qti-2.1.zip").values()),
        "Table (CSV)": (folder / "questions.csv").read_text(encoding="utf-8"),
    }
    ids = {
        "Moodle XML": r"<idnumber>(\w+)</idnumber>",
        "GIFT": r"(?m)^::(\w+) ",
        "QTI 1.2 (Canvas)": r'<item ident="(\w+)"',
        "QTI 2.1": r'<assessmentItem [^>]*?identifier="(\w+)"',
        "Table (CSV)": r"(?m)^(Q\w+),",
    }
    report = (folder / "report.md").read_text(encoding="utf-8")
    for name, text in texts.items():
        found = re.findall(ids[name], text)
        left = set(re.findall(rf"(?m)^\| (\w+) \| \w+ \| [\w-]+ \| {re.escape(name)} \| left out \|", report))
        assert len(found) == len(set(found)) and set(found) | left == known and not set(found) & left, name
    assert heard.done == heard.expected == len(known) * len(building.FORMATS)
    assert any(line.startswith(f"Moodle XML: {len(known)} questions, ") for line in heard.lines)
    assert heard.lines[-1].endswith("use them to learn, not to grade.")


def test_the_same_bytes_every_time(out, tmp_path):
    folder, _ = out
    assert building.build(tmp_path, Heard()) == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_categories_are_chapters_and_levels(out):
    folder, _ = out
    paths = re.findall(r"<text>\$course\$/top/(.+?)</text>", (folder / "moodle.xml").read_text(encoding="utf-8"))
    wanted = list(dict.fromkeys("/".join(entry.category.path) for entry in entries()))
    assert paths == [path.replace("&", "&amp;") for path in wanted] and len(paths) > 15
    assert all(re.fullmatch(r"Is Ketamine an Opioid\?/\d\d [^/]+/(Core|Deeper)", path) for path in paths)
    assert re.findall(r"(?m)^\$CATEGORY: \$course\$/top/(.+)$", (folder / "questions.gift").read_text()) == wanted
    assert sum("form A" in path or "form B" in path for path in paths) == 4
    quizzes = inside(folder, "canvas-qti-1.2.zip")
    assert len(quizzes) == len(wanted) + 1 and "imsmanifest.xml" in quizzes


def texts_after(entry: Entry) -> list[str]:
    """What the course says after an answer to a question: all of it has to stand in a file."""
    item = entry.item
    return [plain(item.why), *(plain(option.feedback) for option in (*item.options, *item.traps))] + [
        plain(option.feedback) for slot in item.slots for option in slot.options
    ]


def words(text: str) -> str:
    """A text without marks, so that formats can be compared."""
    for mark, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&#39;", "'"), ("&#34;", '"'), ("&quot;", '"')):
        text = text.replace(mark, sign)
    text = re.sub(r"<[^>]*>", "", re.sub(r"\\([^\w\s])", r"\1", text))
    return re.sub(r"[\s\u00a0]+", " ", text.replace("’", "'"))


def test_feedback_is_kept_in_every_format(of_kind):
    for entry in of_kind.values():
        for format in (moodle, gift, qti12, qti21, table):
            written = words(words(format.write(entry).text))
            lost = [said for said in texts_after(entry) if said and words(said) not in written]
            if entry.item.kind == "truth" and format in (gift, table):
                # As one choice of both, what is said to a right first part stands where the reason is wrong.
                lost = [said for said in lost if said != plain(entry.item.slots[0].options[0].feedback)]
            if format is table:
                lost = [said for said in lost if any(said == one.feedback for one in wrong_options(entry))]
            assert lost == [], (entry.id, format.__name__)


def wrong_options(entry: Entry) -> list[Option]:
    each = [*entry.item.options, *(option for slot in entry.item.slots for option in slot.options)]
    return [option for option in each if not option.right]


def test_moodle_has_each_kind_as_a_type_of_its_own(of_kind):
    wanted = {
        "single": "multichoice",
        "several": "multichoice",
        "truth": "cloze",
        "number": "numerical",
        "matching": "matching",
        "ordering": "ordering",
        "cloze": "cloze",
    }
    found = {
        kind: ElementTree.fromstring(moodle.write(entry).text) for kind, entry in of_kind.items() if kind in wanted
    }
    assert {kind: one.get("type") for kind, one in found.items()} == wanted
    assert all(moodle.write(entry).changed == "" for kind, entry in of_kind.items() if kind in wanted)
    single = [(one.findtext("text"), one.get("fraction")) for one in found["single"].iter("answer")]
    assert single == [("Schedule I", "100"), ("Schedule III", "0"), ("Schedule V", "0")]
    assert [one.get("fraction") for one in found["several"].iter("answer")] == ["50", "-50", "50", "-50"]
    assert [one.findtext("text") for one in found["single"].iter("hint")] == [
        "Only one list goes without it.",
        "It is the strictest of the five.",
    ]
    truth = found["truth"].findtext("questiontext/text")
    assert re.findall(r"\{1:(\w+):", truth) == ["MULTICHOICE", "MCV"]
    assert "=False#A list gathers findings, and these can be alike in drugs of other families." in truth
    pairs = [(one.findtext("text"), one.findtext("answer/text")) for one in found["matching"].iter("subquestion")]
    assert ("No accepted medical use", "Schedule I") in pairs and ("", "A list for alcohol") in pairs
    assert [one.findtext("text") for one in found["ordering"].iter("answer")] == [
        "Schedule I",
        "Schedule II",
        "Schedule III",
        "Schedule IV",
    ]
    number = [
        (one.findtext("text"), one.get("fraction"), one.findtext("tolerance")) for one in found["number"].iter("answer")
    ]
    assert number == [("50.00779498", "100", "2"), ("100", "0", "2")]
    units = [(one.findtext("unit_name"), one.findtext("multiplier")) for one in found["number"].iter("unit")]
    assert units[0] == ("%", "1") and ("percent", "1") in units
    assert "Cupboard" not in truth and "One cupboard." in found["matching"].findtext("questiontext/text")


def test_a_concentration_may_be_written_in_any_of_its_units(of_kind):
    entry = of_kind["number"]
    made = changed(entry, answer=dataclasses.replace(entry.item.answer, value=0.41, unit="µM", tolerance=0.01))
    found = ElementTree.fromstring(moodle.write(made).text)
    units = {one.findtext("unit_name"): float(one.findtext("multiplier")) for one in found.iter("unit")}
    assert units["µM"] == 1 and units["nM"] == 1000 and units["mM"] == 0.001


NASTY = '50 % {of} ~all~ = # : \\ / [1] <b>&"it\'s" -> $x$'


@pytest.mark.parametrize("format", [moodle, gift, qti12, qti21, table], ids=lambda one: one.__name__.rpartition(".")[2])
def test_signs_that_mean_something_to_a_format_stay_text(of_kind, format):
    for kind, entry in of_kind.items():
        item = entry.item
        options = tuple(dataclasses.replace(one, text=f"{one.text} {NASTY}", feedback=NASTY) for one in item.options)
        slots = tuple(
            dataclasses.replace(
                slot,
                options=tuple(
                    dataclasses.replace(one, text=f"{one.text} {NASTY}", feedback=NASTY) for one in slot.options
                ),
            )
            for slot in item.slots
        )
        made = changed(entry, stem=f"{item.stem} {NASTY}", options=options, slots=slots, why=NASTY)
        text = format.write(made).text
        if format in (moodle, qti12, qti21):
            ElementTree.fromstring(text)
        if format is gift:
            body = re.sub(r"\\.", "", text)
            assert body.count("{") == body.count("}") == 1, kind
            assert "####" in body
            assert kind not in gift.WRITERS or len(re.findall(r"(?m)^[=~]", body)) >= 2
        if format is moodle and kind in ("truth", "cloze"):
            cloze = ElementTree.fromstring(text).findtext("questiontext/text")
            gaps = re.findall(r"\{1:\w+:(?:\\.|[^\\}])*\}", cloze)
            assert len(gaps) == len(item.slots)
            assert re.sub(r"\{1:\w+:(?:\\.|[^\\}])*\}", "", cloze).count("{") == 0
            for gap, slot in zip(gaps, item.slots, strict=True):
                assert len(re.findall(r"(?<!\\)~", gap)) == len(slot.options) - 1
                assert len(re.findall(r"(?<!\\)#", gap)) == len(slot.options), gap
        if format is qti12 and kind in ("truth", "cloze"):
            stem = ElementTree.fromstring(text).findtext("presentation/material/mattext")
            assert re.findall(r"\[(\w+)\]", stem) == [f"gap{at}" for at in range(1, len(item.slots) + 1)]


def test_a_table_begins_no_formula(of_kind):
    evil = changed(of_kind["single"], stem='=HYPERLINK("https://evil.example";"x")', why="+1+1")
    row = next(csv.reader(io.StringIO(table.write(evil).text)))
    assert row[table.COLUMNS.index("question")].startswith("'=") and row[table.COLUMNS.index("why")] == "'+1+1"


def test_gift_says_what_it_cannot_do(of_kind):
    assert gift.write(of_kind["truth"]).changed == "true or false and its reason as one choice of both"
    assert gift.write(of_kind["ordering"]).changed == "places to match with steps"
    short = changed(of_kind["matching"], slots=of_kind["matching"].item.slots[:2])
    assert gift.write(short).changed == gift.write(of_kind["cloze"]).changed == "its two parts as one choice of both"
    assert gift.write(short).text.count("\n~%50%") == 6 and gift.write(short).text.count("\n=") == 1
    alone = changed(of_kind["matching"], slots=of_kind["matching"].item.slots[:1])
    with pytest.raises(NotExpressible, match="GIFT matches 3 lines or more, and it has too few"):
        gift.write(alone)
    options = re.findall(r"(?m)^(=|~(?:%[\d.]+%)?)\[html\](True|False), because", gift.write(of_kind["truth"]).text)
    assert options == [("~", "True")] * 3 + [("=", "False")] + [("~%50%", "False")] * 2


def test_pictures_and_formulas_are_reported(of_kind, monkeypatch, tmp_path):
    item = of_kind["single"].item
    for stem, told in (
        ("Look: ![a curve](curve.png)", "a picture in it stands as text"),
        ("What is $C/(C+K_i)$?", "a formula in it stands as text"),
        ("![x](y.png) and \\(a\\)", "a picture and a formula in it stand as text"),
    ):
        made = changed(of_kind["single"], raw={**item.raw, "stem": stem}, stem=stem)
        assert made.stands_as_text == told
        monkeypatch.setattr(building, "entries", lambda made=made: [made])
        heard = Heard()
        assert building.build(tmp_path, heard) == 0
        assert f"  changed, {told}: 1" in heard.lines
        assert (
            f"| {item.id} | single | 05-scheduling | QTI 2.1 | changed | {told} |"
            in (tmp_path / "report.md").read_text()
        )
    assert [entry.id for entry in entries() if entry.stands_as_text] == [], "the course's own have none"


def test_a_kind_that_a_format_does_not_know_becomes_an_open_question(of_kind, monkeypatch):
    for format, told in (
        (moodle, "as an open question, with the key for whoever grades it"),
        (gift, "as an open question; the key stands in what is said afterward"),
        (qti12, "as an open question, with the key in what is said afterward"),
        (qti21, "as an open question, with the key in what is said afterward"),
    ):
        monkeypatch.delitem(format.WRITERS, "single")
        made = format.write(of_kind["single"])
        assert made.changed == told and "A. Schedule I" in words(words(made.text)), format.__name__


def points(xml: str, given: dict[str, list[str]]) -> float:
    """What the rules of a QTI 2.1 item give for an answer: an interpreter of those that are used here."""
    root = ElementTree.fromstring(xml)
    right = {
        one.get("identifier"): [value.text for value in one.iter(f"{Q2}value")]
        for one in root.iter(f"{Q2}responseDeclaration")
    }

    def worth(node):
        name, children = node.tag.removeprefix(Q2), list(node)
        if name == "variable":
            return given.get(node.get("identifier"), [])
        if name == "correct":
            return right[node.get("identifier")]
        if name == "baseValue":
            return [node.text]
        if name == "mapResponse":
            chosen = given.get(node.get("identifier"), [])
            entries = {one.get("mapKey"): float(one.get("mappedValue")) for one in root.iter(f"{Q2}mapEntry")}
            return [sum(entries[one] for one in chosen)]
        if name == "index":
            values = worth(children[0])
            return values[int(node.get("n")) - 1 : int(node.get("n"))]
        each = [worth(child) for child in children]
        if name == "match":
            ordered = all("o0" in value for value in each) and len(each[0]) == 4
            return each[0] == each[1] if ordered else sorted(each[0]) == sorted(each[1])
        if name == "member":
            return each[0][0] in each[1]
        if name in ("gt", "gte", "lte"):
            one, other = float(each[0][0]), float(each[1][0])
            return {"gt": one > other, "gte": one >= other, "lte": one <= other}[name]
        return {"and": all, "or": any}[name](each)

    for branch in root.find(f"{Q2}responseProcessing/{Q2}responseCondition"):
        condition = branch[0] if branch.tag != f"{Q2}responseElse" else None
        if condition is None or worth(condition):
            return float(branch.find(f"{Q2}setOutcomeValue/{Q2}baseValue").text)
    raise AssertionError("no branch was taken")


def test_qti_gives_the_points_of_the_course(of_kind):
    def given(kind, **answer):
        return points(qti21.write(of_kind[kind]).text, answer)

    assert [given("single", RESPONSE=[f"o{at}"]) for at in range(3)] == [1, 0, 0]
    assert given("several", RESPONSE=["o2", "o0"]) == 1 and given("several", RESPONSE=["o1"]) == 0
    assert given("several", RESPONSE=["o0"]) == 0.5
    assert given("several", RESPONSE=["o0", "o1"]) == 0, "no more of it fits than not"
    assert given("several", RESPONSE=["o0", "o1", "o2"]) == 0.5
    assert given("truth", RESPONSE1=["s0o1"], RESPONSE2=["s1o0"]) == 1
    assert given("truth", RESPONSE1=["s0o1"], RESPONSE2=["s1o2"]) == 0.5
    assert given("truth", RESPONSE1=["s0o0"], RESPONSE2=["s1o0"]) == 0, "as in the course"
    assert given("matching", RESPONSE=["s0 t0", "s1 t2", "s2 t1"]) == 1
    assert given("matching", RESPONSE=["s0 t0", "s1 t1", "s2 t2"]) == 0.5
    assert given("matching", RESPONSE=["s0 t3", "s1 t3", "s2 t3"]) == 0
    assert given("ordering", RESPONSE=["o0", "o1", "o2", "o3"]) == 1
    assert given("ordering", RESPONSE=["o0", "o1", "o3", "o2"]) == 0.5
    assert given("ordering", RESPONSE=["o1", "o0", "o3", "o2"]) == 0
    assert given("cloze", RESPONSE1=["g1o1"], RESPONSE2=["g2o0"]) == 1
    assert given("cloze", RESPONSE1=["g1o1"], RESPONSE2=["g2o2"]) == 0.5
    assert [given("number", RESPONSE=[str(value)]) for value in (50, 48.1, 52, 47.9, 52.1, 100)] == [1, 1, 1, 0, 0, 0]


def test_the_packages_name_all_that_they_hold(out):
    folder, _ = out
    for name in ("canvas-qti-1.2.zip", "qti-2.1.zip"):
        files = inside(folder, name)
        manifest = ElementTree.fromstring(files["imsmanifest.xml"])
        named = [one.get("href") for one in manifest.iter() if one.tag.endswith("}file")]
        assert sorted(named) == sorted(set(files) - {"imsmanifest.xml"})
        ids = [one.get("identifier") for one in manifest.iter() if one.tag.endswith("}resource")]
        assert len(set(ids)) == len(ids)
        needed = [one.get("identifierref") for one in manifest.iter() if one.tag.endswith("}dependency")]
        assert set(needed) <= set(ids)


def test_a_bank_that_cannot_be_read_writes_nothing(tmp_path, monkeypatch):
    from course.evidence import DataError

    def broken():
        raise DataError("quizzes/05-scheduling.yaml", "Q0501 has no 'why'.", "Add it.", row=4)

    monkeypatch.setattr(building, "entries", broken)
    heard = Heard()
    assert building.build(tmp_path / "new", heard) == 1 and not (tmp_path / "new").exists()
    assert heard.lines[0].startswith("Nothing was written.") and "Add it." in heard.lines[0]
