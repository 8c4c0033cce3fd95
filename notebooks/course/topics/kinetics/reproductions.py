"""Levels, areas and shares absorbed, from the parameter sets of `data/pk_models.csv`."""

from __future__ import annotations

from collections.abc import Callable

from ...evidence import row
from ...evidence.records import Reproduction
from ...models import kinetics
from . import rows as data

# Regimen of each row whose dose stands in data/regimens.csv.
REGIMENS = {
    **dict.fromkeys(("RP01", "RP02"), "RG05"),
    **dict.fromkeys(("RP03", "RP04", "RP07"), "RG06"),
    **dict.fromkeys(("RP05", "RP06", "RP08", "RP12"), "RG07"),
    "RP09": "RG08",
    **dict.fromkeys(("RP13", "RP14", "RP15", "RP16", "RP17"), "RG01"),
    **dict.fromkeys(("RP18", "RP19", "RP20", "RP21", "RP22"), "RG02"),
    **dict.fromkeys(("RP28", "RP29"), "RG13"),
    **dict.fromkeys(("RP30", "RP31", "RP33"), "RG14"),
    **dict.fromkeys(("RP37", "RP38", "RP39", "RP40", "RP41", "RP42"), "RG15"),
    **dict.fromkeys(("RP43", "RP44"), "RG04"),
}


def _given(row_id: str) -> tuple[kinetics.Model, tuple[kinetics.Dose, ...]]:
    found = row(row_id, Reproduction)
    if row_id in REGIMENS:
        return data.model(found.model), data.doses(REGIMENS[row_id], found.model)
    return data.model(found.model), (kinetics.Bolus(found.dose_mg),)


def _level(row_id: str) -> Callable[[], float]:
    """Level at the row's time (ng/mL)."""

    def value() -> float:
        return float(kinetics.concentration_ng_per_ml(*_given(row_id), [row(row_id, Reproduction).time_h])[0])

    return value


def _peak(row_id: str) -> Callable[[], float]:
    """Highest level of the first day (ng/mL)."""
    return lambda: kinetics.peak(*_given(row_id), 24).cmax_ng_per_ml


def _area(row_id: str) -> Callable[[], float]:
    """Area until the row's time, or to infinity where it has none (ng h/mL)."""
    return lambda: kinetics.auc_ng_h_per_ml(*_given(row_id), row(row_id, Reproduction).time_h)


def _absorbed(row_id: str) -> Callable[[], float]:
    """Area over that of the same amount into a vein (%)."""

    def value() -> float:
        model, doses = _given(row_id)
        amount = sum(step.amount_mg for step in data.steps(REGIMENS[row_id]))
        injected = kinetics.auc_ng_h_per_ml(model, kinetics.Bolus(amount))
        return 100 * kinetics.auc_ng_h_per_ml(model, doses) / injected

    return value


def _clearance(row_id: str) -> Callable[[], float]:
    """Dose over area (L/h)."""

    def value() -> float:
        model, doses = _given(row_id)
        amount = sum(dose.effective_mg for dose in doses)
        return amount / kinetics.auc_ng_h_per_ml(model, doses) * kinetics.NG_PER_ML

    return value


def _volume(row_id: str) -> Callable[[], float]:
    """Sum of the compartments but the liver (L)."""

    def value() -> float:
        model = data.model(row(row_id, Reproduction).model)
        return sum(litres for name, litres in zip(model.names, model.volumes_l, strict=True) if name != "liver")

    return value


def _after_last(row_id: str) -> Callable[[], float]:
    """Time from the last step to the peak (h)."""

    def value() -> float:
        last = data.steps(REGIMENS[row_id])[-1].start_h
        return kinetics.peak(*_given(row_id), 24).tmax_h - last

    return value


def _half_life(row_id: str) -> Callable[[], float]:
    """The longest of the model's half-lives (h)."""
    return lambda: float(kinetics.half_lives_h(data.model(row(row_id, Reproduction).model))[-1])


VALUES: dict[str, Callable[[], float]] = {
    row_id: build(row_id)
    for build, row_ids in (
        (_peak, ("RP01", "RP03", "RP05")),
        (_area, ("RP02", "RP04", "RP06", "RP33", "RP34", "RP40", "RP41", "RP42")),
        (_absorbed, ("RP07", "RP08", "RP09")),
        (_clearance, ("RP10", "RP26", "RP32")),
        (_volume, ("RP11", "RP27")),
        (_after_last, ("RP12",)),
        (_level, tuple(f"RP{n}" for n in (*range(13, 26), 28, 29, 30, 31, 35, 37, 38, 39, 43, 44))),
        (_half_life, ("RP36",)),
    )
    for row_id in row_ids
}
