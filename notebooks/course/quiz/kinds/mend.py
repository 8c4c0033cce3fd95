"""A sentence to write: the learner mends a claim, then compares with a model answer and ticks a few checks herself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ..items import Item, Option
from ..words import plain, rich, shown
from .base import Found, Judgement, Kind, Maker, listed, place

LONGEST = 1000  # characters of what is written
_QUOTED = re.compile("“[^”]+”")
MOST_WORDS = 60  # of a model answer: one sentence or two, as it asks for


class Mend(Kind):
    """A claim to put right in her own words. Its answer is {"text": words, "ticked": places of checks}.

    No machine judges it: the verdict is `self`, and what was ticked is her own assessment and is called so.
    """

    name, interaction, ask = "mend", "long-fill-in", "Write your sentence first."
    how = "Write your own version. Then compare it with one model answer, and tick what yours does."

    def fits(self, item: Item, answer: Any) -> bool:
        if not isinstance(answer, dict) or not isinstance(answer.get("text"), str):
            return False
        ticked = answer.get("ticked", [])
        return (
            len(answer["text"]) <= LONGEST
            and listed(ticked)
            and len(set(map(str, ticked))) == len(ticked)
            and all(place(at, len(item.checks)) for at in ticked)
        )

    def grade(self, item: Item, answer: dict[str, Any] | None, first: bool) -> Judgement:
        if not answer or not answer["text"].strip():
            return Judgement("ask", self.ask)
        ticked = answer.get("ticked", [])
        left = tuple(check.feedback for at, check in enumerate(item.checks) if at not in ticked)
        return Judgement("self", said(len(ticked), len(item.checks)), left)

    def make(self, maker: Maker) -> dict[str, Any]:
        return {
            "model": maker.text(maker.raw["model"], "model"),
            "checks": maker.options(maker.raw["checks"], ("checks",)),
        }

    def spec(self, item: Item) -> dict[str, Any]:
        return {
            "model": plain(item.model),
            "model_html": rich(item.model),
            "checks": [{"text": plain(one.text), "html": rich(one.text)} for one in item.checks],
        }

    def script(self, item: Item) -> dict[str, Any]:
        return {"checks": [{"text": shown(one.text), "feedback": shown(one.feedback)} for one in item.checks]}

    def key(self, item: Item) -> str:
        checks = "; ".join(plain(one.text).rstrip(".") for one in item.checks)
        return f"One model answer: {plain(item.model)} Checks to tick: {checks}."

    def replies(self, item: Item) -> Sequence[tuple[str, Option]]:
        return [(f"Left out: {one.text}", one) for one in item.checks]

    def response(self, item: Item, answer: dict[str, Any]) -> str:
        if not self.fits(item, answer):
            raise TypeError("a sentence that was mended is text with ticks")
        return answer["text"]

    def in_words(self, item: Item, answer: dict[str, Any]) -> str:
        if not self.fits(item, answer):
            raise TypeError("a sentence that was mended is text with ticks")
        ticked = answer.get("ticked", [])
        return f"{answer['text']} [self-assessed: {len(ticked)} of {len(item.checks)} checks ticked]"

    def sets(self, item: Item) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
        yield ("checks",), [one.text for one in item.checks]

    def lint(self, item: Item) -> Found:
        """It quotes what is to be mended, and its model answer is short, and another sentence."""
        quoted = [part.strip("“”").rstrip(".").casefold() for part in _QUOTED.findall(item.stem)]
        if not quoted:
            yield ("stem",), "quotes no sentence to mend. Put it between “ and ”."
        if plain(item.model).rstrip(".").casefold() in quoted:
            yield ("model",), "is the sentence that was to be mended. Write what holds."
        if len(item.model.split()) > MOST_WORDS:
            yield ("model",), f"has more than {MOST_WORDS} words. Write one sentence or two."
        for at, check in enumerate(item.checks):
            if check.text.rstrip().endswith("?"):
                yield ("checks", at), "asks. Say what a good version does, so that it can be ticked."


def said(ticked: int, checks: int) -> str:
    """What is said once checks were ticked: that nobody but the learner has judged."""
    return f"By your own assessment: {ticked} of {checks}. No machine has judged your sentence."
