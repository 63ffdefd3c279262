"""Asking to be sent something, and confirming it.

An address that subscribes by itself must be shown to be its owner's: what it asked for waits until the button behind
the link in a letter is pressed. What is said and done is the same for every address, known, new, or one that refused
letters, and one such letter leaves a day at most. An account has shown its address already.
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
from broadsheet.library.subscribing.changing import GOOD, LONGEST_TOKEN, Changing
from broadsheet.library.topics import query_of
from broadsheet.permissions import require
from broadsheet.search.standing import split
from broadsheet.types import OWNER, Access, Actor, Outgoing, Subscriber, Subscription, TopicKind, Wanted, Way

ONCE_IN = timedelta(hours=24)  # a letter to confirm leaves
LONGEST = 500  # characters of a search
LONGEST_TITLE = 120
KEYWORDS = 5


class Asking(Changing):
    """Asking to be sent something, and confirming it."""

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
        found = self.catalogue.confirming(hashed(token[:LONGEST_TOKEN]), at=self._clock())
        found.subscriptions = [one for one in found.subscriptions if one.confirmed is None and one.ended is None]
        return found

    def confirm(self, token: str, numbers: frozenset[int]) -> Subscriber:
        """Confirms those of what waits that were shown. Again is once. Raises Refused."""
        secret = hashed(token[:LONGEST_TOKEN])
        return self.catalogue.confirm_subscriptions(secret, numbers, self._next, at=self._clock())

    def _is_category(self, code: str) -> bool:
        """Whether arXiv has a category or an archive, or a paper here is in one that another source has."""
        return code in NAMES or code in ARCHIVES or self._search.query(f"category:{code}", limit=1).total > 0


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
