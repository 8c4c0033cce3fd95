"""Draws a `Chart` with matplotlib: the frame once, then each mark as a piece of SVG by name."""

from __future__ import annotations

from html import escape

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FixedLocator, NullFormatter, NullLocator
from matplotlib.transforms import ScaledTranslation

from .chart import Area, Axes, Chart, Dots, Label, Line, Mark, Span
from .palette import palette
from .svg import SvgRenderer

DASHES = {"solid": "solid", "dashed": (0, (3.2, 2)), "dotted": (0, (1, 1.6))}
TEXT_SIZE = 15

# Only what the pictures need; set for the moment of drawing, so that a learner's own plots keep theirs.
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": TEXT_SIZE,
    "path.simplify": False,
    "text.parse_math": False,
    "axes.unicode_minus": True,
}


def tint(name: str) -> str:
    """The light theme's value of a palette colour. Raises `KeyError` for an unknown name."""
    return palette()[name]["light"]


def themed(name: str) -> str:
    """A palette colour as it stands in the markup: the theme's variable, with the light value to fall back on."""
    return f"var(--c-{name},{tint(name)})"


class Picture:
    """The retained drawing of one chart. The frame is built once for each set of axes."""

    def __init__(self, width: int, height: int):
        self.width, self.height = width, height
        self._renderer = SvgRenderer(width, height)
        self._axes_drawn: Axes | None = None
        self._frame = ""
        self._figure = self._ax = None
        self._known: dict[str, tuple[Mark, str]] = {}

    def parts(self, chart: Chart) -> dict[str, str]:
        """Markup of the frame and of every mark: {"frame": …, "mark:<name>": …}, in drawing order.

        A mark that has not changed since the last call is not drawn again.
        """
        if chart.axes != self._axes_drawn:
            with matplotlib.rc_context(STYLE):
                self._draw_frame(chart.axes)
        parts = {"frame": self._frame}
        for mark in chart.marks:
            known = self._known.get(mark.name)
            if known is None or not _same(known[0], mark):
                known = (mark, self._draw_mark(mark))
                self._known[mark.name] = known
            parts[f"mark:{mark.name}"] = known[1]
        return parts

    def _draw_frame(self, axes: Axes) -> None:
        width, height = self.width, self.height
        figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="none")
        box = (
            axes.left / width,
            axes.bottom / height,
            (width - axes.left - axes.right) / width,
            (height - axes.top - axes.bottom) / height,
        )
        ax = figure.add_axes(box, facecolor="none")
        ax.set_xscale(axes.x_scale)
        ax.set_yscale(axes.y_scale)
        ax.set_xlim(axes.x_limits)
        ax.set_ylim(axes.y_limits)
        for axis, ticks, grid in ((ax.xaxis, axes.x_ticks, "x"), (ax.yaxis, axes.y_ticks, "y")):
            values = list(ticks)
            texts = list(ticks.values()) if isinstance(ticks, dict) else [_plain(value) for value in values]
            axis.set_major_locator(FixedLocator(values))
            axis.set_major_formatter(FixedFormatter(texts))
            axis.set_minor_locator(NullLocator())
            axis.set_minor_formatter(NullFormatter())
            if grid in axes.grid:
                axis.grid(True, color=tint("line"), linewidth=1)
        ax.set_axisbelow(True)
        ax.tick_params(length=0, pad=6, colors=tint("muted"), labelsize=TEXT_SIZE)
        for side, spine in ax.spines.items():
            spine.set_visible(side == "bottom")
            spine.set_color(tint("edge"))
            spine.set_linewidth(1)
        ax.set_xlabel(axes.x_label, fontsize=TEXT_SIZE, color=tint("ink"), labelpad=6)
        # The name of the y axis stands upright above it, where it can be read without turning the head.
        figure.text(
            4 / width,
            1 - 6 / height,
            axes.y_label,
            va="top",
            ha="left",
            fontsize=TEXT_SIZE,
            color=tint("ink"),
        )
        figure.draw(self._renderer)
        self._frame = self._renderer.take()
        self._figure, self._ax, self._axes_drawn = figure, ax, axes
        self._known.clear()

    def _draw_mark(self, mark: Mark) -> str:
        draw = {Line: self._line, Area: self._area, Dots: self._dots, Span: self._span, Label: self._label}
        draw[type(mark)](mark)
        return self._renderer.take()

    def _show(self, artist, transform=None) -> None:
        artist.set_figure(self._figure)
        artist.axes = self._ax
        artist.set_transform(transform or self._ax.transData)
        artist.draw(self._renderer)

    def _line(self, mark: Line) -> None:
        line = Line2D(mark.x, mark.y, color=tint(mark.colour), linewidth=mark.width, linestyle=DASHES[mark.dash])
        line.set_clip_box(self._ax.bbox)
        self._show(line)

    def _area(self, mark: Area) -> None:
        if len(mark.x) == 0:
            return
        outline = np.column_stack(
            [np.concatenate([mark.x, np.flip(mark.x)]), np.concatenate([mark.y_low, np.flip(mark.y_high)])]
        )
        self._show(
            Polygon(
                outline,
                closed=True,
                facecolor=tint(mark.colour),
                edgecolor="none",
                linewidth=0,
                alpha=mark.opacity,
            )
        )

    def _dots(self, mark: Dots) -> None:
        for index, (x, y) in enumerate(zip(mark.x, mark.y, strict=True)):
            label = mark.labels[index] if mark.labels else ""
            if label:
                text = escape(label, quote=True)
                self._renderer.write(f'<g class="dot" role="img" aria-label="{text}"><title>{text}</title>')
            self._show(
                Line2D(
                    [x],
                    [y],
                    linestyle="none",
                    marker=mark.marker,
                    markersize=mark.size,
                    markerfacecolor=tint(mark.colour) if mark.filled else tint("paper"),
                    markeredgecolor=tint(mark.colour) if not mark.filled else tint("paper"),
                    markeredgewidth=2 if not mark.filled else 1,
                )
            )
            if label:
                self._renderer.write("</g>")

    def _span(self, mark: Span) -> None:
        line = Line2D(
            [mark.x, mark.x2],
            [mark.y, mark.y2],
            color=tint(mark.colour),
            linewidth=mark.width,
            linestyle=DASHES[mark.dash],
            alpha=mark.opacity if mark.opacity < 1 else None,
            solid_capstyle="butt",
            marker=("|" if mark.y == mark.y2 else "_") if mark.caps else "none",
            markersize=10,
            markeredgewidth=mark.width,
        )
        self._show(line)

    def _label(self, mark: Label) -> None:
        if not mark.text:
            return
        shifted = self._ax.transData + ScaledTranslation(mark.dx / 72, mark.dy / 72, self._figure.dpi_scale_trans)
        text = Text(
            mark.x,
            mark.y,
            mark.text,
            color=tint(mark.colour),
            fontsize=mark.size,
            fontfamily="DejaVu Sans",
            fontweight="bold" if mark.bold else "normal",
            parse_math=False,
            ha=mark.align,
            va="center_baseline",
            rotation=mark.angle,
        )
        # A rim of paper keeps the words readable where they cross a curve.
        self._renderer.write(
            f'<g stroke="{themed("paper")}" stroke-width="4" paint-order="stroke" stroke-linejoin="round">'
        )
        self._show(text, shifted)
        self._renderer.write("</g>")


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


def _plain(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e4 else f"{value:,.0f}"
