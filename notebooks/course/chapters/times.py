"""How long chapters take, by their own time boxes. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .notebook import LAYERS


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
