"""A record taken along: as xAPI statements for a record store or another machine, and as a table to read."""

from __future__ import annotations

import csv
import io
import json
import os
import unicodedata
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from .. import log as records
from ..log import Event
from .statements import statement
from .subjects import chapter_of, in_words, part, sureness, title

# A value that is longer cannot be taken in again, nor be read by anybody.
LONGEST_VALUE = 100_000
COLUMNS = (
    "pseudonym",
    "event",
    "at_utc",
    "chapter",
    "what",
    "subject",
    "text",
    "answer",
    "verdict",
    "sureness",
    "sureness_percent",
    "try",
    "hints",
    "mode",
    "answer_seen_before",
    "counts",
)
WHAT = {
    "answer": "answer",
    "poll": "answer in a poll",
    "draft": "draft",
    "guess": "prediction",
    "claim": "judgement of a claim",
    "section": "finished section",
    "reset": "reset",
}


@dataclass(frozen=True, slots=True, repr=False)
class Export:
    """What was written: the files, how many events they hold, and how many were too long to be taken along."""

    files: tuple[Path, ...]
    events: int
    left_out: int

    def __repr__(self) -> str:
        return f"Export({', '.join(path.name for path in self.files)})"


def export_record(pseudonym: str = "learner", folder: str | os.PathLike[str] | None = None) -> Export:
    """Writes the record in use as `record-<pseudonym>.xapi.json` and `.csv`, and says which files these are.

    folder: where to; without one, your downloads, or else where the record lies. Files of the same name are replaced.
    The statements have the same ids at every export, under every pseudonym. Raises `ValueError` for a pseudonym that
    cannot be used or a folder that cannot be written.
    """
    texts, events, left_out = contents(pseudonym)
    target = Path(folder).expanduser() if folder is not None else _usual_folder()
    files = []
    for name, text in texts.items():
        try:
            files.append(_written(target / name, text))
        except OSError as problem:
            raise ValueError(
                f"{target / name} cannot be written ({problem.strerror}). Name another folder: "
                'learning.export_record(folder="...").'
            ) from None
    return Export(tuple(files), events, left_out)


def contents(pseudonym: str) -> tuple[dict[str, str], int, int]:
    """The texts of an export by file name, how many events they hold, and how many had to be left out."""
    name = records.pseudonym(pseudonym)
    record = records.log()
    every, counted = record.events(), {event.id for event in record.counted()}
    events = [event for event in every if len(json.dumps(event.value, ensure_ascii=False).encode()) <= LONGEST_VALUE]
    stem = f"record-{records.slug(name)}"
    texts = {
        f"{stem}.xapi.json": _statements(events, name),
        f"{stem}.csv": _table(events, name, counted),
    }
    return texts, len(events), len(every) - len(events)


def _statements(events: list[Event], pseudonym: str) -> str:
    lines = [json.dumps(statement(event, pseudonym), ensure_ascii=False, allow_nan=False) for event in events]
    return "[" + ",".join(f"\n{line}" for line in lines) + "\n]\n"


def _table(events: list[Event], pseudonym: str, counted: set[str]) -> str:
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for event in events:
        table.writerow([cell(value) for value in _line(event, pseudonym, event.id in counted)])
    # With the mark by which spreadsheets know UTF-8.
    return "\ufeff" + written.getvalue()


def _line(event: Event, pseudonym: str, counts: bool) -> list[Any]:
    what = WHAT.get(event.kind, event.kind)
    seen = part(event, "shown")
    return [
        pseudonym,
        event.id,
        event.at,
        event.chapter or chapter_of(event),
        f"{what}, taken back" if event.value is None and event.kind != "reset" else what,
        event.subject,
        title(event.subject),
        in_words(event),
        part(event, "verdict"),
        sureness(event),
        *(part(event, name) for name in ("sure", "try", "hints", "mode")),
        "" if seen is None else "yes" if seen else "no",
        "yes" if counts and event.kind != "reset" else "no",
    ]


def cell(value: Any) -> str:
    """A value as a cell that no spreadsheet takes for a formula, and that holds no control characters."""
    text = "" if value is None else str(value)
    text = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in text)
    start = unicodedata.normalize("NFKC", text).lstrip()[:1]
    return f"'{text}" if start and start in "=+-@" else text


def _usual_folder() -> Path:
    downloads = platformdirs.user_downloads_path()
    return downloads if downloads.is_dir() else records.folder()


def _written(path: Path, text: str) -> Path:
    """Writes a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with new.open("w", encoding="utf-8", newline="") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
    return path
