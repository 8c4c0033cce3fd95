"""The line at the top of a chapter that says whether it is running, and how to begin or go on."""

from __future__ import annotations

from . import __version__
from .display import Display
from .evidence import table
from .evidence.records import RECORDS


class StartView(Display):
    """Live: what can be done now. Stored: how to begin."""

    kind = "start"

    def __init__(self, chapter: str):
        checked = max(row.date_checked for name in RECORDS for row in table(name))
        super().__init__({"id": chapter, "version": __version__, "checked": checked.isoformat()})


def here(chapter: str) -> StartView:
    """Begins a chapter, by the name of its notebook."""
    return StartView(chapter)
