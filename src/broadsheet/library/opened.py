"""What a library is made of; all groups of verbs build on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from broadsheet.catalogue import Catalogue
from broadsheet.catalogue.tallies import Spend
from broadsheet.credentials import Passwords
from broadsheet.library import limits
from broadsheet.library.errands import Errands
from broadsheet.library.ledger import Ledger
from broadsheet.library.limits import LIMITS, Limit
from broadsheet.library.made import Made
from broadsheet.library.readers import Readers
from broadsheet.mailing import Post
from broadsheet.ranking import WEIGHTS
from broadsheet.search import Matches, Search
from broadsheet.types import Access, Actor, Atlas, Candidate, Entry, Hit, Identifier, Person, Window

Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]
Fetch = Callable[["Opened", Identifier], bool]
"""Asks a source for a paper by its name and takes it in. Whether it came. Raises Unavailable."""
Course = tuple[Sequence[tuple[str, int]], Sequence[str]]
"""How many papers of each month a query counts, the oldest first, and notes."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How a library is run: plain values, that settings make.

    `categories` are those whose papers make the editions; none means all papers. `access` says who may have an account,
    `passwords` whether one may sign in by password. `limits` say how often people may do things; `title` is the site's
    name, for letters. Who has an address at one of `claim_domains` is believed to be the author they say they are.
    `bulk` is the folder with files of the whole catalogue, where there is one.
    `channel_hosts` may be asked by channels though they are inside a private network.
    """

    categories: tuple[str, ...] = ()
    access: Access = Access.INVITE
    passwords: bool = False
    limits: Mapping[str, Limit] = field(default_factory=lambda: LIMITS)
    title: str = "Broadsheet"
    claim_domains: tuple[str, ...] = ()
    bulk: Path | None = None
    channel_hosts: tuple[str, ...] = ()


class Opened:
    """A catalogue, its index, and the rules by which they are run. Safe to share among threads."""

    def __init__(
        self,
        home: Path,
        catalogue: Catalogue,
        search: Search,
        clock: Clock,
        rules: Rules,
        *,
        post: Post,
        fetch: Fetch | None = None,
    ) -> None:
        self.home, self.catalogue, self.rules = home, catalogue, rules
        self.errands = Errands()
        self._search, self._clock, self._post, self._fetch = search, clock, post, fetch
        self._passwords = Passwords()
        self._ledger, self._readers = Ledger(catalogue), Readers()
        self._maps, self._courses = Made[Atlas](6), Made[Course](200)  # a map takes a megabyte at most

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the files. The library cannot be used afterwards."""
        self.errands.close()
        self._search.close()
        self.catalogue.close()

    def _spend(self, actor: Actor, kind: str) -> Spend | None:
        """What an act of this kind is counted against, for verbs of the catalogue that take it; `limits` has the kinds.

        None where nothing is counted: for the command line, and where one person has the place to themselves.
        """
        if actor.person == 0 or self.rules.access is Access.SINGLE:
            return None
        own = f"person:{actor.person}"
        return limits.spend(self.rules.limits[kind], kind, self._clock(), own=own, address=actor.address)

    def _entries(self, order: Sequence[Candidate], limit: int, offset: int) -> list[Entry]:
        """A stretch of an order, with the papers in it that are still there."""
        stretch = order[offset : offset + limit]
        papers = {paper.number: paper for paper in self.catalogue.papers([place.number for place in stretch])}
        people = self.catalogue.persons([place.by for place in stretch if place.by is not None])
        here: dict[int | None, Person] = {number: one for number, one in people.items() if one.left is None}
        return [
            Entry(
                papers[place.number],
                offset + position,
                place.reason,
                "" if place.listed else place.why,
                place.day,
                here.get(place.by),
            )
            for position, place in enumerate(stretch, start=1)
            if place.number in papers
        ]

    def _trending_first(self, order: Sequence[Candidate], window: Window, last: date) -> list[Candidate]:
        """An order with the papers first that trend in a window which ends on a day."""
        trending = self._ledger.order(window, last, (row.signal for row in WEIGHTS))
        places = {one.paper: place for place, one in enumerate(trending)}
        return sorted(order, key=lambda one: places.get(one.number, len(places)))

    def _hits(self, found: Matches) -> list[Hit]:
        """The papers of an answer, without those that are gone since."""
        papers = {paper.number: paper for paper in self.catalogue.papers(found.numbers)}
        return [
            Hit(papers[number], score, why)
            for number, score, why in zip(found.numbers, found.scores, found.whys, strict=True)
            if number in papers
        ]
