"""`python -m course.quiz`: what makes the banks unfit. With ids of data rows: the questions that rest on them."""

from __future__ import annotations

import sys

from ..evidence import DataError
from . import lint


def main(rows: list[str]) -> int:
    """Prints what was found, a line each. Returns 1 if a bank is unfit or a row is not known."""
    try:
        for row_id in rows:
            print(f"{row_id}: {', '.join(lint.affected(row_id)) or 'no question rests on it'}")
        found = [] if rows else lint.all_problems()
    except (DataError, KeyError) as problem:
        found = [problem.args[0] if isinstance(problem, KeyError) else str(problem)]
    for line in found:
        print(line)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
