"""How a set of papers divides by year, label and author: exact counts of whole arrays."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from broadsheet.search.postings.segment import AUTHOR
from broadsheet.search.postings.snapshot import NO_DAY, Mask, Snapshot

_YEAR = 10_000  # from one year to the next in a day
_OF_EACH = 100  # names of each segment that are compared with those of others
_FEW = 20  # of so many rows one: then each finds its name by itself
_BLOCK = 1 << 20  # rows that are counted at once


class Signed(NamedTuple):
    """An author's name by its key, how many papers have it, and the number of one of them."""

    key: int
    papers: int
    number: int


def years(snapshot: Snapshot, mask: Mask) -> dict[int, int]:
    """How many of the papers are of each year; those without a day are of none."""
    days = snapshot.days[mask]
    found, counts = np.unique(days[days != NO_DAY] // _YEAR, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def labels(snapshot: Snapshot, mask: Mask) -> dict[str, int]:
    """How many of the papers have each label."""
    found: dict[str, int] = {}
    for place, segment in enumerate(snapshot.segments):
        for label in segment.labels:
            papers = int(mask[snapshot.counting(place, segment.labelled(label))].sum())
            if papers:
                found[label] = found.get(label, 0) + papers
    return found


def authors(snapshot: Snapshot, mask: Mask, most: int) -> list[Signed]:
    """The names that most of the papers have, the commonest first.

    Exact unless a name is outside the first hundred of every segment.
    """
    counts = [_signed(snapshot, place, mask) for place in range(len(snapshot.segments))]
    keys: set[int] = set()
    for segment, own in zip(snapshot.segments, counts, strict=True):
        first = np.flatnonzero(own > 1)  # most names are of one paper, and seldom needed
        first = first if len(first) >= _OF_EACH else np.flatnonzero(own)
        if len(first) > _OF_EACH:
            first = first[np.argpartition(-own[first], _OF_EACH)[:_OF_EACH]]
        keys.update(segment.fields[AUTHOR].terms[first].tolist())
    found = []
    for key in keys:
        papers = [
            numbers[mask[numbers]]
            for place, segment in enumerate(snapshot.segments)
            for numbers in (snapshot.counting(place, segment.postings(AUTHOR, key).numbers),)
        ]
        number = next(int(own[0]) for own in papers if len(own))
        found.append(Signed(key, sum(map(len, papers)), number))
    return sorted(found, key=lambda one: (-one.papers, one.key))[:most]


def among(mask: Mask, numbers: Sequence[int]) -> int:
    """How many of these numbers are in the mask."""
    given = np.array(numbers, np.int64)
    return int(np.count_nonzero(mask[given[given < len(mask)]]))


def _signed(snapshot: Snapshot, place: int, mask: Mask) -> npt.NDArray[np.int64]:
    """How many of the papers have each of a segment's names."""
    terms, starts, numbers, _ = snapshot.segments[place].fields[AUTHOR]
    own = np.empty(len(numbers), np.bool_)
    for at in range(0, len(numbers), _BLOCK):
        block = numbers[at : at + _BLOCK].astype(np.intp)
        own[at : at + _BLOCK] = mask[block]
        if not snapshot.whole[place]:
            own[at : at + _BLOCK] &= snapshot.owners[block] == place
    rows = np.flatnonzero(own)
    if len(rows) * _FEW < len(own):
        return np.bincount(starts.searchsorted(rows, side="right") - 1, minlength=len(terms))
    before = np.zeros(len(own) + 1, np.int64)
    np.cumsum(own, out=before[1:])
    return np.diff(before[starts])
