"""Submissions: papers that people put into the edition of a day. One that is not here yet waits until it came.

A paper is submitted once, in each group and for everybody: who comes later votes for it. A submission joins the edition
that is open: the one that a reader gets who asks for none, unless that is some days old. Then it opens the edition of
today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, false, func, insert, select, update

from broadsheet.catalogue import comments, notices, votes
from broadsheet.catalogue.editions import latest_day
from broadsheet.catalogue.identity import FORMER
from broadsheet.catalogue.log import family
from broadsheet.catalogue.numbers import next_shown_number
from broadsheet.catalogue.schema import alias, paper, submission
from broadsheet.catalogue.signals import put_here
from broadsheet.errors import NotFound, Refused
from broadsheet.types import Identifier, NoticeKind

OPEN_DAYS = 3  # that an edition takes submissions: Friday's is the one that people read on Monday morning


@dataclass(frozen=True, slots=True)
class Words:
    """What a submitter says of a paper, and the names in it."""

    text: str = ""
    mentions: tuple[str, ...] = ()


def submit(
    tx: Connection,
    named: Sequence[Identifier],
    *,
    fetched: Identifier | None,
    who: int,
    circle: int,
    said: Words,
    at: str,
) -> tuple[int, bool]:
    """Submits the paper of these names: the number of the submission, and whether it was there before.

    `fetched` is the name by which it can be fetched where it is not here; without one it is refused. Raises Refused.
    """
    number = find(tx, named)
    if number is not None:
        return list_paper(tx, number, named[0], who=who, circle=circle, said=said, at=at)
    if fetched is None:
        raise Refused("This paper is not here, and cannot be fetched by this name. Give its arXiv id or its DOI.")
    mine = (submission.c.person == who, submission.c.circle == circle, submission.c.state == "waiting")
    same = (submission.c.scheme == fetched.scheme, submission.c.value == fetched.value)
    if there := tx.execute(select(submission.c.number).where(*mine, *same)).first():
        return there.number, True
    return _add(tx, fetched, who=who, circle=circle, day=at[:10], at=at, comment=said.text), False


def find(connection: Connection, named: Sequence[Identifier]) -> int | None:
    """The paper that one of these names means. Raises Refused for one that its sources deleted."""
    for scheme, value in named:
        named_so = select(alias.c.paper).where(alias.c.scheme == scheme, alias.c.value == value)
        called_so = select(paper.c.number).where(paper.c.key == value if scheme == FORMER else false())
        if row := connection.execute(called_so.union_all(named_so)).first():
            number = int(row[0])
            if connection.execute(select(paper.c.deleted).where(paper.c.number == number)).scalar_one():
                raise Refused("This paper was deleted by those who had it.")
            return number
    return None


def list_paper(
    tx: Connection,
    number: int,
    name: Identifier,
    *,
    who: int,
    circle: int,
    said: Words,
    at: str,
    waited: int | None = None,
) -> tuple[int, bool]:
    """Puts a paper into the open edition, or votes for it where it was submitted before. `waited`: a row that waits."""
    query = select(submission).where(submission.c.circle == circle, submission.c.state == "listed")
    there = tx.execute(query.where(submission.c.paper.in_(family(tx, number)))).first()
    if said.text:
        comments.add(
            tx, paper=number, circle=circle, parent=None, who=who, text=said.text, mentions=said.mentions, at=at
        )
    if there is not None:
        votes.cast(tx, number, circle, who, up=True, at=at)
        if waited is not None:
            _end(tx, waited, paper=number, state="failed", note="Somebody submitted it before: this became a vote.")
        return there.number, True
    day = open_day(tx, at[:10])
    if waited is None:
        waited = _add(tx, name, who=who, circle=circle, day=day, at=at, paper=number)
    else:
        _end(tx, waited, paper=number, state="listed", note="", day=day)
    if circle == 0:
        put_here(tx, number, "submissions", at[:10], count(tx, number))
    return waited, False


def count(connection: Connection, number: int) -> int:
    """How often a paper stands in editions because somebody submitted it: once, or where such papers were joined."""
    listed = (submission.c.circle == 0, submission.c.state == "listed")
    query = select(func.count()).where(submission.c.paper.in_(family(connection, number)), *listed)
    return connection.execute(query).scalar_one()


def open_day(connection: Connection, today: str) -> str:
    """The day whose edition takes what is submitted today."""
    latest = latest_day(connection, today)
    first = (date.fromisoformat(today) - timedelta(days=OPEN_DAYS)).isoformat()
    return latest if latest is not None and first <= latest <= today else today


def waiting(connection: Connection) -> Sequence[Any]:
    """The submissions that wait, the oldest first."""
    return connection.execute(
        select(submission).where(submission.c.state == "waiting").order_by(submission.c.at, submission.c.number)
    ).all()


def arrived(tx: Connection, number: int, said: Words, at: str, *, tell: bool) -> bool:
    """Lists a submission that waits, if its paper is here by now; with `tell`, who submitted it learns of it."""
    row = one(tx, number)
    name = Identifier(row.scheme, row.value)
    if row.state != "waiting":
        return True
    try:
        here = find(tx, [name])
    except Refused as error:
        give_up(tx, number, str(error), at)
        return True
    if here is None:
        return False
    list_paper(tx, here, name, who=row.person, circle=row.circle, said=said, at=at, waited=number)
    if tell:
        text = f"{row.value} is here: it stands in the edition."
        facts = {"paper": here, "circle": row.circle, "at": at}
        notices.tell(tx, NoticeKind.SUBMISSION, [row.person], text=text, **facts)
    return True


def tried(tx: Connection, number: int, note: str) -> None:
    """Notes that a paper that is waited for could not be had, and why."""
    facts = {"tries": submission.c.tries + 1, "note": note}
    still = (submission.c.number == number, submission.c.state == "waiting")
    tx.execute(update(submission).where(*still).values(**facts))


def give_up(tx: Connection, number: int, note: str, at: str) -> None:
    """Waits no longer for a paper, and tells who submitted it."""
    row = one(tx, number)
    if row.state == "waiting":
        _end(tx, number, paper=None, state="failed", note=note)
        facts = {"circle": row.circle, "at": at, "text": f"{row.value}: {note}"}
        notices.tell(tx, NoticeKind.SUBMISSION, [row.person], **facts)


def withdraw(tx: Connection, number: int, note: str, at: str) -> None:
    """Takes a submission out of its edition, or waits no longer for it. Raises NotFound."""
    row = one(tx, number)
    _end(tx, number, paper=row.paper, state="failed", note=note)
    if row.state == "listed" and row.circle == 0:
        put_here(tx, row.paper, "submissions", at[:10], count(tx, row.paper))


def one(connection: Connection, number: int) -> Any:
    """A submission's row. Raises NotFound."""
    row = connection.execute(select(submission).where(submission.c.number == number)).first()
    if row is None:
        raise NotFound(f"There is no submission {number}.")
    return row


def listed(
    connection: Connection,
    circle: int,
    *,
    day: str | None,
    person: int | None,
    mine: bool,
    limit: int,
    before: int | None,
) -> Sequence[Any]:
    """Submissions, the newest first: those in editions, or with `mine` also a person's that wait or failed."""
    query = select(submission).where(submission.c.circle == circle)
    if not mine:
        query = query.where(submission.c.state == "listed")
    if day is not None:
        query = query.where(submission.c.day == day)
    if person is not None:
        query = query.where(submission.c.person == person)
    if before is not None:
        query = query.where(submission.c.number < before)
    return connection.execute(query.order_by(submission.c.number.desc()).limit(limit)).all()


def _add(
    tx: Connection,
    name: Identifier,
    *,
    who: int,
    circle: int,
    day: str,
    at: str,
    paper: int | None = None,
    comment: str = "",
) -> int:
    number = next_shown_number(tx, submission, circle)
    state = "waiting" if paper is None else "listed"
    facts = {"scheme": name.scheme, "value": name.value, "person": who, "circle": circle, "day": day, "at": at}
    row = {"number": number, "paper": paper, "state": state, "note": "", "comment": comment, "tries": 0, **facts}
    tx.execute(insert(submission).values(**row))
    return number


def _end(tx: Connection, number: int, **facts: Any) -> None:
    tx.execute(update(submission).where(submission.c.number == number).values(comment="", **facts))
