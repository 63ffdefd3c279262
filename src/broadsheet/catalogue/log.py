"""What happened: the log that the index follows, and how a paper's record came about."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, or_, select

from broadsheet.catalogue.codec import words
from broadsheet.catalogue.merge import Statement, in_order, merge
from broadsheet.catalogue.papers import CHUNK, VALUES, chunked, rows, statements_of
from broadsheet.catalogue.schema import change, merge_event, paper, revision
from broadsheet.types import Fact, Merge, Paper, Provenance, Revision

# Of these fields every source's words are shown.
_JOINED = frozenset({"identifiers", "links", "keywords", "versions", "edition"})
# On the way of every vote, and of every list that shows votes: written down once.
_PARTS_OF_ALL = select(merge_event.c.kept_paper, merge_event.c.merged_paper).where(
    merge_event.c.undone.is_(None), merge_event.c.kept_paper.in_(VALUES)
)
_PARTS = select(merge_event.c.merged_paper).where(
    merge_event.c.kept_paper == bindparam("kept"),
    merge_event.c.undone.is_(None),
    merge_event.c.merged_paper.is_not(None),
)


class Change(NamedTuple):
    """A paper changed, or is no more. Sequences grow with time and are never used twice."""

    sequence: int
    number: int
    gone: bool


def changes(connection: Connection, after: int, limit: int) -> list[Change]:
    """The oldest changes after a sequence, each paper at its last change only."""
    query = select(change.c.sequence, change.c.paper, change.c.gone).where(change.c.sequence > after)
    return [Change(*row) for row in connection.execute(query.order_by(change.c.sequence).limit(limit))]


def last_change(connection: Connection) -> int:
    """The sequence of the last change; 0 before the first."""
    return connection.execute(select(func.max(change.c.sequence))).scalar() or 0


def provenance(connection: Connection, number: int) -> Provenance:
    """Where each fact of the paper came from, what its sources said before, and what was joined or split."""
    key = connection.execute(select(paper.c.key).where(paper.c.number == number)).scalar_one()
    statements = in_order(one for _, one in statements_of(connection, [number]))
    revised = list(chunked(connection, select(revision), revision.c.statement, [one.number for one in statements]))
    since = {(row.statement, row.field): row.at for row in sorted(revised, key=lambda row: int(row.number))}
    sources = {one.number: one.record.source for one in statements}
    return Provenance(
        paper=key,
        facts=list(_facts(merge(statements), statements, since)),
        revisions=[
            Revision(row.field, row.old, row.new, sources[row.statement], row.at)
            for row in sorted(revised, key=lambda row: (row.at, row.number))
        ],
        merges=_merges(connection, number),
    )


def family(connection: Connection, number: int) -> set[int]:
    """The number of a paper, and those of the papers that are part of it by now."""
    found, todo = {number}, {number}
    while todo:
        joined = [row for one in sorted(todo) for row in connection.execute(_PARTS, {"kept": one})]
        todo = {row.merged_paper for row in joined} - found
        found |= todo
    return found


def parts(connection: Connection, numbers: Collection[int]) -> dict[int, int]:
    """The numbers under which things may be written down for these papers, each with the paper that it means now."""
    found = {number: number for number in numbers}
    todo = list(found)
    while todo:
        joined = list(rows(connection, _PARTS_OF_ALL, todo))
        new = {row.merged_paper: found[row.kept_paper] for row in joined if row.merged_paper is not None}
        todo = list(new.keys() - found.keys())
        found = new | found
    return found


def present(connection: Connection, number: int) -> int:
    """The number of the paper that a paper is part of by now, or its own."""
    later = select(merge_event.c.kept_paper).where(merge_event.c.undone.is_(None))
    while row := connection.execute(later.where(merge_event.c.merged_paper == number)).first():
        number = row.kept_paper
    return number


def as_merge(row: Any) -> Merge:
    """A row of `merge_event` as readers see it."""
    return Merge(row.number, row.kept_key, row.merged_key, row.reason, row.at, row.undone)


def _facts(whole: Paper, statements: Sequence[Statement], since: dict[tuple[int, str], str]) -> Iterator[Fact]:
    shown = words(whole)
    said = [(one, words(one.record)) for one in statements]
    for name in dict.fromkeys(name for _, facts in said for name in facts):
        for one, facts in said:
            if name in facts:
                first_said = since.get((one.number, name), one.first_seen)
                used = name in _JOINED or facts[name] == shown.get(name)
                yield Fact(name, facts[name], one.record.source, first_said, used)


def _merges(connection: Connection, number: int) -> list[Merge]:
    """The joins that this paper came out of, and those of the papers that were joined to it."""
    found: dict[int, Any] = {}
    todo = {number}
    done: set[int] = set()
    while todo:
        part = list(todo)[:CHUNK]
        done.update(part)
        either = or_(merge_event.c.kept_paper.in_(part), merge_event.c.merged_paper.in_(part))
        for row in connection.execute(select(merge_event).where(either)):
            found[row.number] = row
            if row.undone is None and row.merged_paper is not None:
                todo.add(row.merged_paper)
        todo -= done
    return [as_merge(found[one]) for one in sorted(found)]
