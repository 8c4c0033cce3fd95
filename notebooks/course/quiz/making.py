"""Makes an item of what a bank's file says: fills in the numbers of its rows, and names the line of every fault."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from ..evidence import DataError
from ..evidence.records import Drug, Row
from .expressions import BadExpression, fill, given, names_in, work_out
from .items import Case, Item, Option
from .kinds import KINDS


class Bank(Protocol):
    """What a maker asks of the bank whose item it makes."""

    @property
    def file(self) -> str: ...
    @property
    def raw_items(self) -> Mapping[str, Mapping[str, Any]]: ...
    @property
    def raw_cases(self) -> Mapping[str, Mapping[str, Any]]: ...
    @property
    def rows(self) -> Mapping[str, Row]: ...
    @property
    def names(self) -> Mapping[str, Any]: ...
    def place(self, item_id: str, *path: Any) -> int: ...


class Maker:
    """Makes one item, and turns every fault into a `DataError` with its line."""

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
        known = self.bank.rows
        sources = dict.fromkeys(
            known[row_id].source for row_id in raw["facts"] if row_id in known and known[row_id].source
        )
        return Item(
            id=raw["id"],
            objective=raw["objective"],
            level=raw["level"],
            bloom=raw["bloom"],
            kind=raw["kind"],
            stem=self.text(raw["stem"], "stem"),
            section=raw["section"],
            facts=tuple(raw["facts"]),
            why=self.text(raw["why"], "why"),
            hints=tuple(self.text(hint, "hints", at) for at, hint in enumerate(raw.get("hints", ()))),
            case=self._case(),
            rows=self._rows(),
            sources=tuple(sources),
            file=self.bank.file,
            line=self.bank.place(raw["id"]),
            raw=raw,
            **KINDS[raw["kind"]].make(self),
        )

    def options(self, entries: Any, where: tuple[Any, ...]) -> tuple[Option, ...]:
        """Options or steps; a step is right where it stands."""
        return tuple(
            Option(
                self.text(entry["text"], *where, at, "text"),
                entry.get("right", True),
                self.text(entry["feedback"], *where, at, "feedback"),
                entry.get("misconception", ""),
            )
            for at, entry in enumerate(entries)
        )

    def _case(self) -> Case | None:
        case_id = self.raw.get("case")
        if not case_id:
            return None
        entry = self.bank.raw_cases.get(case_id)
        if entry is None:
            raise self.fault(f"there is no case {case_id}.", "Add it to `cases`.", "case")
        return Case(case_id, entry["title"], self.text(entry["text"], "case"))

    def _rows(self) -> tuple[str, ...]:
        """Every row that the item rests on: those it lists, and those its texts and expressions use."""
        raw = self.raw
        used = set(raw["facts"])
        case = self.bank.raw_cases.get(raw.get("case", ""))
        expressions = [*raw["holds"]] + [entry["expression"] for entry in raw.get("traps", ())]
        if "answer" in raw:
            expressions.append(raw["answer"]["expression"])
        try:
            for _, text in [*texts_of(raw), *([((), case["text"])] if case else [])]:
                used |= names_in(text)
            for text in expressions:
                used |= names_in(text, is_expression=True)
        except BadExpression as problem:
            raise self.fault(f"an expression cannot be read ({problem}).", "Check its brackets.") from None
        drugs = {row.drug: row.id for row in self.bank.rows.values() if isinstance(row, Drug)}
        used = {drugs.get(name.removeprefix("drug:"), name) if name.startswith("drug:") else name for name in used}
        return tuple(sorted(name for name in used if re.fullmatch(r"[A-Z]{2}\d{1,3}", name)))


# Parts of an entry that a learner reads; what else a file holds are ids, levels and expressions.
_READ = {"stem", "why", "text", "feedback", "misconception", "passage", "model", "hints", "choices", "choice", "ends"}


def texts_of(raw: Mapping[str, Any], path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], str]]:
    """Every text of an item as it stands in the file, with its path."""
    found: list[tuple[tuple[Any, ...], str]] = []
    for name, part in raw.items():
        if isinstance(part, str) and name in _READ:
            found.append(((*path, name), part))
        elif isinstance(part, Mapping):
            found += texts_of(part, (*path, name))
        elif isinstance(part, list):
            for at, entry in enumerate(part):
                if isinstance(entry, Mapping):
                    found += texts_of(entry, (*path, name, at))
                elif isinstance(entry, str) and name in _READ:
                    found.append(((*path, name, at), entry))
    return found
