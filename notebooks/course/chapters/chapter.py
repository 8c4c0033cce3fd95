"""A chapter as its notebook file has it: name, promise, minutes. Standard library only."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

NAME = re.compile(r"[0-9][0-9]-.+\.ipynb")


class ChapterError(Exception):
    """A chapter cannot become a page; the message names the notebook, the cell and the mend."""


@dataclass(frozen=True)
class Chapter:
    """A notebook. `text` is the file as it was when the build began."""

    path: Path
    text: str

    @property
    def slug(self) -> str:
        return self.path.stem

    @cached_property
    def notebook(self) -> dict[str, Any]:
        """The file, without outputs it may have stored. Raises `ChapterError`."""
        try:
            notebook = json.loads(self.text)
            for cell in notebook["cells"]:
                cell["source"] = "".join(cell["source"])
                if cell["cell_type"] == "code":
                    cell["outputs"], cell["execution_count"] = [], None
        except (ValueError, KeyError, TypeError) as error:
            raise ChapterError(
                f"{self.path.name} is not a notebook ({error}). Take it from the course's repository again."
            ) from None
        return notebook

    @cached_property
    def prose(self) -> list[str]:
        """The Markdown that students read, cell by cell."""
        return [
            cell["source"]
            for cell in self.notebook["cells"]
            if cell["cell_type"] == "markdown" and not tags(cell) & {"instructor", "skip-handout"}
        ]

    @cached_property
    def title(self) -> str:
        """The one H1. Raises `ChapterError` if there is none, or another."""
        found = re.findall(r"^# +(.+?) *#*$", _without_code("\n\n".join(self.prose)), re.MULTILINE)
        if len(found) != 1:
            raise ChapterError(f"{self.path.name} has {len(found)} first-level headings (# …); a chapter has one.")
        return plain(found[0])

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
    def minutes(self) -> str:
        """What the time box says: how long to read, do and discuss; or nothing."""
        box = re.search(r"^.*\b[0-9]+ (?:min\b|minutes\b).*$", "\n".join(self.prose), re.MULTILINE)
        if not box:
            return ""
        return re.sub(r"^Time[.:]\s*", "", plain(re.sub(r"^[->|\s]+", "", box[0])).strip(" |"))


def chapters(folder: Path) -> list[Chapter]:
    """The chapters of a folder, in order."""
    return [
        Chapter(path, path.read_text(encoding="utf-8"))
        for path in sorted(folder.iterdir())
        if NAME.fullmatch(path.name)
    ]


def tags(cell: dict[str, Any]) -> set[str]:
    """The tags of a cell."""
    return set(cell.get("metadata", {}).get("tags", ()))


def plain(markdown: str) -> str:
    """A line of Markdown without its marks."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`", "", text)
    return re.sub(r"\\([\\*_#`])", r"\1", text).strip()


def _without_code(markdown: str) -> str:
    return re.sub(r"^(```|~~~).*?^\1", "", markdown, flags=re.MULTILINE | re.DOTALL)
