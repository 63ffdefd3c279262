"""Limits: what is counted, in which window, and that nobody gets around it: neither at once nor by failing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from broadsheet.catalogue import Catalogue, tallies
from broadsheet.catalogue.schema import tally
from broadsheet.catalogue.tallies import Budget, Spend
from broadsheet.errors import TooMany
from tests.catalogue.conftest import QUICK, Fresh
from tests.conftest import NOW


def votes(limit: int = 3, *, seconds: int = 300, who: str = "person:7", later: float = 0.0) -> Spend:
    return Spend("vote", "votes", (Budget(who, limit, seconds),), NOW + timedelta(seconds=later))


def rows(catalogue: Catalogue) -> list[tuple[object, ...]]:
    with catalogue._store.read() as connection:
        return [tuple(row) for row in connection.execute(select(tally).order_by(*tally.primary_key))]


def test_a_budget_is_used_up_and_comes_back_with_the_next_window(catalogue: Catalogue) -> None:
    for _ in range(3):
        catalogue.spend(votes(later=60))
    with pytest.raises(TooMany, match=r"Too many votes: 3 in 5 minutes at most. It goes on in 4 minutes.") as caught:
        catalogue.spend(votes(later=60))
    assert caught.value.retry_after == 240
    catalogue.spend(votes(later=299, who="person:8"))
    catalogue.spend(votes(later=300))
    assert catalogue.allowance(votes(later=300)).left == 2


def test_what_is_refused_is_not_counted(catalogue: Catalogue) -> None:
    both = Spend("vote", "votes", (Budget("person:7", 9, 300), Budget("address:192.0.2.7", 1, 300)), NOW)
    catalogue.spend(both)
    for _ in range(5):
        with pytest.raises(TooMany):
            catalogue.spend(both)
    assert [row[-1] for row in rows(catalogue)] == [1, 1]


def test_an_act_that_fails_after_it_was_counted_was_not(catalogue: Catalogue) -> None:
    def fails() -> None:
        with catalogue._store.write() as tx:
            tallies.spend(tx, votes())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert rows(catalogue) == []


def test_an_allowance_is_that_of_the_budget_nearest_to_its_end(catalogue: Catalogue) -> None:
    comment = Spend("comment", "comments", (Budget("person:7", 30, 3_600), Budget("person:7", 31, 86_400)), NOW)
    assert catalogue.allowance(comment).window == 3_600
    for hour in range(2):
        for _ in range(15):
            catalogue.spend(Spend("comment", "comments", comment.budgets, NOW + timedelta(hours=hour)))
    left = catalogue.allowance(Spend("comment", "comments", comment.budgets, NOW + timedelta(hours=1, seconds=10)))
    assert (left.left, left.limit, left.window, left.seconds) == (1, 31, 86_400, 11 * 3_600 - 10)


def test_windows_of_two_lengths_that_begin_together_are_two_counts(catalogue: Catalogue) -> None:
    midnight = NOW.replace(hour=0)
    act = Spend("comment", "comments", (Budget("person:7", 5, 3_600), Budget("person:7", 9, 86_400)), midnight)
    catalogue.spend(act)
    assert [(row[1], row[-1]) for row in rows(catalogue)] == [("comment/3600", 1), ("comment/86400", 1)]


def test_windows_that_are_over_are_forgotten(catalogue: Catalogue) -> None:
    for window in range(5):
        catalogue.spend(votes(later=300 * window))
    assert len(rows(catalogue)) == 1
    catalogue.spend(votes(who="person:8"))
    catalogue.forget_ended(at=NOW + timedelta(days=1), seen_since=NOW)
    assert len(rows(catalogue)) == 2
    catalogue.forget_ended(at=NOW + timedelta(days=3), seen_since=NOW)
    assert rows(catalogue) == []


def test_of_sixteen_threads_as_many_acts_pass_as_the_limit_says(catalogue: Catalogue) -> None:
    together = threading.Barrier(16)

    def acts(_: int) -> int:
        together.wait()
        passed = 0
        for _ in range(5):
            try:
                catalogue.spend(votes(50))
            except TooMany:
                continue
            passed += 1
        return passed

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(acts, range(16))) == 50


@settings(max_examples=40, phases=QUICK)
@given(st.lists(st.integers(0, 700), max_size=30).map(sorted), st.integers(1, 5))
def test_in_every_window_as_much_passes_as_its_limit(fresh: Fresh, moments: list[int], limit: int) -> None:
    catalogue, passed = fresh(), dict[int, int]()
    for moment in moments:
        window = (int(NOW.timestamp()) + moment) // 60
        act = votes(limit, seconds=60, later=moment)
        if passed.get(window, 0) < limit:
            catalogue.spend(act)
            passed[window] = passed.get(window, 0) + 1
            continue
        with pytest.raises(TooMany) as caught:
            catalogue.spend(act)
        assert 0 < caught.value.retry_after <= 60
