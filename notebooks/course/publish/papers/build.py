"""Writes the papers, as pages and, with a browser, as PDFs; the keys go into a folder of their own."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ... import __version__
from ...chapters import Chapter, ChapterError, chapters
from ...chapters.build import Cells, build_stale, watched
from ...chapters.cache import shared_digest
from ...chapters.html import COURSE, policy, released, whole_dates
from ...chapters.progress import Progress
from ...display import render
from ...display.files import asset
from ...evidence import DataError
from ...files import NOTEBOOKS, ROOT, write
from ..prints import add_options, print_page
from .booklet import VARIANTS, booklet
from .sheet import sheet, sheets

FORMS = ("A", "B")


def main(arguments: list[str] | None = None) -> int:
    """Builds all papers. Returns 0, or 1 if one could not be made."""
    parser = argparse.ArgumentParser(
        prog="python -m course.publish.papers", description="Booklets and one-page handouts."
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "prints", help="where they go")
    add_options(parser)
    chosen = parser.parse_args(arguments)
    out = chosen.out.resolve()

    def work(progress: Progress) -> int:
        return build(out, chosen.pdf, chosen.paper, progress)

    code = watched(work, "Papers")
    if not code:
        shown = out.relative_to(ROOT) if out.is_relative_to(ROOT) else out
        print(f"The papers are in {shown}. Keep its folder keys to yourself.", flush=True)
    return code


def build(out: Path, browser: str | None, paper: str, progress: Progress) -> int:
    """Writes every page below `out`, and a PDF beside each if a browser is given."""
    try:
        entries = sheets()
    except DataError as error:
        progress.say(str(error))
        return 1
    found = [chapter for chapter in chapters(NOTEBOOKS) if chapter.slug in entries]
    collected: list[tuple[Chapter, Cells]] = []
    runs = (out.parent / ".cache" / "handouts", shared_digest())

    def collect(chapter: Chapter, cells: Cells) -> None:
        collected.append((chapter, cells))

    failed = build_stale(found, found, runs, collect, lambda line: None, progress)
    pages = dict(booklets())
    for chapter, cells in collected:
        try:
            pages[f"{chapter.slug}.html"] = page(
                "sheet", f"{chapter.title}: one page", sheet(chapter, cells, entries[chapter.slug])
            )
        except ChapterError as error:
            progress.say(str(error))
            failed = True
    progress.expect(len(pages) * bool(browser))
    for name, text in pages.items():
        write(out / name, text)
        if browser:
            print_page(browser, out / name, (out / name).with_suffix(".pdf"), paper)
            progress.step(f"{name} printed")
    return int(failed)


def booklets() -> Iterator[tuple[str, str]]:
    """(file, page) of each form in each variant, and of its key."""
    for form in FORMS:
        for variant in VARIANTS:
            made = booklet(form, variant)
            name = f"form-{form}-variant-{variant}"
            yield f"{name}.html", page("booklet", f"Form {form}, variant {variant}", made)
            yield f"keys/{name}-key.html", page("booklet-key", f"Key: form {form}, variant {variant}", made)


def page(sort: str, title: str, made: dict[str, Any]) -> str:
    """One page that needs nothing else. sort: sheet, booklet or booklet-key."""
    style = asset("styles/papers.css")
    spec: dict[str, Any] = {
        "kind": "papers",
        "id": sort,
        "sort": sort,
        "title": title,
        "course": COURSE,
        "version": __version__,
    }
    spec |= {"released": released(), "style": style, "policy": policy(style, ""), "made": made}
    return whole_dates(render(spec, "offline", "").strip()) + "\n"
