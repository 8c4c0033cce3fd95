"""Teaching: lessons as data, and how they are shown to whoever teaches them."""

from ..arguments import only
from .guide import lessons

__all__ = ["lessons"]
__getattr__ = only("classroom", __all__)
