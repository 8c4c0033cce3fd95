"""What a learner meets, measured in JupyterLab: what fits on one screen, how soon something moves, how long it is.

Every number is of the design: a laptop of 1280 by 720 with the file browser closed, and a chapter at 1400 by 900.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import lab
import nbformat
from course import explorers
from course.chapters import taught
from course.display import Explorer, render
from course.publish.handouts.page import page_styles

Row = tuple[str, float, str, float]
LAPTOP, LARGE = {"width": 1280, "height": 720}, {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 740}
PANE = ".jp-WindowedPanel-outer"
# From the top of the title to the end of the control under the picture, and the pane that has to hold them.
FITS = f"""root => {{
    const pane = document.querySelector('{PANE}').clientHeight;
    const handle = root.querySelector('.handle').getBoundingClientRect();
    return [handle.bottom - root.querySelector('figcaption').getBoundingClientRect().top, pane];
}}"""
# The same on a page, whose whole window holds them; and whether the picture is seen without scrolling sideways.
FITS_PHONE = """root => {
    const handle = root.querySelector('.handle').getBoundingClientRect();
    const plot = root.querySelector('.plot');
    const high = handle.bottom - root.querySelector('figcaption').getBoundingClientRect().top;
    return handle.height > 0 && high <= window.innerHeight && plot.scrollWidth <= plot.clientWidth;
}"""
# How far below the title the first thing stands that can be moved or answered, and the length of all, in screens.
SCREENS = f"""() => {{
    const pane = document.querySelector('{PANE}');
    const title = document.querySelector('.jp-MarkdownOutput h1').getBoundingClientRect().top;
    const first = '[data-explorer], [data-prediction], [data-quiz-item], .course.claims';
    const touch = document.querySelector(first).getBoundingClientRect().top - title;
    return [touch / pane.clientHeight, pane.scrollHeight / pane.clientHeight];
}}"""


def measure(browser) -> Iterator[Row]:
    """(what, measured, unit, target), one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        course = lab.copy_course(Path(folder))
        names = [name for name in explorers.__all__ if isinstance(getattr(explorers, name), Explorer)]
        _write(course, names)
        with lab.server(course, course / "home") as address:
            page = _opened(browser, address, "bench-explorers", LAPTOP)
            fit = 0
            for root in page.locator("[data-explorer]").all():
                root.evaluate("node => node.scrollIntoView()")
                page.wait_for_timeout(400)
                need, pane = root.evaluate(FITS)
                fit += need <= pane
            page.close()
            yield "explorers whose chart and main control fit one laptop screen, of all", fit, "", len(names)
            fit = _on_a_phone(browser, names)
            yield "explorers whose chart and main control fit one phone screen, of all", fit, "", len(names)
            found = {chapter.slug: _screens(browser, address, chapter.slug) for chapter in taught()}
            yield (
                "screens from a chapter's title to what can be touched, the most",
                max(v[0] for v in found.values()),
                "",
                2,
            )
            yield (
                "screens of a chapter at 1400 by 900, Core and Deeper, the most",
                max(v[1] for v in found.values()),
                "",
                20,
            )
            yield "from opening a chapter to its first move", _first_move(browser, address), "s", 10


def _on_a_phone(browser, names: list[str]) -> int:
    """How many explorers of a handout show chart and main control at once on a phone, with no scrolling sideways."""
    parts = [
        render(getattr(explorers, name)().spec, "offline", f"phone-{name}").replace(" data-needs-script", "")
        for name in names
    ]
    page = browser.new_page(viewport=PHONE)
    page.set_content(
        f'<meta name="viewport" content="width=device-width"><style>{page_styles()}</style>'
        f'<div class="spread single"><main>{"".join(parts)}</main></div>'
    )
    fit = sum(root.evaluate(FITS_PHONE) for root in page.locator("[data-explorer]").all())
    page.close()
    return fit


def _write(course: Path, names: list[str]) -> None:
    cells = [
        nbformat.v4.new_markdown_cell("# Bench"),
        nbformat.v4.new_code_cell("from course import explorers, references"),
    ]
    cells += [nbformat.v4.new_code_cell(f"explorers.{name}()") for name in names]
    cells.append(nbformat.v4.new_code_cell('references.show("03-how-much-binds")'))
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(notebook, course / "notebooks" / "bench-explorers.ipynb")


def _opened(browser, address: str, slug: str, size: dict[str, int]):
    page = browser.new_page(viewport=size)
    lab.open_chapter(page, address, slug)
    page.keyboard.press("Control+b")
    lab.run_all(page)
    page.wait_for_timeout(1500)
    return page


def _screens(browser, address: str, slug: str) -> tuple[float, float]:
    touches = []
    for size in (LAPTOP, LARGE):
        page = _opened(browser, address, slug, size)
        touches.append(page.evaluate(SCREENS))
        page.close()
    return touches[0][0], touches[1][1]


def _first_move(browser, address: str) -> float:
    """Seconds from the address to the first changed picture, with one Run All Cells between."""
    page = browser.new_page(viewport=LAPTOP)
    began = time.perf_counter()
    lab.open_chapter(page, address, lab.CHAPTER)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    slider = page.locator('[data-explorer="occupancy"] input[type="range"]').first
    slider.focus(timeout=60_000)
    dot = page.locator('[data-explorer="occupancy"] [data-part="mark:dot-NMDA"]')
    before = dot.inner_html()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("([node, before]) => node.innerHTML !== before", arg=[dot.element_handle(), before])
    seconds = time.perf_counter() - began
    page.close()
    return seconds
