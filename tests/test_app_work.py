"""What an installation does by itself: jobs from settings, the listing's evening, and how a run's end is told."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from broadsheet import config, library
from broadsheet.app.sources import LOOK_UPS, MAKERS, UNDERSTOOD, FirstWeek, agent, opened
from broadsheet.app.work import Asked, Work
from broadsheet.errors import NotFound, Unavailable
from broadsheet.jobs import Context, Stopped, Task, next_run
from broadsheet.library import Library
from broadsheet.sources import crossref, github, huggingface, openalex, semanticscholar, zotero
from broadsheet.sources.arxiv import feed, listing, oai, query
from broadsheet.sources.live import Batch, Request
from broadsheet.types import OWNER, Identifier, Wanted
from tests.conftest import NOW
from tests.papers import record
from tests.servers.arxivweb import Announcing, ArxivWeb, paper
from tests.servers.kit import LocalServer, status
from tests.servers.oai import Held, Provider

FRIDAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # Thursday evening in New York: the listing of Friday is out


@pytest.fixture
def lib(tmp_path: Path) -> Iterator[Library]:
    with library.open(tmp_path / "home", clock=lambda: NOW) as opened_library:
        yield opened_library


def settings(lib: Library, **values: str) -> config.Settings:
    """Settings of a test: everything that is not named is at an address that may not be asked."""
    away = {
        f"{name}_address": "http://127.0.0.1:9" for name in ("arxiv_oai", "arxiv_list", "arxiv_feed", "arxiv_query")
    }
    given = {**away, "arxiv_pause": "0", **values}
    return config.read(lib.home, {f"BROADSHEET_{name.upper()}": value for name, value in given.items()})


def work(lib: Library, values: Mapping[str, str], now: datetime = NOW) -> Work:
    return Work(lib, settings(lib, **values), lambda: now)


def task(work: Work, name: str) -> Task:
    return next(task for task in work.tasks() if task.name == name)


def run(task: Task, stop: Event | None = None) -> str:
    return task.run(Context(stop or Event(), lambda _: None))


def at(server: LocalServer, *names: str) -> dict[str, str]:
    """The settings by which sources ask a local server."""
    private = "arxiv arxiv-raw arxiv-listing arxiv-feed arxiv-query"
    return {"private_sources": private, **{f"{name}_address": server.address for name in names}}


# What there is.


def test_every_source_has_a_maker_and_its_own_address_as_the_default(lib: Library) -> None:
    assert set(MAKERS) == {*config.SOURCES, "arxiv-query"}
    assert set(UNDERSTOOD) <= set(MAKERS)
    assert set(LOOK_UPS) <= set(MAKERS)
    usual = config.read(lib.home, {})
    assert usual.text("arxiv_oai_address") == oai.DEFAULT_ADDRESS
    for name, module in {
        "arxiv_list": listing,
        "arxiv_feed": feed,
        "arxiv_query": query,
        "huggingface": huggingface,
        "openalex": openalex,
        "crossref": crossref,
        "semanticscholar": semanticscholar,
        "github": github,
        "zotero": zotero,
    }.items():
        assert usual.text(f"{name}_address") == module.ADDRESS


def test_sources_are_called_what_their_jobs_are_called(lib: Library) -> None:
    values = settings(lib, feeds="https://example.org/feed")
    for name in [*MAKERS, "feed:https://example.org/feed"]:
        with opened(values, name) as source:
            assert source.name == name


def test_an_unknown_source_is_told_with_those_that_there_are(lib: Library) -> None:
    with pytest.raises(NotFound, match=r"no source 'arXive'. The sources are: arxiv, .*zotero, feed:https://example"):
        work(lib, {"feeds": "https://example.org/feed?x=1"}).by_hand("arXive", Asked())


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("", ""),
        ("me@example.org", " (+mailto:me@example.org)"),
        ("https://example.org/us", " (+https://example.org/us)"),
    ],
)
def test_requests_say_who_asks(lib: Library, contact: str, shown: str) -> None:
    name, _, rest = agent(settings(lib, contact=contact)).partition("/")
    assert name == "Broadsheet"
    assert rest[rest.index(" ") :] == shown if shown else " " not in rest


def test_the_schedule_follows_the_settings(lib: Library) -> None:
    rules = {
        task.name: task.rule
        for task in work(lib, {"sources": "arxiv crossref", "feeds": "https://example.org/a"}).tasks()
    }
    assert rules["arxiv"].startswith("22:30 America/New_York")
    assert rules["crossref"] == "every 1 day"
    assert rules["feed:https://example.org/a"] == "every 2 hours"
    assert {rules[name] for name in ("arxiv-raw", "arxiv-listing", "hf-daily", "arxiv-query", "shortfalls")} == {
        "never"
    }
    for rule in rules.values():
        next_run(rule, NOW)  # each is a rule


def test_with_no_source_at_all_nothing_goes_out(lib: Library) -> None:
    due = [task for task in work(lib, {"sources": ""}).tasks() if task.rule != "never"]
    names = ["editions", "submissions", "notices", "accounts", "reads", "map", "standing", "digests", "deliver"]
    assert [task.name for task in due] == [*names, "checkpoint"]
    assert [run(task) for task in due[1:4]] == ["None came.", "No new version.", "Done."]


def test_the_enabled_sources_come_in_the_order_in_which_they_are_asked(lib: Library) -> None:
    values = {"sources": "hf-daily arxiv arxiv-listing", "feeds": "https://example.org/a"}
    assert work(lib, values).enabled() == ["arxiv-listing", "arxiv", "hf-daily", "feed:https://example.org/a"]


# Running them.


def test_a_run_tells_what_came(lib: Library) -> None:
    held = [Held(f"2611.{n:05}", "2026-11-19", title=f"Kites, Part {n}") for n in range(1, 26)]
    with LocalServer(Provider(held)) as server:
        own = work(lib, at(server, "arxiv_oai"))
        assert run(task(own, "arxiv")) == "25 read: 25 new."
        assert run(task(own, "arxiv")).startswith("25 read: 25 unchanged.")
    assert lib.catalogue.count() == 25


def test_a_first_run_begins_a_week_ago_and_the_next_where_it_ended(lib: Library) -> None:
    held = [Held("2610.00001", "2026-10-01"), Held("2611.00001", "2026-11-19")]
    with LocalServer(Provider(held)) as server:
        run(task(work(lib, at(server, "arxiv_oai")), "arxiv"))
        later = NOW + timedelta(days=30)
        run(task(work(lib, at(server, "arxiv_oai"), later), "arxiv"))
        assert [asked.query["from"] for asked in server.asked] == ["2026-11-13", "2026-11-19"]
    assert lib.catalogue.count() == 1


def test_a_first_run_that_is_cut_off_keeps_the_day_it_began_with() -> None:
    asked: list[tuple[str, str | None]] = []

    class Source:
        name = "source"

        def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
            asked.append((cursor, request.since))
            yield Batch((), "half")
            yield Batch((), "all", done=True)

    weekly = FirstWeek(Source())
    assert weekly.name == "source"
    cursors = [batch.cursor for batch in weekly.batches("", Request(NOW))]
    list(weekly.batches(cursors[0], Request(NOW + timedelta(days=5))))
    list(weekly.batches(cursors[1], Request(NOW + timedelta(days=9))))
    assert asked == [("", "2026-11-13"), ("half", "2026-11-13"), ("all", None)]


def test_what_is_asked_by_hand_has_a_cursor_of_its_own(lib: Library) -> None:
    held = [Held("2609.00001", "2026-09-01"), Held("2611.00001", "2026-11-19")]
    with LocalServer(Provider(held)) as server:
        own = work(lib, at(server, "arxiv_oai"))
        run(task(own, "arxiv"))
        assert run(own.by_hand("arxiv", Asked(since="2026-08-01"))).startswith("2 read: 1 new")
    assert sorted(sync.scope for sync in lib.catalogue.syncs(9)) == ["", "since 2026-08-01"]


def test_the_categories_of_the_editions_are_what_arxiv_is_asked_for(lib: Library) -> None:
    with LocalServer(Provider([Held("2611.00001", "2026-11-19")])) as server:
        run(task(work(lib, {"categories": "cs.LG math.CO", **at(server, "arxiv_oai")}), "arxiv"))
        assert [asked.query["set"] for asked in server.asked] == ["cs:cs:LG", "math:math:CO"]


def test_a_failed_run_says_why_when_to_come_back_and_what_came_before(lib: Library) -> None:
    held = [Held(f"2611.{n:05}", "2026-11-19", title=f"Kites, Part {n}") for n in range(1, 26)]
    with LocalServer(Provider(held)) as server:
        server.plan(None, status(503, retry_after=7200))
        with pytest.raises(Unavailable, match=r"503.* Before that: 10 read: 10 new\.") as caught:
            run(task(work(lib, at(server, "arxiv_oai")), "arxiv"))
    assert caught.value.retry_after == pytest.approx(7200)
    assert lib.catalogue.count() == 10


def test_an_address_inside_is_asked_only_where_a_setting_allows_it(lib: Library) -> None:
    with LocalServer(Provider([])) as server:
        with pytest.raises(Unavailable, match="private"):
            run(task(work(lib, {"arxiv_oai_address": server.address}), "arxiv"))
        assert server.asked == []


def test_a_run_that_is_told_to_stop_stops_after_a_batch(lib: Library) -> None:
    held = [Held(f"2611.{n:05}", "2026-11-19", title=f"Kites, Part {n}") for n in range(1, 26)]
    stop = Event()
    stop.set()
    with LocalServer(Provider(held)) as server, pytest.raises(Stopped, match="10 read: 10 new"):
        run(task(work(lib, at(server, "arxiv_oai")), "arxiv"), stop)


def test_waiting_for_a_source_ends_at_once_when_told_to_stop(lib: Library) -> None:
    stop = Event()
    stop.set()
    with LocalServer(Provider([])) as server:
        server.plan(status(500), status(500))
        with pytest.raises(Stopped):
            run(task(work(lib, at(server, "arxiv_oai")), "arxiv"), stop)
        assert len(server.asked) == 1


# The listings.


@contextmanager
def announced(*days: str) -> Iterator[LocalServer]:
    web = ArxivWeb()
    for number, day in enumerate(days):
        web.announce(day, [Announcing(paper(f"2611.0000{number + 1}"))])
    with LocalServer(web) as server:
        yield server


def test_the_listing_is_read_until_the_newest_is_here(lib: Library) -> None:
    with announced("2026-11-19") as server:
        values = {"categories": "cs.LG", **at(server, "arxiv_list", "arxiv_feed")}
        assert "the listing of 2026-11-19" in run(task(work(lib, values, FRIDAY), "arxiv-listing"))
        before = len(server.asked)
        run(task(work(lib, values, FRIDAY), "arxiv-listing"))
        assert len(server.asked) > before  # that of Friday is not here yet
    with announced("2026-11-19", "2026-11-20") as server:
        values = {"categories": "cs.LG", **at(server, "arxiv_list", "arxiv_feed")}
        run(task(work(lib, values, FRIDAY), "arxiv-listing"))
        before = len(server.asked)
        assert run(task(work(lib, values, FRIDAY), "arxiv-listing")) == "The listing of 2026-11-20 is here."
        assert run(task(work(lib, values), "arxiv-listing")) == "The listing of 2026-11-20 is here."
        assert len(server.asked) == before
        run(work(lib, values, FRIDAY).by_hand("arxiv-listing", Asked()))
        assert len(server.asked) > before  # who asks by hand means it


def test_where_the_listing_cannot_be_had_the_feed_is_a_hint_and_the_job_fails_all_the_same(lib: Library) -> None:
    with announced("2026-11-20") as server:
        values = {"categories": "cs.LG", **at(server, "arxiv_list", "arxiv_feed")}
        server.plan(status(404))
        with pytest.raises(Unavailable, match=r"404.* The feeds instead: 1 read: 1 new"):
            run(task(work(lib, values), "arxiv-listing"))


def test_where_neither_can_be_had_the_listing_says_why_and_when_to_come_back(lib: Library) -> None:
    with announced("2026-11-20") as server:
        values = {"categories": "cs.LG", **at(server, "arxiv_list", "arxiv_feed")}
        server.plan(status(503, retry_after=7200), status(404))
        with pytest.raises(Unavailable, match=r"/list/cs\.LG/new answered with status 503") as caught:
            run(task(work(lib, values, FRIDAY), "arxiv-listing"))
    assert caught.value.retry_after == pytest.approx(7200)


def test_nothing_is_asked_where_nothing_is_missing(lib: Library) -> None:
    with LocalServer(ArxivWeb()) as server:
        assert run(task(work(lib, at(server, "arxiv_query")), "shortfalls")) == "Nothing new."
        assert server.asked == []


def test_papers_can_be_asked_for_by_name(lib: Library) -> None:
    with announced("2026-11-20") as server:
        own = work(lib, at(server, "arxiv_query"))
        run(own.by_hand("arxiv-query", Asked(papers=(Identifier("arxiv", "2611.00001"),))))
        assert server.asked[-1].query["id_list"] == "2611.00001"
    assert lib.catalogue.paper("2611.00001").title == "On Gears, Part 2611.00001"


def test_the_map_is_drawn_once_and_then_only_added_to(lib: Library) -> None:
    held = [Held(f"2611.{n:05}", "2026-11-19", title=f"Kites, Part {n}") for n in range(1, 26)]
    with LocalServer(Provider(held)) as server:
        run(task(work(lib, at(server, "arxiv_oai")), "arxiv"))
    lib.follow()
    own = task(work(lib, {}), "map")
    told = Event()
    told.set()
    with pytest.raises(Stopped, match="Every paper has its place"):
        run(own, told)
    assert [run(own), run(own)] == ["25 papers placed.", "Every paper has its place."]


def test_what_a_standing_query_catches_is_in_the_outbox_at_once(lib: Library) -> None:
    stand = task(work(lib, {}), "standing")
    assert run(stand) == "Nothing new."
    assert not stand.early()
    lib.subscribe_address(OWNER, "reader@example.org", Wanted.QUERY, "sheep", title="Sheep", rhythm="at once")
    assert not stand.early()
    lib.catalogue.put([record("2611.00001", "Sheep", abstract="A herd."), record("2611.00002", "Sheep")], at=NOW)
    assert stand.early()
    assert (
        run(stand) == "1 paper looked at, 1 hit. 1 paper waiting for an abstract. 1 letter written; nothing new for 0."
    )
    assert not stand.early()
    (letter,) = lib.outbox(OWNER)
    assert letter.to == "reader@example.org"
    assert run(stand) == "Nothing new."
    assert len(lib.outbox(OWNER)) == 1


def test_told_to_stop_it_says_what_standing_queries_saw(lib: Library) -> None:
    told = Event()
    told.set()
    with pytest.raises(Stopped, match="0 papers looked at"):
        run(task(work(lib, {}), "standing"), told)
