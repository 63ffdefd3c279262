"""`sort=trending` follows this place's own trending, and keeps to the days that are asked for."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet import api
from broadsheet.library import Library
from broadsheet.types import Identifier, Signal
from broadsheet.web.patience import patient
from tests.clients import TestClient
from tests.conftest import NOW
from tests.e2e.site import SPECIAL, filled, ordinary

TODAY = NOW.date()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Library]:
    with filled(tmp_path / "home", ordinary(), SPECIAL) as opened:
        yield opened


@pytest.fixture
def client(shelf: Library) -> TestClient:
    return TestClient(api.create(shelf, patient=patient, quotas=api.Quotas(0, 0, 0)))


def voted(shelf: Library, key: str, ago: int, votes: int) -> None:
    day = (TODAY - timedelta(days=ago)).isoformat()
    shelf.catalogue.put_signals([Signal(Identifier("key", key), "votes", "here", day, votes)])


def asked(client: TestClient, query: str) -> list[str]:
    return [one["paper"]["id"] for one in client.get(f"/api/daily_papers?{query}").json()]


def test_what_trends_comes_first_and_the_newest_days_after_it(client: TestClient, shelf: Library) -> None:
    usual = asked(client, "sort=trending&limit=100")
    assert usual[0] == "2611.00101", "nothing was counted yet: the order of the edition"
    voted(shelf, "2611.00130", 0, 2)
    voted(shelf, "hep-th/9901001", 1, 9)
    trending = asked(client, "sort=trending&limit=100")
    assert trending[:2] == ["hep-th/9901001", "2611.00130"]
    assert [one for one in trending if one in usual and one != "2611.00130"] == [
        one for one in usual if one != "2611.00130"
    ]
    pages = [asked(client, f"sort=trending&limit=7&p={page}") for page in range(3)]
    assert [one for page in pages for one in page] == trending[:21]
    link = client.get("/api/daily_papers?sort=trending&limit=7").headers["link"]
    assert "sort=trending" in link


@pytest.mark.parametrize("bounds", ["date=2026-11-20", "week=2026-W47", "month=2026-11"])
def test_the_days_that_are_asked_for_hold(client: TestClient, shelf: Library, bounds: str) -> None:
    voted(shelf, "2611.00130", 0, 2)
    voted(shelf, "hep-th/9901001", 1, 9)
    usual, trending = asked(client, f"{bounds}&limit=100"), asked(client, f"{bounds}&limit=100&sort=trending")
    assert trending[0] == "2611.00130"
    assert set(trending) == set(usual)
    assert "hep-th/9901001" not in trending


def test_an_edition_of_old_days_knows_nothing_of_later_votes(client: TestClient, shelf: Library) -> None:
    voted(shelf, "2611.00001", 0, 50)
    old = "date=2026-11-18"
    assert asked(client, f"{old}&sort=trending") == asked(client, old)
