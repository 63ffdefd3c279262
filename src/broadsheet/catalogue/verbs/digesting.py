"""Verbs of digests: what is due, what was sent before, and decisions written down."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from broadsheet.catalogue import choices, digests, standing
from broadsheet.catalogue.choices import Chosen
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.standing import Catch
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Digest, Outgoing, Subscription, Wanted


class Digesting(Opened):
    """What the catalogue knows of digests."""

    def due_digests(
        self, at: datetime, *, limit: int, waiting: Sequence[Wanted] = (), late: datetime | None = None
    ) -> list[Subscription]:
        """The subscriptions that are due, the longest due first chosen; see `digests.due`."""
        with self._store.read() as connection:
            return digests.due(connection, stamp(at), limit=limit, waiting=waiting, late=stamp(late or at))

    def sent_before(self, who: int, numbers: Collection[int]) -> set[int]:
        """Which of these papers a subscriber was sent before."""
        with self._store.read() as connection:
            return digests.sent_before(connection, who, numbers)

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

    def put_digest(
        self,
        digest: Digest,
        outgoing: Outgoing,
        *,
        next: datetime | None,  # noqa: A002
        at: datetime,
        without: str = "",
    ) -> bool:
        """Writes down a decision, its letter and the next time, all or nothing, and says whether it did."""
        with self._store.write() as tx:
            return digests.put(tx, digest, outgoing, next=stamp(next) if next else None, at=stamp(at), without=without)

    def pass_over(self, one: Subscription, *, next: datetime | None, last: datetime) -> None:  # noqa: A002
        """Notes that nothing is sent this time; see `digests.pass_over`."""
        with self._store.write() as tx:
            digests.pass_over(tx, one, next=stamp(next) if next else None, last=stamp(last))

    def digest_counts(self, at: datetime) -> dict[str, Any]:
        """How many subscriptions there are, go on and are due; when the next is due, and the last was decided."""
        with self._store.read() as connection:
            return digests.counts(connection, stamp(at))
