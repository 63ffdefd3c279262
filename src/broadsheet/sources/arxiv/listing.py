"""arXiv's listing of a day, category by category: the arbiter of what was announced when.

    {address}/list/cs.LG/new       the newest listing: new papers, cross-lists, replacements, with abstracts
    {address}/list/cs.LG/recent    the last five, without replacements and abstracts: for days that were missed

A new paper becomes a record that is announced on the listing's day. A cross-list becomes a record under a key of its
own, without a day: the paper may be years old, and what its own listing said of it must stay. A replacement is named
in the announcement alone: OAI-PMH brings what changed.

The page of a day may still be yesterday's: it lags behind the announcement, and caches hold on to it. So the date is
read from the page, never from the clock, and a page that is late is no error: the run says so and ends.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b

from broadsheet import announcing
from broadsheet.errors import BadRecord, BadSource
from broadsheet.fetching import Answer, Client, Validators
from broadsheet.sources.arxiv.announced import announcement, each_category, records
from broadsheet.sources.arxiv.listingpage import Listed, ListingPage, Section, read_page
from broadsheet.sources.asking import asked, asked_if_changed
from broadsheet.sources.door import Door
from broadsheet.sources.live import Batch, Request
from broadsheet.types import Announced, Announcement, Author, Identifier, Record

NAME = "arxiv-listing"
ADDRESS = "https://arxiv.org"
_SHOW = 2_000  # entries a page; one of the numbers that arXiv accepts, and the largest
_MOST = 20_000  # entries of a listing; more is no listing
_DAY = timedelta(days=1)
_NEW, _RECENT = "new", "recent"


@dataclass(slots=True)
class _State:
    """What is known of a category's listing: the last day read, a digest of it, the server's marks, days still owed."""

    day: str = ""
    seen: str = ""
    marks: str = ""
    owed: list[str] = field(default_factory=list)


class Listing:
    """The listings of arXiv as a live source. `request.categories` must name at least one, or an archive ("cs").

    With `request.since`, or where days went by since the last run, the listings of the last five announcements are
    read too.
    """

    name = NAME

    def __init__(self, client: Client, *, address: str = ADDRESS, show: int = _SHOW) -> None:
        self._client, self._address, self._show = client, address.rstrip("/"), show

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        """One batch a category, and one more where days were missed."""
        return each_category(cursor, request, _State, lambda category, state: self._category(category, state, request))

    def _category(self, category: str, state: _State, request: Request) -> Iterator[Batch]:
        """What is new in one category. `state` is moved on before each batch."""
        page, marks = self._newest(category, Validators.of(state.marks), request.now)
        if page is None:
            yield Batch((), "", note=_late(category, state.day, request.now) or f"{category}: nothing has changed.")
        elif page.day < state.day:
            yield Batch((), "", note=f"{category}: arXiv shows the listing of {page.day}, which is older than before.")
        else:
            yield _taken(category, state, page, marks, request)
        if state.owed:
            yield self._missed(category, state, request.now)

    def _newest(self, category: str, marks: Validators, now: datetime) -> tuple[ListingPage | None, Validators]:
        address, parameters, read = self._question(category, _NEW)
        page, marks = asked_if_changed(self._client, address, parameters, read, validators=marks)
        if page is None:
            return None, marks
        if page.day > (now + 2 * _DAY).date().isoformat():
            raise BadSource(f"arXiv's listing of {category} is of {page.day}, which has not come yet.")
        return self._whole(category, _NEW, page), marks

    def _missed(self, category: str, state: _State, now: datetime) -> Batch:
        """The listings of days that went by unread, as far as arXiv still shows them."""
        whole = self._whole(category, _RECENT, asked(self._client, *self._question(category, _RECENT)))
        sections = [one for one in whole.sections if one.day in state.owed]
        days = sorted({section.day for section in sections})
        gone = [day for day in state.owed if day not in days]
        state.owed = []
        found = {day: [section for section in sections if section.day == day] for day in days}
        return Batch(
            _records(sections, now),
            "",
            announcements=[_announcement(category, day, parts) for day, parts in found.items()],
            note=f"{category}: arXiv no longer shows the listing of {', '.join(gone)}." if gone else "",
        )

    def _whole(self, category: str, kind: str, first: ListingPage) -> ListingPage:
        """A listing of several pages as one."""
        if first.total > _MOST:
            raise BadSource(f"arXiv's listing of {category} has {first.total:,} entries, which no listing has.")
        skip = first.count
        while skip < first.total:
            page = asked(self._client, *self._question(category, kind, skip, first.total))
            if page.total != first.total or (kind == _NEW and page.day != first.day):
                raise BadSource(f"arXiv's listing of {category} changed while it was read; read it again later.")
            first.sections += page.sections
            skip += page.count
        return first

    def _question(
        self, category: str, kind: str, skip: int = 0, total: int = 0
    ) -> tuple[str, dict[str, str | int], Callable[[Answer], ListingPage]]:
        """Where to ask for a page of a listing, with what, and how to read it."""

        def read(answer: Answer) -> ListingPage:
            page = read_page(answer.body, answer.headers.get("content-type", ""), category=category)
            if not page.count and skip < total:
                raise BadSource(f"arXiv's listing of {category} promises {total:,} entries and ends after {skip:,}.")
            return page

        return f"{self._address}/list/{category}/{kind}", {"skip": skip, "show": self._show}, read


def _taken(category: str, state: _State, page: ListingPage, marks: Validators, request: Request) -> Batch:
    """A listing as a batch; `state` moves on to it.

    An empty one is believed when it is seen for the second time: right after an announcement what arXiv counts may
    lag behind the day that it shows.
    """
    first, state.day = _first_wanted(state, request), page.day
    state.owed = sorted({*state.owed, *_listings_between(first, page.day)})
    digest = _digest(page)
    known, state.seen = digest == state.seen, digest
    if not page.total and not known:
        return Batch((), "", note=f"{category}: the listing of {page.day} is empty; it will be asked for once more.")
    state.marks = marks.text()
    return Batch(
        _records(() if known else page.sections, request.now),
        "",
        announcements=[_announcement(category, page.day, page.sections)],
        note=_late(category, page.day, request.now),
    )


def _first_wanted(state: _State, request: Request) -> date | None:
    """The first day whose listing is wanted: the one after the last read, else the one asked for."""
    if state.day:
        return date.fromisoformat(state.day) + _DAY
    return date.fromisoformat(request.since) if request.since else None


def _listings_between(first: date | None, newest: str) -> list[str]:
    """The days from one on, before another, on which arXiv announced; the last ten days of them."""
    last = date.fromisoformat(newest)
    days = [last - n * _DAY for n in range(1, 10)]
    return [day.isoformat() for day in days if first and first <= day and announcing.announced_at(day)]


def _late(category: str, day: str, now: datetime) -> str:
    """A sentence about a listing that should be out and is not shown yet; "" where it is the newest."""
    due = announcing.latest_announced(now)
    if not day or date.fromisoformat(day) >= due:
        return ""
    at = announcing.announced_at(due)
    when = f"{at:%H:%M} UTC" if at else "then"
    return f"{category}: arXiv still shows the listing of {day}; that of {due} was due at {when}."


def _records(sections: Sequence[Section], now: datetime) -> list[Record | BadRecord]:
    door = Door(NAME, now)

    def record(entry: Listed, key: str) -> Record:
        return door.record(
            key=key,
            title=entry.title,
            abstract=entry.abstract,
            authors=[Author(name) for name in entry.authors],
            categories=entry.categories,
            announced=entry.day if entry.kind is Announced.NEW else None,
            identifiers=(Identifier("arxiv", entry.id),),
            comment=entry.comment,
            journal_ref=entry.journal_ref,
        )

    return records((entry for section in sections for entry in section.entries), record)


def _announcement(category: str, day: str, sections: Sequence[Section]) -> Announcement:
    totals = {section.name: section.total for section in sections if not section.name.lower().startswith("replace")}
    entries = [entry for section in sections for entry in section.entries]
    return announcement(NAME, day, category, entries, expected=sum(totals.values()))


def _digest(page: ListingPage) -> str:
    named = [(entry.id, entry.kind.value) for section in page.sections for entry in section.entries]
    return blake2b(repr((page.day, page.total, named)).encode(), digest_size=12).hexdigest()
