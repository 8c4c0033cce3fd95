"""XML written by the standard library: every text escaped, the same bytes every time."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from xml.etree.ElementTree import Element

# XML 1.0 has no place for these, not even escaped.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def element(name: str, *parts: Element | str | None, **attributes: str) -> Element:
    """An element. parts: its text and its elements, in order; None for none. A trailing _ of a name is dropped."""
    made = Element(name, {key.rstrip("_").replace("__", ":"): str(value) for key, value in attributes.items()})
    for part in parts:
        if isinstance(part, str):
            _add_text(made, _NO_XML.sub(" ", part))
        elif part is not None:
            made.append(part)
    return made


def _add_text(made: Element, text: str) -> None:
    if len(made):
        made[-1].tail = (made[-1].tail or "") + text
    else:
        made.text = (made.text or "") + text


def markup(name: str, html: str, **attributes: str) -> Element:
    """An element whose content is markup of the course's own, as elements."""
    inner = ElementTree.fromstring(f"<div>{_NO_XML.sub(' ', html)}</div>")
    made = element(name, inner.text, **attributes)
    made.extend(inner)
    return made


def written(root: Element) -> str:
    """An element as a piece of text, a line for each part."""
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="unicode")


def document(root: Element) -> str:
    """A whole file. What stands on one line stays there: spaces in mixed text mean something."""
    return f"{HEAD}{ElementTree.tostring(root, encoding='unicode')}\n"
