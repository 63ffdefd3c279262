"""Authors' track record: how often each author's papers were listed before, and how much that says.

A count by itself says too much for a common name: hundreds of people are called Wei Zhang, and some of them are
listed every week. So a count is multiplied by the square of the name's *share*: of the papers under that name, how
many were listed. The product is the author's *standing*.

The model file knows the names that were listed more than once before it was trained, as hashes of 24 bits: it
cannot be read as a list of names, though anybody may ask it for a name they know. One unknown name in about a
thousand meets another's hash by chance, and then stands as if it had been listed.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt

from broadsheet import ids
from broadsheet.types import Author

MOST_AUTHORS = 100  # of a paper: a collaboration of thousands is not read to its end
_HASH_BYTES = 3


def author_keys(authors: Sequence[Author]) -> list[str]:
    """The folded names of a paper's authors, in order, at most `MOST_AUTHORS`."""
    return [ids.author_key(author.name) for author in authors[:MOST_AUTHORS]]


def name_hash(key: str) -> int:
    """What the model file keeps of a folded name."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:_HASH_BYTES], "big")


def share(listed: float, papers: float) -> float:
    """How many of the papers under a name were listed, moved towards one where few papers are known."""
    return (listed + 1) / (max(papers, listed) + 1)


def standing(listed: float, part: float) -> float:
    """What a count is worth: an author of five listed papers and no others stands far above a name of thousands."""
    return listed * part**2


class KnownNames:
    """The names that the model file knows: count and share of each, found by hash."""

    def __init__(
        self, hashes: npt.NDArray[np.uint32], counts: npt.NDArray[np.uint8], shares: npt.NDArray[np.uint8], usual: float
    ) -> None:
        numbers = zip(hashes.tolist(), counts.tolist(), (shares / np.float32(255)).tolist(), strict=True)
        self._known: dict[int, tuple[int, float]] = {key: (count, part) for key, count, part in numbers}
        self._usual = usual

    @classmethod
    def none(cls) -> Self:
        """Nobody is known: what counts is the record of this catalogue alone."""
        empty = np.zeros(0)
        return cls(empty.astype(np.uint32), empty.astype(np.uint8), empty.astype(np.uint8), 1.0)

    def standings(self, authors: Sequence[Author], record: Mapping[str, float]) -> list[float]:
        """The standing of each author, in order.

        `record` says how often this catalogue listed an author. It may have seen the very lists that the model was
        trained on, so the larger of both counts is taken and not their sum.
        """
        found = []
        for key in author_keys(authors):
            count, part = self._known.get(name_hash(key), (0, self._usual))
            found.append(standing(max(count, record.get(key, 0.0)), part))
        return found
