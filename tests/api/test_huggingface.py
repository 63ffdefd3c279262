"""Hugging Face's shapes, field by field, and what a question that cannot be answered gets."""

import json
import re
from typing import Any

import pytest

from broadsheet.api.markdown import document
from broadsheet.library import Library
from broadsheet.types import Paper
from tests.clients import TestClient

OUTER = {"paper", "publishedAt", "title", "summary", "thumbnail", "numComments", "submittedBy", "isAuthorParticipating"}
INNER = {"id", "authors", "publishedAt", "submittedOnDailyAt", "submittedOnDailyBy", "title", "summary", "upvotes"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def every_item(client: TestClient) -> list[dict[str, Any]]:
    found = []
    for asked in (
        "date=2026-11-20",
        "month=2026-09&limit=100",
        "month=2026-10",
        "month=2026-11&limit=100",
        "date=1999-01-04",
    ):
        found += client.get(f"/api/daily_papers?{asked}").json()
    found += client.get("/api/papers/search?q=sheep&limit=120").json()
    return found


def test_every_item_has_what_every_item_of_theirs_has(client: TestClient) -> None:
    items = every_item(client)
    assert len(items) > 100
    for item in items:
        paper = item["paper"]
        assert set(item) >= OUTER
        assert set(paper) >= INNER | {"discussionId"}
        assert "comments" not in item, "it would overwrite the count of comments"
        assert "authors" not in item, "their parser takes the raw list from there"
        for author in paper["authors"]:
            assert set(author) == {"_id", "name", "hidden"}
            assert re.fullmatch(r"[0-9a-f]{24}", author["_id"])
        assert set(item["submittedBy"]) >= {"_id", "avatarUrl", "fullname", "isPro", "name", "type", "user"}
        for instant in (item["publishedAt"], paper["publishedAt"], paper["submittedOnDailyAt"]):
            assert instant is None or INSTANT.fullmatch(instant)
        assert isinstance(item["upvotes"], int)
        assert item["upvotes"] == paper["upvotes"]
        for copied in ("ai_keywords", "githubRepo", "projectPage", "source", "discussionId"):
            assert item.get(copied) == paper.get(copied)


def test_a_page_of_an_edition_links_to_the_next(client: TestClient) -> None:
    seen, address = [], "/api/daily_papers?date=2026-11-20&limit=20"
    while address:
        response = client.get(address)
        seen += [item["paper"]["id"] for item in response.json()]
        address = response.links.get("next", {}).get("url", "")
    assert len(seen) == len(set(seen)) == 45


def test_all_papers_by_cursor(client: TestClient, shelf: Library) -> None:
    seen, address = [], "/api/papers?limit=40"
    while address:
        response = client.get(address)
        seen += [item["id"] for item in response.json()]
        address = response.links.get("next", {}).get("url", "")
    assert len(seen) == len(set(seen)) == shelf.status().papers


def test_a_search_goes_past_theirs(client: TestClient) -> None:
    first = client.get("/api/papers/search?q=category:cs.AI&limit=30&sort=date")
    assert (len(first.json()), first.headers["x-total-count"]) == (30, "45")
    second = client.get(first.links["next"]["url"])
    assert len(second.json()) == 15
    assert "next" not in second.links
    narrowed = client.get("/api/papers/search?q=sheep&category=math.CO&since=2026-11-19&author=hopper&limit=120").json()
    assert narrowed
    assert all("math.CO" in item["categories"] for item in narrowed)
    assert all("Grace Hopper" in [author["name"] for author in item["paper"]["authors"]] for item in narrowed)
    by_offset = client.get("/api/papers/search?q=category:cs.AI&limit=5&offset=40&sort=date")
    assert (len(by_offset.json()), "next" in by_offset.links) == (5, False)


def test_words_that_were_searched_for_are_highlighted(client: TestClient) -> None:
    item = client.get("/api/papers/search?q=sparse+attention&limit=1").json()[0]
    marked = [piece["text"] for piece in item["highlightedTitle"] if piece["type"] == "highlight"]
    assert marked == ["Sparse", "Attention"]
    assert "".join(piece["text"] for piece in item["highlightedTitle"]) == item["title"]
    assert "".join(piece["text"] for piece in item["highlightedSummary"]) == item["summary"]


def test_what_a_paper_leads_to(client: TestClient) -> None:
    paper = client.get("/api/papers/2611.00001").json()
    assert (paper["githubRepo"], paper["projectPage"]) == (
        "https://github.com/invented/sheep",
        "https://sheep.example.org/demo",
    )
    assert [one["id"] for one in paper["linkedModels"]] == ["invented/sheep"]
    assert (paper["numTotalModels"], paper["linkedDatasets"], paper["numTotalSpaces"]) == (1, [], 0)
    repos = client.get("/api/arxiv/2611.00001/repos").json()
    assert {kind: len(found) for kind, found in repos.items()} == {"models": 1, "datasets": 0, "spaces": 0}
    assert client.get("/api/arxiv/2611.99999/repos").json() == {"models": [], "datasets": [], "spaces": []}
    assert client.get("/api/arxiv/nothing/repos").status_code == 404


@pytest.mark.parametrize(
    "key",
    [
        "2611.00001",
        "2611.00001v2",
        "hep-th/9901001",
        "hep-th%2F9901001",
        "doi:10.1000/fold.7",
        "10.1000/SHEEP.1",
        "arXiv:2611.00001",
    ],
)
def test_a_paper_by_any_of_its_names(client: TestClient, key: str) -> None:
    assert client.get(f"/api/papers/{key}").status_code == 200
    assert client.get(f"/papers/{key}.md").status_code == 200


BAD = (
    "/api/daily_papers?date=2026-02-30",
    "/api/daily_papers?date=yesterday",
    "/api/daily_papers?week=2026-W54",
    "/api/daily_papers?month=2026-13",
    "/api/daily_papers?limit=0",
    "/api/daily_papers?limit=101",
    "/api/daily_papers?limit=-1",
    "/api/daily_papers?limit=%D9%A3",
    "/api/daily_papers?p=-1",
    "/api/daily_papers?p=1e3",
    "/api/daily_papers?sort=upvotes",
    "/api/papers?cursor=x",
    "/api/papers?limit=1000",
    "/api/papers/search?limit=121",
    "/api/papers/search?since=soon",
    "/api/papers/search?mode=guess",
    f"/api/papers/search?q={'x' * 3_001}",
)


@pytest.mark.parametrize("address", BAD)
def test_a_bad_question_is_told_what_to_ask(client: TestClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert set(response.json()) == {"error"}
    assert response.json()["error"].endswith(".")
    assert response.headers["x-error-code"] == "BadRequest"
    assert response.headers["x-error-message"].isascii()


def test_far_pages_are_empty(client: TestClient) -> None:
    for address in ("daily_papers?p=999999999", "daily_papers?date=2026-11-20&p=77", "papers/search?q=sheep&p=90000"):
        assert client.get(f"/api/{address}").json() == []


def test_who_is_nobody(client: TestClient) -> None:
    response = client.get("/api/whoami-v2", headers={"Authorization": "Bearer hf_invented"})
    assert (response.status_code, set(response.json())) == (401, {"error"})


@pytest.mark.parametrize(("method", "status"), [("POST", 405), ("PUT", 405), ("DELETE", 405), ("HEAD", 200)])
def test_methods_that_do_not_apply(client: TestClient, method: str, status: int) -> None:
    got = client.request(method, "/api/papers/2611.00001")
    assert (got.status_code, got.headers.get("allow")) == (status, "GET, HEAD" if status == 405 else None)
    # arXiv's clients read a feed, harvesters an envelope.
    feed, envelope = client.put("/api/query"), client.put("/oai")
    assert (feed.status_code, feed.headers["content-type"]) == (405, "application/atom+xml; charset=utf-8")
    assert (envelope.status_code, envelope.headers["content-type"]) == (405, "text/xml; charset=utf-8")
    assert "does not take PUT" in feed.text
    assert "does not take PUT" in envelope.text
    assert (feed.headers["allow"], envelope.headers["allow"]) == ("GET, HEAD, POST", "GET, HEAD, POST")
    assert client.put("/api/papers/2611.00001/upvote").headers["allow"] == "DELETE, POST"


def test_addresses_that_are_none(client: TestClient) -> None:
    for path in (
        "/api/",
        "/api/agent-harnesses",
        "/api/papers/",
        "/api/papers/nothing",
        "/api/daily_papers/2611.00001",
    ):
        response = client.get(path)
        assert response.status_code == 404
        assert set(response.json()) == {"error"}


def test_markdown_says_what_it_is(client: TestClient) -> None:
    response = client.get("/papers/2611.00001.md")
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert response.headers["access-control-allow-origin"] == "*"
    for line in (
        "# Counting Sheep with Sparse Attention in O(n log n)",
        "- Authors: Ada Lovelace, Kurt Gödel",
        "## Abstract",
    ):
        assert line in response.text.splitlines()
    assert "have withdrawn this paper" in document(Paper("x", "A Paper", withdrawn=True), "http://here/")
    described = client.get("/papers/doi:10.1000/fold.7.md").text
    assert "Not the authors' words" in described
    missing = client.get("/papers/2611.99999.md")
    assert (missing.status_code, missing.text.splitlines()[0]) == (404, "# Not found")


def test_hostile_papers_stay_text(client: TestClient) -> None:
    hostile = [item["id"] for item in client.get("/api/daily_papers?month=2026-09&limit=100").json()]
    assert len(hostile) > 20
    for key in hostile:
        text = client.get(f"/papers/{key}.md").text
        assert not re.search(r"(?<!\\)<(?!https?://)", text), "every < that is no address of ours is escaped"
        picture = client.get(f"/api/thumbnails/{key}.svg", follow_redirects=False)
        assert (picture.status_code, picture.headers["location"]) == (301, f"/papers/{key}.png")
        json.dumps(client.get(f"/api/papers/{key}").json())


@pytest.mark.parametrize(
    ("asked", "edition", "papers"),
    [
        ("date=2026-11-20&limit=100", "2026-11-20", 45),
        ("date=2026-11-20T08:00:00.000Z&limit=100", "2026-11-20", 45),
        ("date=2026-11-21&limit=100", "2026-11-20", 45),
        ("date=2099-01-01&limit=100&p=1", "2026-11-20", 0),
        ("date=2026-11-12", "2026-11-12", 0),
        ("week=2026-W48&limit=1", "2026-W47", 1),
        ("month=2027-01&limit=1", "2026-11", 1),
        ("month=2026-08", "2026-08", 0),
    ],
)
def test_which_edition_answers(client: TestClient, asked: str, edition: str, papers: int) -> None:
    response = client.get(f"/api/daily_papers?{asked}")
    assert (response.headers["x-edition"], len(response.json())) == (edition, papers)
