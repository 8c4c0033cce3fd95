"""What the notebook files hold: outputs that nbval really compares, and nothing that shows an error."""

from __future__ import annotations

import ast
import copy
import json

import pytest
from course.chapters import notebooks

NOTEBOOKS = [notebook.path for notebook in notebooks()]
WIDGET = "application/vnd.jupyter.widget-view+json"
# nbval passes over these; a cell that stores nothing else is never compared.
NOT_COMPARED = {"image/png", "image/jpeg", WIDGET}
LAX = ("nbval-skip", "nbval-ignore-output", "nbval-raises-exception", "nbval_skip", "nbval_ignore_output")


def never_compared(notebook: dict) -> list[str]:
    """Code cells that strict nbval would run without comparing anything."""
    found = []
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        outputs = cell["outputs"]
        compared = [
            output
            for output in outputs
            if output["output_type"] == "stream" or set(output.get("data", {})) - NOT_COMPARED
        ]
        if cell["execution_count"] is None:
            found.append(f"cell {number} was not run")
        elif not compared:
            found.append(f"cell {number} stores nothing that nbval compares")
        tags = [tag.lower().replace("_", "-") for tag in cell["metadata"].get("tags", [])]
        if any(lax in tags for lax in LAX) or "NBVAL_" in source.upper():
            found.append(f"cell {number} asks nbval to look away")
    return found


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request) -> dict:
    return json.loads(request.param.read_text(encoding="utf-8"))


def test_every_code_cell_is_compared(notebook):
    assert never_compared(notebook) == []


@pytest.mark.parametrize(
    "spoil, complaint",
    [
        (lambda cell: cell.update(execution_count=None), "was not run"),
        (lambda cell: cell.update(outputs=[]), "stores nothing"),
        (
            lambda cell: cell.update(
                outputs=[{"output_type": "display_data", "data": {"image/png": "", WIDGET: {}}, "metadata": {}}]
            ),
            "stores nothing",
        ),
        (lambda cell: cell["metadata"].update(tags=["nbval-ignore-output"]), "look away"),
        (lambda cell: cell.update(source=["# NBVAL_SKIP\n", "1"]), "look away"),
    ],
)
def test_a_cell_that_is_never_compared_is_found(notebook, spoil, complaint):
    spoiled = copy.deepcopy(notebook)
    spoil(next(cell for cell in spoiled["cells"] if cell["cell_type"] == "code"))
    assert complaint in " ".join(never_compared(spoiled))


def test_nothing_stored_shows_an_error_or_an_earlier_session(notebook):
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info", "course"}
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    for cell in notebook["cells"]:
        assert set(cell["metadata"]) <= {"tags", "course", "slideshow", "jupyter", "jp-MarkdownHeadingCollapsed"}
        assert cell["metadata"].get("jupyter", {"source_hidden": True}) == {"source_hidden": True}
        for output in cell.get("outputs", []):
            assert output["output_type"] != "error"
            assert output.get("name") != "stderr"
            assert WIDGET not in output.get("data", {})
            text = json.dumps(output)
            assert " at 0x" not in text, "a memory address differs in every session"


def test_displays_show_in_a_sanitised_page(notebook):
    """No inline svg, script, style, control or id: what an untrusted page drops or leaves dead."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            markup = "".join(output.get("data", {}).get("text/html", ""))
            for tag in ("<svg", "<script", "<style", "<input", "<button", "<select", " id="):
                assert tag not in markup


def test_cells_are_one_readable_call(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "show-code" not in cell["metadata"].get("tags", []):
            assert len(ast.parse("".join(cell["source"])).body) <= 2
