"""Every chart that a notebook can call and every explorer, found by name, so that a new one is tested unasked."""

from __future__ import annotations

from functools import cache

from course import charts, explorers
from course.display import Chart, ChartView
from course.display.explorer import Explorer

MOST_STATES = 6


@cache
def chart_names() -> list[str]:
    """Names of charts and of explorers; explorers are marked by a star, as in '*occupancy'."""
    shown = [name for name in explorers.__all__ if not name.startswith("predict_")]
    return [*charts.__all__, *(f"*{name}" for name in shown)]


@cache
def view_of(name: str):
    """The display that a notebook gets by this name, with its default arguments."""
    if name.startswith("*"):
        return getattr(explorers, name[1:])()
    return getattr(charts, name)()


@cache
def drawn(name: str) -> dict[str, Chart]:
    """Charts behind a name, by what they show: one, or for an explorer its first view, presets and some states."""
    if not name.startswith("*"):
        view = view_of(name)
        return {name: view.chart} if isinstance(view, ChartView) else {}
    explorer = getattr(explorers, name[1:])
    if not isinstance(explorer, Explorer):
        return {}
    states = [explorer.state(), *(explorer.state(**values) for values in explorer.presets.values())]
    every = [state for _, state in explorer.states(offline=True)]
    states += every[:: max(1, len(every) // MOST_STATES)]
    return {
        f"{name} {', '.join(f'{key}={value}' for key, value in state.items())}": explorer.draw(**state)
        for state in states
    }
