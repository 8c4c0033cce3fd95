"""`make refresh`: runs every notebook from clean and stores what a newcomer should see before running.

Stored outputs hold text and HTML only: no live widgets (they would show an error), no times, nothing of
an earlier session. First the record of checked questions, the data dictionary, the tables of README.md and the parts
of the notebooks that are written from data are brought up to date.
"""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat

from ..chapters import Chapter, ChapterError, chapters, notebooks, strays
from ..chapters.build import WORKERS
from ..chapters.run import execute
from ..chapters.short import slide_type
from ..display import WIDGET_MIME
from ..evidence import DataError
from ..files import write
from ..quiz import bank, lint
from . import dictionary, glossary
from . import generated as written

# What a learner may want to change stays in sight: a call of an explorer.
CHANGEABLE = re.compile(r"explorers\.(?!predict_)")
FOLDED = (glossary.HEADING, "## Sources")


def clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drops from an executed notebook what must not be stored."""
    notebook.metadata = {
        "course": notebook.metadata.get("course", {}),
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        by_hand = cell.metadata.get("slideshow", {}).get("slide_type") == "fragment"
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in ("course", "tags")}
        cell.metadata["slideshow"] = {"slide_type": "fragment" if by_hand else slide_type(cell)}
        cell.metadata |= folded(cell)
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data.pop(WIDGET_MIME, None)
                output.metadata = {}
    return notebook


def _store(notebook: nbformat.NotebookNode, chapter: Chapter) -> None:
    write(chapter.path, nbformat.writes(notebook) + "\n")


def folded(cell: nbformat.NotebookNode) -> dict[str, object]:
    """Metadata by which JupyterLab folds what is not there to be read: code but for what a learner may change, notes
    for the instructor, and the lists at the end of a chapter."""
    tags = set(cell.metadata.get("tags", ()))
    if cell.cell_type == "code":
        return {} if "show-code" in tags or CHANGEABLE.match(cell.source) else {"jupyter": {"source_hidden": True}}
    if "instructor" in tags:
        return {"jupyter": {"source_hidden": True}}
    return {"jp-MarkdownHeadingCollapsed": True} if cell.source.strip() in FOLDED else {}


def main() -> int:
    """Refreshes everything. Returns 1 if a notebook could not be run (it is left as it was)."""
    try:
        bank.record()
        unfit = lint.all_problems()
    except DataError as error:
        print(error)
        return 1
    dictionary.write()
    for chapter in chapters():
        if not chapter.trouble:
            notebook = nbformat.reads(chapter.text, 4)
            written.write_into(notebook, chapter.slug)
            _store(notebook, chapter)
    written.write_readme()
    if left := strays():
        print(left)
    found, failed = notebooks(), False
    with ThreadPoolExecutor(WORKERS) as pool:
        runs = [pool.submit(execute, chapter, collect=False) for chapter in found]
        for count, (chapter, run) in enumerate(zip(found, runs, strict=True), 1):
            try:
                _store(clean(run.result()), chapter)
                print(f"[{count}/{len(found)}] {chapter.slug}: refreshed", flush=True)
            except ChapterError as error:
                failed = True
                print(f"[{count}/{len(found)}] {chapter.slug}: {error}", flush=True)
    if unfit:
        print(f"Questions to mend, for make test refuses them: {len(unfit)}")
    for problem in unfit:
        print(problem)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
