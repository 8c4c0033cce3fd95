"""What a drug does at which receptor, and four questions that are often taken for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...display import Chart, ChartView, Dots, Label, Mark, Table
from ...display.answer_table import (
    ANSWERS,
    ROW_PX,
    disputed_shade,
    doubted,
    headings,
    rules,
    shade_key,
    table_axes,
    table_height,
)
from ...evidence import nearest, reference, table
from ...evidence.records import Affinity, MechanismQuestion
from ..binding.rows import STATUS, drug, in_order

TARGETS = {"NMDA": "NMDA", "MOR": "mu", "KOR": "kappa", "DOR": "delta"}
MAP_DRUGS = (
    "ketamine",
    "esketamine",
    "pcp",
    "morphine",
    "fentanyl",
    "methadone",
    "buprenorphine",
    "tramadol",
    "o-desmethyltramadol",
    "naltrexone",
    "naloxone",
)
# What a recorded action amounts to: words that occur in it (the first that fits counts), marker, filled, colour.
ACTIONS = {
    "not found": (("none", "negligible"), "x", True, "muted"),
    "modulates": (("allosteric",), "D", True, "ink"),
    "blocks": (("blocker", "antagonist"), "s", True, "ink"),
    "binds weakly": (("weak binding",), "o", False, "ink"),
    "partly on": (("partial agonist", "weak agonist", "low efficacy"), "^", False, "ink"),
    "activates": (("agonist", "activated"), "^", True, "ink"),
}
NOT_ESTABLISHED = "not established"
TRACE_OF_DOUBT = {"not found"}  # together with any other action it means that sources contradict each other

QUESTIONS = {
    "binding": "Does it\nbind mu?",
    "activation": "Does it switch\nmu on?",
    "requirement": "Does its effect\nneed opioid\nreceptors?",
    "class": "Is it classed\nas an opioid?",
}


def action_of(words: str) -> str:
    """The kind of action that a recorded action amounts to, or "" where the source leaves it open.

    Raises `ValueError` for words that no kind covers, so that a new row cannot go missing.
    """
    if words == NOT_ESTABLISHED:
        return ""
    for kind, (parts, *_) in ACTIONS.items():
        if any(part in words for part in parts):
            return kind
    raise ValueError(
        f"The action {words!r} of data/affinities.csv fits none of {', '.join(ACTIONS)}. "
        "Name it in topics/mechanism/charts.py."
    )


def _rows(slug: str, target: str) -> list:
    """Rows of a drug at a target that a source reports; what nobody read is left to the other charts."""
    return [
        row
        for row in table(Affinity)
        if (row.drug, row.target) == (slug, target) and row.source and row.verification != "recalled"
    ]


def _kinds(slug: str, target: str) -> list[str]:
    found = {action_of(row.action) for row in _rows(slug, target)} - {""}
    return [kind for kind in ACTIONS if kind in found]


def target_map(drugs: Sequence[str] | None = None, targets: Sequence[str] = tuple(TARGETS)) -> ChartView:
    """What each drug does at NMDA, mu, kappa and delta, by every row that a source supports.

    drugs: slugs of `data/drugs.csv`, all that have a row if not given. targets: some of NMDA, MOR, KOR and DOR.
    Raises `ValueError` with the nearest name for an unknown one.
    """
    for target in targets:
        if target not in TARGETS:
            raise ValueError(f"The map has no receptor {target!r}. {nearest(target, TARGETS)}")
    if not targets:
        raise ValueError("No receptor was named. Try targets=['NMDA', 'MOR'].")
    if drugs is None:
        drugs = in_order(MAP_DRUGS, lambda slug: any(_kinds(slug, target) for target in targets))
    names = {slug: drug(slug).name for slug in drugs}
    if not names:
        raise ValueError("No drug was named. Try drugs=['ketamine', 'morphine'].")
    kinds = {(slug, target): _kinds(slug, target) for slug in names for target in targets}
    contradicted = [cell for cell, found in kinds.items() if TRACE_OF_DOUBT & set(found) and len(found) > 1]
    heights = {slug: len(names) - place for place, slug in enumerate(names)}
    pitch = 62 if max(map(len, kinds.values())) > 1 else ROW_PX  # two actions in one place stand under each other
    marks: list[Mark] = []
    for (slug, target), found in kinds.items():
        x, y = list(targets).index(target), heights[slug]
        if (slug, target) in contradicted:
            marks.append(disputed_shade(f"{slug}-{target}", x, y - 9 / pitch, 40))
        for place, kind in enumerate(found):
            _, marker, filled, colour = ACTIONS[kind]
            at = y - place * 18 / pitch
            marks += [
                Dots(f"{slug}-{target}-{kind}", colour, [x], [at], marker, 12, filled),
                Label(f"{slug}-{target}-{kind}-says", "ink", x, at, kind, 11),
            ]
    return ChartView(
        Chart(
            "target-map",
            _map_title(kinds),
            table_axes(len(targets), list(names.values()), 30),
            [
                *rules(len(targets), len(names), pitch),
                *marks,
                *headings([TARGETS[target] for target in targets], len(names), 12),
                *([shade_key(len(targets))] if contradicted else []),
            ],
            _map_description(names, kinds, contradicted),
            Table(
                "What each drug does at each receptor",
                ("Drug", "Receptor", "Action", "Form and site", "How we know it", "Sources", "Rows"),
                [
                    cells
                    for slug, name in names.items()
                    for target in targets
                    for cells in _map_rows(slug, name, target)
                ],
            ),
            [row.source for slug in names for target in targets for row in _rows(slug, target)],
            caveat="An empty place means that this course has no row there, not that nothing happens there. "
            "A mark may rest on one study, and on animal tissue: see the table. "
            "The map says nothing of how much drug it takes.",
            height=table_height(len(names), 30, pitch),
            subtitle="What a source reports of each drug at each receptor, in people, animals or cells.",
        )
    )


def _map_rows(slug: str, name: str, target: str) -> list[tuple[str, ...]]:
    """One row of the table per recorded action, with all its sources."""
    by_action: dict[str, list] = {}
    for row in _rows(slug, target):
        by_action.setdefault(row.action, []).append(row)
    return [
        (
            name,
            TARGETS[target],
            action,
            _joined(f"{row.form}, {row.site}" for row in rows),
            _joined(STATUS.get(row.verification, "read in a source") for row in rows),
            _joined(reference(row.source).label for row in rows),
            _joined(row.id for row in rows),
        )
        for action, rows in by_action.items()
    ]


def _joined(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(words))


def _map_title(kinds) -> str:
    found = {kind for some in kinds.values() for kind in some}
    activated = sum("activates" in some for (_, target), some in kinds.items() if target == "MOR")
    blocked = sum("blocks" in some for (_, target), some in kinds.items() if target == "NMDA")
    if activated and blocked:
        block, activate = "s" * (blocked == 1), "s" * (activated == 1)
        return f"Of these drugs {blocked} block{block} NMDA and {activated} activate{activate} mu"
    if {"blocks", "activates"} <= found:
        return "The same receptor is blocked by some drugs and activated by others"
    return f"Sources report {_listed(found)} here" if found else "No source reports an action here"


def _listed(found: Iterable[str]) -> str:
    words = [f"“{kind}”" for kind in ACTIONS if kind in found]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _map_description(names, kinds, contradicted) -> str:
    """How much there is, and the two receptors that the course is about; the table has the rest."""
    cells = sum(bool(found) for found in kinds.values())
    said = [f"{len(names)} drugs, {len({target for _, target in kinds})} receptors, {cells} places with a row."]
    for target in ("NMDA", "MOR"):
        by_kind: dict[str, list[Any]] = {}
        for slug in names:
            for kind in kinds.get((slug, target), ()):
                by_kind.setdefault(kind, []).append(names[slug])
        if by_kind:
            said.append(
                f"{TARGETS[target]}: " + "; ".join(f"{kind}: {', '.join(who)}" for kind, who in by_kind.items()) + "."
            )
    if contradicted:
        said.append(
            "Sources contradict each other for "
            + ", ".join(f"{names[slug]} at {TARGETS[target]}" for slug, target in contradicted)
            + " (shaded)."
        )
    return " ".join(said)


def four_questions(drugs: Sequence[str] | None = None) -> ChartView:
    """Binding, activation, requirement and class, answered apart for each drug.

    drugs: slugs with rows in `data/mechanism_questions.csv`; all if not given. Raises `ValueError` for others.
    """
    rows = {(row.drug, row.question): row for row in table(MechanismQuestion)}
    known = list(dict.fromkeys(slug for slug, _ in rows))
    chosen = known if drugs is None else list(drugs)
    for slug in chosen:
        if slug not in known:
            drug(slug)  # names the nearest where there is no such drug at all
            raise ValueError(f"{slug!r} has no row in data/mechanism_questions.csv. There are {', '.join(known)}.")
    names = {slug: drug(slug).name for slug in chosen}
    heights = {slug: len(names) - place for place, slug in enumerate(names)}
    shown = {(slug, question): rows[slug, question] for slug in names for question in QUESTIONS}
    marks: list[Mark] = []
    for (slug, question), row in shown.items():
        x, y = list(QUESTIONS).index(question), heights[slug]
        if row.status == "disputed":
            marks.append(disputed_shade(f"{slug}-{question}", x, y))
        marker, filled, colour = ANSWERS[row.answer]
        marks += [
            Dots(f"{slug}-{question}", colour, [x], [y], marker, 12, filled, [f"{names[slug]}. {row.reason}"]),
            Label(
                f"{slug}-{question}-says",
                "ink",
                x,
                y,
                doubted(row.words, row.status == "disputed"),
                11,
            ),
        ]
    disputed = [f"{names[slug]}: {question}" for (slug, question), row in shown.items() if row.status == "disputed"]
    return ChartView(
        Chart(
            "four-questions",
            "Binding, activation, requirement and class are four different questions",
            table_axes(len(QUESTIONS), list(names.values()), 64),
            [
                *rules(len(QUESTIONS), len(names)),
                *marks,
                *headings(list(QUESTIONS.values()), len(names), 32),
                *([shade_key(len(QUESTIONS))] if disputed else []),
            ],
            " ".join(
                [
                    *(
                        f"{name}: {', '.join(f'{asked} {shown[slug, asked].words}' for asked in QUESTIONS)}."
                        for slug, name in names.items()
                    ),
                    f"Disputed (shaded): {', '.join(disputed)}." if disputed else "None of these is disputed.",
                ]
            ),
            Table(
                "Four questions about each drug and the mu receptor",
                ("Drug", "Question", "Answer", "Why", "How settled", "Source", "Row"),
                [
                    (names[slug], QUESTIONS[asked].replace("\n", " "), row.words, row.reason, row.status,
                     reference(row.source).label, row.id)
                    for (slug, asked), row in shown.items()
                ],
            ),
            [row.source for row in shown.values()],
            caveat="No answer can be read off another: naltrexone binds tightly and switches nothing on; "
            "tramadol binds weakly and is an opioid.",
            height=table_height(len(names), 64),
            subtitle="Filled circle: yes; triangle: in part; hollow circle: no; diamond: unsettled.",
        )
    )  # fmt: skip
