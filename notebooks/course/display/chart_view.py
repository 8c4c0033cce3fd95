"""Shows a `Chart`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..evidence import reference
from .base import Display
from .chart import Chart
from .picture import Picture


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
        "description": chart.description,
        "caveat": chart.caveat,
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
