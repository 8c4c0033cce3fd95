"""Explorers, and the predictions that open them, which a notebook calls by name."""

from ..lazy import names

_MODULES = {
    "occupancy": "binding",
    "predict_occupancy": "binding",
}
__all__ = sorted(_MODULES)
__getattr__, __dir__ = names(__name__, _MODULES, "explorer")
