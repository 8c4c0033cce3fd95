"""A record of work: one printable page, made on the learner's own computer from her own record.

It is no professional credential, and says so. The name goes into the file and nowhere else: not into the record,
not into the file's name. The file loads nothing and runs nothing.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .. import __version__
from ..chapters import taught
from ..display import Display, render
from ..display.files import asset
from ..files import downloads
from ..files import write as write_whole
from ..quiz.forms import OTHER
from ..record import Event, log
from .answers import Question, catalogue, clock, first_tries, hand_in, moment
from .gains import _of, _two, gain_of, pairs

COURSE = "Is Ketamine an Opioid?"
LONGEST_NAME = 80
# Marks that turn the direction of text, and joiners that some scripts need.
JOINERS = "\u200c\u200d"


def check_name(name: Any) -> str:
    """The name, fit to be printed, with single spaces. Raises `ValueError` in words for the learner."""
    if not isinstance(name, str):
        raise ValueError("The name must be text.")
    if len(name) > 20 * LONGEST_NAME:
        raise ValueError(f"The name is too long. Write at most {LONGEST_NAME} characters.")
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not tidy:
        raise ValueError("Write the name that the record of work is for.")
    if len(tidy) > LONGEST_NAME:
        raise ValueError(f"The name is too long. Write at most {LONGEST_NAME} characters.")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") and sign not in JOINERS for sign in tidy):
        raise ValueError("The name holds an invisible control character. Type it again, without pasting.")
    if not any(unicodedata.category(sign)[0] in "LN" for sign in tidy):
        raise ValueError("The name holds no letter. Write the name that the record of work is for.")
    if any(
        all(unicodedata.category(sign) == "Mn" for sign in tidy[place : place + 5]) for place in range(len(tidy) - 4)
    ):
        raise ValueError("The name has too many marks on one letter. Type it again.")
    return tidy


def completion(
    events: Iterable[Event] | None = None, questions: Mapping[str, Question] | None = None
) -> dict[str, Any] | None:
    """What the record says was done, as plain data; None while the test after the course was not handed in.

    That is the form handed in later, or form B if it alone was. date: the day of its first hand-in, in the learner's
    time zone.
    """
    events = log().counted() if events is None else events if isinstance(events, list) else list(events)
    known = catalogue() if questions is None else questions
    both = {form: found for form in "AB" if (found := hand_in(form, events, known))}
    first = min(both, key=lambda form: min(one.at for one in both[form].values()), default="")
    last = OTHER[first] if len(both) == 2 else "B"
    if last not in both:
        return None
    handed = both[last]
    asked = sum(one.form == last for one in known.values())
    score = gain_of([({"right": 1, "partly": 0.5}.get(each.verdict, 0),) * 2 for each in handed.values()]).after
    matched = pairs(events, known)
    gain = gain_of([pair.points for pair in matched]) if matched else None
    done = {
        "date": _day(min(each.at for each in handed.values()).astimezone(clock().tzinfo)),
        "score": f"{_number(score)} of {asked} points",
        "gain": "",
        "chapters": _chapters(events, known),
    }
    if gain:
        done["gain"] = f"Before the course: {_of(gain.before, gain)} points."
        if gain.normalised and not gain.near_the_top:
            value, low, high = gain.normalised
            done["gain"] += f" Normalized gain: {_two(value)} (95 % interval {_two(low)} to {_two(high)})."
    return done


def page(name: str, done: Mapping[str, Any]) -> str:
    """The record of work as a whole HTML page. name: as `check_name` gives it."""
    style = asset("styles/certificate.css")
    spec = {
        "kind": "certificate",
        "id": "certificate",
        "course": COURSE,
        "version": __version__,
        "name": name,
        "style": style,
        "policy": "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"
        + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        + "'",
        **done,
    }
    return render(spec, "page", "") + "\n"


def write(name: str, folder: str | Path | None = None, events: Iterable[Event] | None = None) -> Path:
    """Writes the record of work and returns its path. It is there whole, or not at all; no file is overwritten.

    folder: if not given, the learner's Downloads, or, where there is none, the folder of the record. Raises
    `ValueError` in words: no form B yet, a name that cannot be printed, a folder that cannot be written.
    """
    name = check_name(name)
    done = completion(events)
    if done is None:
        raise ValueError(MISSING)
    home = Path(folder).expanduser() if folder is not None else downloads(otherwise=log().path.parent)
    try:
        path = _free(home)
        write_whole(path, page(name, done), replace=False, private=True)
    except OSError as problem:
        raise ValueError(
            f"The record of work cannot be written to {home} ({problem.strerror or problem}). Name another folder: "
            'learning.certificate("…", folder="…").'
        ) from None
    return path


class CertificateView(Display):
    """Live: a field for the name and a button; the page takes the file from the kernel and saves it."""

    kind = "certificate"

    def __init__(self, name: str = "", folder: str | Path | None = None):
        said = ""
        if name:
            try:
                said = f"The record of work is in {write(name, folder)}."
            except ValueError as problem:
                said = str(problem)
        super().__init__({"id": "certificate", "said": said, "ready": completion() is not None, "missing": MISSING})

    def offline_spec(self) -> dict[str, Any]:
        """Without anything from the record."""
        return {**self.spec, "said": "", "ready": False}

    def respond(self, request: dict[str, Any]) -> dict[str, Any]:
        """The record of work for a name, as text of a file. Nothing is kept."""
        if set(request) != {"name"}:
            return super().respond(request)
        name = check_name(request["name"])
        done = completion()
        if done is None:
            raise ValueError(MISSING)
        return {"html": page(name, done), "file": FILE.format("")}


FILE = "record-of-work-is-ketamine-an-opioid{}.html"
MISSING = (
    "Not yet: the test after the course was not handed in. Answer its questions in chapter 10 and hand them in; then "
    "press the button."
)


def _free(home: Path) -> Path:
    """A name in this folder that no file has."""
    number = 1
    while (path := home / FILE.format("" if number == 1 else f"-{number}")).exists():
        number += 1
    return path


def _chapters(events: list[Event], known: Mapping[str, Question]) -> list[dict[str, Any]]:
    """For each chapter: its title, its questions answered, its sections finished."""
    answered = first_tries(events)
    sections: dict[str, bool] = {}
    for event in sorted(
        (event for event in events if event.kind == "section"), key=lambda event: event.when or str(event.at)
    ):
        if moment(event.at):
            sections[str(event.subject)] = event.value is True
    found = []
    for chapter in taught():
        parts = [f"{chapter.slug}#{anchor}" for anchor in chapter.sections]
        mine = [item for item, one in known.items() if one.chapter == chapter.slug and not one.form]
        found.append(
            {
                "number": chapter.number,
                "title": chapter.title,
                "questions": len(mine),
                "answered": sum(item in answered for item in mine),
                "sections": len(parts),
                "finished": sum(sections.get(part, False) for part in parts),
            }
        )
    return found


def _number(points: float) -> str:
    whole = int(points)
    return f"{whole or ''}½" if points != whole else str(whole)


def _day(at: dt.datetime) -> str:
    months = "January February March April May June July August September October November December".split()
    return f"{at.day} {months[at.month - 1]} {at.year}"
