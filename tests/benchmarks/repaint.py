"""From a key on a slider to the repainted picture, in JupyterLab: each explorer against `interact`, in one run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import far
import lab
import nbformat
from course import explorers
from course.display import Explorer

MOVES = 30
SLIDERS = {"course": '[data-explorer] input[type="range"]', "interact": ".noUi-handle"}

# Time from a key to the frame in which the picture has changed: its moved parts, not a label beside it.
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
    const svg = document.querySelector("[data-explorer] figure.chart svg");
    new MutationObserver((records) => {
      if (records.some(({ target }) => target.closest?.('[data-part^="mark:"]'))) done();
    }).observe(svg, { childList: true, subtree: true });
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
# A cell that is done at once, or works as long as there is a file of this name beside the notebook.
WORK = "import pathlib, time\nwhile pathlib.Path('busy').exists():\n    time.sleep(0.1)"
BACK = {"ArrowRight": "ArrowLeft", "ArrowLeft": "ArrowRight"}


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
    """For each explorer, milliseconds of each move, on one server.

    With the course's explorer ("course"), with interact ("interact"), with the course's explorer and a round trip of
    100 ms to the server ("far"), and then while the kernel is busy as well ("busy").
    """
    with tempfile.TemporaryDirectory() as folder:
        course = lab.copy_course(Path(folder))
        shutil.copy(Path(__file__).with_name("plain.py"), course / "notebooks")
        with lab.server(course, course / "home") as address, far.away(address) as distant:
            for name, control in wanted.items():
                keys = _keys(getattr(explorers, name), control)
                own, plain = (
                    _page(course, f"explorers.{name}()", name),
                    _page(course, PLAIN.format(name, control), name),
                )
                found = {
                    "course": _moves(browser, address, own, "course", keys)["idle"],
                    "interact": _moves(browser, address, plain, "interact", keys)["idle"],
                }
                away = _moves(browser, distant, own, "course", keys, busy=course / "notebooks")
                yield name, found | {"far": away["idle"], "busy": away["busy"]}


PLAIN = "import plain\nplain.interact(explorers.{}, {!r})"


def _page(course: Path, cell: str, name: str) -> str:
    """A notebook with this cell, and one that keeps the kernel busy; its name."""
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Bench"),
            nbformat.v4.new_code_cell("from course import explorers"),
            nbformat.v4.new_code_cell(cell),
            nbformat.v4.new_code_cell(WORK),
        ]
    )
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    page = f"bench-{name}-{'interact' if 'plain' in cell else 'course'}"
    nbformat.write(notebook, course / "notebooks" / f"{page}.ipynb")
    return page


def _keys(explorer: Explorer, control_name: str) -> list[str]:
    """Arrow keys that walk the slider from where it starts, to and fro, each of them a move."""
    state = explorer.state()
    control = next(control for control in explorer.controls if control.name == control_name)
    stops = list(control.choices(state.get(control.by)))
    at, step, keys = stops.index(state[control_name]), 1, []
    for _ in range(MOVES):
        if not 0 <= at + step < len(stops):
            step = -step
        at += step
        keys.append("ArrowRight" if step > 0 else "ArrowLeft")
    return keys


def _moves(
    browser, address: str, notebook: str, kind: str, keys: list[str], *, busy: Path | None = None
) -> dict[str, list[float]]:
    """Times of the moves from the second on, in a fresh page; then while the kernel works on a cell.

    busy: the notebooks' folder, if that is asked for.
    """
    keys = list(keys)
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    lab.open_chapter(page, address, notebook)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    slider = SLIDERS[kind]
    page.wait_for_selector(slider, timeout=60_000)
    page.wait_for_timeout(2000)
    page.evaluate(WATCH, kind)
    page.locator(slider).first.focus()

    def moves() -> list[float]:
        times = []
        for key in keys:
            page.evaluate("() => { window.courseMoved = window.courseMove(); }")
            page.keyboard.press(key)
            times.append(page.evaluate("() => window.courseMoved"))
            page.wait_for_timeout(100)
        return times[1:]

    found = {"idle": moves()}
    if busy:
        flag = busy / "busy"
        flag.touch()
        try:
            page.locator(".jp-Notebook .jp-CodeCell .cm-content").last.click()
            page.keyboard.press("Control+Enter")
            page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="busy"]', state="attached")
            page.locator(slider).first.focus()
            keys[:] = [BACK[key] for key in reversed(keys)]
            found["busy"] = moves()
        finally:
            flag.unlink()
    page.close()
    return found
