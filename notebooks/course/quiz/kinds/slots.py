"""An answer of several parts, one choice for each: true or false with a reason, lines to match, gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ..items import Item, Option, Slot
from ..words import plain, rich, shown
from .base import (
    Found,
    Judgement,
    Kind,
    Maker,
    Order,
    Sheet,
    beliefs,
    components,
    letter_of_right,
    lettered,
    listed,
    one_less,
    option_spec,
    place,
    script_option,
)

Answer = Sequence[int | None]


class _Slots(Kind):
    """Its answer is the place of an option, or None, for each slot."""

    first_only = False  # whether a first try gets its first wrong part explained, and not all

    def fits(self, item: Item, answer: Any) -> bool:
        return (
            listed(answer)
            and len(answer) == len(item.slots)
            and all(one is None or place(one, len(slot.options)) for one, slot in zip(answer, item.slots, strict=True))
        )

    def grade(self, item: Item, answer: Answer | None, first: bool) -> Judgement:
        places = [at for at in answer or () if at is not None]
        if answer is None or len(places) < len(answer):
            return Judgement("ask", self.ask)
        chosen = [slot.options[at] for slot, at in zip(item.slots, places, strict=True)]
        return self.judge(item, chosen, first)

    def judge(self, item: Item, chosen: list[Option], first: bool) -> Judgement:
        """Judges one option for each slot."""
        wrong = [(slot, option) for slot, option in zip(item.slots, chosen, strict=True) if not option.right]
        if not wrong:
            return Judgement("right", "Right.")
        fits = len(chosen) - len(wrong)
        partly = 2 * fits >= len(chosen)  # a single line that fits may be luck
        says = f"{'Partly.' if partly else 'Not yet.'} {fits} of {len(chosen)} fit{'s' if fits == 1 else ''}."
        told = wrong[:1] if first and self.first_only else wrong
        texts = tuple(f"{slot.label}: {option.feedback}" for slot, option in told)
        return Judgement("partly" if partly else "wrong", says, texts, beliefs([option for _, option in told]))

    def luck(self, item: Item) -> float:
        """Each slot guessed by itself: all of them, or half a point for half of them."""
        fit = [1.0]
        for slot in item.slots:
            share = 1 / len(slot.options)
            fit = [
                (fit[at] if at < len(fit) else 0) * (1 - share) + (fit[at - 1] * share if at else 0)
                for at in range(len(fit) + 1)
            ]
        return fit[-1] + sum(chance for at, chance in enumerate(fit[:-1]) if 2 * at >= len(item.slots)) / 2

    def right_answer(self, item: Item) -> list[int]:
        return [slot.right for slot in item.slots]

    def wrong_answers(self, item: Item) -> Iterator[list[int]]:
        """One slot off, all others right."""
        right = self.right_answer(item)
        for slot, one in enumerate(item.slots):
            for at in range(len(one.options)):
                if at != one.right:
                    yield [*right[:slot], at, *right[slot + 1 :]]

    def spec(self, item: Item) -> dict[str, Any]:
        return {
            "slots": [
                {
                    "label": plain(slot.label),
                    "html": rich(slot.label),
                    "options": [option_spec(at, option) for at, option in enumerate(slot.options)],
                }
                for slot in item.slots
            ]
        }

    def collect(self, item: Item) -> dict[str, Any]:
        return {"ask": self.ask}

    def script(self, item: Item) -> dict[str, Any]:
        return {
            "slots": [
                {"label": shown(slot.label), "options": [script_option(option) for option in slot.options]}
                for slot in item.slots
            ]
        }

    def replies(self, item: Item) -> Sequence[tuple[str, Option]]:
        return [(option.text, option) for slot in item.slots for option in slot.options if not option.right]

    def narrowing(self, item: Item) -> str:
        slot = item.slots[0]
        wrong = next(option for option in slot.options if not option.right)
        return f"{rich(slot.label)}: this does not fit: {rich(wrong.text)}"

    def right(self, item: Item) -> list[str]:
        """The text of the right option of each slot."""
        return [plain(slot.options[slot.right].text) for slot in item.slots]

    def offered(self, item: Item) -> list[tuple[str, Option]]:
        return [_in_slot(slot, option) for slot in item.slots for option in slot.options]

    def picked(self, item: Item, answer: Answer) -> list[tuple[str, Option]]:
        chosen = zip(item.slots, answer, strict=True)
        return [_in_slot(slot, slot.options[at]) for slot, at in chosen if at is not None]

    def texts(self, item: Item, answer: Answer) -> list[str | None]:
        """The texts of the options that were chosen."""
        return [None if at is None else slot.options[at].text for slot, at in zip(item.slots, answer, strict=True)]

    def in_words(self, item: Item, answer: Answer) -> str:
        return "; ".join(plain(text or "") for text in self.texts(item, answer))


def _in_slot(slot: Slot, option: Option) -> tuple[str, Option]:
    return f"{plain(slot.label)}: {plain(option.text)}", option


class Truth(_Slots):
    """True or false, with a reason."""

    name, interaction, ask = "truth", "true-false", "Choose true or false, and a reason."
    how = "True or false? Choose, then choose the reason."
    one_right = True

    def judge(self, item: Item, chosen: list[Option], first: bool) -> Judgement:
        wrong = [option for option in chosen if not option.right]
        if not wrong:
            return Judgement("right", "Right.", (chosen[1].feedback,))
        half = chosen[0].right
        says = f"Partly. {chosen[0].text} is right; the reason is another." if half else "Not yet."
        texts = tuple(dict.fromkeys(option.feedback for option in wrong))
        return Judgement("partly" if half else "wrong", says, texts, beliefs(wrong))

    def make(self, maker: Maker) -> dict[str, Any]:
        truth, reasons = maker.raw["truth"], maker.options(maker.raw["options"], ("options",))
        said = maker.text(truth["feedback"], "truth", "feedback")
        sides = tuple(
            Option(name, truth["right"] == side, said, "" if truth["right"] == side else truth["misconception"])
            for name, side in (("True", True), ("False", False))
        )
        return {"options": reasons, "slots": (Slot("This sentence is", sides), Slot("Because", reasons))}

    def key(self, item: Item) -> str:
        side, reason = self.right(item)
        return f"{side}. {reason}"

    def on_paper(self, item: Item, order: Order) -> Sheet:
        said, why = item.slots
        sides = [{"letter": plain(option.text), "html": ""} for option in said.options]
        places = order(len(why.options))
        reasons = lettered(plain(why.label), [why.options[at].text for at in places])
        key = f"{self.right(item)[0]}, {letter_of_right(why.options, places)}"
        return Sheet(key, 2, [{"label": plain(said.label), "options": sides}, reasons])

    def lettered(self, item: Item) -> Sequence[Option]:
        return item.options

    def chosen(self, item: Item, answer: Answer) -> list[int]:
        return [at for at in answer[1:] if at is not None]

    def luck(self, item: Item) -> float:
        """Right side and reason, or half a point for the side alone."""
        reason = 1 / len(item.options)
        return reason / 2 + (1 - reason) / 4

    def narrowing(self, item: Item) -> str:
        return one_less(item, "This is not the reason")

    def response(self, item: Item, answer: Answer) -> str | None:
        return {"true": "true", "false": "false"}.get((self.texts(item, answer)[0] or "").strip().lower())


class Matching(_Slots):
    """A choice for each line."""

    name, interaction, ask = "matching", "matching", "Choose an answer for every line first."
    how = "Choose an answer for each line."
    first_only = True

    def make(self, maker: Maker) -> dict[str, Any]:
        choices = [maker.text(choice, "choices", at) for at, choice in enumerate(maker.raw["choices"])]
        return {"slots": tuple(self._line(maker, choices, at, pair) for at, pair in enumerate(maker.raw["pairs"]))}

    def _line(self, maker: Maker, choices: list[str], at: int, pair: dict[str, Any]) -> Slot:
        wanted = maker.text(pair["choice"], "pairs", at, "choice")
        if wanted not in choices:
            problem, mend = f"{wanted[:40]!r} is not one of the choices.", "Copy one of `choices`."
            raise maker.fault(problem, mend, "pairs", at, "choice")
        said = maker.text(pair["feedback"], "pairs", at, "feedback")
        sides = (
            Option(choice, choice == wanted, said, "" if choice == wanted else pair["misconception"])
            for choice in choices
        )
        return Slot(maker.text(pair["text"], "pairs", at, "text"), tuple(sides))

    def key(self, item: Item) -> str:
        right = zip(item.slots, self.right(item), strict=True)
        return "; ".join(f"{plain(slot.label)}: {text}" for slot, text in right)

    def how_on_paper(self, item: Item) -> str:
        return "Write the letter that fits each line."

    def on_paper(self, item: Item, order: Order) -> Sheet:
        choices = item.slots[0].options  # one list for all of its lines
        places = order(len(choices))
        keys = [letter_of_right(slot.options, places) for slot in item.slots]
        listing = lettered("", [choices[at].text for at in places])
        return Sheet(", ".join(keys), len(keys), [listing], [rich(slot.label) for slot in item.slots])

    def replies(self, item: Item) -> Sequence[tuple[str, Option]]:
        return [(slot.label, option) for slot in item.slots for option in slot.options if not option.right]

    def response(self, item: Item, answer: Answer) -> str:
        targets = self._targets(item)
        chosen = enumerate(self.texts(item, answer))
        return "[,]".join(f"s{at}[.]t{targets.index(text)}" for at, text in chosen if text is not None)

    def components(self, item: Item) -> dict[str, Any]:
        labels = [slot.label for slot in item.slots]
        return {"source": components(labels, "s"), "target": components(self._targets(item), "t")}

    def _targets(self, item: Item) -> list[str]:
        """Every text that the lines offer, once."""
        return list(dict.fromkeys(option.text for slot in item.slots for option in slot.options))

    def sets(self, item: Item) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
        yield ("pairs",), [slot.label for slot in item.slots]
        yield ("choices",), [option.text for option in item.slots[0].options]

    def lint(self, item: Item) -> Found:
        """The lines do not come in the order of their choices."""
        places = [slot.right for slot in item.slots]
        if len(set(places)) == 1:
            yield ("pairs",), "has one choice for all its lines. Let two lines differ."
        elif places == sorted(places):
            yield ("pairs",), "has its lines in the order of the choices. Mix one of them."


class Cloze(_Slots):
    """Gaps of a passage."""

    interaction = "fill-in"
    name, how, ask = "cloze", "Choose the words that fit.", "Fill every gap first."

    def make(self, maker: Maker) -> dict[str, Any]:
        gaps = maker.raw["gaps"]
        marks = re.findall(r"\[(\d+)\]", maker.raw["passage"])
        if marks != [str(number) for number in range(1, len(gaps) + 1)]:
            problem = f"the passage marks the gaps {', '.join(marks) or 'nowhere'}, but there are {len(gaps)}."
            raise maker.fault(problem, "Mark them [1], [2], ... in this order, each once.", "passage")
        slots = (
            Slot(f"Gap {at + 1}", maker.options(gap["options"], ("gaps", at, "options"))) for at, gap in enumerate(gaps)
        )
        return {"passage": maker.text(maker.raw["passage"], "passage"), "slots": tuple(slots)}

    def spec(self, item: Item) -> dict[str, Any]:
        # Text and gaps by turns.
        return {**super().spec(item), "passage": [rich(part) for part in re.split(r"\[\d+\]", item.passage)]}

    def key(self, item: Item) -> str:
        right = self.right(item)
        return re.sub(r"\[(\d+)\]", lambda gap: right[int(gap[1]) - 1], plain(item.passage))

    def how_on_paper(self, item: Item) -> str:
        return "Write the letter that fits each gap."

    def on_paper(self, item: Item, order: Order) -> Sheet:
        lists, keys = [], []
        for at, slot in enumerate(item.slots, 1):
            places = order(len(slot.options))
            lists.append(lettered(f"({at})", [slot.options[one].text for one in places]))
            keys.append(letter_of_right(slot.options, places))
        return Sheet(", ".join(keys), len(keys), lists)

    def response(self, item: Item, answer: Answer) -> str:
        return "[,]".join(plain(text or "") for text in self.texts(item, answer))

    def sets(self, item: Item) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
        for at, slot in enumerate(item.slots):
            yield ("gaps", at, "options"), [option.text for option in slot.options]
