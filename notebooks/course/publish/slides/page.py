"""A deck: all slides of a chapter in one page that needs nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from markupsafe import escape
from nbconvert.filters import markdown2html

from ... import __version__
from ...chapters import Chapter, slugs
from ...chapters.html import COURSE, policy, released, script_json
from ...chapters.prose import Prose
from ...classroom.lesson_plans import Lesson
from ...display import render, styles
from ...display.files import asset
from .lesson import taught
from .plan import Slide, slides

SHOWN_SOURCES = 3


def deck(chapter: Chapter, cells: list[dict[str, Any]], core: bool = False) -> str:
    """The page of a chapter's slides, from its executed cells. core: without Deeper. Raises `ChapterError`."""
    shown = [slide for slide in slides(chapter, cells) if not (core and slide.deeper)]
    return _Deck(
        chapter.slug, chapter.title, chapter.promise, f"Chapter {int(chapter.number)}", chapter.path.parent
    ).page(shown)


def lesson_deck(lesson: Lesson, cells: dict[str, tuple[Chapter, list[dict[str, Any]]]], core: bool = False) -> str:
    """The page of a lesson's slides. cells: executed chapters by their number. Raises `ChapterError`."""
    plans = {number: slides(*chapter) for number, chapter in cells.items()}
    folder = next(iter(cells.values()))[0].path.parent
    which = f"chapter{'s' * (len(lesson.chapters) > 1)} {', '.join(lesson.chapters)}"
    label = f"{lesson.length[:1].upper()}{lesson.length[1:]}, {which}"
    name = f"{lesson.id}{'-core' if core else ''}"
    return _Deck(f"lesson-{name}", lesson.title, lesson.promise, label, folder).page(taught(lesson, plans, core))


class _Deck:
    def __init__(self, slug: str, title: str, promise: str, label: str, folder: Path):
        self.slug, self.title, self.promise, self.label = slug, title, promise, label
        self._prose = Prose({}, (), slugs(folder))
        self._uids: dict[str, int] = {}
        self._kinds: set[str] = set()

    def page(self, plan: list[Slide]) -> str:
        shown = [self._slide(slide) for slide in plan]
        names = ("base", *sorted(self._kinds), "poll", "slides", "offline")
        script = "\n".join(asset(f"scripts/{name}.js") for name in names)
        style = f"{styles('offline')}\n{asset('styles/slides.css')}"
        spec = {
            "kind": "slides",
            "course": COURSE,
            "slug": self.slug,
            "label": self.label,
            "title": self.title,
            "promise": self.promise,
            "version": __version__,
            "released": released(),
            "slides": shown,
            "style": style,
            "script": script,
            "policy": policy(style, script),
        }
        return render(spec, "offline", "") + "\n"

    def _slide(self, slide: Slide) -> dict[str, Any]:
        return {
            "kind": slide.kind,
            "title": slide.title,
            "part": slide.part if slide.part != slide.title else "",
            "deeper": slide.deeper,
            "one_by_one": slide.one_by_one,
            "text": self._plain_links(self._html(slide.text)) if slide.text else "",
            "sources": slide.sources[:SHOWN_SOURCES],
            "more_sources": max(0, len(slide.sources) - SHOWN_SOURCES),
            "display": self._display(slide.spec) if slide.spec else "",
            "answer": self._answer(slide) if slide.spec else None,
            "notes": [self._html(note) for note in slide.notes],
            "cites": _cited(slide.spec) if slide.spec else [],
        }

    def _html(self, markdown: str) -> str:
        # A heading in the notes is no place to go to: ids belong to slides.
        html = re.sub(r'<a [^>]*href="#[^"]*"[^>]*>(.*?)</a>', r"\1", self._prose.clean(markdown2html(markdown)))
        return re.sub(r"(<h[1-6]) id=\"[^\"]*\"", r"\1", html).strip()

    def _plain_links(self, html: str) -> str:
        return re.sub(r"</?a\b[^>]*>", "", html)

    def _display(self, spec: dict[str, Any]) -> str:
        kind = spec["kind"]
        self._kinds.add(kind)
        name = f"{kind}-{spec['id']}"
        self._uids[name] = self._uids.get(name, 0) + 1
        uid = name if self._uids[name] == 1 else f"{name}-{self._uids[name]}"
        data = {"kind": kind, **spec.get("script", {})}
        # A landmark has a name of its own; these would have one name on many slides.
        html = re.sub(
            r'<section (?=class="(?:case|verdict-chart)")', '<section role="group" ', render(spec, "offline", uid)
        )
        return f'{html}\n<script type="application/json" data-course="{uid}">{script_json(data)}</script>'

    def _answer(self, slide: Slide) -> dict[str, str] | None:
        """What the instructor can reveal: the answer, and why."""
        if slide.kind == "question":
            item = slide.spec["items"][0]
            return {"key": item["key"], "why_html": item["why_html"]}
        if slide.kind == "claim":
            claim = slide.spec["claims"][0]
            return {"key": claim["verdict"].capitalize(), "why_html": str(escape(claim["reason"]))}
        if slide.kind == "prediction":
            guesses = "; ".join(f"{guess['label']}: {guess['answer']}" for guess in slide.spec["guesses"])
            return {"key": guesses, "why_html": str(escape(slide.spec["why"]))}
        return None


def _cited(spec: dict[str, Any]) -> list[dict[str, str]]:
    """Sources of a display, for the notes."""
    if "chart" in spec:
        return spec["chart"]["sources"]
    return [source for item in spec.get("items") or spec.get("claims") or () for source in item.get("sources", ())]
