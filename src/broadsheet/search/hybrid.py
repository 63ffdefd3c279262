"""From a query's text to a ranked list: the whole way, in the order in which it is gone.

1. *Read.* `query.parse` makes a tree of the text, `asked` adds the filters that came beside it, and the keyword
   engine reads the tree (`keyword.Question`): free words, misspelt ones corrected, and filters.
2. *Candidates.* The keyword engine gives its best papers (`Question.candidates`). The encoder makes a vector of the
   words, and the vector index gives the `DEPTH` nearest papers. Both give only papers *that pass the filters*:
   nothing is ranked and thrown away afterwards.
3. *Scores.* Both sides are asked for what they make of all candidates: BM25 and the cosine.
4. *Order.* `fusion.fuse` adds them up, for a query q and a paper p

       score(q, p) = SHARE * max(0, cos(q, p)) + (1 - SHARE) * BM25(q, p) / max_d BM25(q, d)  [+ 1 if q is p's title]

   (a convex combination: Bruch, Gai and Ingber 2023; constants and reasons are told in `fusion`), and
   `recency.added` adds a little for new papers where that is asked for. It is done twice: what the query means is
   moved a little towards the first papers of that order, and the order made again with q + FEEDBACK * their mean (of
   the first `TRUSTED`, weighted by score) in the place of q (Rocchio 1971; with dense vectors Li, Mourad, Zhuang,
   Koopman and Zuccon 2023).
5. *Pages.* From the `FIRST` places on the order is made in the same way of the `DEEPER` best of each side, which the
   first pages need not wait for. After these the papers go on in the keyword engine's order, so that paging never
   ends early, never repeats a paper and leaves none out.

A query without words, or by date, is the keyword engine's alone. So is one that the vector side cannot answer,
whatever the reason: a note says so. Between the steps `Request.stop` is asked whether anybody still waits.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from broadsheet.errors import BroadsheetError
from broadsheet.search import fusion, recency
from broadsheet.search.engine import Found, Request
from broadsheet.search.fusion import Fused
from broadsheet.search.keyword import Question
from broadsheet.search.meaning import MeaningIndex, Near
from broadsheet.search.opening import KeywordSnapshot
from broadsheet.types import Mode, Sort, Why

if TYPE_CHECKING:  # numpy is loaded with the encoder
    from broadsheet.search.encoder import Vectors

DEPTH = 50  # papers of each side that make the first tier; 100 and 200 order the first ten no better
FIRST = 40  # papers that the first tier places; from there on the second one does,
DEEPER = 200  # of so many papers of each side
TRUSTED = 5  # first papers that tell more of what is meant than the query does,
FEEDBACK = 0.3  # and how much they count; on the judged sets 0.2 to 0.4 of 3 to 20 papers are nearly the same
FLOOR = 0.3  # the least cosine of a paper that comes along without having the words
NEAREST = 500  # papers in all when only the meaning counts,
LEAST_NEAR = 100  # and so many of them however far they are
MOST_LOOKED_AT = 2_000  # near papers of which the keyword engine is asked whether they pass
log = logging.getLogger("broadsheet")


def answer(snapshot: KeywordSnapshot, meaning: MeaningIndex | None, request: Request, mode: Mode) -> Found:
    """The answer to a request. Raises Damaged when the keyword index is; a failure of the vectors is a note."""
    if request.stop():  # it may have waited for its turn longer than anybody waited for the answer
        return Found()
    question = snapshot.read(request)
    note = ""
    by_meaning = mode is not Mode.KEYWORD and request.sort is Sort.RELEVANCE and question.text
    if meaning and by_meaning and not request.stop():
        try:
            note = meaning.ready()
            vector = None if note else meaning.vector(question.text)
            if vector is not None:
                near = _nearest(question, meaning, vector, NEAREST if mode is Mode.MEANING else DEPTH)
                hybrid = _Hybrid(question, meaning, vector, near, request)
                return hybrid.by_meaning() if mode is Mode.MEANING else hybrid.by_both()
        except BroadsheetError as error:
            log.warning("a query's meaning was left out: %s", error)
            note = "Papers near in meaning could not be looked for."
        except Exception:  # a query can disappoint but never fail
            log.exception("a query's meaning was left out")
            note = "Papers near in meaning could not be looked for."
    found = question.found()
    found.notes += [note] if note else []
    return found


def _nearest(question: Question, meaning: MeaningIndex, vector: "Vectors", most: int) -> list[Near]:
    """The nearest papers that pass the query's filters.

    The keyword engine tells them as a mask. Of a filter that lets through too many for that, enough of the nearest are
    checked instead.
    """
    mask, others, passing = question.passing
    if not others:
        return meaning.nearest(vector, most, mask)
    enough = min(MOST_LOOKED_AT, 2 * most * meaning.count() // passing)
    near = meaning.nearest(vector, max(most, enough), mask)
    passed = question.pass_others([one.number for one in near])
    return [one for one in near if one.number in passed][:most]


@dataclass(slots=True)
class _Hybrid:
    """A query, its vector, and the nearest papers. `meant` is the vector that papers are ordered by: the query's, moved
    towards the first papers. `cosines` with the query, `nearness` with what is meant, and `priors` (what was added for
    new papers) are of the papers that were looked at, by number.
    """

    question: Question
    meaning: MeaningIndex
    vector: "Vectors"
    near: Sequence[Near]
    request: Request
    meant: "Vectors" = field(init=False)
    cosines: dict[int, float] = field(default_factory=dict)
    nearness: dict[int, float] = field(init=False)
    priors: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cosines.update(self.near)
        self.meant, self.nearness = self.vector, self.cosines

    def by_both(self) -> Found:
        """Steps 3 to 5 of the module."""
        question, request = self.question, self.request
        numbers, exact = question.candidates()
        known = frozenset(numbers)
        beyond = [one for one in self.near if one.number not in known]
        scores = question.scores([*numbers, *(one.number for one in beyond)])
        matching = question.matching([one.number for one in beyond], scores)
        beyond = [one for one in beyond if one.number in matching or one.cosine >= FLOOR]
        best = max((scores.get(number, 0.0) for number in numbers), default=0.0)
        candidates = [*numbers, *(one.number for one in beyond)]
        order = self._fused(candidates, scores, best, exact)
        if len(order) > TRUSTED:
            self._trust(order[:TRUSTED])
            order = self._fused(candidates, scores, best, exact)
        end = request.offset + request.limit
        if end > min(FIRST, len(order)) and not request.stop():
            order[FIRST:] = self._second_tier(order[:FIRST], [one.number for one in beyond], best)
        stretch = order[request.offset : end]
        if end > len(order) and not request.stop():
            stretch += self._tail(order, best)
        found = self._stretch(stretch, best)
        found.total, found.near, found.notes = question.total(), len(beyond) - len(matching), question.notes
        if found.near and not found.total:
            found.notes.append("The papers shown are near in meaning to the query; none has its words.")
        return found

    def _fused(
        self, numbers: Sequence[int], scores: Mapping[int, float], best: float, exact: frozenset[int] = frozenset()
    ) -> list[Fused]:
        """Step 4: these papers by both sides, the best first."""
        words = {number: scores.get(number, 0.0) for number in numbers}
        order = fusion.fuse(words, self._near(numbers), best=best, exact=exact)
        if self.request.recency:
            priors = recency.priors(self.meaning.ages([one.number for one in order]), self.request.recency)
            self.priors |= priors
            order = recency.added(order, priors)
        return order

    def _trust(self, first: Sequence[Fused]) -> None:
        """Moves what is meant towards the first papers, each as far as its score says."""
        whole = sum(one.score for one in first)
        if whole > 0:
            weights = {one.number: FEEDBACK * one.score / whole for one in first}
            self.meant, self.nearness = self.meaning.towards(self.vector, weights), {}

    def _near(self, numbers: Sequence[int]) -> dict[int, float]:
        """How near these papers are to what is meant."""
        unknown = [number for number in numbers if number not in self.nearness]
        self.nearness |= self.meaning.cosines(self.meant, unknown)
        return {number: self.nearness[number] for number in numbers}

    def _second_tier(self, first: Sequence[Fused], near: Sequence[int], best: float) -> list[Fused]:
        """The best of the deeper candidates that match, and of those that came along for being near, but the first."""
        placed = {one.number for one in first}
        words = dict.fromkeys(number for number in self.question.deeper(DEEPER) if number not in placed)
        deeper = _nearest(self.question, self.meaning, self.vector, DEEPER)
        beyond = [one.number for one in deeper if one.number not in placed and one.number not in words]
        scores = self.question.scores([*words, *beyond])
        beyond = list(self.question.matching(beyond, scores).union(near) - placed - words.keys())
        return _below(first, self._fused([*words, *beyond], scores, best))

    def by_meaning(self) -> Found:
        """The nearest papers, whatever words they have; their number is that of the papers that are near enough."""
        request = self.request
        order = [Fused(one.cosine, one.number, 0.0, one.cosine, exact=False) for one in self.near if one.cosine > 0]
        while order and order[-1].score < FLOOR and len(order) > LEAST_NEAR:
            order.pop()
        stretch = order[request.offset : request.offset + request.limit]
        found = self._stretch(stretch, 0.0)
        found.total = len(order)
        return found

    def _tail(self, order: Sequence[Fused], best: float) -> list[Fused]:
        """The stretch of the keyword engine's papers that were not in both sides' best."""
        request = self.request
        skip = max(0, request.offset - len(order))
        wanted = request.offset + request.limit - max(request.offset, len(order))
        words = dict(self.question.rest({one.number for one in order}, skip, wanted))
        fused = {one.number: one for one in fusion.fuse(words, self._near(list(words)), best=best)}
        return _below(order, [fused[number] for number in words])

    def _stretch(self, stretch: Sequence[Fused], best: float) -> Found:
        """The answer's papers, with their whys; the counts are still to come."""
        numbers = [one.number for one in stretch]
        self.cosines |= self.meaning.cosines(self.vector, [one for one in numbers if one not in self.cosines])
        # What the title adds is told apart in BM25's own size.
        raw = [one.keyword * best / (1 - fusion.SHARE) for one in stretch]
        whys = [
            Why(_parts(one, why, best, self.priors), why.words, round(self.cosines[one.number], 3))
            for one, why in zip(stretch, self.question.whys(numbers, raw), strict=True)
        ]
        scores = [one.score for one in stretch]
        return Found(numbers, scores, whys, terms=self.question.terms, titled=self.question.titled)


def _below(before: Sequence[Fused], after: Sequence[Fused]) -> list[Fused]:
    """Papers that come after others whatever their scores: no score is shown as greater than the last one before."""
    last = before[-1].score if before else 1.0
    return [one._replace(score=min(last, one.score)) for one in after]


def _parts(one: Fused, why: Why, best: float, priors: Mapping[int, float]) -> dict[str, float]:
    title = min(one.keyword, (1 - fusion.SHARE) * why.parts.get("title", 0.0) / best) if best else 0.0
    parts = {
        "exact title": fusion.EXACT_TITLE * one.exact,
        "title": title,
        "keyword": one.keyword - title,
        "meaning": one.meaning,
        "new": priors.get(one.number, 0.0),
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
