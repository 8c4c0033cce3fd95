"""A form of the test on paper: options in an order of their own for each variant, and the key that belongs to it."""

from __future__ import annotations

import random
import string
from typing import Any

from ...quiz import bank
from ...quiz.items import Item
from ...quiz.views import item_spec, script_spec

VARIANTS = (1, 2)
LETTERS = string.ascii_uppercase


def booklet(form: str, variant: int) -> dict[str, Any]:
    """What a booklet and its key show. Variant 1 has the options as the bank has them. Raises `KeyError`."""
    draw = random.Random(f"{form}{variant}")
    items = enumerate(bank.form(form).items, 1)
    asked = [question(item, number, draw if variant > 1 else None) for number, item in items]
    return {"form": form, "variant": variant, "questions": asked}


def question(item: Item, number: int, draw: random.Random | None) -> dict[str, Any]:
    """One question: its texts, its lists of options in this variant's order, and the key as letters.

    lists: [{label, options: [{letter, html}]}]; matching has one list for all of its lines, gaps have one each.
    """
    spec, judged = item_spec(item), script_spec(item)
    draw = None if item.raw.get("order") == "fixed" else draw  # a scale keeps its order on every sheet
    made = {"number": number, "kind": item.kind, "stem": spec["stem_html"], "how": _how(spec), "case": spec["case"]}
    made |= {"lists": [], "lines": [], "passage": spec["passage"], "ends": spec["ends"], "why": spec["why_html"]}
    if item.kind in ("single", "several"):
        options = list(zip(spec["options"], judged["options"], strict=True))
        options = _shuffled(options, draw)
        made["lists"] = [{"label": "", "options": _lettered(option["html"] for option, _ in options)}]
        right = [LETTERS[at] for at, (_, option) in enumerate(options) if option["right"]]
        return made | {"key": ", ".join(right), "cells": 1}
    if item.kind == "truth":
        said, why = spec["slots"]
        reasons = _shuffled(list(zip(why["options"], judged["slots"][1]["options"], strict=True)), draw)
        made["lists"] = [
            {"label": said["label"], "options": [{"letter": option["text"], "html": ""} for option in said["options"]]},
            {"label": why["label"], "options": _lettered(option["html"] for option, _ in reasons)},
        ]
        word = next(option["text"] for option in judged["slots"][0]["options"] if option["right"])
        letter = next(LETTERS[at] for at, (_, option) in enumerate(reasons) if option["right"])
        return made | {"key": f"{word}, {letter}", "cells": 2}
    if item.kind == "matching":
        order = _shuffled(list(range(len(spec["slots"][0]["options"]))), draw)
        options = spec["slots"][0]["options"]
        made["lists"] = [{"label": "", "options": _lettered(options[at]["html"] for at in order)}]
        made["lines"] = [slot["html"] for slot in spec["slots"]]
        keys = [LETTERS[order.index(_right(slot))] for slot in judged["slots"]]
        return made | {"key": ", ".join(keys), "cells": len(keys)}
    if item.kind == "cloze":
        orders = [_shuffled(list(range(len(slot["options"]))), draw) for slot in spec["slots"]]
        made["lists"] = [
            {"label": f"({at})", "options": _lettered(slot["options"][place]["html"] for place in order)}
            for at, (slot, order) in enumerate(zip(spec["slots"], orders, strict=True), 1)
        ]
        pairs = zip(judged["slots"], orders, strict=True)
        keys = [LETTERS[order.index(_right(slot))] for slot, order in pairs]
        return made | {"key": ", ".join(keys), "cells": len(keys)}
    if item.kind == "ordering":
        steps = _shuffled(spec["steps"], draw)
        made["lines"] = [step["html"] for step in steps]
        return made | {"key": ", ".join(str(int(step["place"]) + 1) for step in steps), "cells": len(steps)}
    return made | {"key": spec["key"], "cells": 1}


def _how(spec: dict[str, Any]) -> str:
    """What to do, on paper."""
    return {
        "ordering": f"Number the steps, from {' to '.join(spec['ends'])}.",
        "matching": "Write the letter that fits each line.",
        "cloze": "Write the letter that fits each gap.",
    }.get(spec["kind"], spec["how"])


def _right(slot: dict[str, Any]) -> int:
    return next(at for at, option in enumerate(slot["options"]) if option["right"])


def _shuffled(options: list[Any], draw: random.Random | None) -> list[Any]:
    return options if draw is None else draw.sample(options, len(options))


def _lettered(texts: Any) -> list[dict[str, str]]:
    return [{"letter": LETTERS[at], "html": html} for at, html in enumerate(texts)]
