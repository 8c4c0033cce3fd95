"""The bank of questions: `data/quizzes/<chapter>.yaml`, as typed items whose numbers come from data rows.

The structure of a file is checked in full by `data/quizzes/schema.json` only when its content is not the
recorded one (`checked.json`), because that check is slow to load.
Whether a bank is good is for `lint` to say.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ..evidence import DataError, nearest, table
from ..evidence.errors import DATA
from ..evidence.records import RECORDS, Row
from .expressions import BadExpression, fill, functions, given, names_in, work_out
from .grading import unit_kind
from .yaml_file import Lines, line_of, read_yaml

FOLDER = DATA / "quizzes"
CHECKED = FOLDER / "checked.json"
SCHEMA = FOLDER / "schema.json"


@dataclass(frozen=True, slots=True)
class Objective:
    """What a learner can do after the chapter. level: core or deeper."""

    id: str
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose from, with what is said when it is chosen."""

    text: str
    right: bool
    feedback: str
    misconception: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number to find, and how close is close enough, both in `unit`."""

    value: float
    unit: str
    tolerance: float
    tolerance_text: str


@dataclass(frozen=True, slots=True)
class Trap:
    """A typical wrong number, with what is said when it is met."""

    value: float
    tolerance: float
    feedback: str
    misconception: str


@dataclass(frozen=True)
class Item:
    """One question. Texts hold their numbers; **bold** and *italic* are all the markup there is.

    kind: single, several or number. rows: ids of every data row that it rests on. raw: as in the file.
    """

    id: str
    objective: str
    level: str
    bloom: str
    kind: str
    stem: str
    section: str
    facts: tuple[str, ...]
    why: str
    options: tuple[Option, ...]
    answer: Number | None
    traps: tuple[Trap, ...]
    hint: str
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    file: str
    line: int
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Bank:
    """One file, read and checked. Items get their numbers when they are asked for."""

    file: str
    chapter: str
    objectives: tuple[Objective, ...]
    sections: tuple[str, ...]
    raw_items: Mapping[str, Mapping[str, Any]]
    lines: Lines
    rows: Mapping[str, Row]

    @property
    def items(self) -> list[Item]:
        """All items, in file order. Raises `DataError`."""
        return [self.item(item_id) for item_id in self.raw_items]

    def item(self, item_id: str) -> Item:
        """One item with its numbers. Raises `KeyError` for an unknown id, and `DataError`."""
        if item_id not in self._made:
            self._made[item_id] = _Maker(self, item_id).make()
        return self._made[item_id]

    def place(self, item_id: str, *path: Any) -> int:
        """The line of a part of an item."""
        return line_of(self.lines, ("items", list(self.raw_items).index(item_id), *path)) or 1

    def work_out(self, item_id: str, expression: str, *path: Any) -> Any:
        """The value of an expression of an item. Raises `DataError`."""
        return _Maker(self, item_id).value(expression, *path)

    @cached_property
    def _made(self) -> dict[str, Item]:
        return {}

    @cached_property
    def names(self) -> dict[str, Any]:
        """What texts and expressions may use: rows by id, and functions."""
        return {**self.rows, **functions(self.rows)}


def item(item_id: str) -> Item:
    """The item with this id. Raises `KeyError` with the nearest id for an unknown one."""
    home = [
        path for path in _files() if re.match(r"Q\d{4}$", str(item_id)) and path.name.startswith(f"{item_id[1:3]}-")
    ]
    for path in home or _files():
        found = _bank(path)
        if item_id in found.raw_items:
            return found.item(item_id)
    known = [known_id for path in home or _files() for known_id in _bank(path).raw_items]
    raise KeyError(f"There is no question {item_id!r}. {nearest(str(item_id), known)}")


def banks() -> list[Bank]:
    """All banks, in order of chapters."""
    return [_bank(path) for path in _files()]


def load(path: Path, rows: Mapping[str, Row] | None = None) -> Bank:
    """Reads one bank. rows: data rows by id, if not those of `data/`. Raises `DataError`."""
    name = f"quizzes/{path.name}"
    value, lines, raw = read_yaml(path, name)
    if _hashes().get(path.name) != _hash(raw) or _hashes().get(SCHEMA.name) != _hash(SCHEMA.read_bytes()):
        _check_structure(value, lines, name)
    raw_items: dict[str, Mapping[str, Any]] = {}
    for position, entry in enumerate(value["items"]):
        if entry["id"] in raw_items:
            raise DataError(
                name,
                f"the id {entry['id']!r} is used twice.",
                "Give each item an id of its own.",
                row=line_of(lines, ("items", position, "id")),
            )
        raw_items[entry["id"]] = entry
    objectives = tuple(Objective(**entry) for entry in value["objectives"])
    ids = [objective.id for objective in objectives]
    for position, objective_id in enumerate(ids):
        if objective_id in ids[:position]:
            raise DataError(
                name,
                f"the objective {objective_id!r} is listed twice.",
                "Remove one of them.",
                row=line_of(lines, ("objectives", position, "id")),
            )
    return Bank(
        name,
        value["chapter"],
        objectives,
        tuple(value["sections"]),
        raw_items,
        lines,
        data_rows() if rows is None else rows,
    )


def record() -> Path:
    """Checks every bank in full and records their contents in `checked.json`. Raises `DataError`.

    Part of refreshing the course: from then on these very files are taken as checked.
    """
    for path in _files():
        value, lines, _ = read_yaml(path, f"quizzes/{path.name}")
        _check_structure(value, lines, f"quizzes/{path.name}")
    hashes = {path.name: _hash(path.read_bytes()) for path in (*_files(), SCHEMA)}
    CHECKED.write_text(json.dumps(dict(sorted(hashes.items())), indent=2) + "\n", encoding="utf-8")
    _hashes.cache_clear()
    return CHECKED


@cache
def data_rows() -> dict[str, Row]:
    """Every row of `data/` by id."""
    return {row.id: row for name in RECORDS for row in table(name)}


@cache
def _bank(path: Path) -> Bank:
    return load(path)


@cache
def _files() -> tuple[Path, ...]:
    return tuple(sorted(FOLDER.glob("*.yaml")))


@cache
def _hashes() -> dict[str, str]:
    try:
        return json.loads(CHECKED.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # nothing is recorded: every file is checked in full


def _hash(raw: bytes) -> str:
    # The same on a machine where git writes Windows line ends.
    return hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest()


class _Maker:
    """Makes an item of what the file says, and turns every fault into a `DataError` with its line."""

    def __init__(self, bank: Bank, item_id: str):
        self.bank, self.raw = bank, bank.raw_items[item_id]
        self.names = dict(bank.names)
        self.own: dict[str, Any] = {}
        for name, text in self.raw.get("given", {}).items():
            try:
                self.own[name] = given(text)
            except BadExpression as problem:
                raise self.fault(str(problem) + ".", "Write it like 10 µM or 20 %.", "given", name) from None
        self.names["given"] = self.own

    def fault(self, problem: str, mend: str, *path: Any) -> DataError:
        return DataError(
            self.bank.file, f"{self.raw['id']}: {problem}", mend, row=self.bank.place(self.raw["id"], *path)
        )

    def text(self, source: str, *path: Any) -> str:
        try:
            return fill(source, self.names)
        except BadExpression as problem:
            raise self.fault(
                f"the text cannot be filled in ({problem}).", "Check the row's id and its column.", *path
            ) from None

    def value(self, source: str, *path: Any) -> Any:
        try:
            return work_out(source, self.names)
        except BadExpression as problem:
            raise self.fault(
                f"the expression cannot be worked out ({problem}).",
                "Check the row's id and its column.",
                *path,
            ) from None

    def number(self, source: str, *path: Any) -> float:
        found = self.value(source, *path)
        if isinstance(found, bool) or not isinstance(found, (int, float)) or not abs(found) < 1e300:
            raise self.fault(
                f"the expression gives {str(found)[:40]!r}, which is not a number.",
                "Check the expression.",
                *path,
            )
        return float(found)

    def make(self) -> Item:
        raw = self.raw
        options = tuple(
            Option(
                self.text(entry["text"], "options", at, "text"),
                entry["right"],
                self.text(entry["feedback"], "options", at, "feedback"),
                entry.get("misconception", ""),
            )
            for at, entry in enumerate(raw.get("options", ()))
        )
        answer, traps = self._answer() if raw["kind"] == "number" else (None, ())
        rows = self._rows()
        known = self.bank.rows
        sources = dict.fromkeys(
            known[row_id].source for row_id in raw["facts"] if row_id in known and known[row_id].source
        )
        return Item(
            raw["id"],
            raw["objective"],
            raw["level"],
            raw["bloom"],
            raw["kind"],
            self.text(raw["stem"], "stem"),
            raw["section"],
            tuple(raw["facts"]),
            self.text(raw["why"], "why"),
            options,
            answer,
            traps,
            self.text(raw.get("hint", ""), "hint"),
            rows,
            tuple(sources),
            self.bank.file,
            self.bank.place(raw["id"]),
            raw,
        )

    def _answer(self) -> tuple[Number, tuple[Trap, ...]]:
        wanted = self.raw["answer"]
        unit = wanted["unit"]
        try:
            unit_kind(unit)
        except KeyError:
            raise self.fault(
                f"the unit {unit!r} is not known.", "Use one of those in quiz/grading.py.", "answer", "unit"
            ) from None

        def tolerance(value: float) -> float:
            return wanted["tolerance"] if "tolerance" in wanted else abs(value) * wanted["tolerance_percent"] / 100

        value = self.number(wanted["expression"], "answer", "expression")
        said = (
            (f"{wanted['tolerance']:g} percentage points" if unit == "%" else f"{wanted['tolerance']:g} {unit}".strip())
            if "tolerance" in wanted
            else f"{wanted['tolerance_percent']:g} %"
        )
        said = said.replace("1 percentage points", "1 percentage point") if said.startswith("1 ") else said
        traps = []
        for at, entry in enumerate(self.raw.get("traps", ())):
            met = self.number(entry["expression"], "traps", at, "expression")
            traps.append(
                Trap(
                    met,
                    tolerance(met),
                    self.text(entry["feedback"], "traps", at, "feedback"),
                    entry["misconception"],
                )
            )
        return Number(value, unit, tolerance(value), said), tuple(traps)

    def _rows(self) -> tuple[str, ...]:
        """Every row that the item rests on: those it lists, and those its texts and expressions use."""
        raw = self.raw
        used = set(raw["facts"])
        texts = (
            [raw["stem"], raw["why"], raw.get("hint", "")]
            + [entry[part] for entry in raw.get("options", ()) for part in ("text", "feedback")]
            + [entry["feedback"] for entry in raw.get("traps", ())]
        )
        expressions = [*raw["holds"]] + [entry["expression"] for entry in raw.get("traps", ())]
        if "answer" in raw:
            expressions.append(raw["answer"]["expression"])
        try:
            for text in texts:
                used |= names_in(text)
            for text in expressions:
                used |= names_in(text, is_expression=True)
        except BadExpression as problem:
            raise self.fault(f"an expression cannot be read ({problem}).", "Check its brackets.") from None
        drugs = {row.drug: row.id for row in self.bank.rows.values() if hasattr(row, "molar_mass_g_per_mol")}
        used = {drugs.get(name.removeprefix("drug:"), name) if name.startswith("drug:") else name for name in used}
        return tuple(sorted(name for name in used if re.fullmatch(r"[A-Z]{2}\d{1,3}", name)))


def _check_structure(value: Any, lines: Lines, name: str) -> None:
    """The full check by the schema. Loads jsonschema, which JupyterLab brings along."""
    import jsonschema

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    problems = sorted(
        jsonschema.Draft202012Validator(schema).iter_errors(value),
        key=lambda problem: -len(problem.absolute_path),
    )
    for problem in problems:
        path = tuple(problem.absolute_path)
        owner = ""
        if path[:1] == ("items",) and len(path) > 1 and isinstance(value["items"][path[1]], dict):
            owner = f"{str(value['items'][path[1]].get('id', 'an item without id'))[:40]}: "
        where = (
            ".".join(str(part) for part in path[2:] if not isinstance(part, int)) if owner else ".".join(map(str, path))
        )
        said, mend = _plain_problem(problem)
        raise DataError(name, f"{owner}{where + ' ' if where else ''}{said}", mend, row=line_of(lines, path) or 1)


_TYPES = {
    "object": "a set of named parts",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "number": "a number",
}


def _plain_problem(problem: Any) -> tuple[str, str]:
    rule, wanted, found = problem.validator, problem.validator_value, problem.instance
    if rule == "required":
        missing = [key for key in wanted if key not in found]
        return f"has no {missing[0]!r}.", "Add it."
    if rule in ("additionalProperties", "unevaluatedProperties"):
        known = problem.schema.get("properties", {})
        extra = [key for key in found if key not in known]
        return f"has the unknown part {str((extra or ['?'])[0])[:40]!r}.", nearest(str((extra or [""])[0])[:40], known)
    if rule == "type":
        return (
            f"is {str(found)[:40]!r}, not {_TYPES.get(wanted, wanted)}.",
            "Check the indentation and the quotes.",
        )
    if rule == "enum":
        return f"is {str(found)[:40]!r}.", nearest(str(found)[:40], map(str, wanted))
    if rule == "pattern":
        return f"is {str(found)[:40]!r}, which does not have the form {wanted}.", "Write it in that form."
    if rule in ("minItems", "contains"):
        return "has too few entries.", "See data/quizzes/schema.json."
    return f"does not fit ({problem.message[:120]}).", "See data/quizzes/schema.json."
