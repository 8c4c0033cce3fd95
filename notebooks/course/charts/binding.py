"""The charts of binding: affinities, occupancy against concentration, selectivity, and drugs side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..display import Area, Axes, Chart, ChartView, Dots, Label, Line, Span, Table
from ..evidence import reference, table
from ..pharmacology import binding
from .binding_data import (
    TARGET_COLOURS,
    TARGET_NAMES,
    drug,
    fractions,
    free_nM,
    level_text,
    levels,
    molar,
    occupancy_range,
    percent_range,
    published,
    range_nM,
    simple_values,
    values,
)

MOLAR_TICKS = {1e-2: "0.01 nM", 1: "1 nM", 1e2: "100 nM", 1e4: "10 µM", 1e6: "1 mM"}
MARKERS = {"NMDA": "o", "MOR": "D"}
PREDICTION = "Predicted from binding in the laboratory, not measured in people."
BOUND = (" The upper end at mu uses a deliberately tight Ki of 10 µM that no source reports, to see how far the answer "
         "could move.")


def affinity_ladder(drugs: Sequence[str] = ("ketamine", "esketamine", "tramadol", "o-desmethyltramadol", "morphine",
                                            "methadone", "naltrexone", "fentanyl", "buprenorphine")) -> ChartView:
    """Every published affinity as a dot on a log axis, one row per drug and target.

    drugs: slugs of `data/drugs.csv`. Raises `ValueError` with the nearest name for an unknown one.
    """
    rows = [(slug, target) for slug in drugs for target in ("NMDA", "MOR") if published(slug, target)]
    if not rows:
        raise ValueError("None of these drugs has a published affinity here. Try drugs=['ketamine', 'morphine'].")
    marks, cells, sources = [], [], []
    for place, (slug, target) in enumerate(rows):
        y = len(rows) - place
        found, colour = published(slug, target), TARGET_COLOURS[target]
        name = f"{drug(slug).name} at {'NMDA' if target == 'NMDA' else 'mu'}"
        marks.append(Span(f"row-{slug}-{target}", colour, found[0].ki_nM, y, found[-1].ki_nM, y, width=2, opacity=0.5))
        for verified in (True, False):
            some = [value for value in found if value.verified == verified]
            if some:
                marks.append(Dots(
                    f"dots-{slug}-{target}-{'read' if verified else 'unread'}", colour, [value.ki_nM for value in some],
                    [y] * len(some), MARKERS[target], 10, verified, [f"{name}. {value.label}" for value in some]))
        cells += [(drug(slug).name, TARGET_NAMES[target], molar(value.ki_nM), value.measure, value.status,
                   reference(value.source).label, value.row_id) for value in found]
        sources += [value.source for value in found]
    marks += [Label("tight", "muted", 0.004, len(rows) + 0.95, "← binds tightly"),
              Label("weak", "muted", 2.5e6, len(rows) + 0.95, "binds weakly →", align="right")]
    description = f"{len(cells)} values for {len({slug for slug, _ in rows})} drugs. "
    if ("ketamine", "MOR") in rows:
        nmda, mu = published("ketamine", "NMDA"), published("ketamine", "MOR")
        description += (f"Ketamine: {molar(nmda[0].ki_nM)} to {molar(nmda[-1].ki_nM)} at the NMDA channel site, "
                        f"{molar(mu[0].ki_nM)} to {molar(mu[-1].ki_nM)} at mu. ")
    at_mu = [(published(slug, "MOR")[0].ki_nM, drug(slug).name) for slug, target in rows if target == "MOR"]
    if at_mu:
        description += f"The tightest value at mu is {molar(min(at_mu)[0])} ({min(at_mu)[1]}). "
    description += "Circles are NMDA, diamonds are mu; a hollow shape is a value that we could not verify."
    return ChartView(Chart(
        "affinity-ladder", "How tightly each drug binds spans a factor of millions",
        Axes("Ki, the concentration that fills half of the sites (log scale)", (0.003, 3e6), MOLAR_TICKS,
             "", (0.4, len(rows) + 1.4),
             {len(rows) - place: f"{drug(slug).name} · {'NMDA' if target == 'NMDA' else 'mu'}"
              for place, (slug, target) in enumerate(rows)},
             x_scale="log", left=214, top=6, right=22, grid="x"),
        marks, description,
        Table("Published affinities; a smaller value is tighter binding",
              ("Drug", "Target", "Value", "Measure", "How we know it", "Source", "Row"), cells),
        sources, height=84 + 32 * len(rows),
        caveat="Dots of one row differ because tissue, salt and method differ. Tight binding is not a strong effect.",
    ))


def occupancy_curves(slug: str = "ketamine") -> ChartView:
    """Predicted occupancy of NMDA and mu against the plasma level, with the levels found in people.

    slug: a drug with an unbound fraction and an affinity in `data/`.
    """
    if not fractions(slug) or not levels(slug) or not any(values(slug, target) for target in TARGET_NAMES):
        raise ValueError(f"{drug(slug).name} lacks a level, an unbound fraction or an affinity. Try 'ketamine'.")
    known = levels(slug)
    low_end = 10 ** np.floor(np.log10(known[0].value_ng_per_ml) - 0.5)
    high_end = 10 ** np.ceil(np.log10(known[-1].value_ng_per_ml) + 0.5)
    x = np.geomspace(low_end, high_end, 121)
    ends = [end for row in fractions(slug) for end in (row.low, row.value, row.high) if end]
    marks, cells = [], []
    for target, name in (("NMDA", "NMDA"), ("MOR", "mu")):
        if not simple_values(slug, target):
            continue
        tight, weak = range_nM(slug, target)
        top = 100 * binding.occupancy(free_nM(slug, x, max(ends)), tight)
        bottom = 100 * binding.occupancy(free_nM(slug, x, min(ends)), weak)
        marks.append(Area(f"band-{target}", TARGET_COLOURS[target], x, bottom, top, opacity=0.22))
        for edge, curve in (("top", top), ("bottom", bottom)):
            marks.append(Line(f"{edge}-{target}", TARGET_COLOURS[target], x, curve, "solid" if target == "NMDA" else "dashed", 1.8))
        # The name stands inside its band, where the band is half way up.
        middle = int(np.argmin(np.abs((top + bottom) / 2 - (62 if target == "NMDA" else 38))))
        marks.append(Label(f"name-{target}", TARGET_COLOURS[target], x[middle], (top[middle] + bottom[middle]) / 2, name,
                           align="center", bold=True))
    contexts = _contexts(slug)
    for place, (context, lows, highs, rows) in enumerate(contexts):
        y = -9 - 13 * place
        if highs > lows:
            marks.append(Span(f"level-{place}", "ink", lows, y, highs, y, 4, caps=True))
        marks.append(Dots(f"point-{place}", "ink", [(lows * highs) ** 0.5], [y], "s", 8))
        late = highs > high_end / 20
        marks.append(Label(f"level-name-{place}", "ink", lows if late else highs, y, context, dx=-12 if late else 12,
                           align="right" if late else "left", size=14))
    spoken = []
    for row in known:
        spans = {target: occupancy_range(slug, target, row.value_ng_per_ml) for target in TARGET_NAMES}
        cells.append((row.context, level_text(row.value_ng_per_ml),
                      *(percent_range(*spans[target]) if spans[target] else "no value" for target in ("NMDA", "MOR")),
                      reference(row.source).label, row.id))
        if row.id == "CC01" or (slug != "ketamine" and row is known[-1]):
            spoken.append(f"At {level_text(row.value_ng_per_ml)} ({row.context}) binding predicts "
                          + " and ".join(f"{percent_range(*span)} at {'NMDA' if target == 'NMDA' else 'mu'}"
                                         for target, span in spans.items() if span))
    sources = [row.source for row in known] + [row.source for row in fractions(slug)] + [
        value.source for target in TARGET_NAMES for value in simple_values(slug, target)]
    floor = -15 - 13 * len(contexts)
    return ChartView(Chart(
        f"occupancy-{slug}", f"At the levels of treatment, {drug(slug).name.lower()} is predicted to fill many NMDA sites and few mu sites"
        if slug == "ketamine" else f"Predicted occupancy of {drug(slug).name.lower()} against its level",
        Axes("Total level in plasma (ng/mL, log scale)", (low_end, high_end),
             {10.0 ** power: f"{10.0 ** power:,.0f}" if power >= 0 else f"{10.0 ** power:g}"
              for power in range(int(np.log10(low_end)), int(np.log10(high_end)) + 1)},
             "Sites filled (%)", (floor, 100), [0, 25, 50, 75, 100], x_scale="log", right=26),
        marks, " ".join(f"{text}." for text in spoken) + " The width of each band is the disagreement between published values.",
        Table("Predicted occupancy at levels found in people", ("Situation", "Level", "NMDA", "mu", "Source of the level", "Row"), cells),
        sources, height=400, caveat=PREDICTION + (BOUND if slug == "ketamine" else ""),
    ))


def _contexts(slug: str):
    """Levels grouped by what they go with: (name, lowest, highest, rows), lowest first, at most four."""
    groups: dict[str, list] = {}
    for row in levels(slug):
        groups.setdefault(row.context.split(",")[0], []).append(row)
    found = [(name, min(row.low_ng_per_ml or row.value_ng_per_ml for row in rows),
              max(row.high_ng_per_ml or row.value_ng_per_ml for row in rows), rows) for name, rows in groups.items()]
    return sorted(found, key=lambda group: group[1])[:5]


def selectivity(slug: str = "ketamine", level_ids: Sequence[str] = ("CC03", "CC01", "CC06", "CC04")) -> ChartView:
    """NMDA against mu at the same free concentration, one row per level found in people.

    level_ids: rows of `data/clinical_concentrations.csv` for this drug.
    """
    known = {row.id: row for row in levels(slug)}
    for row_id in level_ids:
        if row_id not in known:
            raise ValueError(f"{row_id!r} is not a level of {drug(slug).name}. Known: {', '.join(known)}.")
    chosen = [known[row_id] for row_id in level_ids]
    free = {row.id: free_nM(slug, row.value_ng_per_ml, fractions(slug)[0].value) for row in chosen}
    marks, cells = [], []
    for place, row in enumerate(chosen):
        y = len(chosen) - place
        shown = []
        for target, shift in (("NMDA", 0.16), ("MOR", -0.16)):
            kis = range_nM(slug, target)
            low, high = (100 * binding.occupancy(free[row.id], ki) for ki in reversed(kis))
            colour = TARGET_COLOURS[target]
            marks.append(Span(f"{target}-{place}", colour, low, y + shift, high, y + shift, 5, caps=True))
            marks.append(Label(f"{target}-name-{place}", colour, high, y + shift,
                               f"{'NMDA' if target == 'NMDA' else 'mu'} {percent_range(low / 100, high / 100)}", dx=9, size=14, bold=True))
            shown.append(percent_range(low / 100, high / 100))
        cells.append((row.context, level_text(row.value_ng_per_ml), molar(free[row.id]), *shown, reference(row.source).label, row.id))
    nmda, mu = range_nM(slug, "NMDA"), range_nM(slug, "MOR")
    return ChartView(Chart(
        f"selectivity-{slug}", "At every level shown, the same free drug fills more NMDA sites than mu sites",
        Axes("Sites filled, over all values of Ki (%)", (0, 150), [0, 25, 50, 75, 100], "", (0.4, len(chosen) + 0.6),
             {len(chosen) - place: f"{row.context.split(',')[0].replace(' after anaesthesia', '')}\n{level_text(row.value_ng_per_ml)}"
              for place, row in enumerate(chosen)}, left=192, top=8, right=10, grid="x"),
        marks,
        f"The mu Ki of {drug(slug).name.lower()} is {mu[0] / nmda[1]:.1f} to {mu[1] / nmda[0]:,.0f} times its NMDA Ki, depending on "
        f"which two values are compared. At {level_text(chosen[0].value_ng_per_ml)} ({chosen[0].context}) that gives "
        f"{cells[0][3]} at NMDA and {cells[0][4]} at mu; at {level_text(chosen[-1].value_ng_per_ml)} ({chosen[-1].context}) "
        f"{cells[-1][3]} and {cells[-1][4]}.",
        Table("Occupancy at the same free concentration",
              ("Situation", "Total level", "Free drug", "NMDA", "mu", "Source of the level", "Row"), cells),
        [row.source for row in chosen] + [fractions(slug)[0].source]
        + [value.source for target in TARGET_NAMES for value in simple_values(slug, target)],
        height=90 + 62 * len(chosen), caveat=PREDICTION + (BOUND if slug == "ketamine" else ""),
    ))


def mu_by_drug(drugs: Sequence[str] = ("naltrexone", "methadone", "buprenorphine", "morphine", "fentanyl", "tramadol",
                                       "ketamine")) -> ChartView:
    """Predicted mu occupancy of each drug at its published levels, beside what the drug does there."""
    marks, cells, sources, kept = [], [], [], []
    for slug in drugs:
        known = levels(slug)
        if slug == "ketamine":
            known = tuple(row for row in known if row.id in ("CC01", "CC02", "CC03"))
        span = occupancy_range(slug, "MOR", [row.value_ng_per_ml for row in known]) if known else None
        if span:
            kept.append((slug, known, span))
    for place, (slug, known, span) in enumerate(kept):
        y = len(kept) - place
        action = drug(slug).opioid_class
        colour = {"opioid antagonist": "purple", "not an opioid": "blue"}.get(action, "orange")
        low, high = 100 * span.low, 100 * span.high
        marks.append(Span(f"span-{slug}", colour, low, y, high, y, 6, caps=True))
        text = f"{percent_range(*span)}: {action.removeprefix('opioid ')}"
        # Above the bar, from whichever end leaves room for the words.
        late = low > 55
        marks.append(Label(f"text-{slug}", colour, high if late else low, y, text, dy=15,
                           align="right" if late else "left", size=14, bold=True))
        cells.append((drug(slug).name, action, f"{level_text(known[0].value_ng_per_ml)} to {level_text(known[-1].value_ng_per_ml)}"
                      if len(known) > 1 else level_text(known[0].value_ng_per_ml), percent_range(*span),
                      ", ".join(dict.fromkeys(reference(row.source).label for row in known))))
        sources += [row.source for row in known] + [value.source for value in simple_values(slug, "MOR")] + [
            row.source for row in fractions(slug)]
    named = {slug: span for slug, _, span in kept}
    description = "Predicted share of mu sites filled at published levels: " + "; ".join(
        f"{drug(slug).name} {percent_range(*span)} ({drug(slug).opioid_class})" for slug, span in named.items()) + "."
    return ChartView(Chart(
        "mu-by-drug", "How full the mu receptor is does not tell you what the drug does there",
        Axes("Mu sites filled, predicted (%)", (0, 100), [0, 25, 50, 75, 100], "", (0.4, len(kept) + 0.6),
             {len(kept) - place: drug(slug).name for place, (slug, _, _) in enumerate(kept)}, left=142, top=12, right=24, grid="x"),
        marks, description,
        Table("Predicted mu occupancy at published levels", ("Drug", "Class by action", "Levels", "mu", "Source of the levels"), cells),
        sources, height=84 + 44 * len(kept),
        caveat="Predicted from laboratory binding. The upper values for morphine and the other tight binders are probably "
               "too high: the level in blood is not the level at the receptor in the brain.",
    ))
