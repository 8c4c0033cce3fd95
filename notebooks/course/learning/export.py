"""A record taken along: as xAPI statements for a record store or another machine, and as a table to read."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from .. import record as records
from ..quiz.kinds import kind_of
from ..record import Event
from ..record.event import as_text
from ..record.parts import fault
from ..record.private import create, shown
from .statements import statement
from .subjects import chapter_of, credit_of, form_of, in_words, item_of, look_anew, part, sureness, title

# A value that is longer cannot be taken in again, nor be read by anybody.
LONGEST_VALUE = 100_000
COLUMNS = (
    "pseudonym",
    "event",
    "at_utc",
    "chapter",
    "form",
    "what",
    "subject",
    "text",
    "answer",
    "verdict",
    "points",
    "right_answer",
    "sureness",
    "sureness_percent",
    "try",
    "hints",
    "mode",
    "answer_seen_before",
    "counts",
    "letters_as_shown",
    "option_ids",
)
WHAT = {
    "answer": "answer",
    "poll": "answer in a poll",
    "draft": "draft",
    "guess": "prediction",
    "claim": "judgment of a claim",
    "section": "finished section",
    "reset": "reset",
}


@dataclass(frozen=True, slots=True, repr=False)
class Export:
    """What was written: the files, how many events they hold, and how many had to be left out."""

    files: tuple[Path, ...]
    events: int
    left_out: int

    def __repr__(self) -> str:
        return f"Export({', '.join(path.name for path in self.files)})"


def export_record(pseudonym: str = "", folder: str | os.PathLike[str] | None = None) -> Export:
    """Writes the record in use as `record-<pseudonym>.xapi.json` and `.csv`, and says which files these are.

    folder: where to; without one, your downloads, or else where the record lies. Files of the same name are replaced.
    pseudonym: how you are called in them; without one, as at the last export. Only your account can read them. The
    statements have the same ids at every export under one pseudonym. Raises `ValueError` for a pseudonym that is
    missing or cannot be used, and for a folder that cannot be written.
    """
    pseudonym = pseudonym or records.log().known_as
    if not pseudonym:
        raise ValueError(
            'Under which pseudonym? Say it, for example learning.export_record("blue heron"). If a teacher gave you '
            "one, take that."
        )
    texts, events, left_out = pieces(pseudonym)
    target = _chosen(folder) if folder is not None else _usual_folder()
    files = []
    for name, parts in texts.items():
        try:
            files.append(_written(target / name, parts))
        except (OSError, ValueError) as problem:
            why = getattr(problem, "strerror", None) or problem
            raise ValueError(
                f"{shown(target / name)} cannot be written ({why}). Name another folder: "
                'learning.export_record(folder="...").'
            ) from None
    records.log().be_known_as(records.pseudonym(pseudonym))
    return Export(tuple(files), events, left_out)


def contents(pseudonym: str) -> tuple[dict[str, str], int, int]:
    """The texts of an export by file name, how many events they hold, and how many had to be left out."""
    texts, events, left_out = pieces(pseudonym)
    return {name: "".join(parts) for name, parts in texts.items()}, events, left_out


def pieces(pseudonym: str) -> tuple[dict[str, Iterator[str]], int, int]:
    """The same, each text piece by piece: a large record is never in memory as a whole text."""
    name = records.pseudonym(pseudonym)
    look_anew()
    record = records.log()
    every, counted = record.events(), {event.id for event in record.counted()}
    events = [event for event in every if _can_be_taken_in(event)]
    stem = f"record-{records.slug(name)}"
    texts = {
        f"{stem}.xapi.json": _statements(events, name),
        f"{stem}.csv": _table(events, name, counted),
    }
    return texts, len(events), len(every) - len(events)


def _can_be_taken_in(event: Event) -> bool:
    """Whether another machine takes this event in. A record from elsewhere may have brought one that none does."""
    return not fault(event.kind, event.value) and len(as_text(event.value).encode()) <= LONGEST_VALUE


def _statements(events: list[Event], pseudonym: str) -> Iterator[str]:
    yield "["
    for place, event in enumerate(events):
        text = json.dumps(statement(event, pseudonym), ensure_ascii=False, allow_nan=False)
        yield f",\n{text}" if place else f"\n{text}"
    yield "\n]\n"


def _table(events: list[Event], pseudonym: str, counted: set[str]) -> Iterator[str]:
    # With the mark by which spreadsheets know UTF-8.
    yield "\ufeff" + _csv(COLUMNS)
    for event in events:
        yield _csv(cell(value) for value in _line(event, pseudonym, event.id in counted))


def _csv(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue()


def _line(event: Event, pseudonym: str, counts: bool) -> list[Any]:
    what = WHAT.get(event.kind, event.kind)
    seen = part(event, "shown")
    return [
        pseudonym,
        event.id,
        event.at,
        event.chapter or chapter_of(event),
        form_of(event.subject),
        f"{what}, taken back" if event.value is None and event.kind != "reset" else what,
        event.subject,
        title(event.subject),
        in_words(event),
        part(event, "verdict"),
        credit_of(event),
        _right_answer(event),
        sureness(event),
        *(part(event, name) for name in ("sure", "try", "hints", "mode")),
        "" if seen is None else "yes" if seen else "no",
        "yes" if counts and event.kind != "reset" else "no",
        *(
            " ".join(map(str, found)) if isinstance(found := part(event, name), list) else ""
            for name in ("letters", "options")
        ),
    ]


def _right_answer(event: Event) -> str:
    """The answer that is right, in words, beside one that was judged."""
    item = item_of(event.subject)
    return kind_of(item).key(item) if item and credit_of(event) is not None else ""


# Marks that show nothing, or nothing but a space: a spreadsheet may drop them, and then sees what follows.
_UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
# What begins with a letter or digit and holds nothing that ends a cell.
_HARMLESS = re.compile(r"[0-9A-Za-z][0-9A-Za-z .:_#()?=+@-]*|")
_SIGNS = frozenset("=+-@\u2212")


def cell(value: Any) -> str:
    """A value as a cell that no spreadsheet takes for a formula, and that holds no control characters.

    Not at its beginning, nor after what another spreadsheet takes for the end of a cell: comma, semicolon, tab or bar.
    """
    text = "" if value is None else str(value)
    if _HARMLESS.fullmatch(text):
        return text
    made: list[str] = []
    begins = 0  # where the cell begins that is being read; -1 in its midst
    for one in text:
        kind = unicodedata.category(one)
        ends = kind in ("Cc", "Zl", "Zp") or unicodedata.normalize("NFKC", one) in (",", ";", "|")
        if begins >= 0 and _sign(one):
            made.insert(begins, "'")
            begins = -1
        elif begins >= 0 and not _is_unseen(one):
            begins = -1
        made.append(" " if kind in ("Cc", "Cs", "Zl", "Zp") else one)
        begins = len(made) if ends else begins
    return "".join(made)


def _sign(one: str) -> bool:
    return one in _SIGNS or (not one.isascii() and unicodedata.normalize("NFKC", one)[:1] in _SIGNS)


def _is_unseen(one: str) -> bool:
    if one in " \"'":
        return True
    return not one.isascii() and (one in _UNSEEN or unicodedata.category(one) in ("Cf", "Mn", "Me", "Zs", "Co", "Cn"))


def _chosen(folder: str | os.PathLike[str]) -> Path:
    try:
        return Path(folder).expanduser()
    except (RuntimeError, ValueError, TypeError):
        mend = 'learning.export_record(folder="...")'
        raise ValueError(f"{folder!r} is no folder. Name another one: {mend}.") from None


def _usual_folder() -> Path:
    downloads = platformdirs.user_downloads_path()
    return downloads if downloads.is_dir() else records.folder()


def _written(path: Path, parts: Iterable[str]) -> Path:
    """Writes a file whole or not at all; nobody else can read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with os.fdopen(create(new), "w", encoding="utf-8", newline="") as opened:
            opened.writelines(parts)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
    return path
