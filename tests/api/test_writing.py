"""What programs write with a token: votes, comments, submissions, at Hugging Face's addresses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from broadsheet.library.limits import LIMITS
from broadsheet.types import OWNER, Identifier, Scope
from tests.conftest import NOW
from tests.papers import record
from tests.place import Place, place

KITES = "2407.21783"
COMES = "2407.99999"  # what can be fetched
READ, VOTE, COMMENT, SUBMIT, ADMIN = Scope


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    """A place with two papers, and a source that has a third."""
    with place(tmp_path) as made:
        put = made.library.catalogue.put

        def fetch(_library: object, name: Identifier) -> bool:
            if name.value != COMES:
                return False
            put([record(COMES, "A Late Paper")], at=NOW)
            return True

        put([record(KITES, "Kites over Deserts"), record("hep-th/9901001", "Knots")], at=NOW)
        made.library._fetch = fetch
        made.browser().signs_in("chief@example.org", name="chief")
        yield made


class Program:
    """Something that holds a token of an account."""

    def __init__(self, here: Place, name: str, *scopes: Scope) -> None:
        if name != "chief":
            here.browser().signs_in(f"{name}@example.org", name=name)
        actor = here.library.acting_as(OWNER, name)
        _, self.token = here.library.make_token(actor, "a bot", frozenset(scopes or Scope), None)
        self._client = here.browser().client

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        said = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
        content = body if isinstance(body, bytes) or body is None else json.dumps(body)
        return self._client.request(method, path, headers=said, content=content)


def test_a_vote_is_counted_once_and_taken_back(here: Place) -> None:
    ada, bob = Program(here, "ada"), Program(here, "bob")
    for _ in range(2):
        got = ada.ask("POST", f"/api/papers/{KITES}/upvote")
        assert (got.status_code, got.json()) == (200, {"paper": KITES, "upvotes": 1, "upvoted": True})
    assert bob.ask("POST", f"/api/papers/arXiv:{KITES}v2/upvote").json()["upvotes"] == 2
    assert ada.ask("GET", f"/api/papers/{KITES}").json()["upvotes"] == 2
    assert ada.ask("DELETE", f"/api/papers/{KITES}/upvote").json() == {"paper": KITES, "upvotes": 1, "upvoted": False}
    assert ada.ask("POST", "/api/papers/hep-th/9901001/upvote").json()["paper"] == "hep-th/9901001"


def test_each_write_says_what_is_left_of_its_own_limit(here: Place) -> None:
    ada = Program(here, "ada")
    paper = f"/api/papers/{KITES}"
    for kind, method, path, body in (
        ("vote", "POST", f"{paper}/upvote", None),
        ("vote", "DELETE", f"{paper}/upvote", None),
        ("comment", "POST", f"{paper}/comment", {"comment": "Why?"}),
        ("comment", "POST", f"{paper}/comment", {"comment": ""}),
        ("submit", "POST", "/api/papers/submit", {"paperId": KITES}),
    ):
        limit = LIMITS[kind].times
        got = ada.ask(method, path, body).headers
        assert got["ratelimit-policy"].startswith(f'"fixed window";"{kind}";q={limit};'), (kind, got)
        assert int(got["ratelimit"].partition("r=")[2].partition(";")[0]) < limit
    assert '"api"' in ada.ask("GET", paper).headers["ratelimit"]


def test_a_comment_is_said_answered_read_and_hidden(here: Place) -> None:
    ada, chief = Program(here, "ada"), Program(here, "chief")
    said = ada.ask("POST", f"/api/papers/{KITES}/comment", {"comment": "So **bold**, $x^2$ and <script>"})
    assert said.status_code == 201
    one = said.json()
    assert one["author"]["fullname"]
    assert one["author"]["user"] == "ada"
    assert "<strong>bold</strong>" in one["data"]["latest"]["html"]
    assert "<script" not in one["data"]["latest"]["html"]
    answered = chief.ask("POST", f"/api/papers/{KITES}/comment", {"comment": "Why?", "parent": int(one["id"])})
    assert answered.json()["parent"] == one["id"]
    (thread,) = ada.ask("GET", f"/api/papers/{KITES}/comments").json()
    assert [reply["data"]["latest"]["raw"] for reply in thread["replies"]] == ["Why?"]
    assert ada.ask("GET", f"/api/papers/{KITES}").json()["numComments"] == 2
    path = f"/api/papers/{KITES}/comment/{answered.json()['id']}/hide"
    assert ada.ask("POST", path, {"reason": "I can"}).status_code == 403
    assert chief.ask("POST", path, {"reason": "off topic"}).json() == {}
    (thread,) = ada.ask("GET", f"/api/papers/{KITES}/comments").json()
    assert thread["replies"][0]["data"]["hidden"]
    assert "Why" not in json.dumps(thread["replies"])


def test_a_submission_joins_the_edition_under_its_submitters_name(here: Place) -> None:
    ada = Program(here, "ada")
    done = ada.ask("POST", "/api/papers/submit", {"paperId": KITES, "comment": "Look."}).json()
    assert (done["id"], done["state"], done["again"]) == (KITES, "listed", False)
    (item,) = ada.ask("GET", f"/api/daily_papers?date={done['day']}").json()[:1]
    assert (item["paper"]["id"], item["submittedBy"]["user"]) == (KITES, "ada")
    again = Program(here, "bob").ask("POST", "/api/papers/submit", {"paperId": f"https://arxiv.org/abs/{KITES}"})
    assert again.json()["again"]
    assert ada.ask("GET", f"/api/papers/{KITES}").json()["upvotes"] >= 1


def test_a_paper_is_fetched_without_being_listed(here: Place) -> None:
    ada = Program(here, "ada")
    assert ada.ask("GET", f"/api/papers/{COMES}").status_code == 404
    assert ada.ask("POST", "/api/papers/index", {"arxivId": COMES}).json() == {}
    assert ada.ask("GET", f"/api/papers/{COMES}").json()["title"] == "A Late Paper"
    assert ada.ask("POST", "/api/papers/index", {"arxivId": COMES}).status_code == 200
    assert ada.ask("POST", "/api/papers/index", {"arxivId": "2407.00001"}).status_code == 404
    assert ada.ask("POST", "/api/papers/index", {"arxivId": "a kite"}).status_code == 400


def test_what_somebody_gets_is_kept_nowhere(here: Place) -> None:
    ada = Program(here, "ada", READ)
    for path in ("/api/whoami-v2", f"/api/papers/{KITES}", "/api/daily_papers", f"/papers/{KITES}.md"):
        assert ada.ask("GET", path).headers["cache-control"] == "private, no-store"
        assert here.browser().get(path).headers.get("cache-control", "") != "private, no-store"


def test_whose_token_it_is(here: Place) -> None:
    told = Program(here, "ada", READ).ask("GET", "/api/whoami-v2").json()
    assert (told["name"], told["email"], told["type"]) == ("ada", None, "user")
    assert told["auth"]["accessToken"]["role"] == "read"
    whole = Program(here, "bob").ask("GET", "/api/whoami-v2").json()
    assert (whole["email"], whole["auth"]["accessToken"]["role"]) == ("bob@example.org", "write")
    nobody = here.browser().get("/api/whoami-v2")
    assert nobody.status_code == 401
    assert "token" in nobody.headers["x-error-message"]


@pytest.mark.parametrize(
    ("method", "path", "body", "scope"),
    [
        ("POST", f"/api/papers/{KITES}/upvote", None, VOTE),
        ("DELETE", f"/api/papers/{KITES}/upvote", None, VOTE),
        ("POST", f"/api/papers/{KITES}/comment", {"comment": "Well"}, COMMENT),
        ("POST", "/api/papers/submit", {"paperId": KITES}, SUBMIT),
        ("POST", "/api/papers/index", {"arxivId": KITES}, SUBMIT),
    ],
)
def test_each_write_needs_its_scope_and_an_account(
    here: Place, method: str, path: str, body: object, scope: Scope
) -> None:
    others = Program(here, "ada", *(set(Scope) - {scope}))
    refused = others.ask(method, path, body)
    assert refused.status_code == 403
    assert scope in refused.json()["error"]
    assert Program(here, "bob", scope).ask(method, path, body).status_code in {200, 201}
    others.token = "bs_" + "x" * 43
    assert others.ask(method, path, body).status_code == 401
    anybody = here.browser().client.request(method, path, content=json.dumps(body), headers={"Origin": here.base})
    assert anybody.status_code in {400, 401, 403}


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("submit", b"{", {}),
        ("submit", b"[]", {}),
        ("submit", b'"2407.21783"', {}),
        ("submit", b"[" * 200_000, {}),
        ("submit", b"\xff\xfe", {}),
        ("submit", {}, {}),
        ("submit", {"paperId": None}, {}),
        ("submit", {"paperId": 2407.21783}, {}),
        ("submit", {"paperId": KITES, "comment": ["x"]}, {}),
        ("submit", {"paperId": "  "}, {}),
        ("submit", {"paperId": KITES}, {"Content-Type": "text/plain"}),
        ("submit", {"paperId": KITES}, {"Content-Type": "application/json; charset=utf-16"}),
        ("submit", {"paperId": KITES}, {"Content-Encoding": "gzip"}),
        ("submit", b"paperId=2407.21783", {"Content-Type": "application/x-www-form-urlencoded"}),
        (f"{KITES}/comment", {"comment": ""}, {}),
        (f"{KITES}/comment", {"comment": "x" * 30_000}, {}),
        (f"{KITES}/comment", {"comment": "x" * 10_000_000}, {}),
        (f"{KITES}/comment", {"comment": "x", "parent": "1"}, {}),
        (f"{KITES}/comment", {"comment": "x", "parent": True}, {}),
    ],
)
def test_nonsense_is_refused_with_a_sentence(here: Place, path: str, body: object, headers: dict[str, str]) -> None:
    got = Program(here, "ada").ask("POST", f"/api/papers/{path}", body, **headers)
    assert got.status_code == 400, got.text
    assert len(got.json()["error"]) > 10
    assert here.library.comments(KITES) == []


def test_what_is_not_here(here: Place) -> None:
    ada = Program(here, "ada")
    for path in ("2407.00001/upvote", "2407.00001/comment", f"{KITES}/comment/999/hide"):
        assert ada.ask("POST", f"/api/papers/{path}", {"comment": "x", "reason": "y"}).status_code in {403, 404}
    assert ada.ask("POST", f"/api/papers/{KITES}/comment", {"comment": "x", "parent": 999}).status_code == 404
    assert ada.ask("PUT", f"/api/papers/{KITES}/upvote").status_code == 405


def test_votes_beyond_the_limit_are_told_when_to_come_back(here: Place) -> None:
    ada = Program(here, "ada")
    codes = set()
    for _ in range(400):
        got = ada.ask("POST", f"/api/papers/{KITES}/upvote")
        codes.add(got.status_code)
        if got.status_code == 429:
            break
    assert codes == {200, 429}
    assert int(got.headers["retry-after"]) > 0
    assert ada.ask("GET", f"/api/papers/{KITES}").json()["upvotes"] == 1


def test_links_are_set_by_who_put_the_paper_here_and_by_moderators(here: Place) -> None:
    ada, bob, chief = Program(here, "ada"), Program(here, "bob"), Program(here, "chief")
    links = {"githubRepo": "https://github.com/invented/kites", "projectPage": "https://kites.example.org"}
    refused = bob.ask("POST", f"/api/papers/{KITES}/links", links)
    assert (refused.status_code, refused.json()["error"]) == (403, "You may not change the links of this paper.")
    ada.ask("POST", "/api/papers/submit", {"paperId": KITES})
    assert ada.ask("POST", f"/api/papers/{KITES}/links", links).json() == {}
    told = bob.ask("GET", f"/api/papers/{KITES}").json()
    assert {name: told[name] for name in links} == links
    assert chief.ask("POST", f"/api/papers/{KITES}/links", {"githubRepo": None}).status_code == 200
    told = bob.ask("GET", f"/api/papers/{KITES}").json()
    assert "githubRepo" not in told
    assert told["projectPage"] == links["projectPage"], "what is not named stays"
    assert told["title"] == "Kites over Deserts"


def test_what_authors_set_goes_before_what_a_text_says(here: Place) -> None:
    chief = Program(here, "chief")
    put = here.library.catalogue.put
    put([record("2611.00001", "Sheep", abstract="Code: https://github.com/invented/old.")], at=NOW)
    for address in ("https://github.com/invented/new", "https://github.com/invented/newest"):
        chief.ask("POST", "/api/papers/2611.00001/links", {"githubRepo": address})
        assert chief.ask("GET", "/api/papers/2611.00001").json()["githubRepo"] == address
    put([record("2611.00001", "Sheep, Version 2", abstract="Code: https://github.com/invented/old.")], at=NOW)
    told = chief.ask("GET", "/api/papers/2611.00001").json()
    assert (told["title"], told["githubRepo"]) == ("Sheep, Version 2", "https://github.com/invented/newest")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "The body needs"),
        ({"githubRepo": 7}, "“githubRepo” is an address, or null."),
        ({"projectPage": ["x"]}, "“projectPage” is an address, or null."),
        ({"githubRepo": "https://example.org/x"}, "no repository at a host of code"),
        ({"projectPage": "javascript:alert(1)"}, "no address of the web"),
        ({"projectPage": "https://[x"}, "no address of the web"),
        ({"projectPage": "https://u:p@example.org"}, "no address of the web"),
        ({"projectPage": "https://example.org/" + "x" * 600}, "no address of the web"),
        ({"organizationId": "65f"}, "no organizations here"),
    ],
)
def test_links_that_cannot_be_set(here: Place, body: dict[str, object], said: str) -> None:
    answer = Program(here, "chief").ask("POST", f"/api/papers/{KITES}/links", body)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_daily_papers_of_a_submitter(here: Place) -> None:
    ada, bob = Program(here, "ada"), Program(here, "bob")
    for paper in (KITES, "hep-th/9901001"):
        assert ada.ask("POST", "/api/papers/submit", {"paperId": paper}).status_code == 200

    def asked(more: str) -> list[str]:
        answer = bob.ask("GET", f"/api/daily_papers?submitter={more}")
        assert answer.status_code == 200, answer.text
        return [one["paper"]["id"] for one in answer.json()]

    assert asked("ada") == ["hep-th/9901001", KITES]
    assert asked("ada&limit=1&p=1") == [KITES]
    assert asked("ada&p=2") == []
    assert asked("ada&week=2026-W47") == ["hep-th/9901001", KITES]
    assert asked("ada&month=2026-10") == []
    assert asked("bob") == asked("nobody-here") == []
    item = bob.ask("GET", "/api/daily_papers?submitter=ada").json()[0]
    assert item["submittedBy"]["name"] == item["paper"]["submittedOnDailyBy"]["name"] == "ada"
    assert 'rel="next"' in bob.ask("GET", "/api/daily_papers?submitter=ada&limit=1").headers["link"]
