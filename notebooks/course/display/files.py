"""Reading `assets/`. Only this room does."""

from __future__ import annotations

from functools import cache

from ..files import ASSETS


@cache
def asset(name: str) -> str:
    """The text of a file below `assets/`. Raises `FileNotFoundError` that says how to get it back."""
    path = ASSETS / name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileNotFoundError(f"assets/{name} is missing. Take it from the course's repository again.") from None
