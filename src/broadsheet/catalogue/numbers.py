"""Numbers that we give out ourselves, under the write lock: the same in every database, and never twice.

What stands in a private group is numbered by chance, and from another range: whoever counts the numbers in public
addresses must not see by their gaps that something was said elsewhere.
"""

import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, func, insert, select

from broadsheet.catalogue.merge import kind
from broadsheet.catalogue.schema import source


def next_number(tx: Connection, column: Column[Any]) -> int:
    """The next number of a table that numbers its rows itself. Only under the write lock."""
    return (tx.execute(select(func.max(column))).scalar() or 0) + 1


PRIVATE = 2**40
"""The first number of what stands in private groups; below it are those of everybody."""


def next_shown_number(tx: Connection, column: Column[Any], *, private: bool) -> int:
    """The next number of something that addresses name by it. Only under the write lock."""
    if not private:
        return (tx.execute(select(func.max(column)).where(column < PRIVATE)).scalar() or 0) + 1
    while True:
        number = PRIVATE + secrets.randbelow(2**52 - PRIVATE)
        if tx.execute(select(column).where(column == number)).first() is None:
            return number


def source_numbers(tx: Connection, names: Iterable[str] = ()) -> dict[str, int]:
    """The numbers of all sources, and of these, which may be new."""
    known = {row.name: row.number for row in tx.execute(select(source.c.name, source.c.number))}
    number = max(known.values(), default=0)
    for name in sorted(set(names) - known.keys()):
        number += 1
        tx.execute(insert(source).values(number=number, name=name, kind=kind(name)))
        known[name] = number
    return known
