"""Looking for damage: in the file, among the rows, and between the sources' words and what was made of them."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from broadsheet.catalogue import moderation, votes
from broadsheet.catalogue.connection import Store
from broadsheet.catalogue.derive import columns, listings
from broadsheet.catalogue.identity import FORMER, all_identifiers, public_key
from broadsheet.catalogue.merge import Statement
from broadsheet.catalogue.papers import chunked, statements_of
from broadsheet.catalogue.schema import (
    alias,
    change,
    claim,
    comment,
    comment_vote,
    edition_entry,
    event,
    paper,
    signal,
    source,
    statement,
    submission,
    vote,
)
from broadsheet.errors import Damaged
from broadsheet.types import Finding, Identifier

_MEND = "Move the catalogue away and import its sources again, or restore a copy."
_STRETCH = 2000


def verify(store: Store, *, full: bool) -> list[Finding]:
    """What is wrong with the catalogue, or that it is well. `full` takes a minute for half a million papers."""
    try:
        return list(_findings(store, full=full))
    except Damaged as error:
        return [Finding("error", "Catalogue", str(error), _MEND)]


def _findings(store: Store, *, full: bool) -> Iterator[Finding]:
    yield Finding("ok", "SQLite", sqlite3.sqlite_version)
    with store.read() as connection:
        damage = store.damage(connection, full=full)
        wrong = [*damage, *_miscounted(connection), *_talked(connection)]
        if full and not damage:
            wrong += _differences(connection)
        papers = connection.execute(select(func.count()).select_from(paper)).scalar_one()
    for message in wrong[:20]:
        yield Finding("error", "Catalogue", message, _MEND)
    if not wrong:
        yield Finding("ok", "Catalogue", f"{papers:,} papers, {'every one' if full else 'the file'} looked at.")


def _miscounted(connection: Connection) -> Iterator[str]:
    """Rows that should not be there, or are missing: one question a rule."""
    silent = select(paper.c.number).where(
        ~select(statement.c.number).where(statement.c.paper == paper.c.number).exists()
    )
    logged = select(change.c.gone).where(change.c.paper == paper.c.number)
    ghosts = select(change.c.paper).join(paper, paper.c.number == change.c.paper)
    there = select(paper.c.number).where(paper.c.number == change.c.paper).exists()
    yield from _told(connection, silent, "papers have no source")
    yield from _told(connection, select(paper.c.number).where(~logged.exists()), "papers are not in the change log")
    called_gone = ghosts.where(change.c.gone.is_(True), paper.c.deleted.is_(False))
    yield from _told(connection, called_gone, "papers are called gone in the change log, and are there")
    called_there = ghosts.where(change.c.gone.is_(False), paper.c.deleted.is_(True))
    yield from _told(connection, called_there, "papers are deleted, and are not called gone in the change log")
    dead = select(change.c.paper).where(change.c.gone.is_(False), ~there)
    yield from _told(connection, dead, "papers are in the change log, and are not there")
    for table, what in ((event, "events"), (signal, "signals"), (vote, "votes"), (submission, "submissions")):
        there = select(change.c.paper).where(change.c.paper == table.c.paper).exists()
        stray = select(table.c.paper).where(table.c.paper.is_not(None), ~there)
        yield from _told(connection, stray, f"{what} are of papers that never were")


def _talked(connection: Connection) -> Iterator[str]:
    """Counts of what people do here that are not those of the rows."""
    yield from votes.drift(connection)
    cast = select(func.count()).where(comment_vote.c.comment == comment.c.number).scalar_subquery()
    yield from _told(connection, select(comment.c.number).where(comment.c.votes != cast), "comments have other votes")
    if missing := moderation.gaps(connection):
        yield f"{missing:,} acts are missing from the log of moderators."


def _told(connection: Connection, query: Select[tuple[int]], what: str) -> Iterator[str]:
    if number := connection.execute(select(func.count()).select_from(query.subquery())).scalar_one():
        yield f"{number:,} {what}."


def _differences(connection: Connection) -> Iterator[str]:
    """Papers whose rows are not what their sources' words give, the derivation done again."""
    last = 0
    while rows := connection.execute(
        select(paper).where(paper.c.number > last).order_by(paper.c.number).limit(_STRETCH)
    ).all():
        last = rows[-1].number
        yield from _stretch(connection, {row.number: row for row in rows})


def _stretch(connection: Connection, rows: dict[int, Any]) -> Iterator[str]:
    numbers = list(rows)
    said: dict[int, list[Statement]] = {number: [] for number in numbers}
    for number, one in statements_of(connection, numbers):
        said[number].append(one)
    named = _identifiers(connection, alias, numbers)
    claimed = _identifiers(connection, claim, numbers)
    listed: dict[int, dict[tuple[str, str], int | None]] = {number: {} for number in numbers}
    places = select(edition_entry.c.paper, edition_entry.c.day, source.c.name, edition_entry.c.position).join(source)
    for number, day, name, position in chunked(connection, places, edition_entry.c.paper, numbers):
        listed[number][day, name] = position
    for number, row in rows.items():
        if not said[number]:
            continue  # counted already
        expected = columns(said[number])
        identifiers = {one for each in said[number] for one in all_identifiers(each.record)}
        own = {one for one in named[number] if one.scheme != FORMER}
        if any(getattr(row, name) != value for name, value in expected._asdict().items()):
            yield f"{row.key}: its row is not what its sources say."
        if own | claimed[number] != identifiers or own & claimed[number]:
            yield f"{row.key}: its identifiers are not those that its sources give."
        if row.key != (public_key(row.key, own) or row.key) or (not own and not row.key.startswith("bs:")):
            yield f"{row.key}: this key is not made of its identifiers."
        if listed[number] != listings(said[number]):
            yield f"{row.key}: the editions it is in are not those that its sources give."


def _identifiers(connection: Connection, table: Table, numbers: Sequence[int]) -> dict[int, set[Identifier]]:
    found: dict[int, set[Identifier]] = {number: set() for number in numbers}
    for row in chunked(connection, select(table), table.c.paper, numbers):
        found[row.paper].add(Identifier(row.scheme, row.value))
    return found
