"""Asks the network as a good guest: says who it is, waits its turn, comes back later when asked to, and gives up.

What may pass (429, 5xx, a broken connection, half an answer) is tried again after a pause that doubles, with some
chance in it so that many machines do not come back at once; a server that says when to come back is believed. A
redirect is a new address and is checked as one; keys are not carried to another host.
"""

import email.utils
import json as jsontext
import random
import time
from collections.abc import Callable, Container, Mapping
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import urlencode

import httpx2

from broadsheet.errors import BadSource, Unavailable
from broadsheet.fetching.addresses import Resolver, parsed, shown, system_resolver
from broadsheet.fetching.answer import Answer, Validators
from broadsheet.fetching.gate import LONGEST, Gate
from broadsheet.fetching.network import Network
from broadsheet.fetching.wire import Broken, Received, Sent, TooLong, Wire

Parameters = Mapping[str, str | int]
Check = Callable[[Answer], object]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_PASSING = frozenset({408, 425, 429})  # and all from 500: they may be gone the next time
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 120.0  # seconds
_OURS = frozenset({"user-agent", "accept", "accept-encoding", "if-none-match", "if-modified-since"})
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Client:
    """A client for one source. Safe to share among threads."""

    def __init__(
        self,
        *,
        agent: str,
        gate: Gate,
        allow_private: bool = False,
        timeout: float = 30.0,
        max_bytes: int = 64 << 20,
        tries: int = 5,
        headers: Mapping[str, str] = _NOTHING,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        today: Callable[[], float] = time.time,
        resolver: Resolver = system_resolver,
        network: Network | None = None,
    ) -> None:
        """`agent` says who asks and how to reach them: "Broadsheet/1.0 (+mailto:...)".

        `headers` go with every request, but never to another host than the one that was asked. `timeout` (seconds)
        is for each step of an exchange; in all it may take ten times that. `allow_private` is for a source that is
        meant to be inside this network: the host it asks may be there, but not another that a redirect leads to.
        `today` is the time of day in seconds; `resolver` and `network` look names up and connect to addresses (None:
        as this system does).
        """
        self._headers = {"User-Agent": agent, "Accept-Encoding": "gzip", **headers}
        self._gate, self._tries, self._max_bytes = gate, tries, max_bytes
        self._allow_private = allow_private
        self._sleep, self._chance, self._today = sleep, chance, today
        self._wire = Wire(timeout=timeout, resolver=resolver, network=network, clock=clock)

    def get(
        self,
        address: str,
        parameters: Parameters | None = None,
        *,
        headers: Mapping[str, str] = _NOTHING,
        validators: Validators | None = None,
        max_bytes: int | None = None,
        accept_status: Container[int] = (),
        check: Check | None = None,
    ) -> Answer:
        """What an address gives. `parameters` are added to those it has.

        With `validators` the answer may be `not_modified`. A status of 400 and more is an error unless
        `accept_status` has it. `check` looks at an answer and raises BadSource where it is not what it should be
        (half a document, a maintenance page): it is then asked for again, as after a fault.

        Raises Unavailable (try again later), BadSource (an answer that is none), PrivateAddress and Refused (an
        address that may not be asked).
        """
        url = parsed(address, allow_private=self._allow_private)
        if parameters:
            url = url.copy_merge_params({name: str(value) for name, value in parameters.items()})
        fields = {**self._headers, **(validators.headers() if validators else {}), **headers}
        sent = Sent("GET", url, fields, private=self._allow_private)
        return self._ask(sent, max_bytes or self._max_bytes, accept_status, check)

    def post(
        self,
        address: str,
        *,
        json: object = None,
        data: Parameters | None = None,
        parameters: Parameters | None = None,
        headers: Mapping[str, str] = _NOTHING,
        max_bytes: int | None = None,
        accept_status: Container[int] = (),
        check: Check | None = None,
    ) -> Answer:
        """Asks with a body: a JSON value, or the fields of a form. For questions only: it too is tried again.

        Parameters and errors as in `get`.
        """
        url = parsed(address, allow_private=self._allow_private)
        if parameters:
            url = url.copy_merge_params({name: str(value) for name, value in parameters.items()})
        if data is not None:
            kind, content = "application/x-www-form-urlencoded", urlencode(data).encode("ascii")
        else:
            kind, content = "application/json", jsontext.dumps(json).encode()
        sent = Sent("POST", url, {**self._headers, "Content-Type": kind, **headers}, content, self._allow_private)
        return self._ask(sent, max_bytes or self._max_bytes, accept_status, check)

    def deliver(
        self,
        method: str,
        address: str,
        content: bytes | None,
        *,
        headers: Mapping[str, str] = _NOTHING,
        max_bytes: int = 0,
        before: Callable[[], object] = lambda: None,
    ) -> Answer:
        """Hands something over, once: no second try, no redirect followed, and any status is an answer.

        Of the answer at most `max_bytes` are read; 0 reads none. `before` is called when its turn has come, just before
        it leaves; what it raises is passed on. Messages name the host alone, because the path may be a secret.
        Raises Unavailable, BadSource (too long an answer), PrivateAddress and Refused.
        """
        url = parsed(address, allow_private=self._allow_private)
        sent = Sent(method, url, {**self._headers, **headers}, content, self._allow_private)
        with self._gate.turn(url.host):
            before()
            try:
                received = self._wire.exchange(sent, wanted=lambda _: max_bytes > 0, max_bytes=max_bytes)
            except Broken as broken:
                raise Unavailable(f"{url.host} {broken}.") from None
            except TooLong:
                raise _Final(f"{url.host} answered with more than {max_bytes:,} bytes; it was cut off.") from None
        return Answer(received.status, str(url), received.headers, received.body)

    def retry_after(self, answer: Answer) -> float | None:
        """When an answer says to come back, in seconds from now (RFC 9110, section 10.2.3)."""
        return self._retry_after(answer.headers)

    def close(self) -> None:
        """Closes all connections."""
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, sent: Sent, max_bytes: int, accept_status: Container[int], check: Check | None) -> Answer:
        """Asks until there is an answer, or `tries` are used up."""
        place = shown(sent.url)
        for attempt in range(1, self._tries + 1):
            last = attempt == self._tries
            try:
                answer = self._follow(sent, max_bytes, accept_status)
                if check is not None and not answer.not_modified:
                    check(answer)
            except _Passing as passing:
                if last or (passing.after or 0.0) > LONGEST:
                    raise Unavailable(f"{place} {passing}; try again later.", retry_after=passing.after) from None
                after = passing.after
            except BadSource as error:
                if check is None or last or isinstance(error, _Final):
                    raise
                after = None
            else:
                return answer
            if not after:  # else the gate waits
                self._sleep(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (attempt - 1)) * (0.5 + self._chance() / 2))
        raise AssertionError("a client tries at least once")

    def _follow(self, sent: Sent, max_bytes: int, accept_status: Container[int]) -> Answer:
        """One answer, after all redirects. Raises _Passing for what another try may mend."""
        for _ in range(_MOST_REDIRECTS + 1):
            received = self._once(sent, max_bytes, accept_status)
            location = received.headers.get("location")
            if received.status in accept_status or received.status not in _REDIRECTS or location is None:
                return self._answer(sent, received, accept_status)
            sent = self._moved(sent, received.status, location)
        raise _Final(f"{shown(sent.url)} sent us on more than {_MOST_REDIRECTS} times.")

    def _once(self, sent: Sent, max_bytes: int, accept_status: Container[int]) -> Received:
        def wanted(status: int) -> bool:
            return 200 <= status < 300 or status in accept_status

        with self._gate.turn(sent.url.host) as turn:
            try:
                received = self._wire.exchange(sent, wanted=wanted, max_bytes=max_bytes)
            except Broken as broken:
                raise _Passing(str(broken)) from None
            except TooLong:
                raise _Final(
                    f"{shown(sent.url)} answered with more than {max_bytes:,} bytes; it was cut off."
                ) from None
            if (received.status in _PASSING or received.status >= 500) and received.status not in accept_status:
                after = self._retry_after(received.headers)
                if after is not None:
                    turn.postpone(after)
                raise _Passing(f"answered with status {received.status}", after)
        return received

    def _answer(self, sent: Sent, received: Received, accept_status: Container[int]) -> Answer:
        status = received.status
        conditional = not {"if-none-match", "if-modified-since"}.isdisjoint(map(str.lower, sent.headers))
        if not (200 <= status < 300 or status in accept_status or (status == 304 and conditional)):
            raise _Final(f"{shown(sent.url)} answered with status {status}{_MEANINGS.get(status, '')}.")
        return Answer(status, str(sent.url), received.headers, received.body)

    def _moved(self, sent: Sent, status: int, location: str) -> Sent:
        """The request to where a redirect leads. Keys and bodies stay with the host they were meant for."""
        try:
            joined = str(sent.url.join(location))
        except (httpx2.InvalidURL, ValueError):
            raise _Final(f"{shown(sent.url)} sent us on to something that is no address.") from None
        private = sent.private and _same_host(sent.url, httpx2.URL(joined))
        url = parsed(joined, allow_private=private)
        content, headers = sent.content, dict(sent.headers)
        if status == 303 or (status in {301, 302} and sent.method == "POST"):
            content = None
            headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
        if not _same_place(sent.url, url):
            if content is not None:
                raise _Final(f"{shown(sent.url)} wants our question sent to another host, {url.host}; it was not.")
            headers = {name: value for name, value in headers.items() if name.lower() in _OURS}
        return Sent("GET" if content is None else sent.method, url, headers, content, private)

    def _retry_after(self, headers: Mapping[str, str]) -> float | None:
        """When to come back, in seconds from now: Retry-After as a number or a date (RFC 9110, section 10.2.3)."""
        text = headers.get("retry-after", "").strip()
        if text.isascii() and text.isdecimal() and len(text) <= 9:
            return float(text)
        when = _instant(text)
        if when is None:
            return None
        now = _instant(headers.get("date", ""))  # by the server's own clock, where it shows that
        return max(0.0, when - (now if now is not None else self._today()))


class _Passing(Exception):
    """What may be gone at another try; `after` so many seconds, where the server said so."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class _Final(BadSource):
    """An answer that will be the same at another try."""


_MEANINGS = MappingProxyType(
    {
        401: ": it wants a key, or a better one",
        403: ": it does not want us to ask this",
        404: ": there is nothing there",
        410: ": what was there is gone for good",
        304: " though nothing was known of it before",
    }
)


def _same_host(one: httpx2.URL, other: httpx2.URL) -> bool:
    """Whether it is the same machine, and the same service or a web server beside it."""
    return one.raw_host.lower() == other.raw_host.lower() and (other.port in {one.port, 80, 443, None})


def _same_place(one: httpx2.URL, other: httpx2.URL) -> bool:
    """Whether keys meant for one may go to the other: the same host, and no step down from TLS."""
    if one.raw_host.lower() != other.raw_host.lower():
        return False
    return (one.scheme, one.port) == (other.scheme, other.port) or (
        (one.scheme, one.port, other.scheme, other.port) == ("http", None, "https", None)
    )


def _instant(text: str) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
