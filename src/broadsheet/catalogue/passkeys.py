"""Passkeys: public keys, by which nobody can sign in who reads them here."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from broadsheet.catalogue import people
from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.schema import passkey, person
from broadsheet.errors import Conflict, NotFound, Refused
from broadsheet.types import Passkey, Person

MOST = 20  # of one person


class Key(NamedTuple):
    """A passkey with its public key, and whose it is."""

    person: Person
    number: int
    credential: str
    key: str
    uses: int


def add(tx: Connection, who: int, credential: str, key: str, uses: int, *, name: str, at: str) -> Passkey:
    """Adds a passkey. Raises Conflict for one that is known, Refused for one too many."""
    if tx.execute(_of(select(func.count()), who)).scalar_one() >= MOST:
        raise Refused(f"You have {MOST} passkeys already. Remove some first.")
    if tx.execute(select(passkey.c.number).where(passkey.c.credential == credential)).first() is not None:
        raise Conflict("This passkey is here already.")
    number = next_number(tx, passkey.c.number)
    facts = {"credential": credential, "key": key, "uses": uses, "name": name, "created": at}
    tx.execute(insert(passkey).values(number=number, person=who, **facts))
    return Passkey(number, name, at, None)


def find(connection: Connection, credential: str) -> Key | None:
    """The passkey that names itself so."""
    query = (
        select(person, passkey.c.number.label("passkey"), passkey.c.credential, passkey.c.key, passkey.c.uses)
        .join(passkey, passkey.c.person == person.c.number)
        .where(passkey.c.credential == credential, person.c.left.is_(None))
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    return Key(people.read(row), row["passkey"], row["credential"], row["key"], row["uses"])


def used(tx: Connection, number: int, uses: int, at: str) -> None:
    """Notes that a passkey was used, and what its counter says now."""
    tx.execute(update(passkey).where(passkey.c.number == number).values(uses=uses, seen=at))


def credentials(connection: Connection, who: int) -> list[str]:
    """The names that somebody's passkeys have for themselves."""
    return list(connection.execute(_of(select(passkey.c.credential), who)).scalars())


def listed(connection: Connection, who: int) -> list[Passkey]:
    """Somebody's passkeys, in the order in which they came."""
    rows = connection.execute(_of(select(passkey), who).order_by(passkey.c.number)).mappings()
    return [Passkey(row["number"], row["name"], row["created"], row["seen"]) for row in rows]


def remove(tx: Connection, who: int, number: int) -> None:
    """Removes one of somebody's passkeys. Raises NotFound, for somebody else's too."""
    if not tx.execute(_of(delete(passkey), who).where(passkey.c.number == number)).rowcount:
        raise NotFound("There is no such passkey; it was removed already.")


def _of(query: Any, who: int) -> Any:
    return query.where(passkey.c.person == who)
