"""What somebody chose: the papers they voted for, in a group too, those they follow, and those they put on a shelf."""

from typing import NamedTuple

from sqlalchemy import Connection, literal, select, union_all

from broadsheet.catalogue.log import present
from broadsheet.catalogue.schema import circle, follow, member, shelved, vote


class Chosen(NamedTuple):
    """A paper by its number of now, how it was chosen ("voted", "follows", "keeps"), and when last."""

    paper: int
    how: str
    at: str


def chosen_by(connection: Connection, who: int, limit: int) -> list[Chosen]:
    """The latest of them, each paper once. Of groups only those that somebody is in."""
    inside = (
        select(member.c.circle)
        .join(circle, circle.c.number == member.c.circle)
        .where(member.c.person == who, circle.c.dissolved.is_(None))
    )
    voted = select(vote.c.paper, literal("voted").label("how"), vote.c.at).where(
        vote.c.person == who, (vote.c.circle == 0) | vote.c.circle.in_(inside)
    )
    follows = select(follow.c.paper, literal("follows"), follow.c.at).where(follow.c.person == who)
    keeps = select(shelved.c.paper, literal("keeps"), shelved.c.at).where(
        shelved.c.person == who, shelved.c.circle.in_(inside)
    )
    every = union_all(voted, follows, keeps).subquery()
    rows = connection.execute(select(every).order_by(every.c.at.desc(), every.c.paper.desc()).limit(2 * limit)).all()
    found: dict[int, Chosen] = {}
    for row in rows:
        number = present(connection, row.paper)
        found.setdefault(number, Chosen(number, row.how, row.at))
    return list(found.values())[:limit]
