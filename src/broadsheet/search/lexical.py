"""How the free words of a question rank papers: by the postings, or by tantivy.

The postings (`postings`) do it where the papers that pass the query's filters can be told as a mask. Where a filter
lets through more papers than tantivy can name (`passing.MOST_LISTED`: an author of a hundred thousand papers, say),
tantivy ranks them itself, by the same formula and in several times the time.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from tantivy import Order, Query

from broadsheet.search import sets
from broadsheet.search.compiling import TITLE, Clause, Compiler
from broadsheet.search.freewords import FreeWords
from broadsheet.search.hits import Hits, Pairs

if TYPE_CHECKING:  # numpy is loaded with the first question
    from broadsheet.search.postings import Group, Mask, Numbers, Scores, Snapshot

MOST_HELD = 20  # stems: one bit each, and a float carries 24
Which = Literal["all", "any", "half"]  # of the words


class Held(NamedTuple):
    """What a paper holds of some stems: which, and what the title adds to its score."""

    stems: frozenset[str]
    title: float


class Ranking(Protocol):
    """The papers that pass a question's filters, by its free words. All scores are BM25 of the whole text."""

    def with_all(self, most: int) -> tuple[Pairs, int]:
        """The best papers with all words, and how many have them."""

    def with_all_in_title(self, most: int) -> Pairs:
        """The best papers with all words in the title; none if fewer than `most` have them there."""

    def with_any(self, weights: Mapping[str, float], most: int) -> Pairs:
        """The best papers with any of these stems."""

    def all_in_index(self) -> int:
        """How many papers have all words, filters aside."""

    def count(self, which: Which) -> int:
        """How many papers have "all", "any" or "half" of the words."""

    def listed(self, which: Which, most: int, *, by_date: bool, oldest: bool) -> tuple[Pairs, int]:
        """The first papers that have so many of the words, best or newest or oldest first, and how many are known."""

    def matching(self, numbers: Sequence[int], which: Which) -> set[int]:
        """Which of these papers have so many of the words."""

    def scores(self, numbers: Sequence[int]) -> dict[int, float]:
        """What papers score by text and title, however few of the words they have."""

    def held(self, numbers: Sequence[int], weights: Mapping[str, float]) -> dict[int, Held]:
        """Which of these stems papers hold."""


class ByPostings:
    """Ranking by the postings. `allowed` are the papers that pass the filters, None where there are none."""

    def __init__(self, snapshot: "Snapshot", compiler: Compiler, free: FreeWords, allowed: "Mask | None") -> None:
        from broadsheet.search.postings import Asked  # noqa: PLC0415  numpy: when used

        self._snapshot, self._compiler, self._free = snapshot, compiler, free
        self._asked = Asked(snapshot, allowed)
        self._looked_at: tuple[tuple[str, ...], dict[int, tuple[Mask, float]]] = (), {}
        self._groups = [
            ([stem for stem in stems if compounds or stem in free.weights], compounds)
            for stems, compounds in free.groups
        ]

    def with_all(self, most: int) -> tuple[Pairs, int]:
        """See `Ranking`."""
        numbers, scores, count = self._asked.best_with_all(self._groups, self._free.weights, most)
        return _pairs(numbers, scores), count

    def with_all_in_title(self, most: int) -> Pairs:
        """See `Ranking`."""
        numbers, scores, count = self._asked.best_with_all(self._groups, self._free.weights, most, "title")
        return _pairs(numbers, scores) if count >= most else []

    def with_any(self, weights: Mapping[str, float], most: int) -> Pairs:
        """See `Ranking`."""
        return _pairs(*self._asked.best(weights, most))

    def all_in_index(self) -> int:
        """See `Ranking`."""
        from broadsheet.search.postings import Asked  # noqa: PLC0415

        return len(Asked(self._snapshot).all_words(self._groups))

    def _needed(self, which: Which) -> "tuple[Sequence[Group], int]":
        """The groups of which a paper needs so many."""
        if which == "all":
            return self._groups, len(self._groups)
        if which == "any":
            return [((stem,), ()) for stem in self._free.weights], 1
        some, least = sets.some_of(self._compiler, self._free)
        return [((stem,), ()) for stem in some], least

    def mask(self, which: Which) -> "Mask":
        """The papers that have "all", "any" or "half" of the words."""
        if which == "all":
            return self._snapshot.these(self._asked.all_words(self._groups))
        if which == "any":
            return self._asked.any_word(self._free.weights)
        return self._asked.some_words(*sets.some_of(self._compiler, self._free))

    def count(self, which: Which) -> int:
        """See `Ranking`."""
        return int(self.mask(which).sum())

    def listed(self, which: Which, most: int, *, by_date: bool, oldest: bool) -> tuple[Pairs, int]:
        """See `Ranking`."""
        if by_date:
            mask = self.mask(which)
            numbers = self._snapshot.in_order_of_days(mask, most, oldest=oldest)
            return [(number, 0.0) for number in numbers], int(mask.sum())
        if which == "all":
            return self.with_all(most)
        found = self.with_any(self._free.weights, most)
        return found, len(found)

    def matching(self, numbers: Sequence[int], which: Which) -> set[int]:
        """See `Ranking`."""
        return self._asked.holding(numbers, *self._needed(which))

    def scores(self, numbers: Sequence[int]) -> dict[int, float]:
        """See `Ranking`."""
        weights = self._free.weights
        texts = self._asked.contributions(numbers, weights, "text")
        titles = TITLE * self._asked.contributions(numbers, weights, "title").sum(axis=1)
        self._looked_at = tuple(weights), dict(zip(numbers, zip(texts > 0, titles.tolist(), strict=True), strict=True))
        return dict(zip(numbers, (texts.sum(axis=1) + titles).tolist(), strict=True))

    def held(self, numbers: Sequence[int], weights: Mapping[str, float]) -> dict[int, Held]:
        """See `Ranking`."""
        stems, known = self._looked_at  # most questions are asked for papers that were scored just before
        if set(stems) != weights.keys() or not known.keys() >= set(numbers):
            stems = tuple(weights)
            has = self._asked.times(numbers, stems, "text") > 0
            titles = TITLE * self._asked.contributions(numbers, weights, "title").sum(axis=1)
            known = dict(zip(numbers, zip(has, titles.tolist(), strict=True), strict=True))
        found = {}
        for number in numbers:
            has, title = known[number]
            found[number] = Held(frozenset(itertools.compress(stems, has.tolist())), title)
        return found


class ByTantivy:
    """Ranking by tantivy. `rest` is what papers must match besides."""

    def __init__(self, hits: Hits, compiler: Compiler, free: FreeWords, rest: list[Clause]) -> None:
        self._hits, self._compiler, self._free, self._rest = hits, compiler, free, rest

    def with_all(self, most: int) -> tuple[Pairs, int]:
        """See `Ranking`."""
        query = sets.joined(self._compiler, sets.all_words(self._compiler, self._free), self._rest)
        result = self._hits.searcher.search(query, most, count=True)
        return self._hits.pairs(result.hits), int(result.count)  # type: ignore[attr-defined]  # not in tantivy's stubs

    def with_all_in_title(self, most: int) -> Pairs:
        """See `Ranking`."""
        query = sets.joined(self._compiler, sets.all_in_title(self._compiler, self._free), self._rest)
        hits = self._hits.searcher.search(query, most, count=False).hits
        return self._hits.pairs(hits) if len(hits) >= most else []

    def with_any(self, weights: Mapping[str, float], most: int) -> Pairs:
        """See `Ranking`."""
        query = sets.joined(self._compiler, sets.any_of(self._compiler, weights), self._rest)
        return self._hits.pairs(self._hits.searcher.search(query, most, count=False).hits)

    def all_in_index(self) -> int:
        """See `Ranking`."""
        return sets.count(self._hits.searcher, sets.all_words(self._compiler, self._free))

    def count(self, which: Which) -> int:
        """See `Ranking`."""
        words = SETS[which](self._compiler, self._free)
        return sets.count(self._hits.searcher, sets.joined(self._compiler, words, self._rest))

    def listed(self, which: Which, most: int, *, by_date: bool, oldest: bool) -> tuple[Pairs, int]:
        """See `Ranking`."""
        query = sets.joined(self._compiler, SETS[which](self._compiler, self._free), self._rest)
        by, order = ("order" if by_date else None), (Order.Asc if oldest else Order.Desc)
        result = self._hits.searcher.search(query, most or 1, count=True, order_by_field=by, order=order)
        return self._hits.pairs(result.hits[:most]), int(result.count)  # type: ignore[attr-defined]

    def matching(self, numbers: Sequence[int], which: Which) -> set[int]:
        """See `Ranking`."""
        return self._hits.among(SETS[which](self._compiler, self._free), numbers)

    def scores(self, numbers: Sequence[int]) -> dict[int, float]:
        """See `Ranking`."""
        words = [self._compiler.word(stem, n) for stem, n in self._free.weights.items()]
        return self._hits.scores(numbers, words)

    def held(self, numbers: Sequence[int], weights: Mapping[str, float]) -> dict[int, Held]:
        """See `Ranking`. Each stem is worth a power of two, so that a score says which of them a paper holds."""
        compiler, stems = self._compiler, list(weights)[:MOST_HELD]
        bits = [Query.const_score_query(compiler.term("text", stem), float(1 << bit)) for bit, stem in enumerate(stems)]
        has = self._hits.scores(numbers, bits)
        titles = self._hits.scores(numbers, [compiler.in_title(stem, weights[stem]) for stem in stems])
        return {
            number: Held(
                frozenset(stem for bit, stem in enumerate(stems) if int(has.get(number, 0)) >> bit & 1),
                titles.get(number, 0.0),
            )
            for number in numbers
        }


SETS = {"all": sets.all_words, "any": sets.any_word, "half": sets.half}


def _pairs(numbers: "Numbers", scores: "Scores") -> Pairs:
    return list(zip(numbers.tolist(), scores.tolist(), strict=True))
