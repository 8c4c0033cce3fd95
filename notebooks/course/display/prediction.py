"""A prediction: the learner commits to a guess before anything moves, then sees the gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from .base import Display


@dataclass(frozen=True)
class Guess:
    """One thing to guess, and the range that the course then shows. All in `unit`."""

    name: str
    label: str
    unit: str
    low: float
    high: float
    answer: str
    minimum: float = 0
    maximum: float = 100
    step: float = 1
    start: float = 50


class PredictionView(Display):
    """A question with one slider per guess, and the gap after the learner has committed.

    why: what to make of the answer, shown with it. cites: keys of sources behind the answer.
    """

    kind = "prediction"

    def __init__(self, prediction_id: str, question: str, guesses: Sequence[Guess], why: str, cites: Sequence[str]):
        spec = [asdict(guess) for guess in guesses]
        super().__init__(
            {
                "id": prediction_id,
                "question": question,
                "guesses": spec,
                "why": why,
                "cites": [key for key in cites if key],
                "script": {
                    "guesses": [
                        {
                            key: guess[key]
                            for key in (
                                "name",
                                "label",
                                "unit",
                                "low",
                                "high",
                                "answer",
                                "minimum",
                                "maximum",
                                "start",
                            )
                        }
                        for guess in spec
                    ]
                },
            }
        )
