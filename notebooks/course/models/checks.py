"""What the models accept: finite numbers, none below zero. Anything else is refused by its name."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Array", "Flags", "numbers", "number", "plain"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def numbers(values: ArrayLike, name: str, *, positive: bool = False, at_most: float = np.inf) -> Array:
    """`values` as an array of floats. Raises `ValueError` naming the argument."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number or an array of numbers, not {values!r}") from None
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, not {values!r}")
    if (array < 0).any() or (positive and (array == 0).any()):
        raise ValueError(f"{name} must be {'above' if positive else 'at least'} zero, not {values!r}")
    if at_most < np.inf and (array > at_most).any():
        raise ValueError(f"{name} must be at most {at_most}, not {values!r}")
    return array


def number(value: float, name: str, *, positive: bool = False, at_most: float = math.inf) -> float:
    """`value` as one float: the same rules as `numbers`, without the cost of an array."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number, not {value!r}") from None
    if not math.isfinite(found):
        raise ValueError(f"{name} must be finite, not {value!r}")
    if found < 0 or (positive and found == 0):
        raise ValueError(f"{name} must be {'above' if positive else 'at least'} zero, not {value!r}")
    if found > at_most:
        raise ValueError(f"{name} must be at most {at_most}, not {value!r}")
    return found


def plain(result: Any) -> Array | float:
    """A float for a single value, the array otherwise."""
    return float(result) if np.ndim(result) == 0 else result
