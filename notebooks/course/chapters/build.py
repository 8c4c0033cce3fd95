"""What the builds of handouts and slides share: notebooks run side by side, and pages are written in their order."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ..files import digest
from .notebook import Chapter, ChapterError
from .progress import Progress
from .run import executed, stopped

WORKERS = min(4, os.cpu_count() or 1)
Cells = list[dict[str, Any]]


def watched(work: Callable[[Progress], int], what: str) -> int:
    """Does a build with a bar where somebody looks on. Returns its code, or 130 if it was interrupted.

    what: what it makes, as in "Pages".
    """
    progress = Progress()
    try:
        return work(progress)
    except KeyboardInterrupt:
        progress.close()
        print(f"Stopped. {what} that were not finished are as they were.", file=sys.stderr)
        return 130
    finally:
        progress.close()


def build_stale(
    found: list[Chapter],
    stale: list[Chapter],
    runs: tuple[Path, str],
    write: Callable[[Chapter, Cells], None],
    say: Callable[[str], None],
    progress: Progress,
) -> bool:
    """Executes what is stale, calls `write` with each, and `say` with a line for every chapter that was found.

    runs: the cache of executions, and the digest of what they all depend on. Returns whether a chapter failed.
    """
    failed = False
    progress.expect(2 * len(stale))
    stopped.clear()
    with ThreadPoolExecutor(WORKERS, "notebook") as pool:
        # Each notebook has a kernel of its own.
        jobs = {chapter.slug: pool.submit(_executed, chapter, *runs, progress) for chapter in stale}
        try:
            for number, chapter in enumerate(found, 1):
                place = f"[{number}/{len(found)}] {chapter.slug}"
                if chapter.slug not in jobs:
                    say(f"{place}: unchanged")
                    continue
                try:
                    cells, ran, seconds = jobs[chapter.slug].result()
                    began = time.perf_counter()
                    write(chapter, cells)
                    progress.step(f"{chapter.slug} written")
                except ChapterError as error:
                    failed = True
                    say(f"{place}: {error}")
                    continue
                seconds += time.perf_counter() - began
                say(f"{place}: {'built' if ran else 'built from the last execution'} in {seconds:.1f} s")
        except BaseException:
            stopped.set()  # notebooks that run end at their next cell
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return failed


def _executed(chapter: Chapter, cache: Path, shared: str, progress: Progress) -> tuple[Cells, bool, float]:
    """The executed cells, whether they had to be run, and the seconds that took."""
    began = time.perf_counter()
    chapter.check()
    cells, ran = executed(chapter, cache, digest([shared, chapter.text]))
    progress.step(f"{chapter.slug} executed")
    return cells, ran, time.perf_counter() - began
