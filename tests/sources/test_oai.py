"""Harvesting through OAI-PMH: what a run asks, how it goes on after every kind of trouble, and how it ends."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import BadRecord, BadSource, BroadsheetError, Unavailable
from broadsheet.sources.arxiv.oai import Oai
from broadsheet.sources.arxiv.oaicursor import Cursor
from broadsheet.sources.arxiv.sets import sets_of
from broadsheet.sources.live import Batch, Request
from broadsheet.types import Deletion, Record
from tests.conftest import NOW
from tests.servers import kit
from tests.servers.kit import Clock, LocalServer, Reply, client
from tests.servers.oai import FORMATS, Provider, shelf

NIGHT = Request(NOW)


@contextmanager
def harvester(server: LocalServer, prefix: str = "arXiv", clock: Clock | None = None, **more: object) -> Iterator[Oai]:
    """A harvester of a local server, which it believes to list records as arXiv does unless told otherwise."""
    with client(clock, tries=3) as asking:
        yield Oai(asking, address=f"{server.address}/oai", prefix=prefix, **{"by_datestamp": True, **more})  # type: ignore[arg-type]


def run(source: Oai, cursor: str = "", request: Request = NIGHT) -> tuple[list[Record | Deletion | BadRecord], str]:
    """All results of a run that comes to its end, and the cursor it ended with."""
    batches = list(source.batches(cursor, request))
    assert [batch.done for batch in batches] == [False] * (len(batches) - 1) + [True]
    return [one for batch in batches for one in batch.results], batches[-1].cursor


def keys(results: list[Record | Deletion | BadRecord]) -> list[str]:
    for one in results:
        assert not isinstance(one, BadRecord), one
    return [one.source_key for one in results if not isinstance(one, BadRecord)]


def numbers(first: int, last: int) -> list[str]:
    return [f"2601.{number:05d}" for number in range(first, last + 1)]


@pytest.mark.parametrize("as_arxiv", [True, False])
@pytest.mark.parametrize("prefix", FORMATS)
def test_a_run_brings_every_record_once(prefix: str, *, as_arxiv: bool) -> None:
    with LocalServer(Provider(shelf(95), as_arxiv=as_arxiv)) as server, harvester(server, prefix) as source:
        results, _ = run(source)
    assert keys(results) == numbers(1, 95)
    assert len(server.asked) == 10
    assert dict(server.asked[0].query) == {"verb": "ListRecords", "metadataPrefix": prefix}
    assert set(server.asked[1].query) == {"verb", "resumptionToken"}


def test_the_next_run_begins_a_day_before_the_last_one_did() -> None:
    provider = Provider(shelf(20), today="2026-11-18")
    with LocalServer(provider) as server, harvester(server) as source:
        _, cursor = run(source)
        provider.today = "2026-11-20"
        changed = [
            replace(provider.records[4], stamp="2026-11-17", title="Late"),
            replace(provider.records[5], stamp="2026-11-18"),
        ]
        provider.records = [*provider.records[:4], *provider.records[6:], *changed]
        results, cursor = run(source, cursor)
        assert keys(results) == ["2601.00005", "2601.00006"]
        assert server.asked[-1].query["from"] == "2026-11-17"
        assert run(source, cursor)[0] == []
        assert server.asked[-1].query["from"] == "2026-11-19"


def test_nothing_new_is_a_run_without_records() -> None:
    with LocalServer(Provider([])) as server, harvester(server) as source:
        (batch,) = source.batches("", NIGHT)
    assert (list(batch.results), batch.done) == ([], True)


def test_a_request_says_from_when_to_when() -> None:
    with LocalServer(Provider(shelf(70))) as server, harvester(server) as source:
        results, cursor = run(source, "", Request(NOW, since="2026-01-03", until="2026-01-05"))
        assert keys(results) == numbers(15, 35)
        results, _ = run(source, cursor, Request(NOW))
        assert keys(results) == numbers(29, 70)


@pytest.mark.parametrize(
    ("request_", "asked"),
    [
        (Request(NOW, until="2026-11-20"), None),
        (Request(NOW, until="2027-01-01"), None),
        (Request(NOW, since="2026-11-21"), 0),
        (Request(NOW, since="2026-02-01", until="2026-01-01"), 0),
    ],
)
def test_days_to_come_are_not_asked_for(request_: Request, asked: int | None) -> None:
    """arXiv calls them a bad argument."""
    with LocalServer(Provider(shelf(3))) as server, harvester(server) as source:
        run(source, "", request_)
        assert asked is None or len(server.asked) == asked


def test_days_before_the_servers_first_are_asked_for_from_there() -> None:
    with LocalServer(Provider(shelf(15))) as server, harvester(server) as source:
        batches = list(source.batches("", Request(NOW, since="1991-08-01")))
    assert sum(len(batch.results) for batch in batches) == 15
    assert "first day is 2005-09-16" in batches[0].note


def test_categories_are_harvested_set_after_set() -> None:
    with LocalServer(Provider(shelf(30))) as server, harvester(server) as source:
        results, cursor = run(source, "", Request(NOW, categories=("cs.CV", "cs.CL", "hep-th")))
        assert set(keys(results)) == set(numbers(1, 30))
        sets = [asked.query["set"] for asked in server.asked if "set" in asked.query]
        assert sets == ["cs:cs:CV", "cs:cs:CL", "physics:hep-th"]
        server.asked.clear()
        run(source, cursor, Request(NOW, categories=("cs.CV", "cs.LG")))
        first, second = [dict(asked.query) for asked in server.asked if "set" in asked.query]
    assert (first["set"], first["from"]) == ("cs:cs:CV", "2026-11-19")
    assert (second["set"], "from" in second) == ("cs:cs:LG", False)  # a category that is new begins at the beginning


@pytest.mark.parametrize(
    ("categories", "sets"),
    [
        ((), [""]),
        (("cs.LG", "stat.ML"), ["cs:cs:LG", "stat:stat:ML"]),
        (("CS.lg", "cs.LG"), ["cs:cs:LG"]),
        (
            ("hep-th", "astro-ph.EP", "physics.optics"),
            ["physics:hep-th", "physics:astro-ph:EP", "physics:physics:optics"],
        ),
        (("math", "math.AG", "math.NA"), ["math:math"]),
        (("cs.NA", "math.NA", "cs.LG"), ["math:math:NA", "cs:cs:LG"]),
        (("cs.NA",), ["cs:cs:NA"]),
        (("math-ph", "quant-ph", "nlin.CD"), ["physics:math-ph", "physics:quant-ph", "physics:nlin:CD"]),
        (("???",), [""]),
    ],
)
def test_categories_have_sets(categories: tuple[str, ...], sets: list[str]) -> None:
    assert sets_of(categories) == sets


def test_sets_may_be_given() -> None:
    with LocalServer(Provider(shelf(9))) as server, harvester(server, sets=["cs:cs:CV"]) as source:
        assert keys(run(source)[0]) == ["2601.00003", "2601.00006", "2601.00009"]


def test_what_is_deleted_is_said_to_be() -> None:
    held = shelf(3)
    held[1] = replace(held[1], deleted=True)
    with LocalServer(Provider(held)) as server, harvester(server) as source:
        results, _ = run(source)
    assert results[1] == Deletion("arxiv", "2601.00002")


@pytest.mark.parametrize("as_arxiv", [True, False])
@pytest.mark.parametrize("at", [1, 5, 9])
def test_a_token_that_died_costs_no_record(at: int, *, as_arxiv: bool) -> None:
    provider = Provider(shelf(95), as_arxiv=as_arxiv)
    with LocalServer(provider) as server, harvester(server, by_datestamp=as_arxiv) as source:
        cursor, found, notes = "", [], []
        for number, batch in enumerate(source.batches(cursor, NIGHT), start=1):
            found += keys(list(batch.results))
            notes += [batch.note] if batch.note else []
            if number == at:
                provider.expire()
        assert (set(found), batch.done) == (set(numbers(1, 95)), True)
        (note,) = notes
        seen = f"2026-01-{(at * 10 - 1) // 7 + 1:02d}"
        assert note.startswith(f"Went on from {seen if as_arxiv else 'the beginning'}, because")
        assert len(server.asked) <= (12 if as_arxiv else 11 + at)


def test_a_server_that_lists_out_of_order_is_begun_again() -> None:
    """Even where the newest datestamp should do: what was seen shows that it would not."""
    held = shelf(40)
    held[3], held[30] = held[30], held[3]
    provider = Provider(held, as_arxiv=False)
    with LocalServer(provider) as server, harvester(server, by_datestamp=True) as source:
        found = set()
        for number, batch in enumerate(source.batches("", NIGHT)):
            found |= set(keys(list(batch.results)))
            if number == 0:
                provider.expire()
    assert found == set(numbers(1, 40))


def test_a_server_that_refuses_all_its_tokens_is_left_and_asked_again_another_day() -> None:
    provider = Provider(shelf(30, per_day=100))
    with LocalServer(provider) as server, harvester(server) as source:
        cursor = ""
        for _ in range(2):
            with pytest.raises(Unavailable, match="refused its own resumption tokens 10 times"):  # noqa: PT012 - a loop
                for batch in source.batches(cursor, NIGHT):
                    provider.expire()
                    cursor = batch.cursor
        assert keys(run(source, cursor)[0])[-1] == "2601.00030"


def test_a_token_that_leads_to_itself_ends() -> None:
    provider = Provider(shelf(30))
    with LocalServer(provider) as server, harvester(server, by_datestamp=False) as source:
        next(iter(source.batches("", NIGHT)))
        first_page = provider(server.asked[0])
        server.answering = lambda asked: first_page
        with pytest.raises(Unavailable, match="refused its own"):
            list(source.batches("", NIGHT))


@pytest.mark.parametrize("by_datestamp", [True, False])
def test_an_empty_page_in_the_middle_is_not_the_end(*, by_datestamp: bool) -> None:
    provider = Provider(shelf(40), as_arxiv=False, empty_pages=[20])
    with LocalServer(provider) as server, harvester(server, by_datestamp=by_datestamp) as source:
        assert set(keys(run(source)[0])) == set(numbers(1, 40))


@pytest.mark.parametrize("by_datestamp", [True, False])
def test_an_empty_page_that_stays_is_the_end(*, by_datestamp: bool) -> None:
    provider = Provider(shelf(40), as_arxiv=False, empty_pages=[30] * 9)
    with LocalServer(provider) as server, harvester(server, by_datestamp=by_datestamp) as source:
        # From the newest datestamp on, this server's pages fall otherwise, and the empty one is never met.
        assert set(keys(run(source)[0])) == set(numbers(1, 40 if by_datestamp else 30))


def test_empty_pages_that_promise_more_for_ever_end() -> None:
    count = iter(range(1000))

    def answering(asked: kit.Asked) -> Reply:
        token = f"<resumptionToken>{next(count)}</resumptionToken>"
        return Reply(f"<OAI-PMH><ListRecords>{token}</ListRecords></OAI-PMH>".encode())

    with (
        LocalServer(answering) as server,
        harvester(server) as source,
        pytest.raises(BadSource, match="empty 20 times"),
    ):
        list(source.batches("", NIGHT))


@pytest.mark.parametrize(
    "fault",
    [
        kit.status(503, retry_after=20),
        kit.status(429),
        kit.dropped(),
        kit.broken_off(),
        kit.cut(),
        kit.cut(0.99),
        kit.cut(0),
        kit.web_page(),
        kit.replies(Reply(b"<rss/>")),
        kit.replies(Reply(b'{"error": "busy"}')),
    ],
)
def test_trouble_that_passes_costs_nothing(fault: kit.Fault) -> None:
    with LocalServer(Provider(shelf(30))) as server, harvester(server) as source:
        server.plan(None, fault, None, fault)
        assert keys(run(source)[0]) == numbers(1, 30)


@pytest.mark.parametrize(
    ("fault", "error", "says"),
    [
        (kit.status(503), Unavailable, "status 503"),
        (kit.cut(), BadSource, "breaks off in the middle"),
        (kit.web_page(), BadSource, "a web page where XML should be"),
        (kit.wrong_charset(), BadSource, "in another charset than it says"),
        (kit.huge(), BadSource, "more than"),
        (kit.redirect("http://localhost:8080/"), BroadsheetError, "localhost leads to"),
        (kit.status(404), BadSource, "status 404"),
    ],
)
def test_trouble_that_stays_ends_the_run_and_keeps_what_came(
    fault: kit.Fault, error: type[BroadsheetError], says: str
) -> None:
    held = [replace(one, title="Ballons dirigés à Orléans") for one in shelf(30)]
    with LocalServer(Provider(held)) as server, harvester(server) as source:
        server.plan(None, None, *[fault] * 3)
        kept: list[Batch] = []
        with pytest.raises(error, match=says):  # noqa: PT012 - what comes before the error counts
            for batch in source.batches("", NIGHT):
                kept.append(batch)  # noqa: PERF402
        assert sum(len(batch.results) for batch in kept) == 20
        server._plan.clear()
        assert keys(run(source, kept[-1].cursor)[0]) == numbers(21, 30)


def test_a_pause_that_is_too_long_is_handed_on() -> None:
    with LocalServer(Provider(shelf(30))) as server, harvester(server) as source:
        server.plan(None, kit.status(503, retry_after=9000))
        with pytest.raises(Unavailable) as error:
            list(source.batches("", NIGHT))
        assert error.value.retry_after == 9000


@pytest.mark.parametrize("code", ["badArgument", "cannotDisseminateFormat", "noSetHierarchy", "badVerb"])
def test_an_error_of_the_protocol_is_said(code: str) -> None:
    reply = Reply(f'<OAI-PMH><error code="{code}">Not like this.</error></OAI-PMH>'.encode())
    with LocalServer(lambda asked: reply) as server, harvester(server) as source:
        with pytest.raises(BadSource, match=f'is the error "{code}": "Not like this."'):
            list(source.batches("", NIGHT))
        assert len(server.asked) == 1


def test_a_record_that_is_none_costs_only_itself() -> None:
    held = shelf(4)
    held[0] = replace(held[0], id="not an id")
    held[1] = replace(held[1], title="")
    held[2] = replace(held[2], created="2026-13-45")
    with LocalServer(Provider(held)) as server, harvester(server) as source:
        *bad, good = run(source)[0]
    assert all(isinstance(one, BadRecord) for one in bad)
    assert keys([good]) == ["2601.00004"]
    assert [str(one) for one in bad][1] == "oai:arXiv.org:2601.00002: the title is missing"


def test_records_that_come_twice_and_out_of_order_come_as_they_are() -> None:
    held = shelf(12)
    held = [*reversed(held), held[3]]
    with LocalServer(Provider(held, as_arxiv=False)) as server, harvester(server) as source:
        found = keys(run(source)[0])
    assert (len(found), set(found)) == (13, set(numbers(1, 12)))


def test_requests_keep_their_distance() -> None:
    clock = Clock()
    with LocalServer(Provider(shelf(30))) as server, client(clock, seconds=3.0) as asking:
        run(Oai(asking, address=server.address))
    assert clock.slept == [pytest.approx(3)] * 2


@pytest.mark.parametrize("address", ["", "arxiv.org/oai", "http://[::1", "ftp://example.org/oai", "http://a b/"])
def test_an_address_that_is_none_is_refused_when_it_is_asked(address: str) -> None:
    with client(tries=1, resolver=nowhere) as asking, pytest.raises(BroadsheetError):
        list(Oai(asking, address=address).batches("", NIGHT))


def nowhere(host: str, port: int) -> list[str]:
    raise OSError("Name or service not known")


def test_it_is_called_after_its_format() -> None:
    with client() as asking:
        names = [Oai(asking, prefix=prefix).name for prefix in FORMATS]
        assert names == ["arxiv", "arxiv-raw", "oai:oaipmh.arxiv.org"]
        assert Oai(asking, name="mirror").name == "mirror"


@pytest.mark.parametrize("prefix", ["arXiv", "arXivRaw"])
@pytest.mark.parametrize("seed", range(6))
def test_any_trouble_and_any_kill_leave_a_complete_harvest(seed: int, prefix: str) -> None:
    """A run dies at random between and inside pages; the next goes on from the last cursor that was kept."""
    chance = random.Random(seed)
    held = [replace(one, deleted=number % 17 == 3) for number, one in enumerate(shelf(150))]
    provider = Provider(held, page=7)
    faults = [None] * 8 + [kit.status(503, retry_after=2), kit.status(429), kit.cut(), kit.dropped(), kit.web_page()]
    with LocalServer(provider) as server, harvester(server, prefix) as source:
        server.plan(*chance.choices(faults, k=200))
        cursor, found, kills, done = "", {}, 0, False
        while not done:
            try:
                for batch in source.batches(cursor, NIGHT):
                    if chance.random() < 0.15:
                        provider.expire()
                    if chance.random() < 0.2:
                        kills += 1
                        break  # before anything of this batch was kept
                    found.update({one.source_key: one for one in batch.results if not isinstance(one, BadRecord)})
                    cursor, done = batch.cursor, batch.done
            except (Unavailable, BadSource):
                continue
    assert kills
    assert sorted(found) == numbers(1, 150)
    assert {key for key, one in found.items() if isinstance(one, Deletion)} == {one.id for one in held if one.deleted}


NAMES = ["next", "todo", "start", "until", "token", "seen", "began", "order", "restarts", "doubts", "unknown"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
)


@given(st.text() | JSON.map(json.dumps))
@settings(max_examples=300)
def test_any_text_is_a_cursor(text: str) -> None:
    cursor = Cursor.of(text)
    assert Cursor.of(cursor.text()) == cursor
    if not cursor.todo:
        cursor.begin([""], None, None, "2026-11-20")
    assert cursor.parameters("arXiv")["verb"] == "ListRecords"
