"""The course's helper package: what the notebooks call by name.

Rooms, from the ground up: `evidence` and `pharmacology` (facts and models), `display` (how
anything is shown), `charts`, `explorers`, `quiz` and `references` (what a notebook calls), and
`handouts` (pages that need no kernel). A room imports only rooms below it or to its left.
"""

__version__ = "0.2.0"
