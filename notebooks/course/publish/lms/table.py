"""Questions as a table: one row each, for a spreadsheet or a system that reads none of the other formats."""

from __future__ import annotations

import csv
import io

from ...learning.export import cell
from ...quiz.items import Option, Trap
from ...quiz.kinds import KINDS, kind_of
from ...quiz.views import section
from ...quiz.words import LETTERS, plain
from .entries import Entry, Written, lettered

OPTIONS = LETTERS[:8]
COLUMNS = (
    *("id", "chapter", "level", "form", "kind", "objective", "bloom", "points", "case", "question", "how"),
    *(f"option_{letter}" for letter in OPTIONS),
    *("key", "feedback", "misconceptions", "why", "hints", "read_again", "facts", "sources"),
)


def write(entry: Entry) -> Written:
    """One row."""
    item, kind = entry.item, kind_of(entry.item)
    options = dict(lettered(entry)) if kind_of(item) in (KINDS["single"], KINDS["several"], KINDS["truth"]) else {}
    replies: list[Option | Trap] = [
        *item.options,
        *(option for slot in item.slots for option in slot.options),
        *item.traps,
    ]
    wrong = dict(kind.replies(item))
    told = {to: option.feedback for to, option in wrong.items()} or {one.text: one.feedback for one in item.options}
    read = section(item)
    row = {
        "id": item.id,
        "chapter": entry.category.name,
        "level": item.level,
        "form": entry.category.form,
        "kind": item.kind,
        "objective": item.objective,
        "bloom": item.bloom,
        "points": 1,
        "case": plain(f"{item.case.title}. {item.case.text}") if item.case else "",
        "question": _question(entry),
        "how": plain(kind.how_to(item)),
        **{f"option_{letter}": options.get(letter, "") for letter in OPTIONS},
        "key": kind.key(item),
        "feedback": " | ".join(f"{plain(to)}: {plain(said)}" for to, said in told.items()),
        "misconceptions": " | ".join(dict.fromkeys(one.misconception for one in replies if one.misconception)),
        "why": plain(item.why),
        "hints": " | ".join(plain(hint) for hint in item.hints),
        "read_again": f"{read['chapter']}: {read['title']}",
        "facts": " ".join(item.facts),
        "sources": " ".join(item.sources),
    }
    return Written(_line(cell(row[name]) for name in COLUMNS))


def join(done: list[tuple[Entry, Written]]) -> str:
    """The whole file, with the mark by which spreadsheets know UTF-8."""
    return "\ufeff" + _line(COLUMNS) + "".join(made.text for _, made in done)


def _question(entry: Entry) -> str:
    """The question with all that it asks about: its passage, its lines, its steps."""
    item = entry.item
    parts = [plain(item.stem), plain(item.passage)]
    if kind_of(item) in (KINDS["matching"], KINDS["cloze"]):
        parts += [
            f"{plain(slot.label)}: {' / '.join(plain(option.text) for option in slot.options)}" for slot in item.slots
        ]
    if kind_of(item) is KINDS["ordering"]:
        from ...quiz.kinds.ordering import shown_order

        parts += [f"- {plain(item.options[at].text)}" for at in shown_order(item)]
    return " ".join(part for part in parts if part)


def _line(cells: object) -> str:
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerow(cells)  # type: ignore[arg-type]
    return made.getvalue()
