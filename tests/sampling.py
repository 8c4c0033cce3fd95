"""Which of many alike cases run every time: every third here, all of them in `make proof`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest


def some(cases: Sequence[Any], turn: int, of: int = 3) -> list[Any]:
    """Every `of`th case as it is, beginning at `turn`; the others are marked as slow proofs.

    Tests that go by chapter begin at different turns, so that each chapter meets some of them every time.
    """
    return [
        case if place % of == turn % of else pytest.param(*_values(case), marks=pytest.mark.proof)
        for place, case in enumerate(cases)
    ]


def _values(case: Any) -> tuple[Any, ...]:
    return case if isinstance(case, tuple) else (case,)
