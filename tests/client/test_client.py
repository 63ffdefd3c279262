"""The client: every operation is reachable from it, and what servers say becomes answers, errors and patience."""

import asyncio
import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from broadsheet.api.v1.operations import Operation
from broadsheet.api.v1.routes import operations
from broadsheet.client import AsyncClient, Client
from broadsheet.client.calls import Call, verb
from broadsheet.errors import (
    BroadsheetError,
    Conflict,
    Forbidden,
    NotFound,
    Overtaken,
    Refused,
    SignInNeeded,
    TooMany,
    Unavailable,
    Unfit,
)
from broadsheet.types import OWNER, Comment, Scope, Span
from tests.conftest import ROOT
from tests.loops import run
from tests.private.worlds import OTHER, PAPER, World


@pytest.fixture
def eve(world: World, address: str) -> Iterator[Client]:
    """A client of somebody with a token."""
    with client_of(world, address, "eve") as made:
        yield made


def client_of(world: World, address: str, name: str) -> Client:
    actor = world.library.acting_as(OWNER, name)
    return Client(address, token=world.library.make_token(actor, "a client", frozenset(Scope), None)[1])


# Nothing is left out.

CALLS: dict[str, Callable[..., Call[Any]]] = {
    name: found.make for name, found in inspect.getmembers(Client) if isinstance(found, verb)
}


def call_of(name: str) -> Call[Any]:
    """The call that a verb makes, with something for every parameter."""
    given = {}
    for parameter in list(inspect.signature(CALLS[name]).parameters.values())[1:]:
        if parameter.default is inspect.Parameter.empty:
            given[parameter.name] = ["x"] if "Sequence" in str(parameter.annotation) else "x"
    return CALLS[name](None, **given)


@pytest.mark.parametrize("one", operations(), ids=lambda one: one.name)
def test_every_operation_is_a_verb_of_the_client_with_the_same_parameters(one: Operation) -> None:
    call = call_of(one.name)
    assert (call.method, call.template) == (one.method, one.path.replace(":path}", "}"))
    assert call.into == (None if one.kind is type(None) else one.kind)
    described = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    operation = described["paths"][call.template][one.method.lower()]
    named = {given["name"]: given["in"] for given in operation.get("parameters", ()) if "name" in given}
    assert set(call.path) == {name for name, where in named.items() if where == "path"}
    assert set(call.query) == {name for name, where in named.items() if where == "query"} - {"fields"}
    if "requestBody" in operation:
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        fields = described["components"]["schemas"][reference.rpartition("/")[2]]["properties"]
        takes = inspect.signature(CALLS[one.name]).parameters
        assert set(fields) <= set(takes)


def test_the_client_has_no_verb_that_the_api_has_not() -> None:
    assert CALLS.keys() == {one.name for one in operations()}


# Against a live server.


def test_answers_are_the_nouns_of_the_door(world: World, address: str, eve: Client) -> None:
    with Client(address) as anybody:
        known = world.library.paper(OTHER)
        assert anybody.paper(OTHER) == replace(known, number=0)
        assert anybody.paper("doi:10.1000/FOLD.7") == anybody.paper(f"https://arxiv.org/abs/{OTHER}")
        assert anybody.paper("hep-th/9901001").id == "hep-th/9901001"
        page = anybody.search("sheep", explain=True)
        assert [hit.paper.id for hit in page.hits][:1] == [PAPER]
        assert page.hits[0].why is not None
        assert anybody.edition(Span.DAY, "2026-11-18").total == 2
        assert anybody.papers_named([PAPER, "nothing"]).items[1] is None
    assert eve.me().person.name == "eve"
    said = eve.comment(PAPER, "Sheep, *again*?")
    assert isinstance(said, Comment)
    assert eve.edit_comment(said.number, "Sheep, again.", edit=0).edits == 1
    assert eve.vote("hep-th/9901001").votes == 1
    assert eve.unvote("hep-th/9901001").votes == 0
    eve.delete_comment(said.number)
    made = eve.found("Kite readers")
    assert eve.group(made.name).role == "owner"


def test_errors_are_those_of_the_door(world: World, address: str, eve: Client) -> None:
    with Client(address) as anybody:
        with pytest.raises(NotFound, match=r"2611\.77777"):
            anybody.paper("2611.77777")
        with pytest.raises(SignInNeeded, match="Sign in"):
            anybody.vote(PAPER)
        with pytest.raises(Refused, match="cursor"):
            anybody.listing(cursor="nonsense")
    with pytest.raises(Forbidden):
        eve.people()
    with pytest.raises(SignInNeeded, match="not valid"), Client(address, token="bs_nothing") as nobody:
        nobody.me()
    said = eve.comment(PAPER, "First.")
    eve.edit_comment(said.number, "Second.", edit=0)
    with pytest.raises(Overtaken) as overtaken:
        eve.edit_comment(said.number, "Third.", edit=0)
    assert (overtaken.value.present, overtaken.value.yours, overtaken.value.edits) == ("Second.", "Third.", 1)
    with pytest.raises(Unfit, match="less than or equal"):
        eve.listing(limit=1_000)


def test_lists_are_walked_to_their_end(world: World, address: str) -> None:
    everything, _ = world.library.listing(limit=100)
    with Client(address) as anybody:
        assert [one.id for one in anybody.every(anybody.listing, limit=2)] == [one.id for one in everything]
        pages = list(anybody.stretches(anybody.search, "sheep maps knots", mode="keyword", limit=1))
        assert [len(page.hits) for page in pages] == [1] * pages[0].total


def test_the_other_client_awaits_the_same(world: World, address: str) -> None:
    async def asking() -> tuple[str, list[str], str]:
        async with AsyncClient(address) as anybody:
            paper, page = await asyncio.gather(anybody.paper(PAPER), anybody.search("sheep"))
            ids = [one.id async for one in anybody.every(anybody.listing, limit=2)]
            with pytest.raises(NotFound):
                await anybody.paper("2611.77777")
            return paper.id, ids, page.hits[0].paper.id

    found: list[tuple[str, list[str], str]] = []

    async def told() -> None:
        found.append(await asking())

    run(told)
    everything, _ = world.library.listing(limit=100)
    assert found == [(PAPER, [one.id for one in everything], PAPER)]


# Against servers that are as we want them.


class Plan:
    """A server that answers what it is told, and keeps what it was asked."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers, self.asked = list(answers), list[httpx2.Request]()
        self.slept: list[float] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self) -> Client:
        return Client("http://papers.example", transport=httpx2.MockTransport(self), sleep=self.slept.append)


def problem(status: int, retry: str = "", **more: object) -> httpx2.Response:
    body = {"type": "x", "title": "x", "status": status, "detail": "So it is.", "instance": "/", **more}
    return httpx2.Response(status, json=body, headers={"Retry-After": retry} if retry else {})


VOTED = {"paper": "x", "votes": 1, "mine": True}


def test_a_write_is_sent_again_with_the_same_key_and_not_for_ever() -> None:
    plan = Plan(httpx2.ReadError("cut"), problem(503), problem(409, "1"), httpx2.Response(200, json=VOTED))
    assert plan.client().vote("x").votes == 1
    keys = {request.headers["idempotency-key"] for request in plan.asked}
    assert (len(plan.asked), len(keys)) == (4, 1)
    assert plan.slept == [0.5, 1.0, 1.0]
    plan = Plan(*[httpx2.ConnectError("no") for _ in range(9)])
    with pytest.raises(Unavailable, match=r"papers\.example"):
        plan.client().vote("x")
    assert len(plan.asked) == 4
    other = Plan(httpx2.Response(200, json=VOTED), httpx2.Response(200, json=VOTED))
    client = other.client()
    client.vote("x")
    client.vote("x")
    assert len({request.headers["idempotency-key"] for request in other.asked}) == 2


def test_it_waits_as_long_as_it_is_told_unless_that_is_too_long() -> None:
    plan = Plan(problem(429, "7", retry_after=7), httpx2.Response(200, json=VOTED))
    plan.client().vote("x")
    assert plan.slept == [7.0]
    long = Plan(problem(429, "3600", retry_after=3600))
    with pytest.raises(TooMany) as many:
        long.client().vote("x")
    assert (many.value.retry_after, long.slept) == (3600.0, [])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (problem(400), Refused),
        (problem(400, errors=[{"where": "body.at", "detail": "No such time."}]), Unfit),
        (problem(401), SignInNeeded),
        (problem(403), Forbidden),
        (problem(404), NotFound),
        (problem(409), Conflict),
        (problem(409, present="a", edits=1, yours="b"), Overtaken),
        (problem(412), Conflict),
        (problem(422), Refused),
        (problem(428), Refused),
        (problem(500), Unavailable),
        (httpx2.Response(502, text="<html>Bad gateway</html>"), Unavailable),
        (httpx2.Response(200, text="<html>A login page</html>"), Unavailable),
        (httpx2.Response(200, json={"paper": 7}), Unavailable),
        (httpx2.Response(200, json=[]), Unavailable),
        (httpx2.Response(301, headers={"Location": "https://elsewhere.example"}), Refused),
        (httpx2.Response(404, json={"error": "another kind of server"}), Unavailable),
    ],
)
def test_whatever_comes_is_an_error_of_ours(answer: httpx2.Response, kind: type[BroadsheetError]) -> None:
    with pytest.raises(BroadsheetError) as raised:
        Plan(*[answer] * 4).client().vote("x")
    assert type(raised.value).__mro__[0] is kind or (kind is Unfit and isinstance(raised.value, Unfit))


def test_names_with_odd_letters_reach_the_server_as_they_are() -> None:
    plan = Plan(*[httpx2.Response(404, json=json.loads(problem(404).content)) for _ in range(3)])
    client = plan.client()
    for name in ("hep-th/9901001", "doi:10.1000/a?b#c%20d", "two words"):
        with pytest.raises(NotFound):
            client.paper(name)
    assert [request.url.raw_path.decode() for request in plan.asked] == [
        "/api/v1/papers/hep-th/9901001", "/api/v1/papers/doi:10.1000/a%3Fb%23c%2520d", "/api/v1/papers/two%20words",
    ]  # fmt: skip


@pytest.mark.parametrize("address", ["papers.example", "ftp://papers.example", "", "https://", "https://a:b@c.example"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="address"):
        Client(address)


def test_a_token_goes_to_its_server_alone_and_is_in_no_error() -> None:
    with pytest.raises(Refused) as refused:
        Client("http://papers.example", token="bs_é")
    assert "bs_" not in str(refused.value)
    plan = Plan(httpx2.Response(302, headers={"Location": "https://evil.example/"}))
    client = Client("http://papers.example", token="bs_x", transport=httpx2.MockTransport(plan))
    with pytest.raises(Refused):
        client.me()
    assert [request.url.host for request in plan.asked] == ["papers.example"]
