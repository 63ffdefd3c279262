"""The score of a paper that is found by its words and by its meaning: pure functions, no engine.

    score(q, p) = SHARE * max(0, cos(q, p)) + (1 - SHARE) * BM25(q, p) / max_d BM25(q, d)  [+ 1 if q is p's title]

A convex combination (Bruch, Gai and Ingber 2023) rather than reciprocal ranks (Cormack, Clarke and Buettcher 2009):
on the judged queries it was better in the mean and, unlike ranks, lost on no set against BM25. BM25 is divided by the
query's best because its size depends on the query's length and on its words' rarity; a cosine means the same whatever
the query, so it stays as it is: where nothing is near, the words decide. There is no prior for recent papers: the
judged questions are about papers of all years, so nothing could show that it helps, and sorting by date is one click
away.
"""

from collections.abc import Mapping
from operator import itemgetter
from typing import NamedTuple

# Of meaning. With the encoder that ships more is better in the mean up to 0.8, but claims of medicine (SciFact), which
# words find best, gain on BM25 up to 0.65 and lose above: `training/README.md`.
SHARE = 0.65
EXACT_TITLE = 1.0  # more than all the rest together can be


class Fused(NamedTuple):
    """A paper by number with its score, and what of it came from where; the parts add up to the score."""

    score: float
    number: int
    keyword: float
    meaning: float
    exact: bool


def fuse(
    keyword: Mapping[int, float],
    cosines: Mapping[int, float],
    *,
    best: float,
    exact: frozenset[int] = frozenset(),
    share: float = SHARE,
) -> list[Fused]:
    """The papers of either side, the best first; a paper that a side does not know gets nothing from it.

    `best` is the query's greatest BM25; of equal papers the one with the lower number comes first.
    """
    fused = []
    of_words = 1 - share
    for number in keyword.keys() | cosines.keys():  # a hundred of them twice a query: no call that need not be
        own = keyword.get(number, 0.0)
        words = of_words * (own / best if own < best else 1.0) if best > 0 else 0.0
        cosine = cosines.get(number, 0.0)
        meaning = share * cosine if cosine > 0.0 else 0.0
        titled = number in exact
        fused.append(Fused(words + meaning + EXACT_TITLE * titled, number, words, meaning, titled))
    fused.sort(key=itemgetter(1))
    fused.sort(key=itemgetter(0), reverse=True)  # which leaves equal ones as they are
    return fused
