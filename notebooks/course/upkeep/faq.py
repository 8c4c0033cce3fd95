"""Questions that people ask, with short answers (`data/faq.csv`): for chapter 00 and the index of the handouts."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from ..evidence import reference, row, table
from ..evidence.records import Question

CELL = "short-answers"  # the id of the cell of chapter 00 that holds the answers
CHAPTER = "00-start-here"
INTRODUCTION = (
    "Clinics end their pages with questions like these. Here is what this course answers; open one to read it."
)
EMERGENCY = (
    "**If someone is unresponsive or not breathing normally: call emergency services, and give naloxone if an opioid "
    "is possible, even when you are unsure.** Naloxone does not reverse ketamine."
)
MARKDOWN, HTML = "[{label}]({url})", '<a class="out" href="{url}">{label}</a>'
_ROWS = re.compile(r"((?: \[[A-Z]{2}\d+\])+)")


def rows_of(found: Question) -> list[str]:
    """Ids of the rows that an answer rests on, in order of appearance."""
    return list(dict.fromkeys(re.findall(r"\[([A-Z]{2}\d+)\]", found.answer)))


def questions() -> list[dict[str, Any]]:
    """Each question with its answer as text, as Markdown and as HTML, the rows behind it and where to read on."""
    return [
        {
            "id": found.id,
            "question": found.question,
            "answer": _ROWS.sub("", found.answer),
            "answer_markdown": _ROWS.sub(lambda ids: f" ({_links(ids[0], MARKDOWN)})", found.answer),
            "answer_html": _ROWS.sub(lambda ids: f" ({_links(ids[0], HTML)})", escape(found.answer, quote=False)),
            "rows": rows_of(found),
            "sources": list(dict.fromkeys(row(row_id).source for row_id in rows_of(found))),
            "chapter": found.chapter,
            "section": found.section,
        }
        for found in table(Question)
    ]


def markdown() -> str:
    """The section of chapter 00 with all answers, each folded under its question."""
    parts = ["## Eight questions", INTRODUCTION]
    for asked in questions():
        more = f"[Chapter {asked['chapter'][:2]}]({asked['chapter']}.ipynb#{asked['section']})"
        parts += [
            f"<details><summary>{escape(asked['question'], quote=False)}</summary>",
            f"{asked['answer_markdown']} {more} says more.",
            "</details>",
        ]
    return "\n\n".join([*parts, EMERGENCY])


def html(folder: str = "student/") -> str:
    """The same for an index of handouts: a heading for each question. Links lead to the handouts in this folder."""
    parts = []
    for asked in questions():
        more = (
            f'<a href="{folder}{asked["chapter"]}.html#{escape(asked["section"])}">Chapter {asked["chapter"][:2]}</a>'
        )
        parts.append(f"<h3>{escape(asked['question'])}</h3>\n<p>{asked['answer_html']} {more} says more.</p>")
    emergency = re.sub(r"\*\*(.*?)\*\*", r"<strong>\1</strong>", EMERGENCY)
    return "\n".join([*parts, f"<p>{emergency}</p>"])


def _links(ids: str, form: str) -> str:
    sources = [reference(row(row_id).source) for row_id in re.findall(r"[A-Z]{2}\d+", ids)]
    made = [form.format(label=escape(source.label, quote=False), url=source.url) for source in sources]
    return ", ".join(dict.fromkeys(made))
