"""One thing a learner did, its text on the disk, and a check that tells whether that is still what was written."""

from __future__ import annotations

import gc
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


# Not frozen: a record of 100,000 events is read at the start of a page, and frozen ones take three times as long.
@dataclass(slots=True)
class Event:
    """One thing a learner did. `at` is UTC in ISO 8601; `value` is plain data; None means that she took it back.

    chapter: the notebook in which she did it, or '' where that is not known. origin: where it was written first, as
    `<record>:<place>`, or '' where that is not known. when: its moment, as far as the clock can be believed: `at`, or
    that of a neighbor if the clock was wrong; set when a record is read.
    """

    id: str
    at: str
    kind: str
    subject: str
    value: Any
    chapter: str = ""
    origin: str = field(default="", compare=False, repr=False)
    when: str = field(default="", compare=False, repr=False)


def as_text(value: Any) -> str:
    """Plain data as JSON. Raises `ValueError` for anything else."""
    try:
        # Half of a pair of surrogates is no text that a file or a store takes.
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace").decode()
    except (TypeError, ValueError, RecursionError):
        raise ValueError("Only plain data can be kept: text, finite numbers, yes or no, lists, mappings.") from None


def seal(place: int, *parts: str) -> int:
    """A check of a row: its place and its texts, in the order of the table. Finds every flipped bit."""
    return zlib.crc32("\x1f".join((str(place), *parts)).encode())


@contextmanager
def many_at_once() -> Iterator[None]:
    """Makes very many objects in one go: else each few hundred new ones would have Python look through all of them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
