"""Every chart of the course on one page, as in a handout: words that can be read, at every width."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations

import pytest
from axe_playwright_python.sync_playwright import Axe
from course.display import Picture, chart_spec, render
from course.publish.handouts.page import page_styles
from everything import chart_names, drawn, view_of

pytestmark = pytest.mark.browser

WIDTHS = (390, 720, 1200)
SMALLEST = 11  # CSS pixels, on a phone: a picture that is too wide for that scrolls
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
IN_THE_DARK = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
# A letter is about two thirds as high as the box of its line, and boxes may touch by a hair.
TRIM_Y, TRIM_X, BEYOND = 0.18, 1.0, 1.5

MEASURE = """() => Object.fromEntries([...document.querySelectorAll('[data-test]')].map(box => {
    const plot = box.querySelector('.plot'), svg = plot.querySelector('svg');
    const flat = rect => [rect.left, rect.top, rect.right, rect.bottom];
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const texts = [...svg.querySelectorAll('text')].filter(text => text.textContent.trim()
        && text.checkVisibility({ opacityProperty: true, visibilityProperty: true })).flatMap(text => {
        const lines = text.querySelectorAll('tspan');
        return [...(lines.length ? lines : [text])].map(line => ({
            text: line.textContent, box: flat(line.getBoundingClientRect()),
            size: parseFloat(getComputedStyle(line).fontSize) * scale }));
    });
    return [box.dataset.test, { texts, picture: flat(svg.getBoundingClientRect()),
        plot: { wide: plot.scrollWidth, seen: plot.clientWidth, focus: plot.tabIndex, role: plot.getAttribute('role'),
                overflow: getComputedStyle(plot).overflowX,
                name: plot.getAttribute('aria-label') || plot.getAttribute('aria-labelledby')?.split(' ')
                    .map(id => document.getElementById(id)?.textContent ?? '').join(' ') || '' } }];
}))"""


# Tables take most of the time to lay out, and no picture depends on them.
TABLE = re.compile(r'<details class="numbers">.*?</details>', re.DOTALL)


def sheet(parts: list[str]) -> str:
    """A page like a handout's, with these pieces in its column."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Every chart</title>'
        f'<meta name="viewport" content="width=device-width"><style>{page_styles()}</style></head><body>'
        '<header class="top"><p>Every chart</p></header><div class="spread single"><main id="main"><h1>Every chart</h1>'
        f"{''.join(parts)}</main></div></body></html>"
    )


@cache
def failures(what) -> dict[str, str]:
    """Names for which this function of a name fails, with the reason."""
    found = {}
    for name in chart_names():
        try:
            what(name)
        except Exception as error:
            found[name] = repr(error)
    return found


@pytest.fixture(scope="module")
def page(browser):
    surroundings = browser.new_context()
    yield surroundings.new_page()
    surroundings.close()


@pytest.fixture(scope="module")
def measured(page) -> dict[int, dict]:
    """By width, then by 'name|state': what each picture holds. All states of explorers included."""
    broken = failures(drawn)
    specs = {}
    for name in chart_names():
        pictures: dict[tuple[int, int], Picture] = {}  # one for all states, so that a frame is drawn once
        for what, chart in {} if name in broken else drawn(name).items():
            picture = pictures.setdefault((chart.width, chart.height), Picture(chart.width, chart.height))
            specs[f"{name}|{what}"] = {"kind": "chart", "id": chart.id, "chart": chart_spec(chart, picture)}
    parts = [
        # In a box as narrow as an explorer's, where it is one.
        f'<div data-test="{key}" class="course{" box explorer" if key.startswith("*") else ""}">'
        f"{TABLE.sub('', render(spec, 'offline', f'chart-{index}'))}</div>"
        for index, (key, spec) in enumerate(specs.items())
    ]
    page.set_content(sheet(parts))
    found = {}
    for width in (320, *WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        found[width] = page.evaluate(MEASURE)
    return found


def states(found: dict, name: str) -> dict[str, dict]:
    return {key.partition("|")[2]: one for key, one in found.items() if key.partition("|")[0] == name}


def said(offences: list[str], most: int = 12) -> str:
    once = list(dict.fromkeys(offences))
    return "\n".join([*once[:most], *([f"and {len(once) - most} more"] if len(once) > most else [])])


each = pytest.mark.parametrize("name", chart_names())


def skip_if_no_picture(measured, name):
    if name in (broken := failures(drawn)):
        pytest.fail(f"{name} cannot be drawn: {broken[name]}")
    if not states(measured[390], name):
        pytest.skip("no chart with marks behind this name")


@each
def test_words_stand_apart_and_inside(measured, name):
    skip_if_no_picture(measured, name)
    offences = []
    for width in WIDTHS:
        for what, one in states(measured[width], name).items():
            left, top, right, bottom = one["picture"]
            where = f"{width} px{', ' + what if what != name else ''}"
            boxes = [(text["text"], trimmed(text["box"])) for text in one["texts"]]
            for text, box in boxes:
                beyond = max(left - box[0], top - box[1], box[2] - right, box[3] - bottom)
                if beyond > BEYOND:
                    offences.append(f"{text!r} leaves the picture by {beyond:.0f} px ({where})")
            for (text, box), (other, second) in combinations(boxes, 2):
                across = min(box[2], second[2]) - max(box[0], second[0])
                down = min(box[3], second[3]) - max(box[1], second[1])
                if across > 0 and down > 0:
                    offences.append(f"{text!r} over {other!r} by {across:.0f} x {down:.0f} px ({where})")
    assert not offences, "\n" + said(offences)


def trimmed(box: list[float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    rim = (bottom - top) * TRIM_Y
    return left + TRIM_X, top + rim, right - TRIM_X, bottom - rim


@each
def test_words_are_large_enough(measured, name):
    skip_if_no_picture(measured, name)
    offences = [
        f"{text['text']!r} is {text['size']:.1f} px high ({what})"
        for what, one in states(measured[390], name).items()
        for text in one["texts"]
        if text["size"] < SMALLEST - 0.05
    ]
    assert not offences, "\n" + said(offences)


@each
def test_a_phone_shows_the_whole_picture(measured, name):
    skip_if_no_picture(measured, name)
    for what, one in states(measured[390], name).items():
        assert one["plot"]["wide"] <= one["plot"]["seen"], f"{what}: {one['plot']}"


@each
def test_a_narrow_page_scrolls_the_picture_in_a_region(measured, name):
    skip_if_no_picture(measured, name)
    for what, one in states(measured[320], name).items():
        plot = one["plot"]
        assert plot["wide"] > plot["seen"] and plot["overflow"] in ("auto", "scroll"), f"{what}: {plot}"
        assert plot["focus"] == 0 and plot["role"] in ("group", "region") and plot["name"].strip(), f"{what}: {plot}"


def test_no_accessibility_violations(browser):
    """Charts and explorers in their first view, with their controls; colors in the dark too.

    Tables stay closed here: the handouts' tests open each.
    """
    broken = failures(view_of)
    parts = [
        f'<div data-test="{name}">{render(view_of(name).spec, "offline", f"first-{index}")}</div>'
        for index, name in enumerate(chart_names())
        if name not in broken
    ]
    surroundings = browser.new_context(viewport={"width": 390, "height": 900})
    try:
        page = surroundings.new_page()
        page.set_content(sheet(parts))
        found = Axe().run(page, options=AXE).response["violations"]
        page.emulate_media(color_scheme="dark")
        found += Axe().run(page, options=IN_THE_DARK).response["violations"]
        offences = [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]
    finally:
        surroundings.close()
    assert not offences, "\n" + said(offences)
    assert not broken, broken
