"""What could be sent to one subscription: the days it covers, the papers in their order, and why each is there.

Much of it is the same for many readers. A `Desk` keeps that for a run of minutes: an edition is put in order once, and
whether papers of it were sent before is asked for all readers of a batch together.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, timedelta
from typing import NamedTuple

from broadsheet.catalogue.standing import unpacked
from broadsheet.errors import NotFound
from broadsheet.library.personal import Personal
from broadsheet.library.understanding import Understanding
from broadsheet.ranking import circles_order, digest_days, editions_order, local_day
from broadsheet.types import Actor, Candidate, Entry, Mode, Role, Sort, Subscription, Trend, Wanted, Why

DEEPER = 2  # of trending papers, and of those that suit somebody, so many times what fits are looked at


class Offer(NamedTuple):
    """What could be sent: the days, the papers by number in their order, and what makes entries of those chosen.

    `common` names one that is the same for all readers for whom it has this name.
    """

    first: str
    last: str
    order: Sequence[int]
    entries: Callable[[Sequence[int]], list[Entry]]
    common: Hashable = None


@dataclass(slots=True)
class Desk:
    """What the decisions of one run have in common: orders of days, offers, gists, the newest day. It is for minutes.

    `readers` are those who are decided about next, and `sent` what they were sent of an offer. `here` says that the
    newest edition is. `trial` is who looks at a digest that nobody subscribed to: it is of the newest days, however old
    they are.
    """

    trial: Actor | None = None
    orders: dict[tuple[str, str], list[Candidate]] = field(default_factory=dict)
    offers: dict[Hashable, Offer] = field(default_factory=dict)
    gists: dict[int, str] = field(default_factory=dict)
    newest: dict[str, str | None] = field(default_factory=dict)
    readers: Collection[int] = ()
    sent: dict[Hashable, dict[int, set[int]]] = field(default_factory=dict)
    here: bool = False

    def seat(self, readers: Collection[int]) -> None:
        """These are decided about next: what they were sent is asked for anew, and together."""
        self.readers, self.sent = readers, {}


class Offering(Personal, Understanding):
    """What could be sent. What is private is asked for in the name of the subscriber, as they are now."""

    def _offer(self, one: Subscription, desk: Desk) -> Offer | None:
        offers: Mapping[Wanted, Callable[[Subscription, Desk], Offer | None]] = {
            Wanted.EDITION: self._of_edition,
            Wanted.GROUP: self._of_group,
            Wanted.TRENDING: self._of_trending,
            Wanted.MINE: self._of_mine,
            Wanted.QUERY: self._of_query,
        }
        return offers[one.wanted](one, desk)

    def _sent(self, one: Subscription, offer: Offer, desk: Desk) -> set[int]:
        """Which papers of an offer a subscriber was sent before."""
        who = one.subscriber
        if not who:
            return set()
        if offer.common is None or who not in desk.readers:
            return self.catalogue.sent_before([who], offer.order)[who]
        if offer.common not in desk.sent:
            desk.sent[offer.common] = self.catalogue.sent_before(desk.readers, offer.order)
        return desk.sent[offer.common][who]

    def _of_edition(self, one: Subscription, desk: Desk) -> Offer | None:
        days = self._days(one, desk)
        if days is None:
            return None
        if days not in desk.offers:
            order = self._order(*days, desk)
            by_number = {place.number: place for place in order}
            known: dict[int, Entry] = {}

            def entries(numbers: Sequence[int]) -> list[Entry]:
                if new := [by_number[number] for number in numbers if number not in known]:
                    known.update((entry.paper.number, entry) for entry in self._entries(new, len(new), 0))
                here = [known[number] for number in numbers if number in known]
                return [replace(entry, position=place) for place, entry in enumerate(here, start=1)]

            desk.offers[days] = Offer(*days, list(by_number), entries, common=days)
        return desk.offers[days]

    def _of_group(self, one: Subscription, desk: Desk) -> Offer | None:
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

        return Offer(*days, [place.number for place in order], entries)

    def _of_trending(self, one: Subscription, desk: Desk) -> Offer | None:
        common = "trending", one.most
        if common not in desk.offers:
            found = self.trending(limit=DEEPER * one.most)
            by_number = {trend.paper.number: trend for trend in found.entries}

            def entries(numbers: Sequence[int]) -> list[Entry]:
                return [
                    Entry(by_number[number].paper, place, "trending", _trend_said(by_number[number]), found.last)
                    for place, number in enumerate(numbers, start=1)
                ]

            desk.offers[common] = Offer(found.first, found.last, list(by_number), entries, common=common)
        return desk.offers[common]

    def _of_mine(self, one: Subscription, desk: Desk) -> Offer | None:
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

        return Offer(_week_before(today), today.isoformat(), list(hits), entries)

    def _of_query(self, one: Subscription, desk: Desk) -> Offer | None:
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

        return Offer(since[:10], today.isoformat(), list(whys), entries)

    def _of_search(self, one: Subscription, today: date) -> Offer:
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

        return Offer(first, latest, list(hits), entries)

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
