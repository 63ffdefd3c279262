"""The vector index: which papers are near in meaning. It can be deleted at any time, and built again.

`VectorIndex` is the one door. How a search goes is told in `nearest`, what is kept of a vector in `codes`, how files
lie on the disk in `segment` and `manifest`, how they come there in `writing`.

One index may be read and written by many threads and processes. A reader sees the last commit, whole; it notices
a new one by itself. One writer at a time: it holds the lock from its first change to its commit or rollback.
"""

import contextlib
import errno
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from broadsheet.errors import Busy, Damaged, StorageFull
from broadsheet.locks import FileLock
from broadsheet.search import arrays
from broadsheet.search.vectors import manifest as manifests
from broadsheet.search.vectors import nearest, segment, writing
from broadsheet.search.vectors.codes import MOST_DIMENSIONS, Vectors
from broadsheet.search.vectors.manifest import Manifest
from broadsheet.search.vectors.segment import Places, Segment
from broadsheet.search.vectors.snapshot import UNKNOWN_DAY, Mask, Snapshot
from broadsheet.types import Finding

__all__ = ["HIGHEST_NUMBER", "UNKNOWN_DAY", "VectorIndex", "day_number"]

HIGHEST_NUMBER = 2**28  # tables by number take 10 bytes each: this bounds them, far above any catalogue
_ELSEWHERE = "Another process is writing the vector index; it will be up to date soon."
_TRIES = 20
_PATIENCE = 60.0  # seconds that a finished merge waits for the writer


def day_number(day: str | None) -> int:
    """A full ISO date as the index keeps it; anything else is an unknown day."""
    try:
        return date.fromisoformat(day or "").toordinal()
    except ValueError:
        return UNKNOWN_DAY


class VectorIndex:
    """Vectors of unit length by paper number, in a folder."""

    def __init__(self, folder: Path, encoder: str, dimensions: int) -> None:
        """See `open`."""
        if not 1 <= dimensions <= MOST_DIMENSIONS:
            raise ValueError(f"vectors of {dimensions} dimensions are not supported")
        self._folder = folder
        self._none = Manifest(encoder, dimensions)
        self._manifest, self._snapshot, self._base = self._none, Snapshot.of(()), Snapshot.of(())
        self._stamp: tuple[int, ...] = (-1,)
        self._problem = ""
        self._opening, self._writing = threading.Lock(), threading.Lock()
        self._lock = FileLock(folder / "lock")
        self._draft: writing.Draft | None = None
        self._writer = 0  # the thread whose draft it is
        self._cleared = False

    @classmethod
    def open(cls, folder: Path, *, encoder: str, dimensions: int) -> Self:
        """The index in a folder, for vectors of the encoder with this fingerprint. Makes nothing before a commit.

        Whatever is wrong with the files makes an empty index, whose `problem` says why: it is to be filled again.
        """
        index = cls(folder, encoder, dimensions)
        index._current()
        return index

    def close(self) -> None:
        """Forgets uncommitted changes and lets go of the files."""
        self.rollback()
        self._lock.close()

    # --- reading ---------------------------------------------------------------------------------------

    @property
    def problem(self) -> str:
        """Why what is on the disk is not used, in a sentence; empty if all is well."""
        self._current()
        return self._problem

    @property
    def sequence(self) -> int:
        """The change of the catalogue up to which the index follows; 0 if it is to be filled from the start."""
        self._current()
        return self._manifest.sequence

    def __len__(self) -> int:
        return self._current().count

    def search(self, vector: Vectors, k: int, allowed: Mask | None = None) -> tuple[Places, Vectors]:
        """The numbers of the nearest k papers and their cosines with the vector, the nearest first.

        `allowed` says by number which papers may be found (a number beyond its end may not); see `mask`.
        """
        snapshot = self._current()
        if vector.shape != (self._none.dimensions,):
            raise ValueError(f"the query has the shape {vector.shape}, not ({self._none.dimensions},)")
        return nearest.nearest(snapshot, vector.astype(np.float32, copy=False), max(0, k), allowed)

    def mask(self, *, first: int | None = None, last: int | None = None, categories: Iterable[str] = ()) -> Mask:
        """By number: the papers of these days (see `day_number`; both included) and of any of the categories.

        A category is a code ("cs.LG") or a whole archive ("cs"). A paper without a day is in no range of days.
        """
        return self._current().mask(first, last, categories)

    def ages(self, numbers: Sequence[int]) -> list[float | None]:
        """Days from each paper to the newest one; None for a paper without a day."""
        return self._current().ages(np.asarray(numbers, dtype=np.int64))

    def vectors_of(self, numbers: Sequence[int] | Places) -> Vectors:
        """The vectors of these papers, up to rounding; zero where there is none."""
        return self._current().vectors(np.asarray(numbers, dtype=np.int64), self._none.dimensions)

    def bytes(self) -> int:
        """What the folder takes on the disk."""
        total = 0
        for path in self._folder.rglob("*"):
            with contextlib.suppress(OSError):  # a file may go while we look
                total += path.stat().st_size if path.is_file() else 0
        return total

    def verify(self, *, full: bool = False) -> list[Finding]:
        """What `broadsheet doctor` says of the index; `full` also reads every file."""
        mend = "Run `broadsheet index rebuild`."
        problem = self.problem
        if full and not problem:
            problem = self._damage()
        if problem:
            return [Finding("error", "vector index", problem, mend)]
        return [Finding("ok", "vector index", f"{len(self)} vectors of {self._none.encoder}")]

    def _damage(self) -> str:
        for name in self._manifest.segments:
            try:
                if not arrays.intact(self._folder / name):
                    return f"The vector index is damaged: {name} is not what was written."
            except FileNotFoundError:  # merged meanwhile, or gone: then it cannot be opened
                self._stamp = (-1,)
                return self.problem
            except OSError as error:
                return f"The vector index is damaged: {error}."
        return ""

    # --- writing ---------------------------------------------------------------------------------------

    def add(
        self,
        numbers: Sequence[int] | Places,
        vectors: Vectors,
        *,
        days: Sequence[int] | None = None,
        categories: Sequence[Sequence[str]] | None = None,
    ) -> None:
        """Papers with their vectors (rows), in the place of what was there under their numbers.

        Raises Busy, StorageFull; ValueError when something does not fit.
        """
        given = self._numbers(numbers)
        count = len(given)
        if vectors.shape != (count, self._none.dimensions) or not np.isfinite(vectors).all():
            raise ValueError(f"{count} papers need finite vectors of {self._none.dimensions} dimensions")
        if len(days if days is not None else given) != count or len(categories or given) != count:
            raise ValueError(f"{count} papers need as many days and lists of categories")
        known = np.full(count, UNKNOWN_DAY, np.int32) if days is None else np.asarray(days, dtype=np.int32)
        with _disk():
            self._begin().put(
                given, vectors.astype(np.float32, copy=False), known, categories or [()] * count, gone=False
            )

    def remove(self, numbers: Sequence[int] | Places) -> None:
        """Takes papers out; unknown ones are no mistake. Raises Busy, StorageFull."""
        given = self._numbers(numbers)
        nothing = np.zeros((len(given), self._none.dimensions), dtype=np.float32)
        with _disk():
            self._begin().put(given, nothing, np.zeros(len(given), np.int32), [()] * len(given), gone=True)

    def clear(self) -> None:
        """Takes out everything; readers keep what they have until the commit. Raises Busy, StorageFull."""
        self.rollback()
        with _disk():
            self._begin()
        self._cleared = True

    def commit(self, sequence: int | None = None) -> None:
        """Makes all changes since the last commit visible and durable at once, together with the sequence.

        Whenever the process or the machine stops, this commit is there or the one before. Raises Busy, StorageFull.
        """
        try:
            with _disk():
                draft = self._begin()
                draft.write()
                before = self._none if self._cleared else self._manifest
                names = (*before.segments, *draft.written)
                now = before.sequence if sequence is None else sequence
                with self._merging() as alone:
                    if draft.written and alone:
                        names = self._tidied(names, len(draft.written))
                    manifests.publish(self._folder, replace(self._none, sequence=now, segments=names))
                    manifests.sweep(self._folder, "s-", names)
                    if alone:
                        manifests.sweep(self._folder, "m-", names)
        finally:
            self.rollback()
        self._current()

    def rollback(self) -> None:
        """Forgets this thread's changes since the last commit, and lets the next writer in."""
        if self._mine():
            self._draft, self._cleared, self._writer = None, False, 0
            self._lock.close()
            self._writing.release()

    @property
    def wants_merging(self) -> bool:
        """Whether queries have become slower than they need be, and `merge` would help."""
        snapshot = self._current()
        loose = sum(len(found) for found in snapshot.segments if not len(found.centres))
        return loose > writing.SMALL or len(snapshot.alive) - snapshot.count > max(writing.SMALL, snapshot.count // 4)

    def merge(self) -> bool:
        """Merges all segments into one with lists; meanwhile others read and write. May take minutes when it is large.

        False if it came to nothing: another is merging, or the index was cleared or merged. Raises Busy, StorageFull.
        """
        if self._mine():
            raise Busy("The vector index has changes that are not committed: commit before you merge.")
        with self._merging() as alone, _disk():
            snapshot = self._current()
            before = tuple(old.name for old in snapshot.segments)
            done_already = len(before) == 1 and snapshot.count == len(snapshot.alive) <= writing.SMALL
            if not alone or not before or done_already:
                return False
            done = writing.merge(self._folder, snapshot, 0, "m-", lists=snapshot.count > writing.SMALL // 4)
            self._begin(_PATIENCE)
            try:
                now = self._manifest
                same = now.segments[: len(before)] == before
                names = (done, *now.segments[len(before) :]) if same else now.segments
                if same:
                    manifests.publish(self._folder, replace(now, segments=names))
                manifests.sweep(self._folder, "m-", names)
                manifests.sweep(self._folder, "s-", names)
            finally:
                self.rollback()
        self._current()
        return same

    # --- inside ----------------------------------------------------------------------------------------

    def _current(self) -> Snapshot:
        """The state of the last commit."""
        if manifests.stamp(self._folder) != self._stamp:
            with self._opening:
                self._refresh()
        return self._snapshot

    def _refresh(self) -> None:
        for _ in range(_TRIES):
            stamp = manifests.stamp(self._folder)
            if stamp == self._stamp:
                return
            try:
                self._manifest, self._snapshot, self._problem = self._read()
            except FileNotFoundError as error:
                missing = error  # a writer merged it since we read the manifest: read the new one
                continue
            self._stamp = stamp
            return
        self._manifest, self._snapshot, self._stamp = self._none, Snapshot.of(()), stamp
        self._problem = f"The vector index lacks a part: {missing}."

    def _read(self) -> tuple[Manifest, Snapshot, str]:
        """Raises FileNotFoundError when a segment of the manifest is gone."""
        empty = self._none, Snapshot.of(())
        try:
            found = manifests.read(self._folder)
            if found is None:
                return *empty, ""
            if found.schema != self._none.schema:
                return *empty, "The vector index was written by another version of Broadsheet."
            if (found.encoder, found.dimensions) != (self._none.encoder, self._none.dimensions):
                return *empty, (
                    f"The vector index was made by the encoder {found.encoder!r}, and this is {self._none.encoder!r}."
                )
            known = {old.name: old for old in self._snapshot.segments}
            segments = [known.get(name) or segment.read(self._folder / name) for name in found.segments]
            return found, self._snapshot_of(segments), ""
        except FileNotFoundError:
            raise
        except (OSError, ValueError) as error:
            return *empty, f"The vector index cannot be read: {error}."
        except Damaged as error:
            return *empty, str(error)

    def _mine(self) -> bool:
        """Whether this thread is the writer."""
        return self._writer == threading.get_ident()

    def _begin(self, wait: float = 0) -> writing.Draft:
        """The changes of the commit to come, with the right to write. Raises Busy, OSError."""
        if self._draft is not None and self._mine():
            return self._draft
        if not self._writing.acquire(timeout=wait):
            raise Busy("The vector index is being written already.")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self._lock.acquire(wait):
                raise Busy(_ELSEWHERE)  # noqa: TRY301  the lock must be given back all the same
            self._current()
            self._draft, self._writer = writing.Draft(self._folder, self._none.dimensions), threading.get_ident()
        except BaseException:
            self._lock.close()
            self._writing.release()
            raise
        return self._draft

    def _snapshot_of(self, segments: list[Segment]) -> Snapshot:
        """The state of these segments, from the last one or from that of the large segment: tables are slow to fill."""
        if not segments or not len(segments[0].centres):
            return Snapshot.of(segments, self._snapshot)
        if self._base.segments != (segments[0],):
            self._base = Snapshot.of(segments[:1])
        same = tuple(segments[: len(self._snapshot.segments)]) == self._snapshot.segments
        return Snapshot.of(segments, self._snapshot if same and self._snapshot.segments else self._base)

    @contextlib.contextmanager
    def _merging(self) -> Iterator[bool]:
        """Whether we may merge segments: one at a time, among threads and processes."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / "merge.lock")
        try:
            yield lock.acquire(wait=0)
        finally:
            lock.close()

    def _tidied(self, names: tuple[str, ...], own: int) -> tuple[str, ...]:
        """The names, with the last small segments merged into one."""
        known: dict[str, Segment] = {old.name: old for old in self._snapshot.segments}
        segments = [known.get(name) or segment.read(self._folder / name) for name in names]
        count = writing.trailing(segments, own)
        if count <= 1:
            return names
        first = len(names) - count
        done = writing.merge(self._folder, self._snapshot_of(segments), first, "s-", lists=False)
        return (*names[:first], done)

    def _numbers(self, numbers: Sequence[int] | Places) -> npt.NDArray[np.uint32]:
        given = np.asarray(numbers, dtype=np.int64)
        if given.size and not 0 <= int(given.min()) <= int(given.max()) < HIGHEST_NUMBER:
            raise ValueError("a paper's number is out of bounds")
        return given.astype(np.uint32)


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    """Says in our words that the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull("There is no space left for the vector index.") from error
        raise
