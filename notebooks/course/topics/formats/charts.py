"""Treatment formats: what is approved, what a day and ten weeks ask, who must be there, and what opioids show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ...display import Axes, Chart, ChartView, Dots, Label, Mark, Span, Table
from ...evidence import reference
from .rows import (
    BASIS,
    FAMILIES,
    STATUS,
    Total,
    WordRow,
    driving_text,
    formats,
    minutes_text,
    plan,
    plans,
    source_keys,
    source_labels,
    step,
    unverified,
    watching_text,
    word_picture,
    wrap,
)

KETAMINE = ("ketamine family",)
NOT_ADVICE = "Facts about products and rules, not advice. Rules change; the row says when each was read."


def format_status(families: Sequence[str] = KETAMINE) -> ChartView:
    """Each format under its US status, so that off-label and unapproved compounded stand apart.

    families: of `data/formats.csv`. Raises `ValueError` with the nearest name for an unknown one.
    """
    rows = formats(families)
    groups = {status: [row for row in rows if row.status_us == status] for status in STATUS}
    lines: list[WordRow] = []
    for status, found in groups.items():
        if found:
            colour, marker, meaning = STATUS[status]
            lines.append(WordRow(status.replace(" ", "-"), (status.capitalize(), meaning), colour, marker, head=True))
            lines += [WordRow(row.id, (row.short_name, _for_what(row)), "ink") for row in found]
    axes, marks, height = word_picture([("", 34), ("", 300)], lines)
    said = ". ".join(
        f"{status.capitalize()}: {', '.join(f'{row.short_name} ({_for_what(row)})' for row in found)}"
        for status, found in groups.items()
        if found
    )
    return ChartView(
        Chart(
            "format-status",
            "Off-label and unapproved compounded are two different things",
            axes,
            marks,
            f"{said}.",
            Table(
                "US status of each format",
                ("Format", "For", "US status", "In words", "Schedule", "Source", "Row"),
                [
                    (
                        row.format_name,
                        row.use,
                        row.status_us,
                        row.status_words,
                        row.schedule_us,
                        source_labels(row),
                        row.id,
                    )
                    for row in rows
                ],
            ),
            source_keys(rows),
            caveat="US status only. " + NOT_ADVICE,
            height=height,
        )
    )


def _for_what(row) -> str:
    """What it is used for. An approval rarely covers a whole illness, so its own words stand there."""
    return row.status_words.removeprefix("Approved ") if row.status_us == "approved" else f"for {row.use}"


def treatment_day(plan_slugs: Sequence[str] | None = None) -> ChartView:
    """Minutes of treatment and of watching, and the driving rule, one row per treatment day that was read.

    plan_slugs: plans of `data/session_steps.csv`, all if not given.
    """
    days = {slug: plan("session_steps", slug) for slug in (plan_slugs or plans("session_steps"))}
    heights = {slug: len(days) - place for place, slug in enumerate(days)}
    marks = [mark for slug, rows in days.items() for mark in _day_marks(slug, rows, heights[slug])]
    return ChartView(
        Chart(
            "treatment-day",
            "The dose is short; the watching and the rest of the day are long",
            Axes(
                "Minutes from the start of the treatment",
                (-6, 240),
                {0: "0", 60: "60", 120: "120", 180: "180"},
                "",
                (0.35, len(days) + 0.6),
                {heights[slug]: wrap(rows[0].plan_name, 160) for slug, rows in days.items()},
                left=170,
                right=8,
                top=6,
                grid="x",
            ),
            marks,
            _days_in_short(days),
            Table(
                "Steps of each treatment day",
                ("Day", "Where", "Step", "In words", "Minutes", "Rests on", "Source", "Row"),
                [
                    (
                        row.plan_name,
                        row.where_valid,
                        row.step,
                        row.step_text,
                        minutes_text(row.low_minutes, row.high_minutes) or "not stated",
                        BASIS[row.basis][1],
                        reference(row.source).label,
                        row.id,
                    )
                    for rows in days.values()
                    for row in rows
                ],
            ),
            [row.source for rows in days.values() for row in rows],
            caveat="Thick: treatment; a diamond where its length was not read. Thin: watched afterwards, whole line by "
            "rule, broken line by one clinic; an arrow means that no upper limit is stated. "
            "No federal rule found is not the same as no risk. " + NOT_ADVICE,
            width=640,
            height=66 + 70 * len(days),
        )
    )


def _days_in_short(days: dict[str, list]) -> str:
    """For how many days minutes of watching and a driving rule were read, and which; the rest is in the table."""
    timed = {rows[0].plan_name: step(rows, "watched") for rows in days.values()}
    timed = {name: row for name, row in timed.items() if row and row.low_minutes is not None}
    driving = {rows[0].plan_name: step(rows, "driving") for rows in days.values()}
    driving = {name: row for name, row in driving.items() if row and row.until not in BASIS}
    watched = [
        f"{name}, {minutes_text(row.low_minutes, row.high_minutes)} ({BASIS[row.basis][1]})"
        for name, row in timed.items()
    ]
    return (
        f"Of {len(days)} treatment days {len(timed)} state minutes of watching: {'; '.join(watched) or 'none'}. "
        f"Driving: {'; '.join(f'{name}, {driving_text(row)}' for name, row in driving.items()) or 'none stated'}. "
        "For the others it was not stated, not checked, or no rule was found."
    )


def _day_marks(slug: str, rows: Sequence, height: float) -> list[Mark]:
    """Words above the bar for the minutes, below it for driving."""
    given, watched = step(rows, "treatment"), step(rows, "watched")
    start, said = 0.0, _short_minutes(given, watched)
    marks: list[Mark] = []
    if given and given.low_minutes is not None:
        start = given.high_minutes or given.low_minutes
        marks.append(Span(f"given-{slug}", "purple", 0, height, start, height, 12))
    else:
        marks.append(Dots(f"given-{slug}", "purple", [0], [height], "D", 11))
    if watched and watched.low_minutes is not None:
        end = start + (watched.high_minutes or watched.low_minutes)
        marks.append(Span(f"watched-{slug}", "blue", start, height, end, height, 4, BASIS[watched.basis][0]))
        if watched.high_minutes is None:
            marks.append(Label(f"more-{slug}", "blue", end, height, "→ or longer", dx=4))
    return [
        *marks,
        Label(f"words-{slug}", "ink", 0, height, said, dx=4, dy=17, bold=True),
        Label(f"driving-{slug}", "muted", 0, height, f"Driving: {_short_driving(rows)}", dx=4, dy=-17),
    ]


def _short_minutes(given, watched) -> str:
    given_text = minutes_text(given.low_minutes, given.high_minutes) if given else ""
    if watched is None:
        return given_text
    if watched.low_minutes is not None:
        minutes = minutes_text(watched.low_minutes, watched.high_minutes)
        return f"{given_text + ' + ' if given_text else ''}watched {minutes}"
    short = {
        "not checked": "watched: time not checked",
        "no rule found": "no required watching found",
    }.get(watched.until, f"watched until {watched.until}")
    return f"{given_text + ' + ' if given_text else ''}{short}"


def _short_driving(rows: Sequence) -> str:
    driving = step(rows, "driving")
    if driving is None or driving.until == "not checked":
        return "not checked"
    if driving.until == "no rule found":
        return "no federal rule found"
    if driving.until == "not stated":
        return "not away from the clinic (its protocol)"
    return f"not until {driving.until}"


def clinic_hours(plan_slugs: Sequence[str] | None = None) -> ChartView:
    """Visits and hours in the clinic over ten weeks, one row per published calendar.

    plan_slugs: plans of `data/visit_plans.csv`, all if not given.
    """
    calendars = {slug: plan("visit_plans", slug) for slug in (plan_slugs or plans("visit_plans"))}
    totals = {slug: Total.of(rows) for slug, rows in calendars.items()}
    heights = {slug: len(calendars) - place for place, slug in enumerate(calendars)}
    marks: list[Mark] = []
    for slug, total in totals.items():
        height, colour = heights[slug], _plan_colour(calendars[slug])
        text = f"{total.visits_text()}{unverified(calendars[slug])}: {total.hours_text()}"
        if total.low_hours is not None:
            dash = "solid" if total.basis == "at least" else "dashed"
            marks.append(
                Span(f"hours-{slug}", colour, total.low_hours, height, total.high_hours, height, 5, dash, True)
            )
            marks.append(Dots(f"dot-{slug}", colour, [total.low_hours], [height], "o", 9))
        marks.append(Label(f"words-{slug}", colour, 0, height, text, dx=6, dy=17, bold=total.low_hours is not None))
    known = [
        f"{rows[0].plan_name}, {totals[slug].hours_text()}"
        for slug, rows in calendars.items()
        if totals[slug].low_hours is not None
    ]
    return ChartView(
        Chart(
            "clinic-hours",
            _hours_title(calendars, totals),
            Axes(
                "Hours in the clinic over ten weeks",
                (0, 36),
                [0, 10, 20, 30],
                "",
                (0.35, len(calendars) + 0.6),
                {heights[slug]: wrap(rows[0].plan_name, 190) for slug, rows in calendars.items()},
                left=200,
                right=8,
                top=6,
                grid="x",
            ),
            marks,
            f"{len(calendars)} calendars. Hours are known for {len(known)}: {'; '.join(known) or 'none'}. "
            "For the others only the visits are known.",
            Table(
                "Ten weeks of each calendar",
                ("Calendar", "Visits", "Hours", "What the hours are", "How we know it", "Source", "Rows"),
                [
                    (
                        rows[0].plan_name,
                        totals[slug].visits_text(),
                        totals[slug].hours_text(),
                        rows[0].hours_words,
                        ", ".join(dict.fromkeys(row.verification for row in rows)),
                        "; ".join(dict.fromkeys(reference(row.source).label for row in rows)),
                        ", ".join(row.id for row in rows),
                    )
                    for slug, rows in calendars.items()
                ],
            ),
            [row.source for rows in calendars.values() for row in rows],
            caveat="Travel and waiting come on top. Trials stop where their plan ends; the later weeks are then empty. "
            "No calendar is shown for compounded nasal, oral or sublingual ketamine: none is approved. "
            "† rests partly on memory. " + NOT_ADVICE,
            width=640,
            height=66 + 56 * len(calendars),
        )
    )


def _hours_title(calendars: dict[str, list], totals: dict[str, Total]) -> str:
    known = {slug: total for slug, total in totals.items() if total.low_hours is not None}
    if not known:
        return "Visits over ten weeks; the hours were not checked"
    slug = max(known, key=lambda slug: known[slug].low_hours)
    return f"{calendars[slug][0].plan_name}: {known[slug].hours_text()} in ten weeks"


def _plan_colour(rows: Sequence) -> str:
    families = {row.id: row.family for row in formats()}
    return FAMILIES.get(families.get(rows[0].format_id, ""), ("ink", "o"))[0]


def where_and_who(uses: Sequence[str] = ("depression",)) -> ChartView:
    """Where each ketamine format is given, by whom, and for how long the person is watched, in words.

    uses: of `data/formats.csv`.
    """
    rows = formats(KETAMINE, uses)
    lines = [WordRow(row.id, (row.short_name, row.setting, row.who_gives, watching_text(row))) for row in rows]
    ruled = [row.short_name.lower() for row in rows if row.monitoring_basis == "rule"]
    axes, marks, height = word_picture(
        [("Format", 4), ("Where", 138), ("Who gives it", 324), ("Watched after", 488)], lines
    )
    unruled = [row.short_name.lower() for row in rows if row.monitoring_basis == "no rule found"]
    ends = dict.fromkeys(f"{row.expires_what}: until {row.expires_on}." for row in rows if row.expires_on)
    return ChartView(
        Chart(
            "where-and-who",
            f"Tied by rule to a place and a time: {', '.join(ruled) or 'none of these'}",
            axes,
            marks,
            f"{len(rows)} formats. A US rule sets the watching for: {', '.join(ruled) or 'none'}. "
            f"No rule was found for: {', '.join(unruled) or 'none'}. "
            "For the others a clinic or a study sets it, or it was not checked.",
            Table(
                "Where, by whom, and the rules",
                (
                    "Format",
                    "Where",
                    "Who gives it",
                    "Watching",
                    "Driving",
                    "How often",
                    "A fact that ends",
                    "Source",
                    "Row",
                ),
                [
                    (
                        row.short_name,
                        row.setting,
                        row.who_gives,
                        row.monitoring_rule,
                        row.driving_rule,
                        row.calendar,
                        f"{row.expires_what.split(',')[0]}: {row.expires_on}" if row.expires_on else "",
                        source_labels(row),
                        row.id,
                    )
                    for row in rows
                ],
            ),
            source_keys(rows),
            caveat=" ".join(["Not checked means that the text we could read does not say.", *ends, NOT_ADVICE]),
            width=640,
            height=height,
        )
    )


PLACES = {
    "always supervised": "supervised\nwhere we read\nabout it",
    "some of both": "some\nof both",
    "taken at home": "taken\nat home",
    "no federal rule": "no federal\nrule found",
}
SAID = {name: text.replace("\n", " ") for name, text in PLACES.items()}


def supervision(families: Sequence[str] = tuple(FAMILIES)) -> ChartView:
    """Whether somebody must be there, for ketamine and opioids side by side."""
    places = {name: place for place, name in enumerate(PLACES)}
    rows = sorted(formats(families), key=lambda row: (list(FAMILIES).index(row.family), places[row.supervision]))
    heights = {row.id: len(rows) - place for place, row in enumerate(rows)}
    groups = {
        family: [(row.id, row.short_name, places[row.supervision]) for row in rows if row.family == family]
        for family in FAMILIES
    }
    marks: list[Mark] = [
        Label(f"place-{place}", "muted", place, len(rows) + 1.4, text, align="center", bold=True)
        for place, text in enumerate(PLACES.values())
    ]
    for family, found in groups.items():
        if found:
            colour, marker = FAMILIES[family]
            marks.append(
                Dots(
                    f"dots-{family.replace(' ', '-')}",
                    colour,
                    [place for *_, place in found],
                    [heights[row_id] for row_id, *_ in found],
                    marker,
                    13,
                    labels=[f"{name}, {family}: {SAID[list(PLACES)[place]]}" for _, name, place in found],
                )
            )
            row_id, _, place = found[0]
            text = f"{family}" if len(found) == 1 else f"{family}, {len(found)} rows"
            slug = family.replace(" ", "-")
            marks.append(Label(f"family-{slug}", colour, place, heights[row_id], text, dx=14, bold=True))
    counts = [
        f"{family[0].upper()}{family[1:]}: {_counted(SAID[list(PLACES)[at]] for *_, at in found)}"
        for family, found in groups.items()
        if found
    ]
    shared = [
        SAID[name]
        for name, at in places.items()
        if sum(any(p == at for *_, p in found) for found in groups.values()) > 1
    ]
    return ChartView(
        Chart(
            "supervised-or-home",
            "Supervision does not tell the drug family",
            Axes(
                "",
                (-0.5, len(PLACES) - 0.5),
                [],
                "",
                (0.4, len(rows) + 2.3),
                {heights[row.id]: row.short_name for row in rows},
                left=206,
                right=8,
                top=4,
                bottom=8,
                grid="y",
            ),
            marks,
            f"{'. '.join(counts)}. More than one family stands under: {', '.join(shared) or 'none'}.",
            Table(
                "Supervised or at home",
                ("Format", "Family", "Somebody must be there", "Where", "US status", "Schedule", "Source", "Row"),
                [
                    (
                        row.format_name,
                        row.family,
                        SAID[row.supervision],
                        row.setting,
                        row.status_us,
                        row.schedule_us,
                        source_labels(row),
                        row.id,
                    )
                    for row in rows
                ],
            ),
            source_keys(rows),
            caveat="A choice of formats, not all there are. For ketamine into a vein, a muscle or under the skin, "
            "supervision is what trials and clinics did, not a rule. " + NOT_ADVICE,
            width=640,
            height=90 + 30 * len(rows),
        )
    )


def _counted(words: Iterable[str]) -> str:
    """'2 ketamine family, 1 opioid'."""
    return ", ".join(f"{count} {word}" for word, count in Counter(words).items())


def nasal_sprays() -> ChartView:
    """Every nasal spray of the table: the same way into the body, different substances, rules and purposes."""
    rows = [row for row in formats() if row.route == "intranasal"]
    lines = [
        WordRow(
            row.id,
            (row.short_name, f"{row.active_substance}: {row.family}", row.status_words, f"{row.setting}"),
            FAMILIES[row.family][0],
        )
        for row in rows
    ]
    axes, marks, height = word_picture(
        [("Spray", 4), ("What is in it", 134), ("US status", 296), ("Where", 462)], lines
    )
    return ChartView(
        Chart(
            "nasal-sprays",
            f"{len(rows)} nasal sprays, {len({row.active_substance for row in rows})} substances",
            axes,
            marks,
            f"One way into the body, {len(rows)} products. By family: {_counted(row.family for row in rows)}. "
            f"By US status: {_counted(row.status_us for row in rows)}.",
            Table(
                "Nasal sprays",
                ("Spray", "Substance", "Family", "For", "US status", "Where", "Watching", "Schedule", "Source", "Row"),
                [
                    (
                        row.format_name,
                        row.active_substance,
                        row.family,
                        row.use,
                        row.status_us,
                        row.setting,
                        row.monitoring_rule,
                        row.schedule_us,
                        source_labels(row),
                        row.id,
                    )
                    for row in rows
                ],
            ),
            source_keys(rows),
            caveat="Naloxone reverses opioids; it does not reverse ketamine or esketamine. " + NOT_ADVICE,
            width=640,
            height=height,
        )
    )
