"""Groups: who is in one and who runs it, how people come in and go, and how a group ends.

`inside` is the gate: nothing of a group is read or written but by way of it. It asks for the groups that somebody is
in and looks for the name among them, so that a group one is not in and a group that there is not cost the same work
and get the same answer. Verbs that write pass it again in their transaction: who was removed a moment ago is out.

A name holds letters drawn by chance and is never used twice. So founding a group tells nobody which others there are,
and a dissolved group can come back under its name.
"""

import secrets
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from broadsheet.catalogue import acts, subscriptions
from broadsheet.catalogue.schema import circle, invitation, member, person
from broadsheet.errors import Conflict, Forbidden, NotFound, Refused
from broadsheet.types import Circle

MOST_MEMBERS = 500
MOST_GROUPS = 100  # that one person may be in: the gate reads them all

_MINE = (
    select(circle.c.number, circle.c.name)
    .join(member, member.c.circle == circle.c.number)
    .where(member.c.person == bindparam("person"), circle.c.dissolved.is_(None))
)
# The longest-standing first.
_STANDING = (
    select(member.c.person, member.c.role, member.c.since, person.c.banned)
    .join(person, person.c.number == member.c.person)
    .where(member.c.circle == bindparam("circle"))
    .order_by(member.c.since, member.c.person)
)


class Inside(NamedTuple):
    """A group that somebody is in, and whether they run it."""

    number: int
    owner: bool


class Standing(NamedTuple):
    """A member by their number, as what, and since when."""

    person: int
    role: Literal["member", "owner"]
    since: str


def number_inside(connection: Connection, who: int, name: str) -> int:
    """The number of the group of this name that somebody is in. Raises NotFound, in the same words in any case."""
    numbers = {row.name: int(row.number) for row in connection.execute(_MINE, {"person": who})}
    if name not in numbers:
        raise NotFound(f"There is no group {name[:60]!r} that you are in.")
    return numbers[name]


def inside(connection: Connection, who: int, name: str) -> Inside:
    """As `number_inside`, and whether they run it."""
    number = number_inside(connection, who, name)
    return Inside(number, owner_of(connection, number) == who)


def running(connection: Connection, who: int, name: str) -> int:
    """The number of a group that somebody runs. Raises NotFound where they are not in it, Forbidden for a member."""
    found = inside(connection, who, name)
    if not found.owner:
        raise Forbidden("You may not run this group: only its owner may.")
    return found.number


def standing(connection: Connection, number: int) -> list[Standing]:
    """Who is in a group, the longest-standing first.

    Where its owner is banned or gone, the first who is not banned acts as owner.
    """
    rows = connection.execute(_STANDING, {"circle": number}).all()
    able = [row for row in rows if row.banned is None]
    owner = next((row.person for row in able if row.role == "owner"), able[0].person if able else None)
    return [Standing(row.person, "owner" if row.person == owner else "member", row.since) for row in rows]


def owner_of(connection: Connection, number: int) -> int | None:
    """Who runs a group; None where nobody can."""
    return next((one.person for one in standing(connection, number) if one.role == "owner"), None)


def one(connection: Connection, number: int, who: int) -> Circle:
    """A group as one of its members sees it."""
    row = connection.execute(select(circle).where(circle.c.number == number)).one()
    people = standing(connection, number)
    role: Literal["member", "owner"] = next((one.role for one in people if one.person == who), "member")
    return Circle(row.number, row.name, row.shown, row.about, row.made, len(people), role, row.dissolved)


def mine(connection: Connection, who: int) -> list[Circle]:
    """The groups that somebody is in, by what they are called."""
    found = [one(connection, row.number, who) for row in connection.execute(_MINE, {"person": who}).all()]
    return sorted(found, key=lambda one: (one.shown.casefold(), one.name))


def dissolved(connection: Connection, who: int, since: str) -> list[Circle]:
    """The groups that somebody ran, that were dissolved from within since an instant, the latest first."""
    query = (
        select(circle.c.number, circle.c.dissolver)
        .join(member, member.c.circle == circle.c.number)
        .where(member.c.person == who, circle.c.dissolved > since)
        .order_by(circle.c.dissolved.desc(), circle.c.number)
    )
    kept = []
    for row in connection.execute(query).all():
        roles = {one.person: one.role for one in standing(connection, row.number)}
        if roles[who] == "owner" and row.dissolver in roles:
            kept.append(one(connection, row.number, who))
    return kept


def found(tx: Connection, who: int, names: Iterable[str], *, shown: str, about: str, at: str) -> int:
    """Makes a group under the first name that is free. Raises Refused for who is in too many."""
    _room_for_more(tx, who)
    taken = select(circle.c.number)
    name = next(one for one in names if tx.execute(taken.where(circle.c.name == one)).first() is None)
    number = _number(tx)
    tx.execute(insert(circle).values(number=number, name=name, shown=shown, about=about, person=who, made=at))
    tx.execute(insert(member).values(circle=number, person=who, role="owner", since=at))
    return number


def _number(tx: Connection) -> int:
    """A number that no group had: by chance, for counting numbers would count the groups."""
    while True:
        number = 1 + secrets.randbelow(10**9)
        if tx.execute(select(circle.c.number).where(circle.c.number == number)).first() is None:
            return number


def change(tx: Connection, number: int, shown: str, about: str) -> None:
    """Renames a group, and says anew what it is about."""
    tx.execute(update(circle).where(circle.c.number == number).values(shown=shown, about=about))


def enter(tx: Connection, number: int, who: int, at: str) -> bool:
    """Takes somebody in. False where they are in already. Raises Refused where there is no room."""
    if tx.execute(_place(number, who)).first() is not None:
        return False
    _room_for_more(tx, who)
    count = tx.execute(select(func.count()).where(member.c.circle == number)).scalar_one()
    if count >= MOST_MEMBERS:
        raise Refused(f"This group is full: it has {count} members.")
    tx.execute(insert(member).values(circle=number, person=who, role="member", since=at))
    return True


def leave(tx: Connection, number: int, who: int, at: str) -> None:
    """Somebody goes. The last one's group is dissolved. Raises Conflict for an owner who leaves others behind."""
    people = standing(tx, number)
    if len(people) == 1:
        dissolve(tx, number, who, at)
    elif owner_of(tx, number) == who:
        raise Conflict("You run this group. Hand it on to another member first, or dissolve it.")
    else:
        _out(tx, number, who)


def remove(tx: Connection, number: int, who: int) -> None:
    """Takes a member out, and withdraws all links, for they may know one. Raises NotFound."""
    if tx.execute(_place(number, who)).first() is None:
        raise NotFound("There is nobody of this name in the group.")
    _out(tx, number, who)
    tx.execute(delete(invitation).where(invitation.c.circle == number))


def hand_on(tx: Connection, number: int, who: int) -> None:
    """Makes a member the owner, and the owner a member. Raises NotFound, or Refused for who may only read."""
    if tx.execute(_place(number, who)).first() is None:
        raise NotFound("There is nobody of this name in the group.")
    if tx.execute(select(person.c.banned).where(person.c.number == who)).scalar() is not None:
        raise Refused("This account may only read, and cannot run a group.")
    tx.execute(update(member).where(member.c.circle == number, member.c.role == "owner").values(role="member"))
    tx.execute(_placed(update(member), number, who).values(role="owner"))


def dissolve(tx: Connection, number: int, who: int, at: str) -> None:
    """Closes a group and withdraws its links. What it holds is kept until `forget`."""
    tx.execute(update(circle).where(circle.c.number == number).values(dissolved=at, dissolver=who))
    tx.execute(delete(invitation).where(invitation.c.circle == number))


def restore(tx: Connection, number: int) -> None:
    """Undoes `dissolve`, but for the links."""
    tx.execute(update(circle).where(circle.c.number == number).values(dissolved=None, dissolver=None))


def restorable(connection: Connection, who: int, name: str, since: str) -> int:
    """The number of a group that `dissolved` lists. Raises NotFound."""
    numbers = {one.name: one.number for one in dissolved(connection, who, since)}
    if name not in numbers:
        raise NotFound(f"There is no group {name[:60]!r} that you could open again.")
    return numbers[name]


def figures(connection: Connection) -> list[tuple[int, int | None, str, int, str | None]]:
    """Number, owner, founding, size and end of every group that still holds something, the latest first."""
    query = select(circle.c.number, circle.c.made, circle.c.dissolved).where(circle.c.shown != "")
    found = []
    for row in connection.execute(query.order_by(circle.c.made.desc(), circle.c.number)).all():
        people = standing(connection, row.number)
        owner = next((one.person for one in people if one.role == "owner"), None)
        found.append((int(row.number), owner, row.made, len(people), row.dissolved))
    return found


def close(tx: Connection, who: int, number: int, *, on: bool, reason: str, at: str) -> None:
    """Ends a group from outside, or opens again one that was dissolved. Raises NotFound, Conflict.

    It is written down as an act that belongs to the group: its members see those.
    """
    row = tx.execute(select(circle.c.dissolved).where(circle.c.number == number, circle.c.shown != "")).first()
    if row is None:
        raise NotFound(f"There is no group with the number {number}.")
    if on == (row.dissolved is not None):
        raise Conflict("This group is closed already." if on else "This group is not closed.")
    if on:
        dissolve(tx, number, who, at)
    else:
        restore(tx, number)
    acts.record(tx, who, f"{'close' if on else 'open'} group", "group", number, reason=reason, at=at, circle=number)


def go(tx: Connection, who: int, at: str) -> list[int]:
    """Takes somebody whose account ends out of all groups. Those they ran go to the longest-standing member.

    Returns the numbers of the groups that nobody is left in: nobody can ever read them, and they are to be forgotten.
    """
    tx.execute(delete(invitation).where(invitation.c.circle.is_not(None), invitation.c.person == who))
    empty = []
    for number in tx.execute(select(member.c.circle).where(member.c.person == who)).scalars().all():
        _out(tx, number, who)
        if not standing(tx, number):
            dissolve(tx, number, who, at)
            empty.append(int(number))
    return empty


def _room_for_more(tx: Connection, who: int) -> None:
    if len(tx.execute(_MINE, {"person": who}).all()) >= MOST_GROUPS:
        raise Refused(f"You are in {MOST_GROUPS} groups, which is as many as one may be in. Leave one first.")


def _place(number: int, who: int) -> Any:
    return _placed(select(member.c.role), number, who)


def _placed(query: Any, number: int, who: int) -> Any:
    return query.where(member.c.circle == number, member.c.person == who)


def _out(tx: Connection, number: int, who: int) -> None:
    subscriptions.forget_group(tx, number, who)
    tx.execute(_placed(delete(member), number, who))
