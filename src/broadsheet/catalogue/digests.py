"""Digests: which subscriptions are due, what subscribers were sent before, and decisions written down whole.

What was decided, the papers that are thereby delivered, the letter in the outbox and the next time are one transaction;
some hundred decisions share it, for each costs a sync of the disk.
It writes only where the subscription still is what the decision was made for: who changed something, or unsubscribed,
meanwhile, is decided about anew.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from broadsheet.catalogue import outbox as box
from broadsheet.catalogue import subscriptions
from broadsheet.catalogue.log import parts
from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.schema import caught, delivered, digest, outbox, subscriber, subscription
from broadsheet.types import Digest, Outgoing, Rhythm, Sending, Subscription, Wanted

_CLOSE = 1_000  # numbers of papers that lie closer are looked for together: those of a day follow each other
_AT_ONCE = and_(subscription.c.rhythm == Rhythm.ONCE.value, subscription.c.wanted == Wanted.QUERY.value)

# Asked for every letter: built once.
_SENT_BEFORE = (
    select(delivered.c.subscriber, delivered.c.paper)
    .outerjoin(digest, digest.c.number == delivered.c.digest)
    .outerjoin(outbox, outbox.c.number == digest.c.outgoing)
    .where(delivered.c.subscriber.in_(bindparam("readers", expanding=True)))
    .where(delivered.c.paper.between(bindparam("first"), bindparam("last")))
    .where(func.coalesce(outbox.c.state, "") != Sending.DROPPED.value)
)
_KEYS = select(digest.c.key).where(digest.c.key.in_(bindparam("keys", expanding=True)))
_LETTERS = select(outbox.c.key, outbox.c.number).where(outbox.c.key.in_(bindparam("keys", expanding=True)))
_EMAILS = select(subscriber.c.number, subscriber.c.email).where(
    subscriber.c.number.in_(bindparam("readers", expanding=True))
)
_NEW = insert_or(delivered)
_DELIVERED = _NEW.on_conflict_do_update(
    index_elements=[delivered.c.subscriber, delivered.c.paper], set_={"digest": _NEW.excluded.digest}
)
_DUE = update(subscription).where(subscription.c.number == bindparam("its_number")).values(next=bindparam("next"))
_DECIDED = _DUE.values(last=bindparam("last"))


@dataclass(frozen=True, slots=True)
class Decision:
    """A digest with its letter, and the instant at which the next of its subscription is due (None: as it comes)."""

    digest: Digest
    outgoing: Outgoing
    next: str | None

    @property
    def papers(self) -> list[int]:
        """The papers in it, by number."""
        return [entry.paper.number for entry in self.digest.entries]


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


def sent_before(connection: Connection, readers: Collection[int], numbers: Collection[int]) -> dict[int, set[int]]:
    """Which of these papers each of some subscribers was sent before, under whatever number.

    What was dropped before it left was not sent.
    """
    found: dict[int, set[int]] = {who: set() for who in readers}
    means = parts(connection, numbers)
    for first, last in _runs(means):
        for row in connection.execute(_SENT_BEFORE, {"readers": list(found), "first": first, "last": last}):
            if row.paper in means:
                found[row.subscriber].add(means[row.paper])
    return found


def put(tx: Connection, decisions: Sequence[Decision], *, at: str, without: str = "") -> int:
    """Writes decisions down, and says how many it did.

    It does not write one that was written before, one with a paper that its subscriber was sent meanwhile, or one whose
    subscription has changed. `outgoing.to` is filled in with the address or the channel as they are now; `without`
    is what stands for the address of an account that has none.
    """
    targets = _targets(tx, decisions, at, without)
    written = set(tx.execute(_KEYS, {"keys": [one.digest.key for one in decisions]}).scalars())
    told = {number for one in decisions for number in one.papers}
    sent = sent_before(tx, [one.digest.subscription.subscriber for one in decisions], told)
    done: list[Decision] = []
    for one in decisions:
        sub = one.digest.subscription
        if not targets.get(sub.number):
            continue
        if one.digest.key in written:
            tx.execute(_DUE, {"its_number": sub.number, "next": one.next})  # it was for this day, at another time of it
        elif sent[sub.subscriber].isdisjoint(one.papers):
            done.append(one)
            sent[sub.subscriber].update(one.papers)
    if done:
        _put(tx, done, targets, at)
    return len(done)


def _put(tx: Connection, done: Sequence[Decision], targets: Mapping[int, str], at: str) -> None:
    """The rows of decisions: letters, digests, what is delivered by them, and when the next is due."""
    # An overdue one is dropped when the next is due: that has the newer papers.
    letters = [
        replace(one.outgoing, to=targets[one.digest.subscription.number], made=at, stale=one.outgoing.stale or one.next)
        for one in done
    ]
    box.put_all(tx, letters)
    there = {row.key: row.number for row in tx.execute(_LETTERS, {"keys": [letter.key for letter in letters]})}
    first = next_number(tx, digest.c.number)
    numbered = list(enumerate(zip(done, letters, strict=True), start=first))
    tx.execute(
        insert(digest),
        [
            {
                "number": number,
                "key": one.digest.key,
                "subscription": one.digest.subscription.number,
                "at": at,
                "papers": json.dumps(one.papers),
                "outgoing": there[letter.key],
            }
            for number, (one, letter) in numbered
        ],
    )
    delivers = [
        {"subscriber": one.digest.subscription.subscriber, "paper": paper, "digest": number}
        for number, (one, _) in numbered
        for paper in one.papers
    ]
    if delivers:
        tx.execute(_DELIVERED, delivers)
    moves = [{"its_number": one.digest.subscription.number, "next": one.next, "last": one.digest.last} for one in done]
    tx.execute(_DECIDED, moves)


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
        func.coalesce(subscription.c.paused, "0") <= at,
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


def _targets(tx: Connection, decisions: Sequence[Decision], at: str, without: str) -> dict[int, str]:
    """Where subscriptions go by now. Those are left out that go on no more, or are others than was decided about."""
    about = {one.digest.subscription.number: one.digest.subscription for one in decisions}
    now = [
        one
        for one in subscriptions.listed(tx, subscription.c.number.in_(about), _goes_on(at))
        if one == about[one.number]
    ]
    emails = {row.number: row.email for row in tx.execute(_EMAILS, {"readers": [one.subscriber for one in now]})}
    return {one.number: emails[one.subscriber] or without if one.channel is None else str(one.channel) for one in now}


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers as stretches in which they lie close, each by its first and its last."""
    first = last = None
    for number in sorted(numbers):
        if first is None or last is None:
            first = number
        elif number - last > _CLOSE:
            yield first, last
            first = number
        last = number
    if first is not None and last is not None:
        yield first, last
