"""What `make export` writes is read by readers of other hands, each in an environment of its own."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from course.chapters.progress import Progress
from course.publish.lms.build import build
from course.publish.lms.entries import entries
from environments import environment

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from valid import tool  # noqa: E402

pytestmark = [pytest.mark.proof, pytest.mark.timeout(900)]

READERS = Path(__file__).parent / "readers"
# Exact: what they refuse may change with their version.
PACKAGES = [
    "citolab-qti-convert==0.2.0",
    "moodle-xml-parser==0.3.1",
    "pyslet==0.7.20170805",
    "qti-package-maker==26.7.14",
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    assert build(folder, Progress(io.StringIO())) == 0
    return folder


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    """The Python of an environment with the readers. READERS_PYTHON names one that is there already."""
    return environment(tmp_path_factory.mktemp("readers"), PACKAGES, "READERS_PYTHON")


def read(python: Path, folder: Path) -> dict:
    found = subprocess.run([python, READERS / "read.py", folder], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr[-2000:]
    return json.loads(found.stdout)


def test_moodle_and_qti_are_read_by_others(exported, python, tmp_path, capsys):
    every = entries()
    kinds = Counter(entry.item.kind for entry in every)
    found = read(python, exported)

    choices = {name: (single, options) for name, single, options in found["moodle choices"]}
    assert len(found["moodle choices"]) == kinds["single"] + kinds["several"]
    gaps = dict(found["moodle gaps"])
    assert len(found["moodle gaps"]) == kinds["truth"] + kinds["cloze"]
    for entry in every:
        item = entry.item
        if item.kind in ("single", "several"):
            single, options = choices[entry.name]
            assert single == (item.kind == "single")
            assert [share > 0 for share, _ in options] == [option.right for option in item.options], item.id
            assert all(said for _, said in options) and len(options) == len(item.options)
        if item.kind in ("truth", "cloze"):
            read_gaps = gaps[entry.name]
            assert [[score == 100 for score, _ in gap] for gap in read_gaps] == [
                [option.right for option in slot.options] for slot in item.slots
            ], item.id
            assert all(said for gap in read_gaps for _, said in gap)

    assert found["qti 2.1 refused"] == {} and found["qti 2.1 read"] > len(every)
    assert all(found["a broken one refused"]), "the reader does look"
    assert found["canvas integrity"] == found["qti 2.1 integrity"] == []
    assert found["as qti 3"] == len(every)

    # The check of whole packages looks, too.
    for name in ("moodle.xml", "qti-2.1.zip"):
        shutil.copy(exported / name, tmp_path)
    with (
        zipfile.ZipFile(exported / "canvas-qti-1.2.zip") as whole,
        zipfile.ZipFile(tmp_path / "canvas-qti-1.2.zip", "w") as broken,
    ):
        for path in whole.namelist()[:-1]:
            broken.writestr(path, whole.read(path))
    assert read(python, tmp_path)["canvas integrity"] != []
    with capsys.disabled():
        print(f"\n{len(every)} questions ({dict(kinds)}) read by {', '.join(PACKAGES)}")


def test_gift_is_read_by_gift_pegjs(exported, tmp_path):
    for name in ("package.json", "package-lock.json", ".npmrc", "gift.cjs"):
        shutil.copy(READERS / name, tmp_path)
    tool("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=tmp_path)
    tool("node", "gift.cjs", str(exported / "questions.gift"), "read.json", cwd=tmp_path)
    found = [
        one for one in json.loads((tmp_path / "read.json").read_text(encoding="utf-8")) if one["type"] != "Category"
    ]
    by_id = {one["title"].split()[0]: one for one in found}
    every = entries()
    assert len(by_id) == len(found)
    report = (exported / "report.md").read_text(encoding="utf-8")
    left = {
        entry.id for entry in every if f"| {entry.id} | " in report and "GIFT | left out" in report.split(entry.id)[1]
    }
    assert set(by_id) | left == {entry.id for entry in every}
    for entry in every:
        item, one = entry.item, by_id.get(entry.id)
        if one is None:
            continue
        assert one["globalFeedback"]["text"], item.id
        if item.kind == "single":
            assert [choice["isCorrect"] for choice in one["choices"]] == [option.right for option in item.options]
            assert all(choice["feedback"]["text"] for choice in one["choices"]), item.id
        elif item.kind == "several":
            assert [choice["weight"] > 0 for choice in one["choices"]] == [option.right for option in item.options]
        elif item.kind == "number":
            assert one["type"] == "Numerical"
            assert [round(choice["text"]["number"], 6) for choice in one["choices"]] == [
                round(value, 6) for value in (item.quantity.value, *(trap.value for trap in item.traps))
            ]
        elif item.kind == "ordering":
            # An escaped colon comes back from this reader as its own sign for it.
            assert [pair["subanswer"].replace("&&058;", ":") for pair in one["matchPairs"]] == [
                option.text.replace("*", "") for option in item.options
            ]
