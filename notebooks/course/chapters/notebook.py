"""A chapter as its notebook has it: title, promise, minutes, headings, questions. The one reader of notebook files.

Standard library only. What cannot be read has a `trouble`, one sentence that names the file and the mend; everything
else of such a chapter is empty or made from its name, so that what lists chapters goes on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

AGAIN = "Take it from the course's repository again."
# Tags of cells that a student's page leaves out.
UNSEEN = frozenset({"instructor", "skip-handout"})
# Beside the chapters, for whoever teaches them: no part of a learner's way, and of no learner's folder of pages.
FOR_INSTRUCTORS = ("90-instructor-guide", "91-class-results")
LAYERS = ("core", "deeper")
ACTIVITIES = ("read", "do", "discuss")
# Headings that end a chapter: nothing in them has to be worked through.
CLOSING = ("Key points", "Words", "Sources", "Next")
_ASKED = re.compile(r"quiz\.(?:show|more)\(([^)]*)\)")
Cell = dict[str, Any]
Box = dict[str, dict[str, int]]


class ChapterError(Exception):
    """A chapter cannot become a page; the message names the notebook, the cell and the mend."""


@dataclass(frozen=True)
class Chapter:
    """A notebook. `text` is the file as it was when it was read. name: the chapter's, if the file has another.

    unread: why the file could not be read, one sentence; nothing if it could.
    """

    path: Path
    text: str
    name: str = ""
    unread: str = ""

    @property
    def slug(self) -> str:
        """The chapter's name in links, records and the bank of questions, such as 03-how-much-binds."""
        return self.name or self.path.stem

    @property
    def number(self) -> str:
        """Its two digits."""
        return self.slug[:2]

    @property
    def for_instructors(self) -> bool:
        """Whether it is one of the two for whoever teaches."""
        return self.slug in FOR_INSTRUCTORS

    @cached_property
    def notebook(self) -> dict[str, Any]:
        """The file, without outputs it may have stored. Raises `ChapterError`."""
        if self.unread:
            raise ChapterError(self.unread)
        try:
            notebook = json.loads(self.text)
            if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
                raise TypeError
            for cell in notebook["cells"]:
                cell["source"] = "".join(cell["source"])
                cell["metadata"] = dict(cell.get("metadata", {}))
                if cell["cell_type"] == "code":
                    cell["outputs"], cell["execution_count"] = [], None
            notebook["metadata"] = dict(notebook.get("metadata", {}))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            reason = "it is empty" if not self.text.strip() else "it has no cells as a notebook has them"
            if isinstance(error, json.JSONDecodeError) and self.text.strip():
                reason = f"line {error.lineno} is no JSON"
            raise ChapterError(f"{self.path.name} is not a notebook ({reason}). {AGAIN}") from None
        return notebook

    @cached_property
    def trouble(self) -> str:
        """Why it cannot be read, one sentence; nothing if it can."""
        try:
            self.notebook  # noqa: B018 - read for its complaint
        except ChapterError as error:
            return str(error)
        return ""

    @property
    def cells(self) -> list[Cell]:
        """Its cells, without outputs; none if it cannot be read."""
        return [] if self.trouble else self.notebook["cells"]

    @cached_property
    def prose(self) -> list[str]:
        """The Markdown that students read, cell by cell."""
        return [cell["source"] for cell in self.cells if cell["cell_type"] == "markdown" and not unseen(cell)]

    @cached_property
    def code(self) -> list[str]:
        """The code that students run, cell by cell."""
        return [cell["source"] for cell in self.cells if cell["cell_type"] == "code" and not unseen(cell)]

    @cached_property
    def title(self) -> str:
        """Its first H1; where there is none, its name in words."""
        found = self._titles()
        words = self.slug[3:].replace("-", " ") if re.match(r"\d\d-", self.slug) else self.slug
        return found[0] if found else words[:1].upper() + words[1:]

    def check(self) -> None:
        """Raises `ChapterError` if it cannot become a page: it cannot be read, or has not one title."""
        count = len(self._titles()) if self.notebook else 0
        if count != 1:
            raise ChapterError(f"{self.path.name} has {count} first-level headings (# …); a chapter has one.")

    @property
    def sound(self) -> bool:
        """Whether it can become a page."""
        try:
            self.check()
        except ChapterError:
            return False
        return True

    def _titles(self) -> list[str]:
        text = _without_code("\n\n".join(self.prose))
        return [plain(words) for words in re.findall(r"^# +(.+?) *#*$", text, re.MULTILINE)]

    @cached_property
    def promise(self) -> str:
        """The first paragraph after the title."""
        after = re.split(r"^# .+$", "\n\n".join(self.prose), maxsplit=1, flags=re.MULTILINE)[-1]
        for paragraph in re.split(r"\n\s*\n", after):
            text = plain(" ".join(paragraph.split()))
            if text and not text.startswith(("#", "|", "!", "<")):
                return text
        return ""

    @cached_property
    def picture(self) -> str:
        """The picture at its head, in Markdown; or nothing."""
        found = re.search(r"(?m)^!\[[^\]]*\]\([^)]*\)$", next(iter(self.prose), ""))
        return found[0] if found else ""

    @cached_property
    def minutes(self) -> str:
        """What the time box says: how long to read, do and discuss; or nothing."""
        box = re.search(r"^.*\b[0-9]+ (?:min\b|minutes\b).*$", "\n".join(self.prose), re.MULTILINE)
        if not box:
            return ""
        return re.sub(r"^Time[.:]\s*", "", plain(re.sub(r"^[->|\s]+", "", box[0])).strip(" |"))

    @cached_property
    def box(self) -> Box:
        """Minutes by layer and activity, from the notebook's metadata: core, deeper, and test where there is one.

        Whatever is missing there takes no time.
        """
        metadata = {} if self.trouble else self.notebook["metadata"]
        stated = _mapping(_mapping(metadata.get("course")).get("minutes"))
        box = {
            layer: {activity: _whole(_mapping(stated.get(layer)).get(activity)) for activity in ACTIVITIES}
            for layer in LAYERS
        }
        return box | ({"test": {"do": _whole(_mapping(stated["test"]).get("do"))}} if "test" in stated else {})

    @cached_property
    def _open(self) -> str:
        """The Markdown of the notebook that is open to a student: also what has no place on a page."""
        cells = [cell for cell in self.cells if cell["cell_type"] == "markdown" and "instructor" not in tags(cell)]
        return _without_code("\n\n".join(cell["source"] for cell in cells))

    @cached_property
    def headings(self) -> dict[str, str]:
        """Anchor -> words, of every heading that students see, in order."""
        found = re.findall(r"(?m)^#{1,6} +(.+?) *$", self._open)
        return {anchor(plain(words)): plain(words) for words in found}

    @cached_property
    def sections(self) -> dict[str, str]:
        """Anchor -> words, of the second-level headings, without those that end a chapter."""
        found = re.findall(r"(?m)^## +(.+?) *$", self._open)
        return {anchor(plain(words)): plain(words) for words in found if plain(words) not in CLOSING}

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Ids of the questions that it asks, from its top to its end."""
        calls = [call for source in self.code for call in _ASKED.findall(source)]
        return tuple(dict.fromkeys(item for call in calls for item in re.findall(r"Q\d{4}", call)))


def read(path: Path, name: str = "") -> Chapter:
    """The notebook in this file, whatever state it is in. name: the chapter's, if the file has another."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():  # a pipe would never end
            return Chapter(path, "", name, f"{path.name} cannot be read (it is not a file). {AGAIN}")
        return Chapter(path, path.read_text(encoding="utf-8"), name)
    except FileNotFoundError:
        reason = f"{path.name} is not there."
    except UnicodeDecodeError:
        reason = f"{path.name} is not a notebook (it is not UTF-8 text)."
    except OSError as error:
        reason = f"{path.name} cannot be read ({'it is a folder' if path.is_dir() else error.strerror})."
    return Chapter(path, "", name, f"{reason} {AGAIN}")


def tags(cell: Mapping[str, Any]) -> set[str]:
    """The tags of a cell."""
    found = _mapping(cell.get("metadata")).get("tags", ())
    return set(found) if isinstance(found, (list, tuple)) else set()


def unseen(cell: Mapping[str, Any]) -> bool:
    """Whether a student's page leaves a cell out."""
    return bool(UNSEEN & tags(cell))


def anchor(words: str) -> str:
    """JupyterLab's own anchor of a heading, so that one link works in the notebook and on the page."""
    return words.strip().replace(" ", "-")


def plain(markdown: str) -> str:
    """A line of Markdown without its marks."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`", "", text)
    return re.sub(r"\\([\\*_#`])", r"\1", text).strip()


def minutes_of(boxes: Iterable[Box]) -> dict[str, int]:
    """Minutes of each layer in all, with discussion."""
    boxes = list(boxes)
    return {layer: sum(sum(box[layer].values()) for box in boxes) for layer in LAYERS}


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _whole(minutes: Any) -> int:
    return minutes if isinstance(minutes, int) and not isinstance(minutes, bool) and minutes >= 0 else 0


def _without_code(markdown: str) -> str:
    return re.sub(r"^(```|~~~).*?^\1", "", markdown, flags=re.MULTILINE | re.DOTALL)
