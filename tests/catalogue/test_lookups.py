"""Which papers a source is asked about next."""

from datetime import timedelta

from broadsheet.catalogue import Catalogue
from broadsheet.types import Deletion
from tests.conftest import NOW
from tests.papers import record

WEEK = timedelta(days=7)


def due(catalogue: Catalogue, source: str = "openalex", *, weeks: float = 0, limit: int = 9) -> list[int]:
    return catalogue.due(source, limit=limit, now=NOW + weeks * WEEK, older_than_days=7)


def filled(catalogue: Catalogue) -> None:
    """Papers 1 to 4: of the 17th, of no day, of the 19th, of the 18th."""
    days = ("2026-11-17", "2026", "2026-11-19", "2026-11-18")
    catalogue.put([record(f"2611.0000{n}", f"Sheep {n}", published=day) for n, day in enumerate(days, 1)], at=NOW)


def test_papers_never_asked_about_come_first_the_newest_before_all(catalogue: Catalogue) -> None:
    assert due(catalogue) == []
    filled(catalogue)
    assert due(catalogue) == [3, 4, 1, 2]
    assert due(catalogue, limit=2) == [3, 4]
    catalogue.looked_up("openalex", [3, 4, 99], at=NOW)
    assert due(catalogue) == [1, 2]
    assert due(catalogue, "crossref") == [3, 4, 1, 2]


def test_then_those_that_were_asked_about_longest_ago(catalogue: Catalogue) -> None:
    filled(catalogue)
    catalogue.looked_up("openalex", [1, 3], at=NOW)
    catalogue.looked_up("openalex", [4], at=NOW - WEEK)
    assert due(catalogue) == [2]
    assert due(catalogue, weeks=0.1) == [2, 4]
    assert due(catalogue, weeks=1.1) == [2, 4, 1, 3]
    assert due(catalogue, weeks=1.1, limit=3) == [2, 4, 1]
    catalogue.looked_up("openalex", [1, 2, 3, 4], at=NOW + WEEK)
    assert due(catalogue, weeks=1.1) == []


def test_deleted_papers_and_papers_without_a_name_are_not_asked_about(catalogue: Catalogue) -> None:
    filled(catalogue)
    catalogue.put([record(None, "An Unnamed Paper")], at=NOW)
    catalogue.looked_up("openalex", [1], at=NOW - 2 * WEEK)
    assert due(catalogue) == [3, 4, 2, 1]
    catalogue.put([Deletion("records:invented.jsonl", f"2611.0000{n}") for n in (1, 2)], at=NOW)
    assert due(catalogue) == [3, 4]


def test_a_paper_joined_to_another_takes_no_answer_along(catalogue: Catalogue) -> None:
    filled(catalogue)
    catalogue.put([record(None, "Sheep, Unnamed", "records:b")], at=NOW)
    catalogue.looked_up("openalex", [1, 2, 3, 4, 5], at=NOW)
    catalogue.merge("2611.00001", catalogue.papers([5])[0].id, reason="by hand", at=NOW)
    assert due(catalogue, weeks=2) == [1, 2, 3, 4]
    assert [finding.level for finding in catalogue.verify(full=True)] == ["ok", "ok"]
