"""Harvesting: papers in the order in which they last changed, with those that are deleted or part of another by now.

The list is asked for in stretches, each after the place of the last one: the instant of a change and a number. Papers
that change meanwhile move to its end, so that nobody misses them; they may come twice, which harvesters expect.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, null, or_, select, union_all

from broadsheet.catalogue.papers import papers
from broadsheet.catalogue.schema import merge_event, paper
from broadsheet.errors import Refused
from broadsheet.types import Harvested

_PLACE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\.(-?\d{1,15})", re.ASCII)


def after(
    connection: Connection, since: str, until: str, *, categories: Sequence[str], place: str, limit: int
) -> list[Harvested]:
    """The first papers that changed from `since` to `until` (instants), in these categories, after a place.

    An archive ("cs") stands for all of its categories; no categories are all. Raises Refused for a place that was not
    given out here.
    """
    match = _PLACE.fullmatch(place)
    if place and not match:
        raise Refused("This place was not given out here. Begin without one.")
    stretches = []
    for query, at, number in _lists(categories):
        part = query.where(at.between(since, until))
        if match:
            part = part.where(at >= match[1], or_(at > match[1], and_(at == match[1], number > int(match[2]))))
        # Each list by itself in order and cut off: the whole of both would have to be sorted.
        stretches.append(part.order_by(at, number).limit(limit).subquery())
    whole = union_all(*(select(one) for one in stretches)).subquery()
    rows = connection.execute(select(whole).order_by(whole.c.at, whole.c.number).limit(limit)).all()
    found = {one.number: one for one in papers(connection, [row.number for row in rows if row.number > 0])}
    return [Harvested(row.key, row.at, found.get(row.number), f"{row.at}.{row.number}") for row in rows]


def count(connection: Connection, since: str, until: str, categories: Sequence[str]) -> int:
    """How many `after` would give in all."""
    total = 0
    for query, at, _ in _lists(categories):
        part = query.where(at.between(since, until)).subquery()
        total += connection.execute(select(func.count()).select_from(part)).scalar_one()
    return total


def changed(connection: Connection, number: int) -> str:
    """When the paper with this number last changed."""
    return str(connection.execute(select(paper.c.changed_at).where(paper.c.number == number)).scalar_one())


def earliest(connection: Connection) -> str | None:
    """When the paper that has not changed for longest did so; None in an empty catalogue."""
    return connection.execute(select(func.min(paper.c.changed_at))).scalar()


def _lists(categories: Sequence[str]) -> list[tuple[Select[Any], ColumnElement[str], ColumnElement[int]]]:
    """Papers, and papers that became part of another, which have no category any more; the latter count backwards."""
    here = select(paper.c.changed_at.label("at"), paper.c.number, paper.c.key)
    if categories:
        among = literal(" ") + paper.c.categories + " "
        here = here.where(or_(*(among.contains(f" {code}{end}") for code in categories for end in _ends(code))))
        return [(here, paper.c.changed_at, paper.c.number)]
    number: ColumnElement[int] = -merge_event.c.number
    gone = select(merge_event.c.at, number.label("number"), merge_event.c.merged_key.label("key")).where(
        merge_event.c.undone.is_(None), merge_event.c.merged_paper.is_not(null())
    )
    return [(here, paper.c.changed_at, paper.c.number), (gone, merge_event.c.at, number)]


def _ends(code: str) -> tuple[str, ...]:
    return (" ",) if "." in code else (" ", ".")
