"""Breaking words into lines that fit a picture."""

from __future__ import annotations

LINE_PX = 18.0  # of text of size 15
NARROW, WIDE = set("iljtfrI.,;:'()-/ "), set("mwMW%")


def wrap(text: str, width_px: float, *, bold: bool = False) -> str:
    """The text in lines that fit `width_px` at size 15. A word is never broken."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width_px(longer) * (1.12 if bold else 1) <= width_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def _width_px(text: str) -> float:
    """About how wide the text is at size 15 in the course's font, which is a wide one."""
    return sum(
        6.0 if letter in NARROW else 13.8 if letter in WIDE else 10.2 if letter.isupper() else 9.2 for letter in text
    )
