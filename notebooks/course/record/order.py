"""The order of events: within one file that of arrival, whatever the clock said; between files that of time."""

from __future__ import annotations

import datetime as dt
import heapq
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter

from .event import Event

AHEAD = dt.timedelta(minutes=5)  # what is stamped further in the future was stamped by a clock that was wrong


def ordered(arrived: Sequence[tuple[Event, bool]]) -> list[Event]:
    """Events in order, each with its `when`. arrived: (event, whether it was written in this very file), as they came.

    What was written here comes after everything that was in the file before. What came from another file is put
    among the rest by time, and keeps the order that it had in its own file.
    """
    latest = (dt.datetime.now(dt.UTC) + AHEAD).isoformat(timespec="milliseconds")
    found: list[Event] = []
    came: list[Event] = []
    for event, own in arrived:
        if not own:
            came.append(event)
            continue
        if came:
            found, came = _put_together(found, came, latest), []
        found.append(event)
    if came:
        found = _put_together(found, came, latest)
    _believe(found, latest)
    return found


def _put_together(found: list[Event], came: Iterable[Event], latest: str) -> list[Event]:
    files: dict[str, list[tuple[int, Event]]] = {}
    for event in came:
        file, _, number = event.origin.removeprefix("?:0").rpartition(":")
        files.setdefault(file, []).append((int(number) if number.isdecimal() else 0, event))
    sequences = [found]
    for file, events in files.items():
        in_order = sorted(events, key=lambda one: one[0] if file else one[1].at)
        sequences.append([event for _, event in in_order])
    for events in sequences:
        _believe(events, latest)
    return list(heapq.merge(*sequences, key=attrgetter("when")))


def _believe(events: list[Event], latest: str) -> None:
    """Sets `when` of events in the order in which they happened, so that it never goes back.

    A clock that was wrong for a while leaves stamps that do not fit the order. The longest run of stamps that do fit
    is believed; the others take the moment of the believed one before them, or else after them.
    """
    before = ""
    for event in events:
        if event.at < before or event.at > latest:
            break
        event.when = before = event.at
    else:
        return
    ends: list[str] = []  # the smallest last stamp of a fitting run of each length
    last: list[int] = []
    came_from: list[int] = [-1] * len(events)
    for place, event in enumerate(events):
        if event.at > latest:
            continue
        length = bisect_right(ends, event.at)
        came_from[place] = last[length - 1] if length else -1
        ends[length : length + 1] = [event.at]
        last[length : length + 1] = [place]
    believed, place = set(), last[-1] if last else -1
    while place >= 0:
        believed.add(place)
        place = came_from[place]
    when = events[min(believed)].at if believed else ""
    for place, event in enumerate(events):
        when = event.at if place in believed or not when else when
        event.when = when
