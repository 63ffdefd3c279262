"""Digests: which subscriptions are due, what a subscriber was sent before, and a decision written down whole.

What was decided, the papers that are thereby delivered, the letter in the outbox and the next time are one transaction.
It writes only where the subscription still is what the decision was made for: who changed something, or unsubscribed,
meanwhile, is decided about anew.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from broadsheet.catalogue import outbox as box
from broadsheet.catalogue import subscriptions
from broadsheet.catalogue.log import present
from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.schema import caught, delivered, digest, outbox, paper, subscriber, subscription
from broadsheet.types import Digest, Outgoing, Rhythm, Sending, Subscription, Wanted

_AT_ONCE = and_(subscription.c.rhythm == Rhythm.ONCE.value, subscription.c.wanted == Wanted.QUERY.value)


def due(
    connection: Connection, at: str, *, limit: int, waiting: Sequence[Wanted] = (), late: str = ""
) -> list[Subscription]:
    """The subscriptions that are due at an instant, the longest due first chosen, by number.

    What is sent as it comes is due where something came. Of the kinds that are `waiting` there are only those that were
    due by the instant `late`.
    """
    now = or_(subscription.c.next <= at, and_(_AT_ONCE, _came()))
    query = select(subscription.c.number).select_from(subscription).join(subscriber).where(_goes_on(at), now)
    if waiting:
        patient = subscription.c.wanted.in_([one.value for one in waiting])
        query = query.where(or_(~patient, subscription.c.next <= late))
    numbers = connection.execute(query.order_by(subscription.c.next, subscription.c.number).limit(limit)).scalars()
    return subscriptions.listed(connection, subscription.c.number.in_(list(numbers)))


def sent_before(connection: Connection, who: int, numbers: Collection[int]) -> set[int]:
    """Which of these papers a subscriber was sent before, under whatever number.

    What was dropped before it left was not sent.
    """
    if not numbers:
        return set()
    near = delivered.c.paper.between(min(numbers), max(numbers))
    query = (
        select(delivered.c.paper, paper.c.number)
        .outerjoin(paper, paper.c.number == delivered.c.paper)
        .outerjoin(digest, digest.c.number == delivered.c.digest)
        .outerjoin(outbox, outbox.c.number == digest.c.outgoing)
        .where(delivered.c.subscriber == who, or_(near, paper.c.number.is_(None)))
        .where(func.coalesce(outbox.c.state, "") != Sending.DROPPED.value)
    )
    # A paper that is no more is part of another by now.
    now = {row.paper if row.number is not None else present(connection, row.paper) for row in connection.execute(query)}
    return now & set(numbers)


def put(
    tx: Connection,
    decided: Digest,
    outgoing: Outgoing,
    *,
    next: str | None,  # noqa: A002
    at: str,
    without: str = "",
) -> bool:
    """Writes a decision down, and says whether it did.

    It does not where it was done before, where a paper in it was sent to this subscriber meanwhile, or where the
    subscription has changed. `outgoing.to` is filled in with the address or the channel as they are now; `without` is
    what stands for the address of an account that has none.
    """
    one = decided.subscription
    target = _target(tx, one, at, without)
    if not target:
        return False
    if tx.execute(select(digest.c.number).where(digest.c.key == decided.key)).first():
        subscriptions.change(tx, one.number, {"next": next})  # it was for this day, at another time of it
        return False
    numbers = [entry.paper.number for entry in decided.entries]
    if sent_before(tx, one.subscriber, numbers):
        return False
    # An overdue one is dropped when the next is due: that has the newer papers.
    leaving = replace(outgoing, to=target, made=at, stale=outgoing.stale or next)
    box.put(tx, leaving)
    letter = tx.execute(select(outbox.c.number).where(outbox.c.key == leaving.key)).scalar_one()
    number = next_number(tx, digest.c.number)
    facts = {"number": number, "key": decided.key, "subscription": one.number, "at": at, "outgoing": letter}
    tx.execute(insert(digest).values(**facts, papers=json.dumps(numbers)))
    if numbers:
        new = insert_or(delivered)
        rows = [{"subscriber": one.subscriber, "paper": paper, "digest": number} for paper in numbers]
        again = new.on_conflict_do_update(
            index_elements=[delivered.c.subscriber, delivered.c.paper], set_={"digest": new.excluded.digest}
        )
        tx.execute(again, rows)
    subscriptions.change(tx, one.number, {"next": next, "last": decided.last})
    return True


def pass_over(tx: Connection, one: Subscription, *, next: str | None, last: str) -> None:  # noqa: A002
    """Nothing is sent this time, unless the subscription has been given another time meanwhile.

    Without a `next` it is sent as things come: what came before the instant `last` is not looked at again.
    """
    row = subscription.c.number == one.number, subscription.c.next.is_not_distinct_from(one.next)
    facts = {"next": next} | ({"last": last} if next is None else {})
    tx.execute(update(subscription).where(*row).values(**facts))


def person_behind(connection: Connection, who: int) -> int | None:
    """The account that a subscriber is, if any."""
    return connection.execute(select(subscriber.c.person).where(subscriber.c.number == who)).scalar()


def counts(connection: Connection, at: str) -> dict[str, Any]:
    """How many subscriptions there are and go on, how many are due, when the next one is, and the last digest."""
    every = connection.execute(select(func.count()).select_from(subscription)).scalar_one()
    on = select(func.count(), func.min(subscription.c.next)).select_from(subscription).join(subscriber)
    on = on.where(_goes_on(at))
    going, soonest = connection.execute(on).one()
    ready = connection.execute(on.where(or_(subscription.c.next <= at, and_(_AT_ONCE, _came())))).one()[0]
    latest = connection.execute(select(func.max(digest.c.at))).scalar()
    return {"subscriptions": every, "active": going, "due": ready, "next": soonest, "last": latest}


def _goes_on(at: str) -> ColumnElement[bool]:
    """Whether something is to be sent, and can be."""
    return and_(
        subscription.c.confirmed.is_not(None),
        subscription.c.ended.is_(None),
        func.coalesce(subscription.c.paused, "0") != "",
        func.coalesce(subscription.c.paused, "0") <= at[:10],
        or_(subscription.c.channel.is_not(None), subscriber.c.suppressed.is_(None)),
    )


def _came() -> ColumnElement[bool]:
    """Whether the standing query of a subscription caught something that its subscriber was not sent yet."""
    sent = and_(delivered.c.subscriber == subscription.c.subscriber, delivered.c.paper == caught.c.paper)
    since = case((subscription.c.last > subscription.c.confirmed, subscription.c.last), else_=subscription.c.confirmed)
    new = select(caught.c.paper).select_from(caught).outerjoin(delivered, sent)
    return (
        new.where(caught.c.standing == subscription.c.value, caught.c.at >= since, delivered.c.paper.is_(None))
        .correlate(subscription)
        .exists()
    )


def _target(connection: Connection, one: Subscription, at: str, without: str) -> str:
    """Where a subscription goes by now; empty where it goes on no more, or is another than it was."""
    if subscriptions.listed(connection, subscription.c.number == one.number, _goes_on(at)) != [one]:
        return ""
    if one.channel is not None:
        return str(one.channel)
    email = connection.execute(select(subscriber.c.email).where(subscriber.c.number == one.subscriber)).scalar()
    return email or without
