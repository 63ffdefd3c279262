"""Whatever can be deleted and rebuilt: the query language, the engine, and following the catalogue.

    query       text -> tree and notes                 text, names   words and authors as index terms
    engine      what an engine must do                 fields        what is indexed
    keyword     tree -> ranked papers (tantivy)        compiling     tree -> tantivy's queries
    freewords   which words rank, and how much         spelling      misspelt words
    following   catalogue's change log -> engine       generations   the folder and its files
    writing     opening and writing (tantivy)          guard         tantivy's failures as our errors

`Search` is the room's one door.
"""

import contextlib
import logging
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from broadsheet import ids
from broadsheet.catalogue.lock import FileLock
from broadsheet.errors import BroadsheetError, Busy, Damaged, StorageFull
from broadsheet.search import generations
from broadsheet.search.engine import Found, Request
from broadsheet.search.fields import SCHEMA
from broadsheet.search.following import Progress, Truth, follow
from broadsheet.search.generations import Generations
from broadsheet.search.guard import engine_errors
from broadsheet.search.keyword import KeywordSnapshot
from broadsheet.search.query import All, Category, Days, Either, Named, Node, parse
from broadsheet.search.text import marks
from broadsheet.search.writing import KeywordReader, KeywordWriter, create
from broadsheet.types import Finding, Sort, Why

__all__ = ["Matches", "Search", "marks"]

MEND = "broadsheet index rebuild"
LEAST_FREE = 100_000_000  # bytes; a failure with less than this on the disk is put down to it
log = logging.getLogger("broadsheet")


@dataclass(slots=True)
class Matches:
    """An answer: one stretch of the matching papers by number, best or newest first; `total` counts all of them.

    `terms` are what `marks` needs to find the words in texts; `notes` are sentences for the reader; with
    `exact_identifier` the query was nothing but this name of a paper. `took_ms` is in milliseconds.
    """

    numbers: list[int] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    whys: list[Why] = field(default_factory=list)
    total: int = 0
    notes: list[str] = field(default_factory=list)
    terms: tuple[str, ...] = ()
    exact_identifier: str | None = None
    took_ms: float = 0.0


class Search:
    """The index of a catalogue, in a folder that may be deleted at any moment. Safe to share among threads.

    Reading never waits for writing, and sees what any process commits from the next query on.
    """

    def __init__(self, folder: Path, catalogue: Truth) -> None:
        self._catalogue = catalogue
        self._generations = Generations(folder, SCHEMA)
        self._lock = FileLock(folder / "lock")
        self._writing, self._opening = threading.Lock(), threading.Lock()
        self._signature: tuple[object, ...] = ()
        self._reader: tuple[object, KeywordReader] | None = None
        self._snapshot: KeywordSnapshot | None = None

    @classmethod
    def open(cls, folder: Path, catalogue: Truth) -> "Search":
        """The index in a folder, which need not exist: then it is empty until the first `sync`."""
        return cls(folder, catalogue)

    def close(self) -> None:
        """Lets go of the files."""
        with self._opening:
            self._reader = self._snapshot = None
            self._signature = ()
        self._lock.close()

    # Reading.

    def query(
        self,
        text: str,
        *,
        limit: int = 20,
        offset: int = 0,
        sort: Sort = Sort.RELEVANCE,
        since: str | None = None,
        until: str | None = None,
        categories: Sequence[str] = (),
    ) -> Matches:
        """The papers that match a query; see `search.query` for its language. Never raises, whatever is asked.

        `since` and `until` are days, partial ones too; a paper fits if it has one of `categories`. These filters
        come on top of those in the text.
        """
        began = time.perf_counter()
        read = parse(text)
        notes = list(read.notes)
        tree, exact = read.tree, None
        if read.identifiers:
            scheme, value = read.identifiers[0]
            exact = value if scheme == "arxiv" else f"{scheme}:{value}"
            tree = Named(read.text, read.identifiers)
        filters = list(_filters(since, until, categories, notes))
        found = Found()
        if tree or not read.text or filters:
            title = ids.title_key(read.text) if read.plain else ""
            request = Request(_all(tree, filters), title, max(0, limit), max(0, offset), sort)
            found = self._found(request)
            if read.identifiers and not found.total and read.tree and not isinstance(read.tree, Named):
                found = self._found(Request(_all(read.tree, filters), title, max(0, limit), max(0, offset), sort))
        return Matches(
            found.numbers,
            found.scores,
            found.whys,
            found.total,
            list(dict.fromkeys([*notes, *found.notes])),
            found.terms,
            exact,
            (time.perf_counter() - began) * 1000,
        )

    def indexed(self) -> int:
        """How many papers are in the index."""
        snapshot = self._current()
        return snapshot.count() if snapshot else 0

    def sequence(self) -> int:
        """The last change of the catalogue that is in the index; 0 if it has to be built anew."""
        snapshot = self._current()
        if not snapshot or not self._generations.signature():
            return 0
        # An index that is ahead followed another catalogue: a backup was restored, say.
        return snapshot.sequence if snapshot.sequence <= self._catalogue.last_change() else 0

    def bytes(self) -> int:
        """What the index takes on the disk."""
        return self._generations.bytes()

    # Writing.

    def sync(self, progress: Progress | None = None) -> None:
        """Brings the index up to date with the catalogue; builds it where it is missing or damaged.

        Whatever `progress` raises stops it, and it goes on from there the next time. Raises Busy, StorageFull.
        """
        with self._alone():
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
        with self._alone():
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
        behind = self._catalogue.last_change() - self.sequence()
        if behind > 0:
            return [Finding("warning", "index", f"It is {behind:,} changes behind.", "broadsheet index sync")]
        papers, indexed = self._catalogue.count(), self.indexed()
        if papers != indexed:
            said = f"It holds {indexed:,} papers and the catalogue {papers:,}."
            return [Finding("error", "index", said, MEND)]
        return [Finding("ok", "index", f"{indexed:,} papers, all files as they were written.")]

    # Inside.

    def _found(self, request: Request) -> Found:
        snapshot = self._current()
        if not snapshot:
            return Found(notes=["The search index is being built; this may take a minute."])
        try:
            with engine_errors():
                return snapshot.search(request)
        except BroadsheetError as error:
            self._suspect(error)
        except Exception:  # the last rule catches everything: a query can disappoint but never fail
            log.exception("a query failed")
        return Found(notes=["This query could not be answered."])

    def _suspect(self, error: BroadsheetError) -> None:
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

    def _current(self) -> KeywordSnapshot | None:
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

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """The right to write, among threads and processes. Raises Busy, StorageFull."""
        if not self._writing.acquire(blocking=False):
            raise Busy("The search index is being written already.")
        try:
            with engine_errors():
                self._generations.folder.mkdir(parents=True, exist_ok=True)
                if not self._lock.acquire(wait=0):
                    raise Busy("Another process is writing the search index; it will be up to date soon.")
            yield
        finally:
            self._lock.close()
            self._writing.release()

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

    def _writer(self, path: Path) -> KeywordWriter:
        """The writer of a generation. Raises Busy, Damaged."""
        last = self._catalogue.last_change()
        writer = KeywordWriter(path, last_change=last)
        if writer.sequence > last:
            writer.abandon()
            raise Damaged("The search index is of another catalogue.")
        return writer

    def _fill(self, writer: KeywordWriter, path: Path, progress: Progress | None) -> None:
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


def _filters(since: str | None, until: str | None, categories: Sequence[str], notes: list[str]) -> Iterator[Node]:
    for name, text in (("since", since), ("until", until)):
        if text and text.strip():
            date = ids.iso_date(text)
            if date:
                yield Days(ids.first_day(date), None) if name == "since" else Days(None, ids.last_day(date))
            else:
                notes.append(f"“{text[:40]}” is not a date, so “{name}” was ignored.")
    codes = [Category(code) for category in categories if (code := category.strip())]
    if codes:
        yield Either(tuple(codes)) if len(codes) > 1 else codes[0]


def _all(tree: Node | None, filters: Sequence[Node]) -> Node | None:
    nodes = [*(tree.nodes if isinstance(tree, All) else [tree] if tree else []), *filters]
    return All(tuple(nodes)) if len(nodes) > 1 else nodes[0] if nodes else None
