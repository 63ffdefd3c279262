"""How often one address may search: counted in memory, since a search writes nothing.

What people write is counted where it is written, in the catalogue, and comes here as an `Allowance`.
"""

import threading
from collections.abc import Callable

from broadsheet.types import Allowance

MOST = 50_000  # addresses that are remembered; the longest known is forgotten first


class Searches:
    """A window of time for each address, which its first search opens. Safe to share among threads."""

    def __init__(self, limit: int, window: int, clock: Callable[[], float]) -> None:
        self._limit, self._window, self._clock = limit, window, clock
        self._seen: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def count(self, client: str) -> Allowance | None:
        """Counts a search: what is left after it, -1 where it is one too many. None where there is no limit."""
        if not self._limit:
            return None
        now = self._clock()
        with self._lock:
            start, made = self._seen.get(client, (now, 0))
            if now - start >= self._window:
                del self._seen[client]
                start, made = now, 0
            if client not in self._seen and len(self._seen) >= MOST:
                del self._seen[next(iter(self._seen))]
            self._seen[client] = (start, min(made + 1, self._limit + 1))
        seconds = max(1, round(start + self._window - now))
        return Allowance("search", self._limit, self._window, max(-1, self._limit - made - 1), seconds)
