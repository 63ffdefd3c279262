"""What a group keeps of papers: its shelf, its votes and its submissions; and how all that a group holds ends.

A paper is written down by the number that it has at the time. Papers that were joined since are read as one.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, case, delete, func, insert, select, update

from broadsheet.catalogue import people
from broadsheet.catalogue.log import family, parts, present
from broadsheet.catalogue.papers import chunked
from broadsheet.catalogue.schema import (
    circle,
    comment,
    comment_text,
    comment_vote,
    flag,
    invitation,
    member,
    notice,
    paper,
    shelved,
    submission,
    vote,
)
from broadsheet.errors import Refused
from broadsheet.types import Candidate

MOST_SHELVED = 2_000


class OnShelf(NamedTuple):
    """A row of a shelf."""

    paper: int
    person: int
    note: str
    at: str


def shelf(connection: Connection, number: int) -> list[OnShelf]:
    """What is on a group's shelf, the latest first, each paper once."""
    query = select(shelved).where(shelved.c.circle == number).order_by(shelved.c.at.desc(), shelved.c.paper.desc())
    found: dict[int, OnShelf] = {}
    for row in connection.execute(query).all():
        now = present(connection, row.paper)
        found.setdefault(now, OnShelf(now, row.person, row.note, row.at))
    return list(found.values())


def shelve(tx: Connection, number: int, key: int, *, who: int, note: str, at: str) -> None:
    """Puts a paper on a shelf, or says something else of it. Raises Refused where the shelf is full."""
    unshelve(tx, number, key)
    count = tx.execute(select(func.count()).where(shelved.c.circle == number)).scalar_one()
    if count >= MOST_SHELVED:
        raise Refused(f"This shelf is full: {count:,} papers stand on it. Take one down first.")
    tx.execute(insert(shelved).values(circle=number, paper=key, person=who, note=note, at=at))


def unshelve(tx: Connection, number: int, key: int) -> None:
    """Takes a paper from a shelf."""
    tx.execute(delete(shelved).where(shelved.c.circle == number, shelved.c.paper.in_(family(tx, key))))


def votes(connection: Connection, number: int, numbers: Sequence[int]) -> dict[int, set[int]]:
    """Who voted in a group for each of these papers, where anybody did."""
    homes = parts(connection, numbers)
    query = select(vote.c.paper, vote.c.person).where(vote.c.circle == number)
    found: dict[int, set[int]] = {}
    for row in chunked(connection, query, vote.c.paper, list(homes)):
        found.setdefault(homes[row.paper], set()).add(row.person)
    return found


def submitted(connection: Connection, number: int, first: str, last: str) -> list[Candidate]:
    """The papers that a group put into its editions of some days, the first submission first, each once."""
    query = (
        select(submission.c.paper, submission.c.day)
        .where(
            submission.c.circle == number,
            submission.c.day.between(first, last),
            submission.c.state == "listed",
            submission.c.paper.is_not(None),
        )
        .order_by(submission.c.at, submission.c.number)
    )
    days: dict[int, str] = {}
    for row in connection.execute(query).all():
        days.setdefault(present(connection, row.paper), row.day)
    fields = select(paper.c.number, paper.c.key, paper.c.votes, paper.c.comments)
    rows = {row.number: row for row in chunked(connection, fields, paper.c.number, list(days))}
    return [
        Candidate(number, rows[number].key, day, True, place, rows[number].votes, rows[number].comments, "listed")
        for place, (number, day) in enumerate(days.items(), start=1)
        if number in rows
    ]


def forget(tx: Connection, numbers: Iterable[int]) -> None:
    """Ends groups for good: all that was said and done in them goes. An empty row keeps each number from use."""
    for number in numbers:
        said = select(comment.c.number).where(comment.c.circle == number)
        for table, column in ((comment_text, "comment"), (comment_vote, "comment")):
            tx.execute(delete(table).where(table.c[column].in_(said)))
        tx.execute(delete(flag).where(flag.c.kind == "comment", flag.c.subject.in_(said)))
        put = select(submission.c.number).where(submission.c.circle == number)
        tx.execute(delete(flag).where(flag.c.kind == "submission", flag.c.subject.in_(put)))
        tx.execute(update(comment).where(comment.c.circle == number).values(parent=None))
        for table in (comment, vote, submission, shelved, notice, invitation, member):
            tx.execute(delete(table).where(table.c.circle == number))
        gone = {"name": f"gone-{number}", "shown": "", "about": ""}
        tx.execute(update(circle).where(circle.c.number == number).values(**gone))


def export(connection: Connection, number: int) -> dict[str, Any]:
    """All that a group holds, as values that JSON knows. Of what moderators hid there is no text."""

    def rows(table: Table, columns: str, *more: Any) -> list[dict[str, Any]]:
        fields = [table.c[name] for name in columns.split()]
        query = select(*fields, *more).where(table.c.circle == number).order_by(*table.primary_key)
        return [dict(row) for row in connection.execute(query).mappings()]

    seen = case((comment.c.hidden.is_(None), comment.c.text), else_="").label("text")
    counts = select(vote.c.paper, func.count().label("votes")).where(vote.c.circle == number).group_by(vote.c.paper)
    parts = {
        "members": rows(member, "person role since"),
        "shelf": rows(shelved, "paper person note at"),
        "comments": rows(comment, "number paper parent person at edits edited deleted hidden votes", seen),
        "submissions": rows(submission, "paper value person day at state"),
        "votes": [dict(row) for row in connection.execute(counts).mappings()],
    }
    every = [row for part in parts.values() for row in part]
    accounts = people.by_numbers(connection, {row["person"] for row in every if "person" in row})
    named = select(paper.c.number, paper.c.key)
    numbers = sorted({row["paper"] for row in every if row.get("paper") is not None})
    keys = {row.number: row.key for row in chunked(connection, named, paper.c.number, numbers)}
    for row in every:
        if "person" in row:
            row["person"] = accounts[row["person"]].name
        if "paper" in row:
            row["paper"] = keys.get(row["paper"])
    group = connection.execute(select(circle).where(circle.c.number == number)).one()
    return {"group": {"name": group.name, "shown": group.shown, "about": group.about, "made": group.made}, **parts}


def ended(connection: Connection, before: str) -> list[int]:
    """The groups that were dissolved before an instant and still hold something."""
    query = select(circle.c.number).where(circle.c.dissolved <= before, circle.c.shown != "")
    return list(connection.execute(query).scalars())
