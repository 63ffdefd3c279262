"""From a query to a ranked list: words and meaning together, in one place.

1. The keyword engine reads the query (`keyword.Question`): free words, misspelt ones corrected, and filters.
2. It gives the best `DEPTH` papers by BM25. The encoder makes a vector of the words, and the vector index gives the
   `DEPTH` nearest papers *that pass the filters*: nothing is ranked and thrown away afterwards.
3. Each side is asked for what it makes of the other's papers, so that every paper of both has both figures.
4. `fusion.fuse` orders them. After these the papers go on in the keyword engine's order, so that paging never ends
   early, never repeats a paper and leaves none out.

A query without words, or by date, is the keyword engine's alone. So is one that the vector side cannot answer,
whatever the reason: a note says so.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadsheet.errors import BroadsheetError
from broadsheet.search import fusion
from broadsheet.search.engine import Found, Request
from broadsheet.search.fusion import Fused
from broadsheet.search.keyword import EXACT_TITLE, KeywordSnapshot, Question
from broadsheet.search.meaning import MeaningIndex, Near
from broadsheet.search.query import Category, Days, Either, Node
from broadsheet.types import Mode, Sort, Why

if TYPE_CHECKING:  # numpy is loaded with the encoder
    from broadsheet.search.encoder import Vectors
    from broadsheet.search.vectors.snapshot import Mask

DEPTH = 100  # papers of each side; 200 order the first ten no better and cost 2 ms more
FLOOR = 0.3  # the least cosine of a paper that comes along without having the words
NEAREST = 500  # papers in all when only the meaning counts
MOST_LISTED = 20_000  # papers that pass a filter and are named to the vector index one by one
MOST_LOOKED_AT = 2_000  # near papers of which the keyword engine is asked whether they pass
log = logging.getLogger("broadsheet")


def answer(snapshot: KeywordSnapshot, meaning: MeaningIndex | None, request: Request, mode: Mode) -> Found:
    """The answer to a request. Raises Damaged when the keyword index is; a failure of the vectors is a note."""
    question = snapshot.read(request)
    note = ""
    if meaning and mode is not Mode.KEYWORD and request.sort is Sort.RELEVANCE and question.text:
        try:
            note = meaning.ready()
            vector = None if note else meaning.vector(question.text)
            if vector is not None:
                near = _nearest(question, meaning, vector, NEAREST if mode is Mode.MEANING else DEPTH)
                hybrid = _Hybrid(question, meaning, vector, near)
                return hybrid.by_meaning(request) if mode is Mode.MEANING else hybrid.by_both(request)
        except BroadsheetError as error:
            log.warning("a query's meaning was left out: %s", error)
            note = "Papers near in meaning could not be looked for."
        except Exception:  # a query can disappoint but never fail
            log.exception("a query's meaning was left out")
            note = "Papers near in meaning could not be looked for."
    found = question.found(request.limit, request.offset)
    found.whys = question.whys(found.numbers, found.scores)
    found.notes += [note] if note else []
    return found


def _nearest(question: Question, meaning: MeaningIndex, vector: "Vectors", most: int) -> list[Near]:
    """The nearest papers that pass the query's filters.

    Days and categories are known to the vector index. Of other filters (an author, a phrase, an exclusion) the
    keyword engine lists the papers that pass; if those are very many, enough of the nearest are checked instead.
    """
    mask: Mask | None = None
    others: list[Node] = []
    for node in question.filters:
        if isinstance(node, Days):
            mask = _both(mask, meaning.mask(node.first, node.last, ()))
        elif codes := _categories(node):
            mask = _both(mask, meaning.mask(None, None, codes))
        else:
            others.append(node)
    if not others:
        return meaning.nearest(vector, most, mask)
    listed, passing = question.allowed(others, MOST_LISTED)
    if passing <= len(listed):
        return meaning.nearest(vector, most, _both(mask, meaning.only(listed)))
    enough = min(MOST_LOOKED_AT, 2 * most * meaning.count() // passing)
    near = meaning.nearest(vector, max(most, enough), mask)
    passed = question.passing(others, [one.number for one in near])
    return [one for one in near if one.number in passed][:most]


def _categories(node: Node) -> list[str]:
    """The categories of a filter that is nothing but categories, any of which will do."""
    nodes = node.nodes if isinstance(node, Either) else (node,)
    codes = [one.code for one in nodes if isinstance(one, Category)]
    return codes if len(codes) == len(nodes) else []


def _both(one: "Mask | None", other: "Mask") -> "Mask":
    """Papers that both masks allow; what lies beyond the end of either is not allowed."""
    if one is None:
        return other
    size = min(len(one), len(other))
    return one[:size] & other[:size]


@dataclass(slots=True)
class _Hybrid:
    """A query, its vector, and the nearest papers."""

    question: Question
    meaning: MeaningIndex
    vector: "Vectors"
    near: Sequence[Near]

    def by_both(self, request: Request) -> Found:
        """See the module."""
        found = self.question.found(DEPTH)
        scores = dict(zip(found.numbers, found.scores, strict=True))
        exact = frozenset(number for number, score in scores.items() if score > EXACT_TITLE)
        beyond = [one for one in self.near if one.number not in scores]
        matching = self.question.matching([one.number for one in beyond])
        beyond = [one for one in beyond if one.number in matching or one.cosine >= FLOOR]
        words = {number: score - EXACT_TITLE * (number in exact) for number, score in scores.items()}
        best = max(words.values(), default=0.0)
        words |= self.question.scores([one.number for one in beyond])
        cosines = {one.number: one.cosine for one in self.near if one.number in words or one.cosine >= FLOOR}
        cosines |= self.meaning.cosines(self.vector, [number for number in scores if number not in cosines])
        order = fusion.fuse(words, cosines, best=best, exact=exact)
        stretch = order[request.offset : request.offset + request.limit]
        if request.offset + request.limit > len(order):
            stretch += self._tail(request, order, len(matching), best)
        near = len(beyond) - len(matching)
        notes = found.notes
        if near and not found.total:
            notes = [*notes, "The papers shown are near in meaning to the query; none has its words."]
        return self._stretch(stretch, found.total, near, notes, best)

    def by_meaning(self, request: Request) -> Found:
        """The nearest papers, whatever words they have; their number is that of the papers that are near enough."""
        order = [Fused(one.cosine, one.number, 0.0, one.cosine, exact=False) for one in self.near if one.cosine > 0]
        while order and order[-1].score < FLOOR and len(order) > DEPTH:
            order.pop()
        stretch = order[request.offset : request.offset + request.limit]
        return self._stretch(stretch, len(order), 0, [], 0.0)

    def _tail(self, request: Request, order: Sequence[Fused], shared: int, best: float) -> list[Fused]:
        """The stretch of the keyword engine's papers that were not in both sides' best."""
        shown = {one.number for one in order}
        first = max(0, request.offset - len(order))
        wanted = request.offset + request.limit - max(request.offset, len(order))
        found = self.question.found(first + wanted + shared, DEPTH)
        rest = [pair for pair in zip(found.numbers, found.scores, strict=True) if pair[0] not in shown]
        words = dict(rest[first : first + wanted])
        cosines = self.meaning.cosines(self.vector, list(words))
        fused = {one.number: one for one in fusion.fuse(words, cosines, best=best)}
        last = order[-1].score if order else 1.0
        return [fused[number]._replace(score=min(last, fused[number].score)) for number in words]

    def _stretch(self, stretch: Sequence[Fused], total: int, near: int, notes: list[str], best: float) -> Found:
        """The answer's papers, with their whys."""
        numbers = [one.number for one in stretch]
        cosines = {one.number: one.cosine for one in self.near}
        cosines |= self.meaning.cosines(self.vector, [number for number in numbers if number not in cosines])
        # What the title adds is told apart in BM25's own size.
        raw = [one.keyword * best / (1 - fusion.SHARE) for one in stretch]
        whys = [
            Why(_parts(one, why, best), why.words, round(cosines[one.number], 3))
            for one, why in zip(stretch, self.question.whys(numbers, raw), strict=True)
        ]
        return Found(numbers, [one.score for one in stretch], whys, total, notes, self.question.terms, near)


def _parts(one: Fused, why: Why, best: float) -> dict[str, float]:
    title = min(one.keyword, (1 - fusion.SHARE) * why.parts.get("title", 0.0) / best) if best else 0.0
    parts = {
        "exact title": fusion.EXACT_TITLE * one.exact,
        "title": title,
        "keyword": one.keyword - title,
        "meaning": one.meaning,
    }
    return {name: round(part, 3) for name, part in parts.items() if part}


def like(meaning: MeaningIndex, more: Sequence[int], less: Sequence[int], limit: int) -> Found:
    """The papers nearest to some papers and far from others; see `Search.like`. Raises BadSetting, Damaged."""
    if note := meaning.ready():
        return Found(notes=[note])
    vector = meaning.like(more, less)
    if vector is None:
        return Found()
    given = {*more, *less}
    near = [one for one in meaning.nearest(vector, limit + len(given)) if one.number not in given][:limit]
    whys = [Why({"meaning": round(one.cosine, 3)}, (), round(one.cosine, 3)) for one in near]
    return Found([one.number for one in near], [one.cosine for one in near], whys, len(near))
