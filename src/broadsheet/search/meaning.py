"""The vector side of the index: what papers are about, as vectors, and the papers nearest to a text.

The encoder is loaded when a vector is needed for the first time: that takes a good part of a second, and many
commands need none. What is on the disk is filled anew, by the next `sync`, whenever it is missing, damaged, of
another catalogue or of another encoder; until then there is nothing near, and `problem` says why.
"""

import json
import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from broadsheet.errors import BroadsheetError
from broadsheet.search.beside import MANY, PENDING
from broadsheet.search.engine import Document
from broadsheet.search.following import Progress, Truth, follow
from broadsheet.search.guard import engine_errors
from broadsheet.types import Finding

if TYPE_CHECKING:  # numpy and tokenizers are loaded with the encoder
    from broadsheet.search.encoder import Encoder, Vectors
    from broadsheet.search.vectors import VectorIndex
    from broadsheet.search.vectors.segment import Numbers
    from broadsheet.search.vectors.snapshot import Mask

FOLDER, MANIFEST = "vectors", "manifest.json"
MEND = "broadsheet index rebuild"
LIKED, DISLIKED = 1.0, 0.5  # Rocchio (1971): towards the mean of the likes, half as far from that of the dislikes
log = logging.getLogger("broadsheet")
Load = Callable[[], "Encoder"]


class Near(NamedTuple):
    """A paper by number, and its cosine with what was asked."""

    number: int
    cosine: float


class MeaningIndex:
    """The vectors of a catalogue's papers. Safe to share among threads; whoever writes holds the room's lock."""

    def __init__(self, folder: Path, catalogue: Truth, load: Load) -> None:
        self._folder, self._catalogue, self._load = folder, catalogue, load
        self._opening = threading.Lock()
        self._parts: tuple[Encoder, VectorIndex] | None = None

    def close(self) -> None:
        """Lets go of the files."""
        with self._opening:
            if self._parts:
                self._parts[1].close()
            self._parts = None

    # Reading.

    def ready(self) -> str:
        """Why there is nothing near just now, in a sentence; empty if all is well."""
        try:
            _, vectors = self._open()
            if vectors.sequence or not self._catalogue.last_change():
                return ""
        except BroadsheetError as error:
            return f"Papers near in meaning are left out: {error}"
        return "The index of meanings is being built: until then, papers are found by their words alone."

    def vector(self, text: str) -> "Vectors | None":
        """What a text means; None if the encoder knows nothing in it. Raises BadSetting, Damaged."""
        encoder, _ = self._open()
        vector: Vectors = encoder.encode([text])[0]
        return vector if vector.any() else None

    def like(self, more: Sequence[int], less: Sequence[int]) -> "Vectors | None":
        """What papers mean that are like some papers and unlike others; None if nothing is known of the former."""
        _, vectors = self._open()
        wanted = vectors.vectors_of(more).sum(axis=0)
        if not wanted.any():
            return None
        wanted *= LIKED / max(1, len(more))
        if less:
            wanted -= DISLIKED * vectors.vectors_of(less).mean(axis=0)
        length = float((wanted @ wanted) ** 0.5)
        return wanted / length if length else None

    def towards(self, vector: "Vectors", weights: Mapping[int, float]) -> "Vectors":
        """A vector plus those of papers, each by its weight, of unit length. A paper without one moves nothing."""
        import numpy as np  # noqa: PLC0415  see above

        _, vectors = self._open()
        added = np.array(list(weights.values()), np.float32) @ vectors.vectors_of(list(weights))
        moved: Vectors = vector + added
        length = float((moved @ moved) ** 0.5)
        return moved / length if length else vector

    def nearest(self, vector: "Vectors", most: int, allowed: "Mask | None" = None) -> list[Near]:
        """The papers nearest to a vector, the nearest first, of those that a mask allows."""
        _, vectors = self._open()
        numbers, cosines = vectors.search(vector, most, allowed)
        return list(map(Near, numbers.tolist(), cosines.tolist()))

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """Vectors of texts, of unit length, one a row. Raises BadSetting, Damaged."""
        return self._open()[0].encode(texts)

    def dimensions(self) -> int:
        """How long vectors are. Raises BadSetting, Damaged."""
        return self._open()[0].dimensions

    def of_papers(self, titles: Sequence[str], texts: Sequence[str]) -> "Vectors":
        """What the index would keep of papers, whether or not it has them. Raises BadSetting, Damaged."""
        from broadsheet.search.encoder import paper_vectors  # noqa: PLC0415  see the module

        return paper_vectors(self._open()[0], titles, texts)

    def cosines(self, vector: "Vectors", numbers: Sequence[int]) -> dict[int, float]:
        """How near certain papers are; 0 where a paper has no vector."""
        _, vectors = self._open()
        found = vectors.vectors_of(numbers) @ vector if numbers else ()
        return dict(zip(numbers, map(float, found), strict=True))

    def mask(self, first: str | None, last: str | None, categories: Sequence[str]) -> "Mask":
        """The papers of these days and of one of these categories, by number; see `VectorIndex.mask`."""
        _, vectors = self._open()
        days = [day and _day_number(day) for day in (first, last)]
        return vectors.mask(first=days[0] or None, last=days[1] or None, categories=map(str.lower, categories))

    def ages(self, numbers: Sequence[int]) -> dict[int, float | None]:
        """How old papers are, in days before the newest paper of the index; None without a day."""
        _, vectors = self._open()
        return dict(zip(numbers, vectors.ages(numbers), strict=True))

    def count(self) -> int:
        """How many papers have a vector."""
        return len(self._open()[1])

    def fingerprint(self) -> str:
        """Which encoder made the vectors. Raises BadSetting, Damaged."""
        return self._open()[0].fingerprint

    def numbers(self) -> "Numbers":
        """All papers that have a vector, ascending."""
        import numpy as np  # noqa: PLC0415  see above

        return np.flatnonzero(self._open()[1].mask()).astype(np.uint32)

    def vectors_of(self, numbers: "Numbers") -> "Vectors":
        """The vectors of papers, one a row, of unit length up to rounding; zero where there is none."""
        return self._open()[1].vectors_of(numbers.astype("int64"))

    def sequence(self, last: int, *, sure: bool = True) -> int:
        """The last change that is in the index, `last` being the catalogue's; 0 if it has to be filled anew.

        Unless it must be sure, it believes the manifest and compares no encoder: that takes no time. If the encoder
        cannot be loaded there is nothing to wait for: it is the catalogue's last one, so that the words go on.
        """
        if sure or self._parts:
            try:
                found = self._open()[1].sequence
            except BroadsheetError:
                return last
        else:
            try:
                found = int(json.loads((self._folder / MANIFEST).read_bytes())["sequence"])
            except (OSError, ValueError, KeyError, TypeError):
                return 0
        return found if found <= last else 0

    # Writing.

    def sync(self, progress: Progress | None = None, *, anew: bool = False) -> None:
        """Brings the vectors up to date with the catalogue; `anew` makes all of them again.

        Interrupted, it goes on from its last commit the next time. Raises Busy, StorageFull, BadSetting, Damaged.
        """
        encoder, vectors = self._open()
        last = self._catalogue.last_change()
        if vectors.problem:
            log.warning("%s It is being filled anew.", vectors.problem)
        after = vectors.sequence
        if after == last and not anew:
            return
        writer = VectorWriter(encoder, vectors, many=anew or not 0 <= last - after < MANY)
        try:
            if anew or after > last:
                after = 0
                with engine_errors():
                    vectors.clear()
            follow(self._catalogue, writer, after, progress)
            writer.finish()
        finally:
            writer.abandon()

    def verify(self) -> list[Finding]:
        """Reads every file and compares the count with the catalogue's."""
        try:
            _, vectors = self._open()
        except BroadsheetError as error:
            return [Finding("error", "vectors", str(error))]
        found = vectors.verify(full=True)
        if found[0].level != "ok":
            return [Finding(found[0].level, "vectors", found[0].message, MEND)]
        behind = self._catalogue.last_change() - vectors.sequence
        if behind > 0:
            return [Finding("warning", "vectors", f"They are {behind:,} changes behind.", "broadsheet index sync")]
        papers = self._catalogue.count()
        if papers != len(vectors):
            said = f"There are {len(vectors):,} and the catalogue has {papers:,} papers."
            return [Finding("error", "vectors", said, MEND)]
        return [Finding("ok", "vectors", f"{papers:,} papers, all files as they were written.")]

    def _open(self) -> "tuple[Encoder, VectorIndex]":
        with self._opening:
            if not self._parts:
                from broadsheet.search.vectors import VectorIndex  # noqa: PLC0415  see the module

                encoder = self._load()
                vectors = VectorIndex.open(self._folder, encoder=encoder.fingerprint, dimensions=encoder.dimensions)
                self._parts = encoder, vectors
            return self._parts


class VectorWriter:
    """Writes what papers mean; see `engine.Writer`. `many` says that there is much to do."""

    def __init__(self, encoder: "Encoder", vectors: "VectorIndex", *, many: bool = False) -> None:
        from broadsheet.search.encoding import Encoding  # noqa: PLC0415  see the module

        self._encoder, self._vectors = encoder, vectors
        self._encoding = Encoding(encoder) if many else None
        self._pending: deque[tuple[Sequence[Document], Sequence[int], Future[Vectors]]] = deque()

    def replace(self, documents: Sequence[Document], gone: Sequence[int]) -> None:
        """Puts vectors in place of those with the same numbers, and takes others out."""
        from broadsheet.search.encoder import paper_vectors  # noqa: PLC0415  see the module

        titles = [document.title for document in documents]
        # The abstract; where there is none, what there is instead.
        texts = [document.texts[0] if document.texts else "" for document in documents]
        if self._encoding:
            self._pending.append((documents, gone, self._encoding.vectors(titles, texts)))
            self._catch_up(PENDING)
        else:
            self._put(documents, gone, paper_vectors(self._encoder, titles, texts))

    def _catch_up(self, most: int) -> None:
        """Puts batches whose vectors are made, in their order, until at most so many wait."""
        while len(self._pending) > most:
            documents, gone, made = self._pending.popleft()
            self._put(documents, gone, made.result())

    def _put(self, documents: Sequence[Document], gone: Sequence[int], made: "Vectors") -> None:
        if documents:
            with engine_errors():
                self._vectors.add(
                    [document.number for document in documents],
                    made,
                    days=[_day_number(document.day) for document in documents],
                    categories=[_labels(document) for document in documents],
                )
        if gone:
            with engine_errors():
                self._vectors.remove(gone)

    def commit(self, sequence: int) -> None:
        """Makes all of it durable and visible, together with the sequence. Raises StorageFull, Damaged."""
        self._catch_up(0)
        with engine_errors():
            self._vectors.commit(sequence)

    def finish(self) -> None:
        """Merges segments where that makes queries quicker: some seconds for each hundred thousand papers."""
        self._end()
        with engine_errors():
            if self._vectors.wants_merging:
                self._vectors.merge()

    def abandon(self) -> None:
        """Forgets what was not committed."""
        self._end()
        self._vectors.rollback()

    def _end(self) -> None:
        self._pending.clear()
        if self._encoding:
            self._encoding.close()
            self._encoding = None


def _labels(document: Document) -> list[str]:
    """What a paper is found under by a mask: its categories, and that it has code."""
    return [*(code.lower() for code in document.categories), *(["has:code"] if document.code else [])]


def _day_number(day: str | None) -> int:
    from broadsheet.search.vectors import day_number  # noqa: PLC0415  see the module

    return day_number(day)
