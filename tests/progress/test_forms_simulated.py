"""Forms A and B answered by simulated people of stated ability, with and without cue use: what a score then means.

A person of ability θ knows the answer to an item of difficulty b with probability 1 / (1 + exp(-1.2 (θ - b))), and
guesses where she does not (a three-parameter logistic model). Difficulties follow by one rule from what an item asks:
its level, its Bloom step, whether it is one of the hard ones. They are argued, not measured in people.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from course.learning import gains
from course.learning.gains import gain_of, known_of, luck
from course.quiz import bank
from course.quiz.kinds import kind_of

STEPS = {"remember": -1.0, "understand": -0.7, "apply": -0.3, "analyse": 0.0, "evaluate": 0.2}
SLOPE, DEEPER, HARD = 1.2, 0.6, 0.7
FORMS = {letter: bank.form(letter).items for letter in "AB"}
WITHIN = 0.03  # of all points: what the forms may differ by


def difficulties(letter: str) -> np.ndarray:
    """One b for each item of a form."""
    return np.array(
        [
            STEPS[item.bloom] + DEEPER * (item.level == "deeper") + HARD * bool(item.raw.get("hard"))
            for item in FORMS[letter]
        ]
    )


def knows(letter: str, ability: np.ndarray) -> np.ndarray:
    """Probability of knowing: shape (people, items)."""
    return 1 / (1 + np.exp(-SLOPE * (np.asarray(ability)[:, None] - difficulties(letter))))


def chances(letter: str) -> np.ndarray:
    return np.array([kind_of(item).luck(item) for item in FORMS[letter]])


def right(letter: str, ability: np.ndarray, guess: np.ndarray | None = None) -> np.ndarray:
    """Probability of a point. guess: what somebody gets who does not know; luck alone, if not given."""
    known = knows(letter, ability)
    return known + (1 - known) * (chances(letter) if guess is None else guess)


def points(letter: str, ability: np.ndarray, seed: int) -> np.ndarray:
    dice = np.random.default_rng(seed)
    return (dice.random((len(ability), len(FORMS[letter]))) < right(letter, ability)).astype(float)


def test_both_forms_are_as_hard_for_everybody():
    abilities = np.linspace(-2.5, 2.5, 21)
    first, second = (right(letter, abilities).mean(axis=1) for letter in "AB")
    assert np.abs(first - second).max() <= WITHIN


def test_both_forms_leave_room_at_the_top():
    """Somebody who knows nine in ten of the usual questions does not know nine in ten of the hard ones."""
    able = np.array([2.0])
    for letter, items in FORMS.items():
        known, hard = knows(letter, able)[0], np.array([bool(item.raw.get("hard")) for item in items])
        assert hard.sum() == 5 and known[~hard].mean() > 0.88 and known[hard].mean() < 0.8


@pytest.mark.parametrize("letter", "AB")
def test_each_form_is_reliable_enough_to_tell_people_apart(letter):
    """Kuder-Richardson 20 over 4,000 people of normal ability."""
    found = points(letter, np.random.default_rng(3).normal(0, 1, 4000), seed=4)
    share = found.mean(axis=0)
    count = found.shape[1]
    reliability = count / (count - 1) * (1 - (share * (1 - share)).sum() / found.sum(axis=1).var())
    assert 0.75 <= reliability <= 0.95, reliability


def test_what_was_known_is_recovered_without_luck():
    abilities = np.random.default_rng(5).normal(0, 1, 3000)
    for letter, items in FORMS.items():
        by_luck = luck(item.id for item in items)
        found = np.mean([known_of(total, by_luck, 25) for total in points(letter, abilities, 6).sum(axis=1)])
        assert found == pytest.approx(knows(letter, abilities).sum(axis=1).mean(), abs=0.5)


def test_a_gain_is_recovered_whichever_form_came_first():
    """People who learned; half of them had A first. Their mean gain is the true one, and the same in both halves."""
    dice = np.random.default_rng(7)
    before = dice.normal(-0.8, 0.7, 3000)
    after = before + dice.normal(1.2, 0.3, 3000)
    seen = {}
    for first, second in ("AB", "BA"):
        missing = 1 - right(first, before)
        true = 1 - (1 - right(second, after)).mean() / missing.mean()
        given = zip(points(first, before, 8), points(second, after, 9), strict=True)
        pairs = [pair for one, two in given for pair in zip(one, two, strict=True)]
        seen[first] = gain_of(pairs).normalised.value
        assert seen[first] == pytest.approx(true, abs=0.02)
    assert abs(seen["A"] - seen["B"]) <= WITHIN


def test_no_gain_is_found_where_nothing_was_learned():
    ability = np.random.default_rng(10).normal(-0.3, 0.8, 3000)
    given = zip(points("A", ability, 11), points("B", ability, 12), strict=True)
    assert abs(gain_of([pair for one, two in given for pair in zip(one, two, strict=True)]).normalised.value) <= WITHIN


@pytest.mark.proof
def test_who_answers_by_style_gains_nothing_by_it():
    """People who know little and pick by what the chapters' style taught score as those who guess."""
    path = Path(__file__).parents[1] / "proof" / "cues.py"
    spec = importlib.util.spec_from_file_location("cues", path)
    cues = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(cues)
    found = cues.banks("single")
    taught = [item for number, items in found.items() if number not in cues.FORMS for item in items]
    weights = cues.fit([cues.features(item) for item in taught], [cues.keys_of(item) for item in taught], 3.0)
    unable = np.array([-1.5])
    totals = {}
    for letter, number in (("A", "00"), ("B", "10")):
        hits = {item["id"]: cues.hit(item, cues.features(item) @ weights) for item in found[number]}
        guess = np.array(
            [hits.get(item.id, chance) for item, chance in zip(FORMS[letter], chances(letter), strict=True)]
        )
        totals[letter] = right(letter, unable, guess).mean()
        assert totals[letter] - right(letter, unable).mean() <= 0.05
    assert abs(totals["A"] - totals["B"]) <= 2 * WITHIN


def test_near_the_top_nothing_is_claimed():
    """18 of 20 before and 20 after gave an interval from −0.92 to 1.0: that is no finding."""
    found = gain_of([(1, 1)] * 18 + [(0, 1)] * 2)
    assert found.near_the_top and gains._normalised(found) == "too near the top to tell"
    assert "too near the top to tell how much you gained" in gains._explained(found)
    assert not gain_of([(1, 1)] * 15 + [(0, 1)] * 5).near_the_top
