"""Events of a record as statements of the Experience API (xAPI) 1.0.3, for a learning record store.

The whole event is kept in an extension, so that a record can be read back from its statements.
"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from ..quiz.items import Item
from ..quiz.kinds import KINDS, kind_of
from ..quiz.quantities import Malformed
from ..record import Event
from .subjects import chapter_of, credit_of, form_of, given, in_words, item_of, part, plain, sort_of, title

# A name that belongs to nobody and leads nowhere: .example is reserved for that (RFC 2606).
HOME = "https://is-ketamine-an-opioid.example"
EVENT = f"{HOME}/xapi/event"
ORIGIN = f"{HOME}/xapi/origin"  # where it was written first, and in which place
EXTENSIONS = {"sure": f"{HOME}/xapi/sureness-percent"} | {
    name: f"{HOME}/xapi/{name}" for name in ("hints", "try", "mode", "shown", "letters", "options")
}
REASON = f"{HOME}/xapi/reason"
SELF = f"{HOME}/xapi/self-assessed"  # checks that a learner ticked herself: no score, and never one
FORM = f"{HOME}/xapi/form"  # A or B, for a question of a test
COURSE = {
    "objectType": "Activity",
    "id": f"{HOME}/activity/course",
    "definition": {"type": "http://adlnet.gov/expapi/activities/course", "name": {"en": "Is Ketamine an Opioid?"}},
}
_STATEMENTS = uuid.uuid5(uuid.NAMESPACE_URL, f"{HOME}/xapi/statement")
# Verbs of the ADL vocabulary. What is taken back or reset was not answered: she interacted with it.
_VERBS = {
    "answer": "answered",
    "poll": "answered",
    "guess": "answered",
    "claim": "answered",
    "section": "completed",
    "draft": "interacted",
    "reset": "interacted",
}
_TYPES = {
    "item": "http://adlnet.gov/expapi/activities/cmi.interaction",
    "claim": "http://adlnet.gov/expapi/activities/cmi.interaction",
    "prediction": "http://adlnet.gov/expapi/activities/cmi.interaction",
    "section": "http://id.tincanapi.com/activitytype/section",
}


def statement_id(event_id: str, pseudonym: str = "") -> str:
    """The id of an event's statement: always the same, so that a store does not count an event twice.

    Under another pseudonym it is another statement, with another id. Without one: as earlier versions wrote it.
    """
    return str(uuid.uuid5(_STATEMENTS, f"{event_id} {pseudonym}" if pseudonym else event_id))


def statement(event: Event, pseudonym: str) -> dict[str, Any]:
    """An event as an xAPI statement of somebody who bears this pseudonym and no other name."""
    verb = "interacted" if event.value is None else _VERBS.get(event.kind, "experienced")
    made = {
        "id": statement_id(event.id, pseudonym),
        "actor": {"objectType": "Agent", "account": {"homePage": HOME, "name": pseudonym}},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}", "display": {"en": verb}},
        "object": _activity(event.subject),
        "context": {
            "platform": "Is Ketamine an Opioid? An open, interactive Jupyter course",
            "language": "en",
            "contextActivities": {"parent": [_chapter(chapter_of(event))], "grouping": [COURSE]},
            "extensions": {
                **({ORIGIN: event.origin} if event.origin else {}),
                **({FORM: form} if (form := form_of(event.subject)) else {}),
                EVENT: {
                    "id": event.id,
                    "at": event.at,
                    "kind": event.kind,
                    "subject": event.subject,
                    "value": event.value,
                    "chapter": event.chapter,
                },
            },
        },
        "timestamp": event.at,
    }
    result = _result(event)
    return {**made, "result": result} if result else made


def _chapter(number: str) -> dict[str, Any]:
    if not number:
        return COURSE
    return {
        "objectType": "Activity",
        "id": f"{HOME}/activity/chapter/{number}",
        "definition": {"type": "http://adlnet.gov/expapi/activities/module", "name": {"en": f"Chapter {number}"}},
    }


# What a subject is, once for all its statements: subject -> its question, and the activity.
_activities: dict[str, tuple[Item | None, dict[str, Any]]] = {}


def _activity(subject: str) -> dict[str, Any]:
    item = item_of(subject)
    if subject not in _activities or _activities[subject][0] is not item:
        if len(_activities) > 5000:
            _activities.clear()
        _activities[subject] = item, _described(subject, item)
    return _activities[subject][1]


def _described(subject: str, item: Item | None) -> dict[str, Any]:
    sort = sort_of(subject)
    definition: dict[str, Any] = {"type": _TYPES[sort], "name": {"en": subject}, "description": {"en": title(subject)}}
    if sort != "section":
        definition["interactionType"] = kind_of(item).interaction if item else "other"
    if item:
        patterns = kind_of(item).patterns(item)
        definition |= kind_of(item).components(item) | ({"correctResponsesPattern": patterns} if patterns else {})
    return {
        "objectType": "Activity",
        "id": f"{HOME}/activity/{sort}/{quote(subject, safe='')}",
        "definition": definition,
    }


def _result(event: Event) -> dict[str, Any]:
    if event.value is None or event.kind == "reset":
        return {}
    if event.kind == "section":
        return {"completion": event.value is True}
    result: dict[str, Any] = {}
    credit = credit_of(event)
    if credit is not None:
        result |= {"success": credit == 1, "score": {"scaled": credit, "raw": credit, "min": 0, "max": 1}}
    item = item_of(event.subject)
    extensions = {iri: part(event, name) for name, iri in EXTENSIONS.items() if part(event, name) not in (None, "", [])}
    response = _response(item, given(event)) if item else None
    if response is None and item is None:
        response = in_words(event)
    if part(event, "verdict") == "self" and item and response is not None:
        extensions[SELF] = {"ticked": len(given(event).get("ticked", [])), "of": len(item.checks)}
    if response:  # a statement may hold nothing empty
        result["response"] = response
    if item and kind_of(item) is KINDS["truth"] and response is not None and given(event)[1] is not None:
        extensions[REASON] = plain(item.slots[1].options[given(event)[1]].text)
    return {**result, **({"extensions": extensions} if extensions else {})}


def _response(item: Item, answer: Any) -> str | None:
    """An answer in the notation of its kind of interaction; None for none, or for one of another shape."""
    if answer is None:
        return None
    try:
        return kind_of(item).response(item, answer)
    except (Malformed, TypeError, AttributeError, IndexError, ValueError):
        return None
