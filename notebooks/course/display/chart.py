"""A chart as plain data: axes, named marks, and what the chart says in words and numbers.

A function of an explorer returns one `Chart` for its parameters. Nothing here draws: `Picture`
does, and sends on only the marks that changed since the last time, so a mark keeps its name (and
its place in the list) whatever the parameters are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    # What a curve runs through: a list of numbers, or an array of a model.
    Numbers = Sequence[float] | NDArray[np.floating[Any]]
    # Where ticks stand, or {where: what it says}.
    Ticks = Sequence[float] | Mapping[Any, str]


@dataclass(frozen=True)
class Axes:
    """The frame. Limits and ticks are given, so that it never moves by itself.

    Ticks are values, or {value: text}. names: where the texts of y stand, "left" of the axis or "above" each row,
    from the left edge; a line break in such a name divides it from a note, set in muted letters after it.
    """

    x_label: str
    x_limits: tuple[float, float]
    x_ticks: Ticks
    y_label: str
    y_limits: tuple[float, float]
    y_ticks: Ticks
    x_scale: str = "linear"
    y_scale: str = "linear"
    left: float = 64
    right: float = 16
    top: float = 34
    bottom: float = 54
    grid: str = "y"
    names: str = "left"


@dataclass(frozen=True)
class Mark:
    """One thing in the picture. `name` is unique within its chart; coordinates are data values."""

    name: str
    colour: str = "ink"


@dataclass(frozen=True)
class Line(Mark):
    """A curve through x, y. `dash` is solid, dashed, dotted or dashdot."""

    x: Numbers = ()
    y: Numbers = ()
    dash: str = "solid"
    width: float = 2.5


@dataclass(frozen=True)
class Area(Mark):
    """The area between two curves over the same x."""

    x: Numbers = ()
    y_low: Numbers = ()
    y_high: Numbers = ()
    opacity: float = 0.16


@dataclass(frozen=True)
class Dots(Mark):
    """Points. With `labels`, each can be reached by pointer and keyboard and says its label.

    marker: o (circle), D (diamond), s (square), ^ (triangle) or x (cross).
    """

    x: Numbers = ()
    y: Numbers = ()
    marker: str = "o"
    size: float = 9
    filled: bool = True
    labels: Sequence[str] = ()


@dataclass(frozen=True)
class Span(Mark):
    """A straight bar from (x, y) to (x2, y2), with optional end caps."""

    x: float = 0
    y: float = 0
    x2: float = 0
    y2: float = 0
    width: float = 2.5
    dash: str = "solid"
    caps: bool = False
    opacity: float = 1


@dataclass(frozen=True)
class Label(Mark):
    """Text at a data point, shifted by dx, dy pixels (y upwards). A line break in it starts a new line."""

    x: float = 0
    y: float = 0
    text: str = ""
    dx: float = 0
    dy: float = 0
    align: str = "left"
    bold: bool = False
    size: float = 15


@dataclass(frozen=True)
class Drawing(Mark):
    """A piece of one of our own drawings: markup in pixels of the picture, from `assets/` only."""

    svg: str = ""


@dataclass(frozen=True)
class Table:
    """The numbers behind the picture. Cells are text, ready to read, with their units."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Chart:
    """One message, stated in the title; the description is written from the data.

    subtitle: people, molecule, route and study, or what the marks are, in one line under the title.
    axes: none for a picture that consists of drawings. sources: keys of `data/references.bib`.
    caveat: what the picture must not be taken for. Up to a line break, or else its first sentence, it stands under
    the picture; the rest is folded. A picture of up to 520 units shows whole on a phone; a wider one scrolls there.
    """

    id: str
    title: str
    axes: Axes | None
    marks: Sequence[Mark]
    description: str
    table: Table
    sources: Sequence[str]
    caveat: str = ""
    width: int = 520
    height: int = 360
    subtitle: str = ""

    def __post_init__(self) -> None:
        names = [mark.name for mark in self.marks]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"Chart {self.id!r} uses the mark name {sorted(twice)[0]!r} twice.")


def row_heights(names: Collection[Any]) -> dict[Any, int]:
    """Where each row stands on the y axis: the first on top at len(names), the last at 1."""
    return {name: len(names) - place for place, name in enumerate(names)}


def row_axes(
    x_label: str,
    x_limits: tuple[float, float],
    x_ticks: Ticks,
    names: Sequence[str],
    x_scale: str = "linear",
    head: float = 0,
    side: float = 14,
) -> Axes:
    """Axes of a row chart: each row has its name above it, from the edge, so that the marks have the whole width.

    names: from top to bottom, each with a note after a line break if it has one. head: rows left free above the first.
    side: pixels at the left and right. `row_height` gives the height that such a picture needs.
    """
    return Axes(
        x_label,
        x_limits,
        x_ticks,
        "",
        (0.5, len(names) + 0.95 + head),
        {len(names) - place: name for place, name in enumerate(names)},
        x_scale=x_scale,
        left=side,
        right=side,
        top=4,
        bottom=54 if x_label else 8,
        grid="x",
        names="above",
    )


def row_height(rows: float, pitch: float = 46, x_label: bool = True) -> int:
    """Height in pixels of a picture with `row_axes`. rows: how many, with the head; pitch: pixels from row to row."""
    return round(4 + (54 if x_label else 8) + pitch * (rows + 0.45))


def spread(values: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Moves labels' positions apart so that neighbors stand at least `gap` from each other.

    Keeps their order and stays within low..high where there is room. Same unit throughout.
    """
    order = sorted(range(len(values)), key=lambda index: values[index])
    placed = [min(max(values[index], low), high) for index in order]
    for index in range(1, len(placed)):
        placed[index] = max(placed[index], placed[index - 1] + gap)
    overshoot = placed[-1] - high if placed else 0
    if overshoot > 0:
        placed[-1] = high
        for index in range(len(placed) - 2, -1, -1):
            placed[index] = min(placed[index], placed[index + 1] - gap)
    result = [0.0] * len(values)
    for position, index in zip(placed, order, strict=True):
        result[index] = position
    return result
