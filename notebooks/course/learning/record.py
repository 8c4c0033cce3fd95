"""The learner's own record on show: where it lies, what it holds, and what can be done with it."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

from .. import record as records
from ..chapters import slugs
from ..display import Display
from ..record import Event
from .export import export_record, pieces
from .imports import TAKE_ALL, AnotherPerson, import_bytes
from .subjects import chapter_of, sort_of, title

LARGEST_IN_PAGE = 5_000_000  # a larger message breaks the line between page and kernel
LONGEST_LABEL = 70
TOO_LARGE = (
    "The record is too large for a page: take the files from there, or write them where you want them with "
    'learning.export_record(folder="...").'
)
AGAIN = "In notebooks that are open, run the cells again to see it."
COUNTED = {
    "answer": ("answered question", "answered questions"),
    "guess": ("prediction", "predictions"),
    "claim": ("judged claim", "judged claims"),
    "section": ("finished section", "finished sections"),
}
OTHER_CHAPTER = ("", "Not tied to a chapter")


class RecordView(Display):
    """Live: the record and what can be done with it. Offline and stored: where answers are kept, in words.

    What the record holds is asked for by the page, and stands in no markup: that is the same for every learner.
    """

    kind = "record"

    def __init__(self) -> None:
        super().__init__({"id": "my-record", "script": {"largest": LARGEST_IN_PAGE}})

    def respond(self, request: dict[str, Any]) -> dict[str, Any]:
        """Does what the page asks for and tells in words what was done. Raises `ValueError` if it cannot be done."""
        actions = {
            "look": lambda: {},
            "use": lambda: self._use(request.get("name")),
            "begin": lambda: self._begin(request.get("name")),
            "afresh": self._afresh,
            "erase": lambda: self._erase(request["path"]),
            "reset": lambda: self._reset(request.get("what"), request.get("which")),
            "export": lambda: self._export(request.get("pseudonym")),
            "import": lambda: self._import(request.get("name"), request.get("data"), request.get("anyone") is True),
        }
        action = request.get("do")
        if not isinstance(action, str) or action not in actions:
            raise ValueError("This page is of another version of the course. Run the cell again.")
        # What was confirmed on the page must be what is done.
        if action in ("afresh", "erase", "reset") and request.get("path") != str(records.file()):
            raise ValueError("Another record has been put to use in the meantime. Run the cell again, then try again.")
        done = actions[action]()
        return {**done, "state": state()}

    def _use(self, name: Any) -> dict[str, Any]:
        found = records.use(str(name))
        return {"said": f"Now in use: {label(found)}. Open notebooks write to it from their next answer on. {AGAIN}"}

    def _begin(self, name: Any) -> dict[str, Any]:
        made = records.begin(name)
        return {"said": f"Begun and now in use: {label(made)}. Open notebooks write to it from now on. {AGAIN}"}

    def _afresh(self) -> dict[str, Any]:
        kept = records.set_aside()
        if not kept:
            return {"said": "Your record is empty already. Nothing was changed."}
        return {"said": f"A new, empty record has begun. The old one is kept as {kept}. {AGAIN}"}

    def _erase(self, path: str) -> dict[str, Any]:
        used = next((record for record in records.records() if str(record.path) == path), None)
        if not used:
            raise ValueError("This record went on in another file in the meantime. Run the cell again, then try again.")
        erased = records.erase(used.name)
        in_the_name = (
            f" The file’s name, {erased.path.name}, still tells the pseudonym: delete the file yourself once no "
            "notebook is open."
        )
        return {
            "said": f"Erased for good: {label(used)}. Nothing of it is left in its file, which stays, empty, because "
            f"another notebook may have it open.{in_the_name if used.name else ''} Copies that you exported or kept "
            f"are still there. {AGAIN}"
        }

    def _reset(self, what: Any, which: Any) -> dict[str, Any]:
        found = list(dict.fromkeys(event.subject for event in _resettable() if _fits(event, what, which)))
        if not found:
            raise ValueError("There is nothing to reset here.")
        record = records.log()
        record.reset(found)
        things = "1 thing" if len(found) == 1 else f"{len(found)} things"
        kept = record.trouble or "It stays in the file until you erase the record."
        return {"said": f"Reset: {things} you did no longer count{'s' if len(found) == 1 else ''}. {kept} {AGAIN}"}

    def _export(self, pseudonym: Any) -> dict[str, Any]:
        name = records.pseudonym(pseudonym)
        try:
            done = export_record(name)
            where = f"Written: {' and '.join(str(path) for path in done.files)}."
        except ValueError as problem:  # the links of the page still work
            where = f"Not written here. {problem}"
        texts, left_out = for_page(name)
        missing = f" Left out, because no course could take them in: {left_out}." if left_out else ""
        links = "The links below save the same files through your browser." if texts else TOO_LARGE
        return {"said": f"{where}{missing} {links}", **files(texts)}

    def _import(self, name: Any, data: Any, anyone: bool) -> dict[str, Any]:
        try:
            raw = base64.b64decode(data, validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise ValueError("The file did not arrive whole. Choose it again.") from None
        try:
            done = import_bytes(str(name), raw, anyone)
        except AnotherPerson as problem:
            asks = str(problem).removesuffix(TAKE_ALL).strip()
            return {"said": "", "asks": f"{asks} Put it into the record in use all the same?"}
        return {"said": f"Taken in: {done.new} new, {done.known} that your record had already. {AGAIN}"}


def for_page(pseudonym: str) -> tuple[dict[str, str], int]:
    """The texts of an export by file name, or none if they are too large for a page; and how many were left out."""
    texts, _, left_out = pieces(pseudonym)
    found: dict[str, Any] = {}
    for name, parts in texts.items():
        found[name], size = [], 0
        for part in parts:
            size += len(part)
            if size > LARGEST_IN_PAGE:
                return {}, left_out
            found[name].append(part)
    return {name: "".join(parts) for name, parts in found.items()}, left_out


def files(texts: dict[str, str]) -> dict[str, Any]:
    """Files for the page to offer."""
    kinds = {".json": "application/json", ".csv": "text/csv"}
    return {"files": [{"name": name, "type": kinds[Path(name).suffix], "text": text} for name, text in texts.items()]}


def own_sign() -> str:
    """A few signs that tell this record from others, for files that bear no pseudonym."""
    return hashlib.sha256(min(records.log().sources, default="").encode()).hexdigest()[:6]


def label(record: records.Record) -> str:
    """A record by what a learner calls it."""
    return f"the record of {record.name}" if record.name else "the record without a pseudonym"


def state() -> dict[str, Any]:
    """What the page shows: all of it text."""
    record = records.log()
    every = records.records()
    used = next(one for one in every if one.path == record.path)
    counted = _resettable()
    things: dict[str, Event] = {event.subject: event for event in counted}
    chapters = _chapters()
    by_chapter = Counter(chapter_of(event) for event in things.values())
    return {
        "path": str(record.path),
        "whose": used.name,
        "label": label(used),
        "known_as": record.known_as,
        "holds": _holds(counted),
        "trouble_with_it": record.trouble or records.in_use()[1] or record.notice,
        "records": [
            {"value": one.name, "text": one.name or "Without a pseudonym", "in_use": one.in_use} for one in every
        ],
        "chapters": [
            {"value": number, "text": f"{chapters.get(number, number)} ({count})"}
            for number, count in sorted(by_chapter.items(), key=lambda found: (not found[0], found[0]))
        ],
        "items": [
            {"value": event.subject, "text": _short(_item_label(event)), "group": chapters.get(chapter, chapter)}
            for chapter, event in sorted(((chapter_of(one), one) for one in things.values()), key=_order)
        ],
    }


def _resettable() -> list[Event]:
    """What counts and can be reset, oldest first."""
    return [event for event in records.log().counted() if event.kind != "reset"]


def _fits(event: Event, what: Any, which: Any) -> bool:
    wanted = {"all": True, "chapter": chapter_of(event) == which, "item": event.subject == which}
    return wanted.get(what, False) if isinstance(what, str) else False


def _holds(counted: list[Event]) -> str:
    latest = {(event.kind, event.subject): event for event in counted}
    kinds = Counter(kind for (kind, _), event in latest.items() if event.value is not None)
    parts = [f"{kinds[kind]} {words[kinds[kind] != 1]}" for kind, words in COUNTED.items() if kinds[kind]]
    if not counted:
        return "It is empty: nothing was answered yet."
    listed = " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]])) or "what you did"
    return f"It holds {listed}, since {_day(min(event.when or event.at for event in counted))}."


def _day(at: str) -> str:
    day = dt.datetime.fromisoformat(at).astimezone()
    return f"{day.day} {day:%B %Y}"


def _chapters() -> dict[str, str]:
    """Two digits -> how a chapter is called in a list."""
    found = {slug[:2]: slug[3:].replace("-", " ") for slug in slugs()}
    return dict([OTHER_CHAPTER]) | {
        number: f"{number} {words[:1].upper()}{words[1:]}" for number, words in found.items()
    }


def _item_label(event: Event) -> str:
    words = title(event.subject)
    return f"{event.subject} {words}" if sort_of(event.subject) == "item" else words


def _order(entry: tuple[str, Event]) -> tuple[bool, str, str]:
    chapter, event = entry
    return not chapter, chapter, event.subject


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1].rstrip()}…"
