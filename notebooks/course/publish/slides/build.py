"""Builds what has changed, and says so in one line for each chapter.

Heavy parts (running notebooks, rendering Markdown) are imported only when there is something to build.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from ...chapters import Chapter, ChapterError, chapters, strays
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
    parser.add_argument("--lesson", default="", help="one lesson of data/lessons.yaml, such as risks-50")
    parser.add_argument("--core", action="store_true", help="leave Deeper out")
    chosen = parser.parse_args(arguments)

    def work(progress: Progress) -> int:
        if chosen.lesson:
            return build_lesson(chosen.lesson, chosen.out.resolve(), chosen.core, progress.say, progress)
        return build(chosen.notebooks.resolve(), chosen.out.resolve(), progress.say, progress, chosen.core)

    return watched(work, "Slides")


def build_lesson(
    lesson_id: str, out: Path, core: bool, say: Callable[[str], None], progress: Progress | None = None
) -> int:
    """Builds the deck of one lesson into `out/lessons/`, from the same executions. Returns 0, or 1 with the reason."""
    from ...classroom.lesson_plans import lesson
    from ...evidence import DataError

    try:
        chosen = lesson(lesson_id)
    except (KeyError, DataError) as error:
        say(str(error.args[0]))
        return 1
    found = [chapter for chapter in chapters(NOTEBOOKS) if chapter.number in chosen.chapters]
    runs = (out.parent / ".cache" / "handouts", shared_digest())
    collected: dict[str, tuple[Chapter, Cells]] = {}

    def collect(chapter: Chapter, cells: Cells) -> None:
        collected[chapter.number] = (chapter, cells)

    progress = progress or Progress(open(os.devnull, "w"))  # noqa: SIM115 - nobody watches
    lines: list[str] = []
    if build_stale(found, found, runs, collect, lines.append, progress):
        say("\n".join(line for line in lines if " built" not in line))
        return 1
    from .page import lesson_deck  # heavier

    path = out / "lessons" / f"{lesson_id}{'-core' if core else ''}.html"
    try:
        write(path, lesson_deck(chosen, collected, core))
    except ChapterError as error:
        say(str(error))
        return 1
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    takes = f"{chosen.minutes} minutes, {len(chosen.slots)} parts"
    say(f"{lesson_id}: {takes}, in {shown}. Press N there for the run sheet.")
    return 0


def build(
    notebooks: Path,
    out: Path,
    say: Callable[[str], None],
    progress: Progress | None = None,
    core: bool = False,
) -> int:
    """Brings `out` up to date with the notebooks, and calls `say` with one line for each chapter.

    core: leaves Deeper out; these decks stand in a folder of their own.
    """
    cache = out.parent / ".cache"
    out = out / "core" if core else out
    progress = progress or Progress(open(os.devnull, "w"))  # noqa: SIM115 - nobody watches
    found = chapters(notebooks)
    if not found:
        say(f"There is no chapter in {notebooks}.")
        return 1
    if left := strays(notebooks):
        say(left)
    page = shared_digest(["slides"])
    keys = {chapter.slug: digest([page, chapter.text]) for chapter in found}

    kept = cache / ("slides-core" if core else "slides")

    def stale(chapter: Chapter) -> bool:
        record = kept / f"{chapter.slug}.json"
        return not up_to_date(record, keys[chapter.slug], [out / f"{chapter.slug}.html"])

    def write_deck(chapter: Chapter, cells: Cells) -> None:
        _write(chapter, cells, out, kept, keys[chapter.slug], core)

    # Handouts and slides take turns in one cache of executions: whoever comes second runs nothing.
    runs = (cache / "handouts", shared_digest())
    failed = build_stale(found, list(filter(stale, found)), runs, write_deck, say, progress)
    slugs = {chapter.slug for chapter in found}
    for path in out.glob("*.html"):
        if path.stem not in slugs:
            path.unlink()
    return int(failed)


def _write(chapter: Chapter, cells: Cells, out: Path, cache: Path, key: str, core: bool) -> None:
    from .page import deck  # heavier

    path = out / f"{chapter.slug}.html"
    write(path, deck(chapter, cells, core))
    keep_record(cache / f"{chapter.slug}.json", key, [path])
