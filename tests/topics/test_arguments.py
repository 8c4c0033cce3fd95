"""A learner changes a call: every chart answers with a picture or with words that help."""

from __future__ import annotations

import inspect

import pytest
from course import charts, explorers
from course.display import ChartView, Explorer

ARGUMENTS = [
    pytest.param(name, argument, id=f"{name}-{argument}")
    for name in charts.__all__
    for argument in inspect.signature(getattr(charts, name)).parameters
]


@pytest.mark.parametrize("wrong", ["ketamin", ["ketamin"], 7, [7], -3.5, {"a": 1}, object], ids=repr)
@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_a_wrong_argument_is_answered_in_words(name, argument, wrong):
    try:
        shown = getattr(charts, name)(**{argument: wrong})
    except ValueError as problem:
        said = str(problem)
        assert len(said) > 20 and "\n" not in said
        assert "no drug 'k'" not in said, "a lone name is a list of one"
    else:
        assert isinstance(shown, ChartView)


@pytest.mark.parametrize("name", charts.__all__)
def test_a_mistyped_argument_gets_the_nearest(name):
    with pytest.raises(ValueError, match=f"{name} has no argument 'drgs'"):
        getattr(charts, name)(drgs=["ketamine"])


def test_a_lone_name_is_a_list_of_one():
    assert charts.affinity_ladder(drugs="ketamine").spec == charts.affinity_ladder(drugs=["ketamine"]).spec
    with pytest.raises(ValueError, match="'ketamine'"):
        charts.affinity_ladder("ketamin")


@pytest.mark.parametrize("wrong", ["ketamin", ["ketamine"], 7.5, None, {}], ids=repr)
@pytest.mark.parametrize("name", [name for name in explorers.__all__ if isinstance(getattr(explorers, name), Explorer)])
def test_a_wrong_setting_of_an_explorer_is_answered_in_words(name, wrong):
    explorer = getattr(explorers, name)
    for control in explorer.controls:
        with pytest.raises(ValueError, match=f"{control.name}="):
            explorer(**{control.name: wrong})
    with pytest.raises(ValueError, match="has no control 'drgs'"):
        explorer(drgs=wrong)
