"""Which chapters the course has, in their order. Standard library only.

A chapter is a bank of questions, `data/quizzes/NN-name.yaml`, and the notebook of the same name. What else lies in
`notebooks/` (notes, copies, drafts, what a download set aside) is a learner's own and is never taken for a chapter.
The two notebooks for instructors are listed by name, and only `guides` and `notebooks` give them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ..files import NOTEBOOKS
from .notebook import FOR_INSTRUCTORS, Chapter, read

NAME = re.compile(r"[0-9][0-9]-.+\.ipynb")
FORM, OWN = re.compile(r"(?m)^form:\s*[\"']?([A-Z])\b"), re.compile(r"(?m)^chapter:\s*[\"']?([^\s\"'#]+)")


def slugs(folder: Path | None = None) -> tuple[str, ...]:
    """Names of the chapters of a course, in order. folder: its notebooks.

    A folder without banks beside it has no course: then whatever is named like a chapter is one.
    """
    folder = folder or NOTEBOOKS
    banks = folder.parent / "data" / "quizzes"
    if banks.is_dir():
        return tuple(_forms(banks))
    found = sorted(path.stem for path in folder.iterdir() if NAME.fullmatch(path.name))
    return tuple(slug for slug in found if slug not in FOR_INSTRUCTORS)


def chapters(folder: Path | None = None) -> list[Chapter]:
    """The chapters of a course, in order, with those that cannot be read (see `Chapter.trouble`)."""
    folder = folder or NOTEBOOKS
    return [read(_file(slug, folder), slug) for slug in slugs(folder)]


def guides(folder: Path | None = None) -> list[Chapter]:
    """The notebooks for instructors that are there: how to teach the course, and what a class has done."""
    folder = folder or NOTEBOOKS
    return [read(folder / f"{slug}.ipynb", slug) for slug in FOR_INSTRUCTORS if _is_file(folder / f"{slug}.ipynb")]


def notebooks(folder: Path | None = None) -> list[Chapter]:
    """All that is run, tested and made into pages: the chapters, then what is for instructors."""
    return [*chapters(folder), *guides(folder)]


def taught() -> list[Chapter]:
    """Those that teach: all but the two that hold a form of the test."""
    forms = _forms(NOTEBOOKS.parent / "data" / "quizzes")
    return [chapter for chapter in chapters() if not forms[chapter.slug]]


def chapter(slug: str) -> Chapter:
    """The chapter of this name, or a notebook of the same folder: a draft, or somebody's own.

    Raises `ValueError` with the nearest name where there is none.
    """
    if slug in slugs() or (isinstance(slug, str) and _is_file(NOTEBOOKS / f"{slug}.ipynb")):
        return read(_file(slug, NOTEBOOKS), slug)
    from ..evidence import nearest  # the rest of this room needs no more than Python itself

    begun = [known for known in slugs() if isinstance(slug, str) and slug and known.startswith(slug)]
    raise ValueError(f"There is no chapter {str(slug)[:60]!r}. {nearest((begun or [str(slug)])[0], slugs())}")


def strays(folder: Path | None = None) -> str:
    """One sentence that names what looks like a chapter and is none; nothing if all is in order."""
    folder = folder or NOTEBOOKS
    known, banks = (*slugs(folder), *FOR_INSTRUCTORS), folder.parent / "data" / "quizzes"
    left = sorted(path.name for path in folder.iterdir() if NAME.fullmatch(path.name) and path.stem not in known)
    left += sorted(f"data/quizzes/{path.name}" for path in banks.glob("*.yaml") if path.stem not in known)
    if not left:
        return ""
    return (
        f"Not of the course, so left alone: {', '.join(left)}. "
        "A chapter is a notebook and its questions, data/quizzes/<name>.yaml with the line chapter: <name>."
    )


@cache
def _forms(banks: Path) -> dict[str, str]:
    """Chapter -> the form of the test in its bank, '' for most. A bank counts that names itself."""
    found = {}
    for path in sorted(banks.glob("[0-9][0-9]-*.yaml")):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        own, form = OWN.search(text), FORM.search(text)
        if own and own[1] == path.stem:
            found[path.stem] = form[1] if form else ""
    return found


def whereabouts(slug: str) -> str:
    """What to say to somebody whose notebook of this chapter was renamed or moved; nothing if it is in its place."""
    place, here = NOTEBOOKS / f"{slug}.ipynb", Path.cwd()
    if slug not in slugs():
        return ""
    moved = [] if here == NOTEBOOKS.resolve() else _beginning(slug, here)
    found = moved[0] if moved else _file(slug, NOTEBOOKS)
    if found == place:
        if place.exists():
            return ""
        return (
            f"{place.name} is no longer in the course's folder. Go on: your answers are kept. To mend links from other "
            f"chapters, put it back into {NOTEBOOKS}, or take it from the course's repository again."
        )
    if found.parent == NOTEBOOKS:
        return (
            f"This chapter was renamed: the course knows it as {place.name}, and the file is now {found.name}. Go on: "
            "all of it works, and your answers are kept. Give the file its old name if links from other chapters "
            "should lead here."
        )
    return (
        f"This chapter was moved: it lies in {found.parent}, and the course in {NOTEBOOKS}. Go on: your answers are "
        "kept. Move the file back if its links to other chapters should work."
    )


def _file(slug: str, folder: Path) -> Path:
    """Its notebook: the file of its name, or, if that was renamed or moved nearby, the newest that begins it."""
    path = folder / f"{slug}.ipynb"
    if path.exists():
        return path
    below = [inner for inner in folder.iterdir() if inner.is_dir() and inner.name[0] not in "._"]
    near = [folder, *([Path.cwd()] if folder == NOTEBOOKS else []), folder.parent, *below]
    renamed = next((found for found in (_beginning(slug, place) for place in near) if found), [path])
    return renamed[0]


def _beginning(slug: str, folder: Path) -> list[Path]:
    """Notebooks of a folder that begin this chapter under another name, the newest first."""
    begins = re.compile(rf"start\.here\(\s*\\?[\"']{re.escape(slug)}\\?[\"']")
    found = [path for path in folder.glob("*.ipynb") if _is_file(path) and begins.search(_text(path))]
    return sorted(found, key=lambda path: -path.stat().st_mtime)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False
