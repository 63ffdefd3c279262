"""What cites what. A work is named by an identifier, so that one which comes here later is found then.

Both ends count: that a paper here cites another is also said by a source that lists it among those which cite the
other. Papers that were joined are read together, and go apart again when the join is undone.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from broadsheet.catalogue.identity import FORMER
from broadsheet.catalogue.log import family, present
from broadsheet.catalogue.numbers import source_numbers
from broadsheet.catalogue.papers import chunked
from broadsheet.catalogue.schema import alias, citation, paper
from broadsheet.types import Citing, Identifier, Work

MOST = 200  # works that are kept of one list


def put(tx: Connection, said: Sequence[Citing]) -> int:
    """Keeps lists of known papers, each in the place of what its source said before; says how many that were.

    A subject is `Identifier("key", paper.id)`.
    """
    numbers = _numbers(tx, {one.subject.value for one in said})
    ours = [one for one in said if one.subject.value in numbers]
    known = {(numbers[one.subject.value], int(one.cites), one.source): one for one in ours}
    sources = source_numbers(tx, {source for _, _, source in known})
    rows = []
    for (number, cites, source), one in known.items():
        place = {"paper": number, "cites": cites, "source": sources[source]}
        tx.execute(delete(citation).where(*(citation.c[name] == value for name, value in place.items())))
        rows += [
            {**place, "place": at, "scheme": work.identifier.scheme, "value": work.identifier.value,
             "title": work.title, "year": work.year}
            for at, work in enumerate(one.works[:MOST], start=1)
        ]  # fmt: skip
    if rows:
        tx.execute(insert(citation), rows)
    return len(known)


def around(connection: Connection, number: int, *, cites: bool) -> tuple[set[int], list[Work], int]:
    """The papers here on one side of a paper, the works that are not here, and how many its longest list has."""
    mine = family(connection, number)
    rows = _lists(connection, mine, cites=cites)
    here = _here(connection, {Identifier(row.scheme, row.value) for row in rows})
    found = {present(connection, one) for one in [*here.values(), *_who_say(connection, mine, cites=not cites)]}
    found -= {number}
    counted = Counter((row.paper, row.source) for row in rows)
    return found, _others(rows, here), max(counted.values(), default=0)


def _lists(connection: Connection, mine: Collection[int], *, cites: bool) -> list[Row[Any]]:
    query = select(citation).where(citation.c.cites == int(cites))
    rows = list(chunked(connection, query, citation.c.paper, sorted(mine)))
    return sorted(rows, key=lambda row: (row.source, row.paper, row.place))


def _who_say(connection: Connection, mine: Collection[int], *, cites: bool) -> list[int]:
    """Papers whose own lists name one of these."""
    names = chunked(connection, select(alias.c.scheme, alias.c.value), alias.c.paper, sorted(mine))
    found: list[int] = []
    for scheme, values in _by_scheme(Identifier(row.scheme, row.value) for row in names).items():
        query = select(citation.c.paper).where(citation.c.scheme == scheme, citation.c.cites == int(cites)).distinct()
        found += [row.paper for row in chunked(connection, query, citation.c.value, values)]
    return found


def _here(connection: Connection, names: Iterable[Identifier]) -> dict[Identifier, int]:
    """Those of these works that are here."""
    found: dict[Identifier, int] = {}
    for scheme, values in _by_scheme(names).items():
        query = select(alias.c.value, alias.c.paper).where(alias.c.scheme == scheme)
        found |= {Identifier(scheme, row.value): row.paper for row in chunked(connection, query, alias.c.value, values)}
    return found


def _by_scheme(names: Iterable[Identifier]) -> dict[str, list[str]]:
    """The values of identifiers by their schemes, without keys of our own."""
    found: dict[str, list[str]] = {}
    for scheme, value in names:
        if scheme != FORMER:
            found.setdefault(scheme, []).append(value)
    return found


def _others(rows: Sequence[Row[Any]], here: Mapping[Identifier, int]) -> list[Work]:
    """The works that are not here, by the one source that says most titles: two sources name one work in two ways."""
    lists: dict[int, dict[Identifier, Work]] = {}
    for row in rows:
        name = Identifier(row.scheme, row.value)
        if name not in here:
            lists.setdefault(row.source, {}).setdefault(name, Work(name, row.title, row.year))
    best = max(lists.values(), key=lambda one: sum(bool(work.title) for work in one.values()), default={})
    return list(best.values())


def _numbers(tx: Connection, keys: Collection[str]) -> dict[str, int]:
    """The papers with these public keys, present or former."""
    former = select(alias.c.value, alias.c.paper).where(alias.c.scheme == FORMER)
    found = {row.value: row.paper for row in chunked(tx, former, alias.c.value, sorted(keys))}
    now = select(paper.c.key, paper.c.number)
    return found | {row.key: row.number for row in chunked(tx, now, paper.c.key, sorted(keys))}
