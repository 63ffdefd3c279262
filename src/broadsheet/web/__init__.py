"""The pages: routes on this page, a context for each template in `contexts`, handlers by noun.

    site         what the owner sets: names, address, page size
    editions     /  /date/…  /week/…  /month/…
    results      /search
    facets       what the results can be narrowed by
    patience     searches whose readers have gone
    papers       /papers/…
    citing       /papers/….bib  .ris  .csl.json  .png
    people       signing in, one's account, profiles
    talk         votes, comments, submissions, notices, moderation
    rising       /trending and what is behind it
    circles      groups
    channels     /settings/channels: chats and webhooks
    standing     /standing: searches that run on every new paper
    subscribing  /subscribe  /preferences/…  /unsubscribe/…
    offers       the banner: what each page offers to send by mail
    topics       keywords, authors, categories, trends, the map
    about        /about  /healthz
    crawling     /opensearch.xml  /robots.txt  /sitemap.xml
    jobs         /jobs, for administrators
    letters      /for-me, /letters
    theme        the light or dark preference, a cookie
    accounts     what was announced, and what of it is here
    problems     404, 503, 500, and what helps
    cards        papers as list entries, within a budget of bytes
    marks        the words of a query in a text
    said         dates, counts and sizes in words
    lines        what was counted for a paper, as small lines
    readers      who counts as a reader of a page
    history      what happened to a paper since it was known
    links        code and project pages found in a paper's text
    forms        what is sent, read and checked
    press        templates and assets into responses
    headers      what every response carries
    owned        where feeds of one's own are

Pages need no JavaScript; what there is of it (theme, keys) is one static file.
"""

from collections.abc import Callable
from functools import partial

from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from broadsheet.errors import BroadsheetError
from broadsheet.library import Library
from broadsheet.web import (
    about,
    channels,
    circles,
    citing,
    crawling,
    editions,
    jobs,
    letters,
    papers,
    people,
    problems,
    results,
    rising,
    standing,
    subscribing,
    talk,
    theme,
    topics,
)
from broadsheet.web.headers import Headers
from broadsheet.web.patience import patient
from broadsheet.web.press import Press
from broadsheet.web.site import Site

__all__ = ["Site", "create", "refusing"]

_LEVEL = 4  # of gzip: a page is 3% larger than at 9, in half of the time
_GROUPS = (people, channels, talk, rising, circles, topics, citing, subscribing, standing, letters)


def create(library: Library, site: Site) -> ASGIApp:
    """The site over a library. Handlers are plain functions and run in threads; the library is safe to share."""
    press = Press(site)

    def route(path: str, handler: Callable[[Library, Press, Request], Response], name: str) -> Route:
        return Route(path, partial(handler, library, press), name=name, methods=["GET"])

    app = Starlette(
        routes=[
            route("/", editions.latest, "front"),
            *(
                route(f"/{path}{key}", partial(handler, span), f"{path}-{handler.__name__}")
                for span, path in editions.PATHS.items()
                for key, handler in (("", editions.newest), ("/{key}", editions.edition))
            ),
            Route("/search", patient(partial(results.search, library, press)), name="search", methods=["GET"]),
            # Before the papers: an address below one of them is no paper's name.
            *(one for group in _GROUPS for one in group.routes(library, press)),
            route("/papers/{id:path}", papers.paper, "paper"),
            route("/about", about.about, "about"),
            route("/jobs", jobs.jobs, "jobs"),
            route("/healthz", about.health, "health"),
            route("/robots.txt", crawling.robots, "robots"),
            route("/opensearch.xml", crawling.opensearch, "opensearch"),
            route("/sitemap.xml", crawling.sitemaps, "sitemaps"),
            route("/sitemap/{number}.xml", crawling.sitemap, "sitemap"),
            route("/.well-known/security.txt", crawling.security, "security"),
            route("/.well-known/change-password", crawling.change_password, "change-password"),
            Route("/theme", theme.choose, name="theme", methods=["POST"]),
            Route("/static/{name}", press.static, name="static", methods=["GET"]),
        ],
        exception_handlers={
            404: partial(problems.missing, library, press),
            405: partial(problems.method, press),
            413: partial(problems.too_large, press),
            BroadsheetError: partial(problems.broadsheet_error, library, press),
            Exception: partial(problems.failure, press),
        },
    )
    return Headers(GZipMiddleware(app, minimum_size=1000, compresslevel=_LEVEL))


def refusing(library: Library, site: Site) -> Callable[[BroadsheetError], ASGIApp]:
    """The pages that say why the entrance does not let a request in."""
    press = Press(site)

    def page(problem: BroadsheetError) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            await problems.broadsheet_error(library, press, Request(scope), problem)(scope, receive, send)

        return Headers(answer)

    return page
