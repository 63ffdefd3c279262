"""What suits somebody: planted interests are found, several stay several, and no input makes it fail."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from broadsheet.ranking.personal import personal_order, suited

Vectors = npt.NDArray[np.float32]
AXES = np.eye(32, dtype=np.float32)


def near(*axes: int, count: int, seed: int = 1) -> Vectors:
    """Unit vectors close to these axes, in turn."""
    chance = np.random.default_rng(seed)
    rows = np.array([AXES[axes[number % len(axes)]] for number in range(count)])
    rows = rows + chance.normal(0, 0.08, rows.shape).astype(np.float32)
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


OTHERS = near(*range(10, 30), count=200)


def test_what_is_like_the_chosen_comes_first() -> None:
    new = np.vstack([near(3, count=5, seed=2), near(*range(10, 30), count=100, seed=3)])
    found = suited(near(3, count=4), np.zeros(4), OTHERS, new)
    assert {*np.argsort(-found.scores)[:5].tolist()} == {0, 1, 2, 3, 4}
    assert found.scores == pytest.approx(found.near + found.like)


def test_several_interests_stay_several() -> None:
    between = (AXES[2] + AXES[5]) / np.sqrt(2)
    new = np.vstack([near(2, count=1, seed=2), near(5, count=1, seed=3), between[None], OTHERS[:50]])
    found = suited(near(2, 5, count=8), np.zeros(8), OTHERS, new)
    assert found.near[0] > found.near[2]
    assert found.near[1] > found.near[2]
    assert {*np.argsort(-found.scores)[:3].tolist()} == {0, 1, 2}


def test_what_was_chosen_lately_counts_more() -> None:
    chosen = np.vstack([near(2, count=3), near(5, count=3)])
    new = np.vstack([near(2, count=1, seed=2), near(5, count=1, seed=3), OTHERS[:50]])
    found = suited(chosen, np.array([900.0] * 3 + [0.0] * 3), OTHERS, new)
    assert found.scores[1] > found.scores[0]


def test_the_reason_is_the_chosen_paper_that_is_nearest() -> None:
    chosen = near(2, 5, count=4)
    found = suited(chosen, np.zeros(4), OTHERS, near(5, 2, count=6, seed=4))
    cosines = near(5, 2, count=6, seed=4) @ chosen.T
    assert found.nearest.tolist() == cosines.argmax(axis=1).tolist()
    assert found.cosines == pytest.approx(cosines.max(axis=1))


def test_age_and_variety() -> None:
    vectors = np.vstack([near(2, count=3), near(5, count=1)])
    scores = np.array([2.0, 1.99, 1.98, 1.9])
    order, worth = personal_order(scores, np.zeros(4), vectors, first=4)
    assert order[:2] == [0, 3], "the second on a topic waits"
    assert worth.max() <= 1
    aged, _ = personal_order(scores, np.array([14.0, 0, 0, 0]), vectors, first=4)
    assert aged[0] == 1


FINITE = st.floats(-1, 1, width=32)


@given(arrays(np.float32, (3, 4), elements=FINITE), arrays(np.float32, (2, 4), elements=FINITE), st.data())
def test_no_vectors_make_it_fail(chosen: Vectors, others: Vectors, data: st.DataObject) -> None:
    new = data.draw(arrays(np.float32, (5, 4), elements=FINITE))
    ages = data.draw(arrays(np.float64, 3, elements=st.floats(-10, 10_000)))
    found = suited(chosen, ages, others, new)
    assert np.isfinite(found.scores).all()
    order, worth = personal_order(found.scores, np.zeros(5), new, first=5)
    assert sorted(order) == [0, 1, 2, 3, 4]
    assert ((worth >= 0) & (worth <= 1)).all()


def test_the_order_of_what_was_chosen_makes_no_difference() -> None:
    chosen, ages, new = near(2, 5, 7, count=9), np.arange(9.0) * 40, near(*range(12), count=40, seed=5)
    turned = np.random.default_rng(2).permutation(9)
    one, two = suited(chosen, ages, OTHERS, new), suited(chosen[turned], ages[turned], OTHERS, new)
    assert two.scores == pytest.approx(one.scores, abs=1e-4)
    assert chosen[one.nearest] == pytest.approx(chosen[turned][two.nearest])
