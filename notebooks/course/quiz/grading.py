"""Judges an answer. Pure: no files, no screen. `assets/scripts/quiz.js` judges in the page by the same rules.

One table of answers and expected judgements runs against both (`tests/judgements.py`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .bank import Item

# Spellings of each kind of unit, with their size. A unit may be answered in any spelling of its own kind.
UNITS: dict[str, dict[str, float]] = {
    "concentration": {
        "pM": 1e-12,
        "nM": 1e-9,
        "µM": 1e-6,
        "uM": 1e-6,
        "mM": 1e-3,
        "M": 1.0,
        "pmol/L": 1e-12,
        "nmol/L": 1e-9,
        "µmol/L": 1e-6,
        "umol/L": 1e-6,
        "mmol/L": 1e-3,
        "mol/L": 1.0,
    },
    "level": {"ng/mL": 1e-9, "µg/L": 1e-9, "ug/L": 1e-9, "µg/mL": 1e-6, "ug/mL": 1e-6, "mg/L": 1e-6},
    "share": {"%": 1.0, "percent": 1.0, "per cent": 1.0},
    "plain": {"": 1.0},
}
# What is offered to a learner, without the second spellings.
OFFERED = {"concentration": "nM, µM, mM or M", "level": "ng/mL, µg/mL or mg/L", "share": "%", "plain": ""}
# Slips of the decimal point that have a reason: the answer's factor, and what is said.
SLIPS = {
    "concentration": (
        (1e-6, 1e-3, 1e3, 1e6),
        "The digits fit, but the unit does not: you are a factor of 1,000 or more away.",
    ),
    "level": ((1e-3, 1e3), "The digits fit, but the unit does not: you are a factor of 1,000 away."),
    "share": ((1e-2, 1e2), "The digits fit, but the decimal point does not: a share of 0.5 is 50 %."),
    "plain": ((), ""),
}
LONGEST_ANSWER = 40

_SPACES = re.compile("[\t\n\r \u00a0\u2000-\u200a\u202f\u3000]+")
_START = re.compile(r"([+-]?(?:[0-9][0-9,. ]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(.*)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[, ][0-9]{3})+)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")


class Malformed(ValueError):
    """An answer that cannot be judged. The message tells the learner how to write it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """verdict: right, partly, wrong, or ask (nothing to judge yet; `says` asks for an answer).

    says: a plain sentence. feedback: texts of the item, for the options chosen or the slip that was met.
    """

    verdict: str
    says: str
    feedback: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        return self.verdict == "right"

    @property
    def malformed(self) -> bool:
        return self.verdict == "ask"


def unit_kind(unit: str) -> str:
    """The kind of a unit, a key of `UNITS`. Raises `KeyError` for an unknown one."""
    return next((kind for kind, sizes in UNITS.items() if unit in sizes), None) or UNITS[unit]


def factors(unit: str) -> dict[str, float]:
    """Every spelling that may be answered -> its size in `unit`."""
    sizes = UNITS[unit_kind(unit)]
    # Powers of ten, rounded so that 410 nM is exactly 0.41 µM and not a hair beside it.
    return {spelling: float(f"{size / sizes[unit]:.6g}") for spelling, size in sizes.items()}


def parse_quantity(text: str, unit: str) -> float:
    """A learner's "410 nM" in `unit`. Raises `Malformed` with what to write instead."""
    example = f"“1.5 {unit}”" if unit else "“1.5”"
    offered = OFFERED[unit_kind(unit)]
    tidy = _SPACES.sub(" ", text.replace("−", "-").replace("μ", "µ")).strip(" ")
    if not tidy:
        raise Malformed(f"Write your answer first, for example {example}.")
    if len(tidy) > LONGEST_ANSWER:
        raise Malformed(f"That is too long. Write one number, for example {example}.")
    found = _START.fullmatch(tidy)
    if not found:
        raise Malformed(f"Start with a number, for example {example}.")
    number, spelling = (part.strip(" ") for part in found.groups())
    if not _NUMBER.fullmatch(number):
        if _COMMA.fullmatch(number):
            raise Malformed("Write decimals with a point, as in 41.7. A comma parts thousands, as in 41,700.")
        raise Malformed(f"“{number}” cannot be read as one number. Write it like 41,700 or 0.41.")
    sizes = factors(unit)
    if spelling not in sizes:
        if not spelling:
            raise Malformed(f"Add the unit, for example {example}.")
        same = next((known for known in sizes if known and known.lower() == spelling.lower()), None)
        if same:
            raise Malformed(f"Capital letters matter in units. Did you mean {same}?")
        if not offered:
            raise Malformed("Write the number alone, without a unit or other words.")
        raise Malformed(f"“{spelling}” does not fit here. Write one number with its unit: {offered}.")
    value = float(re.sub("[, ]", "", number)) * sizes[spelling]
    if not math.isfinite(value):
        raise Malformed(f"“{number}” is too large to judge.")
    return value


def within(value: float, target: float, tolerance: float) -> bool:
    """Whether a value is as close as asked; the edge itself counts, whatever the last binary digit."""
    return abs(value - target) <= tolerance * (1 + 1e-9)


def grade(item: Item, answer: int | Collection[int] | str | None, *, first: bool = False) -> Judgement:
    """Judges an answer to an item.

    answer: the position of the chosen option (single), positions (several), or text (number). first: whether
    this is the first try; several choices then get counts only, so that a second try is worth making.
    """
    if item.kind == "single":
        if answer is None:
            return Judgement("ask", "Choose an answer first.")
        chosen = item.options[answer]
        return Judgement(
            "right" if chosen.right else "wrong", "Right." if chosen.right else "Not yet.", (chosen.feedback,)
        )
    if item.kind == "several":
        return _grade_several(item, set(answer or ()), first)
    return _grade_number(item, answer or "")


def _grade_several(item: Item, chosen: set[int], first: bool) -> Judgement:
    if not chosen:
        return Judgement("ask", "Choose at least one answer first.")
    right = {index for index, option in enumerate(item.options) if option.right}
    extra, missing = sorted(chosen - right), right - chosen
    if not extra and not missing:
        return Judgement("right", "Right.", tuple(item.options[index].feedback for index in sorted(chosen)))
    says = ["Partly." if chosen & right else "Not yet."]
    if extra:
        says.append(f"{len(extra)} of your choices {'does' if len(extra) == 1 else 'do'} not fit.")
    if missing:
        says.append(f"{len(missing)} that {'fits is' if len(missing) == 1 else 'fit are'} still missing.")
    shown = () if first else tuple(item.options[index].feedback for index in extra)
    return Judgement("partly" if chosen & right else "wrong", " ".join(says), shown)


def _grade_number(item: Item, text: str) -> Judgement:
    wanted = item.answer
    try:
        value = parse_quantity(text, wanted.unit)
    except Malformed as problem:
        return Judgement("ask", str(problem))
    if within(value, wanted.value, wanted.tolerance):
        return Judgement("right", "Right.")
    met = [trap for trap in item.traps if within(value, trap.value, trap.tolerance)]
    if met:
        return Judgement("wrong", "Not yet.", (min(met, key=lambda trap: abs(value - trap.value)).feedback,))
    slips, said = SLIPS[unit_kind(wanted.unit)]
    if any(within(value / slip, wanted.value, wanted.tolerance) for slip in slips):
        return Judgement("wrong", f"Not yet. {said}")
    return Judgement("wrong", f"Not yet. Your number is too {'high' if value > wanted.value else 'low'}.")
