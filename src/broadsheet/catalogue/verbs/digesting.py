"""Verbs of digests: what is due, what was sent before, and decisions written down."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from broadsheet.catalogue import choices, digests, standing
from broadsheet.catalogue.choices import Chosen
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.digests import Decision
from broadsheet.catalogue.standing import Catch
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Subscription, Wanted


class Digesting(Opened):
    """What the catalogue knows of digests."""

    def due_digests(
        self, at: datetime, *, limit: int, waiting: Sequence[Wanted] = (), late: datetime | None = None
    ) -> list[Subscription]:
        """The subscriptions that are due, the longest due first chosen; see `digests.due`."""
        with self._store.read() as connection:
            return digests.due(connection, stamp(at), limit=limit, waiting=waiting, late=stamp(late or at))

    def sent_before(self, readers: Collection[int], numbers: Collection[int]) -> dict[int, set[int]]:
        """Which of these papers each of some subscribers was sent before."""
        with self._store.read() as connection:
            return digests.sent_before(connection, readers, numbers)

    def unsent_catches(self, standing_query: int, who: int, *, since: str) -> list[Catch]:
        """What a standing query caught since a day or an instant and a subscriber was not sent yet, the best first."""
        with self._store.read() as connection:
            return standing.undelivered(connection, standing_query, who, since=since)

    def chosen_by(self, who: int, *, limit: int) -> list[Chosen]:
        """The papers that an account voted for, follows or put on a shelf, the latest first, each once."""
        with self._store.read() as connection:
            return choices.chosen_by(connection, who, limit)

    def search_behind(self, standing_query: int) -> str:
        """What a standing query looks for. Raises NotFound."""
        with self._store.read() as connection:
            return standing.one(connection, standing_query).text

    def person_behind(self, who: int) -> int | None:
        """The account that a subscriber is, if any."""
        with self._store.read() as connection:
            return digests.person_behind(connection, who)

    def put_digests(self, decisions: Sequence[Decision], *, at: datetime, without: str = "") -> int:
        """Writes decisions down with their letters and the next times, all or nothing; how many it did."""
        with self._store.write() as tx:
            return digests.put(tx, decisions, at=stamp(at), without=without)

    def pass_over(self, these: Iterable[tuple[Subscription, datetime | None]], *, last: datetime) -> None:
        """Notes that nothing is sent this time, each with when it is due next; see `digests.pass_over`."""
        with self._store.write() as tx:
            for one, due in these:
                digests.pass_over(tx, one, next=stamp(due) if due else None, last=stamp(last))

    def digest_counts(self, at: datetime) -> dict[str, Any]:
        """How many subscriptions there are, go on and are due; when the next is due, and the last was decided."""
        with self._store.read() as connection:
            return digests.counts(connection, stamp(at))
