"""What is sent to whom: looked at, changed, paused, ended, taken up again.

Who holds a link from a letter may change what that letter's address is sent, without an account: `whose` is then the
link's token, else the actor. Both see the same, but for groups, whose names are for their members alone.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from broadsheet.catalogue.codec import stamp
from broadsheet.credentials import hashed
from broadsheet.errors import NotFound, Refused
from broadsheet.library import plans
from broadsheet.library.opened import Opened
from broadsheet.library.signing import Signing
from broadsheet.permissions import require
from broadsheet.ranking import begins, goes_on, local_day, next_due
from broadsheet.types import Actor, Subscriber, Subscription, Wanted

GOOD = timedelta(hours=48)  # that a link to confirm is good for
KEPT = timedelta(days=30)  # that an end can be undone, and an address without an account is remembered
CAUGHT_KEPT = timedelta(days=365)
_MOMENT = timedelta(seconds=1)
LONGEST_TOKEN = 300
GROUPS_EDITION = "The edition of a group"
GONE = "This link leads nowhere any more: nothing is kept of what it was for."


class Changing(Signing, Opened):
    """What is sent to whom."""

    # Links in letters.

    def unsubscribe_token(self, subscription: Subscription) -> str:
        """What the link in a letter says that ends its subscription (RFC 8058)."""
        return self.sign("unsubscribe", subscription.number, subscription.made)

    def preferences_token(self, number: int) -> str:
        """What the link in a letter says that leads to all that its subscriber is sent. Raises NotFound."""
        if found := self.preferences_tokens([number]):
            return found[number]
        raise NotFound(GONE)

    def preferences_tokens(self, numbers: Collection[int]) -> dict[int, str]:
        """The same for many, by their numbers; those are left out of whom nothing is kept any more."""
        found = self.catalogue.readers(numbers)
        return {
            one.number: self.sign("preferences", one.number, one.made, hashed(one.email or "")[:16]) for one in found
        }

    def unsubscribing(self, token: str) -> Subscription:
        """The subscription that a link is for, ended or not. Raises NotFound. Ends nothing."""
        number, made = _parts(self.signed("unsubscribe", token[:LONGEST_TOKEN]), 2)
        found = self.catalogue.subscription(int(number))
        if found.made != made:
            raise NotFound(GONE)
        return found

    def unsubscribe(self, token: str) -> Subscription:
        """Ends the subscription that a link is for, at once: no more of it leaves. Again is once. Raises NotFound."""
        found = self.unsubscribing(token)
        self.catalogue.end_subscriptions(found.subscriber, frozenset({found.number}), at=self._clock())
        return self.catalogue.subscription(found.number)

    def resubscribe(self, token: str) -> Subscription:
        """Undoes `unsubscribe`, for a month. Raises NotFound, Conflict."""
        found = self.unsubscribing(token)
        since = self._clock() - KEPT
        return self.catalogue.take_up_subscription(found.subscriber, found.number, self._next, since=since)

    # What one is sent.

    def my_subscriptions(self, actor: Actor) -> list[Subscription]:
        """All that goes to one's account, or waits to be confirmed, without what has ended."""
        return [one for one in self.preferences(actor).subscriptions if one.ended is None]

    def preferences(self, whose: str | Actor) -> Subscriber:
        """Who is sent what; what ended within a month is there too, so that it can be undone. Raises NotFound."""
        if isinstance(whose, str):
            found = self._behind(whose)
            found.subscriptions = [_hidden(one) for one in found.subscriptions if one.channel is None]
        else:
            require(whose, "read mine")
            found = self._account(whose)
        since = f"{self._clock() - KEPT:%Y-%m-%dT%H:%M:%SZ}"
        kept = [one for one in found.subscriptions if one.ended is None or (one.confirmed and one.ended > since)]
        found.subscriptions = kept
        now = self._clock()
        for one in kept:
            one.paused = _day_of_pause(one, now)
        return found

    def change_subscription(self, whose: str | Actor, number: int, **plan: str | int) -> Subscription:
        """Changes how something is sent; what is not said stays as it is. Raises NotFound, Unfit."""
        who = self._who(whose)
        now = next((one for one in self.preferences(whose).subscriptions if one.number == number), None)
        if now is None:
            raise NotFound("There is no such subscription any more.")
        before = plans.Plan(now.rhythm, now.weekday, now.at, now.zone, now.most, now.form)
        made, problems = plans.plan(now.wanted, plan, before)
        plans.refuse(problems)
        changed = self.catalogue.change_subscription(who, number, made.facts(), self._next)
        return replace(changed, paused=_day_of_pause(changed, self._clock()))

    def pause(self, whose: str | Actor, number: int | None, until: str | None = "") -> None:
        """Pauses a subscription, or (None) all: until a day, or (empty) until somebody says so; None lets it go on.

        Raises NotFound, Unfit.
        """
        who, now = self._who(whose), self._clock()
        these = [one for one in self.preferences(whose).subscriptions if number in (None, one.number)]
        today = min((local_day(one, now) for one in these), default=now.date())
        day = plans.pause(until, today) if until is not None else None

        def ends(one: Subscription) -> str | None:
            return stamp(begins(one, date.fromisoformat(day))) if day else day

        self.catalogue.pause_subscriptions(who, number, ends, self._next)

    def end_subscription(self, whose: str | Actor, number: int | None) -> int:
        """Ends a subscription, or (None) all. How many went on until now. Raises NotFound."""
        who = self._who(whose)
        return self.catalogue.end_subscriptions(who, None if number is None else frozenset({number}), at=self._clock())

    def take_up(self, whose: str | Actor, number: int) -> Subscription:
        """Undoes the end of a subscription, for a month. Raises NotFound, Conflict, Refused."""
        since = self._clock() - KEPT
        return self.catalogue.take_up_subscription(self._who(whose), number, self._next, since=since)

    # For who runs the place.

    def subscribers(self, actor: Actor, *, limit: int = 100, offset: int = 0) -> list[Subscriber]:
        """All who are sent something, with what they are sent; no group is named."""
        require(actor, "outbox")
        found, now = self.catalogue.subscribers(limit=max(0, limit), offset=max(0, offset)), self._clock()
        for one in found:
            hidden = [_hidden(each) for each in one.subscriptions]
            one.subscriptions = [replace(each, paused=_day_of_pause(each, now)) for each in hidden]
        return found

    def end_for(self, actor: Actor, number: int) -> Subscription:
        """Ends anybody's subscription. Raises NotFound."""
        require(actor, "outbox")
        found = self.catalogue.subscription(number)
        self.catalogue.end_subscriptions(found.subscriber, frozenset({number}), at=self._clock())
        return _hidden(self.catalogue.subscription(number))

    def forget_unconfirmed(self) -> None:
        """Forgets what was never confirmed, and addresses whose subscriptions all ended a month ago: a job's work.

        What a search caught is forgotten after a year, and a month after the search has ended.
        """
        now = self._clock()
        self.catalogue.sweep_subscriptions(
            asked_before=now - GOOD, ended_before=now - KEPT, caught_before=now - CAUGHT_KEPT
        )

    # Inside.

    def _next(self, subscription: Subscription) -> datetime:
        """When it is due next, which is not before a pause of it is over."""
        return next_due(subscription, max(self._clock(), goes_on(subscription) - _MOMENT))

    def _who(self, whose: str | Actor) -> int:
        if isinstance(whose, str):
            return self._behind(whose).number
        require(whose, "subscribe")
        return self._account(whose).number

    def _account(self, actor: Actor) -> Subscriber:
        if not actor.person:
            raise Refused("The command line has no account of its own. Say for whom: --as NAME.")
        try:
            return self.catalogue.subscriber(person=actor.person)
        except NotFound:
            return Subscriber(0, self.catalogue.mine(actor.person).email, actor.person, "")

    def _behind(self, token: str) -> Subscriber:
        """Whose letters a link was in; one in letters to an address that the account had before leads nowhere."""
        number, made, mark = _parts(self.signed("preferences", token[:LONGEST_TOKEN]), 3)
        found = self.catalogue.subscriber(number=int(number))
        if found.made != made or hashed(found.email or "")[:16] != mark:
            raise NotFound(GONE)
        return found


def _day_of_pause(one: Subscription, now: datetime) -> str | None:
    """Until which day it is paused, where its reader lives; empty is for good, None is not any more."""
    if not one.paused:
        return one.paused
    ends = goes_on(one)
    return local_day(one, ends).isoformat() if ends > now else None


def _parts(signed: tuple[str, ...] | None, count: int) -> tuple[str, ...]:
    """What was signed. Raises NotFound for what was not."""
    if signed is None or len(signed) != count:
        raise NotFound("This link was not copied whole, or is none of ours. There is a whole one in every letter.")
    return signed


def _hidden(one: Subscription) -> Subscription:
    """A subscription as others see it: letters are handed on, and a group's name is for its members."""
    return replace(one, value="", title=GROUPS_EDITION) if one.wanted is Wanted.GROUP else one
