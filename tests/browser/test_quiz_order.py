"""Each learner and each try has an order of options of its own, and a sentence to mend is judged by nobody else."""

from __future__ import annotations

import pytest
from course.quiz import bank, show
from course.quiz.views import QuizView
from test_quiz_script import box, open_page, page, said, violations

pytestmark = pytest.mark.browser
__all__ = ["page"]
SINGLE, SEVERAL, TRUTH, FIXED = "Q0103", "Q0102", "Q0116", "Q0502"


def seeded(*ids: str, seed: str = "one", mode: str = "practice") -> QuizView:
    view = QuizView([bank.item(item_id) for item_id in ids], mode)
    view.spec["script"]["seed"] = seed
    return view


def shown(page, item_id: str) -> list[int]:
    """The options' places in the bank, in the order on the page."""
    kind = "checkbox" if item_id == SEVERAL else "radio"
    inside = box(page, item_id).locator('[data-slot="1"]') if item_id == TRUTH else box(page, item_id)
    return [int(one.get_attribute("value")) for one in inside.locator(f'label.option input[type="{kind}"]').all()]


def letters(page, item_id: str) -> list[str]:
    return [text.strip() for text in box(page, item_id).locator(".letter").all_inner_texts()]


def kept(page, item_id: str) -> dict:
    return page.evaluate("(id) => JSON.parse(localStorage.getItem('course:' + id))", item_id)


def test_the_same_learner_sees_the_same_order_and_others_see_others(page):
    seen = []
    for seed in ("one", "one", "two", "three", "four"):
        open_page(page, seeded(SINGLE, TRUTH, seed=seed))
        seen.append((tuple(shown(page, SINGLE)), tuple(shown(page, TRUTH))))
        assert letters(page, SINGLE) == ["A", "B", "C", "D"] and letters(page, TRUTH) == ["A", "B", "C"]
    assert seen[0] == seen[1] and len(set(seen)) >= 3
    open_page(page, show(SINGLE))
    assert shown(page, SINGLE) == [0, 1, 2, 3], "without a record, as in the bank"


def test_scales_and_polls_keep_their_order(page):
    open_page(page, seeded(FIXED, seed="two"))
    assert shown(page, FIXED) == [0, 1, 2, 3]
    open_page(page, seeded(SINGLE, seed="two", mode="poll"))
    assert shown(page, SINGLE) == [0, 1, 2, 3]


def test_an_answer_tells_the_option_and_the_order_it_was_seen_in(page):
    open_page(page, seeded(SINGLE, seed="two"))
    order = shown(page, SINGLE)
    assert order != [0, 1, 2, 3]
    box(page, SINGLE).get_by_role("radio").nth(1).check()
    box(page, SINGLE).get_by_role("button", name="Check").click()
    assert kept(page, SINGLE)["answer"] == order[1] and kept(page, SINGLE)["order"] == order
    page.reload()
    assert shown(page, SINGLE) == order and box(page, SINGLE).get_by_role("radio").nth(1).is_checked()


def test_each_try_has_an_order_of_its_own_and_the_key_has_the_letters_shown(page):
    open_page(page, seeded(SINGLE, seed="three"))
    item, orders = bank.item(SINGLE), []
    right = next(at for at, option in enumerate(item.options) if option.right)
    for _ in range(3):
        orders.append(tuple(shown(page, SINGLE)))
        wrong = next(place for place, at in enumerate(orders[-1]) if at != right)
        box(page, SINGLE).get_by_role("radio").nth(wrong).check()
        box(page, SINGLE).get_by_role("button", name="Check").click()
        box(page, SINGLE).get_by_role("button", name="Try again").click()
    assert len(set(orders)) > 1
    box(page, SINGLE).get_by_role("radio").nth(0).check()
    box(page, SINGLE).get_by_role("button", name="Check").click()
    if "Right." not in said(page, SINGLE):
        assert "That was more than one try. “Show the answer” says what is right, and why." in said(page, SINGLE)
        box(page, SINGLE).get_by_role("button", name="Show the answer").click()
        letter = "ABCD"[shown(page, SINGLE).index(right)]
        assert f"{letter}. {item.options[right].text}" in said(page, SINGLE)


def test_paper_has_the_order_of_the_key(page):
    open_page(page, seeded(SINGLE, SEVERAL, seed="two"))
    order = shown(page, SINGLE)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown(page, SINGLE) == shown(page, SEVERAL) == [0, 1, 2, 3] and letters(page, SINGLE) == ["A", "B", "C", "D"]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert shown(page, SINGLE) == order


def test_a_sentence_is_mended_compared_and_ticked_by_keyboard_alone(page):
    open_page(page, seeded("Q0122"))
    item = bank.item("Q0122")
    mine = box(page, "Q0122")
    assert not mine.get_by_text("One model answer", exact=True).is_visible()
    mine.get_by_role("button", name="Compare").press("Enter")
    assert "Write your sentence first." in said(page, "Q0122")
    mine.get_by_role("textbox", name="Your version").focus()
    page.keyboard.type("An opioid is a family, a painkiller a use, a narcotic a word of law.")
    mine.get_by_role("button", name="Compare").press("Enter")
    assert mine.get_by_text(item.model[:40]).is_visible()
    assert "tick what your version does" in said(page, "Q0122") and kept(page, "Q0122")["answer"]["ticked"] == []
    mine.get_by_role("checkbox").nth(0).press("Space")
    mine.get_by_role("checkbox").nth(2).press("Space")
    assert violations(page) == []
    mine.get_by_role("button", name="Keep my assessment").press("Enter")
    assert "By your own assessment: 2 of 3. No machine has judged your sentence." in said(page, "Q0122")
    assert item.checks[1].feedback in said(page, "Q0122") and "Right" not in said(page, "Q0122")
    assert kept(page, "Q0122")["answer"] == {
        "text": "An opioid is a family, a painkiller a use, a narcotic a word of law.",
        "ticked": [0, 2],
    }
    page.reload()
    assert mine.get_by_role("checkbox").nth(2).is_checked() and mine.get_by_text(item.model[:40]).is_visible()
    mine.get_by_role("button", name="Try again").press("Enter")
    assert mine.get_by_role("textbox").input_value() == "" and not mine.get_by_text(item.model[:40]).is_visible()


def test_on_paper_a_sentence_has_lines_and_no_model(page):
    open_page(page, seeded("Q0122"))
    page.emulate_media(media="print")
    mine = box(page, "Q0122")
    assert mine.locator(".lines .blank").count() == 3 and mine.locator(".lines .blank").first.is_visible()
    assert not mine.locator("textarea").is_visible() and not mine.locator(".model").is_visible()


def test_shuffled_options_have_no_violations(page):
    open_page(page, seeded(SINGLE, SEVERAL, TRUTH, seed="two"))
    assert violations(page) == []
