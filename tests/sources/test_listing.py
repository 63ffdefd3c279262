"""arXiv's listing pages: what is announced, on which day, and what happens when the page is late, cut or changed."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import BadRecord, BadSource, Refused, Unavailable
from broadsheet.sources.arxiv.listing import Listing
from broadsheet.sources.arxiv.listingpage import read_page
from broadsheet.sources.live import Batch, Request
from broadsheet.types import Announced, Announcement, Author, Identifier, Record
from tests.servers.arxivweb import HTML, Announcing, ArxivWeb, paper
from tests.servers.kit import (
    Asked,
    Clock,
    LocalServer,
    Reply,
    broken_off,
    client,
    cut,
    dropped,
    replies,
    status,
    web_page,
    wrong_charset,
)

EVENING = datetime(
    2026, 11, 20, 1, 5, tzinfo=UTC
)  # five minutes after Friday's listing came out, on Thursday in New York
FRIDAY, THURSDAY, WEDNESDAY = "2026-11-20", "2026-11-19", "2026-11-18"
NEW = [Announcing(paper(f"2611.0000{n}")) for n in (1, 2, 3)]
MIXED = [
    *NEW,
    Announcing(paper("2611.00004", "math.CO", "cs.LG")),
    Announcing(paper("2502.00009", "cs.CL", "cs.LG"), "cross"),
    Announcing(paper("2501.00007"), "replace"),
    Announcing(paper("2501.00008", "cs.CL", "cs.LG"), "replace"),
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
    server: LocalServer,
    cursor: str = "",
    *,
    categories: tuple[str, ...] = ("cs.LG",),
    now: datetime = EVENING,
    since: str | None = None,
    show: int = 2_000,
    clock: Clock | None = None,
) -> list[Batch]:
    """All batches of one run."""
    with client(clock) as asking:
        source = Listing(asking, address=server.address, show=show)
        return list(source.batches(cursor, Request(now, since=since, categories=categories)))


def records(batches: list[Batch]) -> list[Record]:
    found = [one for batch in batches for one in batch.results]
    assert not [one for one in found if isinstance(one, BadRecord)]
    return [one for one in found if isinstance(one, Record)]


def announcements(batches: list[Batch]) -> list[Announcement]:
    return [one for batch in batches for one in batch.announcements]


def notes(batches: list[Batch]) -> list[str]:
    return [batch.note for batch in batches if batch.note]


def test_a_listing_becomes_records_and_one_announcement(server: LocalServer) -> None:
    batches = run(server)
    assert announcements(batches) == [
        Announcement(
            FRIDAY,
            "cs.LG",
            "arxiv-listing",
            (
                ("2611.00001", Announced.NEW),
                ("2611.00002", Announced.NEW),
                ("2611.00003", Announced.NEW),
                ("2502.00009", Announced.CROSS),
                ("2611.00004", Announced.CROSS),
                ("2501.00007", Announced.REPLACE),
                ("2501.00008", Announced.REPLACE_CROSS),
            ),
            5,
        )
    ]
    assert [(one.source_key, one.announced) for one in records(batches)] == [
        ("2611.00001", FRIDAY),
        ("2611.00002", FRIDAY),
        ("2611.00003", FRIDAY),
        ("2502.00009:cross", None),
        ("2611.00004:cross", None),
    ]
    assert batches[-1].done
    assert notes(batches) == []


def test_a_record_holds_all_that_the_page_says(web: ArxivWeb, server: LocalServer) -> None:
    full = paper(
        "2611.00017",
        "cs.LG",
        "hep-th",
        title="If $a<b$ & $b>c$",
        abstract="We show $x<y$ & more; see https://example.org/code.\nA second part.",
        authors=("Ada Moss", "The H-1 Collaboration"),
        comment="9 pages, data at http://example.org/data",
        journal_ref="J. Gears 3 (2026)",
    )
    web.announce(FRIDAY, [Announcing(full)])
    assert records(run(server)) == [
        Record(
            source="arxiv-listing",
            source_key="2611.00017",
            title="If $a<b$ & $b>c$",
            abstract="We show $x<y$ & more; see https://example.org/code.\n\nA second part.",
            authors=(Author("Ada Moss"), Author("The H-1 Collaboration")),
            categories=("cs.LG", "hep-th"),
            announced=FRIDAY,
            identifiers=(Identifier("arxiv", "2611.00017"),),
            comment="9 pages, data at http://example.org/data",
            journal_ref="J. Gears 3 (2026)",
        )
    ]


def test_old_ids_and_absent_authors_are_read(web: ArxivWeb, server: LocalServer) -> None:
    web.announce(FRIDAY, [Announcing(paper("math/0611800", "math.CO", authors=()), "new")])
    (record,) = records(run(server, categories=("math.CO",)))
    assert (record.source_key, record.authors) == ("math/0611800", ())


@pytest.mark.parametrize("show", [1, 2, 3, 4, 50])
def test_a_listing_of_several_pages_is_read_to_its_end(server: LocalServer, show: int) -> None:
    (announcement,) = announcements(run(server, show=show))
    assert (len(announcement.entries), announcement.expected) == (7, 5)
    assert len(server.asked) == -(-7 // show)


def test_an_archive_has_one_listing_of_all_its_categories(server: LocalServer) -> None:
    (announcement,) = announcements(run(server, categories=("cs",)))
    kinds = dict(announcement.entries)
    assert kinds["2501.00008"] is Announced.REPLACE
    assert kinds["2611.00004"] is Announced.CROSS


def test_a_category_that_is_named_twice_is_asked_for_once(server: LocalServer) -> None:
    assert len(announcements(run(server, categories=("cs.LG", "CS.lg", "cs.LG")))) == 1
    assert len(server.asked) == 1


def test_a_quiet_category_is_believed_when_it_says_so_twice(server: LocalServer) -> None:
    first = run(server, categories=("hep-lat",))
    assert announcements(first) == []
    assert notes(first) == ["hep-lat: the listing of 2026-11-20 is empty; it will be asked for once more."]
    again = run(server, first[-1].cursor, categories=("hep-lat",))
    assert announcements(again) == [Announcement(FRIDAY, "hep-lat", "arxiv-listing", (), 0)]


def test_a_listing_that_was_empty_for_a_moment_is_read_in_full(web: ArxivWeb, server: LocalServer) -> None:
    web.announce(FRIDAY, [])
    cursor = run(server)[-1].cursor
    web.announce(FRIDAY, MIXED)
    assert len(records(run(server, cursor))) == 5


def test_a_second_run_asks_whether_anything_changed(server: LocalServer) -> None:
    cursor = run(server)[-1].cursor
    again = run(server, cursor)
    assert server.asked[-1].headers["if-none-match"]
    assert not records(again)
    assert not announcements(again)
    assert notes(again) == ["cs.LG: nothing has changed."]


def test_the_same_listing_without_marks_is_announced_again_but_not_read_again(
    web: ArxivWeb, server: LocalServer
) -> None:
    web.marks = False
    cursor = run(server)[-1].cursor
    again = run(server, cursor)
    assert records(again) == []
    assert len(announcements(again)) == 1


def test_a_listing_that_grew_is_read_again(web: ArxivWeb, server: LocalServer) -> None:
    cursor = run(server)[-1].cursor
    web.announce(FRIDAY, [*MIXED, Announcing(paper("2611.00005"))])
    assert "2611.00005" in [one.source_key for one in records(run(server, cursor))]


def test_a_page_that_still_shows_yesterday_is_no_error(web: ArxivWeb, server: LocalServer) -> None:
    web.announce(THURSDAY, [Announcing(paper("2611.00090"))])
    web.shown = THURSDAY
    late = run(server)
    assert notes(late) == [
        "cs.LG: arXiv still shows the listing of 2026-11-19; that of 2026-11-20 was due at 01:00 UTC."
    ]
    assert [one.day for one in announcements(late)] == [THURSDAY]
    assert notes(run(server, late[-1].cursor)) == notes(late)  # and not "nothing has changed"
    web.shown = FRIDAY
    assert [one.day for one in announcements(run(server, late[-1].cursor))] == [FRIDAY]


def test_a_cache_that_goes_back_in_time_is_not_believed(web: ArxivWeb, server: LocalServer) -> None:
    cursor = run(server)[-1].cursor
    web.announce(THURSDAY, NEW)
    web.shown = THURSDAY
    back = run(server, cursor)
    assert not records(back)
    assert not announcements(back)
    assert "older than before" in notes(back)[0]


def test_days_that_were_missed_are_read_from_the_page_of_five(web: ArxivWeb, server: LocalServer) -> None:
    web.announce("2026-11-16", [Announcing(paper("2611.00090"))])
    web.announce("2026-11-17", [Announcing(paper("2611.00091"))])
    web.shown = "2026-11-16"
    cursor = run(server, now=datetime(2026, 11, 16, 2, tzinfo=UTC))[-1].cursor
    web.announce(WEDNESDAY, [])
    web.announce(THURSDAY, [Announcing(paper("2611.00092")), Announcing(paper("2611.00093", "cs.CL", "cs.LG"))])
    web.shown = ""
    caught = run(server, cursor, show=2)
    assert [(one.day, one.expected) for one in announcements(caught)] == [
        (FRIDAY, 5),
        ("2026-11-17", 1),
        (WEDNESDAY, 0),
        (THURSDAY, 2),
    ]
    missed = {one.source_key: (one.announced, one.abstract) for one in caught[1].results if isinstance(one, Record)}
    assert missed == {
        "2611.00091": ("2026-11-17", None),
        "2611.00092": (THURSDAY, None),
        "2611.00093:cross": (None, None),
    }


def test_since_reads_the_days_before_on_the_first_run(web: ArxivWeb, server: LocalServer) -> None:
    web.announce(THURSDAY, NEW)
    assert [one.day for one in announcements(run(server))] == [FRIDAY]
    assert [one.day for one in announcements(run(server, since=THURSDAY))] == [FRIDAY, THURSDAY]


def test_days_that_arxiv_no_longer_shows_are_named(web: ArxivWeb, server: LocalServer) -> None:
    batches = run(server, since=WEDNESDAY)
    assert notes(batches) == ["cs.LG: arXiv no longer shows the listing of 2026-11-18, 2026-11-19."]
    assert notes(run(server, batches[-1].cursor)) == ["cs.LG: nothing has changed."]


def test_missed_days_stay_owed_while_their_page_cannot_be_read(web: ArxivWeb, server: LocalServer) -> None:
    web.announce(THURSDAY, NEW)
    server.plan(None, *[web_page()] * 5)
    with client() as asking:
        batches = Listing(asking, address=server.address).batches(
            "", Request(EVENING, since=THURSDAY, categories=("cs.LG",))
        )
        cursor = next(batches).cursor
        with pytest.raises(BadSource):
            next(batches)
    assert [one.day for one in announcements(run(server, cursor))] == [THURSDAY]


def test_one_broken_category_does_not_hold_up_the_others(server: LocalServer) -> None:
    server.plan(status(404))
    with client() as asking:
        batches = Listing(asking, address=server.address).batches("", Request(EVENING, categories=("cs.CL", "cs.LG")))
        got = [next(batches)]
        with pytest.raises(BadSource, match="404"):
            next(batches)
    assert [one.category for one in announcements(got)] == ["cs.LG"]
    assert "cs.LG" in got[0].cursor


@pytest.mark.parametrize("categories", [(), ("not a category",), ("../etc",)])
def test_a_listing_is_that_of_a_category(server: LocalServer, categories: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="categor"):
        run(server, categories=categories)
    assert server.asked == []


@pytest.mark.parametrize(
    "fault",
    [status(503, retry_after=20), status(429), web_page(), cut(0.9), cut(0.3), broken_off(), dropped()],
    ids=["503", "429", "web page", "cut late", "cut early", "broken off", "dropped"],
)
def test_what_may_pass_is_tried_again(server: LocalServer, fault: object) -> None:
    server.plan(fault, fault)  # type: ignore[arg-type]
    assert len(records(run(server))) == 5
    assert len(server.asked) == 3


def test_retry_after_is_honoured(server: LocalServer) -> None:
    clock = Clock()
    server.plan(status(503, retry_after=20))
    run(server, clock=clock)
    assert sum(clock.slept) >= 20


def test_an_empty_page_in_the_middle_is_asked_for_again(web: ArxivWeb, server: LocalServer) -> None:
    empty = ArxivWeb({FRIDAY: []})(Asked("GET", "/list/cs.LG/new", {"skip": "0", "show": "50"}, {}))
    server.plan(None, replies(empty), replies(empty))
    (announcement,) = announcements(run(server, show=3))
    assert len(announcement.entries) == 7
    server.plan(None, *[replies(empty)] * 5)
    with pytest.raises(BadSource, match="promises 7 entries and ends after 3"):
        run(server, show=3)


def test_a_listing_that_changes_while_it_is_read_is_left_for_later(web: ArxivWeb, server: LocalServer) -> None:
    other = ArxivWeb({"2026-11-23": MIXED})(Asked("GET", "/list/cs.LG/new", {"skip": "3", "show": "3"}, {}))
    server.plan(None, replies(other))
    with pytest.raises(BadSource, match="changed while it was read"):
        run(server, show=3)


def test_a_wrong_charset_is_tried_again_and_then_refused(web: ArxivWeb, server: LocalServer) -> None:
    web.announce(FRIDAY, [Announcing(paper("2611.00001", authors=("Zoë Ångström",)))])
    server.plan(wrong_charset())
    assert records(run(server))[0].authors == (Author("Zoë Ångström"),)
    server.plan(*[wrong_charset()] * 5)
    with pytest.raises(BadSource, match="another charset than it says"):
        run(server)


def test_a_page_in_the_charset_it_says_is_read(web: ArxivWeb, server: LocalServer) -> None:
    web.announce(FRIDAY, [Announcing(paper("2611.00001", authors=("Zoë Ångström",)))])
    usual = web(Asked("GET", "/list/cs.LG/new", {"skip": "0", "show": "50"}, {}))
    server.plan(replies(Reply(usual.body.decode().encode("latin-1"), kind="text/html; charset=iso-8859-1")))
    assert records(run(server))[0].authors == (Author("Zoë Ångström"),)
    assert len(server.asked) == 1


def test_a_server_that_stays_down_costs_only_this_run(server: LocalServer) -> None:
    server.plan(*[status(503)] * 5)
    with pytest.raises(Unavailable):
        run(server)


def test_doubles_and_disorder_count_once(web: ArxivWeb, server: LocalServer) -> None:
    twice = [NEW[1], NEW[0], NEW[1], Announcing(NEW[0].paper, "cross"), Announcing(NEW[1].paper, "replace")]
    web.announce(FRIDAY, twice)
    (announcement,) = announcements(run(server))
    assert dict(announcement.entries) == {"2611.00001": Announced.NEW, "2611.00002": Announced.NEW}


def test_one_bad_entry_is_refused_and_still_counted(web: ArxivWeb, server: LocalServer) -> None:
    web.announce(FRIDAY, [*NEW, Announcing(paper("2611.00004", title=""))])
    batches = run(server)
    (bad,) = [one for one in batches[0].results if isinstance(one, BadRecord)]
    assert str(bad) == "2611.00004: the title is missing"
    assert "2611.00004" in dict(announcements(batches)[0].entries)


def page(web: ArxivWeb, *changes: tuple[str, str]) -> bytes:
    text = web(Asked("GET", "/list/cs.LG/new", {"skip": "0", "show": "50"}, {})).body.decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("listings for Friday", "listings of Friday", "a heading .* is missing"),
        ("Friday, 20 November 2026", "today", "is no day"),
        ("showing 3 of 3", "showing 4 of 4", "promises 4 entries .* and holds 3"),
        ("(showing 3 of 3 entries)", "", "entries before any heading"),
        ("list-title", "a-title", "no title"),
        ("2611.00002", "yesterday", "without an arXiv id"),
        ("</html>", "", "breaks off"),
        ("2026", "2036", "not come yet"),
    ],
)
def test_a_page_of_another_form_is_refused_with_what_was_expected(
    web: ArxivWeb, server: LocalServer, old: str, new: str, reason: str
) -> None:
    server.plan(*[replies(Reply(page(web, (old, new)), kind=HTML))] * 5)
    with pytest.raises(BadSource, match=reason):
        run(server)


def test_small_changes_of_the_page_do_no_harm(web: ArxivWeb) -> None:
    changed = page(
        web,
        ("<h3>", "<h2 class='heading'>"),
        ("</h3>", "</h2>"),
        ("<dl id='articles'>", "<section><dl>"),
        ('title="Abstract" ', ""),
        ("<p class='mathjax'>", "<p class='mathjax abstract'><b></b>"),
        ("<div class='meta'>", "<div><div class='meta new'>"),
    )
    before, after = (read_page(body, HTML, category="cs.LG") for body in (page(web), changed))
    assert before == after
    assert before.count == 7


@pytest.mark.parametrize("body", [b"", b"  \n ", b"</html>", b"<html></html>", b"\x00\xff</html>", b"{}</html>"])
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(BadSource):
        read_page(body, HTML, category="cs.LG")


MIXED_PAGE = page(ArxivWeb({FRIDAY: MIXED}))


@given(st.integers(0, len(MIXED_PAGE)))
def test_a_page_is_read_whole_or_not_at_all(length: int) -> None:
    if MIXED_PAGE[length:].strip() == b"":
        assert read_page(MIXED_PAGE[:length], HTML, category="cs.LG").count == 7
    else:
        with pytest.raises(BadSource):
            read_page(MIXED_PAGE[:length], HTML, category="cs.LG")


@given(
    st.binary(max_size=200),
    st.sampled_from(["", "utf-8", "latin-1", "utf-7", "unicode_escape", "idna", "hex", "\udc80"]),
)
def test_no_bytes_do_more_than_disappoint(body: bytes, charset: str) -> None:
    with pytest.raises(BadSource):
        read_page(body + b"</html>", f"text/html; charset={charset}", category="cs.LG")


@given(st.text(max_size=60), st.text(max_size=200), st.lists(st.text(min_size=1, max_size=30), max_size=3))
def test_no_text_of_an_author_breaks_a_page(title: str, abstract: str, authors: list[str]) -> None:
    strange = Announcing(paper("2611.00004", title=title, abstract=abstract, authors=tuple(authors)))
    web = ArxivWeb({FRIDAY: [*NEW, strange]})
    body = (
        web(Asked("GET", "/list/cs.LG/new", {"skip": "0", "show": "50"}, {})).body.decode("utf-8", "replace").encode()
    )
    assert read_page(body, HTML, category="cs.LG").count == 4


def test_a_cursor_that_is_none_is_the_beginning(server: LocalServer) -> None:
    for cursor in ("nonsense", "[]", '{"cs.LG": 3}', '{"cs.LG": {"what": 1}}'):
        assert len(announcements(run(server, cursor))) == 1
