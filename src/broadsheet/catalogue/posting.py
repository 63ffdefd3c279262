"""Sending, as the outbox sees it: who has what in hand, whether its words may leave, and what came of it.

A claim is a lease, and `attempts` is its number: whatever a worker writes later holds only while nobody claimed the
same since. The phase is written before the words leave (`fence`). So of a worker that was killed it is known of each
row whether its words surely did not leave; only those behind the fence are doubtful, and of these there are no more
than a worker has there at a time. Whether something is wanted at all is asked twice in SQL, at the claim and at the
fence: who unsubscribes is sent nothing that was not on its way by then.

Clocks: what was put in "later than now" shows that the clock was set back, and is due. A claim whose lease ends later
than any lease could is taken over: that is safe before the fence. Behind it the lease is waited for.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Update, and_, bindparam, func, or_, select, update

from broadsheet.catalogue import outbox as box
from broadsheet.catalogue.schema import circle, outbox, subscriber, subscription
from broadsheet.types import Outgoing, Sending, Wanted, Way

UNWANTED = "It is not wanted any more."
STALE = "It was out of date before it could leave."
IN_DOUBT = "It is not known whether it arrived: the worker was gone, or the connection, before the answer came."


def _there_is(query: Select[Any]) -> ColumnElement[bool]:
    return query.correlate(outbox).exists()


# Asked for every letter: built once.
_OVER = or_(subscription.c.ended.is_not(None), subscription.c.paused == "", subscription.c.paused > bindparam("now"))
_DISSOLVED = select(subscription.c.number).join(
    circle, and_(subscription.c.wanted == Wanted.GROUP.value, circle.c.number == subscription.c.value)
)
_REFUSING = and_(outbox.c.way == Way.MAIL.value, subscriber.c.suppressed.is_not(None))
_UNWANTED = or_(
    _there_is(select(subscription.c.number).where(subscription.c.number == outbox.c.subscription, _OVER)),
    _there_is(_DISSOLVED.where(subscription.c.number == outbox.c.subscription, circle.c.dissolved.is_not(None))),
    _there_is(select(subscriber.c.number).where(subscriber.c.number == outbox.c.subscriber, _REFUSING)),
)
_STALE = func.coalesce(outbox.c.stale, "~") <= bindparam("now")  # "~" comes after every instant
_ONE = and_(outbox.c.number == bindparam("its_number"), outbox.c.key == bindparam("its_key"))
_FENCE = (
    update(outbox)
    .where(_ONE, outbox.c.attempts == bindparam("its_attempts"), outbox.c.worker == bindparam("its_worker"))
    .where(outbox.c.state == Sending.CLAIMED.value, ~_STALE, ~_UNWANTED)
    .values(state=Sending.DATA.value, leased_until=bindparam("until"))
)
_SENT = (
    update(outbox)
    .where(_ONE, outbox.c.state.in_(box.OPEN))
    .values(state=Sending.SENT.value, ended=bindparam("when"), said=bindparam("answer"), leased_until=None)
)


@dataclass(frozen=True, slots=True)
class Claiming:
    """Who claims, when (`at`), until when, and how many at most.

    `beyond` is later than a lease of now can end. With `hold` what is doubtful is left to the operator.
    """

    worker: str
    at: str
    until: str
    beyond: str
    limit: int
    hold: bool = False


def due(connection: Connection, at: str) -> bool:
    """Whether there is anything to send, or to take over from a worker that is gone."""
    ready = or_(_ready(at), _left_behind(at))
    return connection.execute(select(outbox.c.number).where(ready).limit(1)).first() is not None


def claim(tx: Connection, way: Way, how: Claiming) -> list[Outgoing]:
    """Gives a worker what is due, the longest waiting first.

    What is stale or not wanted any more is dropped by the way, and does not count.
    """
    if how.hold:
        doubtful = outbox.c.state == Sending.DATA.value, outbox.c.leased_until < how.at, outbox.c.way == way.value
        tx.execute(update(outbox).where(*doubtful).values(leased_until=None, said=IN_DOUBT))
    found: list[Outgoing] = []
    # One after the other: each follows the index, and none has to put a whole list in order.
    may_have = [_left_behind(how.at), _impossible(how.beyond), _ready(how.at)]
    while may_have and len(found) < how.limit:
        query = select(outbox.c.number).where(outbox.c.way == way.value, may_have[0])
        query = query.order_by(outbox.c.next, outbox.c.number).limit(how.limit - len(found))
        numbers = list(tx.execute(query).scalars())
        if not numbers:
            del may_have[0]
            continue
        these = outbox.c.number.in_(numbers)
        _drop(tx, these, how.at)
        taken = {"state": Sending.CLAIMED.value, "worker": how.worker, "leased_until": how.until}
        still = update(outbox).where(these, outbox.c.state.in_(box.OPEN))
        tx.execute(still.values(**taken, attempts=outbox.c.attempts + 1))
        mine = select(outbox).where(these, outbox.c.state == Sending.CLAIMED.value)
        found += [box.read(row) for row in tx.execute(mine.order_by(outbox.c.next, outbox.c.number))]
    return found


def renew(tx: Connection, worker: str, *, until: str) -> None:
    """Lets a worker keep all that it has in hand until a later instant."""
    mine = outbox.c.worker == worker, outbox.c.state.in_((Sending.CLAIMED.value, Sending.DATA.value))
    tx.execute(update(outbox).where(*mine, outbox.c.leased_until.is_not(None)).values(leased_until=until))


def fence(tx: Connection, one: Outgoing, worker: str, *, at: str, until: str) -> bool:
    """Notes that the words are about to leave. False: they may not, because another has it, or nobody wants it."""
    claim = {"its_number": one.number, "its_key": one.key, "its_attempts": one.attempts, "its_worker": worker}
    if tx.execute(_FENCE, {**claim, "now": at, "until": until}).rowcount:
        return True
    _drop(tx, and_(outbox.c.number == one.number, outbox.c.worker == worker, outbox.c.attempts == one.attempts), at)
    return False


def sent(tx: Connection, one: Outgoing, *, at: str, said: str) -> None:
    """Notes that it arrived, whoever has it by now: who claimed it since finds the fence closed."""
    tx.execute(_SENT, {"its_number": one.number, "its_key": one.key, "when": at, "answer": said})


def again(tx: Connection, one: Outgoing, worker: str, *, next: str, said: str) -> bool:  # noqa: A002
    """Gives it back, to be tried at an instant. False if it is another worker's by now."""
    back = {"state": Sending.WAITING.value, "next": next, "said": said, "worker": "", "leased_until": None}
    return bool(tx.execute(_mine(one, worker, Sending.CLAIMED, Sending.DATA).values(**back)).rowcount)


def give_back(tx: Connection, one: Outgoing, worker: str, *, next: str) -> None:  # noqa: A002
    """Gives it back, to be tried at an instant, as if it had not been claimed: nobody tried it."""
    back = {"state": Sending.WAITING.value, "next": next, "attempts": outbox.c.attempts - 1}
    tx.execute(_mine(one, worker, Sending.CLAIMED).values(**back, worker="", leased_until=None))


def failed(tx: Connection, one: Outgoing, worker: str, *, at: str, said: str) -> bool:
    """Notes that it will never arrive. False if it is another worker's by now."""
    ended = {"state": Sending.FAILED.value, "ended": at, "said": said, "leased_until": None}
    return bool(tx.execute(_mine(one, worker, Sending.CLAIMED, Sending.DATA).values(**ended)).rowcount)


def hold(tx: Connection, one: Outgoing, worker: str) -> bool:
    """Leaves a doubtful one to the operator. False if it is another worker's by now."""
    return bool(tx.execute(_mine(one, worker, Sending.DATA).values(said=IN_DOUBT, leased_until=None)).rowcount)


def _ready(at: str) -> ColumnElement[bool]:
    return and_(outbox.c.state == Sending.WAITING.value, or_(outbox.c.next <= at, outbox.c.made > at))


def _left_behind(at: str) -> ColumnElement[bool]:
    in_hand = outbox.c.state.in_((Sending.CLAIMED.value, Sending.DATA.value))
    return and_(in_hand, outbox.c.leased_until < at)


def _impossible(beyond: str) -> ColumnElement[bool]:
    return and_(outbox.c.state == Sending.CLAIMED.value, outbox.c.leased_until > beyond)


def _drop(tx: Connection, these: ColumnElement[bool], at: str) -> None:
    """Drops those of some rows that are stale or unwanted; a doubtful one is not sent a second time either."""
    ended = {"state": Sending.DROPPED.value, "ended": at, "leased_until": None}
    before = update(outbox).where(these, outbox.c.state.in_(box.OPEN))
    tx.execute(before.where(_UNWANTED).values(**ended, said=UNWANTED), {"now": at})
    tx.execute(before.where(_STALE).values(**ended, said=STALE), {"now": at})


def _mine(one: Outgoing, worker: str, *states: Sending) -> Update:
    """This very claim. Numbers of what was forgotten may come again; keys do not."""
    row = (outbox.c.number == one.number, outbox.c.key == one.key, outbox.c.attempts == one.attempts)
    return update(outbox).where(*row, outbox.c.worker == worker, outbox.c.state.in_([state.value for state in states]))
