"""Where questions stand in the notebooks: their numbers in the order of the page, and the words of headings.

Standard library only. Read once in a session: a notebook that is edited while its kernel runs keeps its numbers.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from ..chapters.chapter import plain, tags

NOTEBOOKS = Path(__file__).resolve().parents[2]
CALL = re.compile(r"quiz\.show\(([^)]*)\)")
UNSEEN = {"instructor", "skip-handout"}


def number(item_id: str, chapter: str) -> str:
    """What a question is called: "6.3" is the third of chapter 06, counted from the top of the page.

    Questions of a form, and those that no notebook shows, are numbered as their ids are.
    """
    shown, own = asked(chapter), int(item_id[3:])
    place = shown.index(item_id) + 1 if item_id in shown else own
    return f"{int(item_id[1:3])}.{place}" if item_id[1:3] != "00" else str(own)


@cache
def asked(chapter: str) -> tuple[str, ...]:
    """Ids of the questions that a chapter asks, from its top to its end."""
    sources = [cell["source"] for cell in _cells(chapter) if cell["cell_type"] == "code" and not tags(cell) & UNSEEN]
    calls = [call for source in sources for call in CALL.findall("".join(source))]
    return tuple(dict.fromkeys(found for call in calls for found in re.findall(r"Q\d{4}", call)))


def title(chapter: str, anchor: str) -> str:
    """The own words of the heading with this anchor."""
    return _headings(chapter).get(anchor, anchor.replace("-", " "))


@cache
def _headings(chapter: str) -> dict[str, str]:
    prose = ["".join(cell["source"]) for cell in _cells(chapter) if cell["cell_type"] == "markdown"]
    titles = [plain(line) for text in prose for line in re.findall(r"(?m)^#{1,6} +(.+?) *$", text)]
    return {words.replace(" ", "-"): words for words in titles}


@cache
def _cells(chapter: str) -> list[dict[str, Any]]:
    path = NOTEBOOKS / f"{chapter}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))["cells"] if path.is_file() else []
