"""One source a sentence, two a paragraph of Core; what goes beyond is folded below its section, and none is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from course.upkeep import citations, generated

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("[0-9][0-9]-*.ipynb"))
A, B, C, D = (f"[{name} 2001](https://doi.org/10.1/{name.lower()}(91)1)" for name in ("Ay", "Bee", "Cee", "Dee"))
KNOWN = {f"doi.org/10.1/{name}(91)1" for name in ("ay", "bee", "cee", "dee")}
WORD = "[mu receptor](#mu-receptor)"
FOLD = '<details class="more-sources"><summary>More sources</summary>\n\n{}\n\n</details>'


def fold(*links: str) -> str:
    return FOLD.format(", ".join(links))


CASES = {
    "one stays": (f"It binds ({A}).", f"It binds ({A})."),
    "the first of a bracket stays": (f"It binds ({A}, {B}).", f"It binds ({A}).\n\n{fold(B)}"),
    "the bracket at the end stays": (
        f"It binds ({A}) and blocks ({B}; {C}).",
        f"It binds and blocks ({B}).\n\n{fold(A, C)}",
    ),
    "each sentence has its own": (
        f"It binds ({A}, {B}). It blocks ({C}).",
        f"It binds ({A}). It blocks ({C}).\n\n{fold(B)}",
    ),
    "two a paragraph of Core": (
        f"It binds ({A}). It blocks ({B}). It wears off ({C}).",
        f"It binds ({A}). It blocks ({B}). It wears off.\n\n{fold(C)}",
    ),
    "Deeper has no limit but the sentence's": (
        f"## Two\n\n**Deeper.** Skip it.\n\nIt binds ({A}). It blocks ({B}). It wears off ({C}, {D}).",
        f"## Two\n\n**Deeper.** Skip it.\n\nIt binds ({A}). It blocks ({B}). It wears off ({C}).\n\n{fold(D)}",
    ),
    "a point of a list is a paragraph": (
        f"- It binds ({A}, {B}).\n- It blocks ({C}).",
        f"- It binds ({A}).\n- It blocks ({C}).\n\n{fold(B)}",
    ),
    "a section keeps its own": (
        f"## One\n\nIt binds ({A}, {B}).\n\n## Two\n\nIt blocks ({C}, {A}).\n",
        f"## One\n\nIt binds ({A}).\n\n{fold(B)}\n\n## Two\n\nIt blocks ({C}).\n\n{fold(A)}\n",
    ),
    "what the text shows is not folded": (
        f"It binds ({A}, {B}).\n\nIt blocks ({B}).",
        f"It binds ({A}).\n\nIt blocks ({B}).",
    ),
    "a source named in the sentence counts": (
        f"{A} found that it binds ({B}).",
        f"{A} found that it binds.\n\n{fold(B)}",
    ),
    "words and other pages are left alone": (
        f"It binds the {WORD} ([a page](https://example.org/x)).",
        f"It binds the {WORD} ([a page](https://example.org/x)).",
    ),
    "a table is left alone": (f"| a |\n|---|\n| {A}, {B} ({A}, {B}) |", f"| a |\n|---|\n| {A}, {B} ({A}, {B}) |"),
    "what was folded before stays": (f"It binds ({A}).\n\n{fold(D)}", f"It binds ({A}).\n\n{fold(D)}"),
    "what is new joins it": (f"It binds ({A}, {B}).\n\n{fold(D)}", f"It binds ({A}).\n\n{fold(B, D)}"),
    "what the text shows again leaves it": (f"It binds ({A}).\n\n{fold(A)}", f"It binds ({A})."),
}


@pytest.mark.parametrize(("written", "expected"), CASES.values(), ids=CASES)
def test_further_sources_are_folded(written, expected):
    made = citations.folded(written, KNOWN)
    assert made == expected
    assert citations.folded(made, KNOWN) == made, "folding twice changes nothing"
    assert set(citations.LINK.findall(made)) == set(citations.LINK.findall(written)), "no source is lost"
    assert citations.over(made, KNOWN) == []


def test_what_cites_too_much_is_found():
    assert citations.over(f"It binds ({A}, {B}).", KNOWN) == [f"It binds ({A}, {B})."]
    many = f"It binds ({A}). It blocks ({B}). It wears off ({C})."
    assert citations.over(many, KNOWN) == [many]


def test_a_refresh_folds_what_a_chapter_cites_beyond_that(monkeypatch):
    monkeypatch.setattr(citations, "addresses", lambda: KNOWN)
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": f"# Title\n\n## One\n\nIt binds ({A}, {B})."}
    generated.write_into({"metadata": {}, "cells": [cell]}, "made")
    assert cell["source"].endswith(f"It binds ({A}).\n\n{fold(B)}")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_cites_one_source_a_sentence(path):
    made = json.loads(path.read_text(encoding="utf-8"))
    known = citations.addresses()
    texts = ["".join(cell["source"]) for cell in citations.prose(made["cells"])]
    assert [found for text in texts for found in citations.over(text, known)] == []
    assert [citations.folded(text, known) for text in texts] == texts, "run make refresh"


def test_the_folded_line_is_in_the_page_and_opens_on_paper():
    from course.chapters.prose import Prose

    page = Prose({"doi.org/10.1/bee(91)1": "bee2001"}, {"bee2001"}, ())
    html = page.clean('<details class="more-sources"><summary>More sources</summary>'
                      '<p><a href="https://doi.org/10.1/bee(91)1">Bee 2001</a></p></details>')  # fmt: skip
    assert '<details class="more-sources">' in html and 'href="#ref-bee2001"' in html
    css = (Path(__file__).resolve().parents[2] / "assets/styles/page.css").read_text(encoding="utf-8")
    printed = css[css.index("@media print") :]
    assert "details.more-sources::details-content { content-visibility: visible" in printed
