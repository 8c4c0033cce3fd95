"""The reference list at the end of a chapter: every source that its prose and its displays cite."""

from __future__ import annotations

import re

from .arguments import forgiving, only
from .chapters import chapter as chapter_of
from .display import Display, cited, source_links
from .evidence import references as all_references
from .evidence import same_address

LINK = re.compile(r"\]\((https://[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")


class ReferencesView(Display):
    """Sources in alphabetical order, each with its link."""

    kind = "references"

    def __init__(self, chapter: str, keys: list[str], trouble: str = ""):
        known = all_references()
        ordered = sorted(keys, key=lambda key: (known[key].label.casefold(), key))
        sources = [{**link, "read_in": known[link["key"]].read_in} for link in source_links(ordered)]
        super().__init__({"id": chapter, "sources": sources, "trouble": trouble})


@forgiving
def show(chapter: str) -> ReferencesView:
    """The sources of a chapter, by the name of its notebook ("03-how-much-binds").

    Sources of the prose are read from the notebook file; those of charts and questions are the ones
    that have been shown since the kernel started. Where the file cannot be read the list has these alone, and says so.
    Raises `ValueError` with the nearest chapter.
    """
    trouble = chapter_of(chapter).trouble
    if trouble:
        trouble = f"Sources that only the text links to are missing here: {trouble}"
    return ReferencesView(chapter, list({**dict.fromkeys(prose_keys(chapter)), **cited}), trouble)


def prose_keys(chapter: str) -> list[str]:
    """Keys of the sources that the Markdown cells of a chapter link to, in order of appearance."""
    by_url: dict[str, str] = {}
    for source in all_references().values():
        by_url.setdefault(same_address(source.url), source.key)
    texts = [cell["source"] for cell in chapter_of(chapter).cells if cell["cell_type"] == "markdown"]
    addresses = [same_address(address) for text in texts for address in LINK.findall(text)]
    return list(dict.fromkeys(by_url[address] for address in addresses if address in by_url))


__getattr__ = only("references", ["show"])
