"""Charts a notebook calls by name. Each reads `data/` alone and returns a display."""

from ..lazy import names

_MODULES = {
    "affinity_ladder": "affinity",
    "mu_by_drug": "occupancy",
    "occupancy_curves": "occupancy",
    "selectivity": "occupancy",
}
__all__ = sorted(_MODULES)
__getattr__, __dir__ = names(__name__, _MODULES, "chart")
