"""What one commit of the keyword index is read with, and what is remembered for as long as it is the last one."""

import contextlib
import threading
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from broadsheet.search.hits import Hits
from broadsheet.search.spelling import Vocabulary

if TYPE_CHECKING:  # numpy is loaded with the first question
    from broadsheet.search.postings import Numbers, Snapshot

REMEMBERED = 2_000  # of each kind
Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """What was found, remembered for the life of one commit. Safe to share among threads."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Value] = {}
        self._lock = threading.Lock()

    def of(self, what: Hashable, find: Callable[[], Value]) -> Value:
        """What is remembered, or what `find` finds."""
        with contextlib.suppress(KeyError):
            return self._known[what]
        found = find()
        with self._lock:
            if len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[what] = found
        return found


class Commit(NamedTuple):
    """What one commit is read with. `frequency` tells how many papers have a stem, and remembers it.

    Remembered are how many papers match what; the papers of authors, None where they are too many; and how the names
    are written that the postings know by a key.
    """

    hits: Hits
    counts: Remembered[int]
    vocabulary: Vocabulary
    postings: "Callable[[], Snapshot]"
    frequency: Callable[[str], int]
    signed: "Remembered[Numbers | None]"
    written: Remembered[str | None]
