"""Builds what has changed, and says so in one line for each chapter.

Heavy parts (running notebooks, nbconvert, a browser) are called for only when there is something to build.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ...chapters import Chapter, ChapterError, strays
from ...chapters import notebooks as all_notebooks
from ...chapters.build import Cells, build_stale, watched
from ...chapters.cache import keep_record, shared_digest, up_to_date
from ...chapters.progress import Progress
from ...files import NOTEBOOKS, ROOT, digest, file_digest, write
from ..prints import PAPERS, add_options, print_page

EDITIONS = ("student", "instructor")
# The first leads to the folder student, for whoever opens the folder of both; each folder has one of its own.
INDEXES = ("index.html", "student/index.html", "instructor/index.html")
PRINTERS = 2  # browsers at a time: each takes about 300 MB


def main(arguments: list[str] | None = None) -> int:
    """Builds all handouts. Returns 0, or 1 if a chapter could not be built (its old pages stay)."""
    parser = argparse.ArgumentParser(
        prog="python -m course.publish.handouts", description="Build the handouts of all chapters."
    )
    parser.add_argument("--notebooks", type=Path, default=NOTEBOOKS, help="the folder of the notebooks")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "handouts", help="where the pages go")
    add_options(parser)
    chosen = parser.parse_args(arguments)
    out = chosen.out.resolve()

    def work(progress: Progress) -> int:
        return build(chosen.notebooks.resolve(), out, progress.say, chosen.pdf, chosen.paper, progress)

    code = watched(work, "Pages")
    if code == 130:
        return code
    if (out / "index.html").exists():
        shown = out.relative_to(ROOT) if out.is_relative_to(ROOT) else out
        say = "The handouts are in" if not code else "Not all could be built. What could is in"
        print(
            f"{say} {shown}: {INDEXES[0]} leads to those for learners. To publish or send them, take the folder "
            f"student alone: the folder instructor holds the answer keys.",
            flush=True,
        )
    return code


def build(
    notebooks: Path,
    out: Path,
    say: Callable[[str], None],
    browser: str | None = None,
    paper: str = PAPERS[0],
    progress: Progress | None = None,
) -> int:
    """Brings `out` up to date with the notebooks, and calls `say` with one line for each chapter.

    browser: prints PDFs of both editions, on `paper`; with none, PDFs that still belong to their pages stay.
    """
    cache = out.parent / ".cache" / "handouts"
    progress = progress or Progress(open(os.devnull, "w"))  # noqa: SIM115 - nobody watches
    found = all_notebooks(notebooks)
    if not found:
        say(f"There is no chapter in {notebooks}.")
        return 1
    if left := strays(notebooks):
        say(left)
    shared = {"execution": shared_digest(), "page": shared_digest(["handouts"])}
    # A page names the chapters before and after it.
    names = [f"{chapter.slug} {chapter.title}" for chapter in found if chapter.sound]
    keys = {chapter.slug: digest([shared["page"], chapter.text, *names]) for chapter in found}
    stale = [
        chapter
        for chapter in found
        if not up_to_date(cache / f"{chapter.slug}.json", keys[chapter.slug], _pages(chapter, out).values())
    ]

    def write_pages(chapter: Chapter, cells: Cells) -> None:
        _write_pages(chapter, cells, out, cache, keys[chapter.slug])

    failed = build_stale(found, stale, (cache, shared["execution"]), write_pages, say, progress)
    complete = [chapter for chapter in found if all(path.exists() for path in _pages(chapter, out).values())]
    _forget_removed({chapter.slug for chapter in found}, out)
    if browser:
        failed = _print_all(complete, out, cache, browser, paper, say, progress) or failed
    printed = {chapter.slug for chapter in complete if _printed(chapter, out, cache)}
    for chapter in complete:
        if chapter.slug not in printed:  # no PDF that says other things than the page beside it
            for page in _pages(chapter, out).values():
                page.with_suffix(".pdf").unlink(missing_ok=True)
    _build_index(complete, printed, out, cache, shared["page"])
    return int(failed)


def _write_pages(chapter: Chapter, cells: Cells, out: Path, cache: Path, key: str) -> None:
    from .page import chapter_page  # heavier

    pages = _pages(chapter, out)
    texts = {edition: chapter_page(chapter, cells, edition) for edition in pages}
    for edition, path in pages.items():
        write(path, texts[edition])
    keep_record(cache / f"{chapter.slug}.json", key, pages.values())


def _print_all(
    built: list[Chapter],
    out: Path,
    cache: Path,
    browser: str,
    paper: str,
    say: Callable[[str], None],
    progress: Progress,
) -> bool:
    """Prints what has no PDF of its present page on this paper. Returns whether any could not be printed."""
    stale = [chapter for chapter in built if not _printed(chapter, out, cache, paper)]
    progress.expect(sum(len(_pages(chapter, out)) for chapter in stale))
    failed = False
    with ThreadPoolExecutor(PRINTERS, "printer") as pool:
        jobs = {
            chapter.slug: [
                pool.submit(_print, browser, page, paper, progress) for page in _pages(chapter, out).values()
            ]
            for chapter in stale
        }
        try:
            for chapter in stale:
                try:
                    seconds = sum(job.result() for job in jobs[chapter.slug])
                except ChapterError as error:
                    failed = True
                    say(f"{chapter.slug}: {error}")
                    continue
                write(_pdf_record(chapter, cache), json.dumps(_pdf_state(chapter, out, paper)))
                say(f"{chapter.slug}: printed for {paper} in {seconds:.1f} s")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return failed


def _print(browser: str, page: Path, paper: str, progress: Progress) -> float:
    began = time.perf_counter()
    print_page(browser, page, page.with_suffix(".pdf"), paper)
    progress.step(f"{page.stem} printed for the {page.parent.name}")
    return time.perf_counter() - began


def _printed(chapter: Chapter, out: Path, cache: Path, paper: str | None = None) -> bool:
    """Whether both PDFs are there and belong to the present pages, and are for this paper if it is named."""
    try:
        known = json.loads(_pdf_record(chapter, cache).read_text(encoding="utf-8"))
        return known == _pdf_state(chapter, out, paper or known["paper"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _pdf_state(chapter: Chapter, out: Path, paper: str) -> dict[str, Any]:
    pages = _pages(chapter, out).values()
    files = [file_digest(path) for page in pages for path in (page, page.with_suffix(".pdf"))]
    return {
        "paper": paper,
        "by": digest([Path(__file__).parents[1].joinpath("prints.py").read_bytes()]),
        "files": files,
    }


def _pdf_record(chapter: Chapter, cache: Path) -> Path:
    return cache / f"{chapter.slug}.pdf.json"


def _build_index(built: list[Chapter], printed: set[str], out: Path, cache: Path, shared: str) -> None:
    key = digest([shared, *(part for chapter in built for part in (chapter.slug, chapter.text)), *sorted(printed)])
    record = cache / "index.json"
    paths = [out / name for name in INDEXES]
    if up_to_date(record, key, paths):
        return

    from .page import index_page

    learners = [chapter for chapter in built if not chapter.for_instructors]
    write(paths[0], index_page(learners, printed, folder="student/"))
    for edition, path in zip(EDITIONS, paths[1:], strict=True):
        write(path, index_page(built if edition == "instructor" else learners, printed, edition))
    keep_record(record, key, paths)


def _forget_removed(slugs: set[str], out: Path) -> None:
    for edition in EDITIONS:
        for path in [*(out / edition).glob("*.html"), *(out / edition).glob("*.pdf")]:
            if path.stem not in slugs and path.name != "index.html":
                path.unlink()


def _pages(chapter: Chapter, out: Path) -> dict[str, Path]:
    """Its page in each edition; what is for instructors has none for learners."""
    editions = ("instructor",) if chapter.for_instructors else EDITIONS
    return {edition: out / edition / f"{chapter.slug}.html" for edition in editions}
