"""One JupyterLab for all tests of a run that only need one (they carry the mark xdist_group("lab"))."""

from __future__ import annotations

from pathlib import Path

import lab
import pytest


@pytest.fixture(scope="session")
def course(tmp_path_factory) -> Path:
    return lab.copy_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """The home folder of whoever runs it; lab.events reads the record in it."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def address(course, home):
    with lab.server(course, home) as running:
        yield running
