"""/mcp over HTTP: by whose token, from where, in several processes, and against what is no message."""

import json
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx2
import pytest
from mcp.client import Client

from broadsheet import app, config
from broadsheet.library import Library
from broadsheet.types import Access, Actor, Scope
from tests.clients import TestClient
from tests.crowd import joins
from tests.e2e.site import served
from tests.mcp.agents import CONNECTS, Agent, library_at, outside, over
from tests.mcp.test_tools import READING, SHEEP
from tests.place import place

ACCEPTS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
LISTING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_at(tmp_path_factory.mktemp("mcp")) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    settings = config.read(library.home, {"BROADSHEET_ACCESS": "open", "BROADSHEET_API_REQUESTS": "0"})
    with served(app.create(library, settings)) as base:
        yield base


@pytest.fixture(scope="module")
def ada(library: Library) -> Actor:
    return joins(library, "ada")


@pytest.fixture(scope="module")
def tokens(library: Library, ada: Actor) -> dict[str, str]:
    wanted = {"all": frozenset(Scope), "read": frozenset({Scope.READ}), "vote": frozenset({Scope.VOTE})}
    return {name: library.make_token(ada, name, scopes, 30)[1] for name, scopes in wanted.items()}


@pytest.mark.parametrize("mode", CONNECTS)
def test_who_has_no_token_reads(address: str, mode: str) -> None:
    agent = outside(address, mode=mode)
    assert agent.tools() == READING
    found = agent.asks("search_papers", query="sheep", limit=1)["papers"][0]
    assert (found["id"], found["url"]) == (SHEEP, f"{address}/papers/{SHEEP}")
    assert "Sign in to vote" in agent.is_told("vote", id=SHEEP)


@pytest.mark.parametrize("mode", CONNECTS)
def test_a_token_acts_for_its_owner_as_far_as_it_goes(
    library: Library, ada: Actor, address: str, tokens: dict[str, str], mode: str
) -> None:
    agent = outside(address, tokens["all"], mode=mode)
    assert agent.asks("vote", id=SHEEP)["votes"] == 1
    assert [one.id for one in library.voted("ada", actor=ada)] == [SHEEP]
    assert "scope “vote”" in outside(address, tokens["read"], mode=mode).is_told("vote", id=SHEEP)
    assert "comment" not in outside(address, tokens["vote"], mode=mode).tools()


def test_a_token_that_ended_is_refused(address: str) -> None:
    answer = httpx2.post(f"{address}/mcp", json=LISTING, headers={**ACCEPTS, "Authorization": "Bearer bs_nobodys"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "not valid" in answer.json()["error"]["message"]


def test_any_process_answers(library: Library, address: str, tokens: dict[str, str]) -> None:
    """Nothing is kept between two requests: one goes here and the next there."""
    settings = config.read(library.home, {"BROADSHEET_ACCESS": "open"})
    with served(app.create(library, settings)) as other:
        hosts = [other, address]

        def elsewhere(request: httpx2.Request) -> httpx2.Response:
            hosts.reverse()
            target = request.url.copy_with(port=httpx2.URL(hosts[0]).port)
            with httpx2.Client() as client:
                given = {name: value for name, value in request.headers.items() if name != "host"}
                answer = client.request(request.method, target, content=request.content, headers=given)
            return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)

        async def work(client: Client) -> list[int]:
            found = [await client.call_tool("search_papers", {"query": "sheep"}) for _ in range(4)]
            return [one.structured_content["total"] for one in found]

        for mode in CONNECTS:
            http = httpx2.AsyncClient(transport=httpx2.MockTransport(elsewhere))
            agent = Agent(partial(over, http, address, mode))
            assert len(set(agent.do(work))) == 1


# From where


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://evil.example:8000", "evil", "https://"])
def test_pages_of_other_sites_are_refused(address: str, origin: str, tokens: dict[str, str]) -> None:
    answer = httpx2.post(f"{address}/mcp", json=LISTING, headers={**ACCEPTS, "Origin": origin})
    assert answer.status_code == 403
    assert "page of another site" in answer.json()["error"]["message"]
    shown = {**ACCEPTS, "Origin": origin, "Authorization": f"Bearer {tokens['read']}"}
    assert httpx2.post(f"{address}/mcp", json=LISTING, headers=shown).status_code == 200, (
        "no browser sends one by itself"
    )


def test_a_name_that_was_bent_to_this_machine_is_refused(address: str) -> None:
    """DNS rebinding: the page and the machine have one name, that of the page."""
    headers = {**ACCEPTS, "Origin": "http://rebound.example", "Host": "rebound.example"}
    assert httpx2.post(f"{address}/mcp", json=LISTING, headers=headers).status_code == 403
    assert httpx2.post(f"{address}/mcp", json=LISTING, headers={**ACCEPTS, "Origin": address}).status_code == 200


def test_pages_of_this_site_may_ask(tmp_path: Path) -> None:
    with place(tmp_path, ADDRESS="https://papers.example", ACCESS="open") as here:
        client = TestClient(here.app, base_url="https://papers.example")
        for origin, status in (("https://papers.example", 200), ("https://other.example", 403)):
            assert client.post("/mcp", json=LISTING, headers={**ACCEPTS, "Origin": origin}).status_code == status


def test_where_there_is_one_person_they_act(tmp_path: Path) -> None:
    with library_at(tmp_path, Access.SINGLE) as library, served(app.create(library, config.read(library.home))) as base:
        agent = outside(base)
        assert agent.asks("vote", id=SHEEP)["votes"] == 1
        assert len(agent.tools()) > len(READING)
        refused = httpx2.post(f"{base}/mcp", json=LISTING, headers={**ACCEPTS, "Host": "rebound.example"})
        assert refused.status_code == 403
        assert "answers only at this machine" in refused.json()["error"]["message"]


def test_other_sites_are_told_beforehand_what_they_may_send(address: str) -> None:
    answer = httpx2.options(f"{address}/mcp", headers={"Origin": "http://inspector.example"})
    assert answer.status_code == 204
    assert "Mcp-Protocol-Version" in answer.headers["access-control-allow-headers"]


def test_too_many_requests_are_told_so(library: Library) -> None:
    settings = config.read(library.home, {"BROADSHEET_ACCESS": "open", "BROADSHEET_API_REQUESTS": "10"})
    client = TestClient(app.create(library, settings))
    statuses = [client.post("/mcp", json=LISTING, headers=ACCEPTS).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


# What is no message


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "HEAD"])
def test_only_messages_are_taken(address: str, method: str) -> None:
    answer = httpx2.request(method, f"{address}/mcp", headers=ACCEPTS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")


GARBAGE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"\xff\xfe",
    b"[" * 50_000,
    b'{"jsonrpc":"2.0"}',
    b'{"jsonrpc":"1.0","id":1,"method":"tools/list"}',
    b'{"jsonrpc":"2.0","id":{},"method":"tools/list"}',
    b'{"jsonrpc":"2.0","id":1,"method":7}',
    b'{"jsonrpc":"2.0","id":1,"method":"no/such"}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"vote","arguments":"x"}}',
    b'{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"\\u0000"}}',
    b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}',
    b'{"jsonrpc":"2.0","id":' + b"9" * 5_000 + b',"method":"tools/list"}',
    json.dumps([LISTING, LISTING]).encode(),
]


@pytest.mark.parametrize("version", ["", "2025-06-18", "2026-07-28", "1999-01-01", "x"])
def test_garbage_is_answered(address: str, version: str) -> None:
    headers = {**ACCEPTS, **({"Mcp-Protocol-Version": version} if version else {})}
    for body in GARBAGE:
        answer = httpx2.post(f"{address}/mcp", content=body, headers=headers, timeout=20)
        assert answer.status_code < 500, (body[:80], answer.text)
        assert answer.status_code == 202 or "error" in answer.json(), (body[:80], answer.text)
    assert outside(address).tools() == READING, "the server goes on"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain", "Accept": "application/json, text/event-stream"}, 400),
        ({"Content-Type": "application/json", "Accept": "text/html"}, 406),
    ],
)
def test_what_is_sent_or_wanted_otherwise_is_refused(address: str, headers: dict[str, str], status: int) -> None:
    assert httpx2.post(f"{address}/mcp", content=json.dumps(LISTING), headers=headers).status_code == status


def test_a_huge_message_is_refused(address: str) -> None:
    body = json.dumps({**LISTING, "params": {"more": "x" * 2_000_000}})
    assert httpx2.post(f"{address}/mcp", content=body, headers=ACCEPTS).status_code == 413
    assert outside(address).is_told("search_papers", query="x" * 900_000).startswith("“query”: ")


def test_who_goes_away_holds_nothing_up(address: str) -> None:
    """Connections that break in the middle of a message, and of an answer."""
    port = httpx2.URL(address).port
    body = json.dumps(
        {**LISTING, "method": "tools/call", "params": {"name": "search_papers", "arguments": {"query": "a"}}}
    )
    head = f"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json, text/event-stream\r\n"
    for sent in (body, body[:20]):
        for _ in range(10):
            with socket.create_connection(("127.0.0.1", port or 80)) as line:
                line.sendall(
                    f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{sent}".encode()
                )
    assert outside(address).asks("search_papers", query="sheep")["papers"]
