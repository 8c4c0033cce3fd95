"""Mechanisms step by step: five drawings whose words are rows, each step with how settled it is; and the guesses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from ...arguments import told
from ...display import Chart, Control, Dots, Explorer, ExplorerView, Guess, Label, Mark, Pick, PredictionView, Table
from ...display.chart import Drawing
from ...display.diagrams import diagram
from ...evidence import reference, table
from ...evidence.records import Affinity, MechanismEvidence, MechanismStep

# How settled a step is, always in words; the shape and the colour only repeat them.
STATUS_MARKS = {
    "established": ("o", True, "ink"),
    "hypothesis": ("^", False, "ink"),
    "disputed": ("D", True, "ink"),
    "guidance": ("s", True, "ink"),
}
SIDES = {"supports": "For", "disputes": "Against"}
FEW_FINDINGS = 3  # more of them stand in the table only


@cache
def steps(name: str) -> tuple:
    """Rows of a drawing's steps, in order."""
    return tuple(sorted((row for row in table(MechanismStep) if row.diagram == name), key=lambda row: row.step))


@cache
def drawings() -> tuple[str, ...]:
    """Names of the drawings, in the order of the table."""
    return tuple(dict.fromkeys(row.diagram for row in table(MechanismStep)))


@cache
def findings(step_id: str) -> tuple:
    """Rows that support or dispute a step, support first."""
    found = [row for row in table(MechanismEvidence) if row.step_id == step_id]
    return tuple(sorted(found, key=lambda row: list(SIDES).index(row.side)))


@cache
def draw_mechanism_steps(drawing: str, step: int) -> Chart:
    """One step of one drawing."""
    shown, rows = diagram(drawing), steps(drawing)
    row = rows[step - 1]
    return Chart(
        "mechanism-steps",
        row.text if row.text.startswith("If ") else _first_sentence(row.text),
        None,
        [*_layers(drawing, step), *_heading(row, shown.width, shown.height)],
        _description(row),
        Table(
            f"{shown.title}: what each step says and rests on",
            ("Step", "What it says", "How settled", "Source", "Row"),
            [cells for each in rows for cells in _table_rows(each)],
        ),
        [row.source, *(finding.source for finding in findings(row.id))],
        caveat="Drawn to explain: not to scale, and simpler than a cell.",
        width=shown.width,
        height=shown.height,
        subtitle=f"{shown.title}: step {step} of {len(rows)}",
    )


def _first_sentence(text: str) -> str:
    """What a step says in its first sentence, without the stop: the title of its picture."""
    return text.split(". ")[0].removesuffix(".")


def _layers(drawing: str, step: int) -> list[Mark]:
    """One mark per layer of every drawing, empty where the layer is not shown."""
    return [
        Drawing(f"{name}:{layer.name}", svg=layer.svg if name == drawing and step in layer.steps else "")
        for name in drawings()
        for layer in diagram(name).layers
    ]


def _heading(row, width: int, height: int) -> list[Mark]:
    """The step's title and how settled it is, above the drawing."""
    top, left = height - 18, width - 142
    marks: list[Mark] = [Label("step-title", "ink", 14, top, f"{row.step:g}  {row.title}", bold=True, size=17)]
    for status, (marker, filled, colour) in STATUS_MARKS.items():
        here = status == row.status
        marks.append(
            Dots(f"status-{status}", colour, [left] if here else [], [top] if here else [], marker, 12, filled)
        )
    return [*marks, Label("status", "ink", left + 14, top, row.status)]


def _description(row) -> str:
    """How settled the step is, what it says, and what speaks for and against it where that is short."""
    words, found = [f"{row.status.capitalize()}, from {row.basis}. {row.text}"], findings(row.id)
    if len(found) > FEW_FINDINGS:
        supporting = sum(finding.side == "supports" for finding in found)
        words.append(f"{supporting} findings support it and {len(found) - supporting} dispute it: see the table.")
        return " ".join(words)
    for side, lead in SIDES.items():
        said = " ".join(finding.text for finding in found if finding.side == side)
        words += [f"{lead}: {said}"] if said else []
    return " ".join(words)


def _table_rows(row) -> list[tuple[str, ...]]:
    step = f"{row.step:g}"
    return [
        (step, f"{row.title} {row.text}" if row.title.endswith("?") else f"{row.title}. {row.text}",
         f"{row.status}; {row.basis}", reference(row.source).label, row.id),
        *(
            (f"{step}, {SIDES[finding.side].lower()}", finding.text, "", reference(finding.source).label, finding.id)
            for finding in findings(row.id)
        ),
    ]  # fmt: skip


@dataclass(frozen=True)
class Stepper(Explorer):
    """An explorer that bears the name of the drawing it opens with, so that several on one page differ."""

    @told
    def __call__(self, *values: Any, compare: Mapping[str, Any] | None = None, **start: Any) -> ExplorerView:
        opening = diagram(self.state(**start)["drawing"]).title
        named = Explorer(
            **{part.name: getattr(self, part.name) for part in fields(self)} | {"name": f"{self.name}: {opening}"}
        )
        return named(*values, compare=compare, **start)


def _all_sources() -> list[str]:
    """What any step or finding rests on."""
    return [row.source for name in ("mechanism_steps", "mechanism_evidence") for row in table(name)]


mechanism_steps = Stepper(
    id="mechanism-steps",
    name="Step by step",
    draw=draw_mechanism_steps,
    main="step",
    controls=[
        Control("drawing", "Drawing", {name: diagram(name).title for name in drawings()}, "nmda-block"),
        Control(
            "step",
            "Step",
            {name: {int(row.step): f"{row.step:g}: {row.title}" for row in steps(name)} for name in drawings()},
            dict.fromkeys(drawings(), 1),
            "slider",
            "drawing",
        ),
    ],
    steps="step",
    presets={
        "NMDA block": {"drawing": "nmda-block"},
        "Mu agonism": {"drawing": "mu-agonism"},
        "The body's own opioids": {"drawing": "own-opioids"},
        "Naloxone at mu": {"drawing": "naloxone"},
        "The proposed cascade": {"drawing": "cascade"},
    },
    leaves_out={
        "amounts": "How much drug is there, and how many receptors it reaches, is another chapter's question.",
        "time": "Steps follow each other here; in a cell many of them run at once, from milliseconds to days.",
        "other targets": "Ketamine and opioids act at more places than these.",
        "the brain": "Which cells and which parts of the brain matter is drawn only where a source says so.",
    },
    simulates=False,
    sources=_all_sources,
)


def predict_mechanism() -> PredictionView:
    """Guess where ketamine sits. The answer is the site of its tightest published Ki."""
    places = {
        "agonist site": "outside, at the binding place of glutamate",
        "PCP site": "inside the open NMDA channel",
        "orthosteric": "on the mu-opioid receptor",
    }
    tightest = min(
        (row for row in table(Affinity) if row.drug == "ketamine" and row.measure == "Ki" and row.value_nM),
        key=lambda row: row.value_nM,
    )
    inside = next(row for row in steps("nmda-block") if row.source == "zhang2021")
    return PredictionView(
        "mechanism",
        "Ketamine blocks the NMDA receptor. Where does it sit when it does so?",
        [Pick("place", "Ketamine sits", places, tightest.site)],
        f"The drawing will show it. {inside.text} It binds the mu receptor too, but far more weakly. "
        "Step through it to see ketamine enter.",
        [inside.source, tightest.source],
    )


def predict_agonism() -> PredictionView:
    """Guess what morphine on the mu receptor does first. The answer is the second step of its drawing."""
    first = steps("mu-agonism")[1]
    events = {
        "MS03": "calcium flows in through the mu receptor",
        "MS05": "a pore in the mu receptor is blocked",
        "MS09": "a partner protein inside the cell is switched on",
    }
    return PredictionView(
        "agonism",
        "Morphine binds to the mu receptor, on the outside of a nerve cell. What happens next?",
        [Pick("event", "Next", events, first.id)],
        f"The drawing will show it. {first.text} No pore is blocked: mu is a switch and not a channel.",
        [first.source],
    )


def predict_own_opioids() -> PredictionView:
    """Guess why the body has receptors for opioids. The answer is the first step of their drawing."""
    first = steps("own-opioids")[0]
    reasons = {
        first.id: "for opioids that the body makes itself",
        "plant": "as a guard against poisons of plants such as the poppy",
        "chance": "by chance: they had no task before there were opioid drugs",
    }
    return PredictionView(
        "own-opioids",
        "Nobody is born with morphine in the blood, yet everybody has mu receptors. Why?",
        [Pick("reason", "They are there", reasons, first.id)],
        f"The drawing will show it. {first.text} Morphine happens to fit the same receptors.",
        [first.source],
    )


def predict_naloxone() -> PredictionView:
    """Guess what naloxone stops. The answer is where `data/affinities.csv` has it as an antagonist."""
    stopped = {
        "MOR": "what the opioid does, but not what ketamine does at NMDA",
        "NMDA": "what ketamine does at NMDA, but not what the opioid does",
        "MOR NMDA": "both",
    }
    blocked = {row.target for row in table(Affinity) if row.drug == "naloxone" and "antagonist" in row.action}
    finding = next(found for found in findings("MS22") if found.source == "maurset1989")
    return PredictionView(
        "naloxone",
        "Somebody has had an opioid and ketamine. Then naloxone is given. What can it stop?",
        [
            Pick(
                "stopped",
                "Naloxone can stop",
                stopped,
                " ".join(target for target in ("MOR", "NMDA") if target in blocked),
            )
        ],
        f"Naloxone takes the opioid’s place at mu. It has no such place in the NMDA channel. {finding.text}",
        [finding.source],
    )


def predict_cascade() -> PredictionView:
    """Guess how many steps of the proposed cascade are established. The answer is counted in the rows."""
    rows = steps("cascade")
    settled = sum(row.status == "established" for row in rows)
    return PredictionView(
        "cascade",
        f"From the blocked channel to a better mood, a chain of {len(rows)} steps is often told. "
        "How many of them are established?",
        [
            Guess(
                "settled",
                "Established",
                "steps",
                settled,
                settled,
                f"{settled} of {len(rows)} steps",
                maximum=len(rows),
                start=len(rows) // 2,
            )
        ],
        "Each step has findings for it and findings against it, most of them from animals. "
        "That does not make the chain wrong: it makes it a hypothesis.",
        [rows[0].source, rows[1].source],
    )
