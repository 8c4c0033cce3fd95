"""Words: each technical word of a chapter is explained in plain language, and its first use leads there."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest
import textstat
from course.chapters import chapters
from course.files import NOTEBOOKS as FOLDER
from course.upkeep import faq, glossary, safety
from course.upkeep import generated as written

NOTEBOOKS = [chapter.path for chapter in chapters()]
WORDS = glossary.words()
HARDEST = 8  # Flesch-Kincaid grade of a definition, its own terms counted as one short word
# Names and units that are no technical words, or that the sentence itself spells out.
NAMES = set(
    "ACMD AFSP AND ANSM BJA BNF CDC CFR CI CPIC CSA DEA DSM ECDD ECT FAQ FDA FORWARD FR HHS HNK ID II III IM IV JVMA "
    "KADS M1 MHRA NAPRA NCATS NCT NHS NICE NNH NNT NOAH PDF PMC SC SUSTAIN SUSTAIN-2 TA TIRF TRANSFORM TMS UK UN UNODC "
    "US USC VI WHO".split()
)


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request) -> dict:
    return load(request.param) | {"name": request.param.stem}


def test_what_is_written_from_data_is_up_to_date(notebook):
    """Words, links from first uses, the note on content and the short answers: `make refresh` writes them."""
    made = copy.deepcopy(notebook)
    written.write_into(made, notebook["name"])
    stale = [
        old["id"]
        for old, new in zip(notebook["cells"], made["cells"], strict=True)
        if "".join(old["source"]) != "".join(new["source"])
    ]
    assert not stale, f"run make refresh: {notebook['name']}, cells {stale}"


def test_each_chapter_has_its_words_before_its_sources(notebook):
    headings = re.findall(
        r"(?m)^## (.*)$",
        "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"),
    )
    if notebook["name"][:2] <= "09" or "Words" in headings:
        assert headings[headings.index("Sources") - 1] == "Words"


def test_every_word_is_used_where_it_is_taught():
    """In the prose or in a display: of its own chapter, or of any."""
    shown = {}
    for path in NOTEBOOKS:
        cells = load(path)["cells"]
        outputs = [json.dumps(output.get("data", {})) for cell in cells for output in cell.get("outputs", ())]
        shown[path.stem] = glossary.unlinked(
            "\n".join(["".join(cell["source"]) for cell in glossary.prose(cells)] + outputs)
        )
    everything = "\n".join(shown.values())
    for found in WORDS:
        forms = [found.term, *found.also.split(" | ")]
        used = rf"(?i)(?<![\w-])(?:{'|'.join(re.escape(form) for form in forms if form)})(?![\w-])"
        assert re.search(used, everything), f"{found.id} {found.term} is used nowhere"


@pytest.mark.parametrize("found", WORDS, ids=lambda found: found.term)
def test_a_definition_is_plain(found):
    plain = glossary._forms().sub("drug", found.definition)
    assert found.definition.count(".") <= 2 and found.definition.endswith(".")
    # Flesch-Kincaid means little for a handful of words.
    if len(plain.split()) >= 8:
        assert textstat.flesch_kincaid_grade(plain) <= HARDEST
    for other in re.findall(rf"(?i)\b{re.escape(found.term)}\b", found.definition):
        assert found.term.casefold() in ("ki", "person-years"), f"{other} explains itself"


@pytest.mark.parametrize("found", WORDS, ids=lambda found: found.term)
def test_a_word_is_taught_in_a_section_that_exists(found):
    text = "\n".join("".join(cell["source"]) for cell in load(FOLDER / f"{found.chapter}.ipynb")["cells"])
    anchors = {heading.replace(" ", "-") for heading in re.findall(r"(?m)^## (.*)$", text)}
    assert found.section in anchors
    # A link must not lead to a section of the chapter.
    assert glossary.anchor(found) not in anchors


def test_forms_are_unique():
    forms = [form.casefold() for found in WORDS for form in (found.term, *found.also.split(" | ")) if form]
    assert sorted(forms) == sorted(set(forms))


def test_no_abbreviation_goes_unexplained(notebook):
    known = {form for found in WORDS for form in (found.term, *found.also.split(" | "))}
    known |= {part for form in known for part in form.split()}
    text = "\n".join("".join(cell["source"]) for cell in glossary.prose(notebook["cells"]))
    text = re.sub(glossary.PLAIN_LINK, " ", glossary.unlinked(text))
    text = re.sub(r"(?m)^ {4}.*$|`[^`]*`", " ", text)
    used = set(re.findall(r"(?<![\w/-])[A-Z][A-Z0-9]+(?:-\d)?(?![\w/-])", text))
    used = {one for one in used if not re.fullmatch(r"[A-Z]{2}\d{2,3}", one)}  # ids of rows
    assert used - known - NAMES == set()


CELLS = [
    "# T\n\nAn agonist in the opening.\n",
    "## One\n\nAn agonist, `agonist`, and an agonist.\n\n| agonist |\n|---|\n",
]


def test_only_the_first_use_is_linked_and_only_in_prose():
    texts, seen = glossary.linked(CELLS)
    assert texts[0] == CELLS[0]
    assert texts[1].startswith("## One\n\nAn [agonist](#agonist), `agonist`, and an agonist.")
    assert [found.term for found in seen] == ["agonist"]
    assert glossary.linked(texts)[0] == texts, "linking twice changes nothing"


@pytest.mark.parametrize(
    "text, same",
    [
        ("## The agonist", True),
        ("[agonist](https://example.org/agonist)", True),
        ("`agonist`", True),
        ("    agonist = 1", True),
        ("| agonist |\n|---|\n| x |", True),
        ("a pet", True),
        ("Its antagonistic side", True),
        ("A **partial agonist** works.", False),
        ("| x |\n|---|\n| agonist |", False),
    ],
)
def test_what_is_linked(text, same):
    made = glossary.linked(["# T", f"## A\n\n{text}"])[0][1]
    assert (made == f"## A\n\n{text}") == same


def test_the_longest_form_wins():
    made = glossary.linked(["# T", "## A\n\nThe mu receptor, then a receptor."])[0][1]
    assert made.endswith("The [mu receptor](#mu-receptor), then a [receptor](#receptor).")


def test_an_unknown_word_suggests_the_nearest():
    with pytest.raises(KeyError, match="Did you mean 'agonist'"):
        glossary.word("agonistt")


# The note on content


def test_a_chapter_that_speaks_of_suicide_or_overdose_says_so_first(notebook):
    """The note stands before the first section that needs it, and is nowhere else."""
    found = written.topics(notebook)
    at = [number for number, cell in enumerate(notebook["cells"]) if cell["id"] == safety.CELL]
    if not found:
        assert not at
        return
    assert len(at) == 1, "give the chapter a Markdown cell with the id help, and run make refresh"
    before = [cell for cell in notebook["cells"][: at[0]] if cell["cell_type"] == "markdown"]
    opening = [cell for cell in before if not "".join(cell["source"]).startswith("# ")]
    assert safety.topics("".join(cell["source"]) for cell in opening) == []
    note = "".join(notebook["cells"][at[0]]["source"])
    assert all(topic in note for topic in found) and "local emergency number" in note


def test_the_note_needs_a_topic_and_does_not_read_names_of_sources():
    assert safety.topics(["[Suicide survey](https://example.org)"]) == []
    assert safety.topics(["He died of an overdose."]) == ["overdose"]
    assert "naloxone" in safety.note(["overdose"]) and "naloxone" not in safety.note(["thoughts of suicide"])
    with pytest.raises(ValueError, match="needs a topic"):
        safety.note([])


# The short answers


@pytest.mark.parametrize("asked", faq.questions(), ids=lambda asked: asked["id"])
def test_a_short_answer_is_short_plain_and_rests_on_rows_that_somebody_read(asked):
    from course.evidence import row, table

    behind = [row(row_id) for row_id in asked["rows"]]
    assert behind and all(one.verification in ("primary", "secondary") for one in behind)
    assert next(found.source for found in table("faq") if found.id == asked["id"]) == behind[0].source
    sentences = [part for part in re.split(r"(?<=[.!?]) ", asked["answer"]) if len(part) > 8]
    assert 2 <= len(sentences) <= 5
    assert textstat.flesch_kincaid_grade(glossary._forms().sub("drug", asked["answer"])) <= HARDEST
    text = "\n".join("".join(cell["source"]) for cell in load(FOLDER / f"{asked['chapter']}.ipynb")["cells"])
    assert asked["section"] in {heading.replace(" ", "-") for heading in re.findall(r"(?m)^## (.*)$", text)}
    assert not re.search(r"\b(?:you should|we recommend|ask for|take it)\b", asked["answer"], re.I), "no advice"


def test_numbers_of_an_answer_stand_in_its_rows():
    import dataclasses

    from course.evidence import row

    for asked in faq.questions():
        text = " ".join(str(value) for row_id in asked["rows"] for value in dataclasses.astuple(row(row_id)))
        for number in re.findall(r"\b\d[\d,.]*\b(?! says)", asked["answer"]):
            assert number.rstrip(".,") in text, (asked["id"], number)


def test_answers_are_safe_markup():
    html = faq.html()
    assert html.count("<h3>") == len(faq.questions()) and "<script" not in html and "[" not in html
    assert "give naloxone if an opioid" in html
