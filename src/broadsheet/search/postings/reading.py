"""What the postings say of a query's stems: which papers hold all, any or half of them, and what they score.

    BM25(w, d) = ln(1 + (N - n + 0.5) / (n + 0.5)) * (K1 + 1) * t / (t + K1 * (1 - B + B * length(d) / mean length))

(Robertson and Zaragoza 2009; N papers, n of which hold w; t: how often d holds it.) Every step is one of numpy's over a
whole list of papers. A list is looked up in another by binary search while it is short, and through a table by number
when it is not.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from broadsheet.search.counting import key
from broadsheet.search.postings.segment import TEXT, Numbers, Postings, Times
from broadsheet.search.postings.snapshot import K1, NOBODY, Mask, Scratch, Snapshot

Group = tuple[Sequence[str], Sequence[str]]  # see `freewords.FreeWords`
Scores = npt.NDArray[np.float32]
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
                mask[self._snapshot.counting(place, one.numbers).astype(np.intp)] = True
        if self._allowed is not None:
            mask &= self._allowed
        return mask

    def some_words(self, stems: Iterable[str], least: int) -> Mask:
        """The papers that hold at least so many of the stems."""
        with self._snapshot.scratch() as scratch:
            for stem in stems:
                for place, one in enumerate(self._postings(stem, TEXT)):
                    scratch.times[self._snapshot.counting(place, one.numbers)] += 1
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

    def best_among(self, numbers: Numbers, weights: Mapping[str, float], most: int) -> tuple[Numbers, Scores]:
        """The best of these papers, the best first: numbers, and scores by the whole text."""
        scores = self.contributions(numbers, weights, TEXT).sum(axis=1)
        return _first(numbers, scores, most)

    def contributions(
        self, numbers: Sequence[int] | Numbers, weights: Mapping[str, float], field: str
    ) -> npt.NDArray[np.float32]:
        """BM25 of each stem in each paper (papers, stems), times the stem's weight."""
        given = np.asarray(numbers, np.uint32)
        norms = self._snapshot.norms[field]
        if not len(norms):
            return np.zeros((len(given), len(weights)), np.float32)
        times = self.times(given, tuple(weights), field).astype(np.float32)
        own = norms[np.minimum(given, len(norms) - 1)]  # of papers that are not here it makes nothing of nothing
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
                    rows = rows[np.argsort(given[rows])]
                    own = given[rows]
                    for row, stem in zip(found, stems, strict=True):
                        row[rows] = _looked_up(own, self._postings(stem, field)[place], scratch)
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
        owners = np.full(len(numbers), NOBODY, np.int16)
        here = numbers < len(self._snapshot.owners)
        owners[here] = self._snapshot.owners[numbers[here]]
        return owners

    def _counting(self, place: int, numbers: Numbers) -> Numbers:
        """Those of a segment's papers that count and are allowed."""
        return numbers[self._counts(place, numbers)]

    def _counts(self, place: int, numbers: npt.NDArray[Any]) -> Mask:
        """Which of a segment's papers count and are allowed."""
        whole = self._snapshot.whole[place]
        mask: Mask = np.ones(len(numbers), np.bool_) if whole else self._snapshot.owners[numbers] == place
        return mask if self._allowed is None else mask & self._allowed[numbers]

    def _all_words(self, place: int, groups: Sequence[Group], field: str, scratch: Scratch) -> Numbers:
        def lists(stems: Sequence[str]) -> list[Postings]:
            found = [self._postings(stem, field)[place] for stem in dict.fromkeys(stems)]
            return sorted(found, key=lambda one: len(one.numbers))

        def most(group: tuple[list[Postings], list[Postings]]) -> int:
            return min(len(one.numbers) for one in group[0]) + sum(len(one.numbers) for one in group[1])

        ordered = sorted(((lists(stems), lists(compounds)) for stems, compounds in groups), key=most)
        (first, *others), compounds = ordered[0]
        numbers = first.numbers
        for one in others:
            numbers = numbers[_looked_up(numbers, one, scratch) > 0]
        for one in compounds:
            numbers = np.union1d(numbers, one.numbers)
        for stems, compounds in ordered[1:]:
            if compounds:
                has = np.ones(len(numbers), np.bool_)
                for one in stems:
                    has &= _looked_up(numbers, one, scratch) > 0
                for one in compounds:
                    has |= _looked_up(numbers, one, scratch) > 0
                numbers = numbers[has]
            else:
                for one in stems:
                    numbers = numbers[_looked_up(numbers, one, scratch) > 0]
        return numbers

    def _best(self, place: int, weights: Mapping[str, float], most: int, scratch: Scratch) -> tuple[Numbers, Scores]:
        table, norms = scratch.scores, self._snapshot.norms[TEXT]
        lists = []
        for stem, weight in weights.items():
            one = self._postings(stem, TEXT)[place]
            if len(one.numbers):
                places = one.numbers.astype(np.intp)  # once: numpy looks places up by nothing else
                shares = one.times.astype(np.float32)
                shares /= shares + norms[places]
                shares *= self._worth(stem, TEXT, weight)
                np.add.at(table, places, shares)
                lists.append(places)
        kept, scores = [np.empty(0, np.intp)], [np.empty(0, np.float32)]
        least = np.finfo(np.float32).tiny
        for places in lists:  # each paper is taken where it comes first, and its place is zero from then on
            own = table[places]
            table[places] = 0
            good = np.flatnonzero(own >= least)
            if self._allowed is not None or not self._snapshot.whole[place]:
                good = good[self._counts(place, places[good])]
            if len(good) > most:
                least = np.partition(own[good], -most)[-most]
                better, equal = good[own[good] > least], good[own[good] == least]
                good = np.concatenate([better, equal[: most - len(better)]])  # of equal ones the lowest numbers
            kept.append(places[good])
            scores.append(own[good])
        return np.concatenate(kept).astype(np.uint32), np.concatenate(scores)


def _first(numbers: Numbers, scores: Scores, most: int) -> tuple[Numbers, Scores]:
    """The best of some papers, the best first; of equal ones those with the lowest numbers, however few are wanted."""
    if 0 < most < len(scores):
        some = np.flatnonzero(scores >= np.partition(scores, -most)[-most])
        numbers, scores = numbers[some], scores[some]
    order = np.lexsort((numbers, -scores))[:most]
    return numbers[order], scores[order]


def _looked_up(numbers: Numbers, one: Postings, scratch: Scratch) -> Times:
    """How often each of these papers, which are in order, holds a stem."""
    if not len(numbers) or not len(one.numbers):
        return np.zeros(len(numbers), np.uint8)
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
