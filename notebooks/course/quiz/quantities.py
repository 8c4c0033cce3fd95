"""Reads a quantity that a learner typed: “0,412 µM”, “about 48 people”, “1.2 × 10³”. Pure: no files, no screen.

`assets/scripts/quiz.js` reads by the same rules; `tests/judgements.py` holds the cases that judge both. What can be
read in one way is understood, what can be read in two is asked about, and nothing else is taken for a number.
"""

from __future__ import annotations

import math
import re

# Spellings of each kind of unit, with their size. A unit may be answered in any spelling of its own kind.
UNITS: dict[str, dict[str, float]] = {
    "concentration": {
        "pM": 1e-12,
        "nM": 1e-9,
        "µM": 1e-6,
        "uM": 1e-6,
        "mM": 1e-3,
        "M": 1.0,
        "pmol/L": 1e-12,
        "nmol/L": 1e-9,
        "µmol/L": 1e-6,
        "umol/L": 1e-6,
        "mmol/L": 1e-3,
        "mol/L": 1.0,
        "pmol/l": 1e-12,
        "nmol/l": 1e-9,
        "µmol/l": 1e-6,
        "umol/l": 1e-6,
        "mmol/l": 1e-3,
        "mol/l": 1.0,
        "picomolar": 1e-12,
        "nanomolar": 1e-9,
        "micromolar": 1e-6,
        "millimolar": 1e-3,
        "molar": 1.0,
    },
    "level": {
        "ng/mL": 1e-9,
        "µg/L": 1e-9,
        "ug/L": 1e-9,
        "µg/mL": 1e-6,
        "ug/mL": 1e-6,
        "mg/L": 1e-6,
        "ng/ml": 1e-9,
        "µg/l": 1e-9,
        "ug/l": 1e-9,
        "µg/ml": 1e-6,
        "ug/ml": 1e-6,
        "mg/l": 1e-6,
    },
    "share": {"%": 1.0, "percent": 1.0, "per cent": 1.0},
    "plain": {"": 1.0},
}
# Words that may follow a number without a unit and leave it what it is.
COUNTED = (
    *("people", "person", "persons", "patients", "patient", "participants", "participant", "adults", "adult"),
    *("men", "women", "volunteers", "subjects", "individuals", "responders", "cases", "trials", "studies"),
    *("times", "time", "fold", "-fold", "x", "×", "points", "point", "percentage points", "percentage point"),
)
# What is offered to a learner, without the second spellings.
OFFERED = {"concentration": "nM, µM, mM or M", "level": "ng/mL, µg/mL or mg/L", "share": "%", "plain": ""}
LONGEST_ANSWER = 60

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# Signs as East Asian keyboards type them, wide, and the digits and marks of Arabic and Persian.
_OTHER_SIGNS = {0xFEE0 + code: code for code in range(0x21, 0x7F)}
_OTHER_SIGNS |= {zero + digit: 48 + digit for zero in (0x660, 0x6F0) for digit in range(10)}
_OTHER_SIGNS |= str.maketrans("٫٬−μ", ".’-µ")
_SPACES = re.compile("[\t\n\r \u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
# × 10³ and × 10^3, after a number or alone.
_TEN = r"10(?:(?:\^|\*\*) ?\(?([+-]?[0-9]+)\)?|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
_TIMES_TEN = re.compile(rf"([0-9.]) ?[xX×*·⋅] ?{_TEN}")
_TEN_ALONE = re.compile(rf"^([+-]?){_TEN}")
_HEDGES = re.compile(
    r"^(?:(?:about|around|approximately|approx\.?|roughly|nearly|almost|circa|ca\.?|some|exactly|maybe|perhaps|probably"
    r"|i think|i guess|it is|it['’]s|that is)(?![a-z])|[=~≈≃:])[ :]*",
    re.IGNORECASE,
)
_BOUNDS = re.compile(
    r"^(?:[<>≤≥±]|(?:more than|less than|fewer than|at least|at most|over|under|above|below|up to|between|from)"
    r"(?![a-z]))",
    re.IGNORECASE,
)
_START = re.compile(r"^([+-]?[.,]?[0-9](?:[0-9,.'’ ]*[0-9,.'’])?)((?:[eE][+-]?[0-9]+)?)([\s\S]*)$")
_PLAIN = re.compile(r"^(?:[0-9]+\.?[0-9]*|\.[0-9]+)$")
# Groups of thousands that can be nothing else: the first does not begin with 0.
_SPACED = re.compile(r"^[1-9][0-9]{0,2}(?:[ '’][0-9]{3})+(?:[.,][0-9]*)?$")
_BY_COMMAS = re.compile(r"^[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}(?:\.[0-9]*)?|,[0-9]{3}\.[0-9]*)$")
_BY_POINTS = re.compile(r"^[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|\.[0-9]{3},[0-9]+)$")
_TWO_READINGS = re.compile(r"^[1-9][0-9]{0,2},[0-9]{3}$")
_COMMA = re.compile(r"^[0-9]*,[0-9]+$")
_PER_LITER = re.compile(r"^([A-Za-zµ]+)[ ·⋅.]?(m?[lL]) ?(?:\^?-1|⁻¹)")
_TAIL = re.compile(
    r" ?(?:of [a-z -]+|or so|more|approximately|approx|about|roughly|exactly|altogether|in all|in total|i think"
    r"|as (?:many|much|high|large|often|strong|likely)(?: [a-z -]+)?)$",
    re.IGNORECASE,
)
_WORD = re.compile(r"^[a-z -]{4,}$")


class Malformed(ValueError):
    """An answer that cannot be judged. The message tells the learner how to write it."""


def unit_kind(unit: str) -> str:
    """The kind of a unit, a key of `UNITS`. Raises `KeyError` for an unknown one."""
    for kind, sizes in UNITS.items():
        if unit in sizes:
            return kind
    raise KeyError(unit)


def factors(unit: str) -> dict[str, float]:
    """Every spelling that may be answered -> its size in `unit`."""
    sizes = UNITS[unit_kind(unit)]
    # Powers of ten, rounded so that 410 nM is exactly 0.41 µM and not a hair beside it.
    found = {spelling: float(f"{size / sizes[unit]:.6g}") for spelling, size in sizes.items()}
    return found | dict.fromkeys(COUNTED, 1.0) if "" in found else found


def parse_quantity(text: str, unit: str, *, comma_parts_thousands: bool = False) -> float:
    """A learner's “410 nM” in `unit`. Raises `Malformed` with what to write instead.

    comma_parts_thousands: read 41,700 as the course prints it; else it is asked about, since it may be 41.7 as well.
    """
    example = f"“1.5 {unit}”" if unit else "“1.5”"
    tidy = _INVISIBLE.sub("", text).translate(_OTHER_SIGNS)
    tidy = _SPACES.sub(" ", tidy).strip(" ")
    if not tidy:
        raise Malformed(f"Write your answer first, for example {example}.")
    if len(tidy) > LONGEST_ANSWER:
        raise Malformed(f"That is too long. Write one number, for example {example}.")
    while hedge := _HEDGES.match(tidy):
        tidy = tidy[hedge.end() :]
    if bound := _BOUNDS.match(tidy):
        raise Malformed(f"Write one number, without “{bound[0]}”, for example {example}.")
    tidy = _TIMES_TEN.sub(lambda met: f"{met[1]}e{_raised(met[2] or met[3])}", tidy)
    tidy = _TEN_ALONE.sub(lambda met: f"{met[1]}1e{_raised(met[2] or met[3])}", tidy)
    found = _START.match(tidy)
    if not found:
        raise Malformed(f"Start with a number in digits, for example {example}.")
    digits, power, rest = found.groups()
    digits = re.sub(r",+$", "", digits)
    number = _number(digits, comma_parts_thousands)
    value = float(f"{number}{power}") * _size(rest, unit, example)
    if not math.isfinite(value):
        raise Malformed(f"“{digits}{power}” is too large to judge.")
    return value


def _raised(power: str) -> str:
    return "".join(_RAISED.get(sign, sign) for sign in power)


def _number(digits: str, comma_parts_thousands: bool) -> str:
    """The digits with a point for decimals and nothing between thousands."""
    sign, bare = (digits[0], digits[1:]) if digits[0] in "+-" else ("", digits)
    if _PLAIN.match(bare):
        return digits
    if _SPACED.match(bare):
        return sign + re.sub(r"[ '’]", "", bare).replace(",", ".")
    if _BY_COMMAS.match(bare):
        return sign + bare.replace(",", "")
    if _BY_POINTS.match(bare):
        return sign + bare.replace(".", "").replace(",", ".")
    if _TWO_READINGS.match(bare):
        whole, decimal = bare.replace(",", ""), bare.replace(",", ".")
        if comma_parts_thousands:
            return sign + whole
        raise Malformed(f"“{bare}” can be read in two ways. Write {whole} or {decimal}, without a comma.")
    if _COMMA.match(bare):
        return sign + bare.replace(",", ".")
    raise Malformed(f"“{digits}” cannot be read as one number. Write it like 41700 or 0.41.")


def _size(rest: str, unit: str, example: str) -> float:
    """The size in `unit` of what stands behind the number."""
    spelling = re.sub(r"^[ (]+|[ .,;!?)]+$", "", rest)
    spelling = _PER_LITER.sub(r"\1/\2", re.sub(r" ?/ ?| per (?=m?[lL]$)", "/", spelling))
    sizes = factors(unit)
    if spelling and spelling not in sizes and re.search("[0-9⁰¹²³⁴-⁹½¼¾⅓⅔]", spelling):
        raise Malformed(f"Write one number only, for example {example}.")
    short = spelling if spelling in sizes else _TAIL.sub("", spelling)
    if short in sizes:
        return sizes[short]
    if not short:
        raise Malformed(f"Add the unit, for example {example}.")
    lower = short.lower()
    if _WORD.match(lower) and lower in sizes:
        return sizes[lower]
    same = next((known for known in sizes if known and known.lower() == lower), None)
    if same:
        raise Malformed(f"Capital letters matter in units. Did you mean {same}?")
    offered = OFFERED[unit_kind(unit)]
    if not offered:
        raise Malformed(f"“{spelling}” is not understood here. Write the number alone.")
    raise Malformed(f"“{spelling}” does not fit here. Write one number with its unit: {offered}.")
