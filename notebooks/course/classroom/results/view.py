"""Shows what a class has done: live from its files, and stored the simulated class alone, so that no name is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...chapters.progress import Progress
from ...learning.report import Report, picture, table, words
from .analysis import Results, analyze
from .charts import calibration_chart, gain_chart, questions_chart
from .reading import count, read_class
from .simulated import simulated_class

MOST_ROWS = 12
MOST_PEOPLE = 500
NBSP = "\u00a0"
SIMULATED = (
    "This is a simulated class: 40 people who never were, made by a model. Run the cell with your own folder to see "
    "your class; what it shows then is not saved in this file."
)


class ClassView(Report):
    """The class in these files and folders; without any, the simulated one."""

    def __init__(self, files: Sequence[str | Path] = ()):
        self.files = tuple(files)
        super().__init__(
            "class-results",
            "Class results",
            SIMULATED,
            example=blocks(analyze(simulated_class()), simulated=True),
            button="Read the files again",
        )

    def blocks(self) -> list[dict[str, Any]]:
        """What the files hold now, with a bar while they are read."""
        if not self.files:
            return [words(SIMULATED, strong=True), *blocks(analyze(simulated_class()), simulated=True)]
        progress = Progress()
        try:
            progress.expect(count(self.files))
            return blocks(analyze(read_class(self.files, progress.step)))
        finally:
            progress.close()


def blocks(found: Results, simulated: bool = False) -> list[dict[str, Any]]:
    """Words, tables and charts of a class."""
    if not found.people:
        return [words("No file of this course was found that can be used.", strong=True), *_aside(found)]
    made = [words(overview(found), strong=True), *_aside(found), _grades(found)]
    if found.questions:
        made += [picture(questions_chart(list(found.questions), simulated)), _distractors(found)]
    made += [words(line) for line in reliability_lines(found)]
    if found.beliefs:
        made.append(_beliefs(found))
    if found.calibration:
        made.append(picture(calibration_chart(list(found.calibration), simulated)))
    if found.gains:
        made.append(picture(gain_chart(list(found.gains), simulated)))
    if found.sentences:
        rows = [(one.item, one.name, one.text) for one in found.sentences]
        made.append(table(f"Mended sentences to read: {len(rows)}", ("Question", "Who", "Wrote"), rows, fold=True))
    return [*made, _completion(found)]


def overview(found: Results) -> str:
    """The class in one line."""
    people, files = len(found.people), found.read
    who = f"{people} {'person' if people == 1 else 'people'} in {files} file{'' if files == 1 else 's'}"
    parts = [f"form {form} from {number}" for form, number in found.handed_in.items()]
    scores = [("A", _mean(one.form_a for one in found.people)), ("B", _mean(one.form_b for one in found.people))]
    means = [f"form {form} {mean:.0f}{NBSP}%" for form, mean in scores if mean is not None]
    return f"{who}: {', '.join(parts)}." + (f" Mean points: {', '.join(means)}." if means else "")


def _mean(values: Any) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) / len(known) if known else None


def percent(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}{NBSP}%"


def reliability_lines(found: Results) -> list[str]:
    """The reliability of each form, in words."""
    return [
        f"Reliability of form {form}: {one.name} {one.alpha:.2f} (95{NBSP}% interval {one.low:.2f} to {one.high:.2f}), "
        f"{one.learners} people, {one.items} questions. "
        + ("Enough to compare groups, not to grade a person." if one.low < 0.9 else "High.")
        for form, one in found.reliability.items()
    ]


def _aside(found: Results) -> list[dict[str, Any]]:
    if not found.aside:
        return []
    rows = [(one.file, one.why) for one in found.aside]
    return [table(f"Set aside, and not counted: {len(rows)}", ("File", "Why"), rows, fold=True)]


def _grades(found: Results) -> dict[str, Any]:
    rows = [
        (one.name, str(one.answered), percent(one.right), percent(one.form_a), percent(one.form_b), str(one.sections))
        for one in found.people[:MOST_PEOPLE]
    ]
    columns = ("Pseudonym", "Questions", "Points of all", "Form A", "Form B", "Sections")
    return table(f"Grade list by pseudonym: {len(found.people)} people", columns, rows, fold=True)


def _distractors(found: Results) -> dict[str, Any]:
    """The hardest questions, with the wrong choice that most people made."""
    rows = []
    for one in sorted(found.questions, key=lambda one: (one.difficulty, one.id))[:MOST_ROWS]:
        wrong = max(
            (choice for choice in one.choices if not choice.right), key=lambda choice: choice.people, default=None
        )
        chose = f"{wrong.text} ({wrong.people} of {one.answers})" if wrong and wrong.people else "none stands out"
        rest = "" if one.item_rest is None else f"{one.item_rest:.2f}"
        rows.append((one.id, one.stem, percent(100 * one.difficulty), rest, chose))
    columns = ("Question", "It asks", "Points", "Item-rest", "Most chosen of what is wrong")
    return table("The hardest questions", columns, rows, fold=True)


def _beliefs(found: Results) -> dict[str, Any]:
    rows = [(one.text, f"{one.people} of {one.met}", " ".join(one.items)) for one in found.beliefs[:MOST_ROWS]]
    return table("Misconceptions, the most widespread first", ("Belief", "People", "Seen at"), rows)


def _completion(found: Results) -> dict[str, Any]:
    rows = [(chapter, f"{number} of {len(found.people)}") for chapter, number in found.chapters.items()]
    return table("Completion: who answered anything of a chapter", ("Chapter", "People"), rows, fold=True)
