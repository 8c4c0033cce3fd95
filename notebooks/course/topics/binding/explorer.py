"""How much of NMDA and mu a drug fills at a level, by whichever Ki: the guess, and the explorer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...display import (
    Area,
    Axes,
    Chart,
    Control,
    Dots,
    Explorer,
    Guess,
    Label,
    Line,
    Mark,
    PredictionView,
    Span,
    Table,
    spread,
)
from ...evidence import reference, row
from ...evidence.records import Concentration
from ...models import binding
from .rows import (
    MARKERS,
    MOLAR_TICKS,
    PREDICTION,
    SHORT_NAMES,
    TARGET_COLOURS,
    Value,
    drug,
    fractions,
    free_nM,
    in_order,
    level_text,
    levels,
    molar,
    occupancy_range,
    percent,
    percent_range,
    range_nM,
    range_values,
    simple_values,
)

# Every drug with a level, an unbound share and a value at either site; ketamine and its half come first.
DRUGS = in_order(
    ("ketamine", "esketamine"),
    lambda slug: bool(levels(slug) and fractions(slug) and (simple_values(slug, "NMDA") or simple_values(slug, "MOR"))),
)
# Only for ketamine does the level move freely: it is the question of this chapter. Opioids keep to
# the levels that were published for supervised use.
FREE_MOVING = {"ketamine": np.round(np.geomspace(10, 30000, 81), -1)}
PEAK = "CC01"
NONE = "no value here"
CURVE_NM = np.geomspace(0.01, 1e6, 97)
SITE_NAMES = {"NMDA": "NMDA channel sites", "MOR": "mu sites"}


def draw_occupancy(drug_name: str, level_ng_per_ml: float, fraction_unbound: float, nmda_ki: str, mu_ki: str) -> Chart:
    """Occupancy of both sites at one level.

    nmda_ki, mu_ki: ids of rows of `data/affinities.csv`, or "" where there is no value.
    """
    name, free = drug(drug_name).name, free_nM(drug_name, level_ng_per_ml, fraction_unbound)
    sites = [_Site.at(drug_name, target, row_id, free) for target, row_id in (("NMDA", nmda_ki), ("MOR", mu_ki))]
    level, unbound = level_text(level_ng_per_ml), f"{fraction_unbound * 100:.3g}\u00a0%"
    published = next((row for row in levels(drug_name) if row.value_ng_per_ml == level_ng_per_ml), None)
    situation = f" ({published.context})" if published else ""
    share = next(row for row in fractions(drug_name) if fraction_unbound in (row.value, row.low, row.high))
    said_short = " and ".join(
        f"{percent(site.filled / 100)} of {SITE_NAMES[site.target]}" for site in sites if site.value
    )
    said = " and ".join(site.words() for site in sites if site.value)
    return Chart(
        "occupancy",
        f"{name} at {level} is predicted to fill {said_short}",
        Axes(
            "Free drug at the site (log scale)",
            (0.01, 1e6),
            MOLAR_TICKS,
            "Sites filled (%)",
            (-14, 109),
            [0, 25, 50, 75, 100],
            x_scale="log",
            right=30,
        ),
        [
            *(mark for site in sites for mark in site.marks()),
            Span("level", "ink", free, 0, free, 100, 1.5, "dotted"),
            *_percent_labels(sites, free),
            *_published_range(drug_name, fraction_unbound),
            Label("where", "ink", free, 105, f"{level}, {molar(free)} free", align=_towards_middle(free)),
        ],
        f"{name} at {level} in plasma{situation}, {unbound} unbound: {molar(free)} free. Binding predicts {said}.",
        Table(
            f"{name}, {molar(free)} free",
            ("Target", "Value chosen", "Sites filled", "Over the values that were read"),
            [site.cells() for site in sites],
        ),
        [
            *(site.value.source for site in sites if site.value),
            share.source,
            *([published.source] if published else []),
        ],
        caveat=PREDICTION,
    )


@dataclass(frozen=True)
class _Site:
    """One target at one free concentration. Without a value it keeps its marks, empty."""

    target: str
    value: Value | None
    free_nM: float
    tight_nM: float = 1
    weak_nM: float = 1
    others: bool = False

    @classmethod
    def at(cls, slug: str, target: str, row_id: str, free: float) -> _Site:
        values = simple_values(slug, target)
        chosen = next((value for value in values if value.row_id == row_id), None)
        return (
            cls(target, chosen, free, *range_nM(slug, target), len(values) > 1) if chosen else cls(target, None, free)
        )

    @property
    def filled(self) -> float:
        return 100 * binding.occupancy(self.free_nM, self.value.ki_nM) if self.value else 0.0

    @property
    def ends(self) -> tuple[float, float]:
        weak, tight = (100 * binding.occupancy(self.free_nM, ki) for ki in (self.weak_nM, self.tight_nM))
        return weak, tight

    def marks(self) -> list[Mark]:
        target, colour, free = self.target, TARGET_COLOURS[self.target], self.free_nM
        if not self.value:
            return [
                Area(f"band-{target}", colour),
                Line(f"curve-{target}", colour),
                Span(f"range-{target}", colour, 1, 0, 1, 0),
                Dots(f"dot-{target}", colour),
            ]
        weakest, chosen, tightest = (
            100 * binding.occupancy(CURVE_NM, ki) for ki in (self.weak_nM, self.value.ki_nM, self.tight_nM)
        )
        low, high = self.ends
        return [
            Area(f"band-{target}", colour, CURVE_NM, weakest, tightest),
            Line(f"curve-{target}", colour, CURVE_NM, chosen, "solid" if target == "NMDA" else "dashed"),
            Span(f"range-{target}", colour, free, low, free, high, 5, opacity=0.55),
            Dots(f"dot-{target}", colour, [free], [self.filled], MARKERS[target], 11),
        ]

    def range_text(self) -> str:
        low, high = self.ends
        return percent_range(low / 100, high / 100)

    def words(self) -> str:
        said = f"{percent(self.filled / 100)} of {SITE_NAMES[self.target]} with {self.value.label}"
        return f"{said} ({self.range_text()} over the values that were read)" if self.others else said

    def label(self) -> str:
        return f"{SHORT_NAMES[self.target]} {percent(self.filled / 100)}" if self.value else ""

    def cells(self) -> tuple[str, ...]:
        if not self.value:
            return (SHORT_NAMES[self.target], NONE, "", "")
        return (SHORT_NAMES[self.target], self.value.label, percent(self.filled / 100), self.range_text())


def _percent_labels(sites: list[_Site], free: float) -> list[Mark]:
    """Beside the dots, apart from each other, and on the side with room."""
    heights = spread([site.filled for site in sites], 9, 3, 97)
    dx, align = (-12, "right") if free > 3e3 else (12, "left")
    return [
        Label(f"says-{site.target}", TARGET_COLOURS[site.target], free, y, site.label(), dx, 0, align, True, 16)
        for site, y in zip(sites, heights, strict=True)
    ]


def _published_range(slug: str, fraction_unbound: float) -> list[Mark]:
    """A bar under the axis from the lowest to the highest level found in people."""
    rows = levels(slug)
    low = free_nM(slug, rows[0].low_ng_per_ml or rows[0].value_ng_per_ml, fraction_unbound)
    high = free_nM(slug, max(row.high_ng_per_ml or row.value_ng_per_ml for row in rows), fraction_unbound)
    x, dx, align = (high, 10, "left") if low < 30 else (low, -10, "right")
    return [
        Span("published", "ink", low, -8, high, -8, 5, caps=True),
        Label("published-name", "ink", x, -8, "levels published in people", dx, 0, align),
    ]


def _towards_middle(free: float) -> str:
    return "left" if free <= 1 else "center" if free < 2e3 else "right"


def _level_options(slug: str) -> dict[float, str]:
    published = {item.value_ng_per_ml: f"{level_text(item.value_ng_per_ml)}: {item.context}" for item in levels(slug)}
    moving = {float(value): level_text(float(value)) for value in FREE_MOVING.get(slug, ())}
    return dict(sorted({**moving, **published}.items()))


def _fraction_options(slug: str) -> dict[float, str]:
    options: dict[float, str] = {}
    for item in fractions(slug):
        for value in (item.low, item.value, item.high):
            if value:
                options.setdefault(value, f"{value * 100:.3g}\u00a0% ({reference(item.source).label})")
    return dict(sorted(options.items()))


def _ki_options(slug: str, target: str) -> dict[str, str]:
    return {value.row_id: value.label for value in simple_values(slug, target)} or {"": NONE}


def _by_drug(make, *arguments):
    return {slug: make(slug, *arguments) for slug in DRUGS}


def _sources() -> list[str]:
    """Keys of all sources that a state may cite."""
    rows = [
        row
        for slug in DRUGS
        for row in (*levels(slug), *fractions(slug), *simple_values(slug, "NMDA"), *simple_values(slug, "MOR"))
    ]
    return [row.source for row in rows]


def _starting_ki(target: str, preferred: dict[str, str]) -> dict[str, str]:
    """The preferred value of each drug, else the tightest that was read in a source, else the tightest."""
    found = {}
    for slug in DRUGS:
        values = sorted(simple_values(slug, target), key=lambda value: not value.verified)
        found[slug] = preferred.get(slug, values[0].row_id if values else "")
    return found


def _offline_levels(slug: str) -> list[float]:
    every = list(_level_options(slug))
    published = [item.value_ng_per_ml for item in levels(slug)]
    return sorted({*published, *(every[::9] if slug in FREE_MOVING else every)})


occupancy = Explorer(
    id="occupancy",
    name="How full are the two sites?",
    draw=draw_occupancy,
    main="level_ng_per_ml",
    before=("dot-NMDA", "dot-MOR"),
    controls=[
        Control("drug_name", "Drug", {slug: drug(slug).name for slug in DRUGS}, "ketamine"),
        Control(
            "level_ng_per_ml",
            "Level in plasma",
            _by_drug(_level_options),
            {slug: levels(slug)[0].value_ng_per_ml for slug in DRUGS} | {"ketamine": 185.0},
            "slider",
            "drug_name",
            _by_drug(_offline_levels),
            "For opioids it moves between published levels only.",
        ),
        Control(
            "fraction_unbound",
            "Share not held by proteins",
            _by_drug(_fraction_options),
            {slug: fractions(slug)[0].value for slug in DRUGS},
            "select",
            "drug_name",
        ),
        Control(
            "nmda_ki",
            "Value at NMDA",
            _by_drug(_ki_options, "NMDA"),
            _starting_ki("NMDA", {"ketamine": "AF04"}),
            "select",
            "drug_name",
        ),
        Control(
            "mu_ki",
            "Value at mu",
            _by_drug(_ki_options, "MOR"),
            _starting_ki("MOR", {"ketamine": "AF10"}),
            "select",
            "drug_name",
        ),
    ],
    presets={
        "Ketamine infusion, peak": {"drug_name": "ketamine", "level_ng_per_ml": 185.0},
        "Ketamine anesthesia": {"drug_name": "ketamine", "level_ng_per_ml": 1800.0},
        "Esketamine spray, 84 mg": {"drug_name": "esketamine", "level_ng_per_ml": 101.0},
        "Fentanyl after surgery": {"drug_name": "fentanyl", "level_ng_per_ml": 0.63},
        "Naltrexone": {"drug_name": "naltrexone"},
        "Tramadol": {"drug_name": "tramadol"},
    },
    leaves_out={
        "effect": "A filled site may be switched on, switched off or left alone. Occupancy is not effect.",
        "the brain": "It takes the free level in plasma for the level at the site. Plasma is not brain.",
        "use": "Ketamine enters the NMDA channel only while it is open, so this simple equation is approximate there.",
        "other sites": "It knows nothing of other targets, of metabolites, or of changes in the body's own opioids.",
        "species": "Where it is stated, the NMDA values come from rat tissue.",
    },
    sources=_sources,
)


def predict_occupancy() -> PredictionView:
    """Guess how full NMDA and mu are at the peak of an antidepressant infusion of ketamine."""
    level = row(PEAK, Concentration)
    spans = {target: occupancy_range("ketamine", target, level.value_ng_per_ml) for target in ("NMDA", "MOR")}
    guesses = [
        Guess(
            target,
            label,
            "%",
            100 * spans[target].low,
            100 * spans[target].high,
            percent_range(*spans[target]),
        )
        for target, label in (("NMDA", "NMDA channel sites filled"), ("MOR", "Mu-opioid sites filled"))
    ]
    return PredictionView(
        "occupancy",
        f"At the peak of a ketamine infusion for depression the level in plasma is about "
        f"{level_text(level.value_ng_per_ml)}. What share of each receptor does ketamine then fill?",
        guesses,
        "These are predictions from binding, not measurements in people. At NMDA the range is wide because "
        "laboratories disagree about Ki. At mu it rests on one laboratory, and on one value whose paper is not known. "
        "Move the explorer below to see what moves the answer most.",
        [
            level.source,
            *(value.source for target in ("NMDA", "MOR") for value in range_values("ketamine", target)),
        ],
    )
