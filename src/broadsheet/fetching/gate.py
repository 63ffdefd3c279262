"""How often a host is asked: one request at a time, and one in so many seconds, by all of this machine together.

arXiv's terms count all machines, threads and services of one user as one: three seconds between requests, one
connection at a time, for OAI, listings, feeds and the query API together. So its hosts stand behind one gate. A gate
is a lock on a file that holds the instant before which nobody may ask; the lock dies with its process.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from broadsheet.errors import Unavailable
from broadsheet.locks import FileLock

GROUPS: Mapping[str, float] = MappingProxyType({"arxiv.org": 3.0})
"""Domains whose hosts share one gate, and the least seconds between two requests there (arXiv: help/api/tou)."""

LONGEST = 600.0
"""Seconds: who would have to wait longer gives up at once and comes back later."""

_FURTHEST = 7 * 86_400.0  # seconds; an instant further ahead was written by a clock that was wrong


class Turn:
    """The right to ask a host, while it lasts."""

    def __init__(self) -> None:
        self.after = 0.0

    def postpone(self, seconds: float) -> None:
        """Nobody asks this host for so many seconds from now: it said so (Retry-After)."""
        self.after = max(self.after, seconds)


class Gate:
    """Turns to ask, host by host. Safe to share among threads; processes share one by its folder."""

    def __init__(
        self,
        folder: Path | None,
        seconds: float,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`seconds` between the starts of two requests. Without a folder the gate is for this process only.

        `clock` is the time of day, which processes have in common, in seconds.
        """
        self._folder, self._seconds, self._clock, self._sleep = folder, seconds, clock, sleep
        self._guard = threading.Lock()
        self._own: dict[str, tuple[threading.Lock, list[float]]] = {}

    @contextmanager
    def turn(self, host: str) -> Iterator[Turn]:
        """Waits until the host may be asked, and keeps all others from it meanwhile.

        Raises Unavailable where the host asked for a longer pause than is worth waiting for.
        """
        name = group(host)
        with self._held(name) as place:
            now = self._clock()
            wait = _read(place) - now
            if LONGEST < wait <= _FURTHEST:
                raise Unavailable(f"{name} asked for a pause, of which {wait:,.0f} s are left.", retry_after=wait)
            if 0 < wait <= LONGEST:
                self._sleep(wait)
                now = self._clock()
            _write(place, now + max(self._seconds, GROUPS.get(name, 0.0)))
            turn = Turn()
            try:
                yield turn
            finally:
                if turn.after:
                    _write(place, max(_read(place), self._clock() + turn.after))

    @contextmanager
    def _held(self, name: str) -> Iterator["Path | list[float]"]:
        """The place where a group's next instant stands, locked. Raises Unavailable if it stays locked by others."""
        if self._folder is None:
            with self._guard:
                lock, memory = self._own.setdefault(name, (threading.Lock(), [0.0]))
            with lock:
                yield memory
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._folder / f"{quote(name, safe='')}.gate"
        shared = FileLock(place.with_name(f"{place.name}.lock"))
        try:
            if not shared.acquire(LONGEST):
                raise Unavailable(f"Others have been asking {name} for {LONGEST:.0f} s; try again later.")
            yield place
        finally:
            shared.close()  # and with it goes the lock


def group(host: str) -> str:
    """The name of the gate a host stands behind: its own, or its domain's."""
    host = host.lower().rstrip(".")
    return next((name for name in GROUPS if host == name or host.endswith(f".{name}")), host)


def _read(place: "Path | list[float]") -> float:
    if isinstance(place, list):
        return place[0]
    try:
        return float(place.read_bytes()[:64])
    except (OSError, ValueError):
        return 0.0  # nobody was here yet, or a full disk cut it off


def _write(place: "Path | list[float]", instant: float) -> None:
    if isinstance(place, list):
        place[0] = instant
    else:
        place.write_text(f"{instant:.3f}\n", "ascii")
