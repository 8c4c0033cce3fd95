"""What a learner sees of her own way through the course."""

from .course_map import CourseMap


def course_map() -> CourseMap:
    """Every chapter with what it gives and takes, and, while the course runs, how far you are."""
    return CourseMap()


__all__ = ["course_map"]
