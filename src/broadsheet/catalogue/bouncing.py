"""Bounces and complaints: to whom no more mail is sent, and why.

A mailbox that is not there (5.1.x, RFC 3463) is written to no more at once. Any other lasting failure adds to a score,
at most once a day, so that one bad day of a mail server shuts nobody out; a month without one forgets it. What a server
says of us and our words (5.6.x, 5.7.x: form, policy, spam) says nothing about its reader, and never counts.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select, update

from broadsheet.catalogue import outbox as box
from broadsheet.catalogue.schema import outbox, subscriber, subscription
from broadsheet.errors import NotFound
from broadsheet.types import Outgoing, Subscriber

LASTING, PASSING = 2, 1  # what a failure for ever adds, and one that lasted until we gave up
ENOUGH = 6
MEMORY = 30  # days after the last one
_OF_US = ("5.6.", "5.7.")
_FULL = "5.2.2"  # RFC 3463: the mailbox is full


@dataclass(frozen=True, slots=True)
class Failure:
    """That a letter did not come through. `status` is its code by RFC 3463 ("5.1.1"), or empty; `said` in words."""

    status: str
    said: str


def letter(connection: Connection, message: str) -> Outgoing | None:
    """What was sent by this name, without its words; None for a name that is none of ours."""
    row = connection.execute(select(outbox).where(outbox.c.message == message)).first()
    return box.read(row, words=False) if row else None


def bounce(tx: Connection, one: Outgoing, failure: Failure, *, at: str) -> bool:
    """Counts the failure of a letter against its subscriber. Whether nothing is sent there any more because of it.

    A letter of no subscriber counts against nobody, and so does one to an address that its subscriber has left.
    """
    row = tx.execute(select(subscriber).where(subscriber.c.number == one.subscriber)).first()
    if row is None or row.suppressed is not None or row.email not in (None, one.to):
        return False
    if failure.status.startswith(_OF_US):
        return False
    if failure.status.startswith("5.1."):
        return _suppress(tx, row.number, f"Its mail server knows no such mailbox: {failure.said}", at)
    if row.bounced is not None and row.bounced[:10] == at[:10]:
        return False
    lasting = failure.status != _FULL and not failure.status.startswith("4.")
    score = (LASTING if lasting else PASSING) + (row.bounces if _remembered(row.bounced, at) else 0)
    tx.execute(update(subscriber).where(subscriber.c.number == row.number).values(bounces=score, bounced=at))
    said = f"Its mail server has not taken letters for some time: {failure.said}"
    return score >= ENOUGH and _suppress(tx, row.number, said, at)


def complain(tx: Connection, one: Outgoing, *, at: str) -> None:
    """A reader said that a letter was spam: nothing is sent there any more, and the subscription ends."""
    unsubscribe(tx, one, at=at)
    if one.subscriber is not None:
        _suppress(tx, one.subscriber, "Its reader reported a letter as spam.", at)


def unsubscribe(tx: Connection, one: Outgoing, *, at: str) -> None:
    """Ends the subscription that a letter was sent by."""
    ended = subscription.c.number == one.subscription, subscription.c.ended.is_(None)
    tx.execute(update(subscription).where(*ended).values(ended=at))


def suppressed(connection: Connection, *, limit: int, offset: int) -> list[Subscriber]:
    """Mailboxes to which nothing is sent, the latest first."""
    query = select(subscriber).where(subscriber.c.suppressed.is_not(None))
    rows = connection.execute(query.order_by(subscriber.c.suppressed.desc()).limit(limit).offset(offset))
    return [Subscriber(row.number, row.email, row.person, row.made, row.suppressed, row.reason) for row in rows]


def unsuppress(tx: Connection, number: int) -> None:
    """Lets letters be sent there again, and forgets the score. Raises NotFound."""
    free = {"suppressed": None, "reason": "", "bounces": 0, "bounced": None}
    if not tx.execute(update(subscriber).where(subscriber.c.number == number).values(**free)).rowcount:
        raise NotFound(f"There is no subscriber with the number {number}.")


def _suppress(tx: Connection, number: int, reason: str, at: str) -> bool:
    row = subscriber.c.number == number, subscriber.c.suppressed.is_(None)
    return bool(tx.execute(update(subscriber).where(*row).values(suppressed=at, reason=reason)).rowcount)


def _remembered(bounced: str | None, at: str) -> bool:
    if bounced is None:
        return False
    return (date.fromisoformat(at[:10]) - date.fromisoformat(bounced[:10])).days <= MEMORY
