"""One topic must not fill the page: an order by score that gives less to what readers have just had.

A reader goes down the page, and each paper seen satisfies part of the wish for others like it. A paper's worth is
its score times what is left of that wish (the cascade of Agrawal and others 2009, "Diversifying Search Results", with
nearness of vectors in the place of their categories):

    worth(p) = score(p) * product over papers q above p of  (1 - strength * nearness(p, q))

`nearness` is 0 up to the cosine `FAR`, which papers of one field have among themselves anyway, and 1 for the same
text. The best paper comes first, then always the one of most worth (greedy, as in maximal marginal relevance: Carbonell
and Goldstein 1998). A second paper on a topic may well follow; a fifth needs a far better score.
"""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]

FAR = 0.4
STRENGTH = 0.6


def arrange(scores: Numbers, vectors: Numbers, *, first: int = 50, strength: float = STRENGTH) -> list[int]:
    """The rows in the order readers should see: the `first` places diversified, the rest by score.

    `scores` has shape (n,) and counts from 0 (negative and not-a-number count as 0), `vectors` has shape (n, d) and
    rows of unit length or zero, `strength` is from 0 (by score alone) to 1. Equal worth: the lower row first.
    """
    worth = np.maximum(np.nan_to_num(scores.astype(np.float64)), 0)
    by_score = np.argsort(-worth, kind="stable")
    if strength <= 0:
        return [int(row) for row in by_score]
    chosen: list[int] = []
    for _ in range(min(first, len(worth))):
        row = int(np.argmax(worth))
        chosen.append(row)
        # Not a matrix product: OpenBLAS would start threads for it, and they wait for each other by spinning.
        cosines = np.einsum("ij,j->i", vectors, vectors[row])
        worth *= 1 - strength * np.clip((cosines - FAR) / (1 - FAR), 0, 1)
        worth[chosen] = -1
    taken = frozenset(chosen)
    return chosen + [int(row) for row in by_score if int(row) not in taken]
