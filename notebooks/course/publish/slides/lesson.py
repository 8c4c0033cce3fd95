"""The slides of a lesson, taken by name from those of its chapters, with the run sheet in the notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...chapters import ChapterError
from ...classroom.lesson_plans import SLIDE, Lesson
from ...evidence import nearest
from .plan import Slide


def taught(lesson: Lesson, plans: Mapping[str, Sequence[Slide]], core: bool = False) -> list[Slide]:
    """The lesson's slides in order. plans: slides of each chapter by its number. core: without Deeper.

    The first slide of each part has in its notes when it is due, what to do and what to say; a question that is
    expected to be answered wrongly, how to respond. Raises `ChapterError` for a name that no slide has.
    """
    made = [Slide("title", lesson.title, lesson.promise, notes=[run_sheet(lesson), f"**To skip.** {lesson.skip}"])]
    responses = {one.item: one for one in lesson.expected}
    for slot in lesson.slots:
        told = f"**Minutes {slot.start} to {slot.end}. Do:** {slot.do}\n\n**Say:** {slot.say}"
        for name in slot.slides:
            for slide in named(name, plans, lesson.id):
                if core and slide.deeper:
                    continue
                notes = [told, *slide.notes] if told else [*slide.notes]
                told = ""
                if slide.id in responses and slide.kind == "question":
                    wrong = responses[slide.id]
                    notes.insert(0, f"**Expect** “{wrong.text}”. {wrong.respond}")
                made.append(replace(slide, notes=notes))
        if told:  # a pause, or a part whose slides were left out
            made[-1] = replace(made[-1], notes=[*made[-1].notes, told])
    talk = "\n\n".join(f"**{prompt}** {answer}" for prompt, answer in lesson.discussions)
    made[-1] = replace(made[-1], notes=[*made[-1].notes, f"**To discuss, with model answers.**\n\n{talk}"])
    return made


def run_sheet(lesson: Lesson) -> str:
    """When which part is due, as a Markdown table."""
    rows = [f"| {slot.start} to {slot.end} | {slot.id} | {slot.do} |" for slot in lesson.slots]
    return "\n".join(["| minutes | part | do |", "|---|---|---|", *rows])


def named(name: str, plans: Mapping[str, Sequence[Slide]], lesson_id: str) -> list[Slide]:
    """The slides of this name: all pages of a text, both halves of a chart. Raises `ChapterError`."""
    found = SLIDE.fullmatch(name)
    number, kind, which, nth = found.groups() if found else ("", "", "", None)
    plan = plans.get(number, ())
    if kind == "title":
        return [slide for slide in plan if slide.kind == "title"][:1]
    runs: list[list[Slide]] = []
    for before, slide in zip([None, *plan], plan, strict=False):
        if (slide.kind, slide.id) != (kind, which):
            continue
        goes_on = before is not None and (before.kind, before.id) == (kind, which) and slide.kind in ("text", "chart")
        if goes_on and "1 of" not in slide.title:
            runs[-1].append(slide)
        else:
            runs.append([slide])
    if len(runs) < int(nth or 1):
        mend = nearest(which or "", sorted({slide.id for slide in plan if slide.kind == kind}))
        problem = f"the lesson {lesson_id!r} names the slide {name!r}, which is not there."
        raise ChapterError(f"data/lessons.yaml: {problem} {mend}")
    return runs[int(nth or 1) - 1]
