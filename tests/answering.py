"""Answers a question of any kind on a page, as a person does: by its native controls."""

from __future__ import annotations

from course.quiz.items import Item


def fill(question, item: Item, *, right: bool) -> None:
    """Sets the controls of a question to a right or a wrong answer. question: a Playwright locator of its box."""
    if item.kind == "number":
        value = item.answer.value if right else item.answer.value * 1.5
        question.get_by_label("Your answer").fill(f"{value:.5g} {item.answer.unit}")
    elif item.kind == "single":
        place = next(at for at, option in enumerate(item.options) if option.right == right)
        question.locator(f'fieldset input[value="{place}"]').check()
    elif item.kind == "several":
        for at, option in enumerate(item.options):
            question.locator(f'fieldset input[value="{at}"]').set_checked(option.right == right)
    elif item.kind == "mend":
        question.get_by_label("Your version").fill("A sentence of my own.")
        if question.locator('[data-role="model"]').is_hidden():
            question.locator('[data-action="check"]').click()
        for at in range(len(item.checks)):
            question.locator(f'[data-role="model"] input[value="{at}"]').set_checked(right or at == 0)
    elif item.kind == "ordering":
        order(question, list(range(len(item.options))) if right else list(reversed(range(len(item.options)))))
    else:
        for at, slot in enumerate(item.slots):
            place = slot.right if right else (slot.right + 1) % len(slot.options)
            group = question.locator(f'[data-slot="{at}"]')
            if group.locator("select").count():
                group.locator("select").select_option(str(place))
            else:
                group.locator(f'input[value="{place}"]').check()


def order(question, wanted: list[int]) -> None:
    """Brings the steps into an order with the arrow buttons."""
    for place, step in enumerate(wanted):
        row = question.locator(f'[data-step="{step}"]')
        while int(row.evaluate("node => [...node.parentNode.children].indexOf(node)")) > place:
            row.locator('[data-move="up"]').click()
    if not question.locator('[data-move="up"][aria-disabled="false"]').count():
        raise AssertionError("nothing can be moved")


def good(item: Item) -> str:
    """How what is said to a right answer begins; of a sentence that was mended, that nobody has judged it."""
    return "By your own assessment" if item.kind == "mend" else "Right."


def check(question, item: Item, *, right: bool) -> str:
    """Answers, checks, and returns what is said."""
    fill(question, item, right=right)
    question.locator('[data-action="check"]').click()
    return question.locator('.feedback[role="status"]').inner_text().replace("\u00a0", " ")


def something(question) -> str:
    """Answers a question of unknown content with the first of everything, checks, and returns what is said."""
    kind = question.get_attribute("data-kind")
    if kind == "number":
        question.get_by_label("Your answer").fill("1")
    elif kind == "ordering":
        question.locator('[data-move="down"]').first.click()
    elif kind == "mend":
        question.get_by_label("Your version").fill("A sentence of my own.")
    else:
        for group in question.locator("[data-slot]").all() or [question]:
            if group.locator("select:not([data-role])").count():
                group.locator("select:not([data-role])").first.select_option("0")
            else:
                group.locator("fieldset input, input").first.check()
    question.locator('[data-action="check"]').first.click()
    return question.locator('[role="status"]').first.inner_text()
