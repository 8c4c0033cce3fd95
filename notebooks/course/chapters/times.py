"""How long chapters take: counted from what stands in them, and said in words. Standard library only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .notebook import LAYERS, plain, unseen


def alone(boxes: Iterable[Mapping[str, Mapping[str, int]]]) -> dict[str, int]:
    """Minutes of each layer for somebody who learns alone: reading and doing, without discussion."""
    boxes = list(boxes)
    return {layer: sum(box[layer]["read"] + box[layer]["do"] for box in boxes) for layer in LAYERS}


def in_words(minutes: int) -> str:
    """A time to the next ten minutes, such as "2 hours 50 minutes"."""
    hours, rest = divmod(-(-minutes // 10) * 10, 60)
    parts = [f"{hours} hour{'s' if hours > 1 else ''}" if hours else "", f"{rest} minutes" if rest else ""]
    return " ".join(filter(None, parts))


def sentence(boxes: Iterable[Mapping[str, Mapping[str, int]]]) -> str:
    """What the course takes in all."""
    times = alone(boxes)
    return (
        f"Learning alone, Core takes about {in_words(times['core'])}, and everything about "
        f"{in_words(sum(times.values()))}. The two tests take about 20 minutes each, on top."
    )


# Minutes, as the course counts them. All are our allowances; sixteen claims are judged at half a minute each.
WORDS_A_MINUTE = 200
MINUTES = {"charts": 0.5, "explorers": 2.0, "predictions": 0.5, "questions": 0.75, "written": 1.5}
MINUTES |= {"warm-up": 1.0, "reports": 1.0, "claims": 8.0}
REPORTS = ("gain", "calibration", "review", "certificate")
# What is folded, and a picture's description.
_UNREAD = re.compile(r"<details>.*?</details>|!\[[^\]]*\]\([^)]*\)", re.DOTALL)
_CALL = re.compile(r"\b(charts|claims|explorers|learning|quiz)\.(\w+)\(([^()]*)")
# Sections that nobody reads from top to bottom.
_LOOKED_UP = ("Words", "Sources", "More practice")


def counted(cells: Iterable[Mapping[str, Any]], written: Collection[str] = ()) -> dict[str, dict[str, int]]:
    """Minutes to read and to do, by layer, from what stands open in a chapter: words, charts, explorers, questions.

    Folded parts and further practice do not count, nor do descriptions of pictures and notes for instructors.
    written: ids of the questions that ask for a sentence.
    """
    words: Counter[str] = Counter()
    doing = dict.fromkeys(LAYERS, 0.0)
    layer, heading = "core", ""
    for cell in cells:
        if unseen(cell):
            continue
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for part in re.split(r"(?m)^(?=## )", _UNREAD.sub("", source)):
                if part.startswith("## "):
                    heading = part[3:].partition("\n")[0].strip()
                    layer = "deeper" if "**Deeper.**" in part[:200] else "core"
                if heading not in _LOOKED_UP:
                    words[layer] += len(plain(part).split())
        else:
            for room, name, arguments in _CALL.findall(source):
                doing[layer] += _minutes_for(room, name, arguments, written)
    return {each: {"read": round(words[each] / WORDS_A_MINUTE), "do": round(doing[each])} for each in LAYERS}


def _minutes_for(room: str, name: str, arguments: str, written: Collection[str]) -> float:
    if name == "warm_up":
        return MINUTES["warm-up"]
    if room == "learning":
        return MINUTES["reports"] if name in REPORTS else 0
    if room == "quiz":
        asked = re.findall(r"Q\d{4}", arguments) if name == "show" else []
        return sum(MINUTES["written" if item in written else "questions"] for item in asked)
    return MINUTES["predictions" if name.startswith("predict") else room]


def state(notebook: dict[str, Any], written: Collection[str] = ()) -> None:
    """Writes the counted minutes into a chapter's metadata, and into its line *Time*. Discussion stays as stated."""
    stated = notebook["metadata"].get("course", {}).get("minutes")
    if not stated:
        return
    found = counted(notebook["cells"], written)
    for layer, minutes in found.items():
        stated[layer].update(minutes)
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and "**Time.**" in source:
            for layer, minutes in found.items():
                says = f"{layer.capitalize()}: read {minutes['read']}, do {minutes['do']}"
                source = re.sub(rf"{layer.capitalize()}: read \d+, do \d+", says, source)
            cell["source"] = re.sub(r"This page: \d+", f"This page: {sum(found['core'].values())}", source)
