"""Notices: what people should know of, written in the transaction of what happened.

Nobody is told of what they did themselves, of what they switched off, of a group that they are not in, or twice of one
comment. A new version of a paper is told by following the log of events, whose last number that was told of is kept
beside the notices: however often that work is cut off, each event is told once.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from broadsheet.catalogue.log import family, present
from broadsheet.catalogue.papers import chunked
from broadsheet.catalogue.schema import circle, comment, event, follow, mark, member, notice
from broadsheet.catalogue.voices import hearing
from broadsheet.types import NoticeKind

_OF_A_COMMENT = (NoticeKind.REPLY, NoticeKind.MENTION, NoticeKind.CLAIMED, NoticeKind.GROUP)
_FOLLOWED = "versions of followed papers"
_STRETCH = 500
# Somebody's notices, but of groups that they are no longer in, or that are no more. Every page of who is signed in asks
# how many there are: written down once.
_INSIDE = (
    select(member.c.circle)
    .join(circle, circle.c.number == member.c.circle)
    .where(member.c.person == bindparam("who"), circle.c.dissolved.is_(None))
)
_MINE = (notice.c.person == bindparam("who"), or_(notice.c.circle == 0, notice.c.circle.in_(_INSIDE)))
_UNREAD = select(func.count()).where(*_MINE, notice.c.read.is_(None))


def tell(
    tx: Connection,
    kind: NoticeKind,
    people: Iterable[int],
    *,
    at: str,
    by: int | None = None,
    paper: int | None = None,
    about: int | None = None,
    circle: int = 0,
    text: str = "",
) -> None:
    """Tells those of these people who may know of it and want to. `about` is a comment, `by` who did it."""
    told = {by}
    if about is not None and kind in _OF_A_COMMENT:
        kinds = [one.value for one in _OF_A_COMMENT]
        earlier = select(notice.c.person).where(notice.c.comment == about, notice.c.kind.in_(kinds))
        told |= set(tx.execute(earlier).scalars())
    heard = hearing(tx, set(people) - told, circle, kind)
    last = select(notice.c.person, func.max(notice.c.number).label("number")).group_by(notice.c.person)
    numbers = {row.person: int(row.number) for row in chunked(tx, last, notice.c.person, sorted(heard))}
    facts = {"kind": kind.value, "paper": paper, "comment": about, "circle": circle, "by": by or None, "text": text}
    rows = [
        {"number": numbers.get(who, 0) + 1, "person": who, "at": at, "read": None, **facts} for who in sorted(heard)
    ]
    if rows:
        tx.execute(insert(notice), rows)


def forget(tx: Connection, about: int) -> None:
    """Takes back what was told of a comment: it is no more."""
    kinds = [one.value for one in _OF_A_COMMENT]
    tx.execute(delete(notice).where(notice.c.comment == about, notice.c.kind.in_(kinds)))


def listed(connection: Connection, who: int, *, unread: bool, limit: int, before: int | None) -> Sequence[Any]:
    """Somebody's notices, the newest first, with the comment's text where it can be seen."""
    seen = (comment.c.deleted.is_(None), comment.c.hidden.is_(None))
    query = (
        select(notice, comment.c.text.label("said"))
        .outerjoin(comment, (comment.c.number == notice.c.comment) & seen[0] & seen[1])
        .where(*_MINE)
        .order_by(notice.c.number.desc())
        .limit(limit)
    )
    if unread:
        query = query.where(notice.c.read.is_(None))
    if before is not None:
        query = query.where(notice.c.number < before)
    return connection.execute(query, {"who": who}).all()


def unread(connection: Connection, who: int) -> int:
    """How many notices somebody has not read."""
    return connection.execute(_UNREAD, {"who": who}).scalar_one()


def read(tx: Connection, who: int, numbers: Sequence[int] | None, at: str) -> None:
    """Marks notices as read; None means all."""
    mine = update(notice).where(notice.c.person == who, notice.c.read.is_(None))
    tx.execute((mine if numbers is None else mine.where(notice.c.number.in_(numbers))).values(read=at))


def tell_versions(tx: Connection, at: str) -> int:
    """Tells followers of the next new versions, and says how many events were looked at; 0 when there are no more."""
    row = tx.execute(select(mark.c.position).where(mark.c.name == _FOLLOWED)).first()
    position = row.position if row else 0
    query = select(event).where(event.c.number > position, event.c.kind == "version")
    events = tx.execute(query.order_by(event.c.number).limit(_STRETCH)).all()
    if not events:
        return 0
    followed: dict[int, list[Any]] = {}
    for one in tx.execute(select(follow)).all():
        followed.setdefault(present(tx, one.paper), []).append(one)
    for happened in events:
        number = present(tx, happened.paper)
        people = {one.person for one in followed.get(number, ()) if one.at <= happened.at}
        if people:
            text = f"v{happened.version}" if happened.version else str(happened.new or "")
            tell(tx, NoticeKind.VERSION, people, at=at, paper=number, text=text)
    if row is None:
        tx.execute(insert(mark).values(name=_FOLLOWED, position=events[-1].number))
    else:
        tx.execute(update(mark).where(mark.c.name == _FOLLOWED).values(position=events[-1].number))
    return len(events)


def follow_paper(tx: Connection, number: int, who: int, *, on: bool, at: str) -> None:
    """Follows a paper, or does so no longer."""
    mine = (follow.c.paper.in_(family(tx, number)), follow.c.person == who)
    if not on:
        tx.execute(delete(follow).where(*mine))
    elif tx.execute(select(follow.c.paper).where(*mine)).first() is None:
        tx.execute(insert(follow).values(paper=number, person=who, at=at))


def follows(connection: Connection, number: int, who: int) -> bool:
    """Whether somebody follows a paper."""
    mine = select(follow.c.paper).where(follow.c.paper.in_(family(connection, number)), follow.c.person == who)
    return connection.execute(mine).first() is not None


def followed(connection: Connection, who: int) -> list[int]:
    """The papers that somebody follows, the latest first, by their numbers of now."""
    query = select(follow.c.paper).where(follow.c.person == who).order_by(follow.c.at.desc(), follow.c.paper.desc())
    return list(dict.fromkeys(present(connection, number) for number in connection.execute(query).scalars()))
