"""Firefox by its own protocol, Marionette: a length, a colon, and [0, number, command, parameters] as JSON."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

SECONDS = 60


def find() -> str | None:
    """The program, if this machine has it."""
    return next((found for name in ("firefox-esr", "firefox") if (found := shutil.which(name))), None)


class Firefox:
    """A headless Firefox with a profile of its own, for a `with`. settings: as about:config has them."""

    def __init__(self, program: str, folder: Path, settings: dict[str, Any] | None = None):
        self.program, self.profile, self._turn = program, folder / "profile", 0
        self.settings = settings or {}

    def __enter__(self) -> Firefox:
        self.profile.mkdir(parents=True)
        # Port 0: the system chooses, and Firefox writes down which.
        self.profile.joinpath("user.js").write_text(
            'user_pref("marionette.port", 0);\nuser_pref("app.update.auto", false);\n'
            'user_pref("browser.shell.checkDefaultBrowser", false);\n'
            'user_pref("datareporting.policy.dataSubmissionEnabled", false);\n'
            + "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in self.settings.items())
        )
        command = [self.program, "--marionette", "--headless", "--no-remote", "--profile", str(self.profile)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self._socket = socket.create_connection(("127.0.0.1", self._port()), SECONDS)
            self._hear()  # its greeting
            self.send("WebDriver:NewSession", {"capabilities": {}})
        except BaseException:
            self._process.kill()
            raise
        return self

    def __exit__(self, *_: Any) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(SECONDS)

    def _port(self) -> int:
        noted, began = self.profile / "MarionetteActivePort", time.monotonic()
        while time.monotonic() - began < SECONDS:
            if noted.exists() and noted.read_text().strip():
                return int(noted.read_text())
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"{self.program} opened no port for its tests.")

    def send(self, command: str, parameters: dict[str, Any]) -> Any:
        """The reply to a command. Raises `RuntimeError` with what Firefox says."""
        self._turn += 1
        message = json.dumps([0, self._turn, command, parameters]).encode()
        self._socket.sendall(str(len(message)).encode() + b":" + message)
        _, _, problem, reply = self._hear()
        if problem:
            raise RuntimeError(f"{command}: {problem['message']}")
        return reply

    def _hear(self) -> Any:
        length = b""
        while (one := self._socket.recv(1)) != b":":
            length += one
        text = b""
        while len(text) < int(length):
            text += self._socket.recv(int(length) - len(text))
        return json.loads(text)

    def open(self, url: str) -> None:
        """Opens a page and waits until it is loaded."""
        self.send("WebDriver:Navigate", {"url": url})

    def run(self, script: str) -> Any:
        """What a script of the page returns."""
        return self.send("WebDriver:ExecuteScript", {"script": script, "args": [], "sandbox": None})["value"]

    def pdf(self, **options: Any) -> bytes:
        """The page on paper. options: as in WebDriver's Print."""
        return base64.b64decode(self.send("WebDriver:Print", options)["value"])
