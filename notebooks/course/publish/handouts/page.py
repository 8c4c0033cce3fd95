"""A page: nbconvert's exporter with the course's own template, and all that the template asks for."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

import jinja2
import nbformat
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import markdown2html

from ... import __version__
from ...chapters import UNSEEN, Chapter, ChapterError, chapters, guides, slugs, tags
from ...chapters.html import COURSE, policy, released, script_json, whole_dates
from ...chapters.prose import Prose
from ...display import SPEC_MIME, WIDGET_MIME, render, styles
from ...display.files import asset
from ...evidence import references, same_address
from ...files import ROOT
from ...upkeep import faq

IMAGES = ("image/svg+xml", "image/png", "image/jpeg")
_OPENING = re.compile(r"<h1\b.*?</h1>(?:\s*<p>.*?</p>)?(?:\s*<p><img [^>]*></p>)?", re.DOTALL)
# The last sections of a chapter, each to the next heading of its level, and what marks one entry of each.
_LISTS = re.compile(r'(<h2\b[^>]*id="(Words|Sources)"[^>]*>.*?</h2>)(.*?)(?=<h2\b|\Z)', re.DOTALL)
_ITEMS = {"Words": 'class="entry"', "Sources": 'id="ref-'}
_SOURCE_LINK = re.compile(r'<a href="[^"]*" data-source="([^"]+)"')


class HandoutExporter(HTMLExporter):
    """One self-contained page from an executed notebook; `resources["page"]` is its `Page`."""

    exclude_anchor_links = True

    def __init__(self, **kw: Any):
        super().__init__(
            template_name="base",
            template_file="page.html",
            extra_loaders=[jinja2.FunctionLoader(_template)],
            **kw,
        )

    @property
    def default_config(self):
        config = super().default_config
        config.NbConvertBase.display_data_priority = [
            SPEC_MIME,
            *IMAGES,
            "text/html",
            "text/markdown",
            "text/plain",
        ]
        return config

    def from_notebook_node(self, nb, resources=None, **kw):
        """The page and its resources."""
        resources = self._init_resources(resources)
        # Not HTMLExporter's own: it would parse the whole page again, frames and all.
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)


class Page:
    """What the template asks for, and what it has asked for so far."""

    course = COURSE
    version = __version__
    spec_mime, widget_mime = SPEC_MIME, WIDGET_MIME

    def __init__(self, chapter: Chapter, edition: str, listed: set[str]):
        self.chapter, self.edition = chapter, edition
        self.id = f"{edition}/{chapter.slug}"
        self.title, self.description = chapter.title, chapter.promise
        # On every sheet, and in a reader's list of files: a key that strays can be told apart.
        self.name = f"Instructor: {chapter.title}" if edition == "instructor" else chapter.title
        self.released, self.repository = released(), repository()
        self.repository_host = urlsplit(self.repository).netloc
        others = chapters(chapter.path.parent)
        beside = [guide.slug for guide in guides(chapter.path.parent)] if edition == "instructor" else []
        self._prose = Prose(_source_keys(), listed, (*slugs(chapter.path.parent), *beside), chapter.path)
        # What learners read, one after the other; the instructor's own notebooks stand by themselves.
        way = [other for other in others if other.sound]
        at = next((place for place, other in enumerate(way) if other.slug == chapter.slug), None)
        self.where = "For instructors" if at is None else f"Chapter {chapter.slug[:2]} of {len(way) - 1:02d}"
        self.before = way[at - 1] if at else None
        self.after = way[at + 1] if at is not None and at + 1 < len(way) else None
        self._kinds: list[str] = []
        self._uids: dict[str, int] = {}
        self.questions: list[dict[str, Any]] = []
        self.predictions: list[dict[str, Any]] = []
        self.claims: list[dict[str, Any]] = []

    def prose(self, html: str) -> str:
        """Markdown's HTML, made fit for the page."""
        return self._prose.clean(html)

    def display(self, spec: dict[str, Any]) -> str:
        """A display with what its script needs; notes what belongs in the key."""
        kind = spec["kind"]
        self._kinds += [kind] if kind not in self._kinds else []
        name = f"{kind}-{spec['id']}"
        self._uids[name] = self._uids.get(name, 0) + 1
        uid = name if self._uids[name] == 1 else f"{name}-{self._uids[name]}"
        if self._uids[name] == 1:
            if kind == "quiz":
                self.questions += spec["items"]
            if kind == "prediction":
                self.predictions.append(spec)
            if kind == "claims":
                self.claims += spec["claims"]
        html = self._cite(render(spec, "offline", uid))
        data = {"kind": kind, **spec.get("script", {})}
        if "pool" in data:
            data["pool"] = [self._cite(piece) for piece in data["pool"]]
        script = f'<script type="application/json" data-course="{uid}">{script_json(data)}</script>'
        return f"{html}\n{script}"

    @property
    def has_key(self) -> bool:
        """Whether the page asks for anything that a key can answer."""
        return bool(self.questions or self.predictions or self.claims)

    def image(self, output, kind: str, cell) -> str:
        """A picture that a cell made, with its description."""
        described = output.metadata.get(kind, {})
        own = described.get("alt") if isinstance(described, dict) else ""
        alt = own or output.metadata.get("alt") or cell.metadata.get("alt")
        if not alt:
            first = next(iter(cell.source.strip().splitlines()), "")
            raise ChapterError(
                f"{self.chapter.path.name}: the cell {first!r} shows a picture with no "
                'description. Give the cell one in its metadata: {"alt": "…"}.'
            )
        data = output.data[kind]
        vector = kind == "image/svg+xml"
        encoded = base64.b64encode(data.encode()).decode() if vector else "".join(data.split())
        return f'<img src="data:{kind};base64,{encoded}" alt="{escape(alt)}">'

    def opened(self, content: str) -> tuple[str, str]:
        """The content up to its title, its promise and the picture at its head, and what follows them."""
        found = _OPENING.search(content)
        end = found.end() if found else 0
        return content[:end], content[end:]

    def folded(self, content: str) -> str:
        """The content with the lists at its end, of words and of sources, behind a line that opens them."""

        def fold(found: re.Match) -> str:
            heading, name, body = found[1], found[2], found[3]
            count = body.count(_ITEMS[name])
            if not count:
                return found[0]
            summary = f"Show the {count} {name.lower()}" if count > 1 else "Show it"
            return f'{heading}\n<details class="fold"><summary>{summary}</summary>{body}</details>\n'

        return _LISTS.sub(fold, content)

    def contents(self) -> list[tuple[str, str]]:
        """(link, text) of every section so far."""
        return self._prose.contents()

    @property
    def style(self) -> str:
        footline = json.dumps(f"{self.name} · {COURSE}", ensure_ascii=False).replace("</", "<\\/")
        return f"{page_styles()}\n@page {{ @bottom-left {{ content: {footline}; }} }}"

    @property
    def script(self) -> str:
        """The displays' scripts, once each, the host that brings them to life, and the page's own."""
        return "\n".join(
            asset(f"scripts/{name}.js") for name in ("base", *sorted(self._kinds), "words", "offline", "page")
        )

    @property
    def policy(self) -> str:
        return policy(self.style, self.script)

    def _cite(self, html: str) -> str:
        """Leads a display's sources to the page's reference list, as the prose's are."""

        def lead(found: re.Match) -> str:
            key = found[1]
            return f'<a href="#ref-{key}" data-source="{key}"' if key in self._prose.listed else found[0]

        return _SOURCE_LINK.sub(lead, html)


def chapter_page(chapter: Chapter, cells: list[dict[str, Any]], edition: str) -> str:
    """A chapter's page for one edition, from its executed cells. Raises `ChapterError`."""
    left_out = {"skip-handout"} if edition == "instructor" else UNSEEN
    kept = [cell for cell in cells if not tags(cell) & left_out]
    notebook = nbformat.from_dict(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [{"id": f"cell-{index}", **cell} for index, cell in enumerate(kept)],
        }
    )
    page = Page(chapter, edition, _listed(kept))
    resources = {"page": page, "metadata": {"path": str(chapter.path.parent)}}
    return whole_dates(_exporter().from_notebook_node(notebook, resources)[0].strip()) + "\n"


def index_page(built: list[Chapter], printed: Collection[str] = (), edition: str = "student", folder: str = "") -> str:
    """The page that leads to one edition of all chapters, and to nothing of the other.

    printed: slugs of those that have PDFs. folder: where the chapters' pages are, as seen from this page.
    """
    template = _exporter().environment.get_template("index.html")
    instructor = edition == "instructor"
    page = {
        "course": COURSE,
        "edition": edition,
        "folder": folder,
        "version": __version__,
        "released": released(),
        "repository": repository(),
        "repository_host": urlsplit(repository()).netloc,
        "picture": _front(built),
        "chapters": built,
        "printed": printed,
        "faq": "" if instructor else faq.html(folder),
        "name": "Instructor: Handouts" if instructor else "Handouts",
        "description": "Every chapter of the course as one page that needs no network.",
        "style": page_styles(),
        "policy": policy(page_styles(), ""),
    }
    return whole_dates(template.render(page=page).strip()) + "\n"


def _front(built: list[Chapter]) -> str:
    """The picture of the first chapter."""
    first = next(iter(built), None)
    return Prose({}, (), (), first.path).clean(markdown2html(first.picture)) if first and first.picture else ""


def page_styles() -> str:
    """The styles of every page."""
    return f"{styles('offline')}\n{asset('styles/page.css')}"


def repository() -> str:
    """Where errors are reported: the course's repository, if `CITATION.cff` names it; or nothing."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    found = re.search(r"""^(?:repository-code|repository|url): *["']?(https://[^\s"']+)""", text, re.MULTILINE)
    return found[1] if found else ""


@cache
def _exporter() -> HandoutExporter:
    return HandoutExporter()


def _template(name: str) -> str | None:
    try:
        return asset(f"templates/{name}")
    except FileNotFoundError:
        return None  # one of nbconvert's


def _listed(cells: list[dict[str, Any]]) -> set[str]:
    """Keys of the sources that the page's reference lists will have."""
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
    specs = [data[SPEC_MIME] for data in outputs if SPEC_MIME in data]
    lists = "".join(render(spec, "offline", "list") for spec in specs if spec["kind"] == "references")
    return set(re.findall(r'id="ref-([^"]+)"', lists))


@cache
def _source_keys() -> dict[str, str]:
    keys: dict[str, str] = {}
    for source in references().values():
        keys.setdefault(same_address(source.url), source.key)
    return keys
