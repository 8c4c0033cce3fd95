"""From a key on a slider to the repainted picture, in JupyterLab: each explorer against `interact`, in one run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import lab
import nbformat
from course import explorers
from course.display import Explorer

MOVES = 30
WARM_UP = 5
SLIDERS = {"course": '[data-explorer] input[type="range"]', "interact": ".noUi-handle"}

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


def with_slider() -> dict[str, str]:
    """Name of each explorer that has a slider -> the name of that control. Drawings have no axes to compare."""
    found = {}
    for name in explorers.__all__:
        explorer = getattr(explorers, name)
        if isinstance(explorer, Explorer) and explorer.draw(**explorer.state()).axes:
            sliders = [control.name for control in explorer.controls if control.shape == "slider"]
            found |= {name: sliders[0]} if sliders else {}
    return found


def times_ms(browser, wanted: dict[str, str]) -> Iterator[tuple[str, dict[str, list[float]]]]:
    """For each explorer, milliseconds of each move with the course's explorer and with interact, on one server."""
    with tempfile.TemporaryDirectory() as folder:
        course = lab.copy_course(Path(folder))
        shutil.copy(Path(__file__).with_name("plain.py"), course / "notebooks")
        with lab.server(course, course / "home") as address:
            for name, control in wanted.items():
                cells = {
                    "course": f"explorers.{name}()",
                    "interact": f"import plain\nplain.interact(explorers.{name}, {control!r})",
                }
                found = {}
                for kind, slider in SLIDERS.items():
                    notebook = nbformat.v4.new_notebook(
                        cells=[
                            nbformat.v4.new_markdown_cell("# Bench"),
                            nbformat.v4.new_code_cell("from course import explorers"),
                            nbformat.v4.new_code_cell(cells[kind]),
                        ]
                    )
                    notebook.metadata["kernelspec"] = {
                        "display_name": "Python 3",
                        "language": "python",
                        "name": "python3",
                    }
                    page = f"bench-{name}-{kind}"
                    nbformat.write(notebook, course / "notebooks" / f"{page}.ipynb")
                    keys = _keys(getattr(explorers, name), control)
                    found[kind] = _moves(browser, address, page, kind, slider, keys)
                yield name, found


def _keys(explorer: Explorer, control_name: str) -> list[str]:
    """Arrow keys that walk the slider from where it starts, to and fro, each of them a move."""
    state = explorer.state()
    control = next(control for control in explorer.controls if control.name == control_name)
    stops = list(control.choices(state.get(control.by)))
    at, step, keys = stops.index(state[control_name]), 1, []
    for _ in range(MOVES + WARM_UP):
        if not 0 <= at + step < len(stops):
            step = -step
        at += step
        keys.append("ArrowRight" if step > 0 else "ArrowLeft")
    return keys


def _moves(browser, address: str, notebook: str, kind: str, slider: str, keys: list[str]) -> list[float]:
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    lab.open_chapter(page, address, notebook)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_selector(slider, timeout=60_000)
    page.wait_for_timeout(2000)
    page.evaluate(WATCH, kind)
    page.locator(slider).first.focus()
    times = []
    for key in keys:
        page.evaluate("() => { window.courseMoved = window.courseMove(); }")
        page.keyboard.press(key)
        times.append(page.evaluate("() => window.courseMoved"))
        page.wait_for_timeout(100)
    page.close()
    return times[WARM_UP:]
