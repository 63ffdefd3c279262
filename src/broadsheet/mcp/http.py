"""The protocol at /mcp: streamable HTTP, where each request stands for itself, so that any process can answer it.

Who asks was found by the entrance: the holder of a bearer token, who sits at the machine where there is one person,
else a passer-by, who may read. A page of another site could make somebody's browser ask for it, also by giving this
machine a name of its own (DNS rebinding); so what says that it comes from a page is answered only where the page is
ours, or a token is shown, which no browser sends by itself.

The SDK takes a second to load. It is loaded at the first request.
"""

import json
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from broadsheet.errors import BroadsheetError, SignInNeeded, TooMany
from broadsheet.library import Library
from broadsheet.types import ANYONE, Actor, Visitor

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

    from broadsheet.mcp.tools import Texts

LARGEST = 1 << 20  # bytes of a request
_INVALID, _NOT_ALLOWED = -32600, -32000  # codes of JSON-RPC: no request; one of a server's own
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Endpoint:
    """The application at /mcp. `address` is the public one of the site, whose own pages may ask."""

    def __init__(self, library: Library, *, title: str, address: str, texts: "Texts | None") -> None:
        self._library, self._title, self._texts = library, title, texts
        self._host = urlsplit(address).netloc.lower()
        self._server: Server[Any] | None = None
        self._guard = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        request = Request(scope, receive)
        if request.method != "POST":
            said = "The Model Context Protocol is spoken here, by POST. How to connect: docs/mcp.md."
            await _refusal(405, _NOT_ALLOWED, said, Allow="POST, OPTIONS")(scope, receive, send)
        elif not self._may_ask(request):
            said = "This was sent from a page of another site. Send a bearer token, or ask from no page."
            await _refusal(403, _NOT_ALLOWED, said)(scope, receive, send)
        else:
            await self._serve(scope, receive, send)

    def _may_ask(self, request: Request) -> bool:
        """Whether no page, one of ours, or somebody with a token asks."""
        origin = request.headers.get("origin")
        if origin is None or actor_of(request).scopes is not None:
            return True
        page = urlsplit(origin.lower()) if "://" in origin else None
        if page is None or not page.netloc:
            return False
        here = request.headers.get("host", "").lower()
        return page.netloc == self._host or (page.netloc == here and _name(page.netloc) in _LOOPBACK)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._server is None:
            self._server = await anyio.to_thread.run_sync(self._build)
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager  # noqa: PLC0415  it is loaded now

        # One for each request: nothing is kept between two, and what a request began ends with it.
        manager = StreamableHTTPSessionManager(
            self._server, stateless=True, json_response=True, max_request_body_size=LARGEST
        )
        async with manager.run():
            await manager.handle_request(scope, receive, send)

    def _build(self) -> "Server[Any]":
        with self._guard:
            if self._server is not None:
                return self._server
            from broadsheet.mcp.server import build  # noqa: PLC0415  the SDK: at the first request

            return build(self._library, actor_of, _base, texts=self._texts, title=self._title)


def actor_of(request: Request) -> Actor:
    """Who asks, as the entrance found them."""
    found = request.scope.get("visitor")
    return found.actor if isinstance(found, Visitor) else ANYONE


def refusing(problem: BroadsheetError) -> ASGIApp:
    """The answer to a request that the entrance does not let in."""
    status = 401 if isinstance(problem, SignInNeeded) else 429 if isinstance(problem, TooMany) else 403
    return _refusal(status, _NOT_ALLOWED, str(problem))


def _base(request: Request) -> str:
    return str(request.base_url)


def _name(netloc: str) -> str:
    """The name of a host without its port and brackets."""
    return urlsplit(f"//{netloc}").hostname or ""


def _refusal(status: int, code: int, sentence: str, **headers: str) -> Response:
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": sentence}}
    return Response(json.dumps(body, ensure_ascii=False), status, headers, "application/json")
