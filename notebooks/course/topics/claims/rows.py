"""The claims of two clinic articles: verdicts in words and marks, and the rows that they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ...evidence import nearest, reference, row, table
from ...evidence.records import Claim, Row

ARTICLES = {"A": "Article A", "B": "Article B"}
# Verdict -> marker, filled, colour, and what it means. Neighbours in this order are adjacent answers.
VERDICTS: dict[str, tuple[str, bool, str, str]] = {
    "holds": ("o", True, "ink", "what it says is right"),
    "needs qualification": ("D", False, "ink", "right in part, or too strong"),
    "does not hold": ("s", True, "ink", "what was found speaks against it"),
    "cannot be checked": ("^", False, "muted", "no source was found, or it is a promise or an opinion"),
}
OF_SEVERAL = {"holds": "hold", "needs qualification": "need qualification", "does not hold": "do not hold"}
TOPICS = {
    "mechanism": "How it acts",
    "evidence": "What studies found",
    "risks": "Risks",
    "law": "Law",
    "uses": "Uses",
    "formats": "Treatment formats",
}


@cache
def claims(article: str = "", verdict: str = "", topic: str = "") -> tuple[Claim, ...]:
    """Rows of `data/claims.csv`, all or those of one article, verdict or topic."""
    wanted = {"article": article, "verdict": verdict, "topic": topic}
    return tuple(
        found
        for found in table(Claim)
        if all(not value or getattr(found, name) == value for name, value in wanted.items())
    )


def claim(claim_id: str) -> Claim:
    """One claim. Raises `KeyError` with the nearest id for an unknown one."""
    known = {found.id: found for found in claims()}
    if claim_id not in known:
        raise KeyError(f"There is no claim {claim_id!r}. {nearest(str(claim_id), known)}")
    return known[claim_id]


def rows_behind(found: Claim) -> list[Row]:
    """The rows that the reason of a claim rests on."""
    return [row(row_id) for row_id in found.rows.split()]


def sources_behind(found: Iterable[Claim]) -> list[str]:
    """Keys of the sources of those rows, each once."""
    return list(dict.fromkeys(behind.source for one in found for behind in rows_behind(one) if behind.source))


def labels_behind(found: Claim) -> str:
    """Labels of those sources, for a table; a dash where nothing bears on the claim."""
    return ", ".join(reference(key).label for key in sources_behind([found])) or "–"


def counted(found: Iterable[Claim]) -> dict[str, int]:
    """How many claims have each verdict."""
    verdicts = [one.verdict for one in found]
    return {verdict: verdicts.count(verdict) for verdict in VERDICTS}


def in_words(counts: dict[str, int]) -> str:
    """'29 hold, 65 need qualification, …'"""
    return ", ".join(
        f"{count} {verdict if count == 1 else OF_SEVERAL.get(verdict, verdict)}" for verdict, count in counts.items()
    )
