"""Which chapters the course has: what else lies in the folder, and what cannot be read, changes nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from course import learning, references, start
from course.chapters import (
    Chapter,
    chapter,
    chapters,
    course,
    guides,
    notebooks,
    read,
    slugs,
    strays,
    taught,
    whereabouts,
)
from course.files import NOTEBOOKS, QUESTIONS, ROOT
from course.learning import certificates
from course.publish.handouts import build as handouts
from course.quiz import bank, places
from course.upkeep import generated

SLUG = "03-how-much-binds"


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """The notebooks and the banks of a clone, which the package takes for its own."""
    (tmp_path / "notebooks").mkdir()
    for path in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(path, tmp_path / "notebooks" / path.name)
    shutil.copytree(QUESTIONS, tmp_path / "data" / "quizzes")
    monkeypatch.setattr(course, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.chdir(tmp_path / "notebooks")
    places._chapter.cache_clear()
    yield tmp_path / "notebooks"
    places._chapter.cache_clear()


def shown() -> dict:
    """All that lists chapters."""
    return {
        "map": learning.course_map().spec,
        "certificate": certificates._chapters([], certificates.catalogue()),
        "README": generated.chapters_table(),
        "numbers": [places.number(item, found.chapter) for found in bank.banks() for item in found.raw_items],
        "banks": [found.chapter for found in bank.banks()],
        "record": learning.my_record().spec["chapters"] if "chapters" in learning.my_record().spec else None,
        "start": start.here(SLUG).spec["script"],
        "sections": learning.sections(SLUG).spec,
    }


def a_notebook(path, *cells) -> None:
    made = [
        {"cell_type": kind, "metadata": {}, "source": text, "id": f"c{place}"}
        for place, (kind, text) in enumerate(cells)
    ]
    for cell in made:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}), encoding="utf-8")


LITTER = {
    "notes": lambda folder: a_notebook(folder / "03-notes.ipynb", ("code", "1")),
    "a note without a cell": lambda folder: a_notebook(folder / "07-empty.ipynb"),
    "a copy": lambda folder: shutil.copy(folder / f"{SLUG}.ipynb", folder / f"{SLUG}-Copy1.ipynb"),
    "what a puller set aside": lambda folder: shutil.copy(
        folder / "05-scheduling.ipynb", folder / "05-scheduling_20261130101500.ipynb"
    ),
    "a folder": lambda folder: (folder / "04-folder.ipynb").mkdir(),
    "an empty file": lambda folder: (folder / "02-empty.ipynb").write_text(""),
    "a broken file": lambda folder: (folder / "01-broken.ipynb").write_text('{"cells": [{'),
    "other JSON": lambda folder: (folder / "06-list.ipynb").write_text("[1, 2]"),
    "not text": lambda folder: (folder / "08-bytes.ipynb").write_bytes(b"\xff\xfe\x00" * 99),
    "a new notebook": lambda folder: a_notebook(folder / "Untitled.ipynb", ("code", "1")),
    "a backup": lambda folder: shutil.copy(folder / f"{SLUG}.ipynb", folder / f"{SLUG} (1).ipynb"),
    "a later number": lambda folder: shutil.copy(folder / f"{SLUG}.ipynb", folder / "11-mine.ipynb"),
    "a copied bank": lambda folder: shutil.copy(
        folder.parent / "data" / "quizzes" / f"{SLUG}.yaml", folder.parent / "data" / "quizzes" / f"{SLUG}-Copy1.yaml"
    ),
    "a broken bank": lambda folder: (folder.parent / "data" / "quizzes" / "12-bytes.yaml").write_bytes(b"\xff\xfe"),
}


@pytest.mark.parametrize("kind", LITTER)
def test_what_lies_beside_the_chapters_changes_nothing(clone, kind):
    before = shown()
    LITTER[kind](clone)
    course._forms.cache_clear()
    assert shown() == before


def test_what_looks_like_a_chapter_and_is_none_is_named_in_one_line(clone):
    assert strays() == ""
    for litter in LITTER.values():
        litter(clone)
    course._forms.cache_clear()
    said = strays()
    assert said.startswith(
        "Not of the course, so left alone: 01-broken.ipynb, 02-empty.ipynb, 03-how-much-binds (1).ipynb, "
        "03-how-much-binds-Copy1.ipynb, 03-notes.ipynb, 04-folder.ipynb, "
    )
    assert "data/quizzes/03-how-much-binds-Copy1.yaml, data/quizzes/12-bytes.yaml" in said and "\n" not in said
    assert "Untitled" not in said, "nobody takes that for a chapter"


def spoiled(path, how: str) -> None:
    path.unlink()
    {
        "gone": lambda: None,
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path),
        "null": lambda: path.write_text("null"),
        "a number of cells": lambda: path.write_text('{"cells": 3}'),
        "no braces": lambda: path.write_text("\n{not json"),
        "empty": lambda: path.write_text(""),
        "cut": lambda: path.write_text('{"cells": [{"cell_type": "mark'),
        "bytes": lambda: path.write_bytes(b"\xff\xfe\x00\x01"),
        "list": lambda: path.write_text("[]"),
        "cells of numbers": lambda: path.write_text('{"cells": [1, 2]}'),
        "cells without a source": lambda: path.write_text('{"cells": [{"cell_type": "markdown"}]}'),
        "deep": lambda: path.write_text("[" * 100_000),
    }[how]()


NO_CELLS = "is not a notebook (it has no cells as a notebook has them)."
REASONS = {
    "gone": "is not there.",
    "folder": "cannot be read (it is a folder).",
    "pipe": "cannot be read (it is not a file).",
    "cut": "is not a notebook (line 1 is no JSON).",
    "no braces": "is not a notebook (line 2 is no JSON).",
    "empty": "is not a notebook (it is empty).",
    "bytes": "is not a notebook (it is not UTF-8 text).",
}


@pytest.mark.parametrize(
    "how",
    ["gone", "folder", "pipe", "null", "a number of cells", "no braces", "empty", "cut", "bytes", "list"]
    + ["cells of numbers", "cells without a source", "deep"],
)
def test_a_chapter_that_cannot_be_read_is_named_and_the_others_go_on(clone, how):
    before = shown()
    spoiled(clone / f"{SLUG}.ipynb", how)
    places._chapter.cache_clear()
    after = shown()
    (trouble,) = after["map"]["troubles"]
    assert trouble.startswith(f"{SLUG}.ipynb {REASONS.get(how, NO_CELLS)}")
    assert trouble.endswith("Take it from the course's repository again.") and "\n" not in trouble
    assert trouble in learning.course_map().markup.replace("&#39;", "'")
    rows = [[row["number"] for row in found["map"]["chapters"]] for found in (before, after)]
    assert rows[0] == rows[1] == [f"{number:02}" for number in range(1, 11)]
    others = [[row for row in found["map"]["chapters"] if row["number"] != "03"] for found in (before, after)]
    assert others[0] == others[1]
    mine = next(row for row in after["map"]["chapters"] if row["number"] == "03")
    assert mine["title"] == "How much binds" and mine["questions"] > 20
    certificate = [[(row["number"], row["questions"]) for row in found["certificate"]] for found in (before, after)]
    assert certificate[0] == certificate[1]
    assert before["banks"] == after["banks"] and "| [04 " in after["README"]
    said = learning.sections(SLUG).markup.replace("&#39;", "'")
    assert f"The sections of this chapter cannot be listed: {trouble}" in said and "checkbox" not in said
    listed = references.show(SLUG)
    assert f"Sources that only the text links to are missing here: {trouble}" in listed.markup.replace("&#39;", "'")


def test_a_chapter_that_cannot_be_read_keeps_its_pages_and_the_others_are_built(tmp_path):
    folder, lines = tmp_path / "notebooks", []
    folder.mkdir()
    for name in ("01-one.ipynb", "02-two.ipynb"):
        a_notebook(folder / name, ("markdown", "# A title\n\n*A promise.*"))
    assert handouts.build(folder, tmp_path / "out", lines.append) == 0, lines
    spoiled(folder / "01-one.ipynb", "bytes")
    (folder / "03-folder.ipynb").mkdir()
    a_notebook(folder / "02-two.ipynb", ("markdown", "# Another title\n\n*A promise.*"))
    lines.clear()
    assert handouts.build(folder, tmp_path / "out", lines.append) == 1
    assert lines[0].startswith("[1/3] 01-one: 01-one.ipynb is not a notebook (it is not UTF-8 text).")
    assert lines[1].startswith("[2/3] 02-two: built")
    assert lines[2].startswith("[3/3] 03-folder: 03-folder.ipynb cannot be read (it is a folder).")
    assert "A title" in (tmp_path / "out" / "student" / "01-one.html").read_text()
    assert "Another title" in (tmp_path / "out" / "student" / "02-two.html").read_text()


def test_what_a_learner_changes_in_a_chapter_stops_no_list(clone):
    path = clone / f"{SLUG}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"] = {"course": {"minutes": {"core": "long", "deeper": {"read": "x", "do": -3}}}}
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    notebook["cells"][0]["metadata"] = {"tags": "not a list"}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    row = next(row for row in shown()["map"]["chapters"] if row["number"] == "03")
    assert (row["title"], row["promise"], row["minutes"]) == ("How much binds", "", {"core": 0, "deeper": 0})
    assert "<td>–</td>" in learning.course_map().markup
    a_notebook(path, ("markdown", "# My own title"), ("markdown", "# Another"), ("markdown", "## `Mine` *too*"))
    assert chapter(SLUG).title == "My own title" and list(chapter(SLUG).sections) == ["Mine-too"]


def test_the_course_is_its_banks_in_their_order():
    assert slugs() == tuple(sorted(path.stem for path in QUESTIONS.glob("*.yaml")))
    assert [found.slug for found in chapters()] == list(slugs())
    assert [found.slug for found in taught()] == [found.chapter for found in bank.chapters()]
    assert not any(found.trouble for found in chapters())


def test_an_unknown_chapter_gets_the_nearest():
    for call in (chapter, learning.sections, references.show):
        with pytest.raises(ValueError, match="no chapter '03-how-much-bind'. Did you mean '03-how-much-binds'?"):
            call("03-how-much-bind")
    for odd in (None, 3, "", "a\0b", "x" * 5000, "../secrets"):
        with pytest.raises(ValueError, match="There is no chapter"):
            chapter(odd)


# Renamed and moved notebooks.


def test_a_chapter_in_its_place_is_not_told_anything(clone):
    assert all(whereabouts(slug) == "" for slug in slugs())
    assert whereabouts("my-own") == "", "somebody's own notebook may begin as a chapter does"


def test_a_renamed_notebook_goes_on_and_is_told(clone):
    before = shown()
    (clone / f"{SLUG}.ipynb").rename(clone / "my ketamine.ipynb")
    places._chapter.cache_clear()
    after = shown()
    for found in (before, after):
        next(row for row in found["map"]["chapters"] if row["number"] == "03").pop("file")
    assert {**after, "README": ""} == {**before, "README": ""}
    assert "(notebooks/my ketamine.ipynb)" in after["README"]
    assert references.prose_keys(SLUG) and learning.course_map().spec["chapters"][2]["file"] == "my ketamine.ipynb"
    said = start.here(SLUG).markup.replace("&#39;", "'")
    assert (
        f"This chapter was renamed: the course knows it as {SLUG}.ipynb, and the file is now my ketamine.ipynb. "
        "Go on: all of it works, and your answers are kept." in said
    )


@pytest.mark.parametrize("to", ["..", "mine", "../elsewhere"])
def test_a_moved_notebook_goes_on_and_is_told(clone, monkeypatch, to):
    before = shown()
    target = (clone / to).resolve()
    target.mkdir(exist_ok=True)
    (clone / f"{SLUG}.ipynb").rename(target / f"{SLUG}.ipynb")
    monkeypatch.chdir(target)
    places._chapter.cache_clear()
    assert shown()["sections"] == before["sections"] and references.prose_keys(SLUG)
    said = start.here(SLUG).markup.replace("&#39;", "'")
    assert f"This chapter was moved: it lies in {target}, and the course in {clone}. Go on: your answers" in said


def test_a_notebook_that_is_gone_is_told(clone):
    (clone / f"{SLUG}.ipynb").unlink()
    said = start.here(SLUG).markup.replace("&#39;", "'")
    assert f"{SLUG}.ipynb is no longer in the course's folder. Go on: your answers are kept." in said


def test_a_copy_of_an_original_that_is_there_says_nothing(clone):
    shutil.copy(clone / f"{SLUG}.ipynb", clone / f"{SLUG}-Copy1.ipynb")
    assert start.here(SLUG).spec["place"] == ""


def test_the_list_needs_no_package_but_python():
    """`make test` asks it before anything is installed."""
    code = f"import sys; sys.path.insert(0, {str(NOTEBOOKS)!r}); from course.chapters import slugs; print(*slugs())"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, cwd=ROOT.parent)
    assert done.stdout.split() == list(slugs()), done.stderr


def test_an_anchor_in_a_block_of_code_is_no_heading(tmp_path):
    path = tmp_path / "04-code.ipynb"
    a_notebook(path, ("markdown", "# One\n\n```\n## not a heading\n```\n\n## Two"), ("code", 'quiz.show("Q0401")'))
    found = read(path)
    assert isinstance(found, Chapter) and list(found.sections) == ["Two"] and found.questions == ("Q0401",)
    assert os.fspath(found.path) == str(path) and found.code == ['quiz.show("Q0401")']


def first_cell_of(path, folder, **told) -> list[dict]:
    """What the first cell shows where the notebook lies now, in a kernel of its own."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, 4)
    notebook.cells = [cell for cell in notebook.cells if "start.here" in cell.source]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | told
    client = NotebookClient(notebook, allow_errors=True, resources={"metadata": {"path": str(folder)}})
    client.execute(env=environment)
    return notebook.cells[0].outputs


def test_a_moved_notebook_says_what_to_do_where_the_course_is_not_found(tmp_path):
    """The package is not there to say it: the first cell itself does, within what the error quotes of it."""
    shutil.copy(NOTEBOOKS / f"{SLUG}.ipynb", tmp_path / f"{SLUG}.ipynb")
    (shown,) = first_cell_of(tmp_path / f"{SLUG}.ipynb", tmp_path)
    said = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(shown.traceback))
    assert shown.ename == "ModuleNotFoundError"
    assert "no module named course: the notebook was moved. Put it back into the folder notebooks." in said


def test_the_servers_settings_lead_a_moved_notebook_to_the_course(tmp_path, monkeypatch):
    """As `make lab` starts it: what the settings put into the server's environment reaches every kernel."""
    config = ROOT / "jupyter_server_config.py"
    code = (
        "import os; from traitlets.config import PyFileConfigLoader; "
        f"PyFileConfigLoader({str(config)!r}).load_config(); print(os.environ['PYTHONPATH'])"
    )
    environment = {**os.environ, "PYTHONPATH": "/somebody's/own"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout.strip().split(os.pathsep) == ["/somebody's/own", str(NOTEBOOKS)], done.stderr
    shutil.copy(NOTEBOOKS / f"{SLUG}.ipynb", tmp_path / f"{SLUG}.ipynb")
    (shown,) = first_cell_of(tmp_path / f"{SLUG}.ipynb", tmp_path, PYTHONPATH=done.stdout.strip())
    assert shown["data"]["text/plain"] == f"<start {SLUG}>"


def test_settings_that_lie_elsewhere_point_nowhere(tmp_path):
    shutil.copy(ROOT / "jupyter_server_config.py", tmp_path / "jupyter_server_config.py")
    code = (
        "import os; from traitlets.config import PyFileConfigLoader; "
        f"PyFileConfigLoader({str(tmp_path / 'jupyter_server_config.py')!r}).load_config(); "
        "print(os.environ.get('PYTHONPATH'))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == "None", done.stderr


def test_every_chapter_and_the_template_begin_with_that_line():
    from course.chapters import read

    for found in [*chapters(), read(ROOT / "assets" / "template" / "chapter.ipynb")]:
        begins = next(source for source in found.code if "start.here(" in source)
        assert begins.startswith("# If this says that there is no module named course: "), found.slug


def test_the_two_notebooks_for_instructors_are_no_chapters(tmp_path):
    """They are run, tested and printed with the rest, and on nobody's map; a copy of one is a stray."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (tmp_path / "data" / "quizzes").mkdir(parents=True)
    (tmp_path / "data" / "quizzes" / "01-sample.yaml").write_text("chapter: 01-sample\n", encoding="utf-8")
    for name in ("01-sample", "90-instructor-guide", "91-class-results", "90-instructor-guide-Copy1", "92-mine"):
        (folder / f"{name}.ipynb").write_text('{"cells": [], "metadata": {}}', encoding="utf-8")
    assert slugs(folder) == ("01-sample",)
    assert [one.slug for one in guides(folder)] == ["90-instructor-guide", "91-class-results"]
    assert [one.slug for one in notebooks(folder)] == ["01-sample", "90-instructor-guide", "91-class-results"]
    assert [one.for_instructors for one in notebooks(folder)] == [False, True, True]
    assert "90-instructor-guide-Copy1.ipynb, 92-mine.ipynb" in strays(folder)
    (folder / "91-class-results.ipynb").unlink()
    assert [one.slug for one in guides(folder)] == ["90-instructor-guide"]
