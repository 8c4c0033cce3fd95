"""What the charts and the explorer of levels over time read from the tables: models, regimens, doses, findings.

A *set* is one published set of parameters (a slug of `data/pk_models.csv`); all are drawn for the average adult
of `WEIGHT_KG`, the weight for which they were published or scaled here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from ...evidence import nearest, reference, table
from ...evidence.records import KineticObservation, KineticParameter, Regimen
from ...models import kinetics

WEIGHT_KG = 70.0
MIN_PER_H = 60.0
# What turns a published unit into litres, litres per hour, per hour, hours or a share.
FACTORS = {
    "L": 1.0,
    "L/kg": WEIGHT_KG,
    "L/h": 1.0,
    "L/min": MIN_PER_H,
    "1/h": 1.0,
    "1/min": MIN_PER_H,
    "h": 1.0,
    "min": 1 / MIN_PER_H,
    "%": 0.01,
    "ratio": 1.0,
}
VOLUMES = ("central_volume", "second_volume", "third_volume")
FLOWS = ("second_clearance", "third_clearance")
RATES = ("k10", "k12", "k21", "k13", "k31")
PEOPLE, SEED = 300, 20
PERCENTILES = (5, 95)
NBSP = "\u00a0"  # keeps a number on the line of its unit
BASIS = {"measured": "measured", "modelled": "from a published model", "label": "stated by a label"}
DRUG_WORDS = {"ketamine": "Ketamine", "esketamine": "Esketamine", "morphine": "Morphine", "fentanyl": "Fentanyl"}


# Sets and regimens


@cache
def parameters(slug: str) -> dict:
    """Rows of a set by parameter. Raises `ValueError` with the nearest slug for an unknown one."""
    found = {row.parameter: row for row in table(KineticParameter) if row.model == slug}
    if not found:
        known = {row.model for row in table(KineticParameter)}
        raise ValueError(f"There is no set {slug!r} in data/pk_models.csv. {nearest(slug, sorted(known))}")
    return found


@cache
def values(slug: str, part: str) -> dict[str, float]:
    """Parameters of a set in L, L/h, 1/h, h and shares. part: disposition or absorption."""
    return {name: row.value * FACTORS[row.unit] for name, row in parameters(slug).items() if row.part == part}


@cache
def model(slug: str) -> kinetics.Model:
    """The compartments of a set. Raises `ValueError` for an unknown set, or one that only describes absorption."""
    parameters(slug)
    if not values(slug, "disposition"):
        raise ValueError(f"{slug!r} only says how the drug gets in. {nearest(slug, _with_disposition())}")
    return _built(values(slug, "disposition"))


def models(drug: str) -> tuple[str, ...]:
    """Slugs of the sets published for a drug, in file order. Raises `ValueError` with the nearest drug."""
    found = tuple(slug for slug in _with_disposition() if _first(slug).drug == drug)
    if not found:
        drugs = dict.fromkeys(_first(slug).drug for slug in _with_disposition())
        raise ValueError(f"There is no model of {drug!r} in data/pk_models.csv. {nearest(drug, drugs)}")
    return found


@cache
def regimen(regimen_id: str):
    """A regimen's row. Raises `ValueError` with the nearest id for an unknown one."""
    rows = {row.id: row for row in table(Regimen)}
    if regimen_id not in rows:
        raise ValueError(f"There is no regimen {regimen_id!r} in data/regimens.csv. {nearest(regimen_id, rows)}")
    return rows[regimen_id]


def sets(regimen_id: str) -> tuple[str, ...]:
    """The sets that may be shown for a regimen, the usual one first."""
    return tuple(regimen(regimen_id).models.split(";"))


@dataclass(frozen=True)
class Step:
    """One step of a regimen."""

    amount_mg: float
    start_h: float
    duration_h: float


@cache
def steps(regimen_id: str) -> tuple[Step, ...]:
    """The steps of a regimen. Raises `ValueError` if its three lists differ in length."""
    row = regimen(regimen_id)
    columns = [[float(part) for part in text.split(";")] for text in (row.amounts_mg, row.times_min, row.durations_min)]
    if len({len(column) for column in columns}) > 1:
        raise ValueError(f"data/regimens.csv, {row.id}: amounts_mg, times_min and durations_min differ in length.")
    return tuple(Step(mg, start / MIN_PER_H, length / MIN_PER_H) for mg, start, length in zip(*columns, strict=True))


def doses(regimen_id: str, slug: str) -> tuple[kinetics.Dose, ...]:
    """A regimen as doses for a set. A regimen without an absorption set goes straight into the blood."""
    row, given = regimen(regimen_id), steps(regimen_id)
    if not row.absorption:
        return tuple(
            kinetics.Infusion(step.amount_mg, step.duration_h, step.start_h)
            if step.duration_h
            else kinetics.Bolus(step.amount_mg, step.start_h)
            for step in given
        )
    entry = values(row.absorption, "absorption")
    if row.route == "nasal" and "nasal_fraction" in entry:
        return tuple(dose for place, step in enumerate(given) for dose in _spray(step, entry, place == 0))
    if row.route == "oral" and "oral_rate" in entry:
        return tuple(
            kinetics.ZeroThenFirstOrder(
                step.amount_mg,
                entry["oral_duration"],
                entry["oral_rate"],
                step.start_h,
                into="liver",
                fraction=entry["gut_fraction"],
            )
            for step in given
        )
    share, rate = entry["absorbed_fraction"], entry["absorption_rate"]
    if "input_duration" in entry:
        return tuple(
            kinetics.ZeroThenFirstOrder(step.amount_mg, entry["input_duration"], rate, step.start_h, fraction=share)
            for step in given
        )
    return tuple(kinetics.FirstOrder(step.amount_mg, rate, step.start_h, fraction=share) for step in given)


def _spray(step: Step, entry: dict[str, float], first: bool) -> tuple[kinetics.Dose, kinetics.Dose]:
    """One device: what the nose takes up, and what is swallowed and must pass gut and liver."""
    nose = entry["nasal_fraction"] * (1 if first else entry["nasal_fraction_later_devices"])
    return (
        kinetics.FirstOrder(step.amount_mg, entry["nasal_rate"], step.start_h, fraction=nose),
        kinetics.ZeroThenFirstOrder(
            step.amount_mg,
            entry["swallowed_duration"],
            entry["swallowed_rate"],
            step.start_h,
            into="liver",
            fraction=(1 - nose) * entry["gut_fraction"],
        ),
    )


@cache
def _with_disposition() -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.model for row in table(KineticParameter) if row.part == "disposition"))


def _first(slug: str):
    return next(iter(parameters(slug).values()))


def _built(given: dict[str, float]) -> kinetics.Model:
    """Compartments from converted parameters: by rate constants where the set has them, else by flows."""
    if "k10" in given:
        return kinetics.from_rate_constants(given["central_volume"], *(given.get(name) for name in RATES))
    body = kinetics.mammillary(
        [given[name] for name in VOLUMES if name in given],
        given.get("clearance", 0.0),
        [given[name] for name in FLOWS if name in given],
    )
    if "liver_volume" not in given:
        return body
    elimination = given["liver_elimination_other"] + given["liver_elimination_noresketamine"]
    return kinetics.with_first_pass_liver(body, given["hepatic_flow"], given["liver_volume"], elimination)


# Levels


@cache
def times_h(regimen_id: str, until_h: float) -> np.ndarray:
    """Times at which a curve is drawn: dense at first and after each change of input."""
    start = regimen(regimen_id).drawn_from_min / MIN_PER_H
    marks = {start, until_h}
    for step in steps(regimen_id):
        marks |= {step.start_h, step.start_h + step.duration_h}
    if len(steps(regimen_id)) == 1:
        marks |= {dose.start_h + dose.shape[1] for dose in doses(regimen_id, sets(regimen_id)[0])}
    edges = sorted(mark for mark in marks if start <= mark <= until_h)
    pieces = [np.array([start])]
    for low, high in zip(edges, edges[1:], strict=False):
        count = 28 if high == until_h else 8
        pieces.append(low + (high - low) * np.linspace(0, 1, count + 1)[1:] ** 2)
    return np.concatenate(pieces)


@cache
def levels_ng_per_ml(regimen_id: str, slug: str, until_h: float) -> np.ndarray:
    """The predicted level at `times_h` of this regimen and time shown."""
    return kinetics.concentration_ng_per_ml(model(slug), doses(regimen_id, slug), times_h(regimen_id, until_h))


@cache
def level_at(regimen_id: str, slug: str, time_h: float) -> float:
    """The predicted level (ng/mL) at one time."""
    return float(kinetics.concentration_ng_per_ml(model(slug), doses(regimen_id, slug), [time_h])[0])


@cache
def peak(regimen_id: str, slug: str, until_h: float = 24) -> kinetics.Peak:
    """The highest level that may be drawn, and when: not before the regimen's first drawn minute."""
    start = regimen(regimen_id).drawn_from_min / MIN_PER_H
    found = kinetics.peak(model(slug), doses(regimen_id, slug), until_h)
    return found if found.tmax_h >= start else kinetics.Peak(start, level_at(regimen_id, slug, start))


def usable(regimen_id: str) -> tuple[str, ...]:
    """The sets of a regimen that did not fail a check against a measured level."""
    return tuple(slug for slug in sets(regimen_id) if _first(slug).standing != "fails")


@cache
def peak_range(regimen_id: str) -> tuple[str, str]:
    """The sets with the lowest and with the highest peak, failed ones left out."""
    order = sorted(usable(regimen_id), key=lambda slug: peak(regimen_id, slug).cmax_ng_per_ml)
    return order[0], order[-1]


@cache
def between_models(regimen_id: str, until_h: float) -> tuple[np.ndarray, np.ndarray] | None:
    """Lowest and highest level over the sets of a regimen, or None for a single set. Not a spread of people."""
    curves = [levels_ng_per_ml(regimen_id, slug, until_h) for slug in usable(regimen_id)]
    return (np.min(curves, axis=0), np.max(curves, axis=0)) if len(curves) > 1 else None


def varies_between_people(regimen_id: str, slug: str) -> bool:
    """Whether the variance between people was read for every parameter that the regimen uses."""
    used = [row for row in parameters(slug).values() if row.part == "disposition"]
    if absorption := regimen(regimen_id).absorption:
        used += [row for row in parameters(absorption).values() if row.part == "absorption"]
    spreads = [row.between_person_cv_percent for row in used]
    return None not in spreads and any(spreads)


@cache
def between_people(regimen_id: str, slug: str, until_h: float) -> tuple[np.ndarray, np.ndarray] | None:
    """The levels between which 9 in 10 simulated people lie, or None where the variances were not all read."""
    if not varies_between_people(regimen_id, slug):
        return None
    typical = values(slug, "disposition")
    variances = {
        name: kinetics.lognormal_variance(row.between_person_cv_percent)
        for name, row in parameters(slug).items()
        if row.part == "disposition" and row.between_person_cv_percent
    }
    times, given = times_h(regimen_id, until_h), doses(regimen_id, slug)
    low, high = kinetics.band(
        lambda **person: kinetics.concentration_ng_per_ml(_built(person), given, times),
        typical,
        variances,
        seed=SEED,
        people=PEOPLE,
        percentiles=PERCENTILES,
    )
    return low, high


# Findings


@cache
def findings(measure: str, drugs: tuple[str, ...] = (), routes: tuple[str, ...] = ()) -> tuple:
    """Rows of `data/pk_observations.csv` with a value or a range. Empty drugs or routes: all of them."""
    return tuple(
        row
        for row in table(KineticObservation)
        if row.measure == measure and (not drugs or row.drug in drugs) and (not routes or row.route in routes)
    )


@cache
def seen(regimen_id: str) -> tuple:
    """Levels with a time that belong to a regimen, in order of time: what a curve can be compared with."""
    regimen(regimen_id)
    rows = [row for row in table(KineticObservation) if row.regimen == regimen_id and row.unit == "ng/mL"]
    return tuple(sorted((row for row in rows if row.time_h is not None), key=lambda row: row.time_h))


@cache
def comparable(regimen_id: str) -> tuple:
    """The findings of `seen` from the first drawn minute on."""
    start = regimen(regimen_id).drawn_from_min / MIN_PER_H
    # Published times are rounded, so a finding at the first drawn minute may lie a second before it.
    return tuple(row for row in seen(regimen_id) if row.time_h >= start - 0.001)


@cache
def printed_peak(regimen_id: str):
    """The peak that a regimen's own paper prints without a time, or None."""
    rows = [row for row in findings("cmax") if row.regimen == regimen_id and row.time_h is None]
    return rows[0] if rows else None


# Words


@cache
def set_label(slug: str, drug: str = "") -> str:
    """'Kamp 2020a', with what a reader must know: made for S-ketamine, or a failed check."""
    row = _first(slug)
    remarks = []
    if drug and row.drug != drug:
        remarks.append("S form")
    if row.standing == "fails":
        remarks.append("fails a check")
    name = reference(row.source).label
    return f"{name} ({', '.join(remarks)})" if remarks else name


def level(ng_per_ml: float) -> str:
    """A level with three digits at most: 0.36 ng/mL, 19.9 ng/mL, 253 ng/mL, 3,686 ng/mL."""
    return f"{figure(ng_per_ml)}{NBSP}ng/mL"


def figure(value: float) -> str:
    """Three digits at most, and no more than the models can bear."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 1 else f"{value:.3g}"


def duration(hours: float) -> str:
    """'40 min', '2 h', '5.2 h'."""
    if hours < 1.999:
        return f"{hours * MIN_PER_H:.0f}{NBSP}min"
    return f"{hours:.3g}{NBSP}h"


def span_text(low: str, high: str) -> str:
    """'177 to 289 ng/mL' from two texts with the same unit; one text where both read the same."""
    if low == high:
        return high
    unit = high.rpartition(NBSP)[2]
    return f"{low.removesuffix(NBSP + unit)} to {high}"


def finding_text(row, say=level) -> str:
    """A finding as text: value, range and what the range is. `say` writes one number with its unit."""
    ends = span_text(say(row.low), say(row.high)) if row.low is not None and row.high is not None else ""
    if row.value is None:
        return ends
    return f"{say(row.value)} ({ends}, {row.range_is})" if ends else say(row.value)


def labels(rows: Iterable) -> list[str]:
    """Keys of the sources of some rows."""
    return [row.source for row in rows]
