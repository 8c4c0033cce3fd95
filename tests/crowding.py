"""Whether the words of a picture stand apart and inside it, by the bundled font, and what a chart accepts."""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from unittest import mock
from xml.etree import ElementTree as ET

from course import charts, evidence
from course.arguments import CallError
from course.display import Chart, Picture
from course.evidence.records import RECORDS
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

NUMBERS = (0, 0.05, 0.5, 0.95, 1, 2, 4, 12, 24, 100, 1800, 1900, 1962, 2000, 2030, 2100)
LONGEST_ID = 45


@cache
def width_of(text: str, size: float, bold: bool) -> float:
    """Of one line, in pixels."""
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    return TextToPath().get_text_width_height_descent(text, font, False)[0]


def boxes(chart: Chart) -> Iterator[tuple[float, float, float, float, str]]:
    """(left, top, right, bottom, words) of every line of text in a picture."""
    root = ET.fromstring(f"<svg>{''.join(Picture(chart.width, chart.height).parts(chart).values())}</svg>")
    for text in root.iter("text"):
        size, bold = float(text.get("font-size")), text.get("font-weight") == "600"
        share = {"middle": 0.5, "end": 1.0}.get(text.get("text-anchor"), 0.0)
        y, after = float(text.get("y")), float(text.get("x"))
        for line in (text, *text.iter("tspan")):
            y += float(line.get("dy", 0))
            words = line.text or ""
            width = width_of(words, size, bold or line.get("font-weight") == "600")
            # A piece without a place of its own stands after the one before it.
            left = float(line.get("x", after)) - share * width
            after = left + width
            yield left, y - 0.75 * size, left + width, y + 0.15 * size, words


def crowded(chart: Chart) -> list[str]:
    """What is wrong with the texts of a picture: those that leave it, and those that overlap."""
    found = list(boxes(chart))
    wrong = [
        words
        for left, top, right, bottom, words in found
        if left < 0 or right > chart.width or top < 0 or bottom > chart.height
    ]
    for place, (left, top, right, bottom, words) in enumerate(found):
        for other in found[place + 1 :]:
            if left < other[2] - 1 and other[0] < right - 1 and top < other[3] - 1 and other[1] < bottom - 1:
                wrong.append(f"{words} / {other[4]}")
    return wrong


@cache
def words_of_the_data() -> tuple[str, ...]:
    """Every short value of every table: whatever a chart may take for an argument is among them."""
    found: dict[str, None] = {}
    for name in RECORDS:
        for row in evidence.table(name):
            for value in (getattr(row, field.name) for field in dataclasses.fields(row)):
                if isinstance(value, str) and 0 < len(value) <= LONGEST_ID:
                    found |= dict.fromkeys([value, *re.split(r" \| |; |, ", value)])
    return tuple(found)


def accepts(name: str, **arguments: Any) -> Chart | None:
    """The chart of this call, or nothing if it is refused in words."""
    try:
        return getattr(charts, name)(**arguments).chart
    except CallError:
        return None


@cache
def accepted(name: str, argument: str) -> tuple[Any, ...]:
    """Every single value that a chart accepts for an argument."""
    kind = str(inspect.signature(getattr(charts, name)).parameters[argument].annotation)
    pool = words_of_the_data() if "str" in kind else NUMBERS
    # Thousands of values are refused here, and looking for the nearest name takes most of the time.
    with mock.patch("difflib.get_close_matches", return_value=[]):
        return tuple(value for value in pool if accepts(name, **{argument: value}) is not None)


def calls_of(name: str) -> Iterator[dict[str, Any]]:
    """Calls to try: the default, each value alone, neighbors and extremes together, all, and two arguments at once."""
    yield {}
    parameters = inspect.signature(getattr(charts, name)).parameters
    for argument, parameter in parameters.items():
        values = accepted(name, argument)
        yield from ({argument: value} for value in values)
        if "Sequence[" in str(parameter.annotation) and len(values) > 1:
            longest = sorted(values, key=lambda value: -len(str(value)))
            groups = [values, values[::-1], longest[:2], longest[:3], longest[:5], *itertools.pairwise(values)]
            yield from ({argument: list(group)} for group in groups)
    if len(parameters) == 2:
        first, second = (accepted(name, argument)[:8] for argument in parameters)
        for values in itertools.product(first, second):
            yield dict(zip(parameters, values, strict=True))
