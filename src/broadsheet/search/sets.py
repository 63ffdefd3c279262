"""Sets of papers as tantivy's queries: papers with all the free words, with any of them, with half of them.

A set's score, where it is used, is the BM25 of `text`; what the title adds is added to the best alone.
"""

from collections.abc import Iterable, Mapping, Sequence

from tantivy import Occur, Query, Searcher

from broadsheet.search.compiling import Clause, Compiler, adding, either, filtering
from broadsheet.search.freewords import FreeWords
from broadsheet.search.query import Node, Not

HALF_OF_MOST = 16  # words that "half of the words" is counted among: counting costs more than ranking


def clauses(compiler: Compiler, nodes: Sequence[Node]) -> list[Clause]:
    """What every paper must match or must not."""
    found = []
    for node in nodes:
        query = compiler.matching(node.node if isinstance(node, Not) else node)
        if query:
            found.append((Occur.MustNot if isinstance(node, Not) else Occur.Must, query))
    return found


def joined(compiler: Compiler, words: Query | None, rest: list[Clause]) -> Query:
    """Papers that match the words and everything else; all papers if there is nothing to match."""
    both = [*rest, (Occur.Must, words)] if words else rest
    if all(occur == Occur.MustNot for occur, _ in both):
        both = [*both, (Occur.Must, compiler.everything())]
    return both[0][1] if len(both) == 1 else Query.boolean_query(both)


def all_words(compiler: Compiler, free: FreeWords) -> Query:
    """Papers with every word."""
    must: dict[str, None] = {}
    found: list[Clause] = []
    for stems, compounds in free.groups:
        if compounds:
            parts = Query.boolean_query([(Occur.Must, compiler.term("text", stem)) for stem in dict.fromkeys(stems)])
            whole = [(Occur.Should, compiler.term("text", stem)) for stem in compounds]
            found.append((Occur.Must, filtering(Query.boolean_query([(Occur.Should, parts), *whole]))))
        else:
            must.update(dict.fromkeys(stem for stem in stems if stem in free.weights))
    for stem, weight in free.weights.items():
        found.append((Occur.Must if stem in must else Occur.Should, compiler.term("text", stem, weight)))
    return Query.boolean_query(found)


def all_in_title(compiler: Compiler, free: FreeWords) -> Query:
    """Papers with every word in the title, scored like `all_words`."""
    must = []
    for stems, compounds in free.groups:
        parts = Query.boolean_query([(Occur.Must, compiler.term("title", stem)) for stem in dict.fromkeys(stems)])
        must.append((Occur.Must, either([parts, *(compiler.term("title", stem) for stem in compounds)]) or parts))
    words = [compiler.term("text", stem, weight) for stem, weight in free.weights.items()]
    return adding(filtering(Query.boolean_query(must)), words)


def any_word(compiler: Compiler, free: FreeWords) -> Query:
    """Papers with at least one word."""
    return any_of(compiler, free.weights)


def any_of(compiler: Compiler, weights: Mapping[str, float]) -> Query:
    """Papers with at least one of these stems."""
    return Query.boolean_query([(Occur.Should, compiler.term("text", stem, n)) for stem, n in weights.items()])


def half(compiler: Compiler, free: FreeWords) -> Query:
    """Papers with at least half of the words, of the rarest ones if there are many."""
    some, least = some_of(compiler, free)
    found = [(Occur.Should, compiler.term("text", stem)) for stem in some]
    return Query.boolean_query(found, minimum_number_should_match=least)


def some_of(compiler: Compiler, free: FreeWords) -> tuple[list[str], int]:
    """The words that half of the words is counted among, and how many of them that is."""
    some = sorted(free.weights, key=compiler.frequency)[:HALF_OF_MOST]
    return some, (len(some) + 1) // 2


def rarest(compiler: Compiler, free: FreeWords, least: int, most: int) -> dict[str, float]:
    """The rarest words, as many as have `most` postings together, and so many as have `least` at any rate."""
    kept: dict[str, float] = {}
    postings = 0
    for stem in sorted(free.weights, key=compiler.frequency):
        added = compiler.frequency(stem)
        if postings >= least and postings + added > most:
            break
        kept[stem] = free.weights[stem]
        postings += added
    return kept


def or_title(words: Query, title: Query | None) -> Query:
    """Papers that match the words or have the title."""
    return either([words, title]) or words if title else words


def both(one: Query, other: Query) -> Query:
    """Papers that match both."""
    return Query.boolean_query([(Occur.Must, filtering(one)), (Occur.Must, filtering(other))])


def count_with_any(searcher: Searcher, few: Query, words: Iterable[Query]) -> int:
    """How many of a few papers have at least one word: all of them without those that have none.

    One exclusion inside the other: the union of common words would be read nearly whole for each of the few.
    """
    none = few
    for word in words:
        none = Query.boolean_query([(Occur.Must, none), (Occur.MustNot, word)])
    return count(searcher, few) - count(searcher, none)


def count(searcher: Searcher, query: Query) -> int:
    """How many papers match. An aggregation, because a search would compute their scores."""
    found = searcher.aggregate(query, {"papers": {"value_count": {"field": "number"}}})
    return int(found["papers"]["value"] or 0)
