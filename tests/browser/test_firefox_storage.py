"""A handout in a Firefox that keeps nothing, by its own settings: answers stay on the page, and it says so."""

from __future__ import annotations

import firefox
import pytest
from test_handout import AT_THE_FOOT, AT_THE_QUESTION, handouts  # noqa: F401

pytestmark = [
    pytest.mark.browser,
    pytest.mark.proof,
    pytest.mark.skipif(not firefox.find(), reason="this machine has no Firefox"),
]

SETTINGS = {
    "storage switched off": {"dom.storage.enabled": False},
    "all cookies and site data blocked": {"network.cookie.cookieBehavior": 2},
    "storage full": {"dom.storage.default_quota": 0, "dom.storage.default_site_quota": 0},
}
ANSWER = """
const items = [...document.querySelectorAll("[data-quiz-item]:has(input[type=radio])")].slice(0, 2);
for (const item of items) {
  item.querySelector("input[type=radio]").click();
  item.querySelector("[data-action=check]").click();
}
return items.length;
"""
SEEN = """
return {
  foot: document.querySelector('[data-role="storage"]').textContent,
  told: [...document.querySelectorAll("[data-quiz-item] > .unkept")].map((found) => found.textContent),
  judged: [...document.querySelectorAll("[data-quiz-item] .feedback[role=status]")]
    .filter((one) => one.textContent).length,
  saved: document.querySelector('[data-role="answers-status"]').textContent,
};
"""


@pytest.mark.parametrize("how", SETTINGS)
def test_answers_stay_on_the_page_and_it_says_so(handouts, tmp_path, how):  # noqa: F811
    with firefox.Firefox(firefox.find(), tmp_path, SETTINGS[how]) as fox:
        fox.open((handouts / "student" / "03-how-much-binds.html").as_uri())
        asked = fox.run(ANSWER)
        seen = fox.run(SEEN)
        assert asked == 2 and seen["judged"] == 2, "every answer is judged"
        assert seen["foot"].startswith(AT_THE_FOOT)
        assert len(seen["told"]) == 2 and all(words.startswith(AT_THE_QUESTION) for words in seen["told"])
        fox.run("document.querySelector('[data-action=save]').click();")
        assert fox.run(SEEN)["saved"].startswith("Saved 2 answers"), "and can be saved to a file"


def test_an_ordinary_firefox_keeps_them(handouts, tmp_path):  # noqa: F811
    with firefox.Firefox(firefox.find(), tmp_path) as fox:
        fox.open((handouts / "student" / "03-how-much-binds.html").as_uri())
        fox.run(ANSWER)
        fox.send("WebDriver:Refresh", {})
        seen = fox.run(SEEN)
        assert (seen["foot"], seen["told"], seen["judged"]) == ("", [], 2)
