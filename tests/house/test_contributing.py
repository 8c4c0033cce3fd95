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
COPIED = ("notebooks", "data", "assets", "README.md", "CITATION.cff")


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
    """A copy with the new chapter alone, so that it is quick to run, after all the steps of the guide."""
    folder = tmp_path_factory.mktemp("course")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
            )
        else:
            shutil.copy(ROOT / name, folder / name)
    notebooks, data, template = folder / "notebooks", folder / "data", folder / "assets" / "template"
    for path in notebooks.glob("[0-9][0-9]-*.ipynb"):
        path.unlink()
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
    run(folder, "course.upkeep.refresh")
    run(folder, "course.publish.handouts")
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


def test_the_guide_names_what_exists():
    for target in re.findall(r"\]\(([^)#]+)\)", GUIDE):
        assert (ROOT / target).exists(), target
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`make (\w+)`|^make (\w+)", GUIDE, re.M)):
        assert re.search(rf"(?m)^{''.join(target)}:", makefile), target
    for name in re.findall(r"`((?:tests|data|assets|notebooks)/[\w/.-]+)`", GUIDE):
        assert (ROOT / name).exists() or SLUG in name, name


def test_each_recipe_has_the_number_of_steps_that_it_says():
    numbers = {"three": 3, "five": 5, "seven": 7}
    for title, text in re.findall(r"(?ms)^## (An? .*?)\n(.*?)(?=^## )", GUIDE):
        steps = [int(number) for number in re.findall(r"(?m)^(\d+)\. ", text)]
        assert steps == list(range(1, numbers[re.search(r"in (\w+) steps", title)[1]] + 1)), title
