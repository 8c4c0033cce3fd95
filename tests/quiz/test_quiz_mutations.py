"""Thousands of broken banks: each is read or refused with line and mend, and no markup in it ever becomes markup."""

from __future__ import annotations

import copy
import json
import random
import re
from pathlib import Path

import pytest
import yaml
from course.display import render
from course.evidence import DataError
from course.quiz import bank, lint
from course.quiz.views import QuizView
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TEXT = (Path(__file__).parents[1] / "every_kind" / "05-scheduling.yaml").read_text(encoding="utf-8")
HEAD, *ITEMS = re.split(r"\n(?=  - id: Q)", TEXT)
BATCHES, EACH = 10, 520
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"
# What somebody, or an editor, or a broken download may put into a file.
PIECES = ["{{", "}}", "{% raw %}", "*", "&a ", "*a", ": ", "- ", "\n", "\n\n", '"', "'", "\t", "[", "]", "{", "}"]
PIECES += [
    "!!int ",
    "!!python/name:os.system ",
    "|",
    ">",
    "%",
    "\x00",
    "\u2028",
    "\u202e",
    "9e999",
    "null",
    "~",
    "---\n",
    "#",
]
VALUES = [None, True, False, 0, -1, 10**400, 1.5, float("nan"), "", " ", "\u202eevil", "\x07", EVIL, "x" * 1_000_000]
VALUES += [
    [],
    {},
    [[]],
    {"": {}},
    [None],
    {"a": EVIL},
    ["x"] * 400,
    "{{ AF10.value_nM }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ AF10.__class__ }}",
    "{{ 1 | round(9999999) }}",
    "{{ 'x'.ljust(9999999999) }}",
    "{{ '{:>900000000}'.format(1) }}",
    "{{ AF10.value_nM | number(99999999) }}",
    "{{ 1e999 > AF10.value_nM }}",
]


def parts(value, path=()):
    """The path of every part of a value."""
    yield path
    if isinstance(value, dict):
        for name, part in value.items():
            yield from parts(part, (*path, name))
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from parts(part, (*path, at))


def broken(dice: random.Random) -> str:
    """A small bank with one to three things wrong: in its text, or in its parts."""
    text = "\n".join([HEAD, *dice.sample(ITEMS, 2)])
    if dice.random() < 0.5:
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(text))
            text = text[:at] + dice.choice(PIECES) + text[at + dice.randint(0, 6) :]
        return text
    content = yaml.load(text, yaml.CSafeLoader)
    for path in dice.sample([path for path in parts(content) if path], dice.randint(1, 3)):
        try:
            owner = content
            for step in path[:-1]:
                owner = owner[step]
            change = dice.choice(["put", "put", "put", "drop", "twice", "rename"])
            if change == "put":
                owner[path[-1]] = copy.deepcopy(dice.choice(VALUES))
            elif change == "drop":
                del owner[path[-1]]
            elif change == "twice" and isinstance(owner, list):
                owner.append(copy.deepcopy(owner[path[-1]]))
            elif change == "rename" and isinstance(owner, dict):
                owner[dice.choice(["x", EVIL, "1", ""])] = owner.pop(path[-1])
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took this part away
    return json.dumps(content, ensure_ascii=False, indent=1)  # which is YAML too, and quick to write


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("banks") / "05-scheduling.yaml"


@pytest.mark.parametrize("batch", range(BATCHES))
@settings(max_examples=EACH, database=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_a_broken_bank_is_read_or_refused_in_words(file, batch, seed):
    file.write_text(broken(random.Random(seed * BATCHES + batch)), encoding="utf-8")
    try:
        found = bank.load(file)
        assert all(problem.startswith("data/quizzes/") for problem in lint.problems(found))
        items = found.items
    except DataError as refused:
        said = str(refused)
        assert said.startswith("data/quizzes/05-scheduling.yaml") and refused.mend and len(said) < 2000
        return
    view = QuizView(items)
    pages = [render(view.spec, form, "u") for form in ("live", "offline", "stored")]
    for item in view.data["items"]:
        del item["key"]  # which the page shows as text, never as markup
    for page in [*pages, str(view.data)]:
        assert "<script>alert" not in page and not re.search(r"<img[^>]*onerror", page)
        assert "\u202e" not in page and "\x07" not in page
