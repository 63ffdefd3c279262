"""arXiv's daily feeds, category by category: a hint of what was announced, where the listing cannot be had.

    {address}/atom/cs.LG    or /rss/cs.LG; both say the same

They are rebuilt at midnight in New York and date every entry with that midnight, which is the day of the listing. A
category has been seen to serve yesterday's entries under today's date. A paper is new once only, so a batch whose new
papers are those of the batch before is yesterday's, whatever it says of itself: it makes no announcement.

Also left out by arXiv: replacements from the sixth version on, and the oldest new papers of a feed of more than 2,000
entries, which is why one category is asked for at a time. Read as XML, never as a feed: what repairs HTML in a feed's
description takes "$a<b$" out of an abstract.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lxml import etree

from broadsheet import announcing, ids
from broadsheet.errors import BadRecord, BadSource
from broadsheet.fetching import Answer, Client, Validators
from broadsheet.sources import names
from broadsheet.sources.arxiv.announced import announcement, each_category, records
from broadsheet.sources.asking import asked_if_changed
from broadsheet.sources.door import Door, dois
from broadsheet.sources.live import Batch, Request
from broadsheet.sources.text import short
from broadsheet.sources.xmltext import parse_xml
from broadsheet.types import Announced, Identifier, Record

NAME = "arxiv-feed"
ADDRESS = "https://rss.arxiv.org"
_KEPT = 20  # ids of a batch that are remembered
_SATURDAY = 5
_NEW_YORK = ZoneInfo("America/New_York")
_NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "arxiv": "http://arxiv.org/schemas/atom",
    "dc": "http://purl.org/dc/elements/1.1/",
}


@dataclass(slots=True)
class _State:
    """The last batch of a category: its day, its newest ids, the server's marks."""

    day: str = ""
    newest: list[str] = field(default_factory=list)
    marks: str = ""


@dataclass(frozen=True, slots=True)
class _Fed:
    """One entry of a feed."""

    id: str
    version: int
    kind: Announced
    day: str
    title: str
    abstract: str
    creators: str
    categories: tuple[str, ...]
    licence: str
    doi: str
    journal_ref: str


class Feed:
    """The feeds of arXiv as a live source. `request.categories` must name at least one, or an archive ("cs")."""

    name = NAME

    def __init__(self, client: Client, *, address: str = ADDRESS, form: str = "atom") -> None:
        """`form` is "atom" or "rss"."""
        self._client, self._address, self._form = client, address.rstrip("/"), form

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        """One batch a category."""
        return each_category(
            cursor, request, _State, lambda category, state: [self._category(category, state, request)]
        )

    def _category(self, category: str, state: _State, request: Request) -> Batch:
        def read(answer: Answer) -> list[_Fed] | str:
            return _entries(answer, f"arXiv's feed of {category}")

        fed, marks = asked_if_changed(
            self._client,
            f"{self._address}/{self._form}/{category}",
            {},
            read,
            validators=Validators.of(state.marks),
            accept_status={400},
        )
        if fed is None:
            return Batch((), "", note=f"{category}: the feed has not changed.")
        if isinstance(fed, str):
            raise BadSource(f"arXiv refuses the feed of {category}: {fed}")
        if not fed:
            return Batch((), "", note=f"{category}: the feed is empty.")
        day = max(entry.day for entry in fed)
        doubt = _doubt(category, day, fed, state, request)
        if doubt:
            return Batch((), "", note=doubt)
        state.day, state.newest, state.marks = day, _newest(fed), marks.text()
        fed = [entry for entry in fed if entry.day == day]
        announced = announcement(NAME, day, category, fed, expected=None)
        return Batch(_records(fed, request), "", announcements=[announced])


def _doubt(category: str, day: str, fed: Sequence[_Fed], state: _State, request: Request) -> str:
    """Why a batch is not what was announced on its day, as a sentence; "" where nothing speaks against it."""
    if day < state.day:
        return f"{category}: the feed is that of {day}, which is older than the one read before."
    if day > state.day and not set(_newest(fed)).isdisjoint(state.newest):
        return f"{category}: the feed of {day} holds the papers of {state.day} again; it is out of date."
    if date.fromisoformat(day).weekday() >= _SATURDAY:
        return f"{category}: the feed is dated {day}. {announcing.silence(date.fromisoformat(day))}"
    if day > request.now.astimezone(_NEW_YORK).date().isoformat():
        return f"{category}: the feed is dated {day}, which has not come yet in New York."
    return ""


def _newest(fed: Sequence[_Fed]) -> list[str]:
    """What tells one batch from another: its newest new papers, else its newest replacements with their versions."""
    new = sorted((entry.id for entry in fed if entry.kind is Announced.NEW), reverse=True)
    return new[:_KEPT] or sorted((f"{entry.id}v{entry.version}" for entry in fed), reverse=True)[:_KEPT]


def _entries(answer: Answer, what: str) -> list[_Fed] | str:
    """The entries of a feed, or what arXiv says is wrong with the question. Raises BadSource."""
    root = parse_xml(answer.body, what)
    kind = etree.QName(root).localname
    if kind not in {"feed", "rss"}:
        raise BadSource(f"{what} is XML of another kind ({short(kind)}); a feed was expected.")
    top = root if kind == "feed" else root.find("channel")
    title = _first(top, "atom:title", "title")
    if answer.status == 400 or title.lower().startswith("feed error"):
        return _first(top, "atom:subtitle", "description") or title or "it gives no reason."
    if top is None:
        raise BadSource(f"{what} has no channel.")
    found = top.findall("atom:entry", _NAMES) if kind == "feed" else top.findall("item")
    return [_entry(element, what) for element in found]


def _entry(element: etree._Element, what: str) -> _Fed:
    named = _first(element, "atom:id", "guid")
    found = ids.arxiv(named)
    if found is None:
        raise BadSource(f"{what} has an entry whose id is {short(named)}, which is no arXiv id.")
    kind = _first(element, "arxiv:announce_type")
    if kind not in set(Announced):
        raise BadSource(f"{what} announces {found[0]} as {short(kind)}; new, cross or a replacement was expected.")
    published = _first(element, "atom:published", "pubDate")
    instant = ids.instant(published)
    if instant is None:
        raise BadSource(f"{what} dates {found[0]} {short(published)}, which is no date.")
    terms = [one.get("term") or one.text or "" for one in element.iterfind("{*}category")]
    return _Fed(
        id=found[0],
        version=found[1],
        kind=Announced(kind),
        day=_new_york_day(instant),
        title=_first(element, "atom:title", "title"),
        abstract=_first(element, "atom:summary", "description").partition("Abstract:")[2],
        creators=_first(element, "dc:creator"),
        categories=tuple(terms),
        licence=_first(element, "dc:rights"),
        doi=_first(element, "arxiv:DOI"),
        journal_ref=_first(element, "arxiv:journal_reference"),
    )


def _new_york_day(instant: str) -> str:
    return datetime.fromisoformat(instant).astimezone(_NEW_YORK).date().isoformat()


def _first(element: etree._Element | None, *paths: str) -> str:
    """The text of the first of these children that is there and holds some."""
    if element is None:
        return ""
    return next(filter(None, ((element.findtext(path, "", _NAMES)).strip() for path in paths)), "")


def _records(fed: Sequence[_Fed], request: Request) -> list[Record | BadRecord]:
    door = Door(NAME, request.now)

    def record(entry: _Fed, key: str) -> Record:
        return door.record(
            key=key,
            title=entry.title,
            abstract=entry.abstract,
            authors=names.from_string(entry.creators),
            categories=entry.categories,
            announced=entry.day if entry.kind is Announced.NEW else None,
            identifiers=(Identifier("arxiv", entry.id), *dois(entry.doi or None)),
            journal_ref=entry.journal_ref,
            licence=entry.licence,
        )

    return records(fed, record)
