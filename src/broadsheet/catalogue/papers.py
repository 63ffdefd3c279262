"""Reading papers: by number, by key, by title."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import BindParameter, Column, Connection, Select, bindparam, func, select

from broadsheet.catalogue.codec import decode, texts_of, title_of
from broadsheet.catalogue.connection import Ready
from broadsheet.catalogue.identity import FORMER, spellings
from broadsheet.catalogue.merge import Statement, merge
from broadsheet.catalogue.schema import alias, paper, signal, source, statement
from broadsheet.errors import NotFound
from broadsheet.types import Identifier, Paper

# How many values one statement asks for; SQLite's oldest limit on variables is 999.
CHUNK = 500

# What `rows` asks for, in statements written down once: to put one together takes longer than to run it.
VALUES: BindParameter[Any] = bindparam("values", expanding=True)
_EVERY = (
    select(
        statement.c.paper,
        statement.c.number,
        source.c.name,
        statement.c.source_key,
        statement.c.record,
        statement.c.first_seen,
        statement.c.changed_at,
        statement.c.deleted_at,
        paper.c.key,
        paper.c.own_votes,
        paper.c.own_comments,
    )
    .join(source)
    .join(paper)
)
_SAID = _EVERY.where(statement.c.paper.in_(VALUES))
_TOLD = select(statement.c.paper, statement.c.record).where(statement.c.paper.in_(VALUES))
_RECORDS = _TOLD.where(statement.c.deleted_at.is_(None))
# Stars are counted for repositories, by who knows nothing of papers: they are no source's words.
_STARS = (
    select(signal.c.count)
    .where(signal.c.kind == "stars", signal.c.paper == statement.c.paper)
    .order_by(signal.c.day.desc(), signal.c.count.desc())
    .limit(1)
    .scalar_subquery()
)
_LISTED = select(func.json_each(bindparam("numbers")).table_valued("value").c.value)
_WHOLE = Ready(_EVERY.add_columns(_STARS).where(statement.c.paper.in_(_LISTED)))


def papers(connection: Connection, numbers: Sequence[int]) -> list[Paper]:
    """The papers with these numbers, in this order; those that are no more are left out."""
    said: dict[int, list[Statement]] = {}
    ours: dict[int, tuple[str, int, int, int | None]] = {}
    for row in _WHOLE.rows(connection, numbers=json.dumps(list(numbers))):
        said.setdefault(row[0], []).append(_statement(row))
        ours[row[0]] = row[-4:]
    found: dict[int, Paper] = {}
    for number, statements in said.items():
        key, own_votes, own_comments, stars = ours[number]
        one = found[number] = merge(statements, number=number, key=key)
        one.own_votes, one.own_comments = own_votes, own_comments
        if stars is not None:
            one.stars = stars
    return [found[number] for number in numbers if number in found]


def titles(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """The titles of the papers with these numbers, in this order; those that are no more are left out."""
    said: dict[int, list[str]] = {}
    for number, record in rows(connection, _TOLD, list(dict.fromkeys(numbers))):
        said.setdefault(number, []).append(record)
    found = {number: title_of(records[0]) for number, records in said.items() if len(records) == 1}
    found |= {one.number: one.title for one in papers(connection, list(said.keys() - found.keys()))}
    return {number: found[number] for number in numbers if number in found}


_KEY = select(paper.c.key).where(paper.c.number == bindparam("number"))
_BY_KEY = select(paper.c.number).where(paper.c.key == bindparam("key"))
_BY_KEYS = select(paper.c.key, paper.c.number).where(paper.c.key.in_(VALUES))


def number_of(connection: Connection, key: str) -> int:
    """The number of the paper that a key or any spelling of an identifier means, former keys too. Raises NotFound."""
    key = key.strip()
    if row := connection.execute(_BY_KEY, {"key": key}).first():
        return int(row.number)
    for scheme, value in (*spellings(key), Identifier(FORMER, key)):
        query = select(alias.c.paper).where(alias.c.scheme == scheme, alias.c.value == value)
        if row := connection.execute(query).first():
            return int(row.paper)
    raise NotFound(f"There is no paper {key[:200]!r} in the catalogue.")


def numbers_of(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    """What `number_of` finds for each key; those that mean no paper are left out."""
    found = {row.key: int(row.number) for row in rows(connection, _BY_KEYS, list(dict.fromkeys(keys)))}
    for key in keys:
        if key not in found:
            with contextlib.suppress(NotFound):
                found[key] = number_of(connection, key)
    return found


def key_of(connection: Connection, number: int) -> str:
    """What the paper with this number is called."""
    return str(connection.execute(_KEY, {"number": number}).scalar_one())


def titled(connection: Connection, title_key: str) -> list[Paper]:
    """The papers with this folded title, without deleted ones."""
    query = select(paper.c.number).where(paper.c.title_key == title_key, paper.c.deleted.is_(False))
    return papers(connection, list(connection.execute(query.order_by(paper.c.number)).scalars()))


def count(connection: Connection) -> int:
    """How many papers there are, without deleted ones."""
    return connection.execute(select(func.count()).where(paper.c.deleted.is_(False))).scalar_one()


def statements_of(connection: Connection, numbers: Sequence[int]) -> Iterator[tuple[int, Statement]]:
    """Paper number and statement, for all statements of these papers."""
    for row in rows(connection, _SAID, numbers):
        yield row[0], _statement(row)


def texts(connection: Connection, numbers: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    """Paper number, title, and all words with it, as each source has them that still says so."""
    for number, record in rows(connection, _RECORDS, numbers):
        yield number, *texts_of(record)


def _statement(row: Any) -> Statement:
    _, number, name, key, text, first_seen, changed_at, deleted_at, *_ = row
    return Statement(number, decode(name, key, text), first_seen, changed_at, text, deleted_at)


def rows(connection: Connection, query: Select[Any], values: Sequence[object], **others: object) -> Iterator[Any]:
    """The rows of a statement for many `VALUES`; `others` are its other parameters."""
    for start in range(0, len(values), CHUNK):
        yield from connection.execute(query, {"values": values[start : start + CHUNK], **others})


def chunked(connection: Connection, query: Select[Any], column: Column[Any], values: Sequence[object]) -> Iterator[Any]:
    """The rows of a query where a column has one of many values."""
    for start in range(0, len(values), CHUNK):
        yield from connection.execute(query.where(column.in_(values[start : start + CHUNK])))
