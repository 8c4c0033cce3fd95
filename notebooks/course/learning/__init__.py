"""What a learner sees of her own way through the course."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..arguments import forgiving, only
from .course_map import CourseMap

if TYPE_CHECKING:
    from .calibrating import CalibrationView
    from .certificates import CertificateView
    from .export import Export
    from .finished import SectionsView
    from .gains import GainView
    from .imports import Import
    from .record import RecordView
    from .reviewing import DueView, ReviewView


@forgiving
def course_map() -> CourseMap:
    """Every chapter with what it gives and takes, and, while the course runs, how far you are."""
    return CourseMap()


@forgiving
def review() -> ReviewView:
    """The questions that are due for review now, and when the others come back."""
    from .reviewing import ReviewView

    return ReviewView()


@forgiving
def due_today() -> DueView:
    """One line: how many questions are due for review today."""
    from .reviewing import DueView

    return DueView()


@forgiving
def calibration() -> CalibrationView:
    """How often you were right when you said that you were sure."""
    from .calibrating import CalibrationView

    return CalibrationView()


@forgiving
def gain() -> GainView:
    """Your test before the course against your test after it."""
    from .gains import GainView

    return GainView()


@forgiving
def certificate(name: str = "", folder: str | Path | None = None) -> CertificateView:
    """A printable certificate, made on this computer. With a name it is written: to Downloads, or to `folder`."""
    from .certificates import CertificateView

    return CertificateView(name, folder)


@forgiving
def sections(chapter: str) -> SectionsView:
    """The sections of a chapter, to be ticked when they are finished: `learning.sections("03-how-much-binds")`."""
    from .finished import SectionsView

    return SectionsView(chapter)


@forgiving
def my_record() -> RecordView:
    """Your record: where it lies, what it holds, and how to take it along, share the computer, reset or erase."""
    from .record import RecordView

    return RecordView()


@forgiving
def export_record(pseudonym: str = "", folder: str | Path | None = None) -> Export:
    """Writes your record as xAPI statements and as a table: to Downloads, or to `folder`. Nothing is sent anywhere.

    pseudonym: how you are called in the files; without one, as at the last export.
    """
    from .export import export_record

    return export_record(pseudonym, folder)


@forgiving
def import_record(path: str | Path, anyone: bool = False) -> Import:
    """Puts another machine's exported record into yours. What is there already is not counted twice.

    anyone: also the record of another person, which is refused otherwise.
    """
    from .imports import import_record

    return import_record(path, anyone)


__all__ = [
    "calibration",
    "certificate",
    "course_map",
    "due_today",
    "export_record",
    "gain",
    "import_record",
    "my_record",
    "review",
    "sections",
]
__getattr__ = only("learning", __all__)
