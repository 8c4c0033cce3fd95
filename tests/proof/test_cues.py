"""A guesser that knows nothing of the subject, only the style of the other banks, must not find the key.

`python tests/proof/cues.py` prints the shares, and those of single rules.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("cues", Path(__file__).with_name("cues.py"))
cues = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(cues)

pytestmark = pytest.mark.proof

MARGIN_CHAPTERS, MARGIN_FORMS = 0.07, 0.10
# Truth and several have few items in all (16 and 37): two standard errors of luck are wider than the margin.
FEW = 0.25


@pytest.mark.parametrize("way", ["style", "words"])
@pytest.mark.parametrize(("kind", "more"), [("single", 0), ("truth", FEW), ("several", FEW)])
def test_a_guesser_finds_the_keys_of_chapters_no_better_than_luck(kind, more, way):
    results = cues.guessed(kind, way)
    share, luck = cues.over(results, [number for number in results if number not in cues.FORMS])
    assert share <= luck + MARGIN_CHAPTERS + more, f"{way} of {kind} options tells the key: {share:.0%} for {luck:.0%}."


@pytest.mark.parametrize("way", ["style", "words"])
@pytest.mark.parametrize("form", cues.FORMS)
def test_a_guesser_finds_the_keys_of_each_form_no_better_than_luck(form, way):
    share, luck, _ = cues.guessed("single", way)[form]
    assert share <= luck + MARGIN_FORMS, f"The {way} of the options of form {form} tells the key: {share:.0%}."


def test_no_single_rule_of_style_finds_the_keys():
    """Two standard errors of luck, for 60 rules: what lies outside three tells."""
    for rule, (right, count, expected) in cues.rules().items():
        if count >= 12:
            luck = expected / count
            assert abs(right - expected) <= 3 * (count * luck * (1 - luck)) ** 0.5, (rule, right, count, expected)
