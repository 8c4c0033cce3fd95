"""Whether pages must be built again: what they were built from, and what they are."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable
from importlib.metadata import version
from pathlib import Path

from ..files import PACKAGE, ROOT, digest, file_digest, write

# Rooms and files of `assets/` on which pages depend, but no execution.
PAGE_ROOMS = ("handouts", "slides", "papers")
PAGE_ASSETS = {
    "handouts": ("page", "page_head", "index", "offline"),
    "slides": ("slides", "slides_page", "offline", "poll"),
    "papers": ("papers",),
}
TOOLS = ("matplotlib", "numpy", "nbconvert", "jinja2", "mistune")


def up_to_date(record: Path, key: str, pages: Iterable[Path]) -> bool:
    """Whether these pages are as they were when they were last built, from the same."""
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
        return known == {"key": key, "pages": [file_digest(page) for page in pages]}
    except (OSError, ValueError):
        return False


def keep_record(record: Path, key: str, pages: Iterable[Path]) -> None:
    """Remembers from what these pages were built, and what they are."""
    write(record, json.dumps({"key": key, "pages": [file_digest(page) for page in pages]}))


def shared_digest(rooms: Collection[str] = ()) -> str:
    """A digest of all that the execution of every chapter depends on; with `rooms`, what their pages do too."""
    parts: list[str | bytes] = [sys.version, *(f"{tool} {version(tool)}" for tool in TOOLS)]
    files = [*PACKAGE.rglob("*.py"), *(ROOT / "data").rglob("*"), *(ROOT / "assets").rglob("*")]
    if (ROOT / "CITATION.cff").exists():
        files.append(ROOT / "CITATION.cff")
    for path in sorted(path for path in files if path.is_file()):
        users = _pages_of(path)
        if not users or set(users) & set(rooms):
            parts += [path.relative_to(ROOT).as_posix(), path.read_bytes()]
    return digest(parts)


def _pages_of(path: Path) -> list[str]:
    """The rooms whose pages alone depend on a file; none if an execution does."""
    if path.name == "CITATION.cff":
        return list(PAGE_ROOMS)
    if ROOT / "assets" in path.parents:
        if path.parent.name == "pictures":
            return ["handouts"]
        return [room for room in PAGE_ROOMS if path.stem in PAGE_ASSETS[room]]
    publish = PACKAGE / "publish"
    if path.parent == publish:  # what handouts and slides share
        return list(PAGE_ROOMS)
    return [room for room in PAGE_ROOMS if publish / room in path.parents]
