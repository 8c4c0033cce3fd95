"""What a question is, once it is made: plain values, with every number filled in.

Texts hold their numbers; **bold** and *italic* are all the markup there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Objective:
    """What a learner can do after the chapter. level: core or deeper."""

    id: str
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """A vignette: a short story that opens two or more questions. The people in it are made up."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose from, with what is said when it is chosen."""

    text: str
    right: bool
    feedback: str
    misconception: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One choice of several that an answer is made of: a line to match, a gap, true or false, a reason."""

    label: str
    options: tuple[Option, ...]

    @property
    def right(self) -> int:
        """The place of the right option."""
        return next(place for place, option in enumerate(self.options) if option.right)


@dataclass(frozen=True, slots=True)
class Number:
    """A number to find, and how close is close enough, both in `unit`."""

    value: float
    unit: str
    tolerance: float
    tolerance_text: str


@dataclass(frozen=True, slots=True)
class Trap:
    """A typical wrong number, with what is said when it is met."""

    value: float
    tolerance: float
    feedback: str
    misconception: str


@dataclass(frozen=True)
class Item:
    """One question. rows: ids of every data row that it rests on. raw: as in the file.

    kind: a name in `kinds.KINDS`. options: choices (single, several), reasons (truth, in `slots` too), or the steps of
    an ordering in their right order. slots: for truth, matching and cloze. passage: the text of a cloze, with [1],
    [2] for its gaps. ends: what an ordering runs from and to. case: the vignette it belongs to. model and
    checks: of a sentence to mend, one good version, and what a good version does.
    """

    id: str
    objective: str
    level: str
    bloom: str
    kind: str
    stem: str
    section: str
    facts: tuple[str, ...]
    why: str
    hints: tuple[str, ...]
    case: Case | None
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    file: str
    line: int
    raw: Mapping[str, Any] = field(repr=False)
    options: tuple[Option, ...] = ()
    slots: tuple[Slot, ...] = ()
    passage: str = ""
    ends: tuple[str, ...] = ()
    answer: Number | None = None
    traps: tuple[Trap, ...] = ()
    model: str = ""
    checks: tuple[Option, ...] = ()

    @property
    def quantity(self) -> Number:
        """The number to find, of an item of the kind `number`. Raises `TypeError` for any other."""
        if self.answer is None:
            raise TypeError(f"{self.id} asks for no number")
        return self.answer
