"""Lessons of `data/lessons.yaml`: which parts, which slides, how many minutes, what to say.

A part either takes the minutes that it states, or shares the rest with the others: in proportion to its chapter's own
time box, of which it is so many tenths (its weight). So every run sheet adds up, also after a time box has changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..chapters import Chapter, anchor, chapters, plain
from ..evidence import DataError, nearest, table
from ..files import ROOT
from ..quiz import bank
from ..quiz.views import item_spec
from ..quiz.yaml_file import Lines, line_of, read_yaml

FILE = ROOT / "data" / "lessons.yaml"
SCHEMA = ROOT / "data" / "lessons.schema.json"
LEAST = 3  # minutes of a part
SLIDE = re.compile(r"(\d\d) (title|text|chart|explorer|prediction|question|claim)(?: (\S+))?(?: ([2-9]))?")
_SHOWN = re.compile(r"<(explorer|chart|prediction|claims) (\S+)>")
Where = tuple[str | int, ...]


@dataclass(frozen=True)
class Slot:
    """A part of a lesson on the clock. start, minutes: whole minutes from the beginning."""

    id: str
    start: int
    minutes: int
    do: str
    say: str
    slides: tuple[str, ...]

    @property
    def end(self) -> int:
        """The minute at which it is over."""
        return self.start + self.minutes


@dataclass(frozen=True)
class Expected:
    """A wrong answer that is likely, and how to respond. letter, text, belief: of the option, as the bank has it."""

    item: str
    letter: str
    text: str
    respond: str


@dataclass(frozen=True)
class Lesson:
    """One lesson, checked. slots: the run sheet; polls: ids of five questions among its slides."""

    id: str
    title: str
    promise: str
    minutes: int
    before: str
    slots: tuple[Slot, ...]
    polls: tuple[str, ...]
    discussions: tuple[tuple[str, str], ...]
    expected: tuple[Expected, ...]
    prints: str
    skip: str

    @property
    def slides(self) -> tuple[str, ...]:
        """Names of its slides, in order."""
        return tuple(name for slot in self.slots for name in slot.slides)

    @property
    def chapters(self) -> tuple[str, ...]:
        """Numbers of the chapters that it draws on."""
        return tuple(dict.fromkeys(name[:2] for name in self.slides))

    @property
    def length(self) -> str:
        """Its length in words."""
        return "a flipped hour" if self.before else {210: "half a day"}.get(self.minutes, f"{self.minutes} minutes")


def lessons() -> dict[str, Lesson]:
    """All lessons by id, in the file's order. Raises `DataError`."""
    return _lessons(FILE)


def lesson(lesson_id: str) -> Lesson:
    """The lesson of this id. Raises `KeyError` with the nearest one."""
    found = lessons()
    if lesson_id not in found:
        raise KeyError(f"There is no lesson {str(lesson_id)[:40]!r}. {nearest(str(lesson_id), found)}")
    return found[lesson_id]


def load(path: Path, known: Mapping[str, Chapter] | None = None) -> dict[str, Lesson]:
    """Reads and checks a file of lessons. known: chapters by slug, if not the course's. Raises `DataError`."""
    value, lines, _ = read_yaml(path, path.name)
    bank.check_structure(value, lines, path.name, SCHEMA)
    course = {chapter.slug: chapter for chapter in chapters()} if known is None else dict(known)
    return _Reader(path.name, value, lines, course).all()


@cache
def _lessons(path: Path) -> dict[str, Lesson]:
    return load(path)


class _Reader:
    """Makes lessons of a file's value; every complaint names the line."""

    def __init__(self, name: str, value: Mapping[str, Any], lines: Lines, course: Mapping[str, Chapter]):
        self.name, self.value, self.lines, self.course = name, value, lines, course
        self.chapters = {chapter.number: chapter for chapter in course.values()}
        self._inventories: dict[str, Mapping[str, list[str]]] = {}

    def all(self) -> dict[str, Lesson]:
        for group, path in [("common", ("common",)), ("subjects", ("subjects",)), ("lessons", ("lessons",))]:
            self._unlike([entry["id"] for entry in self.value[group]], path)
        for place, subject in enumerate(self.value["subjects"]):
            self._unlike([part["id"] for part in (*self.value["common"], *subject["parts"])], ("subjects", place))
            for at, part in enumerate(subject["parts"]):
                self._part(part, ("subjects", place, "parts", at))
        for at, part in enumerate(self.value["common"]):
            self._part(part, ("common", at))
        made = [self._lesson(entry, ("lessons", at)) for at, entry in enumerate(self.value["lessons"])]
        return {lesson.id: lesson for lesson in made}

    def _refuse(self, problem: str, mend: str, where: Where) -> DataError:
        return DataError(self.name, problem, mend, row=line_of(self.lines, where) or 1)

    def _unlike(self, ids: list[str], where: Where) -> None:
        for at, name in enumerate(ids):
            if name in ids[:at]:
                raise self._refuse(f"the id {name!r} is used twice.", "Give each an id of its own.", where)

    def _part(self, part: Mapping[str, Any], where: Where) -> None:
        shared = [key for key in ("chapter", "layer", "weight") if key in part]
        if ("minutes" in part) == bool(shared) or (shared and len(shared) < 3):
            raise self._refuse(
                f"the part {part['id']!r} states its time in no way, or in two.",
                "Give it minutes, or else a chapter, a layer and a weight.",
                where,
            )
        if "chapter" in part and part["chapter"] not in self.course:
            raise self._refuse(
                f"there is no chapter {part['chapter']!r}.", nearest(part["chapter"], self.course), (*where, "chapter")
            )
        for at, name in enumerate(part["slides"]):
            self._slide(name, (*where, "slides", at))

    def _slide(self, name: str, where: Where) -> None:
        found = SLIDE.fullmatch(name)
        number, kind, which, nth = found.groups() if found else ("", "", None, None)
        if number not in self.chapters:
            raise self._refuse(f"there is no chapter {number!r}.", f"Known: {', '.join(self.chapters)}.", where)
        if kind == "title":
            return
        there = self._inventory(number)[kind]
        if there.count(which or "") < int(nth or 1):
            problem = f"chapter {number} has no slide {name[3:]!r}."
            raise self._refuse(problem, nearest(which or "", sorted(set(there)) or ["none of this kind"]), where)

    def _inventory(self, number: str) -> Mapping[str, list[str]]:
        if number not in self._inventories:
            self._inventories[number] = inventory(self.chapters[number])
        return self._inventories[number]

    def _lesson(self, entry: Mapping[str, Any], where: Where) -> Lesson:
        subjects = {subject["id"]: (at, subject) for at, subject in enumerate(self.value["subjects"])}
        if entry["subject"] not in subjects:
            raise self._refuse(
                f"there is no subject {entry['subject']!r}.", nearest(entry["subject"], subjects), (*where, "subject")
            )
        place, subject = subjects[entry["subject"]]
        known = {part["id"]: part for part in (*subject["parts"], *self.value["common"])}
        for at, name in enumerate(entry["parts"]):
            if name not in known:
                problem = f"the subject {subject['id']!r} has no part {name!r}."
                raise self._refuse(problem, nearest(name, known), (*where, "parts", at))
        slots = self._slots(entry, [known[name] for name in entry["parts"]], where)
        asked = {name.split()[2] for slot in slots for name in slot.slides if " question " in name}
        for at, item_id in enumerate(entry["polls"]):
            if item_id not in asked:
                raise self._refuse(
                    f"the poll {item_id} is on no slide of {entry['id']!r}.",
                    f"Add it to the slides of one of its parts, or take one of {', '.join(sorted(asked))}.",
                    (*where, "polls", at),
                )
        return Lesson(
            entry["id"],
            subject["title"],
            subject["promise"],
            entry["minutes"],
            entry.get("before", ""),
            slots,
            tuple(entry["polls"]),
            tuple((one["prompt"], one["answer"]) for one in subject["discussions"]),
            tuple(self._expected(one, ("subjects", place, "expect", at)) for at, one in enumerate(subject["expect"])),
            entry["print"],
            entry["skip"],
        )

    def _slots(self, entry: Mapping[str, Any], parts: list[Mapping[str, Any]], where: Where) -> tuple[Slot, ...]:
        flexible = entry["minutes"] - sum(part.get("minutes", 0) for part in parts)
        sharing = [part for part in parts if "chapter" in part]
        if flexible < LEAST * len(sharing) or (flexible and not sharing):
            raise self._refuse(
                f"the parts of {entry['id']!r} do not fit into {entry['minutes']} minutes.",
                "Take a part out, or give the lesson more time.",
                (*where, "minutes"),
            )
        times = iter(shares(flexible, [self._weight(part) for part in sharing]))
        slots, clock = [], 0
        for part in parts:
            minutes = part["minutes"] if "minutes" in part else next(times)
            slots.append(Slot(part["id"], clock, minutes, part["do"], part["say"], tuple(part["slides"])))
            clock += minutes
        return tuple(slots)

    def _weight(self, part: Mapping[str, Any]) -> float:
        """Minutes that its chapter gives to this part, for somebody who reads, does and discusses all of it."""
        box = self.course[part["chapter"]].box[part["layer"]]
        return sum(box.values()) * part["weight"] / 10 or 1.0

    def _expected(self, entry: Mapping[str, Any], where: Where) -> Expected:
        try:
            spec = item_spec(bank.item(entry["item"]))
        except KeyError as error:
            raise self._refuse(str(error.args[0]).split(". ")[0] + ".", error.args[0].split(". ")[1], where) from None
        options = spec["options"] or (spec["slots"][-1]["options"] if spec["slots"] else [])
        found = [option for option in options if plain(option["text"]).startswith(entry["option"])]
        item = bank.item(entry["item"])
        right = {option.text for option in item.options if option.right}
        if len(found) != 1 or found[0]["text"] in right:
            state = "is right" if found and found[0]["text"] in right else "is not one of its options, or more than one"
            raise self._refuse(
                f"the answer {entry['option']!r} of {entry['item']} {state}.",
                f"Begin it as one wrong option begins: {'; '.join(option['text'] for option in options)}.",
                (*where, "option"),
            )
        return Expected(entry["item"], found[0].get("letter", ""), found[0]["text"], entry["respond"])


def shares(minutes: int, weights: list[float]) -> list[int]:
    """Whole minutes in proportion to the weights, `LEAST` or more each, that add up (largest remainders)."""
    spare = minutes - LEAST * len(weights)
    exact = [spare * weight / sum(weights) for weight in weights]
    whole = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda at: (whole[at] - exact[at], at))
    for at in order[: spare - sum(whole)]:
        whole[at] += 1
    return [LEAST + share for share in whole]


def inventory(chapter: Chapter) -> dict[str, list[str]]:
    """Kind -> names of what a chapter shows, as often as it does: from its file and its stored outputs."""
    found: dict[str, list[str]] = {kind: [] for kind in ("text", "chart", "explorer", "prediction", "claim")}
    found["question"] = list(chapter.questions)
    found["text"] = [anchor(words) for words in chapter.headings.values()]
    for cell in json.loads(chapter.text)["cells"] if not chapter.trouble else ():
        for output in cell.get("outputs", ()):
            shown = _SHOWN.match("".join(output.get("data", {}).get("text/plain", "")))
            if shown and shown[1] != "claims":
                found[shown[1]].append(shown[2])
    found["claim"] = [claim.id for claim in table("claims")] if chapter.number == "09" else []
    return found
