"""Atom (RFC 4287), with the links of RFC 5005 and WebSub."""

from lxml import etree

from broadsheet.feeds import words
from broadsheet.feeds.shapes import Feed, Item, Site
from broadsheet.feeds.xml import ATOM, HISTORY, LANGUAGE, add, root, written

MEDIA = "application/atom+xml"
SCHEME = "http://arxiv.org/schemas/atom"


def write(feed: Feed, site: Site, own: str) -> bytes:
    """The feed as a document, whose own address is `own`."""
    spaces: dict[str | None, str] = {None: ATOM}
    spaces |= {"fh": HISTORY} if feed.archive else {}
    top = root(ATOM, "feed", spaces)
    top.set(LANGUAGE, site.language)
    add(top, ATOM, "id", feed.name)
    add(top, ATOM, "title", words.line(feed.title) or site.title, type="text")
    if feed.subtitle:
        add(top, ATOM, "subtitle", words.line(feed.subtitle), type="text")
    add(top, ATOM, "updated", feed.updated)
    add(add(top, ATOM, "author"), ATOM, "name", site.title)
    add(top, ATOM, "link", rel="self", type=MEDIA, href=own)
    add(top, ATOM, "link", rel="alternate", type="text/html", href=site.at(feed.page))
    for rel, path, fields in feed.turns:
        add(top, ATOM, "link", rel=rel, type=MEDIA, href=site.at(path, "atom", fields))
    if site.hub and not feed.private:
        add(top, ATOM, "link", rel="hub", href=site.hub)
    if feed.archive:
        add(top, HISTORY, "archive")
    add(top, ATOM, "generator", "Broadsheet")
    for item in feed.items:
        _entry(top, item, site)
    return written(top)


def _entry(top: etree._Element, item: Item, site: Site) -> None:
    entry = add(top, ATOM, "entry")
    add(entry, ATOM, "id", item.name)
    add(entry, ATOM, "title", words.title(item), type="text")
    add(entry, ATOM, "published", item.published)
    add(entry, ATOM, "updated", item.updated)
    for name in words.authors(item):
        add(add(entry, ATOM, "author"), ATOM, "name", name)
    add(entry, ATOM, "link", rel="alternate", type="text/html", href=site.at(item.path))
    for href, text, kind in item.ways:
        add(entry, ATOM, "link", rel="related", type=kind, title=text, href=href)
    if item.talk:
        add(entry, ATOM, "link", rel="replies", type="text/html", href=site.at(item.talk))
    for code, label in item.tags:
        add(entry, ATOM, "category", term=code, scheme=SCHEME, **({"label": label} if label else {}))
    if said := words.summary(item):
        add(entry, ATOM, "summary", said, type="text")
    add(entry, ATOM, "content", words.html(item, site), type="html")
