"""What the trial charts and explorers read from `data/trials.csv`: one place for each choice.

A *benefit* is an effect turned so that above zero always favors ketamine, whatever sign was published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from ...display import Dots
from ...evidence import nearest, reference, table
from ...evidence.records import Trial, TrialParameter
from ...models.trials import Estimate, risk_difference

NBSP = "\u00a0"  # keeps a number on the line of its unit
DEPRESSION_SCALE = "MADRS points"
SHARES = "percentage points"
CONTROLLED = ("parallel groups", "crossover", "randomized withdrawal")
NOT_IN_PEOPLE = "laboratory or animal"
REVIEW = "review"
COUNTING = "Counting papers is not weighing them: size, control and blinding differ."

# From the control that is easiest to tell from ketamine to the one that hides it, then other treatments.
CONTROL_ORDER = (
    "saline",
    "placebo infusion",
    "ketorolac",
    "placebo spray",
    "placebo spray with antidepressant",
    "midazolam",
    "saline under anesthesia",
    "quetiapine",
    "ECT",
)

# Shape and colour both say what a study found. A direction that is not named here gets the last one.
DIRECTIONS = {
    "favors ketamine": ("o", "blue"),
    "no difference found": ("D", "ink"),
    "mixed": ("s", "ink"),
    "favors the other treatment": ("^", "ink"),
    "naltrexone reduced the effect": ("o", "ink"),
    "no reduction found": ("D", "ink"),
    "no comparison": ("^", "muted"),
}
SHORT = {
    "placebo spray with antidepressant": "placebo spray + AD",
    "saline under anesthesia": "saline, anesthesia",
    "double-blind, blind held": "blind held",
    "double-blind, blind failed": "blind failed",
    "the drug's maker": "maker",
    "public body": "public",
    "university or hospital": "university",
}


@cache
def parameter(name: str) -> TrialParameter:
    """A row of `data/trial_parameters.csv` by its name."""
    return next(found for found in table(TrialParameter) if found.name == name)


def chosen(ids: Sequence[str] | None, default: Iterable) -> list:
    """The trials with these ids, or the default ones. Raises `ValueError` with the nearest id."""
    if ids is None:
        return list(default)
    known = {found.id: found for found in table(Trial)}
    for row_id in ids:
        if row_id not in known:
            raise ValueError(f"There is no trial {row_id!r} in data/trials.csv. {nearest(row_id, known)}")
    if not ids:
        raise ValueError("ids is empty. Leave it out for the default trials.")
    return [known[row_id] for row_id in dict.fromkeys(ids)]


def in_people() -> list:
    """Studies of people, without reviews (whose people are counted in their trials)."""
    return [found for found in table(Trial) if found.indication != NOT_IN_PEOPLE and found.design != REVIEW]


def by_control(trial) -> tuple:
    """Sorts trials by how well their control hides the drug, then by year; unknown controls come last."""
    order = {name: place for place, name in enumerate(CONTROL_ORDER)}
    return (order.get(trial.control, len(order)), trial.year, trial.id)


def benefit(trial) -> Estimate | None:
    """The effect in its own unit, above zero when it favors ketamine; ends are None where not read.

    Only for differences: for a ratio, no difference is 1 and a change of sign would mean nothing.
    """
    if trial.effect is None or trial.effect_measure.endswith("ratio"):
        return None
    if trial.favors == "above":
        return Estimate(trial.effect, trial.low, trial.high)
    ends = [None if end is None else -end for end in (trial.high, trial.low)]
    return Estimate(-trial.effect, *ends)


def shares(trial) -> Estimate | None:
    """Share of the ketamine group minus share of the control group, in points of 100, or None.

    A published interval goes first. Else one (Newcombe) is worked out for separate groups whose sizes are known.
    """
    if trial.percent_ketamine is None or trial.percent_control is None:
        return None
    if trial.effect_measure == SHARES and trial.low is not None:
        return benefit(trial)
    value = trial.percent_ketamine - trial.percent_control
    if not (trial.n_ketamine and trial.n_control) or trial.design == "randomized withdrawal":
        return Estimate(value, None, None)
    counts = [
        round(share * people / 100)
        for share, people in ((trial.percent_ketamine, trial.n_ketamine), (trial.percent_control, trial.n_control))
    ]
    found = risk_difference(counts[0], trial.n_ketamine, counts[1], trial.n_control)
    return Estimate(value, 100 * found.low, 100 * found.high)


def verified(trial) -> bool:
    """Whether the study was read somewhere, not recalled."""
    return trial.verification != "recalled"


def effect_verified(trial) -> bool:
    """Whether the effect was read or computed from what was read."""
    return trial.effect_check != "recalled"


def short(text: str) -> str:
    """A column's value in fewer letters, for labels."""
    return SHORT.get(text, text)


def people(trial) -> str:
    """'73 people', or that the number was not read."""
    return f"{trial.n:,.0f}{NBSP}people" if trial.n else "number not read"


def compared(trial) -> str:
    """'12 + 33' where the two groups behind the result are known (ketamine first), else '67'."""
    if trial.n_ketamine and trial.n_control:
        return f"{trial.n_ketamine:.0f} + {trial.n_control:.0f}"
    return f"{trial.n:,.0f}" if trial.n else "not read"


def seen_before(trial) -> str:
    """Name of the trial whose people are looked at again here, or nothing."""
    met = re.fullmatch(r"the same \d+ people as (.+)", trial.population)
    return met[1] if met else ""


def points(value: float) -> str:
    """A difference in points with its sign: +4.0, −0.2."""
    return f"{value:+.1f}".replace("-", "−")


def interval_text(estimate: Estimate) -> str:
    """'+4.0 (+0.6 to +7.3)', or with what is missing."""
    if estimate.low is None:
        return f"{points(estimate.value)} (interval not reported here)"
    return f"{points(estimate.value)} ({points(estimate.low)} to {points(estimate.high)})"


def unverified(trial) -> str:
    """Words for a number from memory, else nothing."""
    return "" if effect_verified(trial) and verified(trial) else ", from memory, unverified"


def direction_dots(name: str, trial, x: float, y: float, label: str, size: float = 11) -> Dots:
    """A dot whose shape and color say what the study found; hollow where it was not read."""
    marker, colour = DIRECTIONS.get(trial.direction, ("^", "muted"))
    return Dots(name, colour, [x], [y], marker, size, verified(trial), [label])


def sources(trials: Iterable) -> list[str]:
    """Keys behind trials, each once."""
    return list(dict.fromkeys(found.source for found in trials if found.source))


def source_label(trial) -> str:
    """What the source is called, for tables."""
    return reference(trial.source).label


def counted(number: int, thing: str, things: str = "") -> str:
    """'1 trial', '3 trials'; `things` where the plural is not made with an s."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"
