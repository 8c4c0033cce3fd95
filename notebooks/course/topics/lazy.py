"""Loads a module of a topic when one of its names is first used, so that a chapter pays only for what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from ..arguments import NoSuchName
from ..evidence import nearest


def names(
    package: str, modules: Mapping[str, str], what: str, ready: Callable[[Any], Any] = lambda found: found
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` for a package whose names stand in `modules` (name -> module).

    what: how a missing one is called in the error, an `AttributeError` that suggests the nearest name. ready: what
    is done with a found one before it is handed out.
    """

    @cache
    def get(name: str) -> Any:
        if name not in modules:
            raise NoSuchName(f"There is no {what} {name!r}. {nearest(name, modules)}")
        return ready(getattr(import_module(f".{modules[name]}", package), name))

    return get, lambda: sorted(modules)
