"""How the answer changes with the rule: eight drugs, five rules for the word *opioid*."""

from __future__ import annotations

from functools import cache

from ...display import Axes, Chart, Control, Dots, Explorer, Label, Mark, Span, Table
from ...display.answer_table import ANSWERS
from ...evidence import reference
from .definitions import cells

# From the rule that lets fewest in to the one that lets most in: what an opioid is by it, and what that does.
RULES = {
    "law": ("is listed as one in US law", "US law lists ketamine, apart from the opioids"),
    "structure": (
        "is made from opium, or built like morphine",
        "Built like morphine? Ketamine is not, and nor is fentanyl",
    ),
    "effect": ("does what morphine does, as morphine does it", "By what it does, and how, ketamine is not an opioid"),
    "receptor": (
        "binds an opioid receptor and activates it",
        "By what it activates, ketamine is not one, though some dispute it",
    ),
    "binding": (
        "binds an opioid receptor at all, however weakly",
        "By binding alone ketamine would count, but so would naloxone",
    ),
}
DRUGS = ("morphine", "fentanyl", "methadone", "buprenorphine", "tramadol", "naloxone", "ketamine", "cocaine")
HEADS = {"yes": "An opioid", "no": "Not an opioid"}
COLUMNS = ("Drug", "An opioid by this rule?", "Why", "Source", "Row")
LEFT, COLUMN, LINE, TOP, HEIGHT = 22, 226, 33, 290, 320
# Pixels of the picture, with nothing drawn.
AXES = Axes("", (0, 480), {}, "", (0, HEIGHT), {}, left=0, right=0, top=0, bottom=0, grid="")


def draw_answer(rule: str) -> Chart:
    """Which of eight drugs one rule counts as opioids. rule: a key of `RULES`."""
    return _drawn(rule)


@cache
def _drawn(rule: str) -> Chart:
    says, title = RULES[rule]
    rows = [cells()[drug, rule] for drug in DRUGS]
    return Chart(
        "answer-by-rule",
        title,
        AXES,
        _marks(rule),
        _description(says, rows),
        Table(
            f"An opioid is a drug that {says}",
            COLUMNS,
            [(row.name, _answer(row), row.reason, reference(row.source).label, row.id) for row in rows],
        ),
        [row.source for row in rows],
        width=480,
        height=HEIGHT,
    )


def _marks(rule: str) -> list[Mark]:
    marks: list[Mark] = [
        Label(f"head-{answer}", "ink", LEFT - 10 + COLUMN * column, TOP, head, bold=True, size=16)
        for column, (answer, head) in enumerate(HEADS.items())
    ]
    marks.append(Span("between", "muted", COLUMN - 2, 14, COLUMN - 2, TOP + 12, 1.2))
    for place, drug in enumerate(DRUGS):
        row = cells()[drug, rule]
        x, y = LEFT + COLUMN * (row.answer == "no"), TOP - 36 - LINE * place
        colour = "blue" if drug == "ketamine" else "orange" if drug not in ("naloxone", "cocaine") else "ink"
        marker, filled, _ = ANSWERS[row.answer]
        doubt = "?" if row.disputed == "yes" else ""
        marks += [
            Dots(drug, colour, [x], [y], marker, 12, filled),
            Label(f"{drug}-name", colour, x, y, f"{row.name}{doubt}", 14, 7, bold=drug == "ketamine", size=16),
            Label(f"{drug}-why", "muted", x, y, row.words, 14, -9, size=15),
        ]
    return marks


def _answer(row) -> str:
    said = {"yes": "yes", "partly": "in part", "no": "no"}[row.answer]
    return said + (" (disputed)" if row.disputed == "yes" else "")


def _description(says: str, rows) -> str:
    groups = {answer: ", ".join(row.name for row in rows if row.answer == answer) for answer in ("yes", "partly", "no")}
    parts = [f"If an opioid is a drug that {says}, these count: {groups['yes']}."]
    if groups["partly"]:
        parts.append(f"In part: {groups['partly']}.")
    parts.append(f"These do not: {groups['no']}.")
    disputed = [row.name for row in rows if row.disputed == "yes"]
    return " ".join(parts + ([f"Disputed: {', '.join(disputed)}."] if disputed else []))


answer_by_rule = Explorer(
    id="answer-by-rule",
    name="One question, five rules",
    draw=draw_answer,
    controls=[
        Control(
            "rule",
            "An opioid is a drug that …",
            {rule: says for rule, (says, _) in RULES.items()},
            "receptor",
            "slider",
        )
    ],
    presets={"The loosest rule": {"rule": "binding"}, "The law": {"rule": "law"}, "The shape": {"rule": "structure"}},
    leaves_out={
        "other drugs": "Eight drugs stand for many; chapter 01 sorts twenty.",
        "other countries": "The law is that of the United States.",
    },
    simulates=False,
    sources=lambda: (cells()[drug, rule].source for drug in DRUGS for rule in RULES),
)
