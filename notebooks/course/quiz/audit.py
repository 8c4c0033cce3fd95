"""A page to audit: written for this course in the manner of pages that sell, judged sentence by sentence.

Transfer, not recall: nobody has met these sentences before. They are handed in together, and only then does the kernel
say which of them hold; the page in the browser has no key.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import Any

from ..display import Display
from ..evidence import row, table
from ..evidence.records import AuditClaim
from ..record import log
from .items import Item, Option
from .views import TestView, quiz_spec, script_spec
from .words import rich

VERDICTS = {
    "holds": "Holds",
    "needs qualification": "Needs qualification",
    "does not hold": "Does not hold",
    "cannot be checked": "Cannot be checked",
}
TITLE = "Your questions about our ketamine nasal spray"
MADE_UP = "Written for this course in the manner of a compounding pharmacy’s page. There is no such pharmacy."
FIRST = 61  # the items are called Q1061 and so on: none of them is in a bank, and none counts for the gain


@cache
def audit_items() -> tuple[Item, ...]:
    """The sentences of the page as questions, in their order there."""
    return tuple(_item(number, claim) for number, claim in enumerate(table(AuditClaim)))


def audit_item(item_id: str) -> Item | None:
    """One of them by its id; None for any other."""
    return next((item for item in audit_items() if item.id == item_id), None)


def _item(number: int, claim: AuditClaim) -> Item:
    rows = tuple(claim.rows.split())
    options = tuple(
        Option(words, verdict == claim.verdict, claim.reason, "" if verdict == claim.verdict else claim.teaches)
        for verdict, words in VERDICTS.items()
    )
    return Item(
        id=f"Q10{FIRST + number}",
        objective="O9.2",
        level="core",
        bloom="evaluate",
        kind="single",
        stem=f"“{claim.claim}” Which verdict fits?",
        section="09-claim-check#Four-verdicts",
        facts=(claim.id, *rows),
        why=f"{claim.reason} {claim.teaches}",
        hints=(),
        case=None,
        rows=(claim.id, *rows),
        sources=tuple(dict.fromkeys(row(row_id).source for row_id in rows if row(row_id).source)),
        file="quizzes/10-final-check.yaml",
        line=1,
        raw={"order": "fixed"},
        options=options,
    )


def page_html() -> str:
    """The page as markup, for the frame of a case: headings, and under each its sentences as one paragraph."""
    parts = [f"<em>{rich(MADE_UP)}</em>"]
    for place, claims in groupby(table(AuditClaim), key=lambda claim: claim.place):
        parts.append(f"<strong>{rich(place)}</strong> {' '.join(rich(claim.claim) for claim in claims)}")
    return "</p><p>".join(parts)


class AuditView(TestView):
    """The page, and a verdict to give on each of its sentences; handed in together."""

    def __init__(self) -> None:
        self.items = audit_items()
        self.form = "page"
        spec: dict[str, Any] = {
            **quiz_spec(self.items, "check"),
            "id": "audit",
            "title": "Audit a page: a verdict on each of its sentences",
            "form": "page",
            "cites": [],
            "script": {
                "mode": "check",
                "form": "page",
                "items": [script_spec(item, judged=False) for item in self.items],
            },
        }
        spec["items"][0]["case"] = {"id": "C1061", "title": TITLE, "html": page_html()}
        for number, each in enumerate(spec["items"], 1):
            each["number"] = str(number)
        Display.__init__(self, spec)
        self.usual = self.spec
        self.data = {**self.data, "seed": log().seed, "handed": self._handed()}
