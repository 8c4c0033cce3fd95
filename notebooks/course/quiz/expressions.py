"""Rows by id inside the texts and the answers of a bank: `{{ AF10.value_nM | molar }}`.

Everything runs in jinja2's sandbox, with the rows, four functions and four filters, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2
from jinja2 import meta, nodes
from jinja2.sandbox import SandboxedEnvironment, SecurityError

from ..charts.binding_data import level_text, molar, percent
from ..evidence.records import Row
from ..pharmacology import binding
from .grading import parse_quantity, unit_kind

# The unit in which a given quantity counts in an expression.
_BASE = {"concentration": "nM", "level": "ng/mL", "share": "%", "plain": ""}


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
        return Given(text, parse_quantity(text, _BASE[unit_kind(unit)]))
    except (KeyError, ValueError) as problem:
        raise BadExpression(f"{text!r} is not a quantity with a known unit ({problem})") from None


class _Sandbox(SandboxedEnvironment):
    """Refuses arithmetic on anything but numbers, and powers: both could fill the memory."""

    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])

    def call_binop(self, context, operator, left, right):
        if operator == "**" or not all(isinstance(side, (int, float)) for side in (left, right)):
            raise SecurityError(f"{operator} is for numbers only")
        return super().call_binop(context, operator, left, right)


def number(value: float, digits: int = 3) -> str:
    """A number with thousands separators and no more digits than asked: 92, 94.9, 90,000."""
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.10g}"


def level(ng_per_ml: float, digits: int = 0) -> str:
    """A plasma level as text, rounded to some digits if asked."""
    return level_text(float(f"{ng_per_ml:.{digits}g}") if digits else ng_per_ml)


@cache
def environment() -> SandboxedEnvironment:
    """The sandbox, with the filters and nothing that jinja2 brings along but round and abs."""
    made = _Sandbox(undefined=jinja2.StrictUndefined, autoescape=False, finalize=_printable)
    made.globals.clear()
    made.filters = {
        "molar": molar,
        "percent": percent,
        "level": level,
        "number": number,
        "round": made.filters["round"],
        "abs": abs,
    }
    made.tests = {}
    return made


def functions(rows: Mapping[str, Row]) -> dict[str, Any]:
    """What a bank may call. Drugs are named by slug and read from the same rows."""
    masses = {row.drug: row.molar_mass_g_per_mol for row in rows.values() if hasattr(row, "molar_mass_g_per_mol")}
    return {
        "free_nM": lambda drug, ng_per_ml, unbound: binding.free_concentration_nM(ng_per_ml, masses[drug], unbound),
        "total_ng_per_ml": lambda drug, nM, unbound: binding.total_ng_per_ml_from_free_nM(nM, masses[drug], unbound),
        "occupancy": binding.occupancy,
        "concentration_for": binding.concentration_nM_for_occupancy,
    }


def fill(text: str, names: Mapping[str, Any]) -> str:
    """A text with its numbers. Raises `BadExpression`."""
    if "{%" in text or "{#" in text:
        raise BadExpression("only {{ … }} is allowed in a text, no {% … %} and no {# … #}")
    if "{{" not in text:
        return text
    try:
        return environment().from_string(text).render(names)
    except _FAULTS as problem:
        raise BadExpression(_said(problem)) from None


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
    return value


_FAULTS = (
    jinja2.TemplateError,
    TypeError,
    ValueError,
    KeyError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


def _said(problem: Exception) -> str:
    return f"there is no {problem}" if isinstance(problem, KeyError) else str(problem)[:200]
