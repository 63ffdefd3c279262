"""Who asks: in front of both faces, the one place that looks at cookies, tokens and addresses.

    asked      what a request says of its sender
    cookies    the two cookies, and their flags
    searches   how often an address may search

What was found goes along as `scope["visitor"]`; the faces look there and nowhere else. Who has neither a session nor a
token is a passer-by, who may read. What is refused here never reaches a face.

A page tells the entrance by the visitor what the browser should keep: `secret` for a session that begins or ends,
`keep` for the name of a browser that was shown a form, `allowance` for what is left of a limit.
"""

import hashlib
import hmac
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import anyio.to_thread
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from broadsheet.entrance import cookies
from broadsheet.entrance.asked import Asked, household, networks
from broadsheet.entrance.searches import Searches
from broadsheet.errors import BroadsheetError, Forbidden, SignInNeeded, TooMany
from broadsheet.types import ANYONE, Access, Actor, Allowance, Visitor

__all__ = ["Entrance", "Refusing"]

log = logging.getLogger("broadsheet.entrance")

Refusing = Callable[[Scope, BroadsheetError], ASGIApp]
"""Makes the answer that says why a request was refused, in the words of the face that it was for."""

TOKEN = "bs_"  # noqa: S105 - how each token begins
_READS = frozenset({"/api/query", "/oai"})  # questions that may be asked by POST too: nothing is written there
_FEEDS = tuple(f"/search.{ending}" for ending in ("atom", "rss", "json"))
_ANYWHERE = "/unsubscribe/"  # mail programs post there (RFC 8058): no cookie is read, the address itself allows it
_ASKED = ("/search", "/map", *_FEEDS)  # what is a search when it is asked something
_SEARCHES = ("/topics/", "/authors/", "/categories/")  # pages that are searches in any case
_STATIC = ("/static/", "/healthz", "/robots.txt")  # the same for everybody


class Known(Protocol):
    """What the entrance asks the door."""

    def owner_actor(self) -> Actor:
        """Who sits at this machine, where there is one person only."""

    def session_actor(self, secret: str, *, address: str = "") -> tuple[Actor, int] | None:
        """Whose session this is, and its number."""

    def token_actor(self, secret: str, *, address: str = "") -> Actor | None:
        """Whose token this is."""

    def unread(self, actor: Actor) -> int:
        """How many notices somebody has not read."""


class Entrance:
    """Finds who asks, and lets in or refuses. The clock counts seconds, for searches only."""

    def __init__(
        self,
        app: ASGIApp,
        library: Known,
        refusing: Refusing,
        *,
        access: Access,
        address: str = "",
        proxies: Sequence[str] = (),
        searches: tuple[int, int] = (300, 300),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._library, self._refusing = app, library, refusing
        self._access, self._address, self._proxies = access, address.rstrip("/"), networks(proxies)
        self._searches = Searches(*searches, clock)
        self._mine = secrets.token_hex(32)  # what forms carry where there is one person, who needs no session
        if access is Access.SINGLE:
            library.owner_actor()  # made here, so that no page that is only read has to make it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Asked.of(scope, self._proxies, self._address)
        visitor = Visitor(replace(ANYONE, address=household(asked.client)), secure=asked.secure, access=self._access)
        inside = {**scope, "scheme": "https" if asked.secure else "http", "visitor": visitor}
        inside["client"] = (asked.client, (scope.get("client") or ("", 0))[1])
        answer = self._app
        try:
            await self._find(asked, scope["path"], visitor)
            if asked.safe and _searches(scope):
                self._count(asked, visitor)
        except BroadsheetError as error:
            answer = self._refusing(inside, error)
        except Exception as error:
            log.exception("%s", scope["path"])
            answer = self._refusing(inside, BroadsheetError(repr(error)))

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), message["status"], visitor, asked)
            await send(message)

        await answer(inside, receive, sending)

    async def _find(self, asked: Asked, path: str, visitor: Visitor) -> None:
        """Says in `visitor` who asks. Raises Forbidden for what is not let in, SignInNeeded for a token of nobody."""
        if self._access is Access.SINGLE and not asked.of_this_machine:
            raise Forbidden(
                "This place is for one person: it answers only at this machine, at http://127.0.0.1 or "
                "http://localhost, and through no proxy. To let others in, its owner sets “access” to open or invite."
            )
        if path.startswith(_STATIC):
            return
        if asked.token:
            # A token of another place is none of ours: its holder may read, as everybody may.
            if asked.token.startswith(TOKEN):
                await self._by_token(asked, visitor)
            return
        if asked.elsewhere:
            if not asked.safe and path not in _READS and not path.startswith(_ANYWHERE):
                raise Forbidden("This was sent from a page of another site. Open the page here and try again.")
            return
        if self._access is Access.SINGLE:
            await anyio.to_thread.run_sync(self._owner, visitor)
        else:
            await self._by_cookie(asked, visitor)

    def _owner(self, visitor: Visitor) -> None:
        visitor.actor = owner = self._library.owner_actor()
        visitor.csrf, visitor.unread = self._mine, self._library.unread(owner)

    async def _by_token(self, asked: Asked, visitor: Visitor) -> None:
        def look() -> Actor | None:
            return self._library.token_actor(asked.token, address=household(asked.client))

        actor = await anyio.to_thread.run_sync(look) if len(asked.token) < _LONGEST else None
        if actor is None:
            raise SignInNeeded("This token is not valid: it was ended, has expired, or is misspelt. Make a new one.")
        visitor.actor = actor

    async def _by_cookie(self, asked: Asked, visitor: Visitor) -> None:
        secret, sent = cookies.read(asked.cookies, cookies.SESSION, secure=asked.secure)

        def look() -> tuple[Actor, int] | None:
            known = self._library.session_actor(secret, address=household(asked.client))
            visitor.unread = self._library.unread(known[0]) if known else 0
            return known

        found = await anyio.to_thread.run_sync(look) if secret else None
        # Kept where there is one, so that the form of a second tab stays good; else a new one, which only a page
        # that shows a form asks the browser to keep.
        visitor.browser = cookies.read(asked.cookies, cookies.BROWSER, secure=asked.secure)[0] or secrets.token_urlsafe(
            32
        )
        if found:
            visitor.actor, visitor.session = found
            visitor.csrf = _csrf(secret)
        else:
            visitor.secret = "" if sent else None
            visitor.csrf = _csrf(visitor.browser)

    def _count(self, asked: Asked, visitor: Visitor) -> None:
        visitor.allowance = left = self._searches.count(household(asked.client))
        if left and left.left < 0:
            raise TooMany(
                f"{left.limit:,} searches in {left.window // 60} minutes were made from here. "
                f"Go on in {left.seconds:,} seconds.",
                retry_after=left.seconds,
            )


_LONGEST = 200  # letters of a token


def _searches(scope: Scope) -> bool:
    path = scope["path"]
    return bool(path in _ASKED and scope["query_string"]) or path.startswith(_SEARCHES)


def _csrf(secret: str) -> str:
    return hmac.new(secret.encode(), b"forms", hashlib.sha256).hexdigest()


def _add(headers: MutableHeaders, status: int, visitor: Visitor, asked: Asked) -> None:
    """What an answer carries of who asked: cookies, and what is left of a limit."""
    if visitor.secret is not None:
        headers.append("Set-Cookie", cookies.written(cookies.SESSION, visitor.secret, secure=asked.secure))
    if visitor.keep:
        headers.append("Set-Cookie", cookies.written(cookies.BROWSER, visitor.browser, secure=asked.secure))
    if visitor.allowance:
        headers.update(limits(visitor.allowance))
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Broadsheet"'


def limits(left: Allowance) -> dict[str, str]:
    """The headers of the IETF's draft for what is left of a limit, in the form that Hugging Face's client reads."""
    return {
        "RateLimit": f'"{left.kind}";r={max(0, left.left)};t={left.seconds}',
        "RateLimit-Policy": f'"fixed window";"{left.kind}";q={left.limit};w={left.window}',
    }
