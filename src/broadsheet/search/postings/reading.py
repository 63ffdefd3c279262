"""What the postings say of a query's stems: which papers hold all, any or half of them, and what they score.

    BM25(w, d) = ln(1 + (N - n + 0.5) / (n + 0.5)) * (K1 + 1) * t / (t + K1 * (1 - B + B * length(d) / mean length))

(Robertson and Zaragoza 2009; N papers, n of which hold w; t: how often d holds it.) Every step is one of numpy's over a
whole list of papers. The papers of a common stem are looked up in its bitmap (`bitmaps`); in other lists a list is
looked up by binary search while it is short, and through a table by number when it is not.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from operator import and_
from typing import Any

import numpy as np
import numpy.typing as npt

from broadsheet.search.counting import key
from broadsheet.search.postings.bitmaps import Bitmap, Words, mask_of, numbers_of
from broadsheet.search.postings.segment import TEXT, Numbers, Postings, Times
from broadsheet.search.postings.snapshot import K1, NOBODY, Mask, Scratch, Snapshot

Group = tuple[Sequence[str], Sequence[str]]  # see `freewords.FreeWords`
Scores = npt.NDArray[np.float32]
_SOME = 16  # of so many scores one tells roughly how good the best are
_SHORT = 12  # times as long as what is looked up in it, a list is searched, and not put into a table


class Asked:
    """One query's stems. `allowed` are the papers that may be found at all; None for all of them."""

    def __init__(self, snapshot: Snapshot, allowed: Mask | None = None) -> None:
        self._snapshot, self._allowed = snapshot, allowed
        self._known: dict[tuple[str, str], list[Postings]] = {}

    def frequency(self, stem: str, field: str = TEXT) -> int:
        """How many papers hold a stem, those included that are no more but still in the files."""
        return sum(len(one.numbers) for one in self._postings(stem, field))

    # Sets.

    def all_words(self, groups: Sequence[Group], field: str = TEXT) -> Numbers:
        """The papers that hold every group: all of its stems or one of its compounds."""
        found = []
        with self._snapshot.scratch() as scratch:
            for place in range(len(self._snapshot.segments)):
                numbers = self._all_words(place, groups, field, scratch)
                found.append(self._counting(place, numbers))
        return np.concatenate(found) if found else np.empty(0, np.uint32)

    def any_word(self, stems: Iterable[str]) -> Mask:
        """The papers that hold one of the stems."""
        mask = np.zeros(len(self._snapshot.owners), np.bool_)
        for stem in stems:
            for place, one in enumerate(self._postings(stem, TEXT)):
                bits = self._bits(place, stem)
                if bits is None:
                    mask[self._snapshot.counting(place, one.numbers).astype(np.intp)] = True
                else:
                    mask[: len(bits)] |= bits
        if self._allowed is not None:
            mask &= self._allowed
        return mask

    def some_words(self, stems: Iterable[str], least: int) -> Mask:
        """The papers that hold at least so many of the stems."""
        with self._snapshot.scratch() as scratch:
            for stem in stems:
                for place, one in enumerate(self._postings(stem, TEXT)):
                    bits = self._bits(place, stem)
                    if bits is None:
                        scratch.times[self._snapshot.counting(place, one.numbers)] += 1
                    else:
                        scratch.times[: len(bits)] += bits
            mask: Mask = scratch.times >= least
            scratch.times.fill(0)
        if self._allowed is not None:
            mask &= self._allowed
        return mask

    def holding(self, numbers: Sequence[int], groups: Sequence[Group], least: int) -> set[int]:
        """Which of these papers hold at least so many of the groups."""
        stems = tuple(dict.fromkeys(stem for group in groups for part in group for stem in part))
        place = {stem: column for column, stem in enumerate(stems)}
        has = self.times(numbers, stems, TEXT) > 0
        count = np.zeros(len(numbers), np.int64)
        for whole, compounds in groups:
            own = has[:, [place[stem] for stem in whole]].all(axis=1)
            count += own | has[:, [place[stem] for stem in compounds]].any(axis=1)
        return {number for number, often in zip(numbers, count.tolist(), strict=True) if often >= least}

    # Order.

    def best(self, weights: Mapping[str, float], most: int) -> tuple[Numbers, Scores]:
        """The best papers with any of the stems, the best first: numbers, and scores by the whole text."""
        found = [(np.empty(0, np.uint32), np.empty(0, np.float32))]
        with self._snapshot.scratch() as scratch:
            found += [self._best(place, weights, most, scratch) for place in range(len(self._snapshot.segments))]
        numbers, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return _first(numbers, scores, most)

    def best_with_all(
        self, groups: Sequence[Group], weights: Mapping[str, float], most: int, field: str = TEXT
    ) -> tuple[Numbers, Scores, int]:
        """The best of the papers that hold every group in a field, as `best` tells them, and how many do."""
        found, count = [(np.empty(0, np.uint32), np.empty(0, np.float32))], 0
        with self._snapshot.scratch() as scratch:
            for place in range(len(self._snapshot.segments)):
                numbers = self._counting(place, self._all_words(place, groups, field, scratch))
                found.append((numbers, self._scores(place, numbers, weights, scratch)))
                count += len(numbers)
        numbers, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return *_first(numbers, scores, most), count

    def contributions(
        self, numbers: Sequence[int] | Numbers, weights: Mapping[str, float], field: str
    ) -> npt.NDArray[np.float32]:
        """BM25 of each stem in each paper (papers, stems), times the stem's weight."""
        given = np.asarray(numbers, np.uint32)
        if not self._snapshot.count:
            return np.zeros((len(given), len(weights)), np.float32)
        times = self.times(given, tuple(weights), field).astype(np.float32)
        own = self._snapshot.norm(field, given)  # of papers that are not here it makes nothing of nothing
        worth = np.array([self._worth(stem, field, weight) for stem, weight in weights.items()], np.float32)
        found: npt.NDArray[np.float32] = worth * times / (times + own[:, None])
        return found

    def times(self, numbers: Sequence[int] | Numbers, stems: Sequence[str], field: str) -> Times:
        """How often each paper holds each stem (papers, stems)."""
        given = np.asarray(numbers, np.uint32)
        found = np.zeros((len(stems), len(given)), np.uint8)
        owners = self._owners(given)
        with self._snapshot.scratch() as scratch:
            for place in range(len(self._snapshot.segments)):
                rows = np.flatnonzero(owners == place)
                if len(rows):
                    rows = rows.take(np.argsort(given.take(rows), kind="stable"))  # quick where they are in order
                    own = given.take(rows)
                    for row, stem in zip(found, stems, strict=True):
                        row[rows] = self._looked_up(own, place, stem, field, scratch)
        return found.T

    # Inside.

    def _postings(self, stem: str, field: str) -> list[Postings]:
        """A stem's postings, segment by segment."""
        known = self._known.get((field, stem))
        if known is None:
            own = key(stem)
            known = [segment.postings(field, own) for segment in self._snapshot.segments]
            self._known[field, stem] = known
        return known

    def _worth(self, stem: str, field: str, weight: float) -> np.float32:
        """What a stem's share of a paper is multiplied with."""
        have = self.frequency(stem, field)
        rarity = math.log(1 + (max(0, self._snapshot.count - have) + 0.5) / (have + 0.5))
        return np.float32(weight * rarity * (K1 + 1))

    def _owners(self, numbers: Numbers) -> npt.NDArray[np.int16]:
        owners = self._snapshot.owners.take(numbers, mode="clip")
        owners[numbers >= len(self._snapshot.owners)] = NOBODY
        return owners

    def _counting(self, place: int, numbers: Numbers) -> Numbers:
        """Those of a segment's papers that count and are allowed."""
        if self._snapshot.whole[place] and self._allowed is None:
            return numbers
        return _those(numbers, self._counts(place, numbers))

    def _counts(self, place: int, numbers: npt.NDArray[Any]) -> Mask:
        """Which of a segment's papers count and are allowed."""
        whole = self._snapshot.whole[place]
        mask: Mask = np.ones(len(numbers), np.bool_) if whole else self._snapshot.owners[numbers] == place
        return mask if self._allowed is None else mask & self._allowed[numbers]

    def _all_words(self, place: int, groups: Sequence[Group], field: str, scratch: Scratch) -> Numbers:
        def size(stem: str) -> int:
            return len(self._postings(stem, field)[place].numbers)

        def most(group: Group) -> int:
            return min(map(size, group[0])) + sum(map(size, group[1]))

        def has(numbers: Numbers, stem: str) -> Mask:
            bitmap = self._bitmap(place, stem, field)
            return bitmap.has(numbers) if bitmap else self._looked_up(numbers, place, stem, field, scratch) > 0

        ordered = sorted(groups, key=most)
        common = self._common(place, ordered, field)
        if common is not None:
            numbers, ordered = common
        else:
            rarest, *rest = sorted(dict.fromkeys(ordered[0][0]), key=size)
            numbers = self._postings(rarest, field)[place].numbers
            for stem in rest:
                numbers = _those(numbers, has(numbers, stem))
            for stem in ordered[0][1]:
                numbers = _either(numbers, self._postings(stem, field)[place].numbers)
            ordered = ordered[1:]
        for group in ordered:
            if not len(numbers):
                break
            numbers = _holding(numbers, group, has, size)
        return numbers

    def _common(self, place: int, groups: Sequence[Group], field: str) -> tuple[Numbers, list[Group]] | None:
        """The papers that hold the groups of common stems, if the first group is one of these; and the others."""
        both: Words | None = None
        others = []
        for group in groups:
            words = self._words(place, group, field)
            if words is not None:
                both = words if both is None else both & words
            elif both is None:
                return None
            else:
                others.append(group)
        return None if both is None else (numbers_of(both), others)

    def _words(self, place: int, group: Group, field: str) -> Words | None:
        """The papers of a segment that hold a group, where each of its stems is common."""
        bitmaps = [self._bitmap(place, stem, field) for stem in dict.fromkeys(group[0])]
        common = [bitmap.words for bitmap in bitmaps if bitmap]
        if not common or len(common) < len(bitmaps):
            return None
        words = reduce(and_, common)
        for stem in group[1]:
            numbers = self._postings(stem, field)[place].numbers
            if len(numbers):
                bitmap = self._bitmap(place, stem, field) or Bitmap.of(numbers, 64 * len(words))
                words = words | bitmap.words
        return words

    def _bitmap(self, place: int, stem: str, field: str) -> Bitmap | None:
        """A stem's papers in a segment, where it is common."""
        return self._snapshot.segments[place].bitmap(field, key(stem), self._postings(stem, field)[place].numbers)

    def _bits(self, place: int, stem: str) -> Mask | None:
        """The papers that hold a common stem in a segment of which all count, as a mask from number 0 on."""
        bitmap = self._bitmap(place, stem, TEXT) if self._snapshot.whole[place] else None
        return mask_of(bitmap.words)[: len(self._snapshot.owners)] if bitmap else None

    def _looked_up(self, numbers: Numbers, place: int, stem: str, field: str, scratch: Scratch) -> Times:
        """How often each of these papers of a segment, which are in order, holds a stem."""
        one = self._postings(stem, field)[place]
        if not len(numbers) or not len(one.numbers):
            return np.zeros(len(numbers), np.uint8)
        bitmap = self._bitmap(place, stem, field)
        if bitmap:
            return bitmap.times(numbers, one.times)
        if len(one.numbers) > _SHORT * len(numbers):
            at = one.numbers.searchsorted(numbers)
            there = one.numbers.take(at, mode="clip") == numbers
            found: Times = one.times.take(at, mode="clip") * there
            return found
        table, places = scratch.times, one.numbers.astype(np.intp)
        table[places] = one.times
        times = table[numbers]
        table[places] = 0
        return times

    def _scores(self, place: int, numbers: Numbers, weights: Mapping[str, float], scratch: Scratch) -> Scores:
        """What papers of a segment, which are in order, score by the whole text."""
        if not len(numbers):
            return np.empty(0, np.float32)
        norms = self._snapshot.norm(TEXT, numbers)
        scores = np.zeros(len(numbers), np.float32)
        for stem, weight in weights.items():
            shares = self._looked_up(numbers, place, stem, TEXT, scratch).astype(np.float32)
            shares /= shares + norms
            shares *= self._worth(stem, TEXT, weight)
            scores += shares
        return scores

    def _best(self, place: int, weights: Mapping[str, float], most: int, scratch: Scratch) -> tuple[Numbers, Scores]:
        """The best papers of a segment with any of the stems, and some others."""
        lists = []
        for stem, weight in weights.items():
            numbers, times = self._postings(stem, TEXT)[place]
            if len(numbers):
                places = numbers.astype(np.intp)  # once: numpy looks places up by nothing else
                shares = times.astype(np.float32)
                shares /= shares + self._snapshot.norm(TEXT, places)
                shares *= self._worth(stem, TEXT, weight)
                lists.append((places, shares))
        if len(lists) == 1:
            return self._good(place, *lists[0], most, np.finfo(np.float32).tiny)
        for places, shares in lists:
            np.add.at(scratch.scores, places, shares)
        found = [(np.empty(0, np.uint32), np.empty(0, np.float32))]
        least = np.finfo(np.float32).tiny
        for places, _ in lists:  # each paper is taken where it comes first, and its place is zero from then on
            own = scratch.scores.take(places)
            scratch.scores[places] = 0
            found.append(self._good(place, places, own, most, least))
            if len(found[-1][1]) >= most:
                least = found[-1][1].min()
        numbers, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return numbers, scores

    def _good(
        self, place: int, places: npt.NDArray[np.intp], scores: Scores, most: int, least: np.float32
    ) -> tuple[Numbers, Scores]:
        """Of a segment's papers that count, are allowed and score so much: the best, and as many equal to the last."""
        good = np.flatnonzero(scores >= least)
        if self._allowed is not None or not self._snapshot.whole[place]:
            good = good.take(np.flatnonzero(self._counts(place, places.take(good))))
        own = scores.take(good)
        if 0 < most < len(own):
            best = _best_places(own, most)
            good, own = good.take(best), own.take(best)
        return places.take(good).astype(np.uint32), own


def _first(numbers: Numbers, scores: Scores, most: int) -> tuple[Numbers, Scores]:
    """The best of some papers, the best first; of equal ones those with the lowest numbers, however few are wanted."""
    if 0 < most < len(scores):
        some = _best_places(scores, most)
        numbers, scores = numbers.take(some), scores.take(some)
    order = np.lexsort((numbers, -scores))[:most]
    return numbers[order], scores[order]


def _best_places(scores: Scores, most: int) -> npt.NDArray[np.intp]:
    """Where the best scores are, so many and those equal to the last.

    A few scores tell roughly how good the best are: to partition all takes ten times as long.
    """
    rank = 1 + 2 * most // _SOME
    if rank < len(scores) // _SOME:
        near = np.flatnonzero(scores >= np.partition(scores[::_SOME], -rank)[-rank])
        if len(near) >= most:
            good = scores.take(near)
            return near.take(np.flatnonzero(good >= np.partition(good, -most)[-most]))
    return np.flatnonzero(scores >= np.partition(scores, -most)[-most])


def _holding(
    numbers: Numbers, group: Group, has: Callable[[Numbers, str], Mask], size: Callable[[str], int]
) -> Numbers:
    """Those of the papers that hold a group; `has` tells which hold a stem, and `size` how many do."""
    stems, compounds = group
    if compounds:
        whole = np.logical_and.reduce([has(numbers, stem) for stem in dict.fromkeys(stems)])
        return _those(numbers, np.logical_or.reduce([whole, *(has(numbers, stem) for stem in compounds)]))
    for stem in sorted(dict.fromkeys(stems), key=size):
        numbers = _those(numbers, has(numbers, stem))
    return numbers


def _either(one: Numbers, other: Numbers) -> Numbers:
    """The numbers that are in one of two lists, in order as they are."""
    both = np.sort(np.concatenate([one, other]), kind="stable")  # which merges what is in order
    return both if not len(both) else _those(both, np.concatenate([[True], both[1:] != both[:-1]]))


def _those(numbers: Numbers, mask: Mask) -> Numbers:
    """The numbers where the mask is true, in a third of the time that a mask as an index takes."""
    return numbers.take(np.flatnonzero(mask))
