"""Links that let people into a group. They are invitations with a group; those without one let people into this place.

Of a link's secret there is only a hash. A link is good for so many people and until a day; who is in already does not
use it up.
"""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from broadsheet.catalogue import circles
from broadsheet.catalogue.numbers import next_shown_number
from broadsheet.catalogue.schema import circle, invitation
from broadsheet.errors import NotFound, Refused

MOST_LINKS = 50
NO_LINK = "This link lets nobody in: it is used up, withdrawn, too old, or not whole. Ask for a new one."


def invite(tx: Connection, number: int, who: int, secret: str, *, at: str, expires: str, uses: int) -> None:
    """Makes a link to a group. Raises Refused where there are too many."""
    if len(links(tx, number, at)) >= MOST_LINKS:
        raise Refused(f"There are {MOST_LINKS} links to this group already. Withdraw some first.")
    tx.execute(
        insert(invitation).values(
            number=next_shown_number(tx, invitation, number),
            secret=secret,
            circle=number,
            role="member",
            person=who,
            note="",
            created=at,
            expires=expires,
            uses=uses,
        )
    )


def links(connection: Connection, number: int, at: str) -> list[Any]:
    """The links to a group that are still good, the newest first."""
    query = select(invitation).where(invitation.c.circle == number, invitation.c.expires > at, invitation.c.uses > 0)
    return list(connection.execute(query.order_by(invitation.c.number.desc())))


def withdraw(tx: Connection, number: int, link: int) -> None:
    """Ends a link to a group. Raises NotFound."""
    done = tx.execute(delete(invitation).where(invitation.c.circle == number, invitation.c.number == link))
    if not done.rowcount:
        raise NotFound("There is no such link to this group.")


def behind(connection: Connection, secret: str, at: str) -> Any:
    """The link with this secret (a hash), whose group is `circle`. Raises NotFound, in the same words in any case."""
    query = (
        select(invitation)
        .join(circle, circle.c.number == invitation.c.circle)
        .where(invitation.c.secret == secret, circle.c.dissolved.is_(None))
    )
    row = connection.execute(query).first()
    if row is None or row.expires <= at or row.uses <= 0:
        raise NotFound(NO_LINK)
    return row


def join(tx: Connection, who: int, secret: str, at: str) -> tuple[int, bool]:
    """Lets somebody in by a link: the group's number, and whether they are new there. Raises NotFound, Refused."""
    row = behind(tx, secret, at)
    new = circles.enter(tx, row.circle, who, at)
    if new:
        tx.execute(update(invitation).where(invitation.c.number == row.number).values(uses=row.uses - 1))
    return int(row.circle), new
