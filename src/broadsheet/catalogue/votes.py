"""Votes for papers: one a person, counted anew in the transaction of each vote.

A vote keeps the number that its paper had. Papers that were joined are read together, so that who voted for both counts
once, and go apart again when the join is undone. A paper's own votes and comments are no sum that is kept up by adding
and taking away, but the count of the rows that are there: whatever happened before, the next vote sets it right.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from broadsheet.catalogue import people
from broadsheet.catalogue.log import family, parts
from broadsheet.catalogue.papers import chunked
from broadsheet.catalogue.schema import comment, merge_event, paper, person, vote
from broadsheet.catalogue.signals import put_here
from broadsheet.types import Person, Vote

_SEEN = (comment.c.circle == 0, comment.c.deleted.is_(None), comment.c.hidden.is_(None))


def cast(tx: Connection, number: int, circle: int, who: int, *, up: bool, at: str) -> None:
    """Votes for a paper, or takes the vote back; what is so already stays so."""
    mine = (vote.c.paper.in_(family(tx, number)), vote.c.circle == circle, vote.c.person == who)
    if not up:
        tx.execute(delete(vote).where(*mine))
    elif tx.execute(select(vote.c.paper).where(*mine)).first() is None:
        tx.execute(insert(vote).values(paper=number, circle=circle, person=who, at=at))
    if circle == 0:
        recount(tx, [number], at)


def recount(tx: Connection, numbers: Iterable[int], at: str) -> None:
    """Counts the votes and comments that papers have here by now, and notes what is new as the count of the day."""
    for number in dict.fromkeys(numbers):
        row = tx.execute(select(paper.c.own_votes, paper.c.own_comments).where(paper.c.number == number)).first()
        if row is None:
            continue
        votes, comments = counts(tx, family(tx, number))
        if (votes, comments) != tuple(row):
            tx.execute(update(paper).where(paper.c.number == number).values(own_votes=votes, own_comments=comments))
        if votes != row.own_votes:
            put_here(tx, number, "votes", at[:10], votes)
        if comments != row.own_comments:
            put_here(tx, number, "comments", at[:10], comments)


def counts(connection: Connection, numbers: Collection[int]) -> tuple[int, int]:
    """How many people voted for a paper that has these numbers, and how many comments of it can be seen."""
    # To tell people apart takes a sort; of one number each row is another person's.
    who: ColumnElement[Any] = func.count() if len(numbers) == 1 else func.count(vote.c.person.distinct())
    votes = connection.execute(select(who).select_from(vote).where(vote.c.paper.in_(numbers), vote.c.circle == 0))
    comments = connection.execute(select(func.count()).where(comment.c.paper.in_(numbers), *_SEEN))
    return votes.scalar_one(), comments.scalar_one()


def standing(connection: Connection, numbers: Mapping[str, int], circle: int, who: int) -> dict[str, Vote]:
    """How papers stand, by the keys that they were asked for with."""
    homes = parts(connection, set(numbers.values()))
    query = select(vote.c.paper, vote.c.person).where(vote.c.circle == circle)
    if circle == 0:
        query = query.where(vote.c.person == who)
        fields = select(paper.c.number, paper.c.own_votes)
        votes = {row.number: row.own_votes for row in chunked(connection, fields, paper.c.number, list(homes))}
    voted: dict[int, set[int]] = {}
    for row in chunked(connection, query, vote.c.paper, list(homes)):
        voted.setdefault(homes[row.paper], set()).add(row.person)
    if circle:
        votes = {number: len(people) for number, people in voted.items()}
    keys = {
        row.number: row.key
        for row in chunked(connection, select(paper.c.number, paper.c.key), paper.c.number, list(homes))
    }
    return {
        asked: Vote(keys[number], votes.get(number, 0), who in voted.get(number, ()))
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
