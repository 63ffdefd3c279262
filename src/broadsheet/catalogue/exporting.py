"""All that a person gave to this place, and all that is kept of them, as values that JSON knows.

Papers are named by their public keys, groups by their names. Hashes of secrets are nobody's words and stay out.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select

from broadsheet.catalogue import people
from broadsheet.catalogue.papers import chunked
from broadsheet.catalogue.schema import (
    act,
    answered,
    authorship,
    caught,
    channel,
    circle,
    comment,
    comment_text,
    comment_vote,
    delivered,
    flag,
    follow,
    invitation,
    member,
    notice,
    outbox,
    paper,
    passkey,
    session,
    shelved,
    standing,
    submission,
    subscriber,
    subscription,
    token,
    vote,
)

# The name of each part, the table with a column `person`, and what of a row is given.
PARTS: Mapping[str, tuple[Table, str]] = MappingProxyType(
    {
        "sessions": (session, "created seen expires agent address"),
        "passkeys": (passkey, "name created seen"),
        "tokens": (token, "name start scopes created expires seen"),
        "invitations": (invitation, "circle role note created expires uses"),
        "votes": (vote, "paper circle at"),
        "comments": (comment, "number paper circle parent at text edited deleted hidden reason votes"),
        "comment_votes": (comment_vote, "comment at"),
        "submissions": (submission, "paper circle scheme value day at state note comment"),
        "claims": (authorship, "paper author state how at decided"),
        "follows": (follow, "paper at"),
        "flags": (flag, "kind subject reason at settled outcome"),
        "acts": (act, "verb kind subject circle reason at"),
        "notices": (notice, "kind paper comment circle text at read"),
        "groups_founded": (circle, "name made"),
        "groups": (member, "circle role since"),
        "shelves": (shelved, "circle paper note at"),
        "addresses": (subscriber, "email made suppressed reason"),
        "channels": (channel, "number kind name made failures off reason"),
        "answers": (answered, "key at status"),
    }
)

# The same of tables with a column `subscriber`, and of one that hangs on these.
SENT: Mapping[str, tuple[Table, str]] = MappingProxyType(
    {
        "subscriptions": (
            subscription,
            "number wanted value channel rhythm weekday at zone most form made confirmed paused ended next",
        ),
        "standing_queries": (standing, "number name asked made ended"),
        "papers_sent": (delivered, "paper"),
        "letters": (outbox, "purpose subscription target made state said ended"),
    }
)


def export(connection: Connection, who: int) -> dict[str, Any]:
    """Everything of one account. Raises NotFound."""
    mine = people.mine(connection, who)
    parts = {
        name: _rows(connection, table, columns.split(), table.c.person == who)
        for name, (table, columns) in PARTS.items()
    }
    mine_too = select(subscriber.c.number).where(subscriber.c.person == who)
    for name, (table, columns) in SENT.items():
        parts[name] = _rows(connection, table, columns.split(), table.c.subscriber.in_(mine_too))
    queries = select(standing.c.number).where(standing.c.subscriber.in_(mine_too))
    parts["papers_found"] = _rows(connection, caught, ["standing", "paper", "at"], caught.c.standing.in_(queries))
    _add_older_texts(connection, parts["comments"])
    _leave_out_what_others_did(parts)
    rows = [row for part in parts.values() for row in part]
    _name(rows, "paper", lambda numbers: _keys(connection, numbers))
    _name(rows, "circle", lambda numbers: _circles(connection, numbers))
    return {
        "account": {
            "number": who,
            "name": mine.person.name,
            "shown": mine.person.shown,
            "email": mine.email,
            "role": people.word(mine.person.role),
            "about": mine.person.about,
            "orcid": mine.person.orcid,
            "joined": mine.person.joined,
            "banned": mine.person.banned,
            "ban_reason": mine.person.ban_reason,
            "password": mine.has_password,
            "show_votes": mine.show_votes,
            "notify": sorted(kind.value for kind in mine.notify),
        },
        **parts,
    }


def _leave_out_what_others_did(parts: Mapping[str, list[dict[str, Any]]]) -> None:
    """What became of one's words in a group that one is not in any more is the group's."""
    within = {0, *(row["circle"] for row in parts["groups"])}
    for row in parts["comments"]:
        if row["circle"] not in within:
            row["votes"] = None


def _rows(connection: Connection, table: Table, columns: list[str], whose: ColumnElement[bool]) -> list[dict[str, Any]]:
    query = select(*(table.c[name] for name in columns)).where(whose).order_by(*table.primary_key)
    return [dict(row) for row in connection.execute(query).mappings()]


def _add_older_texts(connection: Connection, comments: list[dict[str, Any]]) -> None:
    by_number = {row["number"]: row for row in comments}
    for row in comments:
        row["earlier"] = []
    query = select(comment_text).order_by(comment_text.c.comment, comment_text.c.edit)
    for row in chunked(connection, query, comment_text.c.comment, list(by_number)):
        by_number[row.comment]["earlier"].append({"edit": row.edit, "text": row.text, "at": row.at})


def _name(rows: Iterable[dict[str, Any]], field: str, names: Callable[[list[int]], dict[int, str]]) -> None:
    """Puts names in the place of our numbers."""
    having = [row for row in rows if row.get(field) is not None]
    known = names(sorted({row[field] for row in having}))
    for row in having:
        row[field] = known.get(row[field])


def _keys(connection: Connection, numbers: list[int]) -> dict[int, str]:
    found = chunked(connection, select(paper.c.number, paper.c.key), paper.c.number, numbers)
    return {row.number: row.key for row in found}


def _circles(connection: Connection, numbers: list[int]) -> dict[int, str]:
    found = chunked(connection, select(circle.c.number, circle.c.name), circle.c.number, numbers)
    return {row.number: row.name for row in found} | {0: ""}
