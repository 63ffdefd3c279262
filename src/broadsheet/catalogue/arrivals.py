"""Papers that came, each handed to the standing queries once.

Numbers of papers grow, and none comes again: what is above the mark has not been looked at. A new version, another
category, a merge or a split gives no number to what had none, so nothing of it is new. What was caught, the papers that
wait and the mark are written in one transaction: cut off anywhere, a run has done all of a batch or nothing of it.

- A paper without an abstract waits for it, and is looked at once, when it has one or has waited long enough.
- Papers of a day too long ago are passed over: an import of the past is no news.
- Where no query stands, nothing is looked at, and the mark moves on.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, delete, or_, select
from sqlalchemy.dialects.sqlite import insert

from broadsheet import ids
from broadsheet.catalogue import standing
from broadsheet.catalogue.papers import chunked, papers
from broadsheet.catalogue.schema import caught, mark, merge_event, paper, unread
from broadsheet.catalogue.schema import standing as standing_table
from broadsheet.catalogue.standing import Asked, Catch
from broadsheet.types import Paper

MARK = "standing"


class Arrived(NamedTuple):
    """The next papers to look at. `asked` are the queries that run.

    `begun` is the mark as it was (None before the first run), `until` where it is afterwards. `waiting` are those that
    begin to wait for an abstract, `waited` those that do so no longer. `more` says that this is not all.
    """

    asked: list[Asked]
    papers: list[Paper]
    begun: int | None
    until: int
    waiting: list[int]
    waited: list[int]
    more: bool


def arrived(connection: Connection, *, oldest: str, patience: str, limit: int) -> Arrived:
    """At most so many papers that came since the mark, of the day `oldest` or a later one.

    Papers that have waited for an abstract since before the instant `patience` are looked at without one.
    """
    asked = standing.running(connection)
    begun = connection.execute(select(mark.c.position).where(mark.c.name == MARK)).scalar()
    newest = standing.newest(connection)
    rows = {row.paper: row.since for row in connection.execute(select(unread))}
    if not asked:
        return Arrived([], [], begun, newest, [], list(rows), more=False)
    start = max(begun or 0, min(one.after for one in asked))
    new = _numbers(connection, start, oldest, limit)
    until = new[-1] if len(new) == limit else newest
    waiting: list[Paper] = []
    ready: list[Paper] = []
    waited: list[int] = []
    for one in _fresh(connection, new, start, oldest):
        (ready if one.abstract else waiting).append(one)
    there = {one.number: one for one in papers(connection, list(rows))}
    for number, since in rows.items():
        seen = there.get(number)
        if seen is None or seen.deleted or seen.abstract or since <= patience:
            waited.append(number)
            ready += [seen] if seen is not None and not seen.deleted else []
    return Arrived(asked, ready, begun, until, [one.number for one in waiting], waited, more=len(new) == limit)


def came(connection: Connection) -> bool:
    """Whether there are queries, and papers above the mark. Takes no time."""
    if (
        connection.execute(select(standing_table.c.number).where(standing_table.c.ended.is_(None)).limit(1)).first()
        is None
    ):
        return False
    begun = connection.execute(select(mark.c.position).where(mark.c.name == MARK)).scalar()
    return standing.newest(connection) > (begun or 0)


def catch(tx: Connection, one: Arrived, catches: Iterable[Catch], *, at: str) -> int | None:
    """Writes down what was caught of some papers, and that they were looked at. Returns how many catches are new.

    None where somebody else has moved the mark meanwhile: then nothing is written.
    """
    if tx.execute(select(mark.c.position).where(mark.c.name == MARK)).scalar() != one.begun:
        return None
    new = insert(caught).on_conflict_do_nothing(index_elements=[caught.c.standing, caught.c.paper])
    rows = [one._asdict() for one in _of_queries_that_stand(tx, catches)]
    count = tx.execute(new, rows).rowcount if rows else 0
    for start in range(0, len(one.waited), standing.MOST_PAPERS):
        tx.execute(delete(unread).where(unread.c.paper.in_(one.waited[start : start + standing.MOST_PAPERS])))
    if one.waiting:
        waits = insert(unread).on_conflict_do_nothing(index_elements=[unread.c.paper])
        tx.execute(waits, [{"paper": number, "since": at} for number in one.waiting])
    moved = insert(mark).values(name=MARK, position=one.until)
    tx.execute(moved.on_conflict_do_update(index_elements=[mark.c.name], set_={"position": one.until}))
    return count


def _of_queries_that_stand(tx: Connection, catches: Iterable[Catch]) -> Iterator[Catch]:
    """Without those of queries that were ended, or went with their owner, meanwhile."""
    stand = set(tx.execute(select(standing_table.c.number).where(standing_table.c.ended.is_(None))).scalars())
    return (one for one in catches if one.standing in stand)


def _numbers(connection: Connection, start: int, oldest: str, limit: int) -> list[int]:
    recent = or_(paper.c.day >= oldest, paper.c.day.is_(None))
    query = select(paper.c.number).where(paper.c.number > start, paper.c.deleted.is_(False), recent)
    return list(connection.execute(query.order_by(paper.c.number).limit(limit)).scalars())


def _fresh(connection: Connection, numbers: Collection[int], start: int, oldest: str) -> Iterator[Paper]:
    """Those of some papers that are news: not split from, or joined with, one that was here before, and not old."""
    known = _known_before(connection, numbers, start)
    for one in papers(connection, [number for number in numbers if number not in known]):
        day = one.day or one.announced or one.published
        if day and ids.last_day(day) >= oldest:
            yield one


def _known_before(connection: Connection, numbers: Collection[int], start: int) -> set[int]:
    event: Any = merge_event.c
    split = chunked(
        connection,
        select(event.merged_paper.label("paper")).where(event.undone.is_not(None)),
        event.merged_paper,
        list(numbers),
    )
    joined = chunked(
        connection,
        select(event.kept_paper.label("paper")).where(and_(event.undone.is_(None), event.merged_paper <= start)),
        event.kept_paper,
        list(numbers),
    )
    return {row.paper for row in (*split, *joined)}
