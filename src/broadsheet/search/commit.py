"""What one commit of the keyword index is read with, and what is remembered for as long as it is the last one."""

import threading
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, NamedTuple

from broadsheet.search.hits import Hits
from broadsheet.search.spelling import Vocabulary

if TYPE_CHECKING:  # numpy is loaded with the first question
    from broadsheet.search.postings import Snapshot

REMEMBERED = 2_000  # counts


class Counts:
    """How many papers match what, remembered for the life of one commit. Safe to share among threads."""

    def __init__(self) -> None:
        self._known: dict[Hashable, int] = {}
        self._lock = threading.Lock()

    def of(self, what: Hashable, count: Callable[[], int]) -> int:
        """The number that is remembered, or that `count` finds."""
        known = self._known.get(what)
        if known is None:
            known = count()
            with self._lock:
                if len(self._known) >= REMEMBERED:
                    del self._known[next(iter(self._known))]
                self._known[what] = known
        return known


class Commit(NamedTuple):
    """What one commit is read with. `frequency` tells how many papers have a stem, and remembers it."""

    hits: Hits
    counts: Counts
    vocabulary: Vocabulary
    postings: "Callable[[], Snapshot]"
    frequency: Callable[[str], int]
