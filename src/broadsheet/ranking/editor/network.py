"""The editor's weights: a line and a small bend.

    log odds(x) = intercept + line . x + top . tanh(hidden x + bias)

`x` is a paper's vector and its features, each as its deviation from the usual value; one that is not known is 0, as
usual. The line says most of it; the hidden layer, 24 units of each of four networks that began elsewhere, knows what
goes together (known authors weigh more in some topics than in others).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from broadsheet.ranking.editor import features

Numbers = npt.NDArray[np.float32]

MOST_DEVIATIONS = 4.0  # a stranger value than this counts as this
# OpenBLAS does products of up to 2^18 in the calling thread. Its threads wait for each other by spinning, and on a
# machine with other work larger products took fifty times as long (see `search.encoder`).
ROWS_AT_ONCE = 8

PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "topic": ("vector", "category"),
        "presentation": ("title", "abstract"),
        "team": ("team",),
        "standing": ("standing",),
    }
)
"""What is taken together when a score is explained: "vector" and groups of `features.GROUPS`."""


@dataclass(frozen=True, slots=True)
class Network:
    """One entry (or row) for each dimension of a vector, then one for each feature in `features.NAMES`."""

    usual: Numbers  # (d + f,)
    spread: Numbers  # (d + f,)
    line: Numbers  # (d + f,)
    hidden: Numbers  # (d + f, h)
    bias: Numbers  # (h,)
    top: Numbers  # (h,)
    intercept: float

    def deviations(self, vectors: Numbers, table: Numbers) -> Numbers:
        """What the network reads, shape (n, d + f): zero where a paper is usual, or unknown."""
        found = (np.hstack([vectors, table]) - self.usual) / self.spread
        clipped: Numbers = np.clip(np.nan_to_num(found), -MOST_DEVIATIONS, MOST_DEVIATIONS).astype(np.float32)
        return clipped

    def odds(self, deviations: Numbers) -> tuple[Numbers, Mapping[str, Numbers]]:
        """The logarithm of the odds of each row, (n,), and what each of `PARTS` gave to it, (n,).

        What a part gave is what the odds would lose if the paper were usual in it.
        """
        dimensions = deviations.shape[1] - len(features.NAMES)
        weights = np.hstack([self.hidden, self.line[:, None]])
        where = {"vector": slice(0, dimensions)}
        for group in features.GROUPS:
            columns = features.columns(group)
            where[group] = slice(dimensions + columns.start, dimensions + columns.stop)
        shares = {
            part: sum((_product(deviations[:, where[group]], weights[where[group]]) for group in groups), start=0)
            for part, groups in PARTS.items()
        }
        whole = np.zeros((len(deviations), weights.shape[1])) + sum(shares.values())
        odds = self._top(whole)
        return odds, {part: odds - self._top(whole - share) for part, share in shares.items()}

    def _top(self, sums: npt.NDArray[np.float64]) -> Numbers:
        bent = np.einsum("ij,j->i", np.tanh(sums[:, :-1] + self.bias), self.top)
        found: Numbers = (bent + sums[:, -1] + self.intercept).astype(np.float32)
        return found


def _product(rows: Numbers, weights: Numbers) -> Numbers:
    """rows @ weights, a few rows at a time."""
    padded = np.zeros((-(-len(rows) // ROWS_AT_ONCE) * ROWS_AT_ONCE, rows.shape[1]), dtype=np.float32)
    padded[: len(rows)] = rows
    blocks = padded.reshape(-1, ROWS_AT_ONCE, rows.shape[1])
    found: Numbers = np.matmul(blocks, weights).reshape(-1, weights.shape[1])[: len(rows)]
    return found
