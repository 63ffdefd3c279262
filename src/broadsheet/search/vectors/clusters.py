"""The lists of the inverted file: k-means over a sample of the vectors, and each vector to its nearest centre.

An inverted file over vectors (Sivic and Zisserman 2003; Jégou, Douze and Schmid 2011) divides them into lists
around centres, and a query looks only into the lists whose centres are nearest to it. The centres come from
spherical k-means (Dhillon and Modha 2001): vectors and centres have unit length, nearest is the largest cosine.
"""

import math

import numpy as np
import numpy.typing as npt

from broadsheet.search.vectors.codes import Vectors

Lists = npt.NDArray[np.int32]

SAMPLE = 64  # vectors a centre is trained on
ROUNDS = 6
_BLOCK = 4_096  # rows of one product with all centres: 34 MB at 2,000 centres


def wanted(rows: int) -> int:
    """How many lists suit so many vectors: about as much work to find the lists as to read them."""
    return max(1, round(1.25 * math.sqrt(rows)))


def train(sample: Vectors, lists: int, *, seed: int = 0) -> Vectors:
    """Centres of unit length for a sample of at least `lists` vectors. The same sample gives the same centres."""
    chance = np.random.default_rng(seed)
    centres = _unit(sample[chance.choice(len(sample), lists, replace=False)])
    for _ in range(ROUNDS):
        nearest = assign(sample, centres)
        order = np.argsort(nearest, kind="stable")
        used, first = np.unique(nearest[order], return_index=True)
        # A centre that nothing is near to starts again at a vector of the sample.
        centres = _unit(sample[chance.choice(len(sample), lists, replace=False)])
        centres[used] = _unit(np.add.reduceat(sample[order], first, axis=0))
    return centres


def assign(vectors: Vectors, centres: Vectors) -> Lists:
    """The number of each vector's nearest centre."""
    nearest = np.empty(len(vectors), dtype=np.int32)
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK]
        nearest[start : start + len(block)] = (block @ centres.T).argmax(axis=1)
    return nearest


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    lengths[lengths == 0] = 1
    unit: Vectors = vectors / lengths[:, None]
    return unit
