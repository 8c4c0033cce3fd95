"""The faults of the table in tests/README.md, each as often as it says there."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import faults  # noqa: E402

pytestmark = [pytest.mark.proof, pytest.mark.timeout(1800)]


@pytest.mark.parametrize("fault", faults.FAULTS, ids=lambda fault: fault.__name__)
def test_nothing_is_lost_and_it_is_told(fault, monkeypatch, capsys):
    with tempfile.TemporaryDirectory(dir=faults.MEMORY) as folder:
        monkeypatch.setenv("COURSE_HOME", folder)
        found = fault(Path(folder), faults.OFTEN[fault])
    if found is None:
        pytest.skip("no compiler here, to make a disk without locks")
    with capsys.disabled():
        print(f"\n{found.fault}: {found.tries}; lost {found.lost}, else wrong {found.wrong}")
    assert (found.lost, found.wrong) == (0, 0), found
