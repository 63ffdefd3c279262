"""Verbs of digests: which subscriptions are due, what each is sent, and writing that down.

Deciding changes nothing: killed between the decision and the writing, it is decided anew. What is written is one
transaction of the catalogue, and is there once.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from broadsheet import announcing, tex
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.digests import Decision
from broadsheet.errors import NotFound
from broadsheet.library.offering import Desk, Offering
from broadsheet.permissions import require
from broadsheet.ranking import choose, digest_key, next_due
from broadsheet.types import Access, Actor, Digest, Entry, Form, Outgoing, Paper, Rhythm, Subscription, Wanted

PATIENCE = timedelta(hours=4)  # after it was due a digest goes out with what has come by then
WATCHED = 13  # days before today's listing, in which a place that takes listings has taken one
NOBODY = "owner@localhost"  # where letters to files are to, in a place for one person who gave no address
CAUGHT_LATE = timedelta(minutes=15)  # what was caught is seen at most so long after
AT_ONCE = 50  # papers of a letter about what came just now
_WAIT_FOR_THE_EDITION = (Wanted.EDITION, Wanted.GROUP, Wanted.MINE)


class Digesting(Offering):
    """What is due, and what it holds. For the schedule; people see what they are sent."""

    def due_subscriptions(self, limit: int = 200, desk: Desk | None = None) -> list[Subscription]:
        """The subscriptions that are due, and whose edition is there: the announcement came and its papers are here.

        Four hours after it was due a digest waits no longer.
        """
        now = self._clock()
        found = self.catalogue.due_digests(now, limit=limit)
        if not any(one.wanted in _WAIT_FOR_THE_EDITION for one in found) or self._edition_is_here(now, desk or Desk()):
            return found
        return self.catalogue.due_digests(now, limit=limit, waiting=_WAIT_FOR_THE_EDITION, late=now - PATIENCE)

    def decide(self, subscription: Subscription, desk: Desk | None = None) -> Digest | None:
        """What a subscription is sent now; None if there is nothing new. A weekly one without papers says so.

        None of it was sent to its subscriber before. What is private is asked for in the name of the subscriber, as
        they are now. Decisions of one run share a `desk`.
        """
        one, desk, now = subscription, desk or Desk(), self._clock()
        offer = self._offer(one, desk)
        if offer is None:
            return None
        sent = self._sent(one, offer, desk)
        chosen, more = choose(offer.order, sent, AT_ONCE if _is_at_once(one) else one.most)
        entries = offer.entries(chosen)
        if not entries and one.rhythm is not Rhythm.WEEKLY:
            return None
        digest = Digest(_key(one, entries, now), one, offer.first, offer.last, entries, more)
        digest.gists = {entry.paper.id: gist for entry in entries if (gist := self._gist(entry.paper, desk))}
        return digest

    def write_digests(self, decided: Sequence[tuple[Digest, Outgoing]]) -> int:
        """Writes digests down with their letters and when the next are due, in one transaction; how many it did.

        It changes nothing of one that was written before, with a paper that was sent meanwhile, or whose subscription
        has changed, ended or been paused since: then it is decided about anew, if it still is due.
        """
        if not decided:
            return 0
        now = self._clock()
        without = NOBODY if self.rules.access is Access.SINGLE else ""
        decisions = []
        for digest, letter in decided:
            due = _next(digest.subscription, now)
            decisions.append(Decision(digest, letter, stamp(due) if due else None))
        return self.catalogue.put_digests(decisions, at=now, without=without)

    def pass_over(self, these: Sequence[Subscription]) -> None:
        """Nothing is sent of these this time: notes when the next of each is due."""
        now = self._clock()
        if these:
            self.catalogue.pass_over([(one, _next(one, now)) for one in these], last=now - CAUGHT_LATE)

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

    # Inside.

    def _edition_is_here(self, now: datetime, desk: Desk) -> bool:
        """Whether the newest edition is here: once it is, it is for the rest of a run."""
        desk.here = desk.here or self._is_in_order(now)
        return desk.here

    def _is_in_order(self, now: datetime) -> bool:
        """Whether the newest listing came, all its papers are here, and the automatic editor has put them in order.

        Where nobody looks at arXiv's listings, it is the editor alone that is waited for.
        """
        listed = announcing.latest_announced(now)
        since, day = (listed - timedelta(days=WATCHED)).isoformat(), listed.isoformat()
        accounts = self.catalogue.accounts(since, day, categories=self.rules.categories)
        if accounts:
            today = [one for one in accounts if one.day == day]
            if not today or any(one.missing for one in today):
                return False
        else:
            day = self.catalogue.latest_day(today=now.astimezone(UTC).date().isoformat()) or ""
        found = self.catalogue.candidates(day, day, categories=self.rules.categories) if day else []
        return all(one.listed or one.pick is not None for one in found)

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
