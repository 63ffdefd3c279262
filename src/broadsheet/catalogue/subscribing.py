"""Asking to be sent something, confirming it, changing it, ending it: rows, in the transaction it is given.

What an address asks for by itself waits until somebody who reads its letters confirms it. One letter a day leaves for
that, whoever asks how often: its link leads to all that waits for this address, and only what was shown is confirmed.
A link is a ticket: of its secret there is a hash, and it is good for two days, however often it is opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select

from broadsheet.catalogue import circles, outbox, standing, subscribers, subscriptions, tickets
from broadsheet.catalogue.schema import caught, channel, subscriber, subscription, ticket
from broadsheet.catalogue.schema import standing as standing_table
from broadsheet.catalogue.tickets import Ticket
from broadsheet.errors import Conflict, NotFound, Refused
from broadsheet.types import Outgoing, Subscription, Wanted

PURPOSE = "subscribe"
MOST = 50  # that one subscriber is sent, or waits for
FULL = f"There are {MOST} subscriptions already. End some first."


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks to be sent: `group` is a group's name, `text` a search, called `title`; or a `standing` one.

    `unlike_text` is what the papers of the search are not to be about. `channel` is where to; None is mail.
    """

    wanted: Wanted
    group: str = ""
    text: str = ""
    unlike_text: str = ""
    title: str = ""
    standing: int | None = None
    channel: int | None = None


def ask(tx: Connection, who: int, wish: Wish, facts: Mapping[str, Any], *, at: str, confirmed: bool) -> int:
    """Adds what a subscriber asks for, or changes what is the same already: what waits stays apart from what is sent.

    `facts` are columns of a subscription. Gives its number. Raises NotFound (group, standing query, channel), Refused.
    """
    there = sorted(_same(tx, who, wish), key=lambda one: one.confirmed is None)
    same = next((one for one in there if confirmed or one.confirmed is None), None)
    if same is not None:
        subscriptions.change(tx, same.number, {**facts, "paused": None})
        if confirmed and same.confirmed is None:
            subscriptions.change(tx, same.number, {"confirmed": at})
        return same.number
    if len([one for one in subscriptions.of(tx, who) if one.ended is None]) >= MOST:
        raise Refused(FULL)
    more = {**facts, "confirmed": at if confirmed else None, "channel": wish.channel}
    return subscriptions.add(tx, who, wish.wanted, _value(tx, who, wish, at), more, at=at)


def send_letter(tx: Connection, letter: Outgoing, secret: str, *, at: str, since: str, until: str) -> bool:
    """Puts a letter with a link into the outbox, unless one left for this address since an instant.

    `secret` is a hash.
    """
    before = ticket.c.purpose == PURPOSE, ticket.c.subject == letter.to, ticket.c.created > since
    if tx.execute(select(ticket.c.secret).where(*before)).first() is not None:
        return False
    tickets.issue(tx, secret, Ticket(PURPOSE, letter.to, {}), browser="", at=at, expires=until)
    return outbox.put(tx, letter)


def behind(connection: Connection, secret: str, *, at: str) -> int:
    """Whose link this is (a hash of its secret). Raises Refused for one that has expired or never was."""
    found = tickets.look(connection, secret, at, {PURPOSE})
    who = subscribers.known(connection, email=found.subject) if found else None
    if who is None:
        raise Refused("This link has expired, or was not copied whole. Subscribe again to get a new one.")
    return who


def confirm(tx: Connection, who: int, due: Mapping[int, str], *, at: str) -> None:
    """Confirms what waits, by its numbers, with when each is due. What was sent of the same kind until now ends."""
    waiting = {one.number: one for one in subscriptions.of(tx, who) if one.confirmed is None and one.ended is None}
    for number, instant in due.items():
        if number not in waiting:
            continue
        for older in _same(tx, who, _wish(tx, waiting[number])):
            if older.number != number and older.confirmed is not None:
                end(tx, older, at=at)
        subscriptions.change(tx, number, {"confirmed": at, "next": instant})


def own(connection: Connection, who: int, number: int) -> Subscription:
    """A subscription of a subscriber. Raises NotFound, for somebody else's too."""
    found = subscriptions.listed(connection, subscription.c.number == number, subscription.c.subscriber == who)
    if not found:
        raise NotFound("There is no such subscription any more.")
    return found[0]


def end(tx: Connection, one: Subscription, *, at: str) -> None:
    """Ends a subscription; what is in the outbox for it does not leave. A search that was made for it ends too."""
    if one.ended is None:
        subscriptions.change(tx, one.number, {"ended": at})
        if (number := _made_for(tx, one)) is not None:
            standing.end(tx, number, at)


def take_up(tx: Connection, one: Subscription, due: str, *, since: str) -> None:
    """Undoes the end of a subscription that ended since an instant. Raises Conflict for an older one, Refused."""
    if one.ended is None:
        return
    if one.confirmed is None or one.ended < since:
        raise Conflict("This ended too long ago to be undone. Subscribe again.")
    if (number := _made_for(tx, one)) is not None:
        standing.end(tx, number, None)
    subscriptions.change(tx, one.number, {"ended": None, "paused": None, "next": due})


def sweep(tx: Connection, *, asked_before: str, ended_before: str) -> None:
    """Forgets what was never confirmed, and addresses without an account whose subscriptions all ended long ago.

    An address that nothing may be sent to is kept: else it would be written to again.
    """
    never = and_(subscription.c.confirmed.is_(None), subscription.c.made < asked_before)
    for one in subscriptions.listed(tx, never):
        number = _made_for(tx, one)
        tx.execute(delete(subscription).where(subscription.c.number == one.number))
        if number is not None:
            tx.execute(delete(caught).where(caught.c.standing == number))
            tx.execute(delete(standing_table).where(standing_table.c.number == number))
    on = subscription.c.subscriber == subscriber.c.number
    lately = or_(subscription.c.ended.is_(None), subscription.c.ended >= ended_before)
    alone = subscriber.c.person.is_(None), subscriber.c.suppressed.is_(None), subscriber.c.made < asked_before
    idle = ~select(subscription.c.number).where(on, lately).exists()
    gone = tx.execute(select(subscriber.c.number).where(*alone, idle)).scalars().all()
    subscribers.forget(tx, gone)


def _value(tx: Connection, who: int, wish: Wish, at: str) -> int | None:
    """What a row says of what is sent: a group's number, or a standing query's. Raises NotFound."""
    _look_for_channel(tx, who, wish.channel)
    if wish.wanted is Wanted.GROUP:
        person = subscribers.one(tx, who).person or 0
        return circles.number_inside(tx, person, wish.group)
    if wish.wanted is not Wanted.QUERY:
        return None
    if wish.standing is None:
        return standing.add(tx, who, name=wish.title, text=wish.text, unlike_text=wish.unlike_text, at=at)
    if standing.one(tx, wish.standing).owner != who:
        raise NotFound(f"There is no standing query {wish.standing}.")
    return wish.standing


def _look_for_channel(tx: Connection, who: int, number: int | None) -> None:
    if number is None:
        return
    person = subscribers.one(tx, who).person
    mine = channel.c.number == number, channel.c.person == person, channel.c.ended.is_(None)
    if tx.execute(select(channel.c.number).where(*mine)).first() is None:
        raise NotFound(f"There is no channel {number}.")


def _same(connection: Connection, who: int, wish: Wish) -> list[Subscription]:
    """What a subscriber is sent already, or waits for, that is the same."""
    going = subscription.c.subscriber == who, subscription.c.ended.is_(None), subscription.c.wanted == wish.wanted.value
    there = [one for one in subscriptions.listed(connection, *going) if one.channel == wish.channel]
    if wish.wanted is Wanted.GROUP:
        return [one for one in there if one.value == wish.group]
    if wish.wanted is not Wanted.QUERY:
        return there
    if wish.standing is not None:
        return [one for one in there if one.value == str(wish.standing)]
    asked = {one.value: standing.one(connection, int(one.value)) for one in there}
    return [one for one in there if _asks(asked[one.value], wish)]


def _asks(one: Any, wish: Wish) -> bool:
    """Whether a standing query is this search, and refined by no papers."""
    same = one.text.split() == wish.text.split() and one.unlike_text == wish.unlike_text
    return same and not (one.like or one.unlike)


def _wish(connection: Connection, one: Subscription) -> Wish:
    """What a subscription asks for."""
    if one.wanted is not Wanted.QUERY:
        return Wish(one.wanted, group=one.value, channel=one.channel)
    found = standing.one(connection, int(one.value))
    return Wish(one.wanted, text=found.text, unlike_text=found.unlike_text, channel=one.channel)


def _made_for(connection: Connection, one: Subscription) -> int | None:
    """The standing query that was made for this subscription alone, if there is one: it begins and ends with it."""
    if one.wanted is not Wanted.QUERY:
        return None
    others = subscription.c.wanted == Wanted.QUERY.value, subscription.c.value == int(one.value)
    more = select(subscription.c.number).where(
        *others, subscription.c.number != one.number, subscription.c.ended.is_(None)
    )
    made = connection.execute(select(standing_table.c.made).where(standing_table.c.number == int(one.value))).scalar()
    alone = made == one.made and connection.execute(more).first() is None
    return int(one.value) if alone else None
