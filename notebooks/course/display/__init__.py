"""How anything is shown: specs, and the three ways of showing them. Alone in reading `assets/`."""

from .base import SPEC_MIME, UID, WIDGET_MIME, Display, cited, render, styles
from .chart import (
    Area,
    Axes,
    Chart,
    Dots,
    Drawing,
    Label,
    Line,
    Mark,
    Span,
    Table,
    row_axes,
    row_height,
    row_heights,
    spread,
)
from .chart_view import ChartView, chart_spec, source_links
from .explorer import Control, Explorer, ExplorerView
from .picture import Picture
from .prediction import Guess, Pick, PredictionView

__all__ = [
    "SPEC_MIME",
    "UID",
    "WIDGET_MIME",
    "Area",
    "Axes",
    "Chart",
    "ChartView",
    "Control",
    "Display",
    "Dots",
    "Drawing",
    "Explorer",
    "ExplorerView",
    "Guess",
    "Label",
    "Line",
    "Mark",
    "Pick",
    "Picture",
    "PredictionView",
    "Span",
    "Table",
    "chart_spec",
    "cited",
    "render",
    "row_axes",
    "row_height",
    "row_heights",
    "source_links",
    "spread",
    "styles",
]
