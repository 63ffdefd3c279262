"""Which workers of this machine are alive: each holds the lock of a file of its own, which dies with its process.

A lease alone would make a killed worker's job wait for its end. On one machine the lock tells at once. Of a worker
elsewhere there is no file here, and its lease is waited for.
"""

import os
import re
import secrets
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from broadsheet.locks import FileLock

# Seconds. Only its own worker holds such a lock for long; others do so while they look whether it lives.
_PATIENCE, _GLANCE = 5.0, 0.05


class Presence:
    """The workers of this machine, by the files of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def shown(self) -> Iterator[str]:
        """Gives a new worker its name, and shows that it is alive while the block runs.

        The file stays behind: whoever works next looks through what this worker left, in order or not.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        host = re.sub(r"[^A-Za-z0-9.-]", "", socket.gethostname())[:40] or "host"
        name = f"{host}-{os.getpid()}-{secrets.token_hex(3)}"
        path = self._path(name)
        lock = FileLock(path)
        while not (lock.acquire(_PATIENCE) and path.exists()):
            lock.close()  # a sweep came between making the file and locking it
        try:
            yield name
        finally:
            lock.close()

    def dead(self, *, but: str = "") -> set[str]:
        """Names of workers of this machine that ended and were not forgotten yet, without looking at one of them.

        Who has ended takes no job any more: ask this first, then who has which job.
        """
        names = {path.stem for path in self.folder.glob("*.lock")} - {but}
        return {name for name in names if not self._alive(name)}

    def forget(self, names: Iterable[str]) -> None:
        """Removes what is left of them. To be called when they have no jobs any more."""
        for name in names:
            self._path(name).unlink(missing_ok=True)

    def _alive(self, name: str) -> bool:
        lock = FileLock(self._path(name))
        try:
            return not lock.acquire(_GLANCE)
        finally:
            lock.close()

    def _path(self, worker: str) -> Path:
        return self.folder / f"{worker}.lock"
