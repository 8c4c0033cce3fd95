"""One treatment day and ten weeks of visits, as rules, clinics and studies describe them: guesses and explorers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby

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
)
from ...evidence import reference, sources_of
from .rows import (
    BASIS,
    UNVERIFIED,
    WEEKS,
    Total,
    family_colour,
    hours_by_week,
    minutes_text,
    plan,
    plans,
    span_text,
    step,
    unverified,
    visits_by_week,
    wrap,
)

LABEL = "esketamine-us"  # the plan of both guesses: the one format whose day a US label sets
STEPS = {
    "before": "Before",
    "treatment": "Treatment",
    "check": "Check",
    "watched": "Watched",
    "leaving": "Leaving",
    "driving": "Driving",
}
COLOURS = {"treatment": "blue", "watched": "blue", "driving": "muted"}
# Places on the axis that are not minutes: the day is drawn to scale up to three hours only.
LEFT, BEFORE, OPEN_END, NIGHT, NEXT_DAY, RIGHT = -34, -18, 200, 232, 262, 290
NOT_READ = "not in the text we read"
NAME_PX = 98  # from the left edge to the words beside a step's name
PHASES = {"induction": "o", "optimisation": "s", "maintenance": "D", "course": "o"}
VISIT_PX, HOURS_PX, BAR_PX = 18, 120, 30  # of ten weeks: from visit to visit, of the tallest bar, and of its width
LEFT_OUT = {
    "travel and waiting": "The way there and back, the waiting room and the time of a companion are not counted.",
    "the clinician's decision": "A clinician may watch longer, send somebody home later, change the calendar or stop.",
    "other countries": "Each row holds where it says; other countries have other rules.",
}


def draw_session_day(plan_slug: str) -> Chart:
    """One treatment day, from before the dose to the next day. plan_slug: of `data/session_steps.csv`."""
    rows = plan("session_steps", plan_slug)
    days = {kind: step(rows, kind) for kind in STEPS}
    ended = _end_of_treatment(days["treatment"])
    heights = {kind: len(STEPS) - place for place, kind in enumerate(STEPS)}
    marks = [
        mark for kind, row in days.items() for mark in _step_marks(kind, row, heights[kind], ended, days["watched"])
    ]
    return Chart(
        "session-day",
        _session_title(rows[0].plan_name, days),
        Axes(
            "Time from the start (not to scale after 3 hours)",
            (LEFT, RIGHT),
            {0: "start", 60: "1 h", 120: "2 h", 180: "3 h", NEXT_DAY: "next day"},
            "",
            (0.4, len(STEPS) + 0.8),
            {heights[kind]: name for kind, name in STEPS.items()},
            left=6,
            right=8,
            top=2,
            grid="x",
            names="above",
        ),
        [
            Span("night", "edge", NIGHT, 0.4, NIGHT, len(STEPS) + 0.5, 1.5, "dotted"),
            Label("night-name", "muted", NIGHT, 0.4, "night", -5, 8, "right"),
            *marks,
        ],
        f"{rows[0].plan_name} ({rows[0].where_valid}). " + " ".join(_step_sentence(row) for row in rows),
        Table(
            f"{rows[0].plan_name}, step by step",
            ("Step", "In words", "Minutes", "Until", "Rests on", "Note", "Source", "Row"),
            [
                (
                    STEPS[row.step],
                    row.step_text,
                    minutes_text(row.low_minutes, row.high_minutes) or "not stated",
                    row.until,
                    BASIS[row.basis][1],
                    row.note,
                    reference(row.source).label,
                    row.id,
                )
                for row in rows
            ],
        ),
        [row.source for row in rows],
        caveat="Whole line: a rule. Dashed: one clinic, one study, or time that may be added. "
        "No rule found is not the same as no risk.",
        height=56 + 62 * len(STEPS),
        subtitle=f"{rows[0].where_valid}; a person has the dose and goes home the same day.",
    )


def _end_of_treatment(row) -> float:
    return (row.high_minutes or row.low_minutes or 0.0) if row else 0.0


def _session_title(name: str, days: dict) -> str:
    return f"{name}: {_day_title(days)}"


def _day_title(days: dict) -> str:
    """What is watched and when driving is allowed, in a few words."""
    watched, driving = days["watched"], days["driving"]
    minutes = minutes_text(watched.low_minutes, watched.high_minutes) if watched else ""
    watching = {
        "": "",
        "not checked": "how long people are watched was not checked",
        "no rule found": "no rule on watching was found",
    }
    said = [
        f"watched {minutes}"
        if minutes
        else watching.get(until := watched.until if watched else "", f"watched until {until}")
    ]
    if driving:
        said.append(
            {
                "not checked": "the rule on driving was not checked",
                "no rule found": "no federal rule on driving was found",
                "not stated": driving.step_text[0].lower() + driving.step_text[1:],
            }.get(driving.until, f"no driving until {driving.until}")
        )
    return "; ".join(part for part in said if part)


def _step_marks(kind: str, row, y: float, ended: float, watched) -> list[Mark]:
    """A bar for what is fixed, a second for what may be added, a dot for a moment, and the words."""
    colour = COLOURS.get(kind, "ink")
    dash = BASIS[row.basis][0] if row else "solid"
    bar, more, dots = _places(kind, row, ended, watched)
    width = 12 if kind == "treatment" else 6
    return [
        Span(
            f"bar-{kind}",
            colour,
            bar[0],
            y,
            bar[1],
            y,
            width,
            "solid" if kind == "treatment" else dash,
            opacity=_seen(bar),
        ),
        Span(f"more-{kind}", colour, more[0], y, more[1], y, 3, "dashed", opacity=_seen(more)),
        Dots(f"dot-{kind}", colour, dots, [y] * len(dots), "o", 11),
        Label(
            f"words-{kind}",
            "ink" if row else "muted",
            LEFT,
            y,
            wrap(row.step_text, 520 - NAME_PX - 14) if row else NOT_READ,
            NAME_PX,
            19 - 9 * (wrap(row.step_text, 520 - NAME_PX - 14).count("\n") if row else 0),
        ),
        Label(f"basis-{kind}", "muted", LEFT, y, _basis_words(row), 2, -17),
    ]


def _seen(ends: tuple[float, float]) -> float:
    """A bar of no length is not drawn; some browsers would leave a speck."""
    return 1 if ends[0] < ends[1] else 0


def _basis_words(row) -> str:
    """'rule: at least 120 min'."""
    if row is None:
        return ""
    until = "" if row.until in BASIS or not row.until else f"until {row.until}"
    detail = minutes_text(row.low_minutes, row.high_minutes) or until.replace(
        "until not stated", "until when not stated"
    )
    return BASIS[row.basis][1] + (f": {detail}" if detail else "")


def _places(kind: str, row, ended: float, watched) -> tuple[tuple[float, float], tuple[float, float], list[float]]:
    """(start, end) of the bar and of what may be added to it, and the moments."""
    none = (BEFORE, BEFORE)
    if row is None:
        return none, none, []
    if kind == "before":
        return none, none, [BEFORE]
    if kind == "driving":
        if row.until in BASIS:
            return none, none, []
        return (0, OPEN_END if row.until == "not stated" else NEXT_DAY), none, []
    if kind == "leaving":
        known = watched is not None and watched.low_minutes is not None
        return none, none, [ended + watched.low_minutes] if known else []
    start = ended if kind == "watched" else row.start_min or 0.0
    if row.low_minutes is None:
        return none, none, [start] if kind in ("check", "treatment") else []
    low = start + row.low_minutes
    return (start, low), (low, OPEN_END if row.high_minutes is None else start + row.high_minutes), []


def _step_sentence(row) -> str:
    minutes = minutes_text(row.low_minutes, row.high_minutes)
    said = [part for part in (minutes, f"until {row.until}" if row.until and row.until not in BASIS else "") if part]
    basis = "" if row.basis == "rule" or BASIS[row.basis][1] in row.step_text else f"; {BASIS[row.basis][1]}"
    return f"{STEPS[row.step]}: {row.step_text}{' (' + ', '.join(said) + ')' if said else ''}{basis}."


def draw_ten_weeks(plan_slug: str, visits: str) -> Chart:
    """Ten weeks of visits as shapes that hang from their phase, with the hours so far as bars below.

    plan_slug: of `data/visit_plans.csv`. visits: fewest or most, where the source gives a range.
    """
    rows = plan("visit_plans", plan_slug)
    most = visits == "most"
    counts, hours, total = visits_by_week(rows, most=most), hours_by_week(rows, most=most), Total.of(rows)
    number = sum(counts)
    visits_words = f"{number:.0f} visit{'' if number == 1 else 's'}"
    so_far = _cumulated(hours)
    spent = f"{span_text(*so_far[-1])} hours" if so_far else total.hours_text()
    if so_far:
        spent = {"at least": "at least ", "about": "about "}.get(total.basis, "") + spent
        spent += " of infusion alone" if total.basis == "infusion alone" else ""
    last, colour = int(max(row.week_to for row in rows)), family_colour(rows)
    return Chart(
        "ten-weeks",
        f"{rows[0].plan_name}{unverified(rows)}: ten weeks take {visits_words} and {spent}",
        Axes(
            "Week",
            (0.4, WEEKS + 0.6),
            list(range(1, WEEKS + 1)),
            "",
            (0, _top()),
            [],
            left=8,
            right=8,
            top=0,
            grid="",
        ),
        [
            *_phase_marks(rows, counts, colour),
            Label("after", "muted", last + 0.6, _top() - 52, "not in this plan" if last < WEEKS else "", dx=4),
            Label("hours-name", "ink", 0.4, HOURS_PX + 26, _hours_heading(total, so_far), dx=2, bold=True),
            *(
                mark
                for week in range(1, WEEKS + 1)
                for mark in _hour_marks(week, so_far if week <= last else [], colour)
            ),
        ],
        f"{rows[0].plan_name}, {'most' if most else 'fewest'} visits: "
        + "; ".join(_phase_words(row, most) for row in rows)
        + f". In ten weeks {visits_words}, {spent}. Hours of a visit: {rows[0].hours_words}.",
        Table(
            f"{rows[0].plan_name}, week by week",
            ("Week", "Phase", "Visits", "Hours this week", "Hours so far"),
            [_week_cells(week, rows, counts, hours, so_far) for week in range(1, WEEKS + 1)],
        ),
        [row.source for row in rows],
        caveat=" ".join(
            [
                "A calendar from a label or a study, not a plan for a person.",
                *dict.fromkeys(row.note for row in rows if row.note),
                *([f"{UNVERIFIED} rests partly on memory."] if unverified(rows) else []),
                "No calendar is shown for compounded ketamine: none is approved.",
            ]
        ),
        height=_top() + 54,
        subtitle="One shape a visit; bars: hours in the clinic so far. A calendar of a label or a study.",
    )


def _cumulated(hours: Sequence[tuple[float, float]] | None) -> list[tuple[float, float]]:
    """(least, most) hours up to and including each week; empty where hours are not known."""
    found: list[tuple[float, float]] = []
    for low, high in hours or ():
        before = found[-1] if found else (0.0, 0.0)
        found.append((before[0] + low, before[1] + high))
    return found


def _hours_heading(total: Total, so_far: Sequence) -> str:
    if not so_far:
        return f"Hours in the clinic: {total.hours_text().removeprefix('hours ')}"
    return {
        "at least": "Hours in the clinic so far, at least:",
        "about": "Hours in the clinic so far, about:",
        "infusion alone": "Hours of infusion so far (time watched not checked):",
    }[total.basis]


def _phases(rows: Sequence) -> list[tuple[str, int, int]]:
    """(phase, first week, last week), neighbors of one name joined."""
    return [
        (phase, int(found[0].week_from), int(found[-1].week_to))
        for phase, found in ((phase, list(group)) for phase, group in groupby(rows, key=lambda row: row.phase))
    ]


@cache
def _slots() -> int:
    """The most phases that any plan has: every picture holds that many marks."""
    return max(len(_phases(rows)) for rows in plans("visit_plans").values())


@cache
def _most_visits() -> int:
    """The most visits of any week of any plan: every picture has room for them."""
    return max(round(count) for rows in plans("visit_plans").values() for count in visits_by_week(rows, most=True))


def _top() -> int:
    """Height in pixels of the part above the weeks: phases, the most visits of a week, and the bars of hours."""
    return 44 + VISIT_PX * _most_visits() + 40 + HOURS_PX


@cache
def _most_hours() -> float:
    """The most hours of any calendar, which fill the height of the bars."""
    return max(Total.of(rows).high_hours or 0.0 for rows in plans("visit_plans").values())


def _hour_marks(week: int, so_far: Sequence[tuple[float, float]], colour: str) -> list[Mark]:
    """The bar of the hours up to a week, what a visit may take longer faint, and the numbers over it."""
    low, high = so_far[week - 1] if so_far else (0.0, 0.0)
    least, most = (HOURS_PX * hours / _most_hours() for hours in (low, high))
    return [
        Span(f"bar-{week}", colour, week, 0, week, least, BAR_PX, opacity=0.55 if low else 0),
        Span(f"more-{week}", colour, week, least, week, most, BAR_PX, opacity=0.25 if high > low else 0),
        Label(
            f"hours-{week}",
            "ink",
            week,
            most + 9,
            span_text(low, high).replace(" to ", "–") if so_far else "",
            align="center",
        ),
    ]


def _phase_marks(rows: Sequence, counts: Sequence[float], colour: str) -> list[Mark]:
    marks: list[Mark] = []
    phases = _phases(rows)
    for slot in range(_slots()):
        if slot >= len(phases):
            marks += [Span(f"phase-{slot}", opacity=0), Label(f"phase-name-{slot}"), Dots(f"visits-{slot}")]
            continue
        phase, first, last = phases[slot]
        line = _top() - 26
        dots = [(week, row) for week in range(first, last + 1) for row in range(round(counts[week - 1]))]
        marks += [
            Span(f"phase-{slot}", colour, first - 0.4, line, last + 0.4, line, 4),
            Label(
                f"phase-name-{slot}",
                colour,
                last + 0.4 if last == WEEKS and first > 1 else first - 0.4,
                line + 15,
                phase,
                align="right" if last == WEEKS and first > 1 else "left",
                bold=True,
            ),
            Dots(
                f"visits-{slot}",
                colour,
                [x for x, _ in dots],
                [line - 15 - VISIT_PX * row for _, row in dots],
                PHASES[phase],
                14,
            ),
        ]
    return marks


def _phase_words(row, most: bool) -> str:
    per_week = row.high_visits_per_week if most else row.low_visits_per_week
    often = (
        f"{per_week:.0f} visit{'' if per_week == 1 else 's'} a week"
        if per_week >= 1
        else f"a visit every {1 / per_week:.0f} weeks"
    )
    first, last = int(row.week_from), int(row.week_to)
    when = f"week {first}" if first == last else f"weeks {first} to {last}"
    return f"{row.phase}, {when}: {often}"


def _week_cells(week: int, rows: Sequence, counts, hours, so_far) -> tuple[str, ...]:
    row = next((row for row in rows if row.week_from <= week <= row.week_to), None)
    return (
        str(week),
        row.phase if row else "not in this plan",
        f"{counts[week - 1]:.0f}",
        f"{hours[week - 1][0]:.1f} to {hours[week - 1][1]:.1f} h" if hours else "not known",
        f"{so_far[week - 1][0]:.1f} to {so_far[week - 1][1]:.1f} h" if so_far else "not known",
    )


session_day = Explorer(
    id="session-day",
    name="A treatment day, step by step",
    draw=draw_session_day,
    main="plan_slug",
    controls=[
        Control(
            "plan_slug",
            "Treatment day",
            {slug: f"{rows[0].plan_name} ({rows[0].where_valid})" for slug, rows in plans("session_steps").items()},
            LABEL,
        )
    ],
    presets={
        "US rule": {"plan_slug": LABEL},
        "UK text, same spray": {"plan_slug": "esketamine-uk"},
        "One NHS clinic": {"plan_slug": "iv-nhs"},
        "No rule found": {"plan_slug": "compounded-nasal"},
    },
    leaves_out=LEFT_OUT,
    simulates=False,
    sources=lambda: sources_of("session_steps"),
)

ten_weeks = Explorer(
    id="ten-weeks",
    name="Ten weeks of visits",
    draw=draw_ten_weeks,
    main="plan_slug",
    controls=[
        Control(
            "plan_slug", "Calendar", {slug: rows[0].plan_name for slug, rows in plans("visit_plans").items()}, LABEL
        ),
        Control(
            "visits",
            "Where the source gives a range",
            {"fewest": "fewest visits", "most": "most visits"},
            "fewest",
            "radio",
        ),
    ],
    presets={
        "US label": {"plan_slug": LABEL, "visits": "fewest"},
        "IV trial": {"plan_slug": "iv-elektd"},
        "Trial under the skin": {"plan_slug": "sc-kads"},
        "Methadone program": {"plan_slug": "methadone-otp", "visits": "most"},
    },
    leaves_out=LEFT_OUT,
    simulates=False,
    sources=lambda: sources_of("visit_plans"),
)


def predict_session_day() -> PredictionView:
    """Guess how long people are watched after the approved spray, and when they may drive."""
    rows = plan("session_steps", LABEL)
    watched, driving = step(rows, "watched"), step(rows, "driving")
    answers = {
        "two hours": "as soon as the watching is over",
        "evening": "in the evening of the same day",
        driving.until: driving.until,
    }
    return PredictionView(
        "session-day",
        "Somebody has just used the approved esketamine spray in a certified US clinic. What does the rule ask?",
        [
            Guess(
                "watched",
                "Minutes watched afterwards, at least",
                "min",
                watched.low_minutes,
                watched.low_minutes,
                minutes_text(watched.low_minutes, watched.high_minutes),
                0,
                300,
                10,
                30,
            ),
            Pick("driving", "When may the person drive again?", answers, driving.until),
        ],
        "Two rules, and both hold. The watching lasts at least that long and ends only when a clinician decides; and "
        f"driving waits until {driving.until}. So nobody drives home when the watching is over.",
        [row.source for row in (watched, driving)],
    )


def predict_ten_weeks() -> PredictionView:
    """Guess visits and hours in the clinic in the first ten weeks of the approved spray."""
    rows = plan("visit_plans", LABEL)
    total = Total.of(rows)
    return PredictionView(
        "ten-weeks",
        "The US label of the esketamine spray sets the visits of the first ten weeks. How much time is that?",
        [
            Guess("visits", "Visits", "visits", total.low_visits, total.high_visits, total.visits_text(), 0, 40, 1, 5),
            Guess(
                "hours",
                "Hours in the clinic, at least",
                "h",
                total.low_hours,
                total.high_hours,
                total.hours_text(),
                0,
                60,
                1,
                8,
            ),
        ],
        "Hours are the least: a visit may last longer, and travel, waiting and the rest of the day without driving "
        "come on top. In practice a clinician may change the calendar.",
        [row.source for row in rows],
    )
