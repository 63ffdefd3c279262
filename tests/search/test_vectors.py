"""The vector index against brute force, and against whatever may happen to its files."""

import errno
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import Busy, StorageFull
from broadsheet.search.vectors import UNKNOWN_DAY, VectorIndex, day_number

Vectors = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
SMALL = 24  # dimensions of most tests; not a whole word of signs


def unit(vectors: npt.NDArray[np.floating]) -> Vectors:
    lengths: npt.NDArray[np.floating] = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / lengths, dtype=np.float32)


def chance(count: int, dimensions: int = SMALL, seed: int = 0) -> Vectors:
    return unit(np.random.default_rng(seed).standard_normal((count, dimensions)))


def of(number: int, version: int = 0) -> Vectors:
    """The vector of a version of a paper."""
    return chance(1, seed=1_000 * version + number)


def opened(folder: Path, encoder: str = "invented:1", dimensions: int = SMALL) -> VectorIndex:
    return VectorIndex.open(folder, encoder=encoder, dimensions=dimensions)


def filled(folder: Path, count: int = 30) -> VectorIndex:
    """An index of papers 1 to count."""
    index = opened(folder)
    index.add(range(1, count + 1), np.concatenate([of(number) for number in range(1, count + 1)]))
    index.commit(7)
    return index


def contents(index: VectorIndex) -> dict[int, Vectors]:
    """All that is in a small index, by search and by number."""
    found, cosines = index.search(of(1)[0], 10_000)
    assert (np.diff(cosines) <= 0).all()
    return dict(zip(found.tolist(), index.vectors_of(found), strict=True))


def assert_holds(index: VectorIndex, versions: dict[int, int]) -> None:
    held = contents(index)
    assert held.keys() == versions.keys()
    assert len(index) == len(versions)
    for number, vector in held.items():
        np.testing.assert_allclose(vector, of(number, versions[number])[0], atol=0.005)


# --- search -----------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(count=st.integers(1, 400), dimensions=st.sampled_from([1, 8, 63, 64, 65, 256]), seed=st.integers(0, 99))
def test_a_small_index_answers_as_brute_force_does(count: int, dimensions: int, seed: int) -> None:
    vectors, query = chance(count, dimensions, seed), chance(1, dimensions, seed + 100)[0]
    numbers = np.random.default_rng(seed).permutation(10 * count)[:count]
    with TemporaryDirectory() as folder, closing(opened(Path(folder), dimensions=dimensions)) as index:
        index.add(numbers, vectors)
        index.commit()
        allowed = np.random.default_rng(seed).random(8 * count) < 0.5
        for mask in (None, allowed, np.zeros(3, dtype=np.bool_)):
            true = {
                number: cosine
                for number, cosine in zip(numbers.tolist(), (vectors @ query).tolist(), strict=True)
                if mask is None or (number < len(mask) and mask[number])
            }
            found, cosines = index.search(query, 10, mask)
            assert len(found) == min(10, len(true))
            np.testing.assert_allclose(cosines, sorted(true.values(), reverse=True)[:10], atol=0.01)
            np.testing.assert_allclose(cosines, [true[number] for number in found.tolist()], atol=0.01)


@pytest.fixture(scope="module")
def large() -> tuple[Vectors, Vectors]:
    """70,000 vectors about 700 topics, and 60 queries near to some of them."""
    random = np.random.default_rng(5)
    topics = chance(700, 128, seed=6)
    vectors = unit(topics[random.integers(0, 700, 70_000)] + 0.11 * random.standard_normal((70_000, 128)))
    queries = unit(vectors[random.integers(0, 70_000, 60)] + 0.06 * random.standard_normal((60, 128)))
    return vectors, queries


def recall(index: VectorIndex, large: tuple[Vectors, Vectors], right: Mask, allowed: Mask | None) -> float:
    """The share of the ten nearest among the right papers that the index finds. Paper n has row n."""
    vectors, queries = large
    cosines = np.where(right, queries @ vectors.T, -9)
    true = np.argsort(-cosines, axis=1)[:, :10]
    found = [index.search(query, 10, allowed)[0] for query in queries]
    return float(np.mean([len(set(a.tolist()) & set(b.tolist())) / 10 for a, b in zip(true, found, strict=True)]))


def test_a_large_index_finds_nearly_all(tmp_path: Path, large: tuple[Vectors, Vectors]) -> None:
    vectors, queries = large
    with closing(opened(tmp_path, dimensions=128)) as index:
        for start in range(0, 66_000, 16_384):
            numbers = np.arange(start, min(66_000, start + 16_384))
            index.add(numbers, vectors[numbers])
        index.commit()
        assert [index.wants_merging, index.merge(), index.wants_merging] == [True, True, False]
        # After the merge: new papers, other vectors of old ones, and papers that were taken out.
        index.add(np.arange(64_000, 70_000), vectors[64_000:])
        index.add(np.arange(500), vectors[500:1_000])
        index.remove(np.arange(500))
        index.commit()
        alive = np.arange(70_000) >= 500
        assert len(index) == 69_500
        assert recall(index, large, alive, None) >= 0.95
        for share in (0.7, 0.5, 0.1, 0.01, 0.0005):
            allowed = np.random.default_rng(1).random(70_000) < share
            assert recall(index, large, allowed & alive, allowed) >= 0.95, share
            assert not set(index.search(queries[0], 100, allowed)[0].tolist()) & set(np.flatnonzero(~allowed).tolist())
        assert index.merge()
        assert len(index) == 69_500
        assert recall(index, large, alive, None) >= 0.95
        assert [finding.level for finding in index.verify(full=True)] == ["ok"]


def test_nothing_to_find(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "none")) as index:
        assert len(index) == index.sequence == index.bytes() == 0
        assert not (tmp_path / "none").exists()
        assert index.search(of(1)[0], 5)[0].tolist() == []
        assert index.search(of(1)[0], 5, np.ones(9, dtype=np.bool_))[0].tolist() == []
        assert not index.vectors_of([1, 2]).any()
        assert index.mask(categories=["cs.LG"]).tolist() == []
        assert not index.merge()
        index.remove([1, 2])
        index.commit(3)
        assert (len(index), index.sequence, index.problem) == (0, 3, "")
        assert index.search(of(1)[0], 5)[0].tolist() == []


def test_a_text_without_words_has_a_zero_vector_and_breaks_nothing(tmp_path: Path) -> None:
    with closing(filled(tmp_path)) as index:
        index.add([31], np.zeros((1, SMALL), dtype=np.float32))
        index.commit()
        assert not index.vectors_of([31]).any()
        numbers, cosines = index.search(np.zeros(SMALL, dtype=np.float32), 3)
        assert (numbers.tolist(), cosines.tolist()) == ([1, 2, 3], [0, 0, 0])


def test_vectors_come_in_the_order_asked_for(tmp_path: Path) -> None:
    with closing(filled(tmp_path)) as index:
        index.add([3], of(3, 1))
        index.commit()
        found = index.vectors_of([3, 99, 1, -4, 3, 2**40])
        np.testing.assert_allclose(found[[0, 2, 4]], np.concatenate([of(3, 1), of(1), of(3, 1)]), atol=0.005)
        assert not found[[1, 3, 5]].any()


# --- changes ----------------------------------------------------------------------------------------------

CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(st.integers(1, 12), max_size=6)),
        st.tuples(st.just("remove"), st.lists(st.integers(1, 12), max_size=6)),
        st.tuples(st.sampled_from(["commit", "merge", "reopen", "clear", "rollback"]), st.just([])),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(CHANGES)
def test_it_is_a_dictionary_whatever_the_changes(changes: list[tuple[str, list[int]]]) -> None:
    committed: dict[int, int] = {}
    waiting: dict[int, int] = {}
    with TemporaryDirectory() as folder:
        index = opened(Path(folder))
        for version, (verb, numbers) in enumerate(changes, 1):
            if verb == "add":
                index.add(
                    numbers, np.concatenate([np.empty((0, SMALL), np.float32), *(of(n, version) for n in numbers)])
                )
                waiting |= dict.fromkeys(numbers, version)
            elif verb == "remove":
                index.remove(numbers)
                waiting = {number: old for number, old in waiting.items() if number not in numbers}
            elif verb == "clear":
                index.clear()
                waiting = {}
            elif verb == "rollback":
                index.rollback()
                waiting = dict(committed)
            else:
                index.commit(version)
                committed = dict(waiting)
                if verb == "merge":
                    index.merge()
                elif verb == "reopen":
                    index.close()
                    index = opened(Path(folder))
                assert index.sequence == version
                assert_holds(index, committed)
        index.close()


def test_many_small_commits_leave_few_segments(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as index:
        for number in range(1, 70):
            index.add([number], of(number))
            index.commit()
        assert len(list(tmp_path.glob("s-*"))) <= 8
        assert_holds(index, dict.fromkeys(range(1, 70), 0))


def test_what_does_not_fit_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    with closing(filled(tmp_path)) as index:
        for numbers, vectors in (
            ([-1], of(1)),
            ([2**40], of(1)),
            ([1, 2], of(1)),
            ([1], chance(1, SMALL + 1)),
            ([1], np.full((1, SMALL), np.nan, dtype=np.float32)),
        ):
            with pytest.raises(ValueError, match=r"number|need"):
                index.add(numbers, vectors)
        with pytest.raises(ValueError, match="days"):
            index.add([1], of(1), days=[1, 2])
        with pytest.raises(ValueError, match="shape"):
            index.search(chance(1, SMALL + 1)[0], 1)
        assert_holds(index, dict.fromkeys(range(1, 31), 0))


# --- filters ----------------------------------------------------------------------------------------------


def test_masks_of_days_and_categories(tmp_path: Path) -> None:
    days = [day_number(day) for day in ("2026-11-18", "2026-11-19", "2026-11-20", "2026-11", None)]
    assert days[3:] == [UNKNOWN_DAY, UNKNOWN_DAY]
    codes = [["cs.LG", "cs.CL"], ["cs.CL"], ["hep-th"], ["math.CO", "cs.DM"], []]
    with closing(opened(tmp_path)) as index:
        index.add([1, 2, 3, 4, 5], chance(5), days=days, categories=codes)
        index.commit()

        def papers(first: int | None = None, last: int | None = None, *categories: str) -> list[int]:
            return np.flatnonzero(index.mask(first=first, last=last, categories=categories)).tolist()

        def check() -> None:
            assert papers() == [1, 2, 3, 4, 5]
            assert papers(days[1]) == [2, 3]
            assert papers(None, days[1]) == [1, 2]
            assert papers(days[1], days[1]) == [2]
            assert papers(days[2], days[0]) == []
            assert papers(None, None, "cs") == [1, 2, 4]
            assert papers(None, None, "cs.CL", "hep-th") == [1, 2, 3]
            assert papers(None, days[0], "cs.CL") == [1]
            assert papers(None, None, "cs.L") == papers(None, None, "") == []

        check()
        assert set(index.search(of(1)[0], 9, index.mask(categories=["cs"]))[0].tolist()) == {1, 2, 4}
        index.merge()
        check()
        index.add([1], of(1), days=[days[2]], categories=[["hep-th"]])
        index.remove([2])
        index.commit()
        assert papers() == [1, 3, 4, 5]
        assert papers(None, None, "cs") == [4]
        assert papers(days[2], None, "hep-th") == [1, 3]
        index.merge()
        assert papers(days[2], None, "hep-th") == [1, 3]
        assert papers(None, None, "cs.CL") == []


# --- kills, other writers, other readers --------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here."""


class Faults:
    """Lets a chosen step of work on the files of a folder fail. An audit hook stays for good, but can be quiet."""

    def __init__(self) -> None:
        self.folder, self.left, self.error = "", -1, BaseException()
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[object, ...]) -> None:
        if self.left < 0 or event not in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"):
            return
        if isinstance(args[0], str | Path) and str(args[0]).startswith(self.folder):
            self.left -= 1
            if self.left < 0:
                raise self.error

    @contextmanager
    def at(self, step: int, folder: Path, error: BaseException) -> Iterator[None]:
        self.folder, self.error, self.left = str(folder), error, step
        try:
            yield
        finally:
            self.left = -1


@pytest.fixture(scope="module")
def faults() -> Faults:
    return Faults()


@pytest.mark.parametrize("work", ["commit", "merge"])
def test_killed_at_any_step_the_last_commit_stands(tmp_path: Path, faults: Faults, work: str) -> None:
    before, after = dict.fromkeys(range(1, 31), 0), {number: int(number == 2) for number in range(1, 32) if number != 1}
    steps = 0
    for step in range(1_000):
        folder = tmp_path / str(step)
        index = filled(folder)
        if work == "merge":
            write_more(index)
        try:
            with faults.at(step, folder, Killed()):
                index.merge() if work == "merge" else write_more(index)
        except Killed:
            steps += 1
        with closing(opened(folder)) as again:
            assert again.problem == ""
            done = again.sequence == 8
            assert done or work == "commit"
            assert_holds(again, after if done else before)
            write_more(again)  # applied again, nothing changes
            assert_holds(again, after)
            again.merge()
            assert_holds(again, after)
            assert len(list(folder.glob("?-*"))) == 1, "what was left lying about is swept away"
        index.close()
        if steps <= step:
            break
    assert steps > 5


def write_more(index: VectorIndex) -> None:
    index.add([2, 31], np.concatenate([of(2, 1), of(31, 0)]))
    index.remove([1])
    index.commit(8)


def test_a_full_disk_is_said_and_the_last_commit_stands(tmp_path: Path, faults: Faults) -> None:
    with closing(filled(tmp_path)) as index:
        with faults.at(2, tmp_path, OSError(errno.ENOSPC, "full")), pytest.raises(StorageFull):
            write_more(index)
        assert_holds(index, dict.fromkeys(range(1, 31), 0))
        write_more(index)
        assert index.sequence == 8


CHILD = """
import sys
from pathlib import Path
import numpy as np
from broadsheet.search.vectors import VectorIndex
index = VectorIndex.open(Path(sys.argv[1]), encoder="invented:1", dimensions=24)
for turn in range(int(sys.argv[2]), 100_000):
    # Each turn gives every paper the vector of the turn.
    vector = np.random.default_rng(turn).standard_normal((1, 24))
    vector = (vector / np.linalg.norm(vector)).astype(np.float32)
    index.add(range(1, 101), np.repeat(vector, 100, axis=0))
    index.commit(turn)
    print(turn, flush=True)
    if turn % 5 == 0:
        index.merge()
"""


def test_a_killed_process_leaves_a_whole_commit_and_no_lock(tmp_path: Path) -> None:
    turn = 1
    with closing(opened(tmp_path)) as reader:
        for wait in (0.0, 0.013, 0.04):
            command = [sys.executable, "-c", CHILD, str(tmp_path), str(turn)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
                assert child.stdout
                assert child.stdout.readline()
                time.sleep(wait)
                child.send_signal(signal.SIGKILL)
                said = [turn, *map(int, child.stdout.read().split())]
            sequence = reader.sequence
            assert sequence in (said[-1], said[-1] + 1)
            assert reader.problem == ""
            np.testing.assert_allclose(
                reader.vectors_of(range(1, 101)), np.repeat(of(sequence), 100, axis=0), atol=0.005
            )
            assert [finding.level for finding in reader.verify(full=True)] == ["ok"]
            turn = sequence + 1
        reader.add([101], of(101))
        reader.commit()
        assert len(reader) == 101


def test_a_reader_sees_commits_of_others_and_whole_ones_only(tmp_path: Path) -> None:
    """While a thread gives all papers a new vector at each commit, a search finds all of them equally near."""
    with closing(filled(tmp_path)) as writer, closing(opened(tmp_path)) as reader:
        done = threading.Event()

        def write() -> None:
            for turn in range(40):
                writer.add(range(1, 31), np.repeat(of(turn), 30, axis=0))
                writer.commit(turn + 10)
                if turn % 7 == 0:
                    writer.merge()
            done.set()

        writer.add(range(1, 31), np.repeat(of(0), 30, axis=0))
        writer.commit(9)
        thread = threading.Thread(target=write)
        thread.start()
        while not done.is_set():
            numbers, cosines = reader.search(of(50)[0], 40)
            assert numbers.tolist() == list(range(1, 31))
            assert len(set(cosines.tolist())) == 1
        thread.join()
        assert reader.sequence == 49


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with closing(filled(tmp_path)) as one, closing(opened(tmp_path)) as two:
        one.add([40], of(40))
        with pytest.raises(Busy):
            two.add([41], of(41))
        with pytest.raises(Busy):
            two.commit()
        with pytest.raises(Busy):
            two.clear()
        with pytest.raises(Busy):
            one.merge()
        problems: list[BaseException] = []

        def elsewhere() -> None:
            try:
                one.commit()
            except Busy as error:
                problems.append(error)

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert len(problems) == 1
        one.commit()
        assert len(two) == 31
        two.add([41], of(41))
        two.commit()
        assert len(one) == 32


# --- files that are not what they should be ---------------------------------------------------------------


def test_vectors_of_another_encoder_are_never_compared(tmp_path: Path) -> None:
    filled(tmp_path).close()
    for other in (opened(tmp_path, encoder="invented:2"), opened(tmp_path, dimensions=SMALL + 8)):
        with closing(other):
            assert "made by the encoder 'invented:1'" in other.problem
            assert (len(other), other.sequence) == (0, 0)
            assert other.verify()[0].level == "error"
    with closing(opened(tmp_path)) as old, closing(opened(tmp_path, encoder="invented:2")) as new:
        new.add([5], of(5, 2))
        new.commit(3)
        assert (new.problem, len(new)) == ("", 1)
        assert "invented:2" in old.problem
        assert len(old) == 0


@pytest.mark.parametrize("kind", ["manifest.json", "s-*"])
@pytest.mark.parametrize(
    "harm", ["remove", "empty", "halve", "change the start", "change the middle", "change the end"]
)
def test_damage_is_found_and_mended_by_filling_again(tmp_path: Path, kind: str, harm: str) -> None:
    filled(tmp_path).close()
    [path] = tmp_path.glob(kind)
    content = bytearray(path.read_bytes())
    match harm.split():
        case ["remove"]:
            path.unlink()
        case ["empty"]:
            path.write_bytes(b"")
        case ["halve"]:
            path.write_bytes(content[: len(content) // 2])
        case [*_, place]:
            content[{"start": 0, "middle": len(content) // 2, "end": -1}[place]] ^= 0x41
            path.write_bytes(content)
    with closing(opened(tmp_path)) as index:
        gone = kind == "manifest.json" and harm == "remove"  # then there is no index, which is no mistake
        assert index.verify(full=True)[0].level == ("ok" if gone else "error")
        assert not gone or len(index) == 0
        index.clear()
        index.add([1], of(1))
        index.commit(1)
        assert (index.problem, index.verify(full=True)[0].level) == ("", "ok")
        assert_holds(index, {1: 0})


def test_an_index_of_another_schema_is_filled_again(tmp_path: Path) -> None:
    filled(tmp_path).close()
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": 99}))
    with closing(opened(tmp_path)) as index:
        assert "another version" in index.problem
