"""A form of the test on paper: options in an order of their own for each variant, and the key that belongs to it."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

from ...quiz import bank
from ...quiz.items import Item
from ...quiz.kinds import kind_of
from ...quiz.views import item_spec

VARIANTS = (1, 2)


def booklet(form: str, variant: int) -> dict[str, Any]:
    """What a booklet and its key show. Variant 1 has the options as the bank has them. Raises `KeyError`."""
    draw = random.Random(f"{form}{variant}")
    items = enumerate(bank.form(form).items, 1)
    asked = [question(item, number, draw if variant > 1 else None) for number, item in items]
    return {"form": form, "variant": variant, "questions": asked}


def question(item: Item, number: int, draw: random.Random | None) -> dict[str, Any]:
    """One question: its texts, its lists of options in this variant's order, and the key as letters."""
    fixed = draw is None or item.raw.get("order") == "fixed"  # a scale keeps its order on every sheet

    def order(count: int) -> list[int]:
        return list(range(count)) if fixed or draw is None else draw.sample(range(count), count)

    spec, kind = item_spec(item), kind_of(item)
    made = {"number": number, "kind": item.kind, "stem": spec["stem_html"], "how": kind.how_on_paper(item)}
    made |= {"case": spec["case"], "passage": spec["passage"], "ends": spec["ends"], "why": spec["why_html"]}
    return made | dataclasses.asdict(kind.on_paper(item, order))
