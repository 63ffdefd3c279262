"""What was counted, day by day: from records as they are put, and from who counts nothing but."""

from datetime import timedelta

import pytest

from broadsheet.catalogue import Catalogue
from broadsheet.errors import NotFound
from broadsheet.types import Counted, Identifier, Signal
from tests.conftest import NOW
from tests.papers import record

TOMORROW = NOW + timedelta(days=1)
DAY, NEXT = "2026-11-20", "2026-11-21"
ARXIV = Identifier("arxiv", "2611.00001")


def test_counts_of_records_leave_a_trace_where_they_changed(catalogue: Catalogue) -> None:
    listed = {"source": "hf-daily", "title": "Sheep", "arxiv": "2611.00001"}
    catalogue.put([record(**listed, votes=3, comments=0)], at=NOW)
    catalogue.put([record(**listed, votes=5, comments=0)], at=NOW)
    catalogue.put([record(**listed, votes=8, comments=0)], at=TOMORROW)
    catalogue.put([record("2611.00001", "Sheep", "openalex", citations=2, stars=None)], at=TOMORROW)
    assert catalogue.signals("2611.00001") == [
        Counted(DAY, "comments", "hf-daily", 0),
        Counted(DAY, "votes", "hf-daily", 5),
        Counted(NEXT, "citations", "openalex", 2),
        Counted(NEXT, "votes", "hf-daily", 8),
    ]
    assert catalogue.signals("arXiv:2611.00001v1", kind="votes") == [
        Counted(DAY, "votes", "hf-daily", 5),
        Counted(NEXT, "votes", "hf-daily", 8),
    ]


def test_signals_are_kept_once_a_day_for_papers_that_are_here(catalogue: Catalogue) -> None:
    catalogue.put([record("2611.00001", "Sheep"), record(None, "Folding Maps")], at=NOW)
    nameless = catalogue.papers([2])[0].id
    counted = [
        Signal(ARXIV, "stars", "github", DAY, 3),
        Signal(ARXIV, "stars", "github", DAY, 4),
        Signal(Identifier("key", nameless), "stars", "github", DAY, 9),
        Signal(Identifier("key", "2611.00001"), "votes", "elsewhere", DAY, 1),
        Signal(Identifier("arxiv", "2611.99999"), "stars", "github", DAY, 5),
    ]
    assert catalogue.put_signals(counted) == 4
    assert catalogue.put_signals(counted) == 4
    assert catalogue.put_signals([]) == 0
    assert [one.count for one in catalogue.signals("2611.00001", kind="stars")] == [4]
    assert [one.count for one in catalogue.signals(nameless)] == [9]


def test_a_paper_has_the_stars_that_were_counted_last(catalogue: Catalogue) -> None:
    catalogue.put([record("2611.00001", "Sheep", "hf-daily", stars=10)], at=NOW)
    assert catalogue.paper("2611.00001").stars == 10
    catalogue.put_signals([Signal(ARXIV, "stars", "github", NEXT, 7)])
    assert catalogue.paper("2611.00001").stars == 7


def test_signals_follow_their_paper_into_another_and_back(catalogue: Catalogue) -> None:
    doi = Identifier("doi", "10.1000/sheep")
    catalogue.put([record("2611.00001", "Sheep"), record(None, "Goats", "records:b", identifiers=(doi,))], at=NOW)
    counted = [Signal(one, "citations", "s2", DAY, count) for one, count in ((ARXIV, 3), (doi, 5))]
    catalogue.put_signals(counted)
    merge = catalogue.merge("2611.00001", "doi:10.1000/sheep", reason="by hand", at=NOW)
    assert catalogue.signals("2611.00001") == [Counted(DAY, "citations", "s2", 5)]
    catalogue.split(merge.number, at=NOW)
    assert catalogue.signals("2611.00001") == [Counted(DAY, "citations", "s2", 3)]
    assert catalogue.signals("doi:10.1000/sheep") == [Counted(DAY, "citations", "s2", 5)]


def test_there_are_no_signals_of_what_is_not_there(catalogue: Catalogue) -> None:
    with pytest.raises(NotFound):
        catalogue.signals("2611.00001")
    with pytest.raises(NotFound):
        catalogue.events("2611.00001")
