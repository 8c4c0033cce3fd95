"""Steps into their order."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Any

from ..items import Item, Option
from ..words import plain, rich
from .base import Judgement, Kind, Maker, Order, Sheet, beliefs, components, listed, place


class Ordering(Kind):
    """Steps into their order. Its options are the steps as they belong; its answer is every step's place there."""

    name, interaction, ask = "ordering", "sequencing", "Put the steps in order first."
    how = "Move the steps with the arrow buttons: from {} to {}."

    def fits(self, item: Item, answer: Any) -> bool:
        count = len(item.options)
        return listed(answer) and all(place(one, count) for one in answer) and sorted(answer) == list(range(count))

    def grade(self, item: Item, answer: Sequence[int] | None, first: bool) -> Judgement:
        if not answer:
            return Judgement("ask", self.ask)
        off = [at for at, step in enumerate(answer) if at != step]
        if not off:
            return Judgement("right", "Right.")
        stand = len(answer) - len(off)
        partly = 2 * stand >= len(answer)  # one step in place is luck
        says = f"{'Partly' if partly else 'Not yet'}. In the right place: {stand} of {len(answer)}."
        step = item.options[off[0]]
        texts = (f"Place {off[0] + 1} belongs to “{step.text.rstrip('.')}”. {step.feedback}",)
        return Judgement("partly" if partly else "wrong", says, texts, beliefs([step]))

    def luck(self, item: Item) -> float:
        count = len(item.options)
        orders = list(itertools.permutations(range(count)))
        stand = [sum(at == step for at, step in enumerate(order)) for order in orders]
        return sum(1.0 if one == count else 0.5 if 2 * one >= count else 0.0 for one in stand) / len(orders)

    def make(self, maker: Maker) -> dict[str, Any]:
        return {"options": maker.options(maker.raw["steps"], ("steps",)), "ends": tuple(maker.raw["ends"])}

    def how_to(self, item: Item) -> str:
        return self.how.format(*item.ends)

    def spec(self, item: Item) -> dict[str, Any]:
        steps = ((at, item.options[at].text) for at in shown_order(item))
        return {"steps": [{"place": at, "text": plain(text), "html": rich(text)} for at, text in steps]}

    def key(self, item: Item) -> str:
        return " ".join(f"{at}. {plain(option.text)}" for at, option in enumerate(item.options, 1))

    def how_on_paper(self, item: Item) -> str:
        return f"Number the steps, from {' to '.join(item.ends)}."

    def on_paper(self, item: Item, order: Order) -> Sheet:
        shown = shown_order(item)
        steps = [shown[at] for at in order(len(shown))]
        key = ", ".join(str(at + 1) for at in steps)
        return Sheet(key, len(steps), lines=[rich(item.options[at].text) for at in steps])

    def replies(self, item: Item) -> Sequence[tuple[str, Option]]:
        return [(f"Place {at}", option) for at, option in enumerate(item.options, 1)]

    def narrowing(self, item: Item) -> str:
        return f"It begins with: {rich(item.options[0].text)}"

    def right_answer(self, item: Item) -> list[int]:
        return list(range(len(item.options)))

    def wrong_answers(self, item: Item) -> Iterator[list[int]]:
        right = self.right_answer(item)
        yield [*right[1:], right[0]]
        yield [right[1], right[0], *right[2:]]

    def response(self, item: Item, answer: Sequence[int]) -> str:
        return "[,]".join(str(item.options.index(item.options[at])) for at in answer)

    def components(self, item: Item) -> dict[str, Any]:
        return {"choices": components([option.text for option in item.options])}

    def in_words(self, item: Item, answer: Sequence[int]) -> str:
        return "; ".join(plain(item.options[at].text) for at in answer)

    def sets(self, item: Item) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
        yield ("steps",), [option.text for option in item.options]


def shown_order(item: Item) -> list[int]:
    """The steps of an ordering as they are shown: the same every time, and never in their right order."""
    places = list(range(len(item.options)))
    dice = random.Random(hashlib.sha256(item.id.encode()).digest())
    while places == sorted(places):
        dice.shuffle(places)
    return places
