"""Small trials drawn again and again, and every study of the course by what it found; with a guess before each."""

from __future__ import annotations

from functools import cache

import numpy as np

from ...display import (
    Axes,
    Chart,
    Control,
    Dots,
    Explorer,
    Guess,
    Label,
    Mark,
    Pick,
    PredictionView,
    Span,
    Table,
    row_axes,
    row_height,
)
from ...evidence import row
from ...evidence.records import Trial
from ...models import trials as model
from .rows import (
    COUNTING,
    DIRECTIONS,
    NBSP,
    counted,
    direction_dots,
    in_people,
    parameter,
    people,
    seen_before,
    sources,
    verified,
)

# The sizes that the simulator offers are those of real trials.
SIZE_ROWS = ("EV01", "EV21", "EV25", "EV19", "EV03")
MEDIUM, LARGE, GUESSED = "EV08", "EV03", "EV21"
REPEATS, SEED = 30, 2018
MANY = 10_000
OFFLINE_DRAWS = (1, 2, 3, 4, 5)
REACH = 36  # points either way; what lies beyond is drawn at the edge
STEP = 2  # points; people are stacked in columns of this width
STRIP_TOP, OWN, PEOPLE_FROM = REPEATS, REPEATS + 4, REPEATS + 8


@cache
def size_rows() -> dict[int, Trial]:
    """Number of people -> the trial of that size, whose design and groups are simulated."""
    return {int(row(key, Trial).n): row(key, Trial) for key in SIZE_ROWS}


@cache
def sizes() -> dict[int, str]:
    """Number of people -> what the learner reads."""
    return {n: f"{n} people, {design_words(n)}, as in {trial.name}" for n, trial in size_rows().items()}


def groups(n: int) -> tuple[int, int] | None:
    """Treated and control people of the trial of this size; None where everybody had both treatments."""
    trial = size_rows()[n]
    return None if trial.design == "crossover" else (int(trial.n_ketamine), int(trial.n_control))


def design_words(n: int) -> str:
    """The design in a few words: each with both, or groups of 47 and 25."""
    split = groups(n)
    return "each with both treatments" if split is None else f"in groups of {split[0]} and {split[1]}"


@cache
def differences() -> dict[float, str]:
    """True difference in MADRS points -> what the learner reads."""
    small, medium, large = (
        parameter("small_difference").value,
        abs(row(MEDIUM, Trial).effect),
        abs(row(LARGE, Trial).effect),
    )
    return {
        0.0: "none at all",
        small: f"small: {small:g} points",
        medium: f"medium: {medium:g} points, as in {row(MEDIUM, Trial).name}",
        large: f"large: {large:g} points, as in {row(LARGE, Trial).name}",
    }


@cache
def repeated(n: int, difference: float) -> model.Simulated:
    """The thirty trials of one size and truth. The same people meet every true difference, so that only it moves."""
    return _simulated(n, difference, REPEATS)


@cache
def long_run(n: int, difference: float) -> model.Record:
    """How often very many such trials are right. Only the shares are kept, because the trials are large."""
    return model.record(_simulated(n, difference, MANY), difference)


def _simulated(n: int, difference: float, trials: int) -> model.Simulated:
    split = groups(n)
    return model.simulate_trials(
        sum(split) if split else n,
        difference,
        parameter("sd_of_change").value,
        trials,
        SEED + n,
        "parallel" if split else "crossover",
        parameter("correlation_between_visits").value,
        treated=split[0] if split else None,
    )


def draw_small_trial(difference_points: float, n: int, draw: int) -> Chart:
    """One trial with its people and its interval, and below it thirty of the same kind.

    difference_points: the truth, in MADRS points. n: people. draw: which of the thirty is this trial, 1 to 30.
    """
    simulated = repeated(n, difference_points)
    own = model.Estimate(*(float(part[draw - 1]) for part in simulated[1:]))
    missed = (simulated.low > difference_points) | (simulated.high < difference_points)
    share = long_run(n, difference_points)
    truth = "no true difference" if difference_points == 0 else f"a true difference of {difference_points:g} points"
    return Chart(
        "small-trial",
        f"Trial {draw}, {n} people, {truth}: it {_verdict(own, difference_points)}",
        _axes(),
        [
            Span("zero", "ink", 0, 0, 0, PEOPLE_FROM + 17, 1.5),
            Span("truth", "ink", difference_points, 0, difference_points, PEOPLE_FROM + 17, 2, "dashed"),
            Label("truth-name", "ink", difference_points, PEOPLE_FROM + 18.5, "truth", 0, 0, "center", True),
            *_people_marks(simulated.people[draw - 1], groups(n)),
            *_own_marks(own),
            *_strip_marks(simulated, missed, draw),
        ],
        f"{n} people, {design_words(n)}, with {truth}. {_dots_words(n)} This trial "
        f"(number {draw}) gives {_words(own)} points, which {_verdict(own, difference_points)}. "
        f"{_tally(simulated, difference_points)} The intervals of "
        f"{int(missed.sum())} missed the truth (diamonds). {_long_run_words(share, difference_points)}",
        Table(
            f"{REPEATS} trials of {n} people, {design_words(n)}, {truth}",
            ("Trial", "Estimate (95 % interval), points", "Found a difference", "Holds the truth"),
            [
                (
                    f"{place + 1}{' (shown above)' if place + 1 == draw else ''}",
                    _words(model.Estimate(*(float(part[place]) for part in simulated[1:]))),
                    "yes" if simulated.low[place] > 0 else "no",
                    "no" if missed[place] else "yes",
                )
                for place in range(REPEATS)
            ],
        ),
        [row(key, Trial).source for key in (MEDIUM, LARGE, *SIZE_ROWS)],
        height=560,
        caveat="Invented people, drawn by chance from a stated truth. Real trials can go wrong in more ways than this.",
    )


@cache
def _axes() -> Axes:
    return Axes(
        "Points by which the first treatment did better",
        (-REACH, REACH),
        {-30: "−30", -20: "−20", -10: "−10", 0: "0", 10: "+10", 20: "+20", 30: "+30"},
        "",
        (-0.5, PEOPLE_FROM + 20),
        {REPEATS / 2: f"{REPEATS} trials", OWN: "this trial", PEOPLE_FROM + 5: "its people"},
        left=92,
        right=14,
        top=4,
        grid="x",
    )


def _dots_words(n: int) -> str:
    """What a dot of a person is."""
    if groups(n) is None:
        return "A dot is one person’s own difference."
    return "A dot is one person’s change, next to the average without the treatment; filled: treated."


def _people_marks(values: np.ndarray, split: tuple[int, int] | None) -> list[Mark]:
    """Everybody as a dot, stacked where they fall in the same column: hollow at their own difference in a crossover,
    filled for the treated and hollow for the others in two groups."""
    columns = np.clip(np.round(values / STEP) * STEP, -REACH + STEP, REACH - STEP)
    treated = split[0] if split else 0
    seen: dict[float, int] = {}
    marks: list[Mark] = []
    for name, part, filled in (("treated", columns[:treated], True), ("people", columns[treated:], False)):
        heights = []
        for column in np.sort(part):
            heights.append(PEOPLE_FROM + 1.15 * seen.setdefault(float(column), 0))
            seen[float(column)] += 1
        marks.append(Dots(name, "muted", np.sort(part), heights, "o", 8, filled))
    return marks


def _own_marks(own: model.Estimate) -> list[Mark]:
    low, high = (float(np.clip(end, -REACH, REACH)) for end in own[1:])
    middle = float(np.clip(own.value, -REACH, REACH))
    return [
        Span("own-interval", "ink", low, OWN, high, OWN, 5, caps=True),
        Dots("own", "ink", [middle], [OWN], "^", 14),
        Label("own-text", "ink", -REACH, OWN, f"{own.value:+.1f}".replace("-", "−"), 4, 0, "left", True),
    ]


def _strip_marks(simulated: model.Simulated, missed: np.ndarray, draw: int) -> list[Mark]:
    """Thirty intervals, the first on top, rounded to a quarter of a point; a diamond where the truth is missed.

    A circle is a trial that found a difference and holds the truth; a small square, one that was not sure of any.
    """
    low, high, middle = (
        np.clip(np.round(4 * part) / 4, -REACH, REACH) for part in (simulated.low, simulated.high, simulated.estimate)
    )
    heights = STRIP_TOP - np.arange(REPEATS, dtype=float)
    clear = (simulated.low > 0) | (simulated.high < 0)
    marks: list[Mark] = [
        Span(
            f"interval-{place + 1}",
            "ink" if missed[place] else "edge",
            low[place],
            heights[place],
            high[place],
            heights[place],
            1.5,
            "dashed" if missed[place] else "solid",
        )
        for place in range(REPEATS)
    ]
    return [
        *marks,
        *(
            Dots(name, colour, middle[some], heights[some], marker, size)
            for name, colour, some, marker, size in (
                ("unclear", "edge", ~missed & ~clear, "s", 4.5),
                ("found", "muted", ~missed & clear, "o", 8),
                ("missed", "ink", missed, "D", 8),
            )
        ),
        Label("which", "ink", -REACH, heights[draw - 1], "this one →", 4, 0, "left", True),
    ]


def _words(own: model.Estimate) -> str:
    return f"{own.value:+.1f} ({own.low:+.1f} to {own.high:+.1f})".replace("-", "−")


def _verdict(own: model.Estimate, truth: float) -> str:
    if own.low > 0 or own.high < 0:
        if truth == 0:
            return "looks like a difference, though there is none"
        return "finds the difference" if own.low > 0 else "finds a difference the wrong way"
    return "does not show the difference that is there" if truth else "shows no clear difference, and there is none"


def _tally(simulated: model.Simulated, truth: float) -> str:
    """What the thirty trials found. Without a true difference no way is wrong, and every finding is false."""
    above, below = int(np.sum(simulated.low > 0)), int(np.sum(simulated.high < 0))
    if truth == 0:
        return f"Of these {REPEATS} trials, {above + below} found a difference, though there is none."
    wrong = int(np.sum(simulated.estimate < 0))
    return f"Of these {REPEATS} trials, {above} found the difference and {wrong} pointed the wrong way."


def _long_run_words(share: model.Record, truth: float) -> str:
    found = share.found if truth else share.found + share.found_wrong_way
    which = "the difference" if truth else "a difference that is not there"
    return f"Of {MANY:,} such trials, {100 * found:.0f}{NBSP}% found {which}."


small_trial = Explorer(
    id="small-trial",
    name="Draw a small trial again and again",
    draw=draw_small_trial,
    main="draw",
    before=("own-interval", "own"),
    controls=[
        Control("difference_points", "True difference", differences(), abs(row(MEDIUM, Trial).effect)),
        Control("n", "People in the trial", sizes(), int(row(GUESSED, Trial).n)),
        Control(
            "draw",
            "Draw again",
            {number: f"trial {number}" for number in range(1, REPEATS + 1)},
            1,
            "slider",
            offline=list(OFFLINE_DRAWS),
            hint="Each step is another trial of the same kind.",
        ),
    ],
    presets={
        "Twelve people, a medium effect": {
            "difference_points": abs(row(MEDIUM, Trial).effect),
            "n": int(row(GUESSED, Trial).n),
            "draw": 1,
        },
        "Twelve people, no effect": {"difference_points": 0.0, "n": int(row(GUESSED, Trial).n), "draw": 1},
        "Seventy-three people, a medium effect": {
            "difference_points": abs(row(MEDIUM, Trial).effect),
            "n": int(row(LARGE, Trial).n),
            "draw": 1,
        },
    },
    leaves_out={
        "broken blinds": "People who feel which treatment they have may report what they hope for. That is not here.",
        "carry-over": "Where each person has both treatments, as in Williams 2018 and Jelen 2025, the first leaves no "
        "trace. Two separate groups of the same total are less sure: compare the sizes.",
        "dropping out": "Everybody finishes, and no trial is stopped early because of what it has found so far.",
        "publication": "All thirty trials are seen. In life, the striking ones are seen more.",
        "the scale": f"Changes are spread normally with a standard deviation of {parameter('sd_of_change').value:g} "
        f"points (our arithmetic from one trial); two changes of one person have a correlation of "
        f"{parameter('correlation_between_visits').value:g} (our choice).",
    },
)


def predict_small_trial() -> PredictionView:
    """Guess how many of 100 small trials find a medium effect that is really there."""
    n, medium, sd = row(GUESSED, Trial).n, abs(row(MEDIUM, Trial).effect), parameter("sd_of_change")
    share = round(100 * long_run(int(n), medium).found)
    return PredictionView(
        "small-trial",
        f"A treatment really is {medium:g} points better. {n:.0f} people try both, as in {row(GUESSED, Trial).name}. "
        "If 100 such trials were run, how many would find the difference?",
        [Guess("found", "Trials that find it, of 100", "trials", share - 1, share + 1, f"about {share} trials")],
        f"Simulated {MANY:,} times. 'Find' means that the 95 % interval lies wholly on the right side of zero. A small "
        "trial that finds nothing has not shown that there is nothing, and one that does find something tends to "
        "overstate it.",
        [row(MEDIUM, Trial).source, row(GUESSED, Trial).source, sd.source],
    )


# --- every study by size and finding

ALL = "all"
NOT_READ = 3
PEOPLE_TICKS = {NOT_READ: "not read", 10: "10", 30: "30", 100: "100", 300: "300", 1000: "1,000"}
MOST_NAMES, MOST_NAMED = 12, 6  # beside the dots, and in the words
SLOTS = 4
# Each filter has few, plain groups, so that all four work in the handout as well; the table keeps the detail.
CONDITIONS = {"OCD": "OCD or anxiety disorders", "anxiety disorders": "OCD or anxiety disorders"}
PAYERS = {
    "the drug's maker": "the drug's maker",
    "public body": "public body or university",
    "university or hospital": "public body or university",
    "not checked": "not checked here",
}
GUESSES_READ = "blinded, guesses read"
BLINDED = {
    "double-blind": "blinded, guesses not read",
    "double-blind, blind held": GUESSES_READ,
    "double-blind, blind failed": GUESSES_READ,
}
NOT_BLIND = "open label or not reported"
OPIOID = "opioid blocker or opioid"
KINDS = {
    "saline": "saline or placebo infusion",
    "placebo infusion": "saline or placebo infusion",
    "saline under anesthesia": "saline or placebo infusion",
    "placebo spray": "placebo spray or tablet",
    "placebo spray with antidepressant": "placebo spray or tablet",
    "placebo tablet": "placebo spray or tablet",
    "ketorolac": "another treatment",
    "quetiapine": "another treatment",
    "ECT": "another treatment",
    "naloxone": OPIOID,
    "none": "no control",
}


@cache
def studies() -> tuple:
    """Studies of people, smallest first."""
    return tuple(sorted(in_people(), key=lambda trial: (trial.n or 0, trial.id)))


@cache
def bands() -> tuple[str, ...]:
    """Findings that occur, from the top."""
    found = {trial.direction for trial in studies()}
    return tuple(name for name in DIRECTIONS if name in found) + tuple(sorted(found - set(DIRECTIONS)))


@cache
def places() -> dict[str, tuple[float, float]]:
    """Row id -> where its dot stands, whatever is filtered."""
    found, counts = {}, dict.fromkeys(bands(), 0)
    for trial in studies():
        band = len(bands()) - bands().index(trial.direction)
        found[trial.id] = (float(trial.n or NOT_READ), band + 0.03 - 0.19 * (counts[trial.direction] % SLOTS))
        counts[trial.direction] += 1
    return found


def control_kind(trial) -> str:
    """The kind of control by which studies are filtered; studies of the opioid system stand together."""
    if trial.question == "opioid system":
        return OPIOID
    return KINDS.get(trial.control, trial.control)


def condition(trial) -> str:
    """The condition studied, as studies are filtered by it."""
    return CONDITIONS.get(trial.indication, trial.indication)


def blinded(trial) -> str:
    """Who knew, as studies are filtered by it."""
    return BLINDED.get(trial.blinding, NOT_BLIND)


def payer(trial) -> str:
    """Who paid, as studies are filtered by it."""
    return PAYERS.get(trial.funding, trial.funding)


def draw_trial_evidence(population: str, control: str, blinding: str, funding: str) -> Chart:
    """Studies that match all four choices, by size and finding; the value 'all' matches everything."""
    wanted = ((population, condition), (control, control_kind), (blinding, blinded), (funding, payer))
    return _drawn(
        tuple(trial.id for trial in studies() if all(value in (ALL, of(trial)) for value, of in wanted)),
    )


@cache
def _drawn(ids: tuple[str, ...]) -> Chart:
    """The chart of these studies. What was asked stands on the controls, so that equal answers are one chart."""
    matched = [trial for trial in studies() if trial.id in ids]
    shown = set(ids)
    names = _names(matched)
    return Chart(
        "trial-evidence",
        _evidence_title(matched),
        _evidence_axes(),
        [
            *(
                direction_dots(
                    f"dot-{trial.id}", trial, *places()[trial.id], f"{trial.name}, {people(trial)}. {trial.result}"
                )
                if trial.id in shown
                else Dots(f"dot-{trial.id}", DIRECTIONS.get(trial.direction, ("^", "muted"))[1])
                for trial in studies()
            ),
            *(
                Label(
                    f"name-{trial.id}",
                    "ink",
                    *places()[trial.id],
                    trial.name if trial.id in names else "",
                    names.get(trial.id, 0),
                    0,
                    "right" if names.get(trial.id, 0) < 0 else "left",
                )
                for trial in studies()
            ),
            Label("none", "ink", 1900, len(bands()) / 2 + 0.5, "" if matched else NOTHING, 20, 0, "right"),
        ],
        _evidence_words(matched),
        Table(
            "Studies that match",
            ("Study", "People", "Condition", "Control", "Blinding", "Paid by", "Finding", "Row"),
            [
                (
                    trial.name,
                    people(trial),
                    trial.indication,
                    trial.control,
                    trial.blinding,
                    trial.funding,
                    trial.direction + ("" if verified(trial) else " (from memory, unverified)"),
                    trial.id,
                )
                for trial in matched
            ]
            or [(NOTHING.replace("\n", " "), *[""] * 7)],
        ),
        sources(matched or studies()),
        width=EVIDENCE_WIDTH,
        height=row_height(len(bands()), BAND_PX),
        subtitle="Studies of people given ketamine or esketamine, each at its number of people.",
        caveat="Reviews are left out, because their people are counted in their trials. 'Not checked here' means "
        "that this course has not read who paid.",
    )


def _evidence_title(matched) -> str:
    """How many of the studies that match favor ketamine, counted."""
    if not matched:
        return f"None of {len(studies())} studies of people in this course matches"
    found = [trial.direction for trial in matched].count("favors ketamine")
    return f"{found} of {counted(len(matched), 'study', 'studies')} {'favors' if found == 1 else 'favor'} ketamine" + (
        f", of {len(studies())} in this course" if len(matched) < len(studies()) else ""
    )


EVIDENCE_WIDTH, BAND_PX = 520, 72  # of the picture; from finding to finding
NOTHING = "Nothing in this\ncourse matches:\na gap in what was\ncollected or done."


@cache
def _evidence_axes() -> Axes:
    return row_axes("People in the study (log scale)", (2.1, 1900), PEOPLE_TICKS, bands(), "log", side=30)


def _names(matched) -> dict[str, int]:
    """Row id -> pixels beside the dot, for names that fit without touching each other or a dot."""
    if len(matched) > MOST_NAMES:
        return {}
    axes = _evidence_axes()
    span = np.log(axes.x_limits[1] / axes.x_limits[0])
    width = EVIDENCE_WIDTH - axes.left - axes.right
    spots = {
        trial.id: (
            axes.left + width * np.log(places()[trial.id][0] / axes.x_limits[0]) / span,
            BAND_PX * places()[trial.id][1],
        )
        for trial in matched
    }
    boxes: list[tuple[float, float, float]] = []
    found = {}
    for trial in matched:
        x, y = spots[trial.id]
        length = 9.2 * len(trial.name)
        others = [spot for key, spot in spots.items() if key != trial.id]
        for dx in (11, -11):
            left, right = (x + dx, x + dx + length) if dx > 0 else (x + dx - length, x + dx)
            free = (
                left > 4
                and right < EVIDENCE_WIDTH
                and all(right < b_left or left > b_right or abs(y - b_y) >= 15 for b_left, b_right, b_y in boxes)
            )
            if free and all(abs(o_y - y) >= 13 or o_x + 7 < left or o_x - 7 > right for o_x, o_y in others):
                boxes.append((left, right, y))
                found[trial.id] = dx
                break
    return found


def _evidence_words(matched) -> str:
    if not matched:
        return f"Nothing in this course matches, which is not the same as nothing having been done. {COUNTING}"
    names = {trial.name for trial in matched}
    again = [trial for trial in matched if seen_before(trial) in names]
    total = sum(trial.n for trial in matched if trial.n and trial not in again)
    found = [trial.direction for trial in matched]
    counts = "; ".join(f"{name} {found.count(name)}" for name in bands() if name in found)
    said = f"{len(matched)} matched: {counts}. Their sizes add up to {total:,.0f}{NBSP}people."
    if len(matched) <= MOST_NAMED:
        said += " " + "; ".join(f"{trial.name} ({people(trial)})" for trial in matched) + "."
    if again:
        said += f" {len(again)} of these {len(matched)} look again at people who are in another row."
    return f"{said} {COUNTING}"


def _options(of) -> dict[str, str]:
    values = sorted({of(trial) for trial in studies()})
    return {ALL: "all", **{value: value for value in values}}


trial_evidence = Explorer(
    id="trial-evidence",
    name="Which studies, and what did they find?",
    draw=draw_trial_evidence,
    main="population",
    controls=[
        Control("population", "People with", _options(condition), ALL),
        Control("control", "Compared or given with", _options(control_kind), ALL),
        Control("blinding", "Blinding", _options(blinded), ALL),
        Control("funding", "Paid for by", _options(payer), ALL),
    ],
    presets={
        "Everything": {"population": ALL, "control": ALL, "blinding": ALL, "funding": ALL},
        "PTSD": {"population": "PTSD", "control": ALL, "blinding": ALL, "funding": ALL},
        "Depression against midazolam": {
            "population": "depression",
            "control": "midazolam",
            "blinding": ALL,
            "funding": ALL,
        },
        "Paid for by the maker": {"population": ALL, "control": ALL, "blinding": ALL, "funding": "the drug's maker"},
        "The opioid system": {"population": ALL, "control": OPIOID, "blinding": ALL, "funding": ALL},
    },
    leaves_out={
        "size of effect": "A shape says what a study found, not how much. Point at it, or press Tab and then the "
        "arrow keys, to read its numbers.",
        "quality": "A large trial whose blind broke and a small one whose blind held are each one shape.",
        "what was not collected": "These studies were chosen for this course. They are not all that exist, and who "
        "paid was not found for some of them.",
    },
    simulates=False,
)


def predict_trial_evidence() -> PredictionView:
    """Guess what the largest of the PTSD trials found."""
    trials = [trial for trial in studies() if trial.indication == "PTSD" and trial.n]
    largest = max(trials, key=lambda trial: trial.n)
    options = {name: name for name in ("favors ketamine", "no difference found", "mixed")}
    smaller = "; ".join(
        f"{trial.name} ({people(trial)}): {trial.direction}" for trial in trials if trial is not largest
    )
    return PredictionView(
        "trial-evidence",
        f"{len(trials)} trials here tested ketamine in PTSD. What did the largest, with {people(largest)}, "
        "find for PTSD?",
        [Pick("largest", "The largest trial", options, largest.direction)],
        f"{largest.name}: {largest.result} The smaller ones: {smaller}. {COUNTING}",
        sources(trials),
    )
