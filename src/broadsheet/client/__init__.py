"""A typed client of the API under /api/v1, of this place or another, in two forms over one code path.

    with Client("https://papers.example", token="bs_…") as papers:
        for hit in papers.search("sparse attention").hits:
            print(hit.paper.title)
        papers.comment("2611.00001", "How does Lemma 2 follow?")

    calls      a call as a value; verbs written once for both clients
    exchange   what is sent, what an answer means, when to try again
    verbs      one for each operation, named as it is

Answers are the dataclasses of `broadsheet.types`; errors are those of `broadsheet.errors`, with the server's sentence.
Reads and writes are tried again when a server asks for patience or does not answer; each write carries a key of its
own, so that it is done once however often it is sent.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import httpx2

from broadsheet.client.calls import Call
from broadsheet.client.exchange import Exchange, unreachable
from broadsheet.client.verbs import Verbs
from broadsheet.errors import Refused
from broadsheet.wire import Listed

__all__ = ["AsyncClient", "Client"]

T = TypeVar("T")
TIMEOUT = 60.0  # seconds that a server may be silent; a search in a large catalogue takes tenths of one


class _Stretch(Protocol):
    """A stretch of a list, that leads to the next one."""

    @property
    def cursor(self) -> str | None:
        """Names the next stretch."""


S = TypeVar("S", bound=_Stretch)


class Client(Verbs):
    """A client whose verbs give their answers. Safe to share among threads.

    `address` is the site's, `token` a personal access token of an account there; without one the client only reads.
    Verbs raise the errors of `broadsheet.errors`: Unavailable where nobody answers, and else what the door raised.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str = "",
        timeout: float = TIMEOUT,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = httpx2.Client(
            base_url=_checked(address), headers=_headers(token), timeout=timeout, transport=transport
        )
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the connections."""
        self._http.close()

    def run(self, call: Call[T]) -> T:
        """The answer to a call. Raises BroadsheetError."""
        exchange = Exchange(call)
        while True:
            request = exchange.request(self._http)
            try:
                answer: httpx2.Response | httpx2.TransportError = self._http.send(request)
            except httpx2.TransportError as problem:
                answer = problem
            wait = exchange.wait(answer)
            if wait is not None:
                self._sleep(wait)
            elif isinstance(answer, httpx2.TransportError):
                raise unreachable(request, answer) from None
            else:
                read: T = exchange.read(answer)
                return read

    def every(self, verb: Callable[..., Listed[T]], *args: Any, **more: Any) -> Iterator[T]:
        """All items of a list, however many stretches it has: `client.every(client.listing, limit=100)`."""
        for stretch in self.stretches(verb, *args, **more):
            yield from stretch.items

    def stretches(self, verb: Callable[..., S], *args: Any, **more: Any) -> Iterator[S]:
        """The stretches of a list, one after the other: `client.stretches(client.search, "sheep")`."""
        stretch = verb(*args, **more)
        yield stretch
        while stretch.cursor:
            stretch = verb(*args, **{**more, "cursor": stretch.cursor})
            yield stretch


class AsyncClient(Verbs):
    """A client whose verbs give what to await. All else is as with `Client`."""

    def __init__(
        self,
        address: str,
        *,
        token: str = "",
        timeout: float = TIMEOUT,
        transport: httpx2.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._http = httpx2.AsyncClient(
            base_url=_checked(address), headers=_headers(token), timeout=timeout, transport=transport
        )
        self._sleep = sleep

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Lets go of the connections."""
        await self._http.aclose()

    async def arun(self, call: Call[T]) -> T:
        """The answer to a call. Raises BroadsheetError."""
        exchange = Exchange(call)
        while True:
            request = exchange.request(self._http)
            try:
                answer: httpx2.Response | httpx2.TransportError = await self._http.send(request)
            except httpx2.TransportError as problem:
                answer = problem
            wait = exchange.wait(answer)
            if wait is not None:
                await self._sleep(wait)
            elif isinstance(answer, httpx2.TransportError):
                raise unreachable(request, answer) from None
            else:
                read: T = exchange.read(answer)
                return read

    async def every(self, verb: Callable[..., Awaitable[Listed[T]]], *args: Any, **more: Any) -> AsyncIterator[T]:
        """All items of a list, however many stretches it has."""
        async for stretch in self.stretches(verb, *args, **more):
            for item in stretch.items:
                yield item

    async def stretches(self, verb: Callable[..., Awaitable[S]], *args: Any, **more: Any) -> AsyncIterator[S]:
        """The stretches of a list, one after the other."""
        stretch = await verb(*args, **more)
        yield stretch
        while stretch.cursor:
            stretch = await verb(*args, **{**more, "cursor": stretch.cursor})
            yield stretch


def _checked(address: str) -> str:
    """The address of a site. Raises Refused for what is none."""
    try:
        url = httpx2.URL(address.strip())
    except httpx2.InvalidURL:
        url = httpx2.URL("")
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise Refused(f"{address[:200]!r} is no address of a site; one is written like https://papers.example.")
    return str(url).rstrip("/")


def _headers(token: str) -> dict[str, str]:
    if not token.isascii() or not token.isprintable():
        raise Refused("A token has plain letters and digits only; this one was not copied whole.")
    return {"Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
