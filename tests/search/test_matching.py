"""What a query finds, in which order, and what it says about it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.ids import title_key
from broadsheet.search import Filters, Matches, Search, keyword
from broadsheet.search.engine import DEEPEST
from broadsheet.types import Author, Sort
from tests.search.fake import FakeCatalogue, paper, shelf
from tests.search.test_query import PIECES


@pytest.fixture(scope="module")
def catalogue() -> FakeCatalogue:
    return FakeCatalogue(shelf())


@pytest.fixture(scope="module")
def search(catalogue: FakeCatalogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    search = Search.open(tmp_path_factory.mktemp("home") / "index", catalogue)
    search.sync()
    yield search
    search.close()


def test_of_common_words_the_best_have_them_in_their_titles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = [paper(f"2611.{n:05}", "On teapots" if n % 3 else "Sheep count", abstract="Sheep count.") for n in range(90)]
    search = Search.open(tmp_path / "index", FakeCatalogue(told))
    search.sync()
    plain = search.query("sheep counting", limit=100)
    assert (plain.total, len(plain.numbers)) == (90, 90)
    for name, value in (("COMMON", 10), ("ENOUGH", 20), ("DEPTH", 25)):
        monkeypatch.setattr(keyword, name, value)
    found = search.query("sheep counting", limit=100)
    assert found == replace(plain, took_ms=found.took_ms)
    for word in ("sheep", "teapots", "counts"):
        assert search.query(word, limit=100).total == {"sheep": 90, "teapots": 60, "counts": 90}[word]


def keys(catalogue: FakeCatalogue, matches: Matches) -> list[str]:
    return [catalogue.held[number].id for number in matches.numbers]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sheep", {"2611.00001", "2401.00004"}),
        ('"sparse attention"', {"2611.00001"}),
        ('"attention sparse"', set()),
        ("sparse -teapots", {"2611.00001", "2611.00002"}),
        ('sparse -"sparse attention"', {"2611.00002", "2610.00003"}),
        ("sheep OR teapots -survey", {"2611.00001", "2401.00004", "2405.00008", "2405.00009"}),
        ("(sheep attention) OR knots", {"2611.00001", "hep-th/9901001"}),
        ("teapots -(quantization small)", {"2610.00003", "2405.00009"}),
        ("title:teapots", {"2610.00003", "2405.00008"}),
        ("abs:teapots", {"2610.00003", "2405.00008", "2405.00009"}),
        ('title:"of teapots"', {"2610.00003"}),
        ('abs:"is not sparse"', {"2610.00003"}),
        ("author:lovelace", {"2611.00001", "2610.00003"}),
        ('author:"Grace Hopper"', {"2611.00001"}),
        ("author:noether -teapots", {"2401.00004"}),
        ("cat:cs", {"2611.00001", "2610.00003", "2401.00004"}),
        ("cat:CS.lg", {"2611.00001"}),
        ("cat:hep-th,math", {"hep-th/9901001", "2611.00002"}),
        ("cat:physics", {"2405.00006"}),
        ("since:2026-11", {"2611.00001", "2611.00002"}),
        ("since:2026-11 until:2026-11-17", set()),
        ("until:2000", {"hep-th/9901001"}),
        ("since:2024-05 until:2024-05-01", {"2405.00006", "2405.00007"}),
        ("id:2611.00002", {"2611.00002"}),
        ("id:10.1000/Fold.7", {"2611.00002"}),
        ("2611.00001 2611.00002", {"2611.00001", "2611.00002"}),
        ("c++", {"2401.00004"}),
        ("β", {"2401.00004"}),
        ("pretrained", {"2611.00001", "2401.00004"}),
        ("pre-trained", {"2611.00001", "2401.00004"}),
        ("gpt4", {"2401.00004"}),
        ("量子", {"2405.00007"}),
        ("pottery", {"2610.00003"}),
        ("wool", {"2401.00004"}),
        ("the", {"2611.00002", "2610.00003", "2401.00004"}),
        ("AND sheep OR", {"2611.00001", "2401.00004"}),
    ],
)
def test_finds(search: Search, catalogue: FakeCatalogue, query: str, found: set[str]) -> None:
    matches = search.query(query)
    assert set(keys(catalogue, matches)) == found
    assert matches.total == len(found)


def test_exclusions_alone_and_nothing_at_all_list_the_newest_first(search: Search, catalogue: FakeCatalogue) -> None:
    everything = keys(catalogue, search.query(""))
    assert everything[:3] == ["2611.00002", "2611.00001", "2610.00003"]
    assert everything[-1] == "hep-th/9901001"
    assert keys(catalogue, search.query("-sheep")) == [
        key for key in everything if key not in {"2611.00001", "2401.00004"}
    ]


def test_every_paper_comes_first_by_its_title(search: Search, catalogue: FakeCatalogue) -> None:
    for one in catalogue.held.values():
        assert search.query(one.title).numbers[0] == one.number
        assert search.query(f"  {one.title.upper()} ").numbers[0] == one.number


def test_title_weighs_more_than_abstract(search: Search, catalogue: FakeCatalogue) -> None:
    assert keys(catalogue, search.query("survey teapots"))[0] == "2610.00003"
    matches = search.query("quantization")
    assert set(keys(catalogue, matches)[:2]) == {"2405.00008", "2405.00009"}
    assert matches.scores == sorted(matches.scores, reverse=True)


def test_papers_with_some_words_follow_where_few_have_all(search: Search) -> None:
    matches = search.query("sparse attention")
    assert matches.total == 3
    assert matches.notes == ["2 papers have all of these words; papers with some of them are shown too."]
    assert search.query("pottery wool").notes == [
        "No paper has all of these words: papers with some of them are shown."
    ]


def test_only_papers_with_all_words_where_there_are_enough(tmp_path: Path) -> None:
    many = [paper(f"2611.{n:05d}", f"Sheep {n} asleep", "A herd." if n % 2 else "A hut.") for n in range(1, 401)]
    search = Search.open(tmp_path / "index", FakeCatalogue(many))
    search.sync()
    matches = search.query("sheep herd")
    assert (matches.total, matches.notes) == (200, [])


def test_by_date_papers_have_all_words_or_at_least_half(search: Search, catalogue: FakeCatalogue) -> None:
    matches = search.query("sparse attention", sort=Sort.DATE)
    assert keys(catalogue, matches) == ["2611.00001", "2610.00003"]
    assert not any(matches.scores)
    fewer = search.query("sparse attention pottery wool", sort=Sort.DATE)
    assert keys(catalogue, fewer) == ["2611.00001", "2610.00003"]
    assert fewer.notes == ["No paper has all of these words: papers with at least half of them are shown."]


def test_filters_combine_with_the_text(search: Search, catalogue: FakeCatalogue) -> None:
    assert keys(catalogue, search.query("sparse", Filters(since="2026-11", categories=["cs.LG", "hep-th"]))) == [
        "2611.00001"
    ]
    assert keys(catalogue, search.query("cat:cs", Filters(until="2026-10"))) == ["2610.00003", "2401.00004"]
    assert keys(catalogue, search.query("", Filters(categories=["math"]))) == ["2611.00002"]
    matches = search.query("sheep", Filters(since="2024-13", until=""))
    assert (matches.total, matches.notes) == (2, ["“2024-13” is not a date, so “since” was ignored."])


def test_pages_do_not_overlap_and_count_the_same(search: Search) -> None:
    for query, sort in (("sparse teapots count", Sort.RELEVANCE), ("the", Sort.RELEVANCE), ("cat:cs", Sort.DATE)):
        whole = search.query(query, sort=sort)
        pages = [search.query(query, sort=sort, limit=1, offset=offset) for offset in range(whole.total + 1)]
        assert [number for page in pages for number in page.numbers] == whole.numbers
        assert {page.total for page in pages} == {whole.total} == {len(whole.numbers)}


def test_paging_ends_somewhere(search: Search) -> None:
    assert search.query("sheep", offset=DEEPEST, limit=5).numbers == []
    assert search.query("sheep", limit=0).total == 2
    assert search.query("sheep", limit=-3, offset=-3).total == 2
    assert len(search.query("sheep", limit=10**9, offset=1).numbers) == 1


@pytest.mark.parametrize(
    ("query", "exact"),
    [
        ("2611.00001v4", "2611.00001"),
        ("https://arxiv.org/pdf/hep-th/9901001", "hep-th/9901001"),
        ("doi:10.1000/fold.7", "doi:10.1000/fold.7"),
    ],
)
def test_an_identifier_finds_its_paper(search: Search, query: str, exact: str) -> None:
    matches = search.query(query)
    assert matches.exact_identifier == exact
    assert matches.total == 1


def test_an_unknown_identifier_finds_nothing(search: Search) -> None:
    assert search.query("2611.09999").total == 0
    assert search.query("sheep").exact_identifier is None


@pytest.mark.parametrize(
    ("query", "total", "note"),
    [
        ("teepots", 3, "No paper has “teepots”; “teapots” was searched for instead."),
        ("quantizaton,", 4, "No paper has “quantizaton”; “quantization” was searched for instead."),
        ("quantisation", 4, "No paper has “quantisation”; “quantization” was searched for instead."),
        ("xyzzyx sheep", 2, "No paper has “xyzzyx”: ignored."),
        ("xyzzyx plughx", 0, "No paper has “xyzzyx”, “plughx”."),
        ("category:cs.XX", 0, "No paper has the category “cs.XX”."),
        ("author: sheep since:", 0, "“since:” needs something after it, so it was ignored."),
        ("author:", 0, "“author:” needs something after it, so it was ignored."),
        ("🙂 ...", 0, "There is no word to search for in this query."),
    ],
)
def test_says_what_it_did(tmp_path: Path, query: str, total: int, note: str) -> None:
    more = [paper(f"2405.{n:05d}", f"Quantization of Teapots, Part {n}") for n in range(11, 14)]
    search = Search.open(tmp_path / "index", FakeCatalogue([*more, *shelf()[:5]]))
    search.sync()
    matches = search.query(query)
    assert matches.notes == [note]
    assert (matches.total > 0) == (total > 0)


def test_a_rare_word_may_be_misspelt_too(tmp_path: Path) -> None:
    common = [paper(f"2405.{n:05d}", f"Quantization of Teapots, Part {n}") for n in range(1, 121)]
    typo = paper("2406.00001", "On Lattices", "We mend the quantizaton of lattices.")
    search = Search.open(tmp_path / "index", FakeCatalogue([*common, typo]))
    search.sync()
    matches = search.query("quantizaton")
    assert matches.notes == ["Few papers have “quantizaton”; “quantization” was searched for too."]
    assert matches.total == 121
    assert search.query("on lattices").notes == []


def test_says_why(search: Search) -> None:
    matches = search.query('"sparse attention" sheep')
    why = matches.whys[0]
    assert why.words == ("sparse attention", "sheep")
    assert why.parts["title"] > 0
    assert sum(why.parts.values()) == pytest.approx(matches.scores[0], abs=0.01)
    assert matches.terms == ("spars", "attent", "sheep")
    assert search.query("A Survey of Teapots").whys[0].parts["exact title"] > 0
    assert search.query("cat:cs").whys[0].words == ()


def test_a_very_long_query_is_bounded(search: Search) -> None:
    words = [f"sheep{n}" for n in range(2000)]
    matches = search.query(" ".join(["sheep", "teapots", *words]))
    assert matches.total == 5
    many = search.query(" ".join(f"title:sheep OR title:{word}" for word in words))
    assert "The query is long: only its first 64 conditions were used." in many.notes
    assert all(len(note) < 100 for note in search.query("a" * 10_000).notes)


def test_long_needs_are_cut_to_their_most_telling_words(tmp_path: Path) -> None:
    words = [f"w{n}x" for n in range(60)]
    search = Search.open(
        tmp_path / "index", FakeCatalogue([paper("2611.00001", " ".join(words), authors=(Author("A"),))])
    )
    search.sync()
    matches = search.query(" ".join(words[:59]))
    assert matches.total == 1
    assert matches.notes == ["The query is long: its 48 most telling words were used."]


@settings(max_examples=150, deadline=None)
@given(
    text=st.text() | st.lists(st.sampled_from([*PIECES, "sheep", "sparse"]), max_size=30).map("".join),
    sort=st.sampled_from(Sort),
    offset=st.integers(-5, 20_000),
    since=st.none() | st.text(max_size=8),
    categories=st.lists(st.text(max_size=6), max_size=3),
)
def test_never_fails(
    search: Search, *, text: str, sort: Sort, offset: int, since: str | None, categories: list[str]
) -> None:
    matches = search.query(text, Filters(since, since, categories), sort=sort, offset=offset)
    assert len(matches.numbers) == len(matches.scores) == len(matches.whys) <= matches.total
    assert "This query could not be answered." not in matches.notes
    assert title_key(" ".join(matches.notes)) or not matches.notes
