"""How a set of papers divides by year, label and author: exact counts of whole arrays."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from broadsheet.search.postings.segment import AUTHOR, Numbers, Places
from broadsheet.search.postings.snapshot import Mask, Snapshot

_OF_EACH = 100  # names of each segment that are compared with those of others
_MANY = 16  # papers of a name that is looked at first
_BLOCK = 1 << 20  # rows that are counted at once


class Signed(NamedTuple):
    """An author's name by its key, how many papers have it, and the number of one of them."""

    key: int
    papers: int
    number: int


def years(snapshot: Snapshot, mask: Mask) -> dict[int, int]:
    """How many of the papers are of each year; those without a day are of none."""
    counts = np.bincount(snapshot.years.take(np.flatnonzero(mask))).tolist()
    return {year: papers for year, papers in enumerate(counts) if year and papers}


def labels(snapshot: Snapshot, mask: Mask) -> dict[str, int]:
    """How many of the papers have each label."""
    found: dict[str, int] = {}
    for place, segment in enumerate(snapshot.segments):
        for label in segment.labels:
            papers = int(np.count_nonzero(mask.take(snapshot.counting(place, segment.labelled(label)))))
            if papers:
                found[label] = found.get(label, 0) + papers
    return found


def authors(snapshot: Snapshot, mask: Mask, most: int) -> list[Signed]:
    """The names that most of the papers have, the commonest first.

    Exact unless a name is outside the first hundred of every segment.
    """
    keys: set[int] = set()
    for place in range(len(snapshot.segments)):
        keys.update(_first(snapshot, place, mask).tolist())
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


def among(mask: Mask, numbers: Numbers) -> int:
    """How many of these numbers are in the mask."""
    return int(np.count_nonzero(mask[numbers[numbers < len(mask)]]))


def _first(snapshot: Snapshot, place: int, mask: Mask) -> npt.NDArray[np.uint64]:
    """The keys of a segment's names that most of the papers have, `_OF_EACH` of them at least.

    Looked for among the names of many papers first: where so many of these have as many of the papers, no other can.
    """
    segment = snapshot.segments[place]
    terms, _, _, _ = segment.fields[AUTHOR]
    often = segment.often(AUTHOR, _MANY)
    counts = _counted(snapshot, place, mask, often.numbers, often.starts)
    if np.count_nonzero(counts >= _MANY) >= _OF_EACH:
        terms = terms[often.places]
    else:
        counts = _counted(snapshot, place, mask, segment.fields[AUTHOR].numbers, segment.fields[AUTHOR].starts)
    some = np.flatnonzero(counts > 1)  # most names are of one paper, and seldom needed
    some = some if len(some) >= _OF_EACH else np.flatnonzero(counts)
    if len(some) > _OF_EACH:
        some = some[np.argpartition(-counts[some], _OF_EACH)[:_OF_EACH]]
    return terms[some]


def _counted(snapshot: Snapshot, place: int, mask: Mask, numbers: Numbers, starts: Places) -> npt.NDArray[np.int32]:
    """How many of the papers are in each of a segment's lists, which lie one after the other."""
    before = np.zeros(len(numbers) + 1, np.int32)
    for at in range(0, len(numbers), _BLOCK):
        block = numbers[at : at + _BLOCK].astype(np.intp)
        own = mask.take(block)
        if not snapshot.whole[place]:
            own &= snapshot.owners.take(block) == place
        np.cumsum(own, dtype=np.int32, out=before[at + 1 : at + 1 + len(block)])
        before[at + 1 : at + 1 + len(block)] += before[at]
    return np.diff(before.take(starts))
