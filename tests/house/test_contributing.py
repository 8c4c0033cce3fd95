"""CONTRIBUTING.md, followed step by step in a copy: a chapter, a question, a word, a fact, an explorer."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SLUG = "11-my-chapter"
COPIED = ("notebooks", "data", "assets", ".ci", "tests/notebooks", "tests/conftest.py", "README.md", "CITATION.cff")
COPIED += ("pyproject.toml",)


def run(folder: Path, *words: str) -> str:
    """A module of the copied course; fails with what it said."""
    told = {"PYTHONPATH": "notebooks", "COURSE_HOME": str(folder / "home"), "COURSE_CLEAN_SAVES": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, env=os.environ | told, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def append(path: Path, **cells: str) -> None:
    """A row at the end of a table, other cells as in its last row."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        last = list(reader)[-1]
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, reader.fieldnames, lineterminator="\n").writerow(last | cells)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A copy after all the steps of the guide. Its other chapters have no code, so that it is quick to run."""
    folder = tmp_path_factory.mktemp("course")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
            )
        else:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    notebooks, data, template = folder / "notebooks", folder / "data", folder / "assets" / "template"
    for path in notebooks.glob("*.ipynb"):
        other = json.loads(path.read_text(encoding="utf-8"))
        other["cells"] = [cell for cell in other["cells"] if cell["cell_type"] == "markdown"]
        path.write_text(json.dumps(other), encoding="utf-8")
    # What a contributor has lying about is not of the course.
    shutil.copy(template / "chapter.ipynb", notebooks / "12-my-draft.ipynb")
    shutil.copy(notebooks / "03-how-much-binds.ipynb", notebooks / "03-how-much-binds-Copy1.ipynb")
    # A chapter and its questions: step 1.
    shutil.copy(template / "chapter.ipynb", notebooks / f"{SLUG}.ipynb")
    shutil.copy(template / "questions.yaml", data / "quizzes" / f"{SLUG}.yaml")
    # A word.
    append(
        data / "glossary.csv",
        id="GL998",
        term="statistics",
        also="trial statistics",
        definition="Sums that say how far a number can be trusted.",
        more="",
        chapter=SLUG,
        section="One-step-further",
    )
    # A fact.
    append(data / "facts.csv", id="FA998", statement="A fact that somebody read.", value="", unit="")
    # An explorer: steps 1, 3 and 4.
    package = notebooks / "course"
    shutil.copy(template / "explorer.py", package / "topics" / "scheduling" / "two_kinds.py")
    names = (package / "explorers.py").read_text(encoding="utf-8")
    added = '    "predict_two_kinds": "scheduling.two_kinds",\n    "two_kinds": "scheduling.two_kinds",\n'
    (package / "explorers.py").write_text(names.replace("_MODULES = {\n", "_MODULES = {\n" + added), encoding="utf-8")
    notebook = json.loads((notebooks / f"{SLUG}.ipynb").read_text(encoding="utf-8"))
    calls = {"guess": "explorers.predict_two_kinds()", "explorer": 'explorers.two_kinds(schedule="II")'}
    for cell in notebook["cells"]:
        if cell["id"] in calls:
            cell["source"] = [calls[cell["id"]]]
    (notebooks / f"{SLUG}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    said = run(folder, "course.upkeep.refresh")
    assert "Not of the course, so left alone: 03-how-much-binds-Copy1.ipynb, 12-my-draft.ipynb. A chapter is" in said
    run(folder, "course.publish.handouts")
    run(folder, "course.publish.slides")
    return folder


@pytest.fixture(scope="module")
def notebook(course) -> dict:
    return json.loads((course / "notebooks" / f"{SLUG}.ipynb").read_text(encoding="utf-8"))


def test_the_new_chapter_runs_and_stores_what_it_shows(notebook):
    calls = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] and all(out["output_type"] != "error" for out in cell["outputs"]) for cell in calls)
    shown = json.dumps(notebook)
    assert "<explorer two-kinds>" in shown and "Q1101" in shown


def test_the_new_word_is_linked_and_explained(notebook):
    cells = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    assert "[trial statistics](#statistics)" in cells["deeper"]
    assert "##### statistics\n\nSums that say" in cells["words"]


def test_the_new_fact_is_in_the_dictionary_and_the_chapter_in_the_readme(course):
    assert "facts.csv" in (course / "data" / "README.md").read_text(encoding="utf-8")
    assert f"notebooks/{SLUG}.ipynb" in (course / "README.md").read_text(encoding="utf-8")
    assert "FA998" in run(course, "course.upkeep.staleness", "--today", "2040-01-01")


SHOWN = """
import json
from course import learning
from course.learning import certificates
rows = [certificates._chapters([], certificates.catalogue()), learning.course_map().spec["chapters"]]
print(json.dumps([[(row["number"], row["title"], row["questions"]) for row in shown] for shown in rows]))
print(learning.course_map().spec["takes"])
"""


def test_the_new_chapter_is_on_the_map_and_on_the_certificate(course):
    told = {"PYTHONPATH": "notebooks", "COURSE_HOME": str(course / "home")}
    done = subprocess.run(
        [sys.executable, "-c", SHOWN], cwd=course, env=os.environ | told, capture_output=True, text=True, timeout=120
    )
    rows, takes = done.stdout.splitlines()
    certificate, course_map = json.loads(rows)
    assert certificate[-1] == course_map[-1] == ["11", "My chapter's title", 2]
    assert [row[0] for row in certificate] == [*(f"{number:02}" for number in range(1, 10)), "11"]
    assert [row[0] for row in course_map] == [f"{number:02}" for number in range(1, 12)]
    assert takes in (course / "README.md").read_text(encoding="utf-8")


def test_the_new_chapter_is_on_the_index_and_has_its_slides(course):
    index = (course / "build" / "handouts" / "index.html").read_text(encoding="utf-8")
    assert f'href="student/{SLUG}.html"' in index and "Copy1" not in index and "draft" not in index
    slides = sorted(path.stem for path in (course / "build" / "slides").glob("*.html"))
    assert slides[-1] == SLUG and len(slides) == 12
    assert "My chapter&#39;s title" in (course / "build" / "slides" / f"{SLUG}.html").read_text(encoding="utf-8")


def test_the_new_chapter_meets_the_tests_of_anatomy_prose_and_sources(course):
    """They judge it; that the template, with its notes and two questions, is found wanting is as it should be."""
    told = {"PYTHONPATH": "notebooks", "COURSE_HOME": str(course / "home")}
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "-k", SLUG, "tests/notebooks"]
    done = subprocess.run(command, cwd=course, env=os.environ | told, capture_output=True, text=True, timeout=240)
    judged = dict(re.findall(rf"(?m)^(?:PASSED|FAILED) tests/notebooks/(\S+)\[{SLUG}\]()", done.stdout))
    assert set(judged) >= {
        "test_prose.py::test_every_figure_has_a_source",
        "test_prose.py::test_the_anatomy_is_whole",
        "test_prose.py::test_every_link_is_a_source_a_heading_or_a_chapter",
        "test_prose.py::test_objectives_key_points_and_questions_agree",
        "test_structure.py::test_a_prediction_opens_the_first_explorer",
        "test_stored.py::test_every_code_cell_is_compared",
        "test_reading.py::test_prose_can_be_read",
        "test_words.py::test_what_is_written_from_data_is_up_to_date",
    }, done.stdout[-3000:]
    assert f"FAILED tests/notebooks/test_prose.py::test_the_anatomy_is_whole[{SLUG}]" in done.stdout
    assert "draft" not in done.stdout and "Copy1" not in done.stdout


@pytest.mark.parametrize("edition", ["student", "instructor"])
def test_the_new_chapter_has_its_handouts(course, edition):
    page = (course / "build" / "handouts" / edition / f"{SLUG}.html").read_text(encoding="utf-8")
    for part in (
        'data-quiz-item="Q1101"',
        'data-explorer="two-kinds"',
        'data-prediction="two-kinds"',
        'id="statistics"',
    ):
        assert part in page
    assert "TEMPLATE" not in re.sub(r"(?s)<!--.*?-->", "", page), "notes for authors are not shown"


PICTURE = "assets/pictures/11.svg"  # of the chapter that the guide adds


def test_the_guide_names_what_exists():
    for target in re.findall(r"\]\(([^)#]+)\)", GUIDE):
        assert (ROOT / target).exists() or target == f"../{PICTURE}", target
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`make (\w+)`|^make (\w+)", GUIDE, re.M)):
        assert re.search(rf"(?m)^{''.join(target)}:", makefile), target
    for name in re.findall(r"`((?:tests|data|assets|notebooks)/[\w/.-]+)`", GUIDE):
        assert (ROOT / name).exists() or SLUG in name or name == PICTURE, name


def test_each_recipe_has_the_number_of_steps_that_it_says():
    numbers = {"three": 3, "five": 5, "seven": 7}
    for title, text in re.findall(r"(?ms)^## (An? .*?)\n(.*?)(?=^## )", GUIDE):
        steps = [int(number) for number in re.findall(r"(?m)^(\d+)\. ", text)]
        assert steps == list(range(1, numbers[re.search(r"in (\w+) steps", title)[1]] + 1)), title
