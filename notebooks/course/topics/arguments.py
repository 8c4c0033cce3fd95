"""Helps with a call that a learner has changed: a lone name where a list belongs, a wrong kind, a mistyped argument."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from numbers import Integral, Real
from typing import Any

from ..evidence import nearest


def forgiving(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, which takes "ketamine" for ["ketamine"] and says in words which argument does not fit.

    Looks at the annotations: `Sequence[...]`, `str`, `float` and `int`. Raises `ValueError`.
    """
    parameters = inspect.signature(function).parameters

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        for name in kwargs:
            if name not in parameters:
                known = nearest(name, parameters) if parameters else "It takes none."
                raise ValueError(f"{function.__name__} has no argument {name!r}. {known}")
        if len(args) > len(parameters):
            raise ValueError(f"{function.__name__} takes {len(parameters)} arguments at most, not {len(args)}.")
        given = {**dict(zip(parameters, args, strict=False)), **kwargs}
        return function(**{name: _fitting(parameters[name], value) for name, value in given.items()})

    return call


def _fitting(parameter: inspect.Parameter, value: Any) -> Any:
    kind = str(parameter.annotation)
    if value is None and parameter.default is None:
        return value
    if "Sequence[" in kind:
        part, wanted = (str, "a list of names") if "[str" in kind else (Real, "a list of numbers")
        if isinstance(value, str) and part is str:
            return value if "str |" in kind else [value]
        fits = isinstance(value, (Sequence, set)) and all(isinstance(each, part) for each in value)
    elif kind.startswith("str"):
        fits, wanted = isinstance(value, str), "a name"
    elif kind.startswith("int"):
        fits, wanted = isinstance(value, Integral), "a whole number"
    elif kind.startswith("float"):
        fits, wanted = isinstance(value, Real), "a number"
    else:
        return value
    if not fits:
        example = f", such as {parameter.default!r}" if parameter.default not in (None, parameter.empty) else ""
        raise ValueError(f"{parameter.name} must be {wanted}{example}, not {value!r}.")
    return value
