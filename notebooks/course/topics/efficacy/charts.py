"""Filled is not switched on: efficacy at mu, and what naloxone leaves there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...display import Axes, Chart, ChartView, Dots, Label, Line, Mark, Span, Table, row_axes, row_height
from ...evidence import nearest, reference, row, table
from ...evidence.records import Concentration, Drug, Efficacy
from ...models import efficacy
from ..binding.rows import TARGET_COLOURS, drug, fractions, level_text, levels, percent, percent_range, simple_values
from .rows import SAFETY, effects, held_at_level, relative_efficacy, share_range, tissues

TICKS = (0, 25, 50, 75, 100)
# Facts: the model itself; and what equilibrium cannot show, slow buprenorphine and opioids that outlast naloxone.
MODEL_ROW, TIME_ROWS = "FA91", ("FA92", "FA93")
MODEL = "A model of one receptor in a cell, not pain relief or breathing in a person."


def equal_occupancy(filled: float = 0.5) -> ChartView:
    """How far each drug switches mu on when all fill the same share of it, by the operational model.

    filled: share of the receptors, above 0 and at most 1. Every drug of `data/efficacies.csv` with a published
    value at the G protein has a row.
    """
    if not 0 < filled <= 1:
        raise ValueError(f"filled must be above 0 and at most 1, not {filled!r}.")
    few, many = tissues()[0], tissues()[-1]
    slugs = dict.fromkeys(row.drug for row in table(Efficacy) if row.measure != "reference tau" and row.source)
    found = {slug: relative_efficacy(slug) for slug in slugs if relative_efficacy(slug)}
    shown = sorted(found, key=lambda slug: (-found[slug].high, -found[slug].low))
    heights = {slug: len(shown) - place for place, slug in enumerate(shown)}
    spans = {
        (slug, tissue.id): effects(found[slug].low * filled, found[slug].high * filled, tissue.id)
        for slug in shown
        for tissue in (few, many)
    }
    texts = {key: share_range(span) for key, span in spans.items()}
    said = "; ".join(f"{_name(slug)} {texts[slug, few.id]}, with many spare {texts[slug, many.id]}" for slug in shown)
    rows = [row for row in table(Efficacy) if row.drug in slugs and row.source]
    return ChartView(
        Chart(
            "equal-occupancy",
            f"With {percent(filled)} of mu filled, drugs switch it on from not at all to fully",
            Axes(
                "Mu switched on, next to a full agonist (%)",
                (-2, 130),
                TICKS,
                "",
                (0.4, len(shown) + 1.7),
                {height: _name(slug) for slug, height in heights.items()},
                left=136,
                top=8,
                right=10,
                grid="x",
            ),
            [
                Span("key-few", "ink", 0, len(shown) + 1.32, 10, len(shown) + 1.32, 6),
                Label("key-few-name", "ink", 12, len(shown) + 1.32, "no spare receptors"),
                Span("key-many", "muted", 62, len(shown) + 1.32, 72, len(shown) + 1.32, 6, "dashed"),
                Label("key-many-name", "ink", 74, len(shown) + 1.32, "many, assumed"),
                *(
                    mark
                    for slug in shown
                    for tissue, colour, dash, dy, marker in (
                        (few, "ink", "solid", 0.17, "D"),
                        (many, "muted", "dashed", -0.2, "o"),
                    )
                    for mark in _bar(
                        f"{slug}-{tissue.id}",
                        spans[slug, tissue.id],
                        heights[slug] + dy,
                        texts[slug, tissue.id],
                        colour,
                        dash,
                        marker,
                    )
                ),
            ],
            f"Predicted activation of mu with {percent(filled)} of it filled, next to a full agonist that fills all of "
            f"it: {said}.",
            Table(
                "Published efficacies at mu; 1 is the reference agonist",
                ("Drug", "Value", "Measure", "Read-out", "System", "How we know it", "Source", "Row"),
                [
                    (
                        _name(row.drug),
                        _value(row),
                        row.measure,
                        row.readout,
                        row.system,
                        row.verification,
                        reference(row.source).label,
                        row.id,
                    )
                    for row in rows
                    if row.measure != "reference tau"
                ],
            ),
            [*(row.source for row in rows), few.source, row(MODEL_ROW).source],
            caveat=f"{MODEL} The width of a bar is the disagreement between laboratories. Only values at the G protein "
            "enter the model; the table holds the others too.",
            height=96 + 46 * len(shown),
        )
    )


def receptor_reserve(relative: Sequence[float] = (1.0, 0.3, 0.0)) -> ChartView:
    """Effect against the share of mu that is filled, for a full agonist, a partial one and an antagonist.

    relative: up to three relative efficacies, 0 to 1, to compare. Solid without spare receptors, dashed with many.
    """
    if not 1 <= len(relative) <= 3 or not all(0 <= one <= 1 for one in relative):
        raise ValueError("relative must hold one to three relative efficacies between 0 and 1, such as (1, 0.3, 0).")
    few, many = tissues()[0], tissues()[-1]
    filled = np.linspace(0, 1, 61)
    half = len(filled) // 2
    colours = ("orange", "ink", "muted")
    marks: list[Mark] = []
    said = []
    for place, (one, colour) in enumerate(zip(relative, colours, strict=False)):
        ends = []
        for tissue, dash in ((few, "solid"), (many, "dashed")):
            effect = 100 * efficacy.relative_effect(one * filled, tissue.value)
            marks.append(Line(f"line-{place}-{tissue.id}", colour, 100 * filled, effect, dash))
            ends.append(effect)
        name = "full agonist" if one == 1 else "antagonist" if one == 0 else f"partial agonist ({one:g})"
        height = float(ends[0][-1])
        marks.append(Label(f"name-{place}", colour, 100, height, name, 8, 0, "left", True))
        without, with_many = (_effect(one * filled[half], tissue.value) for tissue in (few, many))
        said.append(f"{name} {without} without and {with_many} with")
    return ChartView(
        Chart(
            "receptor-reserve",
            "With many spare receptors, a few filled ones are enough for a strong agonist",
            Axes(
                "Mu sites filled (%)",
                (0, 100),
                TICKS,
                "Switched on (%)",
                (-4, 104),
                TICKS,
                left=70,
                right=188,
                top=14,
            ),
            [
                *marks,
                Label("key", "ink", 98, 43, "solid: no spare receptors", align="right"),
                Label("key-many", "ink", 98, 36, "dashed: many, assumed", align="right"),
            ],
            "Effect with half of the sites filled, without and with many spare receptors: " + "; ".join(said) + ".",
            Table(
                "Effect next to a full agonist that fills every site",
                ("Relative efficacy", "Filled", "No spare receptors", "Many, assumed"),
                [
                    (f"{one:g}", percent(share), *(_effect(one * share, tissue.value) for tissue in (few, many)))
                    for one in relative
                    for share in (0.1, 0.25, 0.5, 0.75, 1)
                ],
            ),
            [row(MODEL_ROW).source, few.source],
            caveat=MODEL,
            height=360,
        )
    )


def after_naloxone(
    level_ids: Sequence[str] = ("CC12", "CC15", "CC18", "CC20", "CC01"), rival: str = "naloxone"
) -> ChartView:
    """What naloxone, at levels measured in volunteers, leaves of each drug at its main site: mu, or NMDA for ketamine.

    level_ids: rows of `data/clinical_concentrations.csv`, one for each drug to show. rival: slug of the second drug.
    Raises `ValueError` for a row or drug that is unknown or lacks a value.
    """
    known = {row.id: row for row in table(Concentration)}
    for row_id in level_ids:
        if row_id not in known:
            raise ValueError(f"{row_id!r} is not a row of data/clinical_concentrations.csv. {nearest(row_id, known)}")
    if not (levels(rival) and simple_values(rival, "MOR")):
        raise ValueError(f"{drug(rival).name} has no level or no value at mu. Try 'naloxone' or 'naltrexone'.")
    targets = {row_id: drug(known[row_id].drug).primary_target for row_id in level_ids}
    spans = {
        (row_id, other): held_at_level(row_id, targets[row_id], other) for row_id in level_ids for other in ("", rival)
    }
    if None in spans.values():
        lacking = next(row_id for (row_id, _), span in spans.items() if span is None)
        raise ValueError(f"{known[lacking].drug} ({lacking}) has no usable value at its main site. Leave it out.")
    heights = {row_id: len(level_ids) - place for place, row_id in enumerate(level_ids)}
    texts = {key: percent_range(*span) for key, span in spans.items()}
    site = {"MOR": "mu", "NMDA": "NMDA"}
    name = {row_id: drug(known[row_id].drug).name for row_id in level_ids}
    said = "; ".join(
        f"{name[row_id]} at {site[targets[row_id]]} {texts[row_id, '']} alone, {texts[row_id, rival]} with {rival}"
        for row_id in level_ids
    )
    marks: list[Mark] = []
    for row_id in level_ids:
        colour = TARGET_COLOURS[targets[row_id]]
        dagger = _dagger(known[row_id].drug, targets[row_id])
        for other, dy, dash, marker, word in (
            ("", 0.02, "solid", "D", "alone"),
            (rival, -0.29, "dashed", "o", "after"),
        ):
            words = f"{word}: {texts[row_id, other]}{dagger}"
            bar = spans[row_id, other], heights[row_id] + dy
            marks += _bar(f"{row_id}-{word}", *bar, words, colour, dash, marker, end=200)  # a wider axis
    return ChartView(
        Chart(
            f"after-{rival}",
            f"{drug(rival).name} leaves less of each opioid at mu, and all of ketamine at NMDA"
            if "NMDA" in targets.values()
            else f"{drug(rival).name} leaves less of each opioid at mu",
            row_axes(
                "Sites filled, predicted (%)",
                (-2, 150),
                TICKS,
                [f"{name[row_id]}\nat {site[targets[row_id]]}" for row_id in level_ids],
            ),
            marks,
            f"Predicted share of sites filled: {said}. {drug(rival).name} is at its published levels.",
            Table(
                f"Predicted occupancy at published levels, alone and with {rival}",
                ("Drug", "Level", "Situation", "Site", "Alone", f"With {rival}", "Values at the site", "Row"),
                [
                    (
                        name[row_id],
                        level_text(known[row_id].value_ng_per_ml),
                        known[row_id].context,
                        site[targets[row_id]],
                        texts[row_id, ""],
                        texts[row_id, rival],
                        "; ".join(value.label for value in simple_values(known[row_id].drug, targets[row_id])),
                        row_id,
                    )
                    for row_id in level_ids
                ],
            ),
            [
                *(known[row_id].source for row_id in level_ids),
                *(row.source for row in levels(rival)),
                *(
                    source
                    for slug, target in (
                        *((known[row_id].drug, targets[row_id]) for row_id in level_ids),
                        (rival, "MOR"),
                    )
                    for source in (
                        *(row.source for row in fractions(slug)),
                        *(value.source for value in simple_values(slug, target)),
                    )
                ),
                *(row(fact).source for fact in TIME_ROWS),
            ],
            height=row_height(len(level_ids), 62),
            subtitle=f"Adults; levels in blood after treatment or anesthesia, with {rival} at its published levels.",
            caveat=f"{SAFETY} Predicted from laboratory binding and from levels in blood, not measured in people; no "
            "level here is a dose. Buprenorphine leaves mu slowly and most opioids outlast naloxone, which equilibrium "
            "cannot show. Morphine looks fuller than it is. † includes a value that was not read in a source.",
        )
    )


def _bar(name: str, span, y: float, text: str, colour: str, dash: str, marker: str, end: float = 130) -> list[Mark]:
    """A bar with a shape at each end, and its words on the right, or on the left where they would pass `end`."""
    low, high = 100 * span.low, 100 * span.high
    # A bold letter is at most 10.5 pixels wide, and a percent 3.7.
    words = Label(f"text-{name}", colour, high, y, text, dx=10, bold=True)
    if high + (10 + 10.5 * len(text)) / 3.7 > end:
        words = Label(f"text-{name}", colour, low, y, text, dx=-10, align="right", bold=True)
    return [
        Span(f"bar-{name}", colour, low, y, high, y, 5, dash),
        Dots(f"ends-{name}", colour, [low, high], [y, y], marker, 8),
        words,
    ]


def _name(slug: str) -> str:
    known = {row.drug: row.name for row in table(Drug)}
    return known.get(slug, slug.capitalize())


def _value(row) -> str:
    if row.value is not None:
        return f"{'about ' if row.relation == '~' else ''}{row.value:g}"
    return f"{row.low:g} to {row.high:g}" if row.low is not None else "no number read"


def _effect(stimulus: float, tau: float) -> str:
    return "0" if stimulus == 0 else percent(efficacy.relative_effect(stimulus, tau))


def _dagger(slug: str, target: str) -> str:
    """A mark for a drug whose bar includes a value from memory."""
    return " †" if any(value.status == "unverified" for value in simple_values(slug, target)) else ""
