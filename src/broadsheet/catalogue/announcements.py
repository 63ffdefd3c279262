"""Announcements, and the account of a day: what was announced in each category, and how much of it is here.

A source names its papers by arXiv id, so whether one is here is a question to `alias`. The account counts new papers
and cross-lists; replacements are of papers that were announced before.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, literal, select

from broadsheet.catalogue.numbers import source_numbers
from broadsheet.catalogue.schema import alias, announced_paper, announcement, source
from broadsheet.types import Account, Announced, Announcement

_COUNTED = (Announced.NEW.value, Announced.CROSS.value)
_ARBITER = "arxiv-listing"  # a feed may still hold yesterday's batch under today's date

_here = select(literal(1)).where(alias.c.scheme == "arxiv", alias.c.value == announced_paper.c.arxiv).exists()


def announce(tx: Connection, announced: Iterable[Announcement], *, at: str) -> None:
    """Keeps announcements, each in the place of what its source said of that day and category before."""
    last = {(one.day, one.category, one.source): one for one in announced}
    numbers = source_numbers(tx, {name for _, _, name in last})
    for one in last.values():
        place = {"day": one.day, "category": one.category, "source": numbers[one.source]}
        for table in (announced_paper, announcement):
            tx.execute(delete(table).filter_by(**place))
        tx.execute(insert(announcement).values(**place, expected=one.expected, at=at))
        if papers := dict(one.entries):
            rows = [{**place, "arxiv": key, "kind": kind.value} for key, kind in papers.items()]
            tx.execute(insert(announced_paper), rows)


def accounts(connection: Connection, first: str, last: str, categories: Sequence[str]) -> list[Account]:
    """How complete each announced day and category is."""
    told = announcement.c
    query = select(told.day, told.category, told.source, told.expected, told.at, source.c.name).join(source)
    query = query.where(told.day.between(first, last))
    if categories:
        query = query.where(told.category.in_(categories))
    believed: dict[tuple[str, str], Any] = {}
    for row in sorted(connection.execute(query), key=lambda row: (row.name == _ARBITER, row.at, row.name)):
        believed[row.day, row.category] = row
    return [_account(connection, believed[place]) for place in sorted(believed)]


def _account(connection: Connection, told: Any) -> Account:
    named = announced_paper.c
    query = select(named.arxiv, _here.label("here")).where(
        named.day == told.day,
        named.category == told.category,
        named.source == told.source,
        named.kind.in_(_COUNTED),
    )
    papers = connection.execute(query.order_by(named.arxiv)).all()
    missing = tuple(row.arxiv for row in papers if not row.here)
    return Account(
        day=told.day,
        category=told.category,
        announced=len(papers),
        held=len(papers) - len(missing),
        missing=missing,
        expected=told.expected,
        checked=told.at,
    )


def missing(connection: Connection, limit: int, since: str | None) -> list[tuple[str, str]]:
    """Day and arXiv id of announced papers that are not here, the newest first."""
    day = func.max(announced_paper.c.day).label("day")
    query = select(day, announced_paper.c.arxiv).where(announced_paper.c.kind.in_(_COUNTED), ~_here)
    if since is not None:
        query = query.where(announced_paper.c.day >= since)
    query = query.group_by(announced_paper.c.arxiv).order_by(day.desc(), announced_paper.c.arxiv).limit(limit)
    return [(row.day, row.arxiv) for row in connection.execute(query)]
