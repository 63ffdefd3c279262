"""The automatic editor's order of each day, and which days need a new one.

A day was ordered by one model, which knew the papers up to one change. Sequences of the change log are compared, not
times: they are exact, and whoever orders all days that `days` names finds none left.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, or_, select

from broadsheet.catalogue.log import last_change
from broadsheet.catalogue.papers import chunked
from broadsheet.catalogue.schema import change, edition_made, edition_pick, paper
from broadsheet.types import Pick


def put(tx: Connection, day: str, picked: Sequence[Pick], *, model: str, at: str, sequence: int | None) -> None:
    """Keeps the order of a day in the place of its last one."""
    tx.execute(delete(edition_pick).where(edition_pick.c.day == day))
    tx.execute(delete(edition_made).where(edition_made.c.day == day))
    known = last_change(tx) if sequence is None else sequence
    tx.execute(insert(edition_made).values(day=day, model=model, sequence=known, at=at))
    best = {one.number: one for one in sorted(picked, key=lambda one: one.position, reverse=True)}
    there = {row.number for row in chunked(tx, select(paper.c.number), paper.c.number, list(best))}
    rows = [
        {"day": day, "paper": number, "position": one.position, "score": one.score, "reason": one.reason}
        for number, one in best.items()
        if number in there
    ]
    if rows:
        tx.execute(insert(edition_pick), rows)


def days(connection: Connection, model: str, limit: int) -> list[str]:
    """The days that this model has not ordered, or not since their papers last changed; the newest first."""
    last = func.max(change.c.sequence).label("last")
    changed = (
        select(paper.c.day, last)
        .join(change, change.c.paper == paper.c.number)
        .where(paper.c.day.is_not(None))
        .group_by(paper.c.day)
        .subquery()
    )
    made = edition_made.c
    query = (
        select(changed.c.day)
        .join(edition_made, made.day == changed.c.day, isouter=True)
        .where(or_(made.day.is_(None), made.model != model, made.sequence < changed.c.last))
        .order_by(changed.c.day.desc())
        .limit(limit)
    )
    return list(connection.execute(query).scalars())
