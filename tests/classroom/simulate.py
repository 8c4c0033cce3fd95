"""A class that never was: abilities, difficulties and gains from a seed, and what such people would hand in.

An item response model (Rasch, 1960): the chance to be right is 1 / (1 + exp(difficulty - ability)). Who is wrong takes
one of the wrong answers, the first the most often. `python tests/classroom/simulate.py` writes the class that ships.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "notebooks"))

from course.classroom.results.simulated import FILE, answer_of
from course.learning.export import COLUMNS, _line
from course.learning.statements import statement
from course.quiz import bank
from course.quiz.grading import SURENESS, grade
from course.quiz.kinds import kind_of
from course.record import Event

GAIN = 0.9  # logits from form A to form B
SLIP = 0.4


@dataclass
class Made:
    """difficulties: by item, in logits. answers: learner -> [(item, code of its answer, sureness)]."""

    difficulties: dict[str, float]
    answers: dict[str, list[tuple[str, int, int]]]


def simulate(learners: int, seed: int, extra: tuple[str, ...] = (), word: str = "Simulated") -> Made:
    """A class that answered both forms, one half of it B first, and some questions between."""
    dice = np.random.default_rng(seed)
    forms = {
        form: [item for item in bank.form(form).items if kind_of(item).right_answer(item) is not None] for form in "AB"
    }
    others = [bank.item(item_id) for item_id in extra]
    everything = [*forms["A"], *others, *forms["B"]]
    backwards = [*forms["B"], *others, *forms["A"]]
    hard = {item.id: float(value) for item, value in zip(everything, dice.normal(0, 1.2, len(everything)), strict=True)}
    answers = {}
    for number in range(1, learners + 1):
        ability, boast = dice.normal(0, 1), dice.normal(0.5, 0.5)
        given = []
        learned = {item.id for item in forms["AB"[number % 2]]}
        for item in everything if number % 2 else backwards:
            odds = ability + GAIN * (item.id in learned) - hard[item.id]
            right = dice.random() < 1 / (1 + np.exp(-odds))
            code = 0 if right else 1 + int(dice.geometric(0.5) - 1)
            felt = odds + boast + dice.normal(0, SLIP)
            sure = list(SURENESS)[int(np.digitize(felt, [-0.5, 0.5, 1.5]))]
            given.append((item.id, code, sure))
        answers[f"{word} {number:03}"] = given
    return Made(hard, answers)


def event_of(name: str, place: int, item_id: str, code: int, sure: int) -> Event:
    """An answer as the course writes it."""
    item = bank.item(item_id)
    answer = answer_of(item, code)
    number = int.from_bytes(name.encode(), "big") % 2**96
    value = {
        "answer": answer,
        "verdict": grade(item, answer).verdict,
        "try": 1,
        "sure": sure,
        "hints": 0,
        "mode": "check",
        "shown": False,
    }
    at = f"2026-03-{2 + place // 500:02}T{8 + place // 60 % 12:02}:{place % 60:02}:00.000+00:00"
    return Event(f"{number:024x}{place:08x}"[-32:], at, "answer", item_id, value, f"{item_id[1:3]}-a-chapter")


def xapi(name: str, events: list[Event]) -> str:
    """An export for a learning record store."""
    return json.dumps([statement(event, name) for event in events])


def table(name: str, events: list[Event]) -> str:
    """An export to read."""
    from course.learning.export import cell

    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([cell(value) for value in _line(event, name, True)] for event in events)
    return "\ufeff" + made.getvalue()


def handout(name: str, events: list[Event], page: str = "student/03-how-much-binds") -> str:
    """The answers of a page without Python, saved to a file."""
    answers = {
        f"quiz-{event.subject}:{event.subject}": {
            "answer": event.value["answer"],
            "sure": event.value["sure"],
            "tries": 1,
        }
        for event in events
    }
    given = {key: {"at": event.at, "verdict": None} for key, event in zip(answers, events, strict=True)}
    about = {"course": "is-ketamine-an-opioid", "format": 1, "page": page, "version": "0.2.0"}
    return json.dumps({**about, "name": name, "saved": events[-1].at, "answers": answers, "given": given})


def write_class(folder: Path, made: Made, ending: str = "xapi.json") -> int:
    """Two files for each learner: one with form A, one with form B. Returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    write = {"xapi.json": xapi, "csv": table, "json": handout}[ending]
    forms = {form: set(bank.form(form).raw_items) for form in "AB"}
    for name, given in made.answers.items():
        events = [event_of(name, place, *one) for place, one in enumerate(given)]
        for form, items in forms.items():
            of_form = [event for event in events if event.subject in items]
            path = folder / f"{name.lower().replace(' ', '-')}-{form}.{ending}"
            path.write_text(write(name, of_form), encoding="utf-8")
    return 2 * len(made.answers)


EXTRA = ("Q0101", "Q0201", "Q0301", "Q0302", "Q0501", "Q0601")


def shipped() -> str:
    """The text of the class that ships with the course."""
    made = simulate(40, 2026, EXTRA)
    learners = [f"  {json.dumps(name)}: {json.dumps(given)}" for name, given in made.answers.items()]
    says = "Nobody's answers: a class made by an item response model (tests/classroom/simulate.py)."
    return f'{{\n "simulated": {json.dumps(says)},\n "learners": {{\n' + ",\n".join(learners) + "\n }\n}\n"


if __name__ == "__main__":
    FILE.write_text(shipped(), encoding="utf-8")
