"""Judges an answer. Pure: no files, no screen. `assets/scripts/quiz.js` judges in the page by the same rules.

One table of answers and expected judgements runs against both (`tests/judgements.py`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .items import WAITS

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
# How sure a learner may say she is: the share that she expects to be right, in percent, and the words for it.
SURENESS = {25: "a guess", 50: "unsure", 75: "fairly sure", 95: "sure"}
CONFIDENT = 75

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
    beliefs: the misconceptions behind what was chosen, for somebody who was sure.
    """

    verdict: str
    says: str
    feedback: tuple[str, ...] = ()
    beliefs: tuple[str, ...] = ()

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


def grade(item: Item, answer: Any, *, first: bool = False) -> Judgement:
    """Judges an answer to an item.

    answer: the place of the chosen option (single); places (several); one place or None for each slot (truth,
    matching, cloze); every step's place in the order that was given (ordering); text (number). None: no answer yet.
    first: whether this is the first try; for several choices, matching and ordering it then gets counts only, so
    that a second try is worth making. Raises `ValueError` for an answer of another shape.
    """
    _check_shape(item, answer)
    if item.kind == "number":
        return _grade_number(item, answer or "")
    if item.kind == "single":
        if answer is None:
            return Judgement("ask", "Choose an answer first.")
        chosen = item.options[answer]
        return Judgement(
            "right" if chosen.right else "wrong",
            "Right." if chosen.right else "Not yet.",
            (chosen.feedback,),
            _beliefs([chosen]),
        )
    judge = {"several": _grade_several, "ordering": _grade_order}.get(item.kind, _grade_slots)
    judged = judge(item, answer)
    if first and item.kind in WAITS and judged.verdict != "right":
        return Judgement(judged.verdict, judged.says)
    return judged


def confident_error(verdict: str, sure: int | None) -> bool:
    """Whether somebody was sure of an answer that does not hold: worth a stronger word."""
    return verdict in ("wrong", "partly") and (sure or 0) >= CONFIDENT


def _check_shape(item: Item, answer: Any) -> None:
    """Refuses what no page of ours sends."""

    def place(value: Any, count: int) -> bool:
        return type(value) is int and 0 <= value < count

    def places(count: int) -> bool:
        return isinstance(answer, Sequence) and not isinstance(answer, str) and all(place(one, count) for one in answer)

    if answer is None:
        return
    if item.kind == "number":
        fits = isinstance(answer, str)
    elif item.kind == "single":
        fits = place(answer, len(item.options))
    elif item.kind == "several":
        fits = places(len(item.options))
    elif item.kind == "ordering":
        fits = places(len(item.options)) and sorted(answer) == list(range(len(item.options)))
    else:
        fits = isinstance(answer, Sequence) and not isinstance(answer, str) and len(answer) == len(item.slots)
        fits = fits and all(
            value is None or place(value, len(slot.options)) for value, slot in zip(answer, item.slots, strict=True)
        )
    if not fits:
        raise ValueError(f"This answer does not fit question {item.id}. Reload the page and answer again.")


def _beliefs(chosen: Collection[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(option.misconception for option in chosen if option.misconception))


def _grade_several(item: Item, answer: Collection[int] | None) -> Judgement:
    chosen = set(answer or ())
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
    wrong = [item.options[index] for index in extra]
    shown = tuple(option.feedback for option in wrong)
    return Judgement("partly" if chosen & right else "wrong", " ".join(says), shown, _beliefs(wrong))


ASKS = {
    "truth": "Choose true or false, and a reason.",
    "matching": "Choose an answer for every line first.",
    "cloze": "Fill every gap first.",
}


def _grade_slots(item: Item, answer: Sequence[int | None] | None) -> Judgement:
    if answer is None or None in answer:
        return Judgement("ask", ASKS[item.kind])
    chosen = [slot.options[place] for slot, place in zip(item.slots, answer, strict=True)]
    wrong = [(slot, option) for slot, option in zip(item.slots, chosen, strict=True) if not option.right]
    if item.kind == "truth":
        if not wrong:
            return Judgement("right", "Right.", (chosen[1].feedback,))
        half = chosen[0].right
        says = f"Partly. {chosen[0].text} is right; the reason is another." if half else "Not yet."
        texts = tuple(dict.fromkeys(option.feedback for _, option in wrong))
        return Judgement("partly" if half else "wrong", says, texts, _beliefs([option for _, option in wrong]))
    if not wrong:
        return Judgement("right", "Right.")
    fits = len(chosen) - len(wrong)
    says = f"{'Partly.' if fits else 'Not yet.'} {fits} of {len(chosen)} fit{'s' if fits == 1 else ''}."
    texts = tuple(f"{slot.label}: {option.feedback}" for slot, option in wrong)
    return Judgement("partly" if fits else "wrong", says, texts, _beliefs([option for _, option in wrong]))


def _grade_order(item: Item, answer: Sequence[int] | None) -> Judgement:
    if not answer:
        return Judgement("ask", "Put the steps in order first.")
    off = [place for place, step in enumerate(answer) if place != step]
    if not off:
        return Judgement("right", "Right.")
    stand = len(answer) - len(off)
    says = f"{'Partly' if stand else 'Not yet'}. In the right place: {stand} of {len(answer)}."
    first = item.options[off[0]]
    texts = (f"Place {off[0] + 1} belongs to “{first.text}”. {first.feedback}",)
    return Judgement("partly" if stand else "wrong", says, texts, _beliefs([first]))


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
        nearest = min(met, key=lambda trap: abs(value - trap.value))
        return Judgement("wrong", "Not yet.", (nearest.feedback,), _beliefs([nearest]))
    slips, said = SLIPS[unit_kind(wanted.unit)]
    if any(within(value / slip, wanted.value, wanted.tolerance) for slip in slips):
        return Judgement("wrong", f"Not yet. {said}")
    return Judgement("wrong", f"Not yet. Your number is too {'high' if value > wanted.value else 'low'}.")
