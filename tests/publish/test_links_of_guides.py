"""Links between the guides lead to a file, and to a heading that it has."""

import re

import pytest
from course.files import ROOT

LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)")


def anchors(text):
    """What a heading is called in an address."""
    heads = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", ["README.md", "TEACHING.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "data/README.md"])
def test_a_link_leads_to_a_heading_that_is_there(name):
    guide = ROOT / name
    text = re.sub(r"```.*?```|`[^`\n]*`", "", guide.read_text(encoding="utf-8"), flags=re.DOTALL)
    for path, anchor in LINK.findall(text):
        there = guide.parent / path if path else guide
        assert there.exists(), f"{name}: {path}"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there.read_text(encoding="utf-8")), f"{name}: {path}#{anchor}"


def test_the_guide_for_teachers_keeps_every_folder_with_answers_from_learners():
    text = (ROOT / "TEACHING.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "Never in the learners' folder" in line)
    for folder in ("build/handouts/instructor", "build/prints/keys", "build/slides", "build/export"):
        assert f"`{folder}`" in line.partition(" and keep ")[2], folder
