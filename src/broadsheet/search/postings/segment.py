"""A segment: which papers of some hold which stems and how often, in a file that never changes once it is written.

    text_terms      uint64 (t)        the keys of the stems of whole texts (`counting.key`), in order
    text_starts     int64 (t + 1)     rows text_starts[i] to text_starts[i + 1] of the next two belong to text_terms[i]
    text_numbers    uint32            the papers that hold it, by number, in order
    text_times      uint8             and how often; the title counts twice
    title_...                         the same four of the titles alone
    author_...                        and of authors' names as they are shown, whose keys are `counting.author_key`
    numbers         uint32 (n)        the papers' numbers, in order
    lengths         uint32 (n, 2)     how many words each paper's text and title have
    days            int32 (n)         the papers' days, 20261122, or -1
    gone            uint32 (m)        numbers whose papers earlier segments hold, and nobody should find
    members         uint32            the numbers of each label, one after the other
    ends            int64 (labels)    where each label's numbers end in `members`

How they lie in the file is told in `search.arrays`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from broadsheet.errors import Damaged
from broadsheet.search import arrays
from broadsheet.search.arrays import Array, Streamed
from broadsheet.search.postings.bitmaps import Bitmap, Bitmaps

Numbers = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Times = npt.NDArray[np.uint8]
TEXT, TITLE, AUTHOR = "text", "title", "author"
HIGHEST_NUMBER = (1 << 28) - 1  # of a paper; it must fit into a row of `writing`
RANKED = (TEXT, TITLE)  # fields that are ranked by
FIELDS = (*RANKED, AUTHOR)


class Postings(NamedTuple):
    """The papers that hold a stem, by number in order, and how often each does."""

    numbers: Numbers
    times: Times


class Field(NamedTuple):
    """One field of a segment, see the module."""

    terms: npt.NDArray[np.uint64]
    starts: Places
    numbers: Numbers
    times: Times


class Often(NamedTuple):
    """The lists of a field's most common terms: their places among the terms, and the papers of `numbers[starts[i]]`
    to `numbers[starts[i + 1]]` for each.
    """

    places: Places
    starts: Places
    numbers: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A segment that was opened."""

    name: str
    labels: tuple[str, ...]
    fields: Mapping[str, Field]
    numbers: Numbers
    lengths: Numbers
    days: npt.NDArray[np.int32]
    gone: Numbers
    members: Numbers
    ends: Places
    _bitmaps: Bitmaps = field(default_factory=Bitmaps, init=False)
    _often: dict[tuple[str, int], Often] = field(default_factory=dict, init=False)

    def __len__(self) -> int:
        return len(self.numbers)

    def postings(self, field: str, key: int) -> Postings:
        """Of what has this key in a field."""
        terms, starts, numbers, times = self.fields[field]
        wanted = np.uint64(key)
        at = int(terms.searchsorted(wanted))
        if at == len(terms) or terms[at] != wanted:
            return Postings(numbers[:0], times[:0])
        first, end = int(starts[at]), int(starts[at + 1])
        return Postings(numbers[first:end], times[first:end])

    def bitmap(self, field: str, key: int, numbers: Numbers) -> Bitmap | None:
        """The papers that hold something, whose numbers these are, as a bitmap; None where it is not common."""
        return self._bitmaps.of((field, key), numbers, int(self.numbers[-1]) + 1) if len(numbers) else None

    def often(self, field: str, least: int) -> Often:
        """The terms that at least so many papers hold, copied together when they are first asked for."""
        found = self._often.get((field, least))
        if found is None:
            _, starts, numbers, _ = self.fields[field]
            lengths = np.diff(starts)
            places = np.flatnonzero(lengths >= least)
            lengths = lengths[places]
            ends = np.cumsum(lengths)
            rows = np.arange(int(lengths.sum())) + np.repeat(starts[places] - ends + lengths, lengths)
            found = Often(places, np.concatenate([[0], ends]), numbers.take(rows))
            self._often[field, least] = found
        return found

    def labelled(self, label: str) -> Numbers:
        """The numbers of the papers with a label."""
        try:
            place = self.labels.index(label)
        except ValueError:
            return self.members[:0]
        return self.members[int(self.ends[place - 1]) if place else 0 : int(self.ends[place])]


def read(path: Path) -> Segment:
    """Opens a segment. Raises FileNotFoundError where it is gone, Damaged where it is not whole."""
    try:
        header, parts = arrays.read(path)
        fields = {name: Field(*(parts.pop(f"{name}_{part}") for part in Field._fields)) for name in FIELDS}
        segment = Segment(path.name, tuple(header["labels"]), fields, **parts)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"A part of the search index cannot be read: {error}.") from error
    if problem := _misfit(segment):
        raise Damaged(f"The part {path.name} of the search index is damaged: {problem}.")
    return segment


def write(path: Path, parts: Mapping[str, Array | Streamed], labels: list[str]) -> None:
    """Writes a segment, and sees that its content is on the disk. Raises OSError."""
    arrays.write(path, {"labels": labels}, parts)


def _misfit(segment: Segment) -> str:
    """What does not fit together, if anything."""
    for terms, starts, numbers, times in segment.fields.values():
        if len(starts) != len(terms) + 1 or len(numbers) != len(times):
            return "its stems and their papers do not fit together"
        if starts[0] != 0 or starts[-1] != len(numbers):
            return "its stems do not cover its rows"
    papers = len(segment)
    if segment.lengths.shape != (papers, len(RANKED)) or len(segment.days) != papers:
        return "its papers have the wrong number"
    if len(segment.ends) != len(segment.labels) or (len(segment.ends) and segment.ends[-1] != len(segment.members)):
        return "its labels do not fit"
    return ""
