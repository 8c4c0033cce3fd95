"""The rooms of the package: imports point down or, within a row, to the left."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "notebooks" / "course"
# Ground floor first; within a row, left to right.
ROWS = [
    ["evidence", "models"],
    ["chapters", "log", "display"],
    ["topics", "charts", "explorers", "claims", "quiz", "learning", "references", "start"],
    ["upkeep", "publish"],
]
HEAVY_BELOW_DISPLAY = ("matplotlib", "ipywidgets", "anywidget", "jinja2")


def place(room: str) -> tuple[int, int]:
    return next((level, row.index(room)) for level, row in enumerate(ROWS) if room in row)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> list[tuple[str, str]]:
    """(room or '', name of the module outside) of every import in a file."""
    found = []
    depth = len(path.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            if node.level == depth:  # from .. import x, or from ..x import y
                names = [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]
                found += [(name, "") for name in names if not name.startswith("__")]
        elif isinstance(node, ast.ImportFrom):
            found.append(("", node.module))
        elif isinstance(node, ast.Import):
            found += [("", alias.name) for alias in node.names]
    return found


FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down_or_left(path):
    here = room_of(path)
    for room, outside in imported(path):
        if room and room != here:
            assert place(room) < place(here), f"{here} imports {room}"
            if place(here)[0] == 0:
                pytest.fail("evidence and models stand alone")
        if outside and place(here)[0] == 0:
            assert not outside.startswith(HEAVY_BELOW_DISPLAY), f"{here} imports {outside}"


def test_only_display_reads_assets():
    for path in FILES:
        if room_of(path) not in ("chapters", "display", "publish"):
            assert "assets" not in path.read_text(encoding="utf-8").replace("`assets/", ""), path.name
