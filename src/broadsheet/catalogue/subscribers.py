"""Who is sent something: an address on its own, an account, or an account with its address.

One mailbox is one row. An account's row has the address that the account has: the address was shown to be its own when
it signed in. So an address that subscribed on its own, and gets an account later, is that account's row from then on.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.papers import chunked
from broadsheet.catalogue.schema import (
    caught,
    channel,
    delivered,
    digest,
    outbox,
    person,
    standing,
    subscriber,
    subscription,
)
from broadsheet.errors import NotFound
from broadsheet.types import Sending, Subscriber, Way


def number_of(tx: Connection, *, at: str, email: str | None = None, person: int | None = None) -> int:
    """The number of a mailbox or an account among those that are sent something; the row is made where there is none.

    `email` is in its normal form (`ids.people.email`). An address that an account has is that account.
    """
    if person is not None:
        return _of_account(tx, person, at)
    found = tx.execute(select(subscriber.c.number).where(subscriber.c.email == email)).scalar()
    if found is not None:
        return int(found)
    holder = _holder(tx, email)
    return _add(tx, email, None, at) if holder is None else _of_account(tx, holder, at)


def known(connection: Connection, *, email: str | None = None, person: int | None = None) -> int | None:
    """The number of a mailbox or an account, where it is sent something; nothing is made."""
    column = subscriber.c.email == email if person is None else subscriber.c.person == person
    found = connection.execute(select(subscriber.c.number).where(column)).scalar()
    return int(found) if found is not None else None


def one(connection: Connection, number: int) -> Subscriber:
    """A row as its type, without its subscriptions. Raises NotFound."""
    row = connection.execute(select(subscriber).where(subscriber.c.number == number)).first()
    if row is None:
        raise NotFound("Nothing is sent to this address any more, and nothing is kept of it.")
    return _read(row)


def some(connection: Connection, numbers: Collection[int]) -> list[Subscriber]:
    """Those of some that are there, without their subscriptions."""
    return [_read(row) for row in chunked(connection, select(subscriber), subscriber.c.number, list(numbers))]


def listed(connection: Connection, *, limit: int, offset: int) -> list[Subscriber]:
    """All of them, the oldest first, without their subscriptions."""
    rows = connection.execute(select(subscriber).order_by(subscriber.c.number).limit(limit).offset(offset))
    return [_read(row) for row in rows]


def move(tx: Connection, who: int, email: str) -> None:
    """An account has another address, which it has shown to be its own: what went to either goes there from now on.

    What was in the outbox for the address before, and has not left, goes to the new one.
    """
    mine, alone = known(tx, person=who), known(tx, email=email)
    if mine is None or mine == alone:
        if alone is not None:
            tx.execute(update(subscriber).where(subscriber.c.number == alone).values(person=who))
        return
    facts: dict[str, object] = {"suppressed": None, "reason": "", "bounces": 0, "bounced": None}
    if alone is not None:
        there = tx.execute(select(subscriber).where(subscriber.c.number == alone)).mappings().one()
        facts = {name: there[name] for name in facts}
        _merge(tx, alone, mine)
    tx.execute(update(subscriber).where(subscriber.c.number == mine).values(email=email, **facts))
    waiting = outbox.c.subscriber == mine, outbox.c.way == Way.MAIL.value, outbox.c.state == Sending.WAITING.value
    tx.execute(update(outbox).where(*waiting).values(target=email))


def forget(tx: Connection, numbers: Sequence[int]) -> None:
    """Takes away all that is kept of some: what they asked for, what was found and sent, and what has not left."""
    own = select(subscription.c.number).where(subscription.c.subscriber.in_(numbers))
    queries = select(standing.c.number).where(standing.c.subscriber.in_(numbers))
    tx.execute(delete(caught).where(caught.c.standing.in_(queries)))
    tx.execute(delete(delivered).where(delivered.c.subscriber.in_(numbers)))
    tx.execute(delete(digest).where(digest.c.subscription.in_(own)))
    tx.execute(delete(outbox).where(outbox.c.subscription.in_(own)))
    tx.execute(delete(outbox).where(outbox.c.subscriber.in_(numbers)))
    for table in (subscription, standing):
        tx.execute(delete(table).where(table.c.subscriber.in_(numbers)))
    tx.execute(delete(subscriber).where(subscriber.c.number.in_(numbers)))


def leave(tx: Connection, who: int, email: str | None) -> None:
    """An account ends: all of `forget`, its channels, and every letter to its address."""
    numbers = [one for one in (known(tx, person=who), known(tx, email=email) if email else None) if one is not None]
    forget(tx, numbers)
    channels = tx.execute(select(channel.c.number).where(channel.c.person == who)).scalars().all()
    for way, targets in ((Way.CHANNEL, [str(one) for one in channels]), (Way.MAIL, [email] if email else [])):
        tx.execute(delete(outbox).where(outbox.c.way == way.value, outbox.c.target.in_(targets)))
    tx.execute(delete(channel).where(channel.c.person == who))


def _read(row: Row[Any]) -> Subscriber:
    return Subscriber(row.number, row.email, row.person, row.made, row.suppressed, row.reason)


def _of_account(tx: Connection, who: int, at: str) -> int:
    mine = known(tx, person=who)
    if mine is not None:
        return mine
    email = tx.execute(select(person.c.email).where(person.c.number == who)).scalar()
    alone = known(tx, email=email) if email else None
    if alone is None:
        return _add(tx, email, who, at)
    tx.execute(update(subscriber).where(subscriber.c.number == alone).values(person=who))
    return alone


def _holder(connection: Connection, email: str | None) -> int | None:
    found = connection.execute(select(person.c.number).where(person.c.email == email)).scalar()
    return int(found) if found is not None else None


def _add(tx: Connection, email: str | None, who: int | None, at: str) -> int:
    number = next_number(tx, subscriber.c.number)
    facts = {"number": number, "email": email, "person": who, "made": at}
    tx.execute(insert(subscriber).values(**facts, suppressed=None, reason="", bounces=0, bounced=None))
    return number


def _merge(tx: Connection, number: int, into: int) -> None:
    """Gives all that one row has to another, and takes the first away. What both are sent is sent once."""
    already = select(delivered.c.paper).where(delivered.c.subscriber == into)
    tx.execute(delete(delivered).where(delivered.c.subscriber == number, delivered.c.paper.in_(already)))
    for table in (delivered, subscription, standing, outbox):
        tx.execute(update(table).where(table.c.subscriber == number).values(subscriber=into))
    tx.execute(delete(subscriber).where(subscriber.c.number == number))
