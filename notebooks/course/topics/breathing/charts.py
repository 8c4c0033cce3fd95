"""Breathing in controlled studies: opioids beside ketamine, the ceiling, tolerance, and esketamine on an opioid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...display import Area, Axes, Chart, ChartView, Dots, Label, Line, Mark, Span, Table, row_axes, row_height
from ...evidence import nearest, row
from ...evidence.records import Ventilation
from ...models import ventilation
from ..binding.rows import NBSP, level_text
from .rows import (
    ANCHOR,
    CLAMP,
    HIGHEST,
    LOWEST,
    PEOPLE,
    WEIGHT_KG,
    colour_of,
    dose_text,
    esketamine_range,
    fentanyl_lowest_fall,
    how,
    ketamine_line,
    litres,
    name_of,
    percent,
    rows,
    share_regained,
    source_of,
    value,
    with_esketamine,
)

COLUMNS = ("Drug and dose", "Change in breathing", "Spread", "People", "Test", "How we know it", "Source", "Row")
PERCENT_TICKS = (0, 25, 50, 75, 100)


def breathing_change(drugs: Sequence[str] | None = None) -> ChartView:
    """How far breathing changed in studies that report it in L/min, opioids and ketamine side by side.

    drugs: slugs of `data/ventilation.csv`, all that have such a row if not given. Ketamine's line adds its lowest and
    its highest dose. Raises `ValueError` with the nearest name for an unknown one.
    """
    measured = rows("change in ventilation", "L/min")
    known = {found.drug for found in measured} | {"remifentanil"}
    for slug in drugs or ():
        if slug not in known:
            raise ValueError(f"There is no change of breathing for {slug!r} in L/min. {nearest(slug, known)}")
    bars = [
        bar
        for bar in (*(_measured(found) for found in measured), _remifentanil(), *_on_the_line())
        if not drugs or bar["drug"] in drugs
    ]
    bars.sort(key=lambda bar: bar["value"])
    for place, bar in enumerate(bars):
        bar["y"] = len(bars) - place
    shown = {bar["key"]: bar for bar in bars}
    said = "; ".join(f"{bar['name']} {bar['text']}" for bar in bars)
    title = "Drug by drug: how far breathing changed under test"
    if {ANCHOR, "VE41", "VE42"} <= set(shown):
        title = "In the same men ketamine lowered breathing by less than morphine, but not by nothing"
    return ChartView(
        Chart(
            "breathing-change",
            title,
            row_axes(
                "Change in breathing (L/min)",
                (-18, 11),
                {-15: "−15", -10: "−10", -5: "−5", 0: "0", 5: "+5"},
                [bar["name"] + "\n" + bar["source"] for bar in bars],
            ),
            [Span("zero", "ink", 0, 0.5, 0, len(bars) + 0.3, 1.5), *(mark for bar in bars for mark in _bar_marks(bar))],
            f"Change in breathing in liters per minute: {said}. Circles are ketamine and esketamine, diamonds are "
            "opioids; a hollow shape is our arithmetic. A dashed bar could not be told from no change.",
            Table("Change in breathing under test", COLUMNS, [bar["cells"] for bar in bars]),
            [bar["key_of_source"] for bar in bars],
            caveat=f"{CLAMP} The studies differ in dose, speed and test, so only the rows of one study compare "
            "directly. The label warns of severe depression of breathing after large or rapid doses of ketamine.",
            height=row_height(len(bars), 52),
            subtitle="Volunteers breathing carbon dioxide; each drug into a vein. Bars: spread as published.",
        )
    )


def _measured(found) -> dict:
    return {
        "key": found.id,
        "drug": found.drug,
        "name": f"{name_of(found.drug)} {dose_text(found)}",
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "text": litres(found.value),
        "told": True,
        "derived": found.verification == "derived",
        "source": source_of(found),
        "key_of_source": found.source,
        "cells": _cells(
            f"{name_of(found.drug)} {dose_text(found)}",
            found,
            litres(found.value),
            f"{found.spread}",
            found.low,
            found.high,
        ),
    }


def _cells(name: str, found, text: str, kind: str, low: float | None, high: float | None) -> tuple[str, ...]:
    width = f"{litres(low)} to {litres(high)} ({kind})" if low is not None and high is not None else "not given"
    people = f"{found.participants:.0f} {found.people}" if found.participants else found.people
    return (name, text, width, people, found.conditions, how(found), source_of(found), found.id)


def _remifentanil() -> dict:
    before, after = row("VE30", Ventilation), row("VE31", Ventilation)
    change = after.value - before.value
    cells = _cells("Remifentanil infusion", after, litres(change), "", None, None)
    return {
        "key": after.id,
        "drug": "remifentanil",
        "name": "Remifentanil infusion",
        "value": change,
        "low": change,
        "high": change,
        "text": f"about {litres(change)}",
        "told": True,
        "derived": False,
        "source": source_of(after),
        "key_of_source": after.source,
        "cells": (*cells[:-1], f"{before.id}, {after.id}"),
    }


def _on_the_line() -> list[dict]:
    """Ketamine's lowest and highest dose, from the published point and slope."""
    found = []
    for row_id in (LOWEST, HIGHEST):
        dose, line = row(row_id, Ventilation), ketamine_line().change(value(row_id))
        text = litres(line.change_l_per_min)
        name = f"Ketamine {dose.value:g}{NBSP}{dose.unit}"
        cells = _cells(name, dose, text, "combined here" if line.distinguishable else "not told from none", *line[1:3])
        found.append(
            {
                "key": row_id,
                "drug": "ketamine",
                "name": name,
                "value": line.change_l_per_min,
                "low": line.low_l_per_min,
                "high": line.high_l_per_min,
                "text": text if line.distinguishable else f"{text}, not told\nfrom no change",
                "told": line.distinguishable,
                "derived": True,
                "source": f"{source_of(dose)}, line",
                "key_of_source": dose.source,
                "cells": (*cells[:5], "our line through a published point and slope", *cells[6:]),
            }
        )
    return found


def _bar_marks(bar: dict) -> list[Mark]:
    colour, y = colour_of(bar["drug"]), bar["y"]
    right = max(bar["high"], bar["value"], 0.0)
    return [
        Span(
            f"bar-{bar['key']}",
            colour,
            bar["low"],
            y,
            bar["high"],
            y,
            4,
            "solid" if bar["told"] else "dashed",
            caps=bar["low"] != bar["high"],
        ),
        Dots(
            f"dot-{bar['key']}",
            colour,
            [bar["value"]],
            [y],
            "o" if colour == "blue" else "D",
            11,
            not bar["derived"],
            [f"{bar['name']}: {bar['text']}".replace("\n", " ")],
        ),
        Label(f"text-{bar['key']}", colour, right, y, bar["text"], dx=10, bold=True),
    ]


def breathing_ceiling() -> ChartView:
    """Buprenorphine's effect on breathing levels off; fentanyl's does not, up to apnea."""
    plateau, top, apnoea = row("VE02", Ventilation), row("VE71", Ventilation), row("VE01", Ventilation)
    doses = [found for found in rows("dose", "µg/kg") if found.drug == "fentanyl"]
    curve = np.linspace(doses[0].value, doses[-1].value, 40)
    left = np.array([100 * (1 - fentanyl_lowest_fall(float(ug_per_kg), "naive")) for ug_per_kg in curve])
    first = row("VE12", Ventilation)
    at = first.dose / WEIGHT_KG
    likely = 100 * (1 - value("VE65"))
    x_end = 10.4
    return ChartView(
        Chart(
            "breathing-ceiling",
            "Buprenorphine slowed breathing to about half and no further; fentanyl went on to apnea",
            Axes(
                "Dose, one injection into a vein (µg/kg)",
                (0, x_end),
                (0, 2, 4, 6, 8, 10),
                "Breathing left (% of before)",
                (0, 108),
                PERCENT_TICKS,
                right=18,
            ),
            [
                Area("apnoea", "orange", [apnoea.value, x_end], [0, 0], [likely, likely], 0.16),
                Label(
                    "apnoea-name", "orange", x_end, likely, f"apnea seen from {apnoea.value:g} µg/kg", -6, -14, "right"
                ),
                Line("fentanyl", "orange", curve, left, "dashed"),
                Label("fentanyl-name", "orange", curve[7], left[7], "fentanyl, predicted", 10, 6, bold=True),
                Span("measured-bar", "orange", at, 100 - first.high, at, 100 - first.low, 3, caps=True),
                Dots("measured", "orange", [at], [100 - first.value], "D", 11, True, [_first_fall(first)]),
                Label("measured-name", "orange", at, 100 - first.low, "fentanyl, measured", 10, 4, bold=True),
                Line("plateau", "orange", [plateau.dose, top.value], [plateau.value] * 2, width=4),
                Dots(
                    "plateau-ends",
                    "orange",
                    [plateau.dose, top.value],
                    [plateau.value] * 2,
                    "s",
                    10,
                    True,
                    [f"Buprenorphine, about {plateau.value:.0f} % left from {plateau.dose:g} to {top.value:g} µg/kg"]
                    * 2,
                ),
                Label(
                    "plateau-name",
                    "orange",
                    top.value,
                    plateau.value,
                    f"buprenorphine, about {plateau.value:.0f}{NBSP}% left",
                    0,
                    18,
                    "right",
                    True,
                ),
            ],
            f"Buprenorphine levelled off at about {plateau.value:.0f} % of the breathing before, from "
            f"{plateau.dose:g} to {top.value:g} µg/kg. After a first fentanyl injection of about {at:.1f} µg/kg "
            f"{100 - first.value:.0f} % was left ({100 - first.high:.0f} to {100 - first.low:.0f} %); the fitted "
            f"curve goes down to {left[-1]:.0f} % at {curve[-1]:g} µg/kg, and the study saw apnea from "
            f"{apnoea.value:g} µg/kg.",
            Table(
                "Breathing left after one injection",
                ("Drug", "Dose", "Breathing left", "What it is", "Source", "Row"),
                [
                    *(
                        (
                            "Fentanyl",
                            f"{found.value:g} µg/kg",
                            f"{100 - 100 * fentanyl_lowest_fall(found.value, 'naive'):.0f} %"
                            + (", apnea seen" if found.value >= apnoea.value else ""),
                            "predicted; calibrated for this course",
                            source_of(found),
                            found.id,
                        )
                        for found in doses
                    ),
                    (
                        "Fentanyl",
                        f"{first.dose:g} {first.dose_unit} (inferred)",
                        f"{100 - first.value:.0f} % ({100 - first.high:.0f} to {100 - first.low:.0f} %)",
                        f"measured, {first.spread}",
                        source_of(first),
                        first.id,
                    ),
                    (
                        "Buprenorphine",
                        f"{plateau.dose:g} to {top.value:g} µg/kg",
                        f"about {plateau.value:.0f} %",
                        "measured",
                        source_of(plateau),
                        f"{plateau.id}, {top.id}",
                    ),
                    *(
                        (
                            "Buprenorphine",
                            dose_text(found),
                            f"{found.value:.1f} L/min ({found.low:.1f} to {found.high:.1f} L/min)",
                            f"measured, {found.spread}; not a percentage",
                            source_of(found),
                            found.id,
                        )
                        for found in rows("ventilation", "L/min")
                        if found.drug == "buprenorphine"
                    ),
                ],
            ),
            [plateau.source, first.source, row("VE06", Ventilation).source, row("VE03", Ventilation).source],
            caveat=f"{CLAMP} A ceiling in this test is no promise for other people, or together with other drugs. "
            "The fentanyl curve was fitted for this course to two means of another study.",
            height=380,
        )
    )


def _first_fall(found) -> str:
    return f"Fentanyl, about {found.dose / WEIGHT_KG:.1f} µg/kg: {100 - found.value:.0f} % left"


def breathing_tolerance() -> ChartView:
    """The curve of fentanyl's effect in people who were new to opioids and in people with long-term use."""
    level = np.geomspace(0.05, 20, 90)
    c50 = {people: row(row_id, Ventilation) for people, row_id in PEOPLE.items()}
    apnoea = {found.people: found for found in rows("apnoea", "people")}
    look = {
        "naive": ("orange", "solid", "new to opioids", 0.034, 72, 0),
        "long-term": ("orange", "dashed", "long-term use", 2.2, 30, 0),
    }
    marks: list[Mark] = []
    for people, (colour, dash, name, name_x, name_y, dx) in look.items():
        found = c50[people]
        low, middle, high = (
            100 * ventilation.fall(level, half, value("VE62"), value("VE63"))
            for half in (found.high, found.value, found.low)
        )
        marks += [
            Area(f"band-{people}", colour, level, low, high),
            Line(f"curve-{people}", colour, level, middle, dash),
            Dots(
                f"half-{people}",
                colour,
                [found.value],
                [50],
                "o" if people == "naive" else "D",
                11,
                True,
                [f"Half of the breathing lost at {level_text(found.value)} ({name})"],
            ),
            Label(
                f"name-{people}",
                colour,
                name_x,
                name_y,
                f"{name}:\nhalf lost at\n{level_text(found.value)}",
                dx,
                bold=True,
            ),
        ]
    naive, tolerant = c50["naive"], c50["long-term"]
    ratio = tolerant.value / naive.value
    died = row("VE56", Ventilation)
    stopped = " and ".join(
        f"{found.value:.0f} of {found.participants:.0f} people ({name})" for name, found in apnoea.items()
    )
    return ChartView(
        Chart(
            "breathing-tolerance",
            f"Long-term opioid use moved the curve {ratio:.1f}-fold, and apnea still happened",
            Axes(
                "Fentanyl at the effect site (ng/mL, log scale)",
                (0.03, 20),
                {0.1: "0.1", 0.4: "0.4", 2: "2", 10: "10"},
                "Breathing lost (%)",
                (0, 100),
                PERCENT_TICKS,
                x_scale="log",
                right=22,
            ),
            marks,
            f"Half of the breathing was lost at {level_text(naive.value)} (standard error "
            f"{naive.high - naive.value:.2f}) in people new to opioids and at {level_text(tolerant.value)} (standard "
            f"error {tolerant.high - tolerant.value:.2f}) in people with long-term use. Apnea happened in {stopped}, "
            "in the second group after larger doses.",
            Table(
                "Level with half of the breathing lost",
                ("Group", "People", "C50", "Standard error", "With apnea", "Source", "Row"),
                [
                    (
                        found.people,
                        f"{found.participants:.0f}",
                        level_text(found.value),
                        f"{found.high - found.value:.2f} ng/mL",
                        f"{apnoea[found.people].value:.0f} of {apnoea[found.people].participants:.0f}",
                        source_of(found),
                        found.id,
                    )
                    for found in c50.values()
                ],
            ),
            [naive.source, died.source],
            caveat=f"{CLAMP} The curve moves back when opioids stop: lost tolerance can make a return to opioids "
            f"fatal. {died.statement} Never stop or skip naltrexone, buprenorphine or methadone because of this "
            "course. The steepness of both curves was calibrated for this course.",
            height=380,
            subtitle="Fentanyl into a vein: people new to opioids, and people with long-term opioid use.",
        )
    )


def esketamine_on_remifentanil() -> ChartView:
    """How much of the breathing that remifentanil took esketamine gives back, by the study and an assumed level."""
    before, after, doubling, ratio = (
        row("VE30", Ventilation),
        row("VE31", Ventilation),
        row("VE33", Ventilation),
        row("VE34", Ventilation),
    )
    low, high = esketamine_range(doubling.value)
    regained = share_regained()
    never = value("VE32")
    said = f"{100 * regained[0]:.0f} to {100 * regained[1]:.0f} %"
    heights = dict(zip(("before", "opioid", "both"), (3, 2, 1), strict=True))
    dots = {
        "before": (before.value, "ink", "s", f"{before.value:.0f} L/min"),
        "opioid": (after.value, "orange", "D", f"about {after.value:.0f} L/min"),
        "both": (
            with_esketamine(doubling.value, ratio.value),
            "blue",
            "o",
            f"{low:.1f} to {high:.1f} L/min, predicted",
        ),
    }
    return ChartView(
        Chart(
            "esketamine-on-remifentanil",
            f"By our arithmetic esketamine gave back {said} of the breathing that remifentanil took",
            row_axes(
                "Breathing (L/min)",
                (0, 30),
                (0, 5, 10, 15, 20),
                ["before any drug", "remifentanil", f"with esketamine\n{level_text(doubling.value)}"],
            ),
            [
                Span("lost", "muted", after.value, 2, before.value, 2, 2, "dotted"),
                Span("still-lost", "muted", high, 1, before.value, 1, 2, "dotted"),
                Span("predicted", "blue", low, 1, high, 1, 7, caps=True),
                *(
                    mark
                    for key, (x, colour, marker, text) in dots.items()
                    for mark in (
                        Dots(f"dot-{key}", colour, [x], [heights[key]], marker, 12, key != "both", [text]),
                        Label(
                            f"text-{key}",
                            colour,
                            before.value if key == "before" else max(x, high),
                            heights[key],
                            text,
                            12,
                            16 if key == "opioid" else 0,
                            bold=True,
                        ),
                    )
                ),
            ],
            f"Remifentanil lowered breathing from {before.value:.0f} to about {after.value:.0f} L/min (measured). "
            f"Esketamine at {level_text(doubling.value)} is predicted to bring it to {low:.1f} to {high:.1f} L/min, "
            f"{said} of the loss. It acts on {percent(never)} of the loss only, so at no level could it give back "
            "more than that.",
            Table(
                "Breathing under test",
                ("Situation", "Breathing", "What it is", "Source", "Row"),
                [
                    ("Before any drug", f"{before.value:.0f} L/min", "measured", source_of(before), before.id),
                    ("Remifentanil", f"about {after.value:.0f} L/min", "measured", source_of(after), after.id),
                    (
                        f"Esketamine {level_text(doubling.value)} added",
                        f"{low:.1f} to {high:.1f} L/min",
                        "predicted, our arithmetic",
                        source_of(doubling),
                        f"{doubling.id}, VE32, {ratio.id}",
                    ),
                ],
            ),
            [before.source],
            caveat="Not a reversal, and no protection: the label of ketamine warns of profound sedation, respiratory "
            "depression, coma or death with an opioid. The authors call the effect effective; the breathing that was "
            "reached is not in the abstract, and the level of remifentanil over its C50 is assumed to be "
            f"{ratio.low:g} to {ratio.high:g}.",
            height=row_height(3),
            subtitle="Volunteers; remifentanil, then esketamine, both into a vein.",
        )
    )
