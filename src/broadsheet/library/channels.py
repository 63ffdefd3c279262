"""Verbs of channels: chats and webhooks that somebody lets things be sent to.

An address of a channel is a secret, as who has it may write there: it is taken in, and never given out again. What of
it may be shown tells two channels apart. A webhook's signing key is shown once, when it is made.
"""

import secrets
from dataclasses import replace
from datetime import timedelta

from broadsheet import hooks
from broadsheet.catalogue.channels import Kept
from broadsheet.errors import Refused
from broadsheet.hooks import WEBHOOK, Line
from broadsheet.ids.people import shown_name
from broadsheet.library.opened import Opened
from broadsheet.permissions import require
from broadsheet.types import Actor, Channel, Outgoing, Way

LONGEST_NAME = 60  # characters
OFF_AFTER = timedelta(days=3)  # of failures in a row
TRIAL_STALE = timedelta(minutes=30)
HISTORY = 10
_TRIAL = "trial"


class Channels(Opened):
    """Chats and webhooks."""

    def add_channel(self, actor: Actor, kind: str, address: str, name: str = "") -> tuple[Channel, str]:
        """Adds a channel: how it is listed, and the key that signs its messages, which is known only now.

        Only webhooks have such a key; for chats it is empty. `hooks.KINDS` says what an `address` looks like. Raises
        Refused, TooMany.
        """
        require(actor, "channel")
        place = hooks.parsed(kind, address, inside=self.rules.channel_hosts)
        called = shown_name(name) or place.shown
        if len(called) > LONGEST_NAME:
            if name.strip():
                raise Refused(f"The name is too long: {LONGEST_NAME} characters at most, and there are {len(called)}.")
            called = called[: LONGEST_NAME - 1] + "…"
        secret = hooks.new_secret() if kind == WEBHOOK else ""
        spend, now = self._spend(actor, "channel"), self._clock()
        kept = self.catalogue.add_channel(
            self._owner(actor), kind, called, address=place.address, secret=secret, at=now, spend=spend
        )
        return self._shown(kept), secret

    def channels(self, actor: Actor) -> list[Channel]:
        """One's channels, the newest first."""
        require(actor, "read mine")
        return [self._shown(kept) for kept in self.catalogue.channels(self._owner(actor))]

    def channel(self, actor: Actor, number: int) -> Channel:
        """One of one's channels. Raises NotFound."""
        require(actor, "read mine")
        return self._shown(self.catalogue.channel(self._owner(actor), number))

    def channel_history(self, actor: Actor, number: int) -> list[Outgoing]:
        """What was sent to a channel lately, or waits, the newest first, without its words. Raises NotFound."""
        require(actor, "read mine")
        return list(self.catalogue.channel_history(self._owner(actor), number, limit=HISTORY))

    def remove_channel(self, actor: Actor, number: int) -> None:
        """Removes a channel, with what is secret of it, and ends what goes there. Raises NotFound."""
        require(actor, "account")
        self.catalogue.remove_channel(self._owner(actor), number, at=self._clock())

    def try_channel(self, actor: Actor, number: int) -> None:
        """Sends a few words to a channel, by the way that all else goes; one that is off is switched on again.

        Raises NotFound, TooMany, and Conflict while a trial is on its way.
        """
        require(actor, "channel")
        now = self._clock()
        message = hooks.trial(self.rules.title)
        trial = Outgoing(
            key=f"{_TRIAL}:{number}:{secrets.token_hex(8)}",
            way=Way.CHANNEL,
            purpose=_TRIAL,
            to=str(number),
            subject=message.title,
            text=hooks.written(message),
            made=f"{now:%Y-%m-%dT%H:%M:%SZ}",
            stale=f"{now + TRIAL_STALE:%Y-%m-%dT%H:%M:%SZ}",
        )
        self.catalogue.try_channel(self._owner(actor), number, trial, spend=self._spend(actor, "channel"))

    # For the carrier.

    def channel_line(self, outgoing: Outgoing) -> Line:
        """Where something goes that leaves by a channel. Raises Refused where nothing may be sent there any more."""
        kept = self.catalogue.open_line(int(outgoing.to))
        return Line(kept.channel.kind, kept.address, kept.secret)

    def channel_heard(self, outgoing: Outgoing, problem: str, gone: bool) -> None:
        """Notes what came of an attempt: "" where it arrived, else why not, and whether that is for good.

        A channel through which nothing got for days is switched off, and its owner is told.
        """
        now = self._clock()
        self.catalogue.channel_heard(int(outgoing.to), problem, gone=gone, at=now, since=now - OFF_AFTER)

    def _owner(self, actor: Actor) -> int:
        """Whose channels they are. Raises Refused for the command line."""
        if not actor.person:
            raise Refused("The command line has no account of its own. Say for whom: --as NAME.")
        return actor.person

    def _shown(self, kept: Kept) -> Channel:
        """What may be shown of a channel; of one whose host is allowed no more, that."""
        try:
            place = hooks.parsed(kept.channel.kind, kept.address, inside=self.rules.channel_hosts)
        except Refused:
            return replace(kept.channel, shown="its address is not allowed here any more")
        return replace(kept.channel, shown=place.shown)
