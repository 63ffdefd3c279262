"""Verbs of feeds: the keys of feeds that are one person's own, and the names by which entries are known for good."""

import uuid
from functools import cached_property

from broadsheet.errors import Forbidden, NotFound
from broadsheet.library.entering import actor_of, mine
from broadsheet.library.signing import Signing
from broadsheet.types import Actor, OwnFeed, Role, Scope

_PURPOSE = "feed"
_NAMES = "feeds"  # the key of this place that sets its names apart from those of other places
_READS = frozenset({Scope.READ})


class Feeding(Signing):
    """Feeds: what readers of feeds need besides what everybody may read."""

    def feed_key(self, actor: Actor, kind: str, value: str = "") -> str:
        """What the address of a feed carries that is `actor`'s own: it opens this feed, and nothing else.

        `kind` and `value` say which: "group" and its name, "standing" and the number, "mine", "opml". It is the same
        until they ask for new ones. Raises Forbidden; also for a token that may not change the account, because the
        key would outlive it.
        """
        person = mine(actor)
        return self.sign(_PURPOSE, person, self.catalogue.feed_keys(person), kind, value)

    def feed_actor(self, key: str, kind: str, value: str = "") -> Actor:
        """Who asks by a key of `feed_key` for this feed: somebody who may read, and do nothing else.

        Raises Forbidden for a key that is none, is of another feed, or has ended; in the same words, whatever there is.
        """
        parts = self.signed(_PURPOSE, key)
        if parts is not None and len(parts) == 4 and parts[2:] == (kind, value):
            number, times = int(parts[0]), int(parts[1])
            try:
                if self.catalogue.feed_keys(number) == times:
                    found = actor_of(self.catalogue.person_numbered(number), scopes=_READS)
                    return Actor(found.name, Role.READER, number, _READS, found.banned)
            except NotFound:
                pass  # they left
        raise Forbidden("The key in this address is not valid, or no more. There are new ones at /settings.")

    def own_feeds(self, *, key: str) -> list[OwnFeed]:
        """What somebody follows, by the key of the list of it (`feed_key` of "opml"). Raises Forbidden."""
        actor = self.feed_actor(key, "opml")
        times = self.catalogue.feed_keys(actor.person)

        def own(kind: str, value: str, title: str) -> OwnFeed:
            return OwnFeed(kind, value, title, self.sign(_PURPOSE, actor.person, times, kind, value))

        return [
            own("mine", "", "For you"),
            *(own("standing", str(one.number), one.name) for one in self.catalogue.standings(actor.person)),
            *(own("group", one.name, one.shown) for one in self.catalogue.circles(actor.person)),
            *(
                OwnFeed("paper", one.id, one.title)
                for one in self.catalogue.papers(self.catalogue.followed(actor.person))
            ),
        ]

    def new_feed_keys(self, actor: Actor) -> None:
        """Ends all keys of one's feeds: each gets a new address. Raises Forbidden."""
        self.catalogue.new_feed_keys(mine(actor))

    def feed_name(self, kind: str, what: int | str) -> str:
        """The name for good of something in feeds ("paper" and its number, say): a URN (RFC 4122, version 5).

        It is made of the number that a row keeps through revisions, cross-lists and joins, and of a key of this place:
        it does not change with the paper's own names or with the address of the site, and no other place has it.
        """
        return uuid.uuid5(self._namespace, f"{kind}/{what}").urn

    def have_key(self) -> None:
        """Makes the keys, where there are none yet, so that nothing that is only read has to."""
        super().have_key()
        _ = self._namespace

    @cached_property
    def _namespace(self) -> uuid.UUID:
        return uuid.uuid5(uuid.NAMESPACE_OID, self.catalogue.secret(_NAMES, at=self._clock()))
