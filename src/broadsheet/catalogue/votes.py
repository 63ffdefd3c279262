"""Votes for papers: one a person, counted anew in the transaction of each vote.

A vote keeps the number that its paper had. Papers that were joined are read together, so that who voted for both counts
once, and go apart again when the join is undone. A paper's own votes and comments are no sum that is kept up by adding
and taking away, but the count of the rows that are there: whatever happened before, the next vote sets it right.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Literal

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, or_, select, update

from broadsheet.catalogue import people
from broadsheet.catalogue.log import family, parts
from broadsheet.catalogue.papers import VALUES, chunked, rows
from broadsheet.catalogue.schema import comment, merge_event, paper, person, vote
from broadsheet.catalogue.signals import put_here
from broadsheet.types import Person, Vote

_SEEN = (comment.c.circle == 0, comment.c.deleted.is_(None), comment.c.hidden.is_(None))

# Written down once: to put these together takes longer than to run them, and many people vote at once.
_FAMILY: BindParameter[Any] = bindparam("family", expanding=True)
_CAST = (vote.c.paper.in_(_FAMILY), vote.c.circle == bindparam("in_circle"))
_MINE = (*_CAST, vote.c.person == bindparam("who"))
_THERE = select(vote.c.paper).where(*_MINE)
_TAKE_BACK = delete(vote).where(*_MINE)
_VOTES = select(func.count()).select_from(vote).where(*_CAST)
# To tell people apart takes a sort; of one number each row is another person's.
_VOTERS = select(func.count(vote.c.person.distinct())).where(*_CAST)
_COMMENTS = select(func.count()).select_from(comment).where(comment.c.paper.in_(_FAMILY), *_SEEN)
_ALL_CAST = select(vote.c.paper, vote.c.person).where(vote.c.paper.in_(VALUES), vote.c.circle == bindparam("in_circle"))
_OWN_CAST = _ALL_CAST.where(vote.c.person == bindparam("who"))
_COUNTED = select(paper.c.number, paper.c.key, paper.c.own_votes).where(paper.c.number.in_(VALUES))
_OWN = {
    kind: update(paper)
    .where(paper.c.number == bindparam("one"), paper.c[name] != bindparam("now"))
    .values({name: bindparam("now")})
    for kind, name in (("votes", "own_votes"), ("comments", "own_comments"))
}


def cast(tx: Connection, number: int, circle: int, who: int, *, up: bool, at: str) -> int:
    """Votes for a paper, or takes the vote back, and says how many it has; what is so already stays so."""
    numbers = list(family(tx, number))
    mine = {"family": numbers, "in_circle": circle, "who": who}
    if not up:
        tx.execute(_TAKE_BACK, mine)
    elif tx.execute(_THERE, mine).first() is None:
        tx.execute(insert(vote), {"paper": number, "circle": circle, "person": who, "at": at})
    votes = _votes(tx, numbers, circle)
    if circle == 0:
        _keep(tx, number, "votes", votes, at)
    return votes


def recount(tx: Connection, numbers: Iterable[int], at: str) -> None:
    """Counts the votes and comments that papers have here by now, and notes what is new as the count of the day."""
    for number in dict.fromkeys(numbers):
        votes, comments = counts(tx, family(tx, number))
        _keep(tx, number, "votes", votes, at)
        _keep(tx, number, "comments", comments, at)


def counts(connection: Connection, numbers: Collection[int]) -> tuple[int, int]:
    """How many people voted for a paper that has these numbers, and how many comments of it can be seen."""
    comments = connection.execute(_COMMENTS, {"family": list(numbers)}).scalar_one()
    return _votes(connection, list(numbers), 0), comments


def _votes(connection: Connection, numbers: list[int], circle: int) -> int:
    count = _VOTES if len(numbers) == 1 else _VOTERS
    return connection.execute(count, {"family": numbers, "in_circle": circle}).scalar_one()


def _keep(tx: Connection, number: int, kind: Literal["votes", "comments"], count: int, at: str) -> None:
    """Writes a count down, and with its day, if it is another than before."""
    if tx.execute(_OWN[kind], {"one": number, "now": count}).rowcount:
        put_here(tx, number, kind, at[:10], count)


def standing(connection: Connection, numbers: Mapping[str, int], circle: int, who: int) -> dict[str, Vote]:
    """How papers stand, by the keys that they were asked for with."""
    homes = parts(connection, set(numbers.values()))
    numbered = list(homes)
    cast = (
        rows(connection, _ALL_CAST, numbered, in_circle=circle)
        if circle
        else rows(connection, _OWN_CAST, numbered, in_circle=circle, who=who)
    )
    voted: dict[int, set[int]] = {}
    for row in cast:
        voted.setdefault(homes[row.paper], set()).add(row.person)
    known = {row.number: row for row in rows(connection, _COUNTED, list(set(numbers.values())))}
    return {
        asked: Vote(
            known[number].key,
            len(voted.get(number, ())) if circle else known[number].own_votes,
            who in voted.get(number, ()),
        )
        for asked, number in numbers.items()
    }


def voters(connection: Connection, number: int, limit: int) -> list[Person]:
    """Who voted for a paper and shows it, the first first."""
    query = (
        select(person)
        .join(vote, vote.c.person == person.c.number)
        .where(vote.c.paper.in_(family(connection, number)), vote.c.circle == 0, person.c.left.is_(None))
        .order_by(vote.c.at, person.c.number)
    )
    found: dict[int, Person] = {}
    for row in connection.execute(query).mappings():
        if len(found) == limit:
            break
        if json.loads(row["preferences"]).get("show_votes"):
            found.setdefault(row["number"], people.read(row))
    return list(found.values())


def voted(connection: Connection, who: int, limit: int, offset: int) -> list[int]:
    """The papers that somebody voted for, the latest first, by the numbers that they were voted for with."""
    query = select(vote.c.paper).where(vote.c.person == who, vote.c.circle == 0)
    query = query.order_by(vote.c.at.desc(), vote.c.paper.desc()).limit(limit).offset(offset)
    return list(connection.execute(query).scalars())


def drift(connection: Connection) -> Iterator[str]:
    """The papers whose own counts are not those of their rows, in words."""
    joined = select(merge_event.c.kept_paper).where(merge_event.c.undone.is_(None))
    marked = select(paper.c.number).where(or_(paper.c.own_votes != 0, paper.c.own_comments != 0))
    numbers = {
        *connection.execute(marked).scalars(),
        *connection.execute(select(vote.c.paper).where(vote.c.circle == 0).distinct()).scalars(),
        *connection.execute(select(comment.c.paper).where(*_SEEN, comment.c.paper.is_not(None)).distinct()).scalars(),
        *connection.execute(joined).scalars(),
    }
    fields = select(paper.c.number, paper.c.key, paper.c.own_votes, paper.c.own_comments)
    for row in list(chunked(connection, fields, paper.c.number, sorted(numbers))):
        votes, comments = counts(connection, family(connection, row.number))
        if votes != row.own_votes:
            yield f"{row.key}: it is said to have {row.own_votes:,} votes from here, and has {votes:,}."
        if comments != row.own_comments:
            yield f"{row.key}: it is said to have {row.own_comments:,} comments from here, and has {comments:,}."
