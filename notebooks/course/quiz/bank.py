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
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ..arguments import quoted
from ..chapters import slugs
from ..evidence import DataError, nearest, table
from ..evidence.records import RECORDS, Row
from ..files import QUESTIONS, ROOT, write
from .expressions import functions
from .items import Item, Objective
from .making import Maker
from .yaml_file import Lines, line_of, read_yaml

FOLDER = QUESTIONS
CHECKED = FOLDER / "checked.json"
SCHEMA = FOLDER / "schema.json"


@dataclass(frozen=True)
class Bank:
    """One file, read and checked. Items get their numbers when they are asked for.

    form: A or B for one of the two parallel tests, whose items ask for objectives of the chapters; else empty.
    """

    file: str
    chapter: str
    form: str
    objectives: tuple[Objective, ...]
    sections: tuple[str, ...]
    raw_items: Mapping[str, Mapping[str, Any]]
    raw_cases: Mapping[str, Mapping[str, Any]]
    lines: Lines
    own_rows: Mapping[str, Row] | None
    warm_up: tuple[str, ...] = ()

    @property
    def items(self) -> list[Item]:
        """All items, in file order. Raises `DataError`."""
        return [self.item(item_id) for item_id in self.raw_items]

    def item(self, item_id: str) -> Item:
        """One item with its numbers. Raises `KeyError` for an unknown id, and `DataError`."""
        if item_id not in self._made:
            self._made[item_id] = Maker(self, item_id).make()
        return self._made[item_id]

    def stem(self, item_id: str) -> str:
        """What an item asks, without working out the rest of it. Raises `KeyError` and `DataError`."""
        made = self._made.get(item_id)
        return made.stem if made else Maker(self, item_id).text(self.raw_items[item_id]["stem"], "stem")

    def place(self, item_id: str, *path: Any) -> int:
        """The line of a part of an item."""
        return line_of(self.lines, ("items", list(self.raw_items).index(item_id), *path)) or 1

    def work_out(self, item_id: str, expression: str, *path: Any) -> Any:
        """The value of an expression of an item. Raises `DataError`."""
        return Maker(self, item_id).value(expression, *path)

    @cached_property
    def _made(self) -> dict[str, Item]:
        return {}

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """Data rows by id. Read when they are first needed: a map of the course needs none."""
        return data_rows() if self.own_rows is None else self.own_rows

    @cached_property
    def names(self) -> dict[str, Any]:
        """What texts and expressions may use: rows by id, and functions."""
        return {**self.rows, **functions(self.rows)}


def item(item_id: str) -> Item:
    """The item with this id. Raises `KeyError` with the nearest id for an unknown one."""
    return _home_of(item_id).item(item_id)


def stem(item_id: str) -> str:
    """What the item with this id asks. Raises `KeyError` with the nearest id for an unknown one."""
    return _home_of(item_id).stem(item_id)


def _home_of(item_id: str) -> Bank:
    """The bank that holds an item."""
    home = [
        path for path in _files() if re.match(r"Q\d{4}$", str(item_id)) and path.name.startswith(f"{item_id[1:3]}-")
    ]
    for path in home or _files():
        found = _bank(path)
        if item_id in found.raw_items:
            return found
    known = [known_id for path in home or _files() for known_id in _bank(path).raw_items]
    raise KeyError(f"There is no question {quoted(item_id)}. {nearest(str(item_id), known)}")


def banks() -> list[Bank]:
    """All banks, in order of chapters."""
    return [_bank(path) for path in _files()]


def chapters() -> list[Bank]:
    """The banks of the chapters, without the two forms of the test."""
    return [found for found in banks() if not found.form]


def chapter_bank(slug: str) -> Bank:
    """The bank of a chapter or form, by its notebook's name. Raises `KeyError` with the nearest."""
    found = {one.chapter: one for one in banks()}
    if slug not in found:
        raise KeyError(f"There is no chapter {slug!r}. {nearest(str(slug), found)}")
    return found[slug]


def form(letter: str) -> Bank:
    """The items of form A (before the course) or B (after it). Raises `KeyError`."""
    found = {one.form: one for one in banks() if one.form}
    if letter not in found:
        raise KeyError(f"There is no form {letter!r}. {nearest(str(letter), found)}")
    return found[letter]


def objectives() -> dict[str, Objective]:
    """Every objective of the course by id, in order of chapters."""
    return {objective.id: objective for found in chapters() for objective in found.objectives}


def load(path: Path, rows: Mapping[str, Row] | None = None) -> Bank:
    """Reads one bank. rows: data rows by id, if not those of `data/`. Raises `DataError`."""
    name = f"quizzes/{path.name}"
    value, lines, raw = read_yaml(path, name)
    if _hashes().get(path.name) != _hash(raw) or _hashes().get(SCHEMA.name) != _hash(SCHEMA.read_bytes()):
        check_structure(value, lines, name)
    found: dict[str, dict[str, Mapping[str, Any]]] = {"objectives": {}, "cases": {}, "items": {}}
    for part, by_id in found.items():
        for position, entry in enumerate(value.get(part, ())):
            if entry["id"] in by_id:
                raise DataError(
                    name,
                    f"the id {entry['id']!r} is listed twice.",
                    "Give each an id of its own.",
                    row=line_of(lines, (part, position, "id")),
                )
            by_id[entry["id"]] = entry
    return Bank(
        name,
        value["chapter"],
        value.get("form", ""),
        tuple(Objective(**entry) for entry in found["objectives"].values()),
        tuple(value.get("sections", ())),
        found["items"],
        found["cases"],
        lines,
        rows,
        tuple(value.get("warm_up", ())),
    )


def record() -> Path:
    """Checks every bank in full and records their contents in `checked.json`. Raises `DataError`.

    Part of refreshing the course: from then on these very files are taken as checked.
    """
    for path in _files():
        value, lines, _ = read_yaml(path, f"quizzes/{path.name}")
        check_structure(value, lines, f"quizzes/{path.name}")
    hashes = {path.name: _hash(path.read_bytes()) for path in (*_files(), SCHEMA)}
    write(CHECKED, json.dumps(dict(sorted(hashes.items())), indent=2) + "\n")
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
    return tuple(FOLDER / f"{slug}.yaml" for slug in slugs())


@cache
def _hashes() -> dict[str, str]:
    try:
        return json.loads(CHECKED.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # nothing is recorded: every file is checked in full


def _hash(raw: bytes) -> str:
    # The same on a machine where git writes Windows line ends.
    return hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest()


def check_structure(value: Any, lines: Lines, name: str, schema_file: Path = SCHEMA) -> None:
    """The full check by a schema. Loads jsonschema, which JupyterLab brings along. Raises `DataError`."""
    import jsonschema

    schema = json.loads(schema_file.read_text(encoding="utf-8"))
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
        said, mend = _plain_problem(problem, schema_file.relative_to(ROOT).as_posix())
        raise DataError(name, f"{owner}{where + ' ' if where else ''}{said}", mend, row=line_of(lines, path) or 1)


_TYPES = {
    "object": "a set of named parts",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "number": "a number",
}


def _plain_problem(problem: Any, schema: str) -> tuple[str, str]:
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
        return "has too few entries.", f"See {schema}."
    return f"does not fit ({problem.message[:120]}).", f"See {schema}."
