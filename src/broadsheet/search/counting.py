"""How often each stem stands in a paper's title and in all of its text: what the postings are made of.

The stems are those that tantivy is given (`text.stemmed`), so that both hold the same words.
"""

import io
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

MOST = 255  # times that a stem is counted in a text
_TITLES = 15  # and in a title
_REMEMBERED = 200_000  # stems: 35 MB

Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.uint32]
Times = npt.NDArray[np.uint8]
Lengths = npt.NDArray[np.int64]


class Counts(NamedTuple):
    """What a few papers hold. `keys` are their stems' keys; one row of `terms` (a place in `keys`), `papers`
    (a place among the papers), `texts` and `titles` (how often) for each stem of each paper; `lengths` (papers, 2)
    how many words text and title have.
    """

    keys: Keys
    terms: Places
    papers: Places
    texts: Times
    titles: Times
    lengths: Places


@lru_cache(maxsize=_REMEMBERED)
def key(stem: str) -> int:
    """A stem as the postings know it: 64 bits of its BLAKE2 hash. Of ten million stems two share one once in 370,000
    collections.
    """
    return _hashed(stem)


@lru_cache(maxsize=_REMEMBERED)
def author_key(name: str) -> int:
    """An author's name as the postings know it."""
    return key(f"author {name}")  # no stem holds a blank


class _Places(dict[str, bytes]):
    """Stems that were met, each with its place in `keys_in_order` as 4 bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.keys_in_order: list[int] = []

    def __missing__(self, stem: str) -> bytes:
        found = self[stem] = len(self.keys_in_order).to_bytes(4, "little")
        self.keys_in_order.append(_hashed(stem))
        return found


class Counting:
    """Counts papers, some at a time. One thread at a time: it remembers the stems that it met."""

    def __init__(self) -> None:
        self._places = _Places()

    def counted(self, papers: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Counts:
        """Counts titles and texts, both as stems between blanks. A title counts only where the texts hold it too."""
        both = list(papers)
        if len(self._places) > _REMEMBERED:
            self._places = _Places()  # the common ones are back at once
        rows, in_texts, text_lengths = self._rows([text for _, text in both])
        title_rows, times, title_lengths = self._rows([title for title, _ in both])
        held = np.isin(title_rows, rows, assume_unique=True)
        in_titles = np.zeros(len(rows), np.int64)
        in_titles[rows.searchsorted(title_rows[held])] = times[held]
        places, owners = np.divmod(rows, max(1, len(both)))
        distinct, terms = np.unique(places, return_inverse=True)
        return Counts(
            np.array([self._places.keys_in_order[place] for place in distinct.tolist()], np.uint64),
            terms.astype(np.uint32),
            owners.astype(np.uint32),
            np.minimum(in_texts, MOST).astype(np.uint8),
            np.minimum(in_titles, _TITLES).astype(np.uint8),
            np.stack([text_lengths, title_lengths], axis=1).astype(np.uint32),
        )

    def _rows(self, papers: Sequence[Sequence[str]]) -> tuple[Lengths, Lengths, Lengths]:
        """One number for each stem of each paper, its place and then the paper's, ascending; how often it comes there;
        and how many words each paper has.
        """
        places = [b"".join(map(self._places.__getitem__, " ".join(texts).split())) for texts in papers]
        lengths = np.array(list(map(len, places)), np.int64) // 4
        rows = np.frombuffer(b"".join(places), "<u4") * np.int64(len(papers))
        rows += np.repeat(np.arange(len(papers)), lengths)
        return *np.unique(rows, return_counts=True), lengths


def packed(counts: Counts) -> bytes:
    """Counts on their way to another process."""
    file = io.BytesIO()
    np.savez(file, **counts._asdict())
    return file.getvalue()


def unpacked(content: bytes) -> Counts:
    """What `packed` packed."""
    with np.load(io.BytesIO(content), allow_pickle=False) as parts:
        return Counts(**parts)


def _hashed(stem: str) -> int:
    return int.from_bytes(blake2b(stem.encode("utf-8", "replace"), digest_size=8).digest(), "little")
