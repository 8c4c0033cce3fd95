"""Helps with a call that a learner has changed: a lone name where a list belongs, a wrong kind, a mistyped argument.

What a learner has to change is said in one sentence, which a notebook shows without a screen of frames.
"""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable, Iterable, Sequence, Set
from numbers import Integral, Real
from typing import Any

from .evidence import DataError, nearest

LONGEST = 60  # of a wrong value that is quoted
LONGEST_NAME = 200


class CallError(ValueError):
    """A call that does not work as it stands. The message is for the learner."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows of it: the sentence. The frames are those of the course, and no help."""
        return [str(self)]


class NoSuchKey(CallError, KeyError):
    """An id or a name that the course does not have."""


class NoSuchName(CallError, AttributeError):
    """Something called by a name that this room does not have."""


class NoSuchRoom(CallError, ImportError):
    """Something imported by a name that the course does not have."""


def told(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, whose words for the learner reach her as a `CallError`, without frames."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except CallError:
            raise
        except KeyError as problem:
            raise NoSuchKey(str(problem.args[0]) if problem.args else "") from problem
        except ValueError as problem:
            if type(problem) not in (ValueError, DataError):
                raise
            raise CallError(str(problem)) from problem

    return call


def forgiving(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, which takes "ketamine" for ["ketamine"] and says in words which argument does not fit.

    Looks at the annotations: `Sequence[...]`, `str`, `float` and `int`. Raises `CallError`, which is a `ValueError`.
    """
    parameters = inspect.signature(function).parameters
    named = [name for name, parameter in parameters.items() if parameter.kind is not parameter.VAR_POSITIONAL]
    any_number = len(named) < len(parameters)
    within = told(function)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        for name in kwargs:
            if name not in named:
                known = nearest(name, named) if named else "It takes none by name."
                raise CallError(f"{function.__name__} has no argument {name!r}. {known}")
        if any_number:
            return within(*args, **kwargs)
        if len(args) > len(parameters):
            most = {0: "no arguments", 1: "one argument at most"}.get(len(parameters))
            most = most or f"{len(parameters)} arguments at most"
            raise CallError(f"{function.__name__} takes {most}, not {len(args)}.")
        given = dict(zip(parameters, args, strict=False))
        for name in kwargs:
            if name in given:
                raise CallError(f"{function.__name__} was given {name} twice.")
        given |= kwargs
        for name, parameter in parameters.items():
            if name not in given and parameter.default is parameter.empty:
                about = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
                raise CallError(f"{function.__name__} needs a value for {name}. {about}")
        return within(**{name: _fitting(parameters[name], value) for name, value in given.items()})

    return call


def only(room: str, known: Iterable[str]) -> Callable[[str], Any]:
    """`__getattr__` for a module from which a notebook calls these names, and which has no other to offer."""

    def get(name: str) -> Any:
        raise NoSuchName(f"There is no {room}.{name}. {nearest(name, known)}")

    return get


def quoted(value: Any) -> str:
    """A wrong value as one short line."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # somebody's own object, whose own fault this is
        text = f"a {type(value).__name__}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def check_between(name: str, value: float, low: float, high: float, unit: str = "") -> None:
    """Raises `ValueError` in words for a number that a picture cannot show."""
    if not low <= value <= high:
        raise ValueError(f"{name} must lie between {low:g} and {high:g}{unit and f' {unit}'}, not at {quoted(value)}.")


def _usual(value: Any) -> bool:
    """Whether a name is no whole text, and a number finite and of a size that anything here has."""
    if isinstance(value, str):
        return len(value) <= LONGEST_NAME
    if isinstance(value, bool):
        return False
    return not isinstance(value, (int, float)) or -1e9 < value < 1e9


def _fitting(parameter: inspect.Parameter, value: Any) -> Any:
    kind = str(parameter.annotation)
    if value is None and parameter.default is None:
        return value
    if "Sequence[" in kind:
        part, wanted = (str, "a list of names") if "[str" in kind else (Real, "a list of numbers")
        if isinstance(value, str) and part is str and _usual(value):
            return value if "str |" in kind else (value,)
        if part is Real and isinstance(value, Real) and _usual(value):
            return (value,)
        fits = isinstance(value, (Sequence, Set)) and not isinstance(value, (str, bytes))
        if fits and not value:
            raise CallError(f"{parameter.name} must hold at least one: {parameter.name}=[…]. Or leave it out.")
        fits = fits and all(isinstance(each, part) and _usual(each) for each in value)
        value = tuple(sorted(value) if isinstance(value, Set) else value) if fits else value
    elif "Path" in kind:
        fits, wanted = isinstance(value, (str, os.PathLike)), "the name of a file or a folder"
    elif kind.startswith("str"):
        fits, wanted = isinstance(value, str) and _usual(value), "a name"
    elif kind.startswith("int"):
        fits, wanted = isinstance(value, Integral) and _usual(value), "a whole number"
    elif kind.startswith("float"):
        fits, wanted = isinstance(value, Real) and _usual(value), "a number"
    else:
        return value
    if not fits:
        example = f", such as {parameter.default!r}" if parameter.default not in (None, parameter.empty, "") else ""
        raise CallError(f"{parameter.name} must be {wanted}{example}, not {quoted(value)}.")
    return value
