"""Reads a YAML file into plain values with the line of each, and refuses what a bank never needs.

Aliases (which can blow a small file up), keys that are no text, keys used twice, types other than text,
number, true/false and nothing, deep nesting, control characters and large files are refused, with line
and mend.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from ..evidence import DataError

MOST_BYTES = 1_000_000
DEEPEST = 12
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Controls, and the characters that turn the direction of text round.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_TYPES = {
    f"tag:yaml.org,2002:{name}": kind
    for name, kind in (
        ("str", str),
        ("int", int),
        ("float", float),
        ("bool", None),
        ("null", None),
        ("seq", None),
        ("map", None),
    )
}

Parts = tuple[str | int, ...]
Lines = dict[Parts, int]


def read_yaml(path: Path, name: str) -> tuple[Any, Lines, bytes]:
    """The file's value, the line of each part by its path, and the bytes. `name`: its path below `data/`.

    Raises `DataError`.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise DataError(name, f"the file has {size:,} bytes.", f"Keep it below {MOST_BYTES:,}: split it.")
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except OSError as error:
        raise DataError(
            name,
            f"the file cannot be read ({error.__class__.__name__}).",
            "Take it from the course's repository again.",
        ) from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(name, "the file is not UTF-8 text.", "Save it as UTF-8.", row=line) from None
    found = _FORBIDDEN.search(text)
    if found:
        raise DataError(
            name,
            f"the text holds the control character U+{ord(found[0]):04X}.",
            "Remove it.",
            row=text.count("\n", 0, found.start()) + 1,
        )
    try:
        _refuse_dangers(text, name)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DataError(
            name,
            f"the YAML cannot be read ({error.problem}).",
            "Check the indentation, and put texts in double quotes.",
            row=mark.line + 1 if mark else None,
        ) from None
    except yaml.YAMLError as error:
        raise DataError(
            name, f"the YAML cannot be read ({error.__class__.__name__}).", "Save it as plain UTF-8 text."
        ) from None
    if node is None:
        raise DataError(name, "the file is empty.", "Take it from the course's repository again.")
    lines: Lines = {}
    return _value(node, (), lines, name), lines, raw


def line_of(lines: Lines, path: Parts) -> int | None:
    """The line of a part, or of the nearest part around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def _refuse_dangers(text: str, name: str) -> None:
    """Looks at the stream of events, before anything is built from it."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise DataError(name, "an anchor or alias (& or *) is not allowed here.", "Write the text out.", row=line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise DataError(
                    name,
                    f"the lists are nested more than {DEEPEST} deep.",
                    "Check the brackets and indentation.",
                    row=line,
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise DataError(name, "a second document begins.", "Remove the line with ---.", row=line)


def _value(node: yaml.Node, path: Parts, lines: Lines, name: str) -> Any:
    line = lines[path] = node.start_mark.line + 1
    if node.tag not in _TYPES:
        raise DataError(
            name,
            f"a value has the type {node.tag.rsplit(':')[-1][:40]}.",
            "Use text, numbers, true and false only; put the value in double quotes.",
            row=line,
        )
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, index), lines, name) for index, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, child in node.value:
            at = key_node.start_mark.line + 1
            if key_node.tag != "tag:yaml.org,2002:str":
                raise DataError(name, "a key is not text.", "Put it in double quotes.", row=at)
            if key_node.value in found:
                raise DataError(name, f"the key {key_node.value[:40]!r} is used twice.", "Remove one of them.", row=at)
            found[key_node.value] = _value(child, (*path, key_node.value), lines, name)
        return found
    text = node.value
    if node.tag.endswith(":null"):
        return None
    if node.tag.endswith(":bool"):
        return text.lower() in ("yes", "true", "on")
    kind = _TYPES[node.tag]
    if kind is str:
        found_control = _FORBIDDEN.search(text)  # written as an escape, "\u202e"
        if found_control:
            raise DataError(
                name,
                f"the text holds the control character U+{ord(found_control[0]):04X}.",
                "Remove it.",
                row=line,
            )
        return text
    try:
        number = int(text.replace("_", "")) if kind is int else float(text.replace("_", ""))
        if number != number or abs(number) > 1e300:
            raise ValueError
    except (ValueError, OverflowError):
        raise DataError(
            name,
            f"{text[:40]!r} is not a plain number.",
            "Write it as 12 or 0.5, or put text in double quotes.",
            row=line,
        ) from None
    return number
