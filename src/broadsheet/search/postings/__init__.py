"""The postings: which papers hold which stems, for ranking. A part of the keyword index, which tantivy cannot be.

tantivy finds papers by phrases, authors, identifiers and whatever else a query may ask for. But of its answers only
the best few can be had, and each look at certain papers is a search of its own in each of its segments. Free words are
what nearly every query is made of; here they are ranked, counted and looked up in arrays (`reading`), in a fraction of
the time.

How a segment looks is told in `segment`, what a commit is in `snapshot`, how files come to be in `writing`. One file
says which there are, and renaming a new one into its place is the commit:

    postings/manifest.json    the sequence of the catalogue, and the segments
    postings/p-...            segments, listed in the manifest or refuse

One writer at a time: whoever writes the keyword index.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from broadsheet.errors import Damaged
from broadsheet.search import arrays, generations
from broadsheet.search.counting import Counts
from broadsheet.search.postings import segment, writing
from broadsheet.search.postings.reading import Asked, Group, Scores
from broadsheet.search.postings.segment import Numbers
from broadsheet.search.postings.snapshot import Mask, Snapshot
from broadsheet.search.postings.writing import Facts

__all__ = ["Asked", "Facts", "Group", "Mask", "Numbers", "PostingsWriter", "Scores", "Snapshot", "opened"]

_LOOSE = 8  # a largest segment this many times as large as all others together is left as it is
_TRIES = 20


def opened(path: Path, before: Snapshot | None = None) -> Snapshot:
    """The last commit of a generation's postings, with what is open already of an earlier one. Raises Damaged."""
    known = {one.name: one for one in before.segments} if before else {}
    for _ in range(_TRIES):
        sequence, names = generations.postings(path)
        try:
            segments = [known.get(name) or segment.read(path / generations.POSTINGS / name) for name in names]
        except FileNotFoundError:
            continue  # a writer merged it since we read the manifest: read the new one
        return Snapshot.of(segments, sequence)
    raise Damaged("The search index lacks a part.")


class PostingsWriter:
    """The one writer of a generation's postings. Nothing is visible or safe before `commit` returns."""

    def __init__(self, path: Path) -> None:
        self._path, self._folder = path, path / generations.POSTINGS
        self.sequence, self._names = generations.postings(path)
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
        names = (*self._names, *written)
        self._publish(sequence, names)
        if written:
            count = writing.trailing(opened(self._path).segments, len(written))
            if count > 1:
                self._merge(len(names) - count)

    def finish(self) -> None:
        """Merges segments where that makes queries quicker: a minute for each five million papers."""
        snapshot = opened(self._path)
        sizes = [len(one) for one in snapshot.segments]
        dead = sum(sizes) - snapshot.count
        if len(sizes) > 1 and max(sizes) < _LOOSE * (sum(sizes) - max(sizes) + dead):
            self._merge(0)

    def abandon(self) -> None:
        """Forgets what was not committed."""
        self._draft = writing.Draft(self._folder)
        self._sweep()

    def _merge(self, first: int) -> None:
        done = writing.merge(self._folder, opened(self._path), first)
        self._publish(self.sequence, (*self._names[:first], done))

    def _publish(self, sequence: int, names: tuple[str, ...]) -> None:
        arrays.sync_folder(self._folder)
        generations.publish_postings(self._path, sequence, names)
        self.sequence, self._names = sequence, names
        self._sweep()

    def _sweep(self) -> None:
        """Removes segments that are not of the last commit; on Windows, those that nobody has open."""
        for path in self._folder.glob("p-*"):
            if path.name not in self._names:
                with contextlib.suppress(OSError):
                    path.unlink()
