"""Class results: what is read, what is set aside, what is computed, and what a model put in is found again."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile

import numpy as np
import prepare
import pytest
from course import classroom
from course.chapters.progress import Progress
from course.classroom.results import build as building
from course.classroom.results import reading
from course.classroom.results.analysis import analyze
from course.classroom.results.reading import read_class
from course.classroom.results.simulated import FILE, simulated_class
from course.classroom.results.statistics import alpha, difficulty, item_rest, reliability
from course.publish.prints import PAPERS, print_page
from course.quiz import bank
from course.quiz.grading import grade
from course.quiz.kinds import kind_of
from pypdf import PdfReader
from scipy import stats
from simulate import EXTRA, event_of, handout, shipped, simulate, table, write_class, xapi

# Ten students, ten questions: Wuensch, https://core.ecu.edu/wuenschk/StatHelp/KR20.txt.
WUENSCH = """1111110110 1011011101 1111011001 0010001000 0000010010 1110111111
1101110111 1111111101 0101111101 1101101110"""
# Those of pingouin's `cronbach_wide_missing` that answered all: alpha 0.8016949, 95 % interval 0.581 to 0.933.
PINGOUIN = """11111111111 11111111010 11101101100 11111000100 11110010000 11111000000 01011000010 11100000000
10010000000"""


def matrix(text: str) -> np.ndarray:
    return np.array([[int(sign) for sign in row] for row in text.split()], dtype=float)


def test_the_statistics_agree_with_published_worked_examples():
    points = matrix(WUENSCH)
    shares = np.array([7, 7, 6, 7, 6, 8, 7, 7, 5, 6]) / 10
    assert np.allclose(difficulty(points)[[0, 1, 3, 5, 8]], shares[[0, 1, 3, 5, 8]])
    variances = (difficulty(points) * (1 - difficulty(points))).sum()
    kr20 = 10 / 9 * (1 - variances / points.sum(axis=1).var())
    assert alpha(points) == pytest.approx(kr20), "KR-20 by its own formula"
    assert alpha(matrix(PINGOUIN)) == pytest.approx(0.8016949, abs=1e-6)


def test_item_rest_is_the_correlation_with_the_other_questions():
    points = matrix(WUENSCH)
    for at, found in enumerate(item_rest(points)):
        assert found == pytest.approx(stats.pearsonr(points[:, at], np.delete(points, at, 1).sum(axis=1))[0])


def test_the_interval_of_reliability_is_close_to_feldts():
    dice = np.random.default_rng(1)
    ability, hard = dice.normal(size=(300, 1)), dice.normal(size=(1, 20))
    points = (dice.random((300, 20)) < 1 / (1 + np.exp(hard - ability))).astype(float)
    found = reliability(points)
    low, high = (1 - (1 - found.alpha) * stats.f.ppf(p, 299, 299 * 19) for p in (0.975, 0.025))
    assert found.name == "KR-20" and found.learners == 300
    assert (found.low, found.high) == (pytest.approx(low, abs=0.03), pytest.approx(high, abs=0.03))
    assert reliability(points[:3]) is None and np.isnan(alpha(np.ones((9, 4))))


@pytest.fixture
def folder(tmp_path):
    """Two people, each with two files."""
    write_class(tmp_path / "class", simulate(2, 5, word="Person"))
    return tmp_path / "class"


def events(name: str, *items: tuple[str, int]) -> list:
    return [event_of(name, place, item, code, 75) for place, (item, code) in enumerate(items)]


def test_every_kind_of_file_gives_the_same_answers(tmp_path):
    made = simulate(3, 9)
    found = {}
    for ending in ("xapi.json", "csv", "json"):
        write_class(tmp_path / ending, made, ending)
        read = read_class([tmp_path / ending])
        assert read.aside == [] and read.read == 6
        found[ending] = {
            name: {item: (one.points, one.sure) for item, one in learner.first().items()}
            for name, learner in read.learners.items()
        }
    assert found["xapi.json"] == found["csv"] == found["json"] and len(found["csv"]["Simulated 001"]) >= 38
    of_csv, of_xapi = (analyze(read_class([tmp_path / ending])).questions for ending in ("csv", "xapi.json"))
    single = [(a.choices, b.choices) for a, b in zip(of_csv, of_xapi, strict=True) if a.kind == "single"]
    assert single and all(a == b for a, b in single)


BAD = {
    "empty.json": (b"", "it is empty"),
    "cut.xapi.json": (b'[{"id": "x"', "it is damaged or foreign: "),
    "foreign.xapi.json": (b'[{"id": "x", "actor": {}}]', "it holds no event of this course"),
    "nothing.xapi.json": (b"[]", "it holds no answer to any question of this course"),
    "other.csv": (b"a,b\r\n1,2\r\n", "it is no file of this course: neither an export nor the answers of a handout"),
    "photo.jpg": (b"\xff\xd8\xff\xe0\x00\x10JFIF\xff", "it is no text, so no file of this course"),
    "other.json": (b'{"course": "other"}', "it is no file of this course"),
    "deep.json": (b'{"a":' * 100_000, "it is damaged: it cannot be read as JSON"),
    "broken.zip": (b"PK\x03\x04 and no more", "it is no zip that can be opened"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_used_is_named_and_set_aside(folder, name):
    data, why = BAD[name]
    (folder / name).write_bytes(data)
    found = read_class([folder])
    assert [one.file for one in found.aside] == [name] and why in found.aside[0].why
    assert sorted(found.learners) == ["Person 001", "Person 002"] and found.read == 4


def test_people_are_kept_apart(folder):
    anna = events("Anna", ("Q0001", 0), ("Q0002", 1))
    (folder / "a.xapi.json").write_text(xapi("Anna", anna))
    (folder / "b-copy.xapi.json").write_text(xapi("Anna", anna))
    (folder / "c-table.csv").write_text(table("Anna", anna), newline="")
    (folder / "d-other-name.xapi.json").write_text(xapi("Berta", anna))
    two = json.loads(xapi("Chris", events("Chris", ("Q0001", 0)))) + json.loads(
        xapi("Dora", events("Dora", ("Q0001", 1)))
    )
    (folder / "e-two.xapi.json").write_text(json.dumps(two))
    (folder / "f-nameless.json").write_text(handout("", events("x", ("Q0301", 0))))
    (folder / "g-more.xapi.json").write_text(xapi("Anna", events("Anna", ("Q0001", 0), ("Q0002", 1), ("Q0003", 0))))
    found = read_class([folder])
    assert {one.file: one.why for one in found.aside} == {
        "b-copy.xapi.json": "it is the same file as a.xapi.json",
        "c-table.csv": "all that it holds stands in a.xapi.json already",
        "d-other-name.xapi.json": "it holds the same answers as a file of “Anna”, under the name “Berta”: one person "
        "twice, or one file under two names",
        "e-two.xapi.json": "it holds the work of 2 people: “Chris”, “Dora”",
        "f-nameless.json": "it bears no name: nobody can be given these answers",
    }
    assert found.learners["Anna"].files == ["a.xapi.json", "g-more.xapi.json"]
    assert len(found.learners["Anna"].answers) == 3


def test_zips_are_read_and_bombs_are_not(folder, tmp_path, monkeypatch):
    with zipfile.ZipFile(folder / "more.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/e.xapi.json", xapi("Eve", events("Eve", ("Q0001", 0))))
        archive.writestr("inner.zip", b"PK")
        archive.writestr("../../out.json", b"{}")
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.json", b" " * 80_000_000)
    before = set(tmp_path.rglob("*"))
    found = read_class([folder])
    aside = {one.file: one.why for one in found.aside}
    assert aside["bomb.zip"] == "it would unpack to 3 files of 240 MB, too much"
    assert aside["more.zip ▸ inner.zip"] == "it is a zip inside of a zip"
    assert "more.zip ▸ ../../out.json" in aside and set(tmp_path.rglob("*")) == before, (
        "nothing is unpacked to the disk"
    )
    assert "Eve" in found.learners
    monkeypatch.setattr(reading, "LARGEST", 1000)
    assert any("far more than a learner's work takes" in one.why for one in read_class([folder / "more.zip"]).aside)


def test_links_devices_and_missing_files_are_named(folder, tmp_path):
    (tmp_path / "secret").write_text("x")
    os.symlink(tmp_path / "secret", folder / "link.json")
    os.mkfifo(folder / "pipe.json")
    aside = {one.file: one.why for one in read_class([folder, tmp_path / "nowhere"]).aside}
    assert aside["link.json"] == "it is a link to another file" and aside["pipe.json"] == "it is no plain file"
    assert aside[str(tmp_path / "nowhere")] == "there is no such file or folder"


def test_a_verdict_that_was_changed_by_hand_is_not_believed(tmp_path):
    held = json.loads(xapi("Anna", events("Anna", ("Q0001", 1))))
    text = json.dumps(held).replace('"verdict": "wrong"', '"verdict": "right"')
    (tmp_path / "a.xapi.json").write_text(text)
    assert [one.points for one in read_class([tmp_path]).learners["Anna"].answers.values()] == [0]


def test_hostile_names_stay_text(tmp_path):
    evil = '=HYPERLINK("x")<img src=x onerror=1>'
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "evil.xapi.json").write_text(xapi(evil, events("e", ("Q0001", 0))))
    assert building.build([tmp_path / "class"], tmp_path / "out", Progress(io.StringIO())) == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "grades.csv").read_text(encoding="utf-8-sig"))))
    assert rows[0]["pseudonym"] == f"'{evil}"
    view = classroom.class_results(tmp_path / "class")
    assert "<img src=x" not in view.markup and "&lt;img src=x" in view.markup
    assert evil not in (tmp_path / "out" / "summary.html").read_text(), "the page names nobody"


def test_no_name_of_a_class_is_stored_in_a_notebook(folder):
    view = classroom.class_results(folder)
    assert "Person 001" in view.markup
    stored = view._repr_mimebundle_()["text/html"]
    assert "Person 001" not in stored and "Simulated 001" in stored and "never were" in stored
    assert "Person 001" not in json.dumps(view.offline_spec())


def test_the_class_that_ships_is_the_one_that_the_generator_makes():
    assert FILE.read_text(encoding="utf-8") == shipped(), "python tests/classroom/simulate.py writes it anew"
    assert set(EXTRA) <= {item.id for one in bank.banks() for item in one.items}
    found = analyze(simulated_class())
    assert len(found.people) == 40 and found.handed_in == {"A": 40, "B": 40} and len(found.gains) >= 10
    assert {one.first for one in found.people} == {"A", "B"}
    up = sum(one.after - one.before for one in found.gains) / len(found.gains)
    assert up > 5, "they learned something"


def test_wrong_answers_of_every_question_are_wrong():
    for one in bank.banks():
        for item in one.items:
            if kind_of(item).right_answer(item) is not None:
                answers = list(kind_of(item).wrong_answers(item))
                assert answers and not any(grade(item, answer).right for answer in answers), item.id


def test_make_class_writes_tables_and_a_page(folder, tmp_path):
    (folder / "odd.json").write_text("{}")
    said = io.StringIO()
    assert building.build([folder], tmp_path / "out", Progress(said)) == 0
    assert "Set aside: odd.json: it is no file of this course" in said.getvalue()
    assert "2 people in 4 files: form A from 2, form B from 2." in said.getvalue().replace("\u00a0", " ")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *("grades.csv", "questions.csv", "choices.csv", "misconceptions.csv", "gain.csv", "mended-sentences.csv"),
        *("set-aside.csv", "summary.html"),
    }
    assert building.build([folder / "odd.json"], tmp_path / "none", Progress(io.StringIO())) == 1
    assert not (tmp_path / "none").exists()


@pytest.mark.browser
@pytest.mark.parametrize("paper", PAPERS)
def test_the_summary_prints_on_one_page(tmp_path, paper):
    (tmp_path / "summary.html").write_text(building.summary(analyze(simulated_class()), simulated=True))
    print_page(prepare.find_browser(), tmp_path / "summary.html", tmp_path / "summary.pdf", paper)
    (page,) = PdfReader(tmp_path / "summary.pdf").pages
    assert "A simulated class." in page.extract_text() and "no basis for grades" in page.extract_text()


def test_mended_sentences_are_there_to_read(tmp_path):
    mend = next(item for one in bank.banks() for item in one.items if item.kind == "mend")
    held = json.loads(handout("Anna", events("Anna", ("Q0001", 0))))
    held["answers"][f"x:{mend.id}"] = {
        "answer": {"text": "Ketamine is =no opioid.", "ticked": [0]},
        "sure": None,
        "tries": 1,
    }
    (tmp_path / "a.json").write_text(json.dumps(held))
    (found,) = analyze(read_class([tmp_path])).sentences
    assert (found.item, found.name, found.text) == (mend.id, "Anna", "Ketamine is =no opioid.")


CHILD = """
import json, resource, sys, time
began = time.perf_counter()
from course.classroom.results.analysis import analyze
from course.classroom.results.reading import read_class
found = analyze(read_class([sys.argv[1]]))
seconds = time.process_time()
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
hardness = {one.id: one.hardness for one in found.questions}
print(json.dumps([len(found.people), found.read, len(found.aside), seconds, memory, hardness]))
"""


def test_four_hundred_files_are_read_in_time_and_the_difficulties_are_found_again(tmp_path, capsys):
    made = simulate(200, 7)
    assert write_class(tmp_path, made) == 400
    done = subprocess.run(
        [sys.executable, "-c", CHILD, tmp_path],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(building.ROOT / "notebooks")},
    )
    assert done.returncode == 0, done.stderr
    people, files, aside, seconds, memory, hardness = json.loads(done.stdout)
    assert (people, files, aside) == (200, 400, 0)
    for form in "AB":
        items = [item for item in bank.form(form).raw_items if item in made.difficulties]
        fit = np.corrcoef([hardness[item] for item in items], [made.difficulties[item] for item in items])[0, 1]
        assert fit >= 0.95, (form, fit)
        with capsys.disabled():
            print(f"\nform {form}: recovered difficulties correlate at {fit:.3f}")
    with capsys.disabled():
        print(f"400 files of 200 learners: {seconds:.1f} s of one processor, {memory:.0f} MB")
    assert memory < 600
