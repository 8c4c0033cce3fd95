"""What all tests share: the package beside the notebooks, an empty learner's folder, a browser."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import hypothesis
import pytest

# On a build machine the same examples every time, so that a red run can be repeated; a busy machine is no failure.
hypothesis.settings.register_profile("course", derandomize=bool(os.environ.get("CI")), deadline=None)
hypothesis.settings.load_profile("course")

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "notebooks"), str(ROOT / ".ci")]

import prepare  # noqa: E402

os.environ.pop("COURSE_COLLECT", None)


WAITING = ROOT / "tests" / "to_mend.txt"
TO_MEND = [
    line
    for line in (WAITING.read_text(encoding="utf-8").splitlines() if WAITING.exists() else ())
    if line and not line.startswith("#")
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What stands in `to_mend.txt` is left to `make proof`."""
    for item in items:
        if item.nodeid.startswith(tuple(TO_MEND)):
            item.add_marker(pytest.mark.proof)


@pytest.fixture(autouse=True, scope="session")
def empty_home(tmp_path_factory):
    """No test sees or changes a learner's record."""
    os.environ["COURSE_HOME"] = str(tmp_path_factory.mktemp("home"))


@pytest.fixture(autouse=True)
def no_chapter_entered(monkeypatch):
    """No test is told which chapter another one entered."""
    import course.record.store

    monkeypatch.setattr(course.record.store, "_entered", "")


def pytest_terminal_summary(terminalreporter, config):
    """What the models reproduce and what they miss, at the end of a run that tested it."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    if any("test_reproductions" in getattr(report, "nodeid", "") for report in reports):
        from course.upkeep import reproductions

        terminalreporter.section("published values and what the models give")
        terminalreporter.write_line(reproductions.text())


@pytest.fixture(scope="session")
def browser():
    """A Chromium or Chrome of this machine, started once."""
    from playwright.sync_api import sync_playwright

    try:
        path = prepare.find_browser()
    except prepare.Missing as missing:
        pytest.fail(str(missing))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield running
        running.close()
