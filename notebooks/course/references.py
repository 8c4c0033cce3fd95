"""The reference list at the end of a chapter: every source that its prose and its displays cite."""

from __future__ import annotations

import json
import re
from pathlib import Path

from .display import Display, cited, source_links
from .evidence import nearest, same_address
from .evidence import references as all_references

NOTEBOOKS = Path(__file__).resolve().parents[1]
LINK = re.compile(r"\]\((https://[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")


class ReferencesView(Display):
    """Sources in alphabetical order, each with its link."""

    kind = "references"

    def __init__(self, chapter: str, keys: list[str]):
        known = all_references()
        ordered = sorted(keys, key=lambda key: (known[key].label.casefold(), key))
        sources = [{**link, "read_in": known[link["key"]].read_in} for link in source_links(ordered)]
        super().__init__({"id": chapter, "sources": sources})


def show(chapter: str) -> ReferencesView:
    """The sources of a chapter, by the name of its notebook ("03-how-much-binds").

    Sources of the prose are read from the notebook file; those of charts and questions are the ones
    that have been shown since the kernel started. Raises `ValueError` with the nearest chapter.
    """
    return ReferencesView(chapter, list({**dict.fromkeys(prose_keys(chapter)), **cited}))


def prose_keys(chapter: str) -> list[str]:
    """Keys of the sources that the Markdown cells of a chapter link to, in order of appearance."""
    path = NOTEBOOKS / f"{chapter}.ipynb"
    if not path.exists():
        chapters = sorted(file.stem for file in NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))
        raise ValueError(f"There is no chapter {chapter!r}. {nearest(chapter, chapters)}")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    by_url: dict[str, str] = {}
    for source in all_references().values():
        by_url.setdefault(same_address(source.url), source.key)
    found = []
    for cell in cells:
        if cell["cell_type"] == "markdown":
            urls = map(same_address, LINK.findall("".join(cell["source"])))
            found += [by_url[url] for url in urls if url in by_url]
    return list(dict.fromkeys(found))
