"""Runs a notebook once, as a learner would, and keeps what its cells showed."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from pathlib import Path
from typing import Any

from ..files import NOTEBOOKS, write
from .notebook import Chapter, ChapterError

SECONDS_PER_CELL = 300
# Set by a build that is interrupted: no notebook goes on to its next cell.
stopped = threading.Event()
Cells = list[dict[str, Any]]


def executed(chapter: Chapter, cache: Path, key: str) -> tuple[Cells, bool]:
    """The cells with their outputs, and whether they had to be run. Raises `ChapterError`."""
    kept = cache / f"{chapter.slug}.run.json"
    try:
        known = json.loads(kept.read_text(encoding="utf-8"))
        if known["key"] == key:
            return known["cells"], False
    except (OSError, ValueError, KeyError):
        pass
    cells = run(chapter)
    write(kept, json.dumps({"key": key, "cells": cells}, ensure_ascii=False, separators=(",", ":")))
    return cells, True


def run(chapter: Chapter) -> Cells:
    """The cells of a chapter, executed with the specs of all displays collected."""
    return [_kept(cell) for cell in execute(chapter, collect=True).cells]


def execute(chapter: Chapter, *, collect: bool) -> Any:
    """Executes every cell in the notebook's own folder, with an empty learner's record.

    collect: whether displays hand over their specs. Returns the executed notebook. Raises `ChapterError`
    that names the cell.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook: Any = nbformat.from_dict(chapter.notebook)  # type: ignore[no-untyped-call]
    if all(cell.cell_type != "code" for cell in notebook.cells):
        return notebook  # nothing to wait for a kernel for
    with tempfile.TemporaryDirectory(prefix="course-") as nowhere:
        paths = [str(NOTEBOOKS), os.environ.get("PYTHONPATH", "")]
        environment = os.environ | {
            "COURSE_COLLECT": str(int(collect)),
            "COURSE_HOME": nowhere,
            "IPYTHONDIR": nowhere,
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        }
        client = NotebookClient(
            notebook,
            timeout=SECONDS_PER_CELL,
            store_widget_state=False,
            on_cell_start=_unless_stopped,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": str(chapter.path.parent)}},
        )
        try:
            client.execute(env=environment)
        except CellExecutionError as error:
            raise ChapterError(_cell_trouble(chapter, notebook, f"{error.ename}: {error.evalue}")) from None
        except CellTimeoutError:
            slow = f"It took more than {SECONDS_PER_CELL} seconds"
            raise ChapterError(_cell_trouble(chapter, notebook, slow)) from None
        except DeadKernelError:
            raise ChapterError(_cell_trouble(chapter, notebook, "The kernel died")) from None
    return notebook


def _unless_stopped(**_: Any) -> None:
    if stopped.is_set():
        raise ChapterError("The build was stopped.")


def _kept(cell: Any) -> dict[str, Any]:
    """What a page needs of a cell; not when it ran."""
    kept = {
        "cell_type": cell.cell_type,
        "source": cell.source,
        "metadata": {name: value for name, value in cell.metadata.items() if name != "execution"},
    }
    if cell.cell_type == "code":
        return kept | {"execution_count": None, "outputs": cell.outputs}
    return kept | ({"attachments": cell.attachments} if "attachments" in cell else {})


def _cell_trouble(chapter: Chapter, notebook: Any, what: str) -> str:
    """Names the cell as a reader of the notebook counts it: from one, prose included."""
    failed = [
        index
        for index, cell in enumerate(notebook.cells)
        if any(output.output_type == "error" for output in cell.get("outputs", ()))
    ]
    if not failed:
        started = [index for index, cell in enumerate(notebook.cells) if "execution" in cell.metadata]
        failed = started[-1:] or [0]
    first = next(iter(notebook.cells[failed[-1]].source.strip().splitlines()), "")
    return (
        f"{chapter.path.name}, cell {failed[-1] + 1} ({first}) could not be run. {what}. "
        "Run the notebook in JupyterLab to see more; what was built from it before is still there."
    )
