"""Prose on a handout."""

from ..chapters.prose import Prose, heading_id, same_address

__all__ = ["Prose", "heading_id", "same_address"]
