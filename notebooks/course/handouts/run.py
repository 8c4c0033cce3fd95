"""Runs a notebook once for both editions."""

from ..chapters.run import Cells, execute, executed, run

__all__ = ["Cells", "execute", "executed", "run"]
