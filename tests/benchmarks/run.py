"""`make bench`: speed, memory and weight, each as a ratio to a baseline measured in the same run.

Prints a table and writes build/bench.json:
{"name": {"value": …, "unit": …, "baseline": …, "ratio": …}}. Ratio is value to baseline, so smaller is better.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

import nbformat
import psutil
from jupyter_client.manager import KernelManager
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "03-how-much-binds"
sys.path[:0] = [str(ROOT / folder) for folder in ("tests/browser", "tests/benchmarks", "notebooks", ".ci")]

import encounter  # noqa: E402
import kinetics  # noqa: E402
import pages  # noqa: E402
import record  # noqa: E402
import repaint  # noqa: E402
from prepare import find_browser  # noqa: E402

COURSE_IMPORTS = "from course import charts, explorers, quiz, references, start"
PLAIN_IMPORTS = "import matplotlib.pyplot, ipywidgets"


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


def main() -> int:
    results: dict[str, dict[str, float | str]] = {}

    def row(name: str, value: float, unit: str, baseline: float) -> None:
        results[name] = {
            "value": round(value, 2),
            "unit": unit,
            "baseline": round(baseline, 2),
            "ratio": round(value / baseline, 3),
        }

    print("1/7  imports", flush=True)
    pairs = [(import_seconds(COURSE_IMPORTS), import_seconds(PLAIN_IMPORTS)) for _ in range(9)]
    row(
        "imports of a chapter, against matplotlib and ipywidgets",
        statistics.median(ours for ours, _ in pairs),
        "s",
        statistics.median(plain for _, plain in pairs),
    )

    print("2/7  memory of a kernel", flush=True)
    chapter = nbformat.read(ROOT / "notebooks" / f"{CHAPTER}.ipynb", as_version=4)
    cells = [cell.source for cell in chapter.cells if cell.cell_type == "code"]
    row(
        "memory of a kernel after the chapter, against one that imported matplotlib and ipywidgets",
        kernel_megabytes(cells),
        "MB",
        kernel_megabytes([PLAIN_IMPORTS]),
    )

    print("3/7  slider to repaint, in JupyterLab", flush=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name, times in repaint.times_ms(browser, repaint.with_slider()):
            for quantile, pick in (
                ("median", statistics.median),
                ("95th percentile", lambda values: statistics.quantiles(values, n=20)[18]),
            ):
                row(
                    f"slider to repaint, {name}, {quantile}, against interact",
                    pick(times["course"]),
                    "ms",
                    pick(times["interact"]),
                )
                for where, words in (("far", "100 ms away"), ("busy", "100 ms away and the kernel busy")):
                    row(
                        f"slider to repaint, {name}, {words}, {quantile}, against interact on this machine",
                        pick(times[where]),
                        "ms",
                        pick(times["interact"]),
                    )
        print("4/7  what a learner meets, in JupyterLab, against what the course aims at", flush=True)
        for found in encounter.measure(browser):
            row(*found)
        print("5/7  handouts, against nbconvert's own pages", flush=True)
        for found in pages.measure(browser):
            row(*found)
        browser.close()

    print("6/7  level curves", flush=True)
    for found in kinetics.measure():
        row(*found)

    print("7/7  a record of 100,000 events, against what the course aims at", flush=True)
    for found in record.measure():
        row(*found)

    width = max(map(len, results))
    print(f"\n{'':{width}}  {'value':>9} {'baseline':>9}  unit  ratio")
    for name, found in results.items():
        print(f"{name:{width}}  {found['value']:>9} {found['baseline']:>9}  {found['unit']:4}  {found['ratio']}")
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "bench.json").write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
