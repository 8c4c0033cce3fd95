"""Where things are in the course's folder, files that are written whole, and what a file's content is.

Standard library only, and below every other room: no other module works out where the course lies.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
NOTEBOOKS = PACKAGE.parent
ROOT = NOTEBOOKS.parent
DATA = ROOT / "data"
ASSETS = ROOT / "assets"
QUESTIONS = DATA / "quizzes"


def write(path: Path, text: str, *, replace: bool = True, private: bool = False) -> None:
    """Writes a whole file or nothing: whoever stops halfway leaves what was there before as it was.

    replace: if not, a file of this name is left alone, and `FileExistsError` says so. private: only its owner can read
    it. Line ends stay as they are given.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        if not replace and path.exists():
            raise FileExistsError(f"{path} is there already.")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def downloads(otherwise: Path) -> Path:
    """The folder where people look for what they saved, as their system names it; `otherwise` where there is none."""
    import platformdirs

    folder = platformdirs.user_downloads_path()
    return folder if folder.is_dir() else otherwise


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest(parts: Iterable[str | bytes]) -> str:
    """SHA-256 of several texts, which cannot run into each other."""
    found = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        found.update(len(data).to_bytes(8, "big") + data)
    return found.hexdigest()
