"""All papers, to be written into files: in stretches that tell whether anything in them changed, and as records that
together say just what the catalogue knows.

Which of a paper's sources counts may depend on when each was heard, which no file tells. So the records are put
together again as who reads them will; where another paper comes of that, each record says what the paper says.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, func, select

from broadsheet.bulk import SAID
from broadsheet.catalogue.identity import UNIQUE
from broadsheet.catalogue.merge import Statement, in_order, merge
from broadsheet.catalogue.papers import papers, statements_of
from broadsheet.catalogue.resolve import Resolution
from broadsheet.catalogue.schema import change, paper, signal
from broadsheet.types import Paper, Record, Stretch, Whole

STRETCH = 50_000  # numbers of papers
_NAMES = frozenset({"identifiers"})  # by which records find together
_DATES = frozenset({"published", "updated", "announced", "submitted"})  # what they mean depends on whose they are
_WORDS = frozenset(SAID) - _DATES


def stretches(connection: Connection) -> list[Stretch]:
    """The catalogue in stretches of equal numbers of papers. Reads all papers' counts: seconds in a large one."""
    part = paper.c.number // STRETCH
    counts = select(part, func.sum(paper.c.own_votes), func.sum(paper.c.own_comments)).group_by(part).order_by(part)
    last = _by_part(connection, select(change.c.paper // STRETCH, func.max(change.c.sequence)), change.c.paper)
    stars = _by_part(
        connection,
        select(signal.c.paper // STRETCH, func.sum(signal.c.count)).where(signal.c.kind == "stars"),
        signal.c.paper,
    )
    return [
        Stretch(number, f"{last.get(number, 0)}.{votes or 0}.{comments or 0}.{stars.get(number, 0)}")
        for number, votes, comments in connection.execute(counts)
    ]


def wholes(connection: Connection, after: int, last: int, limit: int) -> list[Whole]:
    """The first papers with a number after one and up to another, without deleted ones."""
    query = select(paper.c.number, paper.c.changed_at).where(
        paper.c.number > after, paper.c.number <= last, paper.c.deleted.is_(False)
    )
    changed = {row.number: row.changed_at for row in connection.execute(query.order_by(paper.c.number).limit(limit))}
    said: dict[int, list[Statement]] = {number: [] for number in changed}
    for number, one in statements_of(connection, list(changed)):
        said[number].append(one)
    found = papers(connection, list(changed))
    return [Whole(one, changed[one.number], _records(one, said[one.number])) for one in found]


def _records(whole: Paper, statements: Sequence[Statement]) -> tuple[Record, ...]:
    """Records that together say what the paper is, the one that counts most first."""
    said = tuple(one.record for one in in_order(statements) if one.deleted_at is None) or (statements[0].record,)
    if len(statements) == 1:
        return said
    tried = said
    for names in ((), _NAMES, _WORDS, SAID):
        tried = _sharing(said, whole, names)
        if _says(tried, whole) and _find_together(tried, whole):
            return tried
    # Nothing that a reader sees makes them one paper: their history did. The one that counts most speaks for all.
    return tried if _find_together(tried, whole) else tried[:1]


def _sharing(records: Sequence[Record], whole: Paper, names: Collection[str]) -> tuple[Record, ...]:
    """The records, where each says of these fields what the paper says. Its summary is of one source only."""
    shared = {name: getattr(whole, name) for name in names if name != "summary"}
    told = [replace(one, **shared) for one in records]
    for one in told if "summary" in names else ():
        one.summary = whole.summary if one.source == whole.summary_source else None
    return tuple(told)


def _says(records: Iterable[Record], whole: Paper) -> bool:
    """Whether these records, taken in at once, become this paper."""
    told = merge([Statement(0, one, "", "") for one in records], number=whole.number, key=whole.id)
    told.sources = whole.sources  # those that are believed alike stand in the order in which they spoke
    told.own_votes, told.own_comments, told.stars = whole.own_votes, whole.own_comments, whole.stars
    return told == whole


def _find_together(records: Sequence[Record], whole: Paper) -> bool:
    """Whether who reads these records makes one paper of them: they have its name, or are joined as any others are."""
    name = set(whole.identifiers[:1])
    if name and all(name <= set(one.identifiers) for one in records) and next(iter(name)).scheme in UNIQUE:
        return True
    read = Resolution({}, {}, set(), next_paper=1, next_statement=1, at="")
    for one in reversed(records):  # as `sources.export` gives them
        read.take(one, "")
    return len(list(read.live())) == 1


def _by_part(connection: Connection, query: Select[Any], column: Any) -> dict[int, int]:
    return {row[0]: row[1] for row in connection.execute(query.group_by(column // STRETCH))}
