"""Feeds: every list of papers here as Atom, RSS 2.0 and JSON Feed, at the list's own address with an ending.

    editions    /index  /date/…  /week/…  /month/…
    finding     /trending  /search  /topics/…  /authors/…  /categories/…
    papers      /papers/…: what happens to one; its comments; /comments
    people      /people/…: what somebody submits; groups, standing queries, what suits somebody
    outlines    /feeds.opml: a list of feeds
    asking      what an address asks
    items       papers, comments and what happens, as entries
    words       entries in words, and as HTML
    atom, rss, jsonfeed, xml    the forms
    answers     forms as answers; 304; what went wrong
    news        which feeds have something new, for a hub

A list becomes a `Feed` (`shapes`) first, which knows no form. `create` makes the whole as one application, `asks_here`
says which requests are for it.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import cast

from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from broadsheet.errors import BroadsheetError, NotFound
from broadsheet.feeds import editions, finding, outlines, papers, people
from broadsheet.feeds.answers import FORMS, HEADERS, Changes, Press, problem
from broadsheet.feeds.asking import Asked
from broadsheet.feeds.news import News, news
from broadsheet.feeds.shapes import Feed, Site
from broadsheet.library import Library
from broadsheet.types import Span

__all__ = ["News", "Patient", "Site", "asks_here", "create", "news", "refusing"]

log = logging.getLogger("broadsheet.feeds")

Searching = Callable[[Request, Callable[[], bool]], Response]
Patient = Callable[[Searching], Callable[[Request], Awaitable[Response]]]
"""Makes an endpoint of a handler that searches: it waits its turn, and is told when nobody waits for it any more."""
Clock = Callable[[], datetime]
Listing = Callable[[Library, Site, Asked], Feed]

_LISTS: tuple[tuple[str, Listing], ...] = (
    ("/index", partial(editions.newest, Span.DAY)),
    *((f"/{path}", partial(editions.newest, span)) for span, path in editions.PATHS.items()),
    *((f"/{path}/{{key}}", partial(editions.edition, span)) for span, path in editions.PATHS.items()),
    ("/trending", finding.trending),
    ("/comments", papers.latest),
    ("/for-me", people.mine),
    ("/standing/{number:int}", people.standing),
    ("/people/{name}", people.submissions),
    ("/groups/{name}", partial(people.group, Span.DAY)),
    *(
        (f"/groups/{{name}}/{path}{key}", partial(people.group, span))
        for span, path in editions.PATHS.items()
        for key in ("", "/{key}")
    ),
    ("/groups/{name}/shelf", people.shelf),
    ("/groups/{name}/discussion", people.discussion),
)
_BELOW: tuple[tuple[str, Listing], ...] = (
    ("/papers/{id:path}/comments", papers.comments),
    ("/papers/{id:path}", papers.changes),
)
# These are searches, and wait in their line.
_TOPICS: tuple[tuple[str, Callable[..., Feed]], ...] = (
    *((f"/{path}/{{name:path}}", partial(finding.topic, kind)) for kind, path in finding.TOPICS.items()),
)
_LEVEL = 4  # of gzip: a twentieth more bytes than 9, in half the time
_ENDING = r"\.(?:atom|rss|json)"
_HERE = re.compile(
    rf"/(?:index|date|week|month|trending|search|comments|for-me){_ENDING}"
    rf"|/(?:date|week|month|people|standing)/[^/]+{_ENDING}"
    rf"|/groups/[^/]+(?:/shelf|/discussion|/(?:date|week|month)(?:/[^/]+)?)?{_ENDING}"
    rf"|/(?:topics|authors|categories)/.+{_ENDING}"
    rf"|/papers/.+(?<!\.csl){_ENDING}"
    rf"|/{_ENDING}|/feeds\.opml"
)


def create(
    library: Library, site: Site, *, patient: Patient, pages: ASGIApp, clock: Clock, changes: Changes | None = None
) -> ASGIApp:
    """All feeds over a library. Handlers are plain functions and run in threads.

    A paper, a keyword or an author may be called something that ends as a feed does: where there is no feed, `pages`
    answers. `clock` gives the present instant, with a time zone.
    """
    press = Press(site, changes or Changes())

    def made(listing: Callable[..., Feed], ending: str, request: Request, *more: object) -> Response:
        asked = Asked.of(request, clock())
        return press.answer(request, listing(library, press.here(request), asked, *more), ending, asked.now)

    def or_page(listing: Callable[..., Feed], ending: str, request: Request, *more: object) -> Response:
        try:
            return made(listing, ending, request, *more)
        except NotFound:
            return cast("Response", pages)  # any application is an answer

    routes = [
        *(
            Route(f"{path}.{end}", partial(made, listing, end), methods=["GET"])
            for path, listing in _LISTS
            for end in FORMS
        ),
        *(
            Route(f"{path}.{end}", partial(or_page, listing, end), methods=["GET"])
            for path, listing in _BELOW
            for end in FORMS
        ),
        *(
            Route(f"{path}.{end}", patient(partial(or_page, listing, end)), methods=["GET"])
            for path, listing in _TOPICS
            for end in FORMS
        ),
        *(Route(f"/search.{end}", patient(partial(made, finding.search, end)), methods=["GET"]) for end in FORMS),
        *(Route(f"/.{end}", partial(_front, end), methods=["GET"]) for end in FORMS),
        Route("/feeds.opml", partial(outlines.opml, library, press, clock), methods=["GET"]),
    ]
    app = Starlette(routes=routes, exception_handlers={404: _missing, BroadsheetError: _problem, Exception: _problem})
    return GZipMiddleware(app, minimum_size=1_000, compresslevel=_LEVEL)


def asks_here(scope: Scope) -> bool:
    """Whether a request is for this face: somebody reads an address that ends as a feed does."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return False
    return _HERE.fullmatch(scope["path"]) is not None


def refusing(error: BroadsheetError) -> ASGIApp:
    """The answer to a request that the entrance does not let in."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await problem(error)(scope, receive, send)

    return answer


def _front(ending: str, request: Request) -> Response:
    """The front page's address with an ending; the feed has a name of its own, which can be typed."""
    return RedirectResponse(str(request.url.replace(path=f"/index.{ending}")), 301, HEADERS)


def _missing(_request: Request, _error: Exception) -> Response:
    return problem(NotFound("There is no feed at this address. What there is: docs/feeds.md."))


def _problem(request: Request, error: Exception) -> Response:
    answer = problem(error)
    if answer.status_code == 500:
        log.error("%s: %r", request.url.path, error)
    return answer
