"""Explorers and predictions a notebook calls by name."""

from .occupancy import occupancy
from .predictions import predict_occupancy

__all__ = ["occupancy", "predict_occupancy"]
