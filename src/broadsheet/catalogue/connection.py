"""The only way to the database: connections, the one write path, checkpoints, and its errors in our words.

SQLite in WAL mode with synchronous=FULL: in 1,000 simulated power cuts NORMAL lost acknowledged commits in
880, FULL in none. Every write and every checkpoint happens under one file lock, and SQLite's own automatic
checkpoints are off: SQLite before 3.51.3 can damage a database when two connections write or checkpoint at
the same moment (its "WAL-reset" bug), and this shuts that out. Tools that do not take the lock (the `sqlite3`
shell, say) should only read. Readers see the last commit and never wait for a writer.
"""

import contextlib
import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, Select, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from broadsheet.errors import BroadsheetError, Busy, Damaged, Refused, StorageFull
from broadsheet.locks import FileLock

# A checkpoint copies the log into the database and costs two syncs; before this size it is not worth them.
CHECKPOINT_AT = 32 * 2**20
_SETTINGS = (
    "PRAGMA busy_timeout=10000",  # first, so that the others wait too
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA wal_autocheckpoint=0",
    "PRAGMA mmap_size=0",
    "PRAGMA temp_store=MEMORY",
)
_READER = ("PRAGMA query_only=ON",)
_WRITER = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA cache_size=-65536",
    "PRAGMA secure_delete=ON",  # who leaves is gone from the file too, not only from the tables
)
# Reported as "disk I/O error"; what keeps a disk from taking a write is nearly always a limit on its space.
_UNWRITTEN = frozenset({"SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_SHMSIZE"})


class Store:
    """One SQLite file: snapshots to read from, and one write at a time. Safe to share among threads."""

    def __init__(self, path: Path, *, wait: float = 30.0) -> None:
        """`wait` is how many seconds a write waits for another process before it raises Busy."""
        self.path = path
        self._files = (str(path), f"{path}-wal")
        self._wait = wait
        self._turn = threading.Lock()
        self._lock = FileLock(path.with_suffix(".lock"))
        self._readers = _engine(path, (*_SETTINGS, *_READER), "BEGIN", size=8)
        self._writer = _engine(path, (*_SETTINGS, *_WRITER), "BEGIN IMMEDIATE", size=1)
        self._written = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot: all that is read in the block belongs together. Raises Damaged."""
        with in_our_words(self.path), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The one write path: a transaction that is committed at the end of the block, or not at all.

        Raises Busy, StorageFull or Damaged; whatever is raised, nothing of the block was written.
        """
        with in_our_words(self.path), self._held(self._wait):
            self._written = True
            with self._writer.connect() as connection, connection.begin():
                yield connection
            if self._log_size() > CHECKPOINT_AT:
                self._checkpoint("PASSIVE")

    def checkpoint(self) -> None:
        """Brings the database file up to date and empties the log, as far as readers let it. Raises Busy."""
        with in_our_words(self.path), self._held(self._wait):
            self._checkpoint("TRUNCATE")

    def close(self) -> None:
        """Empties the log if anything was written, and closes all connections."""
        if self._written:
            with contextlib.suppress(BroadsheetError), in_our_words(self.path), self._held(1.0):
                self._checkpoint("TRUNCATE")
        self._readers.dispose()
        self._writer.dispose()
        self._lock.close()

    def damage(self, connection: Connection, *, full: bool) -> list[str]:
        """What SQLite itself finds wrong with its file, indexes and references. Quick unless `full`."""
        check = "integrity_check" if full else "quick_check"
        lines = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA {check}(20)")]
        return [line for line in lines if line != "ok"] + self.strays(connection)

    def strays(self, connection: Connection) -> list[str]:
        """Tables with references to rows that are not there."""
        found = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return [f"{table} has rows that lead nowhere." for table in sorted({str(row[0]) for row in found})]

    def signature(self) -> tuple[int, ...]:
        """Changes with every commit, whichever process makes it. Takes microseconds; () where it cannot be told."""
        try:
            files = [os.stat(file) for file in self._files]  # noqa: PTH116  every search asks
        except OSError:
            return ()
        return tuple(figure for file in files for figure in (file.st_ino, file.st_size, file.st_mtime_ns))

    def bytes(self) -> int:
        """What the database and its log take on the disk."""
        sizes = [self.path, *(self.path.with_name(self.path.name + tail) for tail in ("-wal", "-shm"))]
        return sum(file.stat().st_size for file in sizes if file.exists())

    @contextmanager
    def _held(self, wait: float) -> Iterator[None]:
        if not self._turn.acquire(timeout=wait):
            raise Busy("Another thread is writing to the catalogue; try again in a moment.")
        try:
            if not self._lock.acquire(wait):
                raise Busy("Another process is writing to the catalogue; try again in a moment.")
            try:
                yield
            finally:
                self._lock.release()
        finally:
            self._turn.release()

    def _checkpoint(self, mode: str) -> None:
        with self._writer.connect() as connection:
            raw = _driver(connection)
            # Readers of old snapshots hold a truncation up; it is done next time then.
            raw.execute("PRAGMA busy_timeout=250")
            raw.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()
            raw.execute("PRAGMA busy_timeout=10000")

    def _log_size(self) -> int:
        try:
            return self.path.with_name(self.path.name + "-wal").stat().st_size
        except OSError:
            return 0


class Ready:
    """A statement as the driver takes it. SQLAlchemy looks at a statement anew each time, which takes as long as many
    of them; this is for those of every page. Rows are plain tuples.
    """

    def __init__(self, query: Select[Any]) -> None:
        compiled = query.compile(dialect=sqlite.dialect(paramstyle="named"))
        self._text, self._parameters = str(compiled), compiled.params

    def rows(self, connection: Connection, **parameters: object) -> list[tuple[Any, ...]]:
        """All rows for these parameters."""
        return _driver(connection).execute(self._text, {**self._parameters, **parameters}).fetchall()


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


@contextmanager
def in_our_words(path: Path) -> Iterator[None]:
    """Says in Broadsheet's errors what SQLite and the operating system say in theirs."""
    try:
        yield
    except DBAPIError as error:
        if ours := _translated(error.orig, path):
            raise ours from error
        raise
    except (sqlite3.Error, OSError) as error:
        if ours := _translated(error, path):
            raise ours from error
        raise


def _translated(error: BaseException | None, path: Path) -> BroadsheetError | None:
    """The error that says it; None for what only a mistake of ours can cause."""
    name: str = getattr(error, "sqlite_errorname", "")
    if isinstance(error, OSError):  # the lock file, or the folder
        name = "SQLITE_FULL" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "SQLITE_CANTOPEN"
    if name == "SQLITE_FULL" or name in _UNWRITTEN:
        return StorageFull(f"No space left to write {path}; nothing of the last batch was kept. Free some and repeat.")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Busy(f"Another process holds {path}; try again in a moment.")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return Damaged(f"{path} is damaged ({error}). Restore a copy, or move it away and import again.")
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")):
        return Refused(f"{path} cannot be opened or written ({error}). Check its rights and those of its folder.")
    if name.startswith("SQLITE_IOERR"):
        return Damaged(f"{path} could not be read or written ({error}). Check the disk.")
    return None


def _engine(path: Path, settings: tuple[str, ...], begin: str, *, size: int) -> Engine:
    def connect() -> sqlite3.Connection:
        # isolation_level=None: the driver would otherwise begin and commit by itself, around DDL above all.
        return sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)

    # More reader threads than `size` get more connections; none waits for another.
    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=size, max_overflow=-1)

    @event.listens_for(engine, "connect")
    def configure(raw: sqlite3.Connection, _record: object) -> None:
        for setting in settings:
            raw.execute(setting).fetchall()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        _driver(connection).execute(begin)

    return engine
