"""The evidence: typed rows of `data/` and their sources. Nothing here draws or stores anything."""

from .errors import DataError, nearest
from .references import Reference, reference, references, same_address
from .tables import read_table, row, sources_of, table

__all__ = ["DataError", "Reference", "nearest", "read_table", "reference", "references", "row", "same_address"]
__all__ += ["sources_of", "table"]
