"""Changes on their way to the disk: collected in memory, written as segments, and segments merged into one.

A commit merges its own segment with those before it that are not larger: the logarithmic method of Bentley and Saxe
(1980), by which a paper is rewritten a few times at most and there are few small segments.
"""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from broadsheet.search.arrays import Array, Streamed
from broadsheet.search.counting import MOST, Counts, author_key
from broadsheet.search.postings import segment
from broadsheet.search.postings.segment import (
    AUTHOR,
    FIELDS,
    HIGHEST_NUMBER,
    RANKED,
    TEXT,
    TITLE,
    Numbers,
    Places,
    Segment,
    Times,
)
from broadsheet.search.postings.snapshot import Snapshot

MOST_WAITING = 16_000_000  # rows that are kept in memory, 10 bytes each, before they become a segment
SMALL = 65_536  # papers of a segment that commits merge
_BLOCK = 8_000_000  # rows that are merged at once: 200 MB
# A row as one number, by which rows are sorted: stem, paper, and how often it is in text and title.
_TERM, _NUMBER, _TEXT = 40, 12, 4


class Facts(NamedTuple):
    """What a paper is found under besides words: its day (20261122, or -1), labels, authors as they are shown."""

    day: int = -1
    labels: Collection[str] = ()
    authors: Collection[str] = ()


class Batch(NamedTuple):
    """Some papers: `first` is the place of the first one among all that wait."""

    first: int
    counts: Counts


class Draft:
    """Changes that are not committed yet; the last one of a paper counts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.written: list[str] = []
        self._start()

    def _start(self) -> None:
        self._numbers: list[int] = []
        self._gone: list[bool] = []
        self._facts: list[Facts] = []
        self._batches: list[Batch] = []
        self._rows = 0

    def put(self, numbers: Sequence[int], counts: Counts, facts: Sequence[Facts]) -> None:
        """Papers to be found from now on. Raises OSError."""
        if max(numbers, default=0) > HIGHEST_NUMBER:
            raise ValueError("a paper's number is out of bounds")
        self._batches.append(Batch(len(self._numbers), counts))
        self._extend(numbers, facts, gone=False)
        self._rows += len(counts.terms)
        if self._rows >= MOST_WAITING:
            self.write()

    def remove(self, numbers: Sequence[int]) -> None:
        """Papers not to be found any more."""
        self._extend(numbers, [Facts()] * len(numbers), gone=True)

    def _extend(self, numbers: Sequence[int], facts: Sequence[Facts], *, gone: bool) -> None:
        self._numbers += numbers
        self._facts += facts
        self._gone += [gone] * len(numbers)

    def write(self) -> None:
        """Writes what waits as a segment. Raises OSError."""
        if not self._numbers:
            return
        numbers, gone = np.array(self._numbers, np.uint32), np.array(self._gone)
        _, last = np.unique(numbers[::-1], return_index=True)
        last = len(numbers) - 1 - last  # of each number the last row, in the order of the numbers
        rows = last[~gone[last]]
        lengths = np.zeros((len(numbers), len(RANKED)), np.uint32)
        for batch in self._batches:
            lengths[batch.first : batch.first + len(batch.counts.lengths)] = batch.counts.lengths
        stands = np.zeros(len(numbers), np.bool_)
        stands[rows] = True
        facts = [self._facts[row] for row in rows.tolist()]
        labels, members, ends = membership(numbers[rows], [one.labels for one in facts])
        parts: dict[str, Array] = {
            **_words(self._batches, numbers, stands),
            **_authors(numbers[rows], facts),
            "numbers": numbers[rows],
            "lengths": lengths[rows],
            "days": np.array([one.day for one in facts], np.int32),
            "gone": numbers[last[gone[last]]],
            "members": members,
            "ends": ends,
        }
        self.written.append(_new_name())
        segment.write(self._folder / self.written[-1], parts, labels)
        self._start()


def _words(batches: Sequence[Batch], numbers: Numbers, stands: npt.NDArray[np.bool_]) -> dict[str, Array]:
    """Texts and titles of all papers that stand."""
    keys = [batch.counts.keys for batch in batches]
    terms = np.unique(np.concatenate(keys)) if keys else np.empty(0, np.uint64)
    rows = np.empty(sum(len(batch.counts.terms) for batch in batches), np.uint64)
    end = 0
    for first, counts in batches:
        papers = counts.papers + np.uint32(first)
        own = terms.searchsorted(counts.keys).astype(np.uint64)[counts.terms] << np.uint64(_TERM)
        own |= numbers[papers].astype(np.uint64) << np.uint64(_NUMBER)
        own |= counts.texts.astype(np.uint64) << np.uint64(_TEXT) | counts.titles
        own = own[stands[papers]]
        rows[end : end + len(own)] = own
        end += len(own)
    rows = rows[:end]
    rows.sort()
    titles = (rows & np.uint64((1 << _TEXT) - 1)).astype(np.uint8)
    in_title = titles > 0
    texts = (rows >> np.uint64(_TEXT) & np.uint64(MOST)).astype(np.uint8)
    return _field(TEXT, terms, rows, texts) | _field(TITLE, terms, rows[in_title], titles[in_title])


def _authors(numbers: Numbers, facts: Sequence[Facts]) -> dict[str, Array]:
    """The authors of papers."""
    names = [list(dict.fromkeys(map(author_key, one.authors))) for one in facts]
    terms, places = np.unique(np.array(list(chain.from_iterable(names)), np.uint64), return_inverse=True)
    rows = places.astype(np.uint64) << np.uint64(_TERM)
    rows |= np.repeat(numbers.astype(np.uint64), np.array(list(map(len, names)), np.int64)) << np.uint64(_NUMBER)
    rows.sort()
    return _field(AUTHOR, terms, rows, np.ones(len(rows), np.uint8))


def _field(field: str, terms: npt.NDArray[np.uint64], rows: npt.NDArray[np.uint64], times: Times) -> dict[str, Array]:
    """A field's arrays, of rows in order. What no paper holds is left out."""
    of_terms = (rows >> np.uint64(_TERM)).astype(np.int64)
    held, starts = np.unique(of_terms, return_index=True)
    return {
        f"{field}_terms": terms[held],
        f"{field}_starts": np.append(starts, len(rows)).astype(np.int64),
        f"{field}_numbers": (rows >> np.uint64(_NUMBER) & np.uint64(HIGHEST_NUMBER)).astype(np.uint32),
        f"{field}_times": times,
    }


def membership(numbers: Numbers, labels: Sequence[Collection[str]]) -> tuple[list[str], Numbers, Places]:
    """The papers of each label: labels, `members`, `ends`."""
    papers: dict[str, list[int]] = {}
    for number, own in zip(numbers.tolist(), labels, strict=True):
        for label in own:
            papers.setdefault(label, []).append(number)
    return _joined({label: [np.array(own, np.uint32)] for label, own in papers.items()})


def _joined(papers: Mapping[str, Sequence[Numbers]]) -> tuple[list[str], Numbers, Places]:
    labels = sorted(papers)
    joined = [np.sort(np.concatenate(papers[label])) for label in labels]
    members = np.concatenate([*joined, np.empty(0, np.uint32)])
    return labels, members, np.cumsum([len(own) for own in joined], dtype=np.int64)


def trailing(segments: Sequence[Segment], own: int) -> int:
    """How many of the last segments a commit should merge into one; the last `own` are its own."""
    size = sum(len(one) + len(one.gone) for one in segments[len(segments) - own :])
    count = own
    for one in reversed(segments[: len(segments) - own]):
        step = len(one) + len(one.gone)
        if step > 2 * size or step + size > SMALL:
            break
        size += step
        count += 1
    return count if size <= SMALL else 0


def merge(folder: Path, snapshot: Snapshot, first: int) -> str:
    """Writes one segment in the place of a snapshot's segments from `first` on, and gives its name. Raises OSError."""
    chosen = snapshot.segments[first:]
    here = np.flatnonzero(snapshot.owners >= first).astype(np.uint32)
    lengths = np.zeros((len(snapshot.owners), len(RANKED)), np.uint32)
    members: dict[str, list[Numbers]] = {}
    for place, one in enumerate(chosen, first):
        lengths[one.numbers] = one.lengths
        for label in one.labels:
            members.setdefault(label, []).append(snapshot.counting(place, one.labelled(label)))
    labels, joined, ends = _joined(members)
    parts: dict[str, Array | Streamed] = {}
    for field in FIELDS:
        parts |= _merged(snapshot, first, field)
    parts |= {
        "numbers": here,
        "lengths": lengths[here],
        "days": snapshot.days[here],
        "gone": _gone(snapshot, first),
        "members": joined,
        "ends": ends,
    }
    name = _new_name()
    segment.write(folder / name, parts, labels)
    return name


def _merged(snapshot: Snapshot, first: int, field: str) -> dict[str, Array | Streamed]:
    """A field's arrays, the papers block by block."""
    terms = np.unique(np.concatenate([one.fields[field].terms for one in snapshot.segments[first:]]))
    sizes = np.zeros(len(terms) + 1, np.int64)
    for begin, rows in _blocks(snapshot, first, field, terms):
        own = (rows >> np.uint64(_TERM)).astype(np.int64)
        counts = np.bincount(own) if len(own) else np.empty(0, np.int64)
        sizes[1 + begin : 1 + begin + len(counts)] += counts
    starts = np.cumsum(sizes)
    total = int(starts[-1])
    times: list[Times] = []

    def numbers() -> Iterator[Numbers]:
        for _, rows in _blocks(snapshot, first, field, terms):
            rows.sort()
            times.append((rows & np.uint64(0xFF)).astype(np.uint8))
            yield (rows >> np.uint64(_NUMBER) & np.uint64(HIGHEST_NUMBER)).astype(np.uint32)

    return {
        f"{field}_terms": terms,
        f"{field}_starts": starts,
        f"{field}_numbers": Streamed("<u4", (total,), numbers()),
        f"{field}_times": Streamed("|u1", (total,), times),  # they are there once all numbers were written
    }


def _blocks(
    snapshot: Snapshot, first: int, field: str, terms: npt.NDArray[np.uint64]
) -> Iterator[tuple[int, npt.NDArray[np.uint64]]]:
    """Rows of the papers that count, as numbers to be sorted. A block holds all rows of some stems that follow each
    other; it comes with the place of the first, from which it counts them.
    """
    chosen = snapshot.segments[first:]
    per_term = np.zeros(len(terms), np.int64)
    places = []
    for one in chosen:
        own = one.fields[field]
        at = terms.searchsorted(own.terms)
        places.append(at)
        per_term[at] += np.diff(own.starts)
    ends = np.cumsum(per_term)
    begin = 0
    while begin < len(terms):
        before = int(ends[begin - 1]) if begin else 0
        end = max(begin + 1, int(ends.searchsorted(before + _BLOCK, side="right")))
        pieces = []
        for place, (one, at) in enumerate(zip(chosen, places, strict=True), first):
            _, starts, numbers, times = one.fields[field]
            low, high = at.searchsorted([begin, end])
            cut = slice(int(starts[low]), int(starts[high]))
            terms_of = np.repeat((at[low:high] - begin).astype(np.uint64), np.diff(starts[low : high + 1]))
            rows = terms_of << np.uint64(_TERM) | numbers[cut].astype(np.uint64) << np.uint64(_NUMBER) | times[cut]
            pieces.append(rows if snapshot.whole[place] else rows[snapshot.owners[numbers[cut]] == place])
        yield begin, np.concatenate(pieces)
        begin = end


def _gone(snapshot: Snapshot, first: int) -> Numbers:
    """What the merged segment must still hide from those before it."""
    if first == 0:
        return np.empty(0, np.uint32)
    named = np.unique(np.concatenate([part for one in snapshot.segments[first:] for part in (one.gone, one.numbers)]))
    hidden: Numbers = named[snapshot.owners[named] < first]
    return hidden


def _new_name() -> str:
    return "p-" + secrets.token_hex(8)
