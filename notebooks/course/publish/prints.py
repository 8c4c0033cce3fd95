"""A page on paper: printed to PDF by a Chromium, Chrome or Edge of this machine, with bookmarks and tags.

The same page, printed twice by one browser, gives the same bytes: the one thing in it that would differ, the
date, is that of the release. Another browser, or other fonts, may break lines elsewhere.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import tempfile
from pathlib import Path

from ..chapters import ChapterError
from ..chapters.html import policy, released

PAPERS = ("A4", "Letter")
SECONDS = 180
ARGUMENTS = (
    "--headless=new",
    # What is opened is one file that this program wrote, and that lets nothing in. As root, or in a
    # container, Chromium does not start at all with its sandbox.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")[^"]*')
_LOCAL = re.compile(r'<a href="[^"#:]+\.html(?:#[^"]*)?"[^>]*>')
_DATE = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}\+00'00'\)")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of a command that prints."""
    parser.add_argument("--pdf", metavar="BROWSER", help="also print PDFs, with this Chromium, Chrome or Edge")
    parser.add_argument("--paper", choices=PAPERS, default=PAPERS[0], help="the sheet of the PDFs")


def for_paper(html: str, paper: str) -> str:
    """The page as it is printed: on this paper, and without links to files beside it, which a PDF would turn into
    this machine's own paths."""
    style, script = _STYLE.search(html), _SCRIPT.search(html)
    sized = f"{style[1]}\n@page {{ size: {paper}; }}"
    html = f"{html[: style.start(1)]}{sized}{html[style.end(1) :]}"
    html = _POLICY.sub(lambda found: found[1] + policy(sized, script[1] if script else ""), html, count=1)
    return _LOCAL.sub("<a>", html)


def print_page(browser: str, page: Path, pdf: Path, paper: str) -> None:
    """Prints an HTML page into a PDF file, whole or not at all. Raises `ChapterError`."""
    with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as folder:
        sheet, printed = Path(folder, page.name), Path(folder, "printed.pdf")
        sheet.write_text(for_paper(page.read_text(encoding="utf-8"), paper), encoding="utf-8")
        own = [f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}", sheet.as_uri()]
        try:
            result = subprocess.run([browser, *ARGUMENTS, *own], capture_output=True, timeout=SECONDS)
        except OSError as error:
            raise ChapterError(f"{pdf.name} could not be printed: {browser} does not start ({error}).") from None
        except subprocess.TimeoutExpired:
            raise ChapterError(f"{pdf.name} could not be printed: {browser} took more than {SECONDS} s.") from None
        content = printed.read_bytes() if printed.exists() else b""
    if result.returncode or not content.rstrip().endswith(b"%%EOF"):
        said = result.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise ChapterError(
            f"{pdf.name} could not be printed by {browser} ({said[0][:200]}). Set BROWSER_PATH to another Chromium, "
            "Chrome or Edge, or print the page from a browser's own menu."
        )
    part = pdf.with_name(f".{pdf.name}.{os.getpid()}")
    try:
        part.write_bytes(dated(content, released()))
        os.replace(part, pdf)
    finally:
        part.unlink(missing_ok=True)


def dated(pdf: bytes, day: str) -> bytes:
    """A PDF whose dates are this day's (YYYY-MM-DD) beginning; no byte is moved."""
    moment = f"{day.replace('-', '')}000000".encode()
    return _DATE.sub(lambda found: b"/" + found[1] + b" (D:" + moment + b"+00'00')", pdf)
