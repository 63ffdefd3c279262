"""Files mapped into memory, and how much of them is there at once.

The system reads a page of a mapped file when it is needed, and takes it back when something else needs the room. Until
then it counts as this process's own: after some hundred queries an index of two gigabytes looks like a process of two
gigabytes. So pages are let go of above a bound. They stay in the system's cache, and are mapped again in no time.
"""

import contextlib
import mmap
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

MOST = 1_100_000_000  # bytes of mapped files that are in memory, those that tantivy mapped included
PAUSE = 0.05  # seconds until the next look, where there was room: a look takes as long as a step of a search,
REST = 60.0  # and until the next try, where letting go of everything of ours was not enough
_STEP = 1 << 27  # bytes that are let go of at once: that takes a millisecond or two
_STATUS = Path("/proc/self/statm")


def resident() -> int:
    """How many bytes of mapped files this process has in memory; 0 where the system does not tell."""
    try:
        return int(_STATUS.read_bytes().split()[2]) * mmap.PAGESIZE
    except (OSError, ValueError, IndexError):
        return 0


class Files:
    """The files that are mapped. Safe to share among threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._resting = clock, 0.0
        self._files: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()
        self._pieces: deque[tuple[weakref.ref[mmap.mmap], int]] = deque()
        self._lock = threading.Lock()

    def mapped(self, path: Path) -> npt.NDArray[np.uint8]:
        """The bytes of a file, for reading. Raises OSError, and ValueError for an empty one."""
        with path.open("rb") as file:
            pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        with self._lock:
            self._files.add(pages)
        return np.frombuffer(pages, np.uint8)

    def keep_below(self, most: int) -> None:
        """Lets go of pages, file after file in turn, until no more are in memory."""
        if self._clock() < self._resting:
            return
        if resident() <= most:
            self._resting = self._clock() + PAUSE
            return
        if not self._lock.acquire(blocking=False):
            return
        try:
            steps = sum(-(-len(pages) // _STEP) for pages in self._files)
            while resident() > most:
                if not steps:
                    self._resting = self._clock() + REST
                    return
                self._let_go()
                steps -= 1
        finally:
            self._lock.release()

    def _let_go(self) -> None:
        if not self._pieces:
            self._pieces.extend((weakref.ref(pages), at) for pages in self._files for at in range(0, len(pages), _STEP))
        if not self._pieces:
            return
        file, at = self._pieces.popleft()
        if (pages := file()) is not None and hasattr(mmap, "MADV_DONTNEED"):
            with contextlib.suppress(ValueError, OSError):  # it was closed meanwhile
                pages.madvise(mmap.MADV_DONTNEED, at, min(_STEP, len(pages) - at))


FILES = Files()
"""Those of this process."""
