"""Verbs of digests: which subscriptions are due, what each is sent, and writing that down.

Deciding changes nothing: killed between the decision and the writing, it is decided anew. What is written is one
transaction of the catalogue, and is there once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from broadsheet import announcing, tex
from broadsheet.catalogue.standing import unpacked
from broadsheet.errors import NotFound
from broadsheet.library.personal import Personal
from broadsheet.library.understanding import Understanding
from broadsheet.permissions import require
from broadsheet.ranking import (
    choose,
    circles_order,
    digest_days,
    digest_key,
    editions_order,
    local_day,
    next_due,
)
from broadsheet.types import (
    Access,
    Actor,
    Candidate,
    Digest,
    Entry,
    Form,
    Mode,
    Outgoing,
    Paper,
    Rhythm,
    Role,
    Sort,
    Subscription,
    Trend,
    Wanted,
    Why,
)

PATIENCE = timedelta(hours=4)  # after it was due a digest goes out with what has come by then
WATCHED = 13  # days before today's listing, in which a place that takes listings has taken one
DEEPER = 2  # of trending papers, and of those that suit somebody, so many times what fits are looked at
NOBODY = "owner@localhost"  # where letters to files are to, in a place for one person who gave no address
CAUGHT_LATE = timedelta(minutes=15)  # what was caught is seen at most so long after
AT_ONCE = 50  # papers of a letter about what came just now
_WAIT_FOR_THE_EDITION = (Wanted.EDITION, Wanted.GROUP, Wanted.MINE)


@dataclass(slots=True)
class Desk:
    """What the decisions of one run have in common: orders of days, gists, the newest day. It is for minutes.

    `trial` is who looks at a digest that nobody subscribed to: it is of the newest days, however old they are.
    """

    orders: dict[tuple[str, str], list[Candidate]] = field(default_factory=dict)
    gists: dict[int, str] = field(default_factory=dict)
    newest: dict[str, str | None] = field(default_factory=dict)
    trial: Actor | None = None


class _Offer(NamedTuple):
    """What could be sent: the days, the papers by number in their order, and what makes entries of those chosen."""

    first: str
    last: str
    order: Sequence[int]
    entries: Callable[[Sequence[int]], list[Entry]]


class Digesting(Personal, Understanding):
    """What is due, and what it holds. For the schedule; people see what they are sent."""

    def due_subscriptions(self, limit: int = 200) -> list[Subscription]:
        """The subscriptions that are due, and whose edition is there: the announcement came and its papers are here.

        Four hours after it was due a digest waits no longer.
        """
        now = self._clock()
        found = self.catalogue.due_digests(now, limit=limit)
        if not any(one.wanted in _WAIT_FOR_THE_EDITION for one in found) or self._edition_is_here(now):
            return found
        return self.catalogue.due_digests(now, limit=limit, waiting=_WAIT_FOR_THE_EDITION, late=now - PATIENCE)

    def decide(self, subscription: Subscription, desk: Desk | None = None) -> Digest | None:
        """What a subscription is sent now; None if there is nothing new. A weekly one without papers says so.

        None of it was sent to its subscriber before. What is private is asked for in the name of the subscriber, as
        they are now. Decisions of one run share a `desk`.
        """
        offers: Mapping[Wanted, Callable[[Subscription, Desk], _Offer | None]] = {
            Wanted.EDITION: self._of_edition,
            Wanted.GROUP: self._of_group,
            Wanted.TRENDING: self._of_trending,
            Wanted.MINE: self._of_mine,
            Wanted.QUERY: self._of_query,
        }
        one, desk, now = subscription, desk or Desk(), self._clock()
        offer = offers[one.wanted](one, desk)
        if offer is None:
            return None
        sent = self.catalogue.sent_before(one.subscriber, offer.order) if one.subscriber else set()
        chosen, more = choose(offer.order, sent, AT_ONCE if _is_at_once(one) else one.most)
        entries = offer.entries(chosen)
        if not entries and one.rhythm is not Rhythm.WEEKLY:
            return None
        digest = Digest(_key(one, entries, now), one, offer.first, offer.last, entries, more)
        digest.gists = {entry.paper.id: gist for entry in entries if (gist := self._gist(entry.paper, desk))}
        return digest

    def write_digest(self, digest: Digest, outgoing: Outgoing) -> bool:
        """Writes down a digest with its letter and when the next is due, in one transaction; whether it did.

        It changes nothing where the same was written before, where one of its papers was sent meanwhile, or where the
        subscription has changed, ended or been paused since: then it is decided about anew, if it still is due.
        """
        one, now = digest.subscription, self._clock()
        without = NOBODY if self.rules.access is Access.SINGLE else ""
        return self.catalogue.put_digest(digest, outgoing, next=_next(one, now), at=now, without=without)

    def pass_over(self, subscription: Subscription) -> None:
        """Nothing is sent this time: notes when the next is due."""
        now = self._clock()
        self.catalogue.pass_over(subscription, next=_next(subscription, now), last=now - CAUGHT_LATE)

    def trial_digest(
        self,
        actor: Actor,
        wanted: Wanted,
        value: str = "",
        *,
        title: str = "",
        rhythm: Rhythm = Rhythm.EDITION,
        most: int = 10,
    ) -> Digest | None:
        """What somebody would be sent who subscribed to something; None for nothing. Nothing is written down.

        `value` is a search, or the name of a group that `actor` is in. Raises NotFound for a group.
        """
        require(actor, "read mine")
        if wanted is Wanted.GROUP:
            title = self.catalogue.circle(actor.person, value).shown
        form, made = Form.HTML, f"{self._clock():%Y-%m-%dT%H:%M:%SZ}"
        one = Subscription(0, 0, wanted, value, title, rhythm, 0, "07:30", "UTC", most, form, made)
        return self.decide(one, Desk(trial=actor))

    def search_behind(self, subscription: Subscription) -> str:
        """What a subscription to a search looks for, for the link to it. Raises NotFound."""
        if subscription.wanted is not Wanted.QUERY:
            raise NotFound("This subscription is to no search.")
        on_trial = not subscription.subscriber
        return subscription.value if on_trial else self.catalogue.search_behind(int(subscription.value))

    def digest_counts(self, actor: Actor) -> dict[str, Any]:
        """How many subscriptions there are, go on and are due; when the next is due, and the last was decided."""
        require(actor, "outbox")
        return self.catalogue.digest_counts(self._clock())

    # What could be sent.

    def _of_edition(self, one: Subscription, desk: Desk) -> _Offer | None:
        days = self._days(one, desk)
        if days is None:
            return None
        order = self._order(*days, desk)
        by_number = {place.number: place for place in order}

        def entries(numbers: Sequence[int]) -> list[Entry]:
            return self._entries([by_number[number] for number in numbers], len(numbers), 0)

        return _Offer(*days, [place.number for place in order], entries)

    def _of_group(self, one: Subscription, desk: Desk) -> _Offer | None:
        """The edition as a group sees it; nothing where the subscriber is not in the group, or no more."""
        days, actor = self._days(one, desk), self._who_reads(one, desk)
        if days is None or actor is None:
            return None
        common = self._order(*days, desk)
        try:
            ours = self.catalogue.circle_submissions(actor.person, one.value, *days)
            votes = self.catalogue.circle_votes(actor.person, one.value, [place.number for place in (*common, *ours)])
        except NotFound:
            return None
        order = circles_order(common, ours, {number: len(people) for number, people in votes.items()})
        put = {place.number for place in ours}
        by_number = {place.number: place for place in order}

        def entries(numbers: Sequence[int]) -> list[Entry]:
            found = self._entries([by_number[number] for number in numbers], len(numbers), 0)
            return [_in_group(entry, put, len(votes.get(entry.paper.number, ()))) for entry in found]

        return _Offer(*days, [place.number for place in order], entries)

    def _of_trending(self, one: Subscription, _desk: Desk) -> _Offer | None:
        found = self.trending(limit=DEEPER * one.most)
        by_number = {trend.paper.number: trend for trend in found.entries}

        def entries(numbers: Sequence[int]) -> list[Entry]:
            return [
                Entry(by_number[number].paper, place, "trending", _trend_said(by_number[number]), found.last)
                for place, number in enumerate(numbers, start=1)
            ]

        return _Offer(found.first, found.last, list(by_number), entries)

    def _of_mine(self, one: Subscription, desk: Desk) -> _Offer | None:
        actor = self._who_reads(one, desk)
        if actor is None:
            return None
        hits = {hit.paper.number: hit for hit in self.for_me(actor, limit=DEEPER * one.most)}
        today = local_day(one, self._clock())

        def entries(numbers: Sequence[int]) -> list[Entry]:
            return [
                Entry(hits[number].paper, place, "for me", why.said if (why := hits[number].why) else "")
                for place, number in enumerate(numbers, start=1)
            ]

        return _Offer(_week_before(today), today.isoformat(), list(hits), entries)

    def _of_query(self, one: Subscription, desk: Desk) -> _Offer | None:
        """What a standing query caught since the day of the last digest, the best first."""
        today = self._clock().astimezone(UTC).date()
        if desk.trial:
            return self._of_search(one, today)
        since = max(one.last, one.confirmed or one.made, _week_before(today))
        try:
            catches = self.catalogue.unsent_catches(int(one.value), one.subscriber, since=since)
        except NotFound:
            return None
        whys = {catch.paper: _caught_said(unpacked(catch.why)) for catch in catches}

        def entries(numbers: Sequence[int]) -> list[Entry]:
            papers = self._by_number(numbers)
            found = [papers[number] for number in numbers if number in papers]
            return [Entry(paper, place, "caught", whys[paper.number]) for place, paper in enumerate(found, start=1)]

        return _Offer(since[:10], today.isoformat(), list(whys), entries)

    def _of_search(self, one: Subscription, today: date) -> _Offer:
        """What a search finds among the papers of the last days, the newest first: to look at, without a query."""
        latest = self.catalogue.latest_day(today=today.isoformat()) or today.isoformat()
        first = _week_before(date.fromisoformat(latest))
        page = self.search(one.value, since=first, sort=Sort.DATE, limit=DEEPER * one.most, mode=Mode.KEYWORD)
        hits = {hit.paper.number: hit for hit in page.hits}

        def entries(numbers: Sequence[int]) -> list[Entry]:
            return [
                Entry(hits[number].paper, place, "caught", _caught_said(hits[number].why or Why()))
                for place, number in enumerate(numbers, start=1)
            ]

        return _Offer(first, latest, list(hits), entries)

    # Inside.

    def _edition_is_here(self, now: datetime) -> bool:
        """Whether the newest listing came, all its papers are here, and the automatic editor has put them in order.

        Where nobody looks at arXiv's listings there is nothing to wait for.
        """
        day = announcing.latest_announced(now)
        since = (day - timedelta(days=WATCHED)).isoformat()
        accounts = self.catalogue.accounts(since, day.isoformat(), categories=self.rules.categories)
        if not accounts:
            return True
        today = [one for one in accounts if one.day == day.isoformat()]
        if not today or any(one.missing for one in today):
            return False
        found = self.catalogue.candidates(day.isoformat(), day.isoformat(), categories=self.rules.categories)
        return all(one.listed or one.pick is not None for one in found)

    def _days(self, one: Subscription, desk: Desk) -> tuple[str, str] | None:
        now = self._clock()
        today = now.astimezone(UTC).date().isoformat()
        if today not in desk.newest:
            desk.newest[today] = self.catalogue.latest_day(today=today)
        latest = desk.newest[today]
        newest = date.fromisoformat(latest) if latest else None
        days = digest_days(one, newest, (desk.trial and newest) or local_day(one, now))
        return days and (days[0].isoformat(), days[1].isoformat())

    def _order(self, first: str, last: str, desk: Desk) -> list[Candidate]:
        if (first, last) not in desk.orders:
            found = self.catalogue.candidates(first, last, categories=self.rules.categories)
            desk.orders[first, last] = editions_order(found)
        return desk.orders[first, last]

    def _who_reads(self, one: Subscription, desk: Desk) -> Actor | None:
        """Who a subscription is for, as an actor who may read; None for an address without an account."""
        if desk.trial:
            return desk.trial
        person = self.catalogue.person_behind(one.subscriber)
        if person is None:
            return None
        found = self.catalogue.persons([person]).get(person)
        return Actor(found.name, Role.READER, person) if found and found.left is None else None

    def _gist(self, paper: Paper, desk: Desk) -> str:
        """What is said of a paper in a sentence or two; empty where nothing was chosen from its abstract."""
        if paper.number not in desk.gists:
            _, gist = self._chosen(paper, tex.plain(paper.title), tex.plain(paper.abstract or ""))
            desk.gists[paper.number] = gist.text if gist else ""
        return desk.gists[paper.number]


def _is_at_once(one: Subscription) -> bool:
    return one.rhythm is Rhythm.ONCE and one.wanted is Wanted.QUERY


def _key(one: Subscription, entries: Sequence[Entry], now: datetime) -> str:
    """What makes a digest one and the same. A paper is sent once, so that of two letters its number is in one."""
    if _is_at_once(one):
        return f"caught:{one.number}:{max((entry.paper.number for entry in entries), default=0)}"
    return digest_key(one, datetime.fromisoformat(one.next) if one.next else now)


def _next(one: Subscription, now: datetime) -> datetime | None:
    """When it is due next; None for what is sent as it comes. No day comes twice, though the clock was set back."""
    if _is_at_once(one):
        return None
    return next_due(one, max(now, datetime.fromisoformat(one.next)) if one.next else now)


def _week_before(day: date) -> str:
    return (day - timedelta(days=6)).isoformat()


def _in_group(entry: Entry, put: set[int], votes: int) -> Entry:
    if votes:
        return replace(entry, why=f"{votes:,} {'vote' if votes == 1 else 'votes'} in the group", reason="group")
    return replace(entry, why="Put here by the group", reason="group") if entry.paper.number in put else entry


def _trend_said(trend: Trend) -> str:
    """What a paper trends by, the strongest first: "12 new votes, 3 new comments"."""
    parts = sorted(trend.parts, key=lambda part: -part.points)[:2]
    named = [(max(1, round(part.gained)), part.signal.replace("-", " ").replace("hf", "HF")) for part in parts]
    said = ", ".join(f"{count:,} new {noun.removesuffix('s') if count == 1 else noun}" for count, noun in named)
    return f"Trending: {said}" if said else ""


def _caught_said(why: Why) -> str:
    """Why a standing query caught a paper, in a few words."""
    told = [f"it has {', '.join(why.words)}"] if why.words else []
    told += [f"near in meaning ({why.cosine:.2f})"] if why.cosine is not None and not why.words else []
    return why.said or "; ".join(told)
