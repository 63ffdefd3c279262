"""Many papers at once: all of them from a place on, newest day first, and those that a list of names means."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from broadsheet.catalogue.papers import numbers_of, papers
from broadsheet.catalogue.schema import paper
from broadsheet.errors import Refused
from broadsheet.types import Paper

_CURSOR = re.compile(r"(\d{4}-\d{2}-\d{2}|-)\.(\d{1,15})", re.ASCII)


def after(connection: Connection, cursor: str, limit: int) -> tuple[list[Paper], str]:
    """The papers that follow a cursor ("" begins), the newest day first, and the cursor after them; "" at the end.

    A cursor is a paper's day and number, so that papers that arrive meanwhile shift nothing; papers without a day come
    last. Asked in two parts, with a day and without: one question about both could not use the index. Raises Refused.
    """
    match = _CURSOR.fullmatch(cursor)
    if cursor and not match:
        raise Refused("This cursor was not given out here. Begin without one.")
    day, number = (match[1], int(match[2])) if match else ("", 0)
    fields = select(paper.c.day, paper.c.number).where(paper.c.deleted.is_(False))
    rows: list[Any] = []
    if day != "-":
        dated = fields.where(paper.c.day.is_not(None))
        if day:
            earlier = or_(paper.c.day < day, and_(paper.c.day == day, paper.c.number < number))
            dated = dated.where(paper.c.day <= day, earlier)
        rows += connection.execute(dated.order_by(paper.c.day.desc(), paper.c.number.desc()).limit(limit + 1))
    if len(rows) <= limit:
        undated = fields.where(paper.c.day.is_(None))
        if day == "-":
            undated = undated.where(paper.c.number < number)
        rows += connection.execute(undated.order_by(paper.c.number.desc()).limit(limit + 1 - len(rows)))
    stretch = rows[:limit]
    found = papers(connection, [row.number for row in stretch])
    more = len(rows) > limit and stretch
    return found, f"{stretch[-1].day or '-'}.{stretch[-1].number}" if more else ""


STRETCH = 40_000  # numbers of papers


def stretches(connection: Connection) -> list[tuple[int, str]]:
    """The catalogue in stretches of equal numbers of papers: a stretch's own number and its newest change.

    Only the index of changes is read.
    """
    part = paper.c.number // STRETCH
    query = select(part, func.max(paper.c.changed_at)).group_by(part).order_by(part)
    return [(row[0], row[1]) for row in connection.execute(query)]


def stretch_of(connection: Connection, number: int) -> list[tuple[str, str]]:
    """Key and last change of the papers in a stretch, without deleted ones."""
    here = paper.c.number.between(number * STRETCH, (number + 1) * STRETCH - 1)
    query = select(paper.c.key, paper.c.changed_at).where(here, paper.c.deleted.is_(False)).order_by(paper.c.number)
    return [(row.key, row.changed_at) for row in connection.execute(query)]


def named(connection: Connection, keys: Sequence[str]) -> list[Paper | None]:
    """The paper that each key means, in any spelling of any of its identifiers; None where there is none."""
    numbers = numbers_of(connection, keys)
    found = {one.number: one for one in papers(connection, list(dict.fromkeys(numbers.values())))}
    return [found.get(numbers[key]) if key in numbers else None for key in keys]
