"""The learner's record: what she answered and guessed, as events in one SQLite file that is only ever added to.

It lies outside the course's folder, where the platform keeps a user's data, or where `COURSE_HOME` says. Nothing is
sent anywhere.

- `event` and `order`: one event, its check, and what comes before what
- `store`: one record, as several notebooks use it at once; `transactions` how its file is used, `schema` its tables,
  `faults` what can go wrong, `salvage` what is still sound in a damaged file
- `profiles`: the records of a shared computer; `names` their pseudonyms; `private` where they lie, closed to others
- `parts`: what the known parts of an event may be
"""

from . import faults, profiles
from .event import Event
from .names import pseudonym, slug
from .private import folder
from .profiles import Record, begin, erase, file, in_use, log, records, set_aside, use
from .schema import VERSION
from .store import Log, chapter, enter

__all__ = [
    "VERSION",
    "Event",
    "Log",
    "Record",
    "begin",
    "chapter",
    "enter",
    "faults",
    "profiles",
    "erase",
    "file",
    "folder",
    "in_use",
    "log",
    "pseudonym",
    "records",
    "set_aside",
    "slug",
    "use",
]
