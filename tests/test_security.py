"""What holds on every address of the site, those that come later too: the routes are walked as they are joined."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from broadsheet import ingest
from broadsheet.types import Access, Actor
from tests.conftest import NOW
from tests.e2e.site import SPECIAL, ordinary
from tests.papers import write_lines
from tests.place import Browser, Place, place

CARRIED = ("content-security-policy", "x-content-type-options", "referrer-policy", "cross-origin-resource-policy")
QUESTIONS = {"/api/query", "/oai"}  # may be asked by POST, from anywhere: nothing is written there
VALUES = {"id": "2611.00001", "key": "2026-11-20", "number": "1", "name": "ada", "kind": "csv", "secret": "s" * 43}


def routes(app: object) -> Iterator[Route]:
    """All routes below an application, whatever stands before it."""
    seen: set[int] = set()
    waiting = [app]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, (str, bytes, int)):
            continue
        seen.add(id(one))
        if isinstance(one, Starlette):
            waiting += one.routes
        elif isinstance(one, tuple):  # faces in a row
            waiting += one
        elif isinstance(one, Mount):
            waiting.append(one.app)
        elif isinstance(one, Route):
            yield one
        elif type(one).__module__.startswith(("broadsheet", "starlette")) and hasattr(one, "__dict__"):
            waiting += [value for value in vars(one).values() if callable(value) or isinstance(value, tuple)]


def address(route: Route, group: str) -> str:
    """Where a route leads, to something that is there."""
    values = {**VALUES, "name": group} if route.path.startswith("/groups/") else VALUES
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda match: values.get(match[1], "x"), route.path)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("security")
    with place(home / "home", passwords=True) as made:
        report = ingest.import_file(
            made.library.catalogue, write_lines(home / "papers.jsonl", (*ordinary(3), *SPECIAL)), now=lambda: NOW
        )
        assert not report.refusals
        made.library.follow()
        # Readers are counted in memory, and now and then an errand writes the counts down: once here, and then no
        # more, because the clock stands still.
        made.browser().get("/papers/2611.00001")
        made.browser().signs_in("ada@example.org", name="ada")
        ada = _actor(made)
        made.library.comment(ada, "2611.00001", "Counted them all.")
        made.library.submit(ada, "2611.00101")
        made.library.found(ada, "Sheep readers", "One flock a week.")
        made.library.errands.wait()
        yield made


@pytest.fixture(scope="module")
def ada(here: Place) -> Browser:
    browser = here.browser()
    browser.signs_in("ada@example.org", name="ada")
    return browser


def paths(here: Place, method: str) -> list[str]:
    groups = here.library.circles(_actor(here)) if here.library.rules.access is not Access.SINGLE else []
    group = groups[0].name if groups else "x"
    found = sorted({address(route, group) for route in routes(here.app) if method in (route.methods or ())})
    assert len(found) > 10
    return found


# Who holds a token of these needs no account, and so no session whose secret a form could carry (tests/subscribing).
BY_TOKEN = ("/preferences/", "/subscribe/confirm/", "/unsubscribe/")
# What writes nothing: a form to be filled, and a cookie of one word.
WRITES_NOTHING = frozenset({"/subscribe/start", "/subscribe/close", "/theme"})


def _actor(here: Place) -> Actor:
    ada = here.library.person("ada")
    return Actor(ada.name, ada.role, ada.number)


def written(here: Place) -> list[bytes]:
    """All that the catalogue has on the disk."""
    here.library.errands.wait()
    return [
        path.read_bytes() for path in sorted(here.library.home.glob("catalogue.db*")) if not path.name.endswith("shm")
    ]


def test_the_walk_finds_the_faces(here: Place) -> None:
    found = paths(here, "GET")
    machines = {"/api/daily_papers", "/api/query", "/index.atom", "/papers/2611.00001.json"}
    assert {"/", "/sign-in", "/settings", "/papers/2611.00001", *machines} <= set(found)


def test_no_page_that_is_read_writes_and_all_carry_the_headers(here: Place, ada: Browser) -> None:
    before = written(here)
    for path in paths(here, "GET"):
        for browser in (ada, here.browser()):
            for method in ("GET", "HEAD"):
                answer = browser.client.request(method, path)
                assert answer.status_code < 500, path
                assert [name for name in CARRIED if name not in answer.headers] == [], path
        assert written(here) == before, path


def test_no_form_of_another_site_is_taken(here: Place, ada: Browser) -> None:
    before, csrf = written(here), ada.csrf()
    for path in paths(here, "POST"):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}):
            answer = ada.client.post(path, data={"csrf": csrf}, headers=headers)
            # Mail programs post to /unsubscribe from anywhere (RFC 8058); a token that is none of ours ends nothing.
            assert answer.status_code == (404 if path.startswith("/unsubscribe/") else 403) or path in QUESTIONS, path
            assert [name for name in CARRIED if name not in answer.headers] == [], path
    assert written(here) == before


def test_no_form_is_taken_that_our_pages_did_not_show(here: Place, ada: Browser) -> None:
    before = written(here)
    other = here.browser()
    other.get("/sign-in")
    for path in paths(here, "POST"):
        if path in QUESTIONS or path == "/theme" or path.startswith(("/api/", *BY_TOKEN)):  # a word; tokens
            continue
        for csrf in ("", "0" * 64, other.csrf("/sign-in"), "é"):
            answer = ada.client.post(path, data={"csrf": csrf}, headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code == 403, path
    assert written(here) == before


def test_a_passer_by_writes_nowhere_but_where_one_signs_in(here: Place) -> None:
    before = written(here)
    passer = here.browser()
    csrf = passer.csrf("/sign-in")
    for path in paths(here, "POST"):
        if path.startswith("/sign-in") or path in QUESTIONS | WRITES_NOTHING | {"/sign-out"}:
            continue
        answer = passer.client.post(path, data={"csrf": csrf, "name": "x"}, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code in (400, 401, 403, 404, 410), path
        assert [name for name in CARRIED if name not in answer.headers] == [], path
    assert written(here) == before


def test_no_address_takes_what_it_does_not_know(here: Place, ada: Browser) -> None:
    for path in {*paths(here, "GET"), *paths(here, "POST")}:
        for method in ("PUT", "PATCH", "TRACE", "DELETE"):
            answer = ada.client.request(method, path)
            assert answer.status_code < 500, path
            assert [name for name in CARRIED if name not in answer.headers] == [], path


@pytest.mark.parametrize("body", [b"\xff\xfe", b"csrf=" + b"x" * 400_000, b"&" * 5_000, b"%", b"csrf=%ff", b""])
def test_any_body_has_an_answer(here: Place, ada: Browser, body: bytes) -> None:
    for kind in ("application/x-www-form-urlencoded", "application/json", "text/plain", ""):
        for path in paths(here, "POST"):
            answer = ada.client.post(
                path, content=body, headers={"Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
            )
            assert answer.status_code < 500, path


@pytest.mark.parametrize(
    "value",
    ["", " ", "x" * 60_000, "\xff\xfe", "=;=;,", '"', "bs_", "bs_" + "a" * 43, "a" * 43, "%00", "__Host-session"],
)
def test_any_cookie_or_token_has_an_answer(here: Place, value: str) -> None:
    for path in ("/", "/settings", "/api/daily_papers", "/papers/2611.00001", "/static/broadsheet.css"):
        for name, text in (
            ("Cookie", f"session={value}; browser={value}; theme={value}; {value}"),
            ("Authorization", f"Bearer {value}"),
            ("Authorization", value),
            ("Host", value),
            ("X-Forwarded-For", value),
        ):
            answer = here.browser(peer="127.0.0.1").client.get(path, headers={name.encode(): text.encode("latin-1")})
            assert answer.status_code < 500, (path, name)
            assert [name for name in CARRIED if name not in answer.headers] == [], path


def test_one_persons_place_is_closed_on_every_address(tmp_path: Path) -> None:
    with place(tmp_path / "home", access=Access.SINGLE, base="http://rebound.example") as here:
        before = written(here)
        rebound = here.browser(peer="127.0.0.1")
        forwarded = here.browser(peer="127.0.0.1", base="http://localhost")
        forwarded.client.headers["X-Forwarded-For"] = "127.0.0.1"
        for browser in (rebound, forwarded, here.browser(base="http://127.0.0.1")):
            for method in ("GET", "POST"):
                for path in paths(here, method):
                    answer = browser.client.request(method, path)
                    assert answer.status_code == 403, path
                    assert [name for name in CARRIED if name not in answer.headers] == [], path
        assert written(here) == before
