"""What was counted in a stretch of days, with all that must be known to say what of it is new (`ranking.trending`).

One query over the index of days: a look at a total carries the totals before it along. Papers that were joined are the
exception. They are few, and their totals are read whole and laid over one another: of two totals of one day the larger
holds, and each holds until its next.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, or_, select

from broadsheet.catalogue.log import family, present
from broadsheet.catalogue.papers import chunked
from broadsheet.catalogue.schema import change, counting, merge_event, paper, signal, source
from broadsheet.catalogue.signals import HERE
from broadsheet.types import Look, SignalRow

# A row's own `count` is a method.
_COUNT = (signal.c.paper, signal.c.kind, signal.c.source, signal.c.day, signal.c.count.label("total"))


@dataclass(slots=True)
class Looks:
    """Looks at totals, the days of papers that are as new as these, and the kinds of sources: all by their numbers."""

    looks: list[Look] = field(default_factory=list)
    days: dict[int, str] = field(default_factory=dict)
    sources: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the catalogue was when something was read from it: counts written for days before, that day, papers."""

    earlier: int
    day: int
    papers: int


def mark(connection: Connection, day: str) -> Mark:
    """How far the catalogue is, for who keeps what it read of the days until `day`."""
    writes = select(func.coalesce(func.sum(counting.c.writes), 0))
    earlier = connection.execute(writes.where(counting.c.day < day)).scalar_one()
    own = connection.execute(writes.where(counting.c.day == day)).scalar_one()
    newest = connection.execute(select(func.max(change.c.sequence))).scalar() or 0
    return Mark(int(earlier), int(own), newest)


def moved_since(connection: Connection, sequence: int, first: str, last: str) -> bool:
    """Whether a paper changed, after a change of this number, for which something was counted in these days."""
    counted = exists().where(signal.c.paper == change.c.paper, signal.c.day.between(first, last))
    joined = exists().where(merge_event.c.merged_paper == change.c.paper)
    query = select(change.c.paper).where(change.c.sequence > sequence, or_(counted, joined)).limit(1)
    return connection.execute(query).first() is not None


def looks(connection: Connection, first: str, last: str, begin: str) -> Looks:
    """The looks at totals in the days from `first` to `last` that may show something new, of papers that are there.

    Of each total they come oldest first. Left out are first looks elsewhere at papers from before the day `begin`: all
    that they show is older.
    """
    kinds = {row.number: row.kind for row in connection.execute(select(source.c.number, source.c.kind))}
    here = next((number for number, kind in kinds.items() if kind == HERE), 0)
    seen = [Look._make(row) for row in connection.execute(_looks(first, last, begin, here))]
    joined = _joined(connection)
    homes = {present(connection, number) for number in {one.paper for one in seen} & joined}
    gone = _deleted(connection, {one.paper for one in seen} | homes)
    found = Looks([one for one in seen if one.paper not in gone and one.paper not in joined], {}, kinds)
    for number in sorted(homes - gone):
        for (kind, by), totals in series(connection, number).items():
            found.looks += [one for one in _seen(number, kind, by, totals) if first <= one.day <= last]
    own = select(paper.c.number, paper.c.day).where(paper.c.day >= begin)
    found.days = {row.number: row.day for row in connection.execute(own)}
    return found


def _looks(first: str, last: str, begin: str, here: int) -> Select[Any]:
    earlier = signal.alias("earlier")
    same = and_(
        earlier.c.paper == signal.c.paper,
        earlier.c.kind == signal.c.kind,
        earlier.c.source == signal.c.source,
        earlier.c.day < signal.c.day,
    )
    still = and_(merge_event.c.undone.is_(None), merge_event.c.merged_paper.is_not(None))
    # Not joined to the papers: to read a row of theirs for each look would take most of the time.
    news = or_(
        signal.c.source == here,
        signal.c.paper.in_(select(paper.c.number).where(paper.c.day >= begin)),
        signal.c.paper.in_(select(merge_event.c.merged_paper).where(still)),
        signal.c.paper.in_(select(merge_event.c.kept_paper).where(still)),
        exists().where(same),
    )
    before, since = (
        select(func.max(column)).where(same).scalar_subquery() for column in (earlier.c.count, earlier.c.day)
    )
    return select(*_COUNT, before.label("before"), since.label("since")).where(signal.c.day.between(first, last), news)


def _deleted(connection: Connection, numbers: Collection[int]) -> set[int]:
    """Which of these papers are deleted. Those have no day, so that the index says whom to look at."""
    undated = set(connection.execute(select(paper.c.number).where(paper.c.day.is_(None))).scalars())
    query = select(paper.c.number).where(paper.c.deleted)
    return {row.number for row in chunked(connection, query, paper.c.number, sorted(undated.intersection(numbers)))}


def categories(connection: Connection, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The categories of papers."""
    query = select(paper.c.number, paper.c.categories)
    rows = chunked(connection, query, paper.c.number, sorted(numbers))
    return {number: tuple(codes.split()) for number, codes in rows}


def _joined(connection: Connection) -> set[int]:
    """The numbers of all papers that were joined to another, and of those that they were joined to."""
    query = select(merge_event.c.kept_paper, merge_event.c.merged_paper)
    rows = connection.execute(query.where(merge_event.c.undone.is_(None), merge_event.c.merged_paper.is_not(None)))
    return {number for row in rows for number in row}


def series(connection: Connection, number: int) -> dict[tuple[str, int], list[tuple[str, int]]]:
    """The totals of a paper and those joined to it, day by day: by kind and source, the oldest day first."""
    rows = chunked(connection, select(*_COUNT), signal.c.paper, sorted(family(connection, number)))
    held: dict[tuple[str, int], dict[int, int]] = {}
    found: dict[tuple[str, int], dict[str, int]] = {}
    for row in sorted(rows, key=lambda row: str(row.day)):
        members = held.setdefault((row.kind, row.source), {})
        members[row.paper] = row.total
        found.setdefault((row.kind, row.source), {})[row.day] = max(members.values())
    return {place: list(days.items()) for place, days in sorted(found.items())}


def _seen(number: int, kind: str, by: int, totals: Iterable[tuple[str, int]]) -> Iterator[Look]:
    before, since = None, None
    for day, total in totals:
        yield Look(number, kind, by, day, total, before, since)
        before, since = max(total, before or 0), day


def rows(
    connection: Connection, after: int, stretch: int, *, since: str, until: str, categories: Sequence[str]
) -> tuple[list[SignalRow], int | None]:
    """The counts of the papers whose numbers are the next `stretch` after `after`, and the last such number.

    By paper, kind, source and day, from the day `since` to `until`; None where there are no more papers. Deleted papers
    are left out.
    """
    newest = connection.execute(select(func.max(paper.c.number))).scalar() or 0
    joined = _joined(connection)
    names = {row.number: row.name for row in connection.execute(select(source.c.number, source.c.name))}
    end = after + stretch
    there = and_(paper.c.number > after, paper.c.number <= end, paper.c.deleted.is_(False))
    facts = (paper.c.number, paper.c.key, paper.c.day.label("own_day"), paper.c.categories)
    counts = (
        select(*facts, *_COUNT)
        .join_from(signal, paper, paper.c.number == signal.c.paper)
        .where(signal.c.paper > after, signal.c.paper <= end, paper.c.deleted.is_(False))
        .order_by(signal.c.paper, signal.c.kind, signal.c.source, signal.c.day)
    )
    found = [
        (number, SignalRow(key, own, kind, names[by], day, total))
        for number, key, own, codes, _, kind, by, day, total in connection.execute(counts)
        if since <= day <= until and number not in joined and among(codes.split(), categories)
    ]
    for row in chunked(connection, select(*facts).where(there), paper.c.number, sorted(joined)):
        if among(row.categories.split(), categories):
            known = history(connection, row.number)
            found += [(row.number, one) for one in known if since <= one.day <= until]
    found.sort(key=lambda one: one[0])  # joined papers between the others; the sort keeps the order of the rest
    return [one for _, one in found], end if end < newest else None


def history(connection: Connection, number: int) -> list[SignalRow]:
    """The counts of one paper and those joined to it, by kind, source and day."""
    row = connection.execute(select(paper.c.key, paper.c.day).where(paper.c.number == number)).one()
    names = {one.number: one.name for one in connection.execute(select(source.c.number, source.c.name))}
    return [
        SignalRow(row.key, row.day, kind, names[by], day, count)
        for (kind, by), totals in series(connection, number).items()
        for day, count in totals
    ]


def among(codes: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether one of the codes is wanted; an archive ("cs") stands for all that is in it. No wish is for all."""
    return not wanted or any(code == one or code.startswith(f"{one}.") for code in codes for one in wanted)
