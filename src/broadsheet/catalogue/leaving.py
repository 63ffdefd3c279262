"""The end of an account: what was its owner's alone goes, what is part of a conversation stays under nobody's name.

Goes: the address, names, all that was told of oneself, the ways in, votes, what was followed, notices, flags, claims,
invitations, the places in groups, what one was sent and asked to be sent, channels. Stays: comments and their older
texts, submissions, notes on shelves, and the log of moderators, whose author is "gone-7" from then on. Counts follow
the votes that go.
"""

from sqlalchemy import Connection, Table, delete, select, update

from broadsheet.catalogue import circlepapers, circles, moderation, people, subscribers, votes
from broadsheet.catalogue.log import present
from broadsheet.catalogue.schema import (
    answered,
    authorship,
    comment,
    comment_vote,
    flag,
    follow,
    invitation,
    member,
    notice,
    passkey,
    person,
    session,
    shelved,
    submission,
    tally,
    ticket,
    token,
    vote,
)
from broadsheet.types import Role

GONE: tuple[Table, ...] = (
    session,
    passkey,
    token,
    invitation,
    vote,
    comment_vote,
    follow,
    flag,
    authorship,
    notice,
    member,
    answered,
)
"""Tables whose rows of one person go with them."""

STAYS: tuple[Table, ...] = (comment, submission, shelved)
"""Tables whose rows stay, under a name that says nothing."""


def leave(tx: Connection, who: int, at: str) -> None:
    """Ends an account. Raises NotFound, and Conflict for the only administrator of others."""
    people.keep_an_administrator(tx, who)
    mine = people.mine(tx, who)
    circlepapers.forget(tx, circles.go(tx, who, at))
    voted = list(tx.execute(select(vote.c.paper).where(vote.c.person == who, vote.c.circle == 0)).scalars())
    _take_back_comment_votes(tx, who)
    subscribers.leave(tx, who, mine.email)
    for table in GONE:
        tx.execute(delete(table).where(table.c.person == who))
    votes.recount(tx, [present(tx, number) for number in voted], at)
    tx.execute(update(notice).where(notice.c.by == who).values(by=None))
    moderation.settle_all(tx, "person", who, "left", at)
    tx.execute(delete(ticket).where(ticket.c.subject.in_([str(who), mine.email or ""])))
    tx.execute(delete(tally).where(tally.c.subject == f"person:{who}"))
    facts = {"name": f"gone-{who}", "left": at, "joined": "", "role": people.word(Role.READER), "preferences": "{}"}
    empty = dict.fromkeys(("shown", "about", "ban_reason"), "") | dict.fromkeys(
        ("email", "orcid", "password", "banned")
    )
    tx.execute(update(person).where(person.c.number == who).values(**facts, **empty))


def _take_back_comment_votes(tx: Connection, who: int) -> None:
    voted = select(comment_vote.c.comment).where(comment_vote.c.person == who)
    tx.execute(update(comment).where(comment.c.number.in_(voted)).values(votes=comment.c.votes - 1))
