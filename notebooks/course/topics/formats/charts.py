"""Treatment formats: what is approved, what a day and ten weeks ask, who must be there, and what opioids show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ...display import Axes, Chart, ChartView, Dots, Label, Mark, Span, Table, row_axes, row_height, row_heights
from ...evidence import reference
from .rows import (
    BASIS,
    FAMILIES,
    STATUS,
    Card,
    Total,
    WordRow,
    card_picture,
    driving_text,
    family_colour,
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
)

KETAMINE = ("ketamine family",)
DAY_PX = 76  # from one treatment day to the next
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
            subtitle="Ketamine and esketamine, by product and route; depression unless it says otherwise.",
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
    days = dict(sorted(days.items(), key=lambda item: -_timed(item[1])))
    heights = row_heights(days)
    marks = [mark for slug, rows in days.items() for mark in _day_marks(slug, rows, heights[slug])]
    return ChartView(
        Chart(
            "treatment-day",
            _day_title(days),
            row_axes(
                "Minutes from the start of the treatment",
                (-2, 200),
                {0: "0", 60: "60", 120: "120", 180: "180"},
                [rows[0].plan_name for rows in days.values()],
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
            caveat="Whole line: a rule; broken line: one clinic or study. Without a bar: the times were not read. "
            "No federal rule found is not the same as no risk. " + NOT_ADVICE,
            height=row_height(len(days), DAY_PX),
            subtitle="Thick bar: the treatment; thin bar: watched afterwards. Each day as a rule, a clinic or a trial "
            "describes it.",
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


def _timed(rows: Sequence) -> float:
    """Minutes from the start of a day to the end of its watching, as far as they were read: what days are sorted by."""
    return sum(
        row.high_minutes or row.low_minutes or 0.0 for kind in ("treatment", "watched") if (row := step(rows, kind))
    )


def _day_title(days: dict[str, list]) -> str:
    """For how many of these days a time is set by rule or protocol, and the longest wait."""
    timed = {slug: row for slug, rows in days.items() if (row := step(rows, "watched")) and row.low_minutes is not None}
    if not timed:
        return "None of these texts sets how long people are watched after the dose"
    longest = max(timed.values(), key=lambda row: row.low_minutes)
    return (
        f"After the dose people are watched for up to {minutes_text(longest.low_minutes, longest.high_minutes)} "
        f"where a time is set; only {len(timed)} of {len(days)} texts set one"
    ).replace("up to at least", "at least")


def _day_marks(slug: str, rows: Sequence, height: float) -> list[Mark]:
    """The bars in the row, their words behind them, and the driving rule below."""
    given, watched = step(rows, "treatment"), step(rows, "watched")
    colour = FAMILIES["ketamine family"][0]
    start, end = 0.0, 0.0
    marks: list[Mark] = []
    if given and given.low_minutes is not None:
        start = end = given.high_minutes or given.low_minutes
        marks.append(Span(f"given-{slug}", colour, 0, height, start, height, 14))
    if watched and watched.low_minutes is not None:
        end = start + (watched.high_minutes or watched.low_minutes)
        dash = BASIS[watched.basis][0]
        marks.append(Span(f"watched-{slug}", colour, start, height, end, height, 4, dash))
    said = _short_minutes(given, watched)
    if not end:
        return [
            *marks,
            Label(f"words-{slug}", "ink", 0, height, said),
            Label(f"driving-{slug}", "muted", 0, height, f"driving: {_short_driving(rows)}", 0, -18),
        ]
    if end > 45:  # no room behind the bar: the words stand below it, before the driving rule
        return [
            *marks,
            Label(f"words-{slug}", "ink", 0, height, f"{said}", 0, -17),
            Label(f"driving-{slug}", "muted", 0, height, f"driving: {_short_driving(rows)}", 0, -35),
        ]
    return [
        *marks,
        Label(f"words-{slug}", "ink", end, height, said, 8),
        Label(f"driving-{slug}", "muted", 0, height, f"driving: {_short_driving(rows)}", 0, -17),
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
    order = sorted(calendars, key=lambda slug: (totals[slug].low_hours is None, -(totals[slug].low_hours or 0)))
    calendars = {slug: calendars[slug] for slug in order}
    known_hours = [slug for slug in order if totals[slug].low_hours is not None]
    unknown = [slug for slug in order if totals[slug].low_hours is None]
    heights = row_heights(order)
    marks: list[Mark] = []
    for slug in known_hours:
        total, height, colour = totals[slug], heights[slug], family_colour(calendars[slug])
        dash = "solid" if total.basis == "at least" else "dashed"
        marks += [
            Span(f"hours-{slug}", colour, 0, height, total.low_hours, height, 10),
            Span(f"more-{slug}", colour, total.low_hours, height, total.high_hours, height, 4, dash),
            Label(f"words-{slug}", colour, total.high_hours, height, total.hours_text(), 8, bold=True),
        ]
    marks += [Label(f"words-{slug}", "muted", 0, heights[slug], totals[slug].hours_text()) for slug in unknown]
    known = [
        f"{rows[0].plan_name}, {totals[slug].hours_text()}"
        for slug, rows in calendars.items()
        if totals[slug].low_hours is not None
    ]
    return ChartView(
        Chart(
            "clinic-hours",
            _hours_title(calendars, totals),
            row_axes(
                "Hours in the clinic over ten weeks",
                (0, 56),
                [0, 10, 20, 30],
                [
                    f"{rows[0].plan_name}{unverified(rows)}\n{totals[slug].visits_text()}"
                    for slug, rows in calendars.items()
                ],
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
            height=row_height(len(calendars), 44),
            subtitle="Calendars of labels and trials for depression, and two opioid programs; visits after the name.",
        )
    )


def _hours_title(calendars: dict[str, list], totals: dict[str, Total]) -> str:
    known = {slug: total for slug, total in totals.items() if total.low_hours is not None}
    if not known:
        return "Visits over ten weeks are known here; the hours were not checked"
    slug = max(known, key=lambda slug: known[slug].low_hours)
    return f"{calendars[slug][0].plan_name}: ten weeks take {known[slug].hours_text()} in the clinic"


def where_and_who(uses: Sequence[str] = ("depression",)) -> ChartView:
    """Where each ketamine format is given, by whom, and for how long the person is watched, in words.

    uses: of `data/formats.csv`.
    """
    rows = formats(KETAMINE, uses)
    cards = [
        Card(
            row.id,
            row.short_name,
            [("where", row.setting), ("who", row.who_gives), ("watched", watching_text(row))],
            "ink",
            "s" if row.monitoring_basis == "rule" else "",
        )
        for row in sorted(rows, key=lambda row: row.monitoring_basis != "rule")
    ]
    ruled = [row.short_name.lower() for row in rows if row.monitoring_basis == "rule"]
    axes, marks, height = card_picture(cards)
    unruled = [row.short_name.lower() for row in rows if row.monitoring_basis == "no rule found"]
    ends = dict.fromkeys(f"{row.expires_what}: until {row.expires_on}." for row in rows if row.expires_on)
    return ChartView(
        Chart(
            "where-and-who",
            _rule_title(ruled, len(rows)),
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
            height=height,
            subtitle="Ketamine and esketamine, by product and route. Square: a US rule sets the watching.",
        )
    )


def _rule_title(ruled: Sequence[str], of: int) -> str:
    """Which formats a rule ties to a place and to a time of watching."""
    if not ruled:
        return "No rule that we read ties one of these formats to a place and a time"
    return f"Of {of} formats, a US rule ties only {' and '.join(f'the {name}' for name in ruled)} to a place and a time"


PLACES = {
    "always supervised": "supervised\nwhere read",
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
        Label(f"place-{place}", "muted", place, len(rows) + 1.3, text, align="center")
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
            "Supervision does not tell the drug family apart" if shared else "Each family stands in a place of its own",
            Axes(
                "",
                (-0.5, len(PLACES) - 0.5),
                [],
                "",
                (0.4, len(rows) + 2.0),
                {heights[row.id]: row.short_name for row in rows},
                left=192,
                right=2,
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
            height=70 + 29 * len(rows),
            subtitle="Who must be there, by product and route. Blue circles: ketamine and its forms; orange diamonds: "
            "opioids.",
        )
    )


def _counted(words: Iterable[str]) -> str:
    """'2 ketamine family, 1 opioid'."""
    return ", ".join(f"{count} {word}" for word, count in Counter(words).items())


def nasal_sprays() -> ChartView:
    """Every nasal spray of the table: the same way into the body, different substances, rules and purposes."""
    rows = [row for row in formats() if row.route == "intranasal"]
    cards = [
        Card(
            row.id,
            f"{row.short_name}: {row.active_substance}",
            [("family", row.family), ("US status", row.status_words), ("where", row.setting)],
            *FAMILIES[row.family],
        )
        for row in rows
    ]
    axes, marks, height = card_picture(cards)
    return ChartView(
        Chart(
            "nasal-sprays",
            f"{len(rows)} nasal sprays hold {len({row.active_substance for row in rows})} different substances: "
            f"a spray is a route, not a drug",
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
            height=height,
            subtitle="Sprays for the nose; blue circles: ketamine and its forms, orange: an opioid, square: a blocker.",
        )
    )
