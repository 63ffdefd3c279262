"""Verbs of days: which papers belong to one, what was announced for it, and the automatic editor's order."""

from collections.abc import Sequence
from datetime import datetime

from broadsheet.catalogue import announcements, editions, picks
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Account, Announcement, Candidate, Pick


class Days(Opened):
    """What the catalogue knows of days."""

    def candidates(self, first: str, last: str, *, categories: Sequence[str] = ()) -> list[Candidate]:
        """The papers that belong to the days from `first` to `last`, once each, in no order.

        With `categories` only papers in any of these, and those that a source lists whatever they are.
        """
        with self._store.read() as connection:
            return editions.candidates(connection, first, last, categories)

    def neighbour_days(self, first: str, last: str) -> tuple[str | None, str | None]:
        """The nearest day before `first` and the nearest after `last` that have papers."""
        with self._store.read() as connection:
            return editions.neighbour_days(connection, first, last)

    def latest_day(self, *, today: str) -> str | None:
        """The newest day, up to `today`, that is worth opening with; None in an empty catalogue."""
        with self._store.read() as connection:
            return editions.latest_day(connection, today)

    def days(self) -> int:
        """How many days have papers."""
        with self._store.read() as connection:
            return editions.days(connection)

    def announce(self, announced: Sequence[Announcement], *, at: datetime) -> None:
        """Keeps what sources announced. What a source says of a day and category replaces what it said before."""
        with self._store.write() as tx:
            announcements.announce(tx, announced, at=stamp(at))

    def accounts(self, first: str, last: str, *, categories: Sequence[str] = ()) -> list[Account]:
        """How complete each announced day and category is, by day and then category; no categories means all.

        Where several sources announced one, the listing page is believed, and a feed only without it.
        """
        with self._store.read() as connection:
            return announcements.accounts(connection, first, last, categories)

    def missing(self, *, limit: int, since: str | None = None) -> list[tuple[str, str]]:
        """Day and arXiv id of announced papers (new and cross-listed) that are not here, the newest day first.

        Each once, at its newest day; with `since` only those announced on that day or later.
        """
        with self._store.read() as connection:
            return announcements.missing(connection, limit, since)

    def put_picks(
        self, day: str, picked: Sequence[Pick], *, model: str, at: datetime, sequence: int | None = None
    ) -> None:
        """Keeps the automatic editor's order of a day in the place of its last one.

        `sequence` is the last change that the editor knew of (`last_change()` before it read the papers); without it
        the present one. Papers that are no more by now are left out.
        """
        with self._store.write() as tx:
            picks.put(tx, day, picked, model=model, at=stamp(at), sequence=sequence)

    def days_to_pick(self, model: str, *, limit: int) -> list[str]:
        """The days whose papers this editor has not ordered yet, or not since they last changed; the newest first."""
        with self._store.read() as connection:
            return picks.days(connection, model, limit)

    def listed_authors(self) -> list[tuple[str, tuple[str, ...]]]:
        """Day and names of the authors of every paper that a source lists in an edition, the oldest day first."""
        with self._store.read() as connection:
            return list(editions.listed_authors(connection))
