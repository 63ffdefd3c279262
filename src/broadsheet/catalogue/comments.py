"""Comments: written, changed, deleted, hidden, voted for. All in the transaction they are given.

A comment keeps the number that its paper had, and an answer that of what it answers: a thread stays whole when papers
are joined and when they are split again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from broadsheet.catalogue import notices, votes
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.log import family, present
from broadsheet.catalogue.numbers import next_shown_number
from broadsheet.catalogue.papers import chunked
from broadsheet.catalogue.schema import authorship, comment, comment_text, comment_vote, flag
from broadsheet.catalogue.voices import members, named
from broadsheet.errors import Conflict, Forbidden, NotFound, Overtaken, Refused
from broadsheet.types import NoticeKind

MOMENT = timedelta(minutes=10)  # in which the same words are the same comment


def row(connection: Connection, number: int) -> Any:
    """A comment's row. Raises NotFound."""
    found = connection.execute(select(comment).where(comment.c.number == number)).first()
    if found is None:
        raise NotFound(f"There is no comment {number}.")
    return found


def add(
    tx: Connection,
    *,
    paper: int | None,
    circle: int,
    parent: int | None,
    who: int,
    text: str,
    mentions: Iterable[str],
    at: str,
) -> int:
    """Says something of a paper, or in a group's own discussion, and tells whom it concerns. Raises NotFound, Refused.

    What it answers must stand in the same thread. What somebody said in the same words and the same place a moment ago
    was sent twice, by a double click or a page loaded again: it stays one comment.
    """
    above = None
    if parent is not None:
        above = row(tx, parent)
        thread = family(tx, paper) if paper is not None else {None}
        if above.circle != circle:  # in words that are said of no comment at all
            raise NotFound(f"There is no comment {parent}.")
        if above.paper not in thread:
            raise NotFound("What this answers does not stand in this discussion.")
        if above.hidden is not None:
            raise Refused("A moderator hid this comment: it cannot be answered.")
        paper = above.paper
    facts: dict[str, int | str | None] = {
        "paper": paper,
        "circle": circle,
        "parent": parent,
        "person": who,
        "text": text,
    }
    if (there := _moments_ago(tx, at, **facts)) is not None:
        return there
    number = next_shown_number(tx, comment, circle)
    tx.execute(insert(comment).values(number=number, **facts, at=at, edits=0, reason="", votes=0))
    _count(tx, paper, circle, at)
    if above is not None and above.deleted is None:
        _tell(tx, NoticeKind.REPLY, [above.person], number)
    _tell(tx, NoticeKind.MENTION, named(tx, list(mentions)).values(), number)
    if paper is not None:
        mine = select(authorship.c.person).where(
            authorship.c.paper.in_(family(tx, present(tx, paper))), authorship.c.state == "confirmed"
        )
        _tell(tx, NoticeKind.CLAIMED, tx.execute(mine).scalars(), number)
    if circle:
        _tell(tx, NoticeKind.GROUP, members(tx, circle), number)
    return number


def edit(tx: Connection, number: int, text: str, *, seen: int, mentions: Iterable[str], at: str) -> None:
    """Says something else in a comment, which has been changed `seen` times as far as who changes it knows.

    The text before is kept. Raises Overtaken where it was changed meanwhile, Conflict where it was deleted.
    """
    old = row(tx, number)
    if old.deleted is not None:
        raise Conflict("This comment was deleted: it cannot be changed.")
    if old.edits != seen:
        raise Overtaken(
            "This comment was changed meanwhile. Both texts are kept: put into yours what you want of the other.",
            present=old.text,
            edits=old.edits,
            yours=text,
        )
    if old.text == text:
        return
    before = {"comment": number, "edit": old.edits, "text": old.text, "at": old.edited or old.at}
    tx.execute(insert(comment_text).values(**before))
    changed = {"text": text, "edits": old.edits + 1, "edited": at}
    tx.execute(update(comment).where(comment.c.number == number).values(**changed))
    if old.hidden is None:
        _tell(tx, NoticeKind.MENTION, named(tx, list(mentions)).values(), number)


def remove(tx: Connection, number: int, at: str) -> None:
    """Deletes what a comment says and ever said; its place stays, for what answers it."""
    old = row(tx, number)
    if old.deleted is not None:
        return
    tx.execute(delete(comment_text).where(comment_text.c.comment == number))
    tx.execute(update(comment).where(comment.c.number == number).values(text="", deleted=at))
    open_flags = update(flag).where(flag.c.kind == "comment", flag.c.subject == number, flag.c.settled.is_(None))
    tx.execute(open_flags.values(settled=at, outcome="deleted by its author"))
    notices.forget(tx, number)
    _count(tx, old.paper, old.circle, at)


def hide(tx: Connection, number: int, reason: str, *, by: int | None, on: bool, at: str) -> Any:
    """Hides a comment, or shows it again, tells its author, and returns the row as it was. Raises Conflict."""
    old = row(tx, number)
    if old.deleted is not None:
        raise Conflict("This comment was deleted by its author.")
    if on == (old.hidden is not None):
        raise Conflict("This comment is hidden already." if on else "This comment is not hidden.")
    changed = {"hidden": at if on else None, "reason": reason if on else ""}
    tx.execute(update(comment).where(comment.c.number == number).values(**changed))
    _count(tx, old.paper, old.circle, at)
    facts = {"by": by, "paper": old.paper, "about": number, "circle": old.circle, "at": at}
    said = f"Your comment was {'hidden' if on else 'shown again'}: {reason}"
    notices.tell(tx, NoticeKind.MODERATION, [old.person], text=said, **facts)
    return old


def cast(tx: Connection, number: int, who: int, *, up: bool, at: str) -> int:
    """Votes for a comment, or takes the vote back, and says how many it has now. Raises Refused, Forbidden."""
    old = row(tx, number)
    if old.deleted is not None or old.hidden is not None:
        raise Refused("This comment is not shown any more: nobody can vote for it.")
    if old.person == who:
        raise Forbidden("Nobody votes for a comment of their own.")
    mine = (comment_vote.c.comment == number, comment_vote.c.person == who)
    if not up:
        tx.execute(delete(comment_vote).where(*mine))
    elif tx.execute(select(comment_vote.c.at).where(*mine)).first() is None:
        tx.execute(insert(comment_vote).values(comment=number, person=who, at=at))
    count = tx.execute(select(func.count()).where(comment_vote.c.comment == number)).scalar_one()
    tx.execute(update(comment).where(comment.c.number == number).values(votes=count))
    return count


def thread(connection: Connection, paper: int | None, circle: int) -> Sequence[Any]:
    """All that was said of a paper, or in a group's own discussion, in the order in which it was said."""
    query = select(comment).where(comment.c.circle == circle)
    if paper is None:
        query = query.where(comment.c.paper.is_(None))
    else:
        query = query.where(comment.c.paper.in_(family(connection, paper)))
    return connection.execute(query.order_by(comment.c.number)).all()


def latest(
    connection: Connection, circle: int, *, limit: int, before: int | None, person: int | None = None
) -> Sequence[Any]:
    """The newest comments of papers that can be seen, of one person if asked for."""
    query = select(comment).where(
        comment.c.circle == circle,
        comment.c.paper.is_not(None),
        comment.c.deleted.is_(None),
        comment.c.hidden.is_(None),
    )
    if before is not None:
        query = query.where(comment.c.number < before)
    if person is not None:
        query = query.where(comment.c.person == person)
    return connection.execute(query.order_by(comment.c.number.desc()).limit(limit)).all()


def texts(connection: Connection, number: int) -> Sequence[Any]:
    """What a comment said before each of its edits."""
    query = select(comment_text).where(comment_text.c.comment == number)
    return connection.execute(query.order_by(comment_text.c.edit)).all()


def ballots(connection: Connection, numbers: Sequence[int]) -> list[tuple[int, int, str]]:
    """The votes for these comments: comment, person, and when."""
    return [tuple(one) for one in chunked(connection, select(comment_vote), comment_vote.c.comment, numbers)]


def _moments_ago(tx: Connection, at: str, **facts: int | str | None) -> int | None:
    """The comment that says the same in the same place, if it was made within `MOMENT`."""
    since = stamp(datetime.fromisoformat(at) - MOMENT)
    same = [comment.c[name] == value for name, value in facts.items()]
    query = select(comment.c.number).where(*same, comment.c.deleted.is_(None), comment.c.at >= since)
    return tx.execute(query).scalar()


def _count(tx: Connection, paper: int | None, circle: int, at: str) -> None:
    if paper is not None and circle == 0:
        votes.recount(tx, [present(tx, paper)], at)


def _tell(tx: Connection, kind: NoticeKind, people: Iterable[int], number: int) -> None:
    said = row(tx, number)
    facts = {"by": said.person, "paper": said.paper, "about": number, "circle": said.circle}
    notices.tell(tx, kind, people, at=said.edited or said.at, **facts)
