"""Maps that were made already, as long as they are those that would be made again."""

import threading
from collections.abc import Callable, Hashable

from broadsheet.types import Atlas

KEPT = 6  # each takes a megabyte at most


class Maps:
    """The latest maps by what makes them. One is made at a time, and nobody makes the same twice."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Atlas] = {}
        self._lock = threading.Lock()

    def of(self, state: Hashable, make: Callable[[], Atlas]) -> Atlas:
        """The map of this state, made if it is not here."""
        with self._lock:
            if (found := self._kept.pop(state, None)) is None:
                found = make()
            self._kept[state] = found
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return found
