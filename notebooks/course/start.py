"""The line at the top of a chapter that says whether it is running, and how to begin or go on."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import Any

from . import __version__
from .arguments import forgiving, only
from .chapters import Chapter, anchor, chapter, whereabouts
from .chapters.short import pages, slide_type, texts
from .display import Display, styles
from .display.base import live_script
from .display.files import asset
from .evidence import reference, table
from .evidence.records import RECORDS, Word
from .record import enter, in_use, log
from .record.private import shown

# What tells a kernel that it runs on Binder, where everything is gone at the end.
ON_LOAN = ("BINDER_SERVICE_HOST", "BINDER_LAUNCH_HOST", "BINDER_REPO_URL", "BINDER_REQUEST")


class StartView(Display):
    """Live: what can be done now. Stored: how to begin."""

    kind = "start"

    def __init__(self, slug: str):
        found = _known(slug)
        checked = max(row.date_checked for name in RECORDS for row in table(name))
        # jupyter_server_config.py says so to the kernels of a server that saves displays as pictures and text.
        super().__init__(
            {
                "id": slug,
                "version": __version__,
                "checked": checked.isoformat(),
                "log": shown(log().path),
                "trouble": log().trouble or in_use()[1],
                "place": whereabouts(slug),
                "notice": log().notice,
                "forgets": any(name in os.environ for name in ON_LOAN),
                "whose_server": whose_server(),
                "clean_saves": os.environ.get("COURSE_CLEAN_SAVES") == "1",
                "alive": alive(found),
                "script": {"slides": _slides(found), "words": meanings(found)},
            }
        )

    def offline_spec(self) -> dict[str, Any]:
        """Without what only the live slides need."""
        return {**self.spec, "script": {}}

    def respond(self, request: dict[str, Any]) -> dict[str, Any]:
        """The learner's record as files for her browser to save, where the server forgets it."""
        from .learning.record import TOO_LARGE, files, for_page, own_sign

        if request.get("do") != "export":
            raise ValueError("This page is of another version of the course. Run the cell again.")
        texts, _ = for_page(log().known_as or f"learner-{own_sign()}")
        if not texts:
            raise ValueError(TOO_LARGE)
        return {"events": len(log().events()), **files(texts)}


# Only this line, which each chapter has once, carries what live slides need.
StartView._esm = "\n".join(
    [live_script("start"), *(asset(f"scripts/{name}.js") for name in ("poll", "present", "words"))]
)
StartView._css = f"{styles('live')}\n{asset('styles/present.css')}"


def alive(found: Chapter | None) -> str:
    """What a chapter has to do, in words, as its file has it: "2 pictures to move and 9 questions to answer"."""
    code = found.code if found else []
    pictures = sum(bool(re.match(r"explorers\.(?!predict_)", source)) for source in code)
    guesses = sum(source.startswith("explorers.predict_") for source in code)
    asked = [source for source in code if re.match(r"quiz\.(show|more)\(", source)]
    questions = sum(len(re.findall(r'"Q\d{4}"', source)) for source in asked)
    parts = [
        f"{count} {one if count == 1 else many}"
        for count, one, many in (
            (pictures, "picture to move", "pictures to move"),
            (guesses, "guess to make", "guesses to make"),
            (questions, "question to answer", "questions to answer"),
        )
        if count
    ]
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def meanings(found: Chapter | None) -> dict[str, dict[str, str]]:
    """What the words mean that the prose of a chapter links, by the anchor of each."""
    linked = set(re.findall(r"\]\(#([^()\s]+)\)", "\n".join(found.prose if found else ())))
    return {
        anchor(word.term): {
            "term": word.term,
            "text": f"{word.definition} {word.more}".strip(),
            "source": reference(word.source).label if word.source else "",
        }
        for word in table(Word)
        if anchor(word.term) in linked
    }


def whose_server() -> str:
    """Who the hub says this server belongs to; '' where there is no hub."""
    name = os.environ.get("JUPYTERHUB_USER", "").encode("utf-8", "replace").decode()
    return "".join(" " if unicodedata.category(sign) in ("Cc", "Cf") else sign for sign in name).strip()[:80]


def _slides(found: Chapter | None) -> dict[str, Any]:
    """Short texts and slide types for the live slides, from the notebook's file; nothing if it cannot be read."""
    cells = found.cells if found else []
    shown = {name: pages(text) for name, text in texts(cells).items()}
    return {"texts": shown, "types": [slide_type(cell) for cell in cells]} if cells else {}


def _known(slug: str) -> Chapter | None:
    try:
        return chapter(slug)
    except ValueError:
        return None  # somebody's own notebook, of another name


@forgiving
def here(chapter: str) -> StartView:
    """Begins a chapter, by the name of its notebook: what is done in it is kept under this name."""
    enter(chapter)
    return StartView(chapter)


__getattr__ = only("start", ["here"])
