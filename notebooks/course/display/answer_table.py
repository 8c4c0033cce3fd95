"""A table of marks and words, drugs down and questions across: what the charts of mechanism and definition share."""

from __future__ import annotations

from collections.abc import Sequence

from . import Axes, Label, Mark, Span

# An answer's marker, whether it is filled, and its colour; the words stand beside it.
ANSWERS = {
    "yes": ("o", True, "blue"),
    "partly": ("^", False, "purple"),
    "no": ("o", False, "ink"),
    "unsettled": ("D", True, "orange"),
}
BEFORE, AFTER = 0.1, 0.9  # the part of a column's width that lies before and behind its marker


def table_axes(columns: int, names: Sequence[str], left: float, top: float) -> Axes:
    """Axes with a column at x = 0, 1, … and a row per name, the first on top at y = len(names)."""
    return Axes(
        "",
        (-BEFORE, columns - 1 + AFTER),
        [],
        "",
        (0.45, len(names) + 0.5),
        {len(names) - place: name for place, name in enumerate(names)},
        left=left,
        right=4,
        top=top,
        bottom=30,
    )


def headings(words: Sequence[str], rows: int, height: float) -> list[Mark]:
    """The columns' names, `height` pixels above the rows' upper edge."""
    return [
        Label(f"column-{place}", "ink", place, rows + 0.5, text, -8, height, bold=True)
        for place, text in enumerate(words)
    ]


def disputed_shade(name: str, x: float, y: float, width: float = 30) -> Span:
    """The shade behind a disputed place."""
    return Span(f"{name}-shade", "orange", x - BEFORE + 0.02, y, x + AFTER - 0.02, y, width, opacity=0.16)


def doubted(words: str, disputed: bool) -> str:
    """The words of an answer, with a question mark where it is disputed: the shade is not the only sign."""
    return f"{words}?" if disputed else words


def shade_key(columns: int) -> Label:
    """Says below the rows what the shade means."""
    return Label("shade-key", "ink", columns - 1 + AFTER, 0.45, "shaded, ?: disputed", -4, -16, "right")
