"""Opening the keyword index: tantivy's part and, when they are first asked, the postings."""

import math
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tantivy import Index, Query, Schema, Searcher

from broadsheet.search import fields, generations
from broadsheet.search.commit import Commit, Remembered
from broadsheet.search.engine import Found, Request
from broadsheet.search.guard import engine_errors
from broadsheet.search.hits import Hits
from broadsheet.search.keyword import Question
from broadsheet.search.spelling import Vocabulary
from broadsheet.search.text import searchable, stems

if TYPE_CHECKING:  # numpy is loaded with the first question
    from broadsheet.search.postings import Snapshot

Answer = TypeVar("Answer")
STEMS = 20_000  # whose frequency is remembered for the life of a commit: 40 microseconds each at 2.8 million papers


class KeywordSnapshot:
    """One commit of the keyword index."""

    def __init__(self, index: Index, searcher: Searcher, sequence: int, postings: "Callable[[], Snapshot]") -> None:
        self._hits, self._sequence = Hits(index.schema, searcher), sequence
        frequency = lru_cache(STEMS)(partial(searcher.doc_freq, "text"))
        self._commit = Commit(
            self._hits, Remembered(), Vocabulary(searcher), cache(postings), frequency, Remembered(), Remembered()
        )

    @property
    def sequence(self) -> int:
        """The last change of the catalogue that is in this commit."""
        return self._sequence

    def count(self) -> int:
        """How many papers there are; one document is the state."""
        return max(0, self._hits.searcher.num_docs - 1)

    def rarity(self, words: Sequence[str]) -> list[float]:
        """How rare words are: ln(1 + papers / papers that have it); of several stems the rarest counts."""
        papers = self.count()
        found = []
        for word in words:
            have = min((self._hits.searcher.doc_freq("text", stem) for stem in stems(searchable(word))), default=0)
            found.append(math.log1p(papers / (have + 0.5)))
        return found

    def compiled(self, compile_: Callable[[Schema, Searcher], Answer]) -> Answer:
        """What `compile_` makes for the fields of this commit."""
        return compile_(*self._hits)

    def papers(self, query: Query, most: int) -> list[int]:
        """At most so many papers that match a query of tantivy's, by number. Raises Damaged."""
        with engine_errors():
            return self._hits.of_query(query, most)

    def search(self, request: Request) -> Found:
        """The answer to a request by its words alone, as `keyword` tells."""
        return self.read(request).found()

    def read(self, request: Request) -> Question:
        """A request, to be asked piece by piece. Raises Damaged."""
        return Question(self._commit, request)


class KeywordReader:
    """A generation opened for reading. `snapshot` gives its last commit."""

    def __init__(self, path: Path) -> None:
        generations.check(path)
        self._path = path
        self._opened: Snapshot | None = None
        with engine_errors():
            self._index = opened(path)

    def snapshot(self) -> KeywordSnapshot:
        """The last commit, which takes milliseconds to open. Raises Damaged."""
        with engine_errors():
            self._index.reload()
            searcher = self._index.searcher()
            at = fields.sequence(self._index, searcher)
            sequence = min(at, generations.postings(self._path, at).sequence)  # what one alone has is done again
            return KeywordSnapshot(self._index, searcher, sequence, partial(self._postings, at))

    def _postings(self, at: int) -> "Snapshot":
        """The postings' commit for a sequence of tantivy's. Raises Damaged."""
        from broadsheet.search.postings import opened  # noqa: PLC0415  numpy: with the first question

        self._opened = opened(self._path, self._opened, at)
        return self._opened


def create(path: Path) -> None:
    """Makes an empty index in an empty folder."""
    with engine_errors():
        fields.create(str(path))


def opened(path: Path) -> Index:
    """tantivy's part of a generation. Raises whatever tantivy does."""
    return fields.registered(Index.open(str(path)))
