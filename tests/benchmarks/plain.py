"""The baseline of the repaint bench: the same chart from the same function, drawn afresh by matplotlib at each
move, as `ipywidgets.interact` does it. Copied beside the notebooks that the bench runs."""

from __future__ import annotations

import ipywidgets
import matplotlib.pyplot as plt
from course.display import Area, Chart, Dots, Explorer, Label, Line, Span
from course.display.markup import tint


def ticks(given) -> tuple[list[float], list[str]]:
    return (list(given), list(given.values())) if isinstance(given, dict) else (list(given), [f"{t:g}" for t in given])


def show(chart: Chart) -> None:
    axes = chart.axes
    _, ax = plt.subplots(figsize=(chart.width / 72, chart.height / 72))
    ax.set(xscale=axes.x_scale, yscale=axes.y_scale, xlim=axes.x_limits, ylim=axes.y_limits, title=chart.title)
    ax.set(xlabel=axes.x_label, ylabel=axes.y_label)
    ax.set_xticks(*ticks(axes.x_ticks))
    ax.set_yticks(*ticks(axes.y_ticks))
    for mark in chart.marks:
        colour = tint(mark.colour)
        if isinstance(mark, Area) and len(mark.x):
            ax.fill_between(mark.x, mark.y_low, mark.y_high, color=colour, alpha=mark.opacity)
        if isinstance(mark, Line) and len(mark.x):
            ax.plot(mark.x, mark.y, color=colour, linestyle=mark.dash)
        if isinstance(mark, Span):
            ax.plot([mark.x, mark.x2], [mark.y, mark.y2], color=colour, linewidth=mark.width)
        if isinstance(mark, Dots) and len(mark.x):
            ax.plot(mark.x, mark.y, mark.marker, color=colour)
        if isinstance(mark, Label) and mark.text:
            ax.text(mark.x, mark.y, mark.text, color=colour)
    plt.show()


def interact(explorer: Explorer, control_name: str) -> None:
    """A slider over the stops of one control; the others stay where the explorer starts."""
    state = explorer.state()
    control = next(control for control in explorer.controls if control.name == control_name)
    stops = list(control.choices(state.get(control.by)))

    def draw(position):
        show(explorer.draw(**{**state, control_name: stops[position]}))

    slider = ipywidgets.IntSlider(value=stops.index(state[control_name]), min=0, max=len(stops) - 1)
    ipywidgets.interact(draw, position=slider)
