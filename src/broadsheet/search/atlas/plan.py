"""The map as it is kept: one file, put in place whole. One that is damaged or of another encoder counts as none.

index/atlas/map.npz    every paper's place, and the papers that were laid out themselves, with what they meant then
index/atlas/lock       one drawer at a time, across processes
"""

import contextlib
import errno
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from broadsheet.errors import StorageFull
from broadsheet.search.atlas.layout import Points
from broadsheet.search.vectors import codes
from broadsheet.search.vectors.codes import Vectors

FILE = "map.npz"
SCHEMA = 1
EDGE = 65_535  # places are whole numbers from 0 to this, on both axes
Numbers = npt.NDArray[np.uint32]
Places = npt.NDArray[np.uint16]  # (papers, 2)
_MARGIN = 0.04  # of the map, around the landmarks


@dataclass(frozen=True, slots=True)
class Plan:
    """Papers' `numbers`, ascending, and their `points` in the layout's own units; not a number where one means nothing.

    `landmarks` are the vectors of the papers that were laid out, as they were then, and `corners` their points: so
    that a paper that changes or goes moves nobody. They were chosen out of so many `papers`.
    """

    encoder: str
    numbers: Numbers
    points: Points
    landmarks: Vectors
    corners: Points
    papers: int

    def places(self, points: Points) -> Places:
        """Points of the layout in whole numbers, the same for every point as long as the landmarks stay."""
        low, high = self.corners.min(axis=0), self.corners.max(axis=0)
        size = max(float((high - low).max()) * (1 + 2 * _MARGIN), 1e-6)
        middle = (low + high) / 2
        scaled = (points - middle) / size + 0.5
        whole: Places = np.clip(np.rint(np.nan_to_num(scaled) * EDGE), 0, EDGE).astype(np.uint16)
        return whole


def read(folder: Path, encoder: str) -> Plan | None:
    """The map in a folder, if there is a sound one of this encoder."""
    try:
        with (folder / FILE).open("rb") as file, np.load(file, allow_pickle=False) as found:
            if int(found["schema"]) != SCHEMA or str(found["encoder"]) != encoder:
                return None
            landmarks = codes.restore(found["codes"], found["scales"])
            plan = Plan(encoder, found["numbers"], found["points"], landmarks, found["corners"], int(found["papers"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    sound = len(plan.numbers) == len(plan.points) > 0 and len(plan.landmarks) == len(plan.corners) > 0
    return plan if sound else None


def write(folder: Path, plan: Plan) -> None:
    """Puts a map in the place of what was there, whole or not at all. Raises StorageFull, OSError."""
    small, scales = codes.quantise(plan.landmarks)
    draft = folder / f"{FILE}.new"
    try:
        with disk(), draft.open("wb") as file:
            np.savez(
                file,
                schema=np.int64(SCHEMA),
                encoder=np.str_(plan.encoder),
                numbers=plan.numbers,
                points=plan.points,
                codes=small,
                scales=scales,
                corners=plan.corners,
                papers=np.int64(plan.papers),
            )
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, folder / FILE)  # noqa: PTH105
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


@contextlib.contextmanager
def disk() -> Iterator[None]:
    """Says in our words that the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull("There is no space left for the map.") from error
        raise


def stamp(folder: Path) -> tuple[int, ...]:
    """Changes whenever another map is put in place."""
    try:
        found = (folder / FILE).stat()
    except OSError:
        return ()
    return found.st_ino, found.st_mtime_ns, found.st_size
