"""Shows questions: one display, one question or several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from markupsafe import escape

from ..display import Display, source_links
from .bank import Item
from .grading import OFFERED, SLIPS, factors, unit_kind

LETTERS = "ABCDEF"
HOW = {"single": "Choose one.", "several": "Choose every one that fits.", "number": ""}


def rich(text: str) -> str:
    """A text as HTML: all escaped, then **bold** and *italic*; a number stays on the line of its unit."""
    safe = re.sub(r"(\d) (?=%|[nµm]M\b|ng/mL|g/mol)", "\\1\u00a0", str(escape(text)))
    safe = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", safe)
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", safe)


def plain(text: str) -> str:
    """A text without its ** and *."""
    return re.sub(r"\*\*?(.+?)\*\*?", r"\1", text)


class QuizView(Display):
    """Questions with feedback at once. What is chosen is judged in the page, with a kernel or without."""

    kind = "quiz"
    keeps = "answer"

    def subjects(self) -> list[str]:
        """Ids of the questions."""
        return [item.id for item in self.items]

    def __init__(self, items: Sequence[Item]):
        self.items = tuple(items)
        super().__init__(
            {
                "id": "-".join(item.id for item in items),
                "items": [item_spec(item) for item in items],
                "cites": [key for item in items for key in item.sources],
                "script": {"items": [_script_spec(item) for item in items]},
            }
        )

    def __repr__(self) -> str:
        return f"<{self.kind} {' '.join(item.id for item in self.items)}>"


def item_spec(item: Item) -> dict[str, Any]:
    """An item as plain data, for the template, a key or an export. Names ending in _html are markup."""
    return {
        "id": item.id,
        "number": f"{int(item.id[1:3])}.{int(item.id[3:])}",
        "objective": item.objective,
        "level": item.level,
        "kind": item.kind,
        "stem": plain(item.stem),
        "stem_html": rich(item.stem),
        "how": HOW[item.kind]
        or f"Write a number with its unit: {OFFERED[unit_kind(item.answer.unit)]}.".replace(" with its unit: .", "."),
        "options": [
            {
                "letter": letter,
                "text": plain(option.text),
                "html": rich(option.text),
                "right": option.right,
                "feedback": plain(option.feedback),
            }
            for letter, option in zip(LETTERS, item.options, strict=False)
        ],
        "hint_html": rich(item.hint),
        "key": key(item),
        "why": plain(item.why),
        "why_html": rich(item.why),
        "section": section(item),
        "sources": source_links(item.sources),
    }


def key(item: Item) -> str:
    """The answer in words: the right options, or the number with its unit and tolerance."""
    if item.kind == "number":
        value = f"{item.answer.value:.3g}" if item.answer.value < 100 else f"{item.answer.value:,.0f}"
        return f"{value} {item.answer.unit}".strip() + f" (within {item.answer.tolerance_text})"
    right = [
        f"{letter}. {plain(option.text)}" for letter, option in zip(LETTERS, item.options, strict=False) if option.right
    ]
    return "; ".join(right)


def section(item: Item) -> dict[str, str]:
    """Where to read again: the anchor for a link, and the heading's own words."""
    return {"anchor": quote(item.section, safe=",?"), "title": item.section.replace("-", " ")}


def _script_spec(item: Item) -> dict[str, Any]:
    """What the script needs to judge without a kernel. Feedback becomes markup here, and only here."""
    found: dict[str, Any] = {
        "id": item.id,
        "kind": item.kind,
        "key": key(item),
        "why": rich(item.why),
        "section": section(item),
    }
    if item.kind == "number":
        slips, said = SLIPS[unit_kind(item.answer.unit)]
        found |= {
            "value": item.answer.value,
            "unit": item.answer.unit,
            "tolerance": item.answer.tolerance,
            "factors": factors(item.answer.unit),
            "offered": OFFERED[unit_kind(item.answer.unit)],
            "slips": list(slips),
            "slip": said,
            "traps": [
                {"value": trap.value, "tolerance": trap.tolerance, "feedback": rich(trap.feedback)}
                for trap in item.traps
            ],
        }
    else:
        found["options"] = [{"right": option.right, "feedback": rich(option.feedback)} for option in item.options]
    return found
