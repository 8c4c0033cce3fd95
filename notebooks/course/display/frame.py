"""The frame of a chart: axes, ticks, grid and names, drawn by matplotlib into compact, themeable SVG.

matplotlib's own SVG backend styles every element and the whole page and gives each picture ids. This
one writes presentation attributes and no ids, rounds coordinates to a tenth of a pixel so that the
same chart is the same text on every machine, and turns the palette's colors into CSS variables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, NullFormatter, NullLocator

from .chart import Axes
from .markup import ANCHORS, short, themed, tint
from .palette import color_names

TEXT_SIZE = 15
NAME_UP = 14  # pixels from the line of a row up to the foot of the name above it

# Set for the moment of drawing only, so that a learner's own plots keep theirs.
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": TEXT_SIZE,
    "path.simplify": False,
    "text.parse_math": False,
    "axes.unicode_minus": True,
}
# Zero has no place on a log axis: it goes far below the picture.
_SCALES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": np.asarray,
    "log": lambda values: np.log10(np.maximum(values, np.finfo(float).tiny)),
}
_SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}


def draw_frame(axes: Axes, width: int, height: int) -> tuple[str, Callable[[np.ndarray], np.ndarray]]:
    """The frame's markup, and the function from data values (n, 2) to pixels from the bottom left."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="none")
        ax = figure.add_axes(
            (
                axes.left / width,
                axes.bottom / height,
                (width - axes.left - axes.right) / width,
                (height - axes.top - axes.bottom) / height,
            ),
            facecolor="none",
        )
        ax.set(xscale=axes.x_scale, yscale=axes.y_scale, xlim=axes.x_limits, ylim=axes.y_limits)
        for axis, ticks, grid in ((ax.xaxis, axes.x_ticks, "x"), (ax.yaxis, axes.y_ticks, "y")):
            texts = list(ticks.values()) if isinstance(ticks, Mapping) else [_plain(value) for value in ticks]
            if grid == "y" and axes.names == "above":
                texts = [""] * len(texts)
            axis.set_major_locator(FixedLocator(list(ticks)))
            axis.set_major_formatter(FixedFormatter(texts))
            axis.set_minor_locator(NullLocator())
            axis.set_minor_formatter(NullFormatter())
            if grid in axes.grid:
                axis.grid(True, color=tint("line"), linewidth=1)
        ax.set_axisbelow(True)
        ax.tick_params(length=0, pad=6, colors=tint("muted"), labelsize=TEXT_SIZE)
        for side, spine in ax.spines.items():
            spine.set(visible=side == "bottom", color=tint("edge"), linewidth=1)
        ax.set_xlabel(axes.x_label, fontsize=TEXT_SIZE, color=tint("ink"), labelpad=6)
        # The name of the y axis stands upright above it, where it can be read without turning the head.
        figure.text(4 / width, 1 - 6 / height, axes.y_label, va="top", fontsize=TEXT_SIZE, color=tint("ink"))
        renderer = SvgRenderer(width, height)
        figure.draw(renderer)
    to_pixels = _places(ax, axes)
    names = _names_above(axes, height, to_pixels) if axes.names == "above" else ""
    return "".join(renderer.out) + names, to_pixels


def _names_above(axes: Axes, height: int, to_pixels: Callable[[np.ndarray], np.ndarray]) -> str:
    """The name of each row over its line, from the picture's left edge, and its note after it."""
    texts = []
    for value, text in axes.y_ticks.items() if isinstance(axes.y_ticks, Mapping) else ():
        ((_, up),) = to_pixels(np.array([[axes.x_limits[0], value]], dtype=float))
        name, _, note = text.partition("\n")
        words = f'<tspan font-weight="600">{escape(name)}</tspan>'
        words += f'<tspan fill="{themed("muted")}">  {escape(note)}</tspan>' if note else ""
        texts.append(
            f'<text x="6" y="{short(height - up - NAME_UP)}" font-size="{TEXT_SIZE}" fill="{themed("ink")}" '
            f'stroke="{themed("paper")}" stroke-width="4" paint-order="stroke" stroke-linejoin="round" '
            f'xml:space="preserve">{words}</text>'
        )
    return "".join(texts)


def _places(ax: Any, axes: Axes) -> Callable[[np.ndarray], np.ndarray]:
    """matplotlib's own mapping from data to pixels, as one factor and one shift for each axis.

    Its transform takes 40 µs a call, which a picture of a hundred labels would pay a hundred times a move.
    """
    scales = [_SCALES[axes.x_scale], _SCALES[axes.y_scale]]
    ends = np.array([axes.x_limits, axes.y_limits], dtype=float).T
    pixels = ax.transData.transform(ends)
    scaled = np.column_stack([scale(ends[:, place]) for place, scale in enumerate(scales)])
    factor = (pixels[1] - pixels[0]) / (scaled[1] - scaled[0])
    shift = pixels[0] - factor * scaled[0]

    def to_pixels(points: np.ndarray) -> np.ndarray:
        columns = [scale(points[:, place]) for place, scale in enumerate(scales)]
        return np.column_stack(columns) * factor + shift

    return to_pixels


class SvgRenderer(RendererBase):
    """Collects in `out` the SVG of what a frame holds: straight lines and level text."""

    def __init__(self, width: float, height: float):
        super().__init__()
        self.width, self.height = width, height
        self.out: list[str] = []

    def flipy(self) -> bool:
        return True

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.width, self.height

    def points_to_pixels(self, points: Any) -> Any:
        return points

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:
        rgb = gc.get_rgb()
        if not gc.get_linewidth() or (len(rgb) == 4 and rgb[3] == 0):
            return  # an empty background
        points = [f"{short(x)} {short(self.height - y)}" for x, y in transform.transform(path.vertices)]
        self.out.append(
            f'<path d="M{"L".join(points)}" fill="none" stroke="{_colour(rgb)}" '
            f'stroke-width="{short(gc.get_linewidth())}"/>'
        )

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        # Anchored where it is aligned, so that a reader's narrower font keeps the alignment.
        align = mtext.get_horizontalalignment() if mtext is not None else "left"  # a line of several has none
        x += _SHARES[align] * self.get_text_width_height_descent(s, prop, False)[0]
        self.out.append(
            f'<text x="{short(x)}" y="{short(y)}" font-size="{short(prop.get_size_in_points())}"{ANCHORS[align]} '
            f'fill="{_colour(gc.get_rgb())}">{escape(s)}</text>'
        )

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:
        raise NotImplementedError("A frame of this course holds lines and text only.")


def _colour(rgb: Any) -> str:
    return themed(color_names()[to_hex(rgb[:3])])


def _plain(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e4 else f"{value:,.0f}"
