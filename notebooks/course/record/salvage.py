"""What is still sound in a damaged file: each row that bears its check, found by its bytes, whatever else is broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .event import seal
from .faults import Damaged
from .schema import sound

# The head of a row, as SQLite writes it: its length, no place, an id of 32 characters, a time of 29.
_HEAD = re.compile(rb"[\x07-\x20]\x00\x4d\x47", re.DOTALL)
_COUNT = re.compile(rb"\x03\x19[\x0d-\x7f]events(\d{1,9})", re.DOTALL)
_NAME = re.compile(rb"(?:\x03\x1f([\x0d-\x7f])|\x04\x1f([\x81-\xff][\x00-\x7f]))pseudonym", re.DOTALL)
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Salvage:
    """Rows that are sound (id, at, kind, subject, value, chapter, origin), in their order.

    total: how many there were, if that is known. lost: how many at least are missing.
    names: pseudonyms that the file seems to bear.
    """

    rows: list[tuple[str, ...]]
    total: int | None
    lost: int
    names: list[str]


def salvage(data: bytes) -> Salvage:
    """What is sound in the bytes of a record's file."""
    size = int.from_bytes(data[16:18], "big")
    size = 65536 if size == 1 else size
    pages = {4096, size} if 512 <= size <= 65536 and size & (size - 1) == 0 else {4096}
    sealed: dict[str, tuple[int, tuple[str, ...]]] = {}
    loose: dict[str, tuple[int, tuple[str, ...]]] = {}
    for page in pages:
        for place, row, has_seal in _rows(data, page):
            (sealed if has_seal else loose).setdefault(row[0], (place, row))
    found = sealed or loose
    if sealed:  # a row that an older course added has no seal yet; a stale copy of a sealed row is not one of those
        last = max(place for place, _ in sealed.values())
        found |= {own: one for own, one in loose.items() if own not in sealed and one[0] > last}
    in_order = sorted(found.values(), key=lambda one: one[0])
    counts = [int(number) for number in _COUNT.findall(data)]
    places = {place for place, _ in in_order}
    seen = max(places, default=0)
    total = max([*counts, seen]) if counts else None
    lost = max((total or seen) - len(in_order), 0)
    return Salvage([row for _, row in in_order], total, lost, list(_names(data)))


def _names(data: bytes) -> Iterator[str]:
    for match in _NAME.finditer(data):
        short, long = match.groups()
        kind = short[0] if short else (long[0] & 0x7F) << 7 | long[1]
        if kind % 2:
            yield data[match.end() : match.end() + (kind - 13) // 2].decode("utf-8", "replace")


def _rows(data: bytes, page: int) -> Iterator[tuple[int, tuple[str, ...], bool]]:
    for match in _HEAD.finditer(data):
        found = _row(data, match.start(), page)
        if found:
            yield found


def _row(data: bytes, start: int, page: int) -> tuple[int, tuple[str, ...], bool] | None:
    """The row whose head begins at `start`, if it is sound: place, texts, whether it bears a seal."""
    head = data[start]
    kinds, at = [], start + 1
    while at < start + head and len(kinds) < 10:
        kind, at = _number(data, at)
        kinds.append(kind)
    if at != start + head or len(kinds) not in (6, 7, 9):
        return None
    lengths = [_length(kind) for kind in kinds]
    if any(length is None for length in lengths):
        return None
    payload = head + sum(lengths)
    body = _payload(data, start, payload, page)
    if body is None:
        return None
    parts, at = [], head
    for length in lengths:
        parts.append(body[at : at + length])
        at += length
    try:
        texts = [part.decode() for part in parts[1:8]]
        texts += [""] * (7 - len(texts))
        if not _ID.fullmatch(texts[0]):
            return None
        sound(texts)
        json.loads(texts[4])
    except (ValueError, Damaged, RecursionError):
        return None
    check = int.from_bytes(parts[8], "big", signed=True) if len(kinds) == 9 and kinds[8] else None
    if len(kinds) == 9 and kinds[8] in (8, 9):
        check = kinds[8] - 8
    for place, before in _places(data, start):
        if check is not None and seal(place, *texts) == check:
            return place, tuple(texts), True
        if check is None and _ends_with_number(data, before, payload):
            return place, tuple(texts), False
    return None


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length number, and where it ends."""
    value = 0
    for step in range(8):
        byte = data[at + step] if at + step < len(data) else 0
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    return value, at + 8


def _length(kind: int) -> int | None:
    """Bytes of a value of this kind; None for a kind that no row of ours has."""
    if kind >= 12:
        return (kind - 12) // 2 if kind < 2_000_000_000 else None
    return {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0}.get(kind)


def _payload(data: bytes, start: int, payload: int, page: int) -> bytes | None:
    """The bytes of a row, put together from the pages on which it goes on."""
    most = page - 35
    local = payload
    if payload > most:
        least = (page - 12) * 32 // 255 - 23
        local = least + (payload - least) % (page - 4)
        local = local if local <= most else least
    found = data[start : start + local]
    if local < payload:
        next_page = int.from_bytes(data[start + local : start + local + 4], "big")
        while len(found) < payload:
            at = (next_page - 1) * page
            if next_page < 2 or at + page > len(data):
                return None
            next_page = int.from_bytes(data[at : at + 4], "big")
            found += data[at + 4 : at + min(page, 4 + payload - len(found))]
    return found if len(found) == payload else None


def _places(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    """What may be the place of the row whose head begins at `start`, and where that number begins."""
    for length in range(1, 6):
        at = start - length
        if at < 1:
            return
        value, end = _number(data, at)
        if end == start and value > 0:
            yield value, at


def _ends_with_number(data: bytes, end: int, value: int) -> bool:
    return any(_number(data, end - length) == (value, end) for length in range(1, 6) if end - length >= 0)
