"""Verbs of channels: chats and webhooks of people, and how they fare."""

from collections.abc import Sequence
from datetime import datetime

from broadsheet.catalogue import channels, outbox, tallies
from broadsheet.catalogue.channels import Kept
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.tallies import Spend
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.errors import Conflict
from broadsheet.types import Outgoing


class Channels(Opened):
    """What the catalogue knows of channels."""

    def add_channel(
        self, who: int, kind: str, name: str, *, address: str, secret: str, at: datetime, spend: Spend | None
    ) -> Kept:
        """Adds a channel. Raises Refused, TooMany."""
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            number = channels.add(tx, who, kind, name, address=address, secret=secret, at=stamp(at))
            return channels.own(tx, who, number)

    def channels(self, who: int) -> list[Kept]:
        """Somebody's channels, the newest first."""
        with self._store.read() as connection:
            return channels.listed(connection, who)

    def channel(self, who: int, number: int) -> Kept:
        """One of somebody's channels. Raises NotFound, for somebody else's too."""
        with self._store.read() as connection:
            return channels.own(connection, who, number)

    def remove_channel(self, who: int, number: int, *, at: datetime) -> None:
        """Removes a channel, and ends what goes to it. Raises NotFound."""
        with self._store.write() as tx:
            channels.remove(tx, who, number, at=stamp(at))

    def try_channel(self, who: int, number: int, outgoing: Outgoing, *, spend: Spend | None) -> None:
        """Switches a channel on, and puts a trial into the outbox. Raises NotFound, TooMany, Conflict (one waits)."""
        with self._store.write() as tx:
            channels.own(tx, who, number)
            if channels.waiting(tx, number, outgoing.purpose, at=outgoing.made):
                raise Conflict("A trial of this channel is on its way already. Look again in a moment.")
            tallies.spend(tx, spend)
            channels.switch_on(tx, who, number)
            outbox.put(tx, outgoing)

    def channel_history(self, who: int, number: int, *, limit: int) -> Sequence[Outgoing]:
        """What was sent to one of somebody's channels lately, without its words. Raises NotFound."""
        with self._store.read() as connection:
            channels.own(connection, who, number)
            return channels.history(connection, number, limit=limit)

    def open_line(self, number: int) -> Kept:
        """A channel that something may be sent to. Raises Refused."""
        with self._store.read() as connection:
            return channels.open_line(connection, number)

    def channel_heard(self, number: int, problem: str, *, gone: bool, at: datetime, since: datetime) -> None:
        """Notes what came of an attempt: nothing where it arrived, else why not. May switch the channel off."""
        with self._store.read() as connection:
            well = channels.fares_well(connection, number)
        if problem:
            with self._store.write() as tx:
                channels.failed(tx, number, problem, gone=gone, at=stamp(at), since=stamp(since))
        elif not well:
            with self._store.write() as tx:
                channels.arrived(tx, number)
