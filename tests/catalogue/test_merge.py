"""Statements -> paper: who wins, what is joined, which day it belongs to."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.catalogue.merge import Statement, merge
from broadsheet.types import Author, Identifier, Paper, Record, Version
from tests.catalogue.test_papers import RECORDS


def said(source: str, at: str = "2026-11-20T00:00:00Z", **facts: object) -> Statement:
    return Statement(0, Record(**{"source": source, "source_key": "1", "title": "", **facts}), at, at)  # type: ignore[arg-type]


def merged(*statements: Statement) -> Paper:
    """The paper, which must be the same whatever order the statements come in."""
    (paper, *others) = [merge(order) for order in permutations(statements)]
    assert all(other == paper for other in others)
    return paper


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ("arxiv", "arxiv-snapshot"),
        ("arxiv-snapshot", "records:a"),
        ("records:a", "daily-api"),
        ("a name of one's own", "hf-daily"),
        ("daily-lines", "bibtex:b"),
        ("bibtex:b", "daily-page:c"),
        ("page:c", "starter"),
    ],
)
def test_the_more_trusted_source_wins_field_by_field(stronger: str, weaker: str) -> None:
    paper = merged(
        said(stronger, title="Right", categories=("cs.LG",)),
        said(weaker, title="Wrong", categories=("cs.CL",), abstract="Only here.", comment="Here too."),
    )
    assert (paper.title, paper.categories) == ("Right", ("cs.LG",))
    assert (paper.abstract, paper.comment) == ("Only here.", "Here too.")
    assert paper.sources == (stronger, weaker)


def test_among_equals_the_newest_words_win() -> None:
    old, new = "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"
    assert merged(said("records:a", new, title="New"), said("records:b", old, title="Old")).title == "New"


def test_a_description_tells_who_wrote_it() -> None:
    paper = merged(said("records:a"), said("starter", summary="In our words."), said("bibtex:b", summary=None))
    assert (paper.summary, paper.summary_source) == ("In our words.", "starter")


def test_authors_count_themselves_before_anybody_else_does() -> None:
    three = tuple(Author(name) for name in ("Ada Lovelace", "Grace Hopper", "Emmy Noether"))
    assert merged(said("page:c", author_count=4), said("bibtex:b", authors=three)).author_count == 3
    assert merged(said("page:c", author_count=4), said("starter", author_count=5)).author_count == 4


def test_counts_are_the_largest_seen_and_absent_means_none() -> None:
    paper = merged(said("hf-daily", votes=3, comments=9), said("page:c", votes=7), said("records:a"))
    assert (paper.votes, paper.comments) == (7, 9)
    assert (merged(said("records:a")).votes, merged(said("records:a")).comments) == (0, 0)


def test_lists_are_joined() -> None:
    paper = merged(
        said("records:a", identifiers=(Identifier("doi", "10.1000/1"),), links=("https://a.example",)),
        said(
            "hf-daily",
            identifiers=(Identifier("arxiv", "2405.00001"), Identifier("doi", "10.1000/1")),
            links=("https://b.example", "https://a.example"),
            keywords=("sheep",),
        ),
    )
    assert paper.identifiers == (Identifier("arxiv", "2405.00001"), Identifier("doi", "10.1000/1"))
    assert (paper.links, paper.keywords) == (("https://a.example", "https://b.example"), ("sheep",))
    assert (paper.arxiv_id, paper.doi) == ("2405.00001", "10.1000/1")


def test_versions_are_joined_by_number() -> None:
    paper = merged(
        said("arxiv", versions=(Version(2, "2024-06-01"),)),
        said("arxiv-snapshot", versions=(Version(1, "2024-05-01"), Version(2))),
    )
    assert paper.versions == (Version(1, "2024-05-01"), Version(2, "2024-06-01"))


def test_only_arxiv_can_say_that_a_paper_is_withdrawn() -> None:
    assert merged(said("arxiv-snapshot", withdrawn=True), said("arxiv")).withdrawn
    assert not merged(said("page:c", withdrawn=True), said("arxiv")).withdrawn


def test_a_partial_date_is_completed_but_not_contradicted() -> None:
    assert (
        merged(said("records:a", published="2024-05"), said("page:c", published="2024-05-17")).published == "2024-05-17"
    )
    assert merged(said("records:a", published="2024-05"), said("page:c", published="2024-06-01")).published == "2024-05"
    assert merged(said("records:a"), said("page:c", published="2024")).published == "2024"


@pytest.mark.parametrize(
    ("statements", "day"),
    [
        ([said("records:a", published="2024-05-17")], "2024-05-17"),
        ([said("records:a", published="2024-05-17", announced="2024-05-20")], "2024-05-20"),
        ([said("arxiv", published="2024-05-17"), said("hf-daily", announced="2024-05-20")], "2024-05-20"),
        ([said("records:a", published="2024-05"), said("hf-daily", published="2024-05-17")], "2024-05-17"),
        ([said("records:a", published="2024-05")], None),
        ([said("page:c", published="2024-05-17")], None),
        ([said("daily-page:c", published="2024-05-17")], None),
        ([said("starter", published="2024-05-17", announced="2024-05-17")], None),
        ([said("bibtex:b", published="2024-05-17")], None),
        ([said("records:a"), said("page:c", published="2024-05-17")], None),
    ],
)
def test_the_day_is_announced_else_published_from_sources_of_news(statements: list[Statement], day: str | None) -> None:
    assert merged(*statements).day == day


@given(st.lists(RECORDS, min_size=1, max_size=3, unique_by=lambda one: (one.source, one.source_key)))
def test_the_order_of_arrival_does_not_matter(records: list[Record]) -> None:
    at = "2026-11-20T00:00:00Z"
    merged(*(Statement(n, record, at, at) for n, record in enumerate(records)))
