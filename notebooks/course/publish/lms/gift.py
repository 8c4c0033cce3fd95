"""Questions as GIFT, Moodle's plain text. It has neither gaps nor orderings of its own: these become lines to match.

https://docs.moodle.org/en/GIFT_format
"""

from __future__ import annotations

import re

from ...quiz.grading import grade
from ...quiz.words import plain, rich
from .entries import Entry, NotExpressible, Written, by_kind, categories, pairs, percent

FEWEST_PAIRS = 3  # Moodle refuses a matching question with less
MOST_WAYS = 16
_MEANS = re.compile(r"([\\~=#{}:])")
CREDIT = {"right": 1.0, "partly": 0.5, "wrong": 0.0}


def write(entry: Entry) -> Written:
    """One question."""
    return by_kind(entry, WRITERS, _essay)


def join(done: list[tuple[Entry, Written]]) -> str:
    """The whole file: every category, then its questions."""
    texts = {entry.id: made.text for entry, made in done}
    parts = []
    for category, of_it in categories([entry for entry, _ in done]).items():
        path = "/".join(["$course$", "top", *(name.replace("/", "//") for name in category.path)])
        parts += [f"$CATEGORY: {path}\n", *(texts[entry.id] for entry in of_it)]
    return "\n".join(parts)


def safe(text: str) -> str:
    """A text on one line, in which nothing means anything to GIFT."""
    return _MEANS.sub(r"\\\1", " ".join(text.split()))


def _side(text: str) -> str:
    """A line to match, or its text: an arrow in it would part them."""
    return safe(text.replace("->", "→"))


def _question(entry: Entry, answers: list[str], changed: str = "", more: str = "") -> Written:
    lines = [
        f"// [id:{entry.id}] [tag:{entry.item.objective}] [tag:{entry.item.level}]",
        f"::{safe(entry.name)}::[html]{safe(entry.question)} {{",
        *answers,
        f"####[html]{safe(more + entry.after)}",
        "}",
    ]
    return Written("\n".join(lines) + "\n", changed)


def _option(mark: str, text: str, feedback: str) -> str:
    return f"{mark}[html]{safe(rich(text))}#[html]{safe(rich(feedback))}"


def _single(entry: Entry) -> Written:
    options = entry.item.options
    return _question(entry, [_option("=" if one.right else "~", one.text, one.feedback) for one in options])


def _several(entry: Entry) -> Written:
    options = entry.item.options
    right = sum(option.right for option in options)
    share = {True: percent(1 / right), False: percent(-1 / max(1, len(options) - right))}
    return _question(entry, [_option(f"~%{share[one.right]}%", one.text, one.feedback) for one in options])


def _truth(entry: Entry) -> Written:
    """True or false and its reason as one choice of both: half a point where only the first is right."""
    return _question(entry, _combined(entry, "{0}, because: {1}"), "true or false and its reason as one choice of both")


def _combined(entry: Entry, words: str) -> list[str]:
    """Each way to answer two parts as one option, with what the course gives and says for it."""
    item, answers = entry.item, []
    for first, one in enumerate(item.slots[0].options):
        for second, other in enumerate(item.slots[1].options):
            judged = grade(item, [first, second])
            share = CREDIT[judged.verdict]
            mark = "=" if share == 1 else f"~%{percent(share)}%" if share else "~"
            answers.append(_option(mark, words.format(one.text, other.text), " ".join(judged.feedback) or judged.says))
    return answers


def _number(entry: Entry) -> Written:
    wanted = entry.item.quantity
    unit = f" (in {wanted.unit})" if wanted.unit else ""
    answers = [f"=%100%{wanted.value:.12g}:{wanted.tolerance:.12g}#Right."]
    answers += [
        f"=%0%{trap.value:.12g}:{trap.tolerance:.12g}#[html]{safe(rich(trap.feedback))}" for trap in entry.item.traps
    ]
    made = _question(entry, answers)
    # Numbers begin with # right behind the brace; GIFT has no units.
    text = made.text.replace(" {\n", f"{safe(unit)} {{#\n", 1)
    return Written(text, f"the unit{unit} stands in the question, and none is read" if unit else "")


def _pairs(entry: Entry, changed: str = "") -> Written:
    lines, spare = pairs(entry)
    if len(lines) < FEWEST_PAIRS:
        return _few(entry)
    answers = [f"={_side(line)} -> {_side(right)}" for line, right in [*lines, *(("", one) for one in spare)]]
    return _question(entry, answers, changed, entry.each_part)


def _few(entry: Entry) -> Written:
    """Two lines or gaps as one choice of both."""
    slots = entry.item.slots
    ways = len(slots[0].options) * len(slots[1].options) if len(slots) == 2 else 0
    if not 0 < ways <= MOST_WAYS:
        raise NotExpressible(f"GIFT matches {FEWEST_PAIRS} lines or more, and it has too few")
    labels = [plain(slot.label).replace("{", "{{").replace("}", "}}") for slot in slots]
    answers = _combined(entry, f"{labels[0]}: {{0}}; {labels[1]}: {{1}}")
    return _question(entry, answers, "its two parts as one choice of both", entry.each_part)


def _ordering(entry: Entry) -> Written:
    return _pairs(entry, "places to match with steps")


def _cloze(entry: Entry) -> Written:
    item = entry.item
    if len(item.slots) == 1:
        options = item.slots[0].options
        made = _question(entry, [_option("=" if one.right else "~", one.text, one.feedback) for one in options])
        return Written(_with_passage(made.text, item.passage), "the gap as a choice under its passage")
    made = _pairs(entry, "gaps to match with words, from one list for all gaps")
    return Written(_with_passage(made.text, item.passage), made.changed)


def _with_passage(text: str, passage: str) -> str:
    return text.replace(" {\n", f"{safe(f'<p>{rich(plain(passage))}</p>')} {{\n", 1)


def _essay(entry: Entry) -> Written:
    made = _question(entry, [], "as an open question; the key stands in what is said afterward")
    said = f"####[html]{safe(f'<p>{rich(entry.key)}</p>' + entry.after)}"
    return Written(re.sub(r"(?m)^####.*$", lambda _: said, made.text), made.changed)


WRITERS = {
    "single": _single,
    "several": _several,
    "truth": _truth,
    "number": _number,
    "matching": _pairs,
    "ordering": _ordering,
    "cloze": _cloze,
}
