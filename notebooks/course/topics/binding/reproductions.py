"""Receptor occupancy against scans of people, and the arithmetic of the racemate."""

from __future__ import annotations

from collections.abc import Callable

from ...evidence import row
from ...evidence.records import Affinity, Concentration, UnboundFraction
from ...models import binding
from .rows import drug


def _racemate_uM() -> float:
    return binding.racemate_ki_nM(row("AF18", Affinity).value_nM, row("AF23", Affinity).value_nM) / 1000


def _occupied(slug: str, total_ng_per_ml: Callable[[], float], fraction: str, affinity: str) -> Callable[[], float]:
    """Percent of sites held at a total level, by an unbound fraction and an affinity given as row ids."""

    def value() -> float:
        free = binding.free_concentration_nM(
            total_ng_per_ml(), drug(slug).molar_mass_g_per_mol, row(fraction, UnboundFraction).value
        )
        return 100 * binding.occupancy(free, row(affinity, Affinity).value_nM)

    return value


VALUES: dict[str, Callable[[], float]] = {
    "RP45": _racemate_uM,
    "RP46": _occupied("naltrexone", lambda: row("CC22", Concentration).value_ng_per_ml, "UF11", "AF55"),
    "RP47": _occupied("naltrexone", lambda: row("CC22", Concentration).value_ng_per_ml, "UF11", "AF56"),
    "RP48": _occupied("buprenorphine", lambda: row("CC20", Concentration).value_ng_per_ml, "UF10", "AF49"),
    "RP49": _occupied("methadone", lambda: row("CC19", Concentration).low_ng_per_ml, "UF08", "AF43"),
}
