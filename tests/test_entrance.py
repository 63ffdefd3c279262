"""Who asks: cookies, tokens, addresses and other sites' pages, before a face that says what it was told."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field

import pytest
import starlette.testclient
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from broadsheet.entrance import Entrance
from broadsheet.errors import BroadsheetError, Busy, Forbidden, SignInNeeded, TooMany
from broadsheet.types import Access, Actor, Allowance, Role
from broadsheet.types import Scope as Good
from tests.clients import TestClient

ADA = Actor("ada", Role.READER, 7)
KEY, TOKEN = "k" * 43, "bs_" + "t" * 43
LOCAL = ("127.0.0.1", 50_000)


@dataclass
class Door:
    """A library that knows one session and one token."""

    asked: list[str] = field(default_factory=list)
    fails: Exception | None = None

    def owner_actor(self) -> Actor:
        self.asked.append("owner")
        return Actor("owner", Role.ADMINISTRATOR, 1)

    def session_actor(self, secret: str, *, address: str = "") -> tuple[Actor, int] | None:
        self.asked.append(f"session from {address}")
        if self.fails:
            raise self.fails
        return (ADA, 3) if secret == KEY else None

    def token_actor(self, secret: str, *, address: str = "") -> Actor | None:
        self.asked.append(f"token from {address}")
        return Actor("ada", Role.READER, 7, frozenset({Good.READ})) if secret == TOKEN else None

    def unread(self, actor: Actor) -> int:
        return 4 if actor == ADA else 0


async def face(scope: Scope, receive: Receive, send: Send) -> None:
    """Says who asks, and has the browser keep what the address says."""
    who = scope["visitor"]
    if scope["path"] == "/form":
        who.keep = True
    elif scope["path"] == "/begin":
        who.secret = "n" * 43
    elif scope["path"] == "/act":
        who.allowance = Allowance("vote", 300, 300, 299, 17)
    said = {name: getattr(who, name) for name in ("csrf", "session", "secure", "browser", "unread")}
    said |= {"name": who.actor.name, "role": who.actor.role, "address": who.actor.address}
    said |= {"client": scope["client"][0], "scheme": scope["scheme"]}
    await JSONResponse(said)(scope, receive, send)


def refusing(_scope: Scope, error: BroadsheetError) -> ASGIApp:
    codes = {SignInNeeded: 401, Forbidden: 403, TooMany: 429, Busy: 503}
    return PlainTextResponse(str(error), codes.get(type(error), 500))


def client(
    door: Door | None = None, *, base: str = "http://papers.example", peer: str = "203.0.113.9", **more: object
) -> TestClient:
    access = more.pop("access", Access.INVITE)
    app = Entrance(face, door or Door(), refusing, access=access, **more)  # type: ignore[arg-type]
    return TestClient(app, base_url=base, client=(peer, 50_000), follow_redirects=False)


def told(asked: TestClient, path: str = "/", *, method: str = "GET", **headers: str) -> dict[str, object]:
    answer = asked.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == 200, answer.text
    return dict(json.loads(answer.text))


# Sessions and tokens


def test_who_says_nothing_is_a_passer_by_and_gets_no_cookie() -> None:
    door = Door()
    answer = client(door).get("/")
    assert (answer.json()["name"], answer.json()["role"], door.asked) == ("anyone", None, [])
    assert "set-cookie" not in answer.headers


def test_a_session_is_found_by_its_cookie() -> None:
    said = told(client(), Cookie=f"theme=dark; session={KEY}; x=y")
    assert (said["name"], said["session"]) == ("ada", 3)
    assert said["unread"] == 4
    assert said["csrf"] == hmac.new(KEY.encode(), b"forms", hashlib.sha256).hexdigest()


def test_on_an_encrypted_connection_only_the_prefixed_cookie_counts() -> None:
    over = client(base="https://papers.example")
    assert told(over, Cookie=f"session={KEY}")["name"] == "anyone"
    assert told(over, Cookie=f"__Host-session={KEY}")["name"] == "ada"


@pytest.mark.parametrize("value", ["w" * 43, "short", "", '"quoted"', "w" * 5_000, "\xff" * 30, "a b"])
def test_a_cookie_that_opens_nothing_is_taken_away(value: str) -> None:
    answer = client().get("/", headers={b"Cookie": f"session={value}".encode("latin-1")})
    assert answer.json()["role"] is None
    assert answer.headers["set-cookie"] == "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"


def test_a_cookie_that_cannot_be_ours_is_not_looked_up() -> None:
    door = Door()
    client(door).get("/", headers={"Cookie": "session=" + "w" * 5_000})
    assert door.asked == []


def test_a_token_acts_for_its_owner_and_the_cookie_is_not_read() -> None:
    door = Door()
    said = told(client(door), Authorization=f"Bearer {TOKEN}", Cookie=f"session={KEY}")
    assert (said["name"], said["session"], said["csrf"]) == ("ada", 0, "")
    assert door.asked == ["token from 203.0.113.9"]


@pytest.mark.parametrize("token", ["bs_wrong", "bs_", "bs_" + "x" * 100_000, "bs_\xff"])
def test_a_wrong_token_is_refused_even_with_a_good_cookie(token: str) -> None:
    headers = {b"Authorization": f"Bearer {token}".encode("latin-1"), b"Cookie": f"session={KEY}".encode()}
    answer = client().get("/", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_of_another_place_reads_as_anybody_does() -> None:
    for said in ("Bearer hf_something", "Basic YTpi", "Bearer", "bearer  "):
        door = Door()
        assert told(client(door), Authorization=said)["name"] == "anyone"
    assert told(client(), Authorization="Bearer hf_x", Cookie=f"session={KEY}")["name"] == "anyone"


# Pages of other sites


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://papers.example.evil.example"},
    ],
)
def test_what_another_sites_page_sends_is_refused(headers: dict[str, str]) -> None:
    door = Door()
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client(door).request(method, "/vote", headers={**headers, "Cookie": f"session={KEY}"})
        assert answer.status_code == 403
    assert door.asked == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://papers.example"}],
)
def test_what_our_own_page_sends_is_let_in(headers: dict[str, str]) -> None:
    answer = client().post("/vote", headers={**headers, "Cookie": f"session={KEY}"})
    assert answer.json()["name"] == "ada"


def test_a_page_of_another_site_that_reads_reads_as_a_passer_by() -> None:
    for access, who in ((Access.INVITE, "ada"), (Access.SINGLE, "owner")):
        asked = client(access=access, peer="127.0.0.1", base="http://localhost:8000")
        spied = {"Cookie": f"session={KEY}", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
        assert asked.get("/api/notifications", headers=spied).json()["name"] == "anyone"
        assert asked.get("/", headers={**spied, "Origin": "https://evil.example"}).json()["name"] == "anyone"
        assert asked.get("/", headers={**spied, "Sec-Fetch-Mode": "navigate"}).json()["name"] == who


def test_a_token_is_good_from_any_page() -> None:
    answer = client().post("/vote", headers={"Authorization": f"Bearer {TOKEN}", "Sec-Fetch-Site": "cross-site"})
    assert answer.json()["name"] == "ada"


def test_questions_by_post_may_come_from_anywhere_and_come_from_nobody() -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Cookie": f"session={KEY}"}
    assert client().post("/api/query", headers=headers).json()["name"] == "anyone"


# One person's own place


def single(door: Door | None = None, *, peer: str = "127.0.0.1", base: str = "http://127.0.0.1:8000") -> TestClient:
    return client(door, access=Access.SINGLE, peer=peer, base=base)


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000", "http://127.9.9.9"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_who_sits_at_the_machine_is_its_owner(base: str, peer: str) -> None:
    said = told(single(base=base, peer=peer))
    assert (said["name"], said["role"]) == ("owner", Role.ADMINISTRATOR)
    assert len(str(said["csrf"])) == 64


def test_the_owners_account_is_made_before_the_first_page() -> None:
    door = Door()
    single(door)
    assert door.asked == ["owner"]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.5", "", "["],
)
def test_a_name_that_leads_here_from_elsewhere_is_refused(host: str) -> None:
    for path in ("/", "/static/broadsheet.css", "/healthz", "/api/daily_papers"):
        answer = single().get(path, headers={"Host": host})
        assert answer.status_code == 403
        assert "127.0.0.1" in answer.text


@pytest.mark.parametrize(
    "header",
    ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Anything", "X-Real-IP"],
)
def test_nothing_comes_through_a_proxy(header: str) -> None:
    assert single().get("/", headers={header: "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize("peer", ["192.168.1.5", "203.0.113.9", "fe80::1", "", "testclient"])
def test_nobody_elsewhere_is_the_owner(peer: str) -> None:
    assert single(peer=peer).get("/").status_code == 403


# Proxies


def test_a_proxy_that_is_named_is_believed() -> None:
    asked = client(peer="10.0.0.2", proxies=("10.0.0.0/24",))
    said = told(asked, X_Forwarded_For="6.6.6.6, 203.0.113.9, 10.0.0.7", X_Forwarded_Proto="https")
    assert (said["client"], said["scheme"], said["secure"]) == ("203.0.113.9", "https", True)
    assert told(asked, X_Forwarded_For="[2001:db8::1]:443")["client"] == "2001:db8::1"
    assert told(asked, X_Forwarded_For="2001:db8::1")["address"] == "2001:db8::/64"
    for nonsense in ("", "unknown", "1.2.3.4.5", ",,,", "x" * 9_000, "203.0.113.9, _hidden"):
        assert told(asked, X_Forwarded_For=nonsense)["client"] == "10.0.0.2"


def test_a_stranger_who_claims_to_be_a_proxy_is_not() -> None:
    said = told(client(proxies=("127.0.0.1",)), X_Forwarded_For="1.2.3.4", X_Forwarded_Proto="https")
    assert (said["client"], said["scheme"], said["secure"]) == ("203.0.113.9", "http", False)


def test_the_public_address_says_how_its_visitors_come() -> None:
    asked = client(address="https://papers.example/")
    assert told(asked)["secure"] is True
    assert told(asked, Host="other.example")["secure"] is False
    assert told(asked, method="POST", Origin="https://papers.example", Host="inside:8000")["name"] == "anyone"


# What browsers keep


@pytest.mark.parametrize(
    ("base", "start", "end"),
    [
        ("http://papers.example", "session=", "; HttpOnly; SameSite=Lax"),
        ("https://papers.example", "__Host-session=", "; HttpOnly; SameSite=Lax; Secure"),
    ],
)
def test_the_flags_of_the_cookies(base: str, start: str, end: str) -> None:
    begun = client(base=base).get("/begin").headers["set-cookie"]
    assert begun == f"{start}{'n' * 43}; Path=/; Max-Age=15552000{end}"
    shown = client(base=base).get("/form")
    kept = shown.headers["set-cookie"]
    assert kept.startswith(start.replace("session", "browser") + shown.json()["browser"])
    assert kept.endswith(end)
    assert "Domain" not in begun + kept


def test_a_form_shown_to_a_passer_by_is_good_for_their_browser() -> None:
    browser = client()
    first = browser.get("/form").json()
    again = browser.get("/form").json()
    assert first["csrf"] == again["csrf"]
    assert first["browser"] == again["browser"]
    assert client().get("/form").json()["csrf"] != first["csrf"]
    # Nothing is known of who sends no cookie, so that no form of theirs can be good.
    assert client().post("/").json()["csrf"] != client().post("/").json()["csrf"]


# Limits


def test_searches_are_counted_by_address_and_the_window_ends() -> None:
    now = [1000.0]
    asked = client(searches=(2, 300), clock=lambda: now[0])
    assert asked.get("/search?q=a").headers["ratelimit"] == '"search";r=1;t=300'
    now[0] += 100
    assert asked.get("/search?q=b").headers["ratelimit"] == '"search";r=0;t=200'
    over = asked.get("/search?q=c")
    assert (over.status_code, over.headers["ratelimit"]) == (429, '"search";r=0;t=200')
    assert over.headers["ratelimit-policy"] == '"fixed window";"search";q=2;w=300'
    assert asked.get("/topics/sheep").status_code == 429
    assert asked.get("/map?q=sheep").status_code == 429
    assert asked.get("/search").status_code == 200  # the empty form
    assert asked.get("/").status_code == 200
    now[0] += 201
    assert asked.get("/search?q=d").status_code == 200


def test_a_household_of_ipv6_is_one_sender() -> None:
    app = Entrance(face, Door(), refusing, access=Access.OPEN, searches=(1, 300))
    first, second, other = (
        TestClient(app, client=(peer, 1)) for peer in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")
    )
    assert first.get("/search?q=a").status_code == 200
    assert second.get("/search?q=a").status_code == 429
    assert other.get("/search?q=a").status_code == 200


def test_no_limit_is_no_header() -> None:
    assert "ratelimit" not in client(searches=(0, 300)).get("/search?q=a").headers


def test_what_is_left_of_an_acts_limit_is_said() -> None:
    assert client().post("/act").headers["ratelimit"] == '"vote";r=299;t=17'


# Failures


@pytest.mark.parametrize(("error", "status"), [(Busy("held"), 503), (RuntimeError("a secret"), 500)])
def test_a_door_that_fails_is_answered(error: Exception, status: int) -> None:
    assert client(Door(fails=error)).get("/", headers={"Cookie": f"session={KEY}"}).status_code == status


@pytest.fixture(scope="module")
def anything() -> TestClient:
    return client(proxies=("203.0.113.9",))


_LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\x00"), max_size=300)


@given(said=st.tuples(*[_LATIN] * 5))
def test_any_headers_have_an_answer(anything: TestClient, said: tuple[str, ...]) -> None:
    cookie, token, host, hops, origin = said
    headers = {"Cookie": f"session={cookie}; {cookie}", "Authorization": f"Bearer {token}", "Host": host}
    headers |= {"X-Forwarded-For": hops, "X-Forwarded-Proto": hops, "Origin": origin}
    for method in ("GET", "POST"):
        sent = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
        answer = anything.request(method, "/search?q=%ff", headers=sent)
        assert answer.status_code in (200, 401, 403, 429)


def test_what_is_no_request_goes_by() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "lifespan"
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    with starlette.testclient.TestClient(Entrance(app, Door(), refusing, access=Access.OPEN)):
        pass


def test_a_request_reaches_the_face_as_it_came() -> None:
    async def reads(scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        await PlainTextResponse(body[::-1])(scope, receive, send)

    app = Entrance(reads, Door(), refusing, access=Access.OPEN)
    assert TestClient(app).post("/", content=b"abc").text == "cba"
