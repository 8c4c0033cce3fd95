"""How the texts of questions are written out: as markup, and plain."""

from __future__ import annotations

import hashlib
import re

from markupsafe import escape

from ..chapters.html import whole_dates

LETTERS = "ABCDEFGH"


def rich(text: str) -> str:
    """A text as HTML: all escaped, then **bold** and *italic*; a number stays on the line of its unit."""
    safe = re.sub(r"(\d) (?=%|[nµm]M\b|ng/mL|g/mol)", "\\1\u00a0", str(escape(text)))
    safe = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", safe)
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", safe)


def shown(text: str) -> str:
    """The same for a script, which puts it in later: with every date on one line."""
    return whole_dates(rich(text))


def option_id(text: str) -> str:
    """What an option is called wherever it stands: the same as long as its words are."""
    return hashlib.sha256(plain(text).encode()).hexdigest()[:8]


def plain(text: str) -> str:
    """A text without its ** and *."""
    return re.sub(r"\*\*?(.+?)\*\*?", r"\1", text)
