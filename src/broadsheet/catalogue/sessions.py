"""Browsers that are signed in. Of a session's secret there is only a hash."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from broadsheet.catalogue import people
from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.schema import person, session
from broadsheet.errors import NotFound
from broadsheet.types import Person, Session

MOST = 100  # of one person; the longest unseen end first


class Known(NamedTuple):
    """Whose session or token it is, its number, when it was last seen, and the scopes of a token."""

    person: Person
    number: int
    seen: str
    scopes: str = ""


# On the way of every page of who is signed in: written down once.
_FIND = (
    select(person, session.c.number.label("session"), session.c.seen)
    .join(session, session.c.person == person.c.number)
    .where(session.c.secret == bindparam("secret_hash"), session.c.expires > bindparam("now"))
    .where(session.c.seen > bindparam("since"), person.c.left.is_(None))
)


def begin(tx: Connection, who: int, secret: str, *, at: str, expires: str, agent: str, address: str) -> int:
    """Signs a browser in. `secret` is the hash. Returns the session's number."""
    number = next_number(tx, session.c.number)
    facts = {"created": at, "seen": at, "expires": expires, "agent": agent, "address": address}
    tx.execute(insert(session).values(number=number, person=who, secret=secret, **facts))
    latest = select(session.c.number).where(session.c.person == who).order_by(session.c.seen.desc())
    tx.execute(delete(session).where(session.c.person == who, session.c.number.in_(latest.offset(MOST).limit(-1))))
    return number


def find(connection: Connection, secret: str, *, at: str, seen_since: str) -> Known | None:
    """The session with this secret (a hash), if it has not ended: by age, or because nobody came for long."""
    row = connection.execute(_FIND, {"secret_hash": secret, "now": at, "since": seen_since}).mappings().first()
    return Known(people.read(row), row["session"], row["seen"]) if row is not None else None


def touch(tx: Connection, number: int, at: str) -> None:
    """Notes that a session was used."""
    tx.execute(update(session).where(session.c.number == number).values(seen=at))


def listed(connection: Connection, who: int, here: int, *, at: str, seen_since: str) -> list[Session]:
    """Somebody's sessions, the last seen first."""
    query = _of(select(session), who).where(session.c.expires > at, session.c.seen > seen_since)
    rows = connection.execute(query.order_by(session.c.seen.desc(), session.c.number.desc())).mappings()
    names = "number", "created", "seen", "expires", "agent", "address"
    return [Session(**{name: row[name] for name in names}, here=row["number"] == here) for row in rows]


def end(tx: Connection, who: int, number: int) -> None:
    """Ends one of somebody's sessions. Raises NotFound, for somebody else's too."""
    if not tx.execute(_of(delete(session), who).where(session.c.number == number)).rowcount:
        raise NotFound("There is no such session; it has ended already.")


def end_others(tx: Connection, who: int, here: int) -> int:
    """Ends all of somebody's sessions but one. Returns how many."""
    return int(tx.execute(_of(delete(session), who).where(session.c.number != here)).rowcount)


def sweep(tx: Connection, *, at: str, seen_since: str) -> None:
    """Forgets sessions that have ended."""
    tx.execute(delete(session).where((session.c.expires <= at) | (session.c.seen <= seen_since)))


def _of(query: Any, who: int) -> Any:
    return query.where(session.c.person == who)
