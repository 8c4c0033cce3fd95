"""What every kind of question can do, and what a judgment is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from ..items import Item, Option, Trap
from ..words import LETTERS, plain, rich, shown

# A part of an item in its file, as in ("options", 2), with what is said of it.
Found = Iterator[tuple[tuple[Any, ...], str]]


class Maker(Protocol):
    """What fills the numbers of rows into what a file says of one item, and names the line of a fault."""

    raw: Mapping[str, Any]

    def text(self, source: str, *path: Any) -> str:
        """A text with its numbers."""

    def number(self, source: str, *path: Any) -> float:
        """The value of an expression."""

    def options(self, entries: Any, where: tuple[Any, ...]) -> tuple[Option, ...]:
        """Options or steps; a step is right where it stands."""

    def fault(self, problem: str, mend: str, *path: Any) -> Exception:
        """What to raise for a part of the file that cannot be used."""


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


@dataclass(frozen=True, slots=True)
class Sheet:
    """A question on paper. key: what is to be written. cells: how many boxes of the answer grid that takes.

    lists: [{label, options: [{letter, html}]}]. lines: markup of what is numbered or gets a letter.
    """

    key: str
    cells: int = 1
    lists: list[dict[str, Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


# Gives the places of so many options in the order of one sheet.
Order = Callable[[int], list[int]]


class Kind:
    """A kind of question. `assets/scripts/quiz.js` judges in the page by the same rules (`tests/judgements.py`)."""

    name: ClassVar[str]
    ask: ClassVar[str]  # what is said where there is nothing to judge yet
    how: ClassVar[str]  # what a learner is to do
    interaction: ClassVar[str]  # what xAPI calls its kind
    one_right: ClassVar[bool] = False  # one option is right, so that its place and length may give it away
    calculates: ClassVar[bool] = False

    def fits(self, item: Item, answer: Any) -> bool:
        """Whether an answer has the shape that a page of ours sends."""
        raise NotImplementedError

    def grade(self, item: Item, answer: Any, first: bool) -> Judgement:
        """Judges an answer that fits, or None. first: whether it is the first try."""
        raise NotImplementedError

    def make(self, maker: Maker) -> dict[str, Any]:
        """Its own parts of an item, from what the file says. Raises `DataError`."""
        return {"options": maker.options(maker.raw["options"], ("options",))}

    def how_to(self, item: Item) -> str:
        """What a learner is to do, in words."""
        return self.how

    def spec(self, item: Item) -> dict[str, Any]:
        """Its own parts as plain data for the template."""
        return {}

    def collect(self, item: Item) -> dict[str, Any]:
        """What a script needs to take an answer, without the key."""
        return {}

    def script(self, item: Item) -> dict[str, Any]:
        """What a script needs to judge an answer."""
        return {"options": [script_option(option) for option in item.options]}

    def key(self, item: Item) -> str:
        """The answer in words."""
        raise NotImplementedError

    def how_on_paper(self, item: Item) -> str:
        """What a learner is to do with a pen."""
        return self.how_to(item)

    def on_paper(self, item: Item, order: Order) -> Sheet:
        """Its lists in the order of a sheet, with the key that belongs to it."""
        return Sheet(self.key(item))

    def replies(self, item: Item) -> Sequence[tuple[str, Option | Trap]]:
        """What does not fit, each with what is said to it, for a key on paper."""
        return [(option.text, option) for option in item.options if not option.right]

    def narrowing(self, item: Item) -> str:
        """A hint for an item that has none of its own, as markup: one answer less to think about."""
        return ""

    def response(self, item: Item, answer: Any) -> str | None:
        """An answer in the notation that xAPI has for its kind of interaction."""
        raise NotImplementedError

    def right_answer(self, item: Item) -> Any:
        """The answer that is right, as a page would send it; None where no machine judges."""
        return None

    def wrong_answers(self, item: Item) -> Iterator[Any]:
        """Answers that do not hold, as a page would send them; none where no machine judges."""
        yield from ()

    def patterns(self, item: Item) -> list[str]:
        """The right answer in the notation that xAPI has for its kind of interaction; none where no machine judges."""
        right = self.right_answer(item)
        found = None if right is None else self.response(item, right)
        return [] if found is None else [found]

    def components(self, item: Item) -> dict[str, Any]:
        """What xAPI calls the components of an interaction."""
        return {}

    def in_words(self, item: Item, answer: Any) -> str:
        """An answer as a person would say it."""
        raise NotImplementedError

    def luck(self, item: Item) -> float:
        """The share of a point that blind guessing earns on average."""
        return 0.0

    def lettered(self, item: Item) -> Sequence[Option]:
        """The options that bear letters, in the order of the bank; a page may show them in another."""
        return ()

    def chosen(self, item: Item, answer: Any) -> list[int]:
        """The places, among `lettered`, of what an answer chose."""
        return []

    def offered(self, item: Item) -> list[tuple[str, Option]]:
        """What can be chosen, each option with its words in a table of results."""
        return []

    def picked(self, item: Item, answer: Any) -> list[tuple[str, Option]]:
        """Those of `offered` that an answer chose."""
        return []

    def sets(self, item: Item) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
        """What a learner chooses among, each set with its path in the file: no two of a set may be alike."""
        yield ("options",), [option.text for option in item.options]

    def lint(self, item: Item) -> Found:
        """What makes an item of this kind unfit."""
        yield from ()


def place(value: Any, count: int) -> bool:
    """Whether a value is a place in a list of so many."""
    return type(value) is int and 0 <= value < count


def listed(answer: Any) -> bool:
    """Whether an answer is a list of answers."""
    return isinstance(answer, Sequence) and not isinstance(answer, str)


def beliefs(chosen: Collection[Any]) -> tuple[str, ...]:
    """The misconceptions behind options or traps, once each."""
    return tuple(dict.fromkeys(option.misconception for option in chosen if option.misconception))


def option_spec(at: int, option: Option) -> dict[str, Any]:
    """An option as plain data for the template."""
    return {
        "letter": LETTERS[at],
        "text": plain(option.text),
        "html": rich(option.text),
        "right": option.right,
        "feedback": plain(option.feedback),
    }


def lettered(label: str, texts: Sequence[str]) -> dict[str, Any]:
    """A list of options for paper, with letters from A on in the order that it has."""
    options = [{"letter": letter, "html": rich(text)} for letter, text in zip(LETTERS, texts, strict=False)]
    return {"label": label, "options": options}


def letter_of_right(options: Sequence[Option], places: Sequence[int]) -> str:
    """The letter of the option that is right, in this order."""
    return next(LETTERS[at] for at, one in enumerate(places) if options[one].right)


def script_option(option: Option) -> dict[str, Any]:
    """An option as a script needs it."""
    return {"right": option.right, "text": shown(option.text), **script_reply(option)}


def script_reply(option: Option | Trap) -> dict[str, str]:
    """What is said to somebody who chose an option or met a trap, as markup."""
    return {"feedback": shown(option.feedback), "belief": shown(option.misconception)}


def components(texts: Sequence[str], letter: str = "") -> list[dict[str, Any]]:
    """Texts as the components of an xAPI interaction."""
    return [{"id": f"{letter}{at}", "description": {"en": plain(text)}} for at, text in enumerate(texts)]


def one_less(item: Item, what: str) -> str:
    """A hint that takes one wrong option away, the same one every time; without its letter, which may differ."""
    wrong = [option for option in item.options if not option.right]
    return f"{what}: {rich(wrong[hashlib.sha256(item.id.encode()).digest()[0] % len(wrong)].text)}"
