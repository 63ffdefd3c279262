"""How people come in: what becomes of a link that is asked for and used, in one transaction each.

Whoever asks for a link gets the same work done: whether there is an account, and whether one could be made, is looked
up, and a ticket is written, in any case. A ticket for somebody who may not come in has a purpose that opens nothing.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from broadsheet.catalogue import invitations, people, sessions, subscribers, tickets
from broadsheet.catalogue.tickets import Ticket
from broadsheet.errors import Conflict, Refused
from broadsheet.types import Person, Role

LINKS = frozenset({"sign-in", "email"})
NOBODYS = "nobody"
NO_ENTRY = "This place is by invitation. Ask somebody here for one, and ask for the link with it."


@dataclass(frozen=True, slots=True)
class Asked:
    """What becomes of a link that was asked for: whether a letter goes out, and whether it makes the first account."""

    sent: bool
    first: bool


@dataclass(frozen=True, slots=True)
class Fresh:
    """A session that is to begin: the hash of its secret, and what is kept of the browser."""

    secret: str
    expires: str
    agent: str
    address: str


@dataclass(frozen=True, slots=True)
class Came:
    """Who came in by a link. `before` is the address that a new one took the place of."""

    person: Person
    before: str = ""


def ask(
    tx: Connection, email: str, secret: str, *, browser: str, invitation: str, anybody: bool, at: str, expires: str
) -> Asked:
    """Issues a ticket to sign in as `email`. `secret`, `browser`, `invitation` are hashes; `anybody`: all may join."""
    known = people.with_email(tx, email) is not None
    first = people.count(tx) == 0
    invited = invitations.role(tx, invitation, at) is not None
    sent = known or first or invited or anybody
    given = Ticket("sign-in" if sent else NOBODYS, email, {"invitation": invitation})
    tickets.issue(tx, secret, given, browser=browser, at=at, expires=expires)
    return Asked(sent, first)


def ask_new_email(tx: Connection, who: int, email: str, secret: str, *, browser: str, at: str, expires: str) -> bool:
    """Issues a ticket that gives an account another address. False where the address is taken: it opens nothing."""
    free = people.with_email(tx, email) is None
    given = Ticket("email" if free else NOBODYS, str(who), {"email": email})
    tickets.issue(tx, secret, given, browser=browser, at=at, expires=expires)
    return free


def address(connection: Connection, secret: str, at: str) -> str | None:
    """The address that a link was sent to, if it is still good."""
    found = tickets.look(connection, secret, at, LINKS)
    if found is None:
        return None
    return found.detail["email"] if found.purpose == "email" else found.subject


def use(tx: Connection, secret: str, fresh: Fresh, *, browser: str, name: str, anybody: bool, at: str) -> Came:
    """Uses a link: a session begins, and an account where there is none. Raises Refused, Conflict."""
    ticket = tickets.use(tx, secret, browser=browser, at=at, purposes=LINKS)
    if ticket.purpose == "email":
        came = _moved(tx, int(ticket.subject), ticket.detail["email"])
    else:
        known = people.with_email(tx, ticket.subject)
        came = Came(known or _joined(tx, ticket, name=name, anybody=anybody, at=at))
    begin(tx, came.person.number, fresh, at)
    return came


def begin(tx: Connection, who: int, fresh: Fresh, at: str) -> int:
    """Signs a browser in."""
    facts = {"agent": fresh.agent, "address": fresh.address}
    return sessions.begin(tx, who, fresh.secret, at=at, expires=fresh.expires, **facts)


def _moved(tx: Connection, who: int, email: str) -> Came:
    """Gives an account another address, unless somebody has taken it since. Raises Conflict, NotFound."""
    before = people.mine(tx, who).email or ""
    holder = people.with_email(tx, email)
    if holder is not None and holder.number != who:
        raise Conflict("Another account has this address.")
    people.change(tx, who, {"email": email})
    subscribers.move(tx, who, email)
    return Came(people.numbered(tx, who), before)


def _joined(tx: Connection, ticket: Ticket, *, name: str, anybody: bool, at: str) -> Person:
    """Makes an account: the first of all is the administrator's. Raises Refused, and Conflict for a name."""
    role: Role | None = Role.ADMINISTRATOR
    if people.count(tx):
        role = invitations.use(tx, ticket.detail["invitation"], at) or (Role.READER if anybody else None)
    if role is None:
        raise Refused(NO_ENTRY)
    number = people.add(tx, name=name, email=ticket.subject, role=role, at=at)
    subscribers.move(tx, number, ticket.subject)
    return people.numbered(tx, number)
