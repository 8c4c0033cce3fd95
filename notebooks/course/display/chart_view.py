"""Shows a `Chart`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..evidence import reference
from .base import Display
from .chart import Chart
from .picture import Picture

# The first sentence of a caveat; what may follow it begins with a capital, a quotation mark, a digit or a dagger.
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\u201c\u2018'\"\u2020])")


class ChartView(Display):
    """A chart with its description, its data table and its sources."""

    kind = "chart"

    def __init__(self, chart: Chart):
        self.chart = chart
        super().__init__(
            {
                "id": chart.id,
                "chart": chart_spec(chart, Picture(chart.width, chart.height)),
                "cites": [key for key in chart.sources if key],
            }
        )


def chart_spec(chart: Chart, picture: Picture) -> dict[str, Any]:
    """A chart as plain data for the template; `picture` is kept to draw later changes."""
    return {
        "id": chart.id,
        "title": chart.title,
        "subtitle": chart.subtitle,
        "description": chart.description,
        **dict(zip(("caveat", "more"), split_caveat(chart.caveat), strict=True)),
        "table": {
            "caption": chart.table.caption,
            "columns": list(chart.table.columns),
            "rows": [list(row) for row in chart.table.rows],
        },
        "sources": source_links(chart.sources),
        "width": chart.width,
        "height": chart.height,
        "parts": picture.parts(chart),
        "dots": any(getattr(mark, "labels", ()) for mark in chart.marks),
    }


def split_caveat(caveat: str) -> tuple[str, str]:
    """The line that stands under the picture, and the rest: after a line break, or else after the first sentence."""
    line, _, rest = caveat.partition("\n")
    if not rest:
        line, *others = _SENTENCE_END.split(caveat, maxsplit=1)
        rest = "".join(others)
    return line.strip(), rest.strip()


def source_links(keys: Iterable[str]) -> list[dict[str, str]]:
    """Label, link and full citation of each source, in the order given, each once; no source, no link."""
    return [
        {
            "key": key,
            "label": reference(key).label,
            "url": reference(key).url,
            "citation": reference(key).citation,
            "identifier": reference(key).identifier,
        }
        for key in dict.fromkeys(keys)
        if key
    ]
