"""Feeds that are one person's own, as their pages lead to them: with the key of who looks at the page."""

from urllib.parse import urlencode

from broadsheet.library import Library
from broadsheet.permissions import may
from broadsheet.types import Actor
from broadsheet.web.contexts import FeedLink


def feed(library: Library, actor: Actor, path: str, title: str, *of: str) -> FeedLink | None:
    """Where a list is as a feed; None for who may have no key. `of` is what `Library.feed_key` takes."""
    if not may(actor, "account"):
        return None
    return FeedLink(path, title, urlencode({"key": library.feed_key(actor, *of)}))
