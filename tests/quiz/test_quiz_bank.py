"""The bank loads and is fit, each rule of the linter can go red, a broken file is refused with its mend."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path

import jsonschema
import pytest
import yaml
from course import quiz
from course.evidence import DataError
from course.quiz import bank, lint
from course.quiz.expressions import BadExpression, fill, work_out
from course.quiz.views import QuizView, item_spec, plain, rich

FILE = bank.FOLDER / "03-how-much-binds.yaml"
RAW = yaml.safe_load(FILE.read_text(encoding="utf-8"))


def written(tmp_path: Path, content) -> Path:
    path = tmp_path / FILE.name
    path.write_text(
        content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True, sort_keys=False),
        encoding="utf-8",
    )
    return path


def changed_rows(**changes):
    rows = dict(bank.data_rows())
    for row_id, values in changes.items():
        rows[row_id] = dataclasses.replace(rows[row_id], **values)
    return rows


def entry(content, item_id):
    return next(item for item in content["items"] if item["id"] == item_id)


# The bank as it is


def test_the_bank_is_fit():
    for found in bank.banks():
        assert lint.problems(found) == []


def test_the_recorded_hashes_are_those_of_the_files(monkeypatch):
    assert bank._hashes() == {path.name: bank._hash(path.read_bytes()) for path in (*bank._files(), bank.SCHEMA)}, (
        "run bank.record() (part of make refresh)"
    )
    monkeypatch.setattr(bank, "check_structure", lambda *_: pytest.fail("a recorded file needs no second check"))
    bank.load(FILE)


def test_the_schema_is_a_schema_and_the_bank_fits_it():
    import json

    schema = json.loads(bank.SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(RAW)


def test_every_objective_has_items_of_its_own_level_and_all_kinds_are_used():
    found = bank.load(FILE)
    kinds = [item.kind for item in found.items]
    assert len(kinds) >= 14 and kinds.count("number") >= 3 and kinds.count("several") >= 3
    for objective in found.objectives:
        assert sum(item.objective == objective.id for item in found.items) >= 3


def test_right_options_of_several_choices_share_no_place():
    places = [
        tuple(at for at, option in enumerate(item.options) if option.right)
        for item in bank.load(FILE).items
        if item.kind == "several"
    ]
    assert len(set(places)) > 1


def test_show_names_the_nearest_id():
    assert repr(quiz.show("Q0301", "Q0302", "Q0301")) == "<quiz Q0301 Q0302>"
    with pytest.raises(KeyError, match="Did you mean 'Q03"):
        quiz.show("Q0399")
    with pytest.raises(KeyError, match="no question 'occupancy'"):
        quiz.show("occupancy")
    with pytest.raises(ValueError, match="Which question"):
        quiz.show()


def test_the_spec_has_a_plain_key_and_reason():
    spec = item_spec(bank.item("Q0312"))
    assert spec["key"] == "0.412 µM (within 3 %)" and "412\u00a0nM" in spec["why"]
    assert item_spec(bank.item("Q0304"))["key"].startswith("A. A larger share of NMDA")
    assert "*" not in item_spec(bank.item("Q0310"))["stem"]


def test_texts_are_escaped_and_only_bold_and_italic_become_markup():
    assert (
        rich('<img src=x onerror="a()"> **b** & *i*')
        == "&lt;img src=x onerror=&#34;a()&#34;&gt; <strong>b</strong> &amp; <em>i</em>"
    )
    assert plain("**b** and *i*") == "b and i"


def test_markup_in_an_item_is_shown_as_text_in_all_forms(tmp_path):
    from course.display import render

    content = copy.deepcopy(RAW)
    evil = "<script>alert(1)</script><b onclick=x>"
    item = entry(content, "Q0301")
    item["stem"] = item["why"] = evil
    for option in item["options"]:
        option["text"] = option["feedback"] = option["text"] + evil
    view = QuizView([bank.load(written(tmp_path, content)).item("Q0301")])
    for form in ("live", "offline", "stored"):
        html = render(view.spec, form, "u")
        assert "<script" not in html and "<b onclick" not in html and "&lt;script&gt;" in html
    item_data = view.data["items"][0]
    del item_data["key"]  # shown as text, never as markup
    assert "<script" not in str(item_data)


# A changed row changes the item and its key together, or the linter says so


def test_a_changed_row_changes_question_and_key():
    before = bank.load(FILE).item("Q0315")
    after = bank.load(FILE, changed_rows(AF10={"value_nM": 20_000.0})).item("Q0315")
    assert "41.7\u00a0µM" in before.stem and "20\u00a0µM" in after.stem
    assert before.answer.value == pytest.approx(4.6319, rel=1e-4) and after.answer.value == pytest.approx(
        2.2222, rel=1e-4
    )
    assert "2.22\u00a0µM" in after.why


def test_a_row_that_contradicts_a_key_turns_the_linter_red():
    found = lint.problems(bank.load(FILE, changed_rows(AF10={"value_nM": 500.0, "low_nM": None, "high_nM": None})))
    assert any("Q0304" in problem and "no longer holds" in problem for problem in found)
    assert any("Q0307" in problem and "no longer holds" in problem for problem in found)


def test_affected_lists_items_through_texts_and_molar_masses():
    assert {"Q0304", "Q0307", "Q0315", "Q0316"} <= set(lint.affected("AF10"))
    assert "Q0313" in lint.affected("DR01"), "the molar mass behind free_nM"
    with pytest.raises(KeyError, match="no data row AF99. Did you mean 'AF"):
        lint.affected("AF99")


def test_the_command_lists_the_questions_of_a_row_and_what_is_unfit(capsys, monkeypatch):
    from course.quiz.__main__ import main

    assert main(["AF10"]) == 0 and "Q0304" in capsys.readouterr().out
    assert main(["ZZ99"]) == 1 and "no data row ZZ99" in capsys.readouterr().out
    monkeypatch.setattr(lint, "problems", lambda _: ["data/quizzes/x.yaml, line 1: Q0101: is unfit. Mend it."])
    assert main([]) == 1 and "line 1: Q0101" in capsys.readouterr().out


# Every rule of the linter goes red


def _set(item_id, part, value):
    return lambda content: entry(content, item_id).__setitem__(part, value)


def _option(item_id, at, **values):
    return lambda content: entry(content, item_id)["options"][at].update(values)


def _long_keys(content):
    for item in content["items"]:
        for option in item.get("options", ()):
            option["text"] += " " + "and so on, " * 9 * option["right"]


def _hedged_keys(content):
    for item in content["items"]:
        for at, option in enumerate(item.get("options", ())):
            option["text"] = f"It may be reading {at}" if option["right"] else f"It is reading {at}"


def _keys_first(content):
    for item in content["items"]:
        item.get("options", []).sort(key=lambda option: not option["right"])


def _several_keys_first(content):
    for item in content["items"]:
        if item["kind"] == "several":
            item["options"].sort(key=lambda option: not option["right"])


def _several_long_keys(content):
    for item in content["items"]:
        if item["kind"] == "several":
            next(option for option in item["options"] if option["right"])["text"] += ", and so on and on and on"


def _drop_objective(content):
    kept = [item for item in content["items"] if item["objective"] == "O3.1"][:2]
    content["items"] = [item for item in content["items"] if item["objective"] != "O3.1" or item in kept]


RED = [
    (_long_keys, "is the longest in"),
    (_keys_first, "is A in "),
    (_hedged_keys, "the one hedged option is the key in"),
    (_drop_objective, "O3.1 has 2 questions"),
    (_option("Q0301", 3, text="All of the above"), "“All of the above”"),
    (_option("Q0301", 3, text="None of these answers"), "“None of these answers”"),
    (_option("Q0301", 3, text="Both A and C"), "“Both A and C”"),
    *(
        (_option("Q0301", 3, text=text), "Write what is meant")
        for text in (
            "All the above",
            "All of these",
            "None of them",
            "none of the\u00a0above",
            "All of  the above",
            "**None** of *the above*",
            "All are correct",
            "None is correct",
            "A and B",
            "A and C are right",
            "Neither A nor B",
            "No option is right",
        )
    ),
    (_option("Q0301", 3, text="all of the receptor sites are filled!"), "repeats option 1"),
    (_option("Q0301", 3, text="\uff21ll of the receptor sites are \ufb01lled"), "repeats option 1"),
    (_option("Q0301", 3, feedback="TODO TODO TODO TODO"), "has no real feedback"),
    *(
        (_set("Q0301", "stem", text), "hides a negative")
        for text in (
            "Which of these is no opioid?",
            "Some of these hold. Which is wrong?",
            "Which sentence is untrue?",
            "Which is the exception?",
            "All but one are true. Find it.",
            "Which of these is “not” an opioid?",
        )
    ),
    (_several_keys_first, "the first option is right in"),
    (_several_long_keys, "the longest option is right in"),
    (_option("Q0301", 3, feedback="No."), "has no real feedback"),
    (_set("Q0301", "why", "It is so."), "has no real explanation"),
    (_set("Q0301", "stem", "Which of these does not happen at the Ki?"), "hides a negative"),
    (_set("Q0301", "stem", "All of these hold except one. Which?"), "hides a negative"),
    (_set("Q0302", "stem", entry(RAW, "Q0301")["stem"]), "is asked 2 times"),
    (_set("Q0301", "facts", ["AF10", "FA99"]), "no data row FA99"),
    (_set("Q0315", "facts", ["FA10"]), "uses AF10 without listing it"),
    (_set("Q0301", "facts", ["AF10", "AF18"]), "rests on AF18, which is recalled"),
    (_set("Q0301", "facts", ["AF10", "AF03"]), "rests on AF03, which is derived"),
    (_set("Q0301", "facts", ["AF10", "AF90"]), "rests on AF90, which is assumption"),
    (_set("Q0301", "facts", ["AF10", "AF02"]), "with low confidence"),
    (_set("Q0301", "holds", ["AF10.value_nM < 1"]), "no longer holds"),
    (_set("Q0301", "holds", ["AF10.value_nM"]), "no longer holds"),
    (_set("Q0301", "holds", ["AF10.nonsense > 1"]), "cannot be worked out"),
    (_set("Q0301", "why", "The Ki is 41.7 µM in the one study that measured it."), "writes out “41.7 µM”"),
    (_set("Q0301", "why", "About 98 % of the sites are filled, they say there."), "writes out “98 %”"),
    (_set("Q0301", "why", "It was published in {{ FA75.value | number(4) }}, they say."), "prints the year of FA75"),
    (_set("Q0301", "why", "The production of it came to an end in 2,024, they say."), "a year with a comma"),
    (_set("Q0301", "why", "It lies {{ AF10.value }} too high for this one."), "cannot be filled in"),
    (_set("Q0301", "why", "{% for a in b %} is not what a text may hold."), "only {{ … }} is allowed"),
    (_set("Q0301", "section", "What-ketamin-fills"), "Did you mean 'What-ketamine-fills'?"),
    (_set("Q0301", "objective", "O3.9"), "there is no objective O3.9"),
    (_set("Q0301", "level", "deeper"), "is deeper, its objective core"),
    (_set("Q0312", "level", "core"), "asks for a calculation"),
    (_set("Q0312", "traps", []), "foresees no wrong answer"),
    (_set("Q0301", "id", "Q0401"), "does not carry the number of its chapter"),
    (
        lambda content: entry(content, "Q0315")["answer"].update(tolerance_percent=6),
        "overlaps with the right answer",
    ),
    (lambda content: entry(content, "Q0315")["given"].update(share="10 furlongs"), "not a quantity"),
]


@pytest.mark.parametrize(("mutate", "said"), RED, ids=[f"{said} {at}" for at, (_, said) in enumerate(RED)])
def test_each_rule_goes_red(tmp_path, mutate, said):
    content = copy.deepcopy(RAW)
    mutate(content)
    found = lint.problems(bank.load(written(tmp_path, content)))
    assert any(said in problem for problem in found), found
    assert all("data/quizzes/03-how-much-binds.yaml" in problem for problem in found)


# Broken files


def _cut(text, start, end=""):
    return text.replace(start, end, 1)


TEXT = FILE.read_text(encoding="utf-8")
BROKEN = [
    ("", "the file is empty"),
    ("- a\n- b\n", "not a set of named parts"),
    ("a: &x [1]\nb: *x\n", "anchor or alias"),
    ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "anchor or alias"),
    ("[" * 200, "nested more than"),
    ("a: [1, 2\n", "cannot be read"),
    ("a: 'x\n", "cannot be read"),
    ("a:\n\t- b\n", "cannot be read"),
    ("1: a\n", "a key is not text"),
    ("? [a, b]\n: c\n", "a key is not text"),
    ("a: 1\na: 2\n", "'a' is used twice"),
    ("a: !!python/object/apply:os.system ['x']\n", "a value has the type"),
    ("a: 2020-01-01\n", "a value has the type timestamp"),
    ("a: !!binary aGk=\n", "a value has the type binary"),
    ("a: .inf\n", "is not a plain number"),
    ("a: b\n---\nc: d\n", "a second document"),
    ("a: \u202eevil\n", "control character U+202E"),
    ('a: "\\u202eevil"\n', "control character U+202E"),
    ("a: \x07\n", "control character U+0007"),
    (TEXT.replace("Q0302", "Q0301", 1), "'Q0301' is listed twice"),
    (TEXT.replace("kind: single", "kind: singel", 1), "Did you mean 'single'?"),
    (TEXT.replace("    bloom: remember\n", "", 1), "has no 'bloom'"),
    (TEXT.replace("    bloom: remember\n", "    bloom: remember\n    blom: x\n", 1), "unknown part 'blom'"),
    (TEXT.replace("right: true", "right: 'true'", 1), "is 'true', not true or false"),
    (TEXT.replace("right: true", "right: false", 1), "Q0301"),
    (TEXT.replace("id: Q0301", "id: 301", 1), "is '301', not text"),
    (
        TEXT.replace('        misconception: "Reaching the Ki means the receptor is full"\n', "", 1),
        "has no 'misconception'",
    ),
    (TEXT.replace('unit: "µM"', 'unit: "furlong"', 1), "furlong"),
    (TEXT.replace("id: O3.2", "id: O3.1", 1), "'O3.1' is listed twice"),
]


@pytest.mark.parametrize(("text", "said"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_is_refused_with_file_line_and_mend(tmp_path, text, said):
    with pytest.raises(DataError) as caught:
        bank.load(written(tmp_path, text))
    message = str(caught.value)
    assert said in message and message.startswith("data/quizzes/03-how-much-binds.yaml"), message
    assert caught.value.mend
    assert caught.value.row or said == "the file is empty", message


def test_the_line_is_the_line_of_the_fault(tmp_path):
    text = TEXT.replace("kind: several", "kind: severel", 1)
    with pytest.raises(DataError) as caught:
        bank.load(written(tmp_path, text))
    assert text.splitlines()[caught.value.row - 1].strip() == "kind: severel"
    assert "Q0303" in str(caught.value)


def test_a_large_or_missing_or_non_text_file_is_refused(tmp_path):
    with pytest.raises(DataError, match="split it"):
        bank.load(written(tmp_path, "a: " + "x" * 1_000_001))
    with pytest.raises(DataError, match="Take it from the course's repository"):
        bank.load(tmp_path / "nothing.yaml")
    (tmp_path / "latin.yaml").write_bytes("a: 1\nb: \u00e9\n".encode("latin-1"))
    with pytest.raises(DataError, match="line 2.*UTF-8"):
        bank.load(tmp_path / "latin.yaml")


# The sandbox


@pytest.mark.parametrize(
    "expression",
    [
        "().__class__",
        "AF10.__class__",
        "AF10.__init__.__globals__",
        "occupancy.__globals__",
        "9 ** 9 ** 9",
        "'a' * 1000000000",
        "range(10)",
        "cycler()",
        "occupancy",
        "AF10",
        "AF10.value_nM + nothing",
        "occupancy(-1, 2)",
        "1 / 0",
        "self",
        "lipsum",
        "'x'.ljust(10)",
        "'{:>9}'.format(1)",
        "AF10.source.upper()",
        "AF10.value_nM.is_integer()",
        "1 | round(9999999)",
        "1 | round(-1)",
        "AF10.value_nM | number(99999)",
        "1e999",
    ],
)
def test_expressions_reach_nothing_but_rows_and_four_functions(expression):
    names = bank.load(FILE).names
    with pytest.raises(BadExpression):
        work_out(expression, names)
    with pytest.raises(BadExpression):
        fill("{{ " + expression + " }}", names)


def test_a_text_does_not_grow_without_end():
    names = {"words": "x" * 3000, **bank.load(FILE).names}
    with pytest.raises(BadExpression, match="the text grows to 6,000 characters"):
        fill("{{ words }}{{ words }}", names)


def test_what_an_item_asks_is_known_without_working_out_the_rest_of_it():
    for found in bank.banks():
        for item_id in found.raw_items:
            assert bank.stem(item_id) == bank.item(item_id).stem == found.stem(item_id)


def test_an_id_that_is_very_long_is_not_quoted_whole():
    with pytest.raises(KeyError) as problem:
        bank.item("x" * 5000)
    assert len(str(problem.value)) < 400
