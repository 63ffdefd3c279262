"""The door: every verb that a reader or a curator may use. Faces see this, the types and the errors.

A method checks the actor where it writes, calls a function of a lower floor and returns a type. `open`
builds the parts by hand; nothing here is global, so that two libraries can be open side by side.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from broadsheet import doctor, ids
from broadsheet.catalogue import Catalogue
from broadsheet.errors import Busy, NotFound
from broadsheet.permissions import require
from broadsheet.ranking import edition_note, editions_order, newest_day_first, span_bounds, span_key
from broadsheet.search import Filters, Matches, Search, encoder_named, marks
from broadsheet.types import (
    OWNER,
    Actor,
    Candidate,
    Counted,
    Edition,
    Entry,
    Event,
    Facets,
    Finding,
    Hit,
    Identifier,
    Job,
    Merge,
    Mode,
    Page,
    Paper,
    Provenance,
    Sort,
    Span,
    Status,
)

__all__ = ["Library", "marks", "open"]

Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]
DATABASE, INDEX = "catalogue.db", "index"
log = logging.getLogger("broadsheet")


def open(  # noqa: A001
    home: str | Path,
    *,
    create: bool = True,
    follow: bool = True,
    clock: Clock | None = None,
    encoder: str = "",
    categories: Sequence[str] = (),
) -> Library:
    """Opens the library in a home folder, making an empty one where there is none and `create` allows it.

    With `follow` the index catches up with the catalogue before this returns: on a new or a deleted index
    that takes half a minute per 100,000 papers. `clock` gives the present instant, with a time zone. `encoder` is
    a sentence-transformers model, by name or folder, in the place of the shipped one; it is loaded when it is needed.
    `categories` are those whose papers make the editions; none means all papers.
    Raises NotFound (no library there), Busy (another process is changing its shape), Damaged, or BadSetting (no such
    encoder).
    """
    folder = Path(home).expanduser().absolute()
    if not create and not (folder / DATABASE).exists():
        raise NotFound(f"There is no catalogue in {folder}. Make one: broadsheet import PATH, or broadsheet serve.")
    catalogue = Catalogue.open(folder / DATABASE, create=create)
    search = Search.open(folder / INDEX, catalogue, encoder=encoder_named(encoder))
    library = Library(folder, catalogue, search, clock or (lambda: datetime.now(UTC)), categories)
    if follow:
        library.follow()
    return library


class Library:
    """A catalogue, its index and the order of things, behind one set of verbs. Safe to share among threads."""

    def __init__(
        self, home: Path, catalogue: Catalogue, search: Search, clock: Clock, categories: Sequence[str] = ()
    ) -> None:
        self.home, self.catalogue, self.categories = home, catalogue, tuple(categories)
        self._search, self._clock = search, clock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the files. The library cannot be used afterwards."""
        self._search.close()
        self.catalogue.close()

    # Reading: everybody's.

    def search(
        self,
        text: str,
        *,
        limit: int = 20,
        offset: int = 0,
        sort: Sort = Sort.RELEVANCE,
        since: str | None = None,
        until: str | None = None,
        categories: Sequence[str] = (),
        authors: Sequence[str] = (),
        has_code: bool = False,
        mode: Mode = Mode.HYBRID,
        count: bool = True,
        recency: float = 0.0,
        stop: Callable[[], bool] = lambda: False,
    ) -> Page:
        """Papers that match a query in the language of `search.query`; never raises, whatever the text.

        `since` and `until` are days, partial ones too ("2024-05"); of `categories` one must fit, of `authors` all;
        with `has_code` only papers that link to a code host. `mode` says whether words count, meaning, or both.
        Without `count` the page's total is only what was seen on the way, which saves milliseconds in a large
        catalogue. `recency`, from 0 to 1, lifts new papers; it is off, because the judged questions are answered no
        better with it. `stop` is asked between the steps: once it is true the page may be short.
        """
        filters = Filters(since, until, tuple(categories), tuple(authors), has_code)
        found = self._search.query(
            text,
            filters,
            limit=limit,
            offset=offset,
            sort=sort,
            mode=mode,
            count=count,
            recency=recency,
            stop=stop,
        )
        notes = [*found.notes, *self._index_notes()]
        hits = [] if stop() else self._hits(found)
        exact = self._named(text, found, hits)
        return Page(text, hits, found.total, offset, limit, sort, notes, found.terms, exact, found.took_ms, found.near)

    def arxiv_search(
        self,
        text: str,
        identifiers: Sequence[Identifier] = (),
        *,
        limit: int = 10,
        offset: int = 0,
        by: Literal["submitted", "updated"] | None = None,
        ascending: bool = False,
        stop: Callable[[], bool] = lambda: False,
    ) -> Page:
        """Papers that match a query in the language of arXiv's API, strictly (see `search.arxivquery`).

        With identifiers only papers that have one of them. `by` sorts by a date, the newest first unless it is
        `ascending`; otherwise the best come first. Raises Refused for a query that cannot be asked.
        """
        found = self._search.arxiv(text, identifiers, limit=limit, offset=offset, by=by, ascending=ascending, stop=stop)
        sort = Sort.DATE if by else Sort.RELEVANCE
        return Page(text, self._hits(found), found.total, offset, limit, sort, found.notes, found.terms)

    def facets(
        self,
        text: str,
        *,
        sort: Sort = Sort.RELEVANCE,
        since: str | None = None,
        until: str | None = None,
        categories: Sequence[str] = (),
        authors: Sequence[str] = (),
        has_code: bool = False,
    ) -> Facets:
        """How all papers that `search` counts in `Page.total` divide by year, category and author. Never raises.

        In the mode `meaning` a page counts the near papers instead, which are not divided. Each count is exact: it is
        the total of the same search with that value as one more filter.
        """
        filters = Filters(since, until, tuple(categories), tuple(authors), has_code)
        return self._search.facets(text, filters, sort=sort)

    def warm(self) -> None:
        """Loads what the first search would have to load. Takes most of a second; never raises."""
        self._search.warm()

    def similar(self, key: str, limit: int = 10) -> list[Hit]:
        """The papers nearest in meaning to a paper, the nearest first. Raises NotFound."""
        return self.near([key], limit=limit)

    def near(self, more: Sequence[str], less: Sequence[str] = (), *, limit: int = 10) -> list[Hit]:
        """Papers like some and unlike others: the nearest to the mean of `more` less half the mean of `less`.

        None of those given is among them; there are none while the index has no vectors. Raises NotFound.
        """
        liked, disliked = ([self.catalogue.paper(key).number for key in keys] for keys in (more, less))
        return self._hits(self._search.like(liked, disliked, limit=limit))

    def paper(self, key: str) -> Paper:
        """The paper with this key, in any spelling of any of its identifiers. Raises NotFound.

        The paper's `id` differs from `key` where that is not its present name.
        """
        return self.catalogue.paper(key)

    def edition(self, span: Span, key: str | None = None, *, limit: int = 20, offset: int = 0) -> Edition:
        """A stretch of an edition; without a key, the latest. Raises NotFound for a key that names no day."""
        now = self._clock()
        today = now.date()
        latest_day = self.catalogue.latest_day(today=today.isoformat())
        latest = span_key(span, date.fromisoformat(latest_day) if latest_day else today)
        key = key or latest
        first, last = span_bounds(span, key)
        order = editions_order(
            self.catalogue.candidates(first.isoformat(), last.isoformat(), categories=self.categories)
        )
        entries = self._entries(order, limit, offset)
        before, after = self.catalogue.neighbour_days(first.isoformat(), last.isoformat())
        return Edition(
            span=span,
            key=key,
            first=first.isoformat(),
            last=last.isoformat(),
            entries=entries,
            total=len(order),
            offset=offset,
            limit=limit,
            previous=before and span_key(span, date.fromisoformat(before)),
            next=after and span_key(span, date.fromisoformat(after)),
            note=edition_note(span, first, last, entries, now, empty=not order),
            latest=key == latest,
            accounts=self.catalogue.accounts(key, key, categories=self.categories) if span is Span.DAY else [],
        )

    def recent(self, days: int, *, limit: int = 20, offset: int = 0, by_day: bool = True) -> list[Entry]:
        """A stretch of the papers of the latest edition and the days before it, so many days in all.

        By day, each day's papers stand in the order of its edition, the newest day first; otherwise all are ordered
        as one edition, what people voted for first.
        """
        latest = self.catalogue.latest_day(today=self._clock().date().isoformat())
        if not latest:
            return []
        first = date.fromordinal(max(1, date.fromisoformat(latest).toordinal() - days + 1))
        found = self.catalogue.candidates(first.isoformat(), latest, categories=self.categories)
        order = newest_day_first(found) if by_day else editions_order(found)
        return self._entries(order, limit, offset)

    def papers(self, keys: Sequence[str]) -> list[Paper | None]:
        """What `paper` finds for each key; None where there is none."""
        return self.catalogue.named(keys)

    def listing(self, after: str = "", *, limit: int = 20) -> tuple[list[Paper], str]:
        """A stretch of all papers, the newest day first, and the cursor after which it goes on; "" at the end.

        Raises Refused for a cursor that was not given out here.
        """
        return self.catalogue.listing(after, limit)

    def provenance(self, key: str) -> Provenance:
        """Where each fact of a paper came from, when it changed, and what was merged. Raises NotFound."""
        return self.catalogue.provenance(key)

    def events(self, key: str) -> list[Event]:
        """What happened to a paper since it was first known, the newest first. Raises NotFound."""
        return self.catalogue.events(key)

    def signals(self, key: str) -> list[Counted]:
        """What was counted for a paper, day by day: votes, comments, stars, citations. Raises NotFound."""
        return self.catalogue.signals(key)

    def jobs(self) -> list[Job]:
        """The schedule: what runs by itself, and how it went last."""
        return self.catalogue.jobs()

    def status(self) -> Status:
        """The figures of this installation."""
        now = self._clock().date().isoformat()
        return Status(
            home=str(self.home),
            papers=self.catalogue.count(),
            indexed=self._search.indexed(),
            behind=self.behind(sure=False),
            editions=self.catalogue.days(),
            latest_edition=self.catalogue.latest_day(today=now),
            catalogue_bytes=self.catalogue.bytes(),
            index_bytes=self._search.bytes(),
            last_import=self.catalogue.last_import(),
            version=version("broadsheet"),
        )

    def behind(self, *, sure: bool = True) -> int:
        """How many changes of the catalogue the index has not seen yet.

        Unless it must be sure, it does not load the encoder, and so does not notice that the index is of another one.
        """
        return self._search.behind(sure=sure)

    # Keeping: the index follows by itself, and asks nobody.

    def follow(self, progress: Progress | None = None) -> bool:
        """Lets the index catch up with the catalogue. False if another process is doing so just now.

        Raises StorageFull, and BadSetting or Damaged for an encoder that cannot be loaded.
        """
        if not self.behind():
            return True
        try:
            self._search.sync(progress)
        except Busy:
            return False
        return True

    def rebuild_index(self, progress: Progress | None = None, *, actor: Actor = OWNER) -> None:
        """Builds the index anew beside the present one, which answers until then. Raises Busy, StorageFull."""
        require(actor, "index")
        self._search.rebuild(progress)

    def verify_index(self) -> list[Finding]:
        """Reads the whole index and compares it with the catalogue."""
        return self._search.verify()

    def merge(self, keep: str, other: str, *, reason: str = "by hand", actor: Actor = OWNER) -> Merge:
        """Joins two records of one paper under `keep`. Raises NotFound, Conflict."""
        require(actor, "merge")
        return self.catalogue.merge(keep, other, reason=reason, at=self._clock())

    def split(self, number: int, *, actor: Actor = OWNER) -> None:
        """Undoes the merge with this number, and keeps the two apart from now on. Raises NotFound, Conflict."""
        require(actor, "split")
        self.catalogue.split(number, at=self._clock())

    def doctor(self) -> Iterator[Finding]:
        """What is wrong with this installation and how to mend it, one finding after the other."""
        yield from doctor.machine(self.home)
        yield from self.catalogue.verify(full=True)
        yield from self._search.verify()

    def _entries(self, order: Sequence[Candidate], limit: int, offset: int) -> list[Entry]:
        """A stretch of an order, with the papers in it that are still there."""
        stretch = order[offset : offset + limit]
        papers = {paper.number: paper for paper in self.catalogue.papers([place.number for place in stretch])}
        return [
            Entry(papers[place.number], offset + position, place.reason, "" if place.listed else place.why, place.day)
            for position, place in enumerate(stretch, start=1)
            if place.number in papers
        ]

    def _hits(self, found: Matches) -> list[Hit]:
        """The papers of an answer, without those that are gone since."""
        papers = {paper.number: paper for paper in self.catalogue.papers(found.numbers)}
        return [
            Hit(papers[number], score, why)
            for number, score, why in zip(found.numbers, found.scores, found.whys, strict=True)
            if number in papers
        ]

    def _named(self, text: str, found: Matches, hits: Sequence[Hit]) -> Paper | None:
        """The one paper that a query names by an identifier or by its whole title."""
        if found.exact_identifier:
            with contextlib.suppress(NotFound):
                return self.catalogue.paper(found.exact_identifier)
        if len(found.titled) != 1 or len(ids.title_key(text)) < _TITLE_AT_LEAST:
            return None
        shown = (hit.paper for hit in hits if hit.paper.number == found.titled[0])
        return next(shown, None) or next(iter(self.catalogue.papers(found.titled)), None)

    def _index_notes(self) -> list[str]:
        behind = self.behind(sure=False)
        return [f"The index is catching up: {behind:,} changes are not in it yet."] if behind else []


_TITLE_AT_LEAST = 12  # letters and digits: shorter texts are words that some title happens to equal
