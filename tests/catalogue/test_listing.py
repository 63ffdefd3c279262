"""Many papers at once: all of them by day, page by page, and those that names mean."""

import pytest

from broadsheet.catalogue import Catalogue
from broadsheet.errors import Refused
from broadsheet.types import Deletion, Identifier
from tests.conftest import NOW
from tests.papers import record

DAYS = ("2026-11-18", "2026-11-18", "2026-11-19", None, "2026-11-17", None, "2026-11-18")


def fill(catalogue: Catalogue) -> None:
    catalogue.put([record(f"2611.{n:05}", f"Paper {n}", published=day) for n, day in enumerate(DAYS, 1)], at=NOW)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 20])
def test_pages_hold_every_paper_once_the_newest_day_first(catalogue: Catalogue, limit: int) -> None:
    fill(catalogue)
    cursor, seen = "", []
    while True:
        papers, cursor = catalogue.listing(cursor, limit)
        assert len(papers) <= limit
        seen += [paper.id[-1] for paper in papers]
        if not cursor:
            break
    assert seen == ["3", "7", "2", "1", "5", "6", "4"]


def test_papers_that_arrive_meanwhile_shift_nothing(catalogue: Catalogue) -> None:
    fill(catalogue)
    first, cursor = catalogue.listing("", 2)
    catalogue.put([record("2611.00099", "A Newer Paper", published="2026-11-20")], at=NOW)
    second, _ = catalogue.listing(cursor, 2)
    assert [paper.id[-1] for paper in first + second] == ["3", "7", "2", "1"]


def test_deleted_papers_are_not_listed(catalogue: Catalogue) -> None:
    fill(catalogue)
    catalogue.put([Deletion("records:invented.jsonl", "2611.00003")], at=NOW)
    assert "2611.00003" not in [paper.id for paper in catalogue.listing("", 20)[0]]


@pytest.mark.parametrize("text", ["x", "2026-11-18", "2026-11-18.", "2026-11-18.1x", "-.", "-", "२.1", "' or 1"])
def test_a_cursor_of_somebody_else_is_refused(catalogue: Catalogue, text: str) -> None:
    with pytest.raises(Refused, match="Begin without one"):
        catalogue.listing(text, 5)


def test_names_in_any_spelling_give_papers_in_their_order(catalogue: Catalogue) -> None:
    fill(catalogue)
    catalogue.put(
        [record("2611.00050", "With a DOI", identifiers=(Identifier("doi", "10.1000/x"),), source_key="x")], at=NOW
    )
    found = catalogue.named(["2611.00002", "nothing", "arXiv:2611.00001v3", "https://doi.org/10.1000/X", ""])
    assert [paper and paper.title for paper in found] == ["Paper 2", None, "Paper 1", "With a DOI", None]
