"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from typing import Any

from broadsheet.feeds import words
from broadsheet.feeds.shapes import Feed, Item, Site

MEDIA = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def write(feed: Feed, site: Site, own: str) -> bytes:
    """The feed as a document, whose own address is `own`."""
    name = words.line(feed.title) or site.title
    made: dict[str, Any] = {
        "version": VERSION,
        "title": name,
        "home_page_url": site.at(feed.page),
        "feed_url": own,
        "language": site.language,
        "authors": [{"name": site.title, "url": site.at("/")}],
    }
    if feed.subtitle:
        made["description"] = words.line(feed.subtitle)
    if turn := next((turn for turn in feed.turns if turn.rel == "next"), None):
        made["next_url"] = site.at(turn.path, "json", turn.fields)
    if site.hub and not feed.private:
        made["hubs"] = [{"type": "WebSub", "url": site.hub}]
    made["items"] = [_item(item, site) for item in feed.items]
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def _item(item: Item, site: Site) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": item.name,
        "url": site.at(item.path),
        "title": words.title(item),
        "content_html": words.html(item, site),
        "date_published": item.published,
        "date_modified": item.updated,
    }
    if said := words.summary(item):
        made["summary"] = said
    if item.ways:
        made["external_url"] = item.ways[0].href
    if names := words.authors(item):
        made["authors"] = [{"name": name} for name in names]
    if item.tags:
        made["tags"] = [code for code, _ in item.tags]
    return made
