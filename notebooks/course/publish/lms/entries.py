"""What every format needs of a question: where it belongs, its texts as markup, and what is said after an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ...chapters import chapters
from ...display import source_links
from ...quiz import bank
from ...quiz.items import Item
from ...quiz.kinds import KINDS, kind_of
from ...quiz.making import texts_of
from ...quiz.views import section
from ...quiz.words import LETTERS, plain, rich

COURSE = "Is Ketamine an Opioid?"
LONGEST_NAME = 70
# What the course's own texts cannot hold, and what a learning management system would show as it stands.
_PICTURE, _FORMULA = re.compile(r"!\[|<img\b", re.I), re.compile(r"\$[^$]+\$|\\\(|\\\[|<math\b", re.I)


class NotExpressible(Exception):
    """A format has nothing for this question; the message says why, in words."""


@dataclass(frozen=True)
class Written:
    """A question in one format. changed: how it differs from the course's own, in words; '' where it does not."""

    text: str
    changed: str = ""


@dataclass(frozen=True)
class Category:
    """Questions that belong together: a chapter's of one level, or a form's. name: as in "03 How much binds"."""

    slug: str
    name: str
    level: str
    form: str

    @property
    def title(self) -> str:
        """As one line."""
        return f"{self.name}: {self.level}"

    @property
    def key(self) -> str:
        """As part of a file's name."""
        return f"{self.slug}-{self.level}"

    @property
    def path(self) -> tuple[str, ...]:
        """From the course down."""
        return COURSE, self.name, self.level.capitalize()


@dataclass(frozen=True)
class Entry:
    """A question to be written, with its category."""

    item: Item
    category: Category

    @property
    def id(self) -> str:
        return self.item.id

    @cached_property
    def name(self) -> str:
        """Its id and how it begins."""
        words = plain(self.item.stem)
        short = words if len(words) <= LONGEST_NAME else f"{words[: LONGEST_NAME - 1].rsplit(' ', 1)[0]} …"
        return f"{self.id} {short}"

    @cached_property
    def question(self) -> str:
        """Case, question and what to do, as markup."""
        case = self.item.case
        story = f"<p><strong>{rich(case.title)}.</strong> {rich(case.text)}</p>" if case else ""
        how = f"<p><em>{rich(kind_of(self.item).how_to(self.item))}</em></p>"
        return f"{story}<p>{rich(self.item.stem)}</p>{how}"

    @cached_property
    def after(self) -> str:
        """What is said after any answer, as markup: why, where to read again, and the sources."""
        read = section(self.item)
        links = [
            f'<a href="{rich(one["url"])}">{rich(one["label"])}</a>' if one["url"] else rich(one["label"])
            for one in source_links(self.item.sources)
        ]
        sources = f"<p>Sources: {'; '.join(links)}</p>" if links else ""
        return (
            f"<p>{rich(self.item.why)}</p>"
            f"<p>Read again: chapter {read['chapter'][:2]}, “{rich(read['title'])}”.</p>{sources}"
        )

    @cached_property
    def each_part(self) -> str:
        """What is said of each part, for a format that has no place for it beside the part: as a list."""
        item = self.item
        if kind_of(item) is KINDS["ordering"]:
            lines = [(f"{at}. {option.text}", option.feedback) for at, option in enumerate(item.options, 1)]
        else:
            lines = [
                (f"{slot.label}: {option.text}", option.feedback) for slot in item.slots for option in slot.options
            ]
        told = dict.fromkeys(f"<li>{rich(part)}. {rich(said)}</li>" for part, said in lines if said)
        return f"<ul>{''.join(told)}</ul>" if told else ""

    @property
    def shuffled(self) -> str:
        """Whether its options may stand in any order: "true" or "false"."""
        return str(self.item.raw.get("order") != "fixed").lower()

    @property
    def key(self) -> str:
        """The answer in words."""
        return kind_of(self.item).key(self.item)

    @property
    def hints(self) -> tuple[str, ...]:
        """Its hints, as markup."""
        return tuple(rich(hint) for hint in self.item.hints)

    @property
    def tags(self) -> list[str]:
        """By what it may be looked for."""
        item = self.item
        return [item.objective, item.level, item.bloom, item.kind, *item.facts]

    @cached_property
    def stands_as_text(self) -> str:
        """What of it no format brings over but as text, in words; '' for nothing."""
        texts = " ".join(text for _, text in texts_of(self.item.raw))
        found = [what for what, mark in (("a picture", _PICTURE), ("a formula", _FORMULA)) if mark.search(texts)]
        return f"{' and '.join(found)} in it stand{'s' if len(found) == 1 else ''} as text" if found else ""


Writer = Callable[[Entry], Written]


def by_kind(entry: Entry, writers: Mapping[str, Writer], otherwise: Writer) -> Written:
    """Writes a question by its kind. A kind that a format does not know becomes an open question with its key."""
    return writers.get(entry.item.kind, otherwise)(entry)


def entries() -> list[Entry]:
    """Every question of the course, the two forms too, in order of chapters and levels."""
    titles = {chapter.slug: chapter.title for chapter in chapters()}
    found = []
    for of_chapter in bank.banks():
        words = titles.get(of_chapter.chapter, of_chapter.chapter[3:].replace("-", " "))
        number = of_chapter.chapter[:2]
        name = f"{number} {words}" + (f" (test, form {of_chapter.form})" if of_chapter.form else "")
        made = [
            Entry(item, Category(of_chapter.chapter, name, item.level, of_chapter.form)) for item in of_chapter.items
        ]
        found += sorted(made, key=lambda entry: entry.category.level)
    return found


def categories(found: list[Entry]) -> dict[Category, list[Entry]]:
    """The questions of each category, in order."""
    sorted_in: dict[Category, list[Entry]] = {}
    for entry in found:
        sorted_in.setdefault(entry.category, []).append(entry)
    return sorted_in


def pairs(entry: Entry) -> tuple[list[tuple[str, str]], list[str]]:
    """A question as lines to match with texts, and the texts that belong to no line."""
    item = entry.item
    if kind_of(item) is KINDS["ordering"]:
        return [(f"Place {at}", plain(option.text)) for at, option in enumerate(item.options, 1)], []
    lines = [(plain(slot.label), plain(slot.options[slot.right].text)) for slot in item.slots]
    offered = dict.fromkeys(plain(option.text) for slot in item.slots for option in slot.options)
    return lines, [text for text in offered if text not in {right for _, right in lines}]


def lettered(entry: Entry) -> Iterator[tuple[str, str]]:
    """Each option's letter, in the order of the bank, and its text."""
    for letter, option in zip(LETTERS, entry.item.options, strict=False):
        yield letter, plain(option.text)


def percent(share: float) -> str:
    """A share of the points as Moodle has it: five decimals, or none."""
    return f"{100 * share:.5f}".rstrip("0").rstrip(".")
