"""Faults of the table in tests/README.md, each a few times; `make proof` tries all as often as the table says."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "proof"))

import faults  # noqa: E402

# Four of the races need too long for a test that runs every time.
TRIED = [
    fault for fault in faults.FAULTS if fault not in faults.RACES or fault.__name__ in ("started_afresh", "erased")
]
FEW = {faults.flipped: 3, faults.cut: 4, faults.clock: 6, faults.newer: 2, faults.killed: 1}


@pytest.mark.skipif(os.name == "nt", reason="signals, pipes and limits of a Unix")
@pytest.mark.parametrize("fault", TRIED, ids=lambda fault: fault.__name__)
def test_nothing_is_lost_and_it_is_told(fault, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    found = fault(tmp_path, FEW.get(fault, 1))
    if found is None:
        pytest.skip("no compiler here, to make a disk without locks")
    assert (found.lost, found.wrong) == (0, 0), found
    assert found.told


def test_the_table_is_written_between_its_marks(tmp_path):
    path = tmp_path / "README.md"
    path.write_text(f"before\n{faults.BEGIN}\nstale rows\n{faults.END}\nafter\n")
    faults.write([faults.Result("a fault", "3 tries", 0, 1, "/a/b/learner.sqlite3 is a | pipe")], path)
    text = path.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "stale rows" not in text
    assert "| a fault | 3 tries | 0 | 1 | …/learner.sqlite3 is a \\| pipe |" in text
