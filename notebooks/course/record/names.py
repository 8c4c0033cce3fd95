"""Pseudonyms: what can be shown, and what of it can stand in a file's name."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

LONGEST_PSEUDONYM = 40
# Marks that turn the direction of text that follows them.
_TURNS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def pseudonym(text: Any) -> str:
    """A name that a learner chose, made fit to be shown. Raises `ValueError` if it cannot be."""
    if not isinstance(text, str):
        raise ValueError("A pseudonym is text.")
    tidy = unicodedata.normalize("NFC", text[: 10 * LONGEST_PSEUDONYM].translate(_TURNS)).strip()
    if not 1 <= len(tidy) <= LONGEST_PSEUDONYM or len(text) > 10 * LONGEST_PSEUDONYM:
        raise ValueError(f"A pseudonym has 1 to {LONGEST_PSEUDONYM} characters. Choose another one.")
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in tidy):
        raise ValueError("This pseudonym holds a character that cannot be shown. Choose another one.")
    # Newer signs than this Python knows are Cn.
    if not any(unicodedata.category(sign)[0] in "LNPS" or unicodedata.category(sign) == "Cn" for sign in tidy):
        raise ValueError("This pseudonym shows nothing. Choose one with a letter, a digit or a sign.")
    return tidy


def slug(name: str, always: bool = False) -> str:
    """A name as part of a file name: small letters, digits and hyphens; and a check of the name, if that lost any.

    always: with the check in any case.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30].strip("-")
    if plain == name and not always:
        return plain
    check = hashlib.sha256(name.encode()).hexdigest()[:10]
    return f"{plain}-{check}" if plain else check
