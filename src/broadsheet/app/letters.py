"""Digests, from the decision to the outbox: the library decides, the face for mail writes, the library writes it down.

Killed anywhere, nothing is lost and nothing comes twice: what was not written down is decided anew.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urlencode

from broadsheet import mail, said
from broadsheet.app.people import address
from broadsheet.config import Settings
from broadsheet.errors import BroadsheetError, NotFound
from broadsheet.library import Library
from broadsheet.library.offering import Desk
from broadsheet.mail import Links, Place, Stencils
from broadsheet.mailing import Writer
from broadsheet.types import Digest, Outgoing, Rhythm, Subscription, Wanted

log = logging.getLogger("broadsheet")
AT_ONCE = 200  # subscriptions that are decided about together, and written in one transaction
TRIES = 3  # of one subscription in a run, where something changed between the decision and the writing


@dataclass(slots=True)
class Written:
    """What a run did: letters written, and subscriptions for which there was nothing new."""

    letters: int = 0
    nothing: int = 0

    def __str__(self) -> str:
        if not (self.letters or self.nothing):
            return "Nothing was due."
        return f"{said.count(self.letters, 'letter')} written; nothing new for {self.nothing:,}."


class Letters:
    """Letters of one place, with the links that lead back to it."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library = library
        self._place = Place(settings.text("title"), address(settings))

    def render(self, digest: Digest) -> Outgoing:
        """What a digest's subscriber is sent."""
        who = digest.subscription.subscriber
        return mail.render(
            digest, self._place, self._links(digest, self._library.preferences_token(who) if who else "")
        )

    def message(self, digest: Digest, writer: Writer, to: str, at: datetime) -> bytes:
        """The letter as it would leave to an address, as a file that mail programs open."""
        made = self.render(digest)
        return writer.message(replace(made, to=to, message="preview", made=at.isoformat()))

    def write_due(self, *, stop: Callable[[], bool] = lambda: False) -> Written:
        """Decides about all that is due and puts it into the outbox. `stop` is asked between subscriptions."""
        desk, stencils, done, tries = Desk(), Stencils(self._place), Written(), Counter[int]()
        while not stop():
            stuck = sum(tried >= TRIES for tried in tries.values())
            # One of each reader at a time: what is in one of their letters is not in the next.
            batch: dict[int, Subscription] = {}
            for one in self._library.due_subscriptions(AT_ONCE + stuck, desk):
                if tries[one.number] < TRIES:
                    batch.setdefault(one.subscriber, one)
            if not batch:
                break
            tries.update(one.number for one in batch.values())
            self._write(batch, desk, stencils, done, stop)
        return done

    def _write(
        self,
        batch: Mapping[int, Subscription],
        desk: Desk,
        stencils: Stencils,
        done: Written,
        stop: Callable[[], bool],
    ) -> None:
        """Decides about one subscription of each of some readers, and writes all of it down at once."""
        found: list[tuple[Digest, Outgoing]] = []
        nothing: list[Subscription] = []
        tokens = self._library.preferences_tokens(batch)
        desk.seat(tokens)
        for who, one in batch.items():
            if stop():
                break
            if who not in tokens:  # they left meanwhile
                continue
            try:
                digest = self._library.decide(one, desk)
                if digest is None:
                    nothing.append(one)
                else:
                    found.append((digest, stencils.render(digest, self._links(digest, tokens[who]))))
            except BroadsheetError:
                raise
            except Exception:
                # A fault of ours with one must not keep the letters of all others back.
                log.exception("subscription %s could not be decided about", one.number)
        self._library.pass_over(nothing)
        done.nothing += len(nothing)
        done.letters += self._library.write_digests(found)

    def _links(self, digest: Digest, preferences: str) -> Links:
        """Where a letter leads. One that is only looked at, and nobody's, has nothing to unsubscribe from.

        `preferences` is the token of its reader.
        """
        one, base = digest.subscription, self._place.address
        there = self._there(digest)
        if not one.subscriber:
            return Links(there=base + there)
        return Links(
            unsubscribe=f"{base}/unsubscribe/{self._library.unsubscribe_token(one)}",
            preferences=f"{base}/preferences/{preferences}",
            there=base + there,
        )

    def _there(self, digest: Digest) -> str:
        """The page of what is sent."""
        one = digest.subscription
        if one.wanted is Wanted.EDITION:
            return "/week" if one.rhythm is Rhythm.WEEKLY else f"/date/{digest.last}"
        if one.wanted is Wanted.GROUP:
            return f"/groups/{quote(one.value)}"
        if one.wanted is Wanted.QUERY:
            return self._search(one)
        return "/trending" if one.wanted is Wanted.TRENDING else "/for-me"

    def _search(self, one: Subscription) -> str:
        """The search that stands behind a subscription, as everybody can open it."""
        try:
            return "/search?" + urlencode({"q": self._library.search_behind(one), "sort": "date"})
        except NotFound:
            return "/search"
