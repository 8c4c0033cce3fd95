"""What is said when a file of `data/` cannot be used."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class DataError(ValueError):
    """A file of `data/` breaks its own rules. Names the file, the row, the column and the mend."""

    def __init__(self, file: str, problem: str, mend: str, row: int | None = None, column: str | None = None):
        place = f"data/{file}" + (f", line {row}" if row else "") + (f", column {column}" if column else "")
        super().__init__(f"{place}: {problem} {mend}")
        self.file, self.row, self.column, self.problem, self.mend = file, row, column, problem, mend


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence that suggests the closest known name, or lists them when none is close."""
    known = list(known)
    close = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
    return f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(known[:30])}."
