"""Facets count what the search that they lead to finds, whatever the query; filters hold on both sides."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.search import Filters, Search, keyword
from broadsheet.types import Author, Facets, Mode, Paper, Sort
from tests.search.fake import FakeCatalogue, paper, shelf
from tests.search.test_hybrid import Thesaurus

NAMES = ("Ada Lovelace", "Lovelace, Ada", "A. Lovelace", "Emmy Noether", "Noether, E.", "Grace Hopper")
QUERIES = (
    "sheep",
    "sheep herd",
    "teapots quantization wool",
    "",
    "herd -wool",
    '"sheep graze"',
    "author:noether herd",
    "qwxyz",
)


def many() -> list[Paper]:
    """Papers in which words, years, categories and authors meet in every way, more than `ENOUGH` with two words."""
    papers = shelf()
    for number in range(300):
        words = ["Sheep graze."] * (number % 2 == 0) + ["A herd."] * (number % 3 == 0) + ["Wool."] * (number % 11 == 0)
        papers.append(
            paper(
                f"{20 + number % 5}0{1 + number % 9}.{number + 100:05d}",
                f"Report {number}",
                " ".join(words),
                authors=tuple(Author(NAMES[at % len(NAMES)]) for at in (number, number // 7)),
                categories=(("cs.LG", "math.CO", "cs.CL")[number % 3], *(["stat.ML"] if number % 4 == 0 else [])),
                links=("https://github.com/example/sheep",) if number % 5 == 0 else (),
            )
        )
    return papers


@pytest.fixture(scope="module", autouse=True, params=[0, 10**9], ids=["by tantivy", "by postings"])
def way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Both ways to count, whatever the number of papers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyword, "FEW", request.param)
        yield


@pytest.fixture(scope="module")
def catalogue() -> FakeCatalogue:
    return FakeCatalogue(many())


@pytest.fixture(scope="module")
def search(catalogue: FakeCatalogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    search = Search.open(tmp_path_factory.mktemp("home") / "index", catalogue, encoder=Thesaurus)
    search.sync()
    yield search
    search.close()


@settings(deadline=None, max_examples=60)
@given(
    query=st.sampled_from(QUERIES),
    code=st.booleans(),
    since=st.none() | st.sampled_from(["2021", "2022-03"]),
    categories=st.lists(st.sampled_from(["cs", "stat.ML", "math.CO"]), max_size=2),
    sort=st.sampled_from(Sort),
)
def test_each_count_is_the_total_of_the_search_it_leads_to(
    search: Search, *, query: str, code: bool, since: str | None, categories: list[str], sort: Sort
) -> None:
    filters = Filters(since, None, categories, (), code)
    found = search.facets(query, filters, sort=sort)
    for year, papers in found.years:
        narrower = Filters(max(year, since or ""), year, categories, (), code)
        assert search.query(query, narrower, mode=Mode.KEYWORD, sort=sort).total == papers
    for code_of, papers in found.categories:
        assert search.query(f"{query} category:{code_of}", filters, mode=Mode.KEYWORD, sort=sort).total == papers
    for name, papers in found.authors:
        narrower = Filters(since, None, categories, (name,), code)
        assert search.query(query, narrower, mode=Mode.KEYWORD, sort=sort).total == papers


def test_years_come_newest_first_and_the_others_commonest_first(search: Search) -> None:
    found = search.facets("sheep")
    assert found.years == sorted(found.years, reverse=True)
    for counts in (found.categories, found.authors):
        assert [papers for _, papers in counts] == sorted((papers for _, papers in counts), reverse=True)
    assert sum(papers for _, papers in found.years) == search.query("sheep").total


def test_spellings_of_one_author_are_counted_once(search: Search) -> None:
    names = [name for name, _ in search.facets("").authors]
    assert len([name for name in names if "Ada" in name]) == 1


def test_an_author_whom_no_search_finds_is_none(tmp_path: Path) -> None:
    papers = [paper("2611.00001", "Counting sheep", authors=(Author("???"), Author("Ada Lovelace")))]
    with closing(Search.open(tmp_path / "index", FakeCatalogue(papers))) as search:
        search.sync()
        assert search.facets("sheep").authors == [("Ada Lovelace", 1)]


def test_nothing_found_divides_into_nothing(search: Search, tmp_path: Path) -> None:
    assert search.facets("qwxyz") == Facets()
    assert Search.open(tmp_path / "none", FakeCatalogue()).facets("sheep") == Facets()


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("sort", Sort)
def test_code_and_authors_filter_both_sides(search: Search, catalogue: FakeCatalogue, mode: Mode, sort: Sort) -> None:
    for filters, query in (
        (Filters(has_code=True), "ewes"),
        (Filters(has_code=True), "sheep"),
        (Filters(), "sheep has:code"),
        (Filters(authors=("Emmy Noether",), has_code=True), "sheep"),
    ):
        found = search.query(query, filters, mode=mode, sort=sort, limit=500)
        papers = [catalogue.held[number] for number in found.numbers]
        assert all(one.links for one in papers)
        if filters.authors:
            assert all(any("Noether" in author.name for author in one.authors) for one in papers)
        if mode is Mode.KEYWORD or sort is Sort.DATE:
            assert len(papers) == found.total


@pytest.mark.parametrize("link", ["https://github.com/a/b", "see github.com/a/b.", "https://www.codeberg.org/a"])
def test_code_is_found_where_authors_put_it(tmp_path: Path, link: str) -> None:
    where = {"links": (link,)} if link.startswith("https") else {"comment": link}
    papers = [paper("2611.00001", "Sheep", **where), paper("2611.00002", "Sheep", "github.com is a host.")]
    search = Search.open(tmp_path / "index", FakeCatalogue(papers))
    search.sync()
    assert search.query("sheep has:code").numbers == [1]
    assert search.query("sheep -has:code").numbers == [2]


def test_what_has_cannot_mean_is_said(search: Search) -> None:
    found = search.query("sheep has:wool")
    assert found.total == search.query("sheep").total
    assert found.notes[0] == "“has:” knows only has:code, so “has:wool” was ignored."


def test_without_counting_the_first_papers_are_the_same(search: Search) -> None:
    for query in QUERIES:
        counted, uncounted = search.query(query), search.query(query, count=False)
        assert uncounted.numbers == counted.numbers
        assert uncounted.total <= counted.total


def test_recency_lifts_new_papers_and_is_off_by_default(search: Search, catalogue: FakeCatalogue) -> None:
    plain, recent = search.query("sheep herd", limit=50), search.query("sheep herd", limit=50, recency=1.0)
    assert search.query("sheep herd", limit=50, recency=0.0).numbers == plain.numbers

    def newest(numbers: list[int]) -> float:
        return sum(int((catalogue.held[number].day or "0")[:4]) for number in numbers[:20])

    assert newest(recent.numbers) > newest(plain.numbers)
    assert "new" in recent.whys[0].parts
    assert sum(recent.whys[0].parts.values()) == pytest.approx(recent.scores[0], abs=0.003)


def test_a_search_that_nobody_waits_for_is_short(search: Search) -> None:
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return True

    found = search.query("sheep ewes", stop=stop)
    assert asked
    assert not found.near
