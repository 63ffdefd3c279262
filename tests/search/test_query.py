"""The query language: what is read into what is typed, and that nothing typed can break it."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.search.query import (
    MOST_CHARACTERS,
    MOST_CLAUSES,
    All,
    Author,
    Category,
    Days,
    Either,
    Named,
    Node,
    Not,
    Phrase,
    Query,
    Word,
    parse,
    walk,
)
from broadsheet.types import Identifier

A, B, C = Word("a"), Word("b"), Word("c")
SHEEP = Named("2611.00001", (Identifier("arxiv", "2611.00001"),))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("a b", All((A, B))),
        ('"a b" c', All((Phrase("a b"), C))),
        ("“a b”", Phrase("a b")),
        ("a -b", All((A, Not(B)))),
        ("a NOT b", All((A, Not(B)))),
        ("a AND NOT b", All((A, Not(B)))),
        ("a ANDNOT b OR c", Either((All((A, Not(B))), C))),
        ('-"a b" c', All((Not(Phrase("a b")), C))),
        ("-author:hopper a", All((Not(Author("hopper")), A))),
        ("-(a b) c", All((Not(All((A, B))), C))),
        ("a OR b c", All((Either((A, B)), C))),
        ("a AND b OR c", Either((All((A, B)), C))),
        ("a OR b OR c", Either((A, B, C))),
        ("(a b) OR c", Either((All((A, B)), C))),
        ("author:Hopper", Author("Hopper")),
        ("au:Hopper", Author("Hopper")),
        ("author: Hopper a", All((Author("Hopper"), A))),
        ('author:"Ada Lovelace", a', All((Author("Ada Lovelace"), A))),
        ("author:(Lovelace OR Hopper)", Either((Author("Lovelace"), Author("Hopper")))),
        ("cat:cs", Category("cs")),
        ("category:cs.LG,cs.CL", Either((Category("cs.LG"), Category("cs.CL")))),
        ("CAT:cs.LG", Category("cs.LG")),
        ("cat:cs.*", Category("cs")),
        ("title:a abs:b c", All((Word("a", "title"), Word("b", "abstract"), C))),
        ('ti:"a b" abstract:"b c"', All((Phrase("a b", "title"), Phrase("b c", "abstract")))),
        ("title:(a b) c", All((Word("a", "title"), Word("b", "title"), C))),
        ("since:2024", Days("2024-01-01", None)),
        ("until:2024-02", Days(None, "2024-02-29")),
        ("since:2024-05-17, a", All((Days("2024-05-17", None), A))),
        ('since:"17 May 2024"', Days("2024-05-17", None)),
        ("-since:2024", Not(Days("2024-01-01", None))),
        ("id:arXiv:2611.00001v2", Named("arXiv:2611.00001v2", SHEEP.identifiers)),
        ("id:bs:afewwords", Named("bs:afewwords", ())),
        ("a 2611.00001", All((A, SHEEP))),
        ("2611.00001 2611.00002", Either((SHEEP, Named("2611.00002", (Identifier("arxiv", "2611.00002"),))))),
    ],
)
def test_reads_what_is_meant(text: str, tree: Node) -> None:
    assert parse(text) == Query(text.replace("“", '"').replace("”", '"'), tree, (), parse(text).identifiers)


@pytest.mark.parametrize(
    "text",
    [
        "AWQ: Activation-aware Weights",
        "CAT: Cross Attention",
        "ABS: A Better Sheep",
        "C++ and C# for x-ray GPT-4 in 3D",
        "state-of-the-art f(x) (really)",
        "either or both and not less",
        "time 12:30 https: a:b",
        "O'Brien's 6' ladder",
        "量子 計算 и ещё",
    ],
)
def test_a_title_is_only_words(text: str) -> None:
    query = parse(text)
    assert query.plain
    assert not query.notes
    assert not query.identifiers


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a - b", All((A, B))),
        ('"a', A),
        ('a" b', All((A, B))),
        ("(a", A),
        ("a)", A),
        ("((((((((((((a)))))))))))) b", All((A, B))),
        ("()", None),
        ("a OR", A),
        ("OR a", A),
        ("AND a AND AND b AND", All((A, B))),
        ("NOT", None),
        ('"" a', A),
        ("🙂 a", A),
        ("a\x00b\x1f", Word("a\x00b")),
    ],
)
def test_what_cannot_be_meant_is_text_or_nothing(text: str, tree: Node | None) -> None:
    assert parse(text).tree == tree


@pytest.mark.parametrize(
    ("text", "tree", "note"),
    [
        ("author:", None, "“author:” needs something after it"),
        ("author: OR a", A, "“author:” needs something after it"),
        ('a author:""', A, "“author:” needs a word after it"),
        ("a cat:*", A, "“category:” needs a word after it"),
        ("since:2024-02-30 a", A, "“2024-02-30” is not a date, so “since:” was ignored"),
        ("a until:yesterday", A, "“yesterday” is not a date, so “until:” was ignored"),
        ("- ... !", None, "There is no word to search for"),
        ("🙂", None, "There is no word to search for"),
    ],
)
def test_says_what_was_ignored(text: str, tree: Node | None, note: str) -> None:
    query = parse(text)
    assert query.tree == tree
    assert len(query.notes) == 1
    assert query.notes[0].startswith(note)


def test_an_empty_query_is_no_complaint() -> None:
    assert parse("") == parse(" \n\t") == Query("", None)


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("2611.00001", ("arxiv", "2611.00001")),
        (" https://arxiv.org/abs/2611.00001v3 ", ("arxiv", "2611.00001")),
        ("hep-th/9901001", ("arxiv", "hep-th/9901001")),
        ("https://doi.org/10.1000/Fold.7", ("doi", "10.1000/fold.7")),
    ],
)
def test_a_query_that_is_an_identifier_says_so(text: str, identifier: tuple[str, str]) -> None:
    assert parse(text).identifiers == (Identifier(*identifier),)


def test_plain_is_words_and_nothing_else() -> None:
    assert parse('a "b c" (d e)').plain
    assert not any(parse(text).plain for text in ("", "a -b", "a OR b", "author:a", "a since:2024", "2611.00001"))


PIECES = [
    "a", "b-c", "author:", "cat:", "id:", "ti:", "abs:", "since:", "until:", "2024-13", "2024", "2611.00001",
    '"', "(", ")", "-", " ", " OR ", " AND ", " NOT ", "*", ":", "é", "\ud800", "\x00", "🙂", "“", ",",
]  # fmt: skip


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
@example("author:author:(OR NOT -(")
@example("title:-a")
def test_nothing_typed_can_break_it(text: str) -> None:
    query = parse(text)
    nodes = list(walk(query.tree)) if query.tree else []
    assert all(len(node.nodes) > 1 for node in nodes if isinstance(node, All | Either))
    assert not any("\ud800" in note for note in query.notes)
    query.text.encode()


@pytest.mark.parametrize("piece", ["(", ")", '"', "-", "a ", "NOT ", "author:", "(a OR -", '"a" ', ")(", "a"])
def test_a_very_long_query_is_cut_and_quick(piece: str) -> None:
    began = time.thread_time()
    query = parse(piece * 100_000)
    assert time.thread_time() - began < 60  # seconds; it takes milliseconds, and what is not cut takes hours
    assert query.notes[0] == f"The query is very long: only its first {MOST_CHARACTERS:,} characters were read."
    assert len(list(walk(query.tree)) if query.tree else []) <= 2 * MOST_CLAUSES
