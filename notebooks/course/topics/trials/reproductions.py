"""How wide an interval the small-trial simulator expects, and an odds ratio from counts."""

from __future__ import annotations

from collections.abc import Callable

from ...evidence import row
from ...evidence.records import Trial
from ...models import trials
from .rows import parameter


def _width(trial: str) -> Callable[[], float]:
    """Expected width of the interval of a trial of this size (points of its scale)."""
    return lambda: trials.width_of_interval(row(trial, Trial).n, parameter("sd_of_change").value)


def _odds_ratio(trial: str) -> Callable[[], float]:
    """From the percentages and sizes of both groups."""

    def value() -> float:
        found = row(trial, Trial)
        groups = ((found.percent_ketamine, found.n_ketamine), (found.percent_control, found.n_control))
        (events, n), (control_events, control_n) = ((round(share * size / 100), size) for share, size in groups)
        return trials.odds_ratio(events, n, control_events, control_n).value

    return value


VALUES: dict[str, Callable[[], float]] = {
    "RP54": _width("EV08"),
    "RP55": _width("EV09"),
    "RP56": _width("EV19"),
    "RP57": _width("EV20"),
    "RP58": _odds_ratio("EV38"),
}
