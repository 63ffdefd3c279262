"""The catalogue as a file: opened, closed, looked over. All verbs build on it."""

from pathlib import Path
from typing import Self

from broadsheet.catalogue.connection import Store, in_our_words
from broadsheet.catalogue.migrate import migrate
from broadsheet.catalogue.verify import verify
from broadsheet.errors import NotFound
from broadsheet.types import Finding


class Opened:
    """A catalogue on disk. Safe to share among threads; several processes may have it open."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: tuple[tuple[int, ...], int] = ((), 0)  # the last change, as of a signature of the file

    @classmethod
    def open(cls, path: Path, *, create: bool = True, wait: float = 30.0) -> Self:
        """Opens `catalogue.db`, brings it to the newest shape, and makes it where `create` allows.

        `wait` is how many seconds a write waits for other processes. Raises NotFound, Busy, Damaged, Refused.
        """
        if not path.exists():
            if not create:
                raise NotFound(f"There is no catalogue at {path}.")
            with in_our_words(path):
                path.parent.mkdir(parents=True, exist_ok=True)
        store = Store(path, wait=wait)
        try:
            migrate(store)
        except BaseException:
            store.close()
            raise
        return cls(store)

    def close(self) -> None:
        """Lets go of the files."""
        self._store.close()

    def verify(self, *, full: bool) -> list[Finding]:
        """Looks for damage. `full` also reads every paper and makes all that is derived from it again."""
        return verify(self._store, full=full)

    def checkpoint(self) -> None:
        """Brings the database file up to date and empties its log."""
        self._store.checkpoint()

    def bytes(self) -> int:
        """What the catalogue takes on the disk."""
        return self._store.bytes()
