"""What every page carries: the policy that keeps it to itself, its data, its date."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

from ..files import ROOT
from .notebook import ChapterError

COURSE = "Is Ketamine an Opioid?"

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = re.compile(
    r"\b(?:[12][0-9]{3}-[01][0-9]-[0-3][0-9]|[0-3]?[0-9]\s"
    + _MONTH
    + r"(?:\s[12][0-9]{3})?|"
    + _MONTH
    + r"\s(?:[0-3]?[0-9](?:,\s[12][0-9]{3})?|[12][0-9]{3}))\b"
)
# Where words are not laid out in lines, or where no markup may stand.
_NO_LINES = re.compile(
    r"(<(head|script|style|svg|option|pre)\b.*?</\2>|<span class=\"day\">.*?</span>|<[^>]*>)", re.DOTALL
)


def policy(style: str, script: str) -> str:
    """A content security policy that lets in this style and this script, and nothing else from anywhere."""
    rules = ["default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'"]
    rules += [f"style-src {_hash(style)}", *([f"script-src {_hash(script)}"] if script else [])]
    return "; ".join(rules)


def script_json(data: Any) -> str:
    """JSON that cannot end, or change the reading of, the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("</", "<\\/").replace("<!--", "\\u003c!--")


def whole_dates(html: str) -> str:
    """The same markup, with every date kept on one line: browsers break 2026-11-29 after a hyphen."""
    if not _DAY.search(html):
        return html
    pieces = _NO_LINES.split(html)  # texts, and behind each the markup and its name
    texts = [_DAY.sub(r'<span class="day">\g<0></span>', text) for text in pieces[::3]]
    return "".join(f"{text}{markup or ''}" for text, markup in zip(texts, [*pieces[1::3], ""], strict=True))


def released() -> str:
    """The date of this version, as `CITATION.cff` has it."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    found = re.search(r'^date-released: *"?([0-9-]{10})', text, re.MULTILINE)
    if not found:
        raise ChapterError('CITATION.cff has no line date-released: "YYYY-MM-DD". Add it.')
    return found[1]


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
