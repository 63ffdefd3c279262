"""Zotero on this machine, or on one that is trusted: the library of its reader, by Zotero's local API.

    {address}/api/users/0/items/top?format=json&since=1234&sort=dateAdded&direction=asc&limit=100&start=0

Zotero answers other programs only if its settings say so, and only at an address inside, so the client must be one
that may ask those. A run reads what changed since the library's version at which the last one ended; the version
is Zotero's own count on that machine (Zotero-Server-ID names it). Older Zoteros name none, and count only what was
synchronised: their libraries are read as a whole each time. What is in the bin is a deletion.

Facts of papers are taken, and nothing of their reader: no notes, no collections, and of the tags only those that came
with the item.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace

from broadsheet import ids
from broadsheet.errors import BadRecord, BadSource, Unavailable
from broadsheet.fetching import Answer, Client
from broadsheet.sources import references
from broadsheet.sources.door import Door, dois, kind
from broadsheet.sources.live import Batch, Request
from broadsheet.sources.lookup import entries, within, words
from broadsheet.sources.markup import plain
from broadsheet.types import Author, Deletion, Identifier, Record

NAME = "zotero"
ADDRESS = "http://127.0.0.1:23119"
LIBRARY = "users/0"
"""The library of the person who uses that Zotero; a group's is "groups/12345"."""

_PAGE = 100
_NO_PAPERS = frozenset({"annotation", "attachment", "note"})
_WHERE = ("publicationTitle", "proceedingsTitle", "conferenceName", "bookTitle")
_AUTOMATIC = 1  # the type of tags that came with an item
_MOST_RESTARTS = 3


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Where to go on: at `start` among what changed after version `since`, which was up to `until` as that began."""

    since: int = 0
    until: int = 0
    start: int = 0
    server: str = ""

    @classmethod
    def of(cls, text: str) -> "_Cursor":
        try:
            found = cls(**json.loads(text))
        except (ValueError, TypeError):
            return cls()
        numbers = (found.since, found.until, found.start)
        return found if all(isinstance(n, int) for n in numbers) and isinstance(found.server, str) else cls()

    def text(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class _Page:
    items: list[Mapping[str, object]]
    version: int
    server: str
    total: int | None
    more: bool


class Zotero:
    """A Zotero library as a live source."""

    def __init__(self, client: Client, *, address: str = ADDRESS, library: str = LIBRARY, limit: int = _PAGE) -> None:
        self._client, self._limit = client, limit
        self._address = f"{address.rstrip('/')}/api/{library.strip('/')}/items/top"
        self.name = NAME if library == LIBRARY else f"{NAME}:{library}"

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        """One batch a page, oldest item first.

        Raises Unavailable where Zotero does not run, or lets nobody in.
        """
        at, door, restarts = _Cursor.of(cursor), Door(self.name, request.now), 0
        while True:
            page = self._page(at)
            if at.since > page.version or (at.server != page.server and at.since + at.start):
                at = _Cursor(server=page.server)  # another Zotero, or its library was replaced
                continue
            if at.start and page.version != at.until and restarts < _MOST_RESTARTS:
                at, restarts = replace(at, start=0), restarts + 1  # an item erased meanwhile would hide another
                continue
            at = replace(at, server=page.server, until=at.until if at.start else page.version)
            results = [result for item in page.items if (result := _result(item, door)) is not None]
            end = at.start + len(page.items)
            done = not page.more or not page.items or (page.total is not None and end >= page.total)
            at = replace(at, start=0, since=at.until if page.server else 0) if done else replace(at, start=end)
            yield Batch(results, at.text(), done=done, total=page.total)
            if done:
                return

    def _page(self, at: _Cursor) -> _Page:
        found: list[_Page] = []

        def check(answer: Answer) -> None:
            if answer.status == 403:
                raise Unavailable(
                    "Zotero lets no other program in: allow it in Zotero's settings, Advanced, "
                    '"Allow other applications on this computer to communicate with Zotero".'
                )
            found[:] = [_page(answer)]

        self._client.get(
            self._address,
            {
                "format": "json",
                "since": at.since,
                "start": at.start,
                "limit": self._limit,
                "sort": "dateAdded",
                "direction": "asc",
                "includeTrashed": 1,
            },
            headers={"Zotero-API-Version": "3"},
            accept_status={403},
            check=check,
        )
        return found[0]


def _page(answer: Answer) -> _Page:
    value = answer.json()
    if not isinstance(value, list):
        raise BadSource(f"Zotero's answer is {kind(value)}; a list of items was expected.")
    items = entries(value)
    version, total = (_number(answer.headers.get(name, "")) for name in ("last-modified-version", "total-results"))
    return _Page(
        items,
        version or 0,
        answer.headers.get("zotero-server-id", "")[:100],
        total,
        'rel="next"' in answer.headers.get("link", ""),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _result(item: Mapping[str, object], door: Door) -> Record | Deletion | BadRecord | None:
    """What an item says; None for what is no paper."""
    data, key = within(item, "data"), words(item.get("key"))
    if words(data.get("itemType")) in _NO_PAPERS:
        return None
    if not key:
        return BadRecord("an item has no key")
    if data.get("deleted"):
        return Deletion(door.source, key)
    try:
        return _record(key, data, words(within(item, "meta").get("parsedDate")), door)
    except BadRecord as error:
        return BadRecord(f"item {key}: {error.reason}")


def _record(key: str, data: Mapping[str, object], parsed_date: str, door: Door) -> Record:
    def get(field: str) -> str:
        return words(data.get(field))

    where = next(filter(None, map(get, _WHERE)), "")
    published = references.known_day(door, parsed_date, get("date"))
    abstract = data.get("abstractNote")
    tags = [words(tag.get("tag")) for tag in entries(data.get("tags")) if tag.get("type") == _AUTOMATIC]
    return door.record(
        key=key,
        title=plain(get("title")) or None,
        abstract=plain(abstract) if isinstance(abstract, str) else None,
        authors=_authors(data.get("creators")),
        published=published,
        identifiers=_identifiers(data),
        venue=references.venue(where),
        journal_ref=references.place(
            where, volume=get("volume"), number=get("issue"), pages=get("pages"), year=(published or "")[:4]
        ),
        links=[get("url")] if get("url") and not ids.identifiers(get("url")) else [],
        keywords=tags,
    )


def _identifiers(data: Mapping[str, object]) -> list[Identifier]:
    """Its names: a preprint's archive, the DOI, the address, and the lines of "Extra" that are one."""
    rows = words(data.get("extra")).splitlines()
    found = [name for row in rows if row.lower().startswith("arxiv") and (name := references.arxiv_in(row))]
    archives = (words(data.get(field)) for field in ("archiveID", "archiveLocation", "reportNumber", "number"))
    found += [name for text in archives if (name := references.arxiv_in(text))]
    found += dois(words(data.get("DOI")) or None)
    found += [name for text in (words(data.get("url")), *rows) for name in ids.identifiers(text)]
    return list(dict.fromkeys(found))


def _authors(creators: object) -> list[Author]:
    authors = []
    for creator in entries(creators):
        name = words(creator.get("name")) or " ".join(
            filter(None, (words(creator.get("firstName")), words(creator.get("lastName"))))
        )
        if name and words(creator.get("creatorType")) in {"author", "contributor", "presenter", ""}:
            authors.append(Author(name))
    return authors
