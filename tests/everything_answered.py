"""A record in which everything was done once: every question of the bank, and every other kind of event."""

from __future__ import annotations

from course import record as records
from course.quiz import bank


def an_answer(item):
    """An answer of the right shape, right or not."""
    if item.kind == "single":
        return 0
    if item.kind in ("several", "ordering"):
        return list(range(len(item.options)))
    if item.kind == "number":
        return f"{item.answer.value:.4g} {item.answer.unit}".strip()
    return [slot.right for slot in item.slots]


def answer_everything() -> list[str]:
    """Fills the record in use; returns the kinds of event and of question that are in it."""
    entries, kinds = [], set()
    for place, item in enumerate(item for found in bank.banks() for item in found.items):
        kinds.add(item.kind)
        value = {
            "answer": an_answer(item),
            "verdict": ("right", "partly", "wrong")[place % 3],
            "try": 1,
            "sure": (None, 25, 50, 75, 95)[place % 5],
            "hints": place % 3,
            "mode": "practice",
            "shown": False,
        }
        entries.append(("answer", item.id, value, f"{item.id[1:3]}-a-chapter"))
    other = {
        "draft": ("Q0301", {"answer": 1, "sure": 50}),
        "poll": ("Q0302", {"answer": 1, "mode": "poll"}),
        "guess": ("occupancy", [51, 3]),
        "claim": ("CL001", "holds"),
        "section": ("03-how-much-binds#What-ketamine-fills", True),
        "reset": ("Q0303", None),
        "later": ("something of a later course", {"with": ["parts", 1.5, None]}),
    }
    entries += [(kind, subject, value, "03-how-much-binds") for kind, (subject, value) in other.items()]
    entries += [
        ("section", "03-how-much-binds#What-ketamine-fills", None),
        ("guess", "trial", [2]),
        ("answer", "Q0304", None),
        ("answer", "Q9999", {"answer": "of another course", "verdict": "right"}),
        ("answer", "Q0301", {"answer": 99, "verdict": "wrong"}),
        ("answer", "Q0312", {"answer": "no number", "verdict": "wrong"}),
        ("guess", "=1+1<script>alert(1)</script>\u202e", "µ \U0001f9e0 \ud800"),
    ]
    records.log().write_many(entries)
    return sorted(kinds | set(other))
