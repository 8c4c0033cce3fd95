"""An environment of its own for what must not share one with the course."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path


def environment(folder: Path, packages: Iterable[str], named: str) -> Path:
    """The Python of a new environment with these packages. named: the variable that names one that is there already."""
    if named in os.environ:
        return Path(os.environ[named])
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    made = subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], capture_output=True, text=True)
    assert made.returncode == 0, f"These cannot be installed: {', '.join(packages)}\n{made.stderr[-2000:]}"
    return python
