"""Colors that can be read and told apart, and charts that do not rely on color alone."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from course.display import Area, Axes, Chart, Dots, Label, Line, Span, Table
from course.display.palette import palette
from everything import chart_names, drawn

SCHEMES = ("light", "dark")
# WCAG 2.2: text 1.4.3 at AA, parts of pictures 1.4.11.
TEXT, GRAPHICS = 4.5, 3.0
# What only separates rows may be faint; it carries no data.
RULES = {"line"}
DATA = ("blue", "orange", "green", "purple")
# Distance in OKLab (Ottosson 2020), in which black and white are 1 apart. Below this, two data colours count as
# alike for somebody, and the charts that use both must tell their marks apart in another way too.
ALIKE = 0.10

# Simulated dichromacy in linear RGB, severity 1.0: Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113.
VISION = {
    "usual": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
    "grey": np.array([[0.2126, 0.7152, 0.0722]] * 3),
}
TO_CONES = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)  # fmt: skip
TO_OKLAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)  # fmt: skip


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    first, second = sorted((float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def oklab(seen: np.ndarray) -> np.ndarray:
    return TO_OKLAB @ np.cbrt(TO_CONES @ seen)


def distance(one: str, other: str, vision: str) -> float:
    seen = [np.clip(VISION[vision] @ linear(colour), 0, 1) for colour in (one, other)]
    return float(np.linalg.norm(oklab(seen[0]) - oklab(seen[1])))


def alike(one: str, other: str) -> list[str]:
    """Ways of seeing, and schemes, in which two palette colors are hard to tell apart."""
    return [
        f"{vision}, {scheme}"
        for vision in VISION
        for scheme in SCHEMES
        if distance(palette()[one][scheme], palette()[other][scheme], vision) < ALIKE
    ]


def test_the_measures_are_right():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert distance("#000000", "#ffffff", "usual") == pytest.approx(1, abs=1e-3)
    assert oklab(linear("#ff0000")) == pytest.approx([0.628, 0.2249, 0.1258], abs=1e-3)
    for name, matrix in VISION.items():
        assert matrix @ np.ones(3) == pytest.approx(np.ones(3), abs=1e-4), f"{name} does not keep white white"
    assert distance("#d00000", "#5a5a00", "protan") < distance("#d00000", "#5a5a00", "usual") / 2
    assert distance("#ff0000", "#0000ff", "protan") > 0.3


def weak(texts: set[str], strokes: set[str]) -> list[str]:
    """Colors that do not stand out enough, each with where."""
    return [
        f"{colour} on {ground}, {scheme}: {found:.2f} < {least}"
        for wanted, least in ((texts, TEXT), (strokes, GRAPHICS))
        for colour in sorted(wanted)
        for ground in ("paper", "raised")
        for scheme in SCHEMES
        if (found := contrast(palette()[colour][scheme], palette()[ground][scheme])) < least
    ]


def test_the_palette_stands_out():
    assert weak(set(DATA) | {"ink", "muted", "accent", "right", "wrong"}, set(DATA) | {"edge"}) == []
    assert weak({"line"}, set()), "the grid is faint on purpose: no text and no data in it"


@pytest.mark.parametrize("name", chart_names())
def test_text_and_graphics_stand_out(name):
    for what, chart in drawn(name).items():
        texts = {mark.colour for mark in chart.marks if isinstance(mark, Label) and mark.text}
        strokes = {mark.colour for mark in chart.marks if isinstance(mark, (Line, Dots)) and len(mark.x)}
        strokes |= {mark.colour for mark in chart.marks if isinstance(mark, Span) and mark.width}
        strokes -= RULES
        assert weak(texts, strokes) == [], what


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("vision", ["usual", "protan", "deutan", "tritan"])
@pytest.mark.parametrize("one, other", list(combinations(DATA, 2)))
def test_data_colours_differ_for_everybody(one, other, vision, scheme):
    found = distance(palette()[one][scheme], palette()[other][scheme], vision)
    assert found >= ALIKE, f"{one} and {other}: {found:.3f}"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("vision", ["protan", "deutan", "tritan"])
def test_nmda_and_mu_differ_for_everybody(scheme, vision):
    """Blue and orange carry the question of the course."""
    assert distance(palette()["blue"][scheme], palette()["orange"][scheme], vision) >= 0.15


def told_apart(chart: Chart) -> list[str]:
    """Pairs of data series in one chart that only their color tells apart."""
    series = [
        mark
        for mark in chart.marks
        # A leader ties a label to its place and belongs to that label.
        if isinstance(mark, (Line, Dots, Area))
        and len(mark.x)
        and not mark.name.startswith("leader")
        and mark.colour not in RULES
    ]
    named = {mark.colour for mark in chart.marks if isinstance(mark, Label) and mark.text}
    offences = []
    for one, other in combinations(series, 2):
        if one.colour == other.colour or (one.colour in named and other.colour in named):
            continue
        if _look(one) == _look(other) and not _on_named_rows(chart, one, other):
            seen = alike(one.colour, other.colour) if {one.colour, other.colour} <= set(DATA) else []
            worse = f" (alike: {'; '.join(seen)})" if seen else ""
            offences.append(f"{one.name!r} ({one.colour}) and {other.name!r} ({other.colour}){worse}")
    return offences


def _look(mark: Line | Dots | Area) -> tuple:
    if isinstance(mark, Line):
        return ("line", mark.dash)
    if isinstance(mark, Dots):
        return ("dots", mark.marker, mark.filled)
    return ("area", mark.opacity)


def _on_named_rows(chart: Chart, one: Line | Dots | Area, other: Line | Dots | Area) -> bool:
    """Whether the two stand on different rows (or columns) that carry a name at the axis."""
    if chart.axes is None:
        return False
    for ticks, axis in ((chart.axes.y_ticks, "y"), (chart.axes.x_ticks, "x")):
        if not (isinstance(ticks, dict) and any(not text[:1].isdigit() for text in ticks.values())):
            continue
        rows = [_nearest_ticks(mark, axis, ticks) for mark in (one, other)]
        if not rows[0] & rows[1]:
            return True
    return False


def _nearest_ticks(mark: Line | Dots | Area, axis: str, ticks: dict) -> set:
    values = mark.x if axis == "x" else getattr(mark, "y", None)
    if values is None:
        values = [*mark.y_low, *mark.y_high]
    return {min(ticks, key=lambda tick: abs(tick - float(value))) for value in values}


@pytest.mark.parametrize("name", chart_names())
def test_no_chart_relies_on_colour_alone(name):
    shown = drawn(name)
    if not shown:
        pytest.skip("no chart with marks behind this name")
    found = {what: offences for what, chart in shown.items() if (offences := told_apart(chart))}
    assert not found, "\n".join(f"{what}: {'; '.join(offences[:5])}" for what, offences in list(found.items())[:3])


def made(*marks) -> Chart:
    axes = Axes("x", (0, 1), [0, 1], "y", (0, 3), {1: "one", 2: "two"})
    return Chart("made", "Made", axes, marks, "Made.", Table("t", ("a",), [("1",)]), [])


def test_the_check_sees_what_it_must():
    blue, orange = ([0, 1], [1, 2]), ([0, 1], [2, 1])
    plain = made(Line("a", "blue", *blue), Line("b", "orange", *orange))
    assert told_apart(plain)
    assert not told_apart(made(Line("a", "blue", *blue), Line("b", "orange", *orange, dash="dashed")))
    half = [*plain.marks, Label("name-a", "blue", 0, 0, "a")]
    assert told_apart(made(*half)), "a name on one of the two is not enough"
    assert not told_apart(made(*half, Label("name-b", "orange", 0, 0, "b")))
    assert told_apart(made(Dots("a", "blue", [0], [1]), Dots("b", "orange", [1], [1])))
    assert not told_apart(made(Dots("a", "blue", [0], [1]), Dots("b", "orange", [0], [2]))), "rows with names"
    assert not told_apart(made(Dots("a", "blue", [0], [1]), Dots("b", "orange", [1], [1], "D")))
