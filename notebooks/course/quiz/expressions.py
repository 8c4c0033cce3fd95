"""Rows by id inside the texts and the answers of a bank: `{{ AF10.value_nM | molar }}`.

Everything runs in jinja2's sandbox, with the fields of rows, four functions and seven filters, and nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2
from jinja2 import meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from ..evidence.records import Drug, Row
from ..models import binding
from ..topics.binding.rows import level_text, molar, percent
from .quantities import parse_quantity, unit_kind

# The unit in which a given quantity counts in an expression.
_BASE = {"concentration": "nM", "level": "ng/mL", "share": "%", "plain": ""}


LONGEST = 4000  # characters of a text once its numbers are in it
MOST_DIGITS = 12


class BadExpression(ValueError):
    """A text or an expression of a bank that cannot be worked out."""


@dataclass(frozen=True, slots=True)
class Given:
    """An input that an item makes up. Prints as it was written; `value` is in nM, ng/mL or %."""

    text: str
    value: float

    def __str__(self) -> str:
        return self.text


def given(text: str) -> Given:
    """'10 µM' as a quantity. Raises `BadExpression`."""
    unit = text.lstrip("0123456789., ")
    try:
        return Given(text, parse_quantity(text, _BASE[unit_kind(unit)], comma_parts_thousands=True))
    except (KeyError, ValueError) as problem:
        raise BadExpression(f"{text!r} is not a quantity with a known unit ({problem})") from None


@dataclass(frozen=True, slots=True)
class Function:
    """Something that a bank may call."""

    run: Callable[..., float]

    def __call__(self, *args: float | str) -> float:
        return self.run(*args)


class _Sandbox(SandboxedEnvironment):
    """Fields of rows and our own functions, and arithmetic on numbers without powers.

    Methods of texts and numbers are refused: `'x'.ljust(10 ** 10)` would fill the memory.
    """

    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        fields = getattr(type(obj), "__dataclass_fields__", {})
        return isinstance(obj, (Row, Given)) and attr in fields

    def is_safe_callable(self, obj: Any) -> bool:
        return isinstance(obj, Function)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not all(isinstance(side, (int, float)) for side in (left, right)):
            raise SecurityError(f"{operator} is for numbers only")
        return super().call_binop(context, operator, left, right)


def rounded(value: float, digits: int = 0) -> float:
    """A number to so many digits after the point."""
    return round(value, _few(digits))


def _few(digits: int) -> int:
    if type(digits) is not int or not 0 <= digits <= MOST_DIGITS:
        raise ValueError(f"digits are a whole number from 0 to {MOST_DIGITS}")
    return digits


def number(value: float, digits: int = 3) -> str:
    """A number with thousands separators and no more digits than asked: 92, 94.9, 90,000."""
    short = float(f"{value:.{_few(digits)}g}")
    return f"{short:,.0f}" if short == int(short) else f"{short:,.10g}"


def year(value: float) -> str:
    """A year as it is written: 2024, never 2,024."""
    return f"{value:.0f}"


def level(ng_per_ml: float, digits: int = 0) -> str:
    """A plasma level as text, rounded to some digits if asked."""
    return level_text(float(f"{ng_per_ml:.{_few(digits)}g}") if digits else ng_per_ml)


@cache
def environment() -> SandboxedEnvironment:
    """The sandbox, with our filters and nothing that jinja2 brings along."""
    made = _Sandbox(undefined=jinja2.StrictUndefined, autoescape=False, finalize=_printable)
    made.globals.clear()
    made.filters = {
        "molar": molar,
        "percent": percent,
        "level": level,
        "number": number,
        "year": year,
        "round": rounded,
        "abs": abs,
    }
    made.tests = {}
    return made


def functions(rows: Mapping[str, Row]) -> dict[str, Any]:
    """What a bank may call. Drugs are named by slug and read from the same rows."""
    masses = {row.drug: row.molar_mass_g_per_mol for row in rows.values() if isinstance(row, Drug)}
    found: dict[str, Callable[..., Any]] = {
        "free_nM": lambda drug, ng_per_ml, unbound: binding.free_concentration_nM(ng_per_ml, masses[drug], unbound),
        "total_ng_per_ml": lambda drug, nM, unbound: binding.total_ng_per_ml_from_free_nM(nM, masses[drug], unbound),
        "occupancy": binding.occupancy,
        "concentration_for": binding.concentration_nM_for_occupancy,
    }
    return {name: Function(run) for name, run in found.items()}


def fill(text: str, names: Mapping[str, Any]) -> str:
    """A text with its numbers. Raises `BadExpression`."""
    if "{%" in text or "{#" in text:
        raise BadExpression("only {{ … }} is allowed in a text, no {% … %} and no {# … #}")
    if "{{" not in text:
        return text
    try:
        filled = environment().from_string(text).render(names)
    except _FAULTS as problem:
        raise BadExpression(_said(problem)) from None
    if len(filled) > LONGEST:
        raise BadExpression(f"the text grows to {len(filled):,} characters, more than {LONGEST:,}")
    return filled


def work_out(expression: str, names: Mapping[str, Any]) -> Any:
    """The value of an expression. Raises `BadExpression`."""
    try:
        found = environment().compile_expression(expression, undefined_to_none=False)(**names)
        return _printable(found)
    except _FAULTS as problem:
        raise BadExpression(f"{_said(problem)} in {expression[:80]!r}") from None


def names_in(text: str, is_expression: bool = False) -> set[str]:
    """Names that a text or an expression uses, and as 'drug:<slug>' each drug whose molar mass it needs."""
    if not is_expression and "{{" not in text:
        return set()
    try:
        tree = environment().parse("{{ (" + text + ") }}" if is_expression else text)
        names = meta.find_undeclared_variables(tree)
    except _FAULTS as problem:
        raise BadExpression(_said(problem)) from None
    drugs = {
        f"drug:{call.args[0].value}"
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
        and call.node.name in ("free_nM", "total_ng_per_ml")
        and call.args
        and isinstance(call.args[0], nodes.Const)
    }
    return names | drugs


def _printable(value: Any) -> Any:
    """What may come out of a text or an expression: text, numbers, true and false."""
    if isinstance(value, jinja2.Undefined):
        str(value)  # raises, and says which name is missing
    if not isinstance(value, (str, int, float, Given)):
        raise TypeError(f"{str(type(value).__name__)} cannot be shown")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("the result is no finite number")
    return value


_FAULTS = (
    jinja2.TemplateError,
    TypeError,
    ValueError,
    KeyError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    MemoryError,
    NameError,  # jinja2 writes 1e999 as inf, a name that it does not know
)


def _said(problem: Exception) -> str:
    return f"there is no {problem}" if isinstance(problem, KeyError) else str(problem)[:200]
