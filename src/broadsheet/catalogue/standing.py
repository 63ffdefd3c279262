"""Standing queries and what they caught: rows, and nothing that decides.

What is asked is kept as JSON, papers in it by number. `after` is the highest number of a paper when the query was made:
it never catches those that were here before. What it caught is never caught again; a paper that its owner does not want
to see the like of (`unlike`) is not among what it caught.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, or_, select, update

from broadsheet.catalogue.log import parts, present
from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.papers import chunked
from broadsheet.catalogue.schema import caught as caught_table
from broadsheet.catalogue.schema import change, delivered, paper, standing, subscriber, subscription
from broadsheet.errors import NotFound, Refused
from broadsheet.types import Standing, Wanted, Why

MOST = 200  # of one owner that run
MOST_PAPERS = 100  # that one of them likes, and as many that it dislikes
WORDS_ALONE = 1.0
_STRETCH = 500  # rows looked at on the way to a page
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once: a run packs many


class Asked(NamedTuple):
    """A standing query as it runs. Papers are numbers, as they are now; it sees those above `after`."""

    number: int
    text: str
    unlike_text: str
    like: tuple[int, ...]
    unlike: tuple[int, ...]
    near: float
    after: int


class Catch(NamedTuple):
    """A paper that a standing query found: when, how well it fits, and why, as JSON."""

    standing: int
    paper: int
    at: str
    score: float
    why: str


# Made and changed.


def add(
    tx: Connection,
    owner: int,
    *,
    name: str,
    text: str,
    at: str,
    unlike_text: str = "",
    like: Iterable[int] = (),
    unlike: Iterable[int] = (),
    near: float = WORDS_ALONE,
) -> int:
    """Makes a standing query of a subscriber, and gives its number. Raises Refused where there are too many.

    `text` is in the language of the search; `like` and `unlike` are numbers of papers.
    """
    _room(tx, owner)
    asked = {"text": text, "unlike_text": unlike_text, "near": near, "after": newest(tx), "paused": None}
    papers = {"like": _few(like), "unlike": _few(unlike)}
    number = next_number(tx, standing.c.number)
    words = json.dumps(asked | papers, ensure_ascii=False, sort_keys=True)
    tx.execute(insert(standing).values(number=number, subscriber=owner, name=name, asked=words, made=at, ended=None))
    return number


def revise(tx: Connection, number: int, *, name: str | None = None, **asked: Any) -> None:
    """Renames a standing query, or asks something else: `text`, `unlike_text`, `like`, `unlike`, `near`, `paused`.

    What it caught stays, and it does not go back. Raises NotFound, Refused.
    """
    row = _row(tx, number)
    for papers in asked.keys() & {"like", "unlike"}:
        asked[papers] = _few(asked[papers])
    words = json.dumps(json.loads(row["asked"]) | asked, ensure_ascii=False, sort_keys=True)
    facts = {"asked": words} | ({} if name is None else {"name": name})
    tx.execute(update(standing).where(standing.c.number == number).values(**facts))


def end(tx: Connection, number: int, at: str | None) -> None:
    """Ends a standing query; None lets it run again, from now on. Raises NotFound, Refused where there are too many."""
    row = _row(tx, number)
    if at is None and row["ended"] is not None:
        _room(tx, row["subscriber"])
        revise(tx, number, after=newest(tx))
    if at is None or row["ended"] is None:
        tx.execute(update(standing).where(standing.c.number == number).values(ended=at))


def newest(connection: Connection) -> int:
    """The highest number that a paper has, or had: numbers grow, and none comes again."""
    return connection.execute(select(func.max(change.c.paper))).scalar() or 0


# Read.


def one(connection: Connection, number: int) -> Standing:
    """A standing query, ended or not. Raises NotFound."""
    return _standings(connection, [_row(connection, number)])[0]


def of(connection: Connection, owner: int, *, ended_since: str | None = None) -> list[Standing]:
    """A subscriber's, the newest first; also those that ended since an instant, so that it can be undone."""
    runs = standing.c.ended.is_(None)
    also = runs if ended_since is None else runs | (standing.c.ended >= ended_since)
    query = select(standing).where(standing.c.subscriber == owner, also).order_by(standing.c.number.desc())
    return _standings(connection, list(connection.execute(query).mappings()))


def running(connection: Connection) -> list[Asked]:
    """All standing queries that run: neither paused nor ended.

    Those of an address without an account run while a subscription to them is confirmed and goes on.
    """
    wanted = select(subscription.c.value).where(
        subscription.c.wanted == Wanted.QUERY.value,
        subscription.c.confirmed.is_not(None),
        subscription.c.ended.is_(None),
    )
    awaited = set(connection.execute(wanted).scalars())  # once: there is no index by value
    query = (
        select(standing.c.number, standing.c.asked, subscriber.c.person, subscriber.c.suppressed)
        .join(subscriber)
        .where(standing.c.ended.is_(None))
        .order_by(standing.c.number)
    )
    rows = [
        (row.number, json.loads(row.asked))
        for row in connection.execute(query)
        if row.person is not None or (row.suppressed is None and row.number in awaited)
    ]
    named = {number for _, asked in rows for number in (*asked["like"], *asked["unlike"])}
    now = _now(connection, named)
    return [
        Asked(
            number,
            asked["text"],
            asked["unlike_text"],
            tuple(now[one] for one in asked["like"]),
            tuple(now[one] for one in asked["unlike"]),
            asked["near"],
            asked["after"],
        )
        for number, asked in rows
        if not asked["paused"]
    ]


def caught(connection: Connection, number: int, *, limit: int, before: tuple[str, int] | None = None) -> list[Catch]:
    """What a standing query caught, the latest first, each paper once, without deleted and disliked ones.

    `before` is the instant and the paper of the last one that was seen. Papers are numbers, as they are now.
    """
    unlike = set(_now(connection, json.loads(_row(connection, number)["asked"])["unlike"]).values())
    at, key = caught_table.c.at, caught_table.c.paper
    query = select(caught_table).where(caught_table.c.standing == number).order_by(at.desc(), key.desc())
    found: dict[int, Catch] = {}
    while len(found) < limit:
        part = query if before is None else query.where((at < before[0]) | and_(at == before[0], key < before[1]))
        rows = connection.execute(part.limit(_STRETCH)).all()
        now = _now(connection, [row.paper for row in rows])
        for row in rows:
            if now[row.paper] not in unlike:
                found.setdefault(now[row.paper], Catch(number, now[row.paper], row.at, row.score, row.why))
        if len(rows) < _STRETCH:
            break
        before = rows[-1].at, rows[-1].paper
    return list(found.values())[:limit]


def undelivered(connection: Connection, number: int, to: int, *, since: str = "") -> list[Catch]:
    """What a standing query caught since an instant and a subscriber was not sent yet, the best first.

    However often a paper is caught, by however many of their queries, it is not sent twice; nor if it was joined to
    another since.
    """
    catch = caught_table.c
    sent = and_(delivered.c.subscriber == to, delivered.c.paper == catch.paper)
    query = (
        select(caught_table)
        .outerjoin(delivered, sent)
        .where(catch.standing == number, catch.at >= since, delivered.c.paper.is_(None))
        .order_by(catch.score.desc(), catch.paper)
    )
    rows = connection.execute(query).all()
    unlike = set(_now(connection, json.loads(_row(connection, number)["asked"])["unlike"]).values())
    now = _now(connection, [row.paper for row in rows])
    known = parts(connection, now.values())
    again = chunked(
        connection, select(delivered.c.paper).where(delivered.c.subscriber == to), delivered.c.paper, list(known)
    )
    left = unlike | {known[row.paper] for row in again}
    found: dict[int, Catch] = {}
    for row in rows:
        if now[row.paper] not in left:
            found.setdefault(now[row.paper], Catch(number, now[row.paper], row.at, row.score, row.why))
    return list(found.values())


def packed(why: Why) -> str:
    """Why a paper was caught, as `Catch.why` keeps it."""
    said = {"parts": dict(why.parts), "words": why.words, "cosine": why.cosine, "said": why.said}
    return _encode({name: value for name, value in said.items() if value})


def unpacked(why: str) -> Why:
    """The same back."""
    said = json.loads(why)
    return Why(said.get("parts", {}), tuple(said.get("words", ())), said.get("cosine"), said.get("said", ""))


# Forgotten.


def sweep(tx: Connection, *, caught_before: str, ended_before: str) -> None:
    """Forgets what was caught before an instant, and all that was caught by queries that ended before another."""
    over = select(standing.c.number).where(standing.c.ended < ended_before)
    tx.execute(delete(caught_table).where(or_(caught_table.c.at < caught_before, caught_table.c.standing.in_(over))))


# Inside.


def _row(connection: Connection, number: int) -> RowMapping:
    row = connection.execute(select(standing).where(standing.c.number == number)).mappings().first()
    if row is None:
        raise NotFound(f"There is no standing query {number}.")
    return row


def _room(tx: Connection, owner: int) -> None:
    mine = select(func.count()).where(standing.c.subscriber == owner, standing.c.ended.is_(None))
    if tx.execute(mine).scalar_one() >= MOST:
        raise Refused(f"There are {MOST} standing queries already. End some first.")


def _few(papers: Iterable[int]) -> list[int]:
    kept = list(dict.fromkeys(papers))
    if len(kept) > MOST_PAPERS:
        raise Refused(f"A standing query likes or dislikes {MOST_PAPERS} papers at most. Take some out first.")
    return kept


def _standings(connection: Connection, rows: Sequence[RowMapping]) -> list[Standing]:
    said = [json.loads(row["asked"]) for row in rows]
    keys = _keys(connection, {number for asked in said for number in (*asked["like"], *asked["unlike"])})
    numbers = [row["number"] for row in rows]
    hits = select(caught_table.c.standing, func.count().label("hits")).group_by(caught_table.c.standing)
    count = {row.standing: row.hits for row in chunked(connection, hits, caught_table.c.standing, numbers)}
    return [
        Standing(
            number=row["number"],
            owner=row["subscriber"],
            name=row["name"],
            text=asked["text"],
            unlike_text=asked["unlike_text"],
            like=tuple(keys[number] for number in asked["like"] if number in keys),
            unlike=tuple(keys[number] for number in asked["unlike"] if number in keys),
            near=asked["near"],
            made=row["made"],
            ended=row["ended"],
            paused=asked["paused"],
            hits=count.get(row["number"], 0),
        )
        for row, asked in zip(rows, said, strict=True)
    ]


def _keys(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """What papers are called, by the number that was written down."""
    now = _now(connection, numbers)
    rows = chunked(connection, select(paper.c.number, paper.c.key), paper.c.number, sorted(set(now.values())))
    called = {row.number: row.key for row in rows}
    return {number: called[one] for number, one in now.items() if one in called}


def _now(connection: Connection, numbers: Collection[int]) -> dict[int, int]:
    """The papers that numbers mean by now; most are what they were."""
    wanted = sorted(set(numbers))
    here = {row.number for row in chunked(connection, select(paper.c.number), paper.c.number, wanted)}
    return {number: number if number in here else present(connection, number) for number in wanted}
