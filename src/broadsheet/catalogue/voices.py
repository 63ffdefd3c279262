"""Who may speak, asked once more in the transaction of the act: somebody may have left or been banned a moment ago."""

import json
from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from broadsheet.catalogue import circles
from broadsheet.catalogue.papers import chunked
from broadsheet.catalogue.schema import circle, member, person
from broadsheet.errors import Forbidden
from broadsheet.types import NoticeKind

_SPEAKER = select(person.c.left, person.c.banned, person.c.ban_reason).where(person.c.number == bindparam("who"))


def place(connection: Connection, who: int, group: str) -> int:
    """The number of a group that somebody is in; 0 for "", which is everybody. Raises NotFound."""
    return circles.number_inside(connection, who, group) if group else 0


def speaking(tx: Connection, who: int, group: str = "") -> int:
    """The number of the group in which somebody is about to speak. Raises NotFound, Forbidden."""
    row = tx.execute(_SPEAKER, {"who": who}).first()
    if row is None or row.left is not None:
        raise Forbidden("This account is no more.")
    if row.banned is not None:
        raise Forbidden(f"This account was banned ({row.ban_reason}): it may only read.")
    return place(tx, who, group)


def hearing(connection: Connection, people: Collection[int], number: int, kind: NoticeKind) -> set[int]:
    """Those of these people who are here, may see a group (0 is everybody), and want to be told of such a thing."""
    query = select(person.c.number, person.c.preferences).where(person.c.left.is_(None))
    rows = chunked(connection, query, person.c.number, sorted(people))
    willing = {row.number for row in rows if kind.value not in json.loads(row.preferences).get("off", ())}
    return willing & members(connection, number) if number else willing


def members(connection: Connection, number: int) -> set[int]:
    """Who is in a group that was not dissolved."""
    there = select(circle.c.number).where(circle.c.number == number, circle.c.dissolved.is_(None)).exists()
    return set(connection.execute(select(member.c.person).where(member.c.circle == number, there)).scalars())


def group_names(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """What groups are called in addresses, by number; 0 is ""."""
    rows = chunked(connection, select(circle.c.number, circle.c.name), circle.c.number, sorted({*numbers} - {0}))
    return {0: ""} | {row.number: row.name for row in rows}


def named(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """The accounts with these names, of people who have not left."""
    query = select(person.c.name, person.c.number).where(person.c.left.is_(None))
    return {row.name: row.number for row in chunked(connection, query, person.c.name, sorted(names))}
