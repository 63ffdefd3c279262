"""A prior for new papers, which is off unless it is asked for: pure functions.

    added(p) = weight * 2^(-age(p) / HALF_LIFE)            age: days since p, of a paper without a day endless

The half-life is that of interest in a paper of a fast field. `weight` is in the size of the fused score, in which the
best paper by words has 0.45 and a near one 0.3: 0.1 moves neighbours, 0.5 makes a list of the newest.
"""

from collections.abc import Mapping, Sequence

from broadsheet.search.fusion import Fused

HALF_LIFE = 730.0  # days


def priors(ages: Mapping[int, float | None], weight: float) -> dict[int, float]:
    """What each paper gets for its age in days; nothing without one. A day to come counts as today."""
    return {number: weight * 2 ** (-max(0.0, age) / HALF_LIFE) for number, age in ages.items() if age is not None}


def added(order: Sequence[Fused], priors: Mapping[int, float]) -> list[Fused]:
    """The papers with their priors, in their new order."""
    moved = [one._replace(score=one.score + priors.get(one.number, 0.0)) for one in order]
    return sorted(moved, key=lambda one: (-one.score, one.number))
