"""One record: events in one SQLite file that is only ever added to, written by several notebooks at once.

An event is on the disk before `write` returns. While the file cannot be used, events wait in memory, `trouble` says
so in plain words, and the file is tried again at each write, every few seconds, and at the end.
"""

from __future__ import annotations

import atexit
import datetime as dt
import json
import sqlite3
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from . import moments, schema
from .event import Event, as_text, many_at_once
from .faults import Damaged, Erased
from .names import slug
from .order import ordered
from .transactions import RecordFile, Trouble

SECONDS_TO_NEXT_TRY = 5.0


# The chapter that this kernel runs. A kernel belongs to one notebook.
_entered = ""


def enter(name: str) -> None:
    """Notes which chapter this notebook is, for the events that it writes."""
    global _entered
    _entered = name


def chapter() -> str:
    """The chapter that this notebook has entered, or ''."""
    return _entered


class Log:
    """Events of the record whose file is `base`. name: whose, in a new file. go_on: where an erased one's events go."""

    def __init__(self, base: Path, name: str = "", go_on: Callable[[], Log] | None = None):
        self._file = RecordFile(base, name, lambda found: base.stem == f"record-{slug(found, always=True)}")
        self._go_on = go_on
        self._lock = threading.RLock()
        self._waiting: list[Event] = []
        self._since: dict[str, str] = {}  # id of an event that waits -> the moment from which it does
        self._trouble: tuple[str, str] | None = None
        self._tried = 0.0
        self._told = ""
        self._timer: threading.Timer | None = None
        self._forget()
        with self._lock:
            self._arrived_now()  # all of it is looked at before anything is added to it
            if self._trouble is None and not self._about:
                self._flush()
        _logs.add(self)

    @property
    def path(self) -> Path:
        """The file in which the record is now."""
        return self._file.path

    @property
    def trouble(self) -> str:
        """What to tell the learner while the file cannot be used; '' when all is well."""
        with self._lock:
            if self._trouble and time.monotonic() - self._tried > 1:
                self._flush_quietly()
            if not self._trouble:
                return ""
            said, cure = self._trouble
            waiting = len(self._waiting)
            wait = "1 answer waits" if waiting == 1 else f"{waiting} answers wait"
            keeps = (
                f"{wait} in this notebook’s memory and will go into the file as soon as it can be used. Until then, "
                "do not close this notebook or restart its kernel."
                if waiting
                else "What you answer meanwhile is kept in this notebook’s memory, and goes into the file as soon as "
                "it can be used."
            )
            return f"{said} {keeps} {cure}".strip()

    @property
    def notice(self) -> str:
        """What was lost when the file was found damaged, and what was kept; '' if that never happened."""
        self._arrived_now()
        return self._about.get("notice", "")

    @property
    def seed(self) -> str:
        """Words that are this record's own and stay the same, for what differs from learner to learner; '' for none."""
        self._arrived_now()
        return str(self._about.get("record", ""))

    @property
    def known_as(self) -> str:
        """The pseudonym under which this record was begun, or last exported; '' for none yet."""
        self._arrived_now()
        return self._about.get("pseudonym") or self._about.get(schema.KNOWN_AS, "")

    def be_known_as(self, name: str) -> None:
        """Notes the pseudonym of a record that was begun without one; as far as its file can be written."""
        with self._lock:
            if self.known_as == name or self._about.get("pseudonym"):
                return
            try:
                self._file.attempt(lambda database: schema.note(database, {schema.KNOWN_AS: name}), write=True)
            except (Trouble, Erased):
                return  # told when the next answer is written

    @property
    def sources(self) -> set[str]:
        """Ids of the records in which its events were first written, its own among them."""
        with self._lock:
            self._arrived_now()
            own = self._about.get("record", "")
            found = {event.origin.partition(":")[0] for event, _ in self._arrived if event.origin}
            return (found | {own}) - {"", "?"}

    def tell(self) -> str:
        """What to tell with an answer: the trouble, or, once, what was lost and kept."""
        notice = self.notice
        fresh = notice if notice != self._told else ""
        self._told = notice
        return self.trouble or fresh

    def write(self, kind: str, subject: str, value: Any, chapter: str = "", event_id: str = "") -> Event:
        """Adds an event and returns it once it is on the disk (or in memory, if `trouble` says so).

        chapter: without one, the chapter that this notebook has entered. event_id: of an answer that may arrive twice;
        the second time nothing is added, and the first event is returned. Raises `ValueError` for a value that is not
        plain data.
        """
        return self.write_many([(kind, subject, value, chapter, event_id)])[0]

    def write_many(self, entries: Iterable[Sequence[Any]]) -> list[Event]:
        """Adds events at the same moment, all or none. entries: (kind, subject, value[, chapter[, event id]]) of each.

        Entries that all bear ids which are in the record were added before: those events are returned.
        """
        entries = [(*entry, "", "")[:5] if len(entry) < 5 else tuple(entry) for entry in entries]
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        events = []
        for kind, subject, value, where, event_id in entries:
            texts = (kind, subject, where, event_id)
            if not all(isinstance(text, str) and text == text.encode("utf-8", "replace").decode() for text in texts):
                raise ValueError("Kind, subject and chapter of an event are text.")
            plain = json.loads(as_text(value))
            events.append(Event(event_id or uuid.uuid4().hex, now, kind, subject, plain, where or chapter()))
        with self._lock:
            known = self._known([entry[4] for entry in entries])
            if known:
                return known
            self._waiting += events
            try:
                if events:
                    self._flush()
            finally:
                self._since |= {event.id: moments.now() for event in self._waiting if event.id not in self._since}
        return events

    def _known(self, ids: list[str]) -> list[Event]:
        """The events with these ids, in their order, if all are in the record; otherwise none."""
        if not ids or not all(ids):
            return []
        self._arrived_now()
        found = {**self._ids, **{event.id: event for event in self._waiting}} if self._waiting else self._ids
        return [found[event_id] for event_id in ids] if all(event_id in found for event_id in ids) else []

    def reset(self, subjects: Iterable[str]) -> list[Event]:
        """What was done before under these subjects no longer counts; it stays in the file. All or none."""
        return self.write_many([("reset", subject, None) for subject in dict.fromkeys(subjects)])

    def merge(self, events: Iterable[Event]) -> int:
        """Adds another record's events under their own ids, all or none; returns how many were new.

        Raises `ValueError` if this record cannot be written, or has an event of the same id that says something else.
        """
        wanted = {event.id: event for event in events}
        rows = [(*_row(event), event.origin or "?:0") for event in wanted.values()]

        def put(database: sqlite3.Connection) -> int:
            self._load(database)
            new = 0
            for row, event in zip(rows, wanted.values(), strict=True):
                known = self._ids.get(event.id)
                if known and known != event:
                    raise ValueError(
                        f"The event {event.id} is in your record already and says something else there. One of "
                        "the two was changed by hand. Nothing was taken in."
                    )
                if not known:
                    schema.add(database, *row)
                    new += 1
            return new

        with self._lock:
            try:
                return self._file.attempt(put, write=True)
            except Trouble as problem:
                self._in_trouble(problem)
                raise ValueError(f"{self.trouble} Nothing was taken in.") from None
            except Erased:
                raise ValueError("This record was erased by another notebook. Nothing was taken in.") from None

    def events(self) -> list[Event]:
        """All events, oldest first, resets and what they hide among them."""
        with self._lock:
            self._arrived_now()
            if self._in_order is None:
                self._in_order = ordered(self._arrived)
            waiting = [event for event in self._waiting if event.id not in self._ids]
            for event in waiting:
                event.when = event.at
            return [*self._in_order, *waiting]

    def counted(self) -> list[Event]:
        """The events that count, oldest first: those that no later reset of their subject hides.

        The same list as long as nothing was added: who works something out from it may keep that.
        """
        with self._lock:
            self._arrived_now()
            key = (self._about.get("record"), len(self._arrived), tuple(event.id for event in self._waiting))
            if self._counted is None or self._counted[0] != key:
                found = self.events()
                last = {event.subject: place for place, event in enumerate(found) if event.kind == "reset"}
                left = [event for place, event in enumerate(found) if place > last.get(event.subject, -1)]
                newest_of = {(event.kind, event.subject): event for event in left if event.kind != "reset"}
                self._counted = (key, left, newest_of)
            return self._counted[1]

    def latest(self, kind: str, subjects: Iterable[str]) -> dict[str, Event]:
        """The newest event of each subject; a subject that was taken back or reset, or has none, is left out."""
        with self._lock:
            self.counted()
            newest_of = self._counted[2]
            found = {subject: newest_of.get((kind, subject)) for subject in subjects}
            return {subject: event for subject, event in found.items() if event and event.value is not None}

    # What is in memory of the file.

    def _forget(self) -> None:
        self._about: dict[str, str] = {}
        self._arrived: list[tuple[Event, bool]] = []
        self._ids: dict[str, Event] = {}
        self._last: tuple[Any, ...] = ()
        self._in_order: list[Event] | None = None
        self._counted: tuple[Any, list[Event], dict[tuple[str, str], Event]] | None = None

    def _arrived_now(self) -> None:
        """Takes in what came since, from this notebook or another."""
        try:
            self._file.attempt(self._load, write=False)
            if self._trouble and not self._waiting:
                self._flush_quietly()
        except Trouble as problem:
            self._in_trouble(problem)
        except Erased:
            self._forget()

    def _load(self, database: sqlite3.Connection) -> None:
        about = schema.about(database)
        last = self._last[0] if self._last else 0
        if about.get("record") != self._about.get("record") or (last and schema.row_at(database, last) != self._last):
            self._forget()
            last = 0
        self._about = about
        with many_at_once():
            rows = schema.rows_after(database, last)
            fresh = schema.events_of(rows, about.get("record", ""))
        if rows:
            self._arrived += fresh
            self._ids.update((event.id, event) for event, _ in fresh)
            self._last = rows[-1]
            self._in_order = None
        if not len(self._arrived) == len(self._ids) == int(about.get("events", -1)):
            self._forget()
            raise Damaged("entries are missing in it")

    # What goes into the file.

    def _flush(self) -> None:
        """Puts what waits into the file, if that can be used now.

        If the record was erased, what came later goes into the record in use. Raises `ValueError` if there is none.
        """
        self._tried = time.monotonic()
        waiting = list(self._waiting)
        try:
            self._file.attempt(lambda database: self._put(database, waiting), write=True)
        except Trouble as problem:
            self._in_trouble(problem)
            return
        except Erased as problem:
            self._go_elsewhere(str(problem))
        self._waiting = self._waiting[len(waiting) :]
        self._since = {event.id: self._since[event.id] for event in self._waiting if event.id in self._since}
        self._trouble, self._file.patient = None, True

    def _flush_quietly(self) -> None:
        try:
            self._flush()
        except ValueError:  # erased, and no other record is in use: nobody is here to be told
            self.forget_waiting()

    def _put(self, database: sqlite3.Connection, events: list[Event]) -> None:
        schema.seal_the_rest(database)
        erased_at = schema.about(database).get(schema.ERASED_AT, "")
        for event in self._after(erased_at, events):
            # It may be there already: a disk can report a fault after it has kept what it was given.
            if not database.execute("SELECT 1 FROM events WHERE id = ?", (event.id,)).fetchone():
                schema.add(database, *_row(event))

    def _after(self, erased_at: str, events: list[Event]) -> list[Event]:
        """Events that were not yet answered when the record was erased: what was, must not come back.

        One that is only being written now has not waited, and comes later than everything that is in the file.
        """
        since = self._since
        return [
            one for one in events if not (erased_at and one.id in since and moments.is_before(since[one.id], erased_at))
        ]

    def _go_elsewhere(self, erased_at: str) -> None:
        later = self._after(erased_at, self._waiting)
        if not later:
            return
        other = self._go_on() if self._go_on else None
        if other is None or other is self:
            self.forget_waiting()
            raise ValueError("This record was erased by another notebook. Run the cell again.")
        other.write_many([(event.kind, event.subject, event.value, event.chapter, event.id) for event in later])

    def forget_waiting(self) -> None:
        """What waits in memory goes into no file."""
        with self._lock:
            self._waiting, self._since = [], {}

    def _in_trouble(self, problem: Trouble) -> None:
        self._trouble, self._file.patient = problem.args, False
        if self._timer is None:
            self._timer = threading.Timer(SECONDS_TO_NEXT_TRY, self.try_again)
            self._timer.daemon = True
            self._timer.start()

    def try_again(self) -> None:
        """Takes in what came, and puts what waits into the file, if that can be used now."""
        with self._lock:
            self._timer = None
            self._arrived_now()
            self._flush_quietly()


def _row(event: Event) -> tuple[str, ...]:
    return (event.id, event.at, event.kind, event.subject, as_text(event.value), event.chapter)


_logs: weakref.WeakSet[Log] = weakref.WeakSet()


@atexit.register
def _at_the_end() -> None:
    """What still waits is tried once more when the kernel is shut down."""
    for log in list(_logs):
        if log._waiting:
            log.try_again()
