"""The handouts against nbconvert's own pages of the same notebooks: time, weight, accessibility, first answer.

Alone: python tests/benchmarks/pages.py
"""

from __future__ import annotations

import gzip
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("notebooks", ".ci")]

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from course.chapters import Chapter, chapters  # noqa: E402
from course.chapters.build import WORKERS  # noqa: E402
from course.chapters.run import execute  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

Row = tuple[str, float, str, float]
NOTEBOOKS = ROOT / "notebooks"
EXPLORER = "03-how-much-binds"
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
THEMES = ("light", "dark")
# Some chapters stand for all: axe takes long on a long page.
AXED = ("00-start-here", EXPLORER, "06-risks")


def measure(browser: Browser) -> Iterator[Row]:
    """(what, ours, unit, theirs), one after the other."""
    found = chapters(NOTEBOOKS)
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        ours, theirs = Path(folder, "ours", "handouts"), Path(folder, "theirs")
        built, again, plain = seconds(handouts, ours), seconds(handouts, ours), seconds(exported, found, theirs)
        run = seconds(executed, found)
        side_by_side = f"nbconvert --execute of the same notebooks, {WORKERS} at a time as well"
        yield f"all handouts, both editions, against {side_by_side}", built, "s", plain
        yield "all handouts, both editions, against executing the notebooks once", built, "s", run
        yield "all handouts again with nothing changed, against building them", again, "s", built
        sizes = [(weight(ours / "student" / f"{one.slug}.html"), weight(theirs / f"{one.slug}.html")) for one in found]
        heaviest = max(sizes)
        yield "heaviest student handout, gzipped, against nbconvert's page (pictures only)", *pair(heaviest, "kB")
        total = [sum(kind) for kind in zip(*sizes, strict=True)]
        yield "all student handouts, gzipped, against nbconvert's pages", *pair(total, "kB")
        counts = [
            sum(complaints(browser, place / f"{slug}.html", theme) for slug in AXED for theme in THEMES)
            for place in (ours / "student", theirs)
        ]
        axed = f"places that axe complains of (WCAG 2.2 AA and best practice) in {len(AXED)} chapters, light and dark"
        yield f"{axed}, against nbconvert's", *pair(counts, "")
        page, bare = ours / "student" / f"{EXPLORER}.html", theirs / f"{EXPLORER}.html"
        answers = [first_answer(browser, page) for _ in range(7)]
        shown = [opened(browser, bare) for _ in range(7)]
        yield (
            "opening a handout to its first explorer's answer, against opening nbconvert's page (no explorer)",
            statistics.median(answers),
            "ms",
            statistics.median(shown),
        )


def pair(values, unit: str) -> tuple[float, str, float]:
    ours, theirs = values
    return ours, unit, theirs


def seconds(function, *arguments) -> float:
    began = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - began


def handouts(out: Path) -> None:
    command = [sys.executable, "-m", "course.publish.handouts", "--out", str(out)]
    subprocess.run(command, cwd=NOTEBOOKS, check=True, stdout=subprocess.DEVNULL)


def executed(found: list[Chapter]) -> None:
    """Every notebook once, as many side by side as the handouts' build runs, and nothing made of them."""
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda chapter: execute(chapter, collect=False), found))


def exported(found: list[Chapter], folder: Path) -> None:
    """nbconvert as it comes, executing as we do: as many processes as our build has workers, each with its share."""
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda share: _exported(share, folder), (found[turn::WORKERS] for turn in range(WORKERS))))


def _exported(share: list[Chapter], folder: Path) -> None:
    if not share:
        return
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--execute", "--output-dir", str(folder)]
    command += [str(chapter.path) for chapter in share]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(result.stderr.strip()[-2000:])


def weight(path: Path) -> float:
    """Kilobytes, gzipped."""
    return len(gzip.compress(path.read_bytes(), 6, mtime=0)) / 1000


def offline(browser: Browser, path: Path, theme: str = THEMES[0]):
    """A page in a browser that has no network."""
    context = browser.new_context(offline=True, reduced_motion="reduce", color_scheme=theme)
    page = context.new_page()
    began = time.perf_counter()
    page.goto(path.as_uri(), wait_until="load")
    return context, page, began


def complaints(browser: Browser, path: Path, theme: str) -> int:
    context, page, _ = offline(browser, path, theme)
    found = Axe().run(page, options=AXE).response["violations"]
    context.close()
    return sum(len(rule["nodes"]) for rule in found)


def opened(browser: Browser, path: Path) -> float:
    context, _, began = offline(browser, path)
    took = (time.perf_counter() - began) * 1000
    context.close()
    return took


def first_answer(browser: Browser, path: Path) -> float:
    """Milliseconds from asking for the page to the first explorer's picture after one press of a key."""
    context, page, began = offline(browser, path)
    explorer = page.locator("[data-explorer]").first
    says = explorer.locator(".says").first
    before = says.text_content()
    explorer.locator("input[type=range]").first.press("End")
    page.wait_for_function("([node, text]) => node.textContent !== text", arg=[says.element_handle(), before])
    took = (time.perf_counter() - began) * 1000
    context.close()
    return took


def main() -> int:
    from prepare import find_browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        for name, ours, unit, theirs in measure(browser):
            print(f"{name}: {ours:.2f} {unit} to {theirs:.2f} {unit}, ratio {ours / max(theirs, 1e-9):.3f}", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
