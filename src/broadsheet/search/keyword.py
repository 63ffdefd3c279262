"""The keyword engine for reading: from a query's tree to a ranked stretch of papers, in one place.

How papers match. Free words are those outside groups, phrases, fields and exclusions; everything else must match.
If at least `ENOUGH` papers have all the free words, these papers are the answer; otherwise papers with any of them
are, and a note says so. Either way they are ranked by the same sum over the query's words w:

    score(d) = sum_w n(w) * (BM25(w, text of d) + 0.25 * BM25(w, title of d))        n(w): times w is in the query

(BM25 after Robertson and Zaragoza 2009, as tantivy computes it with k1 = 1.2 and b = 0.75; `text` holds the title
twice.) On four judged sets this was as good as "any word" in all cases and better than "all words" or "half of the
words". A paper whose whole title is the query comes first. By date there is no gradual answer: papers have all the
words or, if none has, at least half of them.
"""

from collections.abc import Sequence
from dataclasses import replace

from tantivy import DocAddress, Index, Occur, Query, Schema, Searcher

from broadsheet.search import fields, freewords
from broadsheet.search.compiling import Clause, Compiler, either, filtering, is_stop_word, wanted_words
from broadsheet.search.engine import Found, Request
from broadsheet.search.freewords import FreeWords
from broadsheet.search.query import All, Node, Not, Phrase, Word
from broadsheet.search.text import bare, searchable, stems
from broadsheet.types import Sort, Why

ENOUGH = 100  # papers with all the words; then papers with only some are left out
DEEPEST = 10_000  # results that can be paged through: each costs memory and time in the engine
EXACT_TITLE = 1_000.0  # more than any sum of BM25 in practice
HALF_OF_MOST = 16  # words that "half of the words" is counted among: counting costs more than ranking
MOST_EXPLAINED = 20  # words in a "why": one bit each, and a float carries 24


class KeywordSnapshot:
    """One commit of the keyword index."""

    def __init__(self, index: Index, searcher: Searcher) -> None:
        self._schema, self._searcher = index.schema, searcher
        self._sequence = fields.sequence(index, searcher)

    @property
    def sequence(self) -> int:
        """The last change of the catalogue that is in this commit."""
        return self._sequence

    def count(self) -> int:
        """How many papers there are; one document is the state."""
        return max(0, self._searcher.num_docs - 1)

    def search(self, request: Request) -> Found:
        """The answer to a request, as the module's docstring says."""
        question = self.read(request)
        found = question.found(request.limit, request.offset)
        found.whys = question.whys(found.numbers, found.scores)
        return found

    def read(self, request: Request) -> "Question":
        """A request, to be asked piece by piece. Raises Damaged."""
        return Question(self._schema, self._searcher, request)


class Question:
    """A request as one commit reads it: which papers match, what they score, and why.

    `text` is what it asks for in words, misspelt ones corrected, without exclusions and filters; `terms` are the
    stems to mark. `filters` are the parts that every paper must match, free words aside.
    """

    def __init__(self, schema: Schema, searcher: Searcher, request: Request) -> None:
        self._schema, self._searcher, self._request = schema, searcher, request
        self._compiler = compiler = Compiler(schema, searcher)
        nodes = request.tree.nodes if isinstance(request.tree, All) else (request.tree,) if request.tree else ()
        words = [node for node in nodes if isinstance(node, Word) and node.place == "any"]
        self.filters = [node for node in nodes if node not in words]
        elsewhere = [word for node in self.filters for word in wanted_words(node)]
        self._free = freewords.read(words, compiler, searcher, alone=not elsewhere)
        self._rest = [clause for node in self.filters if (clause := _clause(compiler, node))]
        self._by_text = bool(self._free.weights or elsewhere)
        self._typed = {stem: bare(word.text) for word in elsewhere for stem in stems(searchable(word.text))}
        self._typed |= self._free.typed
        self.terms = tuple(self._typed)
        telling = [word for word in (*words, *elsewhere) if isinstance(word, Phrase) or not is_stop_word(word)]
        self.text = " ".join([*self._free.read, *(word.text for word in elsewhere)]) if telling else ""
        self._matching: Query | None = None

    def found(self, limit: int, offset: int = 0) -> Found:
        """A stretch of the matching papers, best or newest first, without whys."""
        if self._free.hopeless:
            return Found(notes=list(self._free.notes))
        found = self._ranked(replace(self._request, limit=limit, offset=offset))
        found.terms = self.terms
        found.notes = [*self._compiler.notes, *self._free.notes, *found.notes]
        return found

    def matching(self, numbers: Sequence[int]) -> set[int]:
        """Which of these papers are among those that `found` counts; ask that first."""
        return self._of(self._matching, numbers) if self._matching else set()

    def passing(self, filters: Sequence[Node], numbers: Sequence[int]) -> set[int]:
        """Which of these papers match some of the filters."""
        return self._of(self._strict(filters), numbers)

    def allowed(self, filters: Sequence[Node], most: int) -> tuple[list[int], int]:
        """At most so many papers that match some of the filters, in no order, and how many do in all."""
        result = self._searcher.search(filtering(self._strict(filters)), most, count=True)
        return self._numbers([address for _, address in result.hits]), result.count  # type: ignore[attr-defined]

    def scores(self, numbers: Sequence[int]) -> dict[int, float]:
        """What papers score by the query's words, however few of them they have."""
        if not numbers or not self._free.weights:
            return {}
        these = self._these(numbers)
        words = [clause for stem, n in self._free.weights.items() for clause in self._compiler.word(stem, n)]
        return self._scores(these, [query for _, query in words], len(numbers))

    def _of(self, query: Query, numbers: Sequence[int]) -> set[int]:
        if not numbers:
            return set()
        both = Query.boolean_query([(Occur.Must, filtering(query)), (Occur.Must, self._these(numbers))])
        hits = self._searcher.search(both, len(numbers), count=False).hits
        return set(self._numbers([address for _, address in hits]))

    def _strict(self, filters: Sequence[Node]) -> Query:
        return _joined(self._compiler, None, [clause for node in filters if (clause := _clause(self._compiler, node))])

    def _these(self, numbers: Sequence[int]) -> Query:
        # Not a term set query, which takes ten times as long for a few numbers.
        each = (Query.term_query(self._schema, "number", number) for number in numbers)
        return filtering(Query.boolean_query([(Occur.Should, query) for query in each]))

    def _ranked(self, request: Request) -> Found:
        """The stretch that is asked for, of all papers that match."""
        compiler, free, rest = self._compiler, self._free, self._rest
        by_date = request.sort is Sort.DATE or not self._by_text
        if not free.weights:
            return self._stretch(_joined(compiler, None, rest), request, by_date=by_date)
        title = self._title(compiler, request.title)
        strict = _joined(compiler, either([_all_words(compiler, free), *title]), rest)
        found = self._stretch(strict, request, by_date=by_date)
        if found.total >= (1 if by_date else ENOUGH) or len(free.weights) == 1:
            return found
        some = _half(compiler, free) if by_date else _any_word(compiler, free)
        looser = self._stretch(_joined(compiler, either([some, *title]), rest), request, by_date=by_date)
        if looser.total > found.total:
            if not title:
                looser.notes.append(_note(found.total, by_date=by_date))
            return looser
        self._matching = strict
        return found

    def _title(self, compiler: Compiler, key: str) -> list[Query]:
        if not key or not self._searcher.doc_freq("title_key", key):
            return []
        return [Query.const_score_query(compiler.term("title_key", key), EXACT_TITLE)]

    def _stretch(self, query: Query, request: Request, *, by_date: bool) -> Found:
        limit = max(0, min(request.limit, DEEPEST - request.offset))
        self._matching = query
        result = self._searcher.search(
            query,
            limit or 1,
            count=True,
            offset=min(request.offset, DEEPEST),
            order_by_field="order" if by_date else None,
        )
        hits = result.hits[:limit]
        total: int = result.count  # type: ignore[attr-defined]  # missing in tantivy's stubs
        found = Found(self._numbers([address for _, address in hits]), total=total)
        found.scores = [0.0 if by_date else float(score) for score, _ in hits]
        if request.offset + request.limit > DEEPEST and found.total > DEEPEST:
            found.notes.append(f"Only the first {DEEPEST:,} papers can be paged through; narrow the query for others.")
        return found

    def whys(self, numbers: Sequence[int], scores: Sequence[float]) -> list[Why]:
        """Which words each of these papers has, and what its title added to its score.

        Two small queries that only these papers match. In the first each word is worth a power of two, so that
        the score says which of them a paper has.
        """
        typed, weights, compiler = self._typed, self._free.weights, self._compiler
        asked = list(typed)[:MOST_EXPLAINED]
        if not asked or not numbers:
            return [Why() for _ in numbers]
        these = self._these(numbers)
        bits = [Query.const_score_query(compiler.term("text", stem), float(1 << bit)) for bit, stem in enumerate(asked)]
        has = self._scores(these, bits, len(numbers))
        titles = [compiler.in_title(stem, weights.get(stem, 1.0))[1] for stem in asked]
        title = self._scores(these, titles, len(numbers))
        return [
            Why(
                _parts(score, title.get(number, 0.0)),
                tuple(
                    dict.fromkeys(typed[stem] for bit, stem in enumerate(asked) if int(has.get(number, 0)) >> bit & 1)
                ),
            )
            for number, score in zip(numbers, scores, strict=True)
        ]

    def _scores(self, these: Query, queries: Sequence[Query], most: int) -> dict[int, float]:
        clauses = [(Occur.Must, these), *((Occur.Should, query) for query in queries)]
        hits = self._searcher.search(Query.boolean_query(clauses), most, count=False).hits
        return dict(zip(self._numbers([address for _, address in hits]), (score for score, _ in hits), strict=True))

    def _numbers(self, addresses: list[DocAddress]) -> list[int]:
        return [int(number or 0) for number in self._searcher.fast_field_values("number", addresses)]


def _parts(score: float, title: float) -> dict[str, float]:
    if not score:
        return {}  # sorted by date
    exact = EXACT_TITLE if score > EXACT_TITLE else 0.0
    parts = {"exact title": exact, "title": title, "keyword": score - exact - title}
    return {name: round(part, 3) for name, part in parts.items() if part}


def _clause(compiler: Compiler, node: Node) -> Clause | None:
    query = compiler.matching(node.node if isinstance(node, Not) else node)
    return (Occur.MustNot if isinstance(node, Not) else Occur.Must, query) if query else None


def _joined(compiler: Compiler, words: Query | None, rest: list[Clause]) -> Query:
    """Papers that match the words and everything else; all papers if there is nothing to match."""
    clauses = [*rest, (Occur.Must, words)] if words else rest
    if all(occur == Occur.MustNot for occur, _ in clauses):
        clauses = [*clauses, (Occur.Must, compiler.everything())]
    # A lone query stays bare: tantivy skips ahead in a bare union of terms.
    return clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses)


def _all_words(compiler: Compiler, free: FreeWords) -> Query:
    must: dict[str, None] = {}
    clauses: list[Clause] = []
    for found, joined in free.groups:
        if joined:
            parts = Query.boolean_query([(Occur.Must, compiler.term("text", stem)) for stem in dict.fromkeys(found)])
            whole = [(Occur.Should, compiler.term("text", stem)) for stem in joined]
            clauses.append((Occur.Must, filtering(Query.boolean_query([(Occur.Should, parts), *whole]))))
        else:
            must.update(dict.fromkeys(stem for stem in found if stem in free.weights))
    for stem, weight in free.weights.items():
        clauses += [
            (Occur.Must if stem in must else Occur.Should, compiler.term("text", stem, weight)),
            compiler.in_title(stem, weight),
        ]
    return Query.boolean_query(clauses)


def _any_word(compiler: Compiler, free: FreeWords) -> Query:
    return Query.boolean_query([clause for stem, n in free.weights.items() for clause in compiler.word(stem, n)])


def _half(compiler: Compiler, free: FreeWords) -> Query:
    """At least half of the words, of the rarest ones if there are many."""
    rarest = sorted(free.weights, key=compiler.frequency)[:HALF_OF_MOST]
    clauses = [(Occur.Should, compiler.term("text", stem)) for stem in rarest]
    return Query.boolean_query(clauses, minimum_number_should_match=(len(rarest) + 1) // 2)


def _note(with_all: int, *, by_date: bool) -> str:
    shown = "papers with at least half of them" if by_date else "papers with some of them"
    if not with_all:
        return f"No paper has all of these words: {shown} are shown."
    papers = "paper has" if with_all == 1 else "papers have"
    return f"{with_all} {papers} all of these words; {shown} are shown too."
