"""Numbers that we give out ourselves, under the write lock: the same in every database, and never twice.

What stands in private groups is numbered apart: whoever counts the numbers in addresses must not see by their gaps that
something was said where they are not.
"""

import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, Table, func, insert, select

from broadsheet.catalogue.merge import kind
from broadsheet.catalogue.schema import source


def next_number(tx: Connection, column: Column[Any]) -> int:
    """The next number of a table that numbers its rows itself. Only under the write lock."""
    return (tx.execute(select(func.max(column))).scalar() or 0) + 1


PRIVATE = 2**40
"""The first number of what stands in private groups; below it are those of everybody."""


def next_shown_number(tx: Connection, table: Table, circle: int) -> int:
    """The next number of something that addresses name by it, in a group or (0) for everybody. Only under the lock.

    In each group they begin anywhere and grow by one, so that they too say in which order things were said.
    """
    number = table.c.number
    if circle == 0:
        return (tx.execute(select(func.max(number)).where(number < PRIVATE)).scalar() or 0) + 1
    last = tx.execute(select(func.max(number)).where(table.c.circle == circle)).scalar() or 0
    following = last + 1 if last else PRIVATE + secrets.randbelow(2**51)
    while tx.execute(select(number).where(number == following)).first() is not None:
        following += 1 + secrets.randbelow(2**32)  # another group's numbers, which this one's have run into
    return int(following)


def source_numbers(tx: Connection, names: Iterable[str] = ()) -> dict[str, int]:
    """The numbers of all sources, and of these, which may be new."""
    known = {row.name: row.number for row in tx.execute(select(source.c.name, source.c.number))}
    number = max(known.values(), default=0)
    for name in sorted(set(names) - known.keys()):
        number += 1
        tx.execute(insert(source).values(number=number, name=name, kind=kind(name)))
        known[name] = number
    return known
