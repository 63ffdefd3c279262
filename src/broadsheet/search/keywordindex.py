"""The keyword index in its folder: built, followed, mended, and opened at its last commit.

Reading never waits for writing, and sees what any process commits from the next query on. Whoever writes holds
the room's lock (`Search`).
"""

import logging
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from broadsheet.errors import BroadsheetError, Damaged, StorageFull
from broadsheet.search import generations
from broadsheet.search.fields import SCHEMA
from broadsheet.search.following import Progress, Truth, follow, seldom_collected
from broadsheet.search.generations import Generations
from broadsheet.search.guard import engine_errors
from broadsheet.search.opening import KeywordReader, KeywordSnapshot, create
from broadsheet.types import Finding

if TYPE_CHECKING:
    from broadsheet.search.writing import KeywordWriter

MEND = "broadsheet index rebuild"
LEAST_FREE = 100_000_000  # bytes; a failure with less than this on the disk is put down to it
log = logging.getLogger("broadsheet")


class KeywordIndex:
    """The words of a catalogue's papers. Safe to share among threads."""

    def __init__(self, folder: Path, catalogue: Truth) -> None:
        self._catalogue = catalogue
        self._generations = Generations(folder, SCHEMA)
        self._opening = threading.Lock()
        self._signature: tuple[object, ...] = ()
        self._reader: tuple[object, KeywordReader] | None = None
        self._snapshot: KeywordSnapshot | None = None

    def close(self) -> None:
        """Lets go of the files."""
        with self._opening:
            self._reader = self._snapshot = None
            self._signature = ()

    def indexed(self) -> int:
        """How many papers are in the index."""
        snapshot = self.current()
        return snapshot.count() if snapshot else 0

    def sequence(self, last: int) -> int:
        """The last change that is in the index, `last` being the catalogue's; 0 if it has to be built anew."""
        snapshot = self.current()
        if not snapshot or not self._generations.signature():
            return 0
        # An index that is ahead followed another catalogue: a backup was restored, say.
        return snapshot.sequence if snapshot.sequence <= last else 0

    def bytes(self) -> int:
        """What the index takes on the disk."""
        return self._generations.bytes()

    def sync(self, progress: Progress | None = None) -> None:
        """Brings the index up to date with the catalogue; builds it where it is missing or damaged.

        Whatever `progress` raises stops it, and it goes on from there the next time. Raises Busy, StorageFull.
        """
        current = self._generations.current()
        if current:
            try:
                generations.check(current)
                writer = self._writer(current)
            except Damaged as error:
                log.warning("%s It is being built anew.", error)
                self._generations.retire()
            else:
                self._fill(writer, current, progress)
                return
        path = self._fresh()
        with engine_errors():
            self._generations.use(path)
        self._fill(self._writer(path), path, progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Builds the index anew beside the present one, which answers until the new one takes its place.

        An interrupted rebuild goes on where it stopped. Raises Busy, StorageFull.
        """
        path = self._fresh()
        self._fill(self._writer(path), path, progress)
        with engine_errors():
            self._generations.use(path)

    def verify(self) -> list[Finding]:
        """Reads every file of the index and compares its count with the catalogue's."""
        current = self._generations.current()
        if not current:
            return [Finding("warning", "index", "There is no index yet.", "broadsheet index sync")]
        try:
            generations.check(current, thorough=True)
        except Damaged as error:
            return [Finding("error", "index", str(error), MEND)]
        last = self._catalogue.last_change()
        behind = last - self.sequence(last)
        if behind > 0:
            return [Finding("warning", "index", f"It is {behind:,} changes behind.", "broadsheet index sync")]
        papers, indexed = self._catalogue.count(), self.indexed()
        if papers != indexed:
            said = f"It holds {indexed:,} papers and the catalogue {papers:,}."
            return [Finding("error", "index", said, MEND)]
        return [Finding("ok", "index", f"{indexed:,} papers, all files as they were written.")]

    # Inside.

    def suspect(self, error: BroadsheetError) -> None:
        """A failed query: if the files are to blame, the index is built anew."""
        log.warning("a query failed: %s", error)
        current = self._generations.current()
        with self._opening:
            if not current or not self._signature:
                return
            try:
                generations.check(current, thorough=True)
            except Damaged:
                self._generations.retire()
                self._snapshot, self._reader = None, None

    def current(self) -> KeywordSnapshot | None:
        """The last commit of the generation in use. While there is none, the last one we opened."""
        signature = self._generations.signature()
        if signature == self._signature or not signature:
            return self._snapshot
        with self._opening:
            if signature != self._signature:
                self._open_reader(signature)
        return self._snapshot

    def _open_reader(self, signature: tuple[object, ...]) -> None:
        path = self._generations.current()
        try:
            if path and (not self._reader or self._reader[0] != path):
                self._reader = path, KeywordReader(path)
            if path and self._reader:
                self._snapshot = self._reader[1].snapshot()
        except Damaged as error:
            log.warning("%s", error)
            self._reader = self._snapshot = None
        self._signature = signature

    def _fresh(self) -> Path:
        """A generation to build: one that an interrupted run left, or a new one."""
        if path := self._generations.unfinished():
            try:
                generations.check(path, thorough=True)
            except Damaged:
                self._generations.discard(path)
            else:
                return path
        with engine_errors():
            path = self._generations.begin()
            create(path)
        return path

    def _writer(self, path: Path) -> "KeywordWriter":
        """The writer of a generation. Raises Busy, Damaged."""
        from broadsheet.search.writing import KeywordWriter  # noqa: PLC0415  numpy: when used

        last = self._catalogue.last_change()
        writer = KeywordWriter(path, last_change=last)
        if writer.sequence > last:
            writer.abandon()
            raise Damaged("The search index is of another catalogue.")
        return writer

    @seldom_collected()
    def _fill(self, writer: "KeywordWriter", path: Path, progress: Progress | None) -> None:
        """Follows the catalogue. If that fails although the files are sound, they stay."""
        try:
            follow(self._catalogue, writer, writer.sequence, progress)
            writer.finish()
        except Damaged as error:
            # A thread of tantivy that finds the disk full only says that it was killed.
            if shutil.disk_usage(path).free < LEAST_FREE:
                raise StorageFull("There is hardly any space left for the search index.") from error
            try:
                generations.check(path, thorough=True)
            except Damaged:
                self._generations.discard(path)
            raise
        finally:
            writer.abandon()
