"""Takes one outgoing thing to its channel.

What is tried tells the channel's owner: a channel that fails again and again, for days, is switched off. Messages say
what came back, and never where from: an address of a channel is a secret.
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from broadsheet.errors import BadSource, PrivateAddress, Refused, Unavailable
from broadsheet.fetching import Answer
from broadsheet.hooks import webhooks, words
from broadsheet.hooks.addresses import WEBHOOK, parsed
from broadsheet.hooks.said import Said
from broadsheet.types import Carried, Outgoing

_ENOUGH = 256 << 10  # bytes of a service's answer
_PASSING = frozenset({408, 425, 429})  # and all from 500: they may be gone the next time
_ARRIVED, _ELSEWHERE, _GONE, _THEIRS = range(200, 300), range(300, 400), 410, 500


class Gone(Refused):
    """The other side says that this channel is no more: nothing is to be sent there again."""


class Sender(Protocol):
    """What hands requests over: `fetching.Client` does."""

    def deliver(
        self,
        method: str,
        address: str,
        content: bytes | None,
        *,
        headers: Mapping[str, str],
        max_bytes: int = 0,
        before: Callable[[], object] = ...,
    ) -> Answer:
        """Hands something over, once."""

    def retry_after(self, answer: Answer) -> float | None:
        """When an answer says to come back."""


@dataclass(frozen=True, slots=True)
class Door:
    """The ways out. `public` asks public addresses alone; `private` is for the hosts named in `inside`."""

    public: Sender
    private: Sender
    inside: Collection[str] = ()

    def sender(self, host: str) -> Sender:
        """By whom a host is asked."""
        return self.private if host.lower() in self.inside else self.public


@dataclass(frozen=True, slots=True)
class Line:
    """A channel as the carrier needs it: what kind of service it is, its address, and what signs its messages."""

    kind: str
    address: str = field(repr=False)
    secret: str = field(repr=False, default="")


class ChannelCarrier:
    """Carries what leaves by channels. Safe to share among threads."""

    def __init__(
        self,
        door: Door,
        line: Callable[[Outgoing], Line],
        heard: Callable[[Outgoing, str, bool], None],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`line` finds the channel of something and raises Refused where nothing may be sent there any more.

        `heard` is told what came of an attempt: "" where it arrived, else why not, and whether that is for good.
        `clock` is the second of the epoch.
        """
        self._door, self._line, self._heard, self._clock = door, line, heard, clock

    def carry(self, outgoing: Outgoing, fence: Callable[[], bool]) -> Carried:
        """Sends it, unless `fence`, asked just before the first word leaves, forbids it.

        Raises Unavailable (again later; where no answer came, a webhook's receiver knows a double by its id, and a chat
        may show it twice) and Refused (for ever).
        """
        line = self._line(outgoing)
        try:
            said = self._sent(line, outgoing, fence)
        except _Stopped:
            return Carried(left=False)
        except (Unavailable, Refused) as problem:
            self._heard(outgoing, str(problem), isinstance(problem, Gone))
            raise
        self._heard(outgoing, "", False)
        return Carried(said)

    def _sent(self, line: Line, outgoing: Outgoing, fence: Callable[[], bool]) -> str:
        place = parsed(line.kind, line.address, inside=self._door.inside)
        leaving = _Leaving(self._door, fence, read=0 if place.kind == WEBHOOK else _ENOUGH)
        if place.kind == WEBHOOK:
            body, at = outgoing.text.encode(), int(self._clock())
            given = webhooks.headers(line.secret, outgoing.key, at, body)
            answer = leaving.exchange("POST", place.address, given, body)
            if answer.status_code not in _ARRIVED:
                raise Refused(f"{place.host} answered with status {answer.status_code}.")
            return f"{place.host} answered with status {answer.status_code}."
        from broadsheet.hooks import chats  # noqa: PLC0415 - loads apprise: half a second, 30 MB

        message = words.read(outgoing.text)
        text, form = words.chat(message, place.kind), words.STYLES[place.kind].form
        chats.send(place.kind, place.plugin, text, form=form, exchange=leaving.exchange)
        return f"{place.host} took it."


class _Stopped(Exception):
    """The fence was closed."""


class _Leaving:
    """One message on its way: every request of it goes through the door, and the fence is asked before the first."""

    def __init__(self, door: Door, fence: Callable[[], bool], *, read: int) -> None:
        """`read` is how many bytes of an answer are looked at."""
        self._door, self._fence, self._passed, self._read = door, fence, False, read

    def exchange(self, method: str, address: str, headers: Mapping[str, str], content: bytes | None) -> Said:
        """One request. Raises Unavailable for an answer that may pass, Refused for an address not to be asked."""
        host = (urlsplit(address).hostname or "").lower()
        sender = self._door.sender(host)
        try:
            answer = sender.deliver(method, address, content, headers=headers, max_bytes=self._read, before=self._pass)
        except PrivateAddress:
            raise Refused(
                f"{host} leads into a private network and was not asked. If it is meant, whoever runs this place can"
                " name it in the setting channel_hosts."
            ) from None
        except BadSource:
            raise Refused(f"{host} answered with more than {_ENOUGH >> 10} kB.") from None
        except Refused:
            raise Refused(f"{host} was not asked: its address cannot be used.") from None
        status = answer.status
        if status in _PASSING or status >= _THEIRS:
            raise Unavailable(f"{host} answered with status {status}.", retry_after=sender.retry_after(answer))
        if status == _GONE:
            raise Gone(f"{host} says that this is no more (status {status}).")
        if status in _ELSEWHERE:
            raise Refused(f"{host} sent us elsewhere (status {status}), and nothing was sent there.")
        return Said(status, answer.headers, answer.body)

    def _pass(self) -> None:
        if not self._passed and not self._fence():
            raise _Stopped
        self._passed = True
