"""What happened to papers, as readers see it. An event keeps the number it happened to; reading follows the merges."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, select

from broadsheet.catalogue.log import family, present
from broadsheet.catalogue.papers import chunked
from broadsheet.catalogue.schema import event, paper
from broadsheet.types import Event, EventKind


def of_paper(connection: Connection, number: int) -> list[Event]:
    """What happened to a paper and to those joined to it, the newest first."""
    rows = chunked(connection, select(event), event.c.paper, sorted(family(connection, number)))
    key = connection.execute(select(paper.c.key).where(paper.c.number == number)).scalar_one()
    return [_event(row, key) for row in sorted(rows, key=lambda row: -row.number)]


def after(connection: Connection, number: int, limit: int, kinds: Collection[EventKind]) -> list[Event]:
    """The oldest events after a number; those of papers that are no more, in no other paper either, are left out."""
    query = select(event).order_by(event.c.number).limit(limit)
    if kinds:
        query = query.where(event.c.kind.in_(list(kinds)))
    found: list[Event] = []
    # Again, where some were left out: fewer than `limit` says that there are no more.
    while len(found) < limit and (rows := connection.execute(query.where(event.c.number > number)).all()):
        number = rows[-1].number
        keys = _keys(connection, {row.paper for row in rows})
        found += [_event(row, keys[row.paper]) for row in rows if row.paper in keys]
    return found[:limit]


def _keys(connection: Connection, numbers: set[int]) -> dict[int, str]:
    """What the papers with these numbers are called now, or those that they became part of."""
    called = _called(connection, numbers)
    became = {number: present(connection, number) for number in sorted(numbers - called.keys())}
    now = _called(connection, set(became.values()))
    return called | {number: now[other] for number, other in became.items() if other in now}


def _called(connection: Connection, numbers: set[int]) -> dict[int, str]:
    rows = chunked(connection, select(paper.c.number, paper.c.key), paper.c.number, sorted(numbers))
    return {row.number: row.key for row in rows}


def _event(row: Any, key: str) -> Event:
    return Event(row.number, key, row.kind, row.at, row.version, row.old, row.new)
