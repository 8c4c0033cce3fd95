"""Questions as Moodle XML, every kind as a type of its own; the form of Moodle 4.4 and newer (ordering is core there).

https://docs.moodle.org/en/Moodle_XML_format and https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type
"""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element

from ...quiz.kinds import KINDS, kind_of
from ...quiz.quantities import factors
from ...quiz.words import plain, rich
from .entries import Category, Entry, Written, by_kind, categories, pairs, percent
from .xml import HEAD, element, written

PENALTY = "0.3333333"


def text(name: str, words: str, **attributes: str) -> Element:
    """A text as Moodle has it."""
    return element(name, element("text", words), **attributes)


def page(name: str, words: str) -> Element:
    """A text that is markup."""
    return text(name, words, format="html")


def write(entry: Entry) -> Written:
    """One question."""
    return by_kind(entry, WRITERS, _essay)


def join(done: list[tuple[Entry, Written]]) -> str:
    """The whole file: every category, then its questions."""
    texts = {entry.id: made.text for entry, made in done}
    parts = [HEAD, "<quiz>\n"]
    for category, of_it in categories([entry for entry, _ in done]).items():
        parts += [_category(category), "\n", *(f"{texts[entry.id]}\n" for entry in of_it)]
    return "".join([*parts, "</quiz>\n"])


def _category(category: Category) -> str:
    # A slash inside a name is written twice.
    path = "/".join(["$course$", "top", *(name.replace("/", "//") for name in category.path)])
    return written(element("question", text("category", path), page("info", ""), type="category"))


def _question(entry: Entry, kind: str, question: str, *parts: Element, more: str = "") -> Written:
    item = entry.item
    return Written(
        written(
            element(
                "question",
                text("name", entry.name),
                page("questiontext", question),
                page("generalfeedback", more + entry.after),
                element("defaultgrade", "1.0000000"),
                element("penalty", PENALTY),
                element("hidden", "0"),
                element("idnumber", item.id),
                *parts,
                *(page("hint", hint) for hint in entry.hints),
                element("tags", *(text("tag", tag) for tag in entry.tags)),
                type=kind,
            )
        )
    )


def _answer(words: str, fraction: str, feedback: str, *more: Element, form: str = "html") -> Element:
    said = page("feedback", feedback)
    return element("answer", element("text", words), said, *more, fraction=fraction, format=form)


def _said() -> list[Element]:
    return [
        page("correctfeedback", "Right."),
        page("partiallycorrectfeedback", "Partly."),
        page("incorrectfeedback", "Not yet."),
    ]


def _choice(entry: Entry) -> Written:
    options = entry.item.options
    single = kind_of(entry.item) is KINDS["single"]
    right = sum(option.right for option in options)
    share = {True: percent(1 / right), False: "0" if single else percent(-1 / max(1, len(options) - right))}
    return _question(
        entry,
        "multichoice",
        entry.question,
        element("single", str(single).lower()),
        element("shuffleanswers", entry.shuffled),
        element("answernumbering", "ABCD"),
        element("showstandardinstruction", "0"),
        *_said(),
        *(_answer(rich(option.text), share[option.right], rich(option.feedback)) for option in options),
    )


def _number(entry: Entry) -> Written:
    wanted = entry.item.quantity
    sizes = {unit: size for unit, size in factors(wanted.unit).items() if unit and re.fullmatch("[A-Za-zµ%/]+", unit)}
    sizes = {wanted.unit: 1.0, **sizes} if wanted.unit else {}
    units = [
        element("unit", element("multiplier", f"{1 / size:.12g}"), element("unit_name", unit))
        for unit, size in sizes.items()
    ]
    answers = [(wanted.value, wanted.tolerance, "100", "Right.")]
    answers += [(trap.value, trap.tolerance, "0", rich(trap.feedback)) for trap in entry.item.traps]
    return _question(
        entry,
        "numerical",
        entry.question,
        *(
            _answer(f"{value:.12g}", share, said, element("tolerance", f"{close:.12g}"), form="moodle_auto_format")
            for value, close, share, said in answers
        ),
        *([element("units", *units)] if units else []),
        element("unitgradingtype", "0"),
        element("unitpenalty", "0.1000000"),
        element("showunits", "0" if units else "3"),
        element("unitsleft", "0"),
    )


def _matching(entry: Entry) -> Written:
    lines, spare = pairs(entry)
    return _question(
        entry,
        "matching",
        entry.question,
        element("shuffleanswers", "true"),
        *_said(),
        *(
            element("subquestion", element("text", html.escape(line, False)), text("answer", right), format="html")
            for line, right in [*lines, *(("", one) for one in spare)]
        ),
        more=entry.each_part,
    )


def _ordering(entry: Entry) -> Written:
    return _question(
        entry,
        "ordering",
        entry.question,
        element("layouttype", "VERTICAL"),
        element("selecttype", "ALL"),
        element("selectcount", "0"),
        element("gradingtype", "ABSOLUTE_POSITION"),
        element("showgrading", "SHOW"),
        element("numberingstyle", "numbering123"),
        *_said(),
        *(
            _answer(rich(option.text), f"{at}.0000000", rich(option.feedback))
            for at, option in enumerate(entry.item.options, 1)
        ),
        more=entry.each_part,
    )


def _gap(options: list[tuple[str, bool, str]], display: str) -> str:
    """A gap of a cloze: its options (text, right, feedback), in the order of the bank."""
    each = [f"{'=' if right else ''}{_in_gap(words)}#{_in_gap(said)}" for words, right, said in options]
    return f"{{1:{display}:{'~'.join(each)}}}"


def _in_gap(words: str) -> str:
    """A text inside of a gap: without the marks that end it there."""
    safe = rich(words).replace("&#39;", "’").replace("&#34;", "&quot;")
    return re.sub(r'([\\}#~/"])', r"\\\1", safe)


def _truth(entry: Entry) -> Written:
    side, reason = ([(one.text, one.right, one.feedback) for one in slot.options] for slot in entry.item.slots)
    labels = [rich(slot.label) for slot in entry.item.slots]
    gaps = f"<p>{labels[0]}: {_gap(side, 'MULTICHOICE')}</p><p>{labels[1]}: {_gap(reason, 'MCV')}</p>"
    return _question(entry, "cloze", _outside(entry.question) + gaps)


def _cloze(entry: Entry) -> Written:
    gaps = [
        _gap([(plain(one.text), one.right, one.feedback) for one in slot.options], "MULTICHOICE")
        for slot in entry.item.slots
    ]
    passage = re.sub(r"\[(\d+)\]", lambda mark: gaps[int(mark[1]) - 1], _outside(rich(entry.item.passage)))
    return _question(entry, "cloze", f"{_outside(entry.question)}<p>{passage}</p>")


def _outside(markup: str) -> str:
    """Markup around gaps: a brace there would begin one."""
    return markup.replace("{", "&#123;").replace("}", "&#125;")


def _essay(entry: Entry) -> Written:
    made = _question(
        entry,
        "essay",
        entry.question,
        element("responseformat", "editor"),
        element("responserequired", "1"),
        element("responsefieldlines", "8"),
        page("graderinfo", f"<p>{html.escape(entry.key)}</p>"),
    )
    return Written(made.text, "as an open question, with the key for whoever grades it")


WRITERS = {
    "single": _choice,
    "several": _choice,
    "truth": _truth,
    "number": _number,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
}
