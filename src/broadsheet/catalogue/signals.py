"""Signals: what was counted for a paper, once a day, source and kind.

A signal keeps the number of the paper it was counted for. Papers that were joined are read together, and go apart
again when the join is undone.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from broadsheet.catalogue.identity import FORMER
from broadsheet.catalogue.log import family
from broadsheet.catalogue.numbers import source_numbers
from broadsheet.catalogue.papers import chunked
from broadsheet.catalogue.schema import alias, counting, paper, signal, source
from broadsheet.types import Counted, Identifier, Signal

Row = tuple[int, str, int, str, int]
"""Paper, kind, source, day and count."""
_PLACE = ("paper", "kind", "source", "day")
HERE, READS = "here", "reads"
"""The source of what is counted at this place: it begins with nothing, so that its first count came on that day."""


def put(tx: Connection, counted: Sequence[Signal]) -> int:
    """Keeps signals of known papers, the last word of each day, and says how many that were."""
    numbers = _papers(tx, {one.subject for one in counted})
    known = [one for one in counted if one.subject in numbers]
    sources = source_numbers(tx, {one.source for one in known})
    write(tx, ((numbers[one.subject], one.kind, sources[one.source], one.day, one.count) for one in known))
    return len(known)


def write(tx: Connection, rows: Iterable[Row]) -> None:
    """Writes counts in the place of those of the same day."""
    last = {row[:4]: row for row in rows}
    if last:
        here = [signal.c[name] == bindparam(f"b_{name}") for name in _PLACE]
        places = [{f"b_{name}": value for name, value in zip(_PLACE, place, strict=True)} for place in last]
        tx.execute(delete(signal).where(*here), places)
        tx.execute(insert(signal), [dict(zip((*_PLACE, "count"), row, strict=True)) for row in last.values()])
        for day in sorted({row[3] for row in last}):
            _note(tx, day)


def put_here(tx: Connection, number: int, kind: str, day: str, count: int) -> None:
    """Writes how many votes, comments, submissions or reads a paper has here by now, as the count of a day."""
    write(tx, [(number, kind, source_numbers(tx, [HERE])[HERE], day, count)])


def add_reads(tx: Connection, day: str, reads: Mapping[int, int]) -> None:
    """Adds to how often papers were read here, on a day. The totals of later days grow along."""
    here = source_numbers(tx, [HERE])[HERE]
    for number, more in reads.items():
        mine = and_(signal.c.paper == number, signal.c.kind == READS, signal.c.source == here)
        if not tx.execute(select(signal.c.day).where(mine, signal.c.day == day)).first():
            until = tx.execute(select(func.max(signal.c.count)).where(mine, signal.c.day < day)).scalar() or 0
            row = {"paper": number, "kind": READS, "source": here, "day": day, "count": until}
            tx.execute(insert(signal).values(row))
        tx.execute(update(signal).where(mine, signal.c.day >= day).values(count=signal.c.count + more))
    if reads:
        _note(tx, day)


def _note(tx: Connection, day: str) -> None:
    """Notes that counts of a day were written."""
    once_more = update(counting).where(counting.c.day == day).values(writes=counting.c.writes + 1)
    if not tx.execute(once_more).rowcount:
        tx.execute(insert(counting).values(day=day, writes=1))


def of_paper(connection: Connection, number: int, kind: str | None) -> list[Counted]:
    """What was counted for a paper and those joined to it: of two counts of one place the larger."""
    fields = (signal.c.day, signal.c.kind, source.c.name, signal.c.count)
    query = select(*fields).join(source, source.c.number == signal.c.source)
    if kind is not None:
        query = query.where(signal.c.kind == kind)
    found: dict[tuple[str, str, str], int] = {}
    for day, what, name, count in chunked(connection, query, signal.c.paper, sorted(family(connection, number))):
        found[day, what, name] = max(count, found.get((day, what, name), 0))
    return [Counted(*place, count) for place, count in sorted(found.items())]


def _papers(tx: Connection, subjects: Iterable[Identifier]) -> dict[Identifier, int]:
    """The papers that identifiers mean; "key" is a public key, present or former."""
    schemes: dict[str, list[str]] = {}
    for scheme, value in subjects:
        schemes.setdefault(scheme, []).append(value)
    found: dict[Identifier, int] = {}
    for scheme, values in schemes.items():
        query: Any = select(alias.c.value, alias.c.paper).where(alias.c.scheme == scheme)
        found |= {Identifier(scheme, row.value): row.paper for row in chunked(tx, query, alias.c.value, values)}
        if scheme == FORMER:
            query = select(paper.c.key, paper.c.number)
            found |= {Identifier(scheme, row.key): row.number for row in chunked(tx, query, paper.c.key, values)}
    return found
