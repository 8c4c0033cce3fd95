"""What questions are called where they stand, and where they lead: numbers in the order of the page, words of headings.

Read once in a session: a notebook that is edited while its kernel runs keeps its numbers.
"""

from __future__ import annotations

from functools import cache

from ..chapters import Chapter, chapter


def number(item_id: str, chapter_slug: str) -> str:
    """What a question is called: "6.3" is the third of chapter 06, counted from the top of the page.

    Questions of a form, and those that no notebook shows, are numbered as their ids are.
    """
    shown, own = asked(chapter_slug), int(item_id[3:])
    place = shown.index(item_id) + 1 if item_id in shown else own
    return f"{int(item_id[1:3])}.{place}" if item_id[1:3] != "00" else str(own)


def asked(chapter_slug: str) -> tuple[str, ...]:
    """Ids of the questions that a chapter asks, from its top to its end."""
    found = _chapter(chapter_slug)
    return found.questions if found else ()


def title(chapter_slug: str, anchor: str) -> str:
    """The own words of the heading with this anchor."""
    found = _chapter(chapter_slug)
    return (found.headings if found else {}).get(anchor, anchor.replace("-", " "))


@cache
def _chapter(slug: str) -> Chapter | None:
    try:
        return chapter(slug)
    except ValueError:
        return None
