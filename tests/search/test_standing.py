"""Standing queries against new papers: they mean what the search means, and keep away what is disliked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.search import Search
from broadsheet.search.standing import Fit, Wish, split
from broadsheet.search.standing.dislikes import named
from broadsheet.types import Author, Mode, Paper, Sort
from tests.search.fake import FakeCatalogue, paper, shelf
from tests.search.test_hybrid import Thesaurus
from tests.search.test_query import PIECES

WORDS = (
    "sheep", "ewes", "teapots", "kettles", "knots", "maps", "quantization", "rounding", "sparse", "attention",
    "herd", "pre-trained", "pretrained", "state-of-the-art", "the", "of", "naïve", "counted", "Counting", "C++",
    "x-ray", "量子",
)  # fmt: skip
FILTERS = (
    "author:lovelace", 'author:"Ada Lovelace"', "author:A.Lovelace", "author:noether", "category:cs.LG", "cat:cs",
    "category:math.CO,cs.CV", "has:code", "since:2026-11", "until:2026-10", "id:2611.00001", "2405.00008",
    "result:speedup>2", "result:speedup", '"sparse attention"', 'title:"of teapots"', 'abs:"sparse attention"',
    "doi:10.1000/fold.7", "id:10.1000/fold.7",
)  # fmt: skip
NEWS = range(1, 41)


def newcomers() -> list[Paper]:
    """Forty papers whose words come again and again, in ever new company."""
    found = shelf()
    found.append(paper("2611.00040", "Teapots beside Kettles", "Both are warm."))
    for n in range(len(found), len(NEWS)):
        words = [WORDS[(n * step + step) % len(WORDS)] for step in (1, 3, 7, 11)]
        code = " Code is at github.com/invented/flock." if n % 4 == 0 else ""
        fast = f" It runs {n % 5 + 1}x faster than wool." if n % 3 == 0 else ""
        found.append(
            paper(
                f"2611.{n:05d}",
                f"{words[0]} and {words[1]} {n}",
                f"We study {words[2]} with {words[3]}.{fast}{code}",
                authors=(Author(("Ada Lovelace", "Emmy Noether", "Grace Hopper")[n % 3]),),
                categories=(("cs.LG", "cs.CV", "math.CO")[n % 3],),
            )
        )
    return found


def fillers() -> list[Paper]:
    """So many papers with every word that none of them is rare, or looks misspelt."""
    return [paper(f"2001.{n:05d}", f"All Words {n}", " ".join(WORDS), day="2020-01-10") for n in range(55)]


@pytest.fixture(scope="module")
def catalogue() -> FakeCatalogue:
    return FakeCatalogue([*newcomers(), *fillers()])


@pytest.fixture(scope="module")
def search(catalogue: FakeCatalogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    search = Search.open(tmp_path_factory.mktemp("home") / "index", catalogue, encoder=Thesaurus)
    search.sync()
    yield search
    search.close()


@pytest.fixture(scope="module")
def news(catalogue: FakeCatalogue) -> list[Paper]:
    return [catalogue.held[number] for number in NEWS]


def matched(search: Search, papers: list[Paper], *wishes: Wish) -> list[Fit]:
    return search.matcher().match(wishes, papers)


def caught(search: Search, papers: list[Paper], wish: Wish) -> set[int]:
    return {fit.paper for fit in matched(search, papers, wish)}


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(parts, parts)
    return (
        parts.map("-{}".format)
        | pair.map(" ".join)
        | pair.map(" OR ".join)
        | pair.map(" AND ".join)
        | pair.map("({0[0]} {0[1]})".format)
        | pair.map("{0[0]} -({0[1]})".format)
    )


GRAMMAR = st.recursive(
    st.sampled_from(WORDS)
    | st.sampled_from(FILTERS)
    | st.tuples(st.sampled_from(("title:", "abs:")), st.sampled_from(WORDS)).map("".join)
    | st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)).map('"{0[0]} {0[1]}"'.format),
    joined,
    max_leaves=6,
)


@given(st.lists(GRAMMAR, min_size=1, max_size=6, unique=True))
@settings(max_examples=60, deadline=None)
@example(["the category:cs.LG", "state-of-the-art", "-the", "Counting Sheep with Sparse Attention"])
def test_a_standing_query_catches_what_the_search_finds_among_the_same_papers(
    search: Search, news: list[Paper], texts: list[str]
) -> None:
    fits = matched(search, news, *(Wish(n, text) for n, text in enumerate(texts)))
    for n, text in enumerate(texts):
        found = search.query(text, sort=Sort.DATE, limit=1_000)
        # By date, papers with only half of the words are shown where none has all of them; it says so.
        # A word that nobody writes ("--a") is left out by the search, and waited for here.
        lacking = any(note.startswith(("No paper has all of these words", "No paper has “")) for note in found.notes)
        expected = set() if lacking else {number for number in found.numbers if number in NEWS}
        assert {fit.paper for fit in fits if fit.wish == n} == expected, (text, found.notes)


@given(st.lists(st.tuples(GRAMMAR, st.sampled_from((0.3, 0.55, 0.9))), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_what_is_near_enough_is_caught_as_far_as_the_filters_let_it(
    search: Search, news: list[Paper], asked: list[tuple[str, float]]
) -> None:
    fits = matched(search, news, *(Wish(n, text, near=near) for n, (text, near) in enumerate(asked)))
    strict = matched(search, news, *(Wish(n, text) for n, (text, _) in enumerate(asked)))
    for n, (text, near) in enumerate(asked):
        by_words = {fit.paper for fit in strict if fit.wish == n}
        beyond = {fit.paper for fit in fits if fit.wish == n} - by_words
        found = search.query(text, mode=Mode.MEANING, limit=1_000)
        if found.numbers and all(why.cosine is not None for why in found.whys):
            cosines = {n: why.cosine or 0.0 for n, why in zip(found.numbers, found.whys, strict=True) if n in NEWS}
            sure = {n for n, cosine in cosines.items() if cosine >= near + 0.01}  # the index keeps vectors rounded
            maybe = {n for n, cosine in cosines.items() if cosine >= near - 0.01}
            assert sure - by_words <= beyond <= maybe, text


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.floats(0, 1))
@settings(max_examples=50, deadline=None)
def test_nothing_typed_can_break_it(search: Search, news: list[Paper], text: str, near: float) -> None:
    for fit in matched(search, news, Wish(7, text, unlike_text=text, near=near)):
        assert fit.wish == 7
        assert 0 <= fit.score <= 1.0001
    split(text)


def test_many_are_matched_together_as_each_alone(search: Search, news: list[Paper]) -> None:
    wishes = [Wish(n, text, near=0.5) for n, text in enumerate((*WORDS, *FILTERS, "sheep -attention", ""), start=1)]
    together = matched(search, news, *wishes)
    assert together == [fit for wish in wishes for fit in matched(search, news, wish)]
    assert together


def test_a_word_that_no_paper_has_is_waited_for(search: Search, catalogue: FakeCatalogue, news: list[Paper]) -> None:
    wish = Wish(1, "sheep zeppelins")
    assert caught(search, news, wish) == set()
    late = paper("2611.09999", "Zeppelins for Sheep")
    late.number = 999
    assert caught(search, [late], wish) == {999}


def test_the_matcher_remembers_and_still_says_the_same(search: Search, news: list[Paper]) -> None:
    matcher = search.matcher()
    wishes = [Wish(1, "sheep"), Wish(2, "teapots -survey", near=0.4), Wish(3, "author:lovelace")]
    first = matcher.match(wishes, news[:20])
    assert matcher.match(wishes, news[20:]) == matched(search, news[20:], *wishes)
    assert matcher.match(wishes, news[:20]) == first


def test_a_hit_has_its_reason(search: Search, news: list[Paper]) -> None:
    (fit,) = matched(search, news, Wish(5, 'author:lovelace "sparse attention" category:cs sheep -teapots'))
    assert (fit.wish, fit.paper) == (5, 1)
    assert set(fit.why.words) == {"Ada Lovelace", "sparse attention", "cs.LG", "sheep"}
    assert fit.why.said == "has sparse attention, sheep; by Ada Lovelace; in cs.LG"
    assert fit.why.parts["keyword"] == pytest.approx(0.35)
    assert sum(fit.why.parts.values()) == pytest.approx(fit.score, abs=0.002)


def test_the_best_come_first_and_words_before_meaning(search: Search, news: list[Paper]) -> None:
    fits = matched(search, news, Wish(1, "teapots kettles", near=0.5))
    assert [fit.score for fit in fits] == sorted((fit.score for fit in fits), reverse=True)
    whole = [fit for fit in fits if fit.why.parts["keyword"] == pytest.approx(0.35)]
    assert {"teapots", "kettles"} <= set(whole[0].why.words)
    assert len(fits) > len(whole), "some are near and lack a word"
    assert all("near in meaning" in fit.why.said for fit in fits if not fit.by_words)
    assert all(fit.why.cosine is not None and fit.why.cosine >= 0.5 for fit in fits if fit not in whole)


# Likes and dislikes.


def drawn(*titles: str) -> tuple[FakeCatalogue, list[Paper]]:
    papers = [paper(f"2611.{n:05d}", title, title + ".") for n, title in enumerate(titles, start=1)]
    catalogue = FakeCatalogue(papers)
    return catalogue, papers


@pytest.fixture
def flock(tmp_path: Path) -> Iterator[tuple[Search, list[Paper]]]:
    catalogue, papers = drawn(
        "sheep ewes", "sheep teapots", "sheep ewes mutton and one teapots", "kettles teapots", "sheep maps", "mutton"
    )
    search = Search.open(tmp_path / "index", catalogue, encoder=Thesaurus)
    search.sync()
    yield search, papers
    search.close()


def test_what_is_liked_says_what_is_near(flock: tuple[Search, list[Paper]]) -> None:
    search, papers = flock
    assert caught(search, papers, Wish(1, "", like=(4,), near=0.9)) == {4}
    assert caught(search, papers, Wish(1, "", like=(4,), near=0.6)) == {2, 4}
    assert caught(search, papers, Wish(1, "", like=(4,))) == set(), "words alone, and there are none"


def test_a_dislike_in_words_takes_what_is_about_it(flock: tuple[Search, list[Paper]]) -> None:
    search, papers = flock
    assert caught(search, papers, Wish(1, "sheep")) == {1, 2, 3, 5}
    assert caught(search, papers, Wish(1, "sheep", unlike_text="teapots")) == {1, 5}
    assert caught(search, papers, Wish(1, "sheep", unlike_text="kettles or charts")) == {1, 3}
    assert caught(search, papers, Wish(1, "sheep", unlike_text="zeppelins")) == {1, 2, 3, 5}


def test_a_mention_is_not_enough_where_the_paper_is_about_something_else(tmp_path: Path) -> None:
    text = "sheep ewes mutton " * 9
    papers = [paper("2611.00001", "Sheep", f"{text} teapots."), paper("2611.00002", "Sheep", "sheep teapots.")]
    with_index = Search.open(tmp_path / "index", FakeCatalogue(papers), encoder=Thesaurus)
    assert caught(with_index, papers, Wish(1, "sheep", unlike_text="teapots")) == {1}
    assert caught(with_index, papers, Wish(1, "sheep -teapots")) == set()


def test_a_disliked_paper_takes_those_that_share_what_was_not_asked_for(flock: tuple[Search, list[Paper]]) -> None:
    search, papers = flock
    assert caught(search, papers, Wish(1, "sheep", unlike=(2,))) == {1, 5}
    assert caught(search, papers, Wish(1, "sheep", unlike=(5,))) == {1, 2, 3}
    assert caught(search, papers, Wish(1, "", like=(1,), near=0.5, unlike=(1,))) >= {6}


def test_without_an_encoder_words_still_catch(tmp_path: Path, news: list[Paper]) -> None:
    search = Search.open(tmp_path / "index", FakeCatalogue(news))
    fits = matched(search, news, Wish(1, "teapots", near=0.1, unlike_text="kettles", unlike=(8,), like=(1,)))
    assert 8 not in {fit.paper for fit in fits}
    assert fits
    assert all(fit.why.cosine is None for fit in fits)


def test_who_stops_it_is_heard(search: Search, news: list[Paper]) -> None:
    with pytest.raises(InterruptedError):
        search.matcher().match([Wish(1, "sheep")], news, stop=lambda: True)


# The past, for a preview.


@pytest.mark.parametrize(
    "wish",
    [
        Wish(1, "sheep"),
        Wish(1, "teapots", near=0.5),
        Wish(1, "author:lovelace", near=0.2),
        Wish(1, "sheep -teapots", unlike_text="maps", unlike=(1,), near=0.4),
        Wish(1, "", like=(1, 4), near=0.3),
        Wish(1, "category:cs", like=(8,), near=0.3),
        Wish(1, ""),
    ],
)
def test_the_past_is_what_would_have_been_caught(search: Search, catalogue: FakeCatalogue, wish: Wish) -> None:
    matcher = search.matcher()
    recent = [one for one in catalogue.held.values() if (one.day or "") >= "2026-11-01"]
    assert len(recent) > 20
    past = matcher.past(wish, "2026-11-01", catalogue.papers, most=500)
    caught = matcher.match([wish], recent)
    assert {(one.paper, one.by_words, one.why.words) for one in past} == {
        (one.paper, one.by_words, one.why.words) for one in caught
    }
    scores = {one.paper: one.score for one in caught}
    assert {one.paper: one.score for one in past} == pytest.approx(scores, abs=0.01)
    assert bool(caught) == bool(wish.text or wish.like)


def test_of_the_past_there_is_no_more_than_asked_for(search: Search, catalogue: FakeCatalogue) -> None:
    assert len(search.matcher().past(Wish(1, "sheep"), "2020-01-01", catalogue.papers, most=7)) == 7


# "not …", as people type it.


@pytest.mark.parametrize(
    ("typed", "text", "unlike"),
    [
        ("satellite forest monitoring, not agriculture", "satellite forest monitoring", "agriculture"),
        ("satellite forest monitoring but not agriculture", "satellite forest monitoring", "agriculture"),
        ("sheep (not goats)", "sheep", "goats"),
        ("sheep, no goats or cows", "sheep", "goats, cows"),
        ("sheep, not goats, not cows", "sheep", "goats, cows"),
        ("sheep — nothing about wool", "sheep", "wool"),
        ("sheep, except supply and demand", "sheep", "supply and demand"),
        ("sheep, not goats category:cs.CV -survey", "sheep category:cs.CV -survey", "goats"),
        ('"sheep" author:"A. Lovelace", without wool', '"sheep" author:"A. Lovelace"', "wool"),
        ("attention is not all you need", "attention is not all you need", ""),
        ("sheep -goats", "sheep -goats", ""),
        ("to be, or not to be", "to be, or not to be", ""),
        ("not agriculture", "not agriculture", ""),
        (", not agriculture", ", not agriculture", ""),
        ("sheep, not", "sheep, not", ""),
        ('"sheep, not goats"', '"sheep, not goats"', ""),
        ("sheep, not -goats", "sheep, not -goats", ""),
    ],
)
def test_a_dislike_is_found_where_somebody_types_it(typed: str, text: str, unlike: str) -> None:
    assert split(typed) == (text, unlike)


def test_dislikes_are_told_apart() -> None:
    assert named("agriculture, crops or drought; not  about wool") == ["agriculture", "crops", "drought", "wool"]
    assert named(" , ;") == []
    assert len(named(", ".join(map(str, range(100))))) == 20
