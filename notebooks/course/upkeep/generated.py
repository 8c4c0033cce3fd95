"""What `make refresh` writes from data into pages that people write: parts of the notebooks and of README.md.

A part of a notebook is a Markdown cell with a known id: the note on content, the short answers, the words of
the chapter. The minutes that a chapter claims are counted anew. The links from the first use of a word are set in
the prose itself, and its further sources folded.
"""

from __future__ import annotations

import copy
import re
from functools import cache
from typing import Any

import nbformat

from ..chapters import chapters, minutes_of, times
from ..evidence import table
from ..evidence.records import Schedule
from ..files import ROOT, write
from ..quiz.bank import banks
from . import citations, faq, glossary, safety

README = ROOT / "README.md"
BEGIN, END = "<!-- {name}: written by make refresh -->", "<!-- end of {name} -->"
SCHEDULES = ("I", "II", "III", "IV", "V", "not controlled")


def cells(notebook: dict[str, Any], chapter: str) -> dict[str, str]:
    """What the Markdown cells of a chapter should hold, by cell id; learners' prose keeps its words."""
    made = copy.deepcopy(notebook)
    for cell in made["cells"]:
        if cell.get("id") == faq.CELL:
            cell["source"] = faq.markdown()
    for cell in made["cells"]:
        if cell.get("id") == safety.CELL:
            cell["source"] = safety.note(topics(made))
    return {
        **{cell["id"]: "".join(cell["source"]) for cell in made["cells"] if cell.get("id") in (faq.CELL, safety.CELL)},
        **glossary.written(made, chapter),
    }


def topics(notebook: dict[str, Any]) -> list[str]:
    """What the prose of a chapter speaks of that calls for a note; its own note does not count."""
    return safety.topics("".join(cell["source"]) for cell in glossary.prose(notebook["cells"]))


def write_into(notebook: dict[str, Any], chapter: str) -> None:
    """Writes these parts into a notebook, counts its minutes, and folds its further sources."""
    citations.write_into(notebook)
    times.state(notebook, sentences_to_write())
    made = cells(notebook, chapter)
    for cell in notebook["cells"]:
        if cell.get("id") in made:
            cell["source"] = made[cell["id"]]
    # The heading stands in a cell of its own: JupyterLab folds the cells below a heading, not the rest of its own.
    ids = [cell.get("id") for cell in notebook["cells"]]
    if glossary.CELL in ids and glossary.HEADING_CELL not in ids:
        heading = {"cell_type": "markdown", "id": glossary.HEADING_CELL, "metadata": {}, "source": glossary.HEADING}
        notebook["cells"].insert(ids.index(glossary.CELL), nbformat.from_dict(heading))


@cache
def sentences_to_write() -> frozenset[str]:
    """Ids of the questions that ask for a sentence, which takes longer than a choice."""
    return frozenset(found.id for each in banks() for found in each.items if found.kind == "mend")


def readme(text: str) -> str:
    """README.md with its tables of chapters and of schedules written anew. Raises `ValueError` without their marks."""
    for name, made in (("chapters", chapters_table()), ("schedules", schedules_table())):
        begin, end = BEGIN.format(name=name), END.format(name=name)
        pattern = re.compile(rf"(?s){re.escape(begin)}.*?{re.escape(end)}")
        if not pattern.search(text):
            raise ValueError(f"README.md: the lines {begin} and {end} are missing. Put them back.")
        text = pattern.sub(lambda _, made=made, begin=begin, end=end: f"{begin}\n{made}\n{end}", text)
    return text


def write_readme() -> None:
    """Brings README.md up to date."""
    write(README, readme(README.read_text(encoding="utf-8")))


def chapters_table() -> str:
    """Every chapter with its promise and its minutes, from the notebooks."""
    found = [chapter for chapter in chapters() if not chapter.trouble]
    lines = [
        f"| [{chapter.number} {chapter.title}](notebooks/{chapter.path.name}) | {chapter.promise} | "
        + " | ".join(str(minutes or "–") for minutes in minutes_of([chapter.box]).values())
        + " |"
        for chapter in found
    ]
    boxes = [chapter.box for chapter in found]
    head = ["| chapter | what it does | Core, minutes | Deeper, minutes |", "|---|---|---|---|"]
    total = "| all, with discussion | | {core} | {deeper} |".format(**minutes_of(boxes))
    return "\n".join([*head, *lines, total, "", times.sentence(boxes)])


def schedules_table() -> str:
    """Opioids and other drugs in each schedule of the United States, from rows that somebody read."""
    rows = [
        found
        for found in table(Schedule)
        if found.jurisdiction == "us" and not found.ended and found.verification in ("primary", "secondary")
    ]
    head = ["| US schedule | opioids | opioid blockers | neither |", "|---|---|---|---|"]
    lines = []
    for schedule in SCHEDULES:
        here = [found for found in rows if found.short == schedule]
        families = [
            ", ".join(dict.fromkeys(found.name for found in here if found.family == family)) or "–"
            for family in ("opioid", "opioid blocker", "not an opioid")
        ]
        lines.append(f"| {schedule} | " + " | ".join(families) + " |")
    checked = max(found.date_checked for found in rows)
    said = "each names its section of the law and its source"
    return "\n".join(
        [
            *head,
            *lines,
            "",
            f"{len(rows)} rows of [data/schedules.csv](data/schedules.csv), last checked on {checked}; {said}.",
        ]
    )
