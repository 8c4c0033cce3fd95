"""Starts a clean JupyterLab on a copy of the course and does in it what a person does."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import TimeoutError

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "03-how-much-binds"
IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
COPIED = ("notebooks", "data", "assets", "jupyter_server_config.py")


def copy_course(folder: Path) -> Path:
    """A copy of what a learner has, without build products."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
        else:
            shutil.copy(source, folder / name)
    return folder


@contextmanager
def server(
    course: Path, home: Path, *arguments: str, started_in: Path | None = None, told: bool = True
) -> Iterator[str]:
    """A JupyterLab server with an empty home of its own; yields its address.

    told: whether JUPYTER_CONFIG_PATH names the course's settings, as `make lab` does.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home.mkdir(parents=True, exist_ok=True)
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "COURSE", "IPYTHON"))}
    clean |= {
        "HOME": str(home),
        "COURSE_HOME": str(home / "course"),
        **({"JUPYTER_CONFIG_PATH": str(course)} if told else {}),
    }
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            "--ServerApp.port_retries=0",
            "--IdentityProvider.token=",
            f"--ServerApp.root_dir={course}",
            *arguments,
        ],
        cwd=started_in or course,
        env=clean,
        stdout=subprocess.DEVNULL,
        stderr=(home / "server.log").open("w"),
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=1)
                break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError((home / "server.log").read_text()) from None
                time.sleep(0.1)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def open_chapter(page, address: str, chapter: str = CHAPTER, theme: str = "light") -> None:
    """Opens a chapter in a workspace of its own and waits until its cells are drawn."""
    page.goto(f"{address}/lab/workspaces/test{time.monotonic_ns()}/tree/notebooks/{chapter}.ipynb?reset")
    page.wait_for_selector(".jp-Notebook .jp-MarkdownOutput h1", timeout=60_000)
    # JupyterLab forgets a Run All Cells that comes before its kernel is there.
    page.wait_for_selector(IDLE, timeout=60_000, state="attached")


def run_all(page) -> None:
    """Run > Run All Cells, by the menu, and waits until the kernel is idle and the last cell has run."""
    for _ in range(3):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        try:  # JupyterLab forgets one that comes too early
            page.wait_for_selector(".jp-Notebook .course", timeout=20_000, state="attached")
            break
        except TimeoutError:
            continue
    last, failed = ".jp-Notebook .course.references", '[data-mime-type="application/vnd.jupyter.error"]'
    page.wait_for_selector(f"{last}, {failed}", timeout=90_000, state="attached")
    if page.locator(failed).count():
        raise AssertionError(page.locator(failed).first.text_content())
    page.wait_for_selector(IDLE, timeout=60_000, state="attached")


def save(page) -> None:
    """Saves with the keyboard and waits until the tab no longer shows unsaved work."""
    page.keyboard.press("Control+s")
    page.wait_for_function("!document.querySelector('.jp-mod-dirty')", timeout=20_000)
