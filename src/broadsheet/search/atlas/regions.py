"""Clusters of points on the map: regions that have a middle and can have a name.

k-means (Lloyd 1982) on a grid of cells instead of the points, so that a hundred thousand points take milliseconds. The
first centres are drawn as in k-means++ (Arthur and Vassilvitskii 2007), from the seed.
"""

import math

import numpy as np
import numpy.typing as npt

from broadsheet.search.atlas.plan import EDGE, Places

Regions = npt.NDArray[np.uint8]
MOST = 28  # names that a map has room for
_CELLS = 256  # on each side
_ROUNDS = 25
_EACH = 8  # points that a region has at least, about


def wanted(points: int) -> int:
    """How many regions suit so many points."""
    return max(1, min(MOST, points // _EACH, round(1.6 * math.cbrt(points))))


def regions(places: Places, count: int, *, seed: int = 0) -> tuple[Regions, Places]:
    """The region of each point, the largest being 0, and the middles of the regions. Same points, same regions.

    There may be fewer than `count`: none is empty.
    """
    if not len(places):
        return np.empty(0, np.uint8), np.empty((0, 2), np.uint16)
    cells, own, weights = np.unique(
        (places // math.ceil((EDGE + 1) / _CELLS)) @ np.array([_CELLS, 1], np.uint32),
        return_inverse=True,
        return_counts=True,
    )
    sums = np.stack([np.bincount(own, places[:, axis]) for axis in (0, 1)], axis=1)
    middles = sums / weights[:, None]
    centres = _first(middles, weights, min(count, len(cells)), seed)
    for _ in range(_ROUNDS):
        nearest = _nearest(middles, centres)
        total = np.bincount(nearest, weights, len(centres))
        moved = np.stack(
            [np.bincount(nearest, sums[:, axis], len(centres)) / np.maximum(total, 1) for axis in (0, 1)], axis=1
        )
        moved = moved[total > 0]
        if moved.shape == centres.shape and np.allclose(moved, centres):
            break
        centres = moved
    nearest = _nearest(middles, centres)
    total = np.bincount(nearest, weights, len(centres))
    order = np.argsort(-total, kind="stable")
    order = order[total[order] > 0]
    rank = np.zeros(len(centres), dtype=np.uint8)
    rank[order] = np.arange(len(order))
    return rank[nearest][own], np.rint(centres[order]).astype(np.uint16)


def _first(
    points: npt.NDArray[np.float64], weights: npt.NDArray[np.int64], count: int, seed: int
) -> npt.NDArray[np.float64]:
    chance = np.random.default_rng(seed)
    chosen = [int(np.argmax(weights))]
    far = np.full(len(points), np.inf)
    while len(chosen) < count:
        step = points - points[chosen[-1]]
        far = np.minimum(far, np.einsum("ij,ij->i", step, step))
        share = np.cumsum(far * weights)
        if share[-1] <= 0:
            break
        chosen.append(int(np.searchsorted(share, chance.random() * share[-1], side="right")))
    return points[chosen]


def _nearest(points: npt.NDArray[np.float64], centres: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    far = np.stack([(points[:, 0] - x) ** 2 + (points[:, 1] - y) ** 2 for x, y in centres.tolist()])
    nearest: npt.NDArray[np.int64] = far.argmin(axis=0)
    return nearest
