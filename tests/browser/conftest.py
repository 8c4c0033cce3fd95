"""One JupyterLab for all tests of a run that only need one (they carry the mark xdist_group("lab"))."""

from __future__ import annotations

from pathlib import Path

import lab
import pytest


@pytest.fixture(scope="session")
def course(tmp_path_factory) -> Path:
    return lab.copy_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="session")
def address(course, tmp_path_factory):
    with lab.server(course, tmp_path_factory.mktemp("home")) as running:
        yield running
