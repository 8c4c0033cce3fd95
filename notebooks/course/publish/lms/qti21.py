"""Questions as QTI 2.1 in a zip: one file each, one test for each category, judged and explained as in the course.

https://www.imsglobal.org/question/qtiv2p1/imsqti_infov2p1.html. Points are the course's own: half for what is partly
right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from ...quiz.items import Option
from ...quiz.words import plain, rich
from .entries import Category, Entry, Written, by_kind, categories
from .packages import Files
from .xml import document, element, markup

SPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def write(entry: Entry) -> Written:
    """One question, as the whole file of an item."""
    return by_kind(entry, WRITERS, _essay)


def join(done: list[tuple[Entry, Written]]) -> Files:
    """The files of the package: items, a test for each category, and the manifest."""
    items = {f"items/{entry.id}.xml": made.text for entry, made in done}
    tests, needs = {}, {}
    for category, of_it in categories([entry for entry, _ in done]).items():
        path = f"tests/{category.key}.xml"
        tests[path], needs[path] = _test(category, of_it), [entry.id for entry in of_it]
    return {"imsmanifest.xml": _manifest(list(items), needs), **tests, **items}


def _root(name: str, space: str, schema: str, *parts: Element, **attributes: str) -> str:
    location = f"{space} {schema}"
    made = element(name, *parts, xmlns=space, xmlns__xsi=XSI, xsi__schemaLocation=location, **attributes)
    return document(made)


def _test(category: Category, of_it: list[Entry]) -> str:
    references = [
        element("assessmentItemRef", identifier=entry.id, href=f"../items/{entry.id}.xml", fixed="false")
        for entry in of_it
    ]
    section = element("assessmentSection", *references, identifier="all", title=category.title, visible="true")
    part = element("testPart", section, identifier="part", navigationMode="nonlinear", submissionMode="individual")
    return _root(
        "assessmentTest",
        SPACE,
        "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
        part,
        identifier=f"test-{category.key}",
        title=category.title,
    )


def _manifest(items: list[str], tests: dict[str, list[str]]) -> str:
    resources = [
        element(
            "resource",
            element("file", href=path),
            *(element("dependency", identifierref=f"item-{name}") for name in needed),
            identifier=f"test-{path.split('/')[-1].removesuffix('.xml')}",
            type="imsqti_test_xmlv2p1",
            href=path,
        )
        for path, needed in tests.items()
    ]
    resources += [
        element(
            "resource",
            element("file", href=path),
            identifier=f"item-{path.split('/')[-1].removesuffix('.xml')}",
            type="imsqti_item_xmlv2p1",
            href=path,
        )
        for path in items
    ]
    return _root(
        "manifest",
        PACKAGE,
        "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
        element("metadata", element("schema", "QTIv2.1 Package"), element("schemaversion", "1.0.0")),
        element("organizations"),
        element("resources", *resources),
        identifier="is-ketamine-an-opioid-qti21",
    )


# -- pieces of an item --------------------------------------------------------------------------------------------


def _value(words: str, base: str = "identifier") -> Element:
    return element("baseValue", words, baseType=base)


def _variable(name: str) -> Element:
    return element("variable", identifier=name)


def _set(name: str, value: Element) -> Element:
    return element("setOutcomeValue", value, identifier=name)


def _scored(points: str) -> Element:
    return _set("SCORE", _value(points, "float"))


def _tell(*names: Element) -> Element:
    """Adds to what will be said."""
    return _set("FEEDBACK", element("multiple", _variable("FEEDBACK"), *names))


def _if(condition: Element, *then: Element) -> Element:
    return element("responseIf", condition, *then)


def _rule(right: Element, partly: Element | None) -> Element:
    """A point for what is right, half for what is partly right."""
    return element(
        "responseCondition",
        _if(right, _scored("1")),
        element("responseElseIf", partly, _scored("0.5")) if partly is not None else None,
        element("responseElse", _scored("0")),
    )


def _when(condition: Element, *then: Element) -> Element:
    return element("responseCondition", _if(condition, *then))


def _response(name: str, cardinality: str, base: str, right: Iterable[str]) -> Element:
    values = [element("value", one) for one in right]
    correct = element("correctResponse", *values) if values else None
    return element("responseDeclaration", correct, identifier=name, cardinality=cardinality, baseType=base)


def _item(
    entry: Entry, responses: list[Element], body: list[Element], rules: list[Element], said: dict[str, str]
) -> str:
    """said: what is said, as markup, by the name that the rules give it."""
    said = {**said, "after": entry.after}
    score = element("defaultValue", element("value", "0"))
    return _root(
        "assessmentItem",
        SPACE,
        "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
        *responses,
        element("outcomeDeclaration", score, identifier="SCORE", cardinality="single", baseType="float"),
        element("outcomeDeclaration", identifier="FEEDBACK", cardinality="multiple", baseType="identifier"),
        element("itemBody", markup("div", entry.question), *body),
        element("responseProcessing", *rules, _tell(_value("after"))),
        *(
            markup(
                "modalFeedback", f"<div>{words}</div>", outcomeIdentifier="FEEDBACK", identifier=name, showHide="show"
            )
            for name, words in said.items()
            if words
        ),
        identifier=entry.id,
        title=entry.name,
        adaptive="false",
        timeDependent="false",
        toolName="is-ketamine-an-opioid",
    )


def _choice_of(
    options: Iterable[tuple[str, Option]],
    response: str = "RESPONSE",
    most: str = "1",
    prompt: str = "",
    shuffle: str = "true",
) -> Element:
    return element(
        "choiceInteraction",
        markup("prompt", prompt) if prompt else None,
        *(markup("simpleChoice", rich(option.text), identifier=name) for name, option in options),
        responseIdentifier=response,
        shuffle=shuffle,
        maxChoices=most,
    )


# -- the kinds ----------------------------------------------------------------------------------------------------


def _single(entry: Entry) -> Written:
    options = [(f"o{at}", option) for at, option in enumerate(entry.item.options)]
    right = [name for name, option in options if option.right]
    text = _item(
        entry,
        [_response("RESPONSE", "single", "identifier", right)],
        [_choice_of(options, shuffle=entry.shuffled)],
        [
            _rule(element("match", _variable("RESPONSE"), element("correct", identifier="RESPONSE")), None),
            _when(element("not", element("isNull", _variable("RESPONSE"))), _tell(_variable("RESPONSE"))),
        ],
        {name: rich(option.feedback) for name, option in options},
    )
    return Written(text)


def _several(entry: Entry) -> Written:
    options = [(f"o{at}", option) for at, option in enumerate(entry.item.options)]
    right = [name for name, option in options if option.right]
    # Partly right if more of what was chosen fits than not: each right one counts 1, each wrong one -1.
    worth = [element("mapEntry", mapKey=name, mappedValue="1" if option.right else "-1") for name, option in options]
    answer = _response("RESPONSE", "multiple", "identifier", right)
    answer.append(element("mapping", *worth, defaultValue="0"))
    some = element("gt", element("mapResponse", identifier="RESPONSE"), _value("0", "float"))
    text = _item(
        entry,
        [answer],
        [_choice_of(options, most="0", shuffle=entry.shuffled)],
        [
            _rule(element("match", _variable("RESPONSE"), element("correct", identifier="RESPONSE")), some),
            _when(element("not", element("isNull", _variable("RESPONSE"))), _tell(_variable("RESPONSE"))),
        ],
        {name: rich(option.feedback) for name, option in options},
    )
    return Written(text)


def _truth(entry: Entry) -> Written:
    responses, body, tells = [], [], []
    said: dict[str, str] = {}
    for at, slot in enumerate(entry.item.slots):
        name = f"RESPONSE{at + 1}"
        options = [(f"s{at}o{place}", option) for place, option in enumerate(slot.options)]
        responses.append(_response(name, "single", "identifier", [f"s{at}o{slot.right}"]))
        body.append(_choice_of(options, name, prompt=rich(slot.label)))
        tells.append(_when(element("not", element("isNull", _variable(name))), _tell(_variable(name))))
        said |= {one: rich(option.feedback) for one, option in options if at or not option.right}
    first, second = (
        element("match", _variable(f"RESPONSE{at}"), element("correct", identifier=f"RESPONSE{at}")) for at in (1, 2)
    )
    again = element("match", _variable("RESPONSE1"), element("correct", identifier="RESPONSE1"))
    return Written(_item(entry, responses, body, [_rule(element("and", first, second), again), *tells], said))


def _cloze(entry: Entry) -> Written:
    responses, tells, gaps = [], [], []
    said: dict[str, str] = {}
    for at, slot in enumerate(entry.item.slots, 1):
        name = f"RESPONSE{at}"
        options = [(f"g{at}o{place}", option) for place, option in enumerate(slot.options)]
        responses.append(_response(name, "single", "identifier", [f"g{at}o{slot.right}"]))
        gaps.append(
            element(
                "inlineChoiceInteraction",
                *(element("inlineChoice", plain(option.text), identifier=one) for one, option in options),
                responseIdentifier=name,
                shuffle="true",
            )
        )
        tells.append(_when(element("not", element("isNull", _variable(name))), _tell(_variable(name))))
        said |= {one: rich(option.feedback) for one, option in options}
    pieces = re.split(r"\[\d+\]", plain(entry.item.passage))
    passage = element(
        "p", *(part for pair in zip(pieces, [*gaps, None], strict=False) for part in pair if part is not None)
    )

    def fits() -> list[Element]:
        names = [f"RESPONSE{at}" for at in range(1, len(gaps) + 1)]
        return [element("match", _variable(name), element("correct", identifier=name)) for name in names]

    rule = _rule(element("and", *fits()), element("or", *fits()))
    return Written(_item(entry, responses, [element("div", passage)], [rule, *tells], said))


def _matching(entry: Entry) -> Written:
    slots = entry.item.slots
    targets = list(dict.fromkeys(plain(option.text) for slot in slots for option in slot.options))
    right = [f"s{at} t{targets.index(plain(slot.options[slot.right].text))}" for at, slot in enumerate(slots)]

    def fits() -> list[Element]:
        return [element("member", _value(pair, "directedPair"), _variable("RESPONSE")) for pair in right]

    lines = [
        markup("simpleAssociableChoice", rich(slot.label), identifier=f"s{at}", matchMax="1", matchMin="1")
        for at, slot in enumerate(slots)
    ]
    choices = [
        markup("simpleAssociableChoice", rich(text), identifier=f"t{at}", matchMax="0")
        for at, text in enumerate(targets)
    ]
    body = element(
        "matchInteraction",
        element("simpleMatchSet", *lines),
        element("simpleMatchSet", *choices),
        responseIdentifier="RESPONSE",
        shuffle="true",
        maxAssociations=str(len(slots)),
    )
    tells = [_when(element("not", one), _tell(_value(f"s{at}f"))) for at, one in enumerate(fits())]
    said = {
        f"s{at}f": f"{rich(slot.label)}: {rich(slot.options[(slot.right + 1) % len(slot.options)].feedback)}"
        for at, slot in enumerate(slots)
    }
    rule = _rule(
        element("match", _variable("RESPONSE"), element("correct", identifier="RESPONSE")), element("or", *fits())
    )
    return Written(
        _item(entry, [_response("RESPONSE", "multiple", "directedPair", right)], [body], [rule, *tells], said)
    )


def _ordering(entry: Entry) -> Written:
    from ...quiz.kinds.ordering import shown_order

    options = entry.item.options
    names = [f"o{at}" for at in range(len(options))]
    steps = [markup("simpleChoice", rich(options[at].text), identifier=names[at]) for at in shown_order(entry.item)]

    def stands() -> list[Element]:
        return [
            element("match", element("index", _variable("RESPONSE"), n=str(at)), _value(name))
            for at, name in enumerate(names, 1)
        ]

    tells = [_when(element("not", one), _tell(_value(f"{name}f"))) for name, one in zip(names, stands(), strict=True)]
    rule = _rule(
        element("match", _variable("RESPONSE"), element("correct", identifier="RESPONSE")), element("or", *stands())
    )
    body = element("orderInteraction", *steps, responseIdentifier="RESPONSE", shuffle="true")
    said = {
        f"{name}f": f"Place {at}: {rich(option.text)}. {rich(option.feedback)}"
        for at, (name, option) in enumerate(zip(names, options, strict=True), 1)
    }
    return Written(_item(entry, [_response("RESPONSE", "ordered", "identifier", names)], [body], [rule, *tells], said))


def _number(entry: Entry) -> Written:
    wanted = entry.item.quantity

    def near(value: float, close: float) -> Element:
        return element(
            "and",
            element("gte", _variable("RESPONSE"), _value(f"{value - close:.12g}", "float")),
            element("lte", _variable("RESPONSE"), _value(f"{value + close:.12g}", "float")),
        )

    traps = list(enumerate(entry.item.traps))
    unit = f" {wanted.unit}" if wanted.unit else ""
    field = element("textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="12")
    tells = [_when(near(trap.value, trap.tolerance), _tell(_value(f"trap{at}"))) for at, trap in traps]
    text = _item(
        entry,
        [_response("RESPONSE", "single", "float", [f"{wanted.value:.12g}"])],
        [element("div", element("p", "Your answer: ", field, unit))],
        [_rule(near(wanted.value, wanted.tolerance), None), *tells],
        {f"trap{at}": rich(trap.feedback) for at, trap in traps},
    )
    return Written(text, "the number alone, in the unit that stands behind its field" if unit else "")


def _essay(entry: Entry) -> Written:
    field = element("extendedTextInteraction", responseIdentifier="RESPONSE", expectedLines="6")
    text = _item(
        entry,
        [_response("RESPONSE", "single", "string", [])],
        [field],
        [_when(element("not", element("isNull", _variable("RESPONSE"))), _tell(_value("key")))],
        {"key": rich(entry.key)},
    )
    return Written(text, "as an open question, with the key in what is said afterward")


WRITERS = {
    "single": _single,
    "several": _several,
    "truth": _truth,
    "number": _number,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
}
