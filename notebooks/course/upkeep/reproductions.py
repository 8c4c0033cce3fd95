"""What the models reproduce: published values beside modeled ones, misses included.

Each row of `data/reproductions.csv` has a function here that works its value out from other rows and the models.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from ..evidence import table as rows
from ..evidence.records import Reproduction
from ..topics.binding import reproductions as binding
from ..topics.breathing import reproductions as ventilation
from ..topics.kinetics import reproductions as kinetics
from ..topics.trials import reproductions as trials

__all__ = ["VALUES", "Line", "inside", "summary", "table", "text"]

VALUES: dict[str, Callable[[], float]] = {
    **kinetics.VALUES,
    **binding.VALUES,
    **ventilation.VALUES,
    **trials.VALUES,
}


@dataclass(frozen=True)
class Line:
    """One row with what the model gives for it. `ratio` is modeled to published."""

    row: Reproduction
    modelled: float
    ratio: float
    verdict: str

    @property
    def published(self) -> str:
        """The published value with its range."""
        found = self.row
        ends = "" if found.low is None or found.high is None else f" ({found.low:g} to {found.high:g})"
        return f"{found.published_value:g}{ends} {found.unit}"


def inside(row: Reproduction, modelled: float) -> bool:
    """Whether a modeled value lies in the row's range, or within its ratio where it has no range."""
    if row.low is not None and row.high is not None:
        return row.low <= modelled <= row.high
    return row.published_value / row.within <= modelled <= row.published_value * row.within


def table() -> tuple[Line, ...]:
    """All rows in file order, each with its modeled value, ratio and verdict.

    The verdict is the row's status, unless the numbers contradict it: "CHECK" then, and a test fails.
    """
    lines = []
    for row in rows(Reproduction):
        modelled = VALUES[row.id]()
        agrees = inside(row, modelled) != (row.status == "misses")
        verdict = row.status if agrees else f"CHECK: marked {row.status}"
        lines.append(Line(row, modelled, modelled / row.published_value, verdict))
    return tuple(lines)


def summary(lines: tuple[Line, ...]) -> str:
    """How many rows of each verdict, in words."""
    counts = Counter(line.verdict for line in lines)
    return f"{len(lines)} published values: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items())


def text() -> str:
    """The table in plain text, for a terminal."""
    lines = table()
    cells = [("id", "model", "quantity, setting", "published", "modelled", "ratio", "verdict")] + [
        (
            line.row.id,
            line.row.model,
            f"{line.row.quantity}, {line.row.setting}",
            line.published,
            f"{line.modelled:.4g}",
            f"{line.ratio:.2f}",
            line.verdict,
        )
        for line in lines
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    drawn = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return "\n".join([*drawn, summary(lines)])
