"""The map: a place in the plane for every paper, near to papers that mean nearly the same.

    layout     vectors -> points; pure
    regions    points -> clusters; pure
    plan       the file

A sample of the papers, the landmarks, is laid out by optimisation (`layout.arranged`); every other paper stands at the
weighted mean of the landmarks nearest to it. So a new paper takes microseconds and moves nobody, and a catalogue of
hundreds of thousands takes minutes. The landmarks are laid out anew, from where they stood, when there are twice as
many papers as then. All of it can be deleted at any time, and drawn again.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from broadsheet.errors import Busy
from broadsheet.locks import FileLock
from broadsheet.search.atlas import layout, plan
from broadsheet.search.atlas.plan import EDGE, Numbers, Places, Plan
from broadsheet.search.following import Progress

if TYPE_CHECKING:
    from broadsheet.search.atlas.layout import Points
    from broadsheet.search.meaning import MeaningIndex
    from broadsheet.search.vectors.codes import Vectors

__all__ = ["EDGE", "FOLDER", "Atlas"]

FOLDER = "atlas"
LANDMARKS = 20_000
NEIGHBOURS = 15  # of a landmark in the graph
AMONG = 8  # landmarks that a paper stands among
FRESH = 2_000  # papers without a place that a reader does not wait for the job for: half a millisecond each
BLOCK = 4_096  # papers that are placed at once
_AGAIN_ROUNDS, _AGAIN_STEP = 80, 0.2  # of landmarks that begin where the map before had them


class Atlas:
    """The map of a catalogue's papers, in a folder. Safe to share among threads; one draws at a time."""

    def __init__(self, folder: Path, meaning: "MeaningIndex", *, landmarks: int = LANDMARKS, seed: int = 0) -> None:
        self._folder, self._meaning, self._landmarks, self._seed = folder, meaning, landmarks, seed
        self._reading, self._drawing = threading.Lock(), threading.Lock()
        self._read: tuple[tuple[int, ...], Plan | None] = ((-1,), None)

    def drawn(self) -> int:
        """How many papers have a place. Raises BadSetting, Damaged."""
        found = self._plan()
        return len(found.numbers) if found else 0

    def stamp(self) -> tuple[int, ...]:
        """Changes whenever papers get places."""
        return plan.stamp(self._folder)

    def places(self, numbers: Sequence[int]) -> tuple[Numbers, Places]:
        """The papers that have a place, in the order given, and where: whole numbers from 0 to `EDGE`.

        Some papers that the job has not seen yet get theirs now, as it would give it. Raises BadSetting, Damaged.
        """
        asked = np.asarray(numbers, dtype=np.uint32)
        found = self._plan()
        if not found or not len(asked):
            return asked[:0], np.empty((0, 2), np.uint16)
        rows = np.minimum(np.searchsorted(found.numbers, asked), len(found.numbers) - 1)
        known = np.asarray(found.numbers[rows] == asked)
        points = np.full((len(asked), 2), np.nan, dtype=np.float32)
        points[known] = found.points[rows[known]]
        fresh = np.flatnonzero(~known)[:FRESH]
        if len(fresh):
            points[fresh] = _among(found, self._meaning.vectors_of(asked[fresh]))
        there = ~np.isnan(points[:, 0])
        return asked[there], found.places(points[there])

    def draw(self, progress: Progress, stop: Callable[[], bool] = lambda: False) -> int:
        """Gives every paper that lacks one a place, and says how many; lays the landmarks out where that is due.

        Told to stop, it keeps what it has, and goes on from there the next time; only the landmarks' half minute
        begins again. Raises Busy, StorageFull, BadSetting, Damaged.
        """
        if not self._drawing.acquire(blocking=False):
            raise Busy("The map is being drawn already.")
        lock = FileLock(self._folder / "lock")
        try:
            with plan.disk():
                self._folder.mkdir(parents=True, exist_ok=True)
                if not lock.acquire(wait=0):
                    raise Busy("Another process is drawing the map.")
            return self._drawn(progress, stop)
        except _Stopped:
            return 0
        finally:
            lock.close()
            self._drawing.release()

    # Inside.

    def _plan(self) -> Plan | None:
        encoder = self._meaning.fingerprint()
        now = self.stamp()
        with self._reading:
            if self._read[0] != now:
                self._read = now, plan.read(self._folder, encoder)
            return self._read[1]

    def _drawn(self, progress: Progress, stop: Callable[[], bool]) -> int:
        every = self._meaning.numbers()
        if not len(every):
            return 0
        before = self._plan()
        done = 0
        if before is None or len(every) >= 2 * before.papers:
            had = before.numbers if before else every[:0]
            before = self._laid_out(every, before, stop)
            plan.write(self._folder, before)
            done = len(np.setdiff1d(before.numbers, had, assume_unique=True))
        kept = np.isin(before.numbers, every, assume_unique=True)
        missing = np.setdiff1d(every, before.numbers, assume_unique=True)
        numbers, points = [before.numbers[kept]], [before.points[kept]]
        for first in range(0, len(missing), BLOCK):
            if stop():
                break
            block = missing[first : first + BLOCK]
            numbers.append(block)
            points.append(_among(before, self._meaning.vectors_of(block)))
            done += len(block)
            progress(len(every) - len(missing) + first + len(block), len(every))
        if len(numbers) > 1 or not kept.all():
            joined, at = np.concatenate(numbers), np.concatenate(points)
            order = np.argsort(joined)
            plan.write(self._folder, replace(before, numbers=joined[order], points=at[order]))
        return done

    def _laid_out(self, every: Numbers, before: Plan | None, stop: Callable[[], bool]) -> Plan:
        """The landmarks, laid out: from where the map before would put them, so that a reader knows the place again."""

        def go_on() -> None:
            if stop():
                raise _Stopped

        chance = np.random.default_rng(self._seed)
        chosen = np.sort(chance.choice(every, min(len(every), self._landmarks), replace=False))
        vectors = self._meaning.vectors_of(chosen)
        telling = np.asarray(vectors.any(axis=1))
        if not telling.any():
            telling[0] = True
        vectors = vectors[telling]
        corners = layout.principal(vectors) if before is None else _among(before, vectors)
        near = min(NEIGHBOURS, len(vectors) - 1)
        if near:
            go_on()
            graph, _ = layout.nearest(vectors, vectors, near, itself=True)
            again = before is not None
            corners = layout.arranged(
                corners,
                graph,
                rounds=_AGAIN_ROUNDS if again else layout.ROUNDS,
                step=_AGAIN_STEP if again else layout.STEP,
                seed=self._seed,
                stop=go_on,
            )
        return Plan(self._meaning.fingerprint(), chosen[telling], corners, vectors, corners, len(every))


class _Stopped(Exception):
    """The landmarks were not laid out to the end."""


def _among(found: Plan, vectors: "Vectors") -> "Points":
    """Where papers stand among the landmarks; not a number for a vector of zeros."""
    count = min(AMONG, len(found.landmarks))
    graph, cosines = layout.nearest(vectors, found.landmarks, count)
    points = layout.placed(found.corners, graph, cosines)
    points[~vectors.any(axis=1)] = np.nan
    return points
