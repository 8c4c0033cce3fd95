"""Teaching: lessons as data, and how they are shown to whoever teaches them; what a class has done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..arguments import forgiving, only
from .guide import lessons

if TYPE_CHECKING:
    from .results.view import ClassView


@forgiving
def class_results(*files: str | Path) -> ClassView:
    """What a class has done, from a folder of its files: `classroom.class_results("~/Downloads/class")`.

    Without any: a simulated class, to see what there is to see.
    """
    from .results.view import ClassView

    return ClassView(files)


__all__ = ["class_results", "lessons"]
__getattr__ = only("classroom", __all__)
