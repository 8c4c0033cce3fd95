"""Starts a clean JupyterLab on a copy of the course and does in it what a person does."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import nbformat
import psutil
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
    course: Path,
    home: Path,
    *arguments: str,
    started_in: Path | None = None,
    told: bool = True,
    python: Path | str = sys.executable,
    program: str = "jupyterlab",
    port: int = 0,
) -> Iterator[str]:
    """A JupyterLab server with an empty home of its own; yields its address.

    told: whether JUPYTER_CONFIG_PATH names the course's settings, as `make lab` does. python, program: whose front end
    it is. port: a free one, if not given.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = port or probe.getsockname()[1]
    home.mkdir(parents=True, exist_ok=True)
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "COURSE", "IPYTHON"))}
    clean |= {
        "HOME": str(home),
        "COURSE_HOME": str(home / "course"),
        **({"JUPYTER_CONFIG_PATH": str(course)} if told else {}),
    }
    process = subprocess.Popen(
        [
            str(python),
            "-m",
            program,
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


def notebook(course: Path, name: str, *lines: str, title: str = "Test") -> Path:
    """A notebook of the course with a cell for each line, beside the chapters."""
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(f"# {title}"), *map(nbformat.v4.new_code_cell, lines)]
    )
    made.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made.metadata["course"] = {"minutes": {}}
    path = course / "notebooks" / f"{name}.ipynb"
    nbformat.write(made, path)
    return path


def press_run_all(page) -> None:
    """Run > Run All Cells, by the menu."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def kernel_of(page, name: str) -> str:
    """The id of the kernel that runs this notebook."""
    sessions = json.loads(page.evaluate("async () => (await fetch('/api/sessions')).text()"))
    return next(one["kernel"]["id"] for one in sessions if one["path"].endswith(f"{name}.ipynb"))


def order(page, method: str, path: str) -> int:
    """A request to the server's own interface, as its administrator's programs make it; returns the status."""
    return page.evaluate(
        """async ([method, path]) => {
            const token = document.cookie.match(/_xsrf=([^;]+)/)?.[1] ?? "";
            return (await fetch(path, { method, headers: { "X-XSRFToken": token } })).status;
        }""",
        [method, path],
    )


def events(home: Path) -> list:
    """What is in the learner's record."""
    with closing(sqlite3.connect(home / "course" / "learner.sqlite3")) as database:
        rows = database.execute("SELECT id, kind, subject, value FROM events ORDER BY place").fetchall()
    return [(*row[:3], json.loads(row[3])) for row in rows]


def new_view(page, output) -> None:
    """Create New View for Cell Output, by the menu of the right mouse button; waits until it is there."""
    before = page.locator(".jp-LinkedOutputView").count()
    output.click(button="right", position={"x": 5, "y": 5})
    page.get_by_role("menuitem", name="Create New View for Cell Output").click()
    page.wait_for_function(
        "count => document.querySelectorAll('.jp-LinkedOutputView').length > count && "
        "document.querySelector('.jp-LinkedOutputView:last-of-type .course')",
        arg=before,
        timeout=20_000,
    )


def kill(kernel: str) -> None:
    """Ends a kernel's process, as a machine that runs out of memory does."""
    for process in psutil.process_iter(["cmdline"]):
        if kernel in " ".join(process.info["cmdline"] or ()):
            process.kill()
