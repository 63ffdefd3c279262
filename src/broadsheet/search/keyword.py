"""The keyword engine for reading: which papers match a query's words, which come first, and why.

Which match. Free words are those outside groups, phrases, fields and exclusions; everything else must match. If at
least `ENOUGH` papers of the index have all the free words, and one of them passes the filters, the papers with all of
them are the answer; otherwise papers with any of them are, and a note says so. A filter can only make the answer
smaller, so the counts of `facets` are those of the searches that they lead to. By date there is no gradual answer:
papers have all the words or, if none has, at least half of them.

What they score. The same sum over the query's words w in both cases:

    score(d) = sum_w n(w) * (BM25(w, text of d) + 0.25 * BM25(w, title of d))        n(w): times w is in the query

(BM25 after Robertson and Zaragoza 2009, with k1 = 1.2 and b = 0.75; `text` holds the title twice. `lexical` has the two
ways to compute it.) On four judged sets "any word" was better than "all words" or "half of the words".

How the first ones are found without scoring every match: in two steps, after the idea of MaxScore (Turtle and Flood
1995), that a common word alone lifts nothing to the top. `candidates` takes the best few (`Request.depth`) by the BM25
of `text` over the query's rarest words, as many as the work allows (`BUDGET`), or, where all words are common and more
papers than are wanted have them in their titles, the best of those (`COMMON`); `scores` then computes the sum for these
and for whatever else is to be compared with them. A paper whose whole title is the query comes first. After these the
matching papers follow by the BM25 of `text` over all words.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from tantivy import Order, Query

from broadsheet.search import facets, freewords, names, sets
from broadsheet.search.commit import Commit
from broadsheet.search.compiling import Compiler, is_stop_word, wanted_words
from broadsheet.search.engine import Found, Request
from broadsheet.search.hits import Pairs
from broadsheet.search.lexical import MOST_HELD, SETS, ByPostings, ByTantivy, Ranking, Which
from broadsheet.search.query import All, Author, Phrase, Word
from broadsheet.search.text import bare, searchable, stems
from broadsheet.types import Facets, Sort, Why

if TYPE_CHECKING:  # numpy is loaded with the first question
    from broadsheet.search.passing import Passing
    from broadsheet.search.postings import Mask, Numbers

DEPTH = 200  # papers that are ranked by the whole formula where words alone count
ENOUGH = 100  # papers with all the words; then papers with only some are left out
BUDGET = 2_000  # postings for each candidate, where words may be left out: 200,000 take about 2 ms
COMMON = 20_000  # papers that have each of the words: then the best are looked for by their titles, to begin with
EXACT_TITLE = 1_000.0  # more than any sum of BM25 in practice
MOST_TITLED = 10  # papers with one and the same title
FEW = 20  # of so many papers one matches: then tantivy counts facets sooner than arrays of all papers do
MOST_NAMED = 2_000  # papers of an author that are looked up one by one: 5 ms
MOST_OF_A_TITLE = 10_000  # papers with one title that are counted


class Question:
    """A request as one commit reads it: which papers match, what they score, and why.

    `text` is what it asks for in words, misspelt ones corrected, without exclusions and filters; `terms` are the
    stems to mark. `by_date` says that there is nothing to rank by, or that nothing should be.
    """

    def __init__(self, commit: Commit, request: Request) -> None:
        self._commit, self._request = commit, request
        self._hits, self._counts, vocabulary, _, frequency, *_ = commit
        self._compiler = compiler = Compiler(*self._hits, request.leaves, frequency)
        nodes = request.tree.nodes if isinstance(request.tree, All) else (request.tree,) if request.tree else ()
        words = [node for node in nodes if isinstance(node, Word) and node.place == "any"]
        filters = [node for node in nodes if node not in words]
        elsewhere = [word for node in filters for word in wanted_words(node)]
        papers = self._hits.searcher.num_docs
        self._free = freewords.read(words, compiler, vocabulary, papers, alone=not elsewhere)
        self._pairs = [(node, clause) for node in filters for clause in sets.clauses(compiler, [node])]
        self._rest = [clause for _, clause in self._pairs]
        self._scored = [query for node, (_, query) in self._pairs if any(wanted_words(node))]
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
        self.titled = tuple(self._hits.of_query(self._title, MOST_TITLED)) if self._title else ()
        self._best: Pairs = []

    @cached_property
    def _all(self) -> bool:
        """Whether papers with all the words are the answer. Only who asks makes a look at the papers necessary."""
        found = not self._free.weights or self._have_all()
        self._counts.of(self._key("enough"), lambda: found)
        return found

    @cached_property
    def passing(self) -> "Passing":
        """The papers that pass the filters. Raises whatever tantivy does, Damaged."""
        from broadsheet.search.passing import passing  # noqa: PLC0415  numpy: with the first question

        return passing(self._commit.postings(), self._hits, self._compiler, self._pairs)

    @cached_property
    def _ranking(self) -> Ranking:
        """How the free words rank papers."""
        if self.passing.others:
            return ByTantivy(self._hits, self._compiler, self._free, self._rest)
        return ByPostings(self._commit.postings(), self._compiler, self._free, self.passing.mask)

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
        return self._counted()

    def facets(self) -> Facets:
        """How the papers that match divide by year, category and author."""
        if self.hopeless:
            return Facets()
        self._all = bool(self._counts.of(self._key("enough"), lambda: self._all))  # the page found it out on its way
        many = self._counted() * FEW >= self._hits.searcher.num_docs
        mask = self._mask() if many else None
        if mask is None:
            return facets.count(self._hits.searcher, self._set, self._count_within)

        from broadsheet.search.postings.dividing import among  # noqa: PLC0415  numpy: with the first question

        def within(name: str) -> int:
            numbers = self._commit.signed.of(names.wanted(name), lambda: self._papers_of(name))
            return self._count_within(name) if numbers is None else among(mask, numbers)

        postings, written = self._commit.postings(), self._commit.written
        return facets.count_mask(postings, mask, self._hits, within, written=written)

    def months(self) -> list[tuple[str, int]]:
        """How many of the papers that have all of the words are of each month; see `facets.months`."""
        if self.hopeless:
            return []
        words = sets.all_words(self._compiler, self._free) if self._free.weights else None
        return facets.months(self._hits.searcher, sets.joined(self._compiler, words, self._rest))

    def newest(self, limit: int) -> list[int]:
        """The newest papers that match, where the request is by date."""
        return [number for number, _ in self._listed(limit, 0)]

    def matching(self, numbers: Sequence[int], scores: Mapping[int, float]) -> set[int]:
        """Which of these papers, which pass the filters, match. Where any word will do, their scores tell."""
        if self.hopeless:
            return set()
        if not self._free.weights:
            return self._hits.among(self._set, numbers)
        if not self._all and not self._scored:
            return {number for number in numbers if scores.get(number)}
        return self._ranking.matching(numbers, self._which)

    def pass_others(self, numbers: Sequence[int]) -> set[int]:
        """Which of these papers pass the filters that `passing` has no mask of."""
        clauses = sets.clauses(Compiler(*self._hits, self._request.leaves), self.passing.others)
        return self._hits.among(sets.joined(self._compiler, None, clauses), numbers)

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
        if self._all and not self._free.weights and not self.by_date:
            self._best = self._listed(self._request.depth, 0)
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
        found = self._ranking.scores(numbers) if self._free.weights and numbers else {}
        more = self._hits.scores(numbers, self._scored) if self._scored else {}
        return {number: found.get(number, 0.0) + more.get(number, 0.0) for number in numbers}

    def whys(self, numbers: Sequence[int], scores: Sequence[float]) -> list[Why]:
        """Which words each of these papers has, and what its title added to its score."""
        typed = self._typed
        asked = {stem: self._free.weights.get(stem, 1.0) for stem in list(typed)[:MOST_HELD]}
        if not asked or not numbers:
            return [Why() for _ in numbers]
        held = self._ranking.held(numbers, asked)
        whys = []
        for number, score in zip(numbers, scores, strict=True):
            has = (typed[stem] for stem in asked if stem in held[number].stems)
            whys.append(Why(_parts(score, held[number].title), tuple(dict.fromkeys(has))))
        return whys

    # Inside.

    def _signed(self, name: str) -> Query:
        """The papers of an author."""
        return Compiler(*self._hits).matching(Author(name)) or Query.empty_query()

    def _papers_of(self, name: str) -> "Numbers | None":
        """The papers of an author; None if they are many."""
        import numpy as np  # noqa: PLC0415  with the first question

        found = self._hits.searcher.search(self._signed(name), MOST_NAMED, count=True)
        if found.count > MOST_NAMED:  # type: ignore[attr-defined]  # missing in tantivy's stubs
            return None
        return np.array(self._hits.numbers([address for _, address in found.hits]), np.uint32)

    def _count_within(self, name: str) -> int:
        """How many of the papers of an author match."""
        searcher, few = self._hits.searcher, self._signed(name)
        if self._all or self.by_date:
            return sets.count(searcher, sets.both(few, self._set))
        words = [self._compiler.term("text", stem) for stem in self._free.weights]
        few = sets.joined(self._compiler, few, self._rest)
        return sets.count_with_any(searcher, few, [*words, *([self._title] if self._title else [])])

    def _counted(self) -> int:
        return self._counts.of(self._key(self._which), self._count)

    @property
    def _which(self) -> Which:
        """How many of the free words a paper has that matches."""
        return "all" if self._all else "half" if self.by_date else "any"

    def _mask(self) -> "Mask | None":
        """The papers that match, if the postings can tell."""
        if not self._free.weights:
            return None if self.passing.others else self.passing.mask_of(self._commit.postings())
        if not isinstance(self._ranking, ByPostings):
            return None
        mask = self._ranking.mask(self._which)
        titled = self._hits.of_query(self._title, MOST_OF_A_TITLE) if self._title else ()
        return mask | self._commit.postings().these(titled)

    def _count(self) -> int:
        """How many papers match."""
        if not self._free.weights:
            return sets.count(self._hits.searcher, self._set)
        titled = self._hits.of_query(self._title, MOST_OF_A_TITLE) if self._title else []
        found = self._ranking.count(self._which)
        return found + len(titled) - len(self._ranking.matching(titled, self._which))

    @property
    def _set(self) -> Query:
        """The papers that match, as tantivy finds them."""
        if not self._free.weights:
            return sets.joined(self._compiler, None, self._rest)
        words = SETS[self._which](self._compiler, self._free)
        return sets.joined(self._compiler, sets.or_title(words, self._title), self._rest)

    def _have_all(self) -> bool:
        """Whether the papers with all the words are the answer. Finds the candidates on the way, and notes."""
        depth, single = self._request.depth, len(self._free.weights) == 1
        self._best = self._by_titles()
        if self._best:
            self._at_least = len(self._best)
            return True
        self._best, have = self._ranking.with_all(depth)
        self._at_least = have
        if not self._title:
            self._counts.of(self._key("all"), lambda: have)
        if single or have >= (1 if self.by_date else ENOUGH) or (have and self._enough_in_index()):
            return True
        if self.by_date:
            some = self._ranking.count("half")
        else:
            found = self._any_word()
            self._best, some = found[:depth], len(found)
        self._at_least = max(have, some)
        if some > have and not self._title:
            self._notes.append(_note(have, by_date=self.by_date))
        return some <= have

    def _enough_in_index(self) -> bool:
        """Whether enough papers have all the words, filters aside."""
        if not self._rest or min(map(self._compiler.frequency, self._free.weights)) < ENOUGH:
            return False  # with the very words of a compound as the exception, which costs a look at more papers
        key = frozenset(self._free.weights), "index"
        return self._counts.of(key, self._ranking.all_in_index) >= ENOUGH

    def _by_titles(self) -> Pairs:
        """The best of those that have all words in their titles, if the words are so common that these are enough.

        Papers with all of a few common words are a good part of the index, and each of them would be scored.
        """
        if self.by_date or min(map(self._compiler.frequency, self._free.weights)) < COMMON:
            return []
        depth = self._request.depth
        return self._ranking.with_all_in_title(max(depth, ENOUGH))[:depth]

    def _any_word(self) -> Pairs:
        """The best papers with any of the rarest words; with any word at all, where there are few of those."""
        compiler, free, depth = self._compiler, self._free, self._request.depth
        most = max(depth, ENOUGH)  # the number of those found tells whether there are more than have all words
        found: Pairs = []
        rarest = sets.rarest(compiler, free, most, depth * BUDGET)
        for words in (rarest, free.weights) if len(rarest) < len(free.weights) else (free.weights,):
            found = self._ranking.with_any(words, most)
            if len(found) == most:
                break
        return found

    def _titles(self) -> Query | None:
        key = self._request.title
        if not key or not self._hits.searcher.doc_freq("title_key", key):
            return None
        return sets.joined(self._compiler, self._compiler.term("title_key", key), self._rest)

    def _listed(self, limit: int, offset: int) -> list[tuple[int, float]]:
        """A stretch of all papers that match, in the engine's own order."""
        if self.hopeless:
            return []
        deepest, way = self._request.deepest, Order.Asc if self._request.ascending and self.by_date else Order.Desc
        most, at = max(0, min(limit, deepest - offset)), min(offset, deepest)
        if offset + limit > deepest and self._counted() > deepest:
            self._notes.append(f"Only the first {deepest:,} papers can be paged through; narrow the query for others.")
        by = self._request.by if self.by_date else None
        if self._free.weights and by in (None, "order"):
            pairs, count = self._ranking.listed(self._which, at + most, by_date=self.by_date, oldest=way is Order.Asc)
            pairs = pairs[at:]
        else:
            result = self._hits.searcher.search(
                self._set, most or 1, count=True, offset=at, order_by_field=by, order=way
            )
            pairs, count = self._hits.pairs(result.hits[:most]), int(result.count)  # type: ignore[attr-defined]
            self._counts.of(self._key(self._which), lambda: count)
        self._at_least = max(self._at_least, count)
        return [(number, 0.0) for number, _ in pairs] if self.by_date else pairs

    def _key(self, which: str) -> Hashable:
        return self._request.tree, self._request.title, self.by_date, which


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
