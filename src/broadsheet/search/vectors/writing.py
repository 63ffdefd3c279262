"""Changes on their way to the disk: collected in memory, written as segments, and segments merged into one.

Many small segments would make queries slow, so a commit merges its own with those before it that are not
larger: the logarithmic method of Bentley and Saxe (1980), by which a paper is rewritten a few times at most
and there are never more than about sixteen small segments. `merge` with lists makes one large segment of all.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from broadsheet.search.vectors import clusters, codes, segment
from broadsheet.search.vectors.segment import Days, Numbers, Places, Segment
from broadsheet.search.vectors.snapshot import Snapshot

SMALL = 65_536  # rows of a segment without lists: a query reads all of its signs, in 0.6 ms
Arrays = dict[str, npt.NDArray[Any]]
_BLOCK = 16_384  # rows that are moved at once


class Draft:
    """Changes that are not committed yet; the last one of a paper counts. Full buffers go to the disk."""

    def __init__(self, folder: Path, dimensions: int) -> None:
        self._folder, self._dimensions = folder, dimensions
        self.written: list[str] = []
        self._start()

    def _start(self) -> None:
        self._numbers: list[Numbers] = []
        self._gone: list[npt.NDArray[np.bool_]] = []
        self._codes: list[codes.Codes] = []
        self._scales: list[codes.Vectors] = []
        self._days: list[Days] = []
        self._categories: list[Sequence[str]] = []
        self._waiting = 0

    def put(
        self, numbers: Numbers, vectors: codes.Vectors, days: Days, categories: Iterable[Sequence[str]], *, gone: bool
    ) -> None:
        """Papers to be found from now on, or not to be found any more. Raises OSError."""
        small, scales = codes.quantise(vectors)
        self._numbers.append(numbers)
        self._gone.append(np.full(len(numbers), gone))
        self._codes.append(small)
        self._scales.append(scales)
        self._days.append(days)
        self._categories.extend(categories)
        self._waiting += len(numbers)
        if self._waiting >= SMALL:
            self.write()

    def write(self) -> None:
        """Writes what waits as a segment. Raises OSError."""
        if not self._waiting:
            return
        numbers, gone = np.concatenate(self._numbers), np.concatenate(self._gone)
        _, last = np.unique(numbers[::-1], return_index=True)
        last = np.sort(len(numbers) - 1 - last)
        rows = last[~gone[last]]
        small = np.concatenate(self._codes)[rows]
        names, members, ends = segment.membership(numbers[rows], (self._categories[row] for row in rows.tolist()))
        arrays: Arrays = {
            "numbers": numbers[rows],
            "scales": np.concatenate(self._scales)[rows],
            "signs": codes.signs(small),
            "days": np.concatenate(self._days)[rows],
            "gone": numbers[last[gone[last]]],
            "members": members,
            "ends": ends,
            **_one_list(len(rows), self._dimensions),
        }
        name = new_name("s-")
        segment.write(self._folder / name, arrays, [small], trained=0, categories=names)
        self.written.append(name)
        self._start()


def new_name(kind: str) -> str:
    """A name that no segment has."""
    return kind + secrets.token_hex(8)


def trailing(segments: Sequence[Segment], own: int) -> int:
    """How many of the last segments a commit should merge into one; the last `own` are its own."""
    size = sum(len(found) + len(found.gone) for found in segments[len(segments) - own :])
    count = own
    for found in reversed(segments[: len(segments) - own]):
        step = len(found) + len(found.gone)
        if len(found.centres) or step > 2 * size or step + size > SMALL:
            break
        size += step
        count += 1
    return count if size <= SMALL else 0


def merge(folder: Path, snapshot: Snapshot, first: int, kind: str, *, lists: bool) -> str:
    """Writes one segment in the place of a snapshot's segments from `first` on, and gives its name. Raises OSError."""
    chosen = snapshot.segments[first:]
    start = snapshot.firsts[first]
    rows = np.flatnonzero(snapshot.alive[start:]) + start
    centres, trained, nearest = np.empty((0, chosen[0].codes.shape[1]), np.float32), 0, None
    if lists:
        centres, trained, nearest = _divide(snapshot, rows)
    order = np.arange(len(rows)) if nearest is None else np.argsort(nearest, kind="stable")
    parts = list(snapshot.split(rows))
    names, members, ends = _members(snapshot, first)
    arrays: Arrays = {
        "numbers": _gather([found.numbers[own] for found, own, _ in parts], np.uint32)[order],
        "scales": _gather([found.scales[own] for found, own, _ in parts], np.float32)[order],
        "days": _gather([found.days[own] for found, own, _ in parts], np.int32)[order],
        "signs": _signs(parts, chosen[0])[:, order],
        "gone": _gone(snapshot, first),
        "members": members,
        "ends": ends,
        **_one_list(len(rows), centres.shape[1]),
    }
    if nearest is not None:
        arrays["centres"] = centres
        arrays["starts"] = np.searchsorted(nearest[order], np.arange(len(centres) + 1)).astype(np.int64)
    name = new_name(kind)
    segment.write(folder / name, arrays, _codes(snapshot, rows[order]), trained=trained, categories=names)
    return name


def _one_list(rows: int, dimensions: int) -> Arrays:
    starts, centres = np.array([0, rows], dtype=np.int64), np.empty((0, dimensions), dtype=np.float32)
    return {"starts": starts, "centres": centres}


def _divide(snapshot: Snapshot, rows: Places) -> tuple[codes.Vectors, int, clusters.Lists]:
    """Centres, from how many vectors they come, and the list of each row.

    Centres that the first segment has are kept until the index has twice as many papers: then its rows stay in
    their lists, and merging costs little more than copying.
    """
    base = snapshot.segments[0]
    nearest = np.empty(len(rows), dtype=np.int32)
    if len(base.centres) and len(rows) <= 2 * base.trained:
        centres, trained = base.centres, base.trained
        old = int(np.searchsorted(rows, len(base)))
        lists = np.arange(len(centres), dtype=np.int32)
        nearest[:old] = np.repeat(lists, np.diff(base.starts))[rows[:old]]
    else:
        count, old, trained = clusters.wanted(len(rows)), 0, len(rows)
        some = np.sort(np.random.default_rng(0).choice(rows, min(len(rows), clusters.SAMPLE * count), replace=False))
        centres = clusters.train(_vectors(snapshot, some), count)
    for at in range(old, len(rows), _BLOCK):
        block = rows[at : at + _BLOCK]
        nearest[at : at + len(block)] = clusters.assign(_vectors(snapshot, block), centres)
    return centres, trained, nearest


def _vectors(snapshot: Snapshot, rows: Places) -> codes.Vectors:
    """The vectors of sorted rows."""
    return np.concatenate(
        [codes.restore(found.codes[own], found.scales[own]) for found, own, _ in snapshot.split(rows)]
    )


def _codes(snapshot: Snapshot, rows: Places) -> Iterator[codes.Codes]:
    """The codes of rows in any order, block by block."""
    for at in range(0, len(rows), _BLOCK):
        block = rows[at : at + _BLOCK]
        order = np.argsort(block)
        moved = np.empty((len(block), snapshot.segments[0].codes.shape[1]), dtype=np.int8)
        for found, own, part in snapshot.split(block[order]):
            moved[order[part]] = found.codes[own]
        yield moved


def _signs(parts: Sequence[tuple[Segment, Places, slice]], any_segment: Segment) -> codes.Signs:
    if not parts:
        return any_segment.signs[:, :0]
    return np.concatenate([found.signs[:, own] for found, own, _ in parts], axis=1)


def _gather(pieces: Sequence[npt.NDArray[Any]], kind: type[np.generic]) -> npt.NDArray[Any]:
    return np.concatenate(pieces) if pieces else np.empty(0, dtype=kind)


def _gone(snapshot: Snapshot, first: int) -> Numbers:
    """What the merged segment must still hide from those before it."""
    if first == 0:
        return np.empty(0, dtype=np.uint32)
    named = np.unique(
        np.concatenate([part for found in snapshot.segments[first:] for part in (found.gone, found.numbers)])
    )
    hidden: Numbers = named[snapshot.places[named] < 0]
    return hidden


def _members(snapshot: Snapshot, first: int) -> tuple[list[str], Numbers, Places]:
    """The papers of each category, without those whose row is not that of the segment any more."""
    papers: dict[str, list[Numbers]] = {}
    for start, found in zip(snapshot.firsts[first:], snapshot.segments[first:], strict=True):
        for at, name in enumerate(found.categories):
            numbers = found.of_category(at)
            rows = snapshot.places[numbers]
            papers.setdefault(name, []).append(numbers[(rows >= start) & (rows < start + len(found))])
    names = sorted(papers)
    joined = [np.concatenate(papers[name]) for name in names]
    ends = np.cumsum([len(numbers) for numbers in joined], dtype=np.int64)
    return names, np.concatenate([*joined, np.empty(0, dtype=np.uint32)]), ends
