"""The postings against a dictionary of papers, whatever is done to them, and against a plain BM25."""

import itertools
import threading
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.search import generations
from broadsheet.search.counting import author_key
from broadsheet.search.postings import Asked, PostingsWriter, Snapshot, dividing, opened
from tests.search.sheets import (
    GROUPS,
    NAMES,
    SHEETS,
    WORDS,
    Sheet,
    assert_answers,
    assert_finds,
    constants,
    files,
    generation,
    numbers_of,
    put,
    scored,
    sheets,
    written,
)

# --- changes ----------------------------------------------------------------------------------------------

CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.lists(st.tuples(st.integers(1, 9), SHEETS), max_size=5)),
        st.tuples(st.just("remove"), st.lists(st.tuples(st.integers(1, 11), st.none()), max_size=3)),
        st.tuples(st.sampled_from(["commit", "commit", "finish", "abandon", "reopen"]), st.just([])),
    ),
    max_size=20,
)
BOUNDS = ([0, 3, 100], [1, 12, 1000], [1, 7, 1000], [0, 2, 1000], [0, 2, 1000], [0, 2, 1000])
CONSTANTS = st.tuples(*map(st.sampled_from, BOUNDS))


@settings(max_examples=50, deadline=None)
@given(changes=CHANGES, bounds=CONSTANTS, allowed=st.none() | st.sets(st.integers(0, 12)))
def test_it_is_a_dictionary_whatever_the_changes(
    changes: list[tuple[str, list[tuple[int, Sheet | None]]]],
    bounds: tuple[int, int, int, int, int, int],
    allowed: set[int] | None,
) -> None:
    committed: dict[int, Sheet] = {}
    waiting: dict[int, Sheet] = {}
    with TemporaryDirectory() as folder, constants(*bounds):
        path = generation(Path(folder))
        writer, snapshot = PostingsWriter(path), opened(path)
        for sequence, (verb, papers) in enumerate([*changes, ("commit", [])], 1):
            if verb == "put":
                sheets = [(number, one) for number, one in papers if one]
                put(writer, sheets)
                waiting |= dict(sheets)
            elif verb == "remove":
                writer.remove([number for number, _ in papers])
                waiting = {number: one for number, one in waiting.items() if number not in dict(papers)}
            elif verb in ("abandon", "reopen"):
                writer.abandon() if verb == "abandon" else None
                writer, waiting = PostingsWriter(path) if verb == "reopen" else writer, dict(committed)
            else:
                before, old = snapshot, committed
                writer.commit(sequence)
                if verb == "finish":
                    writer.finish()
                committed = dict(waiting)
                snapshot = opened(path, before if sequence % 2 else None)
                assert (snapshot.sequence, writer.sequence) == (sequence, sequence)
                assert_answers(snapshot, committed, allowed)
                assert_finds(before, old, allowed)
                assert files(path) == sorted(generations.postings_files(path)), "no refuse"
                assert verb != "finish" or files(path) == sorted(one.name for one in snapshot.segments)


def test_larger_postings_in_several_segments_answer_the_same(tmp_path: Path) -> None:
    first, second, third = sheets(range(1, 400)), sheets(range(300, 500), 1), sheets([2, 77, 301, 450, 600], 2)
    held = first | second | third
    for short, common in itertools.product((0, 12, 10_000), (0, 2, 10_000)):
        with constants(0, 1_000, 1_000, short, common):
            snapshot = written(generation(tmp_path), first, second, third)
            assert len(snapshot.segments) == 3
            assert_answers(snapshot, held)
            assert_answers(snapshot, held, set(range(0, 600, 3)))


def test_many_small_commits_leave_few_segments(tmp_path: Path) -> None:
    held = sheets(range(1, 71))
    path = generation(tmp_path)
    writer = PostingsWriter(path)
    for number, one in held.items():
        put(writer, [(number, one)])
        writer.commit(number)
        assert len(files(path)) <= 8
    assert_answers(opened(path), held)


@pytest.mark.parametrize(("more", "left"), [(range(60, 101), 1), (range(101, 111), 2)])
def test_in_the_end_segments_are_merged_unless_nearly_all_is_in_one(tmp_path: Path, more: range, left: int) -> None:
    path, first, second = generation(tmp_path), sheets(range(1, 101)), sheets(more, 1)
    with constants(0, 10**6, 10**6, 12):
        written(path, first, second)
        PostingsWriter(path).finish()
    snapshot = opened(path)
    assert len(snapshot.segments) == left
    assert_answers(snapshot, first | second)
    if left == 1:
        right = sum("ram" in one.words("text") for one in (first | second).values())
        assert Asked(snapshot).frequency("ram") == right, "what was overwritten counts no more"


def test_papers_that_go_are_gone_however_segments_are_merged(tmp_path: Path) -> None:
    held = sheets(range(1, 200))
    path = generation(tmp_path)
    with constants(20, 10**6, 50, 12):
        written(path, held)
        writer = PostingsWriter(path)
        for number in range(1, 31):
            writer.remove([number, 1_000 + number])
            put(writer, [(number + 50, held[number])])
            writer.commit(number + 1)
            held = {n: one for n, one in held.items() if n != number} | {number + 50: held[number]}
        assert 1 < len(files(path)) < 10
        assert_answers(opened(path), held)
        writer.remove(list(held))
        writer.commit(99)
        writer.finish()
        assert (opened(path).count, len(opened(path).there.nonzero()[0])) == (0, 0)


def test_a_name_that_nobody_has_any_more_is_not_counted(tmp_path: Path) -> None:
    """Its place in a merged segment is empty, the first, one between others, or the last."""
    for place, name in enumerate(sorted(NAMES, key=author_key)):
        path = generation(tmp_path / str(place))
        first = {number: Sheet(("ram",), authors=(own,)) for number, own in enumerate(NAMES, 1)}
        changed = {1 + NAMES.index(name): Sheet(("wool",))}
        written(path, first, changed)
        PostingsWriter(path).finish()
        snapshot = opened(path)
        assert len(snapshot.segments) == 1
        assert_answers(snapshot, first | changed)


@pytest.mark.parametrize("many", [1, 4, 16, 1_000])
@pytest.mark.parametrize("share", [0.02, 0.3, 1.0])
def test_the_names_of_most_papers_are_found_among_many(
    tmp_path: Path, many: int, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dividing, "_MANY", many)
    monkeypatch.setattr(dividing, "_OF_EACH", 3)
    random = np.random.default_rng(1)
    names = [f"Name {n}" for n in range(200)]
    held = {
        number: Sheet(("ram",), authors=tuple({names[min(199, own)] for own in random.zipf(1.3, 4)}))
        for number in range(1, 600)
    }
    snapshot = written(generation(tmp_path), held)
    assert len(snapshot.segments) == 1
    some = [number for number in held if random.random() < share]
    right = Counter(author_key(name) for number in some for name in held[number].authors)
    found = dividing.authors(snapshot, snapshot.these(some), 3)
    assert [one.papers for one in found] == [papers for _, papers in right.most_common(3)]
    assert all(right[one.key] == one.papers and one.number in some for one in found)


# --- order ------------------------------------------------------------------------------------------------


def test_of_equal_papers_the_lowest_numbers_come_first_however_few_are_wanted(tmp_path: Path) -> None:
    """Else a page would show again what the one before it showed, for each page asks for more."""
    kinds = [Sheet(("ram",)), Sheet(("ram",), ("wool",)), Sheet(("ram",), ("wool", "hay", "hay"))]
    random = np.random.default_rng(0)
    with constants(0, 10**6, 10**6, 12):
        parts = [
            {int(number): kinds[random.integers(3)] for number in random.permutation(500)[:size]} for size in (400, 60)
        ]
        snapshot = written(generation(tmp_path), *parts)
    asked, held = Asked(snapshot), parts[0] | parts[1]
    for weights in ({"ram": 1.0}, {"wool": 1.0, "ram": 2.0}):
        scores = {number: sum(own) for number, own in scored(held, asked, weights, "text").items()}
        order = sorted(held, key=lambda number: (round(-scores[number], 5), number))
        with_ram = [number for number in order if "ram" in held[number].words("text")]
        for most in (1, 2, 5, 30, 45, 90, 200, 350, 1000):
            assert asked.best(weights, most)[0].tolist() == order[:most], most
            assert asked.best_with_all([(("ram",), ())], weights, most)[0].tolist() == with_ram[:most], most


def test_nothing_is_found_in_nothing(tmp_path: Path) -> None:
    snapshot = opened(generation(tmp_path))
    asked = Asked(snapshot)
    assert (snapshot.count, snapshot.sequence, len(snapshot.segments)) == (0, 0, 0)
    assert asked.all_words(GROUPS[0]).tolist() == asked.best({"ram": 1.0}, 5)[0].tolist() == []
    assert asked.contributions([1, 2], {"ram": 1.0}, "text").tolist() == [[0.0], [0.0]]
    assert asked.times([1], ["ram"], "title").tolist() == [[0]]
    assert not asked.any_word(["ram"]).any()
    assert asked.holding([1], GROUPS[0], 1) == set()
    assert not snapshot.dated(None, None).any()
    assert not snapshot.in_category("cs").any()
    assert snapshot.in_order_of_days(snapshot.there, 5) == []


def test_many_threads_ask_one_snapshot(tmp_path: Path) -> None:
    held = sheets(range(1, 300))
    snapshot = written(generation(tmp_path), held)
    right = [asked_of(snapshot, turn) for turn in range(20)]
    wrong: list[object] = []

    def ask(own: int) -> None:
        try:
            wrong.extend(
                turn for turn in range(20) if asked_of(snapshot, (turn + own) % 20) != right[(turn + own) % 20]
            )
        except BaseException as error:  # noqa: BLE001  a thread's error would be lost
            wrong.append(error)

    threads = [threading.Thread(target=ask, args=(own,)) for own in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def asked_of(snapshot: Snapshot, turn: int) -> list[object]:
    asked = Asked(snapshot)
    words = [WORDS[turn % 6], WORDS[(turn + 1 + turn // 6) % 6]]
    return [
        asked.all_words([((word,), ()) for word in words]).tolist(),
        asked.best(dict.fromkeys(words, 1.0), 20)[1].tolist(),
        numbers_of(asked.some_words(words, 2)),
    ]
