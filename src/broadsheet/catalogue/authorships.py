"""Claims: people who say that a paper is theirs, on what ground, and what was decided."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from broadsheet.catalogue import acts, notices
from broadsheet.catalogue.log import family
from broadsheet.catalogue.schema import authorship, person
from broadsheet.errors import Conflict, NotFound
from broadsheet.types import NoticeKind


def email(connection: Connection, who: int) -> str:
    """The e-mail address of an account; "" without one."""
    return connection.execute(select(person.c.email).where(person.c.number == who)).scalar() or ""


def claim(tx: Connection, number: int, who: int, *, author: str, how: str, at: str) -> None:
    """Claims a paper; `how` is the ground on which that is confirmed at once, "" where somebody must decide.

    Raises Conflict where an administrator refused it before, and there is no ground now either.
    """
    row = _row(tx, number, who)
    if row is not None and row.state == "refused" and not how:
        raise Conflict("An administrator refused this claim. Write to them if they were wrong.")
    if row is not None and row.state == "confirmed":
        return
    state = "confirmed" if how else "asked"
    facts = {"author": author, "state": state, "how": how, "at": at, "decided": at if how else None, "decider": None}
    if row is None:
        tx.execute(insert(authorship).values(paper=number, person=who, **facts))
    else:
        tx.execute(_of(update(authorship), row).values(**facts))


def withdraw(tx: Connection, number: int, who: int) -> None:
    """Takes a claim back; one that was refused stays refused. Raises NotFound."""
    row = _row(tx, number, who)
    if row is None:
        raise NotFound("You do not claim this paper.")
    if row.state != "refused":
        tx.execute(_of(delete(authorship), row))


def decide(tx: Connection, number: int, who: int, *, yes: bool, reason: str, by: int, at: str) -> None:
    """Confirms or refuses a claim, logs it, and tells who claimed. Raises NotFound."""
    row = _row(tx, number, who)
    if row is None:
        raise NotFound("Nobody of this name claims this paper.")
    how = "an administrator" if yes else reason
    facts = {"state": "confirmed" if yes else "refused", "how": how, "decided": at, "decider": by or None}
    tx.execute(_of(update(authorship), row).values(**facts))
    acts.record(tx, by, "confirm claim" if yes else "refuse claim", "claim", number, reason=reason, at=at)
    said = f"Your claim to be {row.author} was {'confirmed' if yes else 'refused'}" + (f": {reason}" if reason else ".")
    notices.tell(tx, NoticeKind.MODERATION, [who], at=at, by=by or None, paper=number, text=said)


def of_person(connection: Connection, who: int) -> Sequence[Any]:
    """What somebody claims, the latest first."""
    query = select(authorship).where(authorship.c.person == who)
    return connection.execute(query.order_by(authorship.c.at.desc(), authorship.c.paper.desc())).all()


def of_paper(connection: Connection, number: int) -> Sequence[Any]:
    """Who claims a paper, the first first."""
    query = select(authorship).where(authorship.c.paper.in_(family(connection, number)))
    return connection.execute(query.order_by(authorship.c.at, authorship.c.person)).all()


def asked(connection: Connection) -> Sequence[Any]:
    """The claims that somebody must decide, the longest-waiting first."""
    query = select(authorship).where(authorship.c.state == "asked")
    return connection.execute(query.order_by(authorship.c.at, authorship.c.paper)).all()


def _row(connection: Connection, number: int, who: int) -> Any:
    query = select(authorship).where(authorship.c.paper.in_(family(connection, number)), authorship.c.person == who)
    return connection.execute(query.order_by(authorship.c.at)).first()


def _of(query: Any, row: Any) -> Any:
    return query.where(authorship.c.paper == row.paper, authorship.c.person == row.person)
