"""Accounts: rows into persons, and what changes them.

One who has left keeps the number, so that threads stay whole, and a name that says no more than that.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, or_, select, update

from broadsheet.catalogue import acts
from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.schema import person
from broadsheet.errors import Conflict, NotFound
from broadsheet.types import Mine, NoticeKind, Person, Role

CHUNK = 500

# Every page asks for them where there is one person: written down once.
_OWNER = (
    select(person)
    .where(person.c.role == Role.ADMINISTRATOR.name.lower(), person.c.left.is_(None), person.c.banned.is_(None))
    .order_by(person.c.number)
    .limit(1)
)


def read(row: RowMapping) -> Person:
    """A row of `person` as everybody sees it."""
    return Person(
        number=row["number"],
        name=row["name"],
        shown=row["shown"],
        role=Role[row["role"].upper()],
        about=row["about"],
        orcid=row["orcid"],
        joined=row["joined"],
        banned=row["banned"],
        ban_reason=row["ban_reason"],
        left=row["left"],
    )


def word(role: Role) -> str:
    """A role as the catalogue writes it."""
    return role.name.lower()


def by_numbers(connection: Connection, numbers: Iterable[int]) -> dict[int, Person]:
    """Accounts by number, those that have left among them."""
    wanted = sorted(set(numbers))
    found: dict[int, Person] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = connection.execute(select(person).where(person.c.number.in_(wanted[start : start + CHUNK])))
        found |= {row["number"]: read(row) for row in rows.mappings()}
    return found


def named(connection: Connection, name: str) -> Person:
    """The account with a name; those who have left have none. Raises NotFound."""
    query = select(person).where(person.c.name == name, person.c.left.is_(None))
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"There is nobody here by the name {name[:60]!r}.")
    return read(row)


def numbered(connection: Connection, number: int) -> Person:
    """The account with a number that has not left. Raises NotFound."""
    row = (
        connection.execute(select(person).where(person.c.number == number, person.c.left.is_(None))).mappings().first()
    )
    if row is None:
        raise NotFound(f"There is no account with the number {number}.")
    return read(row)


def with_email(connection: Connection, email: str) -> Person | None:
    """The account with an e-mail address."""
    row = connection.execute(select(person).where(person.c.email == email)).mappings().first()
    return read(row) if row is not None else None


def secrets_of(connection: Connection, typed: str) -> tuple[Person, str | None] | None:
    """The account with this name or e-mail address, and the hash of its password."""
    query = select(person).where(or_(person.c.name == typed, person.c.email == typed), person.c.left.is_(None))
    row = connection.execute(query).mappings().first()
    return (read(row), row["password"]) if row is not None else None


def mine(connection: Connection, number: int) -> Mine:
    """An account as its owner sees it. Raises NotFound."""
    found = numbered(connection, number)
    row = connection.execute(select(person).where(person.c.number == number)).mappings().one()
    chosen = json.loads(row["preferences"])
    off = set(chosen.get("off", []))
    return Mine(
        person=found,
        email=row["email"],
        has_password=row["password"] is not None,
        show_votes=bool(chosen.get("show_votes")),
        notify=frozenset(kind for kind in NoticeKind if kind.value not in off),
    )


def listed(connection: Connection, query: str, limit: int, offset: int) -> list[Person]:
    """Accounts by name; with a query, those whose names or address hold it."""
    found = select(person).where(person.c.left.is_(None)).order_by(person.c.name).limit(limit).offset(offset)
    if query:
        columns = person.c.name, person.c.shown, person.c.email
        found = found.where(or_(*(column.icontains(query, autoescape=True) for column in columns)))
    return [read(row) for row in connection.execute(found).mappings()]


def count(connection: Connection) -> int:
    """How many accounts there are."""
    here = select(func.count()).select_from(person).where(person.c.left.is_(None))
    return int(connection.execute(here).scalar_one())


def is_free(connection: Connection, name: str) -> bool:
    """Whether nobody has this name."""
    return connection.execute(select(person.c.number).where(person.c.name == name)).first() is None


def add(tx: Connection, *, name: str, email: str | None, role: Role, at: str) -> int:
    """Makes an account. Without a name it gets its number for one. Raises Conflict for a name that is taken."""
    number = next_number(tx, person.c.number)
    if name and not is_free(tx, name):
        raise Conflict(f"The name {name!r} is taken. Take another one.")
    tx.execute(
        insert(person).values(
            number=number,
            name=name or f"reader-{number}",
            shown="",
            email=email,
            role=word(role),
            about="",
            preferences="{}",
            joined=at,
            ban_reason="",
        )
    )
    return number


def change(tx: Connection, number: int, facts: Mapping[str, Any]) -> None:
    """Changes facts of an account. Raises Conflict for a name that is taken."""
    name = facts.get("name")
    if name:
        holder = tx.execute(select(person.c.number).where(person.c.name == name)).scalar()
        if holder not in (None, number):
            raise Conflict(f"The name {name!r} is taken. Take another one.")
    if facts:
        tx.execute(update(person).where(person.c.number == number).values(**facts))


def prefer(tx: Connection, number: int, *, show_votes: bool | None, notify: frozenset[NoticeKind] | None) -> None:
    """Changes preferences; None leaves one as it is. A kind of notice that is new one day is on for everybody."""
    chosen = json.loads(tx.execute(select(person.c.preferences).where(person.c.number == number)).scalar_one())
    if show_votes is not None:
        chosen["show_votes"] = show_votes
    if notify is not None:
        chosen["off"] = sorted(kind.value for kind in NoticeKind if kind not in notify)
    change(tx, number, {"preferences": json.dumps(chosen, sort_keys=True)})


def feed_keys(connection: Connection, number: int) -> int:
    """How often an account had the keys of its feeds made anew. Raises NotFound for one that has left."""
    query = select(person.c.preferences).where(person.c.number == number, person.c.left.is_(None))
    chosen = connection.execute(query).scalar()
    if chosen is None:
        raise NotFound(f"There is no account with the number {number}.")
    return int(json.loads(chosen).get("feed_keys", 0))


def new_feed_keys(tx: Connection, number: int) -> None:
    """Counts that once more. Raises NotFound."""
    times = feed_keys(tx, number)
    chosen = json.loads(tx.execute(select(person.c.preferences).where(person.c.number == number)).scalar_one())
    change(tx, number, {"preferences": json.dumps({**chosen, "feed_keys": times + 1}, sort_keys=True)})


def set_role(tx: Connection, name: str, role: Role, *, by: int | None, reason: str, at: str) -> None:
    """Gives a role, and logs it. Raises NotFound, and Conflict where nobody would be left to run the place."""
    found = named(tx, name)
    if role < Role.ADMINISTRATOR:
        keep_an_administrator(tx, found.number)
    change(tx, found.number, {"role": word(role)})
    acts.record(tx, by, f"role {word(role)}", "person", found.number, reason=reason, at=at)


def set_orcid(tx: Connection, name: str, orcid: str | None, *, by: int | None, at: str) -> None:
    """Says which ORCID iD an account has, since claims are confirmed by it; the log keeps that, not the iD.

    Raises NotFound.
    """
    found = named(tx, name)
    change(tx, found.number, {"orcid": orcid})
    acts.record(tx, by, "give orcid" if orcid else "take orcid", "person", found.number, reason="", at=at)


def keep_an_administrator(connection: Connection, number: int) -> None:
    """Raises Conflict where this account is the only administrator, and not alone here."""
    present = select(person.c.number, person.c.role).where(person.c.left.is_(None), person.c.banned.is_(None))
    roles = {row.number: row.role for row in connection.execute(present)}
    able = {one for one, role in roles.items() if role == word(Role.ADMINISTRATOR)}
    if able == {number} and len(roles) > 1:
        raise Conflict("This is the only administrator here. Make somebody else one first.")


def owner(connection: Connection) -> Person | None:
    """Whom the one person at this machine is: the first administrator."""
    row = connection.execute(_OWNER).mappings().first()
    return read(row) if row is not None else None
