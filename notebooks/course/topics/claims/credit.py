"""What a judgment of a claim earns. Pure; `assets/scripts/claims.js` goes by the same rule and words."""

from __future__ import annotations

from ...evidence import nearest
from .rows import VERDICTS

ORDER = tuple(VERDICTS)
FULL, HALF, NOTHING = 1.0, 0.5, 0.0
SAYS = {
    FULL: "You agree with the evidence: one point.",
    HALF: "Close: half a point.",
    NOTHING: "The evidence says otherwise: no point.",
}
# Why two neighbours are close; both orders of a pair read the same.
CLOSE = {
    ("holds", "needs qualification"): "You saw what is right in it. The question is whether it can stand as it is.",
    ("needs qualification", "does not hold"): "You saw that it cannot stand as it is. The question is how much of it "
    "remains.",
    ("does not hold", "cannot be checked"): "You saw that it cannot be relied on. The question is whether evidence "
    "speaks against it, or is missing.",
}


def credit(given: str, verdict: str) -> float:
    """1 for the same verdict, one half for its neighbor in `ORDER`, else 0. Raises `ValueError` for other words."""
    for word in (given, verdict):
        if word not in ORDER:
            raise ValueError(f"{word!r} is not a verdict. {nearest(str(word), ORDER)}")
    return {0: FULL, 1: HALF}.get(abs(ORDER.index(given) - ORDER.index(verdict)), NOTHING)


def close(given: str, verdict: str) -> str:
    """Why an adjacent answer is close; nothing for any other."""
    return CLOSE.get((given, verdict)) or CLOSE.get((verdict, given), "")
