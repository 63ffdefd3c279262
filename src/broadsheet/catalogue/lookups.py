"""Look-ups: which papers a source should be asked about next, and when it was asked last."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from broadsheet.catalogue.identity import FORMER
from broadsheet.catalogue.numbers import source_numbers
from broadsheet.catalogue.papers import CHUNK, chunked
from broadsheet.catalogue.schema import alias, lookup, paper, source


def due(connection: Connection, name: str, *, limit: int, before: str) -> list[int]:
    """Papers that the source was never asked about, the newest first; then those asked about before that instant."""
    number = connection.execute(select(source.c.number).where(source.c.name == name)).scalar()
    asked = select(lookup.c.paper).where(lookup.c.source == number, lookup.c.paper == paper.c.number).exists()
    named = select(alias.c.paper).where(alias.c.paper == paper.c.number, alias.c.scheme != FORMER).exists()
    never = select(paper.c.number).where(~asked, named, paper.c.deleted.is_(False))
    never = never.order_by(paper.c.day.desc().nulls_last(), paper.c.number.desc()).limit(limit)
    found = list(connection.execute(never).scalars())
    again = (
        select(lookup.c.paper)
        .join(paper, paper.c.number == lookup.c.paper)
        .where(lookup.c.source == number, lookup.c.at < before, named, paper.c.deleted.is_(False))
        .order_by(lookup.c.at, lookup.c.paper)
        .limit(limit - len(found))
    )
    return found + list(connection.execute(again).scalars() if len(found) < limit else ())


def looked_up(tx: Connection, name: str, numbers: Sequence[int], *, at: str) -> None:
    """Notes that the source was asked about these papers, where they still are."""
    number = source_numbers(tx, {name})[name]
    unique = list(dict.fromkeys(numbers))
    there = [row.number for row in chunked(tx, select(paper.c.number), paper.c.number, unique)]
    for start in range(0, len(unique), CHUNK):
        part = unique[start : start + CHUNK]
        tx.execute(delete(lookup).where(lookup.c.source == number, lookup.c.paper.in_(part)))
    if there:
        tx.execute(insert(lookup), [{"source": number, "paper": one, "at": at} for one in there])
