"""The map's rooms: layout and regions on invented clusters, and the file that keeps every paper's place."""

import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from broadsheet.errors import Busy
from broadsheet.search.atlas import EDGE, Atlas, layout, regions
from broadsheet.search.atlas.plan import FILE
from broadsheet.search.meaning import MeaningIndex

Floats = npt.NDArray[np.float32]
DIMENSIONS = 32


def clusters(count: int, each: int, seed: int = 0) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Unit vectors around random directions, and to which one each belongs."""
    chance = np.random.default_rng(seed)
    middles = chance.normal(size=(count, DIMENSIONS))
    own = np.repeat(np.arange(count), each)
    vectors = middles[own] + 0.35 * chance.normal(size=(count * each, DIMENSIONS))
    unit: Floats = (vectors / np.linalg.norm(vectors, axis=1)[:, None]).astype(np.float32)
    return unit, own


def laid_out(vectors: Floats, seed: int = 0) -> Floats:
    graph, _ = layout.nearest(vectors, vectors, 10, itself=True)
    return layout.arranged(layout.principal(vectors), graph, rounds=60, seed=seed)


def together(points: npt.NDArray[np.generic], own: npt.NDArray[np.int64], near: int = 10) -> float:
    """The share of the nearest on the map that are of the same cluster."""
    whole = points.astype(np.float64)
    far = ((whole[:, None] - whole[None, :]) ** 2).sum(axis=2)
    np.fill_diagonal(far, np.inf)
    return float((own[np.argsort(far, axis=1)[:, :near]] == own[:, None]).mean())


class Meanings(MeaningIndex):
    """Vectors by number, in memory."""

    def __init__(self, vectors: Floats) -> None:
        self.known = dict(enumerate(vectors, 1))
        self.encoder = "invented"

    def fingerprint(self) -> str:
        return self.encoder

    def numbers(self) -> npt.NDArray[np.uint32]:
        return np.array(sorted(self.known), dtype=np.uint32)

    def vectors_of(self, numbers: npt.NDArray[np.uint32]) -> Floats:
        nothing = np.zeros(DIMENSIONS, np.float32)
        found = [self.known.get(number, nothing) for number in numbers.tolist()]
        return np.array(found, np.float32).reshape(-1, DIMENSIONS)


def quietly(_done: int, _total: int) -> None:
    pass


@pytest.fixture
def meanings() -> Meanings:
    return Meanings(clusters(6, 50)[0])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "atlas"


def test_clusters_stay_together_better_than_on_principal_components() -> None:
    vectors, own = clusters(40, 15)
    points = laid_out(vectors)
    assert together(points, own) > 0.95
    assert together(layout.principal(vectors), own) < 0.85


def test_the_same_seed_gives_the_same_points() -> None:
    vectors, _ = clusters(4, 30)
    assert (laid_out(vectors) == laid_out(vectors)).all()
    assert (laid_out(vectors) != laid_out(vectors, seed=1)).any()


def test_the_nearest_are_the_nearest_and_none_is_its_own() -> None:
    vectors, _ = clusters(3, 20)
    graph, cosines = layout.nearest(vectors, vectors, 5, itself=True)
    exact = vectors @ vectors.T
    np.fill_diagonal(exact, -2)
    assert np.allclose(np.sort(exact, axis=1)[:, ::-1][:, :5], cosines, atol=1e-6)
    assert (graph != np.arange(len(vectors))[:, None]).all()


def test_a_new_point_stands_among_its_nearest() -> None:
    corners = np.array([[0, 0], [10, 0], [0, 10]], np.float32)
    graph, cosines = np.array([[0, 1, 2]], np.int32), np.array([[0.9, 0.5, 0.5]], np.float32)
    point = layout.placed(corners, graph, cosines)[0]
    assert np.linalg.norm(point) < 0.1
    assert np.allclose(layout.placed(corners, graph, np.full((1, 3), 0.4, np.float32))[0], [10 / 3, 10 / 3], atol=1e-4)


@pytest.mark.parametrize("count", [1, 2, 3, 17])
def test_few_papers_have_a_map_too(folder: Path, count: int) -> None:
    atlas = Atlas(folder, Meanings(clusters(1, count)[0]))
    assert atlas.draw(quietly) == count
    numbers, places = atlas.places(range(1, count + 1))
    assert numbers.tolist() == list(range(1, count + 1))
    assert places.shape == (count, 2)


def test_no_papers_have_no_map(folder: Path) -> None:
    atlas = Atlas(folder, Meanings(np.empty((0, DIMENSIONS), np.float32)))
    assert (atlas.draw(quietly), atlas.drawn()) == (0, 0)
    assert not len(atlas.places([1, 2])[0])


def test_landmarks_and_those_placed_among_them_stand_with_their_own(folder: Path) -> None:
    vectors, own = clusters(8, 60)
    atlas = Atlas(folder, Meanings(vectors), landmarks=160)
    assert atlas.draw(quietly) == len(vectors)
    _, places = atlas.places(range(1, len(vectors) + 1))
    assert together(places, own) > 0.9
    assert places.min() > 0
    assert places.max() < EDGE


def test_a_new_paper_moves_nobody_and_stands_where_the_job_would_put_it(folder: Path, meanings: Meanings) -> None:
    atlas = Atlas(folder, meanings, landmarks=100)
    atlas.draw(quietly)
    before = atlas.places(range(1, 301))[1]
    meanings.known[301] = meanings.known[7]
    asked_at_once = atlas.places([301])[1]
    assert atlas.draw(quietly) == 1
    numbers, after = atlas.places(range(1, 302))
    assert numbers[-1] == 301
    assert (after[:-1] == before).all()
    assert (after[-1] == asked_at_once[0]).all()


def test_papers_that_go_or_change_move_nobody(folder: Path, meanings: Meanings) -> None:
    atlas = Atlas(folder, meanings, landmarks=100)
    atlas.draw(quietly)
    before = atlas.places(range(1, 251))[1]
    for number in range(251, 301):
        del meanings.known[number]
    meanings.known[1] = meanings.known[200]
    assert atlas.draw(quietly) == 0
    assert atlas.drawn() == 250
    assert (atlas.places(range(1, 251))[1] == before).all()


def test_twice_as_many_papers_make_a_new_map_on_which_one_finds_ones_way(folder: Path) -> None:
    vectors, own = clusters(6, 100)
    meanings = Meanings(vectors)
    first = dict(list(meanings.known.items())[::2])
    every, meanings.known = meanings.known, first
    atlas = Atlas(folder, meanings, landmarks=120)
    atlas.draw(quietly)
    numbers, before = atlas.places(list(first))
    meanings.known = every
    assert atlas.draw(quietly) > 0
    assert atlas.drawn() == 600
    _, after = atlas.places(numbers.tolist())
    moved = np.linalg.norm(after.astype(float) - before, axis=1)
    assert np.median(moved) < EDGE / 8, "the eye finds the place again"
    assert together(atlas.places(list(every))[1], own) > 0.9


def test_a_paper_that_means_nothing_has_no_place_and_is_not_asked_for_again(folder: Path, meanings: Meanings) -> None:
    meanings.known[301] = np.zeros(DIMENSIONS, np.float32)
    atlas = Atlas(folder, meanings, landmarks=100)
    atlas.draw(quietly)
    assert atlas.places([1, 301, 999])[0].tolist() == [1]
    assert atlas.draw(quietly) == 0


@pytest.mark.parametrize("damage", [b"", b"no archive", b"PK\x03\x04 half of one"])
def test_a_damaged_map_is_none_and_is_drawn_again(folder: Path, meanings: Meanings, damage: bytes) -> None:
    atlas = Atlas(folder, meanings)
    atlas.draw(quietly)
    (folder / FILE).write_bytes(damage)
    assert atlas.drawn() == 0
    assert atlas.draw(quietly) == 300


def test_a_map_of_another_encoder_is_none(folder: Path, meanings: Meanings) -> None:
    Atlas(folder, meanings).draw(quietly)
    other = Meanings(clusters(6, 50, seed=3)[0])
    other.encoder = "another"
    assert Atlas(folder, other).drawn() == 0
    assert Atlas(folder, meanings).drawn() == 300


def test_another_reader_sees_a_new_map_at_once(folder: Path, meanings: Meanings) -> None:
    reader = Atlas(folder, meanings)
    assert reader.drawn() == 0
    Atlas(folder, meanings).draw(quietly)
    assert reader.drawn() == 300


def test_it_can_be_stopped_and_goes_on(folder: Path, meanings: Meanings) -> None:
    atlas = Atlas(folder, meanings, landmarks=100)
    assert atlas.draw(quietly, lambda: True) == 0
    assert not (folder / FILE).exists()
    asked = iter([*[False] * (layout.ROUNDS + 1), *[True] * 9])
    assert atlas.draw(quietly, lambda: next(asked)) == 100, "the landmarks are kept"
    assert atlas.draw(quietly) == 200


def test_one_draws_at_a_time(folder: Path, meanings: Meanings) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> bool:
        begun.set()
        return not go_on.wait(10)

    first = Atlas(folder, meanings, landmarks=100)
    thread = threading.Thread(target=first.draw, args=(quietly, slowly))
    thread.start()
    assert begun.wait(10)
    for other in (first, Atlas(folder, meanings)):
        with pytest.raises(Busy, match="draw"):
            other.draw(quietly)
    go_on.set()
    thread.join()
    assert first.drawn() == 300


# Regions.


@given(arrays.arrays(np.uint16, st.tuples(st.integers(0, 60), st.just(2))), st.integers(1, 12))
@settings(max_examples=60)
def test_every_point_has_a_region_and_no_region_is_empty(places: npt.NDArray[np.uint16], count: int) -> None:
    own, middles = regions.regions(places, count)
    assert len(own) == len(places)
    sizes = np.bincount(own, minlength=len(middles))
    assert len(sizes) == len(middles) <= count
    assert (sizes > 0).all()
    assert (np.diff(sizes) <= 0).all(), "the largest is the first"
    again, _ = regions.regions(places, count)
    assert (again == own).all()


def test_regions_are_the_clusters_that_one_sees() -> None:
    chance = np.random.default_rng(0)
    middles = np.array([[9_000, 9_000], [50_000, 12_000], [30_000, 55_000]])
    truth = np.repeat([0, 1, 2], [300, 200, 100])
    places = (middles[truth] + chance.normal(0, 1_500, (600, 2))).astype(np.uint16)
    own, found = regions.regions(places, 3)
    assert (own == truth).all()
    assert np.abs(found.astype(int) - middles).max() < 600


@pytest.mark.parametrize(("points", "most"), [(0, 1), (7, 1), (45, 6), (300, 12), (100_000, regions.MOST)])
def test_the_number_of_regions_suits_the_points(points: int, most: int) -> None:
    assert 1 <= regions.wanted(points) <= most
