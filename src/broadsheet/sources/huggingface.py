"""Hugging Face's daily papers, live: which papers people put on the list of a day, with votes, comments and code.

    {address}/api/daily_papers?date=2026-11-20&limit=100&p=0

A signal of what people find worth reading, never an edition's truth; `daily_api` says how its items are read. A list
goes on changing for days (votes come, papers are added), so every run begins with days that were read before. The list
is asked for day by day, because a paper that moves from one page to the next while they are read, or the other way,
is then lost or doubled within a day at most: doubles are dropped, and the next run finds what was lost.

Weekends have no list. A day that has not begun there is an error of theirs (400), and is none of ours.
"""

from collections.abc import Iterator
from datetime import UTC, date, timedelta

from broadsheet.errors import BadRecord, BadSource, Refused
from broadsheet.fetching import Answer, Client
from broadsheet.sources import daily_api
from broadsheet.sources.asking import asked
from broadsheet.sources.door import Door, Reader, kind
from broadsheet.sources.live import Batch, Request
from broadsheet.types import Record

NAME = "hf-daily"
ADDRESS = "https://huggingface.co"
FIRST = date(2023, 5, 4)
"""The day of the first list."""

_LIMIT = 100  # items a page, the most it gives
_MOST_PAGES = 50  # the longest list seen had 92 papers
_AGAIN = 2  # days before the last one read that are read again
_DAY = timedelta(days=1)
_DONE = " done"


class DailyPapers:
    """The daily papers as a live source: from `request.since` to `request.until`, else what is new and two days more.

    Votes and comments are in the records. `search`, categories and ids are not for this source.
    """

    name = NAME

    def __init__(self, client: Client, *, address: str = ADDRESS, limit: int = _LIMIT) -> None:
        self._client, self._address, self._limit = client, f"{address.rstrip('/')}/api/daily_papers", limit

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        """One batch a day, oldest first."""
        today = request.now.astimezone(UTC).date()
        last = min(today, _day(request.until) if request.until else today)
        day = max(FIRST, _first(cursor, request, today))
        if day > last:
            yield Batch((), f"{last}{_DONE}", done=True)
        while day <= last:
            done = day == last
            results = self._list(day, request)
            note = "" if results is not None else f"There is no list of {day} yet."
            yield Batch(results or (), f"{day}{_DONE if done else ''}", done=done, note=note)
            day += _DAY

    def _list(self, day: date, request: Request) -> list[Record | BadRecord] | None:
        """The list of a day; None where it has not begun there."""
        read = daily_api.reader(Door(NAME, request.now))
        found: list[Record | BadRecord] = []
        seen: set[str] = set()
        for page in range(_MOST_PAGES):
            items = self._page(day, page, may_be_early=day >= request.now.astimezone(UTC).date())
            if items is None:
                return None
            for item in items:
                named = _named(item)
                if named not in seen:
                    seen.add(named)
                    found.append(_record(item, named, read))
            if len(items) < self._limit:
                return found
        raise BadSource(f"The daily papers of {day} do not end after {_MOST_PAGES} pages.")

    def _page(self, day: date, page: int, *, may_be_early: bool) -> list[object] | None:
        def read(answer: Answer) -> list[object] | None:
            if answer.status == 400:
                return None
            value = answer.json()
            if not isinstance(value, list):
                raise BadSource(f"The daily papers of {day} are {kind(value)}; a list was expected.")
            return value

        parameters: dict[str, str | int] = {"date": day.isoformat(), "limit": self._limit, "p": page}
        return asked(self._client, self._address, parameters, read, accept_status={400} if may_be_early else ())


def _record(item: object, named: str, read: Reader) -> Record | BadRecord:
    if not isinstance(item, dict):
        return BadRecord(f"an item of the list is {kind(item)}, not an object")
    try:
        return read(item)
    except BadRecord as error:
        return BadRecord(f"{named}: {error.reason}")


def _named(item: object) -> str:
    """What tells an item from another: its paper's id."""
    paper = item.get("paper") if isinstance(item, dict) else None
    return str(paper.get("id") if isinstance(paper, dict) else item)[:200]


def _first(cursor: str, request: Request, today: date) -> date:
    """The first day to read: after where a run was cut short, else what is asked for, else a little before the last."""
    reached, finished = cursor.removesuffix(_DONE), cursor.endswith(_DONE)
    try:
        before = date.fromisoformat(reached)
    except ValueError:
        before = None
    if before is not None and not finished:
        return before + _DAY
    if request.since:
        return _day(request.since)
    return min(before or today, today) - _AGAIN * _DAY


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f'"{text[:30]}" is no day; write it as 2026-11-20.') from None
