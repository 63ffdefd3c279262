"""One state of the index: segments in their order, where a later one overrules those before it.

A number is found in the last segment that holds it, unless a later one says that it is gone. Rows are counted
through all segments; `places[number]` is a paper's row, or -1. Papers' numbers are the catalogue's own, small
and dense, so a table by number is the fastest dictionary.

A snapshot never changes; the next one is made of it by adding segments, which takes milliseconds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt

from broadsheet.search.vectors import codes
from broadsheet.search.vectors.segment import Days, Places, Segment

Mask = npt.NDArray[np.bool_]
T = TypeVar("T", bound=np.generic)

UNKNOWN_DAY = -(2**31)  # of a paper without a day: outside of every range of days
_SPARE = 1.01  # tables grow a little further than they must


@dataclass(frozen=True, slots=True)
class Snapshot:
    """See the module. `alive` says of each row whether it counts; `dead` how many do not."""

    segments: tuple[Segment, ...]
    firsts: tuple[int, ...]
    places: npt.NDArray[np.int32]
    days: Days
    alive: Mask
    count: int

    @classmethod
    def of(cls, segments: Sequence[Segment], before: Self | None = None) -> Self:
        """The state of these segments, from an earlier one that holds the first of them, or from none."""
        if before is None or tuple(segments[: len(before.segments)]) != before.segments:
            before = cls((), (), np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.bool_), 0)
        return before.followed_by(segments[len(before.segments) :])

    def followed_by(self, segments: Sequence[Segment]) -> Self:
        """The state after some more segments."""
        if not segments:
            return self
        rows = len(self.alive)
        total = rows + sum(map(len, segments))
        places = _grown(self.places, _table_size(self.places, segments), -1)
        days = _grown(self.days, len(places), UNKNOWN_DAY)
        alive = _grown(self.alive, total, value=True)
        firsts = list(self.firsts)
        for segment in segments:
            changed = np.concatenate([segment.gone, segment.numbers])
            old = places[changed]
            alive[old[old >= 0]] = False
            places[segment.gone] = -1
            days[segment.gone] = UNKNOWN_DAY
            places[segment.numbers] = np.arange(rows, rows + len(segment), dtype=np.int32)
            days[segment.numbers] = segment.days
            firsts.append(rows)
            rows += len(segment)
        every = (*self.segments, *segments)
        return type(self)(every, tuple(firsts), places, days, alive, int(np.count_nonzero(alive)))

    def live(self, place: int) -> Mask:
        """Of each row of the segment at this place, whether it counts."""
        return self.alive[self.firsts[place] : self.firsts[place] + len(self.segments[place])]

    def split(self, rows: Places) -> Iterator[tuple[Segment, Places, slice]]:
        """Sorted rows by segment: the segment, its own rows, and where in `rows` they stand."""
        cuts = [*np.searchsorted(rows, self.firsts).tolist(), len(rows)]
        for place, segment in enumerate(self.segments):
            part = slice(cuts[place], cuts[place + 1])
            if part.start < part.stop:
                yield segment, rows[part] - self.firsts[place], part

    def numbers(self, rows: Places) -> Places:
        """The numbers of sorted rows."""
        found = np.empty(len(rows), dtype=np.int64)
        for segment, own, part in self.split(rows):
            found[part] = segment.numbers.take(own)
        return found

    def cosines(self, asked: codes.Question, rows: Places) -> codes.Vectors:
        """The cosines of sorted rows with the query."""
        found = np.empty(len(rows), dtype=np.float32)
        for segment, own, part in self.split(rows):
            found[part] = codes.cosines(asked, segment.codes.take(own, axis=0), segment.scales.take(own))
        return found

    def vectors(self, numbers: Places, dimensions: int) -> codes.Vectors:
        """The vectors of these numbers; zero for those that are not here."""
        found = np.zeros((len(numbers), dimensions), dtype=np.float32)
        known = np.flatnonzero((numbers >= 0) & (numbers < len(self.places)))
        rows = self.places[numbers[known]].astype(np.int64)
        order = np.argsort(rows, kind="stable")
        order = order[rows[order] >= 0]
        for segment, own, part in self.split(rows[order]):
            found[known[order[part]]] = codes.restore(segment.codes.take(own, axis=0), segment.scales.take(own))
        return found

    def ages(self, numbers: Places) -> list[float | None]:
        """Days from each paper to the newest one; None for a paper without a day."""
        newest = int(self.days.max(initial=UNKNOWN_DAY))
        there = numbers[(numbers >= 0) & (numbers < len(self.days))]
        days = dict(zip(there.tolist(), self.days[there].tolist(), strict=True))
        found = (days.get(number, UNKNOWN_DAY) for number in numbers.tolist())
        return [None if day == UNKNOWN_DAY else float(newest - day) for day in found]

    def mask(self, first: int | None, last: int | None, categories: Iterable[str]) -> Mask:
        """By number: the papers of these days, and of one of the categories if there are any."""
        wanted = tuple(categories)
        lowest = UNKNOWN_DAY + 1 if first is None else first
        if wanted:
            mask = self._members(wanted)
            if first is not None or last is not None:
                mask &= self.days >= lowest
        else:
            mask = self.places >= 0 if first is None and last is None else self.days >= lowest
        if last is not None:
            mask &= self.days <= last
        return mask

    def _members(self, wanted: Sequence[str]) -> Mask:
        mask = np.zeros(len(self.places), dtype=np.bool_)
        for place, segment in enumerate(self.segments):
            if place:
                mask[segment.gone] = False
                mask[segment.numbers] = False
            for at, name in enumerate(segment.categories):
                if name in wanted:
                    mask[segment.of_category(at)] = True
        return mask


def _table_size(table: npt.NDArray[np.int32], segments: Sequence[Segment]) -> int:
    """How long a table by number must be."""
    highest = max(int(part.max(initial=0)) for segment in segments for part in (segment.numbers, segment.gone))
    return len(table) if highest < len(table) else int(_SPARE * (highest + 1))


def _grown(table: npt.NDArray[T], size: int, value: object) -> npt.NDArray[T]:
    """A longer copy of a table, filled up."""
    longer = np.full(size, value, dtype=table.dtype)
    longer[: len(table)] = table
    return longer
