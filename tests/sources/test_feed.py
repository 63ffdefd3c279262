"""arXiv's feeds as a hint: what they say of a day, and when they are not believed."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from broadsheet.errors import BadRecord, BadSource, Refused, Unavailable
from broadsheet.sources.arxiv.feed import Feed
from broadsheet.sources.live import Batch, Request
from broadsheet.types import Announced, Announcement, Author, Identifier, Record
from tests.servers.arxivweb import Announcing, ArxivWeb, paper
from tests.servers.kit import LocalServer, Reply, broken_off, client, cut, replies, status, web_page, wrong_charset

MORNING = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # an hour after midnight in New York
THURSDAY, FRIDAY, SATURDAY, MONDAY = "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-23"
NEW = [Announcing(paper(f"2611.0000{n}")) for n in (1, 2, 3)]
MIXED = [
    *NEW,
    Announcing(paper("2611.00004", "math.CO", "cs.LG")),
    Announcing(paper("2501.00007", version=2), "replace"),
    Announcing(paper("2501.00008", "cs.CL", "cs.LG", version=3), "replace"),
]


@pytest.fixture
def web() -> ArxivWeb:
    web = ArxivWeb()
    web.announce(FRIDAY, MIXED)
    return web


@pytest.fixture
def server(web: ArxivWeb) -> Iterator[LocalServer]:
    with LocalServer(web) as server:
        yield server


def run(
    server: LocalServer, cursor: str = "", *, form: str = "atom", now: datetime = MORNING, **more: object
) -> list[Batch]:
    """All batches of one run."""
    request = Request(now, **{"categories": ("cs.LG",), **more})  # type: ignore[arg-type]
    with client() as asking:
        return list(Feed(asking, address=server.address, form=form).batches(cursor, request))


def keys(batches: list[Batch]) -> list[tuple[str, str | None]]:
    return [(one.source_key, one.announced) for batch in batches for one in batch.results if isinstance(one, Record)]


def days(batches: list[Batch]) -> list[str]:
    return [one.day for batch in batches for one in batch.announcements]


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_feed_becomes_records_and_an_announcement(server: LocalServer, form: str) -> None:
    batches = run(server, form=form)
    assert server.asked[0].path == f"/{form}/cs.LG"
    assert batches[0].announcements == [
        Announcement(
            FRIDAY,
            "cs.LG",
            "arxiv-feed",
            (
                ("2611.00001", Announced.NEW),
                ("2611.00002", Announced.NEW),
                ("2611.00003", Announced.NEW),
                ("2611.00004", Announced.CROSS),
                ("2501.00007", Announced.REPLACE),
                ("2501.00008", Announced.REPLACE_CROSS),
            ),
        )
    ]
    assert keys(batches) == [
        ("2611.00001", FRIDAY),
        ("2611.00002", FRIDAY),
        ("2611.00003", FRIDAY),
        ("2611.00004:cross", None),
    ]


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_an_abstract_comes_through_whole(web: ArxivWeb, server: LocalServer, form: str) -> None:
    full = paper(
        "2611.00017",
        "cs.LG",
        "hep-th",
        title="If $a<b$ & <i>c</i>",
        abstract="If $a<b$ then $\\sum_{i<n} x_i$ and <i>x</i>. Abstract: twice.",
        authors=("Ada Moss", "Bo Park (School, Town)"),
        doi="10.1000/Gear.7",
        journal_ref="J. Gears 3",
    )
    web.announce(FRIDAY, [Announcing(full)])
    assert run(server, form=form)[0].results == [
        Record(
            source="arxiv-feed",
            source_key="2611.00017",
            title="If $a<b$ & <i>c</i>",
            abstract="If $a<b$ then $\\sum_{i<n} x_i$ and <i>x</i>. Abstract: twice.",
            authors=(Author("Ada Moss"), Author("Bo Park")),
            categories=("cs.LG", "hep-th"),
            announced=FRIDAY,
            identifiers=(Identifier("arxiv", "2611.00017"), Identifier("doi", "10.1000/gear.7")),
            journal_ref="J. Gears 3",
            licence="http://creativecommons.org/licenses/by/4.0/",
        )
    ]


def test_yesterdays_batch_under_todays_date_makes_no_announcement(web: ArxivWeb, server: LocalServer) -> None:
    cursor = run(server)[-1].cursor
    web.fed = MONDAY
    monday = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    stale = run(server, cursor, now=monday)
    assert days(stale) == keys(stale) == []  # type: ignore[comparison-overlap]
    assert stale[0].note == "cs.LG: the feed of 2026-11-23 holds the papers of 2026-11-20 again; it is out of date."
    web.fed = ""
    web.announce(MONDAY, [Announcing(paper("2611.00011"))])
    assert days(run(server, stale[-1].cursor, now=monday)) == [MONDAY]


def test_a_batch_of_replacements_alone_is_known_again(web: ArxivWeb, server: LocalServer) -> None:
    replaced = [Announcing(paper("2501.00007", version=2), "replace")]
    web.announce(FRIDAY, replaced)
    cursor = run(server)[-1].cursor
    web.announce(MONDAY, replaced)
    monday = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    assert days(run(server, cursor, now=monday)) == []
    web.announce(MONDAY, [Announcing(paper("2501.00007", version=3), "replace")])
    assert days(run(server, cursor, now=monday)) == [MONDAY]


def test_a_cross_list_that_stands_there_again_does_not_make_a_batch_old(web: ArxivWeb, server: LocalServer) -> None:
    cross = Announcing(paper("2611.00004", "math.CO", "cs.LG"), "cross")
    web.announce(FRIDAY, [NEW[0], cross])
    cursor = run(server)[-1].cursor
    web.announce(MONDAY, [Announcing(paper("2611.00031")), cross])
    assert days(run(server, cursor, now=datetime(2026, 11, 23, 6, 0, tzinfo=UTC))) == [MONDAY]


def test_the_day_is_that_of_new_york(server: LocalServer) -> None:
    with client() as asking:
        usual = asking.get(f"{server.address}/atom/cs.LG").body.decode()
    server.plan(replies(Reply(usual.replace("00:00:00-05:00", "23:00:00-05:00").encode())))
    assert days(run(server)) == [FRIDAY]


def test_a_feed_that_grows_during_its_day_is_read_again(web: ArxivWeb, server: LocalServer) -> None:
    cursor = run(server)[-1].cursor
    web.announce(FRIDAY, [*MIXED, Announcing(paper("2611.00009"))])
    assert ("2611.00009", FRIDAY) in keys(run(server, cursor))


@pytest.mark.parametrize(
    ("dated", "why"),
    [
        (SATURDAY, "announces nothing for a Saturday"),
        (MONDAY, "has not come yet"),
        (THURSDAY, "older than the one read"),
    ],
)
def test_a_date_that_cannot_be_makes_no_announcement(web: ArxivWeb, server: LocalServer, dated: str, why: str) -> None:
    cursor = run(server)[-1].cursor
    web.announce(FRIDAY, [Announcing(paper("2611.00021"))])
    web.fed = dated
    doubtful = run(server, cursor)
    assert days(doubtful) == []
    assert why in doubtful[0].note


def test_an_unchanged_feed_is_not_sent_again(server: LocalServer) -> None:
    cursor = run(server)[-1].cursor
    again = run(server, cursor)
    assert server.asked[-1].headers["if-none-match"]
    assert [batch.note for batch in again] == ["cs.LG: the feed has not changed.", ""]


def test_an_empty_feed_says_nothing_of_any_day(web: ArxivWeb, server: LocalServer) -> None:
    web.announce(FRIDAY, [])
    batches = run(server)
    assert days(batches) == []
    assert batches[0].note == "cs.LG: the feed is empty."


def test_a_feed_is_that_of_a_category(server: LocalServer) -> None:
    with pytest.raises(Refused, match="category by category"):
        run(server, categories=())


@pytest.mark.parametrize(
    "fault",
    [status(503, retry_after=5), status(429), web_page(), cut(0.9), cut(0.2), broken_off(), replies(Reply(b""))],
    ids=["503", "429", "web page", "cut late", "cut early", "broken off", "empty"],
)
def test_what_may_pass_is_tried_again(server: LocalServer, fault: object) -> None:
    server.plan(fault, fault)  # type: ignore[arg-type]
    assert len(keys(run(server))) == 4


def test_a_wrong_charset_is_tried_again(web: ArxivWeb, server: LocalServer) -> None:
    web.announce(FRIDAY, [Announcing(paper("2611.00001", authors=("Zoë Ångström",)))])
    server.plan(wrong_charset())
    (record, *_) = run(server)[0].results
    assert isinstance(record, Record)
    assert record.authors == (Author("Zoë Ångström"),)
    server.plan(*[wrong_charset()] * 5)
    with pytest.raises(BadSource, match="charset"):
        run(server)


@pytest.mark.parametrize(
    ("title", "code"), [("Feed error for query: x", 400), ("Feed error for query: x", 200), ("No", 400)]
)
def test_what_arxiv_refuses_is_told_in_its_words(server: LocalServer, title: str, code: int) -> None:
    body = f"<rss><channel><title>{title}</title><description>Bad archive.</description></channel></rss>"
    server.plan(replies(Reply(body.encode(), code)))
    with pytest.raises(BadSource, match=r"refuses the feed of cs\.LG: Bad archive\."):
        run(server)
    assert len(server.asked) == 1  # asking again would not help


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("oai:arXiv.org:2611.00001v1", "tag:elsewhere,1", "no arXiv id"),
        (">new<", ">brand-new<", "brand-new"),
        ("00:00:00-05:00", "00:00:00", "no date"),
    ],
)
def test_a_feed_of_another_form_is_refused(web: ArxivWeb, server: LocalServer, old: str, new: str, reason: str) -> None:
    with client() as asking:
        usual = asking.get(f"{server.address}/atom/cs.LG").body.decode()
    assert old in usual
    server.plan(*[replies(Reply(usual.replace(old, new).encode()))] * 5)
    with pytest.raises(BadSource, match=reason):
        run(server)


def test_other_xml_is_no_feed(server: LocalServer) -> None:
    server.plan(*[replies(Reply(b"<OAI-PMH/>"))] * 5)
    with pytest.raises(BadSource, match="a feed was expected"):
        run(server)


def test_one_bad_entry_is_refused_alone(web: ArxivWeb, server: LocalServer) -> None:
    web.announce(FRIDAY, [*NEW, Announcing(paper("2611.00004", title=""))])
    batches = run(server)
    assert [str(one) for one in batches[0].results if isinstance(one, BadRecord)] == [
        "2611.00004: the title is missing"
    ]
    assert len(keys(batches)) == 3


def test_a_server_that_stays_down_costs_only_this_run(server: LocalServer) -> None:
    server.plan(*[status(503)] * 5)
    with pytest.raises(Unavailable):
        run(server)
