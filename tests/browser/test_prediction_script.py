"""A guess and its answer are read whole, wherever they fall: in a handout, with a kernel, and on a slide."""

from __future__ import annotations

import json

import pytest
from course.display import render, styles
from course.display.base import live_script
from course.display.files import asset
from course.display.prediction import Guess, PredictionView

pytestmark = pytest.mark.browser
LONG = "4.9 L/min, ± 1.1 (measured)"
# Answers at both ends of their sliders, in the middle, and one with more words than a strip has room for.
GUESSES = [
    Guess("low", "Low", "L/min", 4.9, 4.9, LONG, 4, 16, 0.1, 15),
    Guess("high", "High", "L/min", 15.5, 15.9, LONG, 4, 16, 0.1, 5),
    Guess("middle", "Middle", "%", 40, 60, "40 to 60 %", 0, 100, 1, 50),
    Guess(
        "wordy", "Wordy", "%", 3, 4, "3 to 4 %, as measured in one study of twelve people in one room", 0, 100, 1, 100
    ),
]
VIEW = PredictionView("strips", "Where?", GUESSES, "So it is.", ())
OFFLINE = """
document.querySelectorAll("script[data-course]").forEach((script) => {
  const root = script.previousElementSibling, data = JSON.parse(script.textContent);
  course.common(root); course.kinds.prediction(root, { data, live: false, remember() {}, recall: () => null });
});
document.documentElement.classList.remove("no-script");
"""
LIVE = """async ([esm, markup, data]) => {
    const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
    const model = { get: (name) => ({ markup, data, answers: {} })[name], on() {}, off() {}, send() {} };
    module.default.render({ model, el: document.querySelector("main") });
}"""
LABELS = """() => [...document.querySelectorAll('.strip text')].map((text) => {
    const [label, strip] = [text, text.closest('svg')].map((node) => node.getBoundingClientRect());
    return [text.textContent, label.left >= strip.left - 0.5 && label.right <= strip.right + 0.5, label.width > 0];
})"""


def page_of(extra: str) -> str:
    data = json.dumps({"kind": "prediction", **VIEW.spec["script"]})
    return (
        '<!doctype html><html lang="en" class="no-script"><meta charset="utf-8"><title>Guesses</title>'
        f"<style>{styles('offline')}{extra}</style>"
        f'<main class="deck-slide prediction">{render(VIEW.spec, "offline", "u")}'
        f'<script type="application/json" data-course="u">{data}</script></main>'
        f"<script>{asset('scripts/base.js')}{asset('scripts/prediction.js')}{OFFLINE}</script></html>"
    )


@pytest.mark.parametrize("where", ["handout", "slide", "live"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_label_of_a_guess_is_cut(browser, where, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    body = (
        "<!doctype html><main></main>" if where == "live" else page_of(asset("styles/slides.css") * (where == "slide"))
    )
    page.route("http://course.test/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("http://course.test/")
    if where == "live":
        page.add_style_tag(content=styles("live"))
        page.evaluate(LIVE, [live_script("prediction"), VIEW.markup, VIEW.data])
    page.locator('[data-action="commit"]').click()
    labels = page.evaluate(LABELS)
    assert [text for text, *_ in labels[::2]] == [guess.answer for guess in GUESSES], "with its number"
    assert [text for text, *_ in labels[1::2]] == ["you: 15 L/min", "you: 5 L/min", "you: 50 %", "you: 100 %"]
    assert [text for text, inside, drawn in labels if not (inside and drawn)] == []
    line = page.locator('[role="status"]').first.inner_text()
    assert f"Low: you said 15 L/min; the answer is {LONG}; you are 10.1 L/min above it." in line
    assert f"High: you said 5 L/min; the range is {LONG}; you are 10.5 L/min below it." in line
    page.close()
