"""Moderation: what people ask moderators to look at, and what these did. All in the transaction it is given."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from broadsheet.catalogue import acts, notices, people
from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.schema import act, flag, member
from broadsheet.errors import Conflict, Forbidden, NotFound
from broadsheet.types import NoticeKind, Person, Role


def add_flag(tx: Connection, kind: str, subject: int, *, who: int, reason: str, at: str) -> int:
    """Flags something, and says by which number; what somebody flagged before stays flagged once."""
    same = (flag.c.kind == kind, flag.c.subject == subject, flag.c.person == who)
    if there := tx.execute(select(flag.c.number).where(*same)).first():
        return int(there.number)
    number = next_number(tx, flag.c.number)
    facts = {"kind": kind, "subject": subject, "person": who, "reason": reason, "at": at}
    tx.execute(insert(flag).values(number=number, **facts, settled=None, outcome=""))
    return number


def flags(connection: Connection, *, settled: bool, limit: int) -> Sequence[Any]:
    """The flags that are open, the oldest first; or those that are settled, the latest first."""
    query = select(flag).where(flag.c.settled.is_not(None) if settled else flag.c.settled.is_(None))
    order = flag.c.settled.desc() if settled else flag.c.number
    return connection.execute(query.order_by(order, flag.c.number).limit(limit)).all()


def flag_row(connection: Connection, number: int) -> Any:
    """A flag. Raises NotFound."""
    row = connection.execute(select(flag).where(flag.c.number == number)).first()
    if row is None:
        raise NotFound(f"There is no flag {number}.")
    return row


def is_flagged(connection: Connection, kind: str, subject: int) -> bool:
    """Whether anybody asked moderators to look at something."""
    query = select(flag.c.number).where(flag.c.kind == kind, flag.c.subject == subject)
    return connection.execute(query).first() is not None


def settle(tx: Connection, number: int, outcome: str, *, by: int, circle: int, reason: str, at: str) -> None:
    """Settles a flag, and with it all that ask for the same. Raises NotFound, Conflict."""
    row = flag_row(tx, number)
    if row.settled is not None:
        raise Conflict(f"This flag was settled already: {row.outcome}.")
    settle_all(tx, row.kind, row.subject, outcome, at)
    acts.record(tx, by, "settle flag", row.kind, row.subject, reason=reason, at=at, circle=circle)


def settle_all(tx: Connection, kind: str, subject: int, outcome: str, at: str) -> None:
    """Settles all flags of one thing."""
    same = (flag.c.kind == kind, flag.c.subject == subject, flag.c.settled.is_(None))
    tx.execute(update(flag).where(*same).values(settled=at, outcome=outcome))


def ban(tx: Connection, name: str, reason: str, *, by: int, role: Role, on: bool, at: str) -> Person:
    """Lets somebody only read, or ends that. Raises NotFound, Forbidden for one's equals and oneself, Conflict."""
    found = people.named(tx, name)
    if found.number == by:
        raise Forbidden("Nobody bans themselves.")
    if found.role >= role and role < Role.ADMINISTRATOR:
        raise Forbidden(f"{found.name} has your role: an administrator decides about that.")
    if on == (found.banned is not None):
        raise Conflict(f"{found.name} is banned already." if on else f"{found.name} is not banned.")
    if on:
        people.keep_an_administrator(tx, found.number)
    people.change(tx, found.number, {"banned": at if on else None, "ban_reason": reason if on else ""})
    acts.record(tx, by, "ban" if on else "unban", "person", found.number, reason=reason, at=at)
    said = f"You may only read from now on: {reason}" if on else f"You may take part again: {reason}"
    notices.tell(tx, NoticeKind.MODERATION, [found.number], at=at, by=by or None, text=said)
    return found


def acts_seen(connection: Connection, who: int, *, limit: int, before: int | None) -> Sequence[Any]:
    """The log, the newest first: all but what was done in groups that somebody is not in."""
    inside = select(member.c.circle).where(member.c.person == who)
    query = select(act).where(or_(act.c.circle == 0, act.c.circle.in_(inside)))
    if before is not None:
        query = query.where(act.c.number < before)
    return connection.execute(query.order_by(act.c.number.desc()).limit(limit)).all()


def gaps(connection: Connection) -> int:
    """How many rows of the log are missing: it is only added to, so that its numbers have no gap."""
    last, rows = connection.execute(select(func.max(act.c.number), func.count(act.c.number))).one()
    return int((last or 0) - rows)
