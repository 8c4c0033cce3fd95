"""Questions as QTI 1.2 in a zip, in the form that Canvas reads: one quiz, and one question bank, for each category.

Canvas names its kinds in `question_type`; its importer knows no ordering (that becomes places to match with steps).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from ...quiz.words import plain, rich
from .entries import Category, Entry, Written, by_kind, categories, pairs, percent
from .packages import Files
from .xml import document, element, written

SPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"


def write(entry: Entry) -> Written:
    """One question, as an <item>."""
    return by_kind(entry, WRITERS, _essay)


def join(done: list[tuple[Entry, Written]]) -> Files:
    """The files of the package: one assessment for each category, and the manifest."""
    texts = {entry.id: made.text for entry, made in done}
    files: Files = {}
    for category, of_it in categories([entry for entry, _ in done]).items():
        files[f"{category.key}/{category.key}.xml"] = _assessment(category, [texts[entry.id] for entry in of_it])
    return {"imsmanifest.xml": _manifest(list(files)), **files}


def _assessment(category: Category, items: Iterable[str]) -> str:
    # Items are text already, so that each stands as it was written.
    mark = "@items@"
    root = element(
        "questestinterop",
        element(
            "assessment",
            element("qtimetadata", _field("cc_maxattempts", "1")),
            element("section", mark, ident="root_section"),
            ident=f"assessment_{category.key}",
            title=category.title,
        ),
        xmlns=SPACE,
    )
    return document(root).replace(mark, "\n" + "\n".join(items) + "\n")


def _manifest(paths: list[str]) -> str:
    resources = [
        element("resource", element("file", href=path), identifier=f"res_{path.split('/')[0]}", type="imsqti_xmlv1p2")
        for path in paths
    ]
    return document(
        element(
            "manifest",
            element("metadata", element("schema", "IMS Content"), element("schemaversion", "1.1.3")),
            element("organizations"),
            element("resources", *resources),
            identifier="is-ketamine-an-opioid-qti12",
            xmlns=PACKAGE,
        )
    )


def _field(label: str, entry: str) -> Element:
    return element("qtimetadatafield", element("fieldlabel", label), element("fieldentry", entry))


def _material(markup: str) -> Element:
    return element("material", element("mattext", markup, texttype="text/html"))


def _feedback(ident: str, markup: str) -> Element:
    return element("itemfeedback", element("flow_mat", _material(markup)), ident=ident)


def _shown(ident: str) -> Element:
    return element("displayfeedback", feedbacktype="Response", linkrefid=ident)


def _score(points: str, action: str = "Set") -> Element:
    return element("setvar", points, action=action, varname="SCORE")


def _when(condition: Element, *then: Element, goes_on: bool = True) -> Element:
    made = element("respcondition", element("conditionvar", condition), *then)
    made.set("continue", "Yes" if goes_on else "No")
    return made


def _is(response: str, value: str) -> Element:
    return element("varequal", value, respident=response)


def _choices(ident: str, options: Iterable[tuple[str, str]], cardinality: str = "Single", label: str = "") -> Element:
    labels = [element("response_label", _material(markup), ident=name) for name, markup in options]
    return element(
        "response_lid",
        element("material", element("mattext", label, texttype="text/plain")) if label else None,
        element("render_choice", *labels),
        ident=ident,
        rcardinality=cardinality,
    )


def _item(
    entry: Entry,
    kind: str,
    question: str,
    responses: list[Element],
    rules: list[Element],
    said: dict[str, str],
    more: str = "",
) -> str:
    general = _when(element("other"), _shown("general_fb"))
    root = element(
        "item",
        element(
            "itemmetadata",
            element("qtimetadata", _field("question_type", kind), _field("points_possible", "1.0")),
        ),
        element("presentation", _material(question), *responses),
        element(
            "resprocessing",
            element("outcomes", element("decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")),
            general,
            *rules,
        ),
        _feedback("general_fb", more + entry.after),
        *(_feedback(ident, markup) for ident, markup in said.items() if markup),
        ident=entry.id,
        title=entry.name,
    )
    return written(root)


def _single(entry: Entry) -> Written:
    options = [(f"{entry.id}_{at}", option) for at, option in enumerate(entry.item.options)]
    rules = [_when(_is("response1", name), _shown(f"{name}_fb")) for name, _ in options]
    right = next(name for name, option in options if option.right)
    rules.append(_when(_is("response1", right), _score("100"), goes_on=False))
    return Written(
        _item(
            entry,
            "multiple_choice_question",
            entry.question,
            [_choices("response1", [(name, rich(option.text)) for name, option in options])],
            rules,
            {f"{name}_fb": rich(option.feedback) for name, option in options},
        )
    )


def _several(entry: Entry) -> Written:
    options = [(f"{entry.id}_{at}", option) for at, option in enumerate(entry.item.options)]
    rules = [_when(_is("response1", name), _shown(f"{name}_fb")) for name, _ in options]
    each = [_is("response1", name) if one.right else element("not", _is("response1", name)) for name, one in options]
    rules.append(_when(element("and", *each), _score("100"), goes_on=False))
    return Written(
        _item(
            entry,
            "multiple_answers_question",
            entry.question,
            [_choices("response1", [(name, rich(option.text)) for name, option in options], "Multiple")],
            rules,
            {f"{name}_fb": rich(option.feedback) for name, option in options},
        )
    )


def _number(entry: Entry) -> Written:
    wanted = entry.item.quantity

    def near(value: float, close: float) -> Element:
        low, high = f"{value - close:.12g}", f"{value + close:.12g}"
        return element(
            "or",
            _is("response1", f"{value:.12g}"),
            element(
                "and",
                element("vargte", low, respident="response1"),
                element("varlte", high, respident="response1"),
            ),
        )

    traps = list(enumerate(entry.item.traps))
    rules = [_when(near(wanted.value, wanted.tolerance), _score("100"), goes_on=False)]
    rules += [_when(near(trap.value, trap.tolerance), _score("0"), _shown(f"trap_{at}_fb")) for at, trap in traps]
    unit = f"<p>Write the number alone, in {rich(wanted.unit)}.</p>" if wanted.unit else ""
    field = element(
        "response_str",
        element("render_fib", element("response_label", ident="answer1", rshuffle="No"), fibtype="Decimal"),
        ident="response1",
        rcardinality="Single",
    )
    text = _item(
        entry,
        "numerical_question",
        entry.question + unit,
        [field],
        rules,
        {f"trap_{at}_fb": rich(trap.feedback) for at, trap in traps},
    )
    changed = "the number alone, in the unit that the question names" if wanted.unit else ""
    return Written(text, changed)


def _pairs(entry: Entry, changed: str = "") -> Written:
    lines, spare = pairs(entry)
    offered = list(dict.fromkeys([*(right for _, right in lines), *spare]))
    # Not in their right order.
    names = {text: f"{entry.id}_t{at}" for at, text in enumerate(sorted(offered))}
    options = [(name, rich(text)) for text, name in names.items()]
    share = percent(1 / len(lines))
    responses, rules = [], []
    for at, (line, right) in enumerate(lines):
        ident = f"response_{entry.id}_{at}"
        responses.append(_choices(ident, options, label=line))
        rules.append(_when(_is(ident, names[right]), _score(share, "Add")))
    # Canvas has one text for a whole matching question: what is said of each line stands in it.
    text = _item(entry, "matching_question", entry.question, responses, rules, {}, entry.each_part)
    return Written(text, changed)


def _ordering(entry: Entry) -> Written:
    return _pairs(entry, "places to match with steps")


def _gaps(entry: Entry, question: str, changed: str = "") -> Written:
    """A question with a list of choices at each [gap]."""
    slots = [(f"gap{at}", slot) for at, slot in enumerate(entry.item.slots, 1)]
    share = percent(1 / len(slots))
    responses, rules = [], []
    said: dict[str, str] = {}
    for name, slot in slots:
        ident = f"response_{name}"
        options = [(f"{entry.id}_{name}_{at}", option) for at, option in enumerate(slot.options)]
        responses.append(_choices(ident, [(one, rich(option.text)) for one, option in options], label=name))
        rules += [_when(_is(ident, one), _shown(f"{one}_fb")) for one, _ in options]
        right = next(one for one, option in options if option.right)
        rules.append(_when(_is(ident, right), _score(share, "Add")))
        said |= {f"{one}_fb": rich(option.feedback) for one, option in options}
    text = _item(entry, "multiple_dropdowns_question", question, responses, rules, said)
    return Written(text, changed)


def _outside(markup: str) -> str:
    """Markup around gaps: a bracket there would begin one."""
    return markup.replace("[", "&#91;").replace("]", "&#93;")


def _truth(entry: Entry) -> Written:
    labels = [rich(slot.label) for slot in entry.item.slots]
    lines = "".join(f"<p>{label}: [gap{at}]</p>" for at, label in enumerate(labels, 1))
    return _gaps(entry, _outside(entry.question) + lines)


def _cloze(entry: Entry) -> Written:
    passage = re.sub(r"&#91;(\d+)&#93;", r"[gap\1]", _outside(rich(plain(entry.item.passage))))
    return _gaps(entry, f"{_outside(entry.question)}<p>{passage}</p>")


def _essay(entry: Entry) -> Written:
    field = element(
        "response_str",
        element("render_fib", element("response_label", ident="answer1", rshuffle="No")),
        ident="response1",
        rcardinality="Single",
    )
    text = _item(entry, "essay_question", entry.question, [field], [], {}, f"<p>{rich(entry.key)}</p>")
    return Written(text, "as an open question, with the key in what is said afterward")


WRITERS = {
    "single": _single,
    "several": _several,
    "truth": _truth,
    "number": _number,
    "matching": _pairs,
    "ordering": _ordering,
    "cloze": _cloze,
}
