"""`make bench`: speed, memory and weight, each as a ratio to a baseline measured in the same run.

Prints a table and writes build/bench.json:
{"name": {"value": …, "unit": …, "baseline": …, "ratio": …}}. Ratio is value to baseline, so smaller is better.
"""

from __future__ import annotations

import gzip
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import psutil
from jupyter_client.manager import KernelManager
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "03-how-much-binds"
sys.path[:0] = [str(ROOT / folder) for folder in ("tests/browser", "notebooks", ".ci")]

import lab  # noqa: E402
from prepare import find_browser  # noqa: E402

MOVES = 60
COURSE_IMPORTS = "from course import charts, explorers, quiz, references, start"
PLAIN_IMPORTS = "import matplotlib.pyplot, ipywidgets"

# The same chart, from the same function, drawn afresh by matplotlib at each move, as interact does it.
INTERACT = """
import ipywidgets, matplotlib.pyplot as plt
from course.display import Area, Dots, Label, Line, Span
from course.display.markup import tint
from course.explorers.binding import draw_occupancy, occupancy

levels = list(occupancy.controls[1].choices("ketamine"))

def draw(level=18):
    chart = draw_occupancy("ketamine", levels[level], 0.53, "AF04", "AF10")
    figure, axes = plt.subplots(figsize=(chart.width / 72, chart.height / 72))
    axes.set_xscale(chart.axes.x_scale); axes.set_xlim(chart.axes.x_limits); axes.set_ylim(chart.axes.y_limits)
    axes.set_xticks(list(chart.axes.x_ticks), list(chart.axes.x_ticks.values())); axes.set_yticks(chart.axes.y_ticks)
    axes.set_xlabel(chart.axes.x_label); axes.set_ylabel(chart.axes.y_label); axes.set_title(chart.title)
    for mark in chart.marks:
        colour = tint(mark.colour)
        if isinstance(mark, Area): axes.fill_between(mark.x, mark.y_low, mark.y_high, color=colour, alpha=mark.opacity)
        if isinstance(mark, Line): axes.plot(mark.x, mark.y, color=colour, linestyle=mark.dash)
        if isinstance(mark, Span): axes.plot([mark.x, mark.x2], [mark.y, mark.y2], color=colour, linewidth=mark.width)
        if isinstance(mark, Dots): axes.plot(mark.x, mark.y, mark.marker, color=colour)
        if isinstance(mark, Label): axes.text(mark.x, mark.y, mark.text, color=colour)
    plt.show()

ipywidgets.interact(draw, level=(0, len(levels) - 1))
"""

# Time from a key to the frame in which what it changed is on screen.
WATCH = """
(kind) => {
  let begun = 0;
  let settle = () => {};
  window.courseMove = () => new Promise((resolve) => { settle = resolve; });
  const done = () => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { if (begun) { settle(performance.now() - begun); begun = 0; } };
    channel.port2.postMessage(0);
  });
  const key = (event) => { if (event.key.startsWith("Arrow")) begun = performance.now(); };
  window.addEventListener("keydown", key, true);
  if (kind === "course") {
    document.querySelector("[data-explorer]").addEventListener("course:drawn", done);
  } else {
    new MutationObserver((records) => {
      for (const record of records) for (const node of record.addedNodes) {
        const image = node.querySelector?.("img") ?? (node.tagName === "IMG" ? node : null);
        if (image) image.complete ? done() : image.addEventListener("load", done);
      }
    }).observe(document.querySelector(".jp-Notebook"), { childList: true, subtree: true });
  }
}
"""


def notebook_of(*cells: str) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Bench"), *map(nbformat.v4.new_code_cell, cells)]
    )
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return notebook


def repaint_times(browser) -> dict[str, list[float]]:
    """Milliseconds from a key on the slider to the repainted picture: the course's explorer and interact."""
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        course = lab.copy_course(Path(folder))
        for kind, cells in (
            ("course", ["from course import explorers", "explorers.occupancy()"]),
            ("interact", [INTERACT]),
        ):
            nbformat.write(notebook_of(*cells), course / "notebooks" / f"bench-{kind}.ipynb")
        with lab.server(course, course / "home") as address:
            for kind, slider in (
                ("course", '[data-explorer] input[type="range"]'),
                ("interact", ".noUi-handle"),
            ):
                page = browser.new_page(viewport={"width": 1200, "height": 1000})
                lab.open_chapter(page, address, f"bench-{kind}")
                page.get_by_role("menuitem", name="Run", exact=True).click()
                page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
                page.wait_for_selector(slider, timeout=60_000)
                page.wait_for_timeout(3000)
                page.evaluate(WATCH, kind)
                page.locator(slider).first.focus()
                times[kind] = []
                for move in range(MOVES + 5):
                    page.evaluate("() => { window.courseMoved = window.courseMove(); }")
                    page.keyboard.press("ArrowRight" if move % 40 < 20 else "ArrowLeft")
                    times[kind].append(page.evaluate("() => window.courseMoved"))
                    page.wait_for_timeout(100)
                times[kind] = times[kind][5:]
                page.close()
    return times


def import_seconds(code: str) -> float:
    program = f"import time; begun = time.perf_counter()\n{code}\nprint(time.perf_counter() - begun)"
    return float(subprocess.check_output([sys.executable, "-c", program], cwd=ROOT / "notebooks", text=True))


def kernel_megabytes(cells: list[str]) -> float:
    """Resident memory of a kernel after it has run these cells."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(ROOT / "notebooks"))
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        for cell in cells:
            reply = client.execute_interactive(cell, timeout=60, output_hook=lambda message: None)
            assert reply["content"]["status"] == "ok", reply["content"]
        return psutil.Process(manager.provisioner.process.pid).memory_info().rss / 2**20
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def kilobytes_gzipped(path: Path) -> float:
    return len(gzip.compress(path.read_bytes(), 6, mtime=0)) / 1000


def plain_export(folder: Path) -> Path:
    """The same notebook by nbconvert as it comes."""
    shutil.copy(ROOT / "notebooks" / f"{CHAPTER}.ipynb", folder)
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "html", str(folder / f"{CHAPTER}.ipynb")],
        check=True,
        capture_output=True,
    )
    return folder / f"{CHAPTER}.html"


def main() -> int:
    results: dict[str, dict[str, float | str]] = {}

    def row(name: str, value: float, unit: str, baseline: float) -> None:
        results[name] = {
            "value": round(value, 2),
            "unit": unit,
            "baseline": round(baseline, 2),
            "ratio": round(value / baseline, 3),
        }

    print("1/4  imports", flush=True)
    pairs = [(import_seconds(COURSE_IMPORTS), import_seconds(PLAIN_IMPORTS)) for _ in range(9)]
    row(
        "imports of a chapter, against matplotlib and ipywidgets",
        statistics.median(ours for ours, _ in pairs),
        "s",
        statistics.median(plain for _, plain in pairs),
    )

    print("2/4  memory of a kernel", flush=True)
    chapter = nbformat.read(ROOT / "notebooks" / f"{CHAPTER}.ipynb", as_version=4)
    cells = [cell.source for cell in chapter.cells if cell.cell_type == "code"]
    row(
        "memory of a kernel after the chapter, against one that imported matplotlib and ipywidgets",
        kernel_megabytes(cells),
        "MB",
        kernel_megabytes([PLAIN_IMPORTS]),
    )

    print("3/4  weight of the handout", flush=True)
    subprocess.run(
        [sys.executable, "-m", "course.handouts"],
        cwd=ROOT / "notebooks",
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with tempfile.TemporaryDirectory() as folder:
        row(
            "student handout, gzipped, against nbconvert's own page (pictures only)",
            kilobytes_gzipped(ROOT / "build" / "handouts" / "student" / f"{CHAPTER}.html"),
            "kB",
            kilobytes_gzipped(plain_export(Path(folder))),
        )

    print("4/4  slider to repaint, in JupyterLab", flush=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        times = repaint_times(browser)
        browser.close()
    for name, pick in (
        ("median", statistics.median),
        ("95th percentile", lambda values: statistics.quantiles(values, n=20)[18]),
    ):
        row(
            f"slider to repaint on a log axis, {name}, against interact",
            pick(times["course"]),
            "ms",
            pick(times["interact"]),
        )

    width = max(map(len, results))
    print(f"\n{'':{width}}  {'value':>9} {'baseline':>9}  unit  ratio")
    for name, found in results.items():
        print(f"{name:{width}}  {found['value']:>9} {found['baseline']:>9}  {found['unit']:4}  {found['ratio']}")
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "bench.json").write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
