"""Template of an explorer: opioids and other drugs on one list of US law. Copy it into its topic's folder.

An explorer is one function that draws any of its states, one declaration, and the guess that opens it. Facts come
from `data/`; a model would come from `models/`. Marks keep their names and their order in every state.
"""

from __future__ import annotations

from ...display import Axes, Chart, Control, Explorer, Guess, Label, PredictionView, Span, Table
from ...evidence import sources_of, table
from ...evidence.records import Schedule

LISTS = ("I", "II", "III", "IV", "V")
FAMILIES = {"opioid": "blue", "not an opioid": "orange"}  # never colour alone: each bar has its name beside it


def drugs_on(schedule: str, family: str) -> list[str]:
    """Names of the drugs of one family on one US list today, from `data/schedules.csv`."""
    return [
        found.name
        for found in table(Schedule)
        if found.jurisdiction == "us" and not found.ended and (found.short, found.family) == (schedule, family)
    ]


def draw_two_kinds(schedule: str) -> Chart:
    """How many opioids and how many other drugs of our table stand on one US list."""
    names = {family: drugs_on(schedule, family) for family in FAMILIES}
    marks = []
    for place, (family, colour) in enumerate(FAMILIES.items()):
        count = len(names[family])
        marks.append(Span(f"bar-{place}", colour, 0, place, count, place, 12))
        marks.append(Label(f"says-{place}", "ink", count, place, str(count), 8))
    return Chart(
        "two-kinds",  # a slug that no other chart has
        f"Schedule {schedule} holds {len(names['opioid'])} opioids and {len(names['not an opioid'])} other drugs",
        Axes("Drugs of our table", (0, 14), [0, 5, 10], "", (-0.6, 1.6), dict(enumerate(FAMILIES)), left=130),
        marks,
        f"On list {schedule}: {len(names['opioid'])} opioids, {len(names['not an opioid'])} other drugs.",
        Table(
            f"Schedule {schedule}",
            ("Family", "Drugs"),
            [(family, ", ".join(found) or "none") for family, found in names.items()],
        ),
        sources_of("schedules"),
        height=220,
    )


two_kinds = Explorer(
    id="two-kinds",
    name="Two kinds of drug on one list",
    draw=draw_two_kinds,
    main="schedule",
    controls=[Control("schedule", "US schedule", {name: f"Schedule {name}" for name in LISTS}, "III")],
    presets={
        "Ketamine's list": {"schedule": "III"},
        "Morphine's list": {"schedule": "II"},
        "The strictest": {"schedule": "I"},
    },
    leaves_out={"the rest": "The law lists far more drugs than our table."},
    simulates=False,  # recorded facts, no model
    sources=lambda: sources_of("schedules"),
)


def predict_two_kinds() -> PredictionView:
    """Guess how many opioids stand on ketamine's list."""
    count = len(drugs_on("III", "opioid"))
    return PredictionView(
        "two-kinds",
        "Ketamine is in Schedule III. How many opioids of our table are there with it?",
        [Guess("opioids", "Opioids in Schedule III", "drugs", count, count, str(count), 0, 10, 1, 5)],
        "A list holds both kinds, so its number cannot tell them apart.",
        sources_of("schedules"),
    )
