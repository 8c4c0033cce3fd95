"""Judges an answer. Pure: no files, no screen. `assets/scripts/quiz.js` judges in the page by the same rules.

One table of answers and expected judgements runs against both (`tests/judgements.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from .items import WAITS, Item
from .quantities import Malformed, parse_quantity, unit_kind

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
# How sure a learner may say she is: the share that she expects to be right, in percent, and the words for it.
SURENESS = {25: "a guess", 50: "unsure", 75: "fairly sure", 95: "sure"}
CONFIDENT = 75


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


def within(value: float, target: float, tolerance: float) -> bool:
    """Whether a value is as close as asked; the edge itself counts, whatever the last binary digit."""
    return abs(value - target) <= tolerance * (1 + 1e-9)


def grade(item: Item, answer: Any, *, first: bool = False) -> Judgement:
    """Judges an answer to an item.

    answer: the place of the chosen option (single); places (several); one place or None for each slot (truth,
    matching, cloze); every step's place in the order that was given (ordering); text (number). None: no answer yet.
    first: whether this is the first try; for several choices and matching it then explains the first part that is
    wrong, so that a second try is worth making; after it, every part. Raises `ValueError` for an answer of another
    shape.
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
    return judge(item, answer, first)


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


def _grade_several(item: Item, answer: Collection[int] | None, first: bool) -> Judgement:
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
    off = [*((place, "does not fit") for place in extra), *((place, "fits too") for place in sorted(missing))]
    told = [(item.options[place], what) for place, what in (off[:1] if first else off)]
    texts = tuple(f"“{option.text.rstrip('.')}” {what}. {option.feedback}" for option, what in told)
    believed = _beliefs([option for option, _ in told])
    return Judgement("partly" if chosen & right else "wrong", " ".join(says), texts, believed)


ASKS = {
    "truth": "Choose true or false, and a reason.",
    "matching": "Choose an answer for every line first.",
    "cloze": "Fill every gap first.",
}


def _grade_slots(item: Item, answer: Sequence[int | None] | None, first: bool) -> Judgement:
    places = [place for place in answer or () if place is not None]
    if answer is None or len(places) < len(answer):
        return Judgement("ask", ASKS[item.kind])
    chosen = [slot.options[place] for slot, place in zip(item.slots, places, strict=True)]
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
    told = wrong[:1] if first and item.kind in WAITS else wrong
    texts = tuple(f"{slot.label}: {option.feedback}" for slot, option in told)
    return Judgement("partly" if fits else "wrong", says, texts, _beliefs([option for _, option in told]))


def _grade_order(item: Item, answer: Sequence[int] | None, _: bool) -> Judgement:
    if not answer:
        return Judgement("ask", "Put the steps in order first.")
    off = [place for place, step in enumerate(answer) if place != step]
    if not off:
        return Judgement("right", "Right.")
    stand = len(answer) - len(off)
    says = f"{'Partly' if stand else 'Not yet'}. In the right place: {stand} of {len(answer)}."
    step = item.options[off[0]]
    texts = (f"Place {off[0] + 1} belongs to “{step.text.rstrip('.')}”. {step.feedback}",)
    return Judgement("partly" if stand else "wrong", says, texts, _beliefs([step]))


def _grade_number(item: Item, text: str) -> Judgement:
    wanted = item.quantity
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
