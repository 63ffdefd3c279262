"""For browsers and crawlers: the search in the address bar, the site map, and where things are by convention.

    /opensearch.xml                 a browser that reads it can search here from its address bar
    /robots.txt                     what need not be crawled, and where the map is
    /sitemap.xml, /sitemap/N.xml    every paper with its last change, in stretches of equal numbers
    /.well-known/security.txt       where a weakness of this site is reported (RFC 9116)
    /.well-known/change-password    where a password manager looks (https://w3c.github.io/webappsec-change-password-url)

Protocols: https://github.com/dewitt/opensearch (1.1) and https://www.sitemaps.org/protocol.html: at most 50,000
addresses in a file, and 50,000 files, so that two billion papers could be told of.
"""

from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from broadsheet import tex
from broadsheet.errors import NotFound
from broadsheet.library import Library
from broadsheet.web import cards
from broadsheet.web.press import Press

XML = "application/xml; charset=utf-8"
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SECURITY_FOR = timedelta(days=90)  # that it may be believed; it is made anew for who asks
_HOUR = {"Cache-Control": "public, max-age=3600"}
# Papers, editions and topics may be crawled. Searches have no end, and the rest is for people.
_FOR_PEOPLE = ("/search", "/theme", "/sign-in", "/settings", "/groups", "/inbox", "/moderation")
_FOR_PROGRAMS = ("/api/", "/oai", "/mcp", "/bulk/")


def base(press: Press, request: Request) -> str:
    """The address of this site, without a stroke at its end: the public one where the owner has set it."""
    return press.site.address.rstrip("/") or str(request.base_url).rstrip("/")


def opensearch(library: Library, press: Press, request: Request) -> Response:  # noqa: ARG001 - a handler's shape
    """The description that makes a browser offer this search."""
    here, title = escape(base(press, request)), escape(tex.clean(press.site.title))
    content = (
        f'{_HEAD}<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        f"<ShortName>{title[:16].strip()}</ShortName><LongName>{title[:48].strip()}</LongName>"
        f"<Description>{escape(tex.clean(press.site.tagline))[:1024]}</Description>"
        "<InputEncoding>UTF-8</InputEncoding><OutputEncoding>UTF-8</OutputEncoding>"
        f'<Image width="16" height="16" type="image/svg+xml">{here}/static/broadsheet.svg</Image>'
        f'<Url type="text/html" method="get" template="{here}/search?q={{searchTerms}}"/>'
        f'<Url type="application/atom+xml" method="get" template="{here}/api/query?search_query={{searchTerms}}'
        f'&amp;start={{startIndex?}}&amp;max_results={{count?}}" indexOffset="0"/>'
        f'<Url type="application/opensearchdescription+xml" rel="self" template="{here}/opensearch.xml"/>'
        "</OpenSearchDescription>"
    )
    return Response(content, media_type="application/opensearchdescription+xml", headers=_HOUR)


def robots(library: Library, press: Press, request: Request) -> Response:  # noqa: ARG001 - a handler's shape
    """What need not be crawled, and where the map is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in (*_FOR_PEOPLE, *_FOR_PROGRAMS))]
    return PlainTextResponse("\n".join([*lines, f"Sitemap: {base(press, request)}/sitemap.xml", ""]))


def sitemaps(library: Library, press: Press, request: Request) -> Response:
    """The list of the maps, each with the newest change in it."""
    here = escape(base(press, request))
    parts = (
        f"<sitemap><loc>{here}/sitemap/{number}.xml</loc><lastmod>{at}</lastmod></sitemap>"
        for number, at in library.stretches()
    )
    content = f"{_HEAD}<sitemapindex {_SITEMAP}>{''.join(parts)}</sitemapindex>"
    return Response(content, media_type=XML, headers=_HOUR)


def sitemap(library: Library, press: Press, request: Request) -> Response:
    """One map. Raises NotFound for a number that has none."""
    text = request.path_params["number"]
    papers = library.stretch_of(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else []
    if not papers:
        raise NotFound("There is no such part of the site map.")
    here = base(press, request)
    rows = (f"<url><loc>{escape(here + cards.path(key))}</loc><lastmod>{at}</lastmod></url>" for key, at in papers)
    return Response(f"{_HEAD}<urlset {_SITEMAP}>{''.join(rows)}</urlset>", media_type=XML, headers=_HOUR)


def security(library: Library, press: Press, request: Request) -> Response:  # noqa: ARG001 - a handler's shape
    """Where a weakness is reported. Raises NotFound where the owner did not say."""
    contact = press.site.security
    if not contact:
        raise NotFound("Whom to tell of a weakness is not said here.")
    expires = (datetime.now(UTC) + _SECURITY_FOR).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: {contact if '://' in contact else f'mailto:{contact}'}", f"Expires: {expires}"]
    lines.append(f"Canonical: {base(press, request)}/.well-known/security.txt")
    return PlainTextResponse("\n".join([*lines, ""]), headers=_HOUR)


def change_password(library: Library, press: Press, request: Request) -> Response:  # noqa: ARG001 - a handler's shape
    """Where a password manager looks."""
    return RedirectResponse("/settings", 302)
