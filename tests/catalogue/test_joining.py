"""The same paper from several sources: joined where the evidence allows it, seen, and split again."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.catalogue import Catalogue
from broadsheet.errors import Conflict, NotFound
from broadsheet.types import Author, Identifier, Record
from tests.catalogue.conftest import QUICK, Fresh
from tests.conftest import NOW
from tests.papers import record

TITLE = "Counting Sheep with Sparse Attention"
ARXIV = record("2611.00001", TITLE, "arxiv-snapshot")
PAGE = record(None, TITLE, "page:saved.txt", authors=(), author_count=2)
CITED = record(None, TITLE, "bibtex:refs.bib", identifiers=(Identifier("doi", "10.1000/sheep"),), published="2025")


def put(catalogue: Catalogue, *records: Record) -> list[tuple[str, bool]]:
    """Puts the records one after the other."""
    return [(outcome.state, outcome.merged) for one in records for outcome in catalogue.put([one], at=NOW)]


def test_a_saved_page_becomes_the_arxiv_paper_when_it_comes(catalogue: Catalogue) -> None:
    assert put(catalogue, PAGE) == [("new", False)]
    (before,) = catalogue.papers([1])
    assert put(catalogue, ARXIV) == [("changed", True)]
    paper = catalogue.paper("2611.00001")
    assert (catalogue.count(), paper.number, paper.id) == (1, before.number, "2611.00001")
    assert catalogue.paper(before.id) == paper, "the old address leads to it"


def test_a_saved_page_is_recognised_as_a_paper_that_is_there(catalogue: Catalogue) -> None:
    assert put(catalogue, ARXIV, PAGE) == [("new", False), ("changed", True)]
    assert catalogue.paper("2611.00001").sources == ("arxiv-snapshot", "page:saved.txt")


def test_one_batch_recognises_its_own_records(catalogue: Catalogue) -> None:
    outcomes = catalogue.put([PAGE, CITED, ARXIV], at=NOW)
    assert [outcome.state for outcome in outcomes] == ["new", "changed", "changed"]
    assert {outcome.number for outcome in outcomes} == {catalogue.paper("2611.00001").number}
    assert catalogue.paper("10.1000/sheep").id == "2611.00001"


def test_the_same_identifier_is_the_same_paper_and_no_event(catalogue: Catalogue) -> None:
    listed = record("2611.00001", "Counting sheep", "hf-daily", authors=(), votes=7)
    assert put(catalogue, ARXIV, listed) == [("new", False), ("changed", False)]
    assert catalogue.provenance("2611.00001").merges == []


def test_a_record_with_two_names_joins_the_papers_they_name(catalogue: Catalogue) -> None:
    apart = replace(CITED, title="Sheep, Counted Sparsely")
    assert put(catalogue, ARXIV, apart) == [("new", False), ("new", False)]
    both = record("2611.00001", TITLE, "records:b", identifiers=(*ARXIV.identifiers, *CITED.identifiers))
    assert put(catalogue, both) == [("changed", True)]
    assert (catalogue.count(), catalogue.paper("doi:10.1000/sheep").id) == (1, "2611.00001")
    (event,) = catalogue.provenance("2611.00001").merges
    assert (event.kept, event.merged) == ("2611.00001", "doi:10.1000/sheep")
    assert event.reason == "records:b calls it doi:10.1000/sheep"


def test_a_shared_doi_never_joins_two_arxiv_papers(catalogue: Catalogue) -> None:
    one = replace(ARXIV, identifiers=(*ARXIV.identifiers, *CITED.identifiers))
    two = record("2611.00002", TITLE, "records:b", identifiers=(Identifier("arxiv", "2611.00002"), *CITED.identifiers))
    assert put(catalogue, one, two) == [("new", False), ("new", False)]
    assert catalogue.paper("10.1000/sheep").id == "2611.00001"
    # The first gives the DOI up, and the second inherits it.
    put(catalogue, ARXIV)
    assert catalogue.paper("10.1000/sheep").id == "2611.00002"
    assert [finding.level for finding in catalogue.verify(full=True)] == ["ok", "ok"]


def test_a_doi_of_another_title_and_author_is_a_mistake(catalogue: Catalogue) -> None:
    other = replace(CITED, title="Folding Maps along Wide Rivers", authors=(Author("Emmy Noether"),))
    mistaken = replace(ARXIV, identifiers=(*ARXIV.identifiers, *CITED.identifiers))
    assert put(catalogue, other, mistaken) == [("new", False)] * 2
    assert catalogue.paper("10.1000/sheep").title == other.title
    # A published title often differs from the preprint's: the author decides.
    assert put(catalogue, replace(other, authors=ARXIV.authors)) == [("changed", True)]


def test_a_title_that_two_papers_have_joins_neither(catalogue: Catalogue) -> None:
    twin = record("2611.00002", TITLE, "records:b")
    assert put(catalogue, ARXIV, twin, PAGE) == [("new", False)] * 3


def test_a_generic_title_joins_nothing(catalogue: Catalogue) -> None:
    preface = record(None, "Preface", "page:saved.txt", authors=(), author_count=2)
    assert put(catalogue, record("2611.00001", "Preface"), preface) == [("new", False)] * 2


def test_the_same_title_by_others_is_another_paper(catalogue: Catalogue) -> None:
    other = replace(CITED, authors=(Author("Emmy Noether"),))
    assert put(catalogue, ARXIV, other) == [("new", False)] * 2


def test_a_split_undoes_a_join_and_is_remembered(catalogue: Catalogue) -> None:
    put(catalogue, PAGE)
    (before,) = catalogue.papers([1])
    put(catalogue, ARXIV)
    (event,) = catalogue.provenance("2611.00001").merges
    assert (event.kept, event.merged, event.reason) == ("2611.00001", before.id, "same title and number of authors")
    sequence = catalogue.last_change()
    catalogue.split(event.number, at=NOW)
    again = catalogue.paper(before.id)
    assert replace(again, number=before.number) == before
    assert catalogue.paper("2611.00001").sources == ("arxiv-snapshot",)
    assert {change.number for change in catalogue.changes(sequence, 9)} == {again.number, before.number}
    assert catalogue.provenance(before.id).merges == catalogue.provenance("2611.00001").merges != [event]
    # Its sources come again, with new words: they are not joined.
    put(catalogue, replace(PAGE, votes=3), replace(ARXIV, comment="12 pages"))
    assert (catalogue.count(), catalogue.paper(before.id).votes) == (2, 3)
    with pytest.raises(Conflict, match="undone already"):
        catalogue.split(event.number, at=NOW)


def test_papers_joined_by_hand_go_apart_again_under_their_own_numbers(catalogue: Catalogue) -> None:
    other = replace(CITED, title="Sheep, Counted Sparsely")
    put(catalogue, ARXIV, other)
    before = catalogue.papers([1, 2])
    event = catalogue.merge("2611.00001", "doi:10.1000/sheep", reason="by hand", at=NOW)
    assert (event.kept, event.merged, catalogue.count()) == ("2611.00001", "doi:10.1000/sheep", 1)
    assert catalogue.changes(2, 9)[-1].gone
    catalogue.split(event.number, at=NOW)
    assert catalogue.papers([1, 2]) == before
    again = catalogue.merge("2611.00001", "doi:10.1000/sheep", reason="after all", at=NOW)
    assert (again.number, catalogue.count()) == (event.number + 1, 1)


def test_the_kept_one_is_the_one_that_was_named_first(catalogue: Catalogue) -> None:
    one, two = (replace(CITED, title=f"Sheep {n}", source_key=f"{n}", identifiers=()) for n in (1, 2))
    put(catalogue, one, two)
    first, second = (paper.id for paper in catalogue.papers([1, 2]))
    assert catalogue.merge(second, first, reason="by hand", at=NOW).kept == second
    assert catalogue.paper(first).id == second


def test_a_join_within_a_join_is_split_in_any_order(catalogue: Catalogue) -> None:
    names = ["Sheep, Counted Sparsely", "Sheep Counting for Herds", "How Few Sheep Are Enough Sheep"]
    put(catalogue, *(record(f"2611.0000{n}", name, f"records:{n}") for n, name in enumerate(names, 1)))
    put(catalogue, *(replace(CITED, title=name, source_key=name, identifiers=()) for name in names))
    assert catalogue.count() == 3
    cited = [catalogue.provenance(f"2611.0000{n}").merges[0] for n in (1, 2, 3)]
    for event in cited:
        catalogue.split(event.number, at=NOW)
    by_hand = [catalogue.merge(one, two, reason="by hand", at=NOW) for one, two in [("2611.00002", cited[1].merged)]]
    outer = catalogue.merge(cited[0].merged, "2611.00002", reason="by hand", at=NOW)
    assert {event.number for event in catalogue.provenance("2611.00002").merges} >= {outer.number, by_hand[0].number}
    catalogue.split(by_hand[0].number, at=NOW)
    catalogue.split(outer.number, at=NOW)
    assert catalogue.count() == 6
    assert [finding.level for finding in catalogue.verify(full=True)] == ["ok", "ok"]


def test_what_cannot_be_joined_or_split_says_why(catalogue: Catalogue) -> None:
    put(catalogue, ARXIV, record("2611.00002", "Folding Maps along Wide Rivers"))
    with pytest.raises(Conflict, match="different identifiers"):
        catalogue.merge("2611.00001", "2611.00002", reason="by hand", at=NOW)
    with pytest.raises(Conflict, match="one paper already"):
        catalogue.merge("2611.00001", "arXiv:2611.00001v2", reason="by hand", at=NOW)
    with pytest.raises(NotFound):
        catalogue.merge("2611.00001", "2611.99999", reason="by hand", at=NOW)
    with pytest.raises(NotFound):
        catalogue.split(77, at=NOW)


def _works(number: int) -> list[Record]:
    """Four records of one work, any two of which carry evidence that they are one."""
    title = f"{TITLE}, Part {number}"
    authors = (Author("Ada Lovelace"), *(Author(f"Hopper {n}") for n in range(number)))
    facts = {"authors": authors, "published": "2025-05-01"}
    counted = {**facts, "authors": (), "author_count": 1 + number}
    return [
        record(f"2505.0000{number + 1}", title, "arxiv-snapshot", **facts),
        record(None, title, "page:saved.txt", **counted),
        record(None, title, "bibtex:refs.bib", identifiers=(Identifier("doi", f"10.1000/{number}"),), **facts),
        record(f"2505.0000{number + 1}", title, "hf-daily", **counted),
    ]


@settings(max_examples=25, phases=QUICK)
@given(st.permutations([one for number in range(2) for one in _works(number)]), st.integers(1, 8))
def test_the_order_of_arrival_does_not_change_what_is_one_paper(fresh: Fresh, records: list[Record], size: int) -> None:
    catalogue = fresh()
    for start in range(0, len(records), size):
        catalogue.put(records[start : start + size], at=NOW)
    assert catalogue.count() == 2
    assert {len(catalogue.paper(f"2505.0000{n}").sources) for n in (1, 2)} == {4}


@settings(max_examples=12, phases=QUICK)
@given(st.permutations([one for number in range(2) for one in _works(number)]))
def test_split_undoes_every_join(fresh: Fresh, records: list[Record]) -> None:
    catalogue = fresh()
    put(catalogue, *records)
    for key in ("2505.00001", "2505.00002"):
        for event in reversed(catalogue.provenance(key).merges):
            catalogue.split(event.number, at=NOW)
    # Only what has one arXiv id stays together.
    assert catalogue.count() == 6
    assert put(catalogue, *records) == [("unchanged", False)] * 8
    assert [finding.level for finding in catalogue.verify(full=True)] == ["ok", "ok"]


def test_one_paper_from_all_its_live_sources_is_one_record(catalogue: Catalogue) -> None:
    """Each names it in its own way: arXiv gives id and journal DOI, others one of these, or only the title."""
    arxiv, arxiv_doi = Identifier("arxiv", "2611.00001"), Identifier("doi", "10.48550/arxiv.2611.00001")
    doi, openreview = Identifier("doi", "10.1000/sheep"), Identifier("openreview", "AbCdEf123")
    said = [
        record(None, TITLE, "crossref", source_key="10.1000/sheep", identifiers=(doi,), venue="Journal of Sheep"),
        record(None, TITLE, "openalex", source_key="W1234", identifiers=(arxiv_doi,), citations=2),
        record("2611.00001", TITLE, "hf-daily", edition="2026-11-19", position=1, votes=3),
        record("2611.00001", TITLE, "arxiv-listing", announced="2026-11-19"),
        record("2611.00001", TITLE, "arxiv-raw", identifiers=(arxiv, doi), submitted="2026-11-18T10:00:00Z"),
        record("2611.00001", TITLE, "arxiv", identifiers=(arxiv, doi), journal_ref="J. Sheep 1"),
        record(None, TITLE, "semanticscholar", source_key="9", identifiers=(Identifier("corpusid", "9"), arxiv)),
        record(None, TITLE, "records:openreview", source_key="AbCdEf123", identifiers=(openreview,)),
        record(None, "Counting sheep with sparse  attention", "zotero", source_key="ABCD", published="2026"),
    ]
    for one in said:
        catalogue.put([one], at=NOW)
    (paper,) = catalogue.papers(range(1, 20))
    assert (paper.id, paper.number, paper.day) == ("2611.00001", 1, "2026-11-19")
    assert (paper.venue, paper.citations, paper.votes) == ("Journal of Sheep", 2, 3)
    assert set(paper.sources) == {one.source for one in said}
    for name in ("10.1000/SHEEP", "10.48550/arXiv.2611.00001", "openreview:AbCdEf123", "corpusid:9", "2611.00001v1"):
        assert catalogue.paper(name) == paper
    provenance = catalogue.provenance("2611.00001")
    assert {fact.source for fact in provenance.facts} == set(paper.sources), "nothing that was said is lost"
    assert [finding.level for finding in catalogue.verify(full=True)] == ["ok", "ok"]


@settings(max_examples=20, phases=QUICK)
@given(st.permutations(["crossref", "openalex", "hf-daily", "arxiv", "arxiv-raw", "zotero"]), st.integers(1, 6))
def test_live_sources_make_one_paper_in_any_order(fresh: Fresh, order: list[str], size: int) -> None:
    catalogue = fresh()
    arxiv, doi = Identifier("arxiv", "2611.00001"), Identifier("doi", "10.1000/sheep")
    names = {
        "crossref": (doi,),
        "openalex": (Identifier("doi", "10.48550/arxiv.2611.00001"),),
        "hf-daily": (arxiv,),
        "arxiv": (arxiv, doi),
        "arxiv-raw": (arxiv, doi),
        "zotero": (),
    }
    records = [record(None, TITLE, name, identifiers=names[name]) for name in order]
    for start in range(0, len(records), size):
        catalogue.put(records[start : start + size], at=NOW)
    assert catalogue.count() == 1
    assert set(catalogue.paper("2611.00001").sources) == set(names)
    assert [finding.level for finding in catalogue.verify(full=True)] == ["ok", "ok"]


def test_a_doi_that_openalex_gives_to_another_paper_does_not_join_them(catalogue: Catalogue) -> None:
    other = record("2611.00002", "Folding Maps along Rivers", "arxiv", authors=(Author("Emmy Noether"),))
    own, mistaken = Identifier("doi", "10.48550/arxiv.2611.00001"), Identifier("doi", "10.1000/maps")
    wrong = record(None, TITLE, "openalex", identifiers=(own, mistaken))
    maps = record(None, other.title, "crossref", authors=other.authors, identifiers=(mistaken,))
    put(catalogue, ARXIV, other, maps, wrong)
    assert catalogue.count() == 2
    assert set(catalogue.paper("2611.00001").sources) == {"arxiv-snapshot", "openalex"}
    assert set(catalogue.paper("2611.00002").sources) == {"arxiv", "crossref"}
    assert catalogue.paper("10.1000/maps").id == "2611.00002"
