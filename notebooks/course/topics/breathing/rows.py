"""What the breathing charts and the ventilation explorer read from `data/ventilation.csv`: one place for each choice.

All of it comes from controlled tests in volunteers with carbon dioxide held fixed. Levels over time come from the
kinetic models of `kinetics_data`; the first minutes after an injection are not shown, because no such model has
them right.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from ...evidence import reference, row, table
from ...evidence.records import Ventilation
from ...models import kinetics, ventilation
from ..binding.rows import NBSP, drug
from ..kinetics.rows import WEIGHT_KG, model

MINUS = "\u2212"
NAMES = {"remifentanil": "Remifentanil", "naloxone": "Naloxone"}
COLOURS = {"ketamine": "blue", "esketamine": "blue"}
CLAMP = (
    "Measured in volunteers with carbon dioxide held fixed, an extreme test: not a ward, not a home, and no measure of "
    "what happens to a person."
)
EMERGENCY = (
    "If someone is unresponsive or not breathing normally: call emergency services and give naloxone if an opioid is "
    "possible, even when unsure; it does not reverse ketamine."
)
FIRST_MINUTES = 5  # earlier levels are not drawn: every published fentanyl model is several times too high there
INJECTION_H = 1.5 / 60  # fentanyl was given over 90 seconds
STATUS = {
    "derived": "our arithmetic",
    "recalled": "unverified",
    "assumption": "chosen here",
    "secondary": "read in a copy",
}
PEOPLE = {"naive": "VE06", "long-term": "VE07"}  # the row of each C50
ANCHOR, DOUBLING, LOWEST, HIGHEST = "VE36", "VE35", "VE37", "VE38"


def value(row_id: str) -> float:
    """The number of one row."""
    return row(row_id, Ventilation).value


def name_of(slug: str) -> str:
    """The drug's name on screen."""
    return NAMES.get(slug) or drug(slug).name


def colour_of(slug: str) -> str:
    """Blue for ketamine and its forms, orange for opioids."""
    return COLOURS.get(slug, "orange")


def rows(quantity: str, unit: str = "") -> list:
    """All rows of a quantity, in file order."""
    return [found for found in table(Ventilation) if found.quantity == quantity and unit in ("", found.unit)]


def how(found) -> str:
    """How a row is known, for a table."""
    return STATUS.get(found.verification, "read in the abstract")


def source_of(found) -> str:
    """The short name of a row's source."""
    return reference(found.source).label if found.source else "this course"


def litres(change: float) -> str:
    """A change of ventilation with its sign: -4.9 L/min, +3.1 L/min."""
    sign = "+" if change > 0 else MINUS if change < 0 else ""
    return f"{sign}{abs(change):.1f}{NBSP}L/min"


def percent(share: float) -> str:
    """A share as a whole percentage."""
    return f"{100 * share:.0f}{NBSP}%"


def dose_text(found) -> str:
    """The dose of a row as text, or nothing. Ketamine in Bourke 1987 came in steps: its dose is a running total."""
    if found.dose is None:
        return ""
    in_all = f"{NBSP}in all" if found.drug == "ketamine" and found.source == row(ANCHOR).source else ""
    return f"{found.dose:g}{NBSP}{found.dose_unit}{in_all}"


@cache
def ketamine_line() -> ventilation.DoseLine:
    """Bourke's line for ketamine, from its four rows."""
    anchor, doubling = row(ANCHOR, Ventilation), row(DOUBLING, Ventilation)
    return ventilation.DoseLine(
        anchor.dose,
        -anchor.value,
        (anchor.high - anchor.low) / 2,
        -doubling.value,
        (doubling.high - doubling.low) / 2,
        value(LOWEST),
        value(HIGHEST),
    )


class Course(NamedTuple):
    """Levels and fall over time. `fall` is a fraction; low and high are its range, from the rows' spread."""

    times_min: np.ndarray
    plasma: np.ndarray
    effect_site: np.ndarray
    fall: np.ndarray
    low: np.ndarray
    high: np.ndarray


@cache
def fentanyl_course(doses_ug: tuple[float, ...], at_min: tuple[float, ...], people: str, until_min: int) -> Course:
    """After one or more injections (µg, for 70 kg), each over 90 seconds; levels in ng/mL, one point a minute.

    people: naive or long-term. The range is that of the published C50 plus and minus its standard error. The rate of
    equilibration and the Hill coefficient were calibrated for this course.
    """
    body = kinetics.with_effect_site(model("fentanyl-algera2021"), 60 * value("VE61"))
    doses = [
        kinetics.Infusion(ug / 1000, INJECTION_H, minute / 60) for ug, minute in zip(doses_ug, at_min, strict=True)
    ]
    times, plasma, effect = _levels(body, doses, until_min)
    c50 = row(PEOPLE[people], Ventilation)
    middle, low, high = (
        ventilation.fall(effect, c50_ng_per_ml, value("VE62"), value("VE63"))
        for c50_ng_per_ml in (c50.value, c50.high, c50.low)
    )
    return Course(times, plasma, effect, middle, low, high)


@cache
def fentanyl_lowest_fall(ug_per_kg: float, people: str) -> float:
    """The deepest fall after one injection, as a fraction."""
    return float(fentanyl_course((ug_per_kg * WEIGHT_KG,), (0.0,), people, 120).fall.max())


@cache
def morphine_course(mg: float, until_min: int) -> Course:
    """After one injection (mg, for 70 kg); levels in nmol/L. The range spans the two published sets of values.

    The C25 of the older study is turned into a C50 with a Hill coefficient of 1.
    """
    hill, older_c50 = value("VE24"), value("VE22") * morphine_c50_ratio()
    found = []
    for c50, half_life_h in ((value("VE22"), value("VE23")), (older_c50, value("VE26"))):
        body = kinetics.with_effect_site(model("morphine-sarton2000"), np.log(2) / half_life_h)
        times, plasma, effect = (
            part if place == 0 else part / drug("morphine").molar_mass_g_per_mol * 1000
            for place, part in enumerate(_levels(body, [kinetics.Bolus(mg)], until_min))
        )
        found.append(Course(times, plasma, effect, *(ventilation.fall(effect, c50, hill),) * 3))
    newer, older = found
    return newer._replace(low=np.minimum(newer.fall, older.fall), high=np.maximum(newer.fall, older.fall))


def morphine_c50_ratio() -> float:
    """The C50 of the older morphine study, if its curve had the Hill coefficient of the newer one, over the newer."""
    return value("VE25") * 3 ** (1 / value("VE24")) / value("VE22")


def morphine_slowest_min() -> dict[str, float]:
    """Minutes until breathing is slowest after one injection, by the row of the rate that was published."""
    rates = {row_id: np.log(2) / value(row_id) for row_id in ("VE23", "VE26")} | {
        row_id: 60 * value(row_id) for row_id in ("VE27", "VE28")
    }
    found = {}
    for row_id, ke0_per_h in rates.items():
        body = kinetics.with_effect_site(model("morphine-sarton2000"), ke0_per_h)
        times, _, effect = _levels(body, [kinetics.Bolus(value("VE29"))], 480)
        found[row_id] = float(times[int(effect.argmax())])
    return found


def _levels(body: kinetics.Model, doses, until_min: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    times = np.arange(0, until_min + 1, dtype=float)
    # The exact solution may miss zero by a rounding error at the moment of the dose.
    plasma, effect = (
        np.maximum(kinetics.concentration_ng_per_ml(body, doses, times / 60, place), 0)
        for place in ("central", "effect_site")
    )
    return times, plasma, effect


def with_esketamine(esketamine_ng_per_ml, opioid_ratio: float):
    """Ventilation (L/min) with esketamine on top of remifentanil, from the study's values and an opioid ratio."""
    return ventilation.ventilation_with_esketamine_l_per_min(
        esketamine_ng_per_ml, opioid_ratio, value("VE33"), value("VE30"), value("VE31"), value("VE32")
    )


def esketamine_range(esketamine_ng_per_ml) -> tuple:
    """Lowest and highest ventilation over the assumed ratios of remifentanil to its C50."""
    ratio = row("VE34", Ventilation)
    return with_esketamine(esketamine_ng_per_ml, ratio.high), with_esketamine(esketamine_ng_per_ml, ratio.low)


def share_regained() -> tuple[float, float]:
    """The part of the loss that esketamine gives back at its C50-doubling level: lowest and highest."""
    lost = value("VE30") - value("VE31")
    low, high = ((found - value("VE31")) / lost for found in esketamine_range(value("VE33")))
    return low, high
