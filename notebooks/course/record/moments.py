"""Moments that every notebook on a computer tells alike, even while the clock is wrong."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@cache
def _boot() -> str:
    """Which start of the computer this is, or '' where the system does not tell."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def now() -> str:
    """This moment: the start of the computer, the nanoseconds since, and those of the clock."""
    return f"{_boot()}:{time.monotonic_ns()}:{time.time_ns()}"


def is_before(one: str, other: str) -> bool:
    """Whether a moment came before another: by time since the same start of the computer, else by the clock."""
    (boot, since_boot, clock), (other_boot, other_since_boot, other_clock) = one.split(":"), other.split(":")
    if boot and boot == other_boot:
        return int(since_boot) < int(other_since_boot)
    return int(clock) < int(other_clock)
