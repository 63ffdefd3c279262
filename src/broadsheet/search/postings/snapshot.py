"""One commit of the postings: segments in their order, where a later one overrules those before it.

Papers' numbers are the catalogue's own, small and dense, so a table by number is the fastest dictionary, and a set of
papers is an array of truth values by number (`Mask`). A paper counts in the last segment that holds it, unless a later
one says that it is gone. A snapshot never changes.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from broadsheet.errors import Damaged
from broadsheet.search.fields import CATEGORY
from broadsheet.search.postings.segment import HIGHEST_NUMBER, RANKED, Numbers, Segment

Mask = npt.NDArray[np.bool_]
Table = npt.NDArray[np.float32]

K1, B = 1.2, 0.75  # of BM25
NOBODY = -1
NO_DAY = -1
LONGEST = 65_535  # words that a paper's length tells


@dataclass(slots=True)
class Scratch:
    """Tables by number that a query may write into, and leaves at zero."""

    times: npt.NDArray[np.uint8]
    scores: Table


@dataclass(frozen=True, eq=False)
class Snapshot:
    """See the module. `owners[number]` is the place of the segment in which a paper counts, or `NOBODY`.

    `whole` says of each segment whether all of its papers count. `lengths[field][number]` is how many words a paper
    has, and `norms[field][length]` what BM25 adds to the number of times: a table of two bytes a paper and a short one
    are read in less time than one of four bytes. `days` are numbers like 20261122, `NO_DAY` of papers without.
    """

    sequence: int
    segments: tuple[Segment, ...]
    owners: npt.NDArray[np.int16]
    whole: tuple[bool, ...]
    lengths: dict[str, npt.NDArray[np.uint16]]
    norms: dict[str, Table]
    days: npt.NDArray[np.int32]
    count: int
    _scratches: list[Scratch] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, segments: Sequence[Segment], sequence: int) -> "Snapshot":
        """The state of these segments."""
        size = 1 + max((int(part.max(initial=0)) for one in segments for part in (one.numbers, one.gone)), default=0)
        if size > HIGHEST_NUMBER + 1:
            raise Damaged("A part of the search index is damaged: it holds a number out of bounds.")
        owners = np.full(size, NOBODY, np.int16)
        lengths = {name: np.zeros(size, np.uint16) for name in RANKED}
        days = np.full(size, NO_DAY, np.int32)
        for place, segment in enumerate(segments):
            owners[segment.gone] = NOBODY
            owners[segment.numbers] = place
            for name, column in zip(RANKED, segment.lengths.T, strict=True):
                lengths[name][segment.numbers] = np.minimum(column, LONGEST)
            days[segment.numbers] = segment.days
        there = owners != NOBODY
        count = int(np.count_nonzero(there))
        days[~there] = NO_DAY
        own = np.bincount(owners[there], minlength=len(segments)) if count else np.zeros(len(segments), np.int64)
        whole = tuple(bool(own[place] == len(segment)) for place, segment in enumerate(segments))
        norms = {name: _norms(table, there) for name, table in lengths.items()}
        return cls(sequence, tuple(segments), owners, whole, lengths, norms, days, count)

    def norm(self, field: str, numbers: npt.NDArray[Any]) -> Table:
        """K1 * (1 - B + B * length / mean length) of papers; anything where a number is too high."""
        return self.norms[field].take(self.lengths[field].take(numbers, mode="clip"))

    def counting(self, place: int, numbers: Numbers) -> Numbers:
        """Those of the numbers that count in the segment at this place, which holds them all."""
        return numbers if self.whole[place] else numbers[self.owners[numbers] == place]

    def labelled(self, labels: Iterable[str]) -> Mask:
        """The papers that have one of these labels."""
        mask = np.zeros(len(self.owners), np.bool_)
        wanted = frozenset(labels)
        for place, segment in enumerate(self.segments):
            for label in wanted:
                mask[self.counting(place, segment.labelled(label))] = True
        return mask

    def in_category(self, code: str) -> Mask:
        """The papers of a category ("cs.LG") or of a whole archive ("cs"), in any case."""
        code = code.lower()
        return self.labelled(label for one in self.segments for label in one.labels if _is_of(label, code))

    @cached_property
    def there(self) -> Mask:
        """All papers."""
        mask: Mask = self.owners != NOBODY
        return mask

    @cached_property
    def years(self) -> npt.NDArray[np.uint16]:
        """The year of each paper; 0 of those without a day."""
        return (np.maximum(self.days, 0) // 10_000).astype(np.uint16)

    def dated(self, first: int | None, last: int | None) -> Mask:
        """The papers of these days, both included; those without a day are of none."""
        mask: Mask = self.days >= max(NO_DAY + 1, first or 0)
        if last is not None:
            mask &= self.days <= last
        return mask

    def these(self, numbers: Sequence[int] | npt.NDArray[Any]) -> Mask:
        """Those of the numbers that are here, as a mask."""
        mask = np.zeros(len(self.owners), np.bool_)
        given = np.asarray(numbers, np.int64)
        mask[given[(given >= 0) & (given < len(mask))]] = True
        return mask

    def in_order_of_days(self, mask: Mask, most: int, *, oldest: bool = False) -> list[int]:
        """The newest of the papers, the newest first; or the oldest. Of one day the higher number is the newer."""
        numbers = np.flatnonzero(mask)
        order = self.days[numbers].astype(np.int64) << 32 | numbers
        if not oldest:
            order = -order
        if len(order) > most:
            numbers = numbers[np.argpartition(order, most)[:most]] if most else numbers[:0]
            return self.in_order_of_days(self.these(numbers), most, oldest=oldest)
        found: list[int] = numbers[np.argsort(order)].tolist()
        return found

    @contextmanager
    def scratch(self) -> Iterator[Scratch]:
        """Tables of zeros. What is not left at zero because of an error is thrown away."""
        with self._lock:
            scratch = self._scratches.pop() if self._scratches else None
        if scratch is None:
            scratch = Scratch(np.zeros(len(self.owners), np.uint8), np.zeros(len(self.owners), np.float32))
        yield scratch
        with self._lock:
            self._scratches.append(scratch)


def _norms(lengths: npt.NDArray[np.uint16], there: Mask) -> Table:
    """What BM25 adds to the number of times, by length."""
    mean = float(lengths[there].mean()) if there.any() else 0.0
    every = np.arange(1 + int(lengths.max(initial=0)), dtype=np.float32)
    return K1 * (1 - B + B * every / np.float32(mean or 1.0))


def _is_of(label: str, code: str) -> bool:
    """Whether a label is that of a category, or of one of an archive's."""
    own = label.removeprefix(CATEGORY).lower()
    return label.startswith(CATEGORY) and code in (own, own.partition(".")[0])
