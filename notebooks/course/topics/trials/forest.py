"""Forests: one row per trial, nulls beside positives, with its control and its blinding in words."""

from __future__ import annotations

from collections.abc import Sequence

from ...display import Axes, Chart, ChartView, Dots, Label, Mark, Span, Table
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
    heights = {trial.id: len(trials) - place for place, trial in enumerate(trials)}
    numbers = {trial.id: benefit(trial) for trial in trials if trial.effect_measure == DEPRESSION_SCALE}
    least, most = parameter("important_difference_low"), parameter("important_difference_high")
    return ChartView(
        Chart(
            "trial-forest",
            "Trials in depression: results for ketamine and null results, side by side",
            Axes(
                "← control better · MADRS points · ketamine better →",
                (-9, 17),
                {-5: "−5", 0: "0", 5: "+5", 10: "+10", 15: "+15"},
                "",
                (-0.6, len(trials) + 1.1),
                {
                    height: f"{trial.name}, {compared(trial)}\n{short(trial.control)}"
                    for trial, height in _rows(trials, heights)
                }
                | {0: "smallest difference\nthat matters"},
                left=206,
                right=126,
                top=6,
                grid="x",
            ),
            [
                Span("none", "ink", 0, -0.6, 0, len(trials) + 0.5, 1.5),
                Span("matters", "green", least.value, 0, most.value, 0, 5, caps=True),
                Label("matters-name", "green", most.value, 0, f"{least.value:g} to {most.value:g}, by estimates", 12),
                *(mark for trial in trials for mark in _forest_marks(trial, numbers.get(trial.id), heights[trial.id])),
                Label("head-left", "muted", -9, len(trials) + 0.85, "trial, people; control", -8, 0, "right"),
                Label("head", "muted", 17, len(trials) + 0.85, "blinding, payer", 8),
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
            width=640,
            height=74 + ROW_PX * (len(trials) + 1),
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


def _rows(trials, heights):
    return [(trial, heights[trial.id]) for trial in trials]


def _forest_marks(trial, found, y: float) -> list[Mark]:
    """A bar and a shape, or words where the trial used another scale; and on the right how it was hidden and paid."""
    marker, colour = DIRECTIONS.get(trial.direction, ("^", "muted"))
    lines = Label(f"words-{trial.id}", "muted", 17, y, f"{short(trial.blinding)}\n{short(trial.funding)}", 8)
    if not found:
        why = "other scale" if trial.effect_measure else "counted people" if trial.percent_of else "no number read"
        text = f"{why}:\n{trial.direction}"
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
            "Does ketamine still work with the opioid system blocked? The studies disagree",
            Axes(
                "People in the study (log scale)",
                (1.4, 4000),
                PEOPLE_TICKS,
                "",
                (0.4, len(trials) + 0.6),
                {height: f"{trial.name}\n{trial.design}" for trial, height in _rows(trials, heights)},
                x_scale="log",
                left=186,
                right=12,
                top=6,
                grid="x",
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
            width=640,
            height=64 + 46 * len(trials),
            caveat="Two rows are second analyses of people who stand in another row. A study without a comparison "
            "group, or in which the comparison did as well, cannot show that nothing was blocked. Never stop "
            "naltrexone, buprenorphine or methadone because of this course.",
        )
    )


def _finding(trial) -> str:
    return f"{trial.direction}\n({trial.limit})" if trial.limit else trial.direction


def _label(trial) -> str:
    return f"{trial.name}, {people(trial)}. {trial.result}"
