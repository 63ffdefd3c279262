"""Feeds as answers: in the form asked for, and only to who does not have them yet.

The mark of a feed is made of what stands in it, before any of it is written; who has it already (If-None-Match) gets
304 for the price of reading the list. When it last changed is remembered as far as this process saw it: a time that is
too late costs a reader one answer, and one that is too early would cost them news.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b
from types import MappingProxyType
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

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
from broadsheet.feeds import atom, jsonfeed, rss
from broadsheet.feeds.shapes import Feed, Site

FORMS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"atom": (atom.MEDIA, "charset=utf-8"), "rss": (rss.MEDIA, "charset=utf-8"), "json": (jsonfeed.MEDIA, "")}
)
_WRITERS = MappingProxyType({"atom": atom.write, "rss": rss.write, "json": jsonfeed.write})
PUBLIC, PRIVATE = "public, max-age=300", "private, no-cache"
HEADERS = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }
)
_WRITTEN = 1  # goes up when a form is written differently: what readers have is then out of date
_REMEMBERED = 20_000  # feeds


class Changes:
    """When each feed last changed, as far as was seen. Safe to share among threads."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    def at(self, feed: str, mark: str, now: datetime) -> datetime:
        """Since when this feed has had this mark, to the second; never the same second for two marks in a row."""
        now = now.astimezone(UTC).replace(microsecond=0)
        with self._lock:
            known = self._seen.pop(feed, None)
            if known is None or known[0] != mark:
                known = mark, max(now, known[1] + timedelta(seconds=1)) if known else now
            self._seen[feed] = known
            if len(self._seen) > _REMEMBERED:
                del self._seen[next(iter(self._seen))]
            return known[1]


@dataclass(frozen=True, slots=True)
class Press:
    """Answers with feeds. `site` may have no address: then it is that of the request."""

    site: Site
    changes: Changes

    def answer(self, request: Request, feed: Feed, ending: str, now: datetime) -> Response:
        """The feed, or 304 without a body."""
        site = self.here(request)
        media, charset = FORMS[ending]
        own = as_asked(request, site.of(feed, ending))
        # Weak, because it may travel compressed. What every document says is part of it: the site, its own address.
        around = blake2b(repr((_WRITTEN, site, own)).encode("utf-8", "replace"), digest_size=6).hexdigest()
        tag = f'W/"{feed.mark()}{around}"'
        changed = self.changes.at(own, tag, now)
        headers = {
            **HEADERS,
            "ETag": tag,
            "Last-Modified": format_datetime(changed, usegmt=True),
            "Cache-Control": PRIVATE if feed.private else PUBLIC,
            "Link": f'<{own}>; rel="self"',
        }
        if feed.private:
            headers["Vary"] = "Cookie, Authorization"
        else:
            headers["Access-Control-Allow-Origin"] = "*"
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            headers["Link"] += f', <{site.hub}>; rel="hub"' if site.hub else ""
        if not headers["Link"].isascii():  # an address in letters of its own stands in the document
            del headers["Link"]
        if known(request, tag, changed):
            return Response(status_code=304, headers=headers)
        headers["Content-Type"] = f"{media}; {charset}" if charset else media
        return Response(_WRITERS[ending](feed, site, own), headers=headers)

    def here(self, request: Request) -> Site:
        """The site as who asks should know it."""
        if self.site.address:
            return self.site
        return Site(self.site.title, str(request.base_url).rstrip("/"), self.site.hub, self.site.language)


def as_asked(request: Request, own: str) -> str:
    """The feed's own address, spelt as who asks did where that means the same: subscribers of a hub compare letters."""
    site, _, query = own.partition("?")
    if sorted(parse_qsl(query)) != sorted(parse_qsl(request.url.query)):
        return own
    return f"{site}?{request.url.query}" if query else own


def known(request: Request, tag: str, changed: datetime) -> bool:
    """Whether who asks has it already: RFC 9110, section 13. A date that is none is as if it were not there."""
    if (tags := request.headers.get("if-none-match")) is not None:
        given = {one.strip().removeprefix("W/") for one in tags.split(",")}
        return "*" in given or tag.removeprefix("W/") in given
    since = request.headers.get("if-modified-since", "")
    try:
        return changed <= parsedate_to_datetime(since).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return False


# The first that fits.
_STATUS: tuple[tuple[type[BroadsheetError], int], ...] = (
    (NotFound, 404),
    (SignInNeeded, 401),
    (Forbidden, 403),
    (TooMany, 429),
    (Conflict, 409),
    (Refused, 400),
    (Unavailable, 503),
    (Busy, 503),
    (StorageFull, 503),
)
_BROKEN = "Something broke here. This is our fault, not yours."


def problem(error: Exception) -> Response:
    """What went wrong, in a sentence; nobody but a person who looks at the address sees it."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    headers = {**HEADERS, "Cache-Control": "no-store"}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(max(1, round(error.retry_after)))
    elif status == 503:
        headers["Retry-After"] = "5"
    text = str(error) if status < 500 or status == 503 else _BROKEN
    return Response(f"{text}\n".encode("utf-8", "replace"), status, headers, "text/plain; charset=utf-8")
