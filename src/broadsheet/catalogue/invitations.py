"""Invitations to this place: links that let people in, in a role. Those to a group are of `circlelinks`."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from broadsheet.catalogue import people
from broadsheet.catalogue.numbers import next_shown_number
from broadsheet.catalogue.schema import invitation, person
from broadsheet.errors import NotFound
from broadsheet.types import Invitation, Role


def add(
    tx: Connection, by: int | None, secret: str, *, role: Role, note: str, at: str, expires: str, uses: int
) -> Invitation:
    """Makes an invitation; `secret` is the hash, `by` None for the command line."""
    number = next_shown_number(tx, invitation, 0)
    facts = {"note": note, "created": at, "expires": expires, "uses": uses, "role": people.word(role)}
    tx.execute(insert(invitation).values(number=number, person=by, secret=secret, **facts))
    return next(one for one in listed(tx, at) if one.number == number)


def listed(connection: Connection, at: str) -> list[Invitation]:
    """The invitations that are still good, the newest first."""
    query = _good(
        select(invitation, person.c.name.label("by")).join(
            person, person.c.number == invitation.c.person, isouter=True
        ),
        at,
    )
    rows = connection.execute(query.order_by(invitation.c.number.desc())).mappings()
    names = "number", "role", "note", "created", "expires", "uses"
    return [Invitation(**{name: row[name] for name in names}, by=row["by"] or "owner") for row in rows]


def role(connection: Connection, secret: str, at: str) -> Role | None:
    """The role in which an invitation (by its secret's hash) lets somebody in; None where it is not good."""
    found = connection.execute(_good(select(invitation.c.role), at).where(invitation.c.secret == secret)).scalar()
    return Role[found.upper()] if found is not None else None


def use(tx: Connection, secret: str, at: str) -> Role | None:
    """Uses an invitation once; None where it is not good any more."""
    found = role(tx, secret, at)
    if found is not None:
        tx.execute(update(invitation).where(invitation.c.secret == secret).values(uses=invitation.c.uses - 1))
    return found


def withdraw(tx: Connection, number: int) -> None:
    """Withdraws an invitation. Raises NotFound."""
    here = invitation.c.number == number, invitation.c.circle.is_(None)
    if not tx.execute(delete(invitation).where(*here)).rowcount:
        raise NotFound("There is no such invitation; it was withdrawn already.")


def _good(query: Any, at: str) -> Any:
    return query.where(invitation.c.circle.is_(None), invitation.c.expires > at, invitation.c.uses > 0)
