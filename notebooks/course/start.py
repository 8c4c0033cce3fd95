"""The line at the top of a chapter that says whether it is running, and how to begin or go on."""

from __future__ import annotations

import os

from . import __version__
from .display import Display
from .evidence import table
from .evidence.records import RECORDS
from .log import log


class StartView(Display):
    """Live: what can be done now. Stored: how to begin."""

    kind = "start"

    def __init__(self, chapter: str):
        checked = max(row.date_checked for name in RECORDS for row in table(name))
        # jupyter_server_config.py says so to the kernels of a server that saves displays as pictures and text.
        super().__init__(
            {
                "id": chapter,
                "version": __version__,
                "checked": checked.isoformat(),
                "log": str(log().path),
                "trouble": log().trouble,
                "forgets": "BINDER_SERVICE_HOST" in os.environ,
                "clean_saves": os.environ.get("COURSE_CLEAN_SAVES") == "1",
            }
        )


def here(chapter: str) -> StartView:
    """Begins a chapter, by the name of its notebook."""
    return StartView(chapter)
