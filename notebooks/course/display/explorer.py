"""An explorer: controls, and one function from their values to a `Chart`.

To add one, write that function and declare an `Explorer`:

    def draw_dose(drug: str, level: float) -> Chart: ...

    dose = Explorer(id="dose", name="…", draw=draw_dose, controls=[Control("drug", "Drug", …), …])

Live, a moved control asks the kernel; what comes back holds only the pieces that changed. Offline, the
same pieces were computed beforehand for every combination of the controls' offline options. *Compare two*
keeps the present view beside the moving one; the page does that by itself, live and offline alike.

So that a move is drawn within a frame however far or busy the kernel is, the page asks ahead, while an explorer is in
sight or in use, for the views at the stops of the main control and of the ready-made settings: the nearest first,
`AT_ONCE` in a request and one request at a time, so that a move never waits for more than that many drawings. Bounds,
for each explorer on the page: at most 96 stops and its ready-made settings are fetched for one setting of the other
controls, each once, of 1 to 15 KB before the socket's compression; at most 240 views are held, which share the pieces
that they have in common. The kernel holds one view, the last that it told of. An answer that comes late is kept, and
never replaces a newer picture.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..arguments import quoted, told
from ..evidence import nearest
from .base import Display, render
from .chart import Chart
from .chart_view import chart_spec
from .picture import Picture

AT_ONCE = 8  # views asked for ahead in one request


@dataclass(frozen=True)
class Control:
    """One control. `options` maps a value to what the learner reads; order is the order on screen.

    shape: select, radio or slider (whose stops are the options). by: the name of another control on
    whose value the options depend; then `options` maps each of its values to options of its own, and
    `start` maps it to a start value. offline: the values that the handout offers, all if not given
    (a list, or with `by` a mapping to lists). hint: a short line under the control.
    """

    name: str
    label: str
    options: Mapping[Any, Any]
    start: Any
    shape: str = "select"
    by: str = ""
    offline: Any = None
    hint: str = ""

    def choices(self, other: Any, *, offline: bool = False) -> dict[Any, str]:
        """Value -> text, for this value of the control it depends on."""
        options = dict(self.options[other] if self.by else self.options)
        if offline and self.offline is not None:
            kept = self.offline[other] if self.by else self.offline
            options = {value: options[value] for value in kept}
        return options

    def offering(self, *states: Mapping[str, Any]) -> Control:
        """The same control, whose handout offers the values of these states too."""
        if self.offline is None:
            return self

        def extended(kept: Sequence[Any], other: Any) -> list[Any]:
            wanted = {state[self.name] for state in states if not self.by or state[self.by] == other}
            return [value for value in self.choices(other) if value in wanted or value in kept]

        if self.by:
            return replace(self, offline={other: extended(kept, other) for other, kept in self.offline.items()})
        return replace(self, offline=extended(self.offline, None))

    def start_for(self, other: Any) -> Any:
        """The value at which the control begins."""
        return self.start[other] if self.by else self.start


@dataclass(frozen=True)
class Explorer:
    """The declaration of an explorer.

    presets: name -> values for some or all controls. leaves_out: what the picture does not contain, each a
    short name (shown beside the controls) and a sentence (shown under the chart). simulates: a model, of which
    the page says that it predicts nothing about a person; not so for recorded facts. sources: gives the keys of
    all sources that any state may cite, for the chapter's reference list. steps: a control whose positions are all
    printed on paper, one picture each. main: the name of the one control that stands under the picture, which teaches
    most; it must be named where there are several. before: names of marks whose place before a move stays in sight,
    faint. Raises `ValueError` at once if a preset or start does not exist.
    """

    id: str
    name: str
    draw: Callable[..., Chart]
    controls: Sequence[Control]
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    leaves_out: Mapping[str, str] = field(default_factory=dict)
    simulates: bool = True
    sources: Callable[[], Iterable[str]] = tuple
    steps: str = ""
    main: str = ""
    before: Sequence[str] = ()

    def __post_init__(self) -> None:
        wanted = set(inspect.signature(self.draw).parameters)
        if wanted != {control.name for control in self.controls}:
            raise ValueError(f"Explorer {self.id!r}: its controls and the parameters of {self.draw.__name__} differ.")
        names = [control.name for control in self.controls]
        if not self.main and len(names) == 1:
            object.__setattr__(self, "main", names[0])
        if self.main not in names:
            raise ValueError(
                f"Explorer {self.id!r}: main={self.main!r} must name the control that stands under the picture, one of "
                f"{', '.join(names)}."
            )
        for values in (*self.presets.values(), {}):
            state = self.state(**values)
            for control in self.controls:
                if state[control.name] not in control.choices(state.get(control.by), offline=True):
                    raise ValueError(
                        f"Explorer {self.id!r}: {control.name}={state[control.name]!r} of a preset or "
                        "the start is not among the offline options."
                    )

    @told
    def __call__(self, *values: Any, compare: Mapping[str, Any] | None = None, **start: Any) -> ExplorerView:
        """Shows the explorer, with some controls set to values of your choice.

        compare: values for a second view, kept below the first; what it does not name is as in the first.
        Raises `CallError` for a value or a name that does not exist.
        """
        for value in values:
            raise ValueError(f"{self.id} takes its settings by name, such as {self._example(value)}.")
        state = self.state(**start)
        if compare is None:
            return ExplorerView(self, state)
        if not isinstance(compare, Mapping):
            raise ValueError(
                f"compare must name the settings of the second view, such as compare=dict({self._example(compare)}), "
                f"not {quoted(compare)}."
            )
        names = {str(name): value for name, value in compare.items()}
        return ExplorerView(self, state, self.state(**self._carried(state, names)))

    def _example(self, value: Any) -> str:
        """A setting as one would write it: the one that this value seems to mean, or the first."""
        state = self.state()
        for control in self.controls:
            if isinstance(value, Hashable) and value in control.choices(state.get(control.by)):
                return f"{control.name}={value!r}"
        control = self.controls[0]
        return f"{control.name}={list(control.choices(None))[-1]!r}"

    def _carried(self, state: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
        """`other`, and what it leaves open from `state`, unless that depends on a control that `other` changes."""
        kept = {
            control.name: state[control.name]
            for control in self.controls
            if not control.by or _is(other.get(control.by, state[control.by]), state[control.by])
        }
        return {**kept, **other}

    def offering(self, *states: Mapping[str, Any]) -> Explorer:
        """The same explorer, whose handout offers the values of these states too."""
        return replace(self, controls=[control.offering(*states) for control in self.controls])

    def state(self, **values: Any) -> dict[str, Any]:
        """A whole state from some values. Raises `ValueError` that names the nearest valid one."""
        names = [control.name for control in self.controls]
        for name in values:
            if name not in names:
                raise ValueError(f"{self.id} has no control {name!r}. {nearest(name, names)}")
        state: dict[str, Any] = {}
        for control in self.controls:
            choices = control.choices(state.get(control.by))
            value = values.get(control.name, control.start_for(state.get(control.by)))
            if not isinstance(value, Hashable) or value not in choices:
                raise ValueError(
                    f"{control.name}={quoted(value)} is not a setting of {self.id!r}. {_nearest_value(value, choices)}"
                )
            state[control.name] = next(choice for choice in choices if choice == value)  # 1 and not 1.0, or True
        return state

    def states(self, *, offline: bool) -> list[tuple[tuple[int, ...], dict[str, Any]]]:
        """Every state as (position of each control, values)."""
        found: list[tuple[tuple[int, ...], dict[str, Any]]] = [((), {})]
        for control in self.controls:
            found = [
                ((*key, position), {**state, control.name: value})
                for key, state in found
                for position, value in enumerate(control.choices(state.get(control.by), offline=offline))
            ]
        return found


def _is(value: Any, known: Hashable) -> bool:
    return isinstance(value, Hashable) and value == known


def _nearest_value(value: Any, choices: Mapping[Any, str]) -> str:
    if all(isinstance(number, (int, float)) for number in (value, *choices)) and abs(value) < 1e300:
        return f"The nearest is {min(choices, key=lambda choice: abs(choice - value))!r}."
    return nearest(quoted(value).strip("'"), map(str, choices))


class ExplorerView(Display):
    """An explorer on screen."""

    kind = "explorer"

    def __init__(self, explorer: Explorer, state: dict[str, Any], kept: dict[str, Any] | None = None):
        self.explorer, self.state, self.kept = explorer.offering(state, *([kept] if kept else [])), state, kept
        chart = explorer.draw(**state)
        self._picture = Picture(chart.width, chart.height)
        self._sent: dict[str, str] = {}
        super().__init__(self._spec(chart, offline=False))
        self._sent = self._parts(state)

    def _spec(self, chart: Chart, *, offline: bool) -> dict[str, Any]:
        explorer, state = self.explorer, self.state
        controls = [self._control_spec(control, offline) for control in explorer.controls]
        positions = self._positions(state, offline)
        return {
            "kind": self.kind,
            "id": explorer.id,
            "name": explorer.name,
            "chart": chart_spec(chart, self._picture),
            "controls": controls,
            "positions": positions,
            "presets": list(explorer.presets),
            "leaves_out": dict(explorer.leaves_out),
            "simulates": explorer.simulates,
            "steps": explorer.steps,
            "main": explorer.main,
            "kept": self._kept_spec(offline),
            "cites": list(dict.fromkeys(key for key in (*chart.sources, *explorer.sources()) if key)),
            "script": {
                "controls": controls,
                "start": positions,
                "kept": self._positions(self.kept, offline) if self.kept else None,
                "presets": [self._positions(explorer.state(**values), offline) for values in explorer.presets.values()],
                "steps": explorer.steps,
                "main": explorer.main,
                "before": list(explorer.before),
            },
        }

    def _control_spec(self, control: Control, offline: bool) -> dict[str, Any]:
        # One list for each position of the control that this one depends on, as the page counts them.
        above = next((other for other in self.explorer.controls if other.name == control.by), None)
        others = list(above.choices(None, offline=offline)) if above else [None]
        texts = [list(control.choices(other, offline=offline).values()) for other in others]
        starts = [list(control.choices(other, offline=offline)).index(control.start_for(other)) for other in others]
        live = [len(control.choices(other)) for other in others]
        return {
            "name": control.name,
            "label": control.label,
            "shape": control.shape,
            "by": control.by,
            "texts": texts,
            "starts": starts,
            "hint": control.hint,
            "wide": max(len(text) for group in texts for text in group) > 26 and control.shape == "select",
            "fewer": offline and live != [len(text) for text in texts],
        }

    def _kept_spec(self, offline: bool) -> dict[str, Any] | None:
        if not self.kept:
            return None
        chart = self.explorer.draw(**self.kept)
        spec = chart_spec(replace(chart, id=f"{chart.id}-kept"), Picture(chart.width, chart.height))
        return {"chart": spec, "positions": self._positions(self.kept, offline)}

    def _positions(self, state: dict[str, Any], offline: bool) -> dict[str, int]:
        return {
            control.name: list(control.choices(state.get(control.by), offline=offline)).index(state[control.name])
            for control in self.explorer.controls
        }

    def _parts(self, state: dict[str, Any]) -> dict[str, str]:
        return chart_parts(self.explorer.draw(**state), self._picture)

    def handlers(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        """A learner moved a control; or a new view of this explorer opened and asks for everything."""
        return {**super().handlers(), "positions": self._moved, "ask": self._everything}

    def _everything(self, content: dict[str, Any]) -> dict[str, Any]:
        return {"positions": self._positions(self.state, False), "parts": self._sent}

    def _moved(self, content: dict[str, Any]) -> dict[str, Any]:
        positions = content["positions"]
        state = self._state_at(positions)
        parts = self._parts(state)  # may fail: then all stays as it is
        changed = {name: markup for name, markup in parts.items() if self._sent.get(name) != markup}
        self.state, self._sent = state, parts
        return {"positions": positions, "parts": changed}

    def respond(self, request: dict[str, Any]) -> dict[str, Any]:
        """The views that the page asks for ahead, as a handout has them: frames of pieces unlike what it was told last.

        request: {"do": "ahead", "stops": positions of each view}; or {"do": "move", "positions": …}, by which a page
        that drew a view fetched ahead says, at rest, where it is. Raises `ValueError` for a view that is not there,
        or for more than `AT_ONCE` of them.
        """
        if request.get("do") == "move":
            return self._moved({"positions": request.get("positions")})
        stops = request.get("stops")
        if request.get("do") != "ahead" or not isinstance(stops, list) or len(stops) > AT_ONCE:
            raise ValueError("This page is of another version of the course. Run the cell again.")
        pool: dict[str, int] = {}
        names = list(self._sent)
        frames = []
        for positions in stops:
            parts = self._parts(self._state_at(positions))
            frames.append(
                [
                    number
                    for index, name in enumerate(names)
                    if parts[name] != self._sent[name]
                    for number in (index, pool.setdefault(parts[name], len(pool)))
                ]
            )
        return {"names": names, "pool": list(pool), "frames": frames}

    def _state_at(self, positions: Any) -> dict[str, Any]:
        """The state at these positions of the controls. Raises `ValueError` where there is none."""
        state: dict[str, Any] = {}
        for control in self.explorer.controls:
            choices = list(control.choices(state.get(control.by)))
            position = positions.get(control.name) if isinstance(positions, dict) else None
            if type(position) is not int or not 0 <= position < len(choices):
                raise ValueError(f"{control.label} has no such setting.")
            state[control.name] = choices[position]
        return state

    def offline_spec(self) -> dict[str, Any]:
        """The spec with a frame for every offline state: only the pieces that differ from the first view.

        Pieces are pooled, because most of them return in many frames.
        """
        spec = self._spec(self.explorer.draw(**self.state), offline=True)
        first = self._parts(self.state)
        names = list(first)
        pool: dict[str, int] = {}
        frames = {}
        for key, state in self.explorer.states(offline=True):
            parts = self._parts(state)
            if list(parts) != names:
                raise ValueError(
                    f"Explorer {self.explorer.id!r}: its marks must keep their names and order; "
                    f"{sorted(set(parts) ^ set(names))} come and go."
                )
            frames[".".join(map(str, key))] = [
                number
                for index, name in enumerate(names)
                if parts[name] != first[name]
                for number in (index, pool.setdefault(parts[name], len(pool)))
            ]
        spec["script"] |= {"names": names, "pool": list(pool), "frames": frames}
        return spec


def chart_parts(chart: Chart, picture: Picture) -> dict[str, str]:
    """Every piece of a chart that can change, by name, as markup."""
    spec = chart_spec(chart, picture)
    parts = dict(spec.pop("parts"))
    for name in ("title", "subtitle", "description", "caveat", "more", "table", "sources"):
        parts[name] = render({"kind": f"piece_{name}", "chart": spec}, "live", "")
    return parts
