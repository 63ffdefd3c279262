"""Common stems as bitmaps: one bit for each paper of a segment, and how many bits are set before each word of 64.

A stem that half a million papers hold is looked up in no time that way, and the papers with several such stems are one
`and` of some hundred kilobytes. How often a paper holds it is found by its rank among those that do (rank of a bit
vector: Jacobson 1989; counted by words as González, Grabowski, Mäkinen and Navarro 2005 do).

A few hundred stems ("model", "learning") are in most queries. The bitmaps of the most common ones are kept.
"""

import threading
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint32]
Times = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

COMMON = 32  # a stem that one paper in so many holds gets a bitmap
MOST = 256  # bitmaps of a segment: 48 bytes a paper, 134 MB at 2.8 million
_BITS = 64
_SINGLE = np.left_shift(np.uint64(1), np.arange(_BITS, dtype=np.uint64))
_BELOW = _SINGLE - np.uint64(1)


@dataclass(frozen=True, slots=True)
class Bitmap:
    """See the module. Bit b of `words[w]` is the number 64 w + b; `before[w]` counts the bits of the words before."""

    words: Words
    before: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, numbers: Numbers, size: int) -> Self:
        """The bitmap of numbers, which are in order and below `size`."""
        mask = np.zeros(-(-size // _BITS) * _BITS, np.bool_)
        mask[numbers.astype(np.intp)] = True
        words = np.packbits(mask, bitorder="little").view("<u8")
        counts = np.bitwise_count(words)
        return cls(words, np.cumsum(counts, dtype=np.uint32) - counts)

    def has(self, numbers: Numbers) -> Mask:
        """Which of the numbers are in it; all must be below its size."""
        found: Mask = (self.words.take(numbers >> 6) & _SINGLE.take(numbers & 63)) != 0
        return found

    def times(self, numbers: Numbers, times: Times) -> Times:
        """How often each of these papers holds the stem, `times` being that of those that do."""
        words, bits = numbers >> 6, numbers & 63
        word = self.words.take(words)
        rank = self.before.take(words) + np.bitwise_count(word & _BELOW.take(bits))
        found: Times = times.take(rank, mode="clip") * ((word & _SINGLE.take(bits)) != 0)
        return found


def numbers_of(words: Words) -> Numbers:
    """The numbers whose bits are set, in order."""
    octets = words.view(np.uint8)
    some = np.flatnonzero(octets != 0)  # of truth values numpy finds the true ones eight times as fast
    bits = np.flatnonzero(np.unpackbits(octets.take(some), bitorder="little").view(np.bool_))
    return (some.take(bits >> 3) << 3 | bits & 7).astype(np.uint32)


def mask_of(words: Words) -> Mask:
    """Of each number whether its bit is set."""
    return np.unpackbits(words.view(np.uint8), bitorder="little").view(np.bool_)


class Bitmaps:
    """The bitmaps of one segment: of those that were asked for, the largest. Safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[Hashable, Bitmap] = {}
        self._sizes: dict[Hashable, int] = {}
        self._least = 0  # papers that a stem must have to be kept

    def of(self, name: Hashable, numbers: Numbers, size: int) -> Bitmap | None:
        """The bitmap of a stem's papers; None where they are too few for one."""
        found = self._kept.get(name)
        if found or len(numbers) <= self._least or len(numbers) * COMMON < size:
            return found
        found = Bitmap.of(numbers, size)
        with self._lock:
            self._kept[name], self._sizes[name] = found, len(numbers)
            if len(self._kept) > MOST:
                smallest = min(self._sizes, key=self._sizes.__getitem__)
                del self._kept[smallest]
                self._least = self._sizes.pop(smallest)
        return found
