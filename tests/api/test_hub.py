"""Hugging Face's list pages, read as public programs read them."""

import json
from typing import Any

import html5lib
import pytest

from broadsheet.library import Library
from tests.clients import TestClient

DAY = "2026-11-18"


def props(client: TestClient, path: str) -> dict[str, Any]:
    """What RSSHub's route takes from a page."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    (element,) = tree(answer.text).findall('.//div[@data-target="DailyPapers"]')
    found: dict[str, Any] = json.loads(element.get("data-props"))
    return found


def tree(page: str) -> Any:
    """A page as a browser understands it."""
    return html5lib.parse(page, namespaceHTMLElements=False)


def test_the_list_of_a_day_is_that_of_the_api(client: TestClient) -> None:
    found = props(client, f"/papers/date/{DAY}")
    assert (found["periodType"], found["dateString"]) == ("day", DAY)
    assert found["dailyPapers"] == client.get(f"/api/daily_papers?date={DAY}&limit=100").json()
    first = found["dailyPapers"][0]
    assert first["title"]
    assert first["publishedAt"]
    assert {"id", "summary", "upvotes", "authors"} <= set(first["paper"])


@pytest.mark.parametrize("path", ["/papers", f"/papers?date={DAY}", "/papers/date/2031-01-01"])
def test_no_day_a_day_and_tomorrow(client: TestClient, path: str) -> None:
    assert props(client, path)["dailyPapers"]


@pytest.mark.parametrize(("path", "period"), [("/papers/week/2026-W47", "week"), ("/papers/month/2026-11", "month")])
def test_longer_lists(client: TestClient, path: str, period: str) -> None:
    found = props(client, path)
    assert found["periodType"] == period
    assert path.endswith(found["dateString"])


def test_titles_lead_to_papers(client: TestClient, shelf: Library) -> None:
    links = tree(client.get("/papers").text).findall(".//article//h3/a")
    assert links
    for link in links:
        assert shelf.paper(link.get("href").removeprefix("/papers/")).title


def test_a_keyword_leads_to_its_search(client: TestClient) -> None:
    answer = client.get("/papers?q=sparse+attention", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/search?q=sparse+attention")


@pytest.mark.parametrize("path", ["/papers/date/x", "/papers?week=2026-11", "/papers/month/2026-13"])
def test_what_is_no_date(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_hostile_titles_stay_text(client: TestClient) -> None:
    month = client.get("/papers/month/2026-09").text
    elements = list(tree(month).iter())
    assert {one.tag for one in elements} <= {
        *("html", "head", "meta", "title", "link", "body"),
        *("main", "h1", "h3", "p", "a", "article", "div"),
    }
    assert all(one.get("href", "/").startswith(("/", "http://testserver/")) for one in elements)
