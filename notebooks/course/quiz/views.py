"""Shows questions: one display, one question or several, to practice, to be handed in together, or as a poll."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ..display import Display, render, source_links
from ..record import log
from ..record.parts import fault, number_of_try
from . import bank, places
from .forms import USUAL, form_for
from .grading import SURENESS, grade
from .items import Item
from .kinds import kind_of
from .words import LETTERS, option_id, plain, rich, shown

HAND_IN = uuid.UUID("5c6f2a4e-3b0d-4f0e-9f5a-0d7f3c1e8a21")  # the space of names for the ids of hand-ins
MODES = {
    "practice": "Check yourself",
    "review": "Again",
    "check": "Hand in together",
    "poll": "What do you think?",
}


class QuizView(Display):
    """Questions that the page judges itself, with a kernel or without; what was answered goes into the record.

    mode: practice (feedback at once), review (the same, without the earlier answers), or poll (no right or wrong is
    said; reveal adds a button that shows the answer, for after the talk). folded: closed until somebody opens it.
    """

    kind = "quiz"
    keeps = "answer"

    def __init__(self, items: Sequence[Item], mode: str = "practice", *, reveal: bool = False, folded: bool = False):
        if mode not in ("practice", "review", "poll"):
            raise ValueError(f"There is no mode {mode!r}: practice, review or poll.")
        self.items, self.mode = tuple(items), mode
        judged = mode != "poll" or reveal
        super().__init__(
            {
                **quiz_spec(items, mode),
                "folded": folded,
                "cites": [key for item in items for key in item.sources] if judged else [],
                "script": {"mode": mode, "reveal": reveal, "items": [script_spec(item, judged) for item in items]},
            }
        )

        if mode != "poll":
            self.data = {**self.data, "seed": log().seed}

    def __repr__(self) -> str:
        mode = "" if self.mode == "practice" else f" {self.mode}"
        return f"<{self.kind} {' '.join(self.subjects())}{mode}>"

    def subjects(self) -> list[str]:
        """Ids of the questions."""
        return [item.id for item in self.items]

    def remembered(self) -> list[str]:
        """A review and a poll begin with a blank page."""
        return self.subjects() if self.mode == "practice" else []

    def can_show(self, subject: str, value: Any) -> bool:
        """An answer of the question's own shape."""
        item = next(item for item in self.items if item.id == subject)
        return isinstance(value, dict) and not fault(self.keeps, value) and _is_of(item, value)

    def entry(self, subject: str, value: Any) -> tuple[str, Any]:
        """What is written of an answer: the verdict and the number of the try are Python's, not the page's."""
        item = next(item for item in self.items if item.id == subject)
        if self.mode == "poll":
            answer = _understood(item, value)
            return "poll", {"answer": answer, "mode": "poll", **as_shown(item, value, answer)}
        return "answer", answer_value(item, value, self.mode)


class TestView(Display):
    """A whole form, handed in together. No key is in the page: the kernel judges, and only then says so."""

    kind = "quiz"
    keeps = "draft"
    __test__ = False  # no test of pytest's

    def __init__(self, form: str):
        letter = form_for(form)
        self.items = tuple(bank.form(letter).items)
        self.form = letter
        super().__init__(form_spec(letter))
        # What is stored, and a handout, hold A before the course and B after it, whatever a record says.
        self.usual = {"kind": self.kind, **form_spec(USUAL[form])} if form in USUAL else self.spec
        self.data = {**self.data, "seed": log().seed, "handed": self._handed()}

    def __repr__(self) -> str:
        return f"<{self.kind} {self.usual['id']}>"

    def offline_spec(self) -> dict[str, Any]:
        """Without anything from the record."""
        return self.usual

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]  # a bundle alone is enough
        return {**super()._repr_mimebundle_(**kwargs), "text/html": render(self.usual, "stored", "")}

    def subjects(self) -> list[str]:
        """Ids of the questions."""
        return [item.id for item in self.items]

    def can_show(self, subject: str, value: Any) -> bool:
        """An answer of the question's own shape."""
        item = next(item for item in self.items if item.id == subject)
        return isinstance(value, dict) and not fault(self.keeps, value) and _is_of(item, value)

    def entry(self, subject: str, value: Any) -> tuple[str, Any]:
        """A draft is kept as it is, once its shape is right and it can be understood."""
        item = next(item for item in self.items if item.id == subject)
        answer = _understood(item, value)
        return "draft", {"answer": answer, "sure": _sure(value), **as_shown(item, value, answer)}

    def respond(self, request: dict[str, Any]) -> dict[str, Any]:
        """Takes the hand-in: judges all items and writes them in one go. What was left open counts as not known."""
        given = request.get("hand_in")
        if not isinstance(given, dict):
            raise ValueError("Nothing was handed in. Reload the page and try again.")
        values = {
            item.id: answer_value(item, given.get(item.id) or {}, "check", open_is_wrong=True) for item in self.items
        }
        # The page gives each hand-in an id: sent again because no reply came, it is written once.
        name = request.get("id") if isinstance(request.get("id"), str) else ""
        written = log().write_many(
            [
                ("answer", item_id, value, "", uuid.uuid5(HAND_IN, f"{name} {item_id}").hex if name else "")
                for item_id, value in values.items()
            ]
        )
        handed = self._handed()
        self.data = {**self.data, "handed": handed}
        return {"handed": handed, "kept": written[-1].at, "said": log().tell()}

    def _handed(self) -> dict[str, Any] | None:
        """The last hand-in, judged; None if there is none."""
        found = log().latest("answer", self.subjects())
        if len(found) < len(self.items):
            return None
        judged = {}
        for item in self.items:
            value = found[item.id].value
            if fault("answer", value):
                return None  # of another course
            try:
                says = grade(item, value.get("answer"))
            except (ValueError, AttributeError):
                return None
            judged[item.id] = {
                "answer": value.get("answer"),
                "sure": value.get("sure"),
                "verdict": value.get("verdict"),
                "order": value.get("order"),
                "says": "No answer." if says.malformed else says.says,
                "feedback": [rich(text) for text in says.feedback],
                "beliefs": [rich(text) for text in says.beliefs],
                **answer_spec(item),
                "sources": source_links(item.sources),
            }
        return {"at": max(event.at for event in found.values()), "items": judged}


def form_spec(letter: str) -> dict[str, Any]:
    """A form as plain data, without its key."""
    items = bank.form(letter).items
    return {
        **quiz_spec(items, "check"),
        "id": f"form-{letter}",
        "form": letter,
        "cites": [],
        "script": {"mode": "check", "form": letter, "items": [script_spec(item, judged=False) for item in items]},
    }


def answer_value(item: Item, value: Any, mode: str, *, open_is_wrong: bool = False) -> dict[str, Any]:
    """An answer as it is kept in the record. Raises `ValueError` for one that cannot be judged."""
    answer = _part(value, "answer")
    before = log().latest("answer", [item.id]).get(item.id)
    tries = number_of_try(before.value) if before else 0
    judged = grade(item, answer)
    if judged.malformed and not open_is_wrong:
        raise ValueError(judged.says)
    hints = _part(value, "hints")
    return {
        "answer": None if judged.malformed else answer,
        "verdict": "wrong" if judged.malformed else judged.verdict,
        "try": tries + 1,
        "sure": _sure(value),
        "hints": hints if type(hints) is int and 0 <= hints <= 9 else 0,
        "mode": mode,
        "shown": _part(value, "shown") is True,
        **as_shown(item, value, None if judged.malformed else answer),
    }


def as_shown(item: Item, value: Any, answer: Any) -> dict[str, Any]:
    """What the learner saw: the options' places in the order shown, and the letters and ids of those she chose.

    Letters differ from learner to learner; ids do not. Empty for a kind whose options have no letters.
    """
    kind = kind_of(item)
    options = kind.lettered(item)
    if not options:
        return {}
    order = _part(value, "order")
    if (
        not isinstance(order, list)
        or any(type(at) is not int for at in order)
        or sorted(order) != [*range(len(options))]
    ):
        order = list(range(len(options)))
    chosen = [] if answer is None else kind.chosen(item, answer)
    return {
        "order": order,
        "letters": [LETTERS[order.index(at)] for at in chosen],
        "options": [option_id(options[at].text) for at in chosen],
    }


def _understood(item: Item, value: Any) -> Any:
    """An answer as it was given. Raises `ValueError` for another shape, and for one that is only half given."""
    answer = _part(value, "answer")
    judged = grade(item, answer)
    if judged.malformed:
        raise ValueError(judged.says)
    return answer


def _is_of(item: Item, value: Any) -> bool:
    try:
        grade(item, _part(value, "answer"))
    except (ValueError, TypeError, IndexError):
        return False
    return True


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _sure(value: Any) -> int | None:
    sure = _part(value, "sure")
    return sure if type(sure) is int and sure in SURENESS else None


def quiz_spec(items: Sequence[Item], mode: str) -> dict[str, Any]:
    """The questions as plain data; of a run of questions with one case, the first opens it."""
    specs = [item_spec(item) for item in items]
    for before, spec in zip([None, *items], specs, strict=False):
        if spec["case"] and before and before.case and before.case.id == spec["case"]["id"]:
            spec["case"] = None
    name = "-".join(item.id for item in items)
    return {
        "id": name if mode == "practice" else f"{name}-{mode}",
        "mode": mode,
        "title": MODES[mode],
        "form": "",
        "folded": False,
        "sureness": [{"percent": percent, "words": words} for percent, words in SURENESS.items()],
        "items": specs,
    }


def item_spec(item: Item) -> dict[str, Any]:
    """An item as plain data, for the template, a key or an export. Names ending in _html are markup."""
    return {
        "id": item.id,
        "number": places.number(item.id, _chapter(item)),
        "objective": item.objective,
        "level": item.level,
        "kind": item.kind,
        "stem": plain(item.stem),
        "stem_html": rich(item.stem),
        "how": kind_of(item).how_to(item),
        "ends": list(item.ends),
        "of_case": item.case.id if item.case else "",
        "case": {"id": item.case.id, "title": item.case.title, "html": rich(item.case.text)} if item.case else None,
        **{"options": [], "slots": [], "passage": [], "steps": [], "checks": [], **kind_of(item).spec(item)},
        "hints": [rich(hint) for hint in item.hints],
        "narrowing": "" if item.hints else kind_of(item).narrowing(item),
        "sources": source_links(item.sources),
        "replies": replies(item),
        **answer_spec(item),
    }


def answer_spec(item: Item) -> dict[str, Any]:
    """The answer, why it is right, and where to read again."""
    return {
        "key": kind_of(item).key(item),
        "why": plain(item.why),
        "why_html": rich(item.why),
        "section": section(item),
    }


def replies(item: Item) -> list[dict[str, str]]:
    """What is said to each answer that does not fit, for a key on paper: `to` is the answer, `says` the reply."""
    told = {(plain(to), plain(option.feedback)): None for to, option in kind_of(item).replies(item)}
    return [{"to": to, "says": says} for to, says in told]


def section(item: Item) -> dict[str, str]:
    """Where to read again: chapter, anchor for a link, and the heading's own words.

    An item of a form names its chapter, as in 05-scheduling#Match-the-findings.
    """
    chapter, _, anchor = item.section.rpartition("#")
    chapter = chapter or _chapter(item)
    return {"chapter": chapter, "anchor": quote(anchor, safe=",?"), "title": places.title(chapter, anchor)}


def _chapter(item: Item) -> str:
    return item.file.removeprefix("quizzes/").removesuffix(".yaml")


def script_spec(item: Item, judged: bool = True) -> dict[str, Any]:
    """What the script needs. Feedback becomes markup here, and only here.

    judged: whether the page may know the key; without it, only what it needs to collect an answer.
    """
    kind = kind_of(item)
    order = {"order": "fixed"} if item.raw.get("order") == "fixed" else {}
    found: dict[str, Any] = {"id": item.id, "kind": item.kind, **order, **kind.collect(item)}
    if not judged:
        return found
    said = {"key": kind.key(item), "why": shown(item.why), "section": section(item), "hints": len(item.hints)}
    return {**found, **said, **kind.script(item)}
