"""Whatever can be deleted and rebuilt: the query language, engines, following the catalogue. `Search` is its door.

query       text -> tree and notes                 text, names   words and authors as index terms
hybrid      the whole way to a ranked list: begin here          fusion, recency   the formula
keyword     tree -> ranked papers                  compiling, sets, hits   tree -> tantivy's queries -> papers
lexical     free words -> order, by postings or tantivy         postings   arrays of which papers hold which stems
passing     filters -> the papers that pass        facets        how the matching papers divide
freewords   which words rank, and how much         spelling      misspelt words          commit   what is remembered
meaning     what papers and queries mean           encoder       text -> vector          vectors  the nearest papers
following   catalogue's change log -> engine       generations   its folder   beside   a second process helps
keywordindex, opening, writing   the keyword index as a whole   fields, titlealone, counting   what is indexed
engine      what an engine must do                 guard, arrays, mapped   failures, and arrays in a file
arxivquery  arXiv's query language -> tree         filtering     filters beside the text -> tree
standing    standing queries against new papers    ownwords   words as they are written, not as stems
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from broadsheet import ids
from broadsheet.errors import BroadsheetError, Busy, NotFound, Refused
from broadsheet.locks import FileLock
from broadsheet.search import arxivquery, hybrid, keyword
from broadsheet.search.engine import DEEPEST, TURNS, By, Found, Request
from broadsheet.search.filtering import Filters, joined
from broadsheet.search.following import Progress, Together, Truth
from broadsheet.search.guard import engine_errors, kept_small
from broadsheet.search.keyword import Question
from broadsheet.search.keywordindex import KeywordIndex
from broadsheet.search.meaning import FOLDER, Load, MeaningIndex
from broadsheet.search.query import Named, Node, Query, parse
from broadsheet.search.standing import Matcher
from broadsheet.search.text import marks
from broadsheet.types import Facets, Finding, Identifier, Mode, Sort, Why

if TYPE_CHECKING:
    from broadsheet.search.atlas import Atlas
    from broadsheet.search.encoder import Encoder, Vectors

__all__ = ["Filters", "Matches", "Search", "encoder_named", "marks"]

Answer = TypeVar("Answer")
log = logging.getLogger("broadsheet")


@dataclass(slots=True)
class Matches:
    """An answer: one stretch of the matching papers by number, best or newest first; `total` counts all of them.

    `near` counts the papers that come along for their meaning and are not in `total`. `terms` are what `marks` needs
    to find the words in texts; `notes` are sentences for the reader; with `exact_identifier` the query was nothing
    but this name of a paper, and `titled` are papers of this very title. `took_ms` is in milliseconds.
    """

    numbers: list[int] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    whys: list[Why] = field(default_factory=list)
    total: int = 0
    notes: list[str] = field(default_factory=list)
    terms: tuple[str, ...] = ()
    exact_identifier: str | None = None
    took_ms: float = 0.0
    near: int = 0
    titled: tuple[int, ...] = ()


def encoder_named(name: str = "") -> Load:
    """What loads an encoder: the shipped one, or a sentence-transformers model by its name or folder."""

    def load() -> "Encoder":
        from broadsheet.search.encoder import StaticEncoder, TransformerEncoder  # noqa: PLC0415  tokenizers: when used

        return TransformerEncoder.load(name) if name else StaticEncoder.load()

    return load


class Search:
    """The index of a catalogue, in a folder that may be deleted at any moment. Safe to share among threads.

    It has two sides, words and meaning, which follow the catalogue each by itself. Reading never waits for writing,
    and sees what any process commits from the next query on.
    """

    def __init__(self, folder: Path, catalogue: Truth, encoder: Load | None = None) -> None:
        self._catalogue, self._folder = catalogue, folder
        self._words = KeywordIndex(folder, catalogue)
        self._meaning = MeaningIndex(folder / FOLDER, catalogue, encoder) if encoder else None
        self._lock = FileLock(folder / "lock")
        self._writing = threading.Lock()
        self._turns = threading.BoundedSemaphore(TURNS)

    @classmethod
    def open(cls, folder: Path, catalogue: Truth, *, encoder: Load | None = None) -> "Search":
        """The index in a folder, which need not exist: then it is empty until the first `sync`.

        `encoder` loads the encoder (see `encoder_named`) when it is needed; without it, papers are found by words.
        """
        return cls(folder, catalogue, encoder)

    def close(self) -> None:
        """Lets go of the files."""
        self._words.close()
        if self._meaning:
            self._meaning.close()
        self._lock.close()

    # Reading.

    def query(
        self,
        text: str,
        filters: Filters | None = None,
        *,
        limit: int = 20,
        offset: int = 0,
        sort: Sort = Sort.RELEVANCE,
        mode: Mode = Mode.HYBRID,
        count: bool = True,
        recency: float = 0.0,
        stop: Callable[[], bool] = lambda: False,
    ) -> Matches:
        """The papers that match a query; see `search.query` for its language. Never raises, whatever is asked.

        The filters come on top of those in the text. `hybrid` tells how words and meaning make one list. Without
        `count` the total is only what was seen on the way. `recency` is the weight of new papers (`search.recency`).
        `stop` is asked between the steps: once it is true the answer may be short, because nobody waits for it.
        """
        began = time.perf_counter()
        read = parse(text)
        notes = list(read.notes)
        exact = None
        if read.identifiers:
            scheme, value = read.identifiers[0]
            exact = value if scheme == "arxiv" else f"{scheme}:{value}"
        found = Found()
        for tree in _readings(read, (filters or Filters()).nodes(notes)):
            title = ids.title_key(read.text) if read.plain else ""
            depth = hybrid.DEPTH if self._meaning and mode is Mode.HYBRID else keyword.DEPTH
            request = Request(tree, title, max(0, limit), max(0, offset), sort, count, max(0.0, recency), depth, stop)
            found = self._found(request, mode)
            if found.total:
                break
        return Matches(
            found.numbers,
            found.scores,
            found.whys,
            found.total,
            list(dict.fromkeys([*notes, *found.notes])),
            found.terms,
            exact,
            (time.perf_counter() - began) * 1000,
            found.near,
            found.titled,
        )

    def arxiv(
        self,
        text: str,
        identifiers: Sequence[Identifier] = (),
        *,
        limit: int,
        offset: int = 0,
        by: By | None = None,
        ascending: bool = False,
        stop: Callable[[], bool] = lambda: False,
    ) -> Matches:
        """The papers that match a query in arXiv's language (`search.arxivquery`), and of them those with a name.

        Without identifiers every paper may match. `by` is the date to sort by; without it, the best come first.
        Raises Refused for a query that is too large, has a date that is none, or holds nothing to search for.
        """
        tree = arxivquery.parse(text)
        if tree is None and (said := text.strip()):
            raise Refused(f"There is nothing to search for in “{said[:60]}”. Write words, ti:sheep say.")
        named = [Named("", tuple(identifiers))] if identifiers else []
        if not (tree := joined(tree, named)):
            return Matches()
        request = Request(tree, limit=limit, offset=offset, sort=Sort.DATE if by else Sort.RELEVANCE, stop=stop)
        request = replace(request, deepest=arxivquery.DEEPEST, leaves=arxivquery.MOST_LEAVES)
        found = self._found(replace(request, by=by or "order", ascending=ascending), Mode.KEYWORD)
        return Matches(found.numbers, found.scores, found.whys, found.total, found.notes, found.terms)

    def facets(self, text: str, filters: Filters | None = None, *, sort: Sort = Sort.RELEVANCE) -> Facets:
        """How all papers that match by their words divide by year, category and author. Never raises.

        They are those that `query` counts for the same order: by date, papers with few of the words are none.
        """
        read, facets = parse(text), Facets()
        for tree in _readings(read, (filters or Filters()).nodes([])):
            title = ids.title_key(read.text) if read.plain else ""
            facets = self._asked(Request(tree, title, 0, sort=sort), Question.facets, Facets())
            if facets.years or facets.categories or facets.authors:
                break
        return facets

    def months(self, text: str, filters: Filters | None = None) -> tuple[list[tuple[str, int]], list[str]]:
        """How many papers of each month ("2026-11", the oldest first) match, and notes. Never raises.

        A paper matches when it has all of the words. One of which only the year is known counts in January.
        """
        read = parse(text)
        notes = list(read.notes)
        tree = next(_readings(read, (filters or Filters()).nodes(notes)), None)
        if not tree and read.text:
            return [], notes
        nothing: tuple[list[tuple[str, int]], list[str]] = ([], [])
        found, told = self._asked(Request(tree, limit=0), lambda one: (one.months(), one.read), nothing)
        return found, list(dict.fromkeys([*notes, *told]))

    def newest(self, text: str, filters: Filters | None = None, *, limit: int) -> list[int]:
        """The newest papers that match by their words, by number. Never raises."""
        tree = next(_readings(parse(text), (filters or Filters()).nodes([])), None)
        request = Request(tree, limit=limit, sort=Sort.DATE, deepest=max(DEEPEST, limit))
        return self._asked(request, lambda one: one.newest(limit), [])

    def warm(self) -> None:
        """Loads the encoder and opens the files, so that the first query need not. Never raises."""
        with contextlib.suppress(BroadsheetError):
            if self._meaning:
                self._meaning.ready()
            self._words.current()

    def like(self, more: Sequence[int], less: Sequence[int] = (), *, limit: int = 20) -> Matches:
        """The papers nearest in meaning to some papers and far from others, themselves left out. Never raises.

        Nearest to mean(more) - 0.5 * mean(less): Rocchio's feedback (1971), without a query.
        """
        began, found = time.perf_counter(), Found()
        if self._meaning:
            try:
                found = hybrid.like(self._meaning, more, less, max(0, limit))
            except Exception:  # as a query: it can disappoint but never fail
                log.exception("papers like others could not be looked for")
                found = Found(notes=["Papers near in meaning could not be looked for."])
        took = (time.perf_counter() - began) * 1000
        return Matches(found.numbers, found.scores, found.whys, found.total, found.notes, took_ms=took)

    @property
    def meaning(self) -> MeaningIndex:
        """What papers mean, as vectors. Raises NotFound where the index has no encoder."""
        if not self._meaning:
            raise NotFound("This index has no encoder.")
        return self._meaning

    @cached_property
    def atlas(self) -> "Atlas":
        """The map of papers by meaning. Raises NotFound where the index has no encoder."""
        from broadsheet.search import atlas  # noqa: PLC0415  numpy: when used

        return atlas.Atlas(self._folder / atlas.FOLDER, self.meaning)

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """The encoder's vectors of texts, of unit length, one a row. Raises BadSetting, Damaged, NotFound (none)."""
        return self.meaning.embed(texts)

    def matcher(self) -> Matcher:
        """What matches standing queries with new papers. One thread at a time."""
        return Matcher(self._words, self._meaning)

    def rarity(self, words: Sequence[str]) -> list[float]:
        """How rare words are in the index: ln(1 + papers / papers that have it). Never raises."""
        snapshot = self._words.current()
        try:
            with engine_errors():
                return snapshot.rarity(words) if snapshot else [0.0] * len(words)
        except BroadsheetError as error:
            self._words.suspect(error)
            return [0.0] * len(words)

    def indexed(self) -> int:
        """How many papers are in the index."""
        return self._words.indexed()

    def sequence(self, *, sure: bool = True) -> int:
        """The last change of the catalogue that both sides of the index have; 0 if one has to be built anew.

        Unless it must be sure, it does not load the encoder to see whether the vectors are its own.
        """
        last = self._catalogue.last_change()
        words = self._words.sequence(last)
        return min(words, self._meaning.sequence(last, sure=sure)) if self._meaning else words

    def behind(self, *, sure: bool = True) -> int:
        """How many changes of the catalogue one of the sides has not seen yet; see `sequence`."""
        last = self._catalogue.last_change()
        sides = [self._words.sequence(last)]
        if self._meaning:
            sides.append(self._meaning.sequence(last, sure=sure))
        return max(0, last - min(sides))

    def bytes(self) -> int:
        """What the index takes on the disk."""
        return self._words.bytes()

    # Writing.

    def sync(self, progress: Progress | None = None) -> None:
        """Brings the index up to date with the catalogue; builds it where it is missing or damaged.

        Whatever `progress` raises stops it, and it goes on from there the next time; it is told of each side in turn.
        Raises Busy, StorageFull, BadSetting.
        """
        with self._alone():
            self._both(self._words.sync, MeaningIndex.sync, progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Builds the index anew. The words answer from the present index until the new one takes its place.

        Vectors are made anew in their place: meanwhile papers are found by their words and by the vectors that are
        there. Interrupted, the words go on where they stopped, and vectors with the next `sync`. Raises Busy,
        StorageFull, BadSetting.
        """
        with self._alone():
            self._both(self._words.rebuild, partial(MeaningIndex.sync, anew=True), progress)

    def verify(self) -> list[Finding]:
        """Reads every file of the index and compares its counts with the catalogue's."""
        return [*self._words.verify(), *(self._meaning.verify() if self._meaning else ())]

    # Inside.

    def _both(
        self,
        words: Callable[[Progress], None],
        meaning: Callable[[MeaningIndex, Progress], None],
        progress: Progress | None,
    ) -> None:
        """Brings both sides up to date, one beside the other. What stops one stops the other."""
        if not self._meaning:
            words(progress or _nobody)
            return
        together = Together(progress or _nobody)
        with ThreadPoolExecutor(1, "vectors") as other:
            beside = other.submit(together.run, 1, partial(meaning, self._meaning))
            together.run(0, words)
            beside.result()
        together.end()

    def _asked(self, request: Request, ask: Callable[[Question], Answer], otherwise: Answer) -> Answer:
        """What the keyword engine answers to a request; `otherwise` where it cannot."""
        snapshot = self._words.current()
        try:
            with kept_small(), engine_errors():
                return ask(snapshot.read(request)) if snapshot else otherwise
        except BroadsheetError as error:
            self._words.suspect(error)
        except Exception:
            log.exception("the papers of a query could not be counted")
        return otherwise

    def _found(self, request: Request, mode: Mode) -> Found:
        snapshot = self._words.current()
        if not snapshot:
            return Found(notes=["The search index is being built; this may take a minute."])
        try:
            with kept_small(), self._turns, engine_errors():
                return hybrid.answer(snapshot, self._meaning, request, mode)
        except BroadsheetError as error:
            self._words.suspect(error)
        except Exception:  # the last rule catches everything: a query can disappoint but never fail
            log.exception("a query failed")
        return Found(notes=["This query could not be answered."])

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """The right to write, among threads and processes. Raises Busy, StorageFull."""
        if not self._writing.acquire(blocking=False):
            raise Busy("The search index is being written already.")
        try:
            with engine_errors():
                self._folder.mkdir(parents=True, exist_ok=True)
                if not self._lock.acquire(wait=0):
                    raise Busy("Another process is writing the search index; it will be up to date soon.")
            yield
        finally:
            self._lock.close()
            self._writing.release()


def _nobody(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


def _readings(read: Query, filters: Sequence[Node]) -> Iterator[Node | None]:
    """The trees to try: if no paper has the identifier that the text spells, its words are looked for."""
    if read.identifiers:
        yield joined(Named(read.text, read.identifiers), filters)
        if not read.tree or isinstance(read.tree, Named):
            return
    if read.tree or not read.text or filters:
        yield joined(read.tree, filters)
