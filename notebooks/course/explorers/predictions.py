"""Predictions that open an explorer."""

from __future__ import annotations

from ..charts.binding_data import level_text, occupancy_range, percent_range, simple_values
from ..display import Guess, PredictionView
from ..evidence import row

PEAK = "CC01"


def predict_occupancy() -> PredictionView:
    """Guess how full NMDA and mu are at the peak of an antidepressant infusion of ketamine."""
    level = row(PEAK)
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
        "These are predictions from binding, not measurements in people. Each is a range because laboratories disagree "
        "about Ki and about how much drug is unbound. Move the explorer below to see which of the two matters more.",
        [
            level.source,
            *(value.source for target in ("NMDA", "MOR") for value in simple_values("ketamine", target)),
        ],
    )
