"""How much evidence there is for each condition, how soon and how long effects were seen, and relapse."""

from __future__ import annotations

from collections.abc import Sequence

from ...display import Axes, Chart, ChartView, Dots, Label, Mark, Span, Table, row_axes, row_height, row_heights
from ...evidence import row, table
from ...evidence.records import Trial
from .rows import (
    CONTROLLED,
    COUNTING,
    DIRECTIONS,
    NBSP,
    NOT_IN_PEOPLE,
    REVIEW,
    chosen,
    counted,
    direction_dots,
    people,
    seen_before,
    short,
    source_label,
    sources,
    verified,
)

PEOPLE_TICKS = {10: "10", 30: "30", 100: "100", 300: "300", 1000: "1,000"}
HOUR_TICKS = {0.5: "30 min", 2: "2 h", 24: "1 d", 72: "3 d", 168: "7 d", 672: "28 d"}
DAY = 24
# People, and rows down: where the words of the key stand.
KEY_PLACES = ((7, 0), (42, 0), (350, 0), (7, -0.28))
LEVEL = 0.19  # of a row, from one level of shapes to the next, all above the next name
OPEN_STUDY = "EV36"  # a study without a control that the grid leaves out
GRID_DIRECTIONS = ("favors ketamine", "no difference found", "mixed", "favors the other treatment")


def evidence_grid(indications: Sequence[str] | None = None) -> ChartView:
    """For each condition: every controlled trial as a shape, by size and finding.

    indications: values of that column of `data/trials.csv`; all conditions if not given.
    """
    known = list(dict.fromkeys(trial.indication for trial in table(Trial) if trial.indication != NOT_IN_PEOPLE))
    names = list(indications) if indications is not None else known
    if not names or set(names) - set(known):
        raise ValueError(f"indications must be some of: {', '.join(known)}.")
    trials = {name: _works(name, reviews=False) for name in names}
    reviews = {name: _works(name, reviews=True) for name in names}
    names.sort(key=lambda name: -len(trials[name]))
    heights = row_heights(names)
    marks: list[Mark] = []
    for name in names:
        levels = 3 if len(trials[name]) > 4 else 1
        for place, trial in enumerate(trials[name]):
            y = heights[name] - LEVEL * (place % levels)
            label = f"{trial.name}, {people(trial)}: {trial.direction}"
            marks.append(direction_dots(f"dot-{trial.id}", trial, trial.n or 7, y, label, 12))
        if not trials[name]:
            marks.append(Label(f"reviews-{name}", "muted", 7, heights[name], _reviews(reviews[name]), -8, -10))
    top = len(names) + 1.25
    for place, direction in enumerate(GRID_DIRECTIONS):
        marker, colour = DIRECTIONS[direction]
        x, lower = KEY_PLACES[place]
        marks.append(Dots(f"key-{place}", colour, [x], [top + lower], marker, 11))
        marks.append(Label(f"key-name-{place}", colour, x, top + lower, direction, 10, bold=True))
    everything = [trial for name in names for trial in (*trials[name], *reviews[name])]
    return ChartView(
        Chart(
            "evidence-grid",
            _grid_title(trials),
            row_axes(
                "People in the trial (log scale)",
                (6, 1100),
                PEOPLE_TICKS,
                [f"{name}\n{_summary(trials[name], reviews[name])}" for name in names],
                "log",
                head=0.5,
            ),
            marks,
            " ".join(
                f"{name.capitalize() if name.islower() else name}: {_words(trials[name], reviews[name])}"
                for name in names
            ),
            Table(
                "Controlled trials and reviews in this course, by condition",
                ("Condition", "Study", "People", "Control", "Finding", "Source", "Row"),
                [
                    (
                        name,
                        f"{trial.name}{' (review)' if trial.design == REVIEW else ''}",
                        people(trial),
                        trial.control,
                        trial.result,
                        source_label(trial),
                        trial.id,
                    )
                    for name in names
                    for trial in (*trials[name], *reviews[name])
                ],
            ),
            sources(everything),
            height=row_height(len(names) + 0.5, 68),
            subtitle="Controlled trials of ketamine or esketamine, by any route, one shape a trial. Higher or lower in "
            "a row means nothing.",
            caveat=f"Trials chosen for this course, not all that exist. {COUNTING} {_left_out(everything)}"
            "Single trials of pain relief are not drawn; only reviews of them were read.",
        )
    )


def _grid_title(trials: dict[str, list]) -> str:
    """How many of the trials are on the condition with most, and the most for any other."""
    counts = sorted(((len(found), name) for name, found in trials.items()), reverse=True)
    (most, name), total = counts[0], sum(count for count, _ in counts)
    if len(counts) == 1 or not total:
        return f"{counted(most, 'controlled trial')} in this course tested ketamine for {name}"
    return f"{most} of {total} trials here are on {name}; no other condition has more than {counts[1][0]}"


def _left_out(drawn) -> str:
    """Whose people stand in two lines, and which studies have no shape."""
    names = {trial.name for trial in drawn}
    twice = [seen_before(trial) for trial in drawn if seen_before(trial) in names]
    found = row(OPEN_STUDY, Trial)
    lines = f"The people of {' and '.join(twice)} stand in two lines. " if twice else ""
    return f"{lines}Studies without a control are not drawn: in one of them {found.result.split(';')[0]}. "


def _works(indication: str, *, reviews: bool) -> list:
    """Trials against a control of whether ketamine helps, or the reviews, of one condition."""
    asked = ("review",) if reviews else ("efficacy", "comparison", "relapse")
    found = [
        trial
        for trial in table(Trial)
        if trial.indication == indication and trial.question in asked and (reviews or trial.design in CONTROLLED)
    ]
    return sorted(found, key=lambda trial: trial.n or 0)


def _summary(trials, reviews) -> str:
    """Trials and their people; where only reviews are here, the people of their trials."""
    total = sum(trial.n for trial in trials or reviews if trial.n)
    if not trials:
        return f"trials stand in {counted(len(reviews), 'review')}, {total:,.0f} people"
    said = f"{counted(len(trials), 'trial')}, {total:,.0f} people"
    return said + (f"; {counted(len(reviews), 'review')}" if reviews else "")


def _reviews(reviews) -> str:
    """What reviews found, one a line; a finding with low confidence is not repeated."""
    return "\n".join(
        f"{review.name}: {'finding not verified here' if review.confidence == 'low' else review.direction}"
        for review in reviews
    )


def _words(trials, reviews) -> str:
    found = [trial.direction for trial in trials]
    said = _summary(trials, reviews)
    counts = [f"{name}: {found.count(name)}" for name in DIRECTIONS if found.count(name)]
    if not trials:
        return f"{said}; {_reviews(reviews).replace(chr(10), '; ')}."
    return f"{said}{' (' + ', '.join(counts) + ')' if counts else ''}."


def effect_times(ids: Sequence[str] | None = None) -> ChartView:
    """When each trial first and last reported a difference from its control, in hours after the first dose."""
    default = [trial for trial in table(Trial) if trial.first_hours is not None and trial.question == "efficacy"]
    trials = [
        trial
        for trial in chosen(ids, sorted(default, key=lambda trial: (trial.dosing != "single", trial.last_hours or 0)))
        if trial.first_hours is not None and trial.last_hours is not None
    ]
    if not trials:
        raise ValueError("None of these trials has a time at which a difference was read. Leave ids out.")
    heights = {trial.id: len(trials) - place for place, trial in enumerate(trials)}
    single = [trial for trial in trials if trial.dosing == "single"]
    longest = max(single, key=lambda trial: trial.last_hours, default=None)
    soonest = min(trials, key=lambda trial: trial.first_hours)
    said = f"Earliest difference read here: {soonest.name}, {_time(soonest.first_hours)}."
    if longest:
        said += f" After one dose, the last difference read here is at {_time(longest.last_hours)} ({longest.name})."
    return ChartView(
        Chart(
            "effect-times",
            _times_title(longest, soonest),
            Axes(
                "Time after the first dose (log scale)",
                (0.4, 1400),
                HOUR_TICKS,
                "",
                (0.4, len(trials) + 0.6),
                {heights[trial.id]: f"{trial.name}\n{_dosing(trial)}" for trial in trials},
                x_scale="log",
                left=176,
                right=16,
                top=6,
                grid="x",
            ),
            [mark for trial in trials for mark in _time_marks(trial, heights[trial.id])],
            f"{said} A single time means that no other was read, not that the effect was over. "
            "With repeated doses the people kept on being treated.",
            Table(
                "When a difference from control was reported",
                ("Trial", "Dosing", "Control", "First", "Last read here", "Source", "Row"),
                [
                    (
                        trial.name,
                        _dosing(trial),
                        trial.control,
                        _time(trial.first_hours),
                        _time(trial.last_hours),
                        source_label(trial),
                        trial.id,
                    )
                    for trial in trials
                ],
            ),
            sources(trials),
            height=64 + 40 * len(trials),
            subtitle="People with depression or another condition; ketamine or esketamine against a control. Circles: "
            "one dose; squares: repeated doses.",
            caveat="Trials looked at different times, so the ends of the bars are when somebody looked. "
            "Trials that found no difference have no bar.",
        )
    )


def _times_title(longest, soonest) -> str:
    """The soonest difference, and the last one after a single dose."""
    soon = f"The effect showed as soon as {_time(soonest.first_hours)} after the dose"
    if longest is None:
        return soon
    return f"{soon}; after one dose it was last seen at {_time(longest.last_hours)}"


def _dosing(trial) -> str:
    return {"single": "one dose", "repeated": "repeated doses"}.get(trial.dosing, trial.dosing)


def _time(hours: float) -> str:
    if hours < 1:
        return f"{60 * hours:.0f}{NBSP}min"
    if hours < 2 * DAY:
        return f"{hours:g}{NBSP}h"
    return f"{hours / DAY:.0f}{NBSP}days"


def _time_marks(trial, y: float) -> list[Mark]:
    marker, colour = ("o", "blue") if trial.dosing == "single" else ("s", "blue")
    text = f"{trial.name}, {_dosing(trial)}: difference from {_time(trial.first_hours)} to {_time(trial.last_hours)}"
    ends = sorted({trial.first_hours, trial.last_hours})
    return [
        Span(f"bar-{trial.id}", colour, ends[0], y, ends[-1], y, 5, opacity=0.6),
        Dots(f"dots-{trial.id}", colour, ends, [y] * len(ends), marker, 11, verified(trial), [text] * len(ends)),
    ]


def relapse_after_withdrawal(ids: Sequence[str] | None = None) -> ChartView:
    """Relapse when treatment went on and when it was withdrawn, in people who had already improved."""
    default = [trial for trial in table(Trial) if trial.percent_of == "relapse"]
    trials = [trial for trial in chosen(ids, default) if trial.percent_of == "relapse"]
    if not trials:
        raise ValueError("None of these trials has relapse percentages. Leave ids out for those that have.")
    heights = {trial.id: len(trials) - place for place, trial in enumerate(trials)}
    marks: list[Mark] = []
    for trial in trials:
        for arm, share, colour, marker, dy in (
            ("went on", trial.percent_ketamine, "blue", "o", 0.02),
            ("withdrawn", trial.percent_control, "muted", "D", -0.26),
        ):
            y = heights[trial.id] + dy
            marks.append(Span(f"{arm}-bar-{trial.id}", colour, 0, y, share, y, 8, opacity=0.7))
            marks.append(Dots(f"{arm}-{trial.id}", colour, [share], [y], marker, 12, True, [f"{trial.name}, {arm}"]))
            marks.append(Label(f"{arm}-text-{trial.id}", colour, share, y, f"{arm}: {share:g} %", 12, bold=True))
    return ChartView(
        Chart(
            "relapse-after-withdrawal",
            "Of people who had improved, more relapsed when treatment was withdrawn",
            row_axes(
                "People who relapsed (%)",
                (0, 120),
                [0, 25, 50, 75, 100],
                [f"{trial.name}\nagainst {short(trial.control)}" for trial in trials],
            ),
            marks,
            " ".join(
                f"{trial.name}: {trial.percent_ketamine:g}{NBSP}% relapsed when treatment went on and "
                f"{trial.percent_control:g}{NBSP}% when it was withdrawn."
                for trial in trials
            )
            + " Even with treatment going on, some relapsed; without it, some did not.",
            Table(
                "Relapse in trials of withdrawal",
                ("Trial", "Who", "Went on", "Withdrawn", "Finding", "Source", "Row"),
                [
                    (
                        trial.name,
                        trial.population,
                        f"{trial.percent_ketamine:g}{NBSP}%",
                        f"{trial.percent_control:g}{NBSP}%",
                        trial.result,
                        source_label(trial),
                        trial.id,
                    )
                    for trial in trials
                ],
            ),
            sources(trials),
            height=row_height(len(trials), 88),
            subtitle="People whose depression had lifted with ketamine or esketamine, randomized to go on or to stop.",
            caveat="AD: an antidepressant, which both groups took. Only people who had done well were randomized, and "
            "some may have noticed that their treatment had changed. It says that stopping was worse than going on, "
            "not how many people benefit.",
        )
    )
