"""Who opened a paper's page: counted once a reader and day, and never kept.

A reader is known by a hash only, of who they are or where they ask from, the paper, and a key that is made by chance
each day and held in memory alone. So nobody can tell afterwards who read what; and a process that starts anew counts
a reader of that day again. What was counted waits here until it is written (`take`).
"""

import secrets
import threading
from datetime import datetime, timedelta
from hashlib import blake2b

MOST = 500_000  # readers and papers of a day that are told apart, some 30 MB; beyond, nothing more is counted


class Readers:
    """The reads of a day, and those that wait to be written. Safe to share among threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._day, self._key = "", b""
        self._seen: set[bytes] = set()
        self._waiting: dict[str, dict[int, int]] = {}
        self._written: datetime | None = None

    def note(self, day: str, number: int, reader: str) -> bool:
        """Notes that a reader opened the page of a paper, and says whether that counts."""
        with self._lock:
            if day != self._day:
                self._day, self._key, self._seen = day, secrets.token_bytes(32), set()
            mark = blake2b(f"{number} {reader}".encode(), key=self._key, digest_size=8).digest()
            if mark in self._seen or len(self._seen) >= self._most:
                return False
            self._seen.add(mark)
            reads = self._waiting.setdefault(day, {})
            reads[number] = reads.get(number, 0) + 1
            return True

    def due(self, now: datetime, every: timedelta) -> bool:
        """Whether it is time to write; says so once in so long."""
        with self._lock:
            if self._written is not None and self._written <= now < self._written + every:
                return False
            self._written = now
            return True

    def take(self) -> dict[str, dict[int, int]]:
        """What waits to be written: by day and number of the paper. It waits no longer."""
        with self._lock:
            taken, self._waiting = self._waiting, {}
            return taken

    def put_back(self, day: str, reads: dict[int, int]) -> None:
        """What could not be written waits again."""
        with self._lock:
            waiting = self._waiting.setdefault(day, {})
            for number, count in reads.items():
                waiting[number] = waiting.get(number, 0) + count
