"""How full the sites are: against the level, at the same free concentration, and drug by drug."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np

from ...display import Area, Axes, Chart, ChartView, Dots, Label, Line, Mark, Span, Table, row_axes, row_height
from ...evidence import reference
from ...models import binding
from .rows import (
    PREDICTION,
    SHORT_NAMES,
    TARGET_COLOURS,
    TARGET_NAMES,
    drug,
    fractions,
    free_nM,
    in_order,
    level_text,
    levels,
    molar,
    occupancy_range,
    percent_range,
    range_nM,
    range_values,
    simple_values,
    unbound_ends,
)

PERCENT_TICKS = (0, 25, 50, 75, 100)
KETAMINE_LEVELS = ("CC03", "CC01", "CC06", "CC04")
WIDTH, LEFT, RIGHT = 640, 64, 30
LETTER = 9  # pixels of a letter at the size of a label, at most
READ = " Ranges are over values that were read in a source."
RECALLED = " The values of {} were cited from memory and await a check against their source."
MU_DRUGS = ("naltrexone", "methadone", "buprenorphine", "morphine", "fentanyl", "tramadol", "ketamine")
# Ketamine and its S form beside treatments, so without their levels of anesthesia.
SUBANAESTHETIC = {"ketamine": ("CC01", "CC02", "CC03"), "esketamine": ("CC07", "CC08", "CC09", "CC10")}


def occupancy_curves(slug: str = "ketamine") -> ChartView:
    """Predicted occupancy of NMDA and mu against the plasma level, with the levels found in people.

    slug: a drug with a level, an unbound fraction and an affinity in `data/`: ketamine, esketamine, morphine, fentanyl,
    methadone, buprenorphine, naltrexone, naloxone or tramadol. Raises `ValueError` that lists them for another.
    """
    if slug not in _drawn():
        raise ValueError(
            f"{drug(slug).name} lacks a level, an unbound fraction or an affinity in data/. "
            f"These have all three: {', '.join(_drawn())}."
        )
    targets = [target for target in TARGET_NAMES if simple_values(slug, target)]
    known = levels(slug)
    lowest, highest = np.log10(known[0].value_ng_per_ml), np.log10(known[-1].value_ng_per_ml)
    powers = range(int(np.floor(lowest - 0.5)), int(np.ceil(highest + 0.5)) + 1)
    ends = (10.0 ** powers[0], 10.0 ** powers[-1])
    contexts = _contexts(slug)
    title = _curves_message(slug, targets)
    if slug == "ketamine":
        title = "At the levels of treatment, ketamine is predicted to fill many NMDA sites and few mu sites"
    return ChartView(
        Chart(
            f"occupancy-{slug}",
            title,
            Axes(
                "Total level in plasma (ng/mL, log scale)",
                ends,
                {10.0**power: f"{10.0**power:,.0f}" if power >= 0 else f"{10.0**power:g}" for power in powers},
                "Sites filled (%)",
                (-15 - 13 * len(contexts), 100),
                PERCENT_TICKS,
                x_scale="log",
                left=LEFT,
                right=RIGHT,
            ),
            [
                *(mark for target in targets for mark in _band(slug, target, np.geomspace(*ends, 121))),
                *(mark for place, context in enumerate(contexts) for mark in _context_marks(place, *context, ends)),
            ],
            _curves_description(slug, targets),
            Table(
                "Predicted occupancy at levels found in people",
                ("Situation", "Level", "NMDA", "mu", "Source of the level", "Row"),
                [
                    (
                        row.context,
                        level_text(row.value_ng_per_ml),
                        *(_range_text(slug, target, row) for target in TARGET_NAMES),
                        reference(row.source).label,
                        row.id,
                    )
                    for row in known
                ],
            ),
            _sources(slug, known, TARGET_NAMES),
            height=400,
            caveat=PREDICTION + _checked(slug),
        )
    )


def _band(slug: str, target: str, level_ng_per_ml: np.ndarray) -> list[Mark]:
    """From the weakest value and the smallest unbound share to the tightest and the largest."""
    tight, weak = range_nM(slug, target)
    most, least = max(unbound_ends(slug)), min(unbound_ends(slug))
    top = 100 * binding.occupancy(free_nM(slug, level_ng_per_ml, most), tight)
    bottom = 100 * binding.occupancy(free_nM(slug, level_ng_per_ml, least), weak)
    colour, dash = TARGET_COLOURS[target], "solid" if target == "NMDA" else "dashed"
    middle = (top + bottom) / 2
    # The name stands inside its band, where there is room for it.
    at = int(np.argmin(np.abs(middle - (62 if target == "NMDA" else 38))[12:-12])) + 12
    return [
        Area(f"band-{target}", colour, level_ng_per_ml, bottom, top, opacity=0.22),
        Line(f"top-{target}", colour, level_ng_per_ml, top, dash, 1.8),
        Line(f"bottom-{target}", colour, level_ng_per_ml, bottom, dash, 1.8),
        Label(
            f"name-{target}", colour, level_ng_per_ml[at], middle[at], SHORT_NAMES[target], align="center", bold=True
        ),
    ]


def _contexts(slug: str) -> list[tuple[str, float, float]]:
    """Levels grouped by what they go with: (name, lowest, highest), lowest first, at most five."""
    groups: dict[str, list] = {}
    for row in levels(slug):
        groups.setdefault(row.context.split(",")[0], []).append(row)
    found = [
        (
            name,
            min(row.low_ng_per_ml or row.value_ng_per_ml for row in rows),
            max(row.high_ng_per_ml or row.value_ng_per_ml for row in rows),
        )
        for name, rows in groups.items()
    ]
    return sorted(found, key=lambda group: group[1])[:5]


def _context_marks(place: int, name: str, low: float, high: float, ends: tuple[float, float]) -> list[Mark]:
    """A bar under the curves with its name on whichever side has more room, and short where that is not enough."""
    y = -9 - 13 * place
    before, after = (share * (WIDTH - LEFT - RIGHT) for share in _room(low, high, ends))
    late = before > after
    if len(name) * LETTER > max(before + LEFT * late, after + RIGHT * (not late)) - 16:
        name = name.split(" after ")[0]
    marks: list[Mark] = [Span(f"level-{place}", "ink", low, y, high, y, 4, caps=True)] if high > low else []
    return [
        *marks,
        Dots(f"point-{place}", "ink", [(low * high) ** 0.5], [y], "s", 8),
        Label(
            f"level-name-{place}",
            "ink",
            low if late else high,
            y,
            name,
            dx=-12 if late else 12,
            align="right" if late else "left",
            size=15,
        ),
    ]


def _room(low: float, high: float, ends: tuple[float, float]) -> tuple[float, float]:
    """The shares of a log axis that lie before `low` and after `high`."""
    whole = np.log10(ends[1] / ends[0])
    return float(np.log10(low / ends[0]) / whole), float(np.log10(ends[1] / high) / whole)


def _drawn() -> list[str]:
    """Drugs with all that a curve needs: a level, an unbound fraction, a value for the simple equation."""
    return list(
        in_order(
            ("ketamine",),
            lambda slug: bool(
                levels(slug) and fractions(slug) and any(simple_values(slug, target) for target in TARGET_NAMES)
            ),
        )
    )


def _compared() -> list[str]:
    """Those of them with values at both targets."""
    return [slug for slug in _drawn() if all(range_nM(slug, target) for target in TARGET_NAMES)]


def _curves_message(slug: str, targets: Sequence[str]) -> str:
    """What the curves say at a level that people reach."""
    row = levels(slug)[-1]
    filled = " and ".join(f"{_range_text(slug, target, row)} of {SHORT_NAMES[target]} sites" for target in targets)
    return f"At {level_text(row.value_ng_per_ml)}, {drug(slug).name.lower()} is predicted to fill {filled}"


def _checked(slug: str) -> str:
    """Whether the values behind the ranges were read, target by target."""
    recalled = [
        name for target, name in SHORT_NAMES.items() if not all(value.verified for value in range_values(slug, target))
    ]
    return (
        RECALLED.format(" and ".join(f"{drug(slug).name.lower()} at {name}" for name in recalled)) if recalled else READ
    )


def _range_text(slug: str, target: str, row) -> str:
    span = occupancy_range(slug, target, row.value_ng_per_ml)
    return percent_range(*span) if span else "no value"


def _curves_description(slug: str, targets: Sequence[str]) -> str:
    row = next((row for row in levels(slug) if row.id == "CC01"), levels(slug)[-1])
    said = " and ".join(f"{_range_text(slug, target, row)} at {SHORT_NAMES[target]}" for target in targets)
    return (
        f"At {level_text(row.value_ng_per_ml)} ({row.context}) binding predicts {said}. "
        "The width of each band is how far the values that were read differ, and how much of the drug is unbound."
    )


def selectivity(slug: str = "ketamine", level_ids: Sequence[str] | None = None) -> ChartView:
    """NMDA against mu at the same free concentration, one row per level found in people.

    slug: a drug with levels, an unbound fraction and values at both targets: ketamine, esketamine or methadone.
    Raises `ValueError` that lists them for another. level_ids: rows of `data/clinical_concentrations.csv` for
    this drug, up to six; if not given, four of ketamine, all of another.
    """
    if slug not in _compared():
        raise ValueError(
            f"{drug(slug).name} has no level, no unbound fraction, or no usable value at one of the two targets. "
            f"These have all: {', '.join(_compared())}."
        )
    known = {row.id: row for row in levels(slug)}
    if level_ids is None:
        level_ids = KETAMINE_LEVELS if slug == "ketamine" else tuple(known)
    for row_id in level_ids:
        if row_id not in known:
            raise ValueError(f"{row_id!r} is not a level of {drug(slug).name}. Known: {', '.join(known)}.")
    if len(set(level_ids)) < len(level_ids):
        raise ValueError("level_ids holds a level twice. Name each once.")
    chosen = [known[row_id] for row_id in level_ids]
    least = fractions(slug)[0]
    heights = {row.id: len(chosen) - place for place, row in enumerate(chosen)}
    spans = {
        (row.id, target): [
            100 * binding.occupancy(free_nM(slug, row.value_ng_per_ml, least.value), ki)
            for ki in reversed(range_nM(slug, target))
        ]
        for row in chosen
        for target in TARGET_NAMES
    }
    texts = {key: percent_range(low / 100, high / 100) for key, (low, high) in spans.items()}
    marks: list[Mark] = []
    for (row_id, target), (low, high) in spans.items():
        y = heights[row_id] + (0.02 if target == "NMDA" else -0.28)
        colour, text = TARGET_COLOURS[target], f"{SHORT_NAMES[target]} {texts[row_id, target]}"
        marks.append(Span(f"{target}-{row_id}", colour, low, y, high, y, 5, caps=True))
        marks.append(Label(f"{target}-name-{row_id}", colour, high, y, text, dx=9, size=15, bold=True))
    nmda, mu = range_nM(slug, "NMDA"), range_nM(slug, "MOR")
    said = "; ".join(
        f"at {level_text(row.value_ng_per_ml)} ({row.context}) {texts[row.id, 'NMDA']} at NMDA and "
        f"{texts[row.id, 'MOR']} at mu"
        for row in (chosen[0], chosen[-1])
    )
    return ChartView(
        Chart(
            f"selectivity-{slug}",
            _selectivity_message(spans, [row.id for row in chosen]),
            row_axes(
                "Sites filled, over the values of Ki that were read (%)",
                (-1, 145),
                PERCENT_TICKS,
                [
                    f"{_short_context(row)}\n{level_text(row.value_ng_per_ml)}".replace("\n", " ").replace(
                        f" {level_text(row.value_ng_per_ml)}", f"\n{level_text(row.value_ng_per_ml)}"
                    )
                    for row in chosen
                ],
            ),
            marks,
            f"The mu Ki of {drug(slug).name.lower()} is {mu[0] / nmda[1]:.1f} to {mu[1] / nmda[0]:,.0f} times its NMDA "
            f"Ki, depending on which two values are compared. That gives {said}.",
            Table(
                "Occupancy at the same free concentration",
                ("Situation", "Total level", "Free drug", "NMDA", "mu", "Source of the level", "Row"),
                [
                    (
                        row.context,
                        level_text(row.value_ng_per_ml),
                        molar(free_nM(slug, row.value_ng_per_ml, least.value)),
                        texts[row.id, "NMDA"],
                        texts[row.id, "MOR"],
                        reference(row.source).label,
                        row.id,
                    )
                    for row in chosen
                ],
            ),
            [
                *(row.source for row in chosen),
                least.source,
                *(value.source for target in TARGET_NAMES for value in range_values(slug, target)),
            ],
            height=row_height(len(chosen), 62),
            subtitle=f"{drug(slug).name} at levels published in people; the same free drug at both receptors.",
            caveat=PREDICTION + _checked(slug),
        )
    )


def _selectivity_message(spans: dict, row_ids: Sequence[str]) -> str:
    """Which of the two targets is filled more, as far as the values agree."""
    said = "At every level shown, the same free drug fills more {} sites than {} sites"
    for more, less in (("NMDA", "MOR"), ("MOR", "NMDA")):
        if all(spans[row_id, more][0] >= spans[row_id, less][1] for row_id in row_ids):
            return said.format(SHORT_NAMES[more], SHORT_NAMES[less])
    return "The values of Ki do not agree on which of the two targets the same free drug fills more"


def _short_context(row) -> str:
    name = row.context.split(",")[0].replace(" after anesthesia", "").split(" after ")[0]
    return "\n".join(textwrap.wrap(name, 20))


def mu_by_drug(drugs: Sequence[str] | None = None) -> ChartView:
    """Predicted mu occupancy of each drug at its published levels, beside what the drug does there.

    drugs: slugs of `data/drugs.csv`, all if not given. Those without a level, an unbound fraction or a usable value
    at mu are left out.
    """
    if drugs is None:
        drugs = in_order(MU_DRUGS, lambda slug: bool(fractions(slug)))
    shown = []
    for slug in drugs:
        known = [row for row in levels(slug) if row.id in SUBANAESTHETIC.get(slug, (row.id,))]
        span = occupancy_range(slug, "MOR", [row.value_ng_per_ml for row in known]) if known else None
        if span:
            shown.append((slug, known, span))
    if not shown:
        raise ValueError(
            "None of these drugs has a level and a usable value at mu. Try drugs=['ketamine', 'morphine']."
        )
    heights = {slug: len(shown) - place for place, (slug, _, _) in enumerate(shown)}
    said = "; ".join(f"{drug(slug).name} {percent_range(*span)} ({drug(slug).opioid_class})" for slug, _, span in shown)
    return ChartView(
        Chart(
            "mu-by-drug",
            "How full the mu receptor is does not tell you what the drug does there",
            Axes(
                "Mu sites filled, predicted (%)",
                (0, 100),
                PERCENT_TICKS,
                "",
                (0.4, len(shown) + 0.6),
                {height: drug(slug).name for slug, height in heights.items()},
                left=142,
                top=12,
                right=24,
                grid="x",
            ),
            [mark for slug, _, span in shown for mark in _drug_marks(slug, span, heights[slug])],
            f"Predicted share of mu sites filled at published levels: {said}.",
            Table(
                "Predicted mu occupancy at published levels",
                ("Drug", "Class by action", "Levels", "mu", "Values at mu", "Source of the levels"),
                [
                    (
                        drug(slug).name,
                        drug(slug).opioid_class,
                        _levels_text(known),
                        percent_range(*span),
                        "; ".join(value.label for value in range_values(slug, "MOR")),
                        ", ".join(dict.fromkeys(reference(row.source).label for row in known)),
                    )
                    for slug, known, span in shown
                ],
            ),
            [source for slug, known, _ in shown for source in _sources(slug, known, ("MOR",))],
            height=84 + 44 * len(shown),
            caveat="† rests on values that were not read in a source; the table says which. Predicted from laboratory "
            "binding. The upper values for morphine and the other tight binders are probably too high: the level in "
            "blood is not the level at the receptor in the brain.",
        )
    )


def _drug_marks(slug: str, span: binding.Interval, height: float) -> list[Mark]:
    """A bar, and above it, from whichever end leaves room, what the drug does."""
    action = drug(slug).opioid_class
    colour = {"opioid antagonist": "ink", "not an opioid": "blue"}.get(action, "orange")
    low, high = 100 * span.low, 100 * span.high
    late = low > 45
    text = f"{percent_range(*span)}: {action.removeprefix('opioid ')}{_dagger(slug)}"
    return [
        Span(f"span-{slug}", colour, low, height, high, height, 6, caps=True),
        Label(
            f"text-{slug}",
            colour,
            high if late else low,
            height,
            text,
            dy=15,
            align="right" if late else "left",
            size=15,
            bold=True,
        ),
    ]


def _dagger(slug: str) -> str:
    """A mark for a drug whose bar includes a value that was not read in a source."""
    return "" if all(value.verified for value in range_values(slug, "MOR")) else " †"


def _levels_text(rows) -> str:
    first, last = level_text(rows[0].value_ng_per_ml), level_text(rows[-1].value_ng_per_ml)
    return first if first == last else f"{first} to {last}"


def _sources(slug: str, rows, targets: Sequence[str]) -> list[str]:
    """Keys behind levels, unbound fractions and values of a drug."""
    return [
        *(row.source for row in rows),
        *(row.source for row in fractions(slug)),
        *(value.source for target in targets for value in range_values(slug, target)),
    ]
