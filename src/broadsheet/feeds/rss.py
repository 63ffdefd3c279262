"""RSS 2.0, as the RSS Advisory Board's profile would have it: for readers that know no Atom.

A description is HTML, so that it is escaped twice; a title is text, and is escaped once
(https://www.rssboard.org/rss-profile#element-channel-item-title).
"""

from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from broadsheet.feeds import words
from broadsheet.feeds.shapes import Feed, Item, Site
from broadsheet.feeds.xml import ATOM, DC, HISTORY, add, root, written

MEDIA = "application/rss+xml"
SCHEME = "http://arxiv.org/schemas/atom"


def write(feed: Feed, site: Site, own: str) -> bytes:
    """The feed as a document, whose own address is `own`."""
    spaces: dict[str | None, str] = {"atom": ATOM, "dc": DC}
    spaces |= {"fh": HISTORY} if feed.archive else {}
    top = root("", "rss", spaces, version="2.0")
    channel = add(top, "", "channel")
    name = words.line(feed.title) or site.title
    add(channel, "", "title", name)
    add(channel, "", "link", site.at(feed.page))
    add(channel, "", "description", words.line(feed.subtitle) or name)
    add(channel, "", "language", site.language)
    add(channel, "", "lastBuildDate", date(feed.updated))
    add(channel, "", "generator", "Broadsheet")
    add(channel, ATOM, "link", rel="self", type=MEDIA, href=own)
    for rel, path, fields in feed.turns:
        add(channel, ATOM, "link", rel=rel, type=MEDIA, href=site.at(path, "rss", fields))
    if site.hub and not feed.private:
        add(channel, ATOM, "link", rel="hub", href=site.hub)
    if feed.archive:
        add(channel, HISTORY, "archive")
    for item in feed.items:
        _item(channel, item, site)
    return written(top)


def date(instant: str) -> str:
    """An instant as RFC 822 writes it, with four digits for the year."""
    return format_datetime(datetime.fromisoformat(instant), usegmt=True)


def _item(channel: etree._Element, item: Item, site: Site) -> None:
    entry = add(channel, "", "item")
    add(entry, "", "title", words.title(item))
    add(entry, "", "link", site.at(item.path))
    add(entry, "", "guid", item.name, isPermaLink="false")
    add(entry, "", "pubDate", date(item.published))
    for name in words.authors(item):
        add(entry, DC, "creator", name)
    for code, _ in item.tags:
        add(entry, "", "category", code, domain=SCHEME)
    if item.talk:
        add(entry, "", "comments", site.at(item.talk))
    add(entry, "", "description", words.html(item, site))
