"""What is sent to whom, and when: the rows of `subscription`. All in the transaction it is given."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, insert, select, update

from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.schema import circle, digest, member, outbox, standing, subscriber, subscription
from broadsheet.errors import NotFound
from broadsheet.types import Form, Rhythm, Subscription, Wanted

TITLES: Mapping[Wanted, str] = {
    Wanted.EDITION: "The daily edition",
    Wanted.TRENDING: "Trending papers",
    Wanted.MINE: "For me",
}
LEFT = "A group that you are not in"

# A group is named to those who are in it only: `inside` is empty for others.
_ALL = (
    select(
        subscription,
        circle.c.name.label("group"),
        circle.c.shown.label("group_shown"),
        member.c.person.label("inside"),
        standing.c.name.label("standing_name"),
    )
    .join(subscriber, subscriber.c.number == subscription.c.subscriber)
    .outerjoin(circle, and_(subscription.c.wanted == Wanted.GROUP.value, circle.c.number == subscription.c.value))
    .outerjoin(
        member,
        and_(
            member.c.circle == circle.c.number,
            member.c.person == subscriber.c.person,
            circle.c.dissolved.is_(None),
        ),
    )
    .outerjoin(standing, and_(subscription.c.wanted == Wanted.QUERY.value, standing.c.number == subscription.c.value))
)


def listed(connection: Connection, *conditions: ColumnElement[bool]) -> list[Subscription]:
    """Subscriptions for which conditions on `subscription` and `subscriber` hold, the oldest first."""
    rows = connection.execute(_ALL.where(*conditions).order_by(subscription.c.number)).mappings()
    return [_read(row) for row in rows]


def one(connection: Connection, number: int) -> Subscription:
    """A subscription. Raises NotFound."""
    found = listed(connection, subscription.c.number == number)
    if not found:
        raise NotFound("There is no such subscription any more.")
    return found[0]


def of(connection: Connection, who: int) -> list[Subscription]:
    """All subscriptions of a subscriber, those that have ended among them."""
    return listed(connection, subscription.c.subscriber == who)


def add(tx: Connection, who: int, wanted: Wanted, value: int | None, facts: Mapping[str, Any], *, at: str) -> int:
    """Adds a subscription of a subscriber. `value` is a group's number, or a standing query's; returns its number.

    `facts` are columns: rhythm, weekday, at, zone, most, form; confirmed, next and channel where they are known.
    """
    number = next_number(tx, subscription.c.number)
    row = {"number": number, "subscriber": who, "wanted": wanted.value, "value": value, "made": at, "last": ""}
    tx.execute(insert(subscription).values(**row, **facts))
    return number


def change(tx: Connection, number: int, facts: Mapping[str, Any]) -> None:
    """Changes columns of a subscription."""
    tx.execute(update(subscription).where(subscription.c.number == number).values(**facts))


def change_all(tx: Connection, numbers: Iterable[int], facts: Mapping[str, Any]) -> None:
    """Changes columns of some."""
    tx.execute(update(subscription).where(subscription.c.number.in_(list(numbers))).values(**facts))


def forget_group(tx: Connection, group: int, who: int) -> None:
    """Takes away what an account was to be sent of a group that it is not in any more, and what has not left of it."""
    own = select(subscriber.c.number).where(subscriber.c.person == who)
    of_group = subscription.c.wanted == Wanted.GROUP.value, subscription.c.value == group
    gone = (
        tx.execute(select(subscription.c.number).where(*of_group, subscription.c.subscriber.in_(own))).scalars().all()
    )
    tx.execute(delete(digest).where(digest.c.subscription.in_(gone)))
    tx.execute(delete(outbox).where(outbox.c.subscription.in_(gone)))
    tx.execute(delete(subscription).where(subscription.c.number.in_(gone)))


def _read(row: RowMapping) -> Subscription:
    wanted = Wanted(row["wanted"])
    value = "" if row["value"] is None else str(row["value"])
    if wanted is Wanted.GROUP:
        inside = row["inside"] is not None
        value, title = (row["group"], row["group_shown"]) if inside else ("", LEFT)
    else:
        title = TITLES.get(wanted) or row["standing_name"] or ""
    return Subscription(
        number=row["number"],
        subscriber=row["subscriber"],
        wanted=wanted,
        value=value,
        title=title,
        rhythm=Rhythm(row["rhythm"]),
        form=Form(row["form"]),
        **{name: row[name] for name in _PLAIN},
    )


_PLAIN = ("weekday", "at", "zone", "most", "made", "channel", "confirmed", "paused", "ended", "next", "last")
