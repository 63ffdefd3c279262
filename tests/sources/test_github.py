"""GitHub: which repositories a paper names, and how their stars are counted."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import BadSetting, BadSource, Unavailable
from broadsheet.sources.github import GitHub, repositories, repository
from broadsheet.sources.live import Request
from broadsheet.types import Identifier, Paper, Signal
from tests.conftest import NOW
from tests.servers.indexes import GitHubWeb, answer
from tests.servers.kit import Clock, LocalServer, cut, endless, replies, status, web_page
from tests.sources.conftest import Clients

TOKEN = "t0ken"
STARS = {f"moss/garden{n}": n for n in range(120)}


def name(value: str) -> Identifier:
    return Identifier("github", value)


def request(*names: str) -> Request:
    return Request(NOW, papers=tuple(map(name, names)))


@pytest.fixture
def web() -> GitHubWeb:
    return GitHubWeb(STARS, token=TOKEN, moved={"moss/old": "moss/garden7"})


@pytest.fixture
def server(web: GitHubWeb) -> Iterator[LocalServer]:
    with LocalServer(web) as server:
        yield server


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://github.com/Moss/Garden", "moss/garden"),
        ("http://www.github.com/moss/garden.git", "moss/garden"),
        ("https://github.com/moss/garden/tree/main/src?tab=readme#top", "moss/garden"),
        ("https://github.com/moss/garden.js.", "moss/garden.js"),
        ("https://github.com/moss", None),
        ("https://github.com/", None),
        ("https://github.com/orgs/moss/repositories", None),
        ("https://github.com/topics/gardens", None),
        ("https://github.com/moss/..", None),
        ("https://gist.github.com/moss/0123", None),
        ("https://moss.github.io/garden", None),
        ("https://gitlab.com/moss/garden", None),
        ("https://github.com.example.org/moss/garden", None),
        ("https://[github.com/moss/garden", None),
        ("", None),
    ],
)
def test_an_address_leads_into_one_repository_or_none(address: str, expected: str | None) -> None:
    assert repository(address) == (name(expected) if expected else None)


def test_a_paper_names_its_repositories_its_own_first() -> None:
    paper = Paper(
        id="2401.00017",
        title="T",
        abstract=r"Code is at \url{https://github.com/moss/third}. We build on github.com/reed/fourth.",
        comment="9 pages, code: https://github.com/Moss/Second, see github.com/moss/first",
        links=("https://example.org/x", "https://github.com/moss/first/"),
    )
    assert repositories(paper) == tuple(map(name, ("moss/first", "moss/second", "moss/third", "reed/fourth")))
    assert repositories(Paper(id="2401.00018", title="T", abstract="No code.")) == ()


@given(st.text(), st.text())
def test_no_text_breaks_it(abstract: str, link: str) -> None:
    assert isinstance(repositories(Paper(id="x", title="T", abstract=f"github.com/{abstract}", links=(link,))), tuple)


def test_with_a_token_fifty_go_into_one_question(client: Clients, server: LocalServer) -> None:
    source = GitHub(client(), token=TOKEN, address=server.address)
    batches = list(source.batches("", request(*STARS, "moss/gone", "moss/old")))
    assert [len(batch.asked) for batch in batches] == [50, 50, 22]
    assert [batch.done for batch in batches] == [False, False, True]
    signals = [signal for batch in batches for signal in batch.signals]
    assert signals[3] == Signal(name("moss/garden3"), "stars", "github", "2026-11-20", 3)
    assert signals[-1] == Signal(name("moss/old"), "stars", "github", "2026-11-20", 7)
    assert len(signals) == 121
    assert batches[-1].note == "1 of 22 repositories are gone, or not public."
    assert {asked.headers["authorization"] for asked in server.asked} == {f"Bearer {TOKEN}"}
    assert len(server.asked) == 3


@pytest.mark.parametrize("token", ["", TOKEN])
@pytest.mark.parametrize(
    "bad", ['moss/x") { id } #', "moss/..", "moss/x/../../user", "moss", "moss/", "/moss", "moss/x?y"]
)
def test_what_is_no_name_is_not_asked_for(bad: str, token: str, client: Clients, server: LocalServer) -> None:
    (batch,) = GitHub(client(), token=token, address=server.address).batches("", request(bad, "moss/garden1"))
    assert batch.asked == (name("moss/garden1"),)
    assert len(server.asked) == 1


def test_without_a_token_they_are_asked_for_one_by_one_and_by_their_old_names(
    client: Clients, server: LocalServer
) -> None:
    (batch,) = GitHub(client(), address=server.address).batches("", request("moss/garden3", "moss/old", "moss/gone"))
    assert [(signal.subject.value, signal.count) for signal in batch.signals] == [("moss/garden3", 3), ("moss/old", 7)]
    assert batch.asked == (name("moss/garden3"), name("moss/old"), name("moss/gone"))
    assert [asked.path for asked in server.asked][:2] == ["/repos/moss/garden3", "/repos/moss/old"]
    assert all("authorization" not in asked.headers for asked in server.asked)


def test_the_hours_allowance_ends_a_run_and_keeps_what_came(
    client: Clients, server: LocalServer, web: GitHubWeb
) -> None:
    web.left = 13
    batches = GitHub(client(Clock()), address=server.address).batches("", request(*list(STARS)[:30]))
    first, second = next(batches), next(batches)
    assert ([len(first.asked), len(second.asked)], first.done, second.done) == ([10, 3], False, False)
    with pytest.raises(Unavailable, match="allowance for this hour") as caught:
        next(batches)
    assert caught.value.retry_after == 1_795_177_000 - NOW.timestamp()
    assert len(server.asked) == 13


def test_a_question_too_many_waits_as_long_as_it_is_told(client: Clients, server: LocalServer) -> None:
    server.plan(replies(answer({"message": "secondary rate limit"}, 403, {"Retry-After": 90})))
    with pytest.raises(Unavailable, match="allowance") as caught:
        list(GitHub(client(), token=TOKEN, address=server.address).batches("", request("moss/garden1")))
    assert caught.value.retry_after == 90
    limited = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    server.plan(replies(answer(limited, 200, {"X-RateLimit-Reset": "soon"})))
    with pytest.raises(Unavailable) as caught:
        list(GitHub(client(), token=TOKEN, address=server.address).batches("", request("moss/garden1")))
    assert caught.value.retry_after == 3600


def test_a_wrong_token_is_said_so_and_not_shown(client: Clients, server: LocalServer) -> None:
    with pytest.raises(BadSetting, match="token it was given") as caught:
        list(GitHub(client(), token="wr0ng", address=server.address).batches("", request("moss/garden1")))
    assert "wr0ng" not in str(caught.value)


def test_one_repository_that_is_blocked_does_not_stop_the_others(client: Clients, server: LocalServer) -> None:
    server.plan(replies(answer({"message": "Repository access blocked"}, 403)), replies(answer({}, 451)))
    (batch,) = GitHub(client(), address=server.address).batches("", request("moss/a", "moss/b", "moss/garden2"))
    assert ([signal.count for signal in batch.signals], len(batch.asked)) == ([2], 3)


@pytest.mark.parametrize("token", ["", TOKEN])
def test_what_passes_is_waited_for_and_what_lasts_is_said(client: Clients, token: str, server: LocalServer) -> None:
    for fault in (status(503, retry_after=5), web_page(), cut(0.5)):
        server.plan(fault)
        (batch,) = GitHub(client(), token=token, address=server.address).batches("", request("moss/garden2"))
        assert [signal.count for signal in batch.signals] == [2]
    for fault, error in ((status(502), Unavailable), (web_page(), BadSource), (endless(), BadSource)):
        server.plan(*[fault] * 5)
        source = GitHub(client(max_bytes=1_000_000), token=token, address=server.address)
        with pytest.raises(error) as caught:
            list(source.batches("", request("moss/garden2")))
        assert TOKEN not in str(caught.value)


def test_an_error_without_repositories_is_said(client: Clients, server: LocalServer) -> None:
    server.plan(*[replies(answer({"data": None, "errors": [{"message": "Something went wrong"}]}))] * 5)
    with pytest.raises(BadSource, match='holds no repositories: "Something went wrong"'):
        list(GitHub(client(), token=TOKEN, address=server.address).batches("", request("moss/garden2")))
