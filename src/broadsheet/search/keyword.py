"""The keyword engine for reading: which papers match a query's words, which come first, and why.

Which match. Free words are those outside groups, phrases, fields and exclusions; everything else must match. If at
least `ENOUGH` papers of the index have all the free words, and one of them passes the filters, the papers with all of
them are the answer; otherwise papers with any of them are, and a note says so. A filter can only make the answer
smaller, so the counts of `facets` are those of the searches that they lead to. By date there is no gradual answer:
papers have all the words or, if none has, at least half of them.

What they score. The same sum over the query's words w in both cases:

    score(d) = sum_w n(w) * (BM25(w, text of d) + 0.25 * BM25(w, title of d))        n(w): times w is in the query

(BM25 after Robertson and Zaragoza 2009, as tantivy computes it with k1 = 1.2 and b = 0.75; `text` holds the title
twice.) On four judged sets "any word" was better than "all words" or "half of the words".

How the first ones are found without scoring every match: in two steps, after the idea of MaxScore (Turtle and Flood
1995), that a common word alone lifts nothing to the top. `candidates` takes the best few (`Request.depth`) by the BM25
of `text` over the query's rarest words, as many as the work allows (`BUDGET`), or, where all words are common and more
papers than are wanted have them in their titles, the best of those (`COMMON`); `scores` then computes the sum for these
and for whatever else is to be compared with them. A paper whose whole title is the query comes first. After these the
matching papers follow by the BM25 of `text` over all words.
"""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from tantivy import DocAddress, Index, Occur, Order, Query, Schema, Searcher

from broadsheet.search import facets, fields, freewords, sets
from broadsheet.search.commit import Commit, Counts
from broadsheet.search.compiling import Compiler, adding, filtering, is_stop_word, wanted_words
from broadsheet.search.engine import Found, Request
from broadsheet.search.guard import engine_errors
from broadsheet.search.query import All, Node, Phrase, Word
from broadsheet.search.spelling import Vocabulary
from broadsheet.search.text import bare, searchable, stems
from broadsheet.types import Facets, Sort, Why

DEPTH = 200  # papers that are ranked by the whole formula where words alone count
ENOUGH = 100  # papers with all the words; then papers with only some are left out
BUDGET = 2_000  # postings for each candidate, where words may be left out: 200,000 take about 2 ms
COMMON = 20_000  # papers that have each of the words: then the best are looked for by their titles, to begin with
EXACT_TITLE = 1_000.0  # more than any sum of BM25 in practice
MOST_TITLED = 10  # papers with one and the same title
MOST_EXPLAINED = 20  # words in a "why": one bit each, and a float carries 24

Answer = TypeVar("Answer")


class KeywordSnapshot:
    """One commit of the keyword index."""

    def __init__(self, index: Index, searcher: Searcher) -> None:
        self._schema, self._searcher = index.schema, searcher
        self._sequence = fields.sequence(index, searcher)
        self._commit = Commit(index.schema, searcher, Counts(), Vocabulary(searcher))

    @property
    def sequence(self) -> int:
        """The last change of the catalogue that is in this commit."""
        return self._sequence

    def count(self) -> int:
        """How many papers there are; one document is the state."""
        return max(0, self._searcher.num_docs - 1)

    def rarity(self, words: Sequence[str]) -> list[float]:
        """How rare words are: ln(1 + papers / papers that have it); of several stems the rarest counts."""
        papers = self.count()
        found = []
        for word in words:
            have = min((self._searcher.doc_freq("text", stem) for stem in stems(searchable(word))), default=0)
            found.append(math.log1p(papers / (have + 0.5)))
        return found

    def compiled(self, compile_: Callable[[Schema, Searcher], Answer]) -> Answer:
        """What `compile_` makes for the fields of this commit."""
        return compile_(self._schema, self._searcher)

    def papers(self, query: Query, most: int) -> list[int]:
        """At most so many papers that match a query of tantivy's, by number. Raises Damaged."""
        with engine_errors():
            hits = self._searcher.search(query, most, count=False).hits
            found = self._searcher.fast_field_values("number", [address for _, address in hits]) if hits else []
        return [int(number or 0) for number in found]

    def search(self, request: Request) -> Found:
        """The answer to a request, as the module's docstring says."""
        return self.read(request).found()

    def read(self, request: Request) -> "Question":
        """A request, to be asked piece by piece. Raises Damaged."""
        return Question(self._commit, request)


class Question:
    """A request as one commit reads it: which papers match, what they score, and why.

    `text` is what it asks for in words, misspelt ones corrected, without exclusions and filters; `terms` are the
    stems to mark. `filters` are the parts that every paper must match, free words aside. `by_date` says that there is
    nothing to rank by, or that nothing should be.
    """

    def __init__(self, commit: Commit, request: Request) -> None:
        self._commit, self._request = commit, request
        self._schema, self._searcher, self._counts, vocabulary = commit
        self._compiler = compiler = Compiler(self._schema, self._searcher, request.leaves)
        nodes = request.tree.nodes if isinstance(request.tree, All) else (request.tree,) if request.tree else ()
        words = [node for node in nodes if isinstance(node, Word) and node.place == "any"]
        self.filters = [node for node in nodes if node not in words]
        elsewhere = [word for node in self.filters for word in wanted_words(node)]
        papers = self._searcher.num_docs
        self._free = freewords.read(words, compiler, vocabulary, papers, alone=not elsewhere)
        pairs = [(node, clause) for node in self.filters for clause in sets.clauses(compiler, [node])]
        self._rest = [clause for _, clause in pairs]
        self._scored = [query for node, (_, query) in pairs if any(wanted_words(node))]
        self._typed = {stem: bare(word.text) for word in elsewhere for stem in stems(searchable(word.text))}
        self._typed |= self._free.typed
        self.terms = tuple(self._typed)
        telling = [word for word in (*words, *elsewhere) if isinstance(word, Phrase) or not is_stop_word(word)]
        self.text = " ".join([*self._free.read, *(word.text for word in elsewhere)]) if telling else ""
        self.by_date = request.sort is Sort.DATE or not (self._free.weights or elsewhere)
        self.hopeless = self._free.hopeless
        self._notes: list[str] = []
        self._at_least = 0
        self._title = self._titles()
        self.titled = tuple(self._of_query(self._title, MOST_TITLED)) if self._title else ()
        self._best: list[tuple[int, float]] = []
        self._all = not self._free.weights or self._have_all()
        if not self._free.weights and not self.by_date:
            self._best = self._listed(request.depth, 0)

    @property
    def notes(self) -> list[str]:
        """Sentences on what was ignored or read differently."""
        return [*self.read, *self._notes]

    @property
    def read(self) -> list[str]:
        """Those of the notes that tell how the words were read."""
        return [*self._compiler.notes, *self._free.notes]

    # Which papers.

    def total(self) -> int:
        """How many papers match: exactly if the request asks to count, else those that are known of."""
        if self.hopeless or not self._request.count:
            return self._at_least
        return self._counts.of(self._key("all" if self._all else "any"), lambda: sets.count(self._searcher, self._set))

    def facets(self) -> Facets:
        """How the papers that match divide by year, category and author."""
        compiler = Compiler(self._schema, self._searcher)
        return Facets() if self.hopeless else facets.count(self._searcher, compiler, self._set, self._count_within)

    def months(self) -> list[tuple[str, int]]:
        """How many of the papers that have all of the words are of each month; see `facets.months`."""
        if self.hopeless:
            return []
        words = sets.all_words(self._compiler, self._free) if self._free.weights else None
        return facets.months(self._searcher, sets.joined(self._compiler, words, self._rest))

    def newest(self, limit: int) -> list[int]:
        """The newest papers that match, where the request is by date."""
        return [number for number, _ in self._listed(limit, 0)]

    def matching(self, numbers: Sequence[int], scores: Mapping[int, float]) -> set[int]:
        """Which of these papers, which pass the filters, match. Where any word will do, their scores tell."""
        if self.hopeless:
            return set()
        if not self._all and not self._scored:
            return {number for number in numbers if scores.get(number)}
        return self._of(self._set, numbers)

    def passing(self, filters: Sequence[Node], numbers: Sequence[int]) -> set[int]:
        """Which of these papers match some of the filters."""
        return self._of(self._strict(filters), numbers)

    def allowed(self, filters: Sequence[Node], most: int) -> tuple[list[int], int]:
        """At most so many papers that match some of the filters, in no order, and how many do in all."""
        result = self._searcher.search(filtering(self._strict(filters)), most, count=True)
        return self._numbers([address for _, address in result.hits]), result.count  # type: ignore[attr-defined]

    # In which order.

    def found(self) -> Found:
        """The stretch of the matching papers that is asked for, by their words alone, best or newest first."""
        if self.hopeless:
            return Found(notes=self.notes)
        request = self._request
        if self.by_date or not self._free.weights:
            stretch = self._listed(request.limit, request.offset)
        else:
            head = self.head()
            stretch = head[request.offset : request.offset + request.limit]
            if request.offset + request.limit > len(head):
                skip = max(0, request.offset - len(head))
                wanted = request.offset + request.limit - max(request.offset, len(head))
                stretch += self.rest({number for number, _ in head}, skip, wanted)
        numbers, scores = [number for number, _ in stretch], [score for _, score in stretch]
        whys = self.whys(numbers, scores)
        return Found(numbers, scores, whys, self.total(), self.notes, self.terms, titled=self.titled)

    def candidates(self) -> tuple[list[int], frozenset[int]]:
        """The papers that may come first, in no order, and which of them have the query as their title."""
        numbers = dict.fromkeys([*self.titled, *(number for number, _ in self._best)])
        return list(numbers), frozenset(self.titled)

    def deeper(self, depth: int) -> list[int]:
        """The candidates if more of them are taken."""
        request = replace(self._request, depth=depth, count=False)
        return Question(self._commit, request).candidates()[0]

    def head(self) -> list[tuple[int, float]]:
        """The first papers and their scores, the best first."""
        numbers, exact = self.candidates()
        scores = self.scores(numbers)
        ranked = [(number, scores.get(number, 0.0) + EXACT_TITLE * (number in exact)) for number in numbers]
        return sorted(ranked, key=lambda one: (-one[1], one[0]))

    def rest(self, shown: set[int], skip: int, limit: int) -> list[tuple[int, float]]:
        """A stretch of the matching papers that are not shown already, and their scores."""
        most = len(shown) + skip + limit
        listed = [one for one in self._listed(most, 0) if one[0] not in shown][skip : skip + limit]
        scores = self.scores([number for number, _ in listed])
        return [(number, scores.get(number, score)) for number, score in listed]

    def scores(self, numbers: Sequence[int]) -> dict[int, float]:
        """What papers score by the query's words and phrases, however few of them they have."""
        words = [self._compiler.word(stem, n) for stem, n in self._free.weights.items()]
        return self._scores(numbers, [*words, *self._scored]) if numbers else {}

    def whys(self, numbers: Sequence[int], scores: Sequence[float]) -> list[Why]:
        """Which words each of these papers has, and what its title added to its score.

        In the first of two small queries each word is worth a power of two, so that the score says which of them a
        paper has.
        """
        typed, weights, compiler = self._typed, self._free.weights, self._compiler
        asked = list(typed)[:MOST_EXPLAINED]
        if not asked or not numbers:
            return [Why() for _ in numbers]
        bits = [Query.const_score_query(compiler.term("text", stem), float(1 << bit)) for bit, stem in enumerate(asked)]
        has = self._scores(numbers, bits)
        title = self._scores(numbers, [compiler.in_title(stem, weights.get(stem, 1.0)) for stem in asked])
        return [
            Why(
                _parts(score, title.get(number, 0.0)),
                tuple(
                    dict.fromkeys(typed[stem] for bit, stem in enumerate(asked) if int(has.get(number, 0)) >> bit & 1)
                ),
            )
            for number, score in zip(numbers, scores, strict=True)
        ]

    # Inside.

    def _count_within(self, few: Query) -> int:
        """How many of a few papers match."""
        if self._all or self.by_date:
            return sets.count(self._searcher, sets.both(few, self._set))
        words = [self._compiler.term("text", stem) for stem in self._free.weights]
        few = sets.joined(self._compiler, few, self._rest)
        return sets.count_with_any(self._searcher, few, [*words, *([self._title] if self._title else [])])

    @property
    def _set(self) -> Query:
        """The papers that match."""
        if not self._free.weights:
            return sets.joined(self._compiler, None, self._rest)
        words = sets.all_words if self._all else sets.half if self.by_date else sets.any_word
        return sets.joined(self._compiler, sets.or_title(words(self._compiler, self._free), self._title), self._rest)

    def _have_all(self) -> bool:
        """Whether the papers with all the words are the answer. Finds the candidates on the way, and notes."""
        compiler, free, single = self._compiler, self._free, len(self._free.weights) == 1
        self._best = self._by_titles()
        if self._best:
            self._at_least = len(self._best)
            return True
        strict = sets.joined(compiler, sets.all_words(compiler, free), self._rest)
        result = self._searcher.search(strict, self._request.depth, count=True)
        have: int = result.count  # type: ignore[attr-defined]  # missing in tantivy's stubs
        self._best, self._at_least = self._pairs(result.hits), have
        if not self._title:
            self._counts.of(self._key("all"), lambda: have)
        if single or have >= (1 if self.by_date else ENOUGH) or (have and self._enough_in_index()):
            return True
        if self.by_date:
            some = sets.count(self._searcher, sets.joined(compiler, sets.half(compiler, free), self._rest))
        else:
            hits = self._any_word()
            self._best, some = self._pairs(hits[: self._request.depth]), len(hits)
        self._at_least = max(have, some)
        if some > have and not self._title:
            self._notes.append(_note(have, by_date=self.by_date))
        return some <= have

    def _enough_in_index(self) -> bool:
        """Whether enough papers have all the words, filters aside."""
        if not self._rest or min(map(self._compiler.frequency, self._free.weights)) < ENOUGH:
            return False  # with the very words of a compound as the exception, which costs a look at more papers
        query = sets.all_words(self._compiler, self._free)
        key = frozenset(self._free.weights), "index"
        return self._counts.of(key, lambda: sets.count(self._searcher, query)) >= ENOUGH

    def _by_titles(self) -> list[tuple[int, float]]:
        """The best of those that have all words in their titles, if the words are so common that these are enough.

        Papers with all of a few common words are a good part of the index, and each of them would be scored.
        """
        compiler, free, depth = self._compiler, self._free, self._request.depth
        if self.by_date or min(map(compiler.frequency, free.weights)) < COMMON:
            return []
        query = sets.joined(compiler, sets.all_in_title(compiler, free), self._rest)
        hits = self._searcher.search(query, max(depth, ENOUGH), count=False).hits
        return self._pairs(hits[:depth]) if len(hits) >= max(depth, ENOUGH) else []

    def _any_word(self) -> Sequence[tuple[float, DocAddress]]:
        """The best papers with any of the rarest words; with any word at all, where there are few of those."""
        compiler, free, depth = self._compiler, self._free, self._request.depth
        most = max(depth, ENOUGH)  # the number of those found tells whether there are more than have all words
        rarest = sets.rarest(compiler, free, most, depth * BUDGET)
        for words in (rarest, free.weights) if len(rarest) < len(free.weights) else (free.weights,):
            query = sets.joined(compiler, sets.any_of(compiler, words), self._rest)
            hits: Sequence[tuple[float, DocAddress]] = self._searcher.search(query, most, count=False).hits
            if len(hits) == most:
                break
        return hits

    def _titles(self) -> Query | None:
        key = self._request.title
        if not key or not self._searcher.doc_freq("title_key", key):
            return None
        return sets.joined(self._compiler, self._compiler.term("title_key", key), self._rest)

    def _listed(self, limit: int, offset: int) -> list[tuple[int, float]]:
        """A stretch of all papers that match, in the engine's own order."""
        if self.hopeless:
            return []
        deepest, way = self._request.deepest, Order.Asc if self._request.ascending and self.by_date else Order.Desc
        most, at = max(0, min(limit, deepest - offset)), min(offset, deepest)
        if offset + limit > deepest and sets.count(self._searcher, self._set) > deepest:
            self._notes.append(f"Only the first {deepest:,} papers can be paged through; narrow the query for others.")
        by = self._request.by if self.by_date else None
        result = self._searcher.search(self._set, most or 1, count=True, offset=at, order_by_field=by, order=way)
        self._at_least = max(self._at_least, result.count)  # type: ignore[attr-defined]
        self._counts.of(self._key("all" if self._all else "any"), lambda: int(result.count))  # type: ignore[attr-defined]
        pairs = self._pairs(result.hits[:most])
        return [(number, 0.0) for number, _ in pairs] if self.by_date else pairs

    def _key(self, which: str) -> Hashable:
        return self._request.tree, self._request.title, self.by_date, which

    def _of(self, query: Query, numbers: Sequence[int]) -> set[int]:
        if not numbers:
            return set()
        both = Query.boolean_query([(Occur.Must, self._these(numbers)), (Occur.Must, filtering(query))])
        return set(self._of_query(both, len(numbers)))

    def _of_query(self, query: Query, most: int) -> list[int]:
        return self._numbers([address for _, address in self._searcher.search(query, most, count=False).hits])

    def _strict(self, filters: Sequence[Node]) -> Query:
        return sets.joined(self._compiler, None, sets.clauses(self._compiler, filters))

    def _these(self, numbers: Sequence[int]) -> Query:
        # Not a term set query, which takes ten times as long for a few numbers.
        each = (Query.term_query(self._schema, "number", number) for number in numbers)
        return filtering(Query.boolean_query([(Occur.Should, query) for query in each]))

    def _scores(self, numbers: Sequence[int], queries: Sequence[Query]) -> dict[int, float]:
        query = adding(self._these(numbers), queries)
        return dict(self._pairs(self._searcher.search(query, len(numbers), count=False).hits))

    def _pairs(self, hits: Sequence[tuple[float, DocAddress]]) -> list[tuple[int, float]]:
        return list(
            zip(self._numbers([address for _, address in hits]), (float(one or 0) for one, _ in hits), strict=True)
        )

    def _numbers(self, addresses: list[DocAddress]) -> list[int]:
        return [int(number or 0) for number in self._searcher.fast_field_values("number", addresses)]


def _parts(score: float, title: float) -> Mapping[str, float]:
    if not score:
        return {}  # sorted by date
    exact = EXACT_TITLE if score > EXACT_TITLE else 0.0
    parts = {"exact title": exact, "title": title, "keyword": score - exact - title}
    return {name: round(part, 3) for name, part in parts.items() if part}


def _note(with_all: int, *, by_date: bool) -> str:
    shown = "papers with at least half of them" if by_date else "papers with some of them"
    if not with_all:
        return f"No paper has all of these words: {shown} are shown."
    papers = "paper has" if with_all == 1 else "papers have"
    return f"{with_all} {papers} all of these words; {shown} are shown too."
