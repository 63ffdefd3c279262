"""The door's lists: the newest papers across days, all papers by cursor, papers by their names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet import library as door
from broadsheet.library import Library
from tests.conftest import NOW
from tests.papers import record


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Thirty-one days with four papers each, the third of which has most votes."""
    with door.open(tmp_path, clock=lambda: NOW) as opened:
        days = [f"2026-10-{n}" for n in range(21, 32)] + [f"2026-11-{n:02}" for n in range(1, 21)]
        opened.catalogue.put(
            [
                record(
                    f"2611.{100 * place + n:05}",
                    f"Paper {n} of {day}",
                    published=day,
                    edition=day,
                    position=n,
                    votes=votes,
                )
                for place, day in enumerate(days)
                for n, votes in ((1, 2), (2, 1), (3, place), (4, 0))
            ],
            at=NOW,
        )
        yield opened


def titles(library: Library, days: int, *, limit: int, offset: int = 0) -> list[str]:
    return [entry.paper.title for entry in library.recent(days, limit=limit, offset=offset)]


def test_recent_papers_come_day_by_day_in_the_order_of_their_editions(library: Library) -> None:
    found = titles(library, 60, limit=6)
    assert found == [
        "Paper 3 of 2026-11-20", "Paper 1 of 2026-11-20", "Paper 2 of 2026-11-20", "Paper 4 of 2026-11-20",
        "Paper 3 of 2026-11-19", "Paper 1 of 2026-11-19",
    ]  # fmt: skip
    assert [entry.day for entry in library.recent(60, limit=6)] == ["2026-11-20"] * 4 + ["2026-11-19"] * 2


def test_pages_of_recent_papers_join(library: Library) -> None:
    whole = titles(library, 60, limit=200)
    assert len(whole) == len(set(whole)) == 124
    assert [title for start in range(0, 124, 7) for title in titles(library, 60, limit=7, offset=start)] == whole
    assert titles(library, 2, limit=200) == whole[:8]
    assert titles(library, 60, limit=5, offset=124) == []


def test_recent_papers_by_votes_mix_the_days(library: Library) -> None:
    found = library.recent(3, limit=4, by_day=False)
    assert [(entry.paper.votes, entry.day[-2:]) for entry in found] == [(30, "20"), (29, "19"), (28, "18"), (2, "20")]


def test_an_empty_library_has_no_recent_papers(tmp_path: Path) -> None:
    with door.open(tmp_path / "empty", clock=lambda: NOW) as opened:
        assert opened.recent(7) == []
        assert opened.listing() == ([], "")


def test_all_papers_and_papers_by_name(library: Library) -> None:
    first, cursor = library.listing(limit=100)
    second, end = library.listing(cursor, limit=100)
    assert (len(first), len(second), end) == (100, 24, "")
    assert [paper and paper.title for paper in library.papers(["2611.00001v2", "?"])] == ["Paper 1 of 2026-10-21", None]
