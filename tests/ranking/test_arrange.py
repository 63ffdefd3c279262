"""The order of a page: by score, and no topic fills it."""

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.ranking.editor import arrange

Numbers = npt.NDArray[np.float32]


def unit(rows: list[list[float]]) -> Numbers:
    vectors = np.array(rows, dtype=np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return vectors


def numbers(*values: float) -> Numbers:
    return np.array(values, dtype=np.float32)


@st.composite
def pages(draw: st.DrawFn) -> tuple[Numbers, Numbers]:
    count = draw(st.integers(0, 12))
    value = st.floats(-1, 1, width=32)
    scores = draw(st.lists(st.floats(width=32), min_size=count, max_size=count))
    rows = draw(st.lists(st.lists(value, min_size=3, max_size=3), min_size=count, max_size=count))
    return numbers(*scores), unit(rows) if count else np.zeros((0, 3), dtype=np.float32)


@given(pages(), st.integers(0, 15), st.floats(0, 1))
def test_every_row_stands_once_whatever_the_scores(page: tuple[Numbers, Numbers], first: int, strength: float) -> None:
    scores, vectors = page
    order = arrange(scores, vectors, first=first, strength=strength)
    assert sorted(order) == list(range(len(scores)))
    assert order == arrange(scores.copy(), vectors.copy(), first=first, strength=strength)


@given(pages())
def test_without_strength_it_is_the_order_of_scores(page: tuple[Numbers, Numbers]) -> None:
    scores, vectors = page
    worth = np.maximum(np.nan_to_num(scores.astype(np.float64)), 0)
    assert [worth[row] for row in arrange(scores, vectors, strength=0)] == sorted(worth, reverse=True)


def test_the_best_comes_first_and_equals_stand_as_they_came() -> None:
    scores = numbers(0.2, 0.5, 0.2, 0.5)
    apart = np.eye(4, dtype=np.float32)
    assert arrange(scores, apart) == [1, 3, 0, 2]


def test_a_second_topic_comes_before_the_third_paper_of_the_first() -> None:
    same, other = [1.0, 0.0], [0.0, 1.0]
    scores = numbers(0.50, 0.49, 0.48, 0.20, 0.10)
    vectors = unit([same, same, same, other, other])
    assert arrange(scores, vectors, strength=0) == [0, 1, 2, 3, 4]
    assert arrange(scores, vectors, strength=0.7) == [0, 3, 1, 2, 4]


def test_a_far_better_paper_follows_all_the_same() -> None:
    vectors = unit([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    assert arrange(numbers(0.5, 0.45, 0.01), vectors, strength=0.7) == [0, 1, 2]


def test_after_the_first_places_the_score_alone_counts() -> None:
    vectors = unit([[1.0, 0.0]] * 3 + [[0.0, 1.0]])
    assert arrange(numbers(0.50, 0.49, 0.48, 0.20), vectors, first=1) == [0, 1, 2, 3]


def test_papers_without_a_known_word_are_near_to_nothing() -> None:
    nothing = np.zeros((3, 2), dtype=np.float32)
    assert arrange(numbers(0.1, 0.3, 0.2), nothing) == [1, 2, 0]
