"""Bitmaps of common stems, against sets of numbers."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.postings import bitmaps
from broadsheet.search.postings.bitmaps import Bitmap, Bitmaps, mask_of, numbers_of


@given(held=st.dictionaries(st.integers(0, 300), st.integers(1, 255)), more=st.integers(0, 200))
def test_a_bitmap_is_a_set_that_knows_the_place_of_each_of_its_numbers(held: dict[int, int], more: int) -> None:
    numbers = np.array(sorted(held), np.uint32)
    times = np.array([held[number] for number in sorted(held)], np.uint8)
    size = max(held, default=0) + 1 + more
    bitmap, every = Bitmap.of(numbers, size), np.arange(size, dtype=np.uint32)
    assert numbers_of(bitmap.words).tolist() == sorted(held)
    assert np.flatnonzero(mask_of(bitmap.words)).tolist() == sorted(held)
    assert bitmap.has(every).tolist() == [number in held for number in range(size)]
    if held:
        assert bitmap.times(every, times).tolist() == [held.get(number, 0) for number in range(size)]
        assert bitmap.times(numbers, times).tolist() == times.tolist()


def test_the_most_common_of_what_was_asked_for_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bitmaps, "MOST", 2)
    kept, lists = Bitmaps(), {count: np.arange(count, dtype=np.uint32) for count in (10, 40, 60, 80)}

    def asked(count: int) -> Bitmap | None:
        return kept.of(count, lists[count], 640)

    assert asked(10) is None, "it is not common"
    first = asked(40)
    assert first is asked(40)
    second = asked(60)
    third = asked(80)
    assert third is asked(80)
    assert second is asked(60)
    assert asked(40) is None, "larger ones took its place, and no room is made for it again"
    assert numbers_of(third.words).tolist() == lists[80].tolist() if third else pytest.fail("it is common")


def test_many_threads_ask_for_bitmaps_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bitmaps, "MOST", 3)
    lists = {count: np.arange(count, dtype=np.uint32) for count in range(100, 140)}
    kept = Bitmaps()

    def wrong(own: int) -> list[int]:
        """What thread after thread is given that is not what it asked for."""
        asked = [100 + (turn * (own + 1)) % 40 for turn in range(400)]
        given = [(count, kept.of(count, lists[count], 640)) for count in asked]
        return [count for count, one in given if one and len(numbers_of(one.words)) != count]

    with ThreadPoolExecutor(6) as threads:
        assert [*threads.map(wrong, range(6))] == [[]] * 6
    assert kept.of(139, lists[139], 640), "the largest is there"
