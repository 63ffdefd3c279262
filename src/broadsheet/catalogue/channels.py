"""Channels: chats and webhooks of people, and how they fare.

A channel that fails again and again, for days, is switched off, and its owner is told: somebody deleted the webhook, or
moved the server, and nobody would notice otherwise. One message that gets through forgives all before it. A channel
that was removed keeps its row, because what was sent through it points there, and loses what was secret in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from broadsheet.catalogue import notices, outbox
from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.schema import channel, person, subscription
from broadsheet.catalogue.schema import outbox as box
from broadsheet.errors import NotFound, Refused
from broadsheet.types import Channel, NoticeKind, Outgoing, Sending, Way

MOST = 20  # of one person
FAILURES = 8  # in a row; with the outbox's growing waits that is more than half a day of one message alone
GONE = "There is no such channel; it was removed."
_LONGEST = 300  # characters of a reason


@dataclass(frozen=True, slots=True)
class Kept:
    """A channel, and what of it is secret. `channel.shown` is empty: whoever knows services says it."""

    channel: Channel
    address: str = field(repr=False)
    secret: str = field(repr=False)


def add(tx: Connection, who: int, kind: str, name: str, *, address: str, secret: str, at: str) -> int:
    """Adds a channel, and gives its number. Raises Refused for one too many."""
    mine = select(func.count()).where(channel.c.person == who, channel.c.ended.is_(None))
    if tx.execute(mine).scalar_one() >= MOST:
        raise Refused(f"You have {MOST} channels already. Remove some first.")
    number = next_number(tx, channel.c.number)
    facts = {"kind": kind, "name": name, "address": address, "secret": secret, "made": at}
    tx.execute(insert(channel).values(number=number, person=who, **facts, failures=0, reason=""))
    return number


def listed(connection: Connection, who: int) -> list[Kept]:
    """Somebody's channels, the newest first, without those that were removed."""
    query = select(channel).where(channel.c.person == who, channel.c.ended.is_(None))
    return [_read(row) for row in connection.execute(query.order_by(channel.c.number.desc()))]


def own(connection: Connection, who: int, number: int) -> Kept:
    """One of somebody's channels. Raises NotFound, for somebody else's too."""
    return _read(_mine(connection, who, number))


def remove(tx: Connection, who: int, number: int, *, at: str) -> None:
    """Removes a channel, and ends what goes to it. Raises NotFound."""
    _mine(tx, who, number)
    mine = channel.c.number == number
    tx.execute(update(channel).where(mine).values(ended=at, address="", secret="", reason="", name=""))
    going = subscription.c.channel == number, subscription.c.ended.is_(None)
    tx.execute(update(subscription).where(*going).values(ended=at))


def switch_on(tx: Connection, who: int, number: int) -> None:
    """Lets a channel be sent to again. Raises NotFound."""
    _mine(tx, who, number)
    tx.execute(update(channel).where(channel.c.number == number).values(failures=0, failing=None, off=None, reason=""))


def open_line(connection: Connection, number: int) -> Kept:
    """A channel that something may be sent to. Raises Refused."""
    query = select(channel).join(person, person.c.number == channel.c.person)
    row = connection.execute(query.where(channel.c.number == number, person.c.left.is_(None))).first()
    if row is None or row.ended is not None:
        raise Refused(GONE)
    if row.off is not None:
        raise Refused(f"This channel is switched off: {row.reason}")
    return _read(row)


def fares_well(connection: Connection, number: int) -> bool:
    """Whether nothing is noted against a channel."""
    query = select(channel.c.failing).where(channel.c.number == number)
    return connection.execute(query).scalar() is None


def arrived(tx: Connection, number: int) -> None:
    """Something got through."""
    tx.execute(update(channel).where(channel.c.number == number).values(failures=0, failing=None, reason=""))


def failed(tx: Connection, number: int, problem: str, *, gone: bool, at: str, since: str) -> bool:
    """Nothing got through; a channel that fails since an instant, or is gone, is switched off. Whether it was."""
    row = tx.execute(select(channel).where(channel.c.number == number, channel.c.ended.is_(None))).first()
    if row is None or row.off is not None:
        return False
    failures, failing = row.failures + 1, row.failing or at
    facts: dict[str, Any] = {"failures": failures, "failing": failing, "reason": problem[:_LONGEST]}
    off = gone or (failures >= FAILURES and failing <= since)
    if off:
        facts["off"] = at
        said = f"“{row.name}” is switched off, and nothing more is sent there. {problem[:_LONGEST]}"
        notices.tell(tx, NoticeKind.CHANNEL, [row.person], at=at, text=said)
    tx.execute(update(channel).where(channel.c.number == number).values(**facts))
    return off


def history(connection: Connection, number: int, *, limit: int) -> Sequence[Outgoing]:
    """What was sent to a channel lately, or waits, the newest first, without its words."""
    query = select(box).where(box.c.way == Way.CHANNEL.value, box.c.target == str(number))
    rows = connection.execute(query.order_by(box.c.number.desc()).limit(limit))
    return [outbox.read(row, words=False) for row in rows]


def waiting(connection: Connection, number: int, purpose: str, *, at: str) -> bool:
    """Whether something of a purpose waits to be sent to a channel, and is not out of date."""
    states = [Sending.WAITING.value, Sending.CLAIMED.value, Sending.DATA.value]
    query = select(box.c.number).where(box.c.way == Way.CHANNEL.value, box.c.target == str(number))
    return (
        connection.execute(query.where(box.c.purpose == purpose, box.c.state.in_(states), box.c.stale > at)).first()
        is not None
    )


def _mine(connection: Connection, who: int, number: int) -> Row[Any]:
    mine = channel.c.number == number, channel.c.person == who, channel.c.ended.is_(None)
    row = connection.execute(select(channel).where(*mine)).first()
    if row is None:
        raise NotFound(GONE)
    return row


def _read(row: Row[Any]) -> Kept:
    names = "number", "person", "kind", "name", "made", "failures", "off", "reason"
    return Kept(Channel(**{name: getattr(row, name) for name in names}, shown=""), row.address, row.secret)
