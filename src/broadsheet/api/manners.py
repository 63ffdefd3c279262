"""How the machines' addresses behave on the network: who may read them from where, and how often.

A client is counted by its address, in a window that its first request opens. The headers are those of the IETF's
draft, in the form that Hugging Face sends and its client reads: `RateLimit: "api";r=499;t=300` is what is left and for
how many seconds, `RateLimit-Policy` the rule. Any page of the web may read what anybody may read here: no cookie is
looked at, so there is nothing to be tricked out of.
"""

import ipaddress
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from broadsheet.errors import BroadsheetError, TooMany
from broadsheet.types import Visitor

Searching = Callable[[Request, Callable[[], bool]], Response]
Patient = Callable[[Searching], Callable[[Request], Awaitable[Response]]]
"""Makes an endpoint of a handler that searches: it waits its turn, and is told when nobody waits for it any more."""

WINDOW = 300  # seconds, as at Hugging Face
MOST_CLIENTS = 50_000  # that are remembered; the longest known is forgotten first
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy,"
    " Retry-After, X-Edition, X-Error-Code, X-Error-Message, X-Total-Count",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_POLICY = "Content-Security-Policy"
_SEARCHES = frozenset(
    {"/api/papers/search", "/api/query", "/mcp"}
    | {f"/api/v1/{name}" for name in ("search", "search/facets", "trends", "map")}
)
PRIVATE = {"Cache-Control": "private, no-store", "Vary": "Authorization, Cookie"}  # of an answer to somebody
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-Modified-Since,"
    " If-None-Match,"
    " Last-Event-ID, Mcp-Method, Mcp-Name, Mcp-Protocol-Version, Mcp-Session-Id",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True, slots=True)
class Quotas:
    """How many requests one client may make in `WINDOW` seconds; 0 is as many as it likes.

    Searches cost more than looking something up, and are counted apart.
    """

    api: int = 3_000
    search: int = 600
    pages: int = 600

    def of(self, kind: str) -> int:
        """The quota of one kind of request."""
        return {"api": self.api, "search": self.search, "pages": self.pages}[kind]


class Counter:
    """Counts requests by client and kind. Safe to share among threads."""

    def __init__(self, quotas: Quotas, clock: Callable[[], float]) -> None:
        self._quotas, self._clock = quotas, clock
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def count(self, client: str, kind: str) -> tuple[int, int]:
        """Counts a request: how many are left after it (-1: it is one too many), and for how many seconds."""
        quota, now, key = self._quotas.of(kind), self._clock(), (client, kind)
        with self._lock:
            start, made = self._seen.get(key, (now, 0))
            if now - start >= WINDOW:
                del self._seen[key]
                start, made = now, 0
            if key not in self._seen and len(self._seen) >= MOST_CLIENTS:
                del self._seen[next(iter(self._seen))]
            self._seen[key] = (start, min(made + 1, quota + 1))
        return max(-1, quota - made - 1), max(1, round(start + WINDOW - now))


def kind_of(path: str) -> str:
    """The kind of request that an address is counted as."""
    if path in _SEARCHES or path.startswith("/api/v1/topics/"):
        return "search"
    return "api" if path.startswith("/api/") or path == "/oai" else "pages"


class Manners:
    """Outermost of what machines ask: answers preflights, counts, and adds to every answer what it must carry.

    `refusing` makes the answer to the one request too many, in the words of the face that it was for.
    """

    def __init__(
        self,
        app: ASGIApp,
        quotas: Quotas,
        refusing: Callable[[BroadsheetError], ASGIApp],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._refusing = app, refusing
        self._quotas, self._counter = quotas, Counter(quotas, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = dict(HEADERS)
        visitor = scope.get("visitor")
        if isinstance(visitor, Visitor) and visitor.actor.person:
            added |= PRIVATE
        preflight = scope["method"] == "OPTIONS"
        if preflight:
            added |= PREFLIGHT | {"Allow": PREFLIGHT["Access-Control-Allow-Methods"]}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                page = {_POLICY: headers[_POLICY]} if _POLICY in headers else {}  # a page knows what it shows
                headers.update(added | page)
            await send(message)

        kind = kind_of(scope["path"])
        quota = self._quotas.of(kind)
        left = 1
        if quota and not preflight:
            left, seconds = self._counter.count(_client(scope), kind)
            added["RateLimit"] = f'"{kind}";r={max(0, left)};t={seconds}'
            added["RateLimit-Policy"] = f'"fixed window";"{kind}";q={quota};w={WINDOW}'
            if left < 0:
                added["Retry-After"] = str(seconds)
        if preflight:
            await sending({"type": "http.response.start", "status": 204, "headers": []})
            await sending({"type": "http.response.body", "body": b""})
        elif left < 0:
            said = f"{quota} requests in {WINDOW // 60} minutes were made from here. Go on in {seconds} seconds."
            await self._refusing(TooMany(said, retry_after=seconds))(scope, receive, sending)
        else:
            await self._app(scope, receive, sending)


def _client(scope: Scope) -> str:
    """Who asks: an IPv4 address, or the /64 network that one household or machine has of IPv6."""
    host = str((scope.get("client") or ("", 0))[0])
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ipaddress.ip_network((int(address), 64), strict=False))
