"""The base of what is shown from the learner's record.

Live it reads the record at the moment it is made, and again when the learner presses the button. The stored and the
offline form never depend on the record or the clock: they hold words, and where it helps a made-up example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..display import UID, Chart, Display, Picture, chart_spec, render


@dataclass(frozen=True, slots=True)
class Link:
    """A section of a chapter, as a cell of a table. chapter: as in 05-scheduling; anchor: the section's, no #."""

    text: str
    chapter: str
    anchor: str


class Report(Display):
    """A named report. Subclasses say in `blocks` what the record holds now.

    words: the stored form's, and the offline form's unless `offline` has others. example: blocks for both.
    button: its text.
    """

    kind = "report"

    def __init__(
        self,
        report_id: str,
        name: str,
        says: str,
        *,
        offline: str = "",
        example: Sequence[dict[str, Any]] = (),
        cites: Sequence[str] = (),
        button: str = "Update",
    ):
        super().__init__(
            {
                "id": report_id,
                "name": name,
                "stored": says,
                "offline": offline or says,
                "example": list(example),
                "button": button,
                "record": self.blocks(),
                "cites": list(cites),
            }
        )

    def blocks(self) -> list[dict[str, Any]]:
        """What the record holds now, as words, tables and charts."""
        raise NotImplementedError

    def offline_spec(self) -> dict[str, Any]:
        """Without anything from the record."""
        return {**self.spec, "record": []}

    def respond(self, request: dict[str, Any]) -> dict[str, Any]:
        """Reads the record again: the new markup of the report."""
        if request.get("update") is not True:
            return super().respond(request)
        self.spec = {**self.spec, "record": self.blocks()}
        self.markup = render(self.spec, "live", UID)  # for a view that is opened later
        return {"html": render(self.spec, "update", UID)}


def words(text: str, *, strong: bool = False) -> dict[str, Any]:
    """A paragraph."""
    return {"shape": "words", "text": text, "strong": strong}


def table(
    caption: str, columns: Sequence[str], rows: Sequence[Sequence[str | Link]], *, fold: bool = False
) -> dict[str, Any]:
    """A table. fold: closed until it is opened."""
    return {
        "shape": "table",
        "caption": caption,
        "columns": list(columns),
        "rows": [[asdict(cell) if isinstance(cell, Link) else cell for cell in row] for row in rows],
        "fold": fold,
    }


def picture(chart: Chart) -> dict[str, Any]:
    """A chart with its description, table and sources."""
    return {"shape": "chart", "chart": chart_spec(chart, Picture(chart.width, chart.height))}
