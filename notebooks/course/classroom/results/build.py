"""`make class FILES=…`: reads a class's files, and writes its grade list, its questions, its beliefs and one page."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ...chapters.build import watched
from ...chapters.progress import Progress
from ...display import render
from ...files import ROOT, write
from ...learning.export import cell
from .analysis import Results, analyze
from .reading import count, read_class
from .simulated import simulated_class
from .view import overview, percent, reliability_lines

SUMMARY = "summary.html"
MOST_ON_PAGE = 6
LONGEST_STEM = 120


def main(arguments: list[str] | None = None) -> int:
    """Writes what a class has done. Returns 0, or 1 if no file could be used."""
    parser = argparse.ArgumentParser(prog="python -m course.classroom.results", description="Read a class's files.")
    parser.add_argument("files", nargs="*", help="folders and files of learners; none: the simulated class")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "class", help="where the tables go")
    chosen = parser.parse_args(arguments)
    return watched(lambda progress: build(chosen.files, chosen.out.resolve(), progress), "Tables")


def build(files: Sequence[str | Path], out: Path, progress: Progress) -> int:
    """Reads, writes, and says what was found and what was set aside."""
    if files:
        progress.expect(count(files))
        found = analyze(read_class(files, progress.step))
    else:
        found = analyze(simulated_class())
        progress.say("No FILES were named, so this is the simulated class: nobody’s answers.")
    for one in found.aside:
        progress.say(f"Set aside: {one.file}: {one.why}.")
    if not found.people:
        progress.say("Nothing was written: no file of this course was found that can be used.")
        return 1
    texts = {**tables(found), SUMMARY: summary(found, simulated=not files)}
    for name, text in texts.items():
        write(out / name, text, private=True)
    progress.say(overview(found))
    for line in reliability_lines(found):
        progress.say(line)
    shown = out.relative_to(ROOT) if out.is_relative_to(ROOT) else out
    progress.say(f"Written to {shown}: {', '.join(texts)}. Open {SUMMARY} in a browser to print it.")
    return 0


def tables(found: Results) -> dict[str, str]:
    """The tables by file name: no cell is one that a spreadsheet takes for a formula."""
    people = [
        (
            one.name,
            one.answered,
            _one(one.right),
            _one(one.form_a),
            _one(one.form_b),
            one.first,
            one.sections,
            one.files,
        )
        for one in found.people
    ]
    questions = [
        (
            *(one.id, one.chapter, one.form, one.kind, one.objective, one.stem, one.answers, f"{one.difficulty:.4f}"),
            "" if one.item_rest is None else f"{one.item_rest:.4f}",
            f"{one.hardness:.4f}",
        )
        for one in found.questions
    ]
    choices = [
        (one.id, choice.text, choice.people, "yes" if choice.right else "no")
        for one in found.questions
        for choice in one.choices
    ]
    beliefs = [(one.text, one.people, one.met, " ".join(one.items)) for one in found.beliefs]
    gains = [(one.objective, one.text, one.level, _one(one.before), _one(one.after), one.people) for one in found.gains]
    sentences = [(one.item, one.name, one.text) for one in found.sentences]
    aside = [(one.file, one.why) for one in found.aside]
    return {
        "grades.csv": _csv(
            "pseudonym questions points_percent form_a_percent form_b_percent first_form sections files".split(), people
        ),
        "questions.csv": _csv(
            "question chapter form kind objective stem answers difficulty item_rest hardness_logits".split(), questions
        ),
        "choices.csv": _csv("question choice people right".split(), choices),
        "misconceptions.csv": _csv("misconception people could_show_it questions".split(), beliefs),
        "gain.csv": _csv("objective text level before_percent after_percent people".split(), gains),
        "mended-sentences.csv": _csv("question pseudonym sentence".split(), sentences),
        "set-aside.csv": _csv("file why".split(), aside),
    }


def _one(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + made.getvalue()


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_STEM else f"{text[:LONGEST_STEM].rsplit(' ', 1)[0]} …"


def summary(found: Results, simulated: bool) -> str:
    """One page to print: no names, only the class."""
    hardest = sorted(found.questions, key=lambda one: (one.difficulty, one.id))[:MOST_ON_PAGE]
    gains = sorted(found.gains, key=lambda one: one.before - one.after)
    return render(
        {
            "kind": "class_summary",
            "simulated": simulated,
            "overview": overview(found),
            "reliability": reliability_lines(found),
            "hardest": [(one.id, _short(one.stem), percent(100 * one.difficulty), one.answers) for one in hardest],
            "beliefs": [(one.text, one.people, one.met) for one in found.beliefs[:MOST_ON_PAGE]],
            "calibration": [(one.sure, one.answers, percent(one.share)) for one in found.calibration],
            "gains": [(one.text, percent(one.before), percent(one.after)) for one in gains[:4]],
            "losses": [(one.text, percent(one.before), percent(one.after)) for one in gains[4:][-2:]],
            "aside": len(found.aside),
            "sentences": len(found.sentences),
        },
        "page",
        "",
    )
