"""ARCHITECTURE.md is true, the contracts hold, and only the rooms that show things read `assets/`."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "notebooks" / "course"
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
READERS_OF_ASSETS = ("files.py", "chapters", "display", "publish")


def rooms() -> set[str]:
    """Folders and files of the package, as the table names them."""
    folders = {f"{path.parent.name}/" for path in PACKAGE.glob("*/__init__.py")}
    return folders | {path.name for path in PACKAGE.glob("*.py")} - {"__init__.py"}


def table() -> list[str]:
    return re.findall(r"(?m)^\| `([\w./]+)` \|", TEXT)


def test_each_room_is_named_once_and_in_the_order_of_the_arrows():
    assert sorted(table()) == sorted(rooms())
    layers = [re.findall(r"\w+", layer) for layer in CONTRACTS[0]["layers"]]
    level = {name: number for number, layer in enumerate(layers) for name in layer}
    levels = [level[name.rstrip("/").removesuffix(".py")] for name in table()]
    assert levels == sorted(levels)


def test_each_path_exists():
    named = set(re.findall(r"`((?:notebooks|data|assets|tests)/[\w/.-]*)`", TEXT)) | set(
        re.findall(r"\]\(([^)#:]+)\)", TEXT)
    )
    assert len(named) > 15
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    for topic in re.findall(r"`(topics/[\w/]+)`", TEXT):
        assert (PACKAGE / topic).exists(), topic
    for target in re.findall(r"`make (\w+)`", TEXT):
        assert re.search(rf"(?m)^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8")), target


def test_each_topic_says_what_it_is_about():
    for folder in sorted(path.parent for path in (PACKAGE / "topics").glob("*/__init__.py")):
        assert (folder / "__init__.py").read_text(encoding="utf-8").startswith('"""'), folder.name


@pytest.mark.parametrize(
    "path, line, broken",
    [
        ("evidence/errors.py", "from ..display import markup", "Rooms import only rooms below them"),
        ("topics/binding/rows.py", "from ..risks import rows", "Topics build on other topics in one order"),
        ("quiz/items.py", "from . import bank", "No room has a circle inside"),
        ("models/binding.py", "import matplotlib", "Facts and models need nothing that draws"),
    ],
)
def test_the_contracts_refuse_an_arrow_upwards_and_a_circle(path, line, broken, tmp_path):
    """A copy of the package's files with one import too many."""
    for file in [*PACKAGE.rglob("*.py"), ROOT / "pyproject.toml"]:
        copy = tmp_path / (file.relative_to(PACKAGE.parent) if PACKAGE in file.parents else file.name)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    assert linted(tmp_path) == ""
    text = (tmp_path / "course" / path).read_text(encoding="utf-8")
    (tmp_path / "course" / path).write_text(
        text.replace("from __future__ import annotations\n", f"from __future__ import annotations\n{line}\n", 1),
        encoding="utf-8",
    )
    assert f"{broken} BROKEN" in linted(tmp_path)


def linted(folder: Path) -> str:
    """What import-linter says of a package; nothing if all contracts are kept."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    done = subprocess.run(
        [*command, "pyproject.toml", "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout if done.returncode else ""


def test_only_the_rooms_that_show_things_read_assets():
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] not in READERS_OF_ASSETS:
            assert "assets" not in path.read_text(encoding="utf-8").replace("`assets/", ""), path.name
