"""A learner changes a call: every chart answers with a picture or with words that help."""

from __future__ import annotations

import inspect
from collections.abc import Hashable
from decimal import Decimal

import nbformat
import numpy as np
import pytest
from course import arguments, charts, claims, explorers, learning, quiz, references, start
from course.display import ChartView, Explorer
from course.files import NOTEBOOKS
from nbclient import NotebookClient

ARGUMENTS = [
    pytest.param(name, argument, id=f"{name}-{argument}")
    for name in charts.__all__
    for argument in inspect.signature(getattr(charts, name)).parameters
]


class Unfriendly:
    """Somebody's own object, which cannot even be shown."""

    def __repr__(self):
        raise RuntimeError("no")


WRONG = ["ketamin", ["ketamin"], 7, [7], -3.5, {"a": 1}, object, "", [], [[]], [None], b"ketamine", True, Unfriendly()]
WRONG += [float("nan"), float("inf"), -float("inf"), 10**400, 1e308, [float("nan")], 2j, Decimal(1), range(3), {"x"}]
WRONG += [np.zeros((3, 3)), np.float64("nan"), "k" * 5000, "a\nb", "\ud800", lambda: None, ("ketamine", 1), Ellipsis]


def named(value) -> str:
    return arguments.quoted(value)[:20]


def in_words(said: str) -> None:
    """One plain sentence or two, on one line, of some length, with nothing of Python's own in it."""
    assert 20 < len(said) < 1200 and "\n" not in said, said
    foreigners = ["object has no attribute", "unhashable", "positional argument", "Traceback", " object at 0x"]
    foreigners += ["empty sequence", "out of range", "empty iterable", "not iterable"]
    for foreign in foreigners:
        assert foreign not in said, said


@pytest.mark.parametrize("wrong", WRONG, ids=named)
@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_a_wrong_argument_is_answered_in_words(name, argument, wrong):
    try:
        shown = getattr(charts, name)(**{argument: wrong})
    except ValueError as problem:
        said = str(problem)
        assert isinstance(problem, arguments.CallError), "else a notebook shows its frames"
        in_words(said)
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


EXPLORERS = [name for name in explorers.__all__ if isinstance(getattr(explorers, name), Explorer)]


@pytest.mark.parametrize("wrong", [*WRONG, None], ids=named)
@pytest.mark.parametrize("name", EXPLORERS)
def test_a_wrong_setting_of_an_explorer_is_answered_in_words(name, wrong):
    explorer = getattr(explorers, name)
    tries = [lambda: explorer(wrong), lambda: explorer(drgs=wrong), lambda: explorer(compare={"drgs": wrong})]
    if wrong is not None:
        tries.append(lambda: explorer(compare=wrong))
    for call in tries:
        if isinstance(wrong, dict) and call is tries[-1]:
            continue
        with pytest.raises(arguments.CallError) as caught:
            call()
        in_words(str(caught.value))
    for control in explorer.controls:
        choices = [value for other in ([None], control.options)[bool(control.by)] for value in control.choices(other)]
        if isinstance(wrong, Hashable) and wrong in choices:
            continue
        for call in (
            lambda control=control: explorer(**{control.name: wrong}),
            lambda control=control: explorer(compare={control.name: wrong}),
        ):
            with pytest.raises(arguments.CallError, match=f"^{control.name}=") as caught:
                call()
            in_words(str(caught.value))


def test_the_second_view_is_named_by_its_settings():
    for given, said in (
        ("morphine", "compare=dict(drug_name='morphine'), not 'morphine'."),
        (185, "compare=dict("),
        (["morphine"], ", not ['morphine']."),
    ):
        with pytest.raises(arguments.CallError) as caught:
            explorers.occupancy(compare=given)
        assert str(caught.value).startswith("compare must name the settings of the second view, such as compare=dict(")
        assert said in str(caught.value)
    assert explorers.occupancy(compare={"drug_name": "morphine"}).kept["drug_name"] == "morphine"


def test_settings_are_given_by_name():
    with pytest.raises(arguments.CallError) as caught:
        explorers.occupancy("morphine")
    assert str(caught.value) == "occupancy takes its settings by name, such as drug_name='morphine'."


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: charts.skeletons(1), "skeletons takes no arguments, not 1."),
        (lambda: charts.affinity_ladder(["ketamine"], 2), "affinity_ladder takes one argument at most, not 2."),
        (lambda: charts.two_histories(1, 2, 3), "two_histories takes 2 arguments at most, not 3."),
        (lambda: charts.two_histories(1800, first=1800), "two_histories was given first twice."),
        (lambda: explorers.predict_occupancy(2), "predict_occupancy takes no arguments, not 1."),
        (lambda: quiz.show(frm="A"), "show has no argument 'frm'. It takes none by name."),
        (lambda: charts.affinity_lader(), "There is no chart 'affinity_lader'. Did you mean 'affinity_ladder'?"),
        (lambda: explorers.ocupancy(), "There is no explorer 'ocupancy'. Did you mean 'occupancy'?"),
        (lambda: quiz.shw("Q0301"), "There is no quiz.shw. Did you mean 'show'?"),
        (lambda: learning.course_mp(), "There is no learning.course_mp. Did you mean 'course_map'?"),
        (lambda: claims.jugde(), "There is no claims.jugde. Did you mean 'judge'?"),
        (lambda: references.shw(), "There is no references.shw. Did you mean 'show'?"),
        (lambda: start.her("x"), "There is no start.her. Did you mean 'here'?"),
        (lambda: quiz.show("Q9999"), "There is no question 'Q9999'. Did you mean 'Q0919'?"),
        (lambda: quiz.check("C"), "There is no form 'C'. Known: A, B."),
        (lambda: learning.sections("03"), "There is no chapter '03'. Did you mean '03-how-much-binds'?"),
        (lambda: learning.certificate(3), "name must be a name, not 3."),
    ],
)
def test_each_typo_has_its_sentence(call, said):
    with pytest.raises(arguments.CallError) as caught:
        call()
    assert str(caught.value) == said


def test_a_list_of_questions_is_as_good_as_the_questions():
    assert quiz.show(["Q0301", "Q0302"]).spec["id"] == quiz.show("Q0301", "Q0302").spec["id"]


CELLS = {
    "from course import chart": "The course has no 'chart' to import. Did you mean 'charts'?",
    "from course import charts, explorers, learning, quiz, references, start": "",
    "charts.affinity_ladder(drugs='ketamin')": "There is no drug 'ketamin' in data/drugs.csv. Did you mean 'ketamine'?",
    "charts.affinity_lader()": "There is no chart 'affinity_lader'. Did you mean 'affinity_ladder'?",
    "charts.affinity_ladder(drgs=1)": "affinity_ladder has no argument 'drgs'. Did you mean 'drugs'?",
    "explorers.occupancy(compare='morphine')": "compare must name the settings of the second view, such as "
    "compare=dict(drug_name='morphine'), not 'morphine'.",
    "explorers.occupancy(drug_name='morfine')": "drug_name='morfine' is not a setting of 'occupancy'. "
    "Did you mean 'morphine'?",
    "quiz.show('Q9999')": "There is no question 'Q9999'. Did you mean 'Q0919'?",
    "learning.sections('03-how-much')": "There is no chapter '03-how-much'. Did you mean '03-how-much-binds'?",
    "references.show('03-how-much')": "There is no chapter '03-how-much'. Did you mean '03-how-much-binds'?",
}


def test_a_notebook_shows_that_sentence_and_no_frames():
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, allow_errors=True, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    for cell, said in zip(notebook.cells, CELLS.values(), strict=True):
        shown = [output.traceback for output in cell.outputs if output.output_type == "error"]
        assert shown == ([[said]] if said else []), cell.source


def test_a_fault_of_the_course_keeps_its_frames():
    """What is no call's fault is not passed off as one."""

    def draw(drug: str = "ketamine"):
        return {}[0] if drug == "gap" else np.zeros(2)[5]

    with pytest.raises(IndexError):
        arguments.forgiving(draw)()
    with pytest.raises(UnicodeDecodeError):
        arguments.told(lambda: b"\xff".decode())()
