"""Points in the plane for vectors, so that near stays near: attraction along neighbours, repulsion by lot.

It starts from the first two principal components, so that the large shape is that of the data and the same every
time. Then, as in UMAP (McInnes, Healy and Melville 2018) and LargeVis (Tang and others 2016), neighbours draw each
other and points drawn by lot push each other away, both by the heavy-tailed kernel 1 / (1 + d^2). All points move at
once, which numpy does fast; the step shrinks to nothing. What comes later is put among its nearest and moves nobody.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from broadsheet.search.vectors.codes import Vectors

Points = npt.NDArray[np.float32]  # (papers, 2)
Rows = npt.NDArray[np.int32]  # (papers, neighbours): rows of others, the nearest first

ROUNDS = 200
SPREAD = 10.0  # of the principal components at the start: their standard deviation in the plane
_PUSHES = 5  # points drawn by lot against which each one is pushed
STEP = 0.6
_MOST = 4.0  # that one force moves a point
_BLOCK = 1_024
_GROUP = 64


def nearest(vectors: Vectors, others: Vectors, count: int, *, itself: bool = False) -> tuple[Rows, Vectors]:
    """For each vector the rows of the `count` nearest others, the nearest first, and their cosines; exact.

    Vectors have unit length, and there are more others than `count`. With `itself` the others are the vectors, and
    none is its own neighbour.
    """
    found = np.empty((len(vectors), count), dtype=np.int32)
    cosines = np.empty((len(vectors), count), dtype=np.float32)
    groups = -(-len(others) // _GROUP)
    padded = np.zeros((groups * _GROUP, others.shape[1]), dtype=np.float32)
    padded[: len(others)] = others
    for first in range(0, len(vectors), _BLOCK):
        block = slice(first, first + _BLOCK)
        scores = vectors[block] @ padded.T
        scores[:, len(others) :] = -3.0
        if itself:
            scores[np.arange(len(scores)), np.arange(first, first + len(scores))] = -2.0
        # The best are in the groups whose own best are the best: to sort those few takes a tenth of the time.
        parts = scores.reshape(len(scores), groups, _GROUP)
        chosen = _best(parts.max(axis=2), min(count, groups))
        own = np.take_along_axis(parts, chosen[:, :, None], axis=1).reshape(len(scores), -1)
        best = _best(own, count)
        cosines[block] = np.take_along_axis(own, best, axis=1)
        found[block] = np.take_along_axis(chosen, best // _GROUP, axis=1) * _GROUP + best % _GROUP
        order = np.argsort(-cosines[block], axis=1, kind="stable")
        found[block] = np.take_along_axis(found[block], order, axis=1)
        cosines[block] = np.take_along_axis(cosines[block], order, axis=1)
    return found, cosines


def _best(scores: Vectors, count: int) -> npt.NDArray[np.int64]:
    """The columns of each row's greatest values, in no order."""
    best: npt.NDArray[np.int64] = np.argpartition(scores, -count, axis=1)[:, -count:]
    return best


def principal(vectors: Vectors) -> Points:
    """The first two principal components, spread to `SPREAD`; the larger weight of each is positive."""
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    points = np.zeros((len(vectors), 2), dtype=np.float32)
    points[:, : axes.shape[1]] = centred @ axes
    scale = points.std(axis=0)
    spread: Points = (SPREAD * points / np.where(scale > 0, scale, 1)).astype(np.float32)
    return spread


def arranged(
    start: Points,
    graph: Rows,
    *,
    rounds: int = ROUNDS,
    step: float = STEP,
    seed: int = 0,
    stop: Callable[[], object] = lambda: None,
) -> Points:
    """The points after so many rounds. The same start, graph and seed give the same points.

    `graph` has each point's neighbours; `stop` is called between rounds and may raise.
    """
    chance = np.random.default_rng(seed)
    points = start.copy()
    count, near = graph.shape
    heads = graph.ravel()
    for number in range(rounds):
        stop()
        towards = points[graph] - points[:, None, :]
        towards *= (2.0 / (1.0 + np.einsum("ijk,ijk->ij", towards, towards)))[:, :, None]
        moves = towards.sum(axis=1)
        for axis in (0, 1):  # a neighbour is drawn as much as it draws
            moves[:, axis] -= np.bincount(heads, towards[:, :, axis].ravel(), count)
        moves /= near
        lots = chance.integers(0, count, (count, _PUSHES))
        away = points[:, None, :] - points[lots]
        squares = np.einsum("ijk,ijk->ij", away, away)
        away *= (2.0 / ((0.01 + squares) * (1.0 + squares)))[:, :, None]
        np.clip(away, -_MOST, _MOST, out=away)
        moves += away.sum(axis=1) * (2 / _PUSHES)
        np.clip(moves, -_MOST, _MOST, out=moves)
        points += (step * (1.0 - number / rounds)) * moves
    return points


def placed(points: Points, graph: Rows, cosines: Vectors) -> Points:
    """Where new points go among old ones: the mean of their nearest, those that are nearer counting for more.

    `graph` holds rows of `points`, and `cosines` how near they are.
    """
    weights = (cosines - cosines.min(axis=1, keepdims=True)).astype(np.float32) + np.float32(1e-3)
    weights **= 2
    weights /= weights.sum(axis=1, keepdims=True)
    mean: Points = np.einsum("ij,ijk->ik", weights, points[graph]).astype(np.float32)
    return mean
