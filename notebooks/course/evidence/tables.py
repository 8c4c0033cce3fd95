"""Reads the tables of `data/` by their Frictionless schemas and refuses what does not fit.

The schema of each table stands in `data/datapackage.json`; this module reads its field types and
constraints, so a rule is written once. The tests run Frictionless itself over the same files.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import re
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, overload

from ..files import DATA
from .errors import DataError, nearest
from .records import RECORDS, Row
from .references import references

R = TypeVar("R", bound=Row)
Cell = str | float | dt.date | None
Field = dict[str, Any]  # of a Frictionless schema
NAMES: dict[type[Row], str] = {record: name for name, record in RECORDS.items()}


@overload
def table(record: type[R]) -> tuple[R, ...]: ...
@overload
def table(record: str) -> tuple[Row, ...]: ...
def table(record: type[Row] | str) -> tuple[Row, ...]:
    """All rows of a table, in file order, each of its record type: `table(Affinity)`.

    A table can also be called by its name in `data/datapackage.json`; its rows' type is then not known to a checker.
    Raises `KeyError` for an unknown table and `DataError` for a row that breaks its schema.
    """
    return _whole(_name_of(record))


def _name_of(record: type[Row] | str) -> str:
    name = record if isinstance(record, str) else NAMES.get(record, record.__name__)
    if name not in RECORDS:
        raise KeyError(f"There is no table {name!r}. {nearest(name, RECORDS)}")
    return name


@cache
def _whole(name: str) -> tuple[Row, ...]:
    return read_table(name, DATA)


@overload
def row(row_id: str, record: type[R]) -> R: ...
@overload
def row(row_id: str) -> Row: ...
def row(row_id: str, record: type[Row] = Row) -> Row:
    """The row with this id, from whichever table holds it: `row("AF10", Affinity)`.

    Raises `KeyError` with the nearest id, or if the row is of another table than the one asked for.
    """
    found = _by_id().get(row_id)
    if found is None:
        raise KeyError(f"There is no data row {row_id!r}. {nearest(row_id, _by_id())}")
    if not isinstance(found, record):
        raise KeyError(f"Row {row_id} is of the table {NAMES[type(found)]!r}, not of {NAMES[record]!r}.")
    return found


@cache
def _by_id() -> dict[str, Row]:
    return {found.id: found for name in RECORDS for found in _whole(name)}


def sources_of(*names: str) -> tuple[str, ...]:
    """Keys of every source that the rows of these tables cite, each once. Raises `KeyError` for an unknown table."""
    return tuple(dict.fromkeys(found.source for name in names for found in table(name) if found.source))


def read_table(record: type[Row] | str, folder: Path) -> tuple[Row, ...]:
    """Reads and checks one table of the data package in `folder`. Raises `DataError`."""
    name = _name_of(record)
    resource = _resource(name, folder)
    file, fields = resource["path"], resource["schema"]["fields"]
    key_field = resource["schema"].get("primaryKey", "id")
    text = _text(folder, file)
    lines = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = next(lines, [])
        expected = [field["name"] for field in fields]
        if header != expected:
            raise DataError(
                file,
                f"the columns are {', '.join(header) or 'missing'}.",
                f"They must be {', '.join(expected)}, in this order.",
                row=1,
            )
        records: list[Row] = []
        seen: dict[Cell, int] = {}
        known_sources = references(folder)
        for cells in lines:
            number = lines.line_num
            if not cells:
                continue
            if len(cells) != len(fields):
                raise DataError(
                    file,
                    f"the row has {len(cells)} cells, the header {len(fields)}.",
                    "Put text that holds a comma in double quotes.",
                    row=number,
                )
            values: dict[str, Any] = {
                field["name"]: _cell(cell, field, file, number) for field, cell in zip(fields, cells, strict=True)
            }
            if values[key_field] in seen:
                raise DataError(
                    file,
                    f"the id {values[key_field]!r} is already used in line {seen[values[key_field]]}.",
                    "Give each row an id of its own.",
                    row=number,
                    column=key_field,
                )
            seen[values[key_field]] = number
            source = values["source"]
            if not source and values["verification"] != "assumption":
                raise DataError(
                    file,
                    "the row has no source.",
                    "Cite a key of data/references.bib, or mark the row as an assumption.",
                    row=number,
                    column="source",
                )
            if source and source not in known_sources:
                raise DataError(
                    file,
                    f"{source!r} is not a key of data/references.bib.",
                    f"{nearest(source, known_sources)} Or add the entry.",
                    row=number,
                    column="source",
                )
            _check_order(values, file, number)
            records.append(RECORDS[name](**values))
    except csv.Error as error:
        raise DataError(
            file, f"the row cannot be read ({error}).", "Close every double quote.", row=lines.line_num
        ) from None
    return tuple(records)


def _cell(cell: str, field: Field, file: str, row: int) -> Cell:
    """One cell as its field's type. Empty cells of optional fields become None, or '' for text."""
    rules = field.get("constraints", {})

    def refuse(problem: str, mend: str) -> DataError:
        return DataError(file, problem, mend, row=row, column=field["name"])

    if cell == "":
        if rules.get("required"):
            raise refuse("the cell is empty.", "This column needs a value in every row.")
        return "" if field["type"] == "string" else None
    if cell != cell.strip():
        raise refuse(f"{cell!r} starts or ends with a space.", "Remove it.")
    value: Cell
    if field["type"] == "number":
        try:
            value = number = float(cell)
        except ValueError:
            raise refuse(f"{cell!r} is not a number.", "Write digits with a decimal point, without a unit.") from None
        if not math.isfinite(number):
            raise refuse(f"{cell!r} is not a finite number.", "Leave the cell empty if the value is not known.")
    elif field["type"] == "date":
        try:
            value = dt.date.fromisoformat(cell)
        except ValueError:
            raise refuse(f"{cell!r} is not a date.", "Write it as 2026-11-21.") from None
    else:
        value = cell
        if any(ord(char) < 32 or char in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068" for char in cell):
            raise refuse("the text holds a control character.", "Remove it.")
    if "enum" in rules and value not in rules["enum"]:
        raise refuse(f"{value!r} is not allowed.", f"{nearest(cell, rules['enum'])}")
    if "pattern" in rules and not re.fullmatch(rules["pattern"], cell):
        raise refuse(f"{cell!r} does not have the form {rules['pattern']}.", "Write it in that form.")
    minimum, maximum = rules.get("minimum"), rules.get("maximum")
    if minimum is not None and value < _bound(minimum, value):
        raise refuse(f"{cell} is below {minimum}.", "Check the number and its unit.")
    if maximum is not None and value > _bound(maximum, value):
        raise refuse(f"{cell} is above {maximum}.", "Check the number and its unit.")
    return value


def _bound(limit: Any, value: Cell) -> Any:
    return dt.date.fromisoformat(limit) if isinstance(value, dt.date) else limit


def _check_order(values: dict[str, Any], file: str, row: int) -> None:
    """low <= value <= high, wherever a row gives them."""
    for low_name, low in values.items():
        if not low_name.startswith("low") or low is None:
            continue
        unit = low_name.removeprefix("low")
        high, value = values.get(f"high{unit}"), values.get(f"value{unit}")
        if high is not None and low > high:
            raise DataError(file, f"low ({low:g}) is above high ({high:g}).", "Swap them.", row=row, column=low_name)
        if value is not None and (low > value or (high is not None and value > high)):
            raise DataError(
                file,
                f"the value ({value:g}) lies outside its own range.",
                "Check the three numbers.",
                row=row,
                column=f"value{unit}",
            )


def _resource(name: str, folder: Path) -> dict[str, Any]:
    try:
        package = json.loads(_text(folder, "datapackage.json"))
    except json.JSONDecodeError as error:
        raise DataError(
            "datapackage.json", f"it is not valid JSON ({error.msg}).", "Mend the line.", row=error.lineno
        ) from None
    for resource in package.get("resources", []):
        if resource.get("name") == name:
            return dict(resource)
    raise DataError("datapackage.json", f"it has no resource named {name!r}.", "Describe the table there.")


def _text(folder: Path, file: str) -> str:
    try:
        return (folder / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(file, "the file is missing.", "Take it from the course's repository again.") from None
    except UnicodeDecodeError:
        raise DataError(
            file, "the file is not UTF-8 text.", "Save it as UTF-8 (in a spreadsheet: 'CSV UTF-8')."
        ) from None
