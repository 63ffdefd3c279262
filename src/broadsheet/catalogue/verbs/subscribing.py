"""Verbs of subscribers and what they are sent. `who` is a subscriber's number, `person` an account's."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from broadsheet.catalogue import standing, subscribers, subscribing, subscriptions, tallies
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.subscribing import Wish
from broadsheet.catalogue.tallies import Spend
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Outgoing, Subscriber, Subscription

Due = Callable[[Subscription], datetime]
"""When a subscription is due next."""

Pause = Callable[[Subscription], str | None]
"""The instant at which a pause of a subscription ends; empty is for good, None is no pause."""


class Subscribing(Opened):
    """What the catalogue knows of who is sent what."""

    def subscriber(self, *, number: int | None = None, person: int | None = None) -> Subscriber:
        """Who is sent something, with all that it is sent, ended or not. Raises NotFound."""
        with self._store.read() as connection:
            if number is None:
                number = subscribers.known(connection, person=person) or 0
            found = subscribers.one(connection, number)
            found.subscriptions = subscriptions.of(connection, number)
            return found

    def readers(self, numbers: Collection[int]) -> list[Subscriber]:
        """Those of some who are still sent something, without what it is."""
        with self._store.read() as connection:
            return subscribers.some(connection, numbers)

    def subscription(self, number: int) -> Subscription:
        """A subscription by its number. Raises NotFound."""
        with self._store.read() as connection:
            return subscriptions.one(connection, number)

    def subscribers(self, *, limit: int, offset: int) -> list[Subscriber]:
        """All who are sent something, with what they are sent, the oldest first."""
        with self._store.read() as connection:
            found = subscribers.listed(connection, limit=limit, offset=offset)
            for one in found:
                one.subscriptions = subscriptions.of(connection, one.number)
            return found

    def ask_to_subscribe(
        self,
        email: str,
        wish: Wish,
        facts: Mapping[str, Any],
        *,
        letter: Outgoing,
        secret: str,
        at: datetime,
        since: datetime,
        until: datetime,
        spend: Spend | None,
    ) -> None:
        """What an address asks for by itself waits, and a letter leaves if none did since an instant. Raises TooMany.

        The work is the same whether the address is known, new, or one that nothing is sent to.
        """
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            who = subscribers.number_of(tx, email=email, at=stamp(at))
            subscribing.ask(tx, who, wish, facts, at=stamp(at), confirmed=False)
            letter.subscriber = who
            subscribing.send_letter(tx, letter, secret, at=stamp(at), since=stamp(since), until=stamp(until))

    def subscribe(
        self,
        wish: Wish,
        facts: Mapping[str, Any],
        due: Due,
        *,
        person: int,
        email: str,
        at: datetime,
        spend: Spend | None,
    ) -> Subscription:
        """Sends something to an account, or changes how. With `email` that becomes the address it is sent to.

        Raises TooMany, NotFound, Refused.
        """
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            who = subscribers.number_of(tx, person=person, at=stamp(at))
            if email and subscribers.one(tx, who).email != email:
                subscribers.move(tx, person, email)
            number = subscribing.ask(tx, who, wish, facts, at=stamp(at), confirmed=True)
            subscriptions.change(tx, number, {"next": stamp(due(subscriptions.one(tx, number)))})
            return subscriptions.one(tx, number)

    def subscribe_address(
        self, email: str, wish: Wish, facts: Mapping[str, Any], due: Due, *, at: datetime
    ) -> Subscription:
        """Sends something to an address that somebody answers for, without asking it. Raises Refused."""
        with self._store.write() as tx:
            who = subscribers.number_of(tx, email=email, at=stamp(at))
            number = subscribing.ask(tx, who, wish, facts, at=stamp(at), confirmed=True)
            subscriptions.change(tx, number, {"next": stamp(due(subscriptions.one(tx, number)))})
            return subscriptions.one(tx, number)

    def confirming(self, secret: str, *, at: datetime) -> Subscriber:
        """Whose link this is, with all that it is sent or waits for. Raises Refused."""
        with self._store.read() as connection:
            who = subscribing.behind(connection, secret, at=stamp(at))
            found = subscribers.one(connection, who)
            found.subscriptions = subscriptions.of(connection, who)
            return found

    def confirm_subscriptions(self, secret: str, numbers: frozenset[int], due: Due, *, at: datetime) -> Subscriber:
        """Confirms what waits, as far as it is among `numbers`. Raises Refused."""
        with self._store.write() as tx:
            who = subscribing.behind(tx, secret, at=stamp(at))
            waiting = [one for one in subscriptions.of(tx, who) if one.number in numbers]
            subscribing.confirm(tx, who, {one.number: stamp(due(one)) for one in waiting}, at=stamp(at))
            found = subscribers.one(tx, who)
            found.subscriptions = subscriptions.of(tx, who)
            return found

    def change_subscription(self, who: int, number: int, facts: Mapping[str, Any], due: Due) -> Subscription:
        """Changes how something is sent, or pauses it, and when it is due next. Raises NotFound."""
        with self._store.write() as tx:
            subscriptions.change(tx, subscribing.own(tx, who, number).number, facts)
            subscriptions.change(tx, number, {"next": stamp(due(subscriptions.one(tx, number)))})
            return subscriptions.one(tx, number)

    def pause_subscriptions(self, who: int, number: int | None, until: Pause, due: Due) -> None:
        """Pauses one of somebody's or (None) all, or lets them go on, and says when each is due next. Raises NotFound.

        `until` says of each at which instant its pause ends.
        """
        with self._store.write() as tx:
            these = subscriptions.of(tx, who) if number is None else [subscribing.own(tx, who, number)]
            for one in these:
                if number is not None or one.ended is None:
                    subscriptions.change(tx, one.number, {"paused": until(one)})
                    subscriptions.change(tx, one.number, {"next": stamp(due(subscriptions.one(tx, one.number)))})

    def end_subscriptions(self, who: int, numbers: frozenset[int] | None, *, at: datetime) -> int:
        """Ends some of somebody's subscriptions, None is all. How many went on until now. Raises NotFound."""
        with self._store.write() as tx:
            these = subscriptions.of(tx, who) if numbers is None else [subscribing.own(tx, who, one) for one in numbers]
            going = [one for one in these if one.ended is None]
            for one in going:
                subscribing.end(tx, one, at=stamp(at))
            return len(going)

    def take_up_subscription(self, who: int, number: int, due: Due, *, since: datetime) -> Subscription:
        """Undoes an end, if that was since an instant. Raises NotFound, Conflict, Refused."""
        with self._store.write() as tx:
            one = subscribing.own(tx, who, number)
            subscribing.take_up(tx, one, stamp(due(one)), since=stamp(since))
            return subscriptions.one(tx, number)

    def sweep_subscriptions(self, *, asked_before: datetime, ended_before: datetime, caught_before: datetime) -> None:
        """Forgets what was never confirmed, addresses that have been sent nothing for long, and old catches."""
        with self._store.write() as tx:
            subscribing.sweep(tx, asked_before=stamp(asked_before), ended_before=stamp(ended_before))
            standing.sweep(tx, caught_before=stamp(caught_before), ended_before=stamp(ended_before))
