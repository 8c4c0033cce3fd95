"""One page for a chapter: the answer, one picture, three numbers with their sources, and where to read on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbconvert.filters import markdown2html

from ...chapters import Chapter, ChapterError, chapters
from ...chapters.short import POINT, uncited
from ...display import SPEC_MIME
from ...display.base import picture_image
from ...evidence import DataError, nearest, reference, table
from ...evidence.records import Fact
from ...files import ROOT
from ...quiz.yaml_file import line_of, read_yaml

FILE = ROOT / "data" / "sheets.yaml"
ANSWERS = 2  # of the chapter's key points


def sheets(path: Path = FILE) -> dict[str, dict[str, Any]]:
    """Chapter -> {picture, facts}. Raises `DataError` that names the line and the mend."""
    value, lines, _ = read_yaml(path, path.name)
    known = {chapter.slug for chapter in chapters()}
    facts = {fact.id for fact in table(Fact)}
    made: dict[str, dict[str, Any]] = {}
    for at, entry in enumerate(value.get("sheets") or () if isinstance(value, Mapping) else ()):
        line = line_of(lines, ("sheets", at))
        if not isinstance(entry, Mapping) or set(entry) != {"chapter", "picture", "facts"}:
            raise DataError(path.name, "a sheet has other parts.", "Give it chapter, picture and facts.", row=line)
        if entry["chapter"] not in known:
            raise DataError(path.name, f"no chapter {entry['chapter']!r}.", nearest(entry["chapter"], known), row=line)
        if not isinstance(entry["facts"], list) or len(entry["facts"]) != 3:
            raise DataError(path.name, f"{entry['chapter']} has not three facts.", "Name three rows.", row=line)
        for fact in entry["facts"]:
            if fact not in facts:
                raise DataError(path.name, f"there is no fact {fact!r}.", nearest(str(fact), sorted(facts)), row=line)
        made[entry["chapter"]] = {"picture": entry["picture"], "facts": entry["facts"]}
    return made


def sheet(chapter: Chapter, cells: Sequence[Mapping[str, Any]], entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows, from the executed cells. Raises `ChapterError` for a picture that the chapter has not."""
    specs = [
        output["data"][SPEC_MIME]
        for cell in cells
        for output in cell.get("outputs", ())
        if "chart" in output.get("data", {}).get(SPEC_MIME, {})
    ]
    found = [spec for spec in specs if spec["id"] == entry["picture"]]
    if not found:
        mend = nearest(entry["picture"], [spec["id"] for spec in specs])
        raise ChapterError(f"data/sheets.yaml: {chapter.slug} shows no picture {entry['picture']!r}. {mend}")
    chart = found[0]["chart"]
    facts = {fact.id: fact for fact in table(Fact)}
    every = chapters(chapter.path.parent)
    after = next((one for before, one in zip(every, every[1:], strict=False) if before.slug == chapter.slug), None)
    return {
        "number": chapter.number,
        "title": chapter.title,
        "promise": chapter.promise,
        "answer": answers(chapter),
        "chart": {**chart, "image": picture_image(chart["parts"], chart["width"], chart["height"])},
        "facts": [
            {"text": facts[name].statement, "source": reference(facts[name].source), "row": name}
            for name in entry["facts"]
        ],
        "after": after and {"number": after.number, "title": after.title},
    }


def answers(chapter: Chapter) -> list[str]:
    """The first of its key points, or of its short answer, as HTML without citations and links."""
    text = "\n\n".join(chapter.prose)
    for heading in ("Key points", "The short answer"):
        found = re.search(rf"(?ms)^## {heading}\n+(.*?)(?=^## |\Z)", text)
        if found:
            points = [" ".join(point.split()) for point in POINT.split(found[1])[1:]]
            paragraphs = [" ".join(block.split()) for block in re.split(r"\n\s*\n", found[1]) if block.strip()]
            return [markdown2html(uncited(point)) for point in (points or paragraphs)[:ANSWERS]]
    return [markdown2html(chapter.promise)]
