"""The course's helper package: what the notebooks call by name.

Rooms, from the ground up: `evidence` and `models` (facts and models), `chapters` (the notebooks), `display` (how
anything is shown), `topics` (one folder each: rows, charts, explorer), `charts`, `explorers`, `claims`, `quiz`,
`learning`, `references` and `start` (what a notebook calls), `upkeep` (what keeps the course true) and `publish`
(handouts, slides). A room imports only rooms below it or to its left.
"""

__version__ = "0.2.0"


def __getattr__(name: str) -> None:
    """A room that is not there is answered with the nearest, in one sentence."""
    from pathlib import Path

    rooms = {path.stem for path in Path(__file__).parent.iterdir() if path.suffix == ".py" or path.is_dir()}
    if name.startswith("_") or name in rooms:
        raise AttributeError(name)
    from .arguments import NoSuchRoom
    from .evidence import nearest

    called = ["charts", "claims", "explorers", "learning", "quiz", "references", "start"]
    raise NoSuchRoom(f"The course has no {name!r} to import. {nearest(name, called)}")
