"""Forests: one row per trial, nulls beside positives, with its control and its blinding in words."""

from __future__ import annotations

from collections.abc import Sequence

from ...display import Chart, ChartView, Dots, Label, Mark, Span, Table, row_axes, row_height
from ...evidence import table
from ...evidence.records import Trial
from .rows import (
    CONTROLLED,
    COUNTING,
    DEPRESSION_SCALE,
    DIRECTIONS,
    NOT_IN_PEOPLE,
    REVIEW,
    benefit,
    by_control,
    chosen,
    compared,
    counted,
    direction_dots,
    effect_verified,
    interval_text,
    parameter,
    people,
    short,
    source_label,
    sources,
    unverified,
)

ROW_PX = 44
NOT_READ = 2
PEOPLE_TICKS = {NOT_READ: "not read", 5: "5", 10: "10", 20: "20", 50: "50", 100: "100"}


def trial_forest(ids: Sequence[str] | None = None) -> ChartView:
    """Controlled trials of ketamine or esketamine in depression, on one scale where they have one.

    ids: rows of `data/trials.csv`, in your order; all controlled depression trials if not given.
    """
    trials = chosen(ids, _depression_trials())
    heights = {trial.id: len(trials) + 1 - place for place, trial in enumerate(trials)}
    numbers = {trial.id: benefit(trial) for trial in trials if trial.effect_measure == DEPRESSION_SCALE}
    least, most = parameter("important_difference_low"), parameter("important_difference_high")
    return ChartView(
        Chart(
            "trial-forest",
            _forest_title(trials),
            row_axes(
                "← control better · MADRS points · ketamine better →",
                (-6, 29),
                {-5: "−5", 0: "0", 5: "+5", 10: "+10", 15: "+15"},
                [
                    *(f"{trial.name}, {compared(trial)}\n{short(trial.control)}" for trial in trials),
                    "Smallest difference that matters to people",
                ],
            ),
            [
                Span("none", "ink", 0, 0.5, 0, len(trials) + 1.3, 1.5),
                Span("matters", "ink", least.value, 1, most.value, 1, 5, caps=True),
                Label("matters-name", "ink", most.value, 1, f"{least.value:g} to {most.value:g}, by estimates", 12),
                *(mark for trial in trials for mark in _forest_marks(trial, numbers.get(trial.id), heights[trial.id])),
            ],
            f"{_forest_description(trials, numbers)} Estimates of the smallest difference that matters to people run "
            f"from {least.value:g} to {most.value:g} points.",
            Table(
                "Trials in depression; above zero favors ketamine, whatever sign was published",
                ("Trial", "People", "Control, blinding, payer", "Finding", "Difference", "Source", "Row"),
                [
                    (
                        trial.name,
                        people(trial),
                        f"{trial.control}; {trial.blinding}; {trial.funding}",
                        trial.result,
                        _difference_text(trial, numbers.get(trial.id)),
                        source_label(trial),
                        trial.id,
                    )
                    for trial in trials
                ],
            ),
            [*sources(trials), least.source, most.source],
            height=row_height(len(trials) + 1, ROW_PX),
            subtitle="People with depression; ketamine into a vein or under the skin, or esketamine spray. Trial, "
            "people in each group, control; at the right who was blinded and who paid.",
            caveat="Bars are 95 % intervals, as published or worked out from published numbers. Two numbers of people "
            "are the two groups compared, ketamine first. Where a trial had several doses, the highest is drawn. AD: "
            f"an antidepressant, which both groups took. A hollow shape is from memory and unverified. {COUNTING}",
        )
    )


def _depression_trials() -> list:
    found = [
        trial
        for trial in table(Trial)
        if trial.question == "efficacy" and trial.indication == "depression" and trial.design in CONTROLLED
    ]
    return sorted(found, key=by_control)


def _forest_marks(trial, found, y: float) -> list[Mark]:
    """A bar and a shape, or words where the trial used another scale; and on the right how it was hidden and paid."""
    marker, colour = DIRECTIONS.get(trial.direction, ("^", "muted"))
    lines = Label(f"words-{trial.id}", "muted", 29, y, _hidden(trial), 10, align="right")
    if not found:
        why = "other scale" if trial.effect_measure else "counted people" if trial.percent_of else "no number read"
        text = f"{why}: {_short_direction(trial)}"
        return [Label(f"other-{trial.id}", colour, 1, y, text), lines]
    hollow = not effect_verified(trial)
    label = f"{trial.name}. {interval_text(found)}{unverified(trial)}"
    marks: list[Mark] = []
    if found.low is not None:
        dash = "dashed" if hollow else "solid"
        marks.append(Span(f"bar-{trial.id}", colour, found.low, y, found.high, y, 2.5, dash, True))
    else:
        marks.append(Label(f"bar-{trial.id}", "muted", found.value, y, "no interval read", 12))
    return [*marks, Dots(f"dot-{trial.id}", colour, [found.value], [y], marker, 12, not hollow, [label]), lines]


def _hidden(trial) -> str:
    """Who was blinded and who paid, in two words."""
    blinding = short(trial.blinding).replace("double-blind", "blinded")
    return f"{blinding}, {short(trial.funding)}".removesuffix(", not checked")


def _short_direction(trial) -> str:
    return {"no difference found": "no difference"}.get(trial.direction, trial.direction)


def _forest_title(trials) -> str:
    """How many of the trials favor ketamine, counted."""
    found = [trial.direction for trial in trials].count("favors ketamine")
    verb = "favors" if found == 1 else "favor"
    if len(trials) == 1:
        return f"{trials[0].name} {'favors ketamine' if found else 'does not favor ketamine'}"
    return f"{found} of {len(trials)} controlled trials in depression {verb} ketamine; the others do not"


def _difference_text(trial, found) -> str:
    if found:
        return f"{interval_text(found)} MADRS points{unverified(trial)}"
    return "not reported here on this scale"


def _forest_description(trials, numbers) -> str:
    found = [trial.direction for trial in trials]
    drawn = {trial.id: numbers[trial.id] for trial in trials if numbers.get(trial.id)}
    clear = sum(estimate.low is not None and estimate.low > 0 for estimate in drawn.values())
    said = [
        f"{counted(len(trials), 'trial')}: {found.count('favors ketamine')} favor ketamine or esketamine, "
        f"{found.count('no difference found')} found no difference.",
        f"{len(drawn)} give a difference on the MADRS scale of 0 to 60, and {clear} of these have an interval wholly "
        "on ketamine's side.",
    ]
    held = [trial.name for trial in trials if trial.blinding == "double-blind, blind held"]
    failed = [trial.name for trial in trials if trial.blinding == "double-blind, blind failed"]
    if held or failed:
        said.append(
            f"Whether people guessed was read here for {len(held) + len(failed)} only: "
            + "; ".join(
                f"the blind {word} in {', '.join(names)}"
                for word, names in (("held", held), ("failed", failed))
                if names
            )
            + "."
        )
    return " ".join(said)


def opioid_system_trials(ids: Sequence[str] | None = None) -> ChartView:
    """Studies of people who had ketamine with an opioid blocker or opioid medicine: how many, and what was found.

    ids: rows of `data/trials.csv` on that question. Raises `ValueError` that lists them for another.
    """
    default = [
        trial
        for trial in table(Trial)
        if trial.question == "opioid system" and trial.indication != NOT_IN_PEOPLE and trial.design != REVIEW
    ]
    trials = chosen(ids, sorted(default, key=lambda trial: (trial.direction, trial.n or 0)))
    others = [trial.id for trial in trials if trial not in default]
    if others:
        raise ValueError(
            f"{others[0]} is no study of the opioid system in people. These are: "
            f"{', '.join(trial.id for trial in default)}."
        )
    heights = {trial.id: len(trials) - place for place, trial in enumerate(trials)}
    least, most = (pick([trial.n for trial in trials if trial.n] or [0]) for pick in (min, max))
    return ChartView(
        Chart(
            "opioid-system-trials",
            "Whether ketamine still works with the opioid system blocked is open: the studies disagree",
            row_axes(
                "People in the study (log scale)",
                (1.4, 3200),
                PEOPLE_TICKS,
                [f"{trial.name}\n{trial.design}" for trial in trials],
                "log",
            ),
            [
                mark
                for trial in trials
                for mark in (
                    direction_dots(f"dot-{trial.id}", trial, trial.n or NOT_READ, heights[trial.id], _label(trial), 13),
                    Label(
                        f"says-{trial.id}",
                        DIRECTIONS.get(trial.direction, ("", "ink"))[1],
                        trial.n or NOT_READ,
                        heights[trial.id],
                        _finding(trial),
                        14,
                        -5 if trial.limit else 0,
                        bold=True,
                    ),
                )
            ],
            f"Rows: {len(trials)}, with {least:.0f} to {most:.0f} people each where the number was read. "
            + "; ".join(f"{trial.name} ({people(trial)}): {_finding(trial).replace(chr(10), ' ')}" for trial in trials)
            + ". Circles: naltrexone reduced the effect; diamonds: no reduction found; squares: mixed.",
            Table(
                "Studies of ketamine and the opioid system in people",
                ("Study", "People", "Who", "Design", "Finding", "What limits it", "Source", "Row"),
                [
                    (
                        trial.name,
                        people(trial),
                        trial.population,
                        trial.design,
                        trial.result,
                        trial.note,
                        source_label(trial),
                        trial.id,
                    )
                    for trial in trials
                ],
            ),
            sources(trials),
            height=row_height(len(trials), 58),
            subtitle="People with depression; ketamine into a vein with naltrexone, or with opioid medicine.",
            caveat="Two rows are second analyses of people who stand in another row. A study without a comparison "
            "group, or in which the comparison did as well, cannot show that nothing was blocked. Never stop "
            "naltrexone, buprenorphine or methadone because of this course.",
        )
    )


def _finding(trial) -> str:
    return f"{trial.direction}\n({trial.limit})" if trial.limit else trial.direction


def _label(trial) -> str:
    return f"{trial.name}, {people(trial)}. {trial.result}"
