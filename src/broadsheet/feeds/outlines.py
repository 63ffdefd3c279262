"""OPML 2.0 (http://opml.org/spec2.opml): a list of feeds, for readers that take in many at once.

Without a key it has the feeds of everybody; with one, what its owner follows, at addresses with their own keys.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.feeds import words
from broadsheet.feeds.answers import HEADERS, PRIVATE, PUBLIC, Press
from broadsheet.feeds.asking import Asked
from broadsheet.feeds.items import path
from broadsheet.feeds.xml import add, root, written
from broadsheet.ids.categories import NAMES
from broadsheet.library import Library
from broadsheet.types import OwnFeed

MEDIA = "text/x-opml; charset=utf-8"
_TITLE = 300  # characters
_GROUP = (("", "edition"), ("/shelf", "shelf"), ("/discussion", "discussion"))


class Outline(NamedTuple):
    """A feed in a list: what it is called, its address before the ending, and its key."""

    text: str
    path: str
    key: str = ""


def opml(library: Library, press: Press, clock: Callable[[], datetime], request: Request) -> Response:
    """The list. Raises Forbidden for a key that is none."""
    asked, site = Asked.of(request, clock()), press.here(request)
    key = request.query_params.get("key", "")
    outlines = [one for own in library.own_feeds(key=key) for one in _own(own)] if key else _everybodys(library)
    top = root("", "opml", {}, version="2.0")
    head = add(top, "", "head")
    add(head, "", "title", f"{site.title}: what I follow" if key else site.title)
    add(head, "", "dateCreated", format_datetime(asked.now.replace(hour=0, minute=0, second=0), usegmt=True))
    body = add(top, "", "body")
    for text, where, own in outlines:
        given = {"key": own} if own else {}
        name = words.plain(text, _TITLE) or words.UNTITLED
        page = "/" if where in {"/index", "/comments"} else where
        attributes = {"title": name, "xmlUrl": site.at(where, "atom", given), "htmlUrl": site.at(page)}
        outline = add(body, "", "outline", type="rss", **attributes)
        outline.set("text", name)
    headers = {
        **HEADERS,
        "Cache-Control": PRIVATE if key else PUBLIC,
        "Content-Disposition": 'inline; filename="feeds.opml"',
    }
    return Response(written(top), headers=headers, media_type=MEDIA)


def _everybodys(library: Library) -> Iterator[Outline]:
    yield Outline("The newest edition", "/index")
    yield Outline("This week's papers", "/week")
    yield Outline("This month's papers", "/month")
    yield Outline("Trending this week", "/trending")
    yield Outline("Comments", "/comments")
    for code, _ in library.facets("").categories:
        yield Outline(f"{NAMES[code]} ({code})" if code in NAMES else code, f"/categories/{quote(code, safe='')}")


def _own(one: OwnFeed) -> Iterator[Outline]:
    if one.kind == "group":
        for below, what in _GROUP:
            yield Outline(f"{one.title}: {what}", f"/groups/{quote(one.value, safe='')}{below}", one.key)
    elif one.kind == "standing":
        yield Outline(one.title, f"/standing/{one.value}", one.key)
    elif one.kind == "mine":
        yield Outline(one.title, "/for-me", one.key)
    elif one.kind == "paper":
        yield Outline(one.title, path(one.value))
