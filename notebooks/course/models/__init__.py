"""Pure functions on arrays. No files, no plots, units in every name."""
