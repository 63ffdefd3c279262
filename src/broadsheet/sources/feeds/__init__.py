"""Any feed by its address: RSS 2.0, RSS 1.0, Atom and JSON Feed, whatever publishers, journals and blogs write.

    parsing    a document of any of these kinds -> entries
    entry      an entry -> a record

lxml reads them, as everything in XML here, and not feedparser: that takes every description for HTML and repairs it,
which leaves "If $a<b>" of a sentence about $a<b$, and it reads no JSON Feed. What it forgives is mended here where
nothing is lost by that: named characters of HTML, a bare "&", bytes of Western Windows.

A feed is its newest entries; older pages are not followed. It is asked with the marks of its last answer, so that an
unchanged one costs nothing.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from broadsheet.errors import BadSource
from broadsheet.fetching import Answer, Client, Validators
from broadsheet.sources.asking import asked_if_changed
from broadsheet.sources.door import Door
from broadsheet.sources.feeds.entry import results
from broadsheet.sources.feeds.parsing import Entry, parse
from broadsheet.sources.live import Batch, Request

_SECRET = re.compile(r"key|token|secret|pass|auth|sig", re.IGNORECASE)
_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(rb"<link\s[^<>]*type=[\"']application/(?:rss\+xml|atom\+xml|feed\+json)[\"'][^<>]*>", re.IGNORECASE)
_HREF = re.compile(rb"\shref=[\"']([^\"'<>]{1,2000})[\"']", re.IGNORECASE)
_HEAD = 200_000  # bytes of a web page in which it names its feed


class Feed:
    """A feed as a live source. Its name is "feed:" and its address, without what may be a key in that."""

    def __init__(self, client: Client, address: str) -> None:
        """`address` of the feed itself, http or https."""
        self._client, self._address = client, address
        self.name = f"feed:{shown(address)}"

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        """One batch: the entries the feed has now, newest first as a rule; none where it has not changed.

        Raises BadSource where the address is no feed's, with the feed's own where the page there names it.
        """
        entries, marks = asked_if_changed(self._client, self._address, {}, self._read, validators=Validators.of(cursor))
        if entries is None:
            yield Batch((), cursor, done=True)
            return
        yield Batch(results(entries, Door(self.name, request.now)), marks.text(), done=True, total=len(entries))

    def _read(self, answer: Answer) -> list[Entry]:
        if _PAGE.match(answer.body[:2_000]):
            named = _LINK.search(answer.body[:_HEAD])
            where = _HREF.search(named[0]) if named else None
            feed = urljoin(answer.url, where[1].decode(errors="replace")) if where else ""
            hint = f"; its feed is at {shown(feed)}" if feed else ""
            raise BadSource(f"{shown(self._address)} is a web page, not a feed{hint}. Give the feed's own address.")
        return parse(answer.body, answer.url, f"The feed at {shown(self._address)}")


def shown(address: str) -> str:
    """An address that may be stored and shown: no name, no password, no parameter that may be a key."""
    parts = urlsplit(address.strip())
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _SECRET.search(name)]
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, urlencode(kept), ""))
