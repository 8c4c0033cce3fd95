"""How hard the prose is to read: Core for everybody, Deeper for students and clinicians."""

from __future__ import annotations

import json
import re

import pytest
import textstat
from course.chapters import chapters, unseen

NOTEBOOKS = [chapter.path for chapter in chapters()]
# The highest Flesch-Kincaid grade (Kincaid and others 1975) of each layer.
GRADES = {"core": 8, "deeper": 11}
CITED = re.compile(r"\(\[[^)]*?\]\([^)]*\)(?:, \[[^)]*?\]\([^)]*\))*\)")


def layers(notebook: dict) -> dict[str, str]:
    """The prose of each layer, without headings, tables, sums, sources and notes for instructors."""
    found: dict[str, list[str]] = {"core": [], "deeper": []}
    layer = "core"
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown" or unseen(cell):
            continue
        for section in re.split(r"(?m)^(?=## )", "".join(cell["source"])):
            if section.startswith(("## Words", "## Sources", "## Next")):
                continue
            if section.startswith("## "):
                layer = "deeper" if "**Deeper.**" in section[:200] else "core"
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", CITED.sub("", section))
            text = re.sub(r"(?m)^\|.*$|^    .*$|^#+ .*$", "", text)
            for part in re.split(r"\n\s*\n|\n- |\n\d\. ", re.sub(r"[*_`]", "", text)):
                words = part.strip(" -\n")
                if len(words.split()) > 6:
                    deeper = layer == "deeper" or words.startswith("Deeper:") or words.endswith("(Deeper)")
                    found["deeper" if deeper else "core"].append(words if words[-1] in ".?!:" else words + ".")
    return {name: " ".join(parts) for name, parts in found.items()}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_prose_can_be_read(path):
    for layer, text in layers(json.loads(path.read_text(encoding="utf-8"))).items():
        if text:
            assert textstat.flesch_kincaid_grade(text) <= GRADES[layer], layer


def test_hard_prose_is_found():
    hard = (
        "Pharmacokinetic heterogeneity notwithstanding, intersubject variability necessitates individualisation. " * 3
    )
    made = {
        "cells": [{"cell_type": "markdown", "metadata": {}, "source": [f"# Title\n\n{hard}\n\n## Two\n\nIt is easy."]}]
    }
    assert textstat.flesch_kincaid_grade(layers(made)["core"]) > GRADES["core"]
    assert "Title" not in layers(made)["core"]
