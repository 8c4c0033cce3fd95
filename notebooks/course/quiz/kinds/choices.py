"""One choice of several, and every choice that fits."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from ..items import Item, Option
from ..words import LETTERS, plain
from .base import (
    Judgement,
    Kind,
    Order,
    Sheet,
    beliefs,
    components,
    lettered,
    listed,
    one_less,
    option_spec,
    place,
)


class _Choice(Kind):
    interaction = "choice"

    def spec(self, item: Item) -> dict[str, Any]:
        return {"options": [option_spec(at, option) for at, option in enumerate(item.options)]}

    def key(self, item: Item) -> str:
        lettered = zip(LETTERS, item.options, strict=False)
        return "; ".join(f"{letter}. {plain(option.text)}" for letter, option in lettered if option.right)

    def lettered(self, item: Item) -> Sequence[Option]:
        return item.options

    def on_paper(self, item: Item, order: Order) -> Sheet:
        options = [item.options[at] for at in order(len(item.options))]
        key = ", ".join(LETTERS[at] for at, option in enumerate(options) if option.right)
        return Sheet(key, lists=[lettered("", [option.text for option in options])])

    def offered(self, item: Item) -> list[tuple[str, Option]]:
        return [(plain(option.text), option) for option in item.options]

    def picked(self, item: Item, answer: Any) -> list[tuple[str, Option]]:
        offered = self.offered(item)
        return [offered[at] for at in self.chosen(item, answer)]

    def narrowing(self, item: Item) -> str:
        return one_less(item, "This does not fit")

    def components(self, item: Item) -> dict[str, Any]:
        return {"choices": components([option.text for option in item.options])}


class Single(_Choice):
    """One choice. Its answer is the place of the chosen option."""

    name, how, ask = "single", "Choose one.", "Choose an answer first."
    one_right = True

    def fits(self, item: Item, answer: Any) -> bool:
        return place(answer, len(item.options))

    def grade(self, item: Item, answer: int | None, first: bool) -> Judgement:
        if answer is None:
            return Judgement("ask", self.ask)
        chosen = item.options[answer]
        verdict, says = ("right", "Right.") if chosen.right else ("wrong", "Not yet.")
        return Judgement(verdict, says, (chosen.feedback,), beliefs([chosen]))

    def luck(self, item: Item) -> float:
        return 1 / len(item.options)

    def chosen(self, item: Item, answer: int) -> list[int]:
        return [answer]

    def right_answer(self, item: Item) -> int:
        return next(at for at, option in enumerate(item.options) if option.right)

    def wrong_answers(self, item: Item) -> Iterator[int]:
        yield from (at for at, option in enumerate(item.options) if not option.right)

    def response(self, item: Item, answer: int) -> str:
        return str(item.options.index(item.options[answer]))

    def in_words(self, item: Item, answer: int) -> str:
        return plain(item.options[answer].text)


class Several(_Choice):
    """Every choice that fits. Its answer is a list of places."""

    name, how, ask = "several", "Choose every one that fits.", "Choose at least one answer first."

    def fits(self, item: Item, answer: Any) -> bool:
        return listed(answer) and all(place(one, len(item.options)) for one in answer)

    def grade(self, item: Item, answer: Collection[int] | None, first: bool) -> Judgement:
        chosen = set(answer or ())
        if not chosen:
            return Judgement("ask", self.ask)
        right = {at for at, option in enumerate(item.options) if option.right}
        extra, missing = sorted(chosen - right), sorted(right - chosen)
        if not extra and not missing:
            return Judgement("right", "Right.", tuple(item.options[at].feedback for at in sorted(chosen)))
        # Ticking everything is no half answer: more of what was ticked has to fit than not.
        partly = len(chosen & right) > len(extra)
        says = ["Partly." if partly else "Not yet."]
        if extra:
            says.append(f"{len(extra)} of your choices {'does' if len(extra) == 1 else 'do'} not fit.")
        if missing:
            says.append(f"{len(missing)} that {'fits is' if len(missing) == 1 else 'fit are'} still missing.")
        off = [*((at, "does not fit") for at in extra), *((at, "fits too") for at in missing)]
        told = [(item.options[at], what) for at, what in (off[:1] if first else off)]
        texts = tuple(f"“{option.text.rstrip('.')}” {what}. {option.feedback}" for option, what in told)
        verdict = "partly" if partly else "wrong"
        return Judgement(verdict, " ".join(says), texts, beliefs([option for option, _ in told]))

    def luck(self, item: Item) -> float:
        """Over all the ways to tick at least one."""
        right = sum(option.right for option in item.options)
        count = len(item.options)
        ways = 2**count - 1
        partly = sum(
            math.comb(right, hits) * math.comb(count - right, extra)
            for hits in range(right + 1)
            for extra in range(count - right + 1)
            if hits > extra and not (hits == right and extra == 0)
        )
        return (1 + partly / 2) / ways

    def chosen(self, item: Item, answer: Collection[int]) -> list[int]:
        return sorted(set(answer))

    def right_answer(self, item: Item) -> list[int]:
        return [at for at, option in enumerate(item.options) if option.right]

    def wrong_answers(self, item: Item) -> Iterator[list[int]]:
        others = [at for at, option in enumerate(item.options) if not option.right]
        yield from ([at] for at in others)
        yield from ([*self.right_answer(item), at] for at in others)

    def response(self, item: Item, answer: Collection[int]) -> str:
        return "[,]".join(str(item.options.index(item.options[at])) for at in answer)

    def in_words(self, item: Item, answer: Collection[int]) -> str:
        return "; ".join(plain(item.options[at].text) for at in answer)
