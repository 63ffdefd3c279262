"""Tickets: good for one use and a short time. A link in a letter is one, and so is a challenge to a passkey.

Using one is an UPDATE whose conditions are its validity: of two that use it at once, one changes the row. Of its
secret, and of the browser that asked for it, there are only hashes.
"""

import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from broadsheet.catalogue.schema import ticket
from broadsheet.errors import Refused

STALE = "This link has expired, or was used already. Ask for a new one."
ELSEWHERE = "This link is good only in the browser in which it was asked for. Open it there, or ask for one here."


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket is good for, and for whom."""

    purpose: str
    subject: str
    detail: Mapping[str, str]


def sweep(tx: Connection, at: str) -> None:
    """Forgets tickets that have expired."""
    tx.execute(delete(ticket).where(ticket.c.expires <= at))


def issue(tx: Connection, secret: str, given: Ticket, *, browser: str, at: str, expires: str) -> None:
    """Issues a ticket; `secret` and `browser` are hashes. Those that have expired are forgotten by the way."""
    sweep(tx, at)
    detail = json.dumps(dict(given.detail), sort_keys=True)
    facts = {"purpose": given.purpose, "subject": given.subject, "detail": detail}
    tx.execute(insert(ticket).values(secret=secret, browser=browser, created=at, expires=expires, **facts))


def look(connection: Connection, secret: str, at: str, purposes: Collection[str]) -> Ticket | None:
    """The ticket with this secret (a hash), if it is still good for one of these purposes."""
    good = ticket.c.secret == secret, ticket.c.purpose.in_(purposes), ticket.c.used.is_(None), ticket.c.expires > at
    row = connection.execute(select(ticket).where(*good)).first()
    return Ticket(row.purpose, row.subject, json.loads(row.detail)) if row is not None else None


def use(tx: Connection, secret: str, *, browser: str, at: str, purposes: Collection[str]) -> Ticket:
    """Uses a ticket up. Raises Refused for one that is not good, or was asked for by another browser.

    One that is refused for the browser stays good.
    """
    found = look(tx, secret, at, purposes)
    if found is None:
        raise Refused(STALE)
    asked = tx.execute(select(ticket.c.browser).where(ticket.c.secret == secret)).scalar_one()
    if not hmac.compare_digest(asked, browser):
        raise Refused(ELSEWHERE)
    taken = update(ticket).where(ticket.c.secret == secret, ticket.c.used.is_(None)).values(used=at)
    if not tx.execute(taken).rowcount:
        raise Refused(STALE)
    return found
