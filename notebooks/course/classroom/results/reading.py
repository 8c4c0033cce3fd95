"""Reads what learners handed in: exports (xAPI, CSV), answer files of handouts, and zips of these.

Every file is somebody's: it is read as text, within limits, and one that cannot be used is named with the reason and
set aside; the others go on.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ... import record as records
from ...learning.export import COLUMNS
from ...learning.imports import AGAIN, read
from .answers import Answer, judged, of_table

LARGEST = 20_000_000  # bytes of a file: a record of 5,000 answers takes 10 MB
LARGEST_ZIP = 200_000_000  # bytes of all that a zip holds
MOST_IN_ZIP = 5000
ENDINGS = (".json", ".csv", ".zip")
NOTHING = "it holds no answer to any question of this course"
COURSE = "is-ketamine-an-opioid"
_QUESTION = re.compile(r"Q\d{4}")
_EVENT = re.compile(r"[0-9a-f]{32}")
_NEEDED = {"pseudonym", "event", "at_utc", "subject", "what", "answer", "verdict"}


class Unusable(ValueError):
    """Why a file is set aside, in words."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A file that was not used, and why."""

    file: str
    why: str


@dataclass(slots=True)
class Learner:
    """A person of the class: her answers by the id of their event, and her finished sections."""

    name: str
    answers: dict[str, Answer] = field(default_factory=dict)
    sections: set[str] = field(default_factory=set)
    files: list[str] = field(default_factory=list)

    def first(self) -> dict[str, Answer]:
        """Her first answer to each question."""
        found: dict[str, Answer] = {}
        for one in self.answers.values():
            before = found.get(one.item)
            if before is None or (one.number, one.at, one.id) < (before.number, before.at, before.id):
                found[one.item] = one
        return found


@dataclass(slots=True)
class Class:
    """Everybody by pseudonym, and every file that was set aside. read: how many files were used."""

    learners: dict[str, Learner] = field(default_factory=dict)
    aside: list[SetAside] = field(default_factory=list)
    read: int = 0


@dataclass(slots=True)
class _Found:
    """What one file holds."""

    name: str
    answers: list[Answer]
    sections: set[str]


def read_class(paths: Iterable[str | Path], step: Callable[[str], None] = lambda name: None) -> Class:
    """Reads all files in these folders and of these names. step: told the name of each file that is done."""
    found = Class()
    digests: dict[str, str] = {}
    owners: dict[str, str] = {}
    for name, load in _files(paths, found.aside):
        try:
            data = load()
            digest = hashlib.sha256(data).hexdigest()
            if digest in digests:
                raise Unusable(f"it is the same file as {digests[digest]}")
            digests[digest] = name
            _take(found, owners, name, parse(name, data))
            found.read += 1
        except Unusable as why:
            found.aside.append(SetAside(name, str(why)))
        step(name)
    found.learners = dict(sorted(found.learners.items(), key=lambda entry: (entry[0].casefold(), entry[0])))
    return found


def count(paths: Iterable[str | Path]) -> int:
    """How many files there are to read."""
    return sum(1 for _ in _files(paths, []))


def _take(found: Class, owners: dict[str, str], name: str, file: _Found) -> None:
    """Puts a file's answers to those of its learner. owners: event -> pseudonym."""
    others = {owners[one.id] for one in file.answers if one.id in owners} - {file.name}
    if others:
        raise Unusable(
            f"it holds the same answers as a file of “{sorted(others)[0]}”, under the name “{file.name}”: one person "
            "twice, or one file under two names"
        )
    learner = found.learners.get(file.name) or Learner(file.name)
    new = [one for one in file.answers if one.id not in learner.answers]
    if learner.files and not new and file.sections <= learner.sections:
        raise Unusable(f"all that it holds stands in {learner.files[0]} already")
    for one in new:
        learner.answers[one.id] = one
        owners[one.id] = file.name
    learner.sections |= file.sections
    learner.files.append(name)
    found.learners[file.name] = learner


# -- the files ----------------------------------------------------------------------------------------------------


def _files(paths: Iterable[str | Path], aside: list[SetAside]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Each file's name, and what reads it; folders with all that is in them, in order of names."""
    for path in map(lambda one: Path(one).expanduser(), paths):
        if path.is_dir() and not path.is_symlink():
            inner = sorted(one for one in path.rglob("*") if not one.is_dir() or one.is_symlink())
            for one in inner:
                if not any(part.startswith(".") for part in one.relative_to(path).parts):
                    yield from _of(one, str(one.relative_to(path)), aside)
        elif path.exists() or path.is_symlink():
            yield from _of(path, path.name, aside)
        else:
            aside.append(SetAside(str(path), "there is no such file or folder"))


def _of(path: Path, name: str, aside: list[SetAside]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    if path.suffix.lower() == ".zip" and path.is_file() and not path.is_symlink():
        yield from _of_zip(path, name, aside)
    else:
        yield name, lambda: _bytes(path)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_symlink():
            raise Unusable("it is a link to another file")
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise Unusable("it is no plain file")
        if about.st_size > LARGEST:
            raise Unusable(f"it is larger than {LARGEST // 1_000_000} MB, far more than a learner's work takes")
        return path.read_bytes()
    except OSError as problem:
        raise Unusable(f"it cannot be read ({problem.strerror})") from None


def _of_zip(path: Path, name: str, aside: list[SetAside]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    try:
        archive = zipfile.ZipFile(path)
        inside = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        aside.append(SetAside(name, "it is no zip that can be opened"))
        return
    with archive:
        size = sum(one.file_size for one in inside)
        if len(inside) > MOST_IN_ZIP or size > LARGEST_ZIP:
            aside.append(SetAside(name, f"it would unpack to {len(inside):,} files of {size / 1e6:,.0f} MB, too much"))
            return
        for one in sorted(inside, key=lambda entry: entry.filename):
            yield f"{name} ▸ {one.filename}", lambda one=one: _bytes_in(archive, one)  # type: ignore[misc]


def _bytes_in(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > LARGEST:
        raise Unusable(f"it is larger than {LARGEST // 1_000_000} MB, far more than a learner's work takes")
    try:
        with archive.open(entry) as opened:  # what a zip says of its sizes need not be true
            data = opened.read(LARGEST + 1)
    except Exception:  # noqa: BLE001 - zipfile raises many kinds for a file made to hurt
        raise Unusable("it cannot be unpacked") from None
    if len(data) > LARGEST:
        raise Unusable(f"it is larger than {LARGEST // 1_000_000} MB, far more than a learner's work takes")
    return data


# -- their kinds --------------------------------------------------------------------------------------------------


def parse(name: str, data: bytes) -> _Found:
    """What a file holds, by its content. Raises `Unusable`."""
    if not data.strip():
        raise Unusable("it is empty")
    if name.lower().endswith(".zip"):
        raise Unusable("it is a zip inside of a zip")
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    try:
        found = {b"[": _statements, b"{": _handout}.get(start, _table)(name, data)
    except UnicodeDecodeError:
        raise Unusable("it is no text, so no file of this course") from None
    if not found.answers and not found.sections:
        raise Unusable(NOTHING)
    return found


def _whose(text: Any) -> str:
    try:
        return records.pseudonym(text)
    except ValueError:
        raise Unusable("it bears no name: nobody can be given these answers") from None


def _alone(names: Iterable[str]) -> str:
    each = sorted(set(names))
    if len(each) > 1:
        people = ", ".join(f"“{one}”" for one in each[:5])
        raise Unusable(f"it holds the work of {len(each)} people: {people}")
    return _whose(each[0] if each else "")


def _statements(name: str, data: bytes) -> _Found:
    try:
        held = read("file.json", io.BytesIO(data))
    except ValueError as why:
        said = str(why).removeprefix("file.json").removesuffix(AGAIN)
        raise Unusable(f"it is damaged or foreign: {said.strip(' ,:.')}") from None
    if not held.events:
        raise Unusable(NOTHING)
    answers, sections = [], set()
    for event in held.events:
        if event.kind == "answer" and (one := judged(event.id, event.subject, event.at, event.value)):
            answers.append(one)
        elif event.kind == "section" and event.value is True:
            sections.add(event.subject)
    return _Found(_alone(held.names), answers, sections)


def _table(name: str, data: bytes) -> _Found:
    lines = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    try:
        if not _NEEDED <= set(lines.fieldnames or ()):
            raise Unusable("it is no file of this course: neither an export nor the answers of a handout")
        rows = [{key: _bare(value) for key, value in row.items() if key in COLUMNS} for row in lines]
    except csv.Error:
        raise Unusable("it is a table that cannot be read") from None
    if not rows:
        raise Unusable(NOTHING)
    answers, sections = [], set()
    for row in rows:
        if not _EVENT.fullmatch(row["event"]):
            raise Unusable("it is damaged: a row has no event of this course")
        if row["what"] == "answer" and row.get("counts", "yes") == "yes":
            one = of_table(row["event"], row["subject"], row["at_utc"], row["verdict"], row["answer"], row)
            answers += [one] if one else []
        elif row["what"] == "finished section":
            sections.add(row["subject"])
    return _Found(_alone(row["pseudonym"] for row in rows), answers, sections)


def _bare(value: Any) -> str:
    """A cell without the mark that keeps spreadsheets from taking it for a formula."""
    text = value if isinstance(value, str) else ""
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@" else text


def _handout(name: str, data: bytes) -> _Found:
    def refuse(constant: str) -> Any:
        raise ValueError(constant)

    try:
        held = json.loads(data.decode("utf-8-sig"), parse_constant=refuse)
    except (ValueError, RecursionError) as problem:
        if isinstance(problem, UnicodeDecodeError):
            raise
        raise Unusable("it is damaged: it cannot be read as JSON") from None
    given, answers = held.get("given"), held.get("answers")
    if held.get("course") != COURSE or held.get("format") != 1 or not isinstance(answers, dict):
        raise Unusable("it is no file of this course: neither an export nor the answers of a handout")
    person, page = _whose(held.get("name")), str(held.get("page"))
    times = given if isinstance(given, dict) else {}
    found, sections = [], set()
    for key, value in answers.items():
        subject = key.partition(":")[2]
        at = times[key].get("at") if isinstance(times.get(key), dict) else held.get("saved")
        if _QUESTION.fullmatch(subject):
            # The same answer saved twice is one answer; the same words at another time are another.
            text = json.dumps([person, page, subject, at, value], sort_keys=True)
            event = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
            tries = value.get("tries") if isinstance(value, dict) else None
            one = judged(event, subject, at, {**value, "try": tries or 1} if isinstance(value, dict) else None)
            found += [one] if one else []
        elif value is True and "#" in subject:
            sections.add(subject)
    return _Found(person, found, sections)
