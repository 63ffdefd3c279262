"""For me: how well new papers suit somebody, by what they chose: voted for, follow, keep on a shelf.

Nothing but meaning counts: no votes of others, so that what few people read is found too. With v(p) the encoder's
vector of a paper and m the mean of a sample of other papers, a paper p suits who chose papers q, of ages t(q) in days,
by the sum of two scores, each less its mean and over its deviation among the candidates:

    near(p) = ln( sum of w(q) * exp(10 * (v(p) - m) . (v(q) - m)) / sum of w(q) ),    w(q) = 2 ** (-t(q) / 180)
    like(p) = v(p) . b

`near` is a soft maximum over all that was chosen, so that several interests stay several: their mean would lie between
them, where nothing is. `b` is a linear classifier of what was chosen (+1, weighing w) against the sample (-1, together
as much), by least squares with a penalty of 0.01 on its length: ridge regression (Hoerl and Kennard 1970) as a
classifier (Rifkin, Yeo and Poggio 2003), in the place of the support vectors by which arxiv-sanity orders papers. It
knows what tells the chosen from the rest; the nearest know exact topics. Together they are better than either where
somebody has more than one interest (benchmarks/personal.py).

The page goes by exp(suits / 2), halved for every 14 days of a paper's age, in an order in which no topic fills the page
(`ranking.editor.arrange`). Age and variety cost nothing that can be measured; a logistic curve in the place of the
exponential, under which the best are all alike, lost a third.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from broadsheet.ranking.editor import arrange

Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]

SHARPNESS = 10.0
FADES = 180.0  # days in which what was chosen counts half
PENALTY = 0.01
AGES = 14.0  # days in which what a new paper is worth is halved
STEEPNESS = 0.5  # of its logarithm, for each deviation of the score


@dataclass(slots=True)
class Suited:
    """How well candidates suit somebody, one value each: the two scores and their sum, in deviations.

    `nearest` is the row of the chosen paper that a candidate is nearest to, and `cosines` how near that is.
    """

    scores: Numbers
    near: Numbers
    like: Numbers
    nearest: Rows
    cosines: Numbers


def suited(chosen: Vectors, ages: Numbers, others: Vectors, candidates: Vectors) -> Suited:
    """How well candidates suit who chose some papers. Rows are of unit length; of each there is at least one.

    `ages` are how many days ago each paper was chosen; `others` a sample of papers, for what is usual.
    """
    weights = 2.0 ** (-np.maximum(ages, 0.0) / FADES)
    usual = others.mean(axis=0)
    likeness = (candidates - usual) @ (chosen - usual).T
    soft = np.exp(SHARPNESS * likeness.astype(np.float64)) @ weights / weights.sum()
    near = _deviations(np.log(soft))
    like = _deviations(candidates.astype(np.float64) @ _classifier(chosen, weights, others))
    cosines = candidates @ chosen.T
    nearest = cosines.argmax(axis=1)
    best = cosines[np.arange(len(candidates)), nearest]
    return Suited(near + like, near, like, nearest.astype(np.int64), best.astype(np.float64))


def personal_order(scores: Numbers, ages: Numbers, vectors: Vectors, *, first: int) -> tuple[list[int], Numbers]:
    """The rows of candidates in the order readers see, and what each is worth: from 0 to 1, which is the best score.

    `ages` are the candidates' in days. The `first` places are varied, the rest stand by worth.
    """
    worth = np.exp(STEEPNESS * (scores - scores.max())) * 2.0 ** (-np.maximum(ages, 0.0) / AGES)
    return arrange(worth.astype(np.float32), vectors, first=first), worth


def _classifier(chosen: Vectors, weights: Numbers, others: Vectors) -> Numbers:
    """The direction from the sample to what was chosen: weighted ridge regression with an intercept."""
    rows = np.vstack([chosen, others]).astype(np.float64)
    sides = np.concatenate([np.ones(len(chosen)), -np.ones(len(others))])
    share = np.concatenate([weights / weights.sum(), np.full(len(others), 1 / len(others))]) / 2
    rows -= share @ rows
    sides -= share @ sides
    weighed = rows * share[:, None]
    found: Numbers = np.linalg.solve(weighed.T @ rows + PENALTY * np.eye(rows.shape[1]), weighed.T @ sides)
    return found


def _deviations(values: Numbers) -> Numbers:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread else np.zeros_like(values)
