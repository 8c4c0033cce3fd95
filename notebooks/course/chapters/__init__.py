"""The course's chapters: which there are, in which order, and what their notebooks hold.

The one owner of order, titles, headings, anchors, minutes and questions, and the one reader of notebook files.
What handouts and slides share, so that a notebook is executed once for both, is here too.
"""

from .course import chapter, chapters, guides, notebooks, slugs, strays, taught, whereabouts
from .notebook import UNSEEN, Chapter, ChapterError, anchor, minutes_of, plain, read, tags, unseen

__all__ = ["UNSEEN", "Chapter", "ChapterError", "anchor", "chapter", "chapters", "minutes_of", "plain", "read"]
__all__ += ["guides", "notebooks", "slugs", "strays", "tags", "taught", "unseen", "whereabouts"]
