"""What went wrong, said helpfully: 404, 405, 413, 503, 500, and what the door refuses: 400, 401, 403, 409, 429."""

import logging
import re
from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from broadsheet import ids, said
from broadsheet.errors import (
    BroadsheetError,
    Busy,
    Conflict,
    Forbidden,
    NotFound,
    Refused,
    SignInNeeded,
    StorageFull,
    TooMany,
    Unavailable,
)
from broadsheet.library import Library
from broadsheet.types import Span
from broadsheet.web import links
from broadsheet.web.cards import searching
from broadsheet.web.contexts import Link, ProblemPage
from broadsheet.web.press import Press

log = logging.getLogger("broadsheet.web")

FRONT = Link("/", "The latest edition")
_DATE = re.compile(r"(\d{4})-(\d{1,2})")
# What these name is not looked for: files, groups, and secrets of links in letters.
_NO_WORDS = ("/static/", "/groups", "/unsubscribe", "/preferences", "/subscribe", "/sign-in")


def missing(library: Library, press: Press, request: Request, error: Exception) -> Response:
    """404, with a search for what the address seems to name."""
    path = request.url.path
    message = str(error)[:300] if isinstance(error, NotFound) else "There is no page at this address."
    ways, query = [], ""
    if path.startswith("/papers/"):
        key = path.removeprefix("/papers/").strip("/")[:200]
        ways = links.elsewhere(key)
        query = "" if ways or ids.identifiers(key) else key.removeprefix("bs:")
    elif path.startswith(("/date/", "/week/", "/month/")):
        ways = _nearby(library, path)
    elif (words := re.sub(r"[\W_]+", " ", path).strip()[:80]) and not path.startswith(_NO_WORDS):
        query = words
    if query:
        ways = [Link(searching(q=query), f"Search for “{query}”"), *ways]
    return _page(press, request, 404, "Not in this paper", message, [*ways, FRONT])


def _nearby(library: Library, path: str) -> list[Link]:
    """The month that the address names, if it names one."""
    match = _DATE.search(path)
    if match is None or not 1 <= int(match[2]) <= 12:
        return []
    key = f"{match[1]}-{int(match[2]):02d}"
    try:
        edition = library.edition(Span.MONTH, key, limit=1)
    except NotFound:
        return []
    ways = [Link(f"/month/{key}", said.day(key))] if edition.total else []
    near = [other for other in (edition.previous, edition.next) if other] if not edition.total else []
    return ways + [Link(f"/month/{other}", said.day(other)) for other in near]


def method(press: Press, request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's shape
    """405: pages are read, not written. `Allow` names the methods of all routes that an address has."""
    page = _page(press, request, 405, "Not like this", "This address cannot be used in this way.", [FRONT])
    routes = [one for one in request.app.routes if isinstance(one, Route)]
    fitting = [one for one in routes if one.matches(request.scope)[0] is not Match.NONE]
    page.headers["Allow"] = ", ".join(sorted({name for one in fitting for name in one.methods or ()}))
    return page


def too_large(press: Press, request: Request, error: Exception) -> Response:
    """413: a form that holds too much."""
    return _page(press, request, 413, "Too long", getattr(error, "detail", "") or "This is too long.", [FRONT])


def broadsheet_error(library: Library, press: Press, request: Request, error: Exception) -> Response:
    """What the door says, as a page: not there, busy, or damaged."""
    if isinstance(error, NotFound):
        return missing(library, press, request, error)
    if refused := next((row for row in _REFUSED if isinstance(error, row[0])), None):
        _, code, heading = refused
        ways = [Link(f"/sign-in?{urlencode({'back': _back(request)})}", "Sign in")] if code == 401 else []
        response = _page(press, request, code, heading, str(error)[:600], [*ways, FRONT])
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(max(1, round(error.retry_after)))
        return response
    if isinstance(error, Busy | StorageFull):
        response = _page(press, request, 503, "One moment", f"{error} Please try again shortly.")
        response.headers["Retry-After"] = "5"
        return response
    log.error("%s: %s", request.url.path, error)
    return failure(press, request, error)


def _back(request: Request) -> str:
    """Where to go on after signing in: the page itself, or the one that its form stood on."""
    if request.method == "GET":
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return urlsplit(request.headers.get("referer", "")).path or "/"


# The first that fits, with the status of its page and the heading.
_REFUSED: tuple[tuple[type[BroadsheetError], int, str], ...] = (
    (SignInNeeded, 401, "Who are you?"),
    (Forbidden, 403, "Not for you"),
    (TooMany, 429, "Not so fast"),
    (Conflict, 409, "Somebody was faster"),
    (Unavailable, 503, "Not now"),
    (Refused, 400, "This cannot be used"),
)


def failure(press: Press, request: Request, error: Exception) -> Response:
    """500. What exactly happened is for the log, not for the page."""
    hint = "If this is your own installation, “broadsheet doctor” says what is wrong and how to mend it."
    heading = "The catalogue cannot be read" if isinstance(error, BroadsheetError) else "Something broke here"
    return _page(press, request, 500, heading, f"This is our fault, not yours. {hint}")


def _page(press: Press, request: Request, code: int, heading: str, message: str, ways: Sequence[Link] = ()) -> Response:  # noqa: PLR0917
    frame = press.frame(request, f"{heading} · {press.site.title}", message, indexed=False)
    return press.page(request, ProblemPage(frame, code, heading, message, ways), code)
