"""Builds what has changed, and says so in one line for each chapter.

Heavy parts (running notebooks, nbconvert) are imported only when there is something to build.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .chapter import EDITIONS, Chapter, HandoutError, chapters

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "notebooks" / "course"
# What a page, but no execution, depends on.
PAGE_ASSETS = ("page", "page_head", "index", "offline")
WORKERS = min(4, os.cpu_count() or 1)
TOOLS = ("matplotlib", "numpy", "nbconvert", "jinja2", "mistune")


def main(arguments: list[str] | None = None) -> int:
    """Builds all handouts. Returns 0, or 1 if a chapter could not be built (its old pages stay)."""
    parser = argparse.ArgumentParser(
        prog="python -m course.handouts", description="Build the handouts of all chapters."
    )
    parser.add_argument("--notebooks", type=Path, default=ROOT / "notebooks", help="the folder with NN-*.ipynb")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "handouts", help="where the pages go")
    chosen = parser.parse_args(arguments)
    try:
        return build(chosen.notebooks.resolve(), chosen.out.resolve(), lambda line: print(line, flush=True))
    except KeyboardInterrupt:
        print("Stopped. Pages that were not finished are as they were.", file=sys.stderr)
        return 130


def build(notebooks: Path, out: Path, say: Callable[[str], None]) -> int:
    """Brings `out` up to date with the notebooks, and calls `say` with one line for each chapter."""
    cache = out.parent / ".cache" / "handouts"
    found = chapters(notebooks)
    if not found:
        say(f"There is no notebook NN-*.ipynb in {notebooks}.")
        return 1
    shared = {"execution": _shared(pages=False), "page": _shared(pages=True)}
    keys = {chapter.slug: _digest([shared["page"], chapter.text]) for chapter in found}
    stale = [
        chapter
        for chapter in found
        if not _up_to_date(cache / f"{chapter.slug}.json", keys[chapter.slug], _pages(chapter, out).values())
    ]
    failed = False
    with ThreadPoolExecutor(WORKERS, "notebook") as pool:
        # Notebooks run side by side, each in a kernel of its own; pages are written here, in their order.
        runs = {chapter.slug: pool.submit(_executed, chapter, cache, shared["execution"]) for chapter in stale}
        try:
            for number, chapter in enumerate(found, 1):
                place = f"[{number}/{len(found)}] {chapter.slug}"
                if chapter.slug not in runs:
                    say(f"{place}: unchanged")
                    continue
                try:
                    cells, ran, seconds = runs[chapter.slug].result()
                    began = time.perf_counter()
                    _write_pages(chapter, cells, out, cache, keys[chapter.slug])
                except HandoutError as error:
                    failed = True
                    say(f"{place}: {error}")
                    continue
                seconds += time.perf_counter() - began
                say(f"{place}: {'built' if ran else 'built from the last execution'} in {seconds:.1f} s")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    complete = [chapter for chapter in found if all(path.exists() for path in _pages(chapter, out).values())]
    _build_index(complete, out, cache, shared["page"])
    _forget_removed({chapter.slug for chapter in found}, out)
    return int(failed)


def write(path: Path, text: str) -> None:
    """Writes a whole file or nothing: an interrupted build leaves the old page as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _executed(chapter: Chapter, cache: Path, shared: str) -> tuple[list[dict[str, Any]], bool, float]:
    """The executed cells, whether they had to be run, and the seconds that took."""
    from .run import executed  # heavy

    began = time.perf_counter()
    cells, ran = executed(chapter, cache, _digest([shared, chapter.text]))
    return cells, ran, time.perf_counter() - began


def _write_pages(chapter: Chapter, cells: list[dict[str, Any]], out: Path, cache: Path, key: str) -> None:
    from .page import chapter_page  # heavier

    pages = _pages(chapter, out)
    texts = {edition: chapter_page(chapter, cells, edition) for edition in EDITIONS}
    for edition, path in pages.items():
        write(path, texts[edition])
    _keep_record(cache / f"{chapter.slug}.json", key, pages.values())


def _build_index(built: list[Chapter], out: Path, cache: Path, shared: str) -> None:
    key = _digest([shared, *(chapter.text for chapter in built), *(chapter.slug for chapter in built)])
    record = cache / "index.json"
    if _up_to_date(record, key, [out / "index.html"]):
        return

    from .page import index_page

    write(out / "index.html", index_page(built))
    _keep_record(record, key, [out / "index.html"])


def _forget_removed(slugs: set[str], out: Path) -> None:
    for edition in EDITIONS:
        for path in (out / edition).glob("*.html"):
            if path.stem not in slugs:
                path.unlink()


def _pages(chapter: Chapter, out: Path) -> dict[str, Path]:
    return {edition: out / edition / f"{chapter.slug}.html" for edition in EDITIONS}


def _up_to_date(record: Path, key: str, pages: Iterable[Path]) -> bool:
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
        return known == {"key": key, "pages": [_file_digest(page) for page in pages]}
    except (OSError, ValueError):
        return False


def _keep_record(record: Path, key: str, pages: Iterable[Path]) -> None:
    write(record, json.dumps({"key": key, "pages": [_file_digest(page) for page in pages]}))


def _shared(*, pages: bool) -> str:
    """A digest of all that every chapter depends on: with what only its page does, or without."""
    parts: list[str | bytes] = [sys.version, *(f"{tool} {version(tool)}" for tool in TOOLS)]
    files = [*PACKAGE.rglob("*.py"), *(ROOT / "data").rglob("*"), *(ROOT / "assets").rglob("*")]
    if (ROOT / "CITATION.cff").exists():
        files.append(ROOT / "CITATION.cff")
    for path in sorted(path for path in files if path.is_file()):
        for_pages = (
            path.parent == PACKAGE / "handouts"
            or path.name == "CITATION.cff"
            or (ROOT / "assets" in path.parents and path.stem in PAGE_ASSETS)
        )
        if pages or not for_pages:
            parts += [path.relative_to(ROOT).as_posix(), path.read_bytes()]
    return _digest(parts)


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(parts: Iterable[str | bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
