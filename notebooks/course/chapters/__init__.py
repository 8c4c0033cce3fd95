"""Chapters as files: what they hold, what their cells show when run once, and pages written whole.

What handouts and slides share, so that a notebook is executed once for both.
"""
