"""Files mapped into memory, and how much of them is there at once.

The system reads a page of a mapped file when it is needed, and takes it back when something else needs the room. Until
then it counts as this process's own: after some hundred queries an index of two gigabytes looks like a process of two
gigabytes. So pages are let go of above a bound. They stay in the system's cache, and are mapped again in no time.
"""

import contextlib
import mmap
import threading
import weakref
from collections import deque
from pathlib import Path

import numpy as np
import numpy.typing as npt

MOST = 1_200_000_000  # bytes of this process that are in memory, its own and mapped ones
_STEP = 1 << 27  # bytes that are let go of at once: that takes a millisecond or two
_STATUS = Path("/proc/self/statm")

_files: "weakref.WeakSet[mmap.mmap]" = weakref.WeakSet()
_pieces: "deque[tuple[weakref.ref[mmap.mmap], int]]" = deque()
_lock = threading.Lock()


def mapped(path: Path) -> npt.NDArray[np.uint8]:
    """The bytes of a file, for reading. Raises OSError, and ValueError for an empty one."""
    with path.open("rb") as file:
        pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    with _lock:
        _files.add(pages)
    return np.frombuffer(pages, np.uint8)


def resident() -> int:
    """How many bytes of this process are in memory; 0 where the system does not tell."""
    try:
        return int(_STATUS.read_bytes().split()[1]) * mmap.PAGESIZE
    except (OSError, ValueError, IndexError):
        return 0


def keep_below(most: int = MOST) -> None:
    """Lets go of pages, file after file in turn, until no more of this process is in memory, or nothing is left."""
    if resident() <= most or not hasattr(mmap, "MADV_DONTNEED") or not _lock.acquire(blocking=False):
        return
    try:
        steps = sum(-(-len(pages) // _STEP) for pages in _files)
        while steps and resident() > most:
            if not _pieces:
                _pieces.extend((weakref.ref(pages), at) for pages in _files for at in range(0, len(pages), _STEP))
            file, at = _pieces.popleft()
            pages = file()
            if pages is not None:
                with contextlib.suppress(ValueError, OSError):  # it was closed meanwhile
                    pages.madvise(mmap.MADV_DONTNEED, at, min(_STEP, len(pages) - at))
            steps -= 1
    finally:
        _lock.release()
