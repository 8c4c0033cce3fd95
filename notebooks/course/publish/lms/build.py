"""Writes the bank for learning management systems, and a report of what each format cannot say as the course does."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...chapters.build import watched
from ...chapters.progress import Progress
from ...evidence import DataError
from ...files import ROOT
from . import gift, moodle, qti12, qti21, table
from .entries import Entry, NotExpressible, Written, entries
from .packages import packed

REPORT = "report.md"


@dataclass(frozen=True)
class Format:
    """One way to write questions. file: its name. join: makes the file's text, or the files of its zip."""

    name: str
    file: str
    write: Callable[[Entry], Written]
    join: Callable[[list[tuple[Entry, Written]]], Any]
    points: str


FORMATS = (
    Format("Moodle XML", "moodle.xml", moodle.write, moodle.join, "by the share of parts that are right"),
    Format("GIFT", "questions.gift", gift.write, gift.join, "by the share of parts that are right"),
    Format("QTI 1.2 (Canvas)", "canvas-qti-1.2.zip", qti12.write, qti12.join, "as Canvas counts each kind"),
    Format("QTI 2.1", "qti-2.1.zip", qti21.write, qti21.join, "as in the course: half a point for partly right"),
    Format("Table (CSV)", "questions.csv", table.write, table.join, "none are counted by a table"),
)


@dataclass(frozen=True)
class Told:
    """What became of one question in one format: `as it is`, `changed` or `left out`, and in which way."""

    entry: Entry
    format: Format
    what: str
    how: str = ""


def main(arguments: list[str] | None = None) -> int:
    """Writes every format. Returns 0, or 1 if the bank cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m course.publish.lms", description="Write the bank for an LMS.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "export", help="where the files go")
    chosen = parser.parse_args(arguments)
    return watched(lambda progress: build(chosen.out.resolve(), progress), "Files")


def build(out: Path, progress: Progress) -> int:
    """Writes all files to `out`, with one step of the bar for each question, and tells what each format changed."""
    try:
        found = entries()
    except DataError as problem:
        progress.say(f"Nothing was written. {problem}")
        return 1
    progress.expect(len(found) * len(FORMATS))
    made, told = {}, []
    for format in FORMATS:
        done = []
        for entry in found:
            try:
                one = format.write(entry)
            except NotExpressible as why:
                told.append(Told(entry, format, "left out", str(why)))
            else:
                done.append((entry, one))
                ways = "; ".join(way for way in (one.changed, entry.stands_as_text) if way)
                told.append(Told(entry, format, "changed" if ways else "as it is", ways))
            progress.step(f"{format.name} {entry.id}")
        text = format.join(done)
        made[format.file] = packed(text) if isinstance(text, dict) else text.encode("utf-8")
    made[REPORT] = report(told).encode("utf-8")
    out.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        part = out / f".{name}.part"
        part.write_bytes(content)
        part.replace(out / name)
    shown = out.relative_to(ROOT) if out.is_relative_to(ROOT) else out
    for line in summary(told):
        progress.say(line)
    progress.say(f"Written to {shown}: {', '.join(made)}. What was changed, question by question: {REPORT}.")
    progress.say(
        "The answers to both forms of the test are public, in the course and in these files: use them to learn, "
        "not to grade."
    )
    return 0


def summary(told: list[Told]) -> list[str]:
    """One line for each format, and one for each way in which it changes a question."""
    lines = []
    for format in FORMATS:
        of_it = [one for one in told if one.format is format]
        count = Counter(one.what for one in of_it)
        lines.append(
            f"{format.name}: {len(of_it)} questions, {count['as it is']} as they are, {count['changed']} changed, "
            f"{count['left out']} left out."
        )
        for (what, how), number in sorted(Counter((one.what, one.how) for one in of_it if one.how).items()):
            lines.append(f"  {what}, {how}: {number}")
    return lines


def report(told: list[Told]) -> str:
    """The report as a page of Markdown: the sum, and every question that a format changed or left out."""
    lines = ["# The questions in other formats", ""]
    lines += ["| format | file | questions | as they are | changed | left out | points for partly right |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for format in FORMATS:
        count = Counter(one.what for one in told if one.format is format)
        numbers = [sum(count.values()), count["as it is"], count["changed"], count["left out"]]
        lines.append(f"| {format.name} | `{format.file}` | {' | '.join(map(str, numbers))} | {format.points} |")
    lines += [
        "",
        "Feedback is kept in all of them: beside its answer where the format has a place for it, else in what is said "
        "after the question. The sureness that the course asks for, and its hints outside of Moodle, stay behind. "
        "Options are shuffled by the system that shows them. The answers to both forms of the test are public: use "
        "them to learn, not to grade.",
        "",
        "## What was changed or left out",
        "",
        "| question | kind | chapter | format | what | how |",
        "|---|---|---|---|---|---|",
    ]
    for one in told:
        if one.what != "as it is":
            item, chapter = one.entry.item, one.entry.category.slug
            lines.append(f"| {item.id} | {item.kind} | {chapter} | {one.format.name} | {one.what} | {one.how} |")
    return "\n".join(lines) + "\n"
