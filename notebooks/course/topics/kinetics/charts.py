"""Levels over time, and how much of a dose reaches the blood: what published models say, beside what was measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ...arguments import check_between
from ...display import Area, Axes, Chart, ChartView, Dots, Label, Line, Mark, Span, Table, row_axes, row_height, spread
from ...evidence import nearest, reference
from .rows import (
    BASIS,
    DRUG_WORDS,
    MIN_PER_H,
    NBSP,
    between_models,
    duration,
    figure,
    finding_text,
    findings,
    labels,
    level,
    level_at,
    levels_ng_per_ml,
    parameters,
    peak,
    peak_range,
    printed_peak,
    regimen,
    seen,
    set_label,
    sets,
    span_text,
    steps,
    times_h,
    usable,
)

# A set keeps its place in its regimen, and with it its colour and dash.
STROKES = (("blue", "solid"), ("blue", "dashed"), ("blue", "dotted"), ("blue", "dashdot"), ("muted", "dashed"))
SHORT_ROUTES = {"IM": "Muscle", "nasal": "Nose", "sublingual": "Under tongue", "rectal": "Rectum", "oral": "Swallowed"}
ROUTE_WORDS = {
    "IV": "Into a vein",
    "IM": "Into a muscle",
    "nasal": "Nose",
    "sublingual": "Under the tongue",
    "rectal": "Rectum",
    "oral": "Swallowed",
}
DRUG_COLOURS = {"ketamine": "blue", "esketamine": "blue", "morphine": "orange", "fentanyl": "orange"}
DRUG_MARKERS = {"ketamine": "o", "esketamine": "D", "morphine": "s", "fentanyl": "^"}
WHOLE = 100.0  # percent: what goes into a vein is in the blood by definition
AVERAGE = "Predicted for an average adult of 70\u00a0kg, not for a person. Not a dose to use."
OPIOID_CHECK = "RG15"


# Five models, one infusion


def _hours(until_h: float) -> list[float]:
    """Whole hours under an axis, as many as have room."""
    step = 1 if until_h <= 8 else 2 if until_h <= 16 else 4
    return [float(hour) for hour in range(0, int(until_h) + 1, step)]


def models_disagree(regimen_id: str = "RG01", until_h: float | None = None) -> ChartView:
    """Every published set of a regimen on one picture, with what was measured.

    regimen_id: a row of `data/regimens.csv` with at least two sets. until_h: hours shown, up to 24; if not given, four,
    or as many as the names after the infusion need.
    """
    row, shown = regimen(regimen_id), usable(regimen_id)
    if len(shown) < 2:
        raise ValueError(f"{regimen_id!r} has one usable set only, so nothing can disagree. Try 'RG01'.")
    end = max(step.start_h + step.duration_h for step in steps(regimen_id))
    # The names stand after the infusion: 9 pixels a letter, of 556.
    longest = max(len(set_label(slug, row.drug)) for slug in shown) + 6
    least = math.ceil(end / (0.9 - 9 * max(longest, 32) / 556))
    until_h = max(4, least) if until_h is None else until_h
    check_between("until_h", until_h, least, 24, f"hours for {regimen_id}")
    peaks = {slug: peak(regimen_id, slug, until_h) for slug in shown}
    lowest, highest = peak_range(regimen_id)
    low, high = peaks[lowest].cmax_ng_per_ml, peaks[highest].cmax_ng_per_ml
    measured = [found for found in seen(regimen_id) if found.time_h <= until_h]
    top = 1.12 * max([high, *(found.high or found.value for found in measured)])
    said = [(slug, peaks[slug].cmax_ng_per_ml) for slug in shown]
    centre = next((found for found in measured if found.value is not None), None)
    texts = {slug: f"{set_label(slug, row.drug)}: {figure(value)}" for slug, value in said}
    if len(measured) <= 2 and centre:
        ends = next((found for found in measured if found.value is None), centre)
        texts["seen"] = f"measured: {figure(centre.value)}, range {figure(ends.low)} to {figure(ends.high)}"
        said.append(("seen", centre.value))
    heights = spread([value for _, value in said], top * 0.064, 0, top * 0.97)
    curves = [_stroke(slug, regimen_id, until_h) for slug in shown]
    band = between_models(regimen_id, until_h)
    foreign = sum(next(iter(parameters(slug).values())).drug != row.drug for slug in shown)
    reach = end + until_h * 0.075
    return ChartView(
        Chart(
            f"models-{regimen_id.lower()}",
            f"{_number(len(shown)).capitalize()} published models of one {row.drug} infusion disagree about its peak",
            Axes(
                "Hours after the start",
                (0, until_h),
                _hours(until_h),
                "Predicted level in plasma (ng/mL)",
                (-0.07 * top, top),
                _ticks(top),
                right=20,
            ),
            [
                Area("spread", "blue", times_h(regimen_id, until_h), *band, opacity=0.1),
                *curves,
                Span("input", "ink", 0, -0.035 * top, end, -0.035 * top, 5),
                Label("input-name", "ink", end, -0.035 * top, "drug flows in", dx=8, size=15),
                *(_seen_marks(found, place) for place, found in enumerate(measured)),
                *(
                    mark
                    for (key, value), height in zip(said, heights, strict=True)
                    for mark in _leader(key, value, height, end, reach, texts[key], regimen_id)
                ),
            ],
            f"{row.name}. The peaks of {_number(len(shown))} published models run from {level(low)} by "
            f"{set_label(lowest, row.drug)} to {level(high)} by {set_label(highest, row.drug)}, "
            f"{high / low:.1f} times as much. Measured: "
            + "; ".join(f"{finding_text(found)}, {found.context}" for found in measured)
            + ".",
            Table(
                f"{row.name}: predicted levels",
                ("Set", "Peak", "1 h", "2 h", "4 h", "Blood drawn from", "How we know it"),
                [
                    (
                        set_label(slug, row.drug),
                        level(peaks[slug].cmax_ng_per_ml),
                        *(level(level_at(regimen_id, slug, hour)) for hour in (1, 2, 4)),
                        next(iter(parameters(slug).values())).sampling,
                        f"{next(iter(parameters(slug).values())).locator} ({next(iter(parameters(slug).values())).id})",
                    )
                    for slug in shown
                ],
            ),
            [row.source, *_set_sources(shown), *labels(measured), *labels(findings("comparison"))],
            caveat=f"{AVERAGE} The shaded area is the spread between models, not between people. "
            + (f"{_number(foreign).capitalize()} of the models were made for S-ketamine. " if foreign else "")
            + "A test of several models names the blood vessel that was sampled among the likely reasons.",
            height=420,
        )
    )


def _leader(key: str, value: float, height: float, end: float, reach: float, text: str, regimen_id: str) -> list[Mark]:
    """A thin line from a peak to its words."""
    colour = "ink" if key == "seen" else STROKES[sets(regimen_id).index(key)][0]
    return [
        Span(f"leader-{key}", colour, end, value, reach, height, 1, opacity=0.6),
        Label(f"name-{key}", colour, reach, height, text, dx=4, bold=key == "seen"),
    ]


def _stroke(slug: str, regimen_id: str, until_h: float) -> Line:
    colour, dash = STROKES[sets(regimen_id).index(slug)]
    return Line(
        f"curve-{slug}", colour, times_h(regimen_id, until_h), levels_ng_per_ml(regimen_id, slug, until_h), dash, 2.2
    )


def _seen_marks(found, place: int) -> Mark:
    if found.value is None:
        return Span(f"seen-{place}", "ink", found.time_h, found.low, found.time_h, found.high, 2.5, caps=True)
    return Dots(
        f"seen-{place}",
        "ink",
        [found.time_h],
        [found.value],
        "D",
        10,
        labels=[f"{finding_text(found)}, {found.context}, {reference(found.source).label}"],
    )


# The approved spray


def nasal_levels(regimen_ids: Sequence[str] = ("RG05", "RG06", "RG07"), until_h: float = 6) -> ChartView:
    """The published esketamine model at its label doses, beside the peaks that its own paper prints.

    until_h: hours shown, 1 to 24.
    """
    check_between("until_h", until_h, 1, 24, "hours")
    rows = [regimen(regimen_id) for regimen_id in regimen_ids]
    printed = {row.id: printed_peak(row.id) for row in rows}
    missing = [row.id for row in rows if printed[row.id] is None]
    if missing:
        raise ValueError(f"No paper prints a peak for {missing[0]}. {nearest('RG07', ('RG05', 'RG06', 'RG07'))}")
    drawn = {row.id: peak(row.id, sets(row.id)[0], until_h) for row in rows}
    worst = max(abs(drawn[row.id].cmax_ng_per_ml / printed[row.id].value - 1) for row in rows)
    top = 1.15 * max(found.cmax_ng_per_ml for found in drawn.values())
    lasts = spread([level_at(row.id, sets(row.id)[0], until_h) for row in rows], top * 0.15, top * 0.05, top)
    said = "; ".join(
        f"{_total(row)} {level(drawn[row.id].cmax_ng_per_ml)} drawn, {level(printed[row.id].value)} printed"
        for row in rows
    )
    return ChartView(
        Chart(
            "nasal-levels",
            "The spray’s published model gives the peaks that its own paper prints",
            Axes(
                "Hours after the first spray",
                (0, until_h),
                _hours(until_h),
                "Predicted level in plasma (ng/mL)",
                (0, top),
                _ticks(top),
                right=150,
            ),
            [
                mark
                for (place, row), height in zip(enumerate(rows), lasts, strict=True)
                for mark in (
                    Line(
                        f"curve-{row.id}",
                        STROKES[place][0],
                        times_h(row.id, until_h),
                        levels_ng_per_ml(row.id, sets(row.id)[0], until_h),
                        STROKES[place][1],
                    ),
                    Dots(
                        f"printed-{row.id}",
                        STROKES[place][0],
                        [drawn[row.id].tmax_h],
                        [printed[row.id].value],
                        "D",
                        12,
                        False,
                        [f"{_total(row)}: the paper prints {level(printed[row.id].value)}"],
                    ),
                    Label(
                        f"name-{row.id}",
                        STROKES[place][0],
                        until_h,
                        height,
                        f"{_total(row)}: {figure(drawn[row.id].cmax_ng_per_ml)}\n"
                        f"printed: {figure(printed[row.id].value)}",
                        dx=8,
                        bold=True,
                    ),
                )
            ],
            f"Peaks of the label doses: {said}. They agree within {100 * worst:.1f}{NBSP}%. The paper’s table gives "
            "no time of the peak, so the hollow diamonds stand at the time of the drawn one.",
            Table(
                "Nasal esketamine: drawn and printed",
                ("Dose", "Peak drawn", "Peak printed", "Time drawn, from the first spray", "Row"),
                [
                    (
                        _total(row),
                        level(drawn[row.id].cmax_ng_per_ml),
                        level(printed[row.id].value),
                        duration(drawn[row.id].tmax_h),
                        printed[row.id].id,
                    )
                    for row in rows
                ],
            ),
            [*_set_sources(dict.fromkeys(slug for row in rows for slug in sets(row.id))), *labels(printed.values())],
            caveat=f"{AVERAGE} A check of this drawing against its own paper, not of the model against people: the "
            "label text that could be read gives no peak level.",
            height=380,
        )
    )


def _total(row) -> str:
    return f"{sum(step.amount_mg for step in steps(row.id)):.0f}{NBSP}mg"


# How much reaches the blood, how soon, how long


def bioavailability(
    drugs: Sequence[str] | None = None,
    routes: Sequence[str] = ("IM", "nasal", "sublingual", "oral"),
) -> ChartView:
    """Published shares of a dose that reach the blood, one row per route and drug.

    drugs, routes: values of `data/pk_observations.csv`; all drugs if not given. Raises `ValueError` with the nearest
    name.
    """
    drugs = _drugs("bioavailability", drugs)
    _known("route", routes, [row.route for row in findings("bioavailability")])
    _known("drug", drugs, [row.drug for row in findings("bioavailability")])
    groups = {
        (route, drug): found
        for route in routes
        for drug in drugs
        if (found := findings("bioavailability", (drug,), (route,)))
    }
    if not groups:
        raise ValueError("No share was published for these drugs and routes. Try routes=['nasal', 'oral'].")
    heights = {key: len(groups) - place for place, key in enumerate(groups)}
    names = {height: f"{ROUTE_WORDS[route]}, {drug}" for (route, drug), height in heights.items()}
    swallowed = [row.value for key, found in groups.items() if key == ("oral", "ketamine") for row in found]
    top = len(groups) + 1
    return ChartView(
        Chart(
            "bioavailability",
            _share_title(groups),
            row_axes(
                "Share of the dose that reaches the blood (%)",
                (-1, 106),
                [0, 25, 50, 75, WHOLE],
                [ROUTE_WORDS["IV"], *names.values()],
            ),
            [
                Dots("vein", "ink", [WHOLE], [top], "^", 12),
                Label("vein-name", "ink", WHOLE, top, "all of it, by definition", dx=-12, align="right"),
                *(mark for key, found in groups.items() for mark in _share_marks(key, found, heights[key])),
            ],
            (f"Of swallowed ketamine {_ends(swallowed)} reaches the blood as ketamine. " if swallowed else "")
            + " ".join(
                f"{ROUTE_WORDS[route]}, {drug}: {_ends([row.value for row in found])} in {len(found)} "
                f"{'report' if len(found) == 1 else 'reports'}."
                for (route, drug), found in groups.items()
            )
            + " Filled shapes were measured; hollow ones come from a model or a label.",
            Table(
                "Published shares of a dose that reach the blood",
                ("Route", "Drug", "Product or dose", "Share", "People", "Kind", "Source", "Row"),
                [
                    (
                        ROUTE_WORDS[row.route],
                        _drug_text(row),
                        row.context,
                        finding_text(row, _percent),
                        f"{row.people:.0f}" if row.people else "",
                        BASIS[row.basis],
                        reference(row.source).label,
                        row.id,
                    )
                    for found in groups.values()
                    for row in found
                ],
            ),
            [key for found in groups.values() for key in labels(found)],
            caveat="Products, doses and methods differ, so no number here turns one route into another. What does not "
            "arrive as ketamine often arrives as its breakdown products, some of them active."
            + (" Two reports on one lozenge are probably of the same six people." if _twice(groups.values()) else ""),
            height=row_height(top),
            subtitle="Adults; racemic ketamine, esketamine and morphine, by route. Each dot is one report.",
        )
    )


# How a dose goes in, in a sentence.
WAYS = {
    "oral": "by mouth",
    "IM": "from a muscle",
    "nasal": "through the nose",
    "sublingual": "from under the tongue",
    "rectal": "from the rectum",
    "IV": "from a vein",
}


def _share_title(groups: Mapping[tuple[str, str], Sequence]) -> str:
    """The routes with the smallest and the largest share of ketamine, or of the one drug shown."""
    drug = "ketamine" if any(name == "ketamine" for _, name in groups) else next(iter(groups))[1]
    ends = {route: [row.value for row in found] for (route, name), found in groups.items() if name == drug}
    if len(ends) < 2:
        ((route, values),) = ends.items()
        return f"{ROUTE_WORDS[route]}: {_ends(values)} of {drug} reaches the blood"
    low, high = min(ends, key=lambda route: max(ends[route])), max(ends, key=lambda route: min(ends[route]))
    return f"Of a dose of {drug}, {_ends(ends[low])} reaches the blood {WAYS[low]} and {_ends(ends[high])} {WAYS[high]}"


def _share_marks(key: tuple[str, str], found: Sequence, height: float) -> list[Mark]:
    """A thin bar over the row, each published range, a shape per report, and the ends in words."""
    (route, drug), colour = key, DRUG_COLOURS[key[1]]
    values = [row.value for row in found]
    reach = max(*values, *(row.high or 0 for row in found)) if len(found) > 1 else max(values[0], found[0].high or 0)
    marks: list[Mark] = []
    if len(values) > 1:
        marks.append(Span(f"row-{route}-{drug}", colour, min(values), height, max(values), height, 7, opacity=0.25))
    offsets = _apart(values)
    for row, offset in zip(found, offsets, strict=True):
        y = height + offset
        if row.low is not None and row.high is not None:
            marks.append(Span(f"range-{row.id}", colour, row.low, y, row.high, y, 1.2, opacity=0.8))
        marks.append(
            Dots(
                f"dot-{row.id}",
                colour,
                [row.value],
                [y],
                DRUG_MARKERS[drug],
                9,
                row.basis == "measured",
                [f"{_drug_text(row)}, {row.context}: {finding_text(row, _percent)}, {reference(row.source).label}"],
            )
        )
    late = reach > 80
    marks.append(
        Label(
            f"ends-{route}-{drug}",
            colour,
            min(values) if late else reach,
            height,
            _ends(values),
            dx=-12 if late else 10,
            align="right" if late else "left",
            bold=True,
        )
    )
    return marks


def _apart(values: Sequence[float], near: float = 2.6) -> list[float]:
    """Heights that keep shapes with nearly the same value from covering each other."""
    placed: list[tuple[float, float]] = []
    for value in values:
        taken = {offset for other, offset in placed if abs(other - value) < near}
        placed.append((value, next((step for step in (0.0, 0.24, -0.24, 0.4, -0.4) if step not in taken), 0.0)))
    return [offset for _, offset in placed]


def _ends(values: Sequence[float]) -> str:
    return span_text(_percent(min(values)), _percent(max(values)))


def _twice(groups) -> bool:
    """Whether two reports that are probably of the same people stand in one row."""
    return any(sum("same six people" in row.note for row in found) > 1 for found in groups)


def _percent(value: float) -> str:
    return f"{value:.3g}{NBSP}%"


def _drug_text(row) -> str:
    """The drug, and which half of the mixture where a study told them apart."""
    form = f", {row.form} form" if row.drug == "ketamine" and row.form in "SR" else ""
    return f"{DRUG_WORDS.get(row.drug, row.drug.capitalize())}{form}"


def _drugs(measure: str, drugs: Sequence[str] | None) -> Sequence[str]:
    """The drugs asked for, or every one with such a finding: a new one in the table is in the chart."""
    return list(dict.fromkeys(row.drug for row in findings(measure))) if drugs is None else drugs


def time_to_peak(drugs: Sequence[str] | None = None) -> ChartView:
    """Published times from the dose to the highest level, one row per report."""
    found = _rows("tmax", _drugs("tmax", drugs))
    minutes = [row.value * MIN_PER_H for row in found]
    return _report_chart(
        "time-to-peak",
        f"Published times to the peak run from {min(minutes):.0f} to {max(minutes):.0f} minutes, and people differ",
        "Minutes from the dose to the highest level",
        Limits((0, 138), [0, 30, 60, 90, 120]),
        found,
        MIN_PER_H,
        duration,
        lambda row: f"{SHORT_ROUTES[row.route]}: {_short(row.context)}",
        "After an infusion into a vein the peak is at its end. Bars are ranges or standard deviations, and the table "
        "says which. Products, doses and methods differ between the rows.",
    )


def half_lives(drugs: Sequence[str] | None = None) -> ChartView:
    """Published half-lives, one row per report, on a log axis."""
    found = _rows("half_life", _drugs("half_life", drugs))
    first = [row.value for row in found if row.drug == found[0].drug]
    return _report_chart(
        "half-lives",
        f"Published half-lives of {found[0].drug} run from {figure(min(first))} to {figure(max(first))} hours",
        "Half-life in hours (log scale)",
        Limits((0.5, 150), {1: "1", 3: "3", 10: "10", 30: "30", 100: "100"}, "log"),
        found,
        1.0,
        lambda hours: f"{figure(hours)}{NBSP}h",
        lambda row: f"{_drug_text(row).split(',')[0]}: {_short(row.context)}",
        "A half-life is that of the last, slow part of the fall. Studies followed people for different lengths of "
        "time, with different methods; bars are ranges, standard deviations or errors, and the table says which. A "
        "half-life does not tell how long an effect lasts.",
    )


class Limits(tuple):
    """The x axis of a report chart: limits, ticks, scale."""

    def __new__(cls, limits: tuple[float, float], ticks, scale: str = "linear"):
        return super().__new__(cls, (limits, ticks, scale))


def _report_chart(
    chart_id: str,
    title: str,
    x_label: str,
    axis: Limits,
    found: Sequence,
    factor: float,
    say: Callable[[float], str],
    name: Callable,
    caveat: str,
) -> ChartView:
    """One row per report: a shape, its published range, and the value in words."""
    (limits, ticks, scale), heights = axis, {row.id: len(found) - place for place, row in enumerate(found)}
    marks: list[Mark] = []
    for row in found:
        y, colour = heights[row.id], DRUG_COLOURS[row.drug]
        reach = row.value
        if row.low is not None and row.high is not None:
            marks.append(Span(f"range-{row.id}", colour, row.low * factor, y, row.high * factor, y, 3, caps=True))
            reach = row.high
        shape = DRUG_MARKERS[row.drug]
        words = f"{name(row)}: {finding_text(row, say)}, {reference(row.source).label}"
        marks.append(
            Dots(f"dot-{row.id}", colour, [row.value * factor], [y], shape, 11, row.basis == "measured", [words])
        )
        marks.append(Label(f"value-{row.id}", colour, reach * factor, y, say(row.value), dx=10, bold=True))
    return ChartView(
        Chart(
            chart_id,
            title,
            row_axes(x_label, limits, ticks, [name(row) for row in found], scale),
            marks,
            " ".join(f"{name(row)}: {finding_text(row, say)}." for row in found)
            + " Filled shapes were measured; hollow ones are stated by a label.",
            Table(
                title,
                ("Drug", "Route", "Product, dose or moment", "Value", "People", "Kind", "Source", "Row"),
                [
                    (
                        _drug_text(row),
                        ROUTE_WORDS[row.route],
                        row.context,
                        finding_text(row, say),
                        f"{row.people:.0f}" if row.people else "",
                        BASIS[row.basis],
                        reference(row.source).label,
                        row.id,
                    )
                    for row in found
                ],
            ),
            labels(found),
            caveat=caveat,
            height=row_height(len(found)),
            subtitle="Dots: means or medians of one study each; bars: its range or spread.",
        )
    )


def _rows(measure: str, drugs: Sequence[str]) -> list:
    _known("drug", drugs, [row.drug for row in findings(measure)])
    return [row for drug in drugs for row in findings(measure, (drug,)) if row.value is not None]


def _known(what: str, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"No finding is published here for {what} {name!r}. {nearest(name, dict.fromkeys(known))}")
    if not names:
        raise ValueError(f"Name at least one {what}, such as {known[0]!r}.")


def _short(text: str) -> str:
    for long, brief in (
        ("approved spray, ", "spray, "),
        ("lozenge swallowed", "lozenge"),
        (", followed for 8 h", ""),
        ("anesthetic dose, label", "anesthesia"),
    ):
        text = text.replace(long, brief)
    return text


# Two opioids after one injection


def falling_levels(regimen_ids: Sequence[str] = ("RG14", "RG15"), until_h: float = 6) -> ChartView:
    """Share of the level of the first drawn minute that is left, for each usable set of each regimen.

    until_h: hours shown, 3 to 24.
    """
    check_between("until_h", until_h, 3, 24, "hours")
    start = max(regimen(regimen_id).drawn_from_min for regimen_id in regimen_ids) / MIN_PER_H
    if not start:
        raise ValueError("These regimens start at zero, where nothing is left to compare with. Try ['RG14', 'RG15'].")
    curves = [(regimen_id, slug) for regimen_id in regimen_ids for slug in usable(regimen_id)]
    left = {
        (regimen_id, slug, hour): 100 * level_at(regimen_id, slug, hour) / level_at(regimen_id, slug, start)
        for regimen_id, slug in curves
        for hour in (1, 2, until_h)
    }
    ends = {
        regimen_id: span_text(
            *(
                _whole_percent(pick(value for (key, _, hour), value in left.items() if key == regimen_id and hour == 1))
                for pick in (min, max)
            )
        )
        for regimen_id in regimen_ids
    }
    words = [f"{ends[regimen_id]} of {regimen(regimen_id).drug}" for regimen_id in regimen_ids]
    lasts = spread([left[(*curve, until_h)] for curve in curves], 6.6, 3, 100)
    shares = [value for (_, _, hour), value in left.items() if hour == 1]
    miss = _early_miss(OPIOID_CHECK)
    return ChartView(
        Chart(
            "falling-levels",
            f"One hour after an injection, {words[0]} and {words[-1]} is left in the blood",
            Axes(
                "Hours after the start",
                (0, until_h),
                _hours(until_h),
                f"Left of the level at {start * MIN_PER_H:.0f} min (%)",
                (0, 104),
                [0, 25, 50, 75, 100],
                right=208,
            ),
            [
                Span("hour", "edge", 1, 0, 1, 62, 1, "dotted"),
                Label(
                    "hour-name",
                    "ink",
                    1,
                    62,
                    f"after 1 hour\n{span_text(*(_whole_percent(pick(shares)) for pick in (min, max)))} is left",
                    6,
                    4,
                    bold=True,
                ),
                *(_share_line(*curve, start, until_h) for curve in curves),
                *(
                    Label(
                        f"name-{slug}",
                        DRUG_COLOURS[regimen(regimen_id).drug],
                        until_h,
                        height,
                        f"{regimen(regimen_id).drug}, {set_label(slug)}",
                        dx=6,
                        bold=regimen(regimen_id).drug == "morphine",
                    )
                    for (regimen_id, slug), height in zip(curves, lasts, strict=True)
                ),
            ],
            "Single doses of studies. After one hour "
            + " and ".join(words)
            + f" is left of the level at {start * MIN_PER_H:.0f} minutes; after {until_h:.0f} hours "
            + "; ".join(
                f"{set_label(slug)} {_whole_percent(left[regimen_id, slug, until_h])} ({regimen(regimen_id).drug})"
                for regimen_id, slug in curves
            )
            + f". {miss}",
            Table(
                "Share left in the blood",
                ("Drug", "Set", f"Level at {start * MIN_PER_H:.0f} min", "1 h", "2 h", f"{until_h:.0f} h"),
                [
                    (
                        DRUG_WORDS[regimen(regimen_id).drug],
                        set_label(slug),
                        level(level_at(regimen_id, slug, start)),
                        *(_whole_percent(left[regimen_id, slug, hour]) for hour in (1, 2, until_h)),
                    )
                    for regimen_id, slug in curves
                ],
            ),
            [
                *(regimen(regimen_id).source for regimen_id in regimen_ids),
                *_set_sources(slug for _, slug in curves),
                *labels(findings("cmax", ("fentanyl",))),
            ],
            caveat=f"{AVERAGE} Blood is not brain: morphine enters and leaves the brain slowly, so these curves do not "
            f"say how long an effect, or slowed breathing, lasts. {miss}",
            height=400,
            subtitle="Morphine and fentanyl after one injection into a vein; each line is one published model.",
        )
    )


def _share_line(regimen_id: str, slug: str, start: float, until_h: float) -> Line:
    times = times_h(regimen_id, until_h)
    levels = levels_ng_per_ml(regimen_id, slug, until_h)
    keep = times >= start
    place = usable(regimen_id).index(slug)
    return Line(
        f"share-{slug}",
        DRUG_COLOURS[regimen(regimen_id).drug],
        times[keep],
        100 * levels[keep] / level_at(regimen_id, slug, start),
        "solid" if regimen(regimen_id).drug == "morphine" else ("dashed", "dotted", "dashdot")[place % 3],
    )


def _early_miss(regimen_id: str) -> str:
    """How far the sets of a regimen overshoot the first measured peak, in one sentence."""
    row = regimen(regimen_id)
    found = next(found for found in seen(regimen_id) if found.time_h * MIN_PER_H < row.drawn_from_min)
    times = sorted(level_at(regimen_id, slug, found.time_h) / found.value for slug in usable(regimen_id))
    return (
        f"The {row.drug} models are drawn from {row.drawn_from_min:.0f}{NBSP}min on: at {found.time_h * MIN_PER_H:.0f}"
        f"{NBSP}min they predict {times[0]:.1f} to {times[-1]:.1f} times the measured {level(found.value)}."
    )


def _whole_percent(value: float) -> str:
    return f"{value:.0f}{NBSP}%"


def _set_sources(slugs) -> list[str]:
    return [next(iter(parameters(slug).values())).source for slug in slugs]


def _ticks(top: float) -> list[float]:
    """Four or five round steps from zero up to `top`."""
    power = 10 ** np.floor(np.log10(top / 4))
    step = next(power * size for size in (1, 2, 2.5, 5, 10) if top / (power * size) <= 5.5)
    return [float(value) for value in np.arange(0, top, step)]


def _number(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[count] if count < len(words) else str(count)
