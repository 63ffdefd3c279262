"""Verbs of what leaves: keys of the place, the outbox, sending, bounces. `worker` is unique to one run of one."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from broadsheet.catalogue import bouncing, outbox, posting, secrets
from broadsheet.catalogue.bouncing import Failure
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.posting import Claiming
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Outgoing, Sending, Subscriber, Way

_LONGEST_LEASE = timedelta(minutes=30)


class Posting(Opened):
    """What the catalogue knows of what leaves."""

    def secret(self, name: str, *, at: datetime) -> str:
        """The key of this place by a name, made at its first use."""
        with self._store.read() as connection:
            value = secrets.known(connection, name)
        if value is not None:
            return value
        with self._store.write() as tx:
            return secrets.of(tx, name, stamp(at))

    # The outbox.

    def put_outgoing(self, outgoing: Iterable[Outgoing]) -> int:
        """Puts things into the outbox, in one transaction. How many were new."""
        with self._store.write() as tx:
            return outbox.put_all(tx, outgoing)

    def outgoing(self, number: int) -> Outgoing:
        """One thing in the outbox, without its words. Raises NotFound."""
        with self._store.read() as connection:
            return outbox.numbered(connection, number)

    def outbox(
        self, *, states: Iterable[Sending] = (), doubtful: bool = False, limit: int, before: int | None = None
    ) -> list[Outgoing]:
        """What is or was in the outbox, the newest first, without its words."""
        with self._store.read() as connection:
            return outbox.listed(connection, states=states, doubtful=doubtful, limit=limit, before=before)

    def outbox_counts(self) -> Mapping[Sending, int]:
        """How many there are in each state."""
        with self._store.read() as connection:
            return outbox.counts(connection)

    def retry_outgoing(self, number: int, *, at: datetime) -> None:
        """Lets something be tried (again) at once, stale or not. Raises NotFound, Conflict."""
        with self._store.write() as tx:
            outbox.retry(tx, number, at=stamp(at))

    def drop_outgoing(self, number: int, *, at: datetime, said: str) -> None:
        """Lets something not leave. Raises NotFound, Conflict."""
        with self._store.write() as tx:
            outbox.drop(tx, number, at=stamp(at), said=said)

    def sweep_outbox(self, *, words_before: datetime, rows_before: datetime) -> None:
        """Forgets the words of what ended before an instant, and all that ended before another."""
        with self._store.write() as tx:
            outbox.sweep(tx, words_before=stamp(words_before), rows_before=stamp(rows_before))

    # Sending.

    def is_due(self, *, at: datetime) -> bool:
        """Whether there is anything to send, or to take over from a worker that is gone."""
        with self._store.read() as connection:
            return posting.due(connection, stamp(at))

    def claim_outgoing(
        self, way: Way, *, worker: str, at: datetime, until: datetime, limit: int, hold: bool = False
    ) -> list[Outgoing]:
        """Gives a worker up to `limit` things that are due, until an instant; what nobody wants any more is dropped.

        A lease lasts half an hour at most. With `hold` what is doubtful is not among them: it waits for an operator.
        """
        with self._store.write() as tx:
            beyond = stamp(at + _LONGEST_LEASE)
            how = Claiming(worker, stamp(at), min(stamp(until), beyond), beyond, limit, hold)
            return posting.claim(tx, way, how)

    def renew_outgoing(self, worker: str, *, until: datetime) -> None:
        """Lets a worker keep all that it has in hand until a later instant."""
        with self._store.write() as tx:
            posting.renew(tx, worker, until=stamp(until))

    def fence(self, one: Outgoing, worker: str, *, at: datetime, until: datetime) -> bool:
        """Notes that the words are about to leave. False: they may not, because another has it, or nobody wants it."""
        with self._store.write() as tx:
            return posting.fence(tx, one, worker, at=stamp(at), until=stamp(until))

    def sent(self, one: Outgoing, *, at: datetime, said: str) -> None:
        """Notes that something arrived."""
        with self._store.write() as tx:
            posting.sent(tx, one, at=stamp(at), said=said)

    def again(self, one: Outgoing, worker: str, *, next: datetime, said: str) -> bool:  # noqa: A002
        """Lets something be tried again at an instant. False if it is another worker's by now."""
        with self._store.write() as tx:
            return posting.again(tx, one, worker, next=stamp(next), said=said)

    def give_back(self, these: Iterable[tuple[Outgoing, datetime]], worker: str) -> None:
        """Gives back what was claimed and not tried, each to be claimed at an instant."""
        with self._store.write() as tx:
            for one, when in these:
                posting.give_back(tx, one, worker, next=stamp(when))

    def failed(self, one: Outgoing, worker: str, *, at: datetime, failure: Failure) -> bool:
        """Notes that something will never arrive, and counts that against its subscriber, where it is mail.

        Whether nothing is sent there any more because of it.
        """
        with self._store.write() as tx:
            mine = posting.failed(tx, one, worker, at=stamp(at), said=failure.said)
            return mine and one.way is Way.MAIL and bouncing.bounce(tx, one, failure, at=stamp(at))

    def hold(self, one: Outgoing, worker: str) -> None:
        """Leaves something doubtful to the operator."""
        with self._store.write() as tx:
            posting.hold(tx, one, worker)

    # Bounces.

    def letter_named(self, message: str) -> Outgoing | None:
        """What was sent by this name, without its words; None for a name that is none of ours."""
        with self._store.read() as connection:
            return bouncing.letter(connection, message)

    def bounced(self, one: Outgoing, failure: Failure, *, at: datetime) -> bool:
        """Counts a letter that came back against its subscriber. Whether nothing is sent there any more."""
        with self._store.write() as tx:
            return bouncing.bounce(tx, one, failure, at=stamp(at))

    def complained(self, one: Outgoing, *, at: datetime) -> None:
        """A reader said that a letter was spam: its subscription ends, and nothing is sent there any more."""
        with self._store.write() as tx:
            bouncing.complain(tx, one, at=stamp(at))

    def unsubscribed_by_letter(self, one: Outgoing, *, at: datetime) -> None:
        """Ends the subscription that a letter was sent by."""
        with self._store.write() as tx:
            bouncing.unsubscribe(tx, one, at=stamp(at))

    def suppressed(self, *, limit: int, offset: int = 0) -> list[Subscriber]:
        """Mailboxes to which nothing is sent, the latest first."""
        with self._store.read() as connection:
            return bouncing.suppressed(connection, limit=limit, offset=offset)

    def unsuppress(self, number: int) -> None:
        """Lets letters be sent to a subscriber again, and forgets the score. Raises NotFound."""
        with self._store.write() as tx:
            bouncing.unsuppress(tx, number)
