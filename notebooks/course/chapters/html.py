"""What every page carries: the policy that keeps it to itself, its data, its date."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

from .chapter import ChapterError
from .files import ROOT

COURSE = "Is Ketamine an Opioid?"


def policy(style: str, script: str) -> str:
    """A content security policy that lets in this style and this script, and nothing else from anywhere."""
    rules = ["default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'"]
    rules += [f"style-src {_hash(style)}", *([f"script-src {_hash(script)}"] if script else [])]
    return "; ".join(rules)


def script_json(data: Any) -> str:
    """JSON that cannot end, or change the reading of, the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("</", "<\\/").replace("<!--", "\\u003c!--")


def released() -> str:
    """The date of this version, as `CITATION.cff` has it."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    found = re.search(r'^date-released: *"?([0-9-]{10})', text, re.MULTILINE)
    if not found:
        raise ChapterError('CITATION.cff has no line date-released: "YYYY-MM-DD". Add it.')
    return found[1]


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
