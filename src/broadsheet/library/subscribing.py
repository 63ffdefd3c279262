"""Verbs of subscribing: what is sent to whom, by whose word, and how it is changed and ended.

An address that subscribes by itself must be shown to be its owner's: what it asked for waits until the button behind
the link in a letter is pressed. What is said and done is the same for every address, known, new, or one that refused
letters, and one such letter leaves a day at most. An account has shown its address already.

Who holds a link from a letter may change what that letter's address is sent, without an account: `whose` is then the
link's token, else the actor. Both see the same, but for groups, whose names are for their members alone.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from broadsheet.catalogue.subscribing import Wish
from broadsheet.credentials import hashed, new_secret
from broadsheet.errors import Forbidden, NotFound, Refused, Unfit
from broadsheet.ids.categories import ARCHIVES, NAMES
from broadsheet.ids.people import shown_name
from broadsheet.library import letters, limits, plans
from broadsheet.library.opened import Opened
from broadsheet.library.signing import Signing
from broadsheet.library.topics import query_of
from broadsheet.permissions import require
from broadsheet.ranking import goes_on, next_due
from broadsheet.search.standing import split
from broadsheet.types import OWNER, Access, Actor, Outgoing, Subscriber, Subscription, TopicKind, Wanted, Way

GOOD = timedelta(hours=48)  # that a link to confirm is good for
ONCE_IN = timedelta(hours=24)  # a letter to confirm leaves
KEPT = timedelta(days=30)  # that an end can be undone, and an address without an account is remembered
LONGEST = 500  # characters of a search
LONGEST_TITLE = 120
KEYWORDS = 5
_MOMENT = timedelta(seconds=1)
_LONGEST_TOKEN = 300
GROUPS_EDITION = "The edition of a group"
GONE = "This link leads nowhere any more: nothing is kept of what it was for."


class Subscribing(Signing, Opened):
    """What is sent to whom."""

    # Asking.

    def wish(self, what: str) -> tuple[Wanted, str, str]:
        """What a word of an address or a form means: what is wanted, its value, and its name.

        The words are "trending", "edition", "mine", "group:NAME", "category:cs.CL", "keyword:sparse attention",
        "keywords:attention; sheep" (any of them), "author:Ada Lovelace", "search:QUERY". Raises Unfit for any other.
        """
        kind, _, name = what.partition(":")
        if kind in (Wanted.TRENDING, Wanted.EDITION, Wanted.MINE) and not name:
            return Wanted(kind), "", ""
        if kind == Wanted.GROUP and name:
            return Wanted.GROUP, name, ""
        if kind == "search":
            query = _query(name)
            return Wanted.QUERY, query, f"results for “{_cut(query)}”"
        if kind == "keywords":
            return _any_of(name.split(";"))
        if kind in set(TopicKind):
            try:
                called, query = query_of(TopicKind(kind), name)
            except NotFound as error:
                raise Unfit({"value": str(error) if name.strip() else "Say which one."}) from None
            if kind == TopicKind.CATEGORY and not self._is_category(called):
                raise Unfit({"value": f"There is no category {called}. They look like cs.LG; all are at /categories."})
            return Wanted.QUERY, query, _cut(called)
        raise Unfit({"what": "Choose what you want to be sent."})

    def unfit(self, wanted: Wanted, email: str | None = None, **plan: str | int) -> dict[str, str]:
        """What is wrong with an address (None: there is none) and a plan, as sentences by field."""
        problem = plans.address(email)[1] if email is not None else ""
        return ({"email": problem} if problem else {}) | plans.plan(wanted, plan)[1]

    def subscribe(
        self,
        email: str,
        wanted: Wanted,
        value: str = "",
        *,
        title: str = "",
        address: str,
        link: Callable[[str], str],
        **plan: str | int,
    ) -> None:
        """Asks for something to be sent to an address, which is sent a letter to confirm it; `link` makes its address.

        `plan` is rhythm, weekday, at, zone, most and form (`plans.Plan` says what each is where it is not said).
        `value` is a search, in its language, called `title`. Returns nothing, whatever there is of this address, and
        in the same way. Raises Unfit, which says what is wrong with each field; SignInNeeded for what needs an
        account; TooMany.
        """
        if wanted in (Wanted.GROUP, Wanted.MINE):
            require(Actor("anyone"), "subscribe")
        if self.rules.access is Access.SINGLE:
            raise Refused("This place is for one person, who subscribes without a letter.")
        to, problem = plans.address(email)
        made, problems = plans.plan(wanted, plan)
        plans.refuse(({"email": problem} if problem else {}) | problems)
        now, secret = self._clock(), new_secret()
        own = f"hash:{hashed(to)[:32]}"
        self.catalogue.ask_to_subscribe(
            to,
            _wish(wanted, value, title),
            made.facts(),
            letter=_confirmation(self.rules.title, to, link(secret), key=hashed(secret), at=now),
            secret=hashed(secret),
            at=now,
            since=now - ONCE_IN,
            until=now + GOOD,
            spend=limits.spend(self.rules.limits["subscribe"], "subscribe", now, own=own, address=address),
        )

    def subscribe_me(
        self,
        actor: Actor,
        wanted: Wanted,
        value: str = "",
        *,
        title: str = "",
        standing: int | None = None,
        channel: int | None = None,
        email: str = "",
        **plan: str | int,
    ) -> Subscription:
        """Sends something to one's account at once, or changes how it is sent already.

        By mail to its address, which was confirmed when it signed in, or to a `channel` of one's own. `standing` is a
        standing query of one's own, else a `value` is a search. Where one person has the place to themselves, letters
        go to `email`, and with none they are written to files. Raises Unfit, NotFound, Refused, TooMany.
        """
        require(actor, "subscribe")
        if not actor.person:
            raise Refused("The command line has no account of its own. Say for whom: --as NAME.")
        made, problems = plans.plan(wanted, plan)
        single = self.rules.access is Access.SINGLE
        to, problem = plans.address(email) if single and email.strip() else ("", "")
        if not single and channel is None and not self.catalogue.mine(actor.person).email:
            problem = "This account has no e-mail address yet. Give it one in the settings."
        plans.refuse(({"email": problem} if problem else {}) | problems)
        return self.catalogue.subscribe(
            replace(_wish(wanted, value, title, standing), channel=channel),
            made.facts(),
            self._next,
            person=actor.person,
            email=to,
            at=self._clock(),
            spend=self._spend(actor, "subscribe"),
        )

    def subscribe_address(
        self, actor: Actor, email: str, wanted: Wanted, value: str = "", *, title: str = "", **plan: str | int
    ) -> Subscription:
        """Sends something to an address without a letter to confirm it: for who answers for that, at the machine.

        Raises Forbidden for everybody else, Unfit, Refused.
        """
        if actor != OWNER:
            require(actor, "outbox")
            raise Forbidden("Only at the command line can one subscribe somebody else.")
        if wanted is Wanted.MINE:
            raise Refused("What suits somebody is known of accounts alone. Say whose: --as NAME.")
        to, problem = plans.address(email)
        made, problems = plans.plan(wanted, plan)
        plans.refuse(({"email": problem} if problem else {}) | problems)
        wish, at = _wish(wanted, value, title), self._clock()
        return self.catalogue.subscribe_address(to, wish, made.facts(), self._next, at=at)

    def confirming(self, token: str) -> Subscriber:
        """Whom a link was sent to, with all that waits to be confirmed by it. Raises Refused. Confirms nothing."""
        found = self.catalogue.confirming(hashed(token[:_LONGEST_TOKEN]), at=self._clock())
        found.subscriptions = [one for one in found.subscriptions if one.confirmed is None and one.ended is None]
        return found

    def confirm(self, token: str, numbers: frozenset[int]) -> Subscriber:
        """Confirms those of what waits that were shown. Again is once. Raises Refused."""
        secret = hashed(token[:_LONGEST_TOKEN])
        return self.catalogue.confirm_subscriptions(secret, numbers, self._next, at=self._clock())

    # Links in letters.

    def unsubscribe_token(self, subscription: Subscription) -> str:
        """What the link in a letter says that ends its subscription (RFC 8058)."""
        return self.sign("unsubscribe", subscription.number, subscription.made)

    def preferences_token(self, number: int) -> str:
        """What the link in a letter says that leads to all that its subscriber is sent. Raises NotFound."""
        found = self.catalogue.subscriber(number=number)
        return self.sign("preferences", found.number, found.made, hashed(found.email or "")[:16])

    def unsubscribing(self, token: str) -> Subscription:
        """The subscription that a link is for, ended or not. Raises NotFound. Ends nothing."""
        number, made = _parts(self.signed("unsubscribe", token[:_LONGEST_TOKEN]), 2)
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
        today = self._clock().date().isoformat()
        for one in kept:
            one.paused = None if one.paused and one.paused <= today else one.paused
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
        return self.catalogue.change_subscription(who, number, made.facts(), self._next)

    def pause(self, whose: str | Actor, number: int | None, until: str | None = "") -> None:
        """Pauses a subscription, or (None) all: until a day, or (empty) until somebody says so; None lets it go on.

        Raises NotFound, Unfit.
        """
        who = self._who(whose)
        day = plans.pause(until, self._clock().date()) if until is not None else None
        if number is None:
            self.catalogue.pause_subscriptions(who, day, self._next)
        else:
            self.catalogue.change_subscription(who, number, {"paused": day}, self._next)

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
        found = self.catalogue.subscribers(limit=max(0, limit), offset=max(0, offset))
        for one in found:
            one.subscriptions = [_hidden(each) for each in one.subscriptions]
        return found

    def end_for(self, actor: Actor, number: int) -> Subscription:
        """Ends anybody's subscription. Raises NotFound."""
        require(actor, "outbox")
        found = self.catalogue.subscription(number)
        self.catalogue.end_subscriptions(found.subscriber, frozenset({number}), at=self._clock())
        return _hidden(self.catalogue.subscription(number))

    def forget_unconfirmed(self) -> None:
        """Forgets what was never confirmed, and addresses whose subscriptions all ended a month ago: a job's work."""
        now = self._clock()
        self.catalogue.sweep_subscriptions(asked_before=now - GOOD, ended_before=now - KEPT)

    # Inside.

    def _is_category(self, code: str) -> bool:
        """Whether arXiv has a category or an archive, or a paper here is in one that another source has."""
        return code in NAMES or code in ARCHIVES or self._search.query(f"category:{code}", limit=1).total > 0

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
        number, made, mark = _parts(self.signed("preferences", token[:_LONGEST_TOKEN]), 3)
        found = self.catalogue.subscriber(number=int(number))
        if found.made != made or hashed(found.email or "")[:16] != mark:
            raise NotFound(GONE)
        return found


def _parts(signed: tuple[str, ...] | None, count: int) -> tuple[str, ...]:
    """What was signed. Raises NotFound for what was not."""
    if signed is None or len(signed) != count:
        raise NotFound("This link was not copied whole, or is none of ours.")
    return signed


def _wish(wanted: Wanted, value: str, title: str, standing: int | None = None) -> Wish:
    if wanted is Wanted.GROUP:
        return Wish(wanted, group=value)
    if wanted is not Wanted.QUERY:
        return Wish(wanted)
    if standing is not None:
        return Wish(wanted, standing=standing)
    query = _query(value)
    text, unlike_text = split(query)  # "satellite forest monitoring, not agriculture"
    title = _cut(" ".join(title.split())) or f"results for “{_cut(query)}”"
    return Wish(wanted, text=text, unlike_text=unlike_text, title=title)


def _any_of(names: list[str]) -> tuple[Wanted, str, str]:
    """Papers on any of a few keywords."""
    called = [" ".join(name.replace('"', " ").split()) for name in names]
    called = list(dict.fromkeys(name for name in called if any(map(str.isalnum, name))))[:KEYWORDS]
    query = _query(" OR ".join(f'"{name}"' for name in called))
    return Wanted.QUERY, query, _cut(" or ".join(filter(None, [", ".join(called[:-1]), called[-1]])))


def _query(text: str) -> str:
    """A search in one line. Raises Unfit for an empty or an endless one."""
    line = shown_name(text)
    if not line:
        raise Unfit({"value": "Say what to look for."})
    if len(line) > LONGEST:
        raise Unfit({"value": f"This is too long: a search that is sent has {LONGEST} characters at most."})
    return line


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…"


def _hidden(one: Subscription) -> Subscription:
    """A subscription as others see it: letters are handed on, and a group's name is for its members."""
    return replace(one, value="", title=GROUPS_EDITION) if one.wanted is Wanted.GROUP else one


def _confirmation(title: str, to: str, link: str, *, key: str, at: datetime) -> Outgoing:
    letter = letters.confirm(title, to, link)
    return Outgoing(
        key=f"confirm:{key}",
        way=Way.MAIL,
        purpose="confirm",
        to=to,
        subject=letter.subject,
        text=letter.text,
        made=f"{at:%Y-%m-%dT%H:%M:%SZ}",
        stale=f"{at + GOOD:%Y-%m-%dT%H:%M:%SZ}",
    )
