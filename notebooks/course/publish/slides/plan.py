"""Which slides a chapter has, and what each says. See the room's docstring for the rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...chapters import Chapter, ChapterError, anchor, plain, tags
from ...chapters.short import DEEPER, LEFT_OUT, WHOLE, bare, pages, said, sections, short, uncited
from ...display import SPEC_MIME
from .split_charts import halves

LONGEST = 420
ABLE = "Afterwards you can"
ALIVE = ("explorer", "prediction")
_PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)\n*", re.MULTILINE)  # for readers


@dataclass
class Slide:
    """One slide. Texts are Markdown; `spec` is a display's, cut to what this slide shows.

    kind: title, text, chart, explorer, prediction, question or claim. part: the section it belongs to. id: the
    display's, the question's or the heading's, by which a lesson names it.
    """

    kind: str
    title: str
    text: str = ""
    part: str = ""
    deeper: bool = False
    one_by_one: bool = False
    sources: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    spec: dict[str, Any] | None = None
    id: str = ""


def slides(chapter: Chapter, cells: list[dict[str, Any]]) -> list[Slide]:
    """The slides of a chapter, from its executed cells. Raises `ChapterError` for a text that is too long."""
    found: list[Slide] = []
    plan_notes: list[str] = []
    part, deeper = "", False
    for cell in cells:
        if tags(cell) & {"skip-handout", "skip-slides"}:
            continue
        if "instructor" in tags(cell):
            plan_notes.append(cell["source"])
        elif cell["cell_type"] == "code":
            for shown in _displays(chapter, cell):
                found.append(Slide(part=part, **{**shown, "deeper": deeper or shown["deeper"]}))
        else:
            for heading, body in sections(cell["source"]):
                if heading and not _is_title(heading) and plain(heading.lstrip("# ")) not in ("Sources", "Words"):
                    part, deeper = plain(heading.lstrip("# ")), bool(DEEPER.match(body.strip()))
                made = list(_prose(chapter, cell, heading, body, part))
                for slide in made:
                    slide.part = part if slide.kind != "title" else ""
                    slide.deeper = slide.deeper or deeper
                found += made
                if body.strip() and found:
                    (made or found[-1:])[0].notes.append(_PICTURE.sub("", body).strip())
    if found:
        found[0].notes += plan_notes
    return found


def _prose(chapter: Chapter, cell: Mapping[str, Any], heading: str, body: str, part: str) -> Iterator[Slide]:
    name = plain(heading.lstrip("# "))
    own = said(cell, name)
    one_by_one = cell.get("metadata", {}).get("slideshow", {}).get("slide_type") == "fragment"
    if own is not None:
        _check(chapter, cell, own)
    if _is_title(heading):
        yield Slide("title", name, chapter.promise if own is None else own)
        able = re.search(rf"{ABLE}[^\n]*\n\s*\n((?:- .+(?:\n|$))+)", body)
        if able:
            points = re.sub(r"\s*\*\((?:Core|Deeper)\)\*", "", able[1])
            yield from _text(ABLE, uncited(points.strip()))
    elif own is not None:
        title = re.match(r"## (.+)\n*", own)
        text = own[title.end() :] if title else own
        if not (title or name) and "\n" not in own.strip():
            title, text = re.match("(.*)", own.strip()), ""  # one line of its own: the words are the title
        if own.strip():
            yield from _text(title[1] if title else name or part, text.strip(), one_by_one=one_by_one)
    elif heading and name not in LEFT_OUT:
        text, sources = (uncited(body), []) if name in WHOLE else short(body)
        if text:
            parts = re.split(r"(?m)^(?=- )", text) if name in WHOLE else [text]
            core, more = ["".join(point for point in parts if _is_deeper(point) is way) for way in (False, True)]
            yield from _text(name, core.strip(), one_by_one=one_by_one, sources=sources)
            if more:
                yield from _text(name, more.strip(), one_by_one=one_by_one, deeper=True)


def _text(name: str, text: str, **more: Any) -> Iterator[Slide]:
    """A text on as many slides as its words ask for."""
    cut = pages(text)
    for place, page in enumerate(cut, 1):
        title = name if len(cut) == 1 else f"{name} ({place} of {len(cut)})"
        yield Slide("text", title, page, id=anchor(name), **more)


def _displays(chapter: Chapter, cell: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if cell["source"].startswith("quiz.warm_up("):
        return  # for one reader: what she missed
    for output in cell.get("outputs", ()):
        spec = output.get("data", {}).get(SPEC_MIME)
        if not spec:
            continue
        named = {"id": spec["id"], "deeper": False}
        if spec["kind"] == "chart":
            try:
                shown = halves(spec["chart"])
            except ValueError as error:
                name = f"{chapter.path.name}: the chart {spec['id']!r}"
                raise ChapterError(f"{name} is too tall for a slide and cannot be divided: {error}.") from None
            for chart in shown:
                yield {"kind": "chart", "title": chart["title"], "spec": {**spec, "chart": chart}, **named}
        elif spec["kind"] in ALIVE:
            if "why" in spec:
                spec = {**spec, "why": spec["why"].replace("the explorer below", "the explorer on a later slide")}
            title = spec["chart"]["title"] if "chart" in spec else spec["question"]
            yield {"kind": spec["kind"], "title": spec.get("name", title), "spec": spec, **named}
        elif spec["kind"] == "quiz" and spec.get("mode") != "check":
            cases = {item["case"]["id"]: item["case"] for item in spec["items"] if item.get("case")}
            for item, judged in zip(spec["items"], spec["script"]["items"], strict=True):
                item = {**item, "case": cases.get(item.get("of_case", ""))}  # the story stands with each question
                one = {**spec, "id": item["id"], "mode": "poll", "folded": False, "items": [item]}
                one["script"] = {**spec["script"], "mode": "poll", "items": [judged]}
                level = item.get("level") == "deeper"
                yield {
                    "kind": "question",
                    "title": f"Question {item['number']}",
                    "spec": one,
                    "id": item["id"],
                    "deeper": level,
                }
        elif spec["kind"] == "claims":
            for claim, judged in zip(spec["claims"], spec["script"]["claims"], strict=True):
                one = {**spec, "id": claim["id"], "claims": [claim]}
                one["script"] = {**spec["script"], "claims": [judged]}
                title = f"Claim {claim['number']}"
                yield {"kind": "claim", "title": title, "spec": one, "id": claim["id"], "deeper": False}


def _check(chapter: Chapter, cell: Mapping[str, Any], text: Any) -> None:
    if not isinstance(text, str) or len(bare(text)) > LONGEST:
        first = next(iter(cell["source"].strip().splitlines()), "")
        raise ChapterError(
            f"{chapter.path.name}: the cell {first!r} gives its slide {len(bare(str(text)))} characters; "
            f"a slide holds {LONGEST}. Shorten course.slide in the cell's metadata."
        )


def _is_deeper(point: str) -> bool:
    """Whether a key point is of the Deeper layer."""
    return point.startswith("- *Deeper:*")


def _is_title(heading: str) -> bool:
    return heading.startswith("# ")
