"""Days: who belongs to one, its neighbours, and which day is worth opening with."""

from collections.abc import Sequence

import pytest

from broadsheet.catalogue import Catalogue
from broadsheet.types import Candidate, Record
from tests.conftest import NOW
from tests.papers import record

TODAY = "2026-11-20"


def day(date: str, papers: int, source: str = "records:a", **facts: object) -> list[Record]:
    """Some papers of a day."""
    prefix = f"{date[2:4]}{date[5:7]}.{date[8:]}"
    return [
        record(f"{prefix}{n:03}", f"The Invented Paper {n} of {date}", source, published=date, **facts)
        for n in range(1, papers + 1)
    ]


def listed(date: str, papers: int, source: str = "starter") -> list[Record]:
    """Some papers that a source lists in the edition of a day."""
    return [
        record(
            None,
            f"The Invented Paper {n} of {source}",
            source,
            published="2024",
            edition=date,
            position=n,
            votes=9,
        )
        for n in range(1, papers + 1)
    ]


@pytest.mark.parametrize(
    ("records", "latest"),
    [
        ([], None),
        (day("2026-11-18", 3), "2026-11-18"),
        (day("2026-11-18", 3) + day("2026-11-19", 2), "2026-11-18"),
        (day("2026-11-20", 3), "2026-11-20"),
        (day("2026-11-21", 3) + day("2026-11-18", 3), "2026-11-18"),
        (day("2026-11-18", 2), "2026-11-18"),
        (listed(TODAY, 5), TODAY),
        (listed(TODAY, 5) + day("2026-11-18", 3), "2026-11-18"),
        (listed(TODAY, 5) + day("2026-11-19", 2), TODAY),
        (listed("2026-11-19", 3, "hf-daily") + day("2026-11-18", 3), "2026-11-19"),
        (listed("2026-11-19", 2, "hf-daily") + day("2026-11-19", 1), "2026-11-19"),
        (day("2026-11-21", 2), "2026-11-21"),
        (day("2024-05-17", 3, "bibtex:b"), None),
    ],
)
def test_the_latest_day_is_the_newest_with_three_papers_of_news(
    catalogue: Catalogue, records: Sequence[Record], latest: str | None
) -> None:
    catalogue.put(records, at=NOW)
    assert catalogue.latest_day(today=TODAY) == latest


def test_candidates_are_the_papers_of_the_days_once_each(catalogue: Catalogue) -> None:
    catalogue.put(day("2026-11-16", 1) + day("2026-11-17", 1, announced="2026-11-18") + day("2026-11-25", 1), at=NOW)
    both = record("2611.16001", "The Invented Paper 1 of 2026-11-16", "hf-daily", published="2026-11-16", votes=4)
    for edition, position in (("2026-11-19", 2), ("2026-11-20", 1)):
        catalogue.put([record_in(both, edition, position)], at=NOW)
    found = catalogue.candidates("2026-11-16", "2026-11-22")
    assert sorted(found, key=lambda one: one.number) == [
        Candidate(1, "2611.16001", "2026-11-19", True, 2, 4, 0, "listed"),
        Candidate(2, "2611.17001", "2026-11-18", False, None, 0, 0, "announced"),
    ]
    (only,) = catalogue.candidates("2026-11-16", "2026-11-16")
    assert (only.listed, only.reason) == (False, "published")


def record_in(said: Record, edition: str, position: int) -> Record:
    """The same words, of another list."""
    return record(
        said.source_key,
        said.title,
        f"list-of-{edition}",
        published=said.published,
        votes=4,
        edition=edition,
        position=position,
    )


def test_a_listing_taken_back_is_gone(catalogue: Catalogue) -> None:
    (entry,) = listed("2026-11-19", 1, "hf-daily")
    catalogue.put([entry], at=NOW)
    assert (catalogue.days(), len(catalogue.candidates(TODAY[:8] + "01", TODAY))) == (1, 1)
    entry.edition = "2026-11-18"
    catalogue.put([entry], at=NOW)
    assert [one.day for one in catalogue.candidates("2026-11-01", TODAY)] == ["2026-11-18"]
    entry.edition = None
    catalogue.put([entry], at=NOW)
    assert catalogue.candidates("2026-11-01", TODAY) == []


def test_a_listing_goes_where_its_paper_goes(catalogue: Catalogue) -> None:
    catalogue.put(listed("2026-11-19", 1, "page:saved.txt"), at=NOW)
    (before,) = catalogue.candidates("2026-11-19", "2026-11-19")
    joined = record("2401.00001", "The Invented Paper 1 of page:saved.txt", published="2024")
    catalogue.put([joined], at=NOW)
    (after,) = catalogue.candidates("2026-11-19", "2026-11-19")
    assert (before.number, after.key, after.listed) == (after.number, "2401.00001", True)


def test_neighbours_are_the_nearest_days_with_papers(catalogue: Catalogue) -> None:
    assert catalogue.neighbour_days(TODAY, TODAY) == (None, None)
    catalogue.put(
        day("2026-11-10", 1) + listed("2026-11-12", 1) + day("2026-11-25", 1) + listed("2026-11-24", 1, "hf-daily"),
        at=NOW,
    )
    assert catalogue.neighbour_days("2026-11-16", "2026-11-22") == ("2026-11-12", "2026-11-24")
    assert catalogue.neighbour_days("2026-11-12", "2026-11-24") == ("2026-11-10", "2026-11-25")
    assert catalogue.neighbour_days("2026-11-10", "2026-11-25") == (None, None)


def test_days_counts_each_day_once(catalogue: Catalogue) -> None:
    assert catalogue.days() == 0
    catalogue.put(day("2026-11-18", 3) + listed("2026-11-18", 2) + listed("2026-11-19", 1, "hf-daily"), at=NOW)
    assert catalogue.days() == 2
