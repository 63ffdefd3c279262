"""Which feeds have something new, for a hub that hands it on (WebSub, https://www.w3.org/TR/websub/#publishing).

Only feeds of everybody are looked at, and of those the ones that many follow: the newest editions, what trends, the
latest comments, and the categories of this place. A vote is no news; an entry that comes, or is updated, is.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from broadsheet.errors import NotFound
from broadsheet.feeds import editions, finding, papers
from broadsheet.feeds.answers import FORMS
from broadsheet.feeds.asking import Asked
from broadsheet.feeds.shapes import Feed, Site
from broadsheet.library import Library
from broadsheet.types import Span, TopicKind

MOST = 20  # categories


class News(NamedTuple):
    """A feed: its address in one form, and a short text that is another one when there is something new in it."""

    address: str
    mark: str


def news(library: Library, site: Site, now: datetime, categories: Sequence[str] = ()) -> list[News]:
    """How the feeds stand that a hub is told of. Raises Busy while the index is built."""
    return [
        News(site.of(feed, ending), _mark(feed)) for feed in _feeds(library, site, now, categories) for ending in FORMS
    ]


def _feeds(library: Library, site: Site, now: datetime, categories: Sequence[str]) -> Iterator[Feed]:
    for span in Span:
        yield editions.newest(span, library, site, Asked(now))
    yield finding.trending(library, site, Asked(now))
    yield papers.latest(library, site, Asked(now))
    for code in categories[:MOST]:
        try:
            yield finding.topic(TopicKind.CATEGORY, library, site, Asked(now, parts={"name": code}))
        except NotFound:
            continue


def _mark(feed: Feed) -> str:
    lines = sorted(f"{item.name} {item.updated}" for item in feed.items)
    return blake2b("\n".join(lines).encode(), digest_size=9).hexdigest()
