"""Many standing queries against some new papers: which is a hit of which, how well it fits, and why.

1. The papers become a small index in memory (`newcomers`), which is asked by the search's own queries. A query of which
   no paper has a word that it needs is not asked at all.
2. The meanings of queries and papers are two matrices; their product says how near all are to all. A paper that lacks
   words but passes the filters is a hit from the query's own threshold on.
3. What is disliked is taken away (`dislikes`).

    score(q, p) = (1 - SHARE) * has(q, p) + SHARE * max(0, cos(q, p))        SHARE as in `search.fusion`

`has` is 1 where p matches by its words, else the part of the free words that it has. A score compares papers of one
query on different days: unlike BM25 it does not depend on the other papers.

A query is read, compiled and given its vector once, and remembered: run after run they are the same.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from broadsheet.search import fusion
from broadsheet.search.engine import Document
from broadsheet.search.following import document
from broadsheet.search.keywordindex import KeywordIndex
from broadsheet.search.meaning import LIKED, MeaningIndex
from broadsheet.search.query import Days
from broadsheet.search.standing import dislikes
from broadsheet.search.standing.dislikes import Dislike, Split, split
from broadsheet.search.standing.newcomers import Newcomers, Reasons, Texts
from broadsheet.search.standing.wish import WORDS_ALONE, Compiled, Read, Wish, asks, compiled, read, sought
from broadsheet.types import Paper, Why

if TYPE_CHECKING:  # numpy is loaded with the encoder
    from broadsheet.search.encoder import Vectors

__all__ = ["WORDS_ALONE", "Fit", "Matcher", "Split", "Wish", "asks", "split"]

REMEMBERED = 20_000  # texts
AT_ONCE = 1_000  # queries whose cosines are in memory together
_SLACK = 1e-6  # of a cosine, which sums of floats may lose
_PASSING = 200_000  # papers that filters leave of the past


class Fit(NamedTuple):
    """A paper (its number) that is a hit of a wish (its number), by its words or for its meaning.

    `score` is from 0 to 1.
    """

    wish: int
    paper: int
    score: float
    why: Why
    by_words: bool


@dataclass(slots=True)
class _Known:
    """What is remembered of a text."""

    read: Read
    queries: Compiled | None = None
    reasons: Reasons | None = None
    vector: "Vectors | None" = None


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some papers, and what they mean, one a row."""

    texts: Texts
    vectors: "Vectors | None"


class Matcher:
    """Matches standing queries; keeps what it read of their texts. One thread at a time."""

    def __init__(self, words: KeywordIndex, meaning: MeaningIndex | None) -> None:
        self._words, self._meaning = words, meaning
        self._texts: dict[str, _Known] = {}
        self._unlike: dict[str, list[Dislike]] = {}

    def match(
        self, wishes: Sequence[Wish], papers: Sequence[Paper], *, stop: Callable[[], bool] = lambda: False
    ) -> list[Fit]:
        """The hits among these papers, wish by wish, the best first. Raises Damaged, BadSetting.

        `stop` is asked between some hundreds of wishes: once it is true, it raises InterruptedError.
        """
        found: list[Fit] = []
        if not papers or not wishes:
            return found
        documents = [document(paper) for paper in papers]
        newcomers, vectors = Newcomers(documents), self._of_papers(documents)
        for start in range(0, len(wishes), AT_ONCE):
            if stop():
                raise InterruptedError
            found += self._some(wishes[start : start + AT_ONCE], newcomers, vectors)
        return found

    def past(
        self, wish: Wish, since: str, papers: Callable[[Sequence[int]], Sequence[Paper]], *, most: int
    ) -> list[Fit]:
        """What a wish would have found among the papers of the index from a day on, the best first.

        `papers` gives papers by their numbers. Where more than `most` may be hits, some are left out. Raises Damaged,
        BadSetting.
        """
        one = self._known([wish.text])[wish.text]
        if (snapshot := self._words.current()) is None:
            return []
        asked = replace(one.read, filters=[*one.read.filters, Days(since, None)])
        words, filters = snapshot.compiled(partial(compiled, asked))
        hits = {} if words is None or one.read.empty else dict.fromkeys(snapshot.papers(words, most), True)
        aim, near = self._wanted([wish], {wish.text: one})[0], {}
        if self._meaning and wish.near < WORDS_ALONE and filters is not None and aim.any():
            nearest = self._meaning.nearest(aim, most, self._meaning.mask(since, None, ()))
            near = {paper.number: paper.cosine for paper in nearest if paper.cosine >= wish.near}
            passing = set(snapshot.papers(filters, _PASSING)) if near else set()
            hits |= {number: False for number in near if number in passing and number not in hits}
        return self._fits_of_past(wish, one, hits, papers(list(hits)[:most]))

    def _fits_of_past(self, wish: Wish, one: _Known, hits: dict[int, bool], papers: Sequence[Paper]) -> list[Fit]:
        texts = Texts([document(paper) for paper in papers])
        numbers = tuple(paper.number for paper in papers)
        batch = _Batch(texts, self._stored([numbers]).get(0))
        aim = self._wanted([wish], {wish.text: one})[0]
        near = None if batch.vectors is None else batch.vectors @ aim
        kept = self._kept(wish, list(range(len(papers))), batch, aim, self._stored([wish.unlike]).get(0))
        fits = (_fit(wish, one, texts, place, near, by_words=hits[numbers[place]]) for place in kept)
        return sorted(fits, key=_order)

    def _some(self, wishes: Sequence[Wish], newcomers: Newcomers, vectors: "Vectors | None") -> Iterator[Fit]:
        batch = _Batch(newcomers, vectors)
        known = self._known([wish.text for wish in wishes])
        wanted = self._wanted(wishes, known)
        cosines = None if vectors is None else wanted @ vectors.T
        disliked = self._stored([wish.unlike for wish in wishes])
        for row, wish in enumerate(wishes):
            one = known[wish.text]
            one.queries = one.queries or compiled(one.read, newcomers.schema, newcomers.searcher)
            near = None if cosines is None else cosines[row]
            if hits := _hits(wish, one, newcomers, near):
                kept = self._kept(wish, list(hits), batch, wanted[row], disliked.get(row))
                fits = (_fit(wish, one, newcomers, place, near, by_words=hits[place]) for place in kept)
                yield from sorted(fits, key=_order)

    # What texts and papers mean.

    def _known(self, texts: Sequence[str]) -> dict[str, _Known]:
        """What these texts ask for; what is new is read now, and given its vector."""
        new = [text for text in dict.fromkeys(texts) if text not in self._texts]
        if len(self._texts) + len(new) > REMEMBERED:
            self._texts = {text: self._texts[text] for text in texts if text in self._texts}
        made = {text: _Known(read(text)) for text in new}
        if self._meaning:
            telling = [one for one in made.values() if one.read.meaning]
            vectors = self._meaning.embed([one.read.meaning for one in telling]) if telling else ()
            for one, vector in zip(telling, vectors, strict=True):
                one.vector = vector
        self._texts |= made
        return {text: self._texts[text] for text in texts}

    def _of_papers(self, documents: Sequence[Document]) -> "Vectors | None":
        if not self._meaning:
            return None
        texts = [one.texts[0] if one.texts else "" for one in documents]  # as the index keeps them
        return self._meaning.of_papers([one.title for one in documents], texts)

    def _wanted(self, wishes: Sequence[Wish], known: dict[str, _Known]) -> "Vectors":
        """What each wish means, one a row: its text and the mean of what it likes. Zero where it means nothing."""
        import numpy as np  # noqa: PLC0415  see above

        likes = self._stored([wish.like for wish in wishes])
        size = self._meaning.dimensions() if self._meaning else 0
        rows = np.zeros((len(wishes), size), dtype=np.float32)
        for row, wish in enumerate(wishes):
            if (text := known[wish.text].vector) is not None:
                rows[row] += text
            if row in likes:
                rows[row] += LIKED * dislikes.unit(likes[row].mean(axis=0, keepdims=True))[0]
        return dislikes.unit(rows)

    def _stored(self, numbers: Sequence[tuple[int, ...]]) -> "dict[int, Vectors]":
        """The vectors that the index has of papers, for each list of them that is not empty."""
        some = {row: own for row, own in enumerate(numbers) if own}
        if not some or not self._meaning:
            return {}
        import numpy as np  # noqa: PLC0415  see above

        papers = sorted({number for own in some.values() for number in own})
        vectors = dict(zip(papers, self._meaning.vectors_of(np.array(papers)), strict=True))
        return {row: np.stack([vectors[number] for number in own]) for row, own in some.items()}

    def _disliked(self, text: str) -> list[Dislike]:
        """The single dislikes that a text names."""
        if text not in self._unlike:
            named = dislikes.named(text) if self._meaning else []
            vectors = self._meaning.embed(named) if self._meaning and named else ()
            if len(self._unlike) >= REMEMBERED:
                self._unlike.clear()
            self._unlike[text] = [Dislike(sought(one), vector) for one, vector in zip(named, vectors, strict=True)]
        return self._unlike[text]

    def _kept(
        self, wish: Wish, places: list[int], batch: _Batch, aim: "Vectors", disliked: "Vectors | None"
    ) -> list[int]:
        """Those of some places that are not disliked; `aim` is what the wish means."""
        unlike = set(wish.unlike)
        places = [place for place in places if batch.texts.documents[place].number not in unlike]
        words = self._disliked(wish.unlike_text) if wish.unlike_text else []
        if not places or batch.vectors is None or not (words or disliked is not None):
            return places
        own = batch.vectors[places]
        alike: set[int] = set()
        if disliked is not None:
            alike.update(dislikes.alike(own, disliked, aim).nonzero()[0].tolist())
        to_wish = (own @ aim).tolist()
        to_words = [(own @ one.vector).tolist() for one in words]
        return [
            place
            for row, place in enumerate(places)
            if row not in alike
            and not any(
                dislikes.about(batch.texts.said(place), cosines[row], to_wish[row], one)
                for one, cosines in zip(words, to_words, strict=True)
            )
        ]


def _hits(wish: Wish, one: _Known, newcomers: Newcomers, near: "Vectors | None") -> dict[int, bool]:
    """The places of the papers that a wish finds, and whether by their words."""
    words, filters = one.queries or Compiled(None, None)
    found: dict[int, bool] = {}
    if words is not None and not newcomers.lacks(one.read.needed):
        found = dict.fromkeys(newcomers.matching(words), True)
    if wish.near >= WORDS_ALONE or near is None:
        return found
    places = [place for place in (near >= wish.near - _SLACK).nonzero()[0].tolist() if place not in found]
    if places and one.read.filters:
        passing = set(newcomers.matching(filters)) if filters is not None else set()
        places = [place for place in places if place in passing]
    return found | dict.fromkeys(places, False)


def _fit(wish: Wish, one: _Known, texts: Texts, place: int, near: "Vectors | None", *, by_words: bool) -> Fit:
    cosine = None if near is None else float(near[place])
    words, meaning = (1 - fusion.SHARE) * (1.0 if by_words else _has(one, texts, place)), 0.0
    if cosine is not None and cosine > 0:
        meaning = fusion.SHARE * cosine
    if by_words and not one.read.told:  # what every such hit has: said once
        one.reasons = one.reasons or texts.reasons(place, (), one.read.had)
        reasons = one.reasons
    elif by_words:
        reasons = texts.reasons(place, one.read.told, one.read.had)
    else:
        reasons = texts.reasons(place, [*one.read.had, *one.read.told])
    parts = {name: round(part, 3) for name, part in (("keyword", words), ("meaning", meaning)) if part}
    why = Why(
        parts,
        reasons.all,
        None if cosine is None else round(cosine, 3),
        reasons.said() if by_words or cosine is None else reasons.said(cosine),
    )
    return Fit(wish.number, texts.documents[place].number, round(words + meaning, 4), why, by_words)


def _has(one: _Known, texts: Texts, place: int) -> float:
    """The part of the free words that a paper has; 1 where there are none."""
    said, groups = texts.said(place), one.read.free.groups
    if not groups:
        return 1.0
    return sum(said.has(found) or bool(joined and said.has(joined)) for found, joined in groups) / len(groups)


def _order(fit: Fit) -> tuple[float, int]:
    return -fit.score, fit.paper
