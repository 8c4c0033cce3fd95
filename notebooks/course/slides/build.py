"""Builds what has changed, and says so in one line for each chapter.

Heavy parts (running notebooks, rendering Markdown) are imported only when there is something to build.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..chapters.chapter import Chapter, ChapterError, chapters
from ..chapters.files import ROOT, digest, keep_record, shared_digest, up_to_date, write

WORKERS = min(4, os.cpu_count() or 1)


def main(arguments: list[str] | None = None) -> int:
    """Builds the slides of all chapters. Returns 0, or 1 if one could not be built (its old slides stay)."""
    parser = argparse.ArgumentParser(prog="python -m course.slides", description="Build the slides of all chapters.")
    parser.add_argument("--notebooks", type=Path, default=ROOT / "notebooks", help="the folder with NN-*.ipynb")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "slides", help="where the slides go")
    chosen = parser.parse_args(arguments)
    try:
        return build(chosen.notebooks.resolve(), chosen.out.resolve(), lambda line: print(line, flush=True))
    except KeyboardInterrupt:
        print("Stopped. Slides that were not finished are as they were.", file=sys.stderr)
        return 130


def build(notebooks: Path, out: Path, say: Callable[[str], None]) -> int:
    """Brings `out` up to date with the notebooks, and calls `say` with one line for each chapter."""
    cache = out.parent / ".cache"
    found = chapters(notebooks)
    if not found:
        say(f"There is no notebook NN-*.ipynb in {notebooks}.")
        return 1
    execution, page = shared_digest(), shared_digest(["slides"])
    keys = {chapter.slug: digest([page, chapter.text]) for chapter in found}

    def stale(chapter: Chapter) -> bool:
        record = cache / "slides" / f"{chapter.slug}.json"
        return not up_to_date(record, keys[chapter.slug], [out / f"{chapter.slug}.html"])

    failed = False
    with ThreadPoolExecutor(WORKERS, "notebook") as pool:
        # Handouts and slides take turns in one cache of executions: whoever comes second runs nothing.
        runs = {
            chapter.slug: pool.submit(_executed, chapter, cache / "handouts", digest([execution, chapter.text]))
            for chapter in filter(stale, found)
        }
        try:
            for number, chapter in enumerate(found, 1):
                place = f"[{number}/{len(found)}] {chapter.slug}"
                if chapter.slug not in runs:
                    say(f"{place}: unchanged")
                    continue
                try:
                    cells, ran, seconds = runs[chapter.slug].result()
                    began = time.perf_counter()
                    _write(chapter, cells, out, cache / "slides", keys[chapter.slug])
                except ChapterError as error:
                    failed = True
                    say(f"{place}: {error}")
                    continue
                seconds += time.perf_counter() - began
                say(f"{place}: {'built' if ran else 'built from the last execution'} in {seconds:.1f} s")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    slugs = {chapter.slug for chapter in found}
    for path in out.glob("*.html"):
        if path.stem not in slugs:
            path.unlink()
    return int(failed)


def _executed(chapter: Chapter, cache: Path, key: str):
    """The executed cells, whether they had to be run, and the seconds that took."""
    from ..chapters.run import executed  # heavy

    began = time.perf_counter()
    cells, ran = executed(chapter, cache, key)
    return cells, ran, time.perf_counter() - began


def _write(chapter: Chapter, cells, out: Path, cache: Path, key: str) -> None:
    from .page import deck  # heavier

    path = out / f"{chapter.slug}.html"
    write(path, deck(chapter, cells))
    keep_record(cache / f"{chapter.slug}.json", key, [path])
