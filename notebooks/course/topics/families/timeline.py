"""The timeline: events of both families by period, and the guess that comes before."""

from __future__ import annotations

from functools import cache

from ...display import Chart, Control, Explorer, Guess, PredictionView
from ...evidence import row
from ...evidence.records import Event
from ..scheduling.rows import year_of
from .history import (
    HEIGHT,
    WIDTH,
    concerned,
    described,
    event_table,
    events,
    frame_marks,
    lane_marks,
    page_axes,
    scale_note,
    years_under,
)

TRACKS = {
    "all": "Both families",
    "opioid": "Opioids",
    "ketamine": "Ketamine and its relatives",
    "law": "Laws and advice",
    "study": "Studies",
}
PERIODS = {
    "all": (1800, 2030),
    "early": (1800, 1960),
    "middle": (1960, 2000),
    "recent": (2000, 2015),
    "latest": (2015, 2027),
}
PERIOD_NAMES = {key: f"{first} to {last}" for key, (first, last) in PERIODS.items()} | {"all": "All years"}
MOST_TICKS = max(len(years_under(*period)) for period in PERIODS.values())


def draw_timeline(track: str, period: str) -> Chart:
    """The events of one track in one period. track: a key of TRACKS; period: a key of PERIODS."""
    return _drawn(track, period)


def _belongs(event, track: str) -> bool:
    """An event of both families belongs to each of them."""
    if track in ("opioid", "ketamine"):
        return event.family in (track, "both")
    return track in ("all", event.kind)


@cache
def _drawn(track: str, period: str) -> Chart:
    first, last = PERIODS[period]
    rows = [event for event in events() if first <= year_of(event.date) < last and _belongs(event, track)]
    name = f"{TRACKS[track]}, {PERIOD_NAMES[period].lower()}"
    return Chart(
        "timeline",
        concerned(rows),
        page_axes(),
        [*frame_marks(first, last, years_under(first, last), MOST_TICKS), *lane_marks(rows, first, last)],
        described(rows),
        event_table(name, rows),
        [event.source for event in rows],
        caveat=scale_note(first, last)
        + "A selection of events. Not every dot has room for a label: point at it, or use Tab and the arrow keys.",
        width=WIDTH,
        height=HEIGHT,
        subtitle=f"{name}; one shape an event.",
    )


timeline = Explorer(
    id="timeline",
    name="Two histories",
    draw=draw_timeline,
    main="period",
    controls=[
        Control("track", "Show", TRACKS, "all"),
        Control("period", "Period", PERIOD_NAMES, "all", "radio"),
    ],
    presets={
        "Everything": {"track": "all", "period": "all"},
        "Ketamine before 2000": {"track": "ketamine", "period": "middle"},
        "Laws since 2000": {"track": "law", "period": "recent"},
        "Studies of the last years": {"track": "study", "period": "latest"},
    },
    leaves_out={
        "most events": "It shows a selection: what this course speaks of.",
        "causes": "That one event follows another does not mean that it was caused by it.",
        "other places": "Laws of most countries were not checked.",
    },
    simulates=False,
    sources=lambda: (event.source for event in events()),
)


def predict_timeline() -> PredictionView:
    """Guess two spans of ketamine's history, in years."""
    marketed, listed = row("TL19", Event), row("TL28", Event)
    person, trial = row("TL14", Event), row("TL29", Event)
    spans = [int(later.date[:4]) - int(earlier.date[:4]) for earlier, later in ((marketed, listed), (person, trial))]
    return PredictionView(
        "timeline",
        "Two spans in the history of ketamine. How many years does each last?",
        [
            Guess(
                name,
                label,
                "years",
                span,
                span,
                f"{span} years ({earlier.date[:4]} to {later.date[:4]})",
                maximum=60,
                start=10,
            )
            for name, label, span, (earlier, later) in zip(
                ("listed", "trial"),
                (
                    "From the first sale in the United States to a place on a US schedule",
                    "From the first person given ketamine to the first randomized trial in depression",
                ),
                spans,
                ((marketed, listed), (person, trial)),
                strict=True,
            )
        ],
        "Ketamine was an anesthetic for decades before a US schedule held it and before its effect on depression was "
        "tested. A schedule follows what is known about misuse, and that changes with time.",
        [marketed.source, listed.source, person.source, trial.source],
    )
