"""Which days an edition covers, and in which order its papers stand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import NotFound
from broadsheet.ranking import editions_order, span_bounds, span_key
from broadsheet.types import Candidate, Span


def candidate(
    key: str,
    day: str = "2026-11-20",
    *,
    listed: bool = False,
    position: int | None = None,
    votes: int = 0,
    comments: int = 0,
) -> Candidate:
    return Candidate(1, key, day, listed, position, votes, comments, "listed" if listed else "announced")


@pytest.mark.parametrize(
    ("span", "key", "first", "last"),
    [
        (Span.DAY, "2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        (Span.WEEK, "2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        (Span.WEEK, "2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        (Span.MONTH, "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        (Span.MONTH, "9999-12", date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_a_key_names_its_first_and_last_day(span: Span, key: str, first: date, last: date) -> None:
    assert span_bounds(span, key) == (first, last)


@pytest.mark.parametrize(
    ("span", "key"),
    [
        (Span.DAY, "2026-02-30"),
        (Span.DAY, "2026-2-3"),
        (Span.DAY, "٢٠٢٦-١١-٢٠"),
        (Span.WEEK, "2026-W54"),
        (Span.WEEK, "2021-W53"),
        (Span.WEEK, "2026-47"),
        (Span.MONTH, "2026-13"),
        (Span.MONTH, "0000-01"),
        (Span.MONTH, "../etc"),
    ],
)
def test_a_key_that_names_no_day_is_not_found_with_an_example(span: Span, key: str) -> None:
    with pytest.raises(NotFound, match="looks like 2026-"):
        span_bounds(span, key)


@given(st.dates(), st.sampled_from(Span))
def test_every_day_lies_within_the_edition_it_names(day: date, span: Span) -> None:
    try:
        first, last = span_bounds(span, span_key(span, day))
    except NotFound:
        # The last days of the calendar belong to a week that ends in the year 10000.
        assert day > date(9999, 12, 26)
        return
    assert first <= day <= last


def test_listed_papers_come_first_by_votes_then_comments_then_the_lists_order() -> None:
    order = editions_order(
        [
            candidate("2611.00009"),
            candidate("2611.00001", listed=True, position=1, votes=3),
            candidate("2611.00002", listed=True, position=2, votes=9),
            candidate("2611.00003", listed=True, position=4, votes=3, comments=2),
            candidate("2611.00004", listed=True, position=3, votes=3),
        ]
    )
    assert [paper.key[-1] for paper in order] == ["2", "3", "1", "4", "9"]


def test_of_the_others_the_newer_day_comes_first_then_the_later_identifier() -> None:
    order = editions_order(
        [
            candidate("2611.00001", day="2026-11-18"),
            candidate("2611.00002", day="2026-11-19"),
            candidate("2611.00003", day="2026-11-19"),
            candidate("2611.00004", day="2026-11-18", votes=5),
        ]
    )
    assert [paper.key[-1] for paper in order] == ["3", "2", "4", "1"]


@given(st.lists(st.tuples(st.integers(1, 50), st.booleans(), st.integers(0, 3)), unique_by=lambda row: row[0]))
def test_the_order_does_not_depend_on_how_the_candidates_arrive(rows: list[tuple[int, bool, int]]) -> None:
    papers = [candidate(f"2611.{n:05}", listed=listed, votes=votes, position=n) for n, listed, votes in rows]
    assert editions_order(papers) == editions_order(reversed(papers))


def picked(key: str, place: int, score: float, day: str = "2026-11-20") -> Candidate:
    return Candidate(1, key, day, False, None, 0, 0, "announced", pick=place, score=score)


def test_what_people_listed_comes_before_what_the_editor_picked_and_that_before_the_rest() -> None:
    order = editions_order(
        [
            candidate("2611.00009", votes=99),
            picked("2611.00002", 1, 0.9),
            candidate("2611.00001", listed=True),
        ]
    )
    assert [paper.key for paper in order] == ["2611.00001", "2611.00002", "2611.00009"]


def test_a_day_stands_in_the_places_the_editor_gave_even_against_its_scores() -> None:
    # Diversity: the second best of a topic that already led the page had to wait.
    order = editions_order([picked("2611.00003", 3, 0.8), picked("2611.00001", 1, 0.9), picked("2611.00002", 2, 0.2)])
    assert [paper.pick for paper in order] == [1, 2, 3]


def test_a_week_stands_by_the_editors_scores() -> None:
    monday, tuesday = "2026-11-16", "2026-11-17"
    order = editions_order(
        [picked("2611.00001", 1, 0.3, monday), picked("2611.00002", 1, 0.7, tuesday), picked("2611.00003", 2, 0.5)]
    )
    assert [paper.score for paper in order] == [0.7, 0.5, 0.3]
