"""What makes a feed a good one, as rules with names: RFC 4287 (Atom), RSS 2.0 with the profile of its board, RFC 5005,
JSON Feed 1.1 and OPML 2.0, as far as the W3C's validator looks at them or readers have been seen to stumble.

Each function takes a document as it travelled and returns the names of the rules that it breaks, none twice.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import html5lib
from lxml import etree

ATOM, DC, FH = (
    "http://www.w3.org/2005/Atom",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/syndication/history/1.0",
)
XML = "http://www.w3.org/XML/1998/namespace"
A, D, F = f"{{{ATOM}}}", f"{{{DC}}}", f"{{{FH}}}"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_RFC822 = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_URN = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RELATIONS = {
    "self", "alternate", "hub", "first", "previous", "next", "last", "current", "prev-archive", "next-archive",
}  # fmt: skip
_ALLOWED = {"p", "em", "a"}  # what every reader shows
_MEDIA = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json",
}
_CHANNEL = {"title", "link", "description", "language", "lastBuildDate", "generator", "item"}
_ITEM = {"title", "link", "guid", "pubDate", "category", "comments", "description"}
_JSON_FEED = {
    "version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url", "icon", "favicon",
    "authors", "language", "expired", "hubs", "items",
}  # fmt: skip
_JSON_ITEM = {
    "id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image",
    "date_published", "date_modified", "authors", "tags", "language", "attachments",
}  # fmt: skip

_LATER = "nothing is updated before it is published"

Broken = Iterator[str]


def broken(ending: str, document: bytes, *, address: str, media: str, now: datetime) -> list[str]:
    """The rules that a document breaks which came from an address as a type of the web."""
    check: Callable[[bytes, str, datetime], Broken] = {"atom": _atom, "rss": _rss, "json": _json}[ending]
    found = [] if media == _MEDIA[ending] else [f"travels as {_MEDIA[ending]}"]
    return list(dict.fromkeys([*found, *check(document, address, now)]))


def opml(document: bytes) -> list[str]:
    """The rules of OPML 2.0 for lists of subscriptions that a document breaks."""
    return list(dict.fromkeys(_opml(document)))


# Atom


def _atom(document: bytes, address: str, now: datetime) -> Broken:
    top = _read(document)
    if top is None or top.tag != f"{A}feed":
        yield "is an Atom feed"
        return
    entries = top.findall(f"{A}entry")
    orphans = not top.findall(f"{A}author") and any(not entry.findall(f"{A}author") for entry in entries)
    last = max((entry.findtext(f"{A}updated", "") for entry in entries), default="")
    tags = [child.tag for child in top]
    yield from _each(
        (not _LANGUAGE.fullmatch(top.get(f"{{{XML}}}lang", "")), "names its language"),
        *((len(top.findall(A + name)) != 1, f"a feed has one {name}") for name in ("id", "title", "updated")),
        (len(top.findall(f"{A}link[@rel='alternate']")) != 1, "leads to its page"),
        (orphans, "every entry has an author, of its own or the feed's"),
        (last > top.findtext(f"{A}updated", ""), "a feed is as new as its newest entry"),
        (f"{A}entry" in tags[: len(tags) - len(entries)], "entries come last"),
    )
    yield from _links(top, address, ATOM)
    yield from _names([entry.findtext(f"{A}id", "") for entry in entries] + [top.findtext(f"{A}id", "")])
    yield from _constructs(top, now)
    for entry in entries:
        yield from _entry(entry)


def _entry(entry: etree._Element) -> Broken:
    alternates = Counter((one.get("type"), one.get("hreflang")) for one in entry.findall(f"{A}link[@rel='alternate']"))
    content = entry.find(f"{A}content")
    once = ("id", "title", "updated", "published", "content")
    yield from _each(
        *((len(entry.findall(A + name)) != 1, f"an entry has one {name}") for name in once),
        (not entry.findtext(f"{A}title", "").strip(), "a title says something"),
        (len(entry.findall(f"{A}summary")) > 1, "an entry has one summary at most"),
        (entry.findtext(f"{A}published", "") > entry.findtext(f"{A}updated", ""), _LATER),
        (set(alternates.values()) != {1}, "an entry leads to one page of a type"),
        (not all(_absolute(link.get("href", "")) for link in entry.findall(f"{A}link")), "addresses are absolute"),
        (not all(one.get("term") for one in entry.findall(f"{A}category")), "a category has a term"),
        (content is not None and (content.get("type") != "html" or len(content) > 0), "content is HTML, escaped"),
    )
    yield from _html(entry.findtext(f"{A}content", ""))


def _constructs(top: etree._Element, now: datetime) -> Broken:
    for element in top.iter(f"{A}title", f"{A}subtitle", f"{A}summary"):
        if element.get("type", "text") != "text" or len(element):
            yield "titles and summaries are text"
    for element in top.iter(f"{A}updated", f"{A}published"):
        if not _RFC3339.fullmatch(element.text or ""):
            yield "dates are RFC 3339's"
        elif not _plausible(datetime.fromisoformat(element.text or ""), now):
            yield "dates are plausible"
    for author in top.iter(f"{A}author"):
        if [child.tag for child in author] != [f"{A}name"] or not (author[0].text or "").strip():
            yield "an author has a name"
    for element in top.iter():
        if etree.QName(element).namespace not in (ATOM, FH):
            yield "nothing of unknown namespaces"


# RSS


def _rss(document: bytes, address: str, now: datetime) -> Broken:
    top = _read(document)
    channel = top.find("channel") if top is not None else None
    if top is None or channel is None or (top.tag, top.get("version"), len(top)) != ("rss", "2.0", 1):
        yield "is RSS 2.0"
        return
    unknown = {child.tag for child in channel} - _CHANNEL - {f"{A}link", f"{F}archive"}
    once = ("title", "link", "description", "language", "lastBuildDate")
    yield from _each(
        *((not _once(channel, name), f"a channel has one {name}") for name in once),
        (not _LANGUAGE.fullmatch(channel.findtext("language", "")), "names its language"),
        (bool(unknown), f"nothing unknown: {sorted(unknown)}"),
    )
    yield from _links(channel, address, ATOM)
    items = channel.findall("item")
    yield from _names([item.findtext("guid", "") for item in items])
    for date in channel.iter("lastBuildDate", "pubDate"):
        yield from _rss_date(date.text or "", now)
    for item in items:
        yield from _item(item)


def _rss_date(text: str, now: datetime) -> Broken:
    if not _RFC822.fullmatch(text):
        yield "dates are RFC 822's, with four digits for the year"
    elif not _plausible(parsedate_to_datetime(text), now):
        yield "dates are plausible"
    elif f"{parsedate_to_datetime(text):%a}" != text[:3]:
        yield "the day of the week is that of the date"


def _item(item: etree._Element) -> Broken:
    unknown = {child.tag for child in item} - _ITEM - {f"{D}creator"}
    addresses = [item.findtext("link", ""), *(one.text or "" for one in item.findall("comments"))]
    authors = [one.text or "" for one in item.findall(f"{D}creator")]
    yield from _each(
        *((not _once(item, name), f"an item has one {name}") for name in ("title", "link", "guid", "description")),
        (not _once(item, "pubDate"), "an item has one pubDate"),
        (bool(unknown), f"nothing unknown: {sorted(unknown)}"),
        (not item.findall("guid[@isPermaLink='false']"), "a guid that is no address says so"),
        (not all(map(_absolute, addresses)), "addresses are absolute"),
        (not all(author.strip() for author in authors), "an author has a name"),
    )
    yield from _html(item.findtext("description", ""))


# JSON Feed


def _json(document: bytes, address: str, now: datetime) -> Broken:
    try:
        top = json.loads(document)
    except ValueError:
        yield "is JSON"
        return
    if not str(top.get("title", "")).strip() or not isinstance(top.get("items"), list):
        yield "has a title and items"
        return
    unknown = {key for key in top if key not in _JSON_FEED and not key.startswith("_")}
    addresses = [top[name] for name in ("home_page_url", "feed_url", "next_url") if name in top]
    hubs = top.get("hubs", [])
    yield from _each(
        (top.get("version") != "https://jsonfeed.org/version/1.1", "is JSON Feed 1.1"),
        (bool(unknown), f"nothing unknown: {sorted(unknown)}"),
        (top.get("feed_url") != address, "says its own address"),
        (not all(map(_absolute, addresses)), "addresses are absolute"),
        (not _LANGUAGE.fullmatch(str(top.get("language", ""))), "names its language"),
        (not all(hub.keys() == {"type", "url"} and _absolute(hub["url"]) for hub in hubs), "a hub has an address"),
        (not _named(top.get("authors")), "an author has a name"),
    )
    yield from _names([str(item.get("id", "")) for item in top["items"]])
    for item in top["items"]:
        yield from _json_item(item, now)


def _json_item(item: dict[str, Any], now: datetime) -> Broken:
    unknown = {key for key in item if key not in _JSON_ITEM and not key.startswith("_")}
    dates = [str(item.get(name, "")) for name in ("date_published", "date_modified")]
    good = all(map(_RFC3339.fullmatch, dates))
    yield from _each(
        (bool(unknown), f"nothing unknown: {sorted(unknown)}"),
        (not isinstance(item.get("id"), str), "an id is a text"),
        (not (item.get("content_html") or item.get("content_text")), "an item has content"),
        (not all(_absolute(item[name]) for name in ("url", "external_url") if name in item), "addresses are absolute"),
        (not good, "dates are RFC 3339's"),
        (good and not all(_plausible(datetime.fromisoformat(date), now) for date in dates), "dates are plausible"),
        (dates[0] > dates[1], _LATER),
        (not all(isinstance(tag, str) and tag for tag in item.get("tags", [])), "tags are texts"),
        (not _named(item.get("authors", [{"name": "-"}])), "an author has a name"),
    )
    yield from _html(item.get("content_html", ""))


def _named(authors: Any) -> bool:
    return isinstance(authors, list) and bool(authors) and all(one.get("name", "").strip() for one in authors)


# OPML


def _opml(document: bytes) -> Broken:
    top = _read(document)
    if top is None:
        yield "is XML"
        return
    if top.tag != "opml" or top.get("version") != "2.0" or [child.tag for child in top] != ["head", "body"]:
        yield "is OPML 2.0"
        return
    date = top.findtext("head/dateCreated", "")
    if not _RFC822.fullmatch(date):
        yield "dates are RFC 822's, with four digits for the year"
    outlines = top.findall("body/outline")
    if not outlines:
        yield "a body has outlines"
    for outline in outlines:
        if not outline.get("text", "").strip():
            yield "an outline has a text"
        if outline.get("type") != "rss" or not _absolute(outline.get("xmlUrl", "")):
            yield "a subscription has the type rss and an address"
        if outline.text:
            yield "an outline holds nothing but outlines"
    if len({outline.get("xmlUrl") for outline in outlines}) != len(outlines):
        yield "no subscription comes twice"


# All of them


def _each(*found: tuple[bool, str]) -> Broken:
    """The names of the rules beside which a fault was found."""
    return (rule for wrong, rule in found if wrong)


def _once(parent: etree._Element, name: str) -> bool:
    return len(parent.findall(name)) == 1 and bool(parent.findtext(name, "").strip())


def _read(document: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(document, etree.XMLParser(recover=False, resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None


def _links(top: etree._Element, address: str, space: str) -> Broken:
    """Links of a feed: its own address, and those of RFC 5005, of each kind one."""
    links = [(one.get("rel", "alternate"), one.get("href", "")) for one in top.findall(f"{{{space}}}link")]
    if [href for rel, href in links if rel == "self"] != [address]:
        yield "says its own address"
    if any(not _absolute(href) for _, href in links):
        yield "addresses are absolute"
    if {rel for rel, _ in links} - _RELATIONS:
        yield "links have known relations"
    if max(Counter(rel for rel, _ in links).values(), default=0) > 1:
        yield "a relation comes once"
    paged = {rel for rel, _ in links} & {"first", "previous", "next", "last"}
    if paged and not paged & {"previous", "next"} and dict(links).get("first") in (None, address):
        yield "a page of several leads on or back"


def _names(names: list[str]) -> Broken:
    if len(set(names)) != len(names):
        yield "nothing comes twice"
    if any(not _URN.fullmatch(name) for name in names):
        yield "a name for good is a URN"


def _html(text: str) -> Broken:
    """Content: whole, made of little, and leading to absolute addresses only."""
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parseFragment(text, container="div")
    for element in tree.iter():
        if element is tree:
            continue
        if element.tag not in _ALLOWED:
            yield "content is made of paragraphs, emphasis and links"
        elif element.tag == "a" and (set(element.attrib) != {"href"} or not _absolute(element.attrib["href"])):
            yield "links in content are absolute"
        elif element.tag != "a" and element.attrib:
            yield "content has no attributes"


def _plausible(instant: datetime, now: datetime) -> bool:
    return datetime(1970, 1, 1, tzinfo=UTC) < instant < now + timedelta(days=1)


def _absolute(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and address.isascii() and " " not in address
