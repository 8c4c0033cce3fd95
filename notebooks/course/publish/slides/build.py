"""Builds what has changed, and says so in one line for each chapter.

Heavy parts (running notebooks, rendering Markdown) are imported only when there is something to build.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from ...chapters import Chapter, chapters, strays
from ...chapters.build import Cells, build_stale, watched
from ...chapters.cache import keep_record, shared_digest, up_to_date
from ...chapters.progress import Progress
from ...files import NOTEBOOKS, ROOT, digest, write


def main(arguments: list[str] | None = None) -> int:
    """Builds the slides of all chapters. Returns 0, or 1 if one could not be built (its old slides stay)."""
    parser = argparse.ArgumentParser(
        prog="python -m course.publish.slides", description="Build the slides of all chapters."
    )
    parser.add_argument("--notebooks", type=Path, default=NOTEBOOKS, help="the folder of the notebooks")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "slides", help="where the slides go")
    chosen = parser.parse_args(arguments)

    def work(progress: Progress) -> int:
        return build(chosen.notebooks.resolve(), chosen.out.resolve(), progress.say, progress)

    return watched(work, "Slides")


def build(notebooks: Path, out: Path, say: Callable[[str], None], progress: Progress | None = None) -> int:
    """Brings `out` up to date with the notebooks, and calls `say` with one line for each chapter."""
    cache = out.parent / ".cache"
    progress = progress or Progress(open(os.devnull, "w"))  # noqa: SIM115 - nobody watches
    found = chapters(notebooks)
    if not found:
        say(f"There is no chapter in {notebooks}.")
        return 1
    if left := strays(notebooks):
        say(left)
    page = shared_digest(["slides"])
    keys = {chapter.slug: digest([page, chapter.text]) for chapter in found}

    def stale(chapter: Chapter) -> bool:
        record = cache / "slides" / f"{chapter.slug}.json"
        return not up_to_date(record, keys[chapter.slug], [out / f"{chapter.slug}.html"])

    def write_deck(chapter: Chapter, cells: Cells) -> None:
        _write(chapter, cells, out, cache / "slides", keys[chapter.slug])

    # Handouts and slides take turns in one cache of executions: whoever comes second runs nothing.
    runs = (cache / "handouts", shared_digest())
    failed = build_stale(found, list(filter(stale, found)), runs, write_deck, say, progress)
    slugs = {chapter.slug for chapter in found}
    for path in out.glob("*.html"):
        if path.stem not in slugs:
            path.unlink()
    return int(failed)


def _write(chapter: Chapter, cells: Cells, out: Path, cache: Path, key: str) -> None:
    from .page import deck  # heavier

    path = out / f"{chapter.slug}.html"
    write(path, deck(chapter, cells))
    keep_record(cache / f"{chapter.slug}.json", key, [path])
