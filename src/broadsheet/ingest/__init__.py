"""Sources -> catalogue: the one floor where the outside world and truth meet.

    files      a file of papers, read once
    sync       a live source, asked again and again
    lookups    what other sources know of papers that are here already
    shortfalls announced papers that are missing here, asked for by name
    picks      the automatic editor's order of each day

Each can be interrupted at any moment: a batch and the place to go on from are one transaction. The index is not
touched here: it follows the catalogue's change log (`Library.follow`).
"""

from broadsheet.ingest.files import Progress, import_file, import_starter
from broadsheet.ingest.lookups import look_up
from broadsheet.ingest.picks import PicksProgress, pick_editions
from broadsheet.ingest.shortfalls import close_shortfalls
from broadsheet.ingest.sync import SyncProgress, ask, sync

__all__ = [
    "PicksProgress",
    "Progress",
    "SyncProgress",
    "ask",
    "close_shortfalls",
    "import_file",
    "import_starter",
    "look_up",
    "pick_editions",
    "sync",
]
