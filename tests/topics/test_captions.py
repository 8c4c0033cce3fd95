"""Captions say of a value what its row says: published and study are words for what somebody read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from course import charts, evidence, explorers
from course.topics.binding.rows import range_nM, range_values, ratio_range, simple_values, unbound_ends
from course.topics.breathing.explorer import GAP, TWO
from course.topics.efficacy.explorer import draw_competition

READ = ("primary", "secondary")
CLAIMS = re.compile(r"\bpublished\b|\bstud(?:y|ies)\b", re.I)
OWN = re.compile(r"our arithmetic|unverified|not published|inferred|assumed|chosen here")
ROW = re.compile(r"[A-Z]{2}\d{2,3}")
NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def options(control) -> dict:
    """Every option of a control, whatever it depends on."""
    first = next(iter(control.options.values()), "")
    return (
        {key: text for part in control.options.values() for key, text in part.items()}
        if isinstance(first, dict)
        else dict(control.options)
    )


@pytest.mark.parametrize("name", [name for name in explorers.__all__ if not name.startswith("predict")])
def test_a_control_that_says_published_offers_only_what_was_read(name):
    for control in getattr(explorers, name).controls:
        named = f"{control.label} {control.hint}"
        for key, text in options(control).items():
            if not (isinstance(key, str) and ROW.fullmatch(key)):
                continue
            if evidence.row(key).verification not in READ:
                assert not CLAIMS.search(named), (name, control.label, key)
                assert not CLAIMS.search(str(text)) or OWN.search(str(text)), (name, key, text)


def test_ranges_are_over_values_that_were_read():
    """The deliberately tight 10 µM and an encyclopedia's unbound share can be chosen; they widen no range."""
    assert "AF90" in {value.row_id for value in simple_values("ketamine", "MOR")}
    for target in ("MOR", "NMDA"):
        for value in range_values("ketamine", target):
            assert evidence.row(value.row_id).verification in READ, value.row_id
    assert range_nM("ketamine", "MOR")[0] > evidence.row("AF90").value_nM
    assert unbound_ends("ketamine") == [evidence.row("UF01").low, evidence.row("UF01").value]
    for chart in (charts.occupancy_curves("ketamine").chart, charts.selectivity("ketamine").chart):
        assert "no source reports" not in chart.caveat and "were read in a source" in chart.caveat
    said = str(explorers.predict_occupancy().spec)
    assert "83" not in re.findall(r"\d+", json.dumps(explorers.predict_occupancy().spec["guesses"]))
    assert "one laboratory" in said, "at mu laboratories do not disagree: one measured"


def test_two_drugs_are_compared_over_what_was_read():
    chart = draw_competition("ketamine", "CC01", "CC40", "EF20")
    assert "published values" not in chart.description
    assert chart.table.columns[-1] == "Over the values that were read"


def test_the_breathing_explorer_says_what_is_inferred():
    inferred = [evidence.row(key) for key in (*TWO, GAP, "VE34")]
    assert all(found.verification not in READ for found in inferred)
    stop = next(control for control in explorers.ventilation.controls if control.name == "stop")
    assert "Inferred or assumed here" in stop.hint and "Only doses" not in stop.hint
    study = next(control for control in explorers.ventilation.controls if control.name == "study")
    assert "doses inferred" in study.options["two"]


def test_a_dose_in_steps_is_said_to_be_a_running_total():
    said = json.dumps(explorers.predict_ventilation().spec)
    assert "running total of 1.1 mg/kg" in said
    assert "running total" in evidence.row("VE36").note and "running total" in evidence.row("VE39").statement


def test_a_ratio_of_two_drugs_is_a_range_over_all_rows():
    """Two laboratories' Ki give no one ratio: where the course compares ketamine with morphine, it gives both ends."""
    low, high = ratio_range("ketamine", "morphine", "MOR")
    assert (round(low, -2), round(high, -2)) == (5900, 35700)
    for path in sorted(NOTEBOOKS.glob("[01][0-9]-*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        for found in re.findall(r"[^.\n]*\b\d\d?,\d{3} times[^.\n]*", text):
            if "ketamine" in found.lower() or "Ki" in found:
                assert "5,900 to 35,700" in found, (path.name, found)


def test_no_year_has_a_thousands_comma():
    """Neither in a table nor in a notebook: 2024, never 2,024."""
    comma = re.compile(
        r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]efore|[Aa]fter|of|by) (?:1,[89]\d\d|2,0\d\d)(?!,?\d)(?! [a-z]+)"
    )
    for path in (*sorted(NOTEBOOKS.glob("[019][0-9]-*.ipynb")), *sorted((NOTEBOOKS.parent / "data").glob("*.csv"))):
        assert not comma.search(path.read_text(encoding="utf-8")), (path.name, comma.search(path.read_text())[0])
