"""Charts a notebook calls by name. Each reads `data/` alone and returns a display."""

from .affinity import affinity_ladder
from .occupancy import mu_by_drug, occupancy_curves, selectivity

__all__ = ["affinity_ladder", "mu_by_drug", "occupancy_curves", "selectivity"]
