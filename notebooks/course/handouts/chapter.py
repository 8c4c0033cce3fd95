"""A chapter for its two editions."""

from ..chapters.chapter import NAME, Chapter, chapters, plain, tags
from ..chapters.chapter import ChapterError as HandoutError

__all__ = ["EDITIONS", "NAME", "Chapter", "HandoutError", "chapters", "plain", "tags"]

EDITIONS = ("student", "instructor")
