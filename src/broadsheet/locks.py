"""A lock between processes: who holds the file's lock goes on. It dies with its process, whatever happens."""

import contextlib
import os
import sys
import time
from pathlib import Path

_POLL = 0.005  # seconds; a blocking wait could not give up


class FileLock:
    """An exclusive lock on a file of its own, made where it is missing. Not for threads: see `Store`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def acquire(self, wait: float) -> bool:
        """Tries for `wait` seconds; False if another process held the lock all that time."""
        if self._handle is None:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        deadline = time.monotonic() + wait
        while not _try(self._handle):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL)
        return True

    def release(self) -> None:
        """Lets the next one in."""
        if self._handle is not None:
            _undo(self._handle)

    def close(self) -> None:
        """Closes the file; the lock can be acquired again."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                os.close(self._handle)
            self._handle = None


if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> bool:
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _undo(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _undo(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
