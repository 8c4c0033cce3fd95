"""A prediction: the learner commits to a guess before anything moves, then sees the gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .base import Display


@dataclass(frozen=True)
class Guess:
    """A number to guess, and the range that the course then shows. All in `unit`."""

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

    def __post_init__(self) -> None:
        if not self.minimum <= self.low <= self.high <= self.maximum:
            raise ValueError(f"Guess {self.name!r}: the answer {self.low} to {self.high} lies outside its slider.")

    def spec(self) -> dict[str, Any]:
        """As plain data for the template."""
        return {"shape": "slider", **asdict(self)}


@dataclass(frozen=True)
class Pick:
    """One of several things to pick. options: key -> what the learner reads; answer: the key that holds."""

    name: str
    label: str
    options: Mapping[str, str]
    answer: str

    def __post_init__(self) -> None:
        if self.answer not in self.options:
            raise ValueError(f"Pick {self.name!r}: its answer {self.answer!r} is not among its options.")

    def spec(self) -> dict[str, Any]:
        """As plain data for the template."""
        return {
            "shape": "pick",
            "name": self.name,
            "label": self.label,
            "texts": list(self.options.values()),
            "right": list(self.options).index(self.answer),
            "answer": self.options[self.answer],
        }


# What the script needs of a guess to judge it.
JUDGED_BY = {
    "slider": ("shape", "name", "label", "unit", "low", "high", "answer", "minimum", "maximum", "start"),
    "pick": ("shape", "name", "label", "texts", "right", "answer"),
}


class PredictionView(Display):
    """A question with one control per guess, and the gap after the learner has committed.

    why: what to make of the answer, shown with it. cites: keys of sources behind the answer.
    """

    kind = "prediction"
    keeps = "guess"

    def subjects(self) -> list[str]:
        """The prediction itself."""
        return [self.spec["id"]]

    def __init__(
        self, prediction_id: str, question: str, guesses: Sequence[Guess | Pick], why: str, cites: Sequence[str]
    ):
        specs = [guess.spec() for guess in guesses]
        super().__init__(
            {
                "id": prediction_id,
                "question": question,
                "guesses": specs,
                "why": why,
                "cites": [key for key in cites if key],
                "script": {"guesses": [{key: spec[key] for key in JUDGED_BY[spec["shape"]]} for spec in specs]},
            }
        )
