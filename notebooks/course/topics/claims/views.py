"""Shows claims to judge: one display, one claim or all sixteen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...display import Display, source_links
from ...evidence.records import Claim
from .credit import CLOSE, FULL, HALF, NOTHING, ORDER, SAYS
from .rows import ARTICLES, VERDICTS, claims, sources_behind


class ClaimsView(Display):
    """Claims with four verdicts each. The learner's judgment comes first; then verdict, reason and sources."""

    kind = "claims"
    keeps = "claim"

    def subjects(self) -> list[str]:
        """Ids of the claims."""
        return [found["id"] for found in self.spec["claims"]]

    def __init__(self, chosen: Sequence[Claim]):
        specs = [claim_spec(found, number) for number, found in enumerate(chosen, 1)]
        everything = [found.id for found in chosen] == [found.id for found in claims() if found.core == "yes"]
        super().__init__(
            {
                "id": "core" if everything else "-".join(found.id for found in chosen),
                "claims": specs,
                "verdicts": [{"name": name, "means": means} for name, (*_, means) in VERDICTS.items()],
                "cites": sources_behind(chosen),
                "script": {
                    "claims": [{key: spec[key] for key in SCRIPTED} for spec in specs],
                    "verdicts": list(ORDER),
                    "says": [SAYS[points] for points in (NOTHING, HALF, FULL)],
                    "close": list(CLOSE.values()),
                },
            }
        )

    def __repr__(self) -> str:
        return f"<{self.kind} {self.spec['id']}>"


# What the script needs of a claim to judge it without a kernel.
SCRIPTED = ("id", "number", "article", "claim", "verdict", "reason", "teaches")


def claim_spec(found: Claim, number: int) -> dict[str, Any]:
    """A claim as plain data, for the template, the script and the key. All of it is text."""
    return {
        "id": found.id,
        "number": number,
        "article": ARTICLES[found.article],
        "place": found.place,
        "claim": found.claim,
        "verdict": found.verdict,
        "reason": found.reason,
        "teaches": found.teaches,
        "rows": found.rows.split(),
        "sources": source_links(sources_behind([found])),
    }
