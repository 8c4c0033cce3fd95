"""A picture that is too tall for a slide, as two: each has half of its rows, both have its head and its axis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# Taller pictures would have letters below 20 pixels on a slide of 1280 x 720.
TALLEST = 540
# One that cannot be divided stays whole up to this height, with letters of 16 pixels.
WHOLE = 660
ABOVE, BELOW = 13, 5  # what a line of text takes above and below its base line
NEXT = 20  # from base line to base line: less is another line of the same words

PIECE = re.compile(r'<g class="dot".*?</g>|<path [^>]*/>|<text .*?</text>', re.DOTALL)
EDGE = re.compile(r'<path d="M[-\d.]+ ([-\d.]+)L[^"]*"[^>]*stroke="var\(--c-edge')
Band = tuple[float, float]


def halves(chart: dict[str, Any]) -> list[dict[str, Any]]:
    """The chart of a spec as it is, or the two that show it. Raises `ValueError` for one of another make."""
    if chart["height"] <= TALLEST:
        return [chart]
    try:
        return _divided(chart)
    except ValueError:
        if chart["height"] > WHOLE:
            raise
        return [chart]


def _divided(chart: dict[str, Any]) -> list[dict[str, Any]]:
    floor = max((float(y) for y in EDGE.findall(chart["parts"]["frame"])), default=0.0)
    head, cut = _places(chart["parts"], floor)
    axis = (floor - 1, float(chart["height"]))
    made = []
    for place, bands in enumerate(([(0.0, cut), axis], [(0.0, head), (cut, floor - 1), axis]), 1):
        parts = {name: _within(markup, bands) for name, markup in chart["parts"].items()}
        height = round(sum(high - low for low, high in bands))
        title = f"{chart['title']} ({place} of 2)"
        made.append({**chart, "title": title, "parts": parts, "height": height})
    return made


def _places(parts: dict[str, str], floor: float) -> Band:
    """Where the head ends (0 without one), and the widest space between two rows near the middle."""
    lines = sorted(
        (line, name == "frame")
        for name, markup in parts.items()
        for text in re.findall(r"<text .*?</text>", markup, re.DOTALL)
        for line in _lines(text)
        if line < floor
    )
    head, named = 0.0, False
    spaces: list[tuple[float, float]] = []
    for (line, frame), (below, _) in zip(lines, lines[1:], strict=False):
        named = named or frame  # the axis names rows: what stands above the first of them is the head
        if below - line < NEXT:
            continue
        middle = (line + BELOW + below - ABOVE) / 2
        if not spaces and not named:
            head = middle
        spaces.append((below - line, middle))
    centre, near = (head + floor) / 2, 0.15 * (floor - head)
    fit = [(round(space), -abs(middle - centre), middle) for space, middle in spaces if abs(middle - centre) < near]
    if not floor or not fit:
        raise ValueError("no axis, or no space between its rows")
    return head, max(fit)[-1]


def _within(markup: str, bands: list[Band]) -> str:
    """What of this markup lies in the bands, which move up to stand close together."""
    if PIECE.sub("", markup).strip():
        raise ValueError(f"unknown markup: {PIECE.sub('', markup)[:60]}")
    made, top = [], 0.0
    for low, high in bands:
        inside = "".join(_clipped(piece, low, high) for piece in PIECE.findall(markup))
        if inside:
            made.append(f'<g transform="translate(0 {round(top - low, 1):g})">{inside}</g>' if top != low else inside)
        top += high - low
    return "".join(made)


def _clipped(piece: str, low: float, high: float) -> str:
    if not piece.startswith("<path"):
        places = list(_lines(piece)) if piece.startswith("<text") else _heights(piece)
        middle = (min(places) + max(places)) / 2
        return piece if low <= middle < high else ""
    places = _heights(piece)
    if max(places) < low or min(places) >= high:
        return ""
    if "a" in piece.split('"')[1]:
        return piece  # a dot

    def clamped(found: re.Match) -> str:
        return f"{found[1]} {min(max(float(found[2]), low), high):g}"

    return re.sub(r"([ML][-\d.]+) ([-\d.]+)", clamped, piece)


def _heights(piece: str) -> list[float]:
    """How far down the corners of its paths are."""
    return [float(y) for path in re.findall(r' d="([^"]*)"', piece) for y in re.findall(r"[ML][-\d.]+ ([-\d.]+)", path)]


def _lines(text: str) -> Iterator[float]:
    """The base lines of a text."""
    line = float(re.search(r' y="([-\d.]+)"', text)[1])
    yield line
    for step in re.findall(r'<tspan [^>]*dy="([-\d.]+)"', text):
        line += float(step)
        yield line
