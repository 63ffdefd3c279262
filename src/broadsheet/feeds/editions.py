"""Editions as feeds: that of a day, a week or a month, and the newest of each, which goes on and on.

All are archived feeds (RFC 5005, section 4): from the newest edition `prev-archive` leads to those before it, whose
documents change no more but for votes. Each is also one page of its edition; `next` leads to the rest of it.
"""

from broadsheet import said
from broadsheet.feeds.asking import Asked
from broadsheet.feeds.items import of_paper
from broadsheet.feeds.shapes import Feed, Item, Site, Turn
from broadsheet.library import Library
from broadsheet.types import Edition, Entry, Span

PATHS = {Span.DAY: "date", Span.WEEK: "week", Span.MONTH: "month"}
NEWEST = {Span.DAY: "/index", Span.WEEK: "/week", Span.MONTH: "/month"}
_NEWEST = {Span.DAY: "the newest edition", Span.WEEK: "this week's papers", Span.MONTH: "this month's papers"}
_PAGES = {Span.DAY: "/", Span.WEEK: "/week", Span.MONTH: "/month"}


def newest(span: Span, library: Library, site: Site, asked: Asked) -> Feed:
    """The newest edition of a length."""
    found = library.edition(span, None, limit=asked.limit, offset=asked.offset)
    return _feed(library, site, asked, found, newest=True)


def edition(span: Span, library: Library, site: Site, asked: Asked) -> Feed:
    """The edition of a day, a week or a month. Raises NotFound for a name of none."""
    found = library.edition(span, asked.part("key"), limit=asked.limit, offset=asked.offset)
    return _feed(library, site, asked, found, newest=False)


def why(entry: Entry) -> str:
    """Why a paper has its place, where there is something to say."""
    if entry.reason == "submitted" and entry.by:
        return f"Submitted by {entry.by.shown or entry.by.name}."
    return f"Placed by the automatic editor: {entry.why}." if entry.why else ""


def _feed(library: Library, site: Site, asked: Asked, found: Edition, *, newest: bool) -> Feed:
    span = found.span
    path = NEWEST[span] if newest else f"/{PATHS[span]}/{found.key}"
    heading, days = said.edition(found)
    turns = asked.turns(path, asked.usual, found.total)
    if found.previous and asked.page == 1:
        turns.append(Turn("prev-archive", f"/{PATHS[span]}/{found.previous}", asked.usual))
    if not newest:
        turns.append(Turn("current", NEWEST[span], asked.usual))
        if found.next and asked.page == 1:
            turns.append(Turn("next-archive", f"/{PATHS[span]}/{found.next}", asked.usual))
    return Feed(
        library.feed_name("feed", path),
        path,
        _PAGES[span] if newest else path,
        f"{site.title}: {_NEWEST[span] if newest else heading}",
        subtitle=" ".join(filter(None, (heading if newest else "", f"({days})" if days else "", found.note))),
        items=[_item(library, asked, entry) for entry in found.entries],
        fields=asked.at(asked.usual, asked.page),
        turns=turns,
        since=f"{found.first}T00:00:00Z",
        archive=not newest and not found.latest and bool(found.next),
    )


def _item(library: Library, asked: Asked, entry: Entry) -> Item:
    return of_paper(library, entry.paper, asked.now, note=why(entry), day=entry.day)
