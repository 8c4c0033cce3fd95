"""The eight kinds of questions, each with all that it can do: take, judge, show, explain, put on record, be checked."""

from __future__ import annotations

from ..items import Item
from .base import Judgement, Kind
from .choices import Several, Single
from .mend import Mend
from .number import Quantity
from .ordering import Ordering
from .slots import Cloze, Matching, Truth

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (Single(), Several(), Truth(), Quantity(), Matching(), Ordering(), Cloze(), Mend())
}

__all__ = ["KINDS", "Judgement", "Kind", "kind_of"]


def kind_of(item: Item) -> Kind:
    """The kind of an item."""
    return KINDS[item.kind]
