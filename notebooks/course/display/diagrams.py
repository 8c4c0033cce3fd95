"""Our own drawings: an SVG of `assets/diagrams/` as named layers, each shown at some of its steps.

A layer is a `<g data-layer="name" data-steps="1-3 5">` right below the `<svg>`; `display="none"` on it
only decides what is seen when the file is opened by itself. Colors are the palette's variables, so that
a drawing follows the theme.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ..evidence import nearest
from ..files import ASSETS
from .files import asset
from .markup import tint
from .palette import palette

FOLDER = "diagrams"
TAGS = {"g", "path", "circle", "ellipse", "rect", "text", "tspan"}
ATTRIBUTES = set(
    "d cx cy r rx ry x y width height transform fill stroke stroke-width stroke-dasharray stroke-linecap "
    "stroke-linejoin paint-order font-size font-weight text-anchor".split()
)
_COLOUR = re.compile(r"none|var\(--c-([a-z]+),(#[0-9a-f]{6})\)")


@dataclass(frozen=True)
class Layer:
    """A piece of a drawing, as markup in pixels, and the steps at which it is shown."""

    name: str
    steps: frozenset[int]
    svg: str


@dataclass(frozen=True)
class Diagram:
    """A drawing in layers, in drawing order. `description` says in words what is drawn."""

    name: str
    title: str
    description: str
    width: int
    height: int
    layers: tuple[Layer, ...]

    @property
    def steps(self) -> int:
        """How many steps the drawing has."""
        return max(step for layer in self.layers for step in layer.steps)


def diagram_names() -> list[str]:
    """Names of the drawings, which are files of `assets/diagrams/` without their ending."""
    return sorted(path.stem for path in (ASSETS / FOLDER).glob("*.svg"))


@cache
def diagram(name: str) -> Diagram:
    """The drawing of this name. Raises `ValueError` for an unknown name or for markup that is not ours to show."""
    if name not in diagram_names():
        raise ValueError(f"There is no drawing {name!r}. {nearest(name, diagram_names())}")
    return read_diagram(name, asset(f"{FOLDER}/{name}.svg"))


def read_diagram(name: str, text: str) -> Diagram:
    """Reads a drawing from its SVG. Raises `ValueError` that names the file and the mend."""

    def refuse(problem: str, mend: str) -> ValueError:
        return ValueError(f"assets/{FOLDER}/{name}.svg: {problem} {mend}")

    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise refuse(f"it is not well-formed ({error}).", "Close every tag and quote.") from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.text, element.tail = (element.text or "").strip(), ""
    title, description = (root.findtext(tag) or "" for tag in ("title", "desc"))
    if not title or not description:
        raise refuse("it lacks a title or a description.", "Give it <title> and <desc>.")
    width, height = (int(part) for part in root.get("viewBox", "0 0 640 400").split()[2:])
    layers = []
    for group in root:
        if group.tag in ("title", "desc"):
            continue
        layer, steps = group.get("data-layer"), group.get("data-steps", "")
        if group.tag != "g" or not layer or not re.fullmatch(r"[\d -]+", steps):
            raise refuse(f"a <{group.tag}> stands outside a layer.", 'Use <g data-layer="name" data-steps="1-3 5">.')
        for piece in group:
            _check(piece, refuse)
        markup = "".join(ET.tostring(piece, encoding="unicode").replace(" />", "/>") for piece in group)
        layers.append(Layer(layer, _steps(steps), markup))
    if len({layer.name for layer in layers}) < len(layers):
        raise refuse("a layer's name is used twice.", "Give each layer a name of its own.")
    return Diagram(name, title, description, width, height, tuple(layers))


def _check(piece: ET.Element, refuse: Callable[[str, str], ValueError]) -> None:
    """Only shapes and words, and only colors that follow the theme: the markup goes into the page as it is."""
    for element in piece.iter():
        if element.tag not in TAGS:
            raise refuse(f"<{element.tag}> is not allowed.", f"Use {', '.join(sorted(TAGS))}.")
        for attribute, value in element.attrib.items():
            if attribute not in ATTRIBUTES:
                raise refuse(f"the attribute {attribute!r} is not allowed.", "Use presentation attributes only.")
            if attribute in ("fill", "stroke"):
                match = _COLOUR.fullmatch(value)
                if not match or (match[1] and (match[1] not in palette() or match[2] != tint(match[1]))):
                    raise refuse(f"the color {value!r} is not of the palette.", "Write var(--c-blue,#1763e0).")


def _steps(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)
