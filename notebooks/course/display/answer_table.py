"""A table of marks and words, drugs down and questions across: what the charts of mechanism and definition share."""

from __future__ import annotations

from collections.abc import Sequence

from . import Axes, Label, Mark, Span

# An answer's marker, whether it is filled, and its colour; the words stand beside it.
ANSWERS = {
    "yes": ("o", True, "ink"),
    "partly": ("^", False, "ink"),
    "no": ("o", False, "ink"),
    "unsettled": ("D", True, "muted"),
}
BEFORE, AFTER = 0.1, 0.9  # the part of a column's width that lies before and behind its marker


ROW_PX = 46  # from row to row: a name, and the answers under it


def table_axes(columns: int, names: Sequence[str], top: float) -> Axes:
    """Axes with a column at x = 0, 1, … and a row per name, the first on top at y = len(names), its name above it."""
    return Axes(
        "",
        (-BEFORE, columns - 1 + AFTER),
        [],
        "",
        (0.5, len(names) + 0.9),
        {len(names) - place: name for place, name in enumerate(names)},
        left=2,
        right=2,
        top=top,
        bottom=28,
        grid="",
        names="above",
    )


def table_height(rows: int, top: float, pitch: float = ROW_PX) -> int:
    """Height in pixels of a picture with `table_axes`."""
    return round(top + 28 + pitch * (rows + 0.4))


def rules(columns: int, rows: int, pitch: float = ROW_PX) -> list[Mark]:
    """A faint line between rows."""
    return [
        Span(f"rule-{place}", "line", -BEFORE, place + 31 / pitch, columns - 1 + AFTER, place + 31 / pitch, 1)
        for place in range(1, rows)
    ]


def headings(words: Sequence[str], rows: int, height: float, places: Sequence[float] = ()) -> list[Mark]:
    """The columns' names, `height` pixels above the rows' upper edge."""
    return [
        Label(f"column-{place}", "ink", (places or range(len(words)))[place], rows + 0.9, text, -8, height, bold=True)
        for place, text in enumerate(words)
    ]


def disputed_shade(name: str, x: float, y: float, width: float = 24, columns: float = 1) -> Span:
    """The shade behind a disputed place."""
    return Span(f"{name}-shade", "edge", x - BEFORE + 0.02, y, x + columns - BEFORE - 0.04, y, width, opacity=0.2)


def doubted(words: str, disputed: bool) -> str:
    """The words of an answer, with a question mark where it is disputed: the shade is not the only sign."""
    return f"{words}?" if disputed else words


def shade_key(columns: int) -> Label:
    """Says below the rows what the shade means."""
    return Label("shade-key", "muted", columns - 1 + AFTER, 0.5, "shaded, ?: disputed", -4, -14, "right")
