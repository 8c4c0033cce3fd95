"""`make refresh`: runs every notebook from clean and stores what a newcomer should see before running.

Stored outputs hold text and HTML only: no live widgets (they would show an error), no times, no counts
of an earlier session.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from . import dictionary
from .display import WIDGET_MIME
from .quiz import bank

NOTEBOOKS = Path(__file__).resolve().parents[1]
KEPT_METADATA = ("kernelspec", "language_info", "course")


def execute(path: Path, timeout_seconds: int = 120) -> nbformat.NotebookNode:
    """A notebook run top to bottom in its own folder, with no widget state. Raises what its cells raise."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=timeout_seconds,
        kernel_name="python3",
        store_widget_state=False,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    return notebook


def clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drops from a run notebook what must not be stored."""
    notebook.metadata = {key: value for key, value in notebook.metadata.items() if key in KEPT_METADATA}
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags"}
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data.pop(WIDGET_MIME, None)
                output.metadata = {}
    return notebook


def main() -> int:
    """Refreshes the record of checked questions, the data dictionary and all notebooks; returns the exit code."""
    bank.record()
    dictionary.write()
    paths = sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))
    with tempfile.TemporaryDirectory() as home:
        os.environ["COURSE_HOME"] = home
        for count, path in enumerate(paths, 1):
            print(f"{count}/{len(paths)} {path.name}", flush=True)
            nbformat.write(clean(execute(path)), path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
