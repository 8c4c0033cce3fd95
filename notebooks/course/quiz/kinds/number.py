"""A number with its unit, within a tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..items import Item, Number, Trap
from ..quantities import OFFERED, Malformed, factors, parse_quantity, unit_kind
from ..words import rich
from .base import Found, Judgement, Kind, Maker, beliefs, script_reply

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


def within(value: float, target: float, tolerance: float) -> bool:
    """Whether a value is as close as asked; the edge itself counts, whatever the last binary digit."""
    return abs(value - target) <= tolerance * (1 + 1e-9)


class Quantity(Kind):
    """A number with its unit. Its answer is what was typed."""

    interaction = "numeric"
    name, how, ask = "number", "Write a number with its unit: {}.", "Write your answer first."
    calculates = True

    def fits(self, item: Item, answer: Any) -> bool:
        return isinstance(answer, str)

    def grade(self, item: Item, answer: str | None, first: bool) -> Judgement:
        wanted = item.quantity
        try:
            value = parse_quantity(answer or "", wanted.unit)
        except Malformed as problem:
            return Judgement("ask", str(problem))
        if within(value, wanted.value, wanted.tolerance):
            return Judgement("right", "Right.")
        met = [trap for trap in item.traps if within(value, trap.value, trap.tolerance)]
        if met:
            nearest = min(met, key=lambda trap: abs(value - trap.value))
            return Judgement("wrong", "Not yet.", (nearest.feedback,), beliefs([nearest]))
        slips, said = SLIPS[unit_kind(wanted.unit)]
        if any(within(value / slip, wanted.value, wanted.tolerance) for slip in slips):
            return Judgement("wrong", f"Not yet. {said}")
        return Judgement("wrong", f"Not yet. Your number is too {'high' if value > wanted.value else 'low'}.")

    def make(self, maker: Maker) -> dict[str, Any]:
        wanted = maker.raw["answer"]
        unit = wanted["unit"]
        try:
            unit_kind(unit)
        except KeyError:
            mend = "Use one of those in quiz/quantities.py."
            raise maker.fault(f"the unit {unit!r} is not known.", mend, "answer", "unit") from None

        def tolerance(value: float) -> float:
            return wanted["tolerance"] if "tolerance" in wanted else abs(value) * wanted["tolerance_percent"] / 100

        value = maker.number(wanted["expression"], "answer", "expression")
        traps = []
        for at, entry in enumerate(maker.raw.get("traps", ())):
            met = maker.number(entry["expression"], "traps", at, "expression")
            said = maker.text(entry["feedback"], "traps", at, "feedback")
            traps.append(Trap(met, tolerance(met), said, entry["misconception"]))
        return {"answer": Number(value, unit, tolerance(value), _in_words(wanted)), "traps": tuple(traps)}

    def how_to(self, item: Item) -> str:
        offered = OFFERED[unit_kind(item.quantity.unit)]
        return self.how.format(offered) if offered else "Write a number."

    def collect(self, item: Item) -> dict[str, Any]:
        unit = item.quantity.unit
        return {"unit": unit, "factors": factors(unit), "offered": OFFERED[unit_kind(unit)]}

    def script(self, item: Item) -> dict[str, Any]:
        slips, said = SLIPS[unit_kind(item.quantity.unit)]
        return {
            "value": item.quantity.value,
            "tolerance": item.quantity.tolerance,
            "slips": list(slips),
            "slip": said,
            "traps": [{"value": one.value, "tolerance": one.tolerance, **script_reply(one)} for one in item.traps],
        }

    def key(self, item: Item) -> str:
        figure = f"{_figure(item.quantity.value)} {item.quantity.unit}".strip()
        return f"{figure} (within {item.quantity.tolerance_text})"

    def replies(self, item: Item) -> Sequence[tuple[str, Trap]]:
        return [(f"{_figure(trap.value)} {item.quantity.unit}".strip(), trap) for trap in item.traps]

    def narrowing(self, item: Item) -> str:
        unit = item.quantity.unit
        return f"Write down what is asked, and its unit: {rich(unit)}." if unit else ""

    def right_answer(self, item: Item) -> str:
        return f"{item.quantity.value:.12g} {item.quantity.unit}".strip()

    def wrong_answers(self, item: Item) -> Iterator[str]:
        unit = item.quantity.unit
        yield from (f"{trap.value:.6g} {unit}".strip() for trap in item.traps)
        yield f"{item.quantity.value * 3 + 7:.6g} {unit}".strip()

    def patterns(self, item: Item) -> list[str]:
        """From the least to the greatest number that is right."""
        value, close = item.quantity.value, item.quantity.tolerance
        return [f"{value - close:.12g}[:]{value + close:.12g}"]

    def response(self, item: Item, answer: str) -> str:
        return f"{parse_quantity(answer, item.quantity.unit):.12g}"

    def in_words(self, item: Item, answer: Any) -> str:
        if not isinstance(answer, str):
            raise TypeError("a number is kept as it was typed")
        return answer

    def sets(self, item: Item) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
        yield from ()

    def lint(self, item: Item) -> Found:
        """It foresees wrong answers, and none of them is right."""
        if not item.traps:
            yield ("traps",), "foresees no wrong answer. Add one."
        for at, trap in enumerate(item.traps):
            if within(trap.value, item.quantity.value, item.quantity.tolerance + trap.tolerance):
                right = f"{item.quantity.value:.4g} {item.quantity.unit}"
                said = f"trap {at + 1} ({trap.value:.4g}) overlaps with the right answer ({right})."
                yield ("traps", at), f"{said} Narrow the tolerance."


def _figure(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def _in_words(wanted: dict[str, Any]) -> str:
    """A tolerance as it is told."""
    if "tolerance" not in wanted:
        return f"{wanted['tolerance_percent']:g} %"
    if wanted["unit"] == "%":
        return f"{wanted['tolerance']:g} percentage point{'' if wanted['tolerance'] == 1 else 's'}"
    return f"{wanted['tolerance']:g} {wanted['unit']}".strip()
