"""How often each stem stands in a paper's title and in all of its text: what the postings are made of.

The same words as tantivy's analysers find (`text.stems`), but counted before they are stemmed: most of a text is made
of a few thousand words, whose stems are remembered.
"""

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from broadsheet.search.text import pieces, stems

MOST = 255  # times that a stem is counted in a text
_TITLES = 15  # and in a title
_REMEMBERED = 200_000  # pieces: 40 MB

Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.uint32]
Times = npt.NDArray[np.uint8]


class Counts(NamedTuple):
    """What a few papers hold. `keys` are their stems' keys, sorted; one row of `terms` (a place in `keys`), `papers`
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
    return int.from_bytes(blake2b(stem.encode("utf-8", "replace"), digest_size=8).digest(), "little")


@lru_cache(maxsize=_REMEMBERED)
def author_key(name: str) -> int:
    """An author's name as the postings know it."""
    return key(f"author {name}")  # no stem holds a blank


def counted(papers: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Counts:
    """Counts titles and texts, both searchable (`text.searchable`). A title counts only where the texts hold it too."""
    keys: list[int] = []
    sizes: list[int] = []
    texts: list[int] = []
    titles: list[int] = []
    lengths: list[tuple[int, int]] = []
    for title, text in papers:
        in_text, in_title = _times(text), _times(title)
        keys += in_text
        texts += in_text.values()
        titles += map(in_title.get, in_text, [0] * len(in_text))
        sizes.append(len(in_text))
        lengths.append((sum(in_text.values()), sum(in_title.values())))
    distinct, terms = np.unique(np.array(keys, np.uint64), return_inverse=True)
    return Counts(
        distinct,
        terms.astype(np.uint32),
        np.repeat(np.arange(len(sizes), dtype=np.uint32), np.array(sizes, np.int64)),
        np.minimum(np.array(texts, np.int64), MOST).astype(np.uint8),
        np.minimum(np.array(titles, np.int64), _TITLES).astype(np.uint8),
        np.array(lengths, np.uint32).reshape(-1, 2),
    )


def packed(counts: Counts) -> bytes:
    """Counts on their way to another process."""
    file = io.BytesIO()
    np.savez(file, **counts._asdict())
    return file.getvalue()


def unpacked(content: bytes) -> Counts:
    """What `packed` packed."""
    with np.load(io.BytesIO(content), allow_pickle=False) as parts:
        return Counts(**parts)


def _times(texts: Sequence[str]) -> dict[int, int]:
    """How often each stem's key comes."""
    times: dict[int, int] = {}
    for piece, often in Counter(pieces("\n".join(texts))).items():
        for own in _keys(piece):
            times[own] = times.get(own, 0) + often
    return times


@lru_cache(maxsize=_REMEMBERED)
def _keys(piece: str) -> tuple[int, ...]:
    return tuple(map(key, stems(piece)))
