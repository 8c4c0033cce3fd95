"""Falls in ventilation after fentanyl, with carbon dioxide held high and in room air."""

from __future__ import annotations

from collections.abc import Callable

from ...evidence import row
from ...evidence.records import Ventilation
from ...models import ventilation
from ..kinetics.rows import WEIGHT_KG
from . import rows as data

FIRST, SECOND, INTERVAL, HIGHEST = "VE18", "VE19", "VE20", "VE21"


def _falls() -> tuple[float, float]:
    """Deepest fall after each of two injections (%)."""
    doses = (row(FIRST, Ventilation).value, row(SECOND, Ventilation).value)
    pause = int(row(INTERVAL, Ventilation).value)
    found = data.fentanyl_course(doses, (0.0, float(pause)), "naive", 2 * pause).fall
    return 100 * float(found[: pause + 1].max()), 100 * float(found[pause + 1 :].max())


def _long_term() -> float:
    return 100 * data.fentanyl_lowest_fall(row(HIGHEST, Ventilation).high / WEIGHT_KG, "long-term")


def _room_air() -> float:
    """As if the level in plasma were that at the effect site."""
    c50 = row(data.PEOPLE["naive"], Ventilation).value
    return 100 * ventilation.fall(row("VE11", Ventilation).dose, c50, data.value("VE62"), data.value("VE63"))


VALUES: dict[str, Callable[[], float]] = {
    "RP50": lambda: _falls()[0],
    "RP51": lambda: _falls()[1],
    "RP52": _long_term,
    "RP53": _room_air,
}
