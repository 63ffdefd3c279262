"""From the tree of a query to tantivy's queries: what must match, what may, and what it is worth.

A word or phrase scores by BM25 in `text` (the title counts twice there) and a quarter of its BM25 in `title`;
a word written twice in the query weighs twice. Authors, categories, dates and identifiers only filter.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from tantivy import FieldType, Occur, Query, Schema, Searcher

from broadsheet.search import fields, names
from broadsheet.search.engine import MOST_LEAVES
from broadsheet.search.query import (
    All,
    Author,
    Category,
    Claimed,
    Days,
    Either,
    Has,
    Named,
    Node,
    Not,
    Phrase,
    Prefix,
    Submitted,
    Word,
    brief,
    walk,
)
from broadsheet.search.text import STOP_WORDS, compounds, folded, searchable, stems, stems_of_word

TITLE = 0.25  # of a word's weight, on top, for standing in the title
MOST_PHRASE = 32  # words of a phrase
Clause = tuple[Occur, Query]


class Compiler:
    """Compiles the parts of one query for one snapshot. `notes` collects what it could not use.

    `frequency` tells how many papers have a stem, where that is remembered longer than for one query.
    """

    def __init__(
        self,
        schema: Schema,
        searcher: Searcher,
        most: int = MOST_LEAVES,
        frequency: Callable[[str], int] | None = None,
    ) -> None:
        self._schema, self._searcher, self._most = schema, searcher, most
        self._leaves = 0
        self.frequency = frequency or cache(partial(searcher.doc_freq, "text"))
        self.notes: list[str] = []

    @property
    def full(self) -> bool:
        """Whether the query had more conditions than are used."""
        return self._leaves > self._most

    def term(self, field: str, value: str, weight: float = 1.0) -> Query:
        """Papers with a term in a field."""
        query = Query.term_query(self._schema, field, value)
        return query if weight == 1.0 else Query.boost_query(query, weight)

    def word(self, stem: str, weight: float = 1.0) -> Query:
        """Papers with a stem, scored as the module says."""
        return adding(self.term("text", stem, weight), [self.in_title(stem, weight)])

    def in_title(self, stem: str, weight: float = 1.0) -> Query:
        """What a stem adds to the score for standing in the title."""
        return self.term("title", stem, weight * TITLE)

    def everything(self) -> Query:
        """All papers."""
        return filtering(Query.exists_query("order"))

    def matching(self, node: Node) -> Query | None:
        """Papers that match a node strictly, scored; None if nothing of it can be searched for."""
        match node:
            case All(nodes):
                return self._all(nodes)
            case Either(nodes):
                return either(filter(None, map(self.matching, nodes)))
            case Not(below):
                query = self.matching(below)
                return query and Query.boolean_query([(Occur.Must, self.everything()), (Occur.MustNot, query)])
        self._leaves += 1
        if self._leaves > self._most:
            self.notes.append(f"The query is long: only its first {self._most} conditions were used.")
            return None
        if isinstance(node, Word | Phrase | Prefix):
            return self._prefix(node) if isinstance(node, Prefix) else self._text(node)
        return filtering(self._filter(node))

    def _all(self, nodes: Iterable[Node]) -> Query | None:
        clauses = []
        for node in without_stop_words(nodes):
            query = self.matching(node.node if isinstance(node, Not) else node)
            if query:
                clauses.append((Occur.MustNot if isinstance(node, Not) else Occur.Must, query))
        if clauses and all(occur == Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, self.everything()))
        return Query.boolean_query(clauses) if clauses else None

    def _text(self, node: Word | Phrase) -> Query | None:
        text = searchable(node.text)
        found = stems(text)[:MOST_PHRASE]
        if not found:
            return None
        if isinstance(node, Word) or len(found) == 1:
            return self._together(found, node.place, stems(compounds(text)))
        if node.place == "abstract":
            alone = [(Occur.MustNot, self.term("title_alone", stem)) for stem in dict.fromkeys(found)]
            return Query.boolean_query([(Occur.Must, self._phrase("text", found)), *alone])
        if node.place != "any":
            return self._phrase(node.place, found)
        return Query.boolean_query(
            [
                (Occur.Must, self._phrase("text", found)),
                (Occur.Should, Query.boost_query(self._phrase("title", found), TITLE)),
            ]
        )

    def _together(self, found: list[str], place: str, joined: list[str]) -> Query:
        """All stems of a word ("x-ray"), or the word written as one."""
        clauses = [(Occur.Must, self._in(place, stem)) for stem in dict.fromkeys(found)]
        if place == "any":
            clauses += [(Occur.Should, self.in_title(stem)) for stem in dict.fromkeys(found)]
        query = Query.boolean_query(clauses)
        return either([query, *(self._in(place, stem) for stem in joined)]) or query

    def _in(self, place: str, stem: str) -> Query:
        """Papers with a stem in a place."""
        if place == "abstract":
            clauses = [(Occur.Must, self.term("text", stem)), (Occur.MustNot, self.term("title_alone", stem))]
            return Query.boolean_query(clauses)
        return self.term("text" if place == "any" else place, stem)

    def _prefix(self, node: Prefix) -> Query | None:
        """Papers with a word that begins so, or that is another form of the whole word."""
        words = folded(searchable(node.text))
        if not words:
            return None
        begun = self._begun(node.place, words[-1])
        forms = [] if node.place == "authors" else [self._in(node.place, stem) for stem in stems(words[-1])]
        before = words[:-1] if node.place == "authors" else stems(" ".join(words[:-1]))
        clauses = [(Occur.Must, self._in(node.place, word)) for word in dict.fromkeys(before)]
        return Query.boolean_query([*clauses, (Occur.Must, either([begun, *forms]) or begun)])

    def _begun(self, place: str, beginning: str) -> Query:
        """Papers with a word in a place that begins so."""

        def found(field: str) -> Query:
            return filtering(Query.regex_query(self._schema, field, re.escape(beginning) + "[^ ]*"))

        if place != "abstract":
            return found("text" if place == "any" else place)
        # Not a word of the title alone, unless another one begins so too.
        others = Query.boolean_query([(Occur.Must, found("text")), (Occur.MustNot, found("title_alone"))])
        return Query.boolean_query([(Occur.Should, others), (Occur.Should, found("title_begins"))])

    def _phrase(self, field: str, found: list[str]) -> Query:
        return Query.phrase_query(self._schema, field, list(found))

    def _filter(self, node: Author | Category | Has | Claimed | Named | Days | Submitted) -> Query:
        match node:
            case Author(name):
                needed = [either(self.term("authors", term) for term in terms) for terms in names.wanted(name)]
                return Query.boolean_query([(Occur.Must, query) for query in needed if query])
            case Category(code):
                if not self._searcher.doc_freq("categories", code.lower()):
                    self.notes.append(f"No paper has the category “{brief(code)}”.")
                return self.term("categories", code.lower())
            case Has(what):
                return self.term("has", what)
            case Named(text, identifiers):
                keys = [f"{scheme}:{value}" for scheme, value in identifiers] or [text]
                return either(self.term("identifiers", key) for key in keys) or Query.empty_query()
            case Days() | Submitted() | Claimed():
                return self._between(node)

    def _between(self, node: Days | Submitted | Claimed) -> Query:
        """Papers with a number between two others."""
        match node:
            case Days(first, last):
                name, bounds = "order", fields.days(first, last)
            case Submitted(first, last):
                name, bounds = "submitted", (1 if first is None else first, 1 << 62 if last is None else last)
            case Claimed(measure, low, high):
                name, bounds = "results", fields.claimed(measure, low, high)
        return Query.range_query(self._schema, name, FieldType.Unsigned, *bounds)


def either(queries: Iterable[Query]) -> Query | None:
    """Papers that match at least one query."""
    kept = list(queries)
    return Query.boolean_query([(Occur.Should, query) for query in kept]) if len(kept) > 1 else next(iter(kept), None)


def adding(query: Query, more: Iterable[Query]) -> Query:
    """The same papers, with what they score in other queries added to their score.

    One inside the other: beside each other in one query tantivy would read the others' postings window by window
    instead of looking a paper up in each. For 200 papers that takes half the time.
    """
    for one in more:
        query = Query.boolean_query([(Occur.Must, query), (Occur.Should, one)])
    return query


def filtering(query: Query) -> Query:
    """The same papers, without a score."""
    return Query.const_score_query(query, 0.0)


def without_stop_words(nodes: Iterable[Node]) -> list[Node]:
    """The nodes that say something; all of them if none does."""
    kept = list(nodes)
    return [node for node in kept if not (isinstance(node, Word) and is_stop_word(node))] or kept


def is_stop_word(word: Word) -> bool:
    """Whether nothing in the word is worth searching for."""
    return STOP_WORDS.issuperset(stems_of_word(word.text))


def wanted_words(node: Node | None) -> Iterator[Word | Phrase]:
    """The words and phrases that a paper should have, not those it must not."""
    match node:
        case Word() | Phrase():
            yield node
        case All(nodes) | Either(nodes):
            for below in nodes:
                yield from wanted_words(below)


__all__ = [
    "Clause",
    "Compiler",
    "adding",
    "either",
    "filtering",
    "is_stop_word",
    "walk",
    "wanted_words",
    "without_stop_words",
]
