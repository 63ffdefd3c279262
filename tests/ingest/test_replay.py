"""Five weeks of arXiv replayed evening by evening, across the end of daylight saving and Thanksgiving.

A server of our own announces as arXiv does: at 20:00 in New York, Sunday to Thursday. Each evening the listing is
read, then OAI-PMH, then what is missing; each morning the edition must be right, and account for itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import broadsheet
from broadsheet import ingest
from broadsheet.fetching import Client
from broadsheet.library import Library, Rules
from broadsheet.sources.arxiv.listing import Listing
from broadsheet.sources.arxiv.oai import Oai
from broadsheet.sources.arxiv.query import Query
from broadsheet.sources.live import LiveSource, Request
from broadsheet.types import Span, SyncReport
from tests.servers.arxivweb import Announcing, ArxivWeb, Paper, paper
from tests.servers.kit import Asked, Clock, LocalServer, Reply, client, status
from tests.servers.oai import Held, Provider

NEW_YORK = ZoneInfo("America/New_York")
FIRST, LAST = date(2026, 10, 26), date(2026, 11, 30)
DAY = timedelta(days=1)
SILENT = {date(2026, 11, 27)}  # Thanksgiving was the Thursday before: nothing was announced that evening
CATEGORIES = ("cs.LG", "cs.CL")
EACH = 6  # papers a day


def listing_days() -> list[date]:
    days = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
    return [day for day in days if day.weekday() < 5 and day not in SILENT]


def evening(day: date, at: time) -> datetime:
    """An instant of the evening on which the listing of a day comes out."""
    return datetime.combine(day - DAY, at, NEW_YORK).astimezone(UTC)


@dataclass
class World:
    """What arXiv is to say, all of it; and what it says at `now`."""

    papers: dict[date, list[Paper]] = field(default_factory=dict)
    late: dict[date, timedelta] = field(default_factory=dict)
    absent: dict[str, date] = field(default_factory=dict)  # papers that no record is given of before a day
    now: datetime = datetime(2026, 10, 25, 23, 0, tzinfo=UTC)

    @classmethod
    def of_papers(cls) -> "World":
        world, before = cls(), FIRST - 3 * DAY
        for number, day in enumerate(listing_days()):
            # Handed in in the morning of the last deadline's day.
            handed_in = datetime.combine(before, time(10), NEW_YORK).astimezone(UTC)
            world.papers[day] = [
                paper(
                    f"{handed_in:%y%m}.{number * 100 + n + 1:05}",
                    "cs.LG" if n % 2 else "cs.CL",
                    submitted=f"{handed_in:%Y-%m-%dT%H:%M:%SZ}",
                )
                for n in range(EACH)
            ]
            before = day + DAY if day + DAY in SILENT else day
        return world

    def out(self) -> list[date]:
        """The days whose listings are out by now."""
        return [day for day in self.papers if evening(day, time(20)) + self.late.get(day, timedelta()) <= self.now]

    def __call__(self, asked: Asked) -> Reply:
        days = self.out()
        if asked.path == "/oai":
            return self._provider(days)(asked)
        web = ArxivWeb(marks=False)
        for day in days:
            web.announce(day.isoformat(), [Announcing(one) for one in self.papers[day]])
        if asked.path.startswith("/api/"):
            held = [one for day in days for one in self.papers[day] if self._given(one)]
            web.days = {"all": [Announcing(one) for one in held]}
        return web(asked)

    def _given(self, one: Paper) -> bool:
        return one.id not in self.absent or self.now.date() >= self.absent[one.id]

    def _provider(self, days: list[date]) -> Provider:
        held = [
            Held(
                one.id,
                max(evening(day, time(20)).date(), self.absent.get(one.id, date.min)).isoformat(),
                title=one.title,
                categories=one.categories,
                versions=((f"{datetime.fromisoformat(one.submitted):%a, %d %b %Y %H:%M:%S} GMT", ""),),
            )
            for day in days
            for one in self.papers[day]
            if self._given(one)
        ]
        return Provider(sorted(held, key=lambda one: (one.stamp, one.id)), page=4, today=self.now.date().isoformat())


@dataclass
class Newsroom:
    """The nightly work, with a clock of its own."""

    library: Library
    world: World
    server: LocalServer
    client: Client

    def sync(self, source: LiveSource, since: str | None = None) -> SyncReport:
        request = Request(self.world.now, since=since, categories=CATEGORIES)
        return ingest.sync(self.library.catalogue, source, request=request, now=lambda: self.world.now)

    def listing(self) -> SyncReport:
        return self.sync(Listing(self.client, address=self.server.address))

    def harvest(self) -> list[SyncReport]:
        since = (FIRST - DAY).isoformat()
        address = f"{self.server.address}/oai"
        return [
            self.sync(Oai(self.client, address=address, prefix=prefix, by_datestamp=True), since)
            for prefix in ("arXiv", "arXivRaw")
        ]

    def close(self) -> SyncReport:
        source = Query(self.client, address=self.server.address)
        return ingest.close_shortfalls(self.library.catalogue, source, now=lambda: self.world.now)

    def night(self, day: date) -> None:
        self.world.now = evening(day, time(20, 5))
        assert self.listing().error == ""
        self.world.now = evening(day, time(22, 30))
        assert [report.error for report in self.harvest()] == ["", ""]
        self.close()


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    world = World.of_papers()
    with (
        LocalServer(world) as server,
        client(Clock()) as asking,
        broadsheet.open(tmp_path / "home", clock=lambda: world.now, rules=Rules(CATEGORIES)) as library,
    ):
        yield Newsroom(library, world, server, asking)


def test_every_day_has_its_edition_and_every_silence_its_reason(newsroom: Newsroom) -> None:
    reasons = {}
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + number * DAY
        if day in newsroom.world.papers:
            newsroom.night(day)
            latest = newsroom.library.edition(Span.DAY)
            assert (latest.key, latest.total) == (day.isoformat(), EACH)
            assert all(entry.reason == "announced" for entry in latest.entries)
            assert [(one.announced, one.held, one.missing) for one in latest.accounts] == [(3, 3, ()), (3, 3, ())]
        else:
            newsroom.world.now = evening(day, time(23, 0))
            edition = newsroom.library.edition(Span.DAY, day.isoformat())
            assert edition.total == 0
            reasons[day] = edition.note
    assert reasons.pop(date(2026, 11, 27)) == "No announcement: Thanksgiving (Thursday, 26 November 2026)."
    assert {day.weekday() for day in reasons} == {5, 6}
    assert all(day.strftime("%A") in reason for day, reason in reasons.items())
    assert newsroom.library.catalogue.count() == EACH * len(listing_days())


def test_a_late_listing_is_no_edition_of_yesterdays_papers(newsroom: Newsroom) -> None:
    monday, tuesday = listing_days()[:2]
    newsroom.night(monday)
    newsroom.world.late[tuesday] = timedelta(hours=1)
    newsroom.world.now = evening(tuesday, time(20, 5))
    report = newsroom.listing()
    assert report.notes[0].startswith(f"cs.LG: arXiv still shows the listing of {monday}")
    assert newsroom.library.edition(Span.DAY).key == monday.isoformat()
    newsroom.world.now = evening(tuesday, time(21, 5))
    assert newsroom.listing().new == EACH
    assert newsroom.library.edition(Span.DAY).key == tuesday.isoformat()


def test_a_night_that_was_missed_is_made_good_with_its_own_days(newsroom: Newsroom) -> None:
    first, *missed, last = listing_days()[:4]
    newsroom.night(first)
    newsroom.night(last)  # nothing ran for two nights
    for day in missed:
        edition = newsroom.library.edition(Span.DAY, day.isoformat())
        assert (edition.total, [one.missing for one in edition.accounts]) == (EACH, [(), ()])


def test_without_listings_papers_still_stand_on_the_day_of_their_announcement(newsroom: Newsroom) -> None:
    """The very first fill: OAI-PMH alone, long after."""
    newsroom.world.now = evening(LAST, time(23, 0))
    newsroom.harvest()
    for day in listing_days():
        entries = newsroom.library.edition(Span.DAY, day.isoformat()).entries
        assert [entry.reason for entry in entries] == ["scheduled"] * EACH


def test_a_source_that_fails_for_a_night_is_made_good_the_next(newsroom: Newsroom) -> None:
    monday, tuesday = listing_days()[:2]
    newsroom.world.now = evening(monday, time(22, 30))
    newsroom.server.plan(*[status(503)] * 40)
    assert all(report.error for report in newsroom.harvest())
    newsroom.server.plan()
    newsroom.server._plan.clear()
    newsroom.night(tuesday)
    assert newsroom.library.catalogue.count() == 2 * EACH


def test_a_paper_that_was_announced_and_is_late_is_missed_until_it_comes(newsroom: Newsroom) -> None:
    """The listing names it, but its entry cannot be read, and no other way gives it before Wednesday."""
    monday, tuesday, wednesday = listing_days()[:3]
    late = newsroom.world.papers[monday][1]
    newsroom.world.papers[monday][1] = paper(late.id, "cs.LG", title="", submitted=late.submitted)
    newsroom.world.absent[late.id] = wednesday - DAY
    for day in (monday, tuesday):
        newsroom.night(day)
        accounts = newsroom.library.edition(Span.DAY, monday.isoformat()).accounts
        assert {one.category: one.missing for one in accounts} == {"cs.LG": (late.id,), "cs.CL": ()}
    newsroom.world.papers[monday][1] = late
    newsroom.night(wednesday)
    edition = newsroom.library.edition(Span.DAY, monday.isoformat())
    assert (edition.total, [one.missing for one in edition.accounts]) == (EACH, [(), ()])
