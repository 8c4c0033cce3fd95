"""The course's colors, by name, for light and dark: `assets/styles/palette.json` is the one place."""

from __future__ import annotations

import json
from functools import cache

from .files import asset


@cache
def palette() -> dict[str, dict[str, str]]:
    """Color name -> {"light": "#rrggbb", "dark": "#rrggbb", "forced": CSS system color}."""
    return json.loads(asset("styles/palette.json"))


@cache
def color_names() -> dict[str, str]:
    """Light hex value -> color name, so that a drawn color finds its way back to the theme."""
    return {shades["light"]: name for name, shades in palette().items()}


def css_variables(scheme: str) -> str:
    """Declarations `--name: color;` for one scheme: light, dark or forced."""
    return " ".join(f"--c-{name}: {shades[scheme]};" for name, shades in palette().items())
