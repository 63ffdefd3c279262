"""Reading papers: by number, by key, by title."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import BindParameter, Column, Connection, Select, bindparam, func, select

from broadsheet.catalogue.codec import decode
from broadsheet.catalogue.identity import FORMER, spellings
from broadsheet.catalogue.merge import Statement, merge
from broadsheet.catalogue.schema import alias, paper, signal, source, statement
from broadsheet.errors import NotFound
from broadsheet.types import Identifier, Paper

# How many values one statement asks for; SQLite's oldest limit on variables is 999.
CHUNK = 500

# On the way of every page: written down once, because putting a statement together takes longer than running it.
_VALUES: BindParameter[Any] = bindparam("values", expanding=True)
_SAID = (
    select(
        statement.c.paper,
        statement.c.number,
        source.c.name,
        statement.c.source_key,
        statement.c.record,
        statement.c.first_seen,
        statement.c.changed_at,
        statement.c.deleted_at,
    )
    .join(source)
    .where(statement.c.paper.in_(_VALUES))
)
_ROWS = select(paper.c.number, paper.c.key, paper.c.own_votes, paper.c.own_comments).where(
    paper.c.number.in_(_VALUES)
)
# Stars are counted for repositories, by who knows nothing of papers: they are no source's words.
_STARS = (
    select(signal.c.paper, signal.c.count)
    .where(signal.c.kind == "stars", signal.c.paper.in_(_VALUES))
    .order_by(signal.c.day, signal.c.count)
)


def papers(connection: Connection, numbers: Sequence[int]) -> list[Paper]:
    """The papers with these numbers, in this order; those that are no more are left out."""
    wanted = list(dict.fromkeys(numbers))
    said: dict[int, list[Statement]] = {}
    for number, words in statements_of(connection, wanted):
        said.setdefault(number, []).append(words)
    found: dict[int, Paper] = {}
    for number, key, own_votes, own_comments in _rows(connection, _ROWS, wanted):
        one = found[number] = merge(said[number], number=number, key=key)
        one.own_votes, one.own_comments = own_votes, own_comments
    for number, count in _rows(connection, _STARS, wanted):
        if number in found:
            found[number].stars = count
    return [found[number] for number in numbers if number in found]


def number_of(connection: Connection, key: str) -> int:
    """The number of the paper that a key or any spelling of an identifier means, former keys too. Raises NotFound."""
    key = key.strip()
    if row := connection.execute(select(paper.c.number).where(paper.c.key == key)).first():
        return int(row.number)
    for scheme, value in (*spellings(key), Identifier(FORMER, key)):
        query = select(alias.c.paper).where(alias.c.scheme == scheme, alias.c.value == value)
        if row := connection.execute(query).first():
            return int(row.paper)
    raise NotFound(f"There is no paper {key[:200]!r} in the catalogue.")


def titled(connection: Connection, title_key: str) -> list[Paper]:
    """The papers with this folded title, without deleted ones."""
    query = select(paper.c.number).where(paper.c.title_key == title_key, paper.c.deleted.is_(False))
    return papers(connection, list(connection.execute(query.order_by(paper.c.number)).scalars()))


def count(connection: Connection) -> int:
    """How many papers there are, without deleted ones."""
    return connection.execute(select(func.count()).where(paper.c.deleted.is_(False))).scalar_one()


def statements_of(connection: Connection, numbers: Sequence[int]) -> Iterator[tuple[int, Statement]]:
    """Paper number and statement, for all statements of these papers."""
    rows = _rows(connection, _SAID, numbers)
    for owner, number, name, key, text, first_seen, changed_at, deleted_at in rows:
        yield owner, Statement(number, decode(name, key, text), first_seen, changed_at, text, deleted_at)


def _rows(connection: Connection, query: Select[Any], values: Sequence[int]) -> Iterator[Any]:
    """The rows of a statement for many `_VALUES`."""
    for start in range(0, len(values), CHUNK):
        yield from connection.execute(query, {"values": values[start : start + CHUNK]})


def chunked(connection: Connection, query: Select[Any], column: Column[Any], values: Sequence[object]) -> Iterator[Any]:
    """The rows of a query where a column has one of many values."""
    for start in range(0, len(values), CHUNK):
        yield from connection.execute(query.where(column.in_(values[start : start + CHUNK])))
