"""Broadsheet: a self-hosted daily papers.

    import broadsheet

    with broadsheet.open("./data") as library:
        for hit in library.search("sparse attention").hits:
            print(hit.score, hit.paper.id, hit.paper.title)

`open` builds a `Library` on a home folder; the rest are the types and the errors it speaks in.
"""

from importlib.metadata import version

from broadsheet.errors import (
    BadRecord,
    BadSetting,
    BadSource,
    BroadsheetError,
    Busy,
    Conflict,
    Damaged,
    Forbidden,
    NotFound,
    Refused,
    SignInNeeded,
    StorageFull,
    TooMany,
)
from broadsheet.library import Library, Rules, open  # noqa: A004 - broadsheet.open reads as what it does
from broadsheet.types import Actor, Author, Edition, Entry, Hit, Identifier, Page, Paper, Role, Sort, Span, Status

__version__ = version("broadsheet")

__all__ = [
    "Actor",
    "Author",
    "BadRecord",
    "BadSetting",
    "BadSource",
    "BroadsheetError",
    "Busy",
    "Conflict",
    "Damaged",
    "Edition",
    "Entry",
    "Forbidden",
    "Hit",
    "Identifier",
    "Library",
    "NotFound",
    "Page",
    "Paper",
    "Refused",
    "Role",
    "Rules",
    "SignInNeeded",
    "Sort",
    "Span",
    "Status",
    "StorageFull",
    "TooMany",
    "__version__",
    "open",
]
