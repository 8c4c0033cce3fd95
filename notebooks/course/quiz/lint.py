"""What makes a bank of questions unfit, found before a learner meets it.

`problems(bank)` returns every problem as a line of text; an empty list means that the bank is fit.
`affected(row_id)` lists the questions to look at again after a change of a data row.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator

from ..evidence import DataError, nearest
from ..evidence.errors import DATA
from .bank import Bank, Item, banks
from .grading import UNITS, within

# Shares that luck would rarely give: of four options, a key falls into one place in a quarter of cases.
USUALLY_LONGEST, USUALLY_SAME_PLACE = 0.4, 0.5
FEWEST_PER_OBJECTIVE = 3
UNFIT = ("recalled", "derived", "assumption")

_ALL_OR_NONE = re.compile(
    r"\b(all|none|neither|both|any) of (the|these) (above|others|options|answers)\b|\bboth [A-F] and [A-F]\b",
    re.I,
)
_NEGATIVE = re.compile(r"\b(not|never|except|without|cannot|incorrect|false|least|n[o']t)\b|n['’]t\b", re.I)
_BOLD = re.compile(r"\*\*.+?\*\*")
_QUOTED = re.compile("“[^”]*”")
_PRINTED = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_units = sorted((re.escape(unit) for sizes in UNITS.values() for unit in sizes if unit), key=len, reverse=True)
_FIGURE = re.compile(
    rf"\d[\d,.]*\s*(?:-?fold|times|mg|kg|g/mol|hours?|minutes?|people|adults|{'|'.join(_units)})(?![A-Za-z])"
)


def problems(bank: Bank) -> list[str]:
    """Every problem of a bank, each with file, line, item and mend."""
    found: list[str] = []
    items: list[Item] = []
    for item_id in bank.raw_items:
        try:
            items.append(bank.item(item_id))
        except DataError as error:
            found.append(str(error))
    for item in items:
        for rule in ITEM_RULES:
            try:
                found += [f"data/{bank.file}, line {line}: {item.id}: {said}" for line, said in rule(bank, item)]
            except DataError as error:
                found.append(str(error))
    found += [f"data/{bank.file}: {said}" for rule in BANK_RULES for said in rule(bank, items)]
    return found


def affected(row_id: str) -> list[str]:
    """Ids of the questions that rest on this data row, over all banks."""
    return [item.id for bank in banks() for item in bank.items if row_id in item.rows]


Found = Iterator[tuple[int, str]]


def rows_exist(bank: Bank, item: Item) -> Found:
    """Every row that is listed exists, and every row that is used is listed."""
    for at, row_id in enumerate(item.facts):
        if row_id not in bank.rows:
            yield (
                bank.place(item.id, "facts", at),
                f"there is no data row {row_id}. {nearest(row_id, bank.rows)}",
            )
    for row_id in item.rows:
        # A molar mass comes with the drug's name; it need not be listed.
        if row_id not in item.facts and not row_id.startswith("DR"):
            yield bank.place(item.id, "facts"), f"uses {row_id} without listing it. Add it to `facts`."


def rows_verified(bank: Bank, item: Item) -> Found:
    """No key and no verdict rests on a row that nobody has read in a source."""
    for row_id in item.rows:
        row = bank.rows.get(row_id)
        if row and (row.verification in UNFIT or row.confidence == "low"):
            yield (
                bank.place(item.id, "facts"),
                (
                    f"rests on {row_id}, which is {row.verification} with {row.confidence} "
                    "confidence. Use a verified row."
                ),
            )


def key_holds(bank: Bank, item: Item) -> Found:
    """What the key rests on is true of the rows as they are."""
    for at, statement in enumerate(item.raw["holds"]):
        held = bank.work_out(item.id, statement, "holds", at)
        if held is not True:
            yield bank.place(item.id, "holds", at), f"no longer holds: {statement}. Look at the key again."


def objective_known(bank: Bank, item: Item) -> Found:
    """The objective is one of the bank's, on the same level."""
    known = {objective.id: objective for objective in bank.objectives}
    if item.objective not in known:
        yield (
            bank.place(item.id, "objective"),
            f"there is no objective {item.objective}. {nearest(item.objective, known)}",
        )
    elif known[item.objective].level != item.level:
        yield (
            bank.place(item.id, "level"),
            f"is {item.level}, its objective {known[item.objective].level}. Make them agree.",
        )
    if item.level == "core" and item.kind == "number":
        yield (
            bank.place(item.id, "kind"),
            "asks for a calculation on the core level. Move it to the deeper level.",
        )
    if item.id[1:3] != bank.chapter[:2]:
        yield (
            bank.place(item.id, "id"),
            f"does not carry the number of its chapter, {bank.chapter[:2]}. Change the id.",
        )


def section_known(bank: Bank, item: Item) -> Found:
    """The section to read again is a heading of the notebook."""
    known = _headings(bank)
    if item.section not in known:
        yield (
            bank.place(item.id, "section"),
            f"there is no section {item.section!r}. {nearest(item.section, known)}",
        )


def answers_distinct(bank: Bank, item: Item) -> Found:
    """No two options alike, no trap inside another answer."""
    seen: dict[str, int] = {}
    for at, option in enumerate(item.options):
        bare = re.sub(r"\W+", " ", option.text).strip().lower()
        if bare in seen:
            yield (
                bank.place(item.id, "options", at),
                f"option {at + 1} repeats option {seen[bare] + 1}. Change one of them.",
            )
        seen.setdefault(bare, at)
    for at, trap in enumerate(item.traps):
        if within(trap.value, item.answer.value, item.answer.tolerance + trap.tolerance):
            yield (
                bank.place(item.id, "traps", at),
                (
                    f"trap {at + 1} ({trap.value:.4g}) overlaps with the right answer "
                    f"({item.answer.value:.4g} {item.answer.unit}). Narrow the tolerance."
                ),
            )


def reasons_given(bank: Bank, item: Item) -> Found:
    """Options and traps say why, wrong ones name their misconception, and the item explains its key."""
    for part, entries in (("options", item.options), ("traps", item.traps)):
        for at, entry in enumerate(entries):
            if len(entry.feedback.split()) < 4:
                yield bank.place(item.id, part, at), f"{part[:-1]} {at + 1} has no real feedback. Say why."
            if not getattr(entry, "right", False) and not entry.misconception.strip():
                yield bank.place(item.id, part, at), f"{part[:-1]} {at + 1} names no misconception. Name it."
    if len(item.why.split()) < 6:
        yield bank.place(item.id, "why"), "has no real explanation. Say why the answer is right."
    if item.kind == "number" and not item.traps:
        yield bank.place(item.id, "traps"), "foresees no wrong answer. Add one."


def wording(bank: Bank, item: Item) -> Found:
    """No "all of the above", and a negative in the question stands out."""
    for at, option in enumerate(item.options):
        met = _ALL_OR_NONE.search(option.text)
        if met:
            yield bank.place(item.id, "options", at), f"says “{met[0]}”. Write what is meant."
    # A negative inside a quotation is not the question's own.
    met = _NEGATIVE.search(_QUOTED.sub("", _BOLD.sub("", item.stem)))
    if met:
        yield (
            bank.place(item.id, "stem"),
            f"hides a negative (“{met[0]}”). Write it as **{met[0]}**, or ask positively.",
        )


def figures_from_rows(bank: Bank, item: Item) -> Found:
    """Numbers with a unit come from rows or are declared as given."""
    allowed = {_tidy(text) for text in item.raw.get("given", {}).values()}
    for path, text in _texts(item):
        for met in _FIGURE.finditer(_PRINTED.sub("{}", text)):
            if _tidy(met[0]) not in allowed:
                yield (
                    bank.place(item.id, *path),
                    f"writes out “{met[0]}”. Take it from a data row, or list it under `given`.",
                )


def key_not_longest(bank: Bank, items: list[Item]) -> Iterator[str]:
    """The longest option is not usually the key."""
    found = [item for item in items if item.kind == "single"]
    longest = [item.id for item in found if _is_longest(item)]
    if len(found) >= 4 and len(longest) > USUALLY_LONGEST * len(found):
        where = ", ".join(longest)
        yield f"the right option is the longest in {len(longest)} of {len(found)} ({where}). Shorten it."


def key_not_in_one_place(bank: Bank, items: list[Item]) -> Iterator[str]:
    """The key is not usually in the same place."""
    places = Counter(
        next(at for at, option in enumerate(item.options) if option.right) for item in items if item.kind == "single"
    )
    count = sum(places.values())
    place, most = places.most_common(1)[0] if places else (0, 0)
    if count >= 4 and most > USUALLY_SAME_PLACE * count:
        letter = "ABCDEF"[place]
        yield f"the right option is {letter} in {most} of {count} questions. Change the order of some."


def objectives_covered(bank: Bank, items: list[Item]) -> Iterator[str]:
    """Each objective has enough items to be judged by."""
    counts = Counter(item.objective for item in items)
    for objective in bank.objectives:
        count = counts[objective.id]
        if count < FEWEST_PER_OBJECTIVE:
            yield f"{objective.id} has {count} questions, fewer than {FEWEST_PER_OBJECTIVE}. Add some."


def stems_differ(bank: Bank, items: list[Item]) -> Iterator[str]:
    """No question is asked twice."""
    for stem, count in Counter(item.stem.lower() for item in items).items():
        if count > 1:
            yield f"the question “{stem[:50]}…” is asked {count} times. Change one."


ITEM_RULES: tuple[Callable[[Bank, Item], Found], ...] = (
    rows_exist,
    rows_verified,
    key_holds,
    objective_known,
    section_known,
    answers_distinct,
    reasons_given,
    wording,
    figures_from_rows,
)
BANK_RULES: tuple[Callable[[Bank, list[Item]], Iterator[str]], ...] = (
    key_not_longest,
    key_not_in_one_place,
    objectives_covered,
    stems_differ,
)


def _is_longest(item: Item) -> bool:
    key = max(len(option.text) for option in item.options if option.right)
    return key > max(len(option.text) for option in item.options if not option.right)


def _texts(item: Item) -> Iterator[tuple[tuple, str]]:
    """Every text of an item as it stands in the file, with its path."""
    raw = item.raw
    for part in ("stem", "why", "hint"):
        if part in raw:
            yield (part,), raw[part]
    for part, names in (
        ("options", ("text", "feedback", "misconception")),
        ("traps", ("feedback", "misconception")),
    ):
        for at, entry in enumerate(raw.get(part, ())):
            for name in names:
                if name in entry:
                    yield (part, at, name), entry[name]


def _tidy(figure: str) -> str:
    return re.sub(r"\s+", "", figure).replace("μ", "µ")


def _headings(bank: Bank) -> list[str]:
    """Anchors of the notebook's headings, as JupyterLab makes them; without it, what the bank lists."""
    path = DATA.parent / "notebooks" / f"{bank.chapter}.ipynb"
    if not path.exists():
        return list(bank.sections)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = [line for cell in cells if cell["cell_type"] == "markdown" for line in "".join(cell["source"]).splitlines()]
    titles = [line.lstrip("#").strip() for line in lines if re.match(r"#{1,6} ", line)]
    return [title.replace(" ", "-") for title in titles]
