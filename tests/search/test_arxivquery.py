"""arXiv's query language: what its service makes of a query, restated over trees, and papers found by it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.errors import Refused
from broadsheet.search import Search, arxivquery
from broadsheet.search.arxivquery import parse
from broadsheet.search.query import All, Author, Category, Either, Named, Node, Not, Phrase, Prefix, Submitted, walk
from broadsheet.types import Author as Person
from broadsheet.types import Identifier
from tests.search.fake import FakeCatalogue, paper


def ti(word: str) -> Phrase:
    return Phrase(word, "title")


def everywhere(word: str) -> Either:
    return Either((Phrase(word), Author(word), Phrase(word, "comment"), Phrase(word, "journal")))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        # No operator is OR, no prefix is all:, AND binds tighter than OR.
        ("electron", everywhere("electron")),
        ("all:electron", everywhere("electron")),
        ("ti:a ti:b", Either((ti("a"), ti("b")))),
        ("ti:a OR ti:b AND ti:c", Either((ti("a"), All((ti("b"), ti("c")))))),
        ("ti:a AND ti:b ti:c", Either((All((ti("a"), ti("b"))), ti("c")))),
        # Prefixes reach into groups, and the nearest counts.
        ("ti:(a b)", Either((ti("a"), ti("b")))),
        ("ti:(a AND (b OR abs:c))", All((ti("a"), Either((ti("b"), Phrase("c", "abstract")))))),
        ("title:apple", ti("apple")),
        ('all:ti:"x y"', ti("x y")),
        # Exclusions in all their spellings.
        ("ti:a ANDNOT ti:b", All((ti("a"), Not(ti("b"))))),
        ("ti:a AND NOT ti:b", All((ti("a"), Not(ti("b"))))),
        ("ti:a NOT ti:b", All((ti("a"), Not(ti("b"))))),
        ("ti:(NOT a AND b)", All((Not(ti("a")), ti("b")))),
        ("au:del_maestro ANDNOT (ti:a OR ti:b)", All((Author("del maestro"), Not(Either((ti("a"), ti("b"))))))),
        # What is out of place is forgiven.
        ("ti:a AND AND AND ti:b", All((ti("a"), ti("b")))),
        ("ti:a AND OR ti:b", Either((ti("a"), ti("b")))),
        ("(ti:a", ti("a")),
        ("ti:a)", ti("a")),
        ("ti:a) AND ti:b", Either((ti("a"), ti("b")))),
        ('ti:"a', ti("a")),
        ("ti:a AND au:", ti("a")),
        ("OR ti:a AND", ti("a")),
        ("ti:a\nAND\tti:b", All((ti("a"), ti("b")))),
        # Other fields.
        ("cat:cs.LG", Category("cs.LG")),
        ("cat:nlin.P*", Category("nlin.PS")),
        ("co:pages", Phrase("pages", "comment")),
        ("jr:nature*", Prefix("nature", "journal")),
        ("au:lovel*", Prefix("lovel", "authors")),
        ("id:2601.00001v2", Named("2601.00001v2", (Identifier("arxiv", "2601.00001"),))),
        ("doi:10.1038/418838a", Named("10.1038/418838a", (Identifier("doi", "10.1038/418838a"),))),
        ("rn:R-1", Named("R-1", ())),
        # Dates, filled up.
        ("submittedDate:[20240101 TO 2024]", Submitted(202401010000, 202412312359)),
        ("submittedDate:[202402 TO 202402]", Submitted(202402010000, 202402292359)),
        ('lastUpdatedDate:"2023010106 TO 202401010630"', Submitted(202301010600, 202401010630)),
        ("submittedDate:[* TO 2024]", Submitted(None, 202412312359)),
        ("cat:cs.LG AND submittedDate:[2024 TO 2024]", All((Category("cs.LG"), Submitted(202401010000, 202412312359)))),
    ],
)  # fmt: skip
def test_a_query_is_read_as_arxiv_reads_it(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize("text", ["", " ", "*", "au:", "OR OR", "((()))", '""', "ti:!!", ")"])
def test_nothing_to_search_for(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "x " * 6_000,
        "ti:x " * 501,
        "(" * 60 + "x",
        "ti:a*",
        "submittedDate:[1 TO 2]",
        "submittedDate:[202413 TO 2025]",
        "submittedDate:[x TO y]",
    ],
    ids=len,
)
def test_what_cannot_be_asked_is_said(text: str) -> None:
    with pytest.raises(Refused, match=r"\w{3}"):
        parse(text)


PIECES = ["ti:", "au:", "cat:", "(", ")", '"', "a", "bc", "cs.LG", " ", " AND ", " OR ", " ANDNOT ", " NOT ", "*", "_"]
PIECES += ["submittedDate:[2024 TO 2025]", "submittedDate:[20241340 TO 99]", "\n", "é", "2601.00001", "\ud800", "\x00"]


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
@example("((" * 19 + "ti:a" + "))" * 30)
def test_any_text_is_a_query_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except Refused:
        return
    leaves = [node for node in walk(tree) if not isinstance(node, All | Either | Not)] if tree else []
    assert len(leaves) <= 7 * (1 + len(text))


@pytest.fixture
def search(tmp_path: Path) -> Iterator[Search]:
    papers = [
        paper("2611.00001", "Counting Sheep", "Few are seen.", submitted="2026-11-01T10:00:00Z", comment="9 pages"),
        paper("2611.00002", "Counting Goats", "Electrons are counted.", submitted="2026-11-02T10:00:00Z",
              updated="2026-11-09", authors=(Person("Ada Lovelace"),), categories=("cs.LG",)),
        paper("2611.00003", "Weighing Sheep", "Electronic scales.", submitted="2026-11-02T12:00:00Z",
              journal_ref="Nature Invented 7", categories=("q-fin.PM", "cs.LG")),
        paper("2611.00004", "Sheep, Undated", "", day=None, published="2026-10"),
    ]  # fmt: skip
    catalogue = FakeCatalogue(papers)
    opened = Search.open(tmp_path / "index", catalogue)
    opened.sync()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("ti:sheep", {1, 3, 4}),
        ("electron*", {2, 3}),
        ("abs:electron", {2, 3}),
        ("au:lovel*", {2}),
        ("ti:sheep AND co:pages", {1}),
        ("co:sheep", set()),
        ('jr:"nature invented"', {3}),
        ("jr:nat*", {3}),
        ("cat:q-fin.*", {3}),
        ("cat:cs.LG ANDNOT ti:goats", {3}),
        ("ANDNOT ti:sheep", {2}),
        ("submittedDate:[20261102 TO 20261102]", {2, 3}),
        ("submittedDate:[202611021100 TO 2026]", {3}),
        ("submittedDate:[* TO 202610]", {4}),
        ("all:9", {1}),
        ("all:2611.00002", {2}),
        ("nothinglikeit", set()),
    ],
)
def test_papers_match_strictly(search: Search, text: str, numbers: set[int]) -> None:
    found = search.arxiv(text, limit=10)
    assert set(found.numbers) == numbers
    assert found.total == len(numbers)


def test_lists_by_date_go_both_ways(search: Search) -> None:
    assert search.arxiv("ti:sheep", limit=10, by="submitted").numbers == [3, 1, 4]
    assert search.arxiv("ti:sheep", limit=2, offset=1, by="submitted", ascending=True).numbers == [1, 3]
    assert search.arxiv("ti:counting OR ti:weighing", limit=10, by="updated").numbers[0] == 2


def test_identifiers_narrow_a_query_and_stand_alone(search: Search) -> None:
    two = [Identifier("arxiv", "2611.00001"), Identifier("arxiv", "2611.00002")]
    assert search.arxiv("ti:sheep", two, limit=10).numbers == [1]
    assert set(search.arxiv("", two, limit=10).numbers) == {1, 2}
    assert search.arxiv("", limit=10).total == 0
    for text in ("((((", "au:", "*", '""'):
        with pytest.raises(Refused, match="nothing to search for"):
            search.arxiv(text, two, limit=10)


def test_a_long_query_is_asked_whole(search: Search) -> None:
    words = " OR ".join(f"ti:word{number}" for number in range(arxivquery.MOST_LEAVES - 1))
    assert search.arxiv(f"{words} OR ti:goats", limit=10).numbers == [2]
