"""arXiv's query API: searches page by page, papers by id, and its known faults."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from broadsheet.errors import BadRecord, BadSource, Refused, Unavailable
from broadsheet.sources.arxiv.query import Query
from broadsheet.sources.live import Batch, Request
from broadsheet.types import Author, Identifier, Record, Version
from tests.servers.arxivweb import Announcing, ArxivWeb, paper
from tests.servers.kit import (
    Asked,
    Clock,
    LocalServer,
    Reply,
    broken_off,
    client,
    cut,
    replies,
    status,
    web_page,
    wrong_charset,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PAPERS = [paper(f"2611.{n:05}", submitted=f"2026-11-{1 + n // 4:02}T{10 + n % 4}:00:00Z") for n in range(1, 26)]
EMPTY = ArxivWeb()(Asked("GET", "/api/query", {}, {}))


@pytest.fixture
def web() -> ArxivWeb:
    web = ArxivWeb()
    web.announce("2026-11-20", [Announcing(one) for one in PAPERS])
    return web


@pytest.fixture
def server(web: ArxivWeb) -> Iterator[LocalServer]:
    with LocalServer(web) as server:
        yield server


def run(
    server: LocalServer,
    cursor: str = "",
    *,
    results: int = 10,
    furthest: int = 20_000,
    clock: Clock | None = None,
    **asked: object,
) -> list[Batch]:
    """All batches of one run."""
    with client(clock) as asking:
        source = Query(asking, address=server.address, results=results, furthest=furthest)
        return list(source.batches(cursor, Request(NOW, **asked)))  # type: ignore[arg-type]


def keys(batches: list[Batch]) -> list[str]:
    return [one.source_key for batch in batches for one in batch.results if isinstance(one, Record)]


def named(*values: str) -> tuple[Identifier, ...]:
    return tuple(Identifier("arxiv", value) for value in values)


def empty_page(total: int) -> Reply:
    """A page that says there are results, and holds none."""
    return Reply(EMPTY.body.replace(b">0</opensearch:totalResults>", f">{total}</opensearch:totalResults>".encode()))


def test_a_search_is_read_page_by_page_to_its_end(server: LocalServer) -> None:
    batches = run(server, query="gears", categories=("cs.LG", "cs.CL"), since="2026-11-02", until="2026-11-05")
    assert keys(batches) == [one.id for one in PAPERS if "2026-11-02" <= one.submitted[:10] <= "2026-11-05"]
    assert [(batch.done, batch.total) for batch in batches] == [(False, 16), (True, 16)]
    assert server.asked[0].query == {
        "search_query": "(gears) AND (cat:cs.LG OR cat:cs.CL) AND submittedDate:[202611020000 TO 202611052359]",
        "start": "0",
        "max_results": "10",
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
    }
    assert server.asked[1].query["start"] == "10"


def test_a_search_goes_on_where_it_stopped(server: LocalServer) -> None:
    first, *_ = run(server, query="gears")
    rest = run(server, first.cursor, query="gears")
    assert keys([first]) + keys(rest) == [one.id for one in PAPERS]
    assert rest[-1].cursor == ""


@pytest.mark.parametrize("furthest", [1, 4, 10, 11, 24])
def test_a_search_of_more_results_than_arxiv_gives_moves_its_window(server: LocalServer, furthest: int) -> None:
    batches = run(server, results=4, furthest=furthest, categories=("cs.LG",))
    assert set(keys(batches)) == {one.id for one in PAPERS}
    assert max(int(one.query["start"]) for one in server.asked) <= furthest + 4


def test_papers_submitted_in_the_same_minute_do_not_stop_a_moving_window(web: ArxivWeb, server: LocalServer) -> None:
    web.announce("2026-11-20", [Announcing(paper(f"2611.{n:05}")) for n in range(1, 26)])
    assert len(set(keys(run(server, results=4, furthest=8, categories=("cs.LG",))))) == 25


def test_a_record_holds_all_that_the_answer_says(web: ArxivWeb, server: LocalServer) -> None:
    full = paper(
        "2611.00017",
        "cs.LG",
        "hep-th",
        title="If $a<b$\n  & more",
        abstract="We show\n $x<y$.",
        authors=("Ada Moss",),
        comment="9 pages",
        journal_ref="J. Gears 3",
        doi="10.1000/Gear.7",
        submitted="2026-11-03T18:59:59Z",
        updated="2026-11-10T08:00:00Z",
        version=3,
    )
    web.announce("2026-11-20", [Announcing(full)])
    assert run(server, papers=named("2611.00017"))[0].results == [
        Record(
            source="arxiv-query",
            source_key="2611.00017",
            title="If $a<b$ & more",
            abstract="We show $x<y$.",
            authors=(Author("Ada Moss"),),
            categories=("cs.LG", "hep-th"),
            published="2026-11-03",
            updated="2026-11-10",
            submitted="2026-11-03T18:59:59Z",
            identifiers=(Identifier("arxiv", "2611.00017"), Identifier("doi", "10.1000/gear.7")),
            comment="9 pages",
            journal_ref="J. Gears 3",
            versions=(Version(1, "2026-11-03"), Version(3, "2026-11-10")),
        )
    ]


def test_papers_are_asked_for_by_the_hundred(web: ArxivWeb, server: LocalServer) -> None:
    web.announce("2026-11-20", [Announcing(paper(f"2611.{n:05}")) for n in range(1, 251)])
    wanted = named(*(f"2611.{n:05}" for n in range(1, 251)))
    batches = run(server, papers=(*wanted, Identifier("doi", "10.1000/x"), *wanted))
    assert len(keys(batches)) == 250
    assert [len(batch.results) for batch in batches] == [100, 100, 50]
    assert [batch.done for batch in batches] == [False, False, True]
    assert server.asked[0].query["max_results"] == "100"  # ten, if nothing is said


def test_ids_that_arxiv_does_not_know_are_told(server: LocalServer) -> None:
    (batch,) = run(server, papers=named("2611.00001", "2611.99998", "2611.99999"))
    assert keys([batch]) == ["2611.00001"]
    assert batch.note == "2 of 3 ids gave no paper: 2611.99998, 2611.99999."


def test_an_id_that_arxiv_refuses_costs_only_itself(server: LocalServer) -> None:
    (batch,) = run(server, papers=named("2611.00001", "a-strange/1", "2611.00002", "strange/1"))
    assert keys([batch]) == ["2611.00001", "2611.00002"]
    assert {str(one) for one in batch.results if isinstance(one, BadRecord)} == {
        "a-strange/1: arXiv refuses to look it up (incorrect id format for a-strange/1)",
        "strange/1: arXiv refuses to look it up (incorrect id format for strange/1)",
    }


def test_nothing_to_ask_for_is_refused(server: LocalServer) -> None:
    with pytest.raises(Refused, match="Say what to search for"):
        run(server)
    with pytest.raises(Refused, match="by arXiv ids"):
        run(server, papers=(Identifier("doi", "10.1000/x"),))
    assert server.asked == []


def test_a_search_that_arxiv_does_not_understand_is_told_in_its_words(server: LocalServer) -> None:
    with pytest.raises(BadSource, match="does not understand the search: unbalanced parentheses"):
        run(server, query="ti:(gears")
    assert len(server.asked) == 1  # asking again would not help


def test_a_refusal_that_names_no_id_is_told(server: LocalServer) -> None:
    body = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>No more</title></feed>'
    server.plan(replies(Reply(body, 400)))
    with pytest.raises(BadSource, match="refuses to look up 1 papers: No more"):
        run(server, papers=named("2611.00001"))


def test_an_empty_page_in_the_middle_is_asked_for_again(server: LocalServer) -> None:
    server.plan(None, replies(empty_page(25)), replies(empty_page(25)))
    assert keys(run(server, query="gears")) == [one.id for one in PAPERS]
    server.plan(None, *[replies(empty_page(25))] * 5)
    with pytest.raises(BadSource, match="promises 25 results and gives none after 10"):
        run(server, query="gears")


def test_a_search_without_results_ends_at_once(server: LocalServer) -> None:
    (batch,) = run(server, categories=("hep-lat",))
    assert (list(batch.results), batch.done, batch.total) == ([], True, 0)


@pytest.mark.parametrize(
    "fault",
    [
        status(503, retry_after=5),
        status(429),
        web_page(),
        cut(0.9),
        broken_off(),
        wrong_charset(),
        replies(Reply(b"<x/>")),
    ],
    ids=["503", "429", "web page", "cut", "broken off", "charset", "other XML"],
)
def test_what_may_pass_is_tried_again(web: ArxivWeb, server: LocalServer, fault: object) -> None:
    web.announce("2026-11-20", [Announcing(paper("2611.00001", authors=("Zoë Ångström",)))])
    server.plan(fault, fault)  # type: ignore[arg-type]
    (batch,) = run(server, query="gears")
    (record,) = batch.results
    assert isinstance(record, Record)
    assert record.authors == (Author("Zoë Ångström"),)


def test_a_pause_that_arxiv_asks_for_is_kept(server: LocalServer) -> None:
    clock = Clock()
    server.plan(status(429, retry_after=45))
    run(server, query="gears", clock=clock)
    assert sum(clock.slept) >= 45


def test_a_server_that_stays_busy_keeps_what_came(server: LocalServer) -> None:
    server.plan(None, *[status(429)] * 5)
    with client() as asking:
        batches = Query(asking, address=server.address, results=10).batches("", Request(NOW, query="gears"))
        assert len(next(batches).results) == 10
        with pytest.raises(Unavailable):
            next(batches)


def test_doubles_and_disorder_do_no_harm(web: ArxivWeb, server: LocalServer) -> None:
    one, two = (web(Asked("GET", "/api/query", {"id_list": name}, {})).body for name in ("2611.00001", "2611.00002"))
    entry = two[two.index(b"<entry>") : two.index(b"</feed>")]
    mixed = one.replace(b"<entry>", entry * 2 + b"<entry>")
    server.plan(replies(Reply(mixed)))
    assert keys(run(server, papers=named("2611.00001", "2611.00002"))) == ["2611.00002", "2611.00002", "2611.00001"]


def test_a_result_that_is_no_paper_is_refused_alone(server: LocalServer) -> None:
    with client() as asking:
        body = asking.get(f"{server.address}/api/query", {"search_query": "gears"}).body
    server.plan(replies(Reply(body.replace(b"abs/2611.00002v1", b"abs/what"))))
    (batch,) = run(server, papers=named("2611.00001"))
    (bad,) = [one for one in batch.results if isinstance(one, BadRecord)]
    assert str(bad) == '"http://arxiv.org/abs/what": its id is no arXiv id'


@pytest.mark.parametrize("cursor", ["nonsense", "[]", "3", '{"skip": null}', '{"skip": "x", "window": ""}'])
def test_a_cursor_that_is_none_is_the_beginning(server: LocalServer, cursor: str) -> None:
    assert len(keys(run(server, cursor, query="gears"))) == 25
