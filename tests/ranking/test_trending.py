"""The formula of trending: which day a vote belongs to, what age leaves of it, and what it is worth."""

from datetime import date, timedelta
from itertools import pairwise
from math import isclose, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.ranking import WEIGHTS, Formula, Scored, by_signals
from broadsheet.types import Look, Window

TODAY = date(2026, 11, 20)
SOURCES = {1: "here", 2: "hf-daily", 3: "github", 4: "openalex", 5: "crossref", 6: "records"}
HERE, HUGGING_FACE, GITHUB, OPENALEX, CROSSREF, RECORDS = SOURCES
ROWS = {row.signal: row for row in WEIGHTS}
BACK = {Window.DAY: 1, Window.WEEK: 7, Window.MONTH: 30}


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def looks(kind: str, source: int, *totals: tuple[int, int]) -> list[Look]:
    """Looks at one total: pairs of days ago and how much it was then, the oldest first."""
    made: list[Look] = []
    for days, total in totals:
        before = max((one.total for one in made), default=None)
        made.append(Look(1, kind, source, ago(days), total, before, made[-1].day if made else None))
    return made


def scored(seen: list[Look], *, own: str | None = "2020-01-01", window: Window = Window.MONTH) -> Scored:
    return Formula(window, TODAY, SOURCES).score(seen, own) or Scored(1, 0.0, ())


def fresh(seen: list[Look], *, own: str | None = "2020-01-01", window: Window = Window.MONTH) -> float:
    return sum(part.fresh for part in scored(seen, own=own, window=window).parts)


def test_a_vote_of_today_counts_whole_and_one_of_a_half_life_ago_half() -> None:
    row = ROWS["votes"]
    assert fresh(looks("votes", HERE, (0, 4))) == 4
    assert fresh(looks("votes", HERE, (int(row.half_life), 4))) == 2
    one = scored(looks("votes", HERE, (int(row.half_life), 4), (0, 5)))
    assert one.points == row.weight * log2(1 + 2 + 1)
    assert [(part.signal, part.gained, part.fresh) for part in one.parts] == [("votes", 5, 3)]


@pytest.mark.parametrize("window", list(Window))
def test_a_window_looks_so_many_days_back_and_at_today(window: Window) -> None:
    last = BACK[window]
    assert fresh(looks("votes", HERE, (last, 1)), window=window) > 0
    assert fresh(looks("votes", HERE, (last + 1, 1)), window=window) == 0
    assert Formula.begin(window, TODAY) == TODAY - timedelta(days=last)


def test_what_was_counted_before_the_first_look_belongs_to_the_papers_own_day() -> None:
    """A first fill makes no old paper trend, and no new one trend more than its day allows."""
    first = looks("votes", HUGGING_FACE, (0, 500))
    assert fresh(first, own="2016-03-01") == 0
    assert fresh(first, own=None) == 0
    assert isclose(fresh(first, own=ago(3)), 500 * 2 ** (-3 / ROWS["hf-votes"].half_life))
    assert fresh(looks("votes", HUGGING_FACE, (2, 500)), own=ago(1)) == 500 * 2 ** (-2 / ROWS["hf-votes"].half_life)
    assert fresh(looks("votes", HUGGING_FACE, (1, 500), (0, 510)), own="2016-03-01") == 10


def test_what_is_counted_here_begins_with_nothing() -> None:
    assert fresh(looks("votes", HERE, (0, 3)), own="2016-03-01") == 3
    assert fresh(looks("reads", HERE, (0, 3)), own=None) == 3


def test_what_a_source_takes_back_is_gone_and_what_comes_back_is_not_new() -> None:
    half = 2 ** (-6 / ROWS["hf-votes"].half_life)
    corrected = looks("votes", HUGGING_FACE, (20, 100), (6, 110), (3, 0), (0, 110))
    assert isclose(fresh(corrected, window=Window.WEEK), 10 * half), "ten came six days ago, and are there"
    assert fresh(looks("votes", HUGGING_FACE, (20, 100), (6, 1000), (0, 100))) == 0, "a flood that was taken away"
    assert isclose(fresh(looks("votes", HUGGING_FACE, (20, 100), (6, 1000), (0, 103))), 3 * half)
    assert fresh(looks("votes", HERE, (1, 1), (0, 0))) == 0


def test_voting_and_unvoting_by_turns_gains_nothing() -> None:
    steady = looks("votes", HERE, (6, 1))
    turning = looks("votes", HERE, (6, 1), (5, 0), (4, 1), (3, 0), (2, 1), (1, 0), (0, 1))
    assert fresh(turning) == fresh(steady)


def test_stars_are_dated_evenly_over_the_days_since_the_look_before() -> None:
    row = ROWS["stars"]
    seen = looks("stars", GITHUB, (11, 1000), (4, 1070))
    expected = sum(10 * 2 ** (-age / row.half_life) for age in range(4, 11))
    assert isclose(fresh(seen), expected)
    assert isclose(fresh(seen, window=Window.WEEK), sum(10 * 2 ** (-age / row.half_life) for age in range(4, 8)))
    assert scored(seen, window=Window.WEEK).parts[0].gained == pytest.approx(40)


def test_of_several_sources_the_one_counts_that_gives_most() -> None:
    one = looks("citations", OPENALEX, (20, 5), (2, 9))
    other = looks("citations", CROSSREF, (20, 3), (2, 5))
    assert fresh([*one, *other]) == fresh(one) > fresh(other)


def test_counts_of_others_than_the_table_names_play_no_part() -> None:
    assert fresh(looks("votes", RECORDS, (3, 1), (0, 50)), own=ago(0)) == 0
    assert fresh(looks("comments", HUGGING_FACE, (3, 1), (0, 50)), own=ago(0)) == 0
    assert fresh(looks("citations", HERE, (0, 50))) == 0
    assert fresh(looks("nonsense", HERE, (0, 50))) == 0


def test_signals_that_are_not_chosen_leave_no_trace() -> None:
    seen = [*looks("votes", HERE, (0, 3)), *looks("reads", HERE, (0, 9))]
    one = scored(seen)
    assert by_signals([one], ["reads"]) == [scored(looks("reads", HERE, (0, 9)))]
    assert by_signals([one], ["stars"]) == []
    assert by_signals([one], list(ROWS)) == [one]


TOTALS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 200)), min_size=1, max_size=8, unique_by=lambda one: one[0]
)
PLACES = st.sampled_from(
    [("votes", HERE), ("votes", HUGGING_FACE), ("stars", GITHUB), ("citations", OPENALEX), ("reads", HERE)]
)
OWN = st.one_of(st.none(), st.integers(0, 90).map(ago))


def oldest_first(totals: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return sorted(totals, reverse=True)


@given(PLACES, TOTALS, OWN, st.sampled_from(list(Window)))
def test_the_points_are_the_sum_of_their_parts_and_never_less_than_nothing(
    place: tuple[str, int], totals: list[tuple[int, int]], own: str | None, window: Window
) -> None:
    one = scored(looks(*place, *oldest_first(totals)), own=own, window=window)
    assert one.points == sum(part.points for part in one.parts)
    most = max(total for _, total in totals)
    for part in one.parts:
        assert 0 < part.fresh <= part.gained + 1e-9
        assert part.gained <= most + 1e-9
        assert part.points == ROWS[part.signal].weight * log2(1 + part.fresh)


@given(PLACES, TOTALS, OWN, st.integers(1, 100))
def test_more_of_the_last_count_never_gives_fewer_points(
    place: tuple[str, int], totals: list[tuple[int, int]], own: str | None, more: int
) -> None:
    *before, (days, last) = oldest_first(totals)
    less = scored(looks(*place, *before, (days, last)), own=own)
    assert scored(looks(*place, *before, (days, last + more)), own=own).points >= less.points - 1e-9


@given(PLACES.filter(lambda place: place[0] != "stars"), TOTALS, OWN, st.integers(1, 20))
def test_the_same_counts_later_give_fewer_points(
    place: tuple[str, int], totals: list[tuple[int, int]], own: str | None, later: int
) -> None:
    now = scored(looks(*place, *oldest_first(totals)), own=own)
    aged = [(days + later, total) for days, total in oldest_first(totals)]
    own_aged = own and (date.fromisoformat(own) - timedelta(days=later)).isoformat()
    then = scored(looks(*place, *aged), own=own_aged)
    assert then.points < now.points if now.points else then.points == 0


@given(st.lists(st.integers(0, 50), min_size=2, max_size=12), st.integers(0, 20))
def test_a_total_that_only_grows_gains_what_it_grew(steps: list[int], begin: int) -> None:
    totals = [begin]
    for step in steps:
        totals.append(totals[-1] + step)
    seen = looks("votes", HUGGING_FACE, *((len(totals) - 1 - place, total) for place, total in enumerate(totals)))
    ages = range(len(steps) - 1, -1, -1)
    left = [2 ** (-age / ROWS["hf-votes"].half_life) for age in ages]
    assert isclose(
        fresh(seen), sum((b - a) * keep for (a, b), keep in zip(pairwise(totals), left, strict=True)), abs_tol=1e-9
    )
