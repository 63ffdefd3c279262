"""Putting records and reading papers: keys, changes, revisions, facts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.catalogue import Catalogue, Change
from broadsheet.catalogue.codec import decode, encode
from broadsheet.errors import NotFound
from broadsheet.types import Author, Identifier, Record, Version
from tests.conftest import NOW
from tests.papers import record

LATER = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SHEEP = record("2611.00001", "Counting Sheep with Sparse Attention")
MAPS = record("2611.00002", "Folding Maps along Rivers", authors=(Author("Sofia Kovalevskaya"),))


def test_a_paper_is_what_was_put(catalogue: Catalogue) -> None:
    (outcome,) = catalogue.put([SHEEP], at=NOW)
    paper = catalogue.paper("2611.00001")
    assert (outcome.state, outcome.number, outcome.merged) == ("new", paper.number, False)
    assert (paper.id, paper.title, paper.day) == ("2611.00001", SHEEP.title, "2026-11-18")
    assert (paper.authors, paper.author_count, paper.sources) == (SHEEP.authors, 2, (SHEEP.source,))


def test_put_twice_is_unchanged_and_leaves_the_change_log_alone(catalogue: Catalogue) -> None:
    catalogue.put([SHEEP, MAPS], at=NOW)
    before = catalogue.last_change()
    assert [outcome.state for outcome in catalogue.put([SHEEP, MAPS], at=LATER)] == ["unchanged", "unchanged"]
    assert (catalogue.last_change(), catalogue.count()) == (before, 2)


def test_the_last_word_of_a_batch_counts_and_the_batch_again_changes_nothing(catalogue: Catalogue) -> None:
    batch = [SHEEP, MAPS, replace(SHEEP, title="Counting Goats with Sparse Attention")]
    assert [outcome.state for outcome in catalogue.put(batch, at=NOW)] == ["unchanged", "new", "new"]
    assert catalogue.paper("2611.00001").title == "Counting Goats with Sparse Attention"
    assert [outcome.state for outcome in catalogue.put(batch, at=LATER)] == ["unchanged"] * 3


@pytest.mark.parametrize(
    "spelling",
    ["2611.00002", "arXiv:2611.00002v3", "https://arxiv.org/abs/2611.00002", "10.1000/FOLD.7", "doi:10.1000/fold.7"],
)
def test_a_paper_is_found_by_any_spelling_of_any_identifier(catalogue: Catalogue, spelling: str) -> None:
    identifiers = (Identifier("arxiv", "2611.00002"), Identifier("doi", "10.1000/fold.7"))
    catalogue.put([SHEEP, replace(MAPS, identifiers=identifiers)], at=NOW)
    assert catalogue.paper(f" {spelling} ").id == "2611.00002"


@pytest.mark.parametrize("key", ["", "2611.99999", "bs:aaaaaaaaaaaa", "'; DROP TABLE paper", "x" * 100_000, "\x00"])
def test_what_is_not_there_is_not_found(catalogue: Catalogue, key: str) -> None:
    catalogue.put([SHEEP], at=NOW)
    with pytest.raises(NotFound):
        catalogue.paper(key)
    with pytest.raises(NotFound):
        catalogue.provenance(key)


@pytest.mark.parametrize(
    ("identifiers", "key"),
    [
        ([("doi", "10.1000/x"), ("arxiv", "hep-th/9901001")], "hep-th/9901001"),
        ([("acl", "2024.acl-long.1"), ("doi", "10.18653/v1/2024.acl-long.1")], "doi:10.18653/v1/2024.acl-long.1"),
        ([("openreview", "AbCdEf123")], "openreview:AbCdEf123"),
        ([("pmid", "1"), ("openalex", "W123456")], "openalex:W123456"),
    ],
)
def test_the_key_is_the_best_identifier(catalogue: Catalogue, identifiers: list[tuple[str, str]], key: str) -> None:
    catalogue.put([replace(MAPS, identifiers=tuple(Identifier(*one) for one in identifiers))], at=NOW)
    assert catalogue.paper(key).id == key


def test_a_paper_without_identifiers_has_a_key_of_its_words(catalogue: Catalogue) -> None:
    catalogue.put([record(None, "An Unnamed Paper"), record(None, "Ещё одна статья"), record(None, "???")], at=NOW)
    keys = [paper.id for paper in catalogue.papers([1, 2, 3])]
    assert all(len(key) == len("bs:") + 12 and key.startswith("bs:") for key in keys)
    assert len(set(keys)) == 3
    assert [catalogue.paper(key).number for key in keys] == [1, 2, 3]


def test_papers_come_in_the_order_asked_for(catalogue: Catalogue) -> None:
    catalogue.put([SHEEP, MAPS], at=NOW)
    assert [paper.id for paper in catalogue.papers([2, 99, 1, 2])] == ["2611.00002", "2611.00001", "2611.00002"]
    assert catalogue.papers([]) == []


def test_titles_are_those_of_the_papers_whoever_told_them(catalogue: Catalogue) -> None:
    told_by_arxiv = record("2611.00002", "Folding Maps Along Rivers (Final)", "arxiv")
    catalogue.put([SHEEP, MAPS, told_by_arxiv, record("2611.00003", "Kites")], at=NOW)
    numbers = [catalogue.paper(key).number for key in ("2611.00003", "2611.00002", "2611.00001")]
    wanted = [(paper.number, paper.title) for paper in catalogue.papers(numbers)]
    assert list(catalogue.titles([*numbers, 99_999]).items()) == wanted
    assert wanted[1][1] == told_by_arxiv.title


def test_more_papers_than_one_statement_may_name(catalogue: Catalogue) -> None:
    many = [record(f"2610.{n:05}", f"The Invented Paper with the Number {n}") for n in range(1, 1202)]
    catalogue.put(many, at=NOW)
    assert len(catalogue.papers(range(1, 1202))) == catalogue.count() == 1201
    assert {outcome.state for outcome in catalogue.put(many, at=LATER)} == {"unchanged"}


def test_the_change_log_holds_each_paper_at_its_last_change(catalogue: Catalogue) -> None:
    assert catalogue.last_change() == 0
    catalogue.put([SHEEP], at=NOW)
    catalogue.put([MAPS], at=NOW)
    catalogue.put([replace(SHEEP, title="Counting Goats")], at=LATER)
    assert catalogue.changes(0, 10) == [Change(2, 2, gone=False), Change(3, 1, gone=False)]
    assert catalogue.changes(2, 10) == [Change(3, 1, gone=False)]
    assert catalogue.changes(0, 1) == [Change(2, 2, gone=False)]
    assert catalogue.last_change() == 3


def test_what_a_source_said_before_is_kept(catalogue: Catalogue) -> None:
    catalogue.put([SHEEP], at=NOW)
    changed = replace(SHEEP, title="Counting Goats", comment="12 pages", votes=7, authors=(Author("Ada Lovelace"),))
    assert catalogue.put([changed], at=LATER)[0].state == "changed"
    told = catalogue.provenance("2611.00001")
    assert [(one.field, one.old, one.new, one.at) for one in told.revisions] == [
        ("title", SHEEP.title, "Counting Goats", "2026-11-21T12:00:00Z"),
        ("authors", "Ada Lovelace; Grace Hopper", "Ada Lovelace", "2026-11-21T12:00:00Z"),
        ("comment", None, "12 pages", "2026-11-21T12:00:00Z"),
    ]
    since = {fact.field: fact.since for fact in told.facts}
    assert (since["title"], since["published"]) == ("2026-11-21T12:00:00Z", "2026-11-20T12:00:00Z")
    assert catalogue.paper("2611.00001").votes == 7  # counted, but no change of words


def test_facts_name_every_source_and_which_one_is_shown(catalogue: Catalogue) -> None:
    catalogue.put([SHEEP], at=NOW)
    catalogue.put([record("2611.00001", "Counting sheep, a draft", "bibtex:refs.bib", abstract="Sheep.")], at=NOW)
    facts = {(fact.field, fact.source): fact for fact in catalogue.provenance("2611.00001").facts}
    assert facts["title", SHEEP.source].used
    assert not facts["title", "bibtex:refs.bib"].used
    assert facts["abstract", "bibtex:refs.bib"].used
    assert facts["identifiers", "bibtex:refs.bib"].used


def test_a_corrected_identifier_renames_the_paper_and_keeps_the_old_address(catalogue: Catalogue) -> None:
    catalogue.put([SHEEP], at=NOW)
    catalogue.put([replace(SHEEP, identifiers=(Identifier("arxiv", "2611.00009"),))], at=LATER)
    assert catalogue.paper("2611.00009").id == "2611.00009"
    assert catalogue.paper("2611.00001").id == "2611.00009"
    catalogue.put([record("2611.00001", "Quite Another Paper about Teapots", "arxiv-snapshot")], at=LATER)
    assert catalogue.paper("2611.00001").title == "Quite Another Paper about Teapots"
    assert catalogue.paper("2611.00009").title == SHEEP.title


def test_a_citation_key_given_to_another_paper_takes_its_words_along(catalogue: Catalogue) -> None:
    catalogue.put([SHEEP], at=NOW)
    cited = record("2611.00001", SHEEP.title, "bibtex:refs.bib", source_key="lovelace2026")
    catalogue.put([cited], at=NOW)
    assert catalogue.paper("2611.00001").sources == (SHEEP.source, "bibtex:refs.bib")
    (outcome,) = catalogue.put([replace(MAPS, source="bibtex:refs.bib", source_key="lovelace2026")], at=LATER)
    assert (outcome.state, catalogue.paper("2611.00002").number) == ("changed", outcome.number)
    assert catalogue.paper("2611.00001").sources == (SHEEP.source,)


def test_a_paper_nobody_speaks_of_any_longer_is_gone(catalogue: Catalogue) -> None:
    catalogue.put([SHEEP], at=NOW)
    catalogue.put([replace(MAPS, source_key=SHEEP.source_key)], at=LATER)
    assert [paper.id for paper in catalogue.papers([1, 2])] == ["2611.00002"]
    assert catalogue.changes(1, 10) == [Change(2, 2, gone=False), Change(3, 1, gone=True)]
    with pytest.raises(NotFound):
        catalogue.paper("2611.00001")


def test_title_matches(catalogue: Catalogue) -> None:
    catalogue.put([SHEEP, MAPS], at=NOW)
    assert [paper.id for paper in catalogue.title_matches("countingsheepwithsparseattention")] == ["2611.00001"]
    assert catalogue.title_matches("nothing") == []


TEXT = st.text(max_size=30)
DATES = st.sampled_from([None, "2024", "2024-05", "2024-05-17"])
IDENTIFIERS = st.sampled_from(
    [Identifier("arxiv", f"2405.0000{n}") for n in (1, 2, 3)]
    + [Identifier("doi", f"10.1000/{n}") for n in (1, 2, 3)]
    + [Identifier("acl", "2024.acl-long.1"), Identifier("doi", "10.18653/v1/2024.acl-long.1"), Identifier("pmid", "7")]
)
# Any text, but mostly the same few titles, keys and names: only then is there something to join.
RECORDS = st.builds(
    Record,
    source=st.sampled_from(["arxiv", "arxiv-raw", "openalex", "records:a", "bibtex:b", "page:c", "starter"]),
    source_key=st.sampled_from(["1", "2", "3"]),
    title=st.sampled_from(["Counting Sheep with Sparse Attention", "Folding Maps along Wide Rivers"]) | TEXT,
    abstract=st.none() | TEXT.filter(bool),
    authors=st.sampled_from([(), (Author("Ada Lovelace"),), (Author("Grace Hopper", "Invented University", "0"),)]),
    author_count=st.sampled_from([None, 0, 1]),
    categories=st.sampled_from([(), ("cs.LG", "math.CO")]),
    published=DATES,
    announced=DATES,
    identifiers=st.lists(IDENTIFIERS, max_size=2, unique_by=lambda one: one.scheme).map(tuple),
    versions=st.sampled_from([(), (Version(1, "2024-05-17"), Version(2))]),
    withdrawn=st.booleans(),
    votes=st.sampled_from([None, 0, 7]),
    edition=st.sampled_from([None, "2024-05-17", "2024-05-18"]),
    position=st.sampled_from([None, 1, 2]),
    citations=st.sampled_from([None, 0, 7]),
    stars=st.sampled_from([None, 0, 7]),
    venue=st.none() | st.just("Journal of Sheep"),
    submitted=st.sampled_from([None, "2024-05-16T10:00:00Z", "2024-05-17T23:59:59Z"]),
)


@given(RECORDS)
def test_a_record_comes_back_as_it_was_said(said: Record) -> None:
    assert decode(said.source, said.source_key, encode(said)) == said


def test_what_an_older_broadsheet_wrote_can_be_read() -> None:
    text = '{"title":"Counting Sheep","withdrawn":true,"votes":0,"edition":"2024-05-17","categories":["cs.LG"]}'
    said = decode("hf-daily", "1", text)
    assert (said.title, said.withdrawn, said.votes, said.categories) == ("Counting Sheep", True, 0, ("cs.LG",))
    assert (said.venue, said.submitted, said.citations, said.stars) == (None, None, None, None)
    assert encode(said) == text, "or every paper would change with an upgrade"


def test_half_a_surrogate_pair_is_kept_and_does_no_harm(catalogue: Catalogue) -> None:
    catalogue.put([record("2611.00001", "Broken \ud83d Sheep")], at=NOW)
    assert catalogue.paper("2611.00001").title == "Broken \ud83d Sheep"
