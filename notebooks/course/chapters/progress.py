"""How far a build is: a bar on a terminal, plain lines anywhere else."""

from __future__ import annotations

import os
import sys
from typing import Any, TextIO


class Progress:
    """Says lines, and counts steps on a bar where somebody is watching.

    stream: where to; a bar only if it is a terminal and `CI` is not set.
    """

    def __init__(self, stream: TextIO | None = None):
        self._stream = stream or sys.stdout
        self._bar: Any = None
        self.watched = self._stream.isatty() and not os.environ.get("CI")

    def expect(self, steps: int) -> None:
        """There are this many more steps to come."""
        if not self.watched or not steps:
            return
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=0, file=self._stream, leave=False, dynamic_ncols=True, bar_format=FORMAT)
        self._bar.total += steps
        self._bar.refresh()

    def step(self, what: str) -> None:
        """One step is done. May be called from any thread."""
        if self._bar is not None:
            self._bar.set_postfix_str(what, refresh=False)
            self._bar.update()

    def say(self, line: str) -> None:
        """A line, above the bar if there is one."""
        if self._bar is None:
            print(line, file=self._stream, flush=True)
        else:
            self._bar.write(line, file=self._stream)

    def close(self) -> None:
        """Takes the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


FORMAT = "{percentage:3.0f} % |{bar}| {n_fmt} of {total_fmt} steps, {elapsed} so far  {postfix}"
