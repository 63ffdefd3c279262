"""The door: what a reader and a curator get, over real parts in a temporary home."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import broadsheet
from broadsheet import ingest
from broadsheet.errors import Conflict, Forbidden, NotFound
from broadsheet.library import Library
from broadsheet.types import ANYONE, Author, Mode, Sort, Span
from tests.conftest import NOW
from tests.papers import record, write_lines


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with broadsheet.open(tmp_path / "home", clock=lambda: NOW) as opened:
        ingest.import_file(opened.catalogue, write_lines(tmp_path / "papers.jsonl"), now=lambda: NOW)
        opened.follow()
        yield opened


def ids(library: Library, query: str, **how: object) -> list[str]:
    return [hit.paper.id for hit in library.search(query, **how).hits]  # type: ignore[arg-type]


def test_a_paper_is_found_by_its_words_and_known_by_any_of_its_names(library: Library) -> None:
    assert ids(library, "sparse attention")[0] == "2611.00001"
    for name in ("2611.00002", "arXiv:2611.00002v3", "10.1000/fold.7", "https://doi.org/10.1000/FOLD.7"):
        assert library.paper(name).id == "2611.00002"
    assert library.paper("hep-th/9901001").authors[0].name == "Lise Meitner"


def test_a_paper_that_is_not_there_is_not_found(library: Library) -> None:
    with pytest.raises(NotFound, match="9999"):
        library.paper("2611.09999")


def test_a_query_that_names_one_paper_says_which(library: Library) -> None:
    for query in ("2611.00003", "https://arxiv.org/abs/2611.00003", "a survey of teapots", "A Survey of Teapots."):
        exact = library.search(query).exact
        assert exact is not None, query
        assert exact.id == "2611.00003"
    assert library.search("teapots").exact is None
    assert library.search("2611.09999").exact is None


def test_papers_are_found_by_words_by_meaning_or_by_both(library: Library) -> None:
    assert ids(library, "pottery", mode=Mode.KEYWORD) == []
    for mode in (Mode.HYBRID, Mode.MEANING):
        hit = library.search("counting sheep", mode=mode).hits[0]
        assert hit.paper.id == "2611.00001"
        assert hit.why is not None
        assert hit.why.cosine is not None
        assert hit.why.parts["meaning"] > 0


def test_a_paper_has_neighbours_and_is_not_its_own(library: Library) -> None:
    near = library.similar("2611.00001", limit=3)
    assert len(near) == 3
    assert "2611.00001" not in [hit.paper.id for hit in near]
    assert [hit.score for hit in near] == sorted((hit.score for hit in near), reverse=True)
    unlike = library.near(["2611.00001"], [near[0].paper.id], limit=4)
    assert near[0].paper.id not in [hit.paper.id for hit in unlike]
    with pytest.raises(NotFound):
        library.similar("2611.09999")


def test_results_narrow_by_date_and_category_and_sort_by_date(library: Library) -> None:
    assert set(ids(library, "count")) == {"2611.00001", "2611.00002", "2611.00003"}
    assert ids(library, "count", since="2026-11-19") == ["2611.00003"]
    assert ids(library, "count", categories=["math.CO"]) == ["2611.00002"]
    assert ids(library, "author:lovelace", sort=Sort.DATE) == ["2611.00003", "2611.00001"]


def test_pages_of_a_result_list_join_without_gap_or_overlap(library: Library) -> None:
    whole = ids(library, "since:1990", limit=10)
    assert len(whole) == 5
    assert [one for offset in (0, 2, 4) for one in ids(library, "since:1990", limit=2, offset=offset)] == whole


def test_the_latest_edition_needs_three_papers_and_knows_its_neighbours(library: Library) -> None:
    library.catalogue.put(
        [record(f"2611.1000{n}", f"An Invented Paper about the Number {n} and its Friends") for n in range(3)], at=NOW
    )
    latest = library.edition(Span.DAY)
    assert (latest.key, latest.total, latest.latest) == ("2026-11-18", 5, True)
    assert latest.next == "2026-11-19"
    assert latest.previous == "1999-01-04"
    assert [entry.position for entry in latest.entries] == [1, 2, 3, 4, 5]


def test_weeks_and_months_hold_their_days(library: Library) -> None:
    assert library.edition(Span.WEEK, "2026-W47").total == 3
    month = library.edition(Span.MONTH, "2026-11", limit=2, offset=2)
    assert (month.total, len(month.entries), month.previous) == (3, 1, "1999-01")


def test_an_empty_day_says_why(library: Library) -> None:
    assert "Saturday" in library.edition(Span.DAY, "2026-11-14").note
    assert "no papers" in library.edition(Span.DAY, "2026-11-12").note
    assert "winter break" in library.edition(Span.DAY, "2027-01-01").note
    assert library.edition(Span.DAY, "2026-11-27").note.startswith("No announcement: Thanksgiving")
    assert "announced at 01:00 UTC on 24 November 2026" in library.edition(Span.DAY, "2026-11-24").note
    assert "not begun" in library.edition(Span.WEEK, "2026-W50").note
    assert library.edition(Span.DAY, "2026-11-12").next == "2026-11-18"


def test_a_listed_paper_leads_its_edition(library: Library) -> None:
    listed = record(
        "2611.00002",
        "Folding Maps along Rivers of Order $O(n \\log n)$",
        source="daily-api",
        edition="2026-11-19",
        position=1,
        votes=7,
        comments=2,
        authors=(Author("Sofia Kovalevskaya"),),
    )
    library.catalogue.put([listed], at=NOW)
    edition = library.edition(Span.DAY, "2026-11-19")
    assert (edition.entries[0].paper.id, edition.entries[0].reason) == ("2611.00002", "listed")
    assert edition.entries[0].paper.votes == 7
    assert library.edition(Span.WEEK, "2026-W47").total == 3


def test_the_index_comes_back_by_itself_when_it_is_deleted(library: Library) -> None:
    library.close()
    shutil.rmtree(library.home / "index")
    with broadsheet.open(library.home, clock=lambda: NOW) as again:
        assert ids(again, "teapots") == ["2611.00003"]


def test_changes_are_counted_until_the_index_has_them(library: Library) -> None:
    library.catalogue.put([record("2611.20001", "Penguins and Their Hats, Counted")], at=NOW)
    assert library.behind() == 1
    assert any("catching up" in note for note in library.search("penguins").notes)
    assert library.follow()
    assert library.behind() == 0
    assert ids(library, "penguins hats") == ["2611.20001"]
    assert library.status().indexed == library.status().papers == 6


def test_a_merge_by_hand_can_be_undone_and_search_follows_both_ways(library: Library) -> None:
    merge = library.merge("10.1000/knot.1", "hep-th/9901001")
    library.follow()
    assert library.paper("10.1000/knot.1").id == "hep-th/9901001"
    assert ids(library, "knots strings") == ["hep-th/9901001"]
    assert [done.number for done in library.provenance("hep-th/9901001").merges] == [merge.number]
    library.split(merge.number)
    library.follow()
    assert library.paper("10.1000/knot.1").id == "doi:10.1000/knot.1"
    assert set(ids(library, "knots strings")) == {"doi:10.1000/knot.1", "hep-th/9901001"}


def test_two_papers_of_arxiv_are_two_papers(library: Library) -> None:
    with pytest.raises(Conflict, match="two papers"):
        library.merge("2611.00001", "2611.00002")


def test_who_may_not_write_is_told_so(library: Library) -> None:
    with pytest.raises(Forbidden, match="Sign in to merge records"):
        library.merge("2611.00001", "2611.00002", actor=ANYONE)
    with pytest.raises(Forbidden):
        library.split(1, actor=ANYONE)
    with pytest.raises(Forbidden):
        library.rebuild_index(actor=ANYONE)


def test_a_home_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="import"):
        broadsheet.open(tmp_path / "nowhere", create=False)
    assert not (tmp_path / "nowhere").exists()


def test_a_healthy_installation_has_no_errors_for_the_doctor(library: Library) -> None:
    assert [finding for finding in library.doctor() if finding.level == "error"] == []


def test_two_libraries_can_be_open_side_by_side(library: Library, tmp_path: Path) -> None:
    with broadsheet.open(tmp_path / "other", clock=lambda: datetime(2026, 1, 1, tzinfo=UTC)) as other:
        assert other.status().papers == 0
        assert other.edition(Span.DAY).key == "2026-01-01"
        assert library.status().papers == 5
