"""Writing the keyword index: tantivy's part and the postings."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import tantivy

from broadsheet.search import fields, generations, opening
from broadsheet.search.beside import MANY
from broadsheet.search.engine import Document
from broadsheet.search.guard import engine_errors
from broadsheet.search.postings import Facts, PostingsWriter
from broadsheet.search.preparing import Prepared, Preparing

# A full heap becomes a segment, which every search pays for, and merging many later costs a third of writing them. So
# the heap has room for all there is to write, up to a bound; only what is used of it takes memory. For the same
# reason one thread writes: two would make two segments at each commit.
LEAST_HEAP, MOST_HEAP = 64_000_000, 800_000_000  # bytes
OF_A_PAPER = 2_500  # bytes of the heap: measured 1,650 to 2,200
# Batches that are prepared while tantivy writes a segment or a commit, which takes up to half a minute. With the second
# table of stems they take 100 MB.
AHEAD = 32


@dataclass(slots=True)
class _Batch:
    """Changes that wait to be written."""

    documents: Sequence[Document]
    gone: Sequence[int]
    prepared: Future[Prepared]


class KeywordWriter:
    """The one writer of a generation; see `engine.Writer`. Raises Busy if there is one already."""

    def __init__(self, path: Path, *, last_change: int) -> None:
        self._path = path
        with engine_errors():
            self._index = opening.opened(path)
            searcher = self._index.searcher()
            self.sequence = fields.sequence(self._index, searcher)
            self._postings = PostingsWriter(path, self.sequence)
            # What tantivy alone has is done again.
            self.sequence = min(self.sequence, self._postings.sequence)
            self._highest = _highest(searcher)
            todo = last_change - self.sequence
            heap = min(max(OF_A_PAPER * todo, LEAST_HEAP), MOST_HEAP)
            self._writer: tantivy.IndexWriter | None = self._index.writer(heap, 1)
        self._preparing = Preparing(many=todo >= MANY)
        self._pending: deque[_Batch | int] = deque()  # a number is the sequence of a commit
        self._ahead = AHEAD if self._preparing.beside else 0

    def replace(self, documents: Sequence[Document], gone: Sequence[int]) -> None:
        """Puts documents in place of those with the same numbers, and takes others out."""
        self._pending.append(_Batch(documents, gone, self._preparing.prepared(documents)))
        self._catch_up(self._ahead)

    def commit(self, sequence: int) -> None:
        """Makes all of it durable and visible, together with the sequence: once what waits before it is written.

        Raises StorageFull, Damaged.
        """
        self._pending.append(sequence)
        self._catch_up(self._ahead)

    def _catch_up(self, most: int) -> None:
        """Writes what is prepared, in its order, until at most so much waits; helps where a batch is not yet."""
        while len(self._pending) > most:
            first = self._pending[0]
            if isinstance(first, int):
                self._commit(first)
            elif first.prepared.done() or not self._help():
                self._put(first.documents, first.gone, first.prepared.result())
            else:
                continue
            self._pending.popleft()

    def _help(self) -> bool:
        """Prepares here the youngest batch that the other process has not begun, if there is one."""
        for batch in reversed(self._pending):
            if isinstance(batch, _Batch) and batch.prepared.cancel():
                batch.prepared = self._preparing.here(batch.documents)
                return True
        return False

    def _put(self, documents: Sequence[Document], gone: Sequence[int], prepared: Prepared) -> None:
        numbers = [document.number for document in documents]
        # A number above all others is a new paper, and there is nothing to take out.
        old = [number for number in (*gone, *numbers) if number <= self._highest]
        writer = self._open_writer()
        with engine_errors():
            if old:
                # By query: `delete_documents_by_term` finds no unsigned number (tantivy-py 0.27).
                writer.delete_documents_by_query(tantivy.Query.term_set_query(self._index.schema, "number", old))
            for line in prepared.lines:
                writer.add_json(line)
            self._postings.put(numbers, prepared.counts, list(map(_facts, documents)))
            self._postings.remove(gone)
        self._highest = max(self._highest, *numbers, 0)

    def _commit(self, sequence: int) -> None:
        writer = self._open_writer()
        with engine_errors():
            self._postings.commit(sequence)
            writer.delete_documents_by_term(fields.STATE, fields.STATE)
            writer.add_json(fields.state(sequence))
            writer.commit()
        self.sequence = sequence

    def finish(self) -> None:
        """Writes what waits, waits for merges, notes what the files should be, and lets go of them."""
        self._catch_up(0)
        writer, self._writer = self._open_writer(), None
        self._preparing.close()
        with engine_errors():
            self._postings.finish()  # while tantivy's own threads merge
            writer.wait_merging_threads()
            generations.seal(self._path)

    def abandon(self) -> None:
        """Forgets what was not committed and lets go of the files. Does nothing after `finish`."""
        if self._writer:
            self._writer = None
            self._pending.clear()
            self._preparing.close()
            self._postings.abandon()
            generations.sweep(self._path)

    def _open_writer(self) -> tantivy.IndexWriter:
        assert self._writer, "the writer has let go of the index"  # noqa: S101
        return self._writer


def _facts(document: Document) -> Facts:
    """What the postings know of a paper besides its words."""
    day = int(document.day.replace("-", "")) if document.day else -1
    return Facts(day, fields.labels(document), document.authors)


def _highest(searcher: tantivy.Searcher) -> int:
    result = searcher.aggregate(tantivy.Query.all_query(), {"highest": {"max": {"field": "number"}}})
    return int(result["highest"]["value"] or 0)
