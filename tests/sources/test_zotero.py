"""Zotero's local API: items of a library, page by page, and what changed since."""

from collections.abc import Iterator
from typing import Any

import pytest

from broadsheet.errors import BadRecord, BadSource, PrivateAddress, Unavailable
from broadsheet.sources.live import Batch, Request
from broadsheet.sources.zotero import Zotero
from broadsheet.types import Author, Deletion, Identifier, Record
from tests.conftest import NOW
from tests.servers.indexes import ZoteroWeb, answer
from tests.servers.kit import LocalServer, cut, endless, replies, status, web_page
from tests.servers.kit import client as new_client
from tests.sources.conftest import Clients


def item(key: str, version: int = 5, **data: Any) -> dict[str, Any]:
    """An item as Zotero gives it."""
    return {"key": key, "version": version, "data": {"itemType": "preprint", "title": f"On {key}", **data}}


TIDES = {
    **item(
        "TIDES",
        title="Tides of the <i>North</i>",
        abstractNote="They rise.\n\nThey fall, if $a<b$.",
        creators=[
            {"creatorType": "author", "firstName": "Olga", "lastName": "Reed"},
            {"creatorType": "author", "name": "The Pier Collaboration"},
            {"creatorType": "editor", "firstName": "Ed", "lastName": "Itor"},
        ],
        archiveID="arXiv:2303.00077",
        repository="arXiv",
        DOI="10.48550/arXiv.2303.00077",
        url="http://arxiv.org/abs/2303.00077",
        extra="arXiv:2303.00077 [physics]\nPMID: 123\nmine: see arXiv:2001.00001",
        tags=[{"tag": "to read"}, {"tag": "Oceans", "type": 1}],
        date="2023-03-05 5 March",
    ),
    "meta": {"parsedDate": "2023-03-05"},
}
GARDEN = item(
    "GARDEN",
    itemType="journalArticle",
    title="Gardens at Night",
    publicationTitle="Journal of Garden Lights",
    volume="4",
    issue="2",
    pages="10-19",
    date="May 2021",
    DOI="10.1000/GARDEN",
    url="https://example.org/garden",
)


@pytest.fixture
def web() -> ZoteroWeb:
    return ZoteroWeb([TIDES, item("NOTE", itemType="note"), GARDEN])


@pytest.fixture
def server(web: ZoteroWeb) -> Iterator[LocalServer]:
    with LocalServer(web) as server:
        yield server


def run(client: Clients, server: LocalServer, cursor: str = "", limit: int = 100) -> list[Batch]:
    return list(Zotero(client(), address=server.address, limit=limit).batches(cursor, Request(NOW)))


def keys(batches: list[Batch]) -> list[str]:
    return [one.source_key for batch in batches for one in batch.results if not isinstance(one, BadRecord)]


def test_items_are_records_of_their_facts(client: Clients, server: LocalServer) -> None:
    (batch,) = run(client, server)
    assert (batch.done, batch.total) == (True, 3)
    assert batch.results == [
        Record(
            source="zotero",
            source_key="TIDES",
            title="Tides of the North",
            abstract="They rise.\n\nThey fall, if $a<b$.",
            authors=(Author("Olga Reed"), Author("The Pier Collaboration")),
            published="2023-03-05",
            identifiers=(Identifier("arxiv", "2303.00077"), Identifier("pmid", "123")),
            keywords=("Oceans",),
        ),
        Record(
            source="zotero",
            source_key="GARDEN",
            title="Gardens at Night",
            published="2021-05",
            identifiers=(Identifier("doi", "10.1000/garden"),),
            venue="Journal of Garden Lights",
            journal_ref="Journal of Garden Lights 4(2), 10-19 (2021)",
            links=("https://example.org/garden",),
        ),
    ]


def test_the_next_run_reads_what_changed(client: Clients, server: LocalServer, web: ZoteroWeb) -> None:
    (first,) = run(client, server)
    assert keys(run(client, server, first.cursor)) == []
    web.items, web.version = [TIDES, {**GARDEN, "version": 11}, item("RAIN", 12), item("GONE", 12, deleted=True)], 12
    (batch,) = run(client, server, first.cursor)
    assert keys([batch]) == ["GARDEN", "RAIN", "GONE"]
    assert batch.results[-1] == Deletion("zotero", "GONE")


def test_a_run_that_is_cut_short_goes_on_where_it_stopped(client: Clients, server: LocalServer, web: ZoteroWeb) -> None:
    web.items = [item(f"K{n}") for n in range(7)]
    pages = Zotero(client(), address=server.address, limit=3).batches("", Request(NOW))
    first = next(pages)
    rest = run(client, server, first.cursor, 3)
    assert keys([first, *rest]) == [f"K{n}" for n in range(7)]
    assert [batch.done for batch in (first, *rest)] == [False, False, True]
    assert keys(run(client, server, rest[-1].cursor, 3)) == []


def test_what_changes_meanwhile_hides_nothing(client: Clients, server: LocalServer, web: ZoteroWeb) -> None:
    web.items = [item(f"K{n}") for n in range(5)]
    pages = Zotero(client(), address=server.address, limit=2).batches("", Request(NOW))
    before = keys([next(pages)])
    web.items, web.version = (
        [item(f"K{n}") for n in (0, 2, 3, 4)],
        11,
    )  # K1 was erased: K2 moves to the page already read
    assert before == ["K0", "K1"]
    assert set(keys(list(pages))) == {"K0", "K2", "K3", "K4"}


def test_another_zotero_or_an_older_library_is_read_as_a_whole(
    client: Clients, server: LocalServer, web: ZoteroWeb
) -> None:
    (first,) = run(client, server)
    web.server = "laptop"
    (other,) = run(client, server, first.cursor)
    assert keys([other]) == ["TIDES", "GARDEN"]
    web.version = 4
    assert keys(run(client, server, other.cursor)) == ["TIDES", "GARDEN"]


def test_an_older_zotero_is_read_as_a_whole_each_time(client: Clients, server: LocalServer, web: ZoteroWeb) -> None:
    web.server = ""
    (first,) = run(client, server, limit=1)
    (second,) = run(client, server, first.cursor, limit=1)
    assert keys([first]) == keys([second]) == ["TIDES", "GARDEN"]


@pytest.mark.parametrize("cursor", ["no json", "[]", "{}", '{"since": "x"}', '{"since": 3, "more": 1}', "7"])
def test_a_cursor_of_something_else_is_the_beginning(cursor: str, client: Clients, server: LocalServer) -> None:
    assert keys(run(client, server, cursor)) == ["TIDES", "GARDEN"]


def test_an_item_that_is_no_record_costs_itself(client: Clients, server: LocalServer, web: ZoteroWeb) -> None:
    web.items = [item("BLANK", title=""), {"version": 5, "data": {"title": "T"}}, GARDEN]
    (batch,) = run(client, server)
    assert [str(one) for one in batch.results if isinstance(one, BadRecord)] == [
        "item BLANK: the title is missing",
        "an item has no key",
    ]
    assert keys([batch]) == ["GARDEN"]


def test_a_group_has_a_name_of_its_own(client: Clients) -> None:
    with LocalServer(lambda asked: answer([])) as server:
        source = Zotero(client(), address=server.address, library="groups/12")
        assert source.name == "zotero:groups/12"
        assert [batch.done for batch in source.batches("", Request(NOW))] == [True]
    assert server.asked[0].path == "/api/groups/12/items/top"


def test_a_zotero_that_lets_nobody_in_is_told_how_to(client: Clients, server: LocalServer) -> None:
    server.plan(replies(answer("Local API is not enabled", 403)))
    with pytest.raises(Unavailable, match="Allow other applications"):
        run(client, server)


def test_it_is_asked_only_by_a_client_that_may(server: LocalServer) -> None:
    with new_client(allow_private=False) as asking, pytest.raises(PrivateAddress, match="allow private addresses"):
        list(Zotero(asking, address=server.address).batches("", Request(NOW)))
    assert server.asked == []


def test_what_passes_is_waited_for_and_what_lasts_is_said(client: Clients, server: LocalServer) -> None:
    server.plan(status(503), web_page(), cut())
    assert keys(run(client, server)) == ["TIDES", "GARDEN"]
    for fault, says in (
        (web_page(), "should be JSON"),
        (replies(answer({})), "an object; a list"),
        (endless(), "more than"),
    ):
        server.plan(*[fault] * 5)
        with pytest.raises(BadSource, match=says):
            list(Zotero(client(max_bytes=100_000), address=server.address).batches("", Request(NOW)))


def test_a_zotero_that_does_not_run_is_unavailable(client: Clients) -> None:
    with LocalServer(lambda asked: answer([])) as server:
        address = server.address
    with pytest.raises(Unavailable, match="cannot be reached"):
        list(Zotero(client(), address=address).batches("", Request(NOW)))
