"""Pieces of SVG markup that marks and frames share."""

from __future__ import annotations

import re

from .palette import palette

ANCHORS = {"left": "", "center": ' text-anchor="middle"', "right": ' text-anchor="end"'}
WEIGHTS = {False: "", True: ' font-weight="600"'}
_VARIABLE = re.compile(r"var\(--c-[a-z]+,(#[0-9a-f]{6})\)")


def short(value: float, digits: int = 1) -> str:
    """A number with few digits and no trailing zeros, for coordinates."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def tint(name: str) -> str:
    """The light theme's value of a palette color. Raises `KeyError` for an unknown name."""
    return palette()[name]["light"]


def themed(name: str) -> str:
    """A palette color as it stands in the markup: the theme's variable, with the light value to fall back on."""
    return f"var(--c-{name},{tint(name)})"


def fixed_colours(svg: str) -> str:
    """The same SVG with the light theme's colors written out, for use as an image."""
    return _VARIABLE.sub(r"\1", svg)
