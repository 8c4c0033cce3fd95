"""A small matplotlib renderer that writes compact, themeable SVG.

matplotlib's own SVG backend styles every element and the whole page and gives each picture ids. This
one writes presentation attributes and no ids, rounds coordinates to a tenth of a pixel so that the
same chart is the same text on every machine, and turns the palette's colours into CSS variables.
"""

from __future__ import annotations

import re
from html import escape

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex
from matplotlib.path import Path

from .palette import colour_names

_LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
_VARIABLE = re.compile(r"var\(--c-[a-z]+,(#[0-9a-f]{6})\)")
_ANCHOR = {"left": 0.0, "center": 0.5, "right": 1.0}


def fixed_colours(svg: str) -> str:
    """The same SVG with the light theme's colours written out, for use as an image."""
    return _VARIABLE.sub(r"\1", svg)


class SvgRenderer(RendererBase):
    """Collects SVG elements of what is drawn; `take()` returns and forgets them."""

    def __init__(self, width: float, height: float):
        super().__init__()
        self.width, self.height = width, height
        self._out: list[str] = []

    def take(self) -> str:
        """What was drawn since the last call."""
        markup, self._out = "".join(self._out), []
        return markup

    def write(self, markup: str) -> None:
        """Adds markup between drawn things."""
        self._out.append(markup)

    # What matplotlib asks of a renderer

    def flipy(self):
        return True

    def get_canvas_width_height(self):
        return self.width, self.height

    def points_to_pixels(self, points):
        return points

    def draw_path(self, gc, path, transform, rgbFace=None):
        clip = None
        if rgbFace is None and gc.get_clip_rectangle() is not None:
            box = gc.get_clip_rectangle()
            clip = (box.x0, box.y0, box.x1, box.y1)
        data = self._path_data(path.cleaned(transform, clip=clip, simplify=False, curves=True))
        if data:
            self._out.append(f'<path d="{data}"{self._paint(gc, rgbFace)}/>')

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        paint = self._paint(gc, rgbFace)
        shape = marker_path.transformed(marker_trans)
        for x, y in path.transformed(trans).vertices:
            if np.isfinite(x) and np.isfinite(y):
                moved = Path(shape.vertices + (x, y), shape.codes)
                data = self._path_data(moved.cleaned(simplify=False, curves=True))
                self._out.append(f'<path d="{data}"{paint}/>')

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        width = self.get_text_width_height_descent(s, prop, False)[0]
        share = _ANCHOR.get(mtext.get_horizontalalignment() if mtext is not None else "left", 0.0)
        if angle:
            share = 0.5
        # Anchored where it is aligned, so that a reader's narrower font keeps the alignment.
        turn = np.deg2rad(angle)
        x, y = x + share * width * np.cos(turn), y - share * width * np.sin(turn)
        anchor = {0.0: "", 0.5: ' text-anchor="middle"', 1.0: ' text-anchor="end"'}[share]
        place = f'x="{_short(x)}" y="{_short(y)}"'
        if angle:
            place = f'transform="translate({_short(x)} {_short(y)}) rotate({_short(-angle)})"'
        weight = ' font-weight="600"' if prop.get_weight() in ("bold", "semibold", 600, 700) else ""
        size = _short(prop.get_size_in_points())
        fill = _colour(gc.get_rgb())
        self._out.append(f'<text {place} font-size="{size}"{weight}{anchor} fill="{fill}">{escape(s)}</text>')

    def draw_image(self, gc, x, y, im, transform=None):
        raise NotImplementedError("Charts of this course are drawn with lines, areas and text only.")

    # Helpers

    def _path_data(self, path: Path) -> str:
        parts, codes, points = [], path.codes, path.vertices
        index, last = 0, None
        while index < len(codes):
            code = codes[index]
            if code == Path.STOP:
                break
            if code == Path.CLOSEPOLY:
                parts.append("Z")
                index, last = index + 1, None
                continue
            count = {Path.CURVE3: 2, Path.CURVE4: 3}.get(code, 1)
            numbers = " ".join(f"{_short(px)} {_short(self.height - py)}" for px, py in points[index : index + count])
            parts.append(f"{' ' if code == last == Path.LINETO else _LETTERS[code]}{numbers}")
            index, last = index + count, code
        return "".join(parts)

    def _paint(self, gc, face) -> str:
        alpha = gc.get_alpha() if gc.get_forced_alpha() else 1.0
        fill = "none"
        attributes = ""
        if face is not None and (len(face) < 4 or face[3] > 0):
            fill = _colour(face)
            share = alpha if gc.get_forced_alpha() else (face[3] if len(face) == 4 else 1)
            if share < 1:
                attributes += f' fill-opacity="{_short(share, 2)}"'
        width = gc.get_linewidth()
        rgb = gc.get_rgb()
        if width and (len(rgb) < 4 or rgb[3] > 0):
            attributes += f' stroke="{_colour(rgb)}" stroke-width="{_short(width)}"'
            share = alpha if gc.get_forced_alpha() else (rgb[3] if len(rgb) == 4 else 1)
            if share < 1:
                attributes += f' stroke-opacity="{_short(share, 2)}"'
            dashes = gc.get_dashes()[1]
            if dashes is not None:
                attributes += f' stroke-dasharray="{" ".join(_short(dash) for dash in dashes)}"'
        return f' fill="{fill}"{attributes}'


def _short(value: float, digits: int = 1) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _colour(rgb) -> str:
    hexa = to_hex(rgb[:3])
    name = colour_names().get(hexa)
    return f"var(--c-{name},{hexa})" if name else hexa
