"""The postings: which papers hold which stems, for ranking. A part of the keyword index, which tantivy cannot be.

tantivy finds papers by phrases, authors, identifiers and whatever else a query may ask for. But of its answers only
the best few can be had, and each look at certain papers is a search of its own in each of its segments. Free words are
what nearly every query is made of; here they are ranked, counted and looked up in arrays (`reading`), in a fraction of
the time.

How a segment looks is told in `segment`, what a commit is in `snapshot`, how files come to be in `writing`. One file
says which there are, and renaming a new one into its place is the commit:

    postings/manifest.json    the last commit: the sequence of the catalogue, and the segments; and the one before
    postings/p-...            segments, listed in the manifest or refuse

tantivy commits after the postings. Until it has done so, and if it never does, readers and the next writer take the
postings' commit before, so that both are of one state of the catalogue.

One writer at a time: whoever writes the keyword index.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from broadsheet.errors import Damaged
from broadsheet.search import arrays, generations
from broadsheet.search.counting import Counts
from broadsheet.search.generations import PostingsCommit
from broadsheet.search.postings import segment, writing
from broadsheet.search.postings.reading import Asked, Group, Scores
from broadsheet.search.postings.segment import Numbers
from broadsheet.search.postings.snapshot import Mask, Snapshot
from broadsheet.search.postings.writing import Facts

__all__ = ["Asked", "Facts", "Group", "Mask", "Numbers", "PostingsWriter", "Scores", "Snapshot", "opened"]

_LOOSE = 8  # a largest segment this many times as large as all others together is left as it is
_TRIES = 20


def opened(path: Path, before: Snapshot | None = None, at: int | None = None) -> Snapshot:
    """The last commit of a generation's postings, with what is open already of an earlier one.

    With tantivy at a sequence it is the commit that tantivy has too. Raises Damaged.
    """
    known = {one.name: one for one in before.segments} if before else {}
    for _ in range(_TRIES):
        sequence, names = generations.postings(path, at)
        try:
            segments = [known.get(name) or segment.read(path / generations.POSTINGS / name) for name in names]
        except FileNotFoundError:
            continue  # a writer merged it since we read the manifest: read the new one
        return Snapshot.of(segments, sequence)
    raise Damaged("The search index lacks a part.")


class PostingsWriter:
    """The one writer of a generation's postings. Nothing is visible or safe before `commit` returns.

    It goes on from the last commit; with tantivy at a sequence, from the one that tantivy has too.
    """

    def __init__(self, path: Path, at: int | None = None) -> None:
        self._path, self._folder = path, path / generations.POSTINGS
        self._last = generations.postings(path, at)
        self._draft = writing.Draft(self._folder)

    def put(self, numbers: Sequence[int], counts: Counts, facts: Sequence[Facts]) -> None:
        """Papers, in the place of what was there under their numbers. Raises OSError."""
        self._draft.put(numbers, counts, facts)

    def remove(self, numbers: Sequence[int]) -> None:
        """Takes papers out; unknown ones are no mistake."""
        self._draft.remove(numbers)

    def commit(self, sequence: int) -> None:
        """Makes all of it durable and visible, together with the sequence. Raises OSError, Damaged."""
        self._draft.write()
        written, self._draft = self._draft.written, writing.Draft(self._folder)
        before, names = self._last, (*self._last.segments, *written)
        self._publish(PostingsCommit(sequence, names), before)
        if written:
            count = writing.trailing(opened(self._path).segments, len(written))
            if count > 1:
                self._merge(len(names) - count, before)

    def finish(self) -> None:
        """Merges segments where that makes queries quicker: a minute for each five million papers.

        Only when tantivy has the last commit too.
        """
        self._publish(self._last)
        snapshot = opened(self._path)
        sizes = [len(one) for one in snapshot.segments]
        dead = sum(sizes) - snapshot.count
        if len(sizes) > 1 and max(sizes) < _LOOSE * (sum(sizes) - max(sizes) + dead):
            self._merge(0)

    def abandon(self) -> None:
        """Forgets what was not committed."""
        self._draft = writing.Draft(self._folder)
        self._sweep()

    @property
    def sequence(self) -> int:
        """The last change of the catalogue that was committed."""
        return self._last.sequence

    def _merge(self, first: int, before: PostingsCommit | None = None) -> None:
        done = writing.merge(self._folder, opened(self._path), first)
        self._publish(PostingsCommit(self.sequence, (*self._last.segments[:first], done)), before)

    def _publish(self, last: PostingsCommit, before: PostingsCommit | None = None) -> None:
        arrays.sync_folder(self._folder)
        generations.publish_postings(self._path, last, before)
        self._last = last
        self._sweep()

    def _sweep(self) -> None:
        """Removes segments that are of no commit; on Windows, those that nobody has open."""
        needed = generations.postings_files(self._path)
        for path in self._folder.glob("p-*"):
            if path.name not in needed:
                with contextlib.suppress(OSError):
                    path.unlink()
