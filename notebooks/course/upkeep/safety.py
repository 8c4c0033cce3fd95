"""The note at the head of a chapter that speaks of suicide or overdose: who helps, from `data/help_lines.csv`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..evidence import reference, table
from ..evidence.records import HelpLine

CELL = "help"  # the id of the cell that holds the note
# What calls for a note, and how the note names it.
TOPICS = {"overdose": re.compile(r"overdos", re.I), "thoughts of suicide": re.compile(r"suicid|self-harm", re.I)}
_LINK = re.compile(r"\[[^\]]*\]\((?:[^()\s]|\([^()\s]*\))+\)")


def topics(texts: Iterable[str]) -> list[str]:
    """Which of the topics a chapter's prose speaks of; names of sources do not count."""
    prose = _LINK.sub("", "\n\n".join(texts))
    return [topic for topic, said in TOPICS.items() if said.search(prose)]


def note(found: list[str]) -> str:
    """The note for these topics: what the chapter speaks of, and where help is. Raises `ValueError` without a topic."""
    if not found:
        raise ValueError("A note needs a topic. Known: " + ", ".join(TOPICS) + ".")
    said = [_said(line) for line in table(HelpLine)]
    parts = []
    if "overdose" in found:
        source = reference("cdcresponse")
        parts.append(
            "**If someone is unresponsive or not breathing normally: call emergency services and give naloxone if an "
            f"opioid is possible, even when unsure; it does not reverse ketamine** ([{source.label}]({source.url}))."
        )
    parts.append(
        f"This chapter speaks of {' and of '.join(found)}, and you can stop at any point. **If you think of suicide, "
        "or fear for somebody near you,** you need not stay alone with it. " + " ".join(said[:2])
    )
    parts.append(f"<details><summary>Help lines elsewhere</summary>\n\n{' '.join(said[2:])}\n\n</details>")
    return "\n\n".join(parts)


def _said(line) -> str:
    if not line.source:
        return line.words
    source = reference(line.source)
    return f"{line.words.removesuffix('.')} ([{source.label}]({source.url}))."
