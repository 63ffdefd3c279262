"""What browsers and crawlers look for: the search description, the site map, robots.txt."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from broadsheet.library import Library
from tests.clients import TestClient
from tests.conftest import NOW
from tests.e2e.site import SPECIAL, filled, site
from tests.papers import record

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with filled(tmp_path, SPECIAL) as opened:
        yield opened


def client(library: Library, **settings: object) -> TestClient:
    return TestClient(site(library, **settings), base_url="http://papers.local")


def test_every_page_names_a_search_that_works(library: Library) -> None:
    pages = client(library, title="Ours & Yours", address="https://papers.example.org/")
    assert 'href="/opensearch.xml"' in pages.get("/").text
    root = etree.fromstring(pages.get("/opensearch.xml").content)
    assert root.findtext(f"{SEARCH}ShortName") == "Ours & Yours"
    (template,) = [one.get("template", "") for one in root.iter(f"{SEARCH}Url") if one.get("type") == "text/html"]
    assert template == "https://papers.example.org/search?q={searchTerms}"
    path = template.removeprefix("https://papers.example.org").replace("{searchTerms}", "G%C3%B6del")
    assert "del" in pages.get(path).text


def test_the_site_map_names_every_paper_once_with_its_last_change(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadsheet.catalogue.listing.STRETCH", 3)
    pages = client(library)
    root = etree.fromstring(pages.get("/sitemap.xml").content)
    maps = [one.text or "" for one in root.iter(f"{MAP}loc")]
    assert len(maps) > 1
    found = []
    for address in maps:
        rows = etree.fromstring(pages.get(address.removeprefix("http://papers.local")).content)
        assert all((one.text or "").startswith("2026-") for one in rows.iter(f"{MAP}lastmod"))
        found += [one.text or "" for one in rows.iter(f"{MAP}loc")]
    assert len(found) == len(set(found)) == library.catalogue.count()
    for address in found:
        assert pages.get(address.removeprefix("http://papers.local"), follow_redirects=False).status_code == 200


def test_a_change_is_seen_in_the_map(library: Library) -> None:
    later = NOW.replace(year=2027)
    library.catalogue.put([record("2401.00009", "A New Paper")], at=later)
    root = etree.fromstring(client(library).get("/sitemap.xml").content)
    assert [one.text for one in root.iter(f"{MAP}lastmod")] == ["2027-11-20T12:00:00Z"]


@pytest.mark.parametrize("number", ["9", "x", "-1", "99999999999999999999"])
def test_a_map_that_is_not_there(library: Library, number: str) -> None:
    assert client(library).get(f"/sitemap/{number}.xml").status_code == 404


def test_robots_are_shown_the_map_and_kept_from_what_has_no_end(library: Library) -> None:
    text = client(library).get("/robots.txt").text
    assert "Disallow: /search\n" in text
    assert text.endswith("Sitemap: http://papers.local/sitemap.xml\n")


def test_password_managers_find_the_settings(library: Library) -> None:
    answer = client(library).get("/.well-known/change-password", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/settings")


def test_whom_to_tell_of_a_weakness_is_said_where_it_is_set(library: Library) -> None:
    path = "/.well-known/security.txt"
    assert client(library).get(path).status_code == 404
    page = "https://example.org/tell"
    for contact, said in (("us@example.org", "mailto:us@example.org"), (page, page)):
        answer = client(library, security=contact, address="https://papers.example.org").get(path)
        assert answer.headers["content-type"].startswith("text/plain")
        lines = dict(line.split(": ", 1) for line in answer.text.splitlines())
        assert (lines["Contact"], lines["Canonical"]) == (said, f"https://papers.example.org{path}")
        left = datetime.fromisoformat(lines["Expires"]) - datetime.now(UTC)
        assert timedelta(days=80) < left < timedelta(days=365)


def test_what_programs_ask_need_not_be_crawled(library: Library) -> None:
    told = client(library).get("/robots.txt").text.splitlines()
    assert {f"Disallow: {path}" for path in ("/api/", "/oai", "/mcp", "/bulk/", "/search")} <= set(told)
