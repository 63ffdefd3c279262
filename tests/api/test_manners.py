"""Who may ask from where, and how often."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import api, app, config
from broadsheet.api.manners import MOST_CLIENTS, WINDOW, Counter, Manners, Quotas, kind_of
from broadsheet.api.v1.routes import operations
from broadsheet.library import Library
from broadsheet.web.patience import patient
from tests.clients import TestClient


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_requests_are_counted_and_the_one_too_many_is_429(shelf: Library) -> None:
    clock = Clock()
    inner = api.create(shelf, patient=patient, quotas=Quotas(0, 0, 0))
    client = TestClient(Manners(inner, Quotas(api=3, search=1, pages=0), api.refusing, clock))
    left = []
    for _ in range(3):
        response = client.get("/api/papers/2611.00001")
        left.append(response.headers["ratelimit"])
        clock.now += 10
    assert left == ['"api";r=2;t=300', '"api";r=1;t=290', '"api";r=0;t=280']
    assert response.headers["ratelimit-policy"] == '"fixed window";"api";q=3;w=300'
    refused = client.get("/api/papers/2611.00001")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "270")
    assert refused.json() == {"error": "3 requests in 5 minutes were made from here. Go on in 270 seconds."}
    assert client.get("/api/papers/search?q=sheep").status_code == 200, "searches are counted apart"
    assert client.get("/api/query?search_query=sheep").status_code == 429, "and all searches together"
    assert client.get("/papers/2611.00001.md").status_code == 200, "no quota, no end"
    clock.now += WINDOW
    assert client.get("/api/papers/2611.00001").status_code == 200


def test_the_one_too_many_is_told_in_the_shape_of_its_client(shelf: Library) -> None:
    client = TestClient(api.create(shelf, patient=patient, quotas=Quotas(api=1, search=1)))
    told = {}
    for path in ("/api/papers/search", "/api/papers", "/api/query", "/oai", "/api/v1/papers", "/papers/2611.00001.md"):
        if path.startswith("/api/papers"):
            client.get(path)
        refused = client.get(path)
        told[path] = (refused.status_code, refused.headers["content-type"].partition(";")[0])
        if refused.status_code != 200:
            assert 1 <= int(refused.headers["retry-after"]) <= WINDOW
            assert "Go on in" in refused.text
    assert told == {
        "/api/papers/search": (429, "application/json"),
        "/api/papers": (429, "application/json"),
        "/api/query": (429, "application/atom+xml"),
        "/oai": (503, "text/plain"),
        "/api/v1/papers": (429, "application/problem+json"),
        "/papers/2611.00001.md": (200, "text/markdown"),
    }


def test_the_client_of_hugging_face_reads_the_headers() -> None:
    from huggingface_hub.utils._http import parse_ratelimit_headers

    read = parse_ratelimit_headers(
        {"ratelimit": '"api";r=2;t=290', "ratelimit-policy": '"fixed window";"api";q=3;w=300'}
    )
    assert read is not None
    assert (read.remaining, read.reset_in_seconds, read.limit, read.window_seconds) == (2, 290, 3, 300)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 200)), max_size=60))
def test_nobody_gets_more_than_the_quota_in_a_window(requests: list[tuple[str, float]]) -> None:
    clock, quota = Clock(), 4
    counter = Counter(Quotas(api=quota), clock)
    served: dict[str, list[float]] = {}
    for client, pause in requests:
        clock.now += pause
        if counter.count(client, "api")[0] >= 0:
            served.setdefault(client, []).append(clock.now)
    for times in served.values():
        # Two windows may touch: at most twice the quota in any stretch as long as one.
        assert all(len([t for t in times if start <= t < start + WINDOW]) <= 2 * quota for start in times)


def test_clients_beyond_number_are_forgotten() -> None:
    counter = Counter(Quotas(api=5), Clock())
    for number in range(MOST_CLIENTS + 10):
        counter.count(str(number), "api")
    assert counter.count("0", "api")[0] == 4, "it was forgotten"
    assert counter.count(str(MOST_CLIENTS), "api")[0] == 3


def test_pages_of_the_web_may_read(client: TestClient) -> None:
    response = client.get("/api/papers/2611.00001", headers={"Origin": "https://elsewhere.example"})
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers
    preflight = client.options("/api/papers/2611.00001", headers={"Access-Control-Request-Method": "GET"})
    assert (preflight.status_code, preflight.headers["access-control-allow-methods"]) == (
        204,
        "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    )
    assert client.get("/api/nothing").headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "accept", "ours"),
    [
        ("/api/papers", "", True),
        ("/api", "", True),
        ("/apiary", "", False),
        ("/papers/2611.00001", "", False),
        ("/papers/2611.00001.md", "", True),
        ("/papers/2611.00001", "text/markdown", True),
        ("/papers/2611.00001", "text/markdown, text/html;q=0.9", True),
        ("/papers/2611.00001", "text/html, text/markdown", False),
        ("/search", "text/markdown", False),
    ],
)
def test_which_requests_are_for_machines(path: str, accept: str, ours: bool) -> None:
    headers = [(b"accept", accept.encode())] if accept else []
    assert api.asks_here({"type": "http", "path": path, "headers": headers}) is ours


def test_kinds() -> None:
    assert [kind_of(path) for path in ("/api/papers", "/api/query", "/papers/x.md")] == ["api", "search", "pages"]
    patient = [one for one in operations() if one.patient]
    assert {kind_of(f"/api/v1{one.path}") for one in patient} == {"search"}, "what costs much is counted as such"
    assert kind_of("/api/v1/papers/2611.00001/similar") == "api"


def test_the_owner_sets_how_often_and_the_pages_are_beside(shelf: Library, tmp_path: Path) -> None:
    site = TestClient(app.create(shelf, config.read(tmp_path, {"BROADSHEET_API_REQUESTS": "12"})))
    assert site.get("/api/papers/2611.00001").headers["ratelimit-policy"] == '"fixed window";"api";q=12;w=300'
    assert site.get("/api/query?search_query=sheep").headers["ratelimit-policy"] == '"fixed window";"search";q=3;w=300'
    page = site.get("/papers/2611.00001")
    assert page.headers["content-type"].startswith("text/html")
    assert "ratelimit" not in page.headers
    assert site.get("/papers/2611.00001", headers={"Accept": "text/markdown"}).text.startswith("# Counting Sheep")
    unlimited = TestClient(app.create(shelf, config.read(tmp_path, {"BROADSHEET_API_REQUESTS": "0"})))
    assert "ratelimit" not in unlimited.get("/api/papers/2611.00001").headers
