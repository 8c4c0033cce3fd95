"""The course's helper package: what the notebooks call by name.

Rooms, from the ground up: `evidence` and `models` (facts and models), `chapters` (the notebooks), `display` (how
anything is shown), `topics` (one folder each: rows, charts, explorer), `charts`, `explorers`, `claims`, `quiz`,
`learning`, `references` and `start` (what a notebook calls), `upkeep` (what keeps the course true) and `publish`
(handouts, slides). A room imports only rooms below it or to its left.
"""

__version__ = "0.2.0"
