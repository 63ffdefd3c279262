"""Statements -> paper: who wins, what is joined, which day it belongs to."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.catalogue.merge import Statement, merge
from broadsheet.types import Author, Identifier, Paper, Record, Version
from tests.catalogue.test_papers import RECORDS

LATER = "2026-11-21T00:00:00Z"


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
        ("arxiv", "arxiv-raw"),
        ("arxiv-raw", "arxiv-query"),
        ("arxiv-query", "arxiv-snapshot"),
        ("arxiv-snapshot", "arxiv-listing"),
        ("arxiv-listing", "arxiv-feed"),
        ("arxiv-feed", "records:a"),
        ("records:a", "crossref"),
        ("crossref", "openalex"),
        ("openalex", "semanticscholar"),
        ("semanticscholar", "daily-api"),
        ("hf-daily", "feed:https://journal.example"),
        ("feed:https://journal.example", "zotero"),
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


def test_words_that_were_deleted_give_way_to_all_others() -> None:
    gone = said("arxiv", title="Deleted", comment="12 pages")
    gone.deleted_at = LATER
    paper = merged(gone, said("starter", title="Kept"))
    assert (paper.title, paper.comment) == ("Kept", "12 pages")


def versions(newest: int) -> tuple[Version, ...]:
    return tuple(Version(n, f"2024-05-{n:02}") for n in range(1, newest + 1))


@pytest.mark.parametrize("source", ["arxiv", "arxiv-raw", "arxiv-query", "arxiv-snapshot", "daily-api", "hf-daily"])
def test_those_who_can_know_say_that_a_paper_is_withdrawn(source: str) -> None:
    assert merged(said(source, withdrawn=True)).withdrawn
    assert merged(said(source, withdrawn=True), said("records:a")).withdrawn


@pytest.mark.parametrize(
    ("statements", "withdrawn"),
    [
        ([said("arxiv-snapshot", withdrawn=True), said("arxiv")], True),
        ([said("page:c", withdrawn=True), said("arxiv")], False),
        # Our own lines are believed, as an export of ours is, where nobody who can know speaks of the paper.
        ([said("records:a", withdrawn=True)], True),
        ([said("records:a", withdrawn=True), said("page:c")], True),
        ([said("records:a", withdrawn=True), said("arxiv")], False),
        # A newer version was not withdrawn.
        (
            [said("arxiv-snapshot", withdrawn=True, versions=versions(2)), said("arxiv-raw", versions=versions(3))],
            False,
        ),
        ([said("arxiv-raw", withdrawn=True, versions=versions(3)), said("arxiv-snapshot", versions=versions(2))], True),
        # An old file that is read late knows no better.
        ([said("arxiv", withdrawn=True), said("arxiv-snapshot", LATER, versions=versions(2))], True),
        # The format that tells withdrawals by itself knows better, if it was asked later.
        ([said("arxiv", withdrawn=True), said("arxiv-raw", LATER, versions=versions(2))], False),
        ([said("arxiv", LATER, withdrawn=True), said("arxiv-raw", versions=versions(2))], True),
        ([said("hf-daily", withdrawn=True), said("arxiv-raw", LATER, versions=versions(2))], False),
    ],
)
def test_who_knows_better_decides_whether_it_still_is(statements: list[Statement], withdrawn: bool) -> None:
    assert merged(*statements).withdrawn is withdrawn


def test_of_arxivs_own_dates_the_earliest_and_the_latest_count() -> None:
    paper = merged(
        said("arxiv", published="2024-06-01", updated="2024-06-01"),
        said("arxiv-snapshot", published="2024-05-01", updated="2024-05-20"),
        said("hf-daily", published="2024-04-30", updated="2024-07-01"),
    )
    assert (paper.published, paper.updated, paper.day) == ("2024-05-01", "2024-06-01", "2024-05-01")
    assert merged(said("arxiv", published="2024"), said("hf-daily", published="2024-04-30")).published == "2024-04-30"


def test_venues_and_citations_are_believed_from_those_who_keep_them() -> None:
    paper = merged(
        said("arxiv", journal_ref="J. Sheep 1"),
        said("records:a", venue="Sheep", citations=99),
        said("openalex", venue="Journal of Sheep", citations=0, stars=3),
        said("semanticscholar", venue="J Sheep", citations=7),
        said("crossref", venue="The Journal of Sheep", citations=2, stars=5),
    )
    assert (paper.venue, paper.journal_ref) == ("The Journal of Sheep", "J. Sheep 1")
    assert (paper.citations, paper.stars) == (0, 5)
    assert (merged(said("arxiv")).citations, merged(said("arxiv")).stars) == (None, None)


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
        ([said("arxiv", submitted="2024-05-17T12:00:00Z", published="2024-05-17")], "2024-05-20"),
        ([said("arxiv-raw", submitted="2024-05-16T19:00:00Z"), said("arxiv", published="2024-06-01")], "2024-05-20"),
        (
            [said("arxiv", submitted="2024-05-17T12:00:00Z"), said("arxiv-listing", announced="2024-05-22")],
            "2024-05-22",
        ),
        ([said("records:a", submitted="2024-05-17T12:00:00Z", published="2024-05-17")], "2024-05-17"),
        ([said("openalex", published="2024-05-17")], None),
        ([said("feed:https://journal.example", published="2024-05-17")], "2024-05-17"),
    ],
)
def test_the_day_is_announced_else_published_from_sources_of_news(statements: list[Statement], day: str | None) -> None:
    assert merged(*statements).day == day


@given(st.lists(RECORDS, min_size=1, max_size=3, unique_by=lambda one: (one.source, one.source_key)))
def test_the_order_of_arrival_does_not_matter(records: list[Record]) -> None:
    at = "2026-11-20T00:00:00Z"
    merged(*(Statement(n, record, at, at) for n, record in enumerate(records)))
