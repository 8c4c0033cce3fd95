"""The occupancy explorer: how much of NMDA and mu a drug fills at a level, by whichever published Ki."""

from __future__ import annotations

import numpy as np

from ..charts.binding import MOLAR_TICKS, PREDICTION
from ..charts.binding_data import (
    TARGET_COLOURS,
    drug,
    fractions,
    free_nM,
    level_text,
    levels,
    molar,
    percent,
    percent_range,
    range_nM,
    simple_values,
)
from ..display import Area, Axes, Chart, Control, Dots, Explorer, Label, Line, Span, Table, spread
from ..evidence import reference, row
from ..pharmacology import binding

DRUGS = ("ketamine", "esketamine", "morphine", "fentanyl", "methadone", "buprenorphine", "naltrexone", "tramadol")
# Only for ketamine does the level move freely: it is the question of this chapter. Opioids keep to
# the levels that were published for supervised use.
FREE_MOVING = {"ketamine": np.round(np.geomspace(10, 30000, 81), -1)}
NONE = "no published value here"
CURVE_NM = np.geomspace(0.01, 1e6, 97)


def draw_occupancy(drug_name: str, level_ng_per_ml: float, fraction_unbound: float, nmda_ki: str, mu_ki: str) -> Chart:
    """Occupancy of both sites at one level.

    nmda_ki, mu_ki: ids of rows of `data/affinities.csv`, or "" where no value was published.
    """
    slug, name = drug_name, drug(drug_name).name
    free = free_nM(slug, level_ng_per_ml, fraction_unbound)
    marks, said, cells = [], [], []
    labels: list[tuple[str, float, str]] = []
    for target, short, row_id in (("NMDA", "NMDA", nmda_ki), ("MOR", "mu", mu_ki)):
        colour = TARGET_COLOURS[target]
        chosen = next((value for value in simple_values(slug, target) if value.row_id == row_id), None)
        if chosen is None:
            marks += [Area(f"band-{target}", colour), Line(f"curve-{target}", colour), Span(f"range-{target}", colour, *_nowhere),
                      Dots(f"dot-{target}", colour)]
            labels.append((target, 0, ""))
            cells.append((short, NONE, "", ""))
            continue
        tight, weak = range_nM(slug, target)
        filled = 100 * binding.occupancy(free, chosen.ki_nM)
        low, high = (100 * binding.occupancy(free, ki) for ki in (weak, tight))
        marks += [
            Area(f"band-{target}", colour, CURVE_NM, 100 * binding.occupancy(CURVE_NM, weak), 100 * binding.occupancy(CURVE_NM, tight)),
            Line(f"curve-{target}", colour, CURVE_NM, 100 * binding.occupancy(CURVE_NM, chosen.ki_nM),
                 "solid" if target == "NMDA" else "dashed"),
            Span(f"range-{target}", colour, free, low, free, high, 5, opacity=0.55),
            Dots(f"dot-{target}", colour, [free], [filled], "o" if target == "NMDA" else "D", 11),
        ]
        labels.append((target, filled, f"{short} {percent(filled / 100)}"))
        text = f"{percent(filled / 100)} of {'NMDA channel sites' if target == 'NMDA' else 'mu sites'} with {chosen.label}"
        said.append(text + ("" if len(simple_values(slug, target)) == 1
                            else f" ({percent_range(low / 100, high / 100)} over all values here)"))
        cells.append((short, chosen.label, percent(filled / 100), percent_range(low / 100, high / 100)))
    heights = spread([height for _, height, _ in labels], 9, 3, 97)
    right = free > 3e3
    marks.append(Span("level", "ink", free, 0, free, 100, 1.5, "dotted"))
    for (target, _, text), height in zip(labels, heights, strict=True):
        marks.append(Label(f"says-{target}", TARGET_COLOURS[target], free, height, text, dx=-12 if right else 12,
                           align="right" if right else "left", bold=True, size=16))
    known = levels(slug)
    lows = free_nM(slug, known[0].low_ng_per_ml or known[0].value_ng_per_ml, fraction_unbound)
    highs = free_nM(slug, max(item.high_ng_per_ml or item.value_ng_per_ml for item in known), fraction_unbound)
    marks.append(Span("published", "ink", lows, -8, highs, -8, 5, caps=True))
    marks.append(Label("published-name", "ink", highs if lows < 30 else lows, -8, "levels published in people",
                       dx=10 if lows < 30 else -10, align="left" if lows < 30 else "right", size=14))
    marks.append(Label("where", "ink", free, 105, f"{level_text(level_ng_per_ml)}, {molar(free)} free", align="center" if 1 < free < 2e3
                       else "left" if free <= 1 else "right", size=14))
    described = next((item for item in known if item.value_ng_per_ml == level_ng_per_ml), None)
    where = f" ({described.context})" if described else ""
    used = [row(row_id).source for row_id in (nmda_ki, mu_ki) if row_id]
    fraction_row = next(item for item in fractions(slug) if fraction_unbound in (item.value, item.low, item.high))
    return Chart(
        "occupancy", f"{name} at {level_text(level_ng_per_ml)}: how full are the two sites?",
        Axes("Free drug at the site (log scale)", (0.01, 1e6), MOLAR_TICKS, "Sites filled (%)", (-14, 109),
             [0, 25, 50, 75, 100], x_scale="log", right=30),
        marks,
        f"{name} at {level_text(level_ng_per_ml)} in plasma{where}, {fraction_unbound * 100:.3g} % unbound: {molar(free)} free. "
        "Binding predicts " + " and ".join(said) + ".",
        Table(f"{name}, {molar(free)} free", ("Target", "Value chosen", "Sites filled", "Over all values here"), cells),
        [*used, fraction_row.source, *([described.source] if described else [])],
        caveat=PREDICTION,
    )


_nowhere = (1.0, 0.0, 1.0, 0.0)


def _level_options(slug: str) -> dict[float, str]:
    published = {item.value_ng_per_ml: f"{level_text(item.value_ng_per_ml)}: {item.context}" for item in levels(slug)}
    moving = {float(value): level_text(float(value)) for value in FREE_MOVING.get(slug, ())}
    return dict(sorted({**moving, **published}.items()))


def _fraction_options(slug: str) -> dict[float, str]:
    options: dict[float, str] = {}
    for item in fractions(slug):
        for value in (item.low, item.value, item.high):
            if value:
                options.setdefault(value, f"{value * 100:.3g} % ({reference(item.source).label})")
    return dict(sorted(options.items()))


def _ki_options(slug: str, target: str) -> dict[str, str]:
    return {value.row_id: value.label for value in simple_values(slug, target)} or {"": NONE}


def _by_drug(make, *arguments):
    return {slug: make(slug, *arguments) for slug in DRUGS}


def _starting_ki(target: str, preferred: dict[str, str]) -> dict[str, str]:
    options = _by_drug(_ki_options, target)
    return {slug: preferred.get(slug, next(iter(options[slug]))) for slug in DRUGS}


def _offline_levels(slug: str) -> list[float]:
    every = list(_level_options(slug))
    published = [item.value_ng_per_ml for item in levels(slug)]
    return sorted({*published, *(every[::9] if slug in FREE_MOVING else every)})


occupancy = Explorer(
    id="occupancy",
    name="How full are the two sites?",
    draw=draw_occupancy,
    controls=[
        Control("drug_name", "Drug", {slug: drug(slug).name for slug in DRUGS}, "ketamine"),
        Control("level_ng_per_ml", "Level in plasma", _by_drug(_level_options),
                {slug: levels(slug)[0].value_ng_per_ml for slug in DRUGS} | {"ketamine": 185.0}, "slider", "drug_name",
                _by_drug(_offline_levels),
                "For opioids it moves between published levels only."),
        Control("fraction_unbound", "Share not held by proteins", _by_drug(_fraction_options),
                {slug: fractions(slug)[0].value for slug in DRUGS}, "select", "drug_name"),
        Control("nmda_ki", "Published value at NMDA", _by_drug(_ki_options, "NMDA"),
                _starting_ki("NMDA", {"ketamine": "AF04"}), "select", "drug_name"),
        Control("mu_ki", "Published value at mu", _by_drug(_ki_options, "MOR"),
                _starting_ki("MOR", {"ketamine": "AF10"}), "select", "drug_name"),
    ],
    presets={
        "Ketamine infusion, peak": {"drug_name": "ketamine", "level_ng_per_ml": 185.0},
        "Ketamine anaesthesia": {"drug_name": "ketamine", "level_ng_per_ml": 1800.0},
        "Esketamine spray, 84 mg": {"drug_name": "esketamine", "level_ng_per_ml": 101.0},
        "Fentanyl after surgery": {"drug_name": "fentanyl", "level_ng_per_ml": 0.63},
        "Naltrexone": {"drug_name": "naltrexone"},
        "Tramadol": {"drug_name": "tramadol"},
    },
    leaves_out=[
        "Effect: a filled site may be switched on, switched off or left alone. Occupancy is not effect.",
        "The brain: it takes the free level in plasma for the level at the site.",
        "Use: ketamine enters the NMDA channel only while it is open, so this simple equation is approximate there.",
        "Other sites, metabolites, and drugs that change what the body's own opioids do.",
        "Species: most NMDA values come from rat tissue.",
    ],
)
