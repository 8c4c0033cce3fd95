"""Draws a `Chart`: the frame once, by matplotlib, then each mark as a piece of SVG by name."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np

from .chart import Area, Axes, Chart, Dots, Drawing, Label, Line, Mark, Span
from .markup import ANCHORS, WEIGHTS, short, themed

LINE_HEIGHT = 1.2  # of the text size
# A diagonal cross of arms 0.35 wide, clockwise from its upper notch.
CROSS = (
    (0, -0.35), (0.65, -1), (1, -0.65), (0.35, 0), (1, 0.65), (0.65, 1),
    (0, 0.35), (-0.65, 1), (-1, 0.65), (-0.35, 0), (-1, -0.65), (-0.65, -1),
)  # fmt: skip
DASHES = {"solid": "", "dashed": "8 5", "dotted": "2 3", "dashdot": "11 4 2 4"}


class Picture:
    """The retained drawing of one chart. The frame is built once for each set of axes."""

    def __init__(self, width: int, height: int):
        self.width, self.height = width, height
        self._axes: Axes | None = None
        self._frame = ""
        self._to_pixels: Callable[[np.ndarray], np.ndarray] = lambda points: points
        self._known: dict[str, tuple[Mark, str]] = {}

    def parts(self, chart: Chart) -> dict[str, str]:
        """Markup of the frame and of every mark: {"frame": …, "mark:<name>": …}, in drawing order.

        A mark that has not changed since the last call is not drawn again.
        """
        if chart.axes is not None and chart.axes != self._axes:
            from .frame import draw_frame  # matplotlib takes long to import, and questions alone do not need it

            self._frame, self._to_pixels = draw_frame(chart.axes, self.width, self.height)
            self._axes = chart.axes
            self._known.clear()
        parts = {"frame": self._frame}
        for mark in chart.marks:
            known = self._known.get(mark.name)
            if known is None or not _same(known[0], mark):
                known = (mark, self._draw_mark(mark))
                self._known[mark.name] = known
            parts[f"mark:{mark.name}"] = known[1]
        return parts

    def _draw_mark(self, mark: Mark) -> str:
        """Marks are written straight away: matplotlib gives the place, and its artists would cost ten times more."""
        draw: dict[type[Mark], Callable[[Any], str]] = {
            Line: self._line,
            Area: self._area,
            Dots: self._dots,
            Span: self._span,
            Label: self._label,
            Drawing: lambda drawing: drawing.svg,
        }
        return draw[type(mark)](mark)

    def _points(self, x: Any, y: Any) -> np.ndarray:
        """Data values as pixels from the top left. Shape (n, 2)."""
        pixels = self._to_pixels(np.column_stack([x, y]))
        return np.column_stack([pixels[:, 0], self.height - pixels[:, 1]])

    def _line(self, mark: Line) -> str:
        if len(mark.x) == 0:
            return ""
        return f'<path d="{_path(self._points(mark.x, mark.y))}" fill="none"{_stroke(mark)}/>'

    def _area(self, mark: Area) -> str:
        if len(mark.x) == 0:
            return ""
        top, bottom = self._points(mark.x, mark.y_high), self._points(mark.x, mark.y_low)
        outline = _path(np.concatenate([top, bottom[::-1]]))
        return f'<path d="{outline}Z" fill="{themed(mark.colour)}" fill-opacity="{short(mark.opacity, 2)}"/>'

    def _dots(self, mark: Dots) -> str:
        if len(mark.x) == 0:
            return ""
        face, edge = ("paper", mark.colour) if not mark.filled else (mark.colour, "paper")
        paint = f'fill="{themed(face)}" stroke="{themed(edge)}" stroke-width="{1 if mark.filled else 2}"'
        parts = []
        for index, (x, y) in enumerate(self._points(mark.x, mark.y)):
            shape = f'<path d="{_shape(mark.marker, x, y, mark.size / 2)}" {paint}/>'
            if mark.labels:
                text = escape(mark.labels[index], quote=True)
                shape = f'<g class="dot" role="img" aria-label="{text}"><title>{text}</title>{shape}</g>'
            parts.append(shape)
        return "".join(parts)

    def _span(self, mark: Span) -> str:
        ends = self._points([mark.x, mark.x2], [mark.y, mark.y2])
        path = _path(ends)
        if mark.caps:
            across = np.array([0.0, 5.0]) if mark.y == mark.y2 else np.array([5.0, 0.0])
            path += "".join(_path(np.array([end - across, end + across])) for end in ends)
        opacity = f' stroke-opacity="{short(mark.opacity, 2)}"' if mark.opacity < 1 else ""
        return f'<path d="{path}" fill="none"{_stroke(mark)}{opacity}/>'

    def _label(self, mark: Label) -> str:
        if not mark.text:
            return ""
        ((x, y),) = self._points([mark.x], [mark.y])
        lines = mark.text.split("\n")
        left, top = short(x + mark.dx), y - mark.dy + (0.36 - LINE_HEIGHT * (len(lines) - 1) / 2) * mark.size
        words = escape(lines[0]) + "".join(
            f'<tspan x="{left}" dy="{short(LINE_HEIGHT * mark.size)}">{escape(line)}</tspan>' for line in lines[1:]
        )
        # A rim of paper keeps the words readable where they cross a curve.
        return (
            f'<text x="{left}" y="{short(top)}" '
            f'font-size="{short(mark.size)}"{ANCHORS[mark.align]}{WEIGHTS[mark.bold]} fill="{themed(mark.colour)}" '
            f'stroke="{themed("paper")}" stroke-width="4" paint-order="stroke" stroke-linejoin="round">'
            f"{words}</text>"
        )


def _path(points: np.ndarray) -> str:
    first, *rest = (f"{short(x)} {short(y)}" for x, y in points)
    return f"M{first}L{' '.join(rest)}"


def _shape(marker: str, x: float, y: float, radius: float) -> str:
    """The outline of a marker: o (circle), D (diamond), s (square), ^ (triangle) or x (cross)."""
    r = short(radius)
    if marker == "o":
        return (
            f"M{short(x - radius)} {short(y)}a{r} {r} 0 1 0 {short(2 * radius)} 0a{r} {r} 0 1 0 {short(-2 * radius)} 0Z"
        )
    reach = radius * {"D": 1.3, "^": 1.2}.get(marker, 1)
    corners = {
        "D": ((0, -1), (1, 0), (0, 1), (-1, 0)),
        "s": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
        "^": ((0, -1), (0.95, 0.75), (-0.95, 0.75)),
        "x": CROSS,
    }[marker]
    return _path(np.array([(x + reach * dx, y + reach * dy) for dx, dy in corners])) + "Z"


def _stroke(mark: Line | Span) -> str:
    dashes = f' stroke-dasharray="{DASHES[mark.dash]}"' if DASHES[mark.dash] else ""
    return f' stroke="{themed(mark.colour)}" stroke-width="{short(mark.width)}"{dashes}'


def _same(one: Mark, other: Mark) -> bool:
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    for name, value in vars(one).items():
        theirs = vars(other)[name]
        if isinstance(value, np.ndarray) or isinstance(theirs, np.ndarray):
            if not np.array_equal(value, theirs):
                return False
        elif value != theirs:
            return False
    return True
