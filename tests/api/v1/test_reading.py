"""Reading by our own API: stretches, chosen fields, marks, and what is refused."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest

from broadsheet.api.v1 import cursors
from broadsheet.types import Paper, Scope
from broadsheet.wire import Found, Listed, made
from tests.api.v1.conftest import As
from tests.private.worlds import OTHER, PAPER, World


def test_a_paper_is_the_same_by_every_spelling_of_its_names(world: World, ask: As) -> None:
    client = ask()
    known = world.library.paper(OTHER)
    for name in (OTHER, f"arXiv:{OTHER}v2", f"https://arxiv.org/abs/{OTHER}", "doi:10.1000/FOLD.7"):
        got = client.get(f"/papers/{name}")
        assert got.status_code == 200, got.text
        assert made(Paper, got.json()) == replace(known, number=0)
    assert client.get("/papers/hep-th/9901001").json()["id"] == "hep-th/9901001"
    assert client.get("/papers/2611.77777").status_code == 404


def test_the_catalogues_own_numbers_are_never_told(ask: As) -> None:
    client = ask()
    assert "number" not in client.get(f"/papers/{PAPER}").json()
    assert "number" not in client.get("/search", params={"query": "sheep"}).json()["hits"][0]["paper"]
    assert client.get(f"/papers/{PAPER}", params={"fields": "number"}).status_code == 400


def test_a_list_is_walked_to_its_end_by_cursors_and_by_links(world: World, ask: As) -> None:
    client, walked, linked = ask(), [], []
    cursor: str | None = ""
    while cursor is not None:
        got = client.get("/papers", params={"limit": 2, "cursor": cursor} if cursor else {"limit": 2})
        page = made(Listed[Paper], got.json())
        walked += [paper.id for paper in page.items]
        assert (page.cursor is None) == ("link" not in got.headers)
        cursor = page.cursor
    address = "/papers?limit=2"
    while address:
        got = client.get(address)
        linked += [paper["id"] for paper in got.json()["items"]]
        address = got.headers.get("link", "").partition(">")[0].removeprefix("<")
    everything, _ = world.library.listing(limit=100)
    assert walked == linked == [paper.id for paper in everything]


def test_every_kind_of_list_goes_on_where_it_stopped(ask: As) -> None:
    lists: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("", "/search", {"query": "sheep OR maps OR knots OR teapots", "mode": "keyword"}),
        ("", "/comments", {}),
        ("", "/recent", {"days": 60}),
        ("", "/recent", {"days": 60, "order": "trending"}),
        ("", "/editions/month/2026-11", {}),
        ("", "/changes", {}),
        ("", "/trending", {}),
        ("bob", "/me/notices", {}),
        ("root", "/people", {}),
    )
    for who, path, more in lists:
        client = ask(who)
        whole = client.get(path, params={**more, "limit": 100}).json()
        name = next(name for name in ("items", "hits", "entries") if name in whole)
        assert len(whole[name]) > 1, path
        pieces: list[Any] = []
        cursor: dict[str, str] = {}
        while True:
            got = client.get(path, params={**more, **cursor, "limit": 1}).json()
            pieces += got[name]
            if got["cursor"] is None:
                break
            cursor = {"cursor": got["cursor"]}
        assert pieces == whole[name], path


@pytest.mark.parametrize("cursor", ["x", "%00", "é", "AAAA", "A" * 5_000, "bnVsbA", "-1"])
def test_a_cursor_that_was_not_given_out_is_refused_with_a_sentence(ask: As, cursor: str) -> None:
    got = ask().get("/papers", params={"cursor": cursor})
    assert (got.status_code, got.headers["content-type"]) == (400, "application/problem+json")
    assert "cursor" in got.json()["detail"]


@pytest.mark.parametrize(
    "place", [-1, 10**30, 2**63, "", "x", "\x00", "\ud800", "2026-11-20T00:00:00Z|²", f"2026-11-20|{10**30}", "٣"]
)
def test_a_cursor_that_somebody_made_breaks_nothing(world: World, ask: As, place: cursors.Place) -> None:
    client, number = ask("root"), world.library.stand(world.people["root"], "sheep").number
    lists = (
        "/papers", "/search?query=sheep", "/changes", "/editions/day", "/trending", "/recent", "/submissions",
        "/comments", "/log", "/people", "/people/ada/votes", "/me/notices", "/me/papers", "/outbox", "/subscribers",
        "/letters", "/map?query=sheep", f"/standing/{number}/caught",
    )  # fmt: skip
    for path in lists:
        address, _, query = path.partition("?")
        made_up = cursors.written(place, json.dumps([f"/api/v1{address}", parse_qsl(query)]))
        got = client.get(path, params={**dict(parse_qsl(query)), "cursor": made_up})
        assert got.status_code in (200, 400), (path, got.text)
        if isinstance(place, int):
            assert got.status_code == 400, path


def test_a_cursor_is_good_for_its_own_question_only(ask: As) -> None:
    client = ask()
    cursor = client.get("/papers?limit=1").json()["cursor"]
    changes = client.get("/changes?limit=1").json()["cursor"]
    assert client.get("/papers", params={"limit": 2, "cursor": cursor, "fields": "items.id"}).status_code == 200
    assert client.get("/papers", params={"cursor": changes}).status_code == 400
    assert client.get("/changes", params={"cursor": changes, "since": "2026-01-01"}).status_code == 400
    edited = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    assert client.get("/papers", params={"cursor": edited}).status_code == 400


def test_fields_are_chosen_through_objects_and_lists(ask: As) -> None:
    client = ask()
    got = client.get(f"/papers/{PAPER}", params={"fields": "title,authors.name"}).json()
    assert got == {
        "title": "Counting Sheep with Sparse Attention",
        "authors": [{"name": "Ada Lovelace"}, {"name": "Grace Hopper"}],
    }
    found = client.get("/search", params={"query": "sheep", "fields": "hits.paper.id, total"}).json()
    assert found["hits"][0] == {"paper": {"id": PAPER}}
    assert set(found) == {"hits", "total", "cursor"}
    assert client.get("/papers", params={"fields": "items.id", "limit": 1}).json()["cursor"]


@pytest.mark.parametrize("fields", ["titel", "title.length", "authors.name.first", "items", ".", "a" * 3_000])
def test_a_field_that_there_is_not_is_refused_and_the_others_named(ask: As, fields: str) -> None:
    got = ask().get(f"/papers/{PAPER}", params={"fields": fields})
    assert got.status_code == 400
    assert "fields" in got.json()["detail"]


def test_what_has_no_fields_is_named(ask: As) -> None:
    got = ask().get("/search", params={"query": "x", "fields": "hits.paper.title.x"}).json()["detail"]
    assert got == (
        "“fields” names “hits.paper.title.x”, but “hits.paper.title” has no fields of its own."
        " Write “hits.paper.title”."
    )


def test_who_has_an_answer_already_is_spared_it(world: World, ask: As) -> None:
    client = ask()
    for path in (f"/papers/{PAPER}", "/papers?limit=2", "/search?query=sheep", "/docs"):
        mark = client.get(path).headers["etag"]
        again = client.get(path, headers={"If-None-Match": f'"other", {mark}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", mark), path
        assert client.get(path, headers={"If-None-Match": "*"}).status_code == 304
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    mark = client.get(f"/papers/{PAPER}").headers["etag"]
    world.library.vote(world.people["fay"], PAPER)
    assert client.get(f"/papers/{PAPER}", headers={"If-None-Match": mark}).status_code == 200


def test_a_head_tells_what_a_get_would(ask: As) -> None:
    client = ask()
    got, head = (client.request(method, f"/papers/{PAPER}") for method in ("GET", "HEAD"))
    assert head.content == b""
    assert {name: head.headers[name] for name in ("etag", "content-type", "content-length")} == {
        name: got.headers[name] for name in ("etag", "content-type", "content-length")
    }


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/papers/2611.77777/similar", 404),
        ("GET", "/papers/a%20b", 404),
        ("POST", "/search", 405),
        ("GET", "/papers?limit=0", 400),
        ("GET", "/papers?limit=101", 400),
        ("GET", "/papers?limit=ten", 400),
        ("GET", "/papers?page=2", 400),
        ("GET", "/comments/0", 400),
        ("GET", "/comments/seven", 400),
        ("GET", "/editions/decade", 400),
        ("GET", "/editions/day/yesterday", 404),
        ("GET", "/changes?since=yesterday", 400),
        ("GET", "/papers/2611.00001/reference?form=runes", 400),
        ("GET", "/trending?signal=moons", 400),
        ("GET", "/me", 401),
        ("GET", "/jobs", 401),
        ("GET", "/groups/sparse-readers", 401),
        ("GET", "/people/nobody-here", 404),
        ("GET", "/me/allowances/moons", 404),
    ],
)
def test_what_is_wrong_is_said_as_problem_details(ask: As, method: str, path: str, status: int) -> None:
    got = ask().request(method, path)
    assert (got.status_code, got.headers["content-type"]) == (status, "application/problem+json"), got.text
    said = got.json()
    assert said["status"] == status
    assert said["type"].startswith("/api/v1/docs#")
    assert said["detail"].endswith(".")
    assert said["instance"].startswith("/api/v1")
    assert " " not in said["instance"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/search", "GET, HEAD"),
        ("DELETE", "/papers", "GET, HEAD, POST"),
        ("POST", "/papers/hep-th/9901001/vote", "DELETE, PUT"),
        ("PATCH", "/papers/2611.00001/follow", "DELETE, GET, HEAD, PUT"),
        ("PUT", "/comments/1", "DELETE, GET, HEAD, PATCH"),
        ("POST", "/groups/maps/shelf/2611.00001", "DELETE, GET, HEAD, PUT"),
        ("BREW", "/me", "DELETE, GET, HEAD, PATCH"),
        ("POST", "/docs", "GET, HEAD"),
    ],
)
def test_a_method_that_does_not_apply_is_told_which_do(ask: As, method: str, path: str, allowed: str) -> None:
    got = ask().request(method, path)
    assert (got.status_code, got.json()["status"], got.headers["allow"]) == (405, 405, allowed)


def test_who_may_not_read_is_told_about_reading(ask: As) -> None:
    assert ask().get("/me").json()["detail"] == "Sign in to look after this account."
    assert ask("ada", Scope.READ).get("/status").json()["detail"].startswith("This token may not look after the index")


def test_each_field_that_is_wrong_is_named(ask: As) -> None:
    said = ask().get("/papers", params={"limit": "x", "fields": "y" * 2_001}).json()
    assert {one["where"] for one in said["errors"]} == {"query.limit", "query.fields"}


def test_a_search_says_why_and_divides_when_it_is_asked(ask: As) -> None:
    client = ask()
    plain = made(Found, client.get("/search", params={"query": "sheep"}).json())
    assert [hit.why for hit in plain.hits] == [None] * len(plain.hits)
    assert plain.facets is None
    full = made(Found, client.get("/search", params={"query": "sheep", "explain": True, "facets": True}).json())
    assert full.hits[0].why is not None
    assert full.hits[0].why.words == ("sheep",)
    assert full.facets is not None
    assert full.facets.years == [("2026", 1)]
    only = client.get("/search", params=[("query", "a"), ("mode", "keyword"), ("category", "cs.CV")]).json()
    assert all("cs.CV" in hit["paper"]["categories"] for hit in only["hits"])


def test_what_depends_on_who_asks_is_kept_by_nobody_else(ask: As) -> None:
    path = f"/votes?paper={PAPER}"
    assert ask("ada").get(path).headers["cache-control"].startswith("private")
    assert ask().get(path).headers["cache-control"] == "no-cache"
    assert "Authorization" in ask().get(path).headers["vary"]


def test_the_page_of_the_api_needs_nothing_from_elsewhere(ask: As) -> None:
    client = ask()
    page = client.get("/docs")
    assert "`" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "://" not in page.text.replace("http://www.w3.org", "")
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert client.get("/docs.css").headers["content-type"].startswith("text/css")
    for operation in ("search", "vote", "found", "decide_claim"):
        assert f'<article id="{operation}">' in page.text
    assert 'id="too-many-requests"' in page.text
